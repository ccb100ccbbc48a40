//! Answers and their reasons on little slices of advisories. Where a test stands for a trap of the field, its
//! comment says what goes wrong there.

use plimsoll_model::advisory::{Applicability, FixState, PackageMatch};
use plimsoll_model::{Effect, Severity};
use serde_json::{Value, json};

use super::*;
use crate::slice::{Slice, built, image, package};

/// Everything that concerns one package of a Debian 11 image.
fn on_debian(db: &Database, installed: Package) -> Vec<PackageMatch> {
    match_packages(&image(Some(("debian", "11")), vec![installed]), db).matches
}

fn on_language(db: &Database, installed: Package) -> Vec<PackageMatch> {
    let found = match_packages(&image(None, vec![installed]), db);
    assert_eq!(found.problems, []);
    found.matches
}

/// Id, answer and rule of each match.
fn told(matches: &[PackageMatch]) -> Vec<(&str, Applicability, &str)> {
    matches
        .iter()
        .map(|found| {
            (
                found.vulnerability.id.as_str(),
                found.answer,
                found.reason.rule.as_str(),
            )
        })
        .collect()
}

/// An OSV record with one package.
fn osv(id: &str, aliases: &[&str], ecosystem: &str, name: &str, affected: &Value) -> Value {
    let mut entry = json!({"package": {"ecosystem": ecosystem, "name": name}});
    for (key, value) in affected.as_object().expect("an object") {
        entry[key] = value.clone();
    }
    json!({"id": id, "modified": "2024-01-01T00:00:00Z", "aliases": aliases, "summary": "A flaw", "affected": [entry]})
}

fn ranges(events: &Value) -> Value {
    json!({"ranges": [{"type": "ECOSYSTEM", "events": events}]})
}

fn openssl() -> Database {
    Slice::new()
        .debian(&json!({"openssl": {"CVE-2023-0286": {"releases": {"bullseye": {
            "status": "resolved", "fixed_version": "1.1.1n-0+deb11u4", "urgency": "not yet assigned"}}}}}))
        .database()
}

/// Upstream says "below 1.1.1t"; the backport has the fix and another version.
#[test]
fn t1_backports_are_judged_by_the_distribution() {
    let db = openssl();
    let affected = on_debian(
        &db,
        built(
            Ecosystem::Deb,
            ("libssl1.1", "1.1.1n-0+deb11u3"),
            ("openssl", "1.1.1n-0+deb11u3"),
        ),
    );
    assert_eq!(
        told(&affected),
        [(
            "CVE-2023-0286",
            Applicability::Affected,
            "[0, 1.1.1n-0+deb11u4)"
        )]
    );
    let reason = &affected[0].reason;
    assert_eq!(
        (
            reason.feed.as_str(),
            reason.looked_up.as_str(),
            reason.scheme.as_str()
        ),
        ("debian", "openssl", "deb")
    );
    assert_eq!(
        affected[0].fix,
        FixState::Fixed(vec!["1.1.1n-0+deb11u4".into()])
    );
    let fixed = built(
        Ecosystem::Deb,
        ("libssl1.1", "1.1.1n-0+deb11u4"),
        ("openssl", "1.1.1n-0+deb11u4"),
    );
    let facts = image(Some(("debian", "11")), vec![fixed]);
    assert_eq!(match_packages(&facts, &db).matches, []);
    let all = candidates(&facts, 0, &db).matches;
    assert_eq!(
        told(&all),
        [(
            "CVE-2023-0286",
            Applicability::NotAffected,
            "[0, 1.1.1n-0+deb11u4)"
        )]
    );
    assert_eq!(explain(&facts, 0, "CVE-2023-0286", &db).matches.len(), 1);
    assert_eq!(explain(&facts, 0, "CVE-2023-0287", &db).matches, []);
}

