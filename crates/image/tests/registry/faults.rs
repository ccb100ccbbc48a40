//! What goes wrong on the way.

use std::time::{Duration, Instant};

use plimsoll_image::ImageError;
use plimsoll_image::media::MAX_DOCUMENT;
use plimsoll_model::Digest;
use plimsoll_model::image::SourceKind;
use plimsoll_net::Network;
use plimsoll_testkit::registry::{Access, Fault, Registry, Reply};

use super::{access, client, open, open_with, tiny, walk, whole};

fn registry() -> Registry {
    let mut registry = Registry::start(Access::Open);
    registry.push("test/app", "1", &tiny());
    registry
}

fn blob_of_last_layer() -> String {
    Digest::of(&tiny().layers.last().unwrap().blob()).to_string()
}

/// Opens and walks the image while a fault is met, and gives every path.
fn pull(registry: &Registry) -> Result<Vec<String>, String> {
    let name = format!("{}/test/app:1", registry.host());
    let image = open(&name).map_err(|error| whole(&error))?;
    walk(&image).map_err(|error| whole(&error))
}

const PATHS: [&str; 2] = ["etc/os-release", "srv/noise"];

#[test]
fn an_image_says_where_it_comes_from() {
    let registry = registry();
    let name = format!("{}/test/app:1", registry.host());
    let image = open(&name).unwrap();
    let subject = &image.subject;
    assert_eq!(subject.source, SourceKind::Registry);
    assert_eq!(
        subject.repository,
        Some(format!("{}/test/app", registry.host()))
    );
    assert_eq!(subject.tag.as_deref(), Some("1"));
    assert_eq!(
        subject.manifest_digest,
        Some(Digest::of(&tiny().manifest_bytes()))
    );
    assert_eq!(subject.image_id, Some(Digest::of(&tiny().config_bytes())));
    assert_eq!(image.raw_manifest, Some(tiny().manifest_bytes()));
    // Nothing is read of a layer before its walk.
    assert!(
        !registry
            .seen()
            .iter()
            .any(|seen| seen.path.contains(&blob_of_last_layer()))
    );
    assert_eq!(walk(&image).unwrap(), PATHS);
    let pinned = format!("{name}@{}", Digest::of(&tiny().manifest_bytes()));
    assert_eq!(
        open(&pinned).unwrap().subject.pinned,
        image.subject.manifest_digest
    );
}

#[test]
fn trouble_that_passes_is_waited_out() {
    for (path, fault) in [
        ("/v2/", Fault::Reply(Reply::new(503))),
        (
            "/manifests/",
            Fault::Reply(Reply::new(429).header("Retry-After", "0")),
        ),
        ("/manifests/", Fault::Reply(Reply::new(500))),
        ("/blobs/", Fault::Reply(Reply::new(502))),
        ("/blobs/", Fault::Reply(Reply::raw(b""))),
    ] {
        let registry = registry();
        registry.spoil(path, 2, fault.clone());
        assert_eq!(pull(&registry).unwrap(), PATHS, "{fault:?}");
    }
}

#[test]
fn trouble_that_stays_is_reported() {
    for (fault, said) in [
        (Fault::Reply(Reply::new(500)), "status 500"),
        (
            Fault::Reply(Reply::new(429).header("Retry-After", "7200")),
            "wait 7200 s",
        ),
        (Fault::Reply(Reply::new(403)), "status 403"),
        (
            Fault::Reply(Reply::raw(b"SSH-2.0-x\r\n\r\n")),
            "proper HTTP",
        ),
        (Fault::Body(b"<html>login</html>".to_vec()), "digest"),
    ] {
        let registry = registry();
        registry.spoil("/manifests/", 99, fault.clone());
        let error = pull(&registry).unwrap_err();
        assert!(
            error.contains(said) && error.contains("test/app:1"),
            "{fault:?}: {error}"
        );
    }
}

#[test]
fn a_broken_blob_goes_on_where_it_broke_off() {
    let registry = registry();
    registry.spoil(&blob_of_last_layer(), 2, Fault::Cut(100_000));
    assert_eq!(pull(&registry).unwrap(), PATHS);
    let starts: Vec<Option<usize>> = registry
        .seen()
        .iter()
        .filter(|seen| seen.path.contains(&blob_of_last_layer()))
        .map(plimsoll_testkit::registry::Seen::range_start)
        .collect();
    assert_eq!(starts, [None, Some(100_000), Some(200_000)]);
}

#[test]
fn a_broken_blob_begins_anew_where_ranges_are_unknown() {
    let registry = registry();
    registry.spoil(&blob_of_last_layer(), 1, Fault::Cut(100_000));
    registry.spoil(&blob_of_last_layer(), 1, Fault::NoRange);
    assert_eq!(pull(&registry).unwrap(), PATHS);
}

#[test]
fn a_blob_that_breaks_again_and_again_is_reported() {
    let registry = registry();
    registry.spoil(&blob_of_last_layer(), 99, Fault::Cut(0));
    let error = pull(&registry).unwrap_err();
    assert!(
        error.contains("broke after 0 bytes") && error.contains(&blob_of_last_layer()),
        "{error}"
    );
}

