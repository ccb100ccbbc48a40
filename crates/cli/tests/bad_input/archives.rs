//! Archives and their documents: cut, missing, lying, of another shape.

use std::path::{Path, PathBuf};

use plimsoll_model::Digest;
use plimsoll_testkit::careful::{self, ALPINE, PURL};
use plimsoll_testkit::image::{
    Compression, Files, Image, Layer, blob_name, compress, docker, docker_25, oci,
};
use plimsoll_testkit::program::Program;
use serde_json::{Value, json};

use super::{Judge, noise, program, text};

type Pack = fn(&[Image]) -> Files;
const LAYOUTS: [(&str, Pack); 3] = [
    ("docker-archive", docker),
    ("docker-archive", docker_25),
    ("oci-archive", oci),
];

#[test]
fn what_is_no_image_is_named() {
    let program = program();
    let mut torn = compress(&docker(&[careful::image()]).tar(), Compression::Gzip);
    torn.truncate(200);
    for (name, bytes) in [
        ("empty", Vec::new()),
        ("noise", noise(4096)),
        ("zeros", vec![0; 10_240]),
        ("torn", torn),
        ("words", b"FROM alpine:3.20\nUSER app\n".to_vec()),
        ("json", b"{}".to_vec()),
    ] {
        let file = program.file(name, bytes);
        for prefix in ["", "docker-archive:", "oci-archive:"] {
            for verb in ["assess", "scan", "sbom", "inspect"] {
                let run = program.run([verb, &format!("{prefix}{}", text(&file))]);
                run.ends(4, &[text(&file)]);
                assert!(run.stdout.is_empty(), "{run:?}");
            }
        }
        for prefix in ["oci-dir:", "dir:"] {
            let run = program.run(["sbom", &format!("{prefix}{}", text(&file))]);
            run.ends(4, &[text(&file)]);
        }
    }
    let absent = program.folder().join("absent");
    for prefix in ["docker-archive:", "oci-archive:", "oci-dir:", "dir:"] {
        let run = program.run(["assess", &format!("{prefix}{}", text(&absent))]);
        run.ends(4, &[text(&absent)]);
    }
    let folder = program.folder().join("folder");
    std::fs::create_dir(&folder).unwrap();
    for prefix in ["docker-archive:", "oci-archive:", "oci-dir:"] {
        let run = program.run(["assess", &format!("{prefix}{}", text(&folder))]);
        run.ends(4, &[text(&folder)]);
    }
}

/// A cut archive is an error that names it, or was cut behind everything that counts.
#[test]
fn truncation_is_seen_wherever_it_falls() {
    let program = program();
    for (source, pack) in LAYOUTS {
        let plain = pack(&[careful::image()]).tar();
        let packed = compress(&plain, Compression::Gzip);
        for (bytes, end_counts) in [(&plain, false), (&packed, true)] {
            let whole = program.file("whole.tar", bytes);
            let list = |path: &Path| {
                program.run(["sbom", "-f", "purls", &format!("{source}:{}", text(path))])
            };
            assert_eq!(list(&whole).text(), PURL);
            for length in (0..bytes.len()).step_by(bytes.len() / 24 + 1) {
                let cut = program.file("cut.tar", &bytes[..length]);
                let run = list(&cut);
                if run.code == 0 && !end_counts {
                    assert_eq!(run.text(), PURL, "{source} {length}");
                } else {
                    run.ends(4, &["cut.tar"]);
                    assert!(run.stdout.is_empty(), "{source} {length}: {run:?}");
                }
            }
        }
    }
}

fn spoilt(program: &Program, pack: Pack, spoil: impl Fn(&mut Files, &Image)) -> PathBuf {
    let image = careful::image();
    let mut files = pack(std::slice::from_ref(&image));
    spoil(&mut files, &image);
    program.file("image.tar", files.tar())
}

fn fails(pack: Pack, words: &[&str], spoil: impl Fn(&mut Files, &Image)) {
    let program = program();
    let archive = spoilt(&program, pack, spoil);
    for verb in ["assess", "sbom"] {
        let run = program.run([verb, text(&archive)]);
        run.ends(4, words);
        run.ends(4, &["image.tar"]);
        assert!(run.stdout.is_empty(), "{run:?}");
    }
}

fn named(files: &Files, end: &str) -> String {
    let mut names = files.names().filter(|name| name.ends_with(end));
    names.next().expect("the member is there").to_owned()
}

