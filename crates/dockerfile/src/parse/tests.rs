use super::*;
use crate::ast::{Command, Transfer};
use crate::variables::{Value, expand};

fn names(file: &Dockerfile) -> Vec<String> {
    file.instructions.iter().map(Instruction::name).collect()
}

/// What the shell of the only `RUN` gets.
fn script(text: &str) -> String {
    let file = parse(text);
    let mut runs = file.instructions.iter().filter_map(Instruction::run);
    let form = runs.next().expect("there is a `RUN`");
    form.text.text().to_owned()
}

fn pairs(text: &str) -> Vec<(String, Option<String>)> {
    let file = parse(text);
    let last = file.instructions.last().expect("there is an instruction");
    let (Kind::Env(pairs) | Kind::Label(pairs) | Kind::Arg(pairs)) = &last.kind else {
        panic!("{:?} has no pairs", last.kind);
    };
    let value = |token: &Token| token.unquoted(file.escape);
    pairs
        .iter()
        .map(|pair| (value(&pair.name), pair.value.as_ref().map(value)))
        .collect()
}

#[test]
fn continuations_are_joined_and_comments_in_them_left_out() {
    let text = "FROM a\nRUN one && \\\n    # why\n    two \\  \n\n  && three\nCMD [\"x\"]\n";
    let file = parse(text);
    assert_eq!(names(&file), ["FROM", "RUN", "CMD"]);
    assert_eq!(script(text), "one &&     two   && three");
    let run = &file.instructions[1];
    assert_eq!(run.empty_continuations.len(), 1);
    assert_eq!(file.comments[0].text, " why");
    assert_eq!(
        run.span.of(text),
        "RUN one && \\\n    # why\n    two \\  \n\n  && three"
    );
}

#[test]
fn an_escaped_escape_does_not_continue_a_line() {
    assert_eq!(
        names(&parse("FROM a\nRUN echo \\\\\nUSER b\n")),
        ["FROM", "RUN", "USER"]
    );
}

#[test]
fn a_place_in_a_joined_text_is_found_in_the_file() {
    let text = "FROM a\r\nRUN one && \\\r\n  # no\r\n  two three\r\n";
    let file = parse(text);
    let form = file.instructions[1].run().expect("it is a shell's");
    let at = form.text.text().find("three").expect("it is there");
    let span = form.span(Span::new(at, at + 5));
    assert_eq!(span.of(text), "three");
    let region = file.region(span);
    assert_eq!((region.start.line, region.start.column), (4, 7));
    assert_eq!((region.end.line, region.end.column), (4, 12));
    // A stretch that crosses a continuation covers what was left out.
    let at = form.text.text().find("&&").expect("it is there");
    let end = form.text.text().find("two").expect("it is there") + 3;
    assert_eq!(
        form.span(Span::new(at, end)).of(text),
        "&& \\\r\n  # no\r\n  two"
    );
}

#[test]
fn directives_stand_first_and_only_known_ones_count() {
    let file = parse("\u{feff}# syntax = docker/dockerfile:1 \n#Escape=`\nFROM a\nRUN b `\n  c\n");
    let found: Vec<_> = file
        .directives
        .iter()
        .map(|directive| (directive.name.as_str(), directive.value.text.as_str()))
        .collect();
    assert_eq!(found, [("syntax", "docker/dockerfile:1"), ("escape", "`")]);
    assert_eq!(
        file.directives[0].value.span.of(&file.text),
        "docker/dockerfile:1"
    );
    assert_eq!(file.escape, '`');
    assert_eq!(names(&file), ["FROM", "RUN"]);
    let late = parse("# note\n# escape=`\nFROM a\n");
    assert_eq!((late.directives.len(), late.escape), (0, '\\'));
}

