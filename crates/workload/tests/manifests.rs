//! Manifests as people write them, and what is said of each.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use plimsoll_model::lint::settings::Settings;
use plimsoll_model::lint::{LintFile, Safety, fix};
use plimsoll_workload::{lint, rules};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/manifests")
}

/// Name and text of every manifest.
fn manifests() -> Vec<(String, String)> {
    let mut found = Vec::new();
    for world in ["compose", "kubernetes"] {
        for entry in fs::read_dir(folder().join(world))
            .expect("a folder")
            .flatten()
        {
            let name = entry.file_name().into_string().expect("a name");
            let text = fs::read_to_string(entry.path()).expect("a manifest");
            found.push((format!("{world}/{name}"), text));
        }
    }
    found.sort();
    found
}

fn everything() -> Settings {
    Settings {
        enabled: rules::all().map(|rule| rule.meta.id.to_owned()).collect(),
        ..Settings::default()
    }
}

fn said(name: &str, text: &str) -> LintFile {
    lint(name, text, &everything()).unwrap_or_else(|| panic!("{name} is no manifest"))
}

#[test]
fn every_manifest_as_expected() {
    let mut found = String::from("file\tline\tcolumn\tsays\n");
    for (name, text) in manifests() {
        let file = said(&name, &text);
        for error in &file.errors {
            let at = error.region.start;
            found.extend([format!(
                "{name}\t{}\t{}\terror: {}\n",
                at.line, at.column, error.message.en
            )]);
        }
        for finding in &file.findings {
            let at = finding.region.start;
            found.extend([format!(
                "{name}\t{}\t{}\t{}\n",
                at.line, at.column, finding.rule.id
            )]);
        }
        for ignored in &file.ignored {
            let at = ignored.finding.region.start;
            let id = ignored.finding.rule.id;
            found.extend([format!(
                "{name}\t{}\t{}\tignored: {id}, {}\n",
                at.line, at.column, ignored.by
            )]);
        }
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/expected.tsv");
    if std::env::var_os("UPDATE_FIXTURES").is_some() {
        fs::write(&path, &found).expect("the expectations can be written");
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    let lines = |text: &str| text.lines().map(str::to_owned).collect::<BTreeSet<_>>();
    let (expected, found) = (lines(&expected), lines(&found));
    let missing: Vec<_> = expected.difference(&found).collect();
    let more: Vec<_> = found.difference(&expected).collect();
    assert!(
        missing.is_empty() && more.is_empty(),
        "not found: {missing:#?}\nfound besides: {more:#?}"
    );
}

#[test]
fn there_are_enough_and_they_show_every_rule() {
    let manifests = manifests();
    assert!(manifests.len() >= 60, "{}", manifests.len());
    let mut shown = BTreeSet::new();
    for (name, text) in &manifests {
        shown.extend(said(name, text).findings.iter().map(|found| found.rule.id));
    }
    let missing: Vec<_> = rules::all()
        .map(|rule| rule.meta.id)
        .filter(|id| !shown.contains(id))
        .collect();
    assert!(missing.is_empty(), "in no manifest: {missing:?}");
}

/// All patches at once, again and again: what comes out is YAML of the same kind, with no finding that has a
/// patch, and comments are where they were.
#[test]
fn patches_end_and_keep_the_comments() {
    for (name, text) in manifests() {
        let before = said(&name, &text);
        let mut fixed = text.clone();
        for _ in 0..20 {
            fixed = fix::apply(&fixed, &said(&name, &fixed).findings, Safety::Unsafe).0;
        }
        let after = said(&name, &fixed);
        assert_eq!(before.kind, after.kind, "{name}");
        assert_eq!(
            before.errors.len(),
            after.errors.len(),
            "{name}: {:?}\n{fixed}",
            after.errors
        );
        let left: Vec<_> = after
            .findings
            .iter()
            .filter(|found| found.fix.is_some())
            .collect();
        assert!(left.is_empty(), "{name}: {left:#?}\n{fixed}");
        assert!(
            after.findings.len() <= before.findings.len(),
            "{name}\n{fixed}"
        );
        let comments = |text: &str| {
            text.lines()
                .filter(|line| line.trim_start().starts_with('#'))
                .map(str::to_owned)
                .collect::<Vec<_>>()
        };
        assert_eq!(comments(&text), comments(&fixed), "{name}");
        assert_eq!(text.contains('\r'), fixed.contains('\r'), "{name}");
        assert_eq!(
            fixed.matches('\r').count() > 0,
            fixed.matches("\r\n").count() == fixed.matches('\n').count() && fixed.contains('\r'),
            "{name} mixes line ends"
        );
    }
}
