//! What holds for the records themselves, of whatever ecosystem.

use super::*;

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
    assert!(found[0].vulnerability.malicious);
    assert_eq!(found[0].reason.rule, "[0, ∞); malicious package");
    assert!(
        found[0]
            .vulnerability
            .aliases
            .contains(&"MAL-2022-1471".to_owned())
    );
}

/// A release that somebody took over is malware; those before and after it are not.
#[test]
fn t88_one_malicious_version_of_a_good_package() {
    let record = osv(
        "MAL-2025-1",
        &[],
        "npm",
        "chalk",
        &json!({"versions": ["5.6.1"]}),
    );
    let mut github = osv(
        "GHSA-aaaa-bbbb-cccc",
        &[],
        "npm",
        "left-pad",
        &ranges(&json!([{"introduced": "0"}])),
    );
    github["summary"] = json!("Malware in left-pad");
    let db = Slice::new().osv("npm", &[record, github]).database();
    let found = on_language(&db, package(Ecosystem::Npm, "chalk", "5.6.1"));
    assert!(found[0].vulnerability.malicious);
    assert_eq!(
        on_language(&db, package(Ecosystem::Npm, "chalk", "5.6.2")),
        []
    );
    let found = on_language(&db, package(Ecosystem::Npm, "left-pad", "1.3.0"));
    assert!(found[0].vulnerability.malicious);
}

/// A branch with a fix of its own is judged by that fix: 1.17 is affected although 1.16.11 is fixed and lower
/// than it, and 1.16.12 is not although 1.18.4 is higher.
#[test]
fn t83_each_branch_has_its_own_fix() {
    let events = json!([
        {"introduced": "0"}, {"fixed": "1.16.11"},
        {"introduced": "1.17.0"}, {"fixed": "1.17.9"},
        {"introduced": "1.18.0"}, {"fixed": "1.18.4"}
    ]);
    let record = osv("GHSA-1111-1111-1111", &[], "npm", "a", &ranges(&events));
    let db = Slice::new().osv("npm", &[record]).database();
    let ask = |version: &str| on_language(&db, package(Ecosystem::Npm, "a", version));
    let found = ask("1.17.2");
    assert_eq!(
        told(&found),
        [(
            "GHSA-1111-1111-1111",
            Applicability::Affected,
            "[1.17.0, 1.17.9)"
        )]
    );
    assert_eq!(
        found[0].fix,
        FixState::Fixed(vec!["1.17.9".to_owned(), "1.18.4".to_owned()]),
        "the nearest first, and none that is lower"
    );
    for version in ["1.16.12", "1.17.9", "1.18.4"] {
        assert_eq!(ask(version), [], "{version}");
    }
    let facts = image(None, vec![package(Ecosystem::Npm, "a", "1.16.12")]);
    let why = &candidates(&facts, 0, &db).matches[0];
    assert_eq!(
        why.reason.rule,
        "[0, 1.16.11) ∪ [1.17.0, 1.17.9) ∪ [1.18.0, 1.18.4)"
    );
}

/// A record names several packages of one project; those that it does not name are not affected, however alike.
#[test]
fn t84_only_the_packages_that_a_record_names() {
    let events = json!([{"introduced": "2.0"}, {"fixed": "2.15.0"}]);
    let record = osv(
        "GHSA-jfh8-c2jp-5v3q",
        &["CVE-2021-44228"],
        "Maven",
        "org.apache.logging.log4j:log4j-core",
        &ranges(&events),
    );
    let db = Slice::new().osv("Maven", &[record]).database();
    let ask = |name: &str| {
        let found = on_language(&db, package(Ecosystem::Maven, name, "2.14.1"));
        found.len()
    };
    assert_eq!(ask("org.apache.logging.log4j:log4j-core"), 1);
    assert_eq!(ask("org.apache.logging.log4j:log4j-api"), 0);
    assert_eq!(ask("org.apache.logging.log4j:log4j"), 0);
    assert_eq!(ask("log4j:log4j"), 0);
}