#[test]
fn digests_are_proved() {
    let other = tiny().set("/config/User", "root".into());
    // The registry says one thing and sends another.
    let registry = registry();
    registry.spoil("/manifests/1", 1, Fault::Body(other.manifest_bytes()));
    assert!(pull(&registry).unwrap_err().contains("as promised"));
    registry.spoil(
        "/manifests/1",
        1,
        Fault::Header("Docker-Content-Digest", "sha256:12".into()),
    );
    assert!(
        pull(&registry)
            .unwrap_err()
            .contains("Docker-Content-Digest")
    );

    // It sends another than the one that was asked for, and says so.
    let name = format!(
        "{}/test/app@{}",
        registry.host(),
        Digest::of(&tiny().manifest_bytes())
    );
    registry.spoil(
        "/manifests/",
        1,
        Fault::Reply(Reply::new(200).body(other.manifest_bytes())),
    );
    assert!(matches!(
        open(&name),
        Err(ImageError::DigestMismatch { .. })
    ));

    // Configurations and layers.
    registry.spoil(
        Digest::of(&tiny().config_bytes()).as_str(),
        1,
        Fault::Body(other.config_bytes()),
    );
    assert!(matches!(
        open(&name),
        Err(ImageError::SizeMismatch { .. } | ImageError::DigestMismatch { .. })
    ));
    let mut wrong = tiny().layers.last().unwrap().blob();
    *wrong.last_mut().unwrap() ^= 1;
    registry.spoil(&blob_of_last_layer(), 1, Fault::Body(wrong));
    let error = walk(&open(&name).unwrap()).unwrap_err();
    assert!(
        matches!(error, ImageError::DigestMismatch { .. }),
        "{error:?}"
    );
    assert_eq!(walk(&open(&name).unwrap()).unwrap(), PATHS);
}

#[test]
fn what_hangs_ends() {
    let begin = Instant::now();
    let registry = registry();
    registry.spoil("/manifests/", 99, Fault::Hang);
    let error = pull(&registry).unwrap_err();
    assert!(error.contains("does not answer within 0.5 s"), "{error}");
    let registry = self::registry();
    registry.spoil(&blob_of_last_layer(), 99, Fault::Stall(1000));
    let error = pull(&registry).unwrap_err();
    assert!(error.contains("stopped sending within 0.5 s"), "{error}");
    assert!(begin.elapsed() < Duration::from_secs(10));
}

#[test]
fn a_stalled_blob_gets_a_second_chance() {
    let registry = registry();
    registry.spoil(&blob_of_last_layer(), 1, Fault::Stall(100_000));
    assert_eq!(pull(&registry).unwrap(), PATHS);
}

#[test]
fn what_is_not_there_is_not_found() {
    let registry = registry();
    for name in ["test/app:2", "test/other:1"] {
        let error = open(&format!("{}/{name}", registry.host())).unwrap_err();
        assert!(matches!(error, ImageError::NotFound { .. }), "{error:?}");
        assert!(error.to_string().contains("manifest unknown"), "{error}");
    }
    let gone = Reply::new(404);
    registry.spoil(&blob_of_last_layer(), 1, Fault::Reply(gone));
    let image = open(&format!("{}/test/app:1", registry.host())).unwrap();
    let error = walk(&image).unwrap_err();
    assert!(
        matches!(&error, ImageError::NotFound { object, .. } if object.contains(&blob_of_last_layer()))
    );
}

#[test]
fn documents_that_are_none_are_refused() {
    let mut registry = registry();
    let media_type = "application/vnd.oci.image.manifest.v1+json";
    for (tag, bytes, said) in [
        ("html", b"<html>".to_vec(), "malformed"),
        ("empty", Vec::new(), "EOF"),
        ("object", b"{}".to_vec(), "neither"),
        (
            "schema1",
            br#"{"schemaVersion":1,"fsLayers":[]}"#.to_vec(),
            "schema 1",
        ),
        (
            "huge",
            vec![b' '; usize::try_from(MAX_DOCUMENT).unwrap() + 1],
            "over the limit",
        ),
    ] {
        registry.put_manifest("test/app", tag, media_type, &bytes);
        let error = whole(&open(&format!("{}/test/app:{tag}", registry.host())).unwrap_err());
        assert!(
            error.contains(said) && error.contains(&format!("test/app:{tag}")),
            "{tag}: {error}"
        );
    }
    // One that has no length, and no end.
    let endless = Reply::new(200)
        .body(vec![b' '; 5 << 20])
        .header("Content-Length", "999999999");
    registry.spoil("/manifests/1", 1, Fault::Reply(endless));
    assert!(pull(&registry).unwrap_err().contains("over the limit"));
}

#[test]
fn a_manifest_that_lies_about_a_size_is_found_out() {
    let mut registry = registry();
    let text = String::from_utf8(tiny().manifest_bytes()).unwrap();
    let size = tiny().layers.last().unwrap().blob().len();
    for wrong in [size - 1, size + 1] {
        let lie = text.replace(&format!("\"size\":{size}"), &format!("\"size\":{wrong}"));
        registry.put_manifest(
            "test/app",
            "lie",
            "application/vnd.oci.image.manifest.v1+json",
            lie.as_bytes(),
        );
        let image = open(&format!("{}/test/app:lie", registry.host())).unwrap();
        let error = walk(&image).unwrap_err();
        assert!(
            matches!(error, ImageError::SizeMismatch { .. }),
            "{error:?}"
        );
    }
}

#[test]
fn nothing_is_asked_while_offline() {
    let mut offline = access(&[]);
    offline.client = client(Network::Offline);
    let error = open_with("registry.example/app:1", offline.clone(), "linux/amd64").unwrap_err();
    assert!(matches!(error, ImageError::Unreachable { .. }));
    assert!(whole(&error).contains("offline"), "{}", whole(&error));
    let registry = registry();
    assert!(
        open_with(
            &format!("{}/test/app:1", registry.host()),
            offline,
            "linux/amd64"
        )
        .is_ok()
    );
}

#[test]
fn nobody_there_is_unreachable() {
    let port = plimsoll_testkit::background::free_port();
    let error = open(&format!("127.0.0.1:{port}/app:1")).unwrap_err();
    assert!(matches!(error, ImageError::Unreachable { .. }), "{error:?}");
    assert!(whole(&error).contains("refused"), "{}", whole(&error));
}
