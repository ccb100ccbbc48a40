//! Programs that give rights to whoever starts them.

use plimsoll_model::check::Dimension;
use plimsoll_model::facts::ImageFacts;
use plimsoll_model::finding::{Evidence, Remedy};
use plimsoll_model::posture::LocatedPrivilege;
use plimsoll_model::{Severity, Text};

use crate::{Check, Context, Meta, Needs, Outcome, counted};

/// Are there programs with rights of their own that no distribution needs?
#[derive(Debug)]
pub(crate) struct SetuidFile;

static META: Meta = Meta {
    id: "setuid-file",
    dimension: Dimension::Security,
    title: Text::fixed(
        "program with setuid, setgid or capabilities",
        "带有 setuid、setgid 或文件能力的程序",
    ),
    why: Text::fixed(
        "Such a program runs with more rights than the user of the container has; a flaw in it, or its mere \
         purpose, makes that user root.",
        "此类程序以高于容器用户的权限运行;其漏洞甚至其本身用途都可能让该用户成为 root。",
    ),
    references: &["CIS Docker Benchmark 1.6.0, 4.8", "Dockle CIS-DI-0008"],
    severity: Severity::Low,
    needs: Needs::Image,
};

/// Packages that distributions put into their smallest images and whose programs have rights: accounts, mounts,
/// messages to terminals, the check of passwords, the agent of SSH, `ping`.
const OF_BASES: &[&str] = &[
    "bsdutils",
    "iputils",
    "iputils-ping",
    "libpam-modules",
    "libpam-modules-bin",
    "login",
    "login.defs",
    "mount",
    "openssh-client",
    "openssh-clients",
    "pam",
    "passwd",
    "permissions",
    "shadow",
    "shadow-utils",
    "util-linux",
    "util-linux-core",
    "util-linux-extra",
];

/// With it a service that is not root listens below port 1024, and can do nothing else.
const HARMLESS: &str = "cap_net_bind_service";

impl Check for SetuidFile {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn run(&self, facts: &ImageFacts, _: &Context<'_>) -> Outcome {
        let all = &facts.posture.privileges;
        let bad: Vec<&LocatedPrivilege> =
            all.iter().filter(|one| !is_expected(one, facts)).collect();
        if bad.is_empty() {
            let count = all.len();
            let reason = if all.is_empty() {
                Text::fixed(
                    "no program has setuid, setgid or capabilities",
                    "没有带 setuid、setgid 或文件能力的程序",
                )
            } else {
                Text::new(
                    format!(
                        "{}, all known from the distribution's base",
                        counted(
                            count,
                            "program with such rights",
                            "programs with such rights"
                        )
                    ),
                    format!("有 {count} 个此类程序,均属于发行版基础系统"),
                )
            };
            return Outcome::pass(reason)
                .with(all.iter().map(|one| evidence(one, facts)).collect());
        }
        let is_foreign = bad.iter().any(|one| one.owner.is_none());
        let count = bad.len();
        let example = bad.first().map_or("", |one| one.location.path.as_str());
        Outcome::fail(
            Text::new(
                format!(
                    "{} with setuid, setgid or capabilities, such as `/{example}`",
                    counted(count, "program", "programs")
                ),
                format!("有 {count} 个带 setuid、setgid 或文件能力的程序,例如 `/{example}`"),
            ),
            Remedy::Dockerfile {
                line: format!("RUN chmod a-s /{example}"),
                text: Text::fixed(
                    "take the rights away (`chmod a-s`, `setcap -r`), or remove the programs, and run with \
                     no-new-privileges",
                    "去除这些权限(`chmod a-s`、`setcap -r`)或删除相应程序,并以 no-new-privileges 运行",
                ),
            },
        )
        .weighing(if is_foreign {
            Severity::Medium
        } else {
            Severity::Low
        })
        .with(bad.into_iter().map(|one| evidence(one, facts)).collect())
    }
}

fn is_expected(one: &LocatedPrivilege, facts: &ImageFacts) -> bool {
    let rights = &one.privilege;
    let is_harmless = rights.setuid.is_none()
        && rights.setgid.is_none()
        && rights.capabilities.iter().all(|name| name == HARMLESS);
    let owner = one.owner.and_then(|owner| facts.packages.get(owner));
    is_harmless || owner.is_some_and(|owner| OF_BASES.contains(&owner.fact.name.as_str()))
}

fn evidence(one: &LocatedPrivilege, facts: &ImageFacts) -> Evidence {
    let rights = &one.privilege;
    let mut words = Vec::new();
    words.extend(rights.setuid.map(|uid| format!("setuid {uid}")));
    words.extend(rights.setgid.map(|gid| format!("setgid {gid}")));
    if !rights.capabilities.is_empty() {
        words.push(rights.capabilities.join(","));
    }
    let words = words.join(", ");
    let owner = one.owner.and_then(|owner| facts.packages.get(owner));
    Evidence {
        location: Some(one.location.clone()),
        line: None,
        detail: match owner {
            Some(owner) => Text::new(
                format!("{words}, of package {}", owner.fact.name),
                format!("{words},属于软件包 {}", owner.fact.name),
            ),
            None => Text::new(
                format!("{words}, of no package"),
                format!("{words},不属于任何软件包"),
            ),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use plimsoll_model::check::Answer;
    use plimsoll_model::fact::Privilege;

    fn privilege(path: &str, capabilities: &[&str], owner: Option<usize>) -> LocatedPrivilege {
        LocatedPrivilege {
            location: crate::samples::location(path),
            privilege: Privilege {
                setuid: capabilities.is_empty().then_some(0),
                setgid: None,
                capabilities: capabilities.iter().map(|name| (*name).to_owned()).collect(),
            },
            owner,
        }
    }

    #[test]
    fn the_base_and_low_ports_are_no_matter() {
        let mut facts = crate::samples::facts();
        facts.packages = ["passwd", "sudo"].map(crate::samples::package).into();
        for (one, answer, severity) in [
            (
                privilege("usr/bin/passwd", &[], Some(0)),
                Answer::Pass,
                None,
            ),
            (
                privilege("usr/bin/sudo", &[], Some(1)),
                Answer::Fail,
                Some(Severity::Low),
            ),
            (
                privilege("app/x", &[], None),
                Answer::Fail,
                Some(Severity::Medium),
            ),
            (privilege("app/x", &[HARMLESS], None), Answer::Pass, None),
            (
                privilege("app/x", &[HARMLESS, "cap_sys_admin"], None),
                Answer::Fail,
                Some(Severity::Medium),
            ),
        ] {
            facts.posture.privileges = vec![one.clone()];
            let outcome = crate::samples::run(&SetuidFile, &facts);
            assert_eq!(
                (outcome.answer, outcome.severity),
                (answer, severity),
                "{one:?}"
            );
            assert_eq!(outcome.evidence.len(), 1);
        }
    }
}
