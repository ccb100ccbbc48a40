//! What holds for packages of languages.

use super::*;

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

/// Qualifiers order as Maven has it: what is older than a release, what is one, and words of a project's own.
#[test]
fn t58_qualifiers_of_maven() {
    let record = |name, fixed| {
        let events = json!([{"introduced": "0"}, {"fixed": fixed}]);
        osv(
            &format!("GHSA-{name}"),
            &[],
            "Maven",
            name,
            &ranges(&events),
        )
    };
    let records = [
        record("com.google.guava:guava", "32.0.0-android"),
        record("io.netty:netty-codec-http", "4.1.44.Final"),
        record("org.springframework:spring-web", "4.3.20.RELEASE"),
    ];
    let db = Slice::new().osv("Maven", &records).database();
    for (name, version, affected) in [
        ("com.google.guava:guava", "31.1-jre", true),
        ("com.google.guava:guava", "31.1-android", true),
        ("com.google.guava:guava", "32.0.0-jre", false),
        ("com.google.guava:guava", "32.0.0-android", false),
        ("io.netty:netty-codec-http", "4.1.43.Final", true),
        ("io.netty:netty-codec-http", "4.1.44.Beta1", true),
        ("io.netty:netty-codec-http", "4.1.44", false),
        ("io.netty:netty-codec-http", "4.1.44.Final-redhat-1", false),
        ("org.springframework:spring-web", "4.3.19.RELEASE", true),
        (
            "org.springframework:spring-web",
            "4.3.20.BUILD-SNAPSHOT",
            false,
        ),
        ("org.springframework:spring-web", "4.3.20-SNAPSHOT", true),
        ("org.springframework:spring-web", "4.3.20.RELEASE", false),
        ("org.springframework:spring-web", "4.3.20", false),
    ] {
        let found = on_language(&db, package(Ecosystem::Maven, name, version));
        assert_eq!(found.len(), usize::from(affected), "{name} {version}");
    }
}

/// Another artefact of the group has another history: `log4j-api` is not `log4j-core`.
#[test]
fn t55_an_artefact_is_matched_by_its_whole_name() {
    let events = ranges(&json!([{"introduced": "2.0"}, {"fixed": "2.15.0"}]));
    let record = osv(
        "GHSA-jfh8-c2jp-5v3q",
        &[],
        "Maven",
        "org.apache.logging.log4j:log4j-core",
        &events,
    );
    let db = Slice::new().osv("Maven", &[record]).database();
    for (name, matches) in [
        ("org.apache.logging.log4j:log4j-core", 1),
        ("org.apache.logging.log4j:log4j-api", 0),
        ("org.example:log4j-core", 0),
        ("log4j-core", 0),
    ] {
        assert_eq!(
            on_language(&db, package(Ecosystem::Maven, name, "2.14.1")).len(),
            matches,
            "{name}"
        );
    }
}

/// A library that is known by its classes alone has no version: every flaw of it is unknown, and none is passed
/// over.
#[test]
fn t54_a_package_without_a_version_is_unknown() {
    let name = "org.apache.logging.log4j:log4j-core";
    let record = |id, events| osv(id, &[], "Maven", name, &ranges(events));
    let records = [
        record(
            "GHSA-1111-1111-1111",
            &json!([{"introduced": "2.0-beta9"}, {"fixed": "2.15.0"}]),
        ),
        record("GHSA-2222-2222-2222", &json!([{"introduced": "0"}])),
    ];
    let db = Slice::new().osv("Maven", &records).database();
    let mut merged = package(Ecosystem::Maven, name, "");
    merged.fact.evidence = plimsoll_model::fact::EvidenceKind::Fingerprint;
    let found = on_language(&db, merged);
    assert_eq!(found[0].answer, Applicability::Unknown);
    let why = found[0].reason.unknown.as_deref();
    assert_eq!(why, Some("the installed version is not known"));
    assert_eq!(found[0].fix, FixState::Fixed(vec!["2.15.0".into()]));
    // What holds for every version holds for this one.
    assert_eq!(found[1].answer, Applicability::Affected);
}

