//! Accounts that need no password.

use plimsoll_model::check::Dimension;
use plimsoll_model::facts::ImageFacts;
use plimsoll_model::finding::{Evidence, Remedy};
use plimsoll_model::{Severity, Text};

use crate::{Check, Context, Meta, Needs, Outcome};

/// Does an account need no password?
#[derive(Debug)]
pub(crate) struct EmptyPassword;

static META: Meta = Meta {
    id: "empty-password",
    dimension: Dimension::Security,
    title: Text::fixed("account with an empty password", "账户密码为空"),
    why: Text::fixed(
        "Whoever runs anything in the container becomes that account with `su`, without being asked for anything \
         (CVE-2019-5021).",
        "容器内任何进程都可通过 `su` 无需密码切换到该账户(CVE-2019-5021)。",
    ),
    references: &["Dockle DKL-LI-0001", "shadow(5)"],
    severity: Severity::Medium,
    needs: Needs::Image,
};

impl Check for EmptyPassword {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn run(&self, facts: &ImageFacts, _: &Context<'_>) -> Outcome {
        let found = &facts.posture.passwordless;
        if found.is_empty() {
            return if facts.accounts.is_empty() {
                Outcome::not_applicable(Text::fixed("the image has no accounts", "镜像中没有账户"))
            } else {
                Outcome::pass(Text::fixed(
                    "no account has an empty password",
                    "没有密码为空的账户",
                ))
            };
        }
        let is_root = |name: &str| {
            let account = facts.accounts.iter().find(|account| account.name == name);
            account.map_or(name == "root", |account| account.uid == 0)
        };
        let mut names: Vec<&str> = found.iter().map(|one| one.name.as_str()).collect();
        names.dedup();
        let severity = if names.iter().any(|name| is_root(name)) {
            Severity::High
        } else {
            Severity::Medium
        };
        let list = names.join(", ");
        Outcome::fail(
            Text::new(
                format!("no password is needed for {list}"),
                format!("以下账户无需密码:{list}"),
            ),
            Remedy::Dockerfile {
                line: format!("RUN passwd -l {}", names.first().unwrap_or(&"root")),
                text: Text::fixed(
                    "lock the accounts, or build on a base in which they are locked",
                    "锁定这些账户,或改用已锁定账户的基础镜像",
                ),
            },
        )
        .weighing(severity)
        .with(
            found
                .iter()
                .map(|one| Evidence {
                    location: Some(one.location.clone()),
                    line: None,
                    detail: Text::new(
                        format!("{} has an empty password", one.name),
                        format!("{} 的密码为空", one.name),
                    ),
                })
                .collect(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use plimsoll_model::check::Answer;
    use plimsoll_model::posture::LocatedAccount;

    #[test]
    fn root_weighs_more_than_others() {
        let mut facts = crate::samples::facts();
        assert_eq!(
            crate::samples::run(&EmptyPassword, &facts).answer,
            Answer::NotApplicable
        );
        facts.accounts = vec![
            crate::samples::account("root", 0),
            crate::samples::account("app", 1),
        ];
        assert_eq!(
            crate::samples::run(&EmptyPassword, &facts).answer,
            Answer::Pass
        );
        for (name, severity) in [("root", Severity::High), ("app", Severity::Medium)] {
            facts.posture.passwordless = vec![LocatedAccount {
                name: name.to_owned(),
                location: crate::samples::location("etc/shadow"),
            }];
            let outcome = crate::samples::run(&EmptyPassword, &facts);
            assert_eq!(
                (outcome.answer, outcome.severity),
                (Answer::Fail, Some(severity))
            );
        }
    }
}