#[test]
fn flags_end_where_arguments_begin() {
    let file = parse(
        "FROM --platform=linux/amd64 a AS b\nRUN --mount=type=cache,target=/a --network=none x --y\nCOPY --link --from=b --chown=1:1 c d /e/\n",
    );
    let flags: Vec<Vec<(&str, &str)>> = file
        .instructions
        .iter()
        .map(|found| {
            found
                .flags
                .iter()
                .map(|flag| (flag.name.as_str(), flag.value()))
                .collect()
        })
        .collect();
    assert_eq!(flags[0], [("platform", "linux/amd64")]);
    assert_eq!(
        flags[1],
        [("mount", "type=cache,target=/a"), ("network", "none")]
    );
    assert_eq!(flags[2], [("link", ""), ("from", "b"), ("chown", "1:1")]);
    let fields: Vec<_> = file.instructions[1].flags[0].fields().collect();
    assert_eq!(
        fields,
        [("type".to_owned(), "cache"), ("target".to_owned(), "/a")]
    );
    let Kind::Copy(Transfer {
        sources, target, ..
    }) = &file.instructions[2].kind
    else {
        panic!("it is a `COPY`");
    };
    assert_eq!((sources.len(), target.text.as_str()), (2, "/e/"));
}

#[test]
fn heredocs_are_scripts_or_files() {
    let text = "FROM a\nRUN <<-EOF\n\tone\n\ttwo\n\tEOF\nCOPY <<one <<\"two\" /d/\nfirst\none\nsecond $x\ntwo\nUSER b\n";
    let file = parse(text);
    assert_eq!(names(&file), ["FROM", "RUN", "COPY", "USER"]);
    assert_eq!(script(text), "one\ntwo\n");
    let bodies: Vec<&str> = file.instructions[2]
        .heredocs
        .iter()
        .map(|doc| doc.body.of(text))
        .collect();
    assert_eq!(bodies, ["first\n", "second $x\n"]);
    let expands: Vec<bool> = file.instructions[2]
        .heredocs
        .iter()
        .map(|doc| doc.expands)
        .collect();
    assert_eq!(expands, [true, false]);
    assert!(file.errors.is_empty());
}

#[test]
fn a_heredoc_with_a_command_is_read_by_the_shell() {
    let text = "FROM a\nRUN cat <<EOF > /etc/motd && date\nhello\nEOF\nUSER b\n";
    assert_eq!(script(text), "cat <<EOF > /etc/motd && date\nhello\nEOF");
    let file = parse("FROM a\nRUN <<EOF\n#!/usr/bin/env python3\nprint()\nEOF\n");
    let Kind::Run(Command::Shell(form)) = &file.instructions[1].kind else {
        panic!("it is a shell's");
    };
    assert_eq!(form.interpreter, Interpreter::Other("python3".to_owned()));
}

#[test]
fn what_only_looks_like_a_heredoc_is_none() {
    for line in [
        "RUN echo \"a <<EOF\"",
        "RUN cat <<<EOF",
        "RUN echo $((1<<2))",
        "CMD cat <<EOF",
    ] {
        let file = parse(&format!("FROM a\n{line}\nUSER b\n"));
        assert_eq!(file.instructions.len(), 3, "{line}");
        assert!(file.instructions[1].heredocs.is_empty(), "{line}");
    }
}

#[test]
fn an_unended_heredoc_is_an_error_and_takes_the_rest() {
    let file = parse("FROM a\nRUN <<EOF\nUSER b\n");
    assert_eq!(file.instructions.len(), 2);
    assert_eq!(file.errors.len(), 1);
    assert_eq!(file.region(file.errors[0].span).start.line, 2);
}

#[test]
fn json_is_strict() {
    let exec = |text: &str| match &parse(text).instructions[1].kind {
        Kind::Cmd(Command::Exec(words)) => Some(
            words
                .iter()
                .map(|word| word.text.clone())
                .collect::<Vec<_>>(),
        ),
        _ => None,
    };
    assert_eq!(
        exec("FROM a\nCMD [\"a\", \"b\\\"\\u0041\"]\n"),
        Some(vec!["a".to_owned(), "b\"A".to_owned()])
    );
    assert_eq!(exec("FROM a\nCMD [ ]\n"), Some(Vec::new()));
    for text in [
        "CMD ['a']",
        "CMD [\"a\",]",
        "CMD [\"a\"] b",
        "CMD [\"a\", 1]",
        "CMD [\"a",
    ] {
        assert_eq!(exec(&format!("FROM a\n{text}\n")), None, "{text}");
    }
}