/// The version of a main module that was built from a work tree is made of its commit: nobody can say which
/// releases it has. A module that others require has `v0.0.0` because it has no release before.
#[test]
fn t59_t62_main_modules_of_unknown_release_match_no_range() {
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

/// The modules of Kubernetes count from 0.x, the program that holds them from 1.x: each has its own ranges.
#[test]
fn t61_each_go_module_has_its_own_numbers() {
    let record = json!({"id": "GHSA-2222-2222-2222", "affected": [
        {"package": {"ecosystem": "Go", "name": "k8s.io/kubernetes"},
         "ranges": [{"type": "SEMVER", "events": [{"introduced": "0"}, {"fixed": "1.18.4"}]}]},
        {"package": {"ecosystem": "Go", "name": "k8s.io/client-go"},
         "ranges": [{"type": "SEMVER", "events": [{"introduced": "0"}, {"fixed": "0.17.3"}]}]},
    ]});
    let db = Slice::new().osv("Go", &[record]).database();
    for (name, version, matches) in [
        ("k8s.io/kubernetes", "v1.18.3", 1),
        ("k8s.io/kubernetes", "v1.18.4", 0),
        ("k8s.io/client-go", "v0.17.2", 1),
        ("k8s.io/client-go", "v0.22.0", 0),
        ("k8s.io/api", "v0.17.2", 0),
    ] {
        let found = on_language(&db, package(Ecosystem::Go, name, version));
        assert_eq!(found.len(), matches, "{name} {version}");
    }
}

/// `System.Net.Http` 4.3.0 has the file version 4.6.24705.1, which is above every fix and says nothing.
#[test]
fn t66_versions_of_files_of_assemblies_match_no_range() {
    let affected = ranges(&json!([{"introduced": "0"}, {"fixed": "4.3.4"}]));
    let name = "System.Net.Http";
    let record = osv("GHSA-7jgj-8wvc-jh57", &[], "NuGet", name, &affected);
    let db = Slice::new().osv("NuGet", &[record]).database();
    let ask = |version: &str, evidence: EvidenceKind| {
        let mut assembly = package(Ecosystem::Nuget, name, version);
        assembly.fact.evidence = evidence;
        let found = on_language(&db, assembly);
        found.iter().map(|one| one.answer).collect::<Vec<_>>()
    };
    let compiled = EvidenceKind::Compiled;
    assert_eq!(ask("4.6.24705.01", compiled), [Applicability::Unknown]);
    assert_eq!(ask("4.3.0", compiled), [Applicability::Affected]);
    assert_eq!(ask("4.3.4", compiled), []);
    assert_eq!(ask("4.6.24705.01", EvidenceKind::Installed), []);
}

/// A branch, a commit and the tag of a major version say no release; a release is judged.
#[test]
fn t74_actions_at_no_release_are_not_judged() {
    let affected = ranges(&json!([{"introduced": "0"}, {"fixed": "46.0.1"}]));
    let name = "tj-actions/changed-files";
    let record = osv(
        "GHSA-mrrh-fwg8-r2c3",
        &[],
        "GitHub Actions",
        name,
        &affected,
    );
    let db = Slice::new().osv("GitHub Actions", &[record]).database();
    for (version, judged) in [
        ("v45.0.7", true),
        ("45.0.7", true),
        ("v45", false),
        ("main", false),
        ("0e58ed8671d6b60d0890c21b07f8835ace038e67", false),
        ("release/v1.2", false),
    ] {
        let mut action = package(Ecosystem::Actions, name, version);
        action.fact.scope = Scope::Development;
        let found = match_packages(&image(None, vec![action]), &db);
        assert_eq!(found.matches.len(), usize::from(judged), "{version}");
        let effects: Vec<Effect> = found.problems.iter().map(|p| p.effect).collect();
        let expected: &[Effect] = if judged { &[] } else { &[Effect::Note] };
        assert_eq!(effects, expected, "{version}");
    }
}

/// What is needed only for development is no reason to be blind when its feed is missing.
#[test]
fn a_missing_feed_blinds_for_what_runs() {
    let all = ranges(&json!([{"introduced": "0"}]));
    let record = osv("GHSA-1111-1111-1111", &[], "npm", "a", &all);
    let db = Slice::new().osv("npm", &[record]).database();
    for (scope, effect) in [
        (Scope::Development, Effect::Note),
        (Scope::Runtime, Effect::Blind),
    ] {
        let mut gem = package(Ecosystem::Gem, "rake", "13.0.0");
        gem.fact.scope = scope;
        let found = match_packages(&image(None, vec![gem]), &db);
        assert_eq!(found.problems[0].effect, effect, "{scope:?}");
    }
}

/// Packages of R and Haskell, in the order of their own versions: `1.2-3` of R is `1.2.3`, and Haskell's `1.10` comes
/// after `1.9`.
#[test]
fn packages_of_r_and_haskell_are_judged() {
    let record = |id: &str, aliases: &[&str], ecosystem: &str, name: &str, fixed: &str| {
        let events = ranges(&json!([{"introduced": "0"}, {"fixed": fixed}]));
        osv(id, aliases, ecosystem, name, &events)
    };
    let db = Slice::new()
        .osv(
            "CRAN",
            &[record(
                "RSEC-2023-1",
                &["CVE-2023-1"],
                "CRAN",
                "commonmark",
                "1.8-1",
            )],
        )
        .osv(
            "Hackage",
            &[record(
                "HSEC-2023-1",
                &["CVE-2023-2"],
                "Hackage",
                "aeson",
                "1.10.0.0",
            )],
        )
        .database();
    for (ecosystem, name, version, rule) in [
        (Ecosystem::Cran, "commonmark", "1.8", Some("[0, 1.8-1)")),
        (Ecosystem::Cran, "commonmark", "1.8.1", None),
        (Ecosystem::Cran, "commonmark", "1.8-2", None),
        (
            Ecosystem::Hackage,
            "aeson",
            "1.9.0.0",
            Some("[0, 1.10.0.0)"),
        ),
        (Ecosystem::Hackage, "aeson", "1.10.0.0", None),
    ] {
        let found = on_language(&db, package(ecosystem, name, version));
        let rules: Vec<&str> = found.iter().map(|one| one.reason.rule.as_str()).collect();
        assert_eq!(rules, Vec::from_iter(rule), "{name} {version}");
    }
}
