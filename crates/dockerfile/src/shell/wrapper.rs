//! Commands that run other commands: `sudo apt-get`, `sh -c '…'`.

use super::ast::{Script, SimpleCommand};
use super::command::Invocation;
use super::cursor::Origin;
use super::word::Part;
use crate::Span;
use crate::span::Joined;

/// A command that runs the one behind its own arguments.
struct Wrapper {
    name: &'static str,
    /// Its flags that take a value: letters and long names.
    valued: &'static [&'static str],
    /// Flags with which it does something else than running the command.
    unless: &'static [&'static str],
    /// How many operands stand before the command.
    operands: usize,
    /// Whether `NAME=value` may stand before the command.
    assignments: bool,
}

const fn wrapper(name: &'static str, valued: &'static [&'static str]) -> Wrapper {
    Wrapper {
        name,
        valued,
        unless: &[],
        operands: 0,
        assignments: false,
    }
}

/// Their own manuals say what their flags are.
static WRAPPERS: &[Wrapper] = &[
    Wrapper {
        assignments: true,
        ..wrapper("env", &["u", "unset", "C", "chdir", "S", "split-string"])
    },
    Wrapper {
        assignments: true,
        unless: &["l", "list", "v", "validate", "e", "edit", "k"],
        ..wrapper(
            "sudo",
            &[
                "u",
                "user",
                "g",
                "group",
                "h",
                "host",
                "p",
                "prompt",
                "C",
                "close-from",
                "r",
                "role",
                "t",
                "type",
                "U",
                "other-user",
                "D",
                "chdir",
                "R",
                "chroot",
                "T",
                "command-timeout",
            ],
        )
    },
    wrapper("doas", &["u", "C"]),
    wrapper("exec", &["a"]),
    wrapper("builtin", &[]),
    Wrapper {
        unless: &["v", "V"],
        ..wrapper("command", &[])
    },
    wrapper("nice", &["n", "adjustment"]),
    Wrapper {
        unless: &["p", "pid"],
        ..wrapper("ionice", &["c", "class", "n", "classdata"])
    },
    wrapper("nohup", &[]),
    wrapper("setsid", &[]),
    wrapper("stdbuf", &["i", "input", "o", "output", "e", "error"]),
    Wrapper {
        operands: 1,
        ..wrapper("timeout", &["s", "signal", "k", "kill-after"])
    },
    wrapper("time", &["f", "format", "o", "output"]),
    wrapper("eatmydata", &[]),
    wrapper("chronic", &[]),
    Wrapper {
        operands: 1,
        ..wrapper("gosu", &[])
    },
    Wrapper {
        operands: 1,
        ..wrapper("su-exec", &[])
    },
    wrapper("busybox", &[]),
    wrapper(
        "xargs",
        &[
            "n",
            "max-args",
            "I",
            "L",
            "max-lines",
            "P",
            "max-procs",
            "s",
            "max-chars",
            "d",
            "delimiter",
            "E",
            "a",
            "arg-file",
        ],
    ),
];

/// What is run once wrappers are taken away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Effective<'a> {
    /// The command and its arguments.
    pub invocation: Invocation<'a>,
    /// The wrappers, outermost first.
    pub wrappers: Vec<&'static str>,
}

/// A script that is handed to a shell as an argument.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inner {
    /// The shell, as `bash`.
    pub shell: String,
    /// The script; places are those of the text around it.
    pub script: Script,
    /// Whether all of the argument is known. Where it is not, expansions by the outer shell stand in the script
    /// as if the inner shell made them.
    pub exact: bool,
}

impl SimpleCommand {
    /// What is run without `env A=b`, `sudo -u x`, `exec`, `command`, `nice`, `xargs` and the like. A wrapper that
    /// runs nothing is the command itself.
    #[must_use]
    pub fn effective(&self) -> Effective<'_> {
        self.invocation().effective()
    }

    /// See [`Invocation::inner_script`].
    #[must_use]
    pub fn inner_script(&self, text: &str) -> Option<Inner> {
        self.invocation().inner_script(text)
    }
}