/// The same sources rebuilt for a release sort before the version that they are.
#[test]
fn t1_a_rebuild_for_the_release_has_the_fix() {
    let db = Slice::new()
        .debian(
            &json!({"xz-utils": {"CVE-2022-1271": {"releases": {"bullseye": {
            "status": "resolved", "fixed_version": "5.2.5-2.1", "urgency": "not yet assigned"}}}}}),
        )
        .database();
    for (version, affected) in [
        ("5.2.5-2", true),
        ("5.2.5-2.1~deb11u1", false),
        ("5.2.5-2.1~deb11u2", false),
        ("5.2.5-2.1~bpo11+1", true),
        ("5.2.5-2.1~debu1", true),
        ("5.2.5-2~deb11u1", true),
        ("5.2.5-2.1", false),
    ] {
        let installed = built(Ecosystem::Deb, ("liblzma5", version), ("xz-utils", version));
        assert_eq!(!on_debian(&db, installed).is_empty(), affected, "{version}");
    }
}

/// The binary package has another name, and a rebuild gives it another version than the source has.
#[test]
fn t2_the_source_package_and_its_version_count() {
    let db = openssl();
    let rebuilt = built(
        Ecosystem::Deb,
        ("libssl1.1", "1.1.1n-0+deb11u4+b1"),
        ("openssl", "1.1.1n-0+deb11u3"),
    );
    let found = on_debian(&db, rebuilt);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].reason.compared, "1.1.1n-0+deb11u3");
    // A binary package that happens to bear a source package's name is not it.
    let other = built(Ecosystem::Deb, ("openssl", "1.0"), ("other", "1.0"));
    assert_eq!(on_debian(&db, other), []);
}

/// A fix for one module stream says nothing of another.
#[test]
fn t4_module_streams_are_kept_apart() {
    let version = "1:12.22.12-1.module_el8.6.0+3250+1c9b2b1e";
    let mut record = osv(
        "ALSA-2022:1",
        &[],
        "AlmaLinux:8",
        "nodejs",
        &ranges(&json!([{"introduced": "0"}, {"fixed": version}])),
    );
    record["summary"] = json!("Important: nodejs:12 security update");
    record["related"] = json!(["CVE-2021-44531", "CVE-2021-44532"]);
    let db = Slice::new().osv("AlmaLinux", &[record]).database();
    let ask = |module: Option<&str>, version: &str| {
        let mut installed = package(Ecosystem::Rpm, "nodejs", version);
        installed.fact.module = module.map(str::to_owned);
        let facts = image(Some(("almalinux", "8.6")), vec![installed]);
        candidates(&facts, 0, &db).matches
    };
    let same = ask(Some("nodejs:12"), "1:12.20.1-1.module_el8");
    assert_eq!(same.len(), 2, "one for each flaw of the erratum");
    assert_eq!(same[0].vulnerability.id, "CVE-2021-44531");
    assert_eq!(same[0].answer, Applicability::Affected);
    assert_eq!(same[0].reason.record, "ALSA-2022:1");
    assert_eq!(same[0].vulnerability.severity, Severity::High);
    let other = ask(Some("nodejs:10"), "1:10.24.0-1.module_el8");
    assert_eq!(other[0].answer, Applicability::NotAffected);
    assert_eq!(
        other[0].reason.rule,
        "∅ (for the module nodejs:12, and this package is of nodejs:10)"
    );
    assert_eq!(
        ask(None, "1:10.24.0-1")[0].answer,
        Applicability::NotAffected
    );
}

