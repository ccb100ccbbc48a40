//! Archives of `docker save` and OCI archives as they should be.

use plimsoll_image::ImageError;
use plimsoll_image::platform;
use plimsoll_model::Digest;
use plimsoll_model::image::SourceKind;
use plimsoll_testkit::image::{Compression, Image as Tiny, Layer, docker, docker_25, oci};
use serde_json::json;

use super::{open_archive, tiny, tiny_lines};

#[test]
fn every_layout_and_compression_shows_the_same_image() {
    let tiny = tiny("app:latest").set("/config/User", json!("1000"));
    for files in [docker, docker_25, oci] {
        for compression in [Compression::None, Compression::Gzip, Compression::Zstd] {
            let bytes = files(std::slice::from_ref(&tiny)).compressed_tar(compression);
            let (image, lines) = open_archive(&bytes, None, None).unwrap();
            assert_eq!(lines, tiny_lines());
            assert_eq!(image.problems, []);
            assert_eq!(image.config.config.user, "1000");
            assert_eq!(image.subject.requested, "the argument");
            assert_eq!(image.subject.tag.as_deref(), Some("latest"));
            assert_eq!(
                image.subject.repository.as_deref(),
                Some("docker.io/library/app")
            );
            assert_eq!(
                image.subject.image_id,
                Some(Digest::of(&tiny.config_bytes()))
            );
            assert_eq!(image.subject.platform.to_string(), "linux/amd64");
            assert_eq!(image.raw_config, tiny.config_bytes());
        }
    }
}

#[test]
fn manifests_are_told_where_there_is_one() {
    let tiny = tiny("app:1");
    let manifest = tiny.manifest_bytes();
    let images = [tiny];
    let (old, _) = open_archive(&docker(&images).tar(), None, None).unwrap();
    assert_eq!(
        (old.subject.source, old.subject.manifest_digest),
        (SourceKind::DockerArchive, None)
    );
    assert_eq!(old.layers[0].info.digest, None);
    for (files, kind) in [
        (docker_25(&images), SourceKind::DockerArchive),
        (oci(&images), SourceKind::OciArchive),
    ] {
        let (image, _) = open_archive(&files.tar(), None, None).unwrap();
        assert_eq!(image.subject.source, kind);
        assert_eq!(image.subject.manifest_digest, Some(Digest::of(&manifest)));
        assert_eq!(image.raw_manifest.as_ref(), Some(&manifest));
        assert!(image.layers[0].info.digest.is_some());
        let annotation = image.subject.annotations.get("io.containerd.image.name");
        assert_eq!(annotation.map(String::as_str), Some("app:1"));
    }
}

#[test]
fn one_of_several_images_is_chosen_by_tag_name_or_digest() {
    let images = [
        Tiny::new("app:1").layer("one"),
        Tiny::new("app:2").layer("two"),
        Tiny::new("registry.example:5000/team/app:1").layer("three"),
    ];
    let id = Digest::of(&images[1].config_bytes()).to_string();
    let manifest = Digest::of(&images[2].manifest_bytes()).to_string();
    for files in [docker, docker_25, oci] {
        let bytes = files(&images).tar();
        for (selector, line) in [
            ("app:2", "two = \"\""),
            ("2", "two = \"\""),
            ("docker.io/library/app:1", "one = \"\""),
            ("registry.example:5000/team/app:1", "three = \"\""),
        ] {
            let (image, lines) = open_archive(&bytes, Some(selector), None).unwrap();
            assert_eq!(lines, [line], "{selector}");
            assert_eq!(image.subject.pinned, None);
        }
        let error = open_archive(&bytes, None, None).unwrap_err();
        assert!(matches!(&error, ImageError::Ambiguous { choices, .. } if choices.len() == 3));
        let error = open_archive(&bytes, Some("app:3"), None).unwrap_err();
        assert!(matches!(&error, ImageError::NotFound { object, .. } if object.contains("app:3")));
        assert!(error.to_string().contains("app:2"), "{error}");
    }
    for files in [docker, docker_25] {
        let (_, lines) = open_archive(&files(&images).tar(), Some(&id), None).unwrap();
        assert_eq!(lines, ["two = \"\""]);
    }
    for files in [docker_25, oci] {
        let (image, lines) = open_archive(&files(&images).tar(), Some(&manifest), None).unwrap();
        assert_eq!(lines, ["three = \"\""]);
        assert_eq!(image.subject.pinned, image.subject.manifest_digest);
    }
    // A tag that two images bear needs the rest of the name.
    let error = open_archive(&docker(&images).tar(), Some("1"), None).unwrap_err();
    assert!(matches!(&error, ImageError::Ambiguous { choices, .. } if choices.len() == 2));
}

