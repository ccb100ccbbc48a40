//! Plimsoll's linter beside hadolint and Trivy on the corpus; `cargo xtask lint` writes what comes of it to
//! `docs/lint.md`.

use std::collections::BTreeSet;

use plimsoll_testkit::lint::{Comparison, Difference, corpus, without_peers};

/// What issue 5 asks of each rule.
const LEAST: f64 = 0.98;

#[test]
#[ignore = "the rules are being written"]
fn every_rule_as_the_peers() {
    let comparison = Comparison::of_corpus();
    assert!(comparison.files >= 300, "{} files", comparison.files);
    let open: Vec<String> = comparison.open.iter().map(Difference::row).collect();
    assert!(open.is_empty(), "nobody decided:\n{}", open.join("\n"));
    let stale = &comparison.stale;
    assert!(stale.is_empty(), "no difference:\n{}", stale.join("\n"));
    for ((peer, alias), counts) in &comparison.rules {
        assert!(counts.agreement() >= LEAST, "{peer:?} {alias}: {counts:?}");
    }
    for (difference, who) in &comparison.decided {
        assert_eq!(who, "ours", "put right what {} says", difference.row());
    }
}

#[test]
#[ignore = "the rules are being written"]
fn checks_of_buildkit_and_dockle_where_they_are_expected() {
    let expected: BTreeSet<String> = include_str!("expected.tsv")
        .lines()
        .skip(1)
        .map(str::to_owned)
        .collect();
    let found = without_peers();
    let missing: Vec<&String> = expected.difference(&found).collect();
    let more: Vec<&String> = found.difference(&expected).collect();
    assert!(
        missing.is_empty() && more.is_empty(),
        "not found: {missing:#?}\nfound besides: {more:#?}"
    );
}

#[test]
fn line_ends_and_marks_of_the_corpus_are_as_written() {
    let files = corpus::files();
    let has = |what: &str| files.iter().filter(|file| file.text.contains(what)).count();
    assert!(has("\r\n") >= 2 && has("\u{feff}") >= 2);
}
