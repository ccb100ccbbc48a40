//! The programs that `RUN` starts, in shell and in JSON form, behind `sudo` and `env` and in `sh -c '…'` too.

use std::ops::Deref;

use crate::ast::{Command, Dockerfile, Kind, Placed};
use crate::fix;
use crate::shell::{self, Enclosure, Part, Seen, SimpleCommand, Word};
use crate::span::Span;
use crate::variables::Value;
use plimsoll_model::lint::Edit;

/// How deep scripts in arguments of shells are followed: `sh -c "sh -c '…'"`.
const MAX_NESTING: usize = 4;

/// A word behind a program.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Argument {
    /// Without quotes; `${VAR}` stands for what is expanded.
    pub text: String,
    /// Where it stands in the file.
    pub span: Span,
}

/// How a program is started.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Via {
    /// It is the first word of its command, by its bare name.
    Direct,
    /// It is the first word of its command, by its path.
    Path,
    /// Behind `sudo`, `env`, `xargs` and the like.
    Wrapped,
    /// In a script that is an argument or the input of a shell.
    Nested,
}

/// A program that a `RUN` starts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// Its name without directories: `apt-get`.
    pub program: String,
    /// Where that name stands in the file, with its directories.
    pub name: Span,
    /// The words behind it.
    pub arguments: Vec<Argument>,
    /// From the program to its last word, in the file.
    pub span: Span,
    /// How it is started.
    pub via: Via,
    /// Variables set for it alone: `A=b program`.
    pub assigned: Vec<(String, String)>,
    /// Where a command can be joined on by `&&` so that it runs last; `None` where that has no place.
    tail: Option<Tail>,
    /// Whether each of its words is a string of a JSON array.
    is_json: bool,
}

/// The and-or list at the top of the script, in which a program is started.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Tail {
    /// Where its last pipeline begins, in the file.
    last: usize,
    /// Where it ends, in the file.
    end: usize,
    /// Whether the script is the body of a heredoc, in which lines end without a backslash.
    in_heredoc: bool,
}

/// A flag of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Flag<'a> {
    /// Without dashes: a letter or a long name.
    pub name: &'a str,
    /// Its value, where it has one.
    pub value: Option<&'a str>,
    /// The word in which it stands.
    pub argument: &'a Argument,
}

/// The words behind a program, told apart.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Parsed<'a> {
    /// Flags, in order.
    pub flags: Vec<Flag<'a>>,
    /// Words that are neither flags nor their values.
    pub operands: Vec<&'a Argument>,
}

impl<'a> Parsed<'a> {
    /// Whether one of these flags is given.
    #[must_use]
    pub fn has(&self, names: &[&str]) -> bool {
        self.flag(names).is_some()
    }

    /// The first of these flags that is given.
    #[must_use]
    pub fn flag(&self, names: &[&str]) -> Option<&Flag<'a>> {
        self.flags.iter().find(|flag| names.contains(&flag.name))
    }

    /// The values of these flags.
    pub fn values(&self, names: &[&str]) -> impl Iterator<Item = &'a str> {
        self.flags
            .iter()
            .filter(|flag| names.contains(&flag.name))
            .filter_map(|flag| flag.value)
    }
}

