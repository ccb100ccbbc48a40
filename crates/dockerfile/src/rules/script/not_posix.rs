//! What bash knows and `/bin/sh` need not.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use super::{assigned_name, scripts};
use crate::Span;
use crate::lint::{Context, Sink};
use crate::rules::{Applies, Default, Rule};
use crate::shell::{
    Command, CompoundKind, Condition, Operator, Part, Pipe, Place, Redirection,
    RedirectionOperator, Role, SimpleCommand, Value, Visitor, Word,
};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "not-posix",
        aliases: &[
            "SC3001", "SC3002", "SC3003", "SC3004", "SC3005", "SC3006", "SC3007", "SC3008",
            "SC3009", "SC3010", "SC3011", "SC3012", "SC3014", "SC3015", "SC3016", "SC3017",
            "SC3020", "SC3021", "SC3024", "SC3028", "SC3029", "SC3030", "SC3032", "SC3037",
            "SC3038", "SC3039", "SC3040", "SC3043", "SC3044", "SC3045", "SC3046", "SC3047",
            "SC3048", "SC3053", "SC3054", "SC3055", "SC3056", "SC3057", "SC3059", "SC3060",
        ],
        title: Text::fixed("bash in a script for sh", "在 sh 脚本中使用 bash 语法"),
        why: Text::fixed(
            "`RUN` uses `/bin/sh` unless `SHELL` says otherwise; on Debian and Alpine that is not bash, and the script fails or does something else there.",
            "除非 `SHELL` 另行指定,`RUN` 使用 `/bin/sh`;在 Debian 和 Alpine 上它不是 bash,脚本会失败或产生不同的结果。",
        ),
        severity: Severity::Medium,
        references: &[
            "POSIX.1-2017, Shell Command Language",
            "ShellCheck SC3001 and following",
        ],
    },
    applies: Applies::BuildFile,
    default: Default::On,
    check,
    bad: &[
        "FROM debian:12\nRUN [[ -f a ]] && b\n",
        "FROM debian:12\nRUN set -o pipefail && a | b\n",
        "FROM debian:12\nRUN mkdir -p a/{b,c}\n",
        "FROM debian:12\nRUN source x\n",
        "FROM debian:12\nRUN [ \"$a\" == b ]\n",
        "FROM debian:12\nRUN echo ${x/a/b} ${x[0]} $'a' >& f\n",
    ],
    good: &[
        "FROM debian:12\nSHELL [\"/bin/bash\", \"-c\"]\nRUN [[ -f a ]] && source b &> c\n",
        "FROM debian:12\nRUN [ -f a ] && . b > c 2>&1 && set -eux\n",
        "FROM debian:12\nRUN echo \"{a,b}\" ${x%y} $((1 + 2))\n",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for run in scripts(context).filter(|run| !run.extended()) {
        let mut found = Extensions(Vec::new());
        run.script().visit(&mut found);
        for (span, alias, what) in found.0 {
            run.report(
                sink,
                span,
                Text::new(
                    format!("POSIX has no {what}; `/bin/sh` need not know it"),
                    format!("POSIX 中没有此写法({what}),`/bin/sh` 不一定支持"),
                ),
                Text::fixed(
                    "write what POSIX has, or set `SHELL [\"/bin/bash\", \"-c\"]` if the image has bash",
                    "请改用 POSIX 写法;若镜像中有 bash,也可设置 `SHELL [\"/bin/bash\", \"-c\"]`",
                ),
            )
            .aliases(&[alias]);
        }
    }
}

/// Place, id and name of what was found.
struct Extensions(Vec<(Span, &'static str, &'static str)>);

/// Commands that POSIX does not have, as the shells' manuals have them.
const COMMANDS: &[&str] = &[
    "bind",
    "caller",
    "compgen",
    "complete",
    "compopt",
    "declare",
    "dirs",
    "disown",
    "enable",
    "history",
    "logout",
    "mapfile",
    "popd",
    "pushd",
    "readarray",
    "shopt",
    "suspend",
    "typeset",
];

/// Variables that bash sets.
const VARIABLES: &[&str] = &[
    "RANDOM",
    "SECONDS",
    "UID",
    "EUID",
    "HOSTNAME",
    "HOSTTYPE",
    "MACHTYPE",
    "OSTYPE",
    "SHLVL",
    "BASH_VERSION",
    "BASH_SOURCE",
    "DIRSTACK",
    "FUNCNAME",
    "GROUPS",
    "PIPESTATUS",
    "BASHPID",
];

impl Extensions {
    fn add(&mut self, span: Span, alias: &'static str, what: &'static str) {
        self.0.push((span, alias, what));
    }

