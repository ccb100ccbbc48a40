//! `echo a >> f; echo b >> f; echo c >> f`.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use super::scripts;
use crate::Span;
use crate::lint::{Context, Sink};
use crate::rules::{Applies, Default, Rule};
use crate::shell::{AndOr, RedirectionOperator, Word};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "repeated-append",
        aliases: &["SC2129"],
        title: Text::fixed("file opened for every line", "为每一行重复打开文件"),
        why: Text::fixed(
            "One group with one redirection writes the same and is read faster.",
            "用一个命令组和一次重定向即可写入相同内容,也更易读。",
        ),
        severity: Severity::Low,
        references: &["ShellCheck SC2129"],
    },
    applies: Applies::BuildFile,
    default: Default::On,
    check,
    bad: &["FROM debian:12\nRUN echo a >> f; echo b >> f; echo c >> f\n"],
    good: &[
        "FROM debian:12\nRUN { echo a; echo b; echo c; } >> f\n",
        "FROM debian:12\nRUN echo a >> f; echo b >> f\n",
        "FROM debian:12\nRUN echo a >> f && echo b >> f && echo c >> f\n",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for run in scripts(context) {
        for (list, _) in run.script().lists() {
            let mut first: Option<(Span, String)> = None;
            let mut count = 0_usize;
            for item in &list.items {
                let target = appended(item).map(|word| word.source(run.text()).to_owned());
                let same = match (&first, &target) {
                    (Some((_, before)), Some(now)) => before == now,
                    _ => false,
                };
                count = if same {
                    count.saturating_add(1)
                } else {
                    usize::from(target.is_some())
                };
                if !same {
                    first = target.map(|target| (item.span, target));
                }
                if count == 3
                    && let Some((span, target)) = &first
                {
                    run.report(
                        sink,
                        *span,
                        Text::new(
                            format!("`{target}` is opened for every command"),
                            format!("每条命令都重新打开 `{target}`"),
                        ),
                        Text::new(
                            format!("write `{{ a; b; c; }} >> {target}`"),
                            format!("请写作 `{{ a; b; c; }} >> {target}`"),
                        ),
                    );
                }
            }
        }
    }
}

/// The file to which an and-or list appends, where it is one command and that its only redirection.
fn appended(item: &AndOr) -> Option<&Word> {
    let [link] = item.links.as_slice() else {
        return None;
    };
    let [.., command] = link.pipeline.commands.as_slice() else {
        return None;
    };
    match command.redirections() {
        [redirection] if redirection.operator == RedirectionOperator::Append => {
            Some(&redirection.target)
        }
        _ => None,
    }
}
