//! `$x` outside quotes.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use super::scripts;
use super::values::Known;
use super::{DECLARATIONS, assigned_name, command_at};
use crate::Span;
use crate::lint::{Context, Sink};
use crate::rules::{Applies, Default, Rule};
use crate::shell::{Operator, Part, Place, Role, Visitor};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "unquoted-variable",
        aliases: &["SC2086"],
        title: Text::fixed("variable outside quotes", "变量未加引号"),
        why: Text::fixed(
            "The shell splits the value at blanks and replaces `*` in it by names of files, so that one argument becomes many or none.",
            "shell 会在空白处拆分变量的值,并将其中的 `*` 替换为文件名,一个参数可能变成多个或消失。",
        ),
        severity: Severity::Low,
        references: &["POSIX.1-2017, Shell, 2.6.5", "ShellCheck SC2086"],
    },
    applies: Applies::BuildFile,
    default: Default::On,
    check,
    bad: &[
        "FROM debian:12\nRUN rm $x\n",
        "FROM debian:12\nRUN echo \"a\" > $LOG\n",
        "FROM debian:12\nRUN x=\"a b\"; echo a$x\n",
        "FROM debian:12\nRUN cd /x && tar xf a-${V}.tar.gz\n",
        "FROM debian:12\nRUN x=$(y); if [ $x = 1 ]; then z; fi\n",
        "FROM debian:12\nRUN export A=$B\n",
    ],
    good: &[
        "FROM debian:12\nRUN rm \"$x\"\n",
        "FROM debian:12\nARG PACKAGES=\"a b\"\nRUN apt-get install -y $PACKAGES\n",
        "FROM debian:12\nRUN x=$y; y=$#; echo \"$x\" $y\n",
        "FROM debian:12\nRUN x=5; echo $x\n",
        "FROM debian:12\nRUN case $x in a) b;; esac\n",
        "FROM debian:12\nRUN for i in a b; do echo $i; done\n",
        "FROM debian:12\nRUN cat <<< \"$x\"\n",
        "FROM debian:12\nRUN $x y\n",
        "FROM debian:12\nSHELL [\"/bin/bash\", \"-c\"]\nRUN [[ $x = 1 ]] && export A=$B\n",
        "FROM debian:12\nRUN echo $((x + $y)) $? $#\n",
    ],
};

/// Variables that the shell sets to numbers or flags.
const NUMBERS: &[&str] = &[
    "#",
    "?",
    "$",
    "!",
    "-",
    "UID",
    "EUID",
    "PPID",
    "RANDOM",
    "LINENO",
    "SHLVL",
    "OPTIND",
    "SECONDS",
    "BASHPID",
    "COLUMNS",
    "LINES",
    "HISTSIZE",
    "HISTFILESIZE",
];

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for run in scripts(context) {
        let mut found = Unquoted {
            extended: run.extended(),
            known: Known::of(run.script()),
            found: Vec::new(),
        };
        run.script().visit(&mut found);
        let foreign = |(_, name): &(Span, &str)| !run.declares(context.file, name);
        for (span, name) in found.found.into_iter().filter(foreign) {
            let mut said = run.report(
                sink,
                span,
                Text::new(
                    format!("the shell splits the value of `{name}` into words and looks for files in it"),
                    format!("shell 会将 `{name}` 的值拆分成多个词,并按文件名模式展开"),
                ),
                Text::fixed("put it in double quotes", "请加双引号"),
            );
            said.unsafe_fix(vec![
                run.insert(span.start, "\""),
                run.insert(span.end, "\""),
            ]);
        }
    }
}

struct Unquoted<'a> {
    extended: bool,
    known: Known<'a>,
    found: Vec<(Span, &'a str)>,
}

impl<'a> Visitor<'a> for Unquoted<'a> {
    fn part(&mut self, part: &'a Part, quoted: bool, role: Role, place: &Place<'a>) {
        let Part::Parameter(parameter) = part else {
            return;
        };
        let name = parameter.name.as_str();
        let split = matches!(role, Role::Argument | Role::Target)
            && !quoted
            && !parameter.length
            && !NUMBERS.contains(&name)
            && name != "@"
            && !parameter
                .subscript
                .as_ref()
                .is_some_and(|word| word.is("@"))
            && !matches!(
                parameter.operator,
                Some(Operator::Alternative | Operator::Names)
            );
        if split
            && !self.known.is_one_word(name, parameter.span.start)
            && !self.is_declared(place, parameter.span)
        {
            self.found.push((parameter.span, name));
        }
    }
}

impl Unquoted<'_> {
    /// Whether it is what a declaration assigns, which bash does not split.
    fn is_declared(&self, place: &Place<'_>, span: Span) -> bool {
        self.extended
            && command_at(place).is_some_and(|command| {
                command.runs_any(DECLARATIONS)
                    && command
                        .args()
                        .iter()
                        .any(|word| word.span.contains(span) && assigned_name(word).is_some())
            })
    }
}