impl Call {
    /// Tells flags and operands apart. `valued` names the flags that take a value, letters and long names.
    #[must_use]
    pub fn parse(&self, valued: &[&str]) -> Parsed<'_> {
        parse(&self.arguments, valued)
    }

    /// Whether a word is exactly this text.
    #[must_use]
    pub fn has_word(&self, text: &str) -> bool {
        self.arguments.iter().any(|word| word.text == text)
    }

    /// Whether its words are the strings of a JSON array.
    #[must_use]
    pub fn is_json(&self) -> bool {
        self.is_json
    }

    /// A patch that puts a word without blanks behind one of the call's.
    #[must_use]
    pub fn add(&self, behind: Span, word: &str) -> Edit {
        let text = if self.is_json {
            format!(", \"{word}\"")
        } else {
            format!(" {word}")
        };
        fix::insert(behind.end, text)
    }

    /// A patch that puts a word without blanks in the place of one of the call's.
    #[must_use]
    pub fn replace(&self, old: Span, word: &str) -> Edit {
        let text = if self.is_json {
            format!("\"{word}\"")
        } else {
            word.to_owned()
        };
        fix::replace(old, text)
    }

    /// A patch that takes a word away with the blank before it; none where a comma would stay.
    #[must_use]
    pub fn take(&self, file: &Dockerfile, word: Span) -> Option<Edit> {
        let before = file.text.get(..word.start)?;
        let blank = before.ends_with([' ', '\t']) && !self.is_json;
        blank.then(|| fix::remove(Span::new(word.start.saturating_sub(1), word.end)))
    }

    /// A patch that runs a command behind everything that is joined with this call, in the manner in which the
    /// lines are broken there.
    #[must_use]
    pub fn append(&self, file: &Dockerfile, command: &str) -> Option<Edit> {
        let tail = self.tail?;
        let start = file.lines.start(file.lines.line(tail.last))?;
        let before = file.text.get(start..tail.last)?;
        let indent: String = before.chars().take_while(|c| c.is_whitespace()).collect();
        let escape = if tail.in_heredoc { '\\' } else { file.escape };
        let line = if file.text.get(..start)?.ends_with("\r\n") {
            "\r\n"
        } else {
            "\n"
        };
        let text = if before.trim() == "&&" {
            format!(" {escape}{line}{indent}&& {command}")
        } else if before.trim().is_empty() && !indent.is_empty() && !tail.in_heredoc {
            format!(" && {escape}{line}{indent}{command}")
        } else {
            format!(" && {command}")
        };
        Some(fix::insert(tail.end, text))
    }
}

/// Tells flags and operands apart; see [`Call::parse`].
#[must_use]
pub fn parse<'a>(arguments: &'a [Argument], valued: &[&str]) -> Parsed<'a> {
    let mut all = Parsed::default();
    let mut words = arguments.iter();
    while let Some(argument) = words.next() {
        let text = argument.text.as_str();
        if text == "--" {
            all.operands.extend(words);
            break;
        }
        if let Some(long) = text.strip_prefix("--") {
            let (name, mut value) = match long.split_once('=') {
                Some((name, value)) => (name, Some(value)),
                None => (long, None),
            };
            if value.is_none() && valued.contains(&name) {
                value = words.next().map(|word| word.text.as_str());
            }
            all.flags.push(Flag {
                name,
                value,
                argument,
            });
        } else if let Some(letters) = text.strip_prefix('-').filter(|rest| !rest.is_empty()) {
            let waits = bundle(letters, argument, valued, &mut all.flags);
            if let (true, Some(last)) = (waits, all.flags.last_mut()) {
                last.value = words.next().map(|word| word.text.as_str());
            }
        } else {
            all.operands.push(argument);
        }
    }
    all
}

/// Adds the flags of `-abc`; whether the last one has its value in the next word.
fn bundle<'a>(
    letters: &'a str,
    argument: &'a Argument,
    valued: &[&str],
    flags: &mut Vec<Flag<'a>>,
) -> bool {
    for (at, letter) in letters.char_indices() {
        let behind = at.saturating_add(letter.len_utf8());
        let name = letters.get(at..behind).unwrap_or_default();
        let rest = letters.get(behind..).unwrap_or_default();
        let takes = valued.contains(&name);
        let value = match rest.strip_prefix('=') {
            Some(value) => Some(value),
            None => (takes && !rest.is_empty()).then_some(rest),
        };
        let is_last = takes || value.is_some();
        flags.push(Flag {
            name,
            value,
            argument,
        });
        if is_last {
            return value.is_none();
        }
    }
    false
}

/// A `RUN` and what it starts, in the order in which it is written.
#[derive(Debug, Clone)]
pub struct Run<'a> {
    /// The instruction where it stands.
    pub placed: Placed<'a>,
    /// The programs.
    pub calls: Vec<Call>,
    /// Whether its layer is one of the image's; not in a stage from which only files are copied.
    pub is_shipped: bool,
}

