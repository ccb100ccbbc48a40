//! The archive's own facts as truth: an image without the security suite shows every flaw that Debian says is
//! fixed above what is installed, and an image with that suite shows none of them.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::process::Command;

use plimsoll_testkit::debian::{Suites, bullseye};
use plimsoll_testkit::program::Program;
use plimsoll_testkit::shared;
use serde_json::Value;

/// A flaw in a source package.
type Flaw = (String, String);

/// What is installed: source package and its version.
type Sources = BTreeSet<(String, String)>;

/// A report, read once.
struct Judged {
    sources: Sources,
    /// What is said to be fixed above the installed version.
    fixed_above: BTreeSet<Flaw>,
    /// What applies and has no fix.
    open: BTreeSet<Flaw>,
}

fn database(program: &Program) -> PathBuf {
    let feeds = program.folder().join("feeds");
    std::fs::create_dir_all(&feeds).unwrap();
    let debian = shared().join("feeds/debian").canonicalize().unwrap();
    std::os::unix::fs::symlink(debian, feeds.join("debian")).unwrap();
    let out = program.folder().join("debian.db");
    let args = ["db", "build", "--from", text(&feeds), "--out", text(&out)];
    program.run(args).ends(0, &["debian: "]);
    out
}

fn text(path: &Path) -> &str {
    path.to_str().expect("temporary paths are UTF-8")
}

fn judged(program: &Program, db: &Path, image: &Path) -> Judged {
    let run = program.run(["scan", text(image), "-f", "json", "--db", text(db)]);
    run.ends(0, &[]);
    let report = run.json();
    let mut by_purl = HashMap::new();
    for package in report["packages"].as_array().unwrap() {
        if package["ecosystem"] != "deb" {
            continue;
        }
        let source = &package["source"];
        let field = |name: &str| source[name].as_str().or(package[name].as_str()).unwrap();
        by_purl.insert(
            package["purl"].as_str().unwrap().to_owned(),
            (field("name").to_owned(), field("version").to_owned()),
        );
    }
    let mut judged = Judged {
        sources: by_purl.values().cloned().collect(),
        fixed_above: BTreeSet::new(),
        open: BTreeSet::new(),
    };
    for finding in report["findings"].as_array().unwrap() {
        let flaw = &finding["vulnerability"];
        let Some((source, _)) = finding["package"]["purl"]
            .as_str()
            .and_then(|purl| by_purl.get(purl))
        else {
            continue;
        };
        let aliases = flaw["aliases"].as_array().into_iter().flatten();
        let ids = aliases.chain([&flaw["id"]]).filter_map(Value::as_str);
        for id in ids.filter(|id| id.starts_with("CVE-")) {
            let flaw_of_source = (source.clone(), id.to_owned());
            match (flaw["applies"].as_str(), flaw["fix"]["state"].as_str()) {
                (Some("affected"), Some("fixed")) => judged.fixed_above.insert(flaw_of_source),
                _ => judged.open.insert(flaw_of_source),
            };
        }
    }
    judged
}

/// Debian's own comparison.
fn is_below(a: &str, b: &str) -> bool {
    let status = Command::new("dpkg")
        .args(["--compare-versions", a, "lt", b])
        .status();
    status.expect("`dpkg` can be started").success()
}

/// What the tracker says of a release, read without any code of the program: fixed above the installed version,
/// with that version, and open.
fn truth(sources: &Sources, release: &str) -> (BTreeMap<Flaw, String>, BTreeSet<Flaw>) {
    let tracker = std::fs::read(shared().join("feeds/debian/tracker.json")).unwrap();
    let tracker: Value = serde_json::from_slice(&tracker).unwrap();
    let (mut fixed, mut open) = (BTreeMap::new(), BTreeSet::new());
    for (source, installed) in sources {
        let flaws = tracker[source].as_object().into_iter().flatten();
        for (id, flaw) in flaws.filter(|(id, _)| id.starts_with("CVE-")) {
            let row = &flaw["releases"][release];
            let key = (source.clone(), id.clone());
            match (row["status"].as_str(), row["fixed_version"].as_str()) {
                (Some("resolved"), Some(version)) if is_fixed_above(installed, version) => {
                    fixed.insert(key, version.to_owned());
                }
                (Some("open"), _) => {
                    open.insert(key);
                }
                _ => {}
            }
        }
    }
    (fixed, open)
}

/// Whether a fix is above what is installed; `0` says that the release never had the flaw.
fn is_fixed_above(installed: &str, fixed: &str) -> bool {
    fixed != "0" && is_below(installed, fixed) && !is_rebuild(installed, fixed)
}