#[test]
fn pairs_are_read_in_both_forms() {
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(
        pairs("FROM a\nENV a=b c=\"d e\" f=g\\ h\n"),
        [
            ("a".to_owned(), some("b")),
            ("c".to_owned(), some("d e")),
            ("f".to_owned(), some("g h"))
        ]
    );
    assert_eq!(
        pairs("FROM a\nENV a b  c\n"),
        [("a".to_owned(), some("b  c"))]
    );
    assert_eq!(
        pairs("FROM a\nARG a b=c\n"),
        [("a".to_owned(), None), ("b".to_owned(), some("c"))]
    );
    assert_eq!(parse("FROM a\nENV a=b c\n").errors.len(), 1);
}

#[test]
fn the_shell_in_effect_is_known() {
    let text = "FROM a AS base\nSHELL [\"/bin/bash\", \"-c\"]\nRUN x\nFROM base\nRUN y\nFROM c\nRUN z\nSHELL [\"pwsh\", \"-c\"]\nRUN w\n";
    let file = parse(text);
    let shells: Vec<String> = file
        .instructions
        .iter()
        .filter_map(|found| match &found.kind {
            Kind::Run(Command::Shell(form)) => Some(format!("{:?}", form.interpreter)),
            _ => None,
        })
        .collect();
    assert_eq!(
        shells,
        [
            "Extended(\"bash\")",
            "Extended(\"bash\")",
            "Sh",
            "Other(\"pwsh\")"
        ]
    );
    let pragma = parse("# hadolint shell=bash\nFROM a\n# hadolint shell=bash\nRUN x\n");
    assert_eq!(
        pragma.instructions[1]
            .run()
            .map(|form| form.interpreter.clone()),
        Some(Interpreter::Extended("bash".to_owned()))
    );
}

#[test]
fn onbuild_holds_an_instruction() {
    let file =
        parse("FROM a\nONBUILD RUN --mount=type=tmpfs,target=/t x && y\nONBUILD ONBUILD USER a\n");
    let walked: Vec<(String, bool)> = file
        .walk()
        .map(|placed| (placed.instruction.name(), placed.onbuild))
        .collect();
    assert_eq!(walked[1], ("ONBUILD".to_owned(), false));
    assert_eq!(walked[2], ("RUN".to_owned(), true));
    assert_eq!(
        file.instructions[1].span.of(&file.text),
        "ONBUILD RUN --mount=type=tmpfs,target=/t x && y"
    );
}

#[test]
fn stages_know_their_parents() {
    let file = parse("ARG V=1\nFROM a:$V AS Base\nENV X=1\nFROM base AS next\nFROM 0\n");
    let parents: Vec<Option<usize>> = file.stages.iter().map(|stage| stage.parent).collect();
    assert_eq!(parents, [None, Some(0), None]);
    assert_eq!(
        file.variables.at(Some(1), 4, "X"),
        Value::Known("1".to_owned())
    );
    assert_eq!(file.variables.at(Some(1), 4, "V"), Value::Undeclared);
    assert_eq!(
        file.variables.at(None, 1, "V"),
        Value::Known("1".to_owned())
    );
}

#[test]
fn arguments_and_variables_have_their_order() {
    let file = parse("ARG V=1\nFROM a\nARG V\nENV E=$V\nARG E=2\nENV E=3 F=$E\nRUN x\n");
    let known = |text: &str| Value::Known(text.to_owned());
    assert_eq!(file.variables.at(Some(0), 2, "V"), Value::Undeclared);
    assert_eq!(file.variables.at(Some(0), 3, "V"), known("1"));
    // `ENV` wins over a later `ARG`, and `ENV` sees what held before it.
    assert_eq!(file.variables.at(Some(0), 5, "E"), known("1"));
    assert_eq!(file.variables.at(Some(0), 6, "F"), known("1"));
    assert_eq!(file.variables.at(Some(0), 6, "E"), known("3"));
}