#[test]
fn digests_that_lie_are_found() {
    let other = Layer::new("etc/os-release = \"ID=forged\\n\"");
    // A layer with other content.
    fails(docker, &["layer.tar", "digest"], |files, _| {
        let name = named(files, "layer.tar");
        files.put(&name, other.tar());
    });
    for pack in [docker_25 as Pack, oci] {
        fails(pack, &[], |files, image| {
            let name = blob_name(&Digest::of(&image.layers[0].blob()));
            files.put(&name, other.blob());
        });
        // A layer with one bit turned.
        fails(pack, &[], |files, image| {
            let mut blob = image.layers[0].blob();
            let name = blob_name(&Digest::of(&blob));
            let middle = blob.len() / 2;
            blob[middle] ^= 1;
            files.put(&name, blob);
        });
        // A configuration with other content.
        fails(pack, &["digest"], |files, image| {
            let mut config = image.config_bytes();
            let name = blob_name(&Digest::of(&config));
            let at = config.iter().position(|byte| *byte == b'6').unwrap();
            config[at] = b'7';
            files.put(&name, config);
        });
    }
    // A manifest with other content.
    fails(oci, &["digest"], |files, image| {
        let manifest = image.manifest_bytes();
        let name = blob_name(&Digest::of(&manifest));
        let forged = String::from_utf8(manifest)
            .unwrap()
            .replace("tar+gzip", "tar+zstd");
        files.put(&name, forged);
    });
}

#[test]
fn a_diff_id_that_lies_is_found() {
    for pack in LAYOUTS.map(|row| row.1) {
        let program = program();
        let mut lying = careful::image();
        let honest = pack(std::slice::from_ref(&lying));
        // The configuration speaks of one layer, the manifest of another.
        let config = lying.config_bytes();
        lying.layers = vec![Layer::new("etc/os-release = \"ID=forged\\n\"")];
        let mut files = pack(std::slice::from_ref(&lying));
        let forged = String::from_utf8(lying.config_bytes()).unwrap();
        let swapped = forged.replace(
            &lying.layers[0].diff_id().to_string(),
            &Layer::new(ALPINE).diff_id().to_string(),
        );
        assert_eq!(swapped.as_bytes(), config);
        for name in honest.names() {
            let bytes = honest.get(name);
            if bytes == config.as_slice() {
                files.put(name, bytes.to_vec());
            }
        }
        relink(&mut files, &lying.config_bytes(), &config);
        let archive = program.file("image.tar", files.tar());
        let run = program.run(["sbom", text(&archive)]);
        run.ends(4, &["image.tar", "digest"]);
    }
}

/// Lets every document that names the digest of `old` name that of `new`, and whoever names such a document.
fn relink(files: &mut Files, old: &[u8], new: &[u8]) {
    let mut todo = vec![(old.to_vec(), new.to_vec())];
    while let Some((old, new)) = todo.pop() {
        let (from, to) = (Digest::of(&old), Digest::of(&new));
        let sizes = |bytes: &[u8]| format!("\"size\":{}", bytes.len());
        let names: Vec<String> = files.names().map(str::to_owned).collect();
        for name in names {
            let Ok(document) = String::from_utf8(files.get(&name).to_vec()) else {
                continue;
            };
            if !document.starts_with(['{', '[']) || !document.contains(from.hex()) {
                continue;
            }
            let mut changed = document.replace(from.hex(), to.hex());
            if old.len() != new.len() {
                changed = changed.replace(&sizes(&old), &sizes(&new));
            }
            if name.contains(Digest::of(document.as_bytes()).hex()) {
                files.put(
                    &blob_name(&Digest::of(changed.as_bytes())),
                    changed.as_bytes(),
                );
                todo.push((document.into_bytes(), changed.into_bytes()));
            } else {
                files.put(&name, changed);
            }
        }
    }
}

#[test]
fn what_is_missing_is_named() {
    fails(docker, &["layer.tar"], |files, _| {
        let name = named(files, "layer.tar");
        files.remove(&name);
    });
    for pack in [docker_25 as Pack, oci] {
        for part in [0, 1] {
            fails(pack, &["cannot find"], |files, image| {
                let parts = [image.layers[0].blob(), image.config_bytes()];
                files.remove(&blob_name(&Digest::of(&parts[part])));
            });
        }
    }
    fails(oci, &["cannot find"], |files, image| {
        files.remove(&blob_name(&Digest::of(&image.manifest_bytes())));
    });
    fails(oci, &["index.json"], |files, _| {
        files.remove("index.json");
    });
    fails(docker, &["manifest.json"], |files, _| {
        files.remove("manifest.json");
    });
}

#[test]
fn sizes_that_lie_are_found() {
    for (from, to) in [("\"size\":", "\"size\":1"), ("\"size\":", "\"size\":-")] {
        fails(oci, &[], |files, image| {
            let manifest = image.manifest_bytes();
            let lying = String::from_utf8(manifest.clone())
                .unwrap()
                .replace(from, to);
            files.put(&blob_name(&Digest::of(lying.as_bytes())), lying.as_bytes());
            relink(files, &manifest, lying.as_bytes());
        });
    }
    // A size as large as a number can be must not be believed before the bytes are there.
    fails(oci, &[], |files, image| {
        let manifest = image.manifest_bytes();
        let mut value: Value = serde_json::from_slice(&manifest).unwrap();
        value["layers"][0]["size"] = json!(u64::MAX);
        value["config"]["size"] = json!(i64::MAX);
        let lying = value.to_string();
        files.put(&blob_name(&Digest::of(lying.as_bytes())), lying.as_bytes());
        relink(files, &manifest, lying.as_bytes());
    });
}

