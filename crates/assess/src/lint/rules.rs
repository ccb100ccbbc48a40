//! Every rule of the linters, for those who want to read of them.

use plimsoll_model::lint::LintRulePage;

/// Every rule, those on Dockerfiles first, by id.
#[must_use]
pub fn rules() -> Vec<LintRulePage> {
    let dockerfile = plimsoll_dockerfile::rules::all().map(plimsoll_dockerfile::rules::Rule::page);
    let workload = plimsoll_workload::rules::all().map(plimsoll_workload::rules::Rule::page);
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