fn states() -> Database {
    let entry = |release: Value| json!({"releases": {"bullseye": release}});
    Slice::new()
        .debian(&json!({"pkg": {
            "CVE-2020-0001": entry(json!({"status": "open", "urgency": "unimportant"})),
            "CVE-2020-0002": entry(json!({"status": "open", "urgency": "not yet assigned", "nodsa": "Minor issue", "nodsa_reason": ""})),
            "CVE-2020-0003": entry(json!({"status": "open", "urgency": "not yet assigned", "nodsa": "Hard to fix", "nodsa_reason": "ignored"})),
            "CVE-2020-0004": entry(json!({"status": "open", "urgency": "end-of-life"})),
            "CVE-2020-0005": entry(json!({"status": "undetermined", "urgency": "not yet assigned"})),
            "CVE-2020-0006": entry(json!({"status": "resolved", "fixed_version": "0", "urgency": "not yet assigned"})),
            "CVE-2020-0007": entry(json!({"status": "open", "urgency": "low", "nodsa": "Wait", "nodsa_reason": "postponed"})),
        }}))
        .database()
}

/// Each state of the tracker has its own meaning.
#[test]
fn t18_states_of_the_tracker_are_kept() {
    let db = states();
    let found = on_debian(&db, built(Ecosystem::Deb, ("pkg", "1.0"), ("pkg", "1.0")));
    let told: Vec<_> = found
        .iter()
        .map(|one| {
            (
                one.vulnerability.id.as_str(),
                one.answer,
                one.vulnerability.severity,
                &one.fix,
                one.reason.rule.as_str(),
            )
        })
        .collect();
    let affected = Applicability::Affected;
    let undetermined = Applicability::Unknown;
    assert_eq!(
        told,
        [
            (
                "CVE-2020-0001",
                affected,
                Severity::Negligible,
                &FixState::NotFixed,
                "[0, ∞); unimportant"
            ),
            (
                "CVE-2020-0002",
                affected,
                Severity::Unknown,
                &FixState::NotFixed,
                "[0, ∞); no-dsa: Minor issue"
            ),
            (
                "CVE-2020-0003",
                affected,
                Severity::Unknown,
                &FixState::WillNotFix,
                "[0, ∞); ignored: Hard to fix"
            ),
            (
                "CVE-2020-0004",
                affected,
                Severity::Unknown,
                &FixState::WillNotFix,
                "[0, ∞); end-of-life"
            ),
            (
                "CVE-2020-0005",
                undetermined,
                Severity::Unknown,
                &FixState::Unknown,
                "undetermined"
            ),
            (
                "CVE-2020-0007",
                affected,
                Severity::Low,
                &FixState::NotFixed,
                "[0, ∞); postponed: Wait"
            ),
        ]
    );
    assert!(
        found[4]
            .reason
            .unknown
            .as_deref()
            .is_some_and(|why| why.contains("not determined"))
    );
    assert_eq!(found[0].vulnerability.severity_source, "debian rating");
}

/// The tracker may know the version of a fix that the archive does not have yet.
#[test]
fn t19_an_unreleased_fix_is_no_fix() {
    let db = Slice::new()
        .debian(&json!({"pkg": {"CVE-2020-0001": {"releases": {"bullseye": {
            "status": "open", "fixed_version": "2.0-1", "urgency": "not yet assigned"}}}}}))
        .database();
    let found = on_debian(
        &db,
        built(Ecosystem::Deb, ("pkg", "1.0-1"), ("pkg", "1.0-1")),
    );
    assert_eq!(
        (found[0].answer, &found[0].fix),
        (Applicability::Affected, &FixState::NotFixed)
    );
}

/// A release without entries looks clean; testing has no number; a derivative is not Debian.
#[test]
fn t20_t21_what_cannot_be_judged_is_blind() {
    let db = openssl();
    for (os, part) in [
        (Some(("debian", "13")), "no feed for Debian:13"),
        (Some(("debian", "")), "testing or unstable"),
        (Some(("debian", "bookworm/sid")), "testing or unstable"),
        (
            Some(("ubuntu", "22.04")),
            "no advisories for the distribution `ubuntu`",
        ),
        (
            Some(("alpine", "3.18.0")),
            "of which the advisories for `alpine` do not speak",
        ),
        (None, "no file tells the distribution"),
    ] {
        let installed = built(Ecosystem::Deb, ("libssl1.1", "1.0"), ("openssl", "1.0"));
        let found = match_packages(&image(os, vec![installed.clone(), installed]), &db);
        assert_eq!(found.matches, []);
        assert_eq!(found.judged.blind, 2);
        assert_eq!(found.problems.len(), 1, "told once: {:?}", found.problems);
        assert_eq!(found.problems[0].effect, Effect::Blind);
        assert!(
            found.problems[0].reason.contains(part),
            "{}",
            found.problems[0].reason
        );
    }
}

