//! A comment that lays nothing aside.

use plimsoll_model::lint::LintRule;
use plimsoll_model::lint::aside::why_dead;
use plimsoll_model::{Severity, Text};

use crate::ignore;
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
        let rules = rules::all().map(|rule| (&rule.meta, rule.default == RuleDefault::On));
        if let Some((message, suggestion)) = why_dead(&aside, &RULE.meta, rules, &all) {
            sink.report_comment(aside.span, message, suggestion);
        }
    }
}