#[test]
fn documents_of_another_shape_are_named() {
    for bytes in [
        &b""[..],
        b"null",
        b"[]",
        b"{}",
        b"{\"manifests\": null}",
        b"{\"manifests\": [null]}",
        b"{\"manifests\": [{\"digest\": \"sha256:short\", \"size\": 1, \"mediaType\": \"\"}]}",
        b"{\"manifests\": [{\"digest\": \"../../../etc/passwd\", \"size\": 1, \"mediaType\": \"\"}]}",
        b"\xff\xfe",
    ] {
        fails(oci, &["index.json"], |files, _| {
            files.put("index.json", bytes);
        });
    }
    let deep = "[".repeat(100_000);
    fails(oci, &["index.json"], |files, _| {
        files.put("index.json", deep.as_bytes());
    });
    for bytes in [
        &b"null"[..],
        b"[]",
        b"[{}]",
        b"[{\"Config\": \"../../../../etc/passwd\", \"Layers\": []}]",
        b"[{\"Config\": \"/etc/passwd\", \"Layers\": [\"/etc/passwd\"]}]",
        b"{\"a\": 1}",
    ] {
        fails(docker, &[], |files, _| {
            files.put("manifest.json", bytes);
        });
    }
}

/// An index that names itself, and one that nests without end.
#[test]
fn indexes_without_a_bottom_end() {
    let program = program();
    let index_of = |digest: &str, size: usize| {
        json!({
            "schemaVersion": 2,
            "mediaType": "application/vnd.oci.image.index.v1+json",
            "manifests": [{
                "mediaType": "application/vnd.oci.image.index.v1+json",
                "digest": digest,
                "size": size,
            }],
        })
        .to_string()
    };
    let mut files = oci(&[careful::image()]);
    let manifest = careful::image().manifest_bytes();
    let mut below = json!({
        "schemaVersion": 2,
        "mediaType": "application/vnd.oci.image.index.v1+json",
        "manifests": [{
            "mediaType": "application/vnd.oci.image.manifest.v1+json",
            "digest": Digest::of(&manifest),
            "size": manifest.len(),
            "platform": {"os": "linux", "architecture": "amd64"},
        }],
    })
    .to_string();
    for _ in 0..200 {
        let digest = Digest::of(below.as_bytes());
        files.put(&blob_name(&digest), below.as_bytes());
        below = index_of(&digest.to_string(), below.len());
    }
    files.put("index.json", below);
    let archive = program.file("nested.tar", files.tar());
    let run = program.run(["sbom", "-f", "purls", text(&archive)]);
    run.ends(4, &["nested.tar"]);
    // No index can hold its own digest; one may still claim to.
    files.put("index.json", index_of(&Digest::of(b"index").to_string(), 5));
    files.put(&blob_name(&Digest::of(b"index")), "index");
    let archive = program.file("circle.tar", files.tar());
    program
        .run(["sbom", text(&archive)])
        .ends(4, &["circle.tar"]);
}

#[test]
fn a_configuration_of_another_shape_does_not_pass() {
    let judge = Judge::new();
    for (pointer, value) in [
        ("/config", Value::Null),
        ("/config", json!([])),
        ("/config/Env", json!("PATH=/bin")),
        ("/config/Env", Value::Null),
        ("/config/User", json!(0)),
        ("/config/User", json!("0")),
        ("/config/User", json!("root")),
        ("/config/Labels", json!({"maintainer": null})),
        ("/history", json!({"a": 1})),
        ("/os", json!(7)),
        ("/architecture", Value::Null),
        ("/created", json!("yesterday")),
        (
            "/config/ExposedPorts",
            json!({"99999999999999999999/tcp": {}}),
        ),
    ] {
        let image = careful::image().set(pointer, value.clone());
        let archive = judge.program.file("image.tar", docker(&[image]).tar());
        let run = judge.assess(text(&archive));
        match (run.code, pointer) {
            (4, _) => run.ends(4, &["image.tar"]),
            // What is merely absent or odd may still be judged.
            (
                0,
                "/config/Env" | "/created" | "/architecture" | "/config/ExposedPorts" | "/history",
            ) => {}
            (code, _) => assert!(matches!(code, 1 | 3), "{pointer} {value}: {run:?}"),
        }
    }
}

/// More or fewer layers than the configuration speaks of.
#[test]
fn a_wrong_number_of_layers_is_found() {
    for pack in [docker_25 as Pack, oci] {
        fails(pack, &[], |files, image| {
            let config = image.config_bytes();
            let mut value: Value = serde_json::from_slice(&config).unwrap();
            let ids = value["rootfs"]["diff_ids"].as_array_mut().unwrap();
            ids.push(ids[0].clone());
            let lying = value.to_string();
            files.put(&blob_name(&Digest::of(lying.as_bytes())), lying.as_bytes());
            relink(files, &config, lying.as_bytes());
        });
    }
}
