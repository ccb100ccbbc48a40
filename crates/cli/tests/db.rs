//! `plimsoll db`: a database from feeds to a registry, into another cache, and the questions that it answers.

use std::fs;
use std::path::Path;

use plimsoll_testkit::program::Program;
use plimsoll_testkit::registry::{Guard, RealRegistry};
use plimsoll_testkit::{shared, workspace};

fn text(path: &Path) -> &str {
    path.to_str().expect("a path of the test is UTF-8")
}

fn program() -> Program {
    Program::new(env!("CARGO_BIN_EXE_plimsoll"))
}

/// Builds a database of some feeds, laid out as in the shared folder.
fn build(program: &Program, files: &[&str]) -> std::path::PathBuf {
    let mirror = program.folder().join("mirror");
    for file in files {
        let to = mirror.join(file);
        fs::create_dir_all(to.parent().expect("a folder")).expect("a folder can be made");
        fs::copy(shared().join("feeds").join(file), to).expect("a feed can be copied");
    }
    let out = program.folder().join("own.db");
    let run = program.run(["db", "build", "--from", text(&mirror), "--out", text(&out)]);
    run.ends(0, &[]);
    out
}

#[test]
fn a_database_goes_through_a_registry() {
    let registry = RealRegistry::start(Guard::Nothing);
    let name = registry.name("team/advisories:latest");
    let keys = workspace().join("crates/trust/fixtures");
    let (secret, public) = (keys.join("ed25519.pem"), keys.join("ed25519.pub"));
    let publisher = program();
    let db = build(&publisher, &["kev/known_exploited_vulnerabilities.json"]);
    let push = ["db", "push", &name, "--sign-key", text(&secret)];
    publisher.run(push).ends(2, &["no database"]);
    let with_db = push.into_iter().chain(["--db", text(&db)]);
    publisher
        .run(with_db)
        .ends(0, &["pushed sha256:", "sha256:"]);

    let reader = program();
    let untrusting = [
        "none is built in",
        "`--key`",
        "`PLIMSOLL_DB_KEY`",
        "`plimsoll db update`",
    ];
    reader.run(["db", "pull", &name]).ends(2, &untrusting);
    let by_variable = |key: &Path| {
        let variables = [("PLIMSOLL_DB_KEY", text(key))];
        reader.run_with(["db", "pull", &name], &variables, b"")
    };
    let other = keys.join("p256.pub");
    let pull = |key: &Path| reader.run(["db", "pull", &name, "--key", text(key)]);
    pull(&other).ends(4, &["refused", "trusted key"]);
    pull(&secret).ends(4, &["cannot trust", "PUBLIC KEY"]);
    by_variable(&other).ends(4, &["refused", "trusted key"]);
    let nowhere = Path::new("no-such.pub");
    by_variable(nowhere).ends(4, &["cannot read `no-such.pub`"]);
    by_variable(&public).ends(0, &["pulled sha256:", "valid until"]);
    pull(&public).ends(0, &["pulled sha256:", "valid until"]);
    let status = reader.run(["db", "status", "-f", "json"]).json();
    let snapshot = &status["snapshot"];
    let expires: jiff::Timestamp = snapshot["expires"]
        .as_str()
        .and_then(|text| text.parse().ok())
        .expect("the publisher's date");
    let days = (expires.as_second() - jiff::Timestamp::now().as_second()) / 86_400;
    assert!((6..=7).contains(&days), "{expires}");
    let own = publisher
        .run(["db", "status", "-f", "json", "--db", text(&db)])
        .json();
    assert_eq!(own["snapshot"]["id"], snapshot["id"]);
    assert_ne!(own["snapshot"]["expires"], snapshot["expires"]);

    // By its id.
    let id = snapshot["id"].as_str().expect("an id");
    reader.run(["db", "status", "--db", id]).ends(0, &[]);
    let nowhere = format!("sha256:{}", "0".repeat(64));
    reader
        .run(["db", "status", "--db", &nowhere])
        .ends(4, &[&nowhere]);
}

#[test]
fn questions_are_answered() {
    let program = program();
    let db = build(
        &program,
        &[
            "osv/npm/all.zip",
            "samples/debian/tracker-excerpt.json",
            "kev/known_exploited_vulnerabilities.json",
        ],
    );
    let search = |args: &[&str]| {
        let args = args.iter().copied().chain(["--db", text(&db)]);
        program.run(["db", "search"].into_iter().chain(args))
    };
    let run = search(&["lodash"]);
    assert_eq!(run.code, 0, "{run:?}");
    let line = run
        .text()
        .lines()
        .find(|line| line.contains("CVE-2021-23337"));
    let line = line.expect("the known flaw of lodash");
    assert!(
        line.starts_with("npm") && line.contains("4.17.21)"),
        "{line}"
    );
    let json = search(&["CVE-2021-23337", "-f", "json"]).json();
    assert_eq!(json["flaws"][0]["id"], "CVE-2021-23337", "{json}");
    let small = search(&["cve-2021-23337", "-f", "json"]).json();
    assert_eq!(small["flaws"], json["flaws"]);
    let by_alias = json["flaws"][0]["aliases"][0]
        .as_str()
        .expect("an alias")
        .to_owned();
    let json = search(&[&by_alias, "-f", "json"]).json();
    assert_eq!(json["flaws"][0]["id"], "CVE-2021-23337", "{json}");
    assert_eq!(search(&["lodash", "--ecosystem", "Debian"]).text(), "");
    search(&["no-such-thing"]).ends(0, &["knows nothing of `no-such-thing`"]);
}

#[test]
fn packages_are_judged_without_an_image() {
    let program = program();
    let db = build(
        &program,
        &["osv/npm/all.zip", "osv/PyPI/all.zip", "debian/tracker.json"],
    );
    let list = "# what we ship\npkg:npm/lodash@4.17.20\n\npkg:pypi/jinja2@2.11.2\npkg:npm/lodash@4.17.21\n";
    let list = program.file("packages.txt", list);
    let list = format!("purls:{}", text(&list));
    let debian =
        "purl:pkg:deb/debian/libssl1.1@1.1.1n-0%2Bdeb11u3?upstream=openssl&distro=debian-11";
    let flaws = |what: &str| {
        let run = program.run(["scan", what, "-f", "json", "--db", text(&db), "--offline"]);
        assert_eq!(run.code, 0, "{run:?}");
        let found = run.json()["findings"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        let ids = found.iter().map(|finding| {
            let purl = finding["package"]["purl"].as_str().unwrap_or_default();
            let id = finding["vulnerability"]["id"].as_str().unwrap_or_default();
            format!("{purl} {id}")
        });
        ids.collect::<Vec<_>>().join("\n")
    };
    for (what, has, has_not) in [
        ("pkg:npm/lodash@4.17.20", "CVE-2021-23337", "CVE-2019-10744"),
        (
            "purl:pkg:npm/lodash@4.17.20",
            "CVE-2021-23337",
            "CVE-2019-10744",
        ),
        (
            list.as_str(),
            "jinja2@2.11.2 CVE-2020-28493",
            "lodash@4.17.21 CVE-2021-23337",
        ),
        (debian, "CVE-2022-4450", "CVE-2022-0778"),
    ] {
        let found = flaws(what);
        assert!(
            found.contains(has) && !found.contains(has_not),
            "{what}: {found}"
        );
    }
    program
        .run(["scan", "purl:lodash"])
        .ends(2, &["`lodash` is not a package URL"]);
}