/// Alpine lists only flaws with a fix (said aloud), honours `0`, and has its own order of versions.
#[test]
fn t22_t23_t24_alpine() {
    let db = Slice::new()
        .secdb("v3.18", &json!([
            {"pkg": {"name": "openssl", "secfixes": {"0": ["CVE-2021-0001"], "1.6-r0": ["CVE-2021-0002"]}}},
            {"pkg": {"name": "empty", "secfixes": []}},
            {"pkg": {"name": "none", "secfixes": null}},
        ]))
        .database();
    let ask = |version: &str| {
        let installed = built(Ecosystem::Apk, ("libssl3", version), ("openssl", version));
        match_packages(&image(Some(("alpine", "3.18.9")), vec![installed]), &db)
    };
    let candidate = ask("1.6_rc1-r0");
    assert_eq!(
        told(&candidate.matches),
        [("CVE-2021-0002", Applicability::Affected, "[0, 1.6-r0)")]
    );
    assert_eq!(candidate.problems[0].effect, Effect::Note);
    assert_eq!(ask("1.6-r0").matches, []);
    assert_eq!(ask("1.6_p1-r0").matches, []);
}

fn django() -> Value {
    osv(
        "GHSA-aaaa-bbbb-cccc",
        &["CVE-2021-1"],
        "PyPI",
        "Ruamel.Yaml",
        &ranges(&json!([{"introduced": "0"}, {"fixed": "2.0"}])),
    )
}

/// A Python package that dpkg installed is dpkg's; names are compared by PEP 503, versions by PEP 440.
#[test]
fn t45_t46_t47_python() {
    let db = Slice::new().osv("PyPI", &[django()]).database();
    let mut owned = package(Ecosystem::Pypi, "ruamel_yaml", "1.0");
    owned.owner = Some(0);
    let found = match_packages(&image(None, vec![owned]), &db);
    assert_eq!(
        (
            found.matches.len(),
            found.problems.len(),
            found.judged.owned
        ),
        (0, 0, 1)
    );
    let ask =
        |version: &str| on_language(&db, package(Ecosystem::Pypi, "ruamel_yaml", version)).len();
    for (version, matches) in [
        ("1.0", 1),
        ("2.0.dev0", 1),
        ("2.0rc1", 1),
        ("2", 0),
        ("2.0.0", 0),
        ("2.0+cpu", 0),
        ("1!0.1", 0),
        ("1.9.post1", 1),
    ] {
        assert_eq!(ask(version), matches, "{version}");
    }
}

/// Fixes on side branches, artefacts of the same group, qualifiers of Maven.
#[test]
fn t55_t57_t58_t83_t84_branches_of_java() {
    let name = "org.apache.logging.log4j:log4j-core";
    let events = json!([
        {"introduced": "2.0-beta9"}, {"fixed": "2.3.1"}, {"introduced": "2.4"}, {"fixed": "2.12.2"},
        {"introduced": "2.13.0"}, {"fixed": "2.15.0"},
    ]);
    let record = osv(
        "GHSA-jfh8-c2jp-5v3q",
        &["CVE-2021-44228"],
        "Maven",
        name,
        &ranges(&events),
    );
    let db = Slice::new().osv("Maven", &[record]).database();
    let ask =
        |name: &str, version: &str| on_language(&db, package(Ecosystem::Maven, name, version));
    let found = ask(name, "2.11.0");
    assert_eq!(
        told(&found),
        [("CVE-2021-44228", Applicability::Affected, "[2.4, 2.12.2)")]
    );
    assert_eq!(
        found[0].fix,
        FixState::Fixed(vec!["2.12.2".into(), "2.15.0".into()])
    );
    for version in [
        "2.12.2",
        "2.12.4",
        "2.3.1",
        "2.15.0",
        "2.15.0.RELEASE",
        "2.15.0-sp1",
    ] {
        assert_eq!(ask(name, version), [], "{version}");
    }
    for version in ["2.14.1", "2.15.0-rc1", "2.15.0-alpha-1", "2.0"] {
        assert_eq!(ask(name, version).len(), 1, "{version}");
    }
    assert_eq!(ask("org.apache.logging.log4j:log4j-api", "2.11.0"), []);
}

