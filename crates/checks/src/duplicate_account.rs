//! Accounts and groups that share a number or a name.

use std::collections::BTreeMap;

use plimsoll_model::check::Dimension;
use plimsoll_model::facts::ImageFacts;
use plimsoll_model::finding::{Evidence, Remedy};
use plimsoll_model::{Severity, Text};

use crate::{Check, Context, Meta, Needs, Outcome, counted, setting};

/// Does a number or a name stand for two accounts or groups?
#[derive(Debug)]
pub(crate) struct DuplicateAccount;

static META: Meta = Meta {
    id: "duplicate-account",
    dimension: Dimension::Security,
    title: Text::fixed(
        "accounts that share a number or a name",
        "账户或用户组的编号或名称重复",
    ),
    why: Text::fixed(
        "The kernel knows numbers alone: two accounts with one number own the same files, and the second root is as \
         much root as the first.",
        "内核只认编号:共用同一编号的两个账户拥有相同的文件,第二个 uid 0 与 root 权限完全相同。",
    ),
    references: &["Dockle DKL-LI-0002", "passwd(5)"],
    severity: Severity::Low,
    needs: Needs::Image,
};

impl Check for DuplicateAccount {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn run(&self, facts: &ImageFacts, _: &Context<'_>) -> Outcome {
        let accounts = &facts.accounts;
        let groups = &facts.posture.groups;
        if accounts.is_empty() && groups.is_empty() {
            return Outcome::not_applicable(Text::fixed(
                "the image has no accounts",
                "镜像中没有账户",
            ));
        }
        let of_accounts = || accounts.iter().map(|one| (one.uid, one.name.as_str()));
        let of_groups = || groups.iter().map(|one| (one.gid, one.name.as_str()));
        let roots = accounts.iter().filter(|account| account.uid == 0).count();
        let mut found = shared_numbers("uid", of_accounts());
        found.extend(shared_numbers("gid", of_groups()));
        found.extend(shared_names("user", of_accounts()));
        found.extend(shared_names("group", of_groups()));
        if found.is_empty() {
            return Outcome::pass(Text::fixed(
                "each account and each group has a number and a name of its own",
                "账户与用户组的编号和名称均不重复",
            ));
        }
        let count = found.len();
        Outcome::fail(
            Text::new(
                format!(
                    "{} for several accounts or groups",
                    counted(count, "number or name stands", "numbers or names stand")
                ),
                format!("有 {count} 个编号或名称对应多个账户或用户组"),
            ),
            Remedy::Manual {
                text: Text::fixed(
                    "give each account and each group a number and a name of its own",
                    "为每个账户和用户组分配唯一的编号与名称",
                ),
            },
        )
        .weighing(if roots > 1 {
            Severity::Medium
        } else {
            Severity::Low
        })
        .with(found)
    }
}

fn shared_numbers<'a>(what: &str, all: impl Iterator<Item = (u32, &'a str)>) -> Vec<Evidence> {
    let mut names: BTreeMap<u32, Vec<&str>> = BTreeMap::new();
    for (number, name) in all {
        names.entry(number).or_default().push(name);
    }
    let shared = names.into_iter().filter(|(_, names)| names.len() > 1);
    shared
        .map(|(number, names)| setting(format!("{what} {number}: {}", names.join(", "))))
        .collect()
}

fn shared_names<'a>(what: &str, all: impl Iterator<Item = (u32, &'a str)>) -> Vec<Evidence> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (_, name) in all {
        *counts.entry(name).or_default() += 1;
    }
    let shared = counts.into_iter().filter(|(_, count)| *count > 1);
    shared
        .map(|(name, count)| setting(format!("{what} {name}: {count} lines")))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use plimsoll_model::check::Answer;
    use plimsoll_model::fact::Group;

    #[test]
    fn a_second_root_weighs_most() {
        for (accounts, groups, answer, severity) in [
            (
                vec![("root", 0), ("app", 1)],
                vec![("root", 0)],
                Answer::Pass,
                None,
            ),
            (
                vec![("root", 0), ("toor", 0)],
                vec![],
                Answer::Fail,
                Some(Severity::Medium),
            ),
            (
                vec![("a", 5), ("b", 5)],
                vec![],
                Answer::Fail,
                Some(Severity::Low),
            ),
            (
                vec![("a", 5), ("a", 6)],
                vec![],
                Answer::Fail,
                Some(Severity::Low),
            ),
            (
                vec![("a", 5)],
                vec![("x", 1), ("y", 1)],
                Answer::Fail,
                Some(Severity::Low),
            ),
            (vec![], vec![], Answer::NotApplicable, None),
        ] {
            let mut facts = crate::samples::facts();
            let account = |(name, uid): &(&str, u32)| crate::samples::account(name, *uid);
            facts.accounts = accounts.iter().map(account).collect();
            facts.posture.groups = groups
                .iter()
                .map(|(name, gid)| Group {
                    name: (*name).to_owned(),
                    gid: *gid,
                })
                .collect();
            let outcome = crate::samples::run(&DuplicateAccount, &facts);
            assert_eq!(
                (outcome.answer, outcome.severity),
                (answer, severity),
                "{accounts:?}"
            );
        }
    }
}
