//! The programs that `RUN` starts, in shell and in JSON form, behind `sudo` and `env` and in `sh -c '…'` too.

mod paths;
mod reader;
mod run;
mod words;

pub use reader::calls;
pub use run::{Run, runs, shipped};
pub use words::{Argument, Flag, Parsed, parse};

use crate::ast::Dockerfile;
use crate::fix;
use crate::span::Span;
use plimsoll_model::lint::Edit;

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
        let line = file.line_break();
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
