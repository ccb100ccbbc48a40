//! Flaws that bear several CVE ids: what is said of one of them does not lay aside the others.

use plimsoll_testkit::image::zip;
use plimsoll_testkit::program::Program;
use serde_json::{Value, json};

fn text(path: &std::path::Path) -> String {
    path.to_str().expect("paths are text").to_owned()
}

/// `RustSec` has one record for what two CVE ids are about; a statement on one of them says nothing of the other.
const FIRST: &str = "CVE-2019-25008";
const SECOND: &str = "CVE-2020-25574";
const PURL: &str = "purl:pkg:cargo/http@0.1.19";

/// The program with a database that holds the record.
fn bench() -> (Program, String) {
    let program = Program::new(env!("CARGO_BIN_EXE_plimsoll"));
    let record = json!({
        "id": "RUSTSEC-2019-0033",
        "aliases": [FIRST, SECOND, "GHSA-x7vr-c387-8w57", "GHSA-xvc9-xwgj-4cq9"],
        "modified": "2023-06-13T13:10:24Z",
        "severity": [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H"}],
        "affected": [{
            "package": {"ecosystem": "crates.io", "name": "http"},
            "ranges": [{"type": "SEMVER", "events": [{"introduced": "0.0.0-0"}, {"fixed": "0.1.20"}]}],
        }],
    });
    let member = (
        "RUSTSEC-2019-0033.json".to_owned(),
        record.to_string().into_bytes(),
    );
    let feeds = program.folder().join("feeds");
    let folder = feeds.join("osv/crates.io");
    std::fs::create_dir_all(&folder).expect("the folder can be made");
    std::fs::write(folder.join("all.zip"), zip(&[member])).expect("the feed can be written");
    let feeds = text(&feeds);
    let db = text(&program.folder().join("http.db"));
    let run = program.run(["db", "build", "--from", &feeds, "--out", &db]);
    run.ends(0, &["osv/crates.io: 1 records"]);
    (program, db)
}

#[test]
#[allow(clippy::too_many_lines, reason = "a table of statements")]
fn a_flaw_of_two_cve_ids_needs_a_word_on_both() {
    let (program, db) = bench();
    let statement = |ids: &[&str], status: &str, day: &str| {
        json!({
            "vulnerability": {"name": ids[0], "aliases": ids[1..]},
            "products": [{"@id": "pkg:cargo/http"}],
            "status": status,
            "impact_statement": "no map grows",
            "timestamp": day,
        })
    };
    let one = |ids: &[&str]| statement(ids, "not_affected", "2024-01-01T00:00:00Z");
    let affected = |ids: &[&str], day: &str| statement(ids, "affected", day);
    for (statements, counts, said) in [
        (vec![one(&[FIRST])], false, "other CVE ids too"),
        (vec![one(&[SECOND])], false, "other CVE ids too"),
        (
            vec![one(&["RUSTSEC-2019-0033"])],
            false,
            "other CVE ids too",
        ),
        (vec![one(&[FIRST]), one(&[SECOND])], true, ""),
        (vec![one(&[FIRST, SECOND])], true, ""),
        (
            vec![
                one(&[FIRST, SECOND]),
                affected(&[SECOND], "2024-02-01T00:00:00Z"),
            ],
            false,
            "",
        ),
        (
            vec![
                one(&[FIRST, SECOND]),
                affected(&[SECOND], "2023-02-01T00:00:00Z"),
            ],
            true,
            "",
        ),
        (
            vec![one(&[FIRST]), affected(&[SECOND], "2023-02-01T00:00:00Z")],
            false,
            "",
        ),
    ] {
        let document = json!({
            "@context": "https://openvex.dev/ns/v0.2.0",
            "author": "team@example.org",
            "statements": statements,
        });
        let file = text(&program.file("two.json", document.to_string()));
        let run = program.run(["scan", PURL, "-f", "json", "--db", &db, "--vex", &file]);
        run.ends(0, &[]);
        let report = run.json();
        let finding = &report["findings"][0];
        assert_eq!(finding["laidAside"], counts, "{document}");
        let problems = report["problems"].as_array().expect("a list").iter();
        let notes: Vec<&Value> = problems
            .filter(|problem| problem["stage"] == "policy")
            .map(|problem| &problem["reason"])
            .collect();
        let notes = json!(notes).to_string();
        assert_eq!(notes == "[]", said.is_empty(), "{document}: {notes}");
        assert!(notes.contains(said), "{document}: {notes}");
    }
}

/// Nor does who accepts one in the policy answer for the other: each is accepted, or the record. Either id of GitHub is
/// about one of the two, and nobody knows which.
#[test]
fn who_accepts_one_cve_id_does_not_accept_the_other() {
    let (program, db) = bench();
    let assess = |accepted: &[&str]| {
        let row = |rule: &&str| {
            format!(
                "[[accept]]\nrule = \"{rule}\"\nowner = \"ops\"\nreason = \"b\"\nuntil = \"2999-01-01\"\n"
            )
        };
        let policy: String = accepted.iter().map(row).collect();
        let policy = text(&program.file("policy.toml", policy));
        let words = [
            "assess", PURL, "-f", "json", "--db", &db, "--policy", &policy,
        ];
        let verdict = program.run(words).json()["verdict"].clone();
        let mut vetoes = verdict["vetoes"].as_array().expect("a list").iter();
        let veto = vetoes.find(|veto| veto["id"] == "severe-flaw");
        let fails = veto.expect("it is there")["answer"] == "fail";
        (fails, verdict.to_string())
    };
    let part = |rule: &str, others: &str| {
        format!(
            "the acceptance of `{rule}` by ops does not cover a flaw that also is {others}, which nobody accepts"
        )
    };
    for (accepted, said) in [
        (vec![FIRST], vec![part(FIRST, SECOND)]),
        (vec![SECOND], vec![part(SECOND, FIRST)]),
        (
            vec![FIRST, "CVE-1999-0001"],
            vec![
                part(FIRST, SECOND),
                "the acceptance of `CVE-1999-0001` by ops matches nothing".to_owned(),
            ],
        ),
        (
            vec!["GHSA-x7vr-c387-8w57"],
            vec![part(
                "GHSA-x7vr-c387-8w57",
                "CVE-2019-25008, CVE-2020-25574",
            )],
        ),
    ] {
        let (fails, told) = assess(&accepted);
        assert!(fails, "{accepted:?}");
        for line in said {
            assert!(told.contains(&line), "{line}: {told}");
        }
    }
    for accepted in [vec![FIRST, SECOND], vec!["RUSTSEC-2019-0033"]] {
        let (fails, told) = assess(&accepted);
        assert!(!fails, "{accepted:?}");
        assert!(!told.contains("does not cover"), "{told}");
    }
}

/// The same holds for rules of the ignore files of peers, to which the two are two findings.
#[test]
fn a_rule_of_a_peer_about_one_cve_id_leaves_the_other() {
    let (program, db) = bench();
    for (name, rules, counts) in [
        (".trivyignore", FIRST.to_owned(), false),
        (".trivyignore", SECOND.to_owned(), false),
        (".trivyignore", format!("{FIRST}\n{SECOND}"), true),
        (
            ".grype.yaml",
            "ignore:\n- vulnerability: GHSA-x7vr-c387-8w57\n".to_owned(),
            false,
        ),
        (
            ".grype.yaml",
            "ignore:\n- package: {name: http}\n".to_owned(),
            true,
        ),
        (
            "osv-scanner.toml",
            format!("[[IgnoredVulns]]\nid = \"{FIRST}\"\n"),
            false,
        ),
        (
            "osv-scanner.toml",
            "[[IgnoredVulns]]\nid = \"RUSTSEC-2019-0033\"\n".to_owned(),
            true,
        ),
        (
            ".snyk",
            format!("ignore:\n  {FIRST}:\n  - '*': {{reason: none}}\n"),
            false,
        ),
    ] {
        let file = text(&program.file(name, &rules));
        let words = [
            "scan",
            PURL,
            "-f",
            "json",
            "--db",
            &db,
            "--ignore-file",
            &file,
        ];
        let run = program.run(words);
        run.ends(0, &[]);
        let report = run.json();
        assert_eq!(
            report["findings"][0]["laidAside"], counts,
            "{name}: {rules}"
        );
        let told = report["problems"].to_string();
        assert_eq!(
            told.contains("other CVE ids too"),
            !counts,
            "{name}: {told}"
        );
    }
}

/// What is decided of one CVE id is written of that one alone, and what is written of each is read again.
#[test]
fn a_decision_about_one_cve_id_is_written_of_that_one() {
    let (program, db) = bench();
    let decide = |ids: &[&str]| {
        let words = ["vex", PURL];
        let rest = [
            "--status",
            "not_affected",
            "--reason",
            "no map grows",
            "--author",
            "team@example.org",
            "--db",
            &db,
        ];
        program.run([&words[..], ids, &rest[..]].concat())
    };
    let one = decide(&[SECOND]);
    one.ends(
        0,
        &["also is CVE-2019-25008, of which this document says nothing"],
    );
    assert_eq!(
        one.json()["statements"][0]["vulnerability"],
        json!({"name": SECOND})
    );
    let whole = decide(&["RUSTSEC-2019-0033"]);
    let named = &whole.json()["statements"][0]["vulnerability"];
    assert!(named.to_string().contains(FIRST) && named.to_string().contains(SECOND));
    let both = decide(&[FIRST, SECOND]);
    for (run, counts) in [(one, false), (whole, true), (both, true)] {
        let file = text(&program.file("own.json", run.text()));
        let words = ["scan", PURL, "-f", "json", "--db", &db, "--vex", &file];
        let report = program.run(words).json();
        assert_eq!(report["findings"][0]["laidAside"], counts, "{}", run.text());
        assert_eq!(
            run.stderr.contains("says nothing"),
            !counts,
            "{}",
            run.stderr
        );
    }
}