    fn simple(&mut self, command: &SimpleCommand) {
        for assignment in &command.assignments {
            if assignment.append {
                self.add(assignment.span, "SC3024", "`+=`");
            }
            if let Value::Array(_) = assignment.value {
                self.add(assignment.span, "SC3030", "array");
            } else if assignment.subscript.is_some() {
                self.add(assignment.span, "SC3054", "array");
            }
        }
        let Some((first, name)) = command.words.first().zip(command.name()) else {
            return;
        };
        match name {
            "source" => self.add(first.span, "SC3046", "`source`"),
            "let" => self.add(first.span, "SC3039", "`let`"),
            "local" => self.add(first.span, "SC3043", "`local`"),
            "echo" => self.echo(command),
            "set" => self.set(command),
            "trap" => self.trap(command),
            "[" | "test" => self.test(command),
            "exec" => {
                if let Some(word) = command.args().first().filter(|word| is_flag(word)) {
                    self.add(word.span, "SC3038", "option of `exec`");
                }
            }
            "read" | "type" | "printf" | "ulimit" | "export" | "readonly" | "unset" | "jobs"
            | "wait" | "cd" => {
                self.flags(name, command);
            }
            name if COMMANDS.contains(&name) => {
                self.add(first.span, "SC3044", "such command");
            }
            _ => {}
        }
    }

    /// Flags of builtins that POSIX does not have.
    fn flags(&mut self, name: &str, command: &SimpleCommand) {
        let known = match name {
            "read" => "r",
            "ulimit" => "f",
            "export" | "readonly" => "p",
            "unset" => "fv",
            "jobs" => "lp",
            "cd" => "LP",
            _ => "",
        };
        for word in command.args() {
            let text = word.outline();
            let Some(letters) = text.strip_prefix('-').filter(|rest| !rest.is_empty()) else {
                break;
            };
            if letters == "-" {
                break;
            }
            if letters.chars().any(|letter| !known.contains(letter)) {
                self.add(word.span, "SC3045", "such option of this command");
                break;
            }
        }
    }

    fn echo(&mut self, command: &SimpleCommand) {
        let Some(word) = command.args().first() else {
            return;
        };
        let flags = word.text().and_then(|text| text.strip_prefix('-'));
        if flags.is_some_and(|flags| !flags.is_empty() && flags.chars().all(|c| "neE".contains(c)))
        {
            self.add(word.span, "SC3037", "option of `echo`");
        }
    }

    fn set(&mut self, command: &SimpleCommand) {
        const NAMES: &[&str] = &[
            "allexport",
            "errexit",
            "ignoreeof",
            "monitor",
            "noclobber",
            "noexec",
            "noglob",
            "nolog",
            "notify",
            "nounset",
            "verbose",
            "vi",
            "xtrace",
        ];
        let mut named = false;
        for word in command.args() {
            let Some(text) = word.literal() else { return };
            if named && !NAMES.contains(&text.as_ref()) {
                self.add(word.span, "SC3040", "such option of `set`");
            }
            if text == "--" || !(named || text.starts_with(['-', '+'])) {
                return;
            }
            named = text.starts_with(['-', '+']) && text.ends_with('o');
        }
    }

    fn trap(&mut self, command: &SimpleCommand) {
        for word in command.args().iter().skip(1) {
            match word.text() {
                Some("ERR" | "DEBUG" | "RETURN") => self.add(word.span, "SC3047", "such trap"),
                Some(name) if name.starts_with("SIG") => {
                    self.add(word.span, "SC3048", "`SIG` before the name of a signal");
                }
                _ => {}
            }
        }
    }

    fn test(&mut self, command: &SimpleCommand) {
        let args = command.args();
        for (at, word) in args.iter().enumerate() {
            if word.is_quoted() {
                continue;
            }
            match word.text() {
                Some("==") if at > 0 => self.add(word.span, "SC3014", "`==` in tests"),
                Some("=~") if at > 0 => self.add(word.span, "SC3015", "`=~` in tests"),
                Some("<" | ">") if at > 0 => {
                    self.add(word.span, "SC3012", "comparison of texts in tests");
                }
                Some("-v") if at == 0 => self.add(word.span, "SC3016", "`-v` in tests"),
                Some("-a") if at == 0 => self.add(word.span, "SC3017", "`-a` of one operand"),
                _ => {}
            }
        }
    }

