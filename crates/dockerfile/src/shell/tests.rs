//! The parser against a table of scripts, hostile texts, and the helpers of commands.

use std::fmt::Write;

use super::*;

/// Writes trees as compact S-expressions, so that a table of them can be read.
mod render {
    use std::fmt::Write;

    use super::super::*;

    pub(super) fn script(script: &Script) -> String {
        let mut text = list(&script.list);
        for error in &script.errors {
            write!(text, " !{:?}@{}", error.kind, error.span.start).unwrap();
        }
        text.trim().to_owned()
    }

    pub(super) fn list(list: &List) -> String {
        let items: Vec<String> = list.items.iter().map(and_or).collect();
        items.join(" ")
    }

    fn and_or(and_or: &AndOr) -> String {
        let mut text = String::new();
        for link in &and_or.links {
            text.push_str(match link.connector {
                Some(Connector::And) => " && ",
                Some(Connector::Or) => " || ",
                None => "",
            });
            text.push_str(&pipeline(&link.pipeline));
        }
        match and_or.terminator {
            Terminator::Background => text + " &",
            Terminator::Semicolon => text + ";",
            Terminator::None | Terminator::Newline => text,
        }
    }

    fn pipeline(pipeline: &Pipeline) -> String {
        let mut text = String::new();
        if pipeline.timed {
            text.push_str("time ");
        }
        if pipeline.negated {
            text.push_str("! ");
        }
        for (at, one) in pipeline.commands.iter().enumerate() {
            if at > 0 {
                text.push_str(match pipeline.pipes[at - 1] {
                    Pipe::Output => " | ",
                    Pipe::OutputAndError => " |& ",
                });
            }
            text.push_str(&command(one));
        }
        text
    }

    fn command(command: &Command) -> String {
        match command {
            Command::Simple(simple) => {
                let mut parts: Vec<String> = simple.assignments.iter().map(assignment).collect();
                parts.extend(simple.words.iter().map(word));
                parts.extend(simple.redirections.iter().map(redirection));
                format!("({})", parts.join(" "))
            }
            Command::Compound(compound) => {
                let mut text = kind(&compound.kind);
                for one in &compound.redirections {
                    text.push(' ');
                    text.push_str(&redirection(one));
                }
                text
            }
            Command::Function(function) => format!(
                "fn {} {}",
                function.name,
                function
                    .body
                    .as_deref()
                    .map_or("-".to_owned(), self::command)
            ),
        }
    }

    fn kind(kind: &CompoundKind) -> String {
        match kind {
            CompoundKind::Subshell(body) => format!("sub[{}]", list(body)),
            CompoundKind::Group(body) => format!("group[{}]", list(body)),
            CompoundKind::If {
                branches,
                otherwise,
            } => {
                let mut text = String::from("if");
                for branch in branches {
                    write!(
                        text,
                        "[{}][{}]",
                        list(&branch.condition),
                        list(&branch.body)
                    )
                    .unwrap();
                }
                if let Some(otherwise) = otherwise {
                    write!(text, " else[{}]", list(otherwise)).unwrap();
                }
                text
            }
            CompoundKind::For {
                name, words, body, ..
            } => format!("for {name}{}[{}]", listed(words.as_deref()), list(body)),
            CompoundKind::Select {
                name, words, body, ..
            } => format!("select {name}{}[{}]", listed(words.as_deref()), list(body)),
            CompoundKind::ForArithmetic { header, body } => {
                format!("for (({}))[{}]", parts(&header.parts), list(body))
            }
            CompoundKind::While {
                until,
                condition,
                body,
            } => format!(
                "{}[{}][{}]",
                if *until { "until" } else { "while" },
                list(condition),
                list(body)
            ),
            CompoundKind::Case { subject, arms } => {
                let arms: Vec<String> = arms
                    .iter()
                    .map(|arm| {
                        let patterns: Vec<String> = arm.patterns.iter().map(word).collect();
                        let end = match arm.end {
                            ArmEnd::Break => "",
                            ArmEnd::FallThrough => " ;&",
                            ArmEnd::TestNext => " ;;&",
                        };
                        format!("{})[{}]{end}", patterns.join("|"), list(&arm.body))
                    })
                    .collect();
                format!("case {} {}", word(subject), arms.join(" "))
                    .trim_end()
                    .to_owned()
            }
            CompoundKind::Test(inner) => {
                format!("[[{}]]", inner.as_deref().map_or(String::new(), condition))
            }
            CompoundKind::Arithmetic(inner) => format!("(({}))", parts(&inner.parts)),
            CompoundKind::Coprocess { name, command } => {
                format!(
                    "coproc {}{}",
                    name.as_deref()
                        .map_or(String::new(), |name| format!("{name} ")),
                    self::command(command)
                )
            }
        }
    }

