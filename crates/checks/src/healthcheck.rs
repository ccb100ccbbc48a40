//! Whether the image can say that it is well.

use plimsoll_model::check::Dimension;
use plimsoll_model::facts::ImageFacts;
use plimsoll_model::finding::Remedy;
use plimsoll_model::image::SourceKind;
use plimsoll_model::{Severity, Text};

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

/// Commands that succeed whatever happens.
const EMPTY_COMMANDS: &[&str] = &["true", "/bin/true", "exit 0", ":", "echo ok"];

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
        match test {
            None | Some([]) => Outcome::fail(missing(facts), remedy()),
            Some([none, ..]) if none == "NONE" => Outcome::fail(
                Text::fixed("the health check is switched off", "健康检查被关闭(HEALTHCHECK NONE)"),
                remedy(),
            ),
            Some([_, command @ ..]) if EMPTY_COMMANDS.contains(&command.join(" ").trim()) => {
                Outcome::fail(
                    Text::fixed(
                        "the health check succeeds whatever happens",
                        "健康检查命令无论如何都会成功",
                    ),
                    remedy(),
                )
                .with(vec![setting(plimsoll_secrets::redact(&command.join(" ")))])
            }
            Some(command) => Outcome::pass(Text::fixed(
                "there is a health check; whether it tells the truth is seen only when the image runs",
                "已定义健康检查;其真实性需运行后验证",
            ))
            .with(vec![setting(plimsoll_secrets::redact(&command.join(" ")))]),
        }
    }
}

/// The OCI format has no place for a health check, and builders that write it drop the instruction (T102).
fn missing(facts: &ImageFacts) -> Text {
    let is_oci = facts
        .layers
        .iter()
        .any(|layer| layer.media_type.contains("vnd.oci."));
    if is_oci {
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
}
