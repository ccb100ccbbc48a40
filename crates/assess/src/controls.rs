//! Section 4 of the CIS Docker Benchmark, "Container Images and Build File", from what an assessment knows already.
//!
//! [`SECTION_4`] is the one place that maps controls to checks and rules. A control fails when one of its parts does; it
//! passes only when all of them do. Titles are in our words; ids and the order are the benchmark's.

use std::collections::BTreeMap;

use plimsoll_model::advisory::{Applicability, FixState, Knowledge, Snapshot};
use plimsoll_model::check::{Answer, CheckResult};
use plimsoll_model::control::{Benchmark, ControlResult, Method};
use plimsoll_model::facts::ImageFacts;
use plimsoll_model::finding::{Evidence, Finding};
use plimsoll_model::image::SourceKind;
use plimsoll_model::{Effect, Problem, Text};

use crate::history::{Linted, Told};

/// A control and where its answer comes from.
#[derive(Debug)]
struct Control {
    id: &'static str,
    title: Text,
    method: Method,
    parts: &'static [Part],
}

/// A part of an answer.
#[derive(Debug, Clone, Copy)]
enum Part {
    /// A check, by its id.
    Check(&'static str),
    /// A rule of the linter over the history, by its id.
    Rule(&'static str),
    /// Whether `ADD` fetches addresses.
    Addresses,
    /// Flaws for which there is a fix.
    Patches,
    /// Which base there is, and whether somebody trusts it.
    Base,
    /// What cannot be seen, and why.
    Nobody(&'static str, &'static str),
}

/// The controls, in their order.
static SECTION_4: &[Control] = &[
    Control {
        id: "4.1",
        title: Text::fixed(
            "the container has a user of its own",
            "已为容器创建专用用户",
        ),
        method: Method::Automated,
        parts: &[Part::Check("root-user")],
    },
    Control {
        id: "4.2",
        title: Text::fixed("only trusted base images are used", "仅使用可信的基础镜像"),
        method: Method::Manual,
        parts: &[Part::Base],
    },
    Control {
        id: "4.3",
        title: Text::fixed(
            "no packages are installed that are not needed",
            "未安装不必要的软件包",
        ),
        method: Method::Manual,
        parts: &[Part::Check("needless-tool")],
    },
    Control {
        id: "4.4",
        title: Text::fixed(
            "images are scanned and rebuilt with security fixes",
            "镜像经过扫描并重新构建以包含安全补丁",
        ),
        method: Method::Manual,
        parts: &[
            Part::Patches,
            Part::Check("base-eol"),
            Part::Check("image-age"),
        ],
    },
    Control {
        id: "4.5",
        title: Text::fixed("content trust is enabled", "已启用内容信任"),
        method: Method::Automated,
        parts: &[Part::Nobody(
            "a setting of the client and not of the image, and obsolete: Docker Content Trust is shut down; a policy \
             of signatures takes its place, and no signature was verified here",
            "这是客户端设置而非镜像属性,且已过时:Docker Content Trust 已停用,应以签名策略替代;此处未验证签名",
        )],
    },
    Control {
        id: "4.6",
        title: Text::fixed("the image has a health check", "镜像已定义健康检查"),
        method: Method::Automated,
        parts: &[Part::Check("healthcheck")],
    },
    Control {
        id: "4.7",
        title: Text::fixed(
            "package lists are not updated in a step of their own",
            "未单独使用更新指令",
        ),
        method: Method::Manual,
        parts: &[Part::Rule("index-update-alone")],
    },
    Control {
        id: "4.8",
        title: Text::fixed(
            "setuid and setgid rights are removed",
            "已移除 setuid 与 setgid 权限",
        ),
        method: Method::Manual,
        parts: &[Part::Check("setuid-file")],
    },
    Control {
        id: "4.9",
        title: Text::fixed("COPY is used instead of ADD", "使用 COPY 而非 ADD"),
        method: Method::Manual,
        parts: &[Part::Rule("add-for-files"), Part::Addresses],
    },
    Control {
        id: "4.10",
        title: Text::fixed("no secrets are stored", "未存储敏感信息"),
        method: Method::Manual,
        parts: &[Part::Check("config-secret"), Part::Check("file-secret")],
    },
    Control {
        id: "4.11",
        title: Text::fixed(
            "only verified packages are installed",
            "仅安装经过校验的软件包",
        ),
        method: Method::Manual,
        parts: &[
            Part::Check("unverified-source"),
            Part::Rule("unverified-package"),
            Part::Rule("insecure-download"),
            Part::Rule("download-to-shell"),
        ],
    },
    Control {
        id: "4.12",
        title: Text::fixed(
            "all signed artefacts are validated",
            "所有已签名制品均经过验证",
        ),
        method: Method::Manual,
        parts: &[Part::Nobody(
            "no signature was verified; an attestation that was merely seen proves nothing",
            "未验证任何签名;仅发现证明文件并不能作为依据",
        )],
    },
];

/// What the answers rest on.
pub(crate) struct Known<'a> {
    pub(crate) facts: &'a ImageFacts,
    pub(crate) checks: &'a [CheckResult],
    pub(crate) findings: &'a [Finding],
    pub(crate) problems: &'a [Problem],
    pub(crate) snapshot: &'a Snapshot,
    pub(crate) history: &'a Linted,
}

/// The answer to a part.
struct Said {
    answer: Answer,
    reason: Text,
    evidence: Vec<Evidence>,
    by: Option<String>,
}

impl Said {
    fn new(answer: Answer, reason: Text) -> Self {
        Self {
            answer,
            reason,
            evidence: Vec::new(),
            by: None,
        }
    }