#[test]
fn platforms_of_one_name_are_chosen_among() {
    let on = |name: &str| {
        Tiny::new("app:1")
            .platform(name)
            .layer(name.rsplit('/').next().unwrap())
    };
    let images = [on("linux/s390x"), on("linux/arm/v6"), on("linux/arm64")];
    for files in [docker, docker_25, oci] {
        let bytes = files(&images).tar();
        for (wanted, line) in [
            ("linux/s390x", "s390x = \"\""),
            ("linux/arm/v7", "v6 = \"\""),
            ("linux/arm64/v8", "arm64 = \"\""),
        ] {
            let (_, lines) = open_archive(&bytes, None, Some(wanted)).unwrap();
            assert_eq!(lines, [line]);
        }
        let error = open_archive(&bytes, None, Some("linux/riscv64")).unwrap_err();
        assert!(matches!(&error, ImageError::NoPlatform { available, .. } if available.len() == 3));
        if platform::host().architecture == "amd64" {
            let error = open_archive(&bytes, None, None).unwrap_err().to_string();
            assert!(
                error.contains("linux/amd64") && error.contains("linux/s390x"),
                "{error}"
            );
        }
    }
}

#[test]
fn the_only_platform_is_taken_unless_another_is_asked_for() {
    let images = [Tiny::new("").platform("linux/s390x").layer("file")];
    for files in [docker, docker_25, oci] {
        let bytes = files(&images).tar();
        let (image, _) = open_archive(&bytes, None, None).unwrap();
        assert_eq!(image.subject.platform.to_string(), "linux/s390x");
        assert_eq!(image.subject.tag, None);
        let error = open_archive(&bytes, None, Some("linux/amd64")).unwrap_err();
        assert!(matches!(error, ImageError::NoPlatform { .. }));
    }
}

#[test]
fn layers_in_an_old_archive_may_be_links_and_compressed() {
    let same = || Layer::new("same");
    let images = [Tiny::new("a:1").layer(same()).layer("more").layer(same())];
    let mut files = docker(&images);
    let (image, lines) = open_archive(&files.tar(), None, None).unwrap();
    assert_eq!(lines, ["same = \"\"", "more = \"\"", "same = \"\""]);
    assert_eq!(image.layers[0].info.diff_id, image.layers[2].info.diff_id);

    // As Podman names them: a file by its diff id, and a link to it below the layer's id.
    let name = format!("{}.tar", same().diff_id().hex());
    let mut manifest = files.json("manifest.json");
    manifest[0]["Layers"][0] = json!(name);
    files
        .put(&name, same().tar())
        .put_json("manifest.json", &manifest);
    assert_eq!(open_archive(&files.tar(), None, None).unwrap().1, lines);
    files.put(&name, same().stored(Compression::Gzip).blob());
    assert_eq!(open_archive(&files.tar(), None, None).unwrap().1, lines);
    files
        .hard_link(&name, "zz")
        .put("zz", same().stored(Compression::Zstd).blob());
    assert_eq!(open_archive(&files.tar(), None, None).unwrap().1, lines);
}

#[test]
fn history_names_the_step_of_each_layer() {
    let history = json!([
        {"created_by": "ADD rootfs"}, {"created_by": "ENV a=b", "empty_layer": true}, {"created_by": "RUN x"},
    ]);
    let bytes = docker(&[tiny("a:1").set("/history", history)]).tar();
    let (image, _) = open_archive(&bytes, None, None).unwrap();
    let steps: Vec<_> = image
        .layers
        .iter()
        .map(|layer| layer.info.created_by.as_deref())
        .collect();
    assert_eq!(steps, [Some("ADD rootfs"), Some("RUN x")]);
}
