//! Whether the image can say that it is well.

use plimsoll_model::check::Dimension;
use plimsoll_model::facts::ImageFacts;
use plimsoll_model::finding::Remedy;
use plimsoll_model::image::SourceKind;
use plimsoll_model::{Effect, Problem, Severity, Stage, Text};

use crate::{Check, Context, Meta, Needs, Outcome, setting};

/// Is there a health check?
#[derive(Debug)]
pub(crate) struct Healthcheck;

static META: Meta = Meta {
    id: "healthcheck",
    dimension: Dimension::Reliability,
    title: Text::fixed("no health check", "缺少健康检查"),
    why: Text::fixed(
        "Without a health check a runtime sees only that the process lives, not that it serves.",
        "没有健康检查,运行时只知道进程存在,而不知道服务是否可用。",
    ),
    references: &["CIS Docker Benchmark 1.6.0, 4.6", "requirements B 2.2"],
    severity: Severity::Medium,
    needs: Needs::Image,
};

impl Check for Healthcheck {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn run(&self, facts: &ImageFacts, _: &Context<'_>) -> Outcome {
        if facts.subject.source == SourceKind::Dir {
            return Outcome::unknown(Text::fixed(
                "a directory has no configuration",
                "目录没有镜像配置",
            ));
        }
        let test = facts
            .config
            .config
            .healthcheck
            .as_ref()
            .map(|check| check.test.as_slice());
        let (form, words) = match test {
            None | Some([]) => return Outcome::fail(missing(facts), remedy()),
            Some([none, ..]) if none == "NONE" => {
                let reason = Text::fixed(
                    "the health check is switched off",
                    "健康检查被关闭(HEALTHCHECK NONE)",
                );
                return Outcome::fail(reason, remedy());
            }
            Some([form, words @ ..]) => (form, words),
        };
        let shown = vec![setting(plimsoll_secrets::redact(&words.join(" ")))];
        let command = Command::of(form, words);
        if command.is_always_true() {
            let reason = Text::fixed(
                "the health check succeeds whatever happens",
                "健康检查命令无论如何都会成功",
            );
            return Outcome::fail(reason, remedy()).with(shown);
        }
        if let Some(program) = command.missing_program(facts) {
            let reason = Text::new(
                format!("the health check calls `{program}`, which is not in the image"),
                format!("健康检查调用的 `{program}` 不在镜像中"),
            );
            return Outcome::fail(reason, remedy()).with(shown);
        }
        Outcome::pass(Text::fixed(
            "there is a health check; whether it tells the truth is seen only when the image runs",
            "已定义健康检查;其真实性需运行后验证",
        ))
        .with(shown)
    }
}

/// What a health check runs.
enum Command<'a> {
    /// A program and its arguments.
    Program(&'a [String]),
    /// A line for a shell; the shell itself has to be in the image where the configuration has it read the line.
    Shell { line: String, is_implied: bool },
}

/// Programs that succeed whatever happens.
const IDLE: &[&str] = &[
    "true",
    "/bin/true",
    "/usr/bin/true",
    ":",
    "echo",
    "/bin/echo",
];

/// Words with which a shell begins something other than a program of the image.
const OF_SHELL: &[&str] = &[
    "!", ".", ":", "[", "[[", "alias", "bg", "break", "case", "cd", "command", "continue", "echo",
    "eval", "exec", "exit", "export", "false", "fg", "for", "function", "getopts", "if", "jobs",
    "kill", "local", "printf", "pwd", "read", "readonly", "return", "set", "shift", "source",
    "test", "time", "times", "trap", "true", "type", "ulimit", "umask", "unalias", "unset",
    "until", "wait", "while", "{",
];

impl<'a> Command<'a> {
    /// Docker image specification 1.3: `CMD` runs the words, `CMD-SHELL` gives the line to the image's shell.
    fn of(form: &str, words: &'a [String]) -> Self {
        if form == "CMD-SHELL" {
            return Self::Shell {
                line: words.join(" "),
                is_implied: true,
            };
        }
        let is_shell = |word: &str| {
            let name = word.rsplit('/').next().unwrap_or_default();
            matches!(name, "sh" | "bash" | "ash" | "dash")
        };
        match words {
            [shell, flag, line] if is_shell(shell) && flag == "-c" => Self::Shell {
                line: line.clone(),
                is_implied: false,
            },
            words => Self::Program(words),
        }
    }

