//! What goes wrong on the way.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use plimsoll_image::ImageError;
use plimsoll_image::sources::{DaemonAccess, Presence};
use plimsoll_model::Digest;
use plimsoll_model::image::SourceKind;
use plimsoll_testkit::image::{Image as Tiny, docker};
use plimsoll_testkit::registry::{Reply, Server};
use serde_json::{Value, json};

use super::{PATHS, open, tiny, walk, whole};

/// What a daemon says of an image.
fn inspect(image: &Tiny) -> Value {
    let diff_ids: Vec<Digest> = image
        .layers
        .iter()
        .map(plimsoll_testkit::image::Layer::diff_id)
        .collect();
    json!({
        "Id": Digest::of(&image.config_bytes()),
        "RepoTags": [image.name],
        "RootFS": {"Type": "layers", "Layers": diff_ids},
    })
}

/// A daemon with one image, whose answers are these.
struct Daemon {
    server: Server,
    folder: tempfile::TempDir,
    seen: Arc<Mutex<Vec<String>>>,
}

impl Daemon {
    fn start(inspect: Reply, saved: Reply) -> Self {
        let seen = Arc::new(Mutex::new(Vec::new()));
        let own = Arc::clone(&seen);
        let server = Server::start(move |request| {
            own.lock().unwrap().push(request.path.clone());
            match request.path.as_str() {
                "/_ping" => Reply::new(200).body(b"OK".to_vec()),
                "/images/app:1/json" => inspect.clone(),
                path if path.ends_with("/get") => saved.clone(),
                _ => Reply::new(404).body(br#"{"message":"No such image: nope"}"#.to_vec()),
            }
        });
        Self {
            server,
            folder: tempfile::tempdir().unwrap(),
            seen,
        }
    }

    fn honest() -> Self {
        let image = tiny("app:1");
        let saved = docker(std::slice::from_ref(&image)).tar();
        Self::start(reply(&inspect(&image)), Reply::new(200).body(saved))
    }

    fn access(&self) -> DaemonAccess {
        let address = format!("tcp://{}", self.server.host());
        super::access(
            SourceKind::Docker,
            &address,
            self.folder.path(),
            Duration::from_millis(500),
        )
    }

    fn times_saved(&self) -> usize {
        self.seen
            .lock()
            .unwrap()
            .iter()
            .filter(|path| path.ends_with("/get"))
            .count()
    }
}

fn reply(value: &Value) -> Reply {
    Reply::new(200).body(value.to_string().into_bytes())
}

#[test]
fn an_image_is_saved_once_and_its_configuration_is_kept() {
    let daemon = Daemon::honest();
    let image = open("app:1", &daemon.access()).unwrap();
    assert_eq!(walk(&image).unwrap(), PATHS);
    assert_eq!(image.raw_config, tiny("app:1").config_bytes());
    assert_eq!(daemon.times_saved(), 1);
    // The next run knows the configuration, and saves the image only if a layer is read.
    let again = open("app:1", &daemon.access()).unwrap();
    assert_eq!((again.config, again.subject), (image.config, image.subject));
    assert_eq!(daemon.times_saved(), 1);
    assert_eq!(
        walk(&open("app:1", &daemon.access()).unwrap()).unwrap(),
        PATHS
    );
    assert_eq!(daemon.times_saved(), 2);
    // A kept configuration that is not the image's is not believed.
    let kept = daemon.folder.path().join("configs");
    let kept = std::fs::read_dir(kept)
        .unwrap()
        .next()
        .unwrap()
        .unwrap()
        .path();
    std::fs::write(
        kept,
        tiny("app:1")
            .set("/config/User", json!("root"))
            .config_bytes(),
    )
    .unwrap();
    assert_eq!(
        open("app:1", &daemon.access()).unwrap().config.config.user,
        "app"
    );
}

#[test]
fn what_is_not_there_is_told_apart_from_nobody_there() {
    let daemon = Daemon::honest();
    assert_eq!(daemon.access().presence(), Presence::Answers);
    let error = open("nope:1", &daemon.access()).unwrap_err();
    assert!(matches!(error, ImageError::NotFound { .. }), "{error:?}");
    assert!(
        error
            .to_string()
            .contains("`nope:1` in the Docker daemon at"),
        "{error}"
    );

    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("d.sock");
    let mut absent = daemon.access();
    absent.address = socket.to_str().unwrap().parse().unwrap();
    assert_eq!(absent.presence(), Presence::Absent);
    let error = open("app:1", &absent).unwrap_err();
    assert!(matches!(error, ImageError::Unreachable { .. }), "{error:?}");
    assert!(
        whole(&error).contains("no such socket"),
        "{}",
        whole(&error)
    );

    // A socket whose daemon has died.
    drop(std::os::unix::net::UnixListener::bind(&socket).unwrap());
    assert_eq!(absent.presence(), Presence::Absent);
    assert!(whole(&open("app:1", &absent).unwrap_err()).contains("does not run"));
}

#[test]
fn what_hangs_ends() {
    let hang = Reply::new(200).hanging(Duration::from_mins(1));
    let daemon = Daemon::start(hang.clone(), hang);
    let error = whole(&open("app:1", &daemon.access()).unwrap_err());
    assert!(error.contains("does not answer within 0.5 s"), "{error}");
}

#[test]
fn answers_that_make_no_sense_are_refused() {
    let image = tiny("app:1");
    let saved = docker(std::slice::from_ref(&image)).tar();
    let whole_archive = Reply::new(200).body(saved.clone());
    let other = tiny("app:1").set("/config/User", json!("root"));
    let other = Reply::new(200).body(docker(&[other]).tar());
    let honest = reply(&inspect(&image));
    for (inspect, saved, said) in [
        (
            Reply::new(200).body(b"<html>".to_vec()),
            whole_archive.clone(),
            "malformed",
        ),
        (
            reply(&json!({"Id": "sha256:12"})),
            whole_archive.clone(),
            "not a digest",
        ),
        (
            Reply::new(500).body(br#"{"message":"out of order"}"#.to_vec()),
            whole_archive.clone(),
            "out of order",
        ),
        (honest.clone(), other, "as promised"),
        (
            honest.clone(),
            Reply::new(200).body(saved.clone()).cut(saved.len() / 2),
            "broke",
        ),
        (honest.clone(), Reply::new(200), "empty"),
        (
            honest.clone(),
            Reply::new(200).body(vec![7; 4096]),
            "no tar archive",
        ),
        (honest, Reply::new(500), "status 500"),
    ] {
        let daemon = Daemon::start(inspect, saved);
        let error = whole(&open("app:1", &daemon.access()).unwrap_err());
        assert!(
            error.contains(said) && error.contains("app:1"),
            "{said}: {error}"
        );
    }
}

#[test]
fn an_archive_over_the_limit_is_not_written_to_its_end() {
    let daemon = Daemon::honest();
    let mut access = daemon.access();
    access.limits.content = 1000;
    let error = open("app:1", &access).unwrap_err();
    assert!(matches!(error, ImageError::OverLimit { .. }), "{error:?}");
}
