//! Plimsoll's linter beside hadolint and Trivy on the corpus; `cargo xtask lint` writes what comes of it to
//! `docs/lint.md`.

use std::collections::BTreeSet;

use plimsoll_testkit::lint::{Comparison, Difference, corpus, without_peers};

/// What issue 5 asks of each rule.
const LEAST: f64 = 0.98;

/// Every rule of hadolint 2.15.1 and every Dockerfile check of Trivy 0.76: first and last number of a run of ids.
const IDS: &[(&str, u32, u32)] = &[
    ("DL", 1001, 1001),
    ("DL", 3000, 3004),
    ("DL", 3006, 3016),
    ("DL", 3018, 3030),
    ("DL", 3032, 3038),
    ("DL", 3040, 3067),
    ("DL", 4000, 4001),
    ("DL", 4003, 4006),
    ("DS-", 1, 2),
    ("DS-", 4, 17),
    ("DS-", 19, 27),
    ("DS-", 29, 31),
];

#[test]
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
    let ids = IDS.iter().flat_map(|&(family, first, last)| {
        (first..=last).map(move |number| format!("{family}{number:04}"))
    });
    let missing: Vec<String> = ids
        .filter(|id| {
            let mut rules = comparison.rules.iter();
            !rules.any(|((_, alias), counts)| alias == id && counts.both > 0)
        })
        .collect();
    assert!(missing.is_empty(), "no file shows {missing:?} of both");
    for (difference, who) in &comparison.decided {
        assert_eq!(who, "ours", "put right what {} says", difference.row());
    }
}

#[test]
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
