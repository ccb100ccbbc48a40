//! Every rule of the linters, for those who want to read of them.

use plimsoll_model::lint::{LintRulePage, LintSubject};

/// Every rule, those on Dockerfiles first, by id.
#[must_use]
pub fn rules() -> Vec<LintRulePage> {
    let dockerfile = plimsoll_dockerfile::rules::all().map(|rule| LintRulePage {
        rule: &rule.meta,
        subject: LintSubject::Dockerfile,
        is_on: rule.default == plimsoll_dockerfile::rules::Default::On,
        bad: rule.bad,
        good: rule.good,
    });
    let workload = plimsoll_workload::rules::all().map(|rule| LintRulePage {
        rule: &rule.meta,
        subject: LintSubject::Workload,
        is_on: rule.default == plimsoll_workload::rules::Default::On,
        bad: rule.bad,
        good: rule.good,
    });
    let mut all: Vec<_> = dockerfile.chain(workload).collect();
    all.sort_by_key(|page| (page.subject, page.rule.id));
    all
}

/// The rules with that id or alias; several may share an alias.
#[must_use]
pub fn rules_named(name: &str) -> Vec<LintRulePage> {
    let mut named = rules();
    named.retain(|page| page.rule.is_named(name));
    named
}
