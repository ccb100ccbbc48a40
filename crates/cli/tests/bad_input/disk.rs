//! Folders on disk, which may hold links, pipes and nothing.

use std::path::Path;
use std::process::Command;

use plimsoll_model::Digest;
use plimsoll_testkit::careful;
use plimsoll_testkit::image::{blob_name, oci};

use super::{Judge, program, text};

#[test]
fn an_empty_folder_is_not_fit() {
    let judge = Judge::new();
    let folder = judge.program.folder().join("empty");
    std::fs::create_dir(&folder).unwrap();
    let run = judge.assess(&format!("dir:{}", text(&folder)));
    assert!(matches!(run.code, 1 | 3), "{run:?}");
}

/// A folder on disk may point out of itself; its links are those of an image, whose root it is.
#[test]
fn a_folder_does_not_show_the_machine() {
    let judge = Judge::new();
    let root = judge.program.folder().join("root");
    std::fs::create_dir_all(root.join("etc")).unwrap();
    std::fs::create_dir_all(root.join("var/lib")).unwrap();
    std::fs::create_dir_all(root.join("lib/apk/db")).unwrap();
    let elsewhere = judge.program.folder().join("elsewhere");
    std::fs::create_dir_all(elsewhere.join("dpkg")).unwrap();
    let secret = judge.program.folder().join("elsewhere/os-release");
    std::fs::write(&secret, "ID=machine\n").unwrap();
    let status =
        "Package: machine\nStatus: install ok installed\nVersion: 1\nArchitecture: all\n\n";
    std::fs::write(elsewhere.join("dpkg/status"), status).unwrap();
    let link = |target: &Path, at: &str| std::os::unix::fs::symlink(target, root.join(at)).unwrap();
    link(&secret, "etc/os-release");
    link(&elsewhere.join("dpkg"), "var/lib/dpkg");
    link(Path::new("../../../elsewhere/os-release"), "etc/up");
    link(Path::new(".."), "var/loop");
    link(Path::new("loop2"), "var/loop2");
    // Opening a pipe waits for a writer that never comes.
    let pipe = Command::new("mkfifo")
        .arg(root.join("lib/apk/db/installed"))
        .status();
    assert!(pipe.unwrap().success());
    let run = judge.assess(&format!("dir:{}", text(&root)));
    assert!(matches!(run.code, 1 | 3), "{run:?}");
    let report = run.json();
    assert!(
        report["packages"].as_array().unwrap().is_empty(),
        "{}",
        report["packages"]
    );
    assert!(!run.text().contains("machine"), "{run:?}");
}

/// A layout on disk whose members are not files.
#[test]
fn a_layout_of_links_and_pipes_is_an_error() {
    let program = program();
    let image = careful::image();
    let outside = program.file("outside", b"{}");
    let blob = blob_name(&Digest::of(&image.layers[0].blob()));
    for member in ["index.json", "oci-layout", &blob] {
        for kind in ["pipe", "link", "folder", "nothing"] {
            let layout = program.folder().join(format!("layout-{kind}"));
            let _ = std::fs::remove_dir_all(&layout);
            oci(std::slice::from_ref(&image)).write(&layout);
            let path = layout.join(member);
            std::fs::remove_file(&path).unwrap();
            match kind {
                "pipe" => assert!(
                    Command::new("mkfifo")
                        .arg(&path)
                        .status()
                        .unwrap()
                        .success()
                ),
                "link" => std::os::unix::fs::symlink(&outside, &path).unwrap(),
                "folder" => std::fs::create_dir(&path).unwrap(),
                _ => {}
            }
            let run = program.run(["sbom", &format!("oci-dir:{}", text(&layout))]);
            run.ends(4, &[text(&layout)]);
            assert!(run.stdout.is_empty(), "{member} {kind}: {run:?}");
        }
    }
}