impl<'a> Deref for Run<'a> {
    type Target = Placed<'a>;

    fn deref(&self) -> &Self::Target {
        &self.placed
    }
}

impl Run<'_> {
    /// Whether what is written to a directory stays out of the image, because a cache or a file system in memory
    /// is mounted there or above. A path that begins with `~/` is one of any user's home.
    #[must_use]
    pub fn mounts(&self, path: &str) -> bool {
        self.instruction.flags.iter().any(|flag| {
            if flag.name != "mount" {
                return false;
            }
            let (mut kind, mut target) = ("bind", "");
            for (key, value) in flag.fields() {
                match key.as_str() {
                    "type" => kind = value,
                    "target" | "dst" | "destination" => target = value,
                    _ => {}
                }
            }
            let target = target.trim_end_matches('/');
            matches!(kind, "cache" | "tmpfs") && !target.is_empty() && covers(target, path)
        })
    }

    /// What is known of a variable when a call of this `RUN` starts: by `A=b program`, by `ENV` and `ARG`, and by
    /// what [`Run::exported`] gave.
    #[must_use]
    pub fn variable(
        &self,
        file: &Dockerfile,
        call: &Call,
        name: &str,
        exported: Option<(usize, &str)>,
    ) -> Value {
        let own = call.assigned.iter().rev().find(|(key, _)| key == name);
        if let Some((_, value)) = own {
            return Value::Known(value.clone());
        }
        match exported {
            Some((start, value)) if start < call.span.start => Value::Known(value.to_owned()),
            _ => file.variables.at(self.stage, self.index, name),
        }
    }

    /// The last `export NAME=value`: where it stands in the file, and the value.
    #[must_use]
    pub fn exported(&self, name: &str) -> Option<(usize, &str)> {
        let exports = self.calls.iter().rev();
        exports
            .filter(|call| call.program == "export")
            .find_map(|call| {
                let mut words = call.arguments.iter();
                words.find_map(|word| match word.text.split_once('=') {
                    Some((key, value)) if key == name => Some((call.span.start, value)),
                    _ => None,
                })
            })
    }

    /// Where the last call begins that takes a directory or everything in it away.
    #[must_use]
    pub fn removed(&self, path: &str) -> Option<usize> {
        let last = self.calls.iter().rev().find(|call| call.removes(path));
        last.map(|call| call.span.start)
    }
}

impl Call {
    /// Whether it takes a directory or everything in it away: `rm -rf /dir/*`, `find /dir -delete`.
    #[must_use]
    pub fn removes(&self, path: &str) -> bool {
        let parsed = match self.program.as_str() {
            "rm" => self.parse(&[]),
            "find" if self.has_word("-delete") || self.has_word("rm") => {
                let first = self.arguments.iter();
                return first
                    .take_while(|word| !word.text.starts_with('-'))
                    .any(|word| covers(word.text.trim_end_matches('/'), path));
            }
            _ => return false,
        };
        let words = parsed.operands.iter();
        words.flat_map(|word| braces(&word.text)).any(|word| {
            // The lists of apt all have a `_` in their names.
            let word = word.trim_end_matches("/*_*").trim_end_matches("/*");
            let word = word.trim_end_matches('/');
            let stem = word.strip_suffix('*');
            stem.is_some_and(|stem| {
                stem.matches('/').count() > 1 && !path.starts_with("~/") && path.starts_with(stem)
            }) || covers(word, path)
        })
    }
}

/// Whether a directory is the other or holds it.
fn covers(outer: &str, inner: &str) -> bool {
    if let Some(tail) = inner.strip_prefix("~/") {
        let home = ["~/", "${VAR}/", "/root/"]
            .iter()
            .find_map(|home| outer.strip_prefix(home))
            .or_else(|| {
                outer
                    .strip_prefix("/home/")?
                    .split_once('/')
                    .map(|(_, rest)| rest)
            });
        return home.is_some_and(|home| home == tail || is_below(tail, home))
            || matches!(outer, "~" | "/root" | "/home");
    }
    outer == inner || is_below(inner, outer)
}