/// A record that was taken back matches nothing, and can still be explained.
#[test]
fn t77_withdrawn_records_match_nothing() {
    let mut record = django();
    record["withdrawn"] = json!("2024-02-02T00:00:00Z");
    let db = Slice::new().osv("PyPI", &[record]).database();
    let facts = image(None, vec![package(Ecosystem::Pypi, "ruamel-yaml", "1.0")]);
    assert_eq!(match_packages(&facts, &db).matches, []);
    let all = explain(&facts, 0, "GHSA-aaaa-bbbb-cccc", &db).matches;
    assert_eq!(all[0].reason.rule, "∅ (the record was withdrawn)");
    let known = db.find("GHSA-aaaa-bbbb-cccc").expect("it can be read");
    assert_eq!(
        known[0].records[0]
            .withdrawn
            .map(jiff::Timestamp::as_second),
        Some(1_706_832_000)
    );
}

/// Several records of one flaw count once, whichever feed they are of, and the mark comes by an alias.
#[test]
fn t78_t80_t89_records_of_one_flaw_are_joined() {
    let events = json!([{"introduced": "0"}, {"fixed": "2.0"}]);
    let pysec = osv(
        "PYSEC-2021-1",
        &["GHSA-aaaa-bbbb-cccc"],
        "PyPI",
        "ruamel-yaml",
        &ranges(&events),
    );
    let mut rated = osv("BIT-1", &["CVE-2021-1"], "Bitnami", "x", &ranges(&events));
    rated["severity"] =
        json!([{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}]);
    let db = Slice::new()
        .osv("PyPI", &[django(), pysec])
        .osv("Bitnami", &[rated])
        .kev(&["CVE-2021-1"])
        .database();
    let found = on_language(&db, package(Ecosystem::Pypi, "ruamel.yaml", "1.0"));
    assert_eq!(found.len(), 1);
    let flaw = &found[0].vulnerability;
    assert_eq!(flaw.id, "CVE-2021-1");
    assert_eq!(
        flaw.aliases,
        ["BIT-1", "GHSA-aaaa-bbbb-cccc", "PYSEC-2021-1"]
    );
    assert!(flaw.known_exploited);
    assert_eq!(
        (flaw.severity, flaw.severity_source.as_str()),
        (Severity::Critical, "osv/Bitnami cvss")
    );
    assert_eq!(flaw.worst_score(), Some(9.8));
}