    fn unknown(reason: Text) -> Self {
        Self::new(Answer::Unknown, reason)
    }
}

/// Answers every control.
pub(crate) fn answer_all(known: &Known<'_>) -> Vec<ControlResult> {
    SECTION_4
        .iter()
        .map(|control| answer(control, known))
        .collect()
}

fn answer(control: &Control, known: &Known<'_>) -> ControlResult {
    let parts: Vec<Said> = control
        .parts
        .iter()
        .map(|part| part.answer(known))
        .collect();
    let has = |answer: Answer| parts.iter().any(|part| part.answer == answer);
    let answer = [Answer::Fail, Answer::Unknown, Answer::Pass]
        .into_iter()
        .find(|answer| has(*answer))
        .unwrap_or(Answer::NotApplicable);
    let speaking = || parts.iter().filter(|part| part.answer == answer);
    let join = |pick: fn(&Text) -> &str, with: &str| {
        let mut reasons: Vec<&str> = speaking().map(|part| pick(&part.reason)).collect();
        reasons.dedup();
        reasons.join(with)
    };
    let mut evidence: Vec<Evidence> = speaking().flat_map(|part| part.evidence.clone()).collect();
    evidence.sort();
    evidence.dedup();
    ControlResult {
        benchmark: Benchmark::CisDocker160,
        id: control.id.to_owned(),
        title: control.title.clone(),
        method: control.method,
        answer,
        reason: Text::new(join(|text| &text.en, "; "), join(|text| &text.zh, ";")),
        evidence,
        by: parts.iter().filter_map(|part| part.by.clone()).collect(),
    }
}

impl Part {
    fn answer(self, known: &Known<'_>) -> Said {
        match self {
            Self::Check(id) => check(known, id),
            Self::Rule(id) => Said {
                by: Some(id.to_owned()),
                ..of_history(known, || known.history.told(id))
            },
            Self::Addresses => of_history(known, || Some(known.history.told_of_addresses())),
            Self::Patches => patches(known),
            Self::Base => base(known),
            Self::Nobody(en, zh) => Said::unknown(Text::new(en, zh)),
        }
    }
}

fn check(known: &Known<'_>, id: &str) -> Said {
    let Some(check) = known.checks.iter().find(|check| check.check == id) else {
        return Said::unknown(Text::fixed("it was not asked", "未检查"));
    };
    Said {
        answer: check.answer,
        reason: check.reason.clone(),
        evidence: check.evidence.clone(),
        by: Some(check.check.clone()),
    }
}

fn of_history(known: &Known<'_>, told: impl Fn() -> Option<Told>) -> Said {
    match known.facts.subject.source {
        SourceKind::Dir => {
            return Said::unknown(Text::fixed(
                "a directory has no history",
                "目录没有构建历史",
            ));
        }
        SourceKind::Sbom => {
            return Said::unknown(Text::fixed(
                "a bill of materials does not tell",
                "物料清单中没有此信息",
            ));
        }
        _ => {}
    }
    match told() {
        Some(Told::Found { reason, evidence }) => Said {
            evidence,
            ..Said::new(Answer::Fail, reason)
        },
        Some(Told::Nothing) => Said::new(
            Answer::Pass,
            Text::fixed("no step of the history does so", "构建历史中没有此类步骤"),
        ),
        Some(Told::Unclear(why)) => Said::unknown(why),
        None => Said::unknown(Text::fixed("it was not asked", "未检查")),
    }
}

/// Whether every flaw that somebody has repaired is repaired here.
fn patches(known: &Known<'_>) -> Said {
    let mut open: BTreeMap<&str, usize> = BTreeMap::new();
    for finding in known.findings {
        let is_open = finding.class.is_of_advisory()
            && finding.laid_aside().is_none()
            && finding.vulnerability.as_ref().is_some_and(|found| {
                found.answer == Applicability::Affected && matches!(found.fix, FixState::Fixed(_))
            });
        if is_open {
            *open.entry(finding.subject.as_str()).or_default() += 1;
        }
    }
    if let Some(first) = open.keys().next() {
        let (packages, flaws) = (open.len(), open.values().sum::<usize>());
        return Said::new(
            Answer::Fail,
            Text::new(
                format!(
                    "{flaws} known flaws in {packages} packages have a fix that is not in the image, such as in {first}"
                ),
                format!(
                    "{packages} 个软件包中有 {flaws} 个已知漏洞已有修复但未包含在镜像中,例如 {first}"
                ),
            ),
        );
    }
    if let Some(problem) = known
        .problems
        .iter()
        .find(|problem| problem.effect == Effect::Blind)
    {
        return Said::unknown(Text::new(
            format!(
                "not all could be seen: {}: {}",
                problem.subject, problem.reason
            ),
            format!("有内容无法查看:{}:{}", problem.subject, problem.reason),
        ));
    }
    if known.snapshot.knowledge == Knowledge::Watchlist {
        return Said::unknown(Text::fixed(
            "only the built-in watchlist was used",
            "仅使用了内置观察清单",
        ));
    }
    Said::new(
        Answer::Pass,
        Text::fixed(
            "no known flaw has a fix that is not in the image",
            "没有已有修复而未包含的已知漏洞",
        ),
    )
}

/// Annotations that name the base (OCI image specification, "Pre-Defined Annotation Keys").
const BASE_NAME: &str = "org.opencontainers.image.base.name";
const BASE_DIGEST: &str = "org.opencontainers.image.base.digest";

/// The base can be named; whether it is trusted nobody has said.
fn base(known: &Known<'_>) -> Said {
    let facts = known.facts;
    let told = |key: &str| {
        let label = facts.config.config.labels.get(key);
        let told = facts.subject.annotations.get(key).or(label);
        told.map(String::as_str).filter(|value| !value.is_empty())
    };
    let (name, source) = match (told(BASE_NAME), known.history.base()) {
        (Some(name), _) => (Some(name), BASE_NAME),
        (None, Some(name)) => (Some(name), "history"),
        (None, None) => (None, ""),
    };
    let mut said = Said::unknown(match name {
        Some(name) => Text::new(
            format!(
                "the image says that its base is `{name}`; no list of trusted bases was given, and no signature of it verified"
            ),
            format!("镜像声明其基础镜像为 `{name}`;未提供可信基础镜像列表,也未验证其签名"),
        ),
        None => match &facts.os {
            Some(os) => Text::new(
                format!(
                    "nothing names the base; its system is {}, and who built it is not known",
                    os.release.display()
                ),
                format!(
                    "没有信息指明基础镜像;其系统为 {},构建者未知",
                    os.release.display()
                ),
            ),
            None => Text::fixed("nothing names the base", "没有信息指明基础镜像"),
        },
    });
    let evidence = |key: &str, value: &str| Evidence {
        location: None,
        line: None,
        detail: Text::verbatim(format!("{key}: {value}")),
    };
    said.evidence
        .extend(name.map(|name| evidence(source, name)));
    said.evidence
        .extend(told(BASE_DIGEST).map(|digest| evidence(BASE_DIGEST, digest)));
    said
}

#[cfg(test)]
mod tests {
    use plimsoll_model::image::ImageConfig;

    use super::*;

    #[test]
    fn the_section_is_whole_and_its_checks_are_there() {
        let ids: Vec<String> = (1..=12).map(|n| format!("4.{n}")).collect();
        let own: Vec<&str> = SECTION_4.iter().map(|control| control.id).collect();
        assert_eq!(own, ids);
        for control in SECTION_4 {
            assert_ne!(control.title.en, control.title.zh, "{}", control.id);
            for part in control.parts {
                let (id, is_there) = match part {
                    Part::Check(id) => {
                        let mut all = plimsoll_checks::ALL.iter();
                        (*id, all.any(|check| check.meta().id == *id))
                    }
                    Part::Rule(id) => {
                        let history = crate::history::lint_history(&ImageConfig::default(), &[]);
                        (*id, history.told(id).is_some())
                    }
                    Part::Patches | Part::Base | Part::Addresses | Part::Nobody(..) => continue,
                };
                assert!(is_there, "{id}");
            }
        }
    }
}