fn is_below(inner: &str, outer: &str) -> bool {
    inner
        .strip_prefix(outer)
        .is_some_and(|rest| rest.starts_with('/') && !outer.is_empty())
}

/// The words that a word with one pair of braces stands for: `/var/{a,b}/c`.
fn braces(word: &str) -> Vec<String> {
    let expanded = word.split_once('{').and_then(|(before, rest)| {
        let (inner, behind) = rest.split_once('}')?;
        let is_list = inner.contains(',') && !before.ends_with('$');
        is_list.then(|| {
            let parts = inner.split(',').take(64);
            parts
                .map(|part| format!("{before}{part}{behind}"))
                .collect()
        })
    });
    expanded.unwrap_or_else(|| vec![word.to_owned()])
}

/// Every `RUN` of a file, those behind `ONBUILD` too, with what it starts. A script of a shell that is none of
/// POSIX starts nothing that is known.
#[must_use]
pub fn runs(file: &Dockerfile) -> Vec<Run<'_>> {
    let shipped = shipped(file);
    let placed = file.walk();
    placed
        .filter_map(|placed| {
            let Kind::Run(command) = &placed.instruction.kind else {
                return None;
            };
            let stage = placed.stage.and_then(|stage| shipped.get(stage));
            Some(Run {
                placed,
                is_shipped: stage != Some(&false) || placed.onbuild,
                calls: calls(&file.text, command),
            })
        })
        .collect()
}

/// Which stages become the image that is built without `--target`: the last, and those that it begins with.
#[must_use]
pub fn shipped(file: &Dockerfile) -> Vec<bool> {
    let mut shipped = vec![false; file.stages.len()];
    let mut next = file.stages.len().checked_sub(1);
    while let Some(stage) = next {
        match shipped.get_mut(stage) {
            Some(seen) if !*seen => *seen = true,
            _ => break,
        }
        next = file.stages.get(stage).and_then(|stage| stage.parent);
    }
    shipped
}

/// What an instruction starts.
#[must_use]
pub fn calls(text: &str, command: &Command) -> Vec<Call> {
    let mut found = Vec::new();
    match command {
        Command::Exec(tokens) => {
            let words: Vec<Word> = tokens
                .iter()
                .map(|token| Word {
                    span: token.span,
                    parts: vec![Part::Literal {
                        span: token.span,
                        text: token.text.clone(),
                        escaped: false,
                    }],
                })
                .collect();
            let command = SimpleCommand {
                span: words
                    .iter()
                    .map(|word| word.span)
                    .reduce(Span::to)
                    .unwrap_or_default(),
                words,
                ..SimpleCommand::default()
            };
            let mut reader = Reader {
                text,
                place: &|span| span,
                found: &mut found,
                is_json: true,
                depth: 0,
            };
            reader.simple(&command, Via::Direct, None);
        }
        Command::Shell(form) if form.interpreter.is_posix() => {
            let mut reader = Reader {
                text: form.text.text(),
                place: &|span| form.span(span),
                found: &mut found,
                is_json: false,
                depth: 0,
            };
            for seen in form.script.commands() {
                let tail = reader.tail(&seen, form.is_heredoc);
                reader.simple(seen.command, Via::Direct, tail);
            }
        }
        Command::Shell(_) => {}
    }
    found
}

/// Collects the calls of a script.
struct Reader<'r> {
    /// What was parsed.
    text: &'r str,
    /// Where a stretch of that stands in the file.
    place: &'r dyn Fn(Span) -> Span,
    found: &'r mut Vec<Call>,
    is_json: bool,
    depth: usize,
}

