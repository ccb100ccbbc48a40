//! `'$x'`.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use super::scripts;
use super::{assigned_name, command_at};
use crate::Span;
use crate::lint::{Context, Sink};
use crate::rules::{Applies, Default, Rule};
use crate::shell::{Part, Place, Role, Visitor};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "expansion-in-single-quotes",
        aliases: &["SC2016"],
        title: Text::fixed("expansion in single quotes", "单引号中的展开"),
        why: Text::fixed(
            "Nothing is expanded in single quotes: the text itself is used.",
            "单引号中不做任何展开,会按字面使用该文本。",
        ),
        severity: Severity::Low,
        references: &["POSIX.1-2017, Shell, 2.2.2", "ShellCheck SC2016"],
    },
    applies: Applies::BuildFile,
    default: Default::On,
    check,
    bad: &[
        "FROM debian:12\nRUN echo '$x'\n",
        "FROM debian:12\nRUN echo 'export A=$(b)' >> f\n",
    ],
    good: &[
        "FROM debian:12\nRUN awk '{print $1}' f\n",
        "FROM debian:12\nRUN sh -c 'echo $x'\n",
        "FROM debian:12\nRUN sed '$d' f\n",
        "FROM debian:12\nRUN grep 'a$' f\n",
        "FROM debian:12\nRUN echo \"$x\"\n",
    ],
};

/// Programs that read such a text themselves.
const READERS: &[&str] = &[
    "trap",
    "sh",
    "bash",
    "ksh",
    "zsh",
    "dash",
    "ash",
    "ssh",
    "eval",
    "xprop",
    "alias",
    "sudo",
    "doas",
    "run0",
    "docker",
    "podman",
    "oc",
    "dpkg-query",
    "jq",
    "rename",
    "rg",
    "unset",
    "awk",
    "gawk",
    "mawk",
    "nawk",
    "find",
    "perl",
];

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for run in scripts(context) {
        let mut found = Texts(Vec::new());
        run.script().visit(&mut found);
        for span in found.0 {
            run.report(
                sink,
                span,
                Text::fixed(
                    "nothing is expanded in single quotes",
                    "单引号中的内容不会展开",
                ),
                Text::fixed(
                    "use double quotes if the shell is meant to expand it",
                    "若应由 shell 展开,请使用双引号",
                ),
            );
        }
    }
}

struct Texts(Vec<Span>);

impl<'a> Visitor<'a> for Texts {
    fn part(&mut self, part: &'a Part, _: bool, role: Role, place: &Place<'a>) {
        let Part::SingleQuoted { span, text } = part else {
            return;
        };
        if role == Role::Target || !looks_expanded(text) || is_read(*span, text, role, place) {
            return;
        }
        self.0.push(*span);
    }
}

fn is_read(span: Span, text: &str, role: Role, place: &Place<'_>) -> bool {
    let Some(command) = command_at(place) else {
        return false;
    };
    if role == Role::Assigned {
        let inside = |name: &str| {
            let mut all = command.assignments.iter();
            all.any(|one| one.name == name && one.span.contains(span))
        };
        return ["PS1", "PS2", "PS3", "PS4", "PROMPT_COMMAND"]
            .into_iter()
            .any(inside);
    }
    let prompt = command.args().iter().any(|word| {
        word.span.contains(span)
            && assigned_name(word)
                .is_some_and(|name| name.starts_with("PS") || name == "PROMPT_COMMAND")
    });
    let sed = command.runs_any(&["sed", "gsed"]) && is_address(text);
    // Whether `find` gives it to a command is not looked at, unless it is a name to search for.
    let sought = command.runs("find")
        && !command.has_arg("-exec")
        && !command.has_arg("-execdir")
        && !command.has_arg("-printf");
    let git = command.runs("git") && command.has_arg("filter-branch");
    prompt || sed || git || (command.runs_any(READERS) && !sought)
}

/// A variable, a command or backticks.
fn looks_expanded(text: &str) -> bool {
    let dollar = text.match_indices('$').any(|(at, _)| {
        let next = text
            .get(at.saturating_add(1)..)
            .and_then(|rest| rest.chars().next());
        next.is_some_and(|next| next.is_ascii_alphanumeric() || matches!(next, '{' | '(' | '_'))
    });
    dollar || text.split('`').nth(2).is_some()
}

/// `$` as the last line, with a command of `sed` behind it.
fn is_address(text: &str) -> bool {
    text.match_indices('$').any(|(at, _)| {
        let mut rest = text.get(at.saturating_add(1)..).unwrap_or_default().chars();
        rest.next().is_some_and(|next| "{dpsaic".contains(next))
            && rest.next().is_none_or(|next| !next.is_ascii_alphabetic())
    })
}
