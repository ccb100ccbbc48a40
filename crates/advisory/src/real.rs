//! The whole of the shared feeds: facts that were checked by hand, totals, the watchlist against them, and
//! equal bytes for equal feeds.

use std::collections::BTreeSet;
use std::fs;
use std::sync::OnceLock;

use plimsoll_model::Ecosystem;
use plimsoll_model::advisory::{Applicability, FixState, PackageMatch};
use plimsoll_model::facts::{ImageFacts, Package};
use plimsoll_version::range;

use crate::advisory::{Claim, Event};
use crate::db::{Database, read_folder};
use crate::key::EcosystemKey;
use crate::matching::{candidates, match_packages};
use crate::slice::{Slice, built, image, package, shared};
use crate::{FeedProblem, watchlist};

/// The feeds without the watchlist, built once for all tests.
fn feeds() -> &'static (Database, Vec<FeedProblem>) {
    static FEEDS: OnceLock<(Database, Vec<FeedProblem>)> = OnceLock::new();
    FEEDS.get_or_init(|| {
        let (builder, documents) = read_folder(&shared().join("feeds")).expect("the feeds parse");
        assert_eq!(documents.len(), 56);
        let problems = builder.problems();
        (
            builder.into_database("feeds").expect("the feeds fit"),
            problems,
        )
    })
}

fn one(facts: &ImageFacts, id: &str) -> PackageMatch {
    let found = match_packages(facts, &feeds().0).matches;
    found
        .into_iter()
        .find(|found| found.vulnerability.id == id)
        .unwrap_or_else(|| panic!("no {id}"))
}

fn language(ecosystem: Ecosystem, name: &str, version: &str) -> ImageFacts {
    image(None, vec![package(ecosystem, name, version)])
}

fn source(ecosystem: Ecosystem, name: &str, version: &str) -> Package {
    built(ecosystem, (name, version), (name, version))
}

/// The "known facts checked" of the feeds' description.
#[test]
fn known_facts_hold() {
    for (ecosystem, name, version, id) in [
        (Ecosystem::Npm, "lodash", "4.17.20", "CVE-2021-23337"),
        (Ecosystem::Npm, "minimist", "1.2.5", "CVE-2021-44906"),
        (Ecosystem::Pypi, "django", "3.2.0", "CVE-2021-35042"),
        (
            Ecosystem::Maven,
            "org.springframework:spring-beans",
            "5.3.17",
            "CVE-2022-22965",
        ),
    ] {
        let found = one(&language(ecosystem, name, version), id);
        assert_eq!(found.answer, Applicability::Affected, "{id}");
    }
    let spring = one(
        &language(
            Ecosystem::Maven,
            "org.springframework:spring-beans",
            "5.3.17",
        ),
        "CVE-2022-22965",
    );
    assert!(spring.vulnerability.known_exploited);
    for (os, ecosystem, name, before, fixed, id) in [
        (
            ("alpine", "3.16.2"),
            Ecosystem::Apk,
            "openssl",
            "1.1.1p-r0",
            "1.1.1q-r0",
            "CVE-2022-2097",
        ),
        (
            ("debian", "11"),
            Ecosystem::Deb,
            "openssl",
            "1.1.1n-0+deb11u3",
            "1.1.1n-0+deb11u4",
            "CVE-2023-0286",
        ),
        (
            ("debian", "11"),
            Ecosystem::Deb,
            "apache-log4j2",
            "2.13.3-1",
            "2.15.0-1~deb11u1",
            "CVE-2021-44228",
        ),
    ] {
        let found = one(&image(Some(os), vec![source(ecosystem, name, before)]), id);
        let FixState::Fixed(versions) = &found.fix else {
            panic!("{id} has a fix");
        };
        assert_eq!(versions, &[fixed]);
        let since = found.fix_since.map(|since| since.to_string());
        let day = match id {
            "CVE-2023-0286" => Some("2023-02-07T00:00:00Z"),
            "CVE-2021-44228" => Some("2021-12-11T00:00:00Z"),
            // Alpine tells no day.
            _ => None,
        };
        assert_eq!(since.as_deref(), day, "{id}");
        let repaired = image(Some(os), vec![source(ecosystem, name, fixed)]);
        let left = match_packages(&repaired, &feeds().0).matches;
        assert!(
            left.iter().all(|found| found.vulnerability.id != id),
            "{id}"
        );
    }
}

