//! A comment that lays nothing aside.

use std::collections::BTreeSet;

use plimsoll_model::lint::LintRule;
use plimsoll_model::lint::settings::Settings;
use plimsoll_model::{Severity, Text};

use crate::ignore::{self, Aside, Reach, Tool};
use crate::lint::{Context, Sink, findings};
use crate::rules::{self, Default as RuleDefault, Repair, Rule};

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
        references: &["Trivy, \"Filtering\""],
    },
    default: RuleDefault::On,
    repair: Repair {
        docker_run: "",
        compose: "no # plimsoll ignore=",
        kubernetes: "no # plimsoll ignore=",
    },
    check,
    bad: &[
        "\
services:
  app:
    image: app:1.2.3
    privileged: false # plimsoll ignore=privileged
",
        "\
# plimsoll ignore-file=no-such-rule
services:
  app:
    image: app:1.2.3
",
        "\
services:
  app:
    image: app # trivy:ignore:KSV-0013:exp:soon
",
        "\
apiVersion: v1
kind: Pod
metadata:
  name: app
spec:
  containers:
    - name: app
      image: app:1.2.3
      # trivy:ignore:KSV-0013
",
    ],
    good: &[
        "\
services:
  app:
    image: app:1.2.3
    privileged: true # plimsoll ignore=privileged it is the host's own agent
",
        "\
# plimsoll ignore-file=latest-image
services:
  app:
    image: app
",
        "\
services:
  app:
    image: app # trivy:ignore:KSV-0013
",
        "\
services:
  app:
    image: app:1.2.3 # trivy:ignore:AWS-0001
",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let (manifest, settings) = (context.manifest, context.settings);
    if settings.disable_ignore_comments {
        return;
    }
    let asides = ignore::asides(manifest, &settings.today);
    if asides.is_empty() {
        return;
    }
    // Whoever runs only some rules does not hear of comments about the others.
    let all = Settings {
        only: BTreeSet::new(),
        ..settings.clone()
    };
    let found = findings(manifest, &all, |rule| rule.meta.id != RULE.meta.id);
    for aside in ignore::part(asides, found).dead {
        if let Some((message, suggestion)) = said(&aside, &all) {
            sink.report_comment(aside.span, message, suggestion);
        }
    }
}

/// What is wrong with it; nothing where only another linter can know.
fn said(aside: &Aside, settings: &Settings) -> Option<(Text, Text)> {
    let name = &aside.name;
    let mut known = rules::all()
        .filter(|rule| aside.means(rule.meta.id, rule.meta.aliases))
        .peekable();
    if known.peek().is_none() {
        return (aside.tool == Tool::Plimsoll).then(|| {
            (
                Text::new(
                    format!("there is no rule `{name}` for Compose files and manifests"),
                    format!("不存在适用于 Compose 文件和清单的规则 `{name}`"),
                ),
                Text::fixed(
                    "name a rule by its id or alias; `plimsoll lint --list-rules` lists them",
                    "请使用规则的编号或别名,`plimsoll lint --list-rules` 可列出全部",
                ),
            )
        });
    }
    if aside.reach == Reach::Nothing {
        return Some((
            Text::new(
                format!("`{name}` is laid aside no more"),
                format!("对 `{name}` 的忽略已不再有效"),
            ),
            Text::fixed(
                "let it end on a day to come, `:exp:2030-01-31`, or take the comment away",
                "请使用未来的截止日期 `:exp:2030-01-31`,或删除该注释",
            ),
        ));
    }
    let mut runs = known.filter(|rule| {
        let by_default = rule.default == RuleDefault::On;
        rule.meta.id != RULE.meta.id && settings.runs(&rule.meta, by_default)
    });
    runs.next()?;
    Some((
        Text::new(
            format!("`{name}` is not found here"),
            format!("此处未发现 `{name}`"),
        ),
        Text::fixed("take the comment away", "请删除该注释"),
    ))
}