impl Reader<'_> {
    /// The and-or list at the top in which a command stands.
    fn tail(&self, seen: &Seen<'_>, in_heredoc: bool) -> Option<Tail> {
        if seen.function().is_some() {
            return None;
        }
        let top = seen
            .scopes()
            .last()
            .map_or(&seen.place, |scope| &scope.place);
        let is_coprocess = seen
            .scopes()
            .any(|scope| matches!(scope.enclosure, Enclosure::Coprocess));
        if top.is_background() || is_coprocess {
            return None;
        }
        let last = top.and_or.links.last()?;
        let command = last.pipeline.commands.last()?;
        Some(Tail {
            last: (self.place)(last.pipeline.span).start,
            end: (self.place)(command.span()).end,
            in_heredoc,
        })
    }

    fn simple(&mut self, command: &SimpleCommand, via: Via, tail: Option<Tail>) {
        let outer = command.invocation();
        let effective = outer.effective();
        let inner = effective.invocation;
        let (Some(name), Some(program)) = (inner.words.first(), inner.program()) else {
            return;
        };
        let arguments: Vec<Argument> = inner
            .args()
            .iter()
            .map(|word| Argument {
                text: outline(word),
                span: (self.place)(word.span),
            })
            .collect();
        let name = (self.place)(name.span);
        let span = arguments.last().map_or(name, |last| name.to(last.span));
        let skipped = outer.words.len().saturating_sub(inner.words.len());
        let wrapped = outer.words.iter().take(skipped).filter_map(|word| {
            let text = outline(word);
            let (name, value) = text.split_once('=')?;
            (!name.starts_with('-')).then(|| (name.to_owned(), value.to_owned()))
        });
        let assigned = command.assignments.iter().filter_map(|assignment| {
            let value = assignment.word()?;
            Some((assignment.name.clone(), outline(value)))
        });
        self.found.push(Call {
            program: program.to_owned(),
            name,
            span,
            via: match via {
                Via::Direct if !effective.wrappers.is_empty() => Via::Wrapped,
                Via::Direct if inner.name() != Some(program) => Via::Path,
                via => via,
            },
            assigned: assigned.chain(wrapped).collect(),
            arguments,
            tail,
            is_json: self.is_json,
        });
        if self.depth < MAX_NESTING {
            self.nested(command, inner);
        }
    }

    /// What is started by a script that is an argument or the input of a shell.
    fn nested(&mut self, command: &SimpleCommand, inner: shell::Invocation<'_>) {
        if let Some(script) = inner.inner_script(self.text) {
            let mut reader = Reader {
                text: self.text,
                place: self.place,
                found: &mut *self.found,
                is_json: false,
                depth: self.depth.saturating_add(1),
            };
            for seen in script.script.commands() {
                reader.simple(seen.command, Via::Nested, None);
            }
            return;
        }
        let is_shell = inner.runs_any(&["sh", "bash", "dash", "ash", "ksh", "zsh"]);
        if !is_shell
            || inner
                .args()
                .iter()
                .any(|word| !word.outline().starts_with('-'))
        {
            return;
        }
        let documents = command.redirections.iter();
        let Some(document) = documents.filter_map(|it| it.here_document()).next_back() else {
            return;
        };
        let text = document.span.of(self.text);
        let script = shell::parse(text);
        let place = |span: Span| {
            let start = document.span.start;
            (self.place)(Span::new(
                span.start.saturating_add(start),
                span.end.saturating_add(start),
            ))
        };
        let mut reader = Reader {
            text,
            place: &place,
            found: &mut *self.found,
            is_json: false,
            depth: self.depth.saturating_add(1),
        };
        for seen in script.commands() {
            reader.simple(seen.command, Via::Nested, None);
        }
    }
}

