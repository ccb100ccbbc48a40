//! Ignore files of peers that are empty, wrong, odd or huge: what is no such file is an error that names it, and a rule
//! that cannot be understood lays nothing aside and is told.

use plimsoll_testkit::program::{Program, Run};

const FLAW: &str = "CVE-2021-23337";
const NAMES: [&str; 5] = [
    ".trivyignore",
    ".trivyignore.yaml",
    ".grype.yaml",
    ".snyk",
    "osv-scanner.toml",
];

/// Scans a package with a flaw that the list knows which is compiled in.
fn scan(program: &Program, name: &str, bytes: impl AsRef<[u8]>) -> Run {
    let file = program.file(name, bytes);
    let file = file.to_str().expect("paths are text");
    let purl = "purl:pkg:npm/lodash@4.17.20";
    program.run([
        "scan",
        purl,
        "--offline",
        "-f",
        "json",
        "--ignore-file",
        file,
    ])
}

fn is_aside(run: &Run) -> bool {
    let report = run.json();
    let mut findings = report["findings"].as_array().expect("a list").iter();
    let found = findings.find(|finding| finding["rule"] == FLAW);
    found.expect("the flaw is known")["laidAside"] == true
}

fn notes(run: &Run) -> String {
    let report = run.json();
    let problems = report["problems"].as_array().expect("a list").iter();
    let of_policy = problems.filter(|problem| problem["stage"] == "policy");
    of_policy
        .map(|problem| problem["reason"].to_string())
        .collect()
}

#[test]
fn an_empty_file_lays_nothing_aside() {
    let program = Program::new(env!("CARGO_BIN_EXE_plimsoll"));
    for name in NAMES {
        for bytes in ["", "\n", "# nothing\n"] {
            let run = scan(&program, name, bytes);
            run.ends(0, &[]);
            assert!(!is_aside(&run) && notes(&run).is_empty(), "{name}: {run:?}");
        }
    }
}

#[test]
fn what_is_no_such_file_is_named() {
    let program = Program::new(env!("CARGO_BIN_EXE_plimsoll"));
    let huge = "# CVE-2021-23337 and more\n".repeat(400_000);
    for name in NAMES {
        for bytes in [&b"\xff\xfe\x00"[..], huge.as_bytes()] {
            let run = scan(&program, name, bytes);
            run.ends(4, &[&format!("{name}` cannot be used: ")]);
            assert!(run.stdout.is_empty());
        }
    }
    let deep = "[".repeat(1_000_000);
    let deep = format!("a: {deep}");
    for (name, text) in [
        (".trivyignore.yaml", "vulnerabilities:\n- id: [1]\n"),
        (".trivyignore.yaml", "vulnerabilities: {a: b}\n"),
        (".trivyignore.yaml", deep.as_str()),
        (".grype.yaml", "ignore:\n- vulnerability: [a]\n"),
        (".grype.yaml", deep.as_str()),
        (".snyk", "ignore:\n  CVE-2021-23337: 3\n"),
        (".snyk", deep.as_str()),
        ("osv-scanner.toml", "[[IgnoredVulns]]\nid = 3\n"),
        ("osv-scanner.toml", "[[IgnoredVulns]]\nreason = \"x\"\n"),
        ("osv-scanner.toml", deep.as_str()),
    ] {
        let run = scan(&program, name, text);
        run.ends(4, &[&format!("{name}` cannot be used: ")]);
        assert!(run.stdout.is_empty());
    }
}

/// A rule with an end that is none, or with a word that nobody knows, which may have been meant to end it.
#[test]
fn a_rule_that_is_not_understood_does_not_count() {
    let program = Program::new(env!("CARGO_BIN_EXE_plimsoll"));
    for (name, text, said) in [
        (".trivyignore", format!("{FLAW} exp:never"), "is no date"),
        (
            ".trivyignore",
            format!("{FLAW} exp:2020-01-01"),
            "have ended",
        ),
        (
            ".trivyignore.yaml",
            format!("vulnerabilities:\n- {{id: {FLAW}, expired_at: 5}}"),
            "`5` of `CVE-2021-23337` is no date",
        ),
        (
            ".trivyignore.yaml",
            format!("vulnerabilities:\n- {{id: {FLAW}, expires: 2020-01-01}}"),
            "`expires` of `CVE-2021-23337` is not known",
        ),
        (
            ".grype.yaml",
            format!("ignore:\n- {{vulnerability: {FLAW}, expires: 2020-01-01}}"),
            "`expires` cannot be asked here",
        ),
        (
            ".snyk",
            format!("ignore:\n  {FLAW}:\n  - '*': {{expires: never}}"),
            "`never` of `CVE-2021-23337` is no date",
        ),
        (
            ".snyk",
            format!("ignore:\n  {FLAW}:\n  - '*': {{expires: 2020-01-01T00:00:00Z}}"),
            "have ended",
        ),
        (
            "osv-scanner.toml",
            format!("[[IgnoredVulns]]\nid = \"{FLAW}\"\nignoreUntil = \"soon\""),
            "`ignoreUntil` of `CVE-2021-23337` is no date",
        ),
        (
            "osv-scanner.toml",
            format!("[[IgnoredVulns]]\nid = \"{FLAW}\"\nexpires = 2020-01-01"),
            "`expires` of `CVE-2021-23337` is not known",
        ),
    ] {
        let run = scan(&program, name, &text);
        run.ends(0, &[]);
        assert!(!is_aside(&run), "{name}: {text}");
        let told = notes(&run);
        assert!(told.contains(said), "{name}: {text}: {told}");
    }
    // The same without what is wrong with them.
    for (name, text) in [
        (".trivyignore", FLAW.to_owned()),
        (
            ".trivyignore.yaml",
            format!("vulnerabilities:\n- id: {FLAW}"),
        ),
        (
            "osv-scanner.toml",
            format!("[[IgnoredVulns]]\nid = \"{FLAW}\""),
        ),
        (
            ".snyk",
            format!("ignore:\n  {FLAW}:\n  - '*': {{reason: x}}"),
        ),
    ] {
        assert!(is_aside(&scan(&program, name, &text)), "{name}");
    }
}
