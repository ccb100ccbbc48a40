//! Who runs the image.

use plimsoll_model::check::{Answer, Dimension};
use plimsoll_model::facts::ImageFacts;
use plimsoll_model::finding::Remedy;
use plimsoll_model::image::SourceKind;
use plimsoll_model::{Severity, Text};

use crate::{Check, Context, Meta, Needs, Outcome, setting};

/// Does the image run as root?
#[derive(Debug)]
pub(crate) struct RootUser;

static META: Meta = Meta {
    id: "root-user",
    dimension: Dimension::Security,
    title: Text::fixed("runs as root", "以 root 用户运行"),
    why: Text::fixed(
        "A process that is root in the container needs only one flaw in the runtime or one careless mount \
         to be root on the host.",
        "容器内的 root 进程只需运行时的一个漏洞或一个不当挂载,就可能成为宿主机的 root。",
    ),
    references: &["CIS Docker Benchmark 1.6.0, 4.1", "requirements B 1.4"],
    severity: Severity::High,
    needs: Needs::Image,
};

/// What `Config.User` comes to.
enum User {
    Root(&'static str),
    Other(u32),
    Missing,
    Unresolved,
}

impl Check for RootUser {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn run(&self, facts: &ImageFacts, _: &Context<'_>) -> Outcome {
        if facts.subject.source == SourceKind::Dir {
            return Outcome::unknown(Text::fixed(
                "a directory has no configuration that names a user",
                "目录没有声明用户的镜像配置",
            ));
        }
        let user = facts.config.config.user.as_str();
        let evidence = vec![setting(format!("Config.User is {user:?}"))];
        match resolve(user, facts) {
            User::Root(why) => Outcome::fail(
                Text::new(format!("the user is root: {why}"), format!("运行用户为 root:{}", zh(why))),
                remedy(),
            ),
            User::Other(uid) => Outcome::pass(Text::new(
                format!("the user is `{user}`, uid {uid}"),
                format!("运行用户为 `{user}`,uid {uid}"),
            )),
            User::Missing => Outcome {
                answer: Answer::Fail,
                ..Outcome::fail(
                    Text::new(
                        format!("the user `{user}` is not in the image's passwd file, so the container cannot start"),
                        format!("用户 `{user}` 不在镜像的 passwd 文件中,容器无法启动"),
                    ),
                    remedy(),
                )
            },
            User::Unresolved => Outcome::unknown(Text::new(
                format!("the user is `{user}`, and the image has no passwd file that gives its uid"),
                format!("运行用户为 `{user}`,但镜像中没有可解析其 uid 的 passwd 文件"),
            )),
        }
        .with(evidence)
    }
}

fn zh(why: &str) -> &str {
    match why {
        "none is set" => "未设置 USER",
        "uid 0" => "uid 为 0",
        "its name means uid 0" => "该用户名对应 uid 0",
        other => other,
    }
}

/// Resolves as a runtime does (OCI image configuration, `User`; Docker's `user` package): before the
/// colon a name is looked up in `etc/passwd` first, and only then read as a number.
fn resolve(user: &str, facts: &ImageFacts) -> User {
    let name = user.split(':').next().unwrap_or_default().trim();
    if name.is_empty() {
        return User::Root("none is set");
    }
    if let Some(account) = facts.accounts.iter().find(|account| account.name == name) {
        return if account.uid == 0 {
            User::Root("its name means uid 0")
        } else {
            User::Other(account.uid)
        };
    }
    match name.parse::<u32>() {
        Ok(0) => User::Root("uid 0"),
        Ok(uid) => User::Other(uid),
        Err(_) if name == "root" => User::Root("its name means uid 0"),
        Err(_) if facts.accounts.is_empty() => User::Unresolved,
        Err(_) => User::Missing,
    }
}

fn remedy() -> Remedy {
    Remedy::Dockerfile {
        line: "USER 10001:10001".to_owned(),
        text: Text::fixed(
            "end the build with a numeric user other than 0, and give it the files that it must write",
            "在构建末尾指定非 0 的数字用户,并授予其需要写入的文件权限",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use plimsoll_model::fact::Account;

    fn answer(user: &str, accounts: &[(&str, u32)]) -> Answer {
        let mut facts = crate::samples::facts();
        facts.config.config.user = user.to_owned();
        facts.accounts = accounts
            .iter()
            .map(|(name, uid)| Account {
                name: (*name).to_owned(),
                uid: *uid,
                gid: 0,
                home: String::new(),
                shell: String::new(),
            })
            .collect();
        crate::samples::run(&RootUser, &facts).answer
    }

    /// T101.
    #[test]
    fn root_is_seen_in_every_disguise() {
        let accounts = [("root", 0), ("toor", 0), ("app", 1000), ("0app", 7)];
        for user in [
            "",
            "root",
            "0",
            "0:0",
            "00",
            "root:root",
            "toor",
            "0:1000",
            ":1000",
        ] {
            assert_eq!(answer(user, &accounts), Answer::Fail, "{user:?}");
        }
        for user in ["app", "app:app", "1000", "1000:0", "65532", "0app"] {
            assert_eq!(answer(user, &accounts), Answer::Pass, "{user:?}");
        }
        assert_eq!(answer("nobody", &accounts), Answer::Fail);
        assert_eq!(answer("nobody", &[]), Answer::Unknown);
        assert_eq!(answer("root", &[]), Answer::Fail);
    }
}
