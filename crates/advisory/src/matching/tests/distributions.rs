//! What holds for packages of distributions.

use super::*;

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

/// The tracker tells no day of a fix; the list of advisories does, for the versions that it names. Nobody tells it
/// of fixes that came with a point release, nor Alpine of any.
#[test]
fn fixes_of_debian_have_the_day_of_their_advisory() {
    let fixed = |version: &str| {
        json!({"releases": {"bullseye": {
            "status": "resolved", "fixed_version": version, "urgency": "not yet assigned"}}})
    };
    let list = "\
[07 Feb 2023] DSA-5343-1 pkg - security update
	{CVE-2023-0001}
	[bullseye] - pkg 2.0-1+deb11u2
[09 Mar 2023] DSA-5343-2 pkg - regression update
	[bullseye] - pkg 2.0-1+deb11u3
[10 Mar 2023] DSA-5344-1 other - security update
	{CVE-2023-0003}
	[bullseye] - other 2.0-1+deb11u4
";
    let secdb = json!([{"pkg": {"name": "pkg", "secfixes": {"2.0-r1": ["CVE-2023-0001"]}}}]);
    let db = Slice::new()
        .debian(&json!({"pkg": {
            "CVE-2023-0001": fixed("2.0-1+deb11u2"),
            "CVE-2023-0002": fixed("2.0-1+deb11u3"),
            "CVE-2023-0003": fixed("2.0-1+deb11u4"),
        }}))
        .document("debian-advisories", "DSA", list.as_bytes())
        .secdb("v3.20", &secdb)
        .database();
    let since = |found: &[PackageMatch]| -> Vec<(String, Option<String>)> {
        let day = |found: &PackageMatch| Some(found.fix_since?.strftime("%Y-%m-%d").to_string());
        let told = found
            .iter()
            .map(|one| (one.vulnerability.id.clone(), day(one)));
        told.collect()
    };
    let found = on_debian(
        &db,
        built(Ecosystem::Deb, ("pkg", "2.0-1"), ("pkg", "2.0-1")),
    );
    let day = |id: &str, day: Option<&str>| (id.to_owned(), day.map(str::to_owned));
    assert_eq!(
        since(&found),
        [
            day("CVE-2023-0001", Some("2023-02-07")),
            day("CVE-2023-0002", Some("2023-03-09")),
            // The version is one of another package.
            day("CVE-2023-0003", None),
        ]
    );
    let installed = built(Ecosystem::Apk, ("pkg", "2.0-r0"), ("pkg", "2.0-r0"));
    let alpine = match_packages(&image(Some(("alpine", "3.20.1")), vec![installed]), &db);
    assert_eq!(since(&alpine.matches), [day("CVE-2023-0001", None)]);
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
            Some(("parrot", "6.1")),
            "no advisories for the distribution `parrot`",
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

/// A program that says as which package it was built is judged by the distribution that it names.
#[test]
fn notes_of_programs_are_judged_by_their_own_distribution() {
    let db = openssl();
    let noted = |id: &str, version: &str| {
        let mut package = built(
            Ecosystem::Deb,
            ("openssl", "1.1.1n-0+deb11u3"),
            ("openssl", "1.1.1n-0+deb11u3"),
        );
        package.fact.evidence = EvidenceKind::Compiled;
        package.fact.distribution = Some(Distribution {
            id: id.to_owned(),
            version: version.to_owned(),
        });
        package
    };
    let facts = image(Some(("alpine", "3.22.1")), vec![noted("debian", "11")]);
    assert_eq!(match_packages(&facts, &db).matches.len(), 1);
    let facts = image(Some(("debian", "11")), vec![noted("other", "1")]);
    let judged = match_packages(&facts, &db);
    assert_eq!(judged.matches, []);
    let effects = judged.problems.iter().map(|problem| problem.effect);
    assert_eq!(effects.collect::<Vec<_>>(), [Effect::Gap]);
}

/// What lies in the image as a file and is not installed harms nobody; it is told, and is neither judged nor a blind spot,
/// on a distribution that nobody knows too.
#[test]
fn files_of_packages_are_told_and_not_judged() {
    let db = openssl();
    let lying = |evidence: EvidenceKind| {
        let version = "1.1.1n-0+deb11u3";
        let mut package = built(Ecosystem::Deb, ("openssl", version), ("openssl", version));
        package.fact.evidence = evidence;
        package
    };
    for os in [Some(("debian", "11")), Some(("other", "1")), None] {
        let facts = image(os, vec![lying(EvidenceKind::Archived)]);
        let judged = match_packages(&facts, &db);
        assert_eq!(judged.matches, []);
        assert_eq!(judged.judged, Judged::default());
        let [problem] = judged.problems.as_slice() else {
            panic!("{:#?}", judged.problems)
        };
        assert_eq!(problem.effect, Effect::Note);
        assert!(
            problem.reason.contains("openssl 1.1.1n-0+deb11u3"),
            "{problem:?}"
        );
    }
    let facts = image(Some(("debian", "11")), vec![lying(EvidenceKind::Installed)]);
    assert_eq!(match_packages(&facts, &db).matches.len(), 1);
}

/// A derivative has no advisories of its own: those of the relative show what may be wrong, and no more.
#[test]
fn t37_a_derivative_is_judged_by_likeness() {
    let db = openssl();
    let ask = |id: &str, version: &str, installed: &str| {
        let installed = built(
            Ecosystem::Deb,
            ("libssl1.1", installed),
            ("openssl", installed),
        );
        match_packages(&image(Some((id, version)), vec![installed]), &db)
    };
    let old = ask("raspbian", "11", "1.1.1n-0+deb11u3");
    assert_eq!(
        told(&old.matches),
        [(
            "CVE-2023-0286",
            Applicability::Unknown,
            "[0, 1.1.1n-0+deb11u4)"
        )]
    );
    assert_eq!(
        old.matches[0].reason.unknown.as_deref(),
        Some("by likeness to Debian:11, where it is in [0, 1.1.1n-0+deb11u4)")
    );
    // Nothing found proves nothing.
    let fixed = ask("raspbian", "11", "1.1.1n-0+deb11u4");
    assert_eq!(fixed.matches, []);
    for found in [old, fixed] {
        assert_eq!(found.problems.len(), 1);
        assert_eq!(found.problems[0].effect, Effect::Blind);
        assert!(
            found.problems[0]
                .reason
                .contains("those of Debian:11 were used")
        );
    }
    // A release of which there are no advisories, and one that is like none.
    for (id, version) in [("raspbian", "10"), ("kali", "2024.1"), ("gentoo", "2.14")] {
        let none = ask(id, version, "1.1.1n-0+deb11u3");
        assert_eq!(none.matches, [], "{id}");
        assert_eq!(none.problems[0].effect, Effect::Blind);
        assert!(none.problems[0].reason.contains("no advisories"), "{id}");
    }
}

/// A package of another repository has other versions: the distribution's advisories say nothing of it.
#[test]
fn t10_packages_of_others_are_a_gap() {
    let db = openssl();
    let version = "1.1.1n-1~bullseye";
    let mut theirs = built(Ecosystem::Deb, ("libssl1.1", version), ("openssl", version));
    theirs.fact.maker = Some("Docker <support@docker.com>".into());
    let own = built(
        Ecosystem::Deb,
        ("openssl", "1.1.1n-0+deb11u3"),
        ("openssl", "1.1.1n-0+deb11u3"),
    );
    let facts = image(Some(("debian", "11")), vec![theirs, own]);
    let found = match_packages(&facts, &db);
    assert_eq!(found.matches.len(), 1);
    assert_eq!(found.matches[0].package, 1);
    assert_eq!((found.judged.judged, found.judged.blind), (1, 1));
    let [problem] = found.problems.as_slice() else {
        panic!("{:?}", found.problems);
    };
    assert_eq!(problem.effect, Effect::Gap);
    assert_eq!(problem.subject, "packages of Docker");
    assert!(problem.reason.ends_with("cannot be judged: `libssl1.1`"));
}

/// A newer version that somebody built for an older release is judged by its number, for nothing else is known of it;
/// one of a known maker of packages is not judged at all (T10).
#[test]
fn t11_a_newer_version_on_an_older_release() {
    let db = openssl();
    let newer = || {
        let version = "3.5.0-1";
        built(Ecosystem::Deb, ("libssl1.1", version), ("openssl", version))
    };
    assert_eq!(on_debian(&db, newer()), []);
    let mut theirs = newer();
    theirs.fact.maker = Some("Docker <support@docker.com>".into());
    let facts = image(Some(("debian", "11")), vec![theirs]);
    let found = match_packages(&facts, &db);
    assert_eq!((found.judged.judged, found.judged.blind), (0, 1));
}

/// An epoch weighs more than all that follows; a version without one has the epoch 0.
#[test]
fn t3_an_epoch_that_is_absent_is_zero() {
    let record = osv(
        "ALSA-2022:2",
        &["CVE-2022-0778"],
        "AlmaLinux:8",
        "openssl",
        &ranges(&json!([{"introduced": "0"}, {"fixed": "1:1.1.1k-6.el8_5"}])),
    );
    let db = Slice::new().osv("AlmaLinux", &[record]).database();
    for (version, affected) in [
        ("1:1.1.1k-5.el8_5", true),
        ("1:1.1.1k-6.el8_5", false),
        ("0:3.0.7-1.el8", true),
        ("3.0.7-1.el8", true),
        ("2:1.0-1.el8", false),
    ] {
        let installed = package(Ecosystem::Rpm, "openssl", version);
        let facts = image(Some(("almalinux", "8.6")), vec![installed]);
        let found = match_packages(&facts, &db).matches;
        assert_eq!(!found.is_empty(), affected, "{version}");
    }
}

/// What a vendor will not repair is still there.
#[test]
fn t9_what_will_not_be_fixed_is_still_affected() {
    let db = states();
    let found = on_debian(&db, built(Ecosystem::Deb, ("pkg", "1.0"), ("pkg", "1.0")));
    for id in ["CVE-2020-0003", "CVE-2020-0004"] {
        let one = found.iter().find(|one| one.vulnerability.id == id);
        let one = one.expect("it is told");
        assert_eq!(one.answer, Applicability::Affected, "{id}");
        assert_eq!(one.fix, FixState::WillNotFix, "{id}");
    }
}

/// What no container runs is not judged, and that is no gap: a kernel that no package brought, an application for
/// macOS. A driver beside the kernel is one.
#[test]
fn t72_a_kernel_without_a_package_is_no_gap() {
    let db = Slice::new().database();
    let of = |name: &str, analyzer: &str| {
        let mut package = package(Ecosystem::Generic, name, "6.1.0");
        analyzer.clone_into(&mut package.analyzer);
        package
    };
    for (name, analyzer, effect) in [
        ("linux-kernel", "binary/kernel", Effect::Note),
        ("terminal-notifier", "lang/app-bundle", Effect::Note),
        ("nvidia", "binary/kernel-module", Effect::Gap),
    ] {
        let one = of(name, analyzer);
        let found = match_packages(&image(Some(("debian", "11")), vec![one]), &db);
        assert_eq!(found.matches, []);
        let blind = usize::from(effect == Effect::Gap);
        assert_eq!(found.judged.blind, blind, "{name}");
        let effects: Vec<Effect> = found
            .problems
            .iter()
            .map(|problem| problem.effect)
            .collect();
        assert_eq!(effects, [effect], "{name}: {:?}", found.problems);
    }
}

/// The headers of the kernel have no flaw that a container could show; the tools beside them do.
#[test]
fn t33_headers_of_the_kernel_are_not_the_kernel() {
    let db = Slice::new()
        .debian(
            &json!({"linux": {"CVE-2024-0001": {"releases": {"bullseye": {
            "status": "open", "urgency": "not yet assigned"}}}}}),
        )
        .database();
    let of = |name: &str| built(Ecosystem::Deb, (name, "5.10.1-1"), ("linux", "5.10.1-1"));
    let facts = image(
        Some(("debian", "11")),
        vec![of("linux-libc-dev"), of("linux-perf")],
    );
    let found = match_packages(&facts, &db);
    assert_eq!(found.matches.len(), 1);
    assert_eq!(found.matches[0].package, 1);
    assert_eq!(found.problems.len(), 1);
    assert_eq!(found.problems[0].effect, Effect::Note);
    assert_eq!(found.problems[0].subject, "linux-libc-dev");
    let all = candidates(&facts, 0, &db).matches;
    assert_eq!(
        told(&all),
        [(
            "CVE-2024-0001",
            Applicability::NotAffected,
            "∅ (the kernel of the host runs); [0, ∞)"
        )]
    );
}