/// `related` is no alias, and a record of two CVE ids does not make one flaw of them.
#[test]
fn t79_different_flaws_stay_apart() {
    let events = json!([{"introduced": "0"}, {"fixed": "2.0"}]);
    let two = osv(
        "GHSA-xxxx-xxxx-xxxx",
        &["CVE-2021-1", "CVE-2021-2"],
        "npm",
        "a",
        &ranges(&events),
    );
    let mut one = osv(
        "GHSA-yyyy-yyyy-yyyy",
        &["CVE-2021-1"],
        "npm",
        "b",
        &ranges(&events),
    );
    one["related"] = json!(["CVE-2021-3"]);
    let other = osv(
        "GHSA-zzzz-zzzz-zzzz",
        &["CVE-2021-2"],
        "npm",
        "b",
        &ranges(&events),
    );
    let third = osv(
        "GHSA-wwww-wwww-wwww",
        &["CVE-2021-3"],
        "npm",
        "b",
        &ranges(&events),
    );
    let joint = osv(
        "GHSA-vvvv-vvvv-vvvv",
        &["CVE-2021-1", "CVE-2021-2"],
        "npm",
        "b",
        &ranges(&events),
    );
    let db = Slice::new()
        .osv("npm", &[two, one, other, third, joint])
        .kev(&["CVE-2021-2"])
        .database();
    let ids = |name: &str| -> Vec<(String, bool)> {
        on_language(&db, package(Ecosystem::Npm, name, "1.0.0"))
            .into_iter()
            .map(|found| (found.vulnerability.id, found.vulnerability.known_exploited))
            .collect()
    };
    assert_eq!(ids("a"), [("GHSA-xxxx-xxxx-xxxx".to_owned(), true)]);
    assert_eq!(
        ids("b"),
        [
            ("CVE-2021-1".to_owned(), false),
            ("CVE-2021-2".to_owned(), true),
            ("CVE-2021-3".to_owned(), false)
        ],
        "the joint record is folded into the two flaws"
    );
}

