//! `"~/x"`.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use super::scripts;
use super::{DECLARATIONS, command_at};
use crate::Span;
use crate::lint::{Context, Sink};
use crate::rules::{Applies, Default, Rule};
use crate::shell::{Part, Place, Role, Visitor, Word};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "quoted-tilde",
        aliases: &["SC2088"],
        title: Text::fixed("tilde in quotes", "波浪号在引号内"),
        why: Text::fixed(
            "In quotes `~` is a character, and a directory of that name is sought.",
            "引号内的 `~` 只是普通字符,会去查找同名目录。",
        ),
        severity: Severity::Medium,
        references: &["POSIX.1-2017, Shell, 2.6.1", "ShellCheck SC2088"],
    },
    applies: Applies::BuildFile,
    default: Default::On,
    check,
    bad: &[
        "FROM debian:12\nRUN cd \"~/x\" && a\n",
        "FROM debian:12\nRUN x='~/y'; a\n",
    ],
    good: &[
        "FROM debian:12\nRUN cd ~/x && a\n",
        "FROM debian:12\nRUN echo \"a ~/x\"\n",
        "FROM debian:12\nRUN echo \"~\"\n",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for run in scripts(context) {
        let mut found = Tildes(Vec::new());
        run.script().visit(&mut found);
        for span in found.0 {
            run.report(
                sink,
                span,
                Text::fixed("`~` is no home in quotes", "引号内的 `~` 不表示主目录"),
                Text::fixed(
                    "leave `~/` outside the quotes, or write `\"$HOME/…\"`",
                    "请将 `~/` 移到引号外,或写作 `\"$HOME/…\"`",
                ),
            );
        }
    }
}

struct Tildes(Vec<Span>);

impl<'a> Visitor<'a> for Tildes {
    fn word(&mut self, word: &'a Word, role: Role, place: &Place<'a>) {
        let first = match word.parts.as_slice() {
            [Part::Literal { text, .. }, second, ..]
                if role == Role::Argument && text.ends_with('=') =>
            {
                let declares =
                    command_at(place).is_some_and(|command| command.runs_any(DECLARATIONS));
                Some(second).filter(|_| declares)
            }
            parts => parts.first(),
        };
        let text = match first {
            Some(Part::SingleQuoted { text, .. }) => text,
            Some(Part::DoubleQuoted { parts, .. }) => match parts.first() {
                Some(Part::Literal { text, .. }) => text,
                _ => return,
            },
            _ => return,
        };
        if text.starts_with("~/")
            && role != Role::HereDocument
            && let Some(part) = first
        {
            self.0.push(part.span());
        }
    }
}
