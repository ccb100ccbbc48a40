//! Package sets beside those of Syft and Trivy, on real images. Every difference is explained here.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on may panic")]
#![allow(
    clippy::print_stderr,
    reason = "whoever runs it wants to see what differs"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use plimsoll_testkit::debian::{Recipe, Suites, bullseye};
use plimsoll_testkit::image::{Image, docker};
use plimsoll_testkit::peers::{PackageId, Peer};
use plimsoll_testkit::program::Program;
use plimsoll_testkit::recall::{self, Ours, Recall};
use plimsoll_testkit::{roots, shared};
use serde_json::Value;

/// A package that Plimsoll has and the peer has not. The others are explained in `testkit::recall`.
struct Odd<'a> {
    peer: Peer,
    package: &'a PackageId,
    /// What Plimsoll's report says of it.
    ours: &'a Value,
}

/// Whose list is right. It is never the peer's alone: then Plimsoll is wrong and is put right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Right {
    Plimsoll,
    /// The same fact, told in two ways.
    Both,
}

/// Why sets may differ.
struct Explanation {
    right: Right,
    why: &'static str,
    covers: fn(&Odd<'_>) -> bool,
}

const EXPLANATIONS: &[Explanation] = &[
    Explanation {
        right: Right::Both,
        why: "Trivy leaves out what the system's package manager owns. Plimsoll lists it, marked with its owner, \
              and does not judge it twice.",
        covers: |odd| odd.peer == Peer::Trivy && odd.ours["owner"].is_string(),
    },
    Explanation {
        right: Right::Plimsoll,
        why: "pip carries copies of other packages and lists them in `pip/_vendor/vendor.txt`; Syft does not \
              read it.",
        covers: |odd| {
            odd.peer == Peer::Syft
                && odd.package.kind == "pypi"
                && odd.ours["evidence"] == "vendored"
        },
    },
];

fn text(path: &Path) -> &str {
    path.to_str().expect("temporary paths are UTF-8")
}

/// Plimsoll's report, and what it says of each package.
fn ours(program: &Program, archive: &Path) -> (Value, BTreeMap<PackageId, Value>) {
    let report = program.run(["scan", text(archive), "-f", "json"]);
    report.ends(0, &[]);
    let report = report.json();
    let packages = report["packages"].as_array().unwrap();
    let list = program.run(["sbom", text(archive), "-f", "purls"]);
    let mut purls: Vec<&str> = packages
        .iter()
        .map(|package| package["purl"].as_str().unwrap())
        .collect();
    purls.sort_unstable();
    purls.dedup();
    assert_eq!(list.text().lines().collect::<Vec<_>>(), purls);
    let ids = packages.iter().map(|package| {
        let id = PackageId::parse(package["purl"].as_str().unwrap()).unwrap();
        (id, package.clone())
    });
    let ids = ids.collect();
    (report, ids)
}

/// Compares with both peers; answers how many packages Plimsoll found of each kind.
fn compare(program: &Program, archive: &Path) -> BTreeMap<String, usize> {
    let (report, ours) = ours(program, archive);
    let image = archive.file_name().unwrap().to_string_lossy();
    let mut unexplained = Vec::new();
    let mut explained: BTreeMap<String, usize> = BTreeMap::new();
    for peer in Peer::ALL {
        let list = peer.lists(archive);
        let theirs: BTreeSet<&PackageId> = list.iter().map(|listed| &listed.package).collect();
        for (package, ours) in ours.iter().filter(|(package, _)| !theirs.contains(package)) {
            let odd = Odd {
                peer,
                package,
                ours,
            };
            let reason = EXPLANATIONS.iter().find(|row| (row.covers)(&odd));
            match reason {
                Some(row) => {
                    let line = format!("{peer:?}, right is {:?}: {}", row.right, row.why);
                    *explained.entry(line).or_default() += 1;
                }
                None => unexplained.push(format!("{peer:?} has not: {package:?}")),
            }
        }
        let recall = Recall::of(&Ours::read(&report), &[(peer, list)]);
        for place in recall.used {
            let line = format!("{peer:?}, alone: {}", recall::EXPLANATIONS[place].why);
            *explained.entry(line).or_default() += 1;
        }
        for (_, listed) in recall.unexplained {
            unexplained.push(format!("{peer:?} has alone: {listed:?}"));
        }
    }
    eprintln!("{image}: {explained:#?}");
    assert!(
        unexplained.is_empty(),
        "{}\n{}",
        archive.display(),
        unexplained.join("\n")
    );
    let mut counts = BTreeMap::new();
    for package in ours.keys() {
        *counts.entry(package.kind.clone()).or_default() += 1;
    }
    counts
}

fn compare_small(image: &Image) -> BTreeMap<String, usize> {
    let program = Program::new(env!("CARGO_BIN_EXE_plimsoll"));
    let archive = program.file("image.tar", docker(std::slice::from_ref(image)).tar());
    compare(&program, &archive)
}

#[test]
fn alpine_as_the_peers() {
    for version in roots::ALPINE {
        let counts = compare_small(&roots::alpine(version));
        assert!(matches!(counts["apk"], 14 | 15), "{version}: {counts:?}");
        assert_eq!(counts.len(), 1, "{version}: {counts:?}");
    }
}

#[test]
fn rpm_as_the_peers_and_as_the_list_beside_the_database() {
    for (name, ..) in roots::RPM {
        let image = roots::rpm(name);
        let counts = compare_small(&image);
        let list = std::fs::read_to_string(shared().join("rpmdb").join(name).join("packages.tsv"));
        let expected = list
            .unwrap()
            .lines()
            .filter(|line| !line.is_empty())
            .count();
        assert_eq!(counts["rpm"], expected, "{name}");
    }
}

fn compare_debian(recipe: &Recipe) {
    let program = Program::new(env!("CARGO_BIN_EXE_plimsoll"));
    let counts = compare(&program, &recipe.archive());
    assert!(counts["deb"] > 90, "{counts:?}");
    assert!(counts["pypi"] > 2, "{counts:?}");
}

fn release(release: &'static str, packages: &'static [&'static str]) -> Recipe {
    Recipe {
        release,
        suites: Suites::Release,
        packages,
    }
}

#[test]
fn bullseye_as_the_peers() {
    compare_debian(&bullseye(Suites::Release));
}

#[test]
fn bookworm_as_the_peers() {
    compare_debian(&release("bookworm", &["nodejs", "python3-pip", "ruby"]));
}

#[test]
fn trixie_as_the_peers() {
    compare_debian(&release("trixie", &["nodejs", "python3-pip", "terser"]));
}
