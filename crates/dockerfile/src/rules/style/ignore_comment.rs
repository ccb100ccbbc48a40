//! Comments that lay findings aside.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use crate::Span;
use crate::ast::Dockerfile;
use crate::lint::{Context, Sink};
use crate::rules::{Applies, Default, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "ignore-comment",
        aliases: &["DL1001"],
        title: Text::fixed("comment that lays findings aside", "用注释忽略检查结果"),
        why: Text::fixed(
            "Where others decide what may be laid aside, a comment in the file goes around them.",
            "若由他人决定哪些结果可以忽略,文件中的注释会绕过这一决定。",
        ),
        severity: Severity::Low,
        references: &["requirements A 5.2"],
    },
    applies: Applies::BuildFile,
    default: Default::Off,
    check,
    bad: &[
        "FROM debian:12\n# hadolint ignore=DL3003\nRUN cd /x\n",
        "FROM debian:12\n# plimsoll ignore=change-directory\nRUN cd /x\n",
    ],
    good: &["FROM debian:12\n# hadolint shell=bash\nRUN cd /x # we ignore this\n"],
};

/// Who lays aside, in lower case, and whether that is said with words behind.
const TOOLS: &[&str] = &["hadolint", "plimsoll", "trivy:", "checkov:"];

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let file = context.file;
    for comment in &file.comments {
        let text = comment.text.trim().to_ascii_lowercase();
        let Some((tool, rest)) = TOOLS
            .iter()
            .find_map(|tool| Some((*tool, text.strip_prefix(tool)?)))
        else {
            continue;
        };
        let rest = rest.trim_start();
        let is_global = rest.starts_with("global");
        let rest = rest.trim_start_matches("global").trim_start();
        let lays_aside = match tool {
            "checkov:" => rest.starts_with("skip="),
            "trivy:" => rest.starts_with("ignore:"),
            _ => rest
                .strip_prefix("ignore")
                .is_some_and(|rest| rest.trim_start().starts_with('=')),
        };
        if !lays_aside {
            continue;
        }
        let mut found = sink.report_comment(
            comment.span,
            Text::fixed("this comment lays findings aside", "此注释忽略了检查结果"),
            Text::fixed(
                "repair what is found, or lay it aside in the settings, where it is reviewed",
                "请修复问题,或在经过评审的设置中忽略",
            ),
        );
        if tool != "hadolint"
            || is_global
            || !is_strict(&comment.text)
            || is_within(file, comment.span)
        {
            found.aliases(&[]);
        }
    }
}

/// Whether hadolint reads it: ids in upper case, separated by commas, and nothing behind them.
fn is_strict(text: &str) -> bool {
    let Some((_, ids)) = text.split_once('=') else {
        return false;
    };
    ids.split(',').all(|id| {
        let digits = id
            .trim()
            .strip_prefix("DL")
            .or_else(|| id.trim().strip_prefix("SC"));
        digits.is_some_and(|digits| {
            !digits.is_empty() && digits.chars().all(|digit| digit.is_ascii_digit())
        })
    })
}

/// Whether a comment stands between the lines of an instruction.
fn is_within(file: &Dockerfile, span: Span) -> bool {
    let next = file
        .instructions
        .partition_point(|instruction| instruction.span.end <= span.start);
    let found = file.instructions.get(next);
    found.is_some_and(|instruction| instruction.span.start < span.start)
}
