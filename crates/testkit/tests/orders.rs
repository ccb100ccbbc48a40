//! Versions stand in the order in which the tools of their ecosystems put them: those tools that `.ci/run` installs.
//! `cargo xtask orders` asks them all, and of more pairs.

use plimsoll_testkit::orders::{Comparison, Tools, shown};
use plimsoll_testkit::workspace;
use plimsoll_version::Scheme;

/// Another seed than that of the tables beside `generate.py`, so that these pairs are others.
const SEED: u32 = 2;

/// Asks a tool of new pairs; nothing may differ without a reason.
fn agree(scheme: Scheme, count: usize) {
    let mut tools = Tools::here();
    // `cargo xtask peers` makes this one, and its pip has a copy of Python's `packaging`.
    let python = workspace().join("target/peers/venv/bin/python");
    if python.is_file() {
        tools.python = python;
    }
    let answers = tools.ask(scheme, count, SEED, None);
    let answers =
        answers.unwrap_or_else(|error| panic!("{error}; `.ci/run` installs what tests start"));
    let comparison = Comparison::of(scheme, answers, &tools).expect("the tool answers again");
    assert_eq!(comparison.ordered[0], count, "{scheme}");
    let open: Vec<String> = comparison.unexplained.iter().map(shown).collect();
    assert!(open.is_empty(), "{scheme}: {open:#?}");
}

#[test]
fn dpkg_agrees() {
    // Each answer is a process or two.
    agree(Scheme::Deb, 300);
}

#[test]
fn rpm_agrees() {
    agree(Scheme::Rpm, 3000);
}

#[test]
fn node_semver_agrees() {
    agree(Scheme::Npm, 3000);
    agree(Scheme::Semver, 3000);
}

#[test]
fn packaging_agrees() {
    agree(Scheme::Pep440, 3000);
}

#[test]
fn rubygems_agree() {
    agree(Scheme::Gem, 3000);
}

/// What the comparison itself says where the answers are others.
#[test]
fn a_difference_without_a_reason_is_kept() {
    let answers = "made\t1.0\t>\t1.1\nmade\t1.0\t<\t1.1\nmade\t1.^\t<\t2\n";
    let answers = plimsoll_testkit::orders::parse(answers).expect("these are answers");
    let comparison =
        Comparison::of(Scheme::Deb, answers, &Tools::here()).expect("nothing is asked");
    assert_eq!(comparison.kinds, (1, 1));
    assert_eq!(comparison.explained.len(), 1, "dpkg reads `^`");
    let open: Vec<String> = comparison.unexplained.iter().map(shown).collect();
    assert_eq!(open, ["`1.0` > `1.1`, in Plimsoll <"]);
}
