//! What people send who mean no good, and what disks do: each ends in an error that names the object.

use plimsoll_image::ImageError;
use plimsoll_image::pipeline::Limits;
use plimsoll_image::sources::{ArchiveForm, ArchiveSource, OciDirSource};
use plimsoll_image::{ImageSource, LayerLimits};
use plimsoll_testkit::image::{
    Compression, Files, Image as Tiny, Layer, compress, descriptor, docker, docker_25, oci,
};
use serde_json::{Value, json};

use super::{entries_within, file, file_image, open_archive, open_layout, tiny, tiny_lines};

type Pack = fn(&[Tiny]) -> Files;
const LAYOUTS: [Pack; 3] = [docker, docker_25, oci];

fn fails(bytes: &[u8], words: &str) -> ImageError {
    let error = open_archive(bytes, None, None).expect_err(words);
    let text = error.to_string();
    assert!(text.contains(words), "`{words}` is not in: {text}");
    error
}

/// The name of the file whose bytes answer `is`.
fn named(files: &Files, is: impl Fn(&str) -> bool) -> String {
    files.names().find(|name| is(name)).unwrap().to_owned()
}

fn blob(bytes: &[u8]) -> String {
    format!("blobs/sha256/{}", plimsoll_model::Digest::of(bytes).hex())
}

#[test]
fn what_is_no_archive_says_so() {
    let noise: Vec<u8> = (0..4096_u32)
        .map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8)
        .collect();
    fails(b"", "it is empty");
    fails(&noise, "no tar archive");
    fails(&noise[..100], "no tar archive");
    fails(b"BZh91AY&SY", "bzip2");
    fails(b"\xfd7zXZ\0\0", "xz");
    fails(b"PK\x03\x04", "zip");
    fails(&[0; 10240], "neither `manifest.json` nor `index.json`");
    fails(&compress(b"", Compression::Gzip), "neither");
    fails(
        &[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0xff, 0xff],
        "malformed",
    );
    let mut rootfs = Files::default();
    rootfs.put("etc/passwd", "root:x:0:0::/:/bin/sh");
    fails(&rootfs.tar(), "looks like a root filesystem");
}

#[test]
fn every_truncation_is_an_error_or_changes_nothing() {
    let images = [tiny("app:1")];
    for pack in LAYOUTS {
        let bytes = pack(&images).tar();
        let mut errors = 0;
        for length in (0..bytes.len()).step_by(256) {
            // The end marker may be missing, and so may the files that are not needed.
            match open_archive(&bytes[..length], None, None) {
                Ok((_, lines)) => assert_eq!(lines, tiny_lines(), "{length}"),
                Err(_) => errors += 1,
            }
        }
        assert!(errors > bytes.len() / 256 / 2);
        let packed = pack(&images).compressed_tar(Compression::Gzip);
        for length in (0..packed.len()).step_by(64) {
            assert!(
                open_archive(&packed[..length], None, None).is_err(),
                "{length}"
            );
        }
    }
}

#[test]
fn every_damaged_bit_of_a_layout_is_an_error_or_changes_nothing() {
    let images = [tiny("app:1")];
    for pack in LAYOUTS {
        let bytes = pack(&images).tar();
        let (_, honest) = open_archive(&bytes, None, None).unwrap();
        for at in (0..bytes.len()).step_by(97) {
            let mut damaged = bytes.clone();
            damaged[at] ^= 1 << (at % 8);
            // The contents of layers are proved, so they are the same or not shown at all.
            if let Ok((_, lines)) = open_archive(&damaged, None, None) {
                assert_eq!(lines, honest, "{at}");
            }
        }
    }
}

