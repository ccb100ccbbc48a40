//! A pattern for `find`, `grep` or `tr` outside quotes.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use super::scripts;
use crate::lint::{Context, Sink};
use crate::rules::{Applies, Default, Rule};
use crate::shell::Word;

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "unquoted-pattern",
        aliases: &["SC2060", "SC2061", "SC2062"],
        title: Text::fixed("pattern outside quotes", "模式未加引号"),
        why: Text::fixed(
            "Where a file matches, the shell puts its name there, and the program never sees the pattern.",
            "若有文件与之匹配,shell 会将其替换为文件名,程序便看不到该模式。",
        ),
        severity: Severity::Medium,
        references: &["POSIX.1-2017, Shell, 2.6.6", "ShellCheck SC2061"],
    },
    applies: Applies::BuildFile,
    default: Default::On,
    check,
    bad: &[
        "FROM debian:12\nRUN find . -name *.c\n",
        "FROM debian:12\nRUN grep a* f\n",
        "FROM debian:12\nRUN tr [a-z] [A-Z]\n",
    ],
    good: &[
        "FROM debian:12\nRUN find . -name '*.c'\n",
        "FROM debian:12\nRUN grep 'a*' f\n",
        "FROM debian:12\nRUN grep a *.c\n",
        "FROM debian:12\nRUN find *.c -name x\n",
    ],
};

/// Tests of `find` that take a pattern.
const TESTS: &[&str] = &[
    "-name",
    "-iname",
    "-path",
    "-ipath",
    "-wholename",
    "-iwholename",
    "-lname",
    "-ilname",
    "-regex",
    "-iregex",
];

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for run in scripts(context) {
        for seen in run.script().commands() {
            let args = seen.command.args();
            let (alias, words): (_, Vec<&Word>) = match seen.command.program() {
                Some("find") => {
                    let behind = args.iter().zip(args.iter().skip(1));
                    let patterns =
                        behind.filter(|(test, _)| TESTS.iter().any(|name| test.is(name)));
                    ("SC2061", patterns.map(|(_, word)| word).collect())
                }
                Some("grep") => {
                    let mut operands = args.iter().filter(|word| !is_flag(word));
                    ("SC2062", operands.next().into_iter().collect())
                }
                Some("tr") => ("SC2060", args.iter().collect()),
                _ => continue,
            };
            for word in words.into_iter().filter(|word| word.has_glob()) {
                run.report(
                    sink,
                    word.span,
                    Text::fixed(
                        "the shell may put names of files here before the program sees the pattern",
                        "程序看到此模式之前,shell 可能已将其替换为文件名",
                    ),
                    Text::fixed("put the pattern in quotes", "请为该模式加引号"),
                )
                .aliases(&[alias]);
            }
        }
    }
}

fn is_flag(word: &Word) -> bool {
    word.outline().starts_with('-')
}
