//! Every rule, a file each, in a folder for each theme.
//!
//! To add one: write the file with its `RULE`, add its `mod` line and its row in the table of its folder.
//! A rule carries its own examples: [`Rule::bad`] has to be found, [`Rule::good`] must not be, and what a safe
//! fix leaves must not be found again. The tests below hold every rule to that.

pub mod base;
pub mod commands;
pub mod comments;
pub mod files;
pub mod labels;
pub mod packages;
pub mod process;
pub mod script;
pub mod style;
pub mod variables;

use plimsoll_model::lint::{LintRule, LintRulePage, LintSubject};

use crate::lint::{Context, Sink};

/// To what a rule can be put.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Applies {
    /// Only to a file that somebody wrote: names, formatting, stages.
    BuildFile,
    /// Also to the instructions that an image's history tells, which has no arguments, stages or comments.
    History,
}

/// Whether a rule runs unless the user says otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Default {
    /// It runs.
    On,
    /// It runs where the user asks for it.
    Off,
}

/// A rule.
#[derive(Debug)]
pub struct Rule {
    /// Who it is.
    pub meta: LintRule,
    /// To what it can be put.
    pub applies: Applies,
    /// Whether it runs unless the user says otherwise.
    pub default: Default,
    /// Looks at a file.
    pub check: fn(&Context<'_>, &mut Sink<'_>),
    /// Files in which it finds something.
    pub bad: &'static [&'static str],
    /// Files in which it finds nothing.
    pub good: &'static [&'static str],
}

impl Rule {
    /// What its documentation shows.
    #[must_use]
    pub fn page(&'static self) -> LintRulePage {
        LintRulePage {
            rule: &self.meta,
            subject: LintSubject::Dockerfile,
            is_on: self.default == Default::On,
            bad: self.bad,
            good: self.good,
        }
    }
}

/// The tables of all themes.
pub static ALL: &[&[&Rule]] = &[
    base::RULES,
    commands::RULES,
    comments::RULES,
    files::RULES,
    labels::RULES,
    packages::RULES,
    process::RULES,
    script::RULES,
    style::RULES,
    variables::RULES,
];

/// Every rule.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    ALL.iter().flat_map(|table| table.iter().copied())
}

/// The rule with that id or alias.
#[must_use]
pub fn named(name: &str) -> Option<&'static Rule> {
    all().find(|rule| rule.meta.is_named(name))
}

/// The settings with which examples are linted: those rules that need settings find something with them.
#[cfg(test)]
fn sample_settings() -> crate::Settings {
    use crate::lint::LabelKind;
    use plimsoll_model::lifecycle::Lifecycle;
    let labels = [
        ("org.example.text", LabelKind::Text),
        ("org.example.url", LabelKind::Url),
        ("org.example.created", LabelKind::Rfc3339),
        ("org.example.license", LabelKind::Spdx),
        ("org.example.revision", LabelKind::GitHash),
        ("org.example.version", LabelKind::SemVer),
        ("org.example.contact", LabelKind::Email),
    ];
    crate::Settings {
        trusted_registries: vec!["registry.example.org".to_owned()],
        labels: labels.map(|(name, kind)| (name.to_owned(), kind)).into(),
        strict_labels: true,
        missing_platforms: [(
            (
                "registry.example.org/app:1".to_owned(),
                "linux/s390x".to_owned(),
            ),
            vec!["linux/amd64".to_owned()],
        )]
        .into(),
        today: "2026-08-22".to_owned(),
        lifecycles: [
            ("alpine", "3.10", "2021-05-01", None),
            ("centos", "7", "2024-06-30", None),
            ("debian", "9", "2020-07-18", Some("2022-07-01")),
            ("debian", "10", "2022-09-10", Some("2024-06-30")),
            ("debian", "12", "2026-07-11", Some("2028-06-30")),
            ("debian", "13", "2028-08-09", Some("2030-06-30")),
            ("dotnet", "5", "2022-05-10", None),
            ("eclipse-temurin", "16", "2021-09-14", None),
            ("node", "12", "2022-04-30", None),
            ("node", "22", "2027-04-30", None),
            ("python", "3.1", "2012-04-09", None),
            ("rhel", "7", "2024-06-30", Some("2029-05-31")),
            ("ubuntu", "18.04", "2023-05-31", Some("2028-04-01")),
            ("ubuntu", "20.04", "2025-05-31", Some("2030-04-02")),
        ]
        .map(|(id, cycle, security, extended)| Lifecycle {
            id: id.to_owned(),
            cycle: cycle.to_owned(),
            active: None,
            security: security.parse().ok(),
            extended: extended.and_then(|day| day.parse().ok()),
        })
        .into(),
        dockerignore: Some("ignored\n*.log\n!keep.log\n".to_owned()),
        ..crate::Settings::default()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use plimsoll_model::lint::{LintFinding, Safety};
    use plimsoll_testkit::rules::Table;

    use super::*;
    use crate::lint::{Settings, findings};
    use crate::{fix, parse};

    fn settings(rule: &Rule) -> Settings {
        Settings {
            enabled: BTreeSet::from([rule.meta.id.to_owned()]),
            ..crate::rules::sample_settings()
        }
    }

    fn run(rule: &'static Rule, text: &str) -> Vec<LintFinding> {
        let same = |other: &Rule| std::ptr::eq(other, rule);
        findings(&parse(text), &settings(rule), same)
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
    fn safe_fixes_leave_a_file_that_parses_and_is_not_found_again() {
        let mut wrong = Vec::new();
        for rule in all() {
            for text in rule.bad {
                let found = run(rule, text);
                let safe = |finding: &LintFinding| {
                    finding
                        .fix
                        .as_ref()
                        .is_some_and(|fix| fix.safety == Safety::Safe)
                };
                if !found.iter().any(safe) {
                    continue;
                }
                let mut fixed = (*text).to_owned();
                for _ in 0..10 {
                    fixed = fix::apply(&fixed, &run(rule, &fixed), Safety::Safe).0;
                }
                let left = run(rule, &fixed);
                if left.iter().any(safe) || left.len() > found.iter().filter(|f| !safe(f)).count() {
                    wrong.push(format!("{} finds again:\n{fixed}", rule.meta.id));
                }
                let errors = parse(&fixed).errors.len();
                if errors > parse(text).errors.len() {
                    wrong.push(format!("{} breaks:\n{fixed}", rule.meta.id));
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}
