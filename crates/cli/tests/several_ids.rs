//! Flaws that bear several CVE ids: what is said of one of them does not lay aside the others.

use plimsoll_testkit::image::zip;
use plimsoll_testkit::program::Program;
use serde_json::{Value, json};

fn text(path: &std::path::Path) -> String {
    path.to_str().expect("paths are text").to_owned()
}

/// `RustSec` has one record for what two CVE ids are about; a statement on one of them says nothing of the other.
#[test]
#[allow(clippy::too_many_lines, reason = "a table of statements")]
fn a_flaw_of_two_cve_ids_needs_a_word_on_both() {
    const FIRST: &str = "CVE-2019-25008";
    const SECOND: &str = "CVE-2020-25574";
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
        let run = program.run([
            "scan",
            "purl:pkg:cargo/http@0.1.19",
            "-f",
            "json",
            "--db",
            &db,
            "--vex",
            &file,
        ]);
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
    // Nor does who accepts it in the policy.
    let severe = |accepted: &[&str]| {
        let row = |rule: &&str| {
            format!(
                "[[accept]]\nrule = \"{rule}\"\nowner = \"a\"\nreason = \"b\"\nuntil = \"2999-01-01\"\n"
            )
        };
        let policy: String = accepted.iter().map(row).collect();
        let policy = text(&program.file("policy.toml", policy));
        let run = program.run([
            "assess",
            "purl:pkg:cargo/http@0.1.19",
            "-f",
            "json",
            "--db",
            &db,
            "--policy",
            &policy,
        ]);
        let vetoes = run.json()["verdict"]["vetoes"].clone();
        let mut vetoes = vetoes.as_array().expect("a list").iter();
        let veto = vetoes.find(|veto| veto["id"] == "severe-flaw");
        veto.expect("it is there")["answer"] == "fail"
    };
    assert!(severe(&[FIRST]));
    assert!(severe(&[SECOND]));
    assert!(severe(&[FIRST, "CVE-1999-0001"]));
    assert!(!severe(&[FIRST, SECOND]));
    assert!(!severe(&["RUSTSEC-2019-0033"]));
}
