//! Roots of the shared material, with what peers say of them.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use plimsoll_testkit::{roots, workspace};

use super::rows::Roots;
use super::{Pair, pairs, syft};

/// The three stores of rpm; Syft's lists lie beside them.
pub(super) fn rpm(shared: &Path, work: &Path) -> Roots {
    roots::RPM
        .iter()
        .map(|(folder, file, place, _)| {
            let from = shared.join("rpmdb").join(folder);
            let root = work.join(folder).join("root");
            let place = root.join(place);
            fs::create_dir_all(place.parent().expect("a database lies in a folder"))
                .expect("a folder can be made");
            fs::copy(from.join(file), place).expect("the database can be copied");
            let list = fs::read_to_string(from.join("packages.tsv")).expect("the list is there");
            (root, pairs(&list))
        })
        .collect()
}

/// Alpine's root filesystems, as Syft lists them.
pub(super) fn apk(shared: &Path, work: &Path) -> Roots {
    roots::ALPINE
        .iter()
        .map(|version| {
            let root = work.join(version).join("root");
            fs::create_dir_all(&root).expect("a folder can be made");
            let status = Command::new("tar")
                .args(["--extract", "--no-same-owner", "--directory"])
                .arg(&root)
                .arg("--file")
                .arg(shared.join(format!("images/alpine-minirootfs-{version}-x86_64.tar.gz")))
                .args(["./etc", "./lib/apk"])
                .status();
            assert!(
                status.is_ok_and(|status| status.success()),
                "{version} can be unpacked"
            );
            let truth: BTreeSet<Pair> = syft(&root, &["apk"]);
            (root, truth)
        })
        .collect()
}

/// The lock file of this workspace, as Syft lists it.
pub(super) fn cargo(_: &Path, work: &Path) -> Roots {
    let root = work.join("root");
    fs::create_dir(&root).expect("a folder can be made");
    fs::copy(workspace().join("Cargo.lock"), root.join("Cargo.lock"))
        .expect("the lock file can be copied");
    let truth = syft(&root, &["rust-crate"]);
    vec![(root, truth)]
}
