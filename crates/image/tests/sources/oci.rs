//! OCI layouts: directories, indexes, attestations, odd layers.

use plimsoll_image::ImageError;
use plimsoll_model::{Digest, Effect};
use plimsoll_testkit::image::{Compression, Image as Tiny, Layer, descriptor, oci};
use serde_json::json;

use super::{entries, open_archive, open_layout, tiny, tiny_lines};

const INDEX: &str = "application/vnd.oci.image.index.v1+json";

#[test]
fn a_directory_is_read_like_an_archive() {
    for compression in [Compression::None, Compression::Gzip, Compression::Zstd] {
        let mut tiny = tiny("app:latest");
        tiny.layers = tiny
            .layers
            .into_iter()
            .map(|layer| layer.stored(compression))
            .collect();
        let (image, lines) = open_layout(&oci(&[tiny]), None, None).unwrap();
        assert_eq!(lines, tiny_lines());
        assert_eq!(image.subject.tag.as_deref(), Some("latest"));
    }
}

#[test]
fn attestations_are_no_platforms() {
    let mut attestation = Tiny::new("app:1").layer("never-seen");
    attestation.is_attestation = true;
    let images = [
        tiny("app:1"),
        attestation,
        Tiny::new("app:1").platform("linux/arm64/v8"),
    ];
    let (image, _) = open_layout(&oci(&images), None, Some("linux/amd64")).unwrap();
    let platforms: Vec<_> = image
        .subject
        .platforms
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(platforms, ["linux/amd64", "linux/arm64/v8"]);
    assert!(image.subject.index_digest.is_some());
}

#[test]
fn indexes_may_lie_in_each_other_up_to_a_depth() {
    let mut files = oci(&[tiny("app:1")]);
    let mut entry = files.json("index.json")["manifests"][0].clone();
    let mut outermost = None;
    for depth in 1..=6 {
        let index = json!({"schemaVersion": 2, "mediaType": INDEX, "manifests": [entry]});
        let bytes = index.to_string().into_bytes();
        files.put_blob(&bytes);
        entry = descriptor(INDEX, &bytes);
        outermost = Some(Digest::of(&bytes)).or(outermost);
        files.put_json(
            "index.json",
            &json!({"schemaVersion": 2, "manifests": [entry]}),
        );
        let opened = open_layout(&files, None, None);
        if depth <= 4 {
            assert_eq!(opened.unwrap().0.subject.index_digest, outermost);
        } else {
            assert!(matches!(opened, Err(ImageError::OverLimit { .. })));
        }
    }
}

#[test]
fn platforms_that_descriptors_leave_out_are_learnt_from_configurations() {
    let images = [
        Tiny::new("a:1").platform("linux/s390x").layer("s"),
        tiny("a:1"),
    ];
    let mut files = oci(&images);
    let entries: Vec<_> = images
        .iter()
        .map(|image| {
            descriptor(
                "application/vnd.oci.image.manifest.v1+json",
                &image.manifest_bytes(),
            )
        })
        .collect();
    files.put_json(
        "index.json",
        &json!({"schemaVersion": 2, "manifests": entries}),
    );
    let (image, lines) = open_layout(&files, None, Some("linux/s390x")).unwrap();
    assert_eq!(lines, ["s = \"\""]);
    assert_eq!(image.subject.platforms.len(), 2);
}

#[test]
fn annotations_of_the_manifest_win_over_those_of_the_index() {
    let tiny = tiny("");
    let mut manifest: serde_json::Value = serde_json::from_slice(&tiny.manifest_bytes()).unwrap();
    manifest["annotations"] = json!({"a": "manifest"});
    let bytes = manifest.to_string().into_bytes();
    let mut files = oci(&[tiny]);
    files.put_blob(&bytes).put_json(
        "index.json",
        &json!({
            "schemaVersion": 2,
            "manifests": [descriptor("application/vnd.oci.image.manifest.v1+json", &bytes)],
            "annotations": {"a": "index", "b": "index"},
        }),
    );
    let (image, _) = open_layout(&files, None, None).unwrap();
    assert_eq!(image.subject.annotations["a"], "manifest");
    assert_eq!(image.subject.annotations["b"], "index");
}

#[test]
fn layers_that_cannot_be_read_blind_the_image() {
    for media_type in [
        "application/vnd.oci.image.layer.v1.tar+gzip+encrypted",
        "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip",
        "application/vnd.wasm.content.layer.v1+wasm",
    ] {
        let images = [Tiny::new("a:1")
            .layer("x")
            .layer(Layer::new("y").called(media_type))];
        let error = open_archive(&oci(&images).tar(), None, None).unwrap_err();
        assert!(matches!(error, ImageError::Unsupported { .. }), "{error}");
        let (_folder, path) = super::file(&oci(&images).tar());
        let source = plimsoll_image::sources::ArchiveSource::new(
            "a",
            super::file_image(&path, None),
            plimsoll_image::sources::ArchiveForm::Oci,
            plimsoll_image::pipeline::Limits::default(),
        );
        let mut image = plimsoll_image::ImageSource::open(&source, None).unwrap();
        assert_eq!(image.problems.len(), 1);
        assert_eq!(image.problems[0].effect, Effect::Blind);
        assert!(image.problems[0].reason.contains(media_type));
        assert!(image.layers[1].unreadable().is_some());
        image.layers.truncate(1);
        assert_eq!(entries(&image).unwrap(), ["x = \"\""]);
    }
}

#[test]
fn a_media_type_that_lies_about_compression_is_noted() {
    let lying = Layer::new("x").called("application/vnd.oci.image.layer.v1.tar+zstd");
    let (_folder, path) = super::file(&oci(&[Tiny::new("a:1").layer(lying)]).tar());
    let source = plimsoll_image::sources::ArchiveSource::new(
        "a",
        super::file_image(&path, None),
        plimsoll_image::sources::ArchiveForm::Oci,
        plimsoll_image::pipeline::Limits::default(),
    );
    let image = plimsoll_image::ImageSource::open(&source, None).unwrap();
    let summary = image.layers[0]
        .walk(
            &plimsoll_image::LayerLimits::default(),
            &mut super::Lines::default(),
        )
        .unwrap();
    assert_eq!(summary.problems.len(), 1);
    assert_eq!(summary.problems[0].effect, Effect::Note);
    assert_eq!(summary.info.entries, 1);
    assert!(summary.info.size > summary.info.compressed_size);
}
