//! A comment that lays nothing aside.

use std::collections::BTreeSet;

use plimsoll_model::lint::LintRule;
use plimsoll_model::lint::aside::why_dead;
use plimsoll_model::lint::settings::Settings;
use plimsoll_model::{Severity, Text};

use crate::ignore;
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
        let rules = rules::all().map(|rule| (&rule.meta, rule.default == RuleDefault::On));
        if let Some((message, suggestion)) = why_dead(&aside, &RULE.meta, rules, &all) {
            sink.report_comment(aside.span, message, suggestion);
        }
    }
}
