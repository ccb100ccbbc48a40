//! Indexes in registries.

use plimsoll_image::ImageError;
use plimsoll_testkit::image::{Image as Tiny, descriptor};
use plimsoll_testkit::registry::{Access, Registry};
use serde_json::json;

use super::{access, open, open_with, walk};

const INDEX: &str = "application/vnd.oci.image.index.v1+json";
const LIST: &str = "application/vnd.docker.distribution.manifest.list.v2+json";

fn image(platform: &str) -> Tiny {
    let text = format!("etc/platform = \"{platform}\"");
    Tiny::new("test/multi:1")
        .platform(platform)
        .layer(plimsoll_testkit::image::Layer::new(&text))
}

fn registry() -> Registry {
    let mut registry = Registry::start(Access::Open);
    let images = ["linux/amd64", "linux/arm64", "linux/arm/v7"].map(image);
    for (number, image) in images.iter().enumerate() {
        registry.push("test/multi", &format!("part-{number}"), image);
    }
    registry.push_index("test/multi", "1", &images);
    registry
}

#[test]
fn the_asked_platform_is_chosen() {
    let registry = registry();
    let name = format!("{}/test/multi:1", registry.host());
    for (asked, given) in [
        ("linux/amd64", "linux/amd64"),
        ("linux/arm64/v8", "linux/arm64"),
        ("linux/arm/v7", "linux/arm/v7"),
    ] {
        let image = open_with(&name, access(&[]), asked).unwrap();
        assert_eq!(image.subject.platform.to_string(), given);
        assert_eq!(image.subject.platforms.len(), 3);
        assert!(image.subject.index_digest.is_some());
        assert_eq!(walk(&image).unwrap(), ["etc/platform"]);
    }
    let error = open_with(&name, access(&[]), "linux/s390x").unwrap_err();
    assert!(matches!(&error, ImageError::NoPlatform { available, .. } if available.len() == 3));
}

#[test]
fn nested_indexes_lead_on_and_attestations_do_not_count() {
    let mut registry = registry();
    let arm = image("linux/arm64");
    let inner = json!({"schemaVersion": 2, "manifests": [
        {"mediaType": "application/vnd.oci.image.manifest.v1+json",
         "digest": plimsoll_model::Digest::of(&arm.manifest_bytes()), "size": arm.manifest_bytes().len()},
    ]})
    .to_string();
    registry.put_manifest("test/multi", "inner", LIST, inner.as_bytes());
    let mut attestation = descriptor("application/vnd.oci.image.manifest.v1+json", b"{}");
    attestation["platform"] = json!({"os": "unknown", "architecture": "unknown"});
    let outer = json!({"schemaVersion": 2, "mediaType": INDEX,
        "manifests": [attestation, descriptor(LIST, inner.as_bytes())]})
    .to_string();
    registry.put_manifest("test/multi", "outer", INDEX, outer.as_bytes());
    let name = format!("{}/test/multi:outer", registry.host());
    let image = open_with(&name, access(&[]), "linux/arm64").unwrap();
    assert_eq!(image.subject.platforms.len(), 1);
    assert_eq!(
        image.subject.index_digest,
        Some(plimsoll_model::Digest::of(outer.as_bytes()))
    );
}

#[test]
fn indexes_deep_in_each_other_end() {
    let mut registry = registry();
    let mut index = json!({"schemaVersion": 2, "mediaType": INDEX, "manifests": []}).to_string();
    for depth in 0..8 {
        registry.put_manifest(
            "test/multi",
            &format!("deep-{depth}"),
            INDEX,
            index.as_bytes(),
        );
        let inner = descriptor(INDEX, index.as_bytes());
        index = json!({"schemaVersion": 2, "mediaType": INDEX, "manifests": [inner]}).to_string();
    }
    registry.put_manifest("test/multi", "deep", INDEX, index.as_bytes());
    let error = open(&format!("{}/test/multi:deep", registry.host())).unwrap_err();
    assert!(matches!(error, ImageError::OverLimit { .. }), "{error:?}");
}