/// Distribution records have no rating of their own; they take that of an alias record.
#[test]
fn ratings_are_inherited() {
    let facts = image(
        Some(("debian", "11")),
        vec![source(Ecosystem::Deb, "apache-log4j2", "2.13.3-1")],
    );
    let found = one(&facts, "CVE-2021-44228");
    assert!(found.vulnerability.known_exploited);
    assert!(!found.vulnerability.title.is_empty());
}

#[test]
fn feeds_and_problems_are_accounted_for() {
    let (db, problems) = feeds();
    let snapshot = db.snapshot();
    let records = |feed: &str| {
        let state = snapshot.feeds.iter().find(|state| state.feed == feed);
        state.map_or(0, |state| state.records)
    };
    assert_eq!(records("osv/npm"), 3452);
    assert_eq!(records("osv/Bitnami"), 7444);
    assert_eq!(records("kev"), 1404);
    assert!(records("debian") > 26_000);
    assert!(records("wolfi") > 20_000);
    assert!(snapshot.newest.is_some());
    let (dates, as_of) = db.lifecycles().expect("the block can be read");
    assert_eq!(records("endoflife"), dates.len() as u64);
    assert!(as_of.is_some_and(|date| date.to_string().starts_with("2026-08-22")));
    let bookworm = dates
        .iter()
        .find(|row| row.id == "debian" && row.cycle == "12");
    let end = bookworm
        .and_then(|row| row.security)
        .map(|end| end.to_string());
    assert_eq!(end.as_deref(), Some("2026-07-11"));
    for key in [
        "Alpine:edge",
        "Alpine:v3.3",
        "AlmaLinux:10",
        "Debian:12",
        "Go",
        "Wolfi",
        "npm",
    ] {
        assert!(db.covers(&EcosystemKey::new(key)), "{key}");
    }
    assert!(!db.covers(&EcosystemKey::new("Debian:13")));
    let named: BTreeSet<&str> = problems
        .iter()
        .map(|problem| problem.document.as_str())
        .collect();
    assert!(problems.len() < 100, "{problems:#?}");
    assert!(
        named.contains("osv/PyPI/all.zip"),
        "PYSEC-2022-15 has no versions"
    );
}

#[test]
fn equal_feeds_give_equal_bytes() {
    // A part of the feeds with every shape in it, for speed.
    let part = |folder: &std::path::Path| {
        for path in [
            "debian/tracker.json",
            "kev/known_exploited_vulnerabilities.json",
            "osv/NuGet/all.zip",
            "alpine-secdb/v3.16/main.json",
        ] {
            let to = folder.join(path);
            fs::create_dir_all(to.parent().expect("a folder")).expect("it can be made");
            fs::copy(shared().join("feeds").join(path), to).expect("it can be copied");
        }
    };
    let folder = tempfile::tempdir().expect("a folder");
    part(folder.path());
    let build = |name: &str| {
        let out = folder.path().join(name);
        let report = crate::build(folder.path(), &out).expect("the feeds compile");
        assert_eq!(report.documents.len(), 4);
        let db = Database::open(&out).expect("the database opens");
        db.verify().expect("the digest is right");
        assert_eq!(db.snapshot(), report.snapshot);
        fs::read(out).expect("it can be read")
    };
    assert!(build("a.db") == build("deeper/b.db"));
}