    fn redirections(&mut self, redirections: &[Redirection]) {
        for redirection in redirections {
            let span = redirection.span;
            match redirection.operator {
                RedirectionOperator::HereString => self.add(span, "SC3011", "here-string"),
                RedirectionOperator::OutputAndError | RedirectionOperator::AppendOutputAndError => {
                    self.add(span, "SC3020", "`&>`");
                }
                RedirectionOperator::DuplicateOutput => {
                    let target = redirection.target.outline();
                    let number = target == "-"
                        || target
                            .bytes()
                            .all(|byte| byte.is_ascii_digit() || byte == b'-');
                    if !number && !redirection.target.has_expansion() {
                        self.add(span, "SC3021", "`>&` with a file");
                    }
                }
                _ => {}
            }
        }
    }

    fn parameter(&mut self, parameter: &crate::shell::Parameter) {
        let span = parameter.span;
        if parameter.subscript.is_some() && !parameter.length {
            self.add(span, "SC3054", "array");
        } else if parameter.indirect {
            if parameter.operator == Some(Operator::Names) {
                self.add(span, "SC3056", "such expansion");
            } else {
                self.add(span, "SC3053", "indirect expansion");
            }
        }
        match parameter.operator {
            Some(Operator::Substring) => self.add(span, "SC3057", "part of a text by its place"),
            Some(Operator::Case) => self.add(span, "SC3059", "change of case"),
            Some(Operator::Replace) => self.add(span, "SC3060", "replacement in an expansion"),
            _ => {}
        }
        if VARIABLES.contains(&parameter.name.as_str()) {
            self.add(span, "SC3028", "such variable");
        }
    }
}

fn is_flag(word: &Word) -> bool {
    word.outline().starts_with('-')
}

/// The first comparison with `==` in a condition, which has an id of its own.
fn equals(condition: &Condition, found: &mut Vec<Span>) {
    match condition {
        Condition::Not(inner) | Condition::Group(inner) => equals(inner, found),
        Condition::All(all) | Condition::Any(all) => {
            for inner in all {
                equals(inner, found);
            }
        }
        Condition::Binary {
            left,
            operator,
            right,
        } if operator == "==" => {
            found.push(left.span.to(right.span));
        }
        _ => {}
    }
}

impl<'a> Visitor<'a> for Extensions {
    fn pipeline(&mut self, place: &Place<'a>) {
        if place.pipeline.pipes.contains(&Pipe::OutputAndError) {
            self.add(place.pipeline.span, "SC3029", "`|&`");
        }
    }

    fn command(&mut self, command: &'a Command, _: &Place<'a>) {
        match command {
            Command::Simple(simple) => self.simple(simple),
            Command::Compound(compound) => {
                let head = Span::new(compound.span.start, compound.span.start.saturating_add(2));
                match &compound.kind {
                    CompoundKind::Test(condition) => {
                        self.add(head, "SC3010", "`[[`");
                        let mut all = Vec::new();
                        if let Some(condition) = condition {
                            equals(condition, &mut all);
                        }
                        for span in all {
                            self.add(span, "SC3014", "`==` in tests");
                        }
                    }
                    CompoundKind::Arithmetic(_) => self.add(head, "SC3006", "`((`"),
                    CompoundKind::ForArithmetic { .. } => self.add(head, "SC3005", "`for ((`"),
                    CompoundKind::Select { .. } => self.add(head, "SC3008", "`select`"),
                    CompoundKind::Coprocess { .. } => self.add(head, "SC3032", "`coproc`"),
                    _ => {}
                }
            }
            Command::Function(_) => {}
        }
        self.redirections(command.redirections());
    }

    fn word(&mut self, word: &'a Word, role: Role, _: &Place<'a>) {
        let brace = word
            .parts
            .iter()
            .find(|part| matches!(part, Part::Brace { .. }));
        if let Some(part) = brace
            && matches!(role, Role::Name | Role::Argument | Role::Listed)
            && assigned_name(word).is_none()
        {
            self.add(part.span(), "SC3009", "brace expansion");
        }
    }

    fn part(&mut self, part: &'a Part, _: bool, _: Role, _: &Place<'a>) {
        match part {
            Part::Process { span, .. } => self.add(*span, "SC3001", "process substitution"),
            Part::ExtendedGlob { span, .. } => self.add(*span, "SC3002", "extended glob"),
            Part::DollarSingle { span, .. } => self.add(*span, "SC3003", "`$'…'`"),
            Part::DoubleQuoted {
                span,
                translated: true,
                ..
            } => self.add(*span, "SC3004", "`$\"…\"`"),
            Part::Arithmetic(arithmetic) if arithmetic.bracket => {
                self.add(arithmetic.span, "SC3007", "`$[…]`");
            }
            Part::Parameter(parameter) => self.parameter(parameter),
            _ => {}
        }
    }
}