impl<'a> Invocation<'a> {
    /// See [`SimpleCommand::effective`].
    #[must_use]
    pub fn effective(self) -> Effective<'a> {
        let mut invocation = self;
        let mut wrappers = Vec::new();
        while let Some((name, next)) = invocation.unwrapped() {
            wrappers.push(name);
            invocation = next;
        }
        Effective {
            invocation,
            wrappers,
        }
    }

    fn unwrapped(self) -> Option<(&'static str, Self)> {
        let program = self.program()?;
        let wrapper = WRAPPERS.iter().find(|wrapper| wrapper.name == program)?;
        let mut words = self.args();
        let mut operands = wrapper.operands;
        loop {
            let (first, rest) = words.split_first()?;
            let text = first.outline();
            if text == "--" {
                words = rest;
            } else if let Some(flag) = text.strip_prefix('-').filter(|flag| !flag.is_empty()) {
                if stops(flag, wrapper.unless) {
                    return None;
                }
                words = rest;
                if takes_next(flag, wrapper.valued) {
                    words = words.split_first()?.1;
                }
            } else if wrapper.assignments && is_assignment(&text) {
                words = rest;
            } else if let Some(left) = operands.checked_sub(1) {
                operands = left;
                words = rest;
            } else {
                return Some((wrapper.name, Self { words }));
            }
        }
    }

    /// The script of `sh -c '…'`, for any shell with that grammar. `text` is the text that was parsed.
    #[must_use]
    pub fn inner_script(self, text: &str) -> Option<Inner> {
        let shell = self
            .program()
            .filter(|name| matches!(*name, "sh" | "bash" | "dash" | "ash" | "ksh" | "zsh"))?;
        let mut given = false;
        let mut words = self.args().iter();
        let word = loop {
            let word = words.next()?;
            let outline = word.outline();
            let option = outline.strip_prefix(['-', '+']);
            match option {
                Some(letters) if !letters.is_empty() && !outline.starts_with("--") => {
                    given |= outline.starts_with('-') && letters.contains('c');
                    // `-o pipefail`
                    if letters.ends_with(['o', 'O']) {
                        words.next()?;
                    }
                }
                Some(_) => {}
                None if given => break word,
                None => return None,
            }
        };
        let mut joined = Joined::default();
        pieces(&word.parts, text, &mut joined);
        let origin = Origin {
            joined: &joined,
            outer: None,
        };
        Some(Inner {
            shell: shell.to_owned(),
            script: super::parse_part(joined.text(), Some(&origin), 0),
            exact: word.literal().is_some(),
        })
    }
}

/// Whether one of these flags is given.
fn stops(flag: &str, flags: &[&str]) -> bool {
    match flag.strip_prefix('-') {
        Some(long) => flags.contains(&long),
        None => flag
            .chars()
            .any(|letter| flags.contains(&letter.to_string().as_str())),
    }
}

/// Whether the value of a flag is the next word.
fn takes_next(flag: &str, valued: &[&str]) -> bool {
    if let Some(long) = flag.strip_prefix('-') {
        return valued.contains(&long);
    }
    let first = flag
        .chars()
        .position(|letter| valued.contains(&letter.to_string().as_str()));
    first.is_some_and(|at| at.saturating_add(1) == flag.chars().count())
}

fn is_assignment(text: &str) -> bool {
    text.split_once('=').is_some_and(|(name, _)| {
        !name.is_empty()
            && name
                .bytes()
                .all(|byte| byte == b'_' || byte.is_ascii_alphanumeric())
    })
}

/// What the inner shell reads, and where it stands.
fn pieces(parts: &[Part], text: &str, joined: &mut Joined) {
    for part in parts {
        match part {
            Part::Literal {
                span, text: value, ..
            }
            | Part::SingleQuoted { span, text: value } => aligned(value, *span, text, joined),
            Part::DoubleQuoted { parts, .. } => pieces(parts, text, joined),
            part => joined.push(text, part.span()),
        }
    }
}

/// A value whose characters stand in a stretch, with quotes and backslashes between them.
fn aligned(value: &str, span: Span, text: &str, joined: &mut Joined) {
    let mut wanted = value.chars().peekable();
    let mut start = None;
    let mut end = span.start;
    for (at, character) in span.of(text).char_indices() {
        let at = span.start.saturating_add(at);
        if wanted.peek() == Some(&character) {
            wanted.next();
            start.get_or_insert(at);
            end = at.saturating_add(character.len_utf8());
        } else if let Some(from) = start.take() {
            joined.push(text, Span::new(from, end));
        }
    }
    if let Some(from) = start {
        joined.push(text, Span::new(from, end));
    }
}