/// Whether `installed` is the very version in which it was fixed, built anew for a release: `X~deb11u1` is
/// below `X` to dpkg, and has its fix. The tracker's feed often gives unstable's number for a release.
fn is_rebuild(installed: &str, fixed: &str) -> bool {
    installed
        .strip_prefix(fixed)
        .is_some_and(|rest| rest.starts_with("~deb"))
}

#[test]
fn without_the_security_suite_every_fix_is_missed_and_with_it_none() {
    let program = Program::new(env!("CARGO_BIN_EXE_plimsoll"));
    let db = database(&program);
    let old = judged(&program, &db, &bullseye(Suites::Release).archive());
    let (fixed, open) = truth(&old.sources, "bullseye");
    assert!(fixed.len() > 50, "only {} flaws are expected", fixed.len());
    let expected: BTreeSet<Flaw> = fixed.into_keys().collect();
    let missing: Vec<_> = expected.difference(&old.fixed_above).collect();
    assert!(missing.is_empty(), "not shown: {missing:?}");
    let invented: Vec<_> = old.fixed_above.difference(&expected).collect();
    assert!(invented.is_empty(), "fixed already: {invented:?}");
    let missing: Vec<_> = open.difference(&old.open).collect();
    assert!(missing.is_empty(), "open and not shown: {missing:?}");

    let new = judged(&program, &db, &bullseye(Suites::WithSecurity).archive());
    // The feed may be younger than the mirror; what it says above the newest package is no fault of the image.
    let (younger, _) = truth(&new.sources, "bullseye");
    let still: Vec<_> = new
        .fixed_above
        .iter()
        .filter(|flaw| !younger.contains_key(*flaw))
        .collect();
    assert!(still.is_empty(), "fixed by the security suite: {still:?}");
    let gone = expected.difference(&new.fixed_above).count();
    assert!(gone > 50, "the security suite fixes only {gone}");
}

/// An archive and nothing else: packages that `apt` fetches from where it fetches all, whose changelogs say what was
/// repaired. The version before the first fix has every flaw, and the one of the archive none.
#[test]
fn fixes_are_read_from_the_live_archive() {
    let program = Program::new(env!("CARGO_BIN_EXE_plimsoll"));
    let packages = program.folder().join("packages");
    std::fs::create_dir(&packages).unwrap();
    let fetched = Command::new("apt-get")
        .args(["-qq", "download", "openssl"])
        .current_dir(&packages)
        .output()
        .expect("`apt-get` can be started");
    assert!(fetched.status.success(), "{fetched:?}");
    let release = std::fs::read_to_string("/etc/os-release").unwrap();
    let number = release
        .lines()
        .find_map(|line| line.strip_prefix("VERSION_ID="))
        .expect("a release of Debian has a number")
        .trim_matches('"');
    let key = format!("Debian:{number}");
    let feeds = program.folder().join("feeds");
    std::fs::create_dir_all(feeds.join("changelog")).unwrap();
    let out = feeds.join("changelog/own.json");
    let words = [
        "db",
        "changelogs",
        "--from",
        text(&packages),
        "--ecosystem",
        &key,
    ];
    program
        .run([&words[..], &["--out", text(&out)]].concat())
        .ends(0, &["1 packages of 1 source packages"]);
    let read: Value = serde_json::from_slice(&std::fs::read(&out).unwrap()).unwrap();
    let own = &read["sources"]["openssl"];
    let fixed: BTreeSet<String> = own["fixed"].as_object().unwrap().keys().cloned().collect();
    // The archive cuts changelogs after some years.
    assert!(
        fixed.len() > 20 && fixed.contains("CVE-2023-0286"),
        "{fixed:?}"
    );

    let db = program.folder().join("own.db");
    let words = ["db", "build", "--from", text(&feeds), "--out", text(&db)];
    program.run(words).ends(0, &["changelog/own: "]);
    let flaws = |version: &str| -> BTreeSet<String> {
        let purl =
            format!("purl:pkg:deb/debian/openssl@{version}?arch=amd64&distro=debian-{number}");
        let run = program.run(["scan", &purl, "-f", "json", "--offline", "--db", text(&db)]);
        run.ends(0, &[]);
        let report = run.json();
        let findings = report["findings"].as_array().unwrap().iter();
        let of_advisories = findings.filter(|finding| finding["vulnerability"].is_object());
        let ids = of_advisories.map(|finding| finding["rule"].as_str().unwrap().to_owned());
        ids.collect()
    };
    assert_eq!(flaws("0.1-1"), fixed);
    assert_eq!(flaws(own["version"].as_str().unwrap()), BTreeSet::new());
}