/// The untouched piece of the tracker has fields that the large document lacks.
#[test]
fn the_tracker_excerpt_parses_whole() {
    let bytes =
        fs::read(shared().join("feeds/samples/debian/tracker-excerpt.json")).expect("the sample");
    let slice = Slice::new().document("debian", "", &bytes);
    assert_eq!(slice.problems, []);
    let db = slice.database();
    let ask = |release: &str, name: &str, version: &str| {
        let facts = image(
            Some(("debian", release)),
            vec![source(Ecosystem::Deb, name, version)],
        );
        match_packages(&facts, &db).matches
    };
    let chromium = ask("10", "chromium", "90.0.4430.212-1~deb10u1");
    assert_eq!(chromium[0].fix, FixState::WillNotFix);
    assert_eq!(chromium[0].reason.rule, "[0, ∞); end-of-life");
    // `low**` is NVD's word, which counts where there is no better.
    let txt2man = ask("9", "txt2man", "1.5.5-3");
    assert_eq!(
        txt2man[0].vulnerability.severity,
        plimsoll_model::Severity::Low
    );
    assert!(
        txt2man[0]
            .vulnerability
            .description
            .starts_with("A certain Debian patch")
    );
}

/// What the watchlist says of a version.
fn said(ranges: &[Vec<Event>], key: &EcosystemKey, version: &str) -> bool {
    let borrowed: Vec<Vec<range::Event<'_>>> = ranges
        .iter()
        .map(|events| events.iter().map(Event::borrowed).collect())
        .collect();
    let version = key
        .scheme()
        .expect("the watchlist knows its ecosystems")
        .parse(version)
        .expect("bounds are versions");
    let applies = range::evaluate(&version, borrowed.iter().map(Vec::as_slice), []);
    matches!(applies, range::Applies::Yes(_))
}

/// An image in which a package of this key is judged.
fn image_for(key: &EcosystemKey, name: &str, version: &str) -> ImageFacts {
    let release = key.as_str().split(':').nth(1).unwrap_or_default();
    match key.base() {
        "Debian" => image(
            Some(("debian", release)),
            vec![source(Ecosystem::Deb, name, version)],
        ),
        "Alpine" => image(
            Some(("alpine", release.trim_start_matches('v'))),
            vec![source(Ecosystem::Apk, name, version)],
        ),
        "AlmaLinux" => image(
            Some(("almalinux", release)),
            vec![package(Ecosystem::Rpm, name, version)],
        ),
        _ => language(key.language().expect("a language"), name, version),
    }
}

/// Every row whose id or alias a feed has for the same package agrees with it at its own bounds, and the
/// mark of exploited flaws is that of the catalogue.
#[test]
fn the_watchlist_agrees_with_the_feeds() {
    let db = &feeds().0;
    let mut wrong = Vec::new();
    let mut compared = 0;
    for row in watchlist::rows() {
        let row = row.expect("every row can be read");
        let affected = &row.affected[0];
        let listed = db.find(&row.id).expect("it can be read");
        let exploited = listed.iter().any(|flaw| {
            flaw.exploited.is_some() && flaw.records.iter().any(|record| record.feed == "kev")
        });
        if exploited != row.exploited.is_some() {
            wrong.push(format!("{}: the mark of exploited flaws", row.id));
        }
        let Claim::Versions { ranges, .. } = &affected.claim else {
            panic!("the watchlist has ranges alone");
        };
        for event in ranges.iter().flatten() {
            let (Event::Introduced(version)
            | Event::Fixed(version)
            | Event::LastAffected(version)
            | Event::Limit(version)) = event;
            if version == "0" {
                continue;
            }
            let facts = image_for(&affected.ecosystem, &affected.package, version);
            let all = candidates(&facts, 0, db).matches;
            let same = |found: &&PackageMatch| {
                let flaw = &found.vulnerability;
                let ids = || row.aliases.iter().chain([&row.id]);
                ids().any(|id| *id == flaw.id || flaw.aliases.contains(id))
            };
            let same: Vec<_> = all.iter().filter(same).collect();
            if same.is_empty() {
                continue;
            }
            compared += 1;
            let feeds_say = same
                .iter()
                .any(|found| found.answer == Applicability::Affected);
            let we_say = said(ranges, &affected.ecosystem, version);
            if feeds_say != we_say {
                let rules: Vec<_> = same
                    .iter()
                    .map(|found| format!("{} {}", found.reason.record, found.reason.rule))
                    .collect();
                wrong.push(format!(
                    "{} {} {} {version}: list {we_say}, feeds {feeds_say} by {rules:?}",
                    row.id, affected.ecosystem, affected.package
                ));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {compared}:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    assert!(compared > 1000, "{compared}");
}