    fn listed(words: Option<&[Word]>) -> String {
        words.map_or(String::new(), |words| {
            let words: Vec<String> = words.iter().map(word).collect();
            format!(" in({})", words.join(" "))
        })
    }

    fn condition(condition: &Condition) -> String {
        let all = |all: &[Condition], by: &str| {
            let all: Vec<String> = all.iter().map(self::condition).collect();
            all.join(by)
        };
        match condition {
            Condition::Not(inner) => format!("! {}", self::condition(inner)),
            Condition::All(inner) => all(inner, " && "),
            Condition::Any(inner) => all(inner, " || "),
            Condition::Group(inner) => format!("({})", self::condition(inner)),
            Condition::Unary { operator, operand } => format!("{operator} {}", word(operand)),
            Condition::Binary {
                left,
                operator,
                right,
            } => format!("{} {operator} {}", word(left), word(right)),
            Condition::Word(inner) => word(inner),
        }
    }

    fn assignment(assignment: &Assignment) -> String {
        let subscript = assignment
            .subscript
            .as_ref()
            .map_or(String::new(), |inner| format!("[{}]", word(inner)));
        let value = match &assignment.value {
            Value::Scalar(inner) => word(inner),
            Value::Array(items) => {
                let items: Vec<String> = items.iter().map(word).collect();
                format!("({})", items.join(" "))
            }
        };
        let sign = if assignment.append { "+=" } else { "=" };
        format!("<{}{subscript}{sign}{value}>", assignment.name)
    }

    fn redirection(redirection: &Redirection) -> String {
        let operator = match redirection.operator {
            RedirectionOperator::Input => "<",
            RedirectionOperator::Output => ">",
            RedirectionOperator::Append => ">>",
            RedirectionOperator::Clobber => ">|",
            RedirectionOperator::ReadWrite => "<>",
            RedirectionOperator::DuplicateInput => "<&",
            RedirectionOperator::DuplicateOutput => ">&",
            RedirectionOperator::HereDocument => "<<",
            RedirectionOperator::HereDocumentTabs => "<<-",
            RedirectionOperator::HereString => "<<<",
            RedirectionOperator::OutputAndError => "&>",
            RedirectionOperator::AppendOutputAndError => "&>>",
        };
        let descriptor = redirection.descriptor.as_deref().unwrap_or_default();
        let body = redirection
            .here_document()
            .map_or(String::new(), |document| {
                format!("{{{}}}", word(&document.body))
            });
        format!("{descriptor}{operator}{}{body}", word(&redirection.target))
    }

    fn word(word: &Word) -> String {
        parts(&word.parts)
    }

    fn parts(all: &[Part]) -> String {
        all.iter().map(part).collect()
    }

    fn part(part: &Part) -> String {
        match part {
            Part::Literal { text, .. } => text.replace('\n', "\\n").replace('\t', "\\t"),
            Part::SingleQuoted { text, .. } => format!("'{}'", text.replace('\n', "\\n")),
            Part::DoubleQuoted { parts: inner, .. } => format!("\"{}\"", parts(inner)),
            Part::DollarSingle { text, .. } => format!("$'{text}'"),
            Part::Parameter(inner) => {
                let mut text = String::from("${");
                if inner.length {
                    text.push('#');
                }
                if inner.indirect {
                    text.push('!');
                }
                text.push_str(&inner.name);
                if let Some(subscript) = &inner.subscript {
                    write!(text, "[{}]", word(subscript)).unwrap();
                }
                if let Some(operator) = inner.operator {
                    let argument = inner.argument.as_ref().map_or(String::new(), word);
                    write!(text, " {operator:?}{} {argument}", inner.operator_text).unwrap();
                }
                text.trim_end().to_owned() + "}"
            }
            Part::Command {
                list: inner,
                backticks,
                ..
            } => {
                if *backticks {
                    format!("`{}`", list(inner))
                } else {
                    format!("$[{}]", list(inner))
                }
            }
            Part::Arithmetic(inner) => format!("$(({}))", parts(&inner.parts)),
            Part::Glob { text, .. } => format!("‹{text}›"),
            Part::ExtendedGlob {
                kind, alternatives, ..
            } => {
                let all: Vec<String> = alternatives.iter().map(word).collect();
                format!("‹{kind}({})›", all.join("|"))
            }
            Part::Brace { mark, .. } => format!("«{mark}»"),
            Part::Tilde { user, .. } => format!("‹~{user}›"),
            Part::Process {
                output,
                list: inner,
                ..
            } => format!("{}[{}]", if *output { '>' } else { '<' }, list(inner)),
            Part::Array { items, .. } => {
                let items: Vec<String> = items.iter().map(word).collect();
                format!("({})", items.join(" "))
            }
        }
    }
}