/// Nobody rated it: it is shown as unknown. A word counts where there is no score.
#[test]
fn t80_t81_severity_is_never_a_reason_to_hide() {
    let events = json!([{"introduced": "0"}]);
    let plain = osv("GHSA-1111-1111-1111", &[], "npm", "a", &ranges(&events));
    let mut worded = osv("GHSA-2222-2222-2222", &[], "npm", "a", &ranges(&events));
    worded["database_specific"] = json!({"severity": "MODERATE"});
    let mut four = osv("GHSA-3333-3333-3333", &[], "npm", "a", &ranges(&events));
    four["severity"] = json!([{"type": "CVSS_V4", "score": "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N"}]);
    let db = Slice::new().osv("npm", &[plain, worded, four]).database();
    let found = on_language(&db, package(Ecosystem::Npm, "a", "1.0.0"));
    let told: Vec<_> = found
        .iter()
        .map(|one| {
            (
                one.vulnerability.severity,
                one.vulnerability.severity_source.as_str(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            (Severity::Unknown, ""),
            (Severity::Medium, "osv/npm rating"),
            (Severity::Critical, "osv/npm cvss")
        ]
    );
}

/// Every kind of event, and versions that are only listed.
#[test]
fn t82_the_algorithm_of_osv() {
    let cases = [
        (
            json!([{"introduced": "0"}, {"last_affected": "1.5.0"}]),
            "1.5.0",
            "[0, 1.5.0]",
            FixState::Unknown,
        ),
        (
            json!([{"introduced": "1.0.0"}]),
            "9.0.0",
            "[1.0.0, ∞)",
            FixState::NotFixed,
        ),
        (
            json!([{"introduced": "0"}, {"limit": "2.0.0"}]),
            "1.0.0",
            "[0, 2.0.0)",
            FixState::Unknown,
        ),
    ];
    for (events, version, rule, fix) in cases {
        let record = osv("GHSA-1111-1111-1111", &[], "npm", "a", &ranges(&events));
        let db = Slice::new().osv("npm", &[record]).database();
        let found = on_language(&db, package(Ecosystem::Npm, "a", version));
        assert_eq!((found[0].reason.rule.as_str(), &found[0].fix), (rule, &fix));
    }
    let listed = osv(
        "GHSA-1111-1111-1111",
        &[],
        "npm",
        "a",
        &json!({"versions": ["1.0.0", "odd"]}),
    );
    let db = Slice::new().osv("npm", &[listed]).database();
    let ask = |version: &str| on_language(&db, package(Ecosystem::Npm, "a", version));
    assert_eq!(ask("1.0.0")[0].reason.rule, "[1.0.0, 1.0.0]");
    assert_eq!(ask("odd")[0].answer, Applicability::Affected);
    assert_eq!(ask("1.0.1"), []);
    let unreadable = ask("not a version");
    assert_eq!(unreadable[0].answer, Applicability::Unknown);
    assert!(
        unreadable[0]
            .reason
            .unknown
            .as_deref()
            .is_some_and(|why| why.contains("not a version"))
    );
}

/// The same name in another ecosystem is another package, and a missing ecosystem is blindness.
#[test]
fn t85_ecosystems_are_part_of_the_name() {
    let record = osv(
        "GHSA-1111-1111-1111",
        &[],
        "RubyGems",
        "consul",
        &ranges(&json!([{"introduced": "0"}])),
    );
    let db = Slice::new().osv("RubyGems", &[record]).database();
    let found = match_packages(
        &image(None, vec![package(Ecosystem::Go, "consul", "v1.0.0")]),
        &db,
    );
    assert_eq!(found.matches, []);
    assert_eq!(found.problems[0].effect, Effect::Blind);
    assert_eq!(found.problems[0].subject, "Go");
    assert_eq!(
        on_language(&db, package(Ecosystem::Gem, "consul", "1.0.0")).len(),
        1
    );
}

/// The version of a main module that was built from a work tree is made of its commit: nobody can say which
/// releases it has. A module that others require has `v0.0.0` because it has no release before.
#[test]
fn t62_main_modules_of_unknown_release_match_no_range() {
    let record = osv(
        "GHSA-1111-1111-1111",
        &[],
        "Go",
        "example.org/tool",
        &ranges(&json!([{"introduced": "0"}, {"fixed": "1.2.0"}])),
    );
    let db = Slice::new().osv("Go", &[record]).database();
    let module = |depends: &[&str]| {
        let version = "v0.0.0-20230506070809-0123456789ab";
        let mut module = package(Ecosystem::Go, "example.org/tool", version);
        module.fact.evidence = plimsoll_model::fact::EvidenceKind::Compiled;
        module.fact.depends = depends.iter().map(|name| (*name).to_owned()).collect();
        module
    };
    let main = on_language(&db, module(&["stdlib"]));
    assert_eq!(main[0].answer, Applicability::Unknown);
    let required = on_language(&db, module(&[]));
    assert_eq!(required[0].answer, Applicability::Affected);
}

/// Malware has no score and is the worst of all.
#[test]
fn t88_malicious_packages_are_critical() {
    let record = osv(
        "MAL-2022-1471",
        &["GHSA-wvrr-2x4r-394v"],
        "npm",
        "bats-file",
        &ranges(&json!([{"introduced": "0"}])),
    );
    let db = Slice::new().osv("npm", &[record]).database();
    let found = on_language(&db, package(Ecosystem::Npm, "bats-file", "0.0.1-security"));
    assert_eq!(found[0].vulnerability.severity, Severity::Critical);
    assert_eq!(found[0].reason.rule, "[0, ∞); malicious package");
    assert!(
        found[0]
            .vulnerability
            .aliases
            .contains(&"MAL-2022-1471".to_owned())
    );
}

/// The built-in list knows little and says so as a whole; it makes no problem of each ecosystem.
#[test]
fn the_watchlist_is_never_blind_by_itself() {
    let db = Database::watchlist().expect("the list compiles");
    let log4j = package(
        Ecosystem::Maven,
        "org.apache.logging.log4j:log4j-core",
        "2.14.1",
    );
    let found = match_packages(
        &image(
            None,
            vec![log4j, package(Ecosystem::Npm, "left-pad", "1.3.0")],
        ),
        &db,
    );
    assert_eq!(found.problems, []);
    let flaw = found
        .matches
        .iter()
        .find(|found| found.vulnerability.id == "CVE-2021-44228")
        .expect("Log4Shell is in the list");
    assert!(flaw.vulnerability.known_exploited);
    assert!(flaw.vulnerability.title_zh.is_some());
    assert_eq!(flaw.vulnerability.worst_score(), Some(10.0));
}