#[test]
fn a_digest_that_lies_is_found() {
    let images = [Tiny::new("app:1").layer("file = \"honest\"")];
    let other = Layer::new("file = \"forged\"");
    let layer = images[0].layers[0].clone();

    let mut files = docker(&images);
    let name = named(&files, |name| name.ends_with("layer.tar"));
    files.put(&name, other.tar());
    let error = fails(&files.tar(), "has the digest");
    assert!(
        matches!(&error, ImageError::DigestMismatch { object, .. } if object.contains("layer.tar"))
    );

    for pack in [docker_25 as Pack, oci] {
        let mut files = pack(&images);
        let name = blob(&layer.blob());
        let mut forged = other.blob();
        forged.resize(layer.blob().len(), 0);
        files.put(&name, forged);
        let error = open_archive(&files.tar(), None, None).unwrap_err();
        assert!(
            matches!(
                &error,
                ImageError::DigestMismatch { .. } | ImageError::Malformed { .. }
            ),
            "{error}"
        );
        assert!(error.object().contains(&name), "{error}");
        // The configuration.
        let mut files = pack(&images);
        let config = images[0].config_bytes();
        let mut forged = config.clone();
        let last = forged.len() - 2;
        forged[last] = b' ';
        files.put(&blob(&config), forged);
        let error = fails(&files.tar(), "has the digest");
        assert!(error.object().contains(&blob(&config)));
    }
    // A diff id that lies beside an honest digest.
    let forged = Tiny::new("app:1").layer(other);
    let mut manifest: Value = serde_json::from_slice(&forged.manifest_bytes()).unwrap();
    manifest["layers"][0] = descriptor(&layer.media_type(), &layer.blob());
    let manifest = manifest.to_string().into_bytes();
    let mut files = oci(&[images[0].clone(), forged]);
    files.put_blob(&manifest).put_json(
        "index.json",
        &json!({"manifests": [descriptor("application/vnd.oci.image.manifest.v1+json", &manifest)]}),
    );
    let error = fails(&files.tar(), "has the digest");
    assert!(matches!(error, ImageError::DigestMismatch { .. }));
}

#[test]
fn sizes_that_lie_are_found() {
    let image = tiny("app:1");
    for (pointer, change) in [
        ("/layers/0/size", 1_i64),
        ("/layers/0/size", -1),
        ("/layers/1/size", 1 << 40),
        ("/config/size", 1),
        ("/config/size", -1),
    ] {
        let mut manifest: Value = serde_json::from_slice(&image.manifest_bytes()).unwrap();
        let size = manifest.pointer_mut(pointer).unwrap();
        *size = json!(size.as_i64().unwrap() + change);
        let bytes = manifest.to_string().into_bytes();
        let mut files = oci(std::slice::from_ref(&image));
        files.put_blob(&bytes).put_json(
            "index.json",
            &json!({"manifests": [descriptor("application/vnd.oci.image.manifest.v1+json", &bytes)]}),
        );
        let error = fails(&files.tar(), "as promised");
        assert!(
            matches!(&error, ImageError::SizeMismatch { object, .. } if object.contains("blobs/sha256"))
        );
    }
    let mut files = oci(&[image]);
    let mut index = files.json("index.json");
    index["manifests"][0]["size"] = json!(5 << 20);
    files.put_json("index.json", &index);
    let error = fails(&files.tar(), "4194304");
    assert!(matches!(error, ImageError::OverLimit { .. }));
}

#[test]
fn whatever_is_missing_is_named() {
    let images = [tiny("app:1")];
    for pack in LAYOUTS {
        let files = pack(&images);
        let needed: Vec<String> = files
            .names()
            .filter(|name| !name.ends_with("VERSION"))
            .map(str::to_owned)
            .collect();
        for name in needed {
            let mut files = files.clone();
            files.remove(&name);
            match open_archive(&files.tar(), None, None) {
                Err(error) => assert!(
                    error.to_string().contains(&name)
                        || name == "manifest.json"
                        || name == "oci-layout",
                    "{name}: {error}"
                ),
                // Where `manifest.json` is, the OCI layout is an addition, and the other way round.
                Ok(_) => assert!(
                    files.names().any(|name| name == "manifest.json") || name == "manifest.json",
                    "{name}"
                ),
            }
        }
    }
}