/// A flaw that is published after the image was read: the same facts, asked again, with another database.
#[test]
fn t90_facts_are_matched_anew() {
    let facts = image(None, vec![package(Ecosystem::Npm, "a", "1.0.0")]);
    let record = |id: &str| osv(id, &[], "npm", "a", &ranges(&json!([{"introduced": "0"}])));
    let before = Slice::new()
        .osv("npm", &[record("GHSA-1111-1111-1111")])
        .database();
    let after = Slice::new()
        .osv(
            "npm",
            &[record("GHSA-1111-1111-1111"), record("GHSA-2222-2222-2222")],
        )
        .database();
    assert_ne!(before.snapshot().id, after.snapshot().id);
    let count = |db: &Database| match_packages(&facts, db).matches.len();
    assert_eq!((count(&before), count(&after)), (1, 2));
}

/// A record that was taken back was perhaps so because its aliases were wrong: they join nothing.
#[test]
fn t77_t79_aliases_of_withdrawn_records_do_not_join() {
    let events = json!([{"introduced": "0"}]);
    let good = osv(
        "GHSA-1111-1111-1111",
        &["CVE-2024-1"],
        "npm",
        "a",
        &ranges(&events),
    );
    let mut wrong = osv(
        "GHSA-2222-2222-2222",
        &["CVE-2024-1"],
        "npm",
        "b",
        &ranges(&events),
    );
    wrong["withdrawn"] = json!("2024-02-02T00:00:00Z");
    let db = Slice::new()
        .osv("npm", &[good, wrong])
        .kev(&["CVE-2024-1"])
        .database();
    let found = on_language(&db, package(Ecosystem::Npm, "a", "1.0.0"));
    assert_eq!(found[0].vulnerability.id, "CVE-2024-1");
    assert!(found[0].vulnerability.known_exploited);
    assert_eq!(on_language(&db, package(Ecosystem::Npm, "b", "1.0.0")), []);
}

/// T86: the vendor's own state outweighs what others rate, and says why.
#[test]
fn t86_the_vendors_state_wins() {
    let db = Slice::new()
        .debian(&json!({"tool": {
            "CVE-2024-1": {"releases": {"bullseye": {"status": "resolved", "fixed_version": "0", "urgency": "unimportant"}}},
            "CVE-2024-2": {"releases": {"bullseye": {"status": "open", "urgency": "unimportant"}}},
            "CVE-2024-3": {"releases": {"bullseye": {"status": "open", "urgency": "end-of-life"}}},
            "CVE-2024-4": {"releases": {"bullseye": {"status": "open", "urgency": "low", "nodsa": "Minor issue", "nodsa_reason": "postponed"}}},
            "CVE-2024-5": {"releases": {"bullseye": {"status": "open", "urgency": "not yet assigned", "nodsa": "Intrusive", "nodsa_reason": "ignored"}}},
            "CVE-2024-6": {"releases": {"bullseye": {"status": "open", "urgency": "high**", "nodsa": "", "nodsa_reason": ""}}},
            "CVE-2024-7": {"releases": {"bullseye": {"status": "undetermined", "urgency": "not yet assigned"}}},
            "CVE-2024-8": {"releases": {"bullseye": {"status": "open", "fixed_version": "2.0", "urgency": "medium"}}}
        }}))
        .database();
    let found = on_debian(&db, package(Ecosystem::Deb, "tool", "1.0"));
    let states: Vec<_> = found
        .iter()
        .map(|one| {
            let flaw = &one.vulnerability;
            (
                flaw.id.as_str(),
                flaw.severity,
                one.reason.rule.as_str(),
                one.fix.clone(),
            )
        })
        .collect();
    assert_eq!(
        states,
        [
            (
                "CVE-2024-2",
                Severity::Negligible,
                "[0, ∞); unimportant",
                FixState::NotFixed
            ),
            (
                "CVE-2024-3",
                Severity::Unknown,
                "[0, ∞); end-of-life",
                FixState::WillNotFix
            ),
            (
                "CVE-2024-4",
                Severity::Low,
                "[0, ∞); postponed: Minor issue",
                FixState::NotFixed
            ),
            (
                "CVE-2024-5",
                Severity::Unknown,
                "[0, ∞); ignored: Intrusive",
                FixState::WillNotFix
            ),
            (
                "CVE-2024-6",
                Severity::High,
                "[0, ∞); no-dsa",
                FixState::NotFixed
            ),
            (
                "CVE-2024-7",
                Severity::Unknown,
                "undetermined",
                FixState::Unknown
            ),
            (
                "CVE-2024-8",
                Severity::Medium,
                "[0, 2.0)",
                FixState::NotFixed
            ),
        ]
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