/// `===` stands between snippets, `---` between a script and its tree.
const SNIPPETS: &str = include_str!("snippets.txt");

#[test]
fn scripts_are_read_as_the_table_says() {
    let mut wrong = String::new();
    let mut count = 0;
    for entry in SNIPPETS.split("\n===\n").skip(1) {
        let (text, wanted) = entry
            .split_once("\n---\n")
            .unwrap_or_else(|| panic!("{entry}"));
        count += 1;
        let got = render::script(&parse(text));
        if got != wanted.trim_end() {
            write!(wrong, "{text}\n   is {got}\n  not {wanted}\n\n").unwrap();
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert!(count >= 150, "{count}");
}

/// What hostile texts are made of, one shape a line.
const SHAPES: &[&str] = &[
    "(",
    ")",
    "{ ",
    "((",
    "$(",
    "$((",
    "${",
    "\"",
    "'",
    "`",
    "\\",
    "\\`",
    "<<a\n",
    "<<-'a'\n",
    "<(",
    "[[ ( ",
    "[[ ! ",
    "if ",
    "case x in ",
    "for i do ",
    "while ",
    "a=(",
    "a[",
    "a[1",
    "[",
    "[[:",
    "{a,",
    "{a",
    "@(",
    "!(",
    "$[",
    "f() ",
    "function f ",
    "coproc ",
    "! ",
    "time ",
    "a|",
    "a&&",
    ";",
    "&",
    ";;",
    "\"$(",
    "\"${",
    "${a[",
    "${a:-",
    "`\\`",
    "$(`",
    "(\n",
    "{\n",
    "<<a ",
    "a <<b $(\n",
    "\\\n",
    "&\\\n",
    "~",
    "#\n",
    "é",
    "$'\\",
    "{fd}>",
    "if x; then ",
    "x) ",
    "esac ",
    "]] ",
    "$((1)) ",
    "\"$((",
    "((a) ",
    "a <<A $((",
    "a=([",
    "$(<<a\n",
    "*(*(",
];

/// Texts that are as bad as they can be, a quarter of a megabyte each. They must end soon; what
/// is never closed must not be called right.
#[test]
fn hostile_texts_end() {
    for shape in SHAPES {
        let text = shape.repeat(250_000 / shape.len());
        let script = parse(&text);
        let _ = script.commands().len();
    }
    for shape in [
        "(",
        "$(",
        "\"${a:-",
        "`",
        "if x; then ",
        "[[ ( ",
        "<(",
        "@(",
        "f() { ",
    ] {
        assert!(!parse(&shape.repeat(5_001)).errors.is_empty(), "{shape}");
    }
}

#[test]
fn depth_is_bounded_and_said() {
    let deep = |depth: usize| format!("{}a{}", "(".repeat(depth), ")".repeat(depth));
    assert!(parse(&deep(1).replace("((", "( (")).errors.is_empty());
    let text = format!("{}a{}", "( ".repeat(200), " )".repeat(200));
    assert!(
        parse(&text)
            .errors
            .iter()
            .any(|error| error.kind == ErrorKind::TooDeep)
    );
    let text = format!("{}a{}", "( ".repeat(40), " )".repeat(40));
    assert!(parse(&text).errors.is_empty());
    let text = format!("{}a{}", "$(".repeat(40), ")".repeat(40));
    assert!(parse(&text).errors.is_empty());
}

fn only(text: &str) -> SimpleCommand {
    let script = parse(text);
    assert!(script.errors.is_empty(), "{text}");
    script.commands()[0].command.clone()
}

#[test]
fn commands_know_their_flags_and_operands() {
    let command = only(
        "/usr/bin/apt-get -qy install --no-install-recommends -o Dpkg::Options::=--force-confold 'curl' git=1 -- -x",
    );
    assert_eq!(command.name(), Some("/usr/bin/apt-get"));
    assert_eq!(command.program(), Some("apt-get"));
    assert!(command.has_flag('y', "yes") && command.has_flag('q', ""));
    assert!(command.has_flag('\0', "no-install-recommends"));
    assert!(!command.has_flag('x', "") && !command.has_flag('z', "assume-yes"));
    let operands: Vec<_> = command
        .operands(&["o"])
        .into_iter()
        .map(Word::outline)
        .collect();
    assert_eq!(operands, ["install", "curl", "git=1", "-x"]);
    let command = only("curl --output=\"$x/y\" -fsSLo/tmp/a -H 'a: b' u - --retry 3");
    assert!(command.has_flag('f', "fail") && command.has_flag('L', ""));
    let operands: Vec<_> = command
        .operands(&["o", "H", "retry"])
        .into_iter()
        .map(Word::outline)
        .collect();
    assert_eq!(operands, ["u", "-"]);
    assert!(only("\\rm -rf x").runs("rm"));
    assert_eq!(only("$x a").name(), None);
}

#[test]
fn wrappers_can_be_taken_away() {
    let effective = |text: &str| {
        let command = only(text);
        let effective = command.effective();
        let words: Vec<_> = effective
            .invocation
            .words
            .iter()
            .map(Word::outline)
            .collect();
        format!("{} < {}", words.join(" "), effective.wrappers.join(" "))
    };
    assert_eq!(
        effective("env -u A B=c apt-get install"),
        "apt-get install < env"
    );
    assert_eq!(
        effective("sudo -u root -E A=b env C=d make x"),
        "make x < sudo env"
    );
    assert_eq!(effective("exec nice -n 5 a -b"), "a -b < exec nice");
    assert_eq!(effective("find . | true; x"), "find . < ");
    assert_eq!(effective("xargs -0 -n1 rm -rf"), "rm -rf < xargs");
    assert_eq!(effective("command -v apt"), "command -v apt < ");
    assert_eq!(effective("timeout -k 5 10 curl x"), "curl x < timeout");
    assert_eq!(effective("sudo -l"), "sudo -l < ");
    assert_eq!(effective("env"), "env < ");
    assert_eq!(effective("busybox wget x"), "wget x < busybox");
}

#[test]
fn scripts_of_inner_shells_stand_in_the_outer_text() {
    for (text, wanted, exact) in [
        ("sh -c 'cd /x && apt-get update'", "apt-get", true),
        (
            "a; bash -o pipefail -lc \"cd /x; apt-get \\\"y\\\"\"",
            "apt-get",
            true,
        ),
        ("/bin/sh -ec \"cd $x && apt-get y\" z", "apt-get", false),
        ("bash -c cd\\ x\\;apt-get\\ y", "apt-get", true),
    ] {
        let script = parse(text);
        let seen = script.commands();
        let inner = seen.last().unwrap().command.inner_script(text).unwrap();
        let commands = inner.script.commands();
        assert_eq!(commands.len(), 2, "{text}");
        assert_eq!(commands[1].command.name(), Some(wanted), "{text}");
        assert_eq!(commands[1].command.words[0].source(text), wanted, "{text}");
        assert_eq!(inner.exact, exact, "{text}");
    }
    assert!(only("bash script.sh -c x").inner_script("").is_none());
    assert!(only("sh").inner_script("").is_none());
}

#[test]
fn walks_say_what_encloses_a_command() {
    let text = "set -e; if a; then (b | c) && x=$(d); fi; f() { cd /x || exit; }\ncat <<E | g &\n$(h)\nE\n";
    let script = parse(text);
    assert!(script.errors.is_empty());
    let seen = script.commands();
    let names: Vec<_> = seen
        .iter()
        .map(|seen| seen.command.name().unwrap_or("-"))
        .collect();
    assert_eq!(
        names,
        [
            "set", "a", "b", "c", "-", "d", "cd", "exit", "cat", "h", "g"
        ]
    );
    let find = |name: &str| {
        seen.iter()
            .find(|seen| seen.command.name() == Some(name))
            .unwrap()
    };
    assert!(find("a").is_tested() && !find("b").is_tested() && find("cd").is_tested());
    assert!(find("b").in_subshell() && !find("b").is_last() && find("c").is_last());
    assert!(find("d").in_subshell() && !find("set").in_subshell());
    assert_eq!(find("cd").function().unwrap().name, "f");
    assert_eq!(find("cd").connector_behind(), Some(Connector::Or));
    assert_eq!(find("exit").connector_before(), Some(Connector::Or));
    assert!(find("g").is_background());
    assert_eq!(script.pipelines().len(), 12);
    assert_eq!(script.lists().len(), 7);
}

#[test]
fn places_are_those_of_the_outer_text() {
    let text = "echo `a \\`b \\\\\\$c\\`` \"`d \\\"e\\\"`\"";
    let script = parse(text);
    assert!(script.errors.is_empty());
    for seen in script.commands() {
        let name = &seen.command.words[0];
        assert_eq!(name.source(text), name.literal().unwrap());
    }
}