#[test]
fn modifiers_are_applied() {
    let with = |text: &str| {
        let value = |name: &str| match name {
            "v" => Value::Known("foobarbaz".to_owned()),
            "empty" => Value::Known(String::new()),
            "open" => Value::Open,
            _ => Value::Undeclared,
        };
        let found = expand(text, '\\', value);
        (found.text, found.known)
    };
    for (text, expected) in [
        ("$v", "foobarbaz"),
        ("${v}x", "foobarbazx"),
        ("'$v'", "$v"),
        ("\"$v\"", "foobarbaz"),
        ("\\$v", "$v"),
        ("${none:-d}", "d"),
        ("${empty:-d}", "d"),
        ("${empty-d}", ""),
        ("${v:+d}", "d"),
        ("${none:+d}", ""),
        ("${none:-${v}}", "foobarbaz"),
        ("${v:-${none}}", "foobarbaz"),
        ("${v#foo}", "barbaz"),
        ("${v##*b}", "az"),
        ("${v#*b}", "arbaz"),
        ("${v%baz}", "foobar"),
        ("${v%%b*}", "foo"),
        ("${v%b*}", "foobar"),
        ("${v/ba/X}", "fooXrbaz"),
        ("${v//ba/X}", "fooXrXz"),
    ] {
        assert_eq!(with(text), (expected.to_owned(), true), "{text}");
    }
    for text in [
        "$open",
        "${none}",
        "${none:?no}",
        "${open:+d}",
        "${v",
        "${v^^}",
    ] {
        assert!(!with(text).1, "{text}");
    }
}

#[test]
fn doubling_values_stay_small() {
    let mut text = "FROM a\nENV A=0123456789\n".to_owned();
    for _ in 0..200 {
        text.push_str("ENV A=$A$A\n");
    }
    let file = parse(&text);
    assert_eq!(file.variables.at(Some(0), 1000, "A"), Value::Open);
}

#[test]
fn hostile_files_are_read() {
    for text in [
        "",
        "\n",
        "#",
        "\u{feff}",
        "\\",
        "FROM",
        "FROM a AS",
        "RUN",
        "RUN <<",
        "RUN <<EOF",
        "ENV",
        "ENV =",
        "ARG =",
        "COPY a",
        "COPY []",
        "HEALTHCHECK",
        "HEALTHCHECK CMD",
        "ONBUILD",
        "ONBUILD ONBUILD RUN x",
        "SHELL []",
        "SHELL x",
        "--",
        "FROM --",
        "FROM --=",
        "RUN --mount",
        "\u{0}",
        "é",
        "RUN \"",
        "RUN '\\",
        "CMD [\"\\",
        "CMD [\"\\u12",
        "FROM ${",
        "FROM ${a:",
        "FROM $",
        "# escape=x\nFROM a",
        "RUN \\",
        "RUN \\\n",
        "RUN \\\n#",
        "FROM a\r\n\r\nRUN b\r\n",
    ] {
        let file = parse(text);
        for instruction in &file.instructions {
            assert!(instruction.span.end <= text.len(), "{text:?}");
        }
        for error in &file.errors {
            assert!(error.span.end <= text.len(), "{text:?}: {error:?}");
        }
    }
}

#[test]
fn a_stage_is_named_by_a_variable_too() {
    let text = "ARG KIND=small\nFROM debian:12 AS base-small\nFROM base-${KIND}\nFROM $OTHER\n";
    let parents: Vec<_> = parse(text).stages.iter().map(|s| s.parent).collect();
    assert_eq!(parents, [None, Some(0), None]);
}

#[test]
fn scripts_have_a_budget() {
    let run = format!("RUN echo '{}'\n", "a".repeat(2_500_000));
    let file = parse(&format!("FROM a\n{run}{run}"));
    let read = |instruction: &Instruction| {
        !instruction
            .run()
            .is_some_and(|form| form.script.list.items.is_empty())
    };
    let read: Vec<bool> = file.instructions.iter().map(read).collect();
    assert_eq!((read, file.errors.len()), (vec![true, true, false], 1));
}