#[test]
fn layers_and_diff_ids_are_counted() {
    let mut files = docker(&[tiny("app:1")]);
    let mut manifest = files.json("manifest.json");
    manifest[0]["Layers"].as_array_mut().unwrap().pop();
    files.put_json("manifest.json", &manifest);
    fails(&files.tar(), "2 diff ids, but the image has 1 layers");
}

#[test]
fn names_that_climb_or_circle_stay_inside() {
    let images = [Tiny::new("app:1").layer("file")];
    let outside = tempfile::NamedTempFile::new().unwrap();
    let mut files = docker(&images);
    let layer = named(&files, |name| name.ends_with("layer.tar"));
    for (target, words) in [
        (outside.path().to_str().unwrap(), "a link to"),
        (
            "../../../../../../../../etc/passwd",
            "a link to `etc/passwd`",
        ),
        ("layer.tar", "circle"),
        ("..", "a link to"),
    ] {
        files.symlink(&layer, target);
        let error = fails(&files.tar(), words);
        assert!(error.object().contains(&layer));
    }
    for path in ["../../etc/passwd", "/etc/passwd", "gone/layer.tar"] {
        let mut manifest = files.json("manifest.json");
        manifest[0]["Layers"][0] = json!(path);
        files.put_json("manifest.json", &manifest);
        let error = fails(&files.tar(), "no such member");
        assert!(error.object().contains(path), "{error}");
        manifest[0]["Config"] = json!(path);
        let mut files = files.clone();
        files.put_json("manifest.json", &manifest);
        fails(&files.tar(), "no such member");
    }
}

#[test]
fn entries_that_climb_are_noted_and_stay_inside() {
    let bytes = docker(&[Tiny::new("a:1").layer("../../etc/x\n/abs\nok/../../../y")]).tar();
    let (_folder, path) = file(&bytes);
    let source = ArchiveSource::new(
        "a",
        file_image(&path, None),
        ArchiveForm::Docker,
        Limits::default(),
    );
    let image = source.open(None).unwrap();
    let mut lines = super::Lines::default();
    let summary = image.layers[0]
        .walk(&LayerLimits::default(), &mut lines)
        .unwrap();
    assert_eq!(lines.0, ["etc/x = \"\"", "abs = \"\"", "y = \"\""]);
    assert_eq!(summary.problems.len(), 1);
    assert!(
        summary.problems[0].reason.starts_with("2 entries"),
        "{:?}",
        summary.problems
    );
}

#[cfg(unix)]
#[test]
fn a_layout_directory_does_not_lead_out_of_itself() {
    let image = Tiny::new("a:1").layer("file");
    let layer = image.layers[0].blob();
    let outside = tempfile::tempdir().unwrap();
    let target = outside.path().join("blob");
    std::fs::write(&target, &layer).unwrap();
    let mut files = oci(&[image]);
    let name = blob(&layer);
    files.symlink(&name, target.to_str().unwrap());
    let error = open_layout(&files, None, None).unwrap_err();
    assert!(
        error.to_string().contains("leads out of the layout"),
        "{error}"
    );
    assert!(error.object().contains(&name));
    // A link inside is how tools share blobs.
    files.put("shared", layer).symlink(&name, "../../shared");
    open_layout(&files, None, None).unwrap();
    files.symlink(&name, name.rsplit('/').next().unwrap());
    assert!(open_layout(&files, None, None).is_err());
    files.remove(&name).put(&format!("{name}/x"), "");
    let error = open_layout(&files, None, None).unwrap_err();
    assert!(error.to_string().contains("not a regular file"), "{error}");
}

