//! A comment that lays nothing aside.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use crate::ignore::{self, Aside, Reach, Tool};
use crate::lint::{Context, Sink, findings};
use crate::rules::{self, Applies, Default as RuleDefault, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "dead-ignore",
        aliases: &[],
        title: Text::fixed("comment that lays nothing aside", "未生效的忽略注释"),
        why: Text::fixed(
            "An ignore comment that meets nothing tells readers of a flaw that is not there, and hides the next one.",
            "未命中任何问题的忽略注释会误导读者,并可能掩盖以后出现的问题。",
        ),
        severity: Severity::Negligible,
        references: &[
            "hadolint, \"Inline ignores\"",
            "Trivy, \"Filtering\"",
            "Dockerfile reference, \"check\"",
        ],
    },
    applies: Applies::BuildFile,
    default: RuleDefault::On,
    check,
    bad: &[
        "# plimsoll ignore=latest-base\nFROM debian:12.5\n",
        "# plimsoll ignore=no-such-rule\nFROM debian:12.5\n",
        "FROM debian:12.5\n# plimsoll ignore=latest-base\n",
        "# hadolint ignore=DL3007\n\nFROM debian:latest\n",
        "# trivy:ignore:DS-0001:exp:soon\nFROM debian:latest\n",
    ],
    good: &[
        "# plimsoll ignore=latest-base we follow it\nFROM debian:latest\n",
        "# hadolint ignore=DL3007\nFROM debian:latest\n",
        "# hadolint global ignore=SC1091\nFROM debian:12.5\n",
        "# trivy:ignore:DS-0001\nFROM debian:latest\n",
        "# trivy:ignore:AWS-0001\nFROM debian:12.5\n",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let (file, settings) = (context.file, context.settings);
    if settings.disable_ignore_comments {
        return;
    }
    let asides = ignore::asides(file, &settings.today);
    if asides.is_empty() {
        return;
    }
    // Whoever runs only some rules does not hear of comments about the others.
    let is_wanted = |rule: &Rule| rule.meta.id != RULE.meta.id;
    let all = crate::Settings {
        only: std::collections::BTreeSet::new(),
        ..settings.clone()
    };
    let found = findings(file, &all, is_wanted);
    for aside in ignore::part(asides, found).dead {
        if let Some((message, suggestion)) = said(&aside, &all) {
            sink.report_comment(aside.span, message, suggestion);
        }
    }
}

/// What is wrong with it; nothing where only another linter can know.
fn said(aside: &Aside, settings: &crate::Settings) -> Option<(Text, Text)> {
    let name = &aside.name;
    let known: Vec<&Rule> = rules::all()
        .filter(|rule| aside.means(rule.meta.id, rule.meta.aliases))
        .collect();
    let is_ours = aside.tool == Tool::Plimsoll;
    if known.is_empty() && !is_ours && aside.reach != Reach::Nothing {
        return None;
    }
    if known.is_empty() && is_ours {
        return Some((
            Text::new(
                format!("there is no rule `{name}`"),
                format!("不存在规则 `{name}`"),
            ),
            Text::fixed(
                "name a rule by its id or alias; `plimsoll lint --list-rules` lists them",
                "请使用规则的编号或别名,`plimsoll lint --list-rules` 可列出全部",
            ),
        ));
    }
    let runs = |rule: &&Rule| {
        rule.meta.id != RULE.meta.id && settings.runs(&rule.meta, rule.default == RuleDefault::On)
    };
    if aside.reach == Reach::Nothing {
        return Some((
            Text::new(
                format!("`{name}` is laid aside nowhere"),
                format!("对 `{name}` 的忽略未作用于任何指令"),
            ),
            where_to(aside.tool),
        ));
    }
    if !known.iter().any(runs) {
        return None;
    }
    Some((
        Text::new(
            format!("`{name}` is not found here"),
            format!("此处未发现 `{name}`"),
        ),
        Text::fixed("take the comment away", "请删除该注释"),
    ))
}

/// Where the comments of a linter hold.
fn where_to(tool: Tool) -> Text {
    match tool {
        Tool::Hadolint => Text::fixed(
            "put it on the line before the instruction, with nothing but ids behind `=`",
            "请放在指令的前一行,`=` 之后只写规则编号",
        ),
        Tool::Trivy => Text::fixed(
            "put it on the line before the instruction, and let it end on a day to come: `:exp:2030-01-31`",
            "请放在指令的前一行,并使用未来的截止日期:`:exp:2030-01-31`",
        ),
        Tool::Plimsoll | Tool::BuildKit => Text::fixed(
            "put it before the instruction, or write `ignore-file=` for the whole file",
            "请放在指令之前,或用 `ignore-file=` 作用于整个文件",
        ),
    }
}
