//! The real daemons, started with folders and sockets of their own.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use plimsoll_image::ImageError;
use plimsoll_image::sources::{DaemonAccess, Presence};
use plimsoll_model::Digest;
use plimsoll_model::image::SourceKind;
use plimsoll_testkit::background::{Running, find, run};
use plimsoll_testkit::image::docker;

use super::{PATHS, open, tiny, walk};

/// Paths of sockets are short; so is this one.
fn folder() -> tempfile::TempDir {
    tempfile::Builder::new().prefix("pl").tempdir().unwrap()
}

fn archive(folder: &Path, name: &str) -> std::path::PathBuf {
    let path = folder.join("app.tar");
    std::fs::write(&path, docker(&[tiny(name)]).tar()).unwrap();
    path
}

fn access_to(kind: SourceKind, socket: &Path, folder: &Path) -> DaemonAccess {
    let address = format!("unix://{}", socket.display());
    super::access(kind, &address, folder, Duration::from_secs(30))
}

/// What holds for both: the image is there under its name and its id, and nothing else is.
fn check(access: &DaemonAccess, name: &str) {
    assert_eq!(access.presence(), Presence::Answers);
    let id = Digest::of(&tiny(name).config_bytes());
    for asked in [
        name.to_owned(),
        id.to_string(),
        id.hex().to_owned(),
        id.short().to_owned(),
    ] {
        let image = open(&asked, access).unwrap();
        assert_eq!(image.subject.image_id.as_ref(), Some(&id), "{asked}");
        assert_eq!(image.subject.tag.as_deref(), Some("1"), "{asked}");
        assert_eq!(image.subject.source, access.kind);
        assert!(image.config.config.healthcheck.is_some());
        assert_eq!(walk(&image).unwrap(), PATHS, "{asked}");
    }
    let error = open("plimsoll-test/none:1", access).unwrap_err();
    assert!(matches!(error, ImageError::NotFound { .. }), "{error:?}");
}

#[test]
fn docker_gives_its_images() {
    let folder = folder();
    let at = |name: &str| folder.path().join(name);
    let socket = at("d.sock");
    let host = format!("unix://{}", socket.display());
    let mut command = Command::new(find("dockerd", "docker.io"));
    command
        .args([
            "--host",
            &host,
            "--iptables=false",
            "--ip6tables=false",
            "--bridge=none",
        ])
        .args(["--storage-driver=vfs", "--data-root"])
        .arg(at("data"))
        .arg("--exec-root")
        .arg(at("exec"))
        .arg("--pidfile")
        .arg(at("pid"));
    let access = access_to(SourceKind::Docker, &socket, folder.path());
    let _daemon = Running::start(&mut command, || access.presence() == Presence::Answers);
    run(Command::new(find("docker", "docker.io"))
        .args(["--host", &host, "load", "--quiet", "--input"])
        .arg(archive(folder.path(), "plimsoll-test/app:1")));
    check(&access, "plimsoll-test/app:1");
}

#[test]
fn podman_gives_its_images() {
    let folder = folder();
    let at = |name: &str| folder.path().join(name);
    let podman = || {
        let mut command = Command::new(find("podman", "podman"));
        command
            .arg("--root")
            .arg(at("root"))
            .arg("--runroot")
            .arg(at("run"))
            .args([
                "--storage-driver",
                "vfs",
                "--cgroup-manager",
                "cgroupfs",
                "--events-backend",
                "file",
            ]);
        command
    };
    let path = archive(folder.path(), "docker.io/plimsoll-test/app:1");
    run(podman().args(["load", "--quiet", "--input"]).arg(path));
    let socket = at("p.sock");
    let mut command = podman();
    command
        .args(["system", "service", "--time=0"])
        .arg(format!("unix://{}", socket.display()));
    let access = access_to(SourceKind::Podman, &socket, folder.path());
    let _service = Running::start(&mut command, || access.presence() == Presence::Answers);
    check(&access, "docker.io/plimsoll-test/app:1");
}
