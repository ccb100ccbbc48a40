//! Holds every rule to its examples and its repair.

use std::collections::BTreeSet;

use plimsoll_model::lint::settings::Settings;
use plimsoll_model::lint::{LintFinding, Safety, fix};
use plimsoll_testkit::rules::Table;

use super::*;
use crate::lint::findings;

fn run(rule: &'static Rule, text: &str) -> Vec<LintFinding> {
    let settings = Settings {
        enabled: BTreeSet::from([rule.meta.id.to_owned()]),
        ..Settings::default()
    };
    let manifest = Manifest::read("compose.yaml", text);
    let manifest = manifest.unwrap_or_else(|| panic!("{}: no manifest:\n{text}", rule.meta.id));
    let errors = &manifest.tree.errors;
    assert!(errors.is_empty(), "{}: {errors:?}\n{text}", rule.meta.id);
    findings(&manifest, &settings, |other| std::ptr::eq(other, rule))
}

fn table() -> Table<impl Fn(&LintRulePage, &str) -> Vec<LintFinding>> {
    Table {
        pages: all().map(Rule::page).collect(),
        run: |page: &LintRulePage, text: &str| {
            let rule = named(page.rule.id).expect("a rule of the table");
            run(rule, text)
        },
    }
}

#[test]
fn ids_are_unique_and_nothing_is_empty() {
    table().check_prose();
}

#[test]
fn examples_are_found_and_counterexamples_are_not() {
    table().check_examples();
}

#[test]
fn findings_have_places_and_say_what_to_do() {
    table().check_findings();
}

#[test]
fn fixes_leave_a_file_that_parses_and_is_not_found_again() {
    let mut wrong = Vec::new();
    for rule in all() {
        for text in rule.bad {
            for least in [Safety::Safe, Safety::Unsafe] {
                let fixable = |finding: &LintFinding| {
                    let fix = finding.fix.as_ref();
                    fix.is_some_and(|fix| fix.safety == Safety::Safe || least == Safety::Unsafe)
                };
                let found = run(rule, text);
                if !found.iter().any(fixable) {
                    continue;
                }
                let mut fixed = (*text).to_owned();
                for _ in 0..5 {
                    fixed = fix::apply(&fixed, &run(rule, &fixed), least).0;
                }
                let left = run(rule, &fixed);
                // A list whose last item would go has no patch, so something may be left.
                if left.iter().any(fixable) || left.len() >= found.len() {
                    wrong.push(format!("{} finds again:\n{fixed}", rule.meta.id));
                }
                for (at, line) in text.lines().enumerate() {
                    let is_kept = fixed.lines().any(|other| other == line);
                    let is_place = |found: &LintFinding| found.region.start.line as usize == at + 1;
                    let may_change = line.contains(['[', '{']) || found.iter().any(is_place);
                    if !is_kept && !may_change {
                        wrong.push(format!("{} loses `{line}`:\n{fixed}", rule.meta.id));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Compose refuses limits in both places.
#[test]
fn limits_are_put_where_limits_are() {
    let old = "services:\n  app:\n    image: a:1\n    mem_limit: 1g\n";
    let new =
        "services:\n  app:\n    image: a:1\n    deploy: {resources: {limits: {memory: 1G}}}\n";
    for (text, is_new) in [(old, false), (new, true)] {
        let mut fixed = text.to_owned();
        for id in ["missing-cpu-limit", "missing-pids-limit"] {
            let rule = named(id).expect("a rule");
            fixed = fix::apply(&fixed, &run(rule, &fixed), Safety::Unsafe).0;
        }
        assert_eq!(fixed.contains("pids_limit: 200"), !is_new, "{fixed}");
        assert_eq!(fixed.contains("deploy"), is_new, "{fixed}");
    }
}