    fn is_always_true(&self) -> bool {
        match self {
            Self::Program(words) => words
                .first()
                .is_some_and(|first| IDLE.contains(&first.as_str())),
            Self::Shell { line, .. } => {
                // The last command of a list decides, unless `&&` or a pipe hangs it on the one before.
                let line = line.trim().trim_end_matches(';').trim_end();
                let (before, last) = match line.rfind([';', '|', '&']) {
                    Some(at) => (line.get(..=at), line.get(at.saturating_add(1)..)),
                    None => (None, Some(line)),
                };
                let last = last.unwrap_or_default().trim();
                let first = last.split_whitespace().next().unwrap_or_default();
                let succeeds = last == "exit 0" || IDLE.contains(&first);
                let decides =
                    before.is_none_or(|before| before.ends_with(';') || before.ends_with("||"));
                // A quote or a bracket that is still open holds the separator.
                let is_plain = !last.contains(['"', '\'', ')', '`', '}']);
                succeeds && decides && is_plain
            }
        }
    }

    /// A program that has to be there and is not. Where the image cannot be seen whole, or the line is not simple,
    /// nothing is said.
    fn missing_program<'f>(&self, facts: &'f ImageFacts) -> Option<&'f str> {
        let words = &facts.posture.health;
        let is_seen = |problem: &Problem| {
            problem.effect == Effect::Note || !matches!(problem.stage, Stage::Image | Stage::Layer)
        };
        if words.is_empty() || facts.layers.is_empty() || !facts.problems.iter().all(is_seen) {
            return None;
        }
        let missing = |name: &str| {
            let found = words.iter().find(|word| word.word == name)?;
            found.file.is_none().then_some(found.word.as_str())
        };
        match self {
            Self::Program(words) => missing(words.first()?),
            Self::Shell { line, is_implied } => {
                if *is_implied {
                    let shell = facts.config.config.shell.first();
                    let shell = missing(shell.map_or("/bin/sh", String::as_str));
                    if shell.is_some() {
                        return shell;
                    }
                }
                // Each of several alternatives may do; all have to be missing.
                let mut first = None;
                for alternative in line.split("||") {
                    match program_of(alternative) {
                        Program::None => {}
                        Program::Named(name) => {
                            let name = missing(name)?;
                            first = first.or(Some(name));
                        }
                        Program::Unclear => return None,
                    }
                }
                first
            }
        }
    }
}

/// With which program a simple command begins.
enum Program<'a> {
    Named(&'a str),
    /// It ends the check.
    None,
    Unclear,
}

fn program_of(command: &str) -> Program<'_> {
    let command = command.trim();
    let first = command.split_whitespace().next().unwrap_or_default();
    if matches!(first, "exit" | "false" | "kill") {
        return Program::None;
    }
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "_-./+".contains(c);
    if first.is_empty() || !first.chars().all(is_plain) || OF_SHELL.contains(&first) {
        return Program::Unclear;
    }
    Program::Named(first)
}

/// The OCI format has no place for a health check, and builders that write it drop the instruction (T102).
fn missing(facts: &ImageFacts) -> Text {
    let is_oci = facts
        .layers
        .iter()
        .any(|layer| layer.media_type.contains("vnd.oci."));
    let is_told = facts.config.history.iter().any(|step| {
        let said = step.created_by.trim_start_matches("/bin/sh -c #(nop)");
        said.trim_start().starts_with("HEALTHCHECK ") && !said.contains("NONE")
    });
    if is_told {
        Text::fixed(
            "the history tells of a health check, and the configuration has none: the OCI format has no place for it, \
             build in Docker's (`--format docker`)",
            "构建历史中有健康检查,但镜像配置中没有:OCI 格式无法保存,请以 Docker 格式构建(`--format docker`)",
        )
    } else if is_oci {
        Text::fixed(
            "no health check is recorded; some builders drop it when they write the OCI format",
            "未记录健康检查;部分构建工具在输出 OCI 格式时会丢弃该指令",
        )
    } else {
        Text::fixed("no health check is defined", "未定义健康检查")
    }
}