fn outline(word: &Word) -> String {
    match word.literal() {
        Some(text) => text.into_owned(),
        None => word.outline(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<String> {
        let file = crate::parse(text);
        let mut all = Vec::new();
        for run in runs(&file) {
            for call in &run.calls {
                let words = call.arguments.iter().map(|word| word.text.as_str());
                let words: Vec<&str> = std::iter::once(call.program.as_str())
                    .chain(words)
                    .collect();
                let via = match call.via {
                    Via::Direct => "",
                    Via::Path => "p ",
                    Via::Wrapped => "w ",
                    Via::Nested => "n ",
                };
                assert!(
                    call.name.of(&file.text).contains(&call.program),
                    "{words:?}"
                );
                for word in &call.arguments {
                    if !word.text.contains(['$', '"']) {
                        let written = word.span.of(&file.text);
                        assert_eq!(written.trim_matches(['"', '\'']), word.text);
                    }
                }
                all.push(format!("{via}{}", words.join(" ")));
            }
        }
        all
    }

    #[test]
    fn every_form_of_run_is_read() {
        let text = "FROM a\nRUN sudo -u x apt-get update && \\\n  A=b /usr/bin/env C=d apt install -y \"$P\"\n\
            RUN [\"apk\", \"add\", \"x\"]\nRUN [\"sh\", \"-c\", \"apk del x\"]\n\
            RUN bash -c 'yum install \"y\"' | tee z\nONBUILD RUN dnf upgrade\n\
            RUN <<EOF\nzypper in a\nEOF\nRUN bash <<EOF\npip install b\nEOF\n";
        assert_eq!(
            names(text),
            [
                "w apt-get update",
                "w apt install -y ${VAR}",
                "apk add x",
                "sh -c apk del x",
                "n apk del x",
                "bash -c yum install \"y\"",
                "n yum install y",
                "tee z",
                "dnf upgrade",
                "zypper in a",
                "bash ",
                "n pip install b",
            ]
            .map(str::trim_end)
        );
    }

    #[test]
    fn a_command_is_joined_on_in_the_manner_of_its_lines() {
        for (text, wanted) in [
            ("a", "a && z"),
            ("a && b # c", "a && b && z # c"),
            ("a \\\n  && b", "a \\\n  && b \\\n  && z"),
            ("a && \\\n    b", "a && \\\n    b && \\\n    z"),
            (
                "a && \\\n    b \\\n      c",
                "a && \\\n    b \\\n      c && \\\n    z",
            ),
            ("a; b", "a && z; b"),
            ("(a; b)", "(a; b) && z"),
            ("a &", "a &"),
            ("<<E\na\nb\nE", "<<E\na && z\nb\nE"),
        ] {
            let text = format!("FROM x\nRUN {text}\n");
            let file = crate::parse(&text);
            let run = runs(&file);
            let mut out = text.clone();
            if let Some(edit) = run[0].calls[0].append(&file, "z") {
                out.replace_range(edit.start..edit.end, &edit.text);
            }
            assert_eq!(out, format!("FROM x\nRUN {wanted}\n"));
        }
    }

    #[test]
    fn removal_and_mounts_are_known() {
        let lists = "/var/lib/apt/lists";
        for (text, wanted) in [
            ("rm -rf /var/lib/apt/lists/*", true),
            ("rm -rf /var/lib/apt/lists/", true),
            ("rm -r /tmp/* /var/lib/apt/*", true),
            ("rm -f /var/lib/apt/lists/*_*", true),
            ("rm -rf /var/lib/{apt,dpkg}/lists/*", true),
            ("sudo rm -rf /var/lib/apt/lists", true),
            ("find /var/lib/apt/lists -type f -delete", true),
            ("rm -rf /var/lib/apt/lists/partial", false),
            ("rm -rf /tmp", false),
            ("find /var/lib/apt/lists -type f", false),
            ("echo /var/lib/apt/lists", false),
        ] {
            let file = crate::parse(&format!("FROM x\nRUN {text}\n"));
            assert_eq!(runs(&file)[0].removed(lists).is_some(), wanted, "{text}");
        }
        for (flag, path, wanted) in [
            ("type=cache,target=/root/.cache", "~/.cache/pip", true),
            ("type=cache,dst=/home/u/.cache/pip", "~/.cache/pip", true),
            ("type=tmpfs,target=/var/lib/apt", lists, true),
            ("type=bind,target=/var/lib/apt", lists, false),
            ("type=cache,target=/var/lib/apt/lists/x", lists, false),
        ] {
            let file = crate::parse(&format!("FROM x\nRUN --mount={flag} true\n"));
            assert_eq!(runs(&file)[0].mounts(path), wanted, "{flag}");
        }
    }
}