#[test]
fn bombs_end_at_the_limit() {
    let limits = Limits {
        content: 1 << 20,
        ..Limits::default()
    };
    let zeros = vec![0; 4 << 20];
    let bomb = Layer::of_files(&[("zeros", 0o644, &zeros)]);
    for compression in [Compression::Gzip, Compression::Zstd] {
        let image = Tiny::new("a:1").layer(bomb.clone().stored(compression));
        let (_folder, path) = file(&oci(std::slice::from_ref(&image)).tar());
        let source = ArchiveSource::new(
            "a",
            file_image(&path, None),
            ArchiveForm::Oci,
            Limits::default(),
        );
        let opened = source.open(None).unwrap();
        let layer_limits = LayerLimits {
            blob: limits.clone(),
            ..LayerLimits::default()
        };
        let error = entries_within(&opened, &layer_limits).unwrap_err();
        assert!(
            matches!(&error, ImageError::OverLimit { object, .. } if object.contains("blobs/sha256"))
        );
        // The archive itself.
        let (_folder, path) = file(&docker(&[image]).compressed_tar(compression));
        let source = ArchiveSource::new(
            "a",
            file_image(&path, None),
            ArchiveForm::Docker,
            limits.clone(),
        );
        let error = source.open(None).unwrap_err();
        assert!(
            matches!(&error, ImageError::OverLimit { object, .. } if object.contains("image.tar"))
        );
    }
}

#[test]
fn documents_of_other_kinds_are_refused() {
    let image = tiny("app:1");
    for (media_type, words) in [
        (
            "application/vnd.docker.distribution.manifest.v1+prettyjws",
            "schema 1",
        ),
        (
            "application/vnd.example.thing",
            "it lists no image, only: application/vnd.example.thing",
        ),
        (
            "application/vnd.oci.image.index.v1+json",
            "but what points to it",
        ),
    ] {
        let mut files = oci(std::slice::from_ref(&image));
        let mut index = files.json("index.json");
        index["manifests"][0]["mediaType"] = json!(media_type);
        files.put_json("index.json", &index);
        fails(&files.tar(), words);
    }
    let mut files = oci(&[image]);
    files.put_json("index.json", &json!({"manifests": []}));
    fails(&files.tar(), "lists no image");
    files.put_json("oci-layout", &json!({"imageLayoutVersion": "2.0"}));
    fails(&files.tar(), "`2.0`");
    files.put("index.json", vec![b' '; 5 << 20]);
    files.put_json("oci-layout", &json!({"imageLayoutVersion": "1.0.0"}));
    assert!(matches!(
        fails(&files.tar(), "over the limit"),
        ImageError::OverLimit { .. }
    ));
}

#[test]
fn manifests_of_docker_archives_are_checked() {
    for (manifest, words) in [
        ("", "EOF"),
        ("[]", "lists no image"),
        ("{}", "malformed"),
        (r#"[{"Config":"x.json","Layers":null}]"#, "no such member"),
        (r#"[{"Config":"manifest.json"}]"#, "`manifest.json`"),
        (r#"[{"RepoTags":[]}]"#, "missing field"),
    ] {
        let mut files = Files::default();
        files.put("manifest.json", manifest);
        let error = fails(&files.tar(), words);
        assert!(error.object().contains("image.tar"), "{error}");
    }
}

#[test]
fn paths_that_are_no_images_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let gone = folder.path().join("gone");
    let at = |path: &std::path::Path| {
        ArchiveSource::new(
            "a",
            file_image(path, None),
            ArchiveForm::Either,
            Limits::default(),
        )
        .open(None)
        .unwrap_err()
    };
    assert!(matches!(at(&gone), ImageError::NotFound { object, .. } if object.contains("gone")));
    assert!(matches!(at(folder.path()), ImageError::Unsupported { .. }));
    let layout = |path: &std::path::Path| {
        OciDirSource::new("a", file_image(path, None))
            .open(None)
            .unwrap_err()
    };
    assert!(
        matches!(layout(&gone), ImageError::NotFound { object, .. } if object.contains("gone"))
    );
    assert!(
        matches!(layout(folder.path()), ImageError::NotFound { object, .. } if object.contains("oci-layout"))
    );
}