fn remedy() -> Remedy {
    Remedy::Dockerfile {
        line: "HEALTHCHECK --interval=30s --timeout=3s CMD [\"/app\", \"--healthcheck\"]"
            .to_owned(),
        text: Text::fixed(
            "add a health check that asks the service itself, with a program that is in the image",
            "添加能真实反映服务状态的健康检查,并使用镜像内已有的程序",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use plimsoll_model::check::Answer;
    use plimsoll_model::image;
    use plimsoll_model::posture::HealthWord;

    #[test]
    fn absent_empty_and_switched_off_are_the_same() {
        let mut facts = crate::samples::facts();
        for (test, answer) in [
            (None, Answer::Fail),
            (Some(vec![]), Answer::Fail),
            (Some(vec!["NONE"]), Answer::Fail),
            (Some(vec!["CMD-SHELL", "exit 0"]), Answer::Fail),
            (Some(vec!["CMD", "true"]), Answer::Fail),
            (
                Some(vec!["CMD-SHELL", "curl -f localhost || exit 0"]),
                Answer::Fail,
            ),
            (
                Some(vec!["CMD-SHELL", "curl localhost; true"]),
                Answer::Fail,
            ),
            (Some(vec!["CMD-SHELL", "curl localhost || :"]), Answer::Fail),
            (Some(vec!["CMD", "sh", "-c", "exit 0"]), Answer::Fail),
            (Some(vec!["CMD-SHELL", "echo ok"]), Answer::Fail),
            (
                Some(vec!["CMD-SHELL", "curl -f localhost && echo ok"]),
                Answer::Pass,
            ),
            (
                Some(vec!["CMD-SHELL", "curl -f localhost || exit 1"]),
                Answer::Pass,
            ),
            (
                Some(vec!["CMD-SHELL", "test \"$(curl localhost; echo x)\" = x"]),
                Answer::Pass,
            ),
            (
                Some(vec!["CMD", "wget", "-q", "localhost/healthz"]),
                Answer::Pass,
            ),
        ] {
            facts.config.config.healthcheck = test.clone().map(|test| image::Healthcheck {
                test: test.into_iter().map(str::to_owned).collect(),
                ..image::Healthcheck::default()
            });
            assert_eq!(
                crate::samples::run(&Healthcheck, &facts).answer,
                answer,
                "{test:?}"
            );
        }
    }
    fn missing(test: &[&str], there: &[&str], not_there: &[&str]) -> Option<String> {
        let mut facts = crate::samples::facts();
        facts.layers = vec![crate::samples::layer()];
        let word = |word: &&str, file: Option<&str>| HealthWord {
            word: (*word).to_owned(),
            file: file.map(Into::into),
        };
        let there = there.iter().map(|name| word(name, Some("bin/x")));
        facts.posture.health = there
            .chain(not_there.iter().map(|name| word(name, None)))
            .collect();
        facts.config.config.healthcheck = Some(image::Healthcheck {
            test: test.iter().map(|word| (*word).to_owned()).collect(),
            ..image::Healthcheck::default()
        });
        let outcome = crate::samples::run(&Healthcheck, &facts);
        let named = |reason: &str| reason.split('`').nth(1).map(str::to_owned);
        (outcome.answer == Answer::Fail)
            .then(|| named(&outcome.reason.en))
            .flatten()
    }

    /// T102.
    #[test]
    fn the_program_has_to_be_in_the_image() {
        let curl = Some("curl".to_owned());
        assert_eq!(missing(&["CMD", "curl", "-f", "x"], &[], &["curl"]), curl);
        assert_eq!(missing(&["CMD", "curl", "-f", "x"], &["curl"], &[]), None);
        let line = ["CMD-SHELL", "curl -f x || exit 1"];
        assert_eq!(missing(&line, &["/bin/sh"], &["curl"]), curl);
        assert_eq!(
            missing(&line, &["curl"], &["/bin/sh"]),
            Some("/bin/sh".to_owned())
        );
        let line = ["CMD-SHELL", "curl -f x || wget -q x"];
        assert_eq!(missing(&line, &["/bin/sh", "wget"], &["curl"]), None);
        assert_eq!(missing(&line, &["/bin/sh"], &["curl", "wget"]), curl);
        for unclear in ["[ -f /x ]", "$APP check", "if x; then y; fi", "A=b curl"] {
            assert_eq!(
                missing(&["CMD-SHELL", unclear], &["/bin/sh"], &["curl"]),
                None
            );
        }
    }
}
