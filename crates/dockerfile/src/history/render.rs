//! Writes the steps of a history as lines of a Dockerfile that parses, whatever the history says.

use std::ops::RangeInclusive;

use super::forms::{Form, Said};
use super::quoted;

/// The shell of an image that sets none.
const SHELL: &str = "/bin/sh -c";
const WINDOWS_SHELL: &str = "cmd /S /C";

/// The name of a heredoc that holds a script of several lines.
const HEREDOC: &str = "SCRIPT";

/// The text so far.
#[derive(Debug)]
pub(super) struct Writer {
    text: String,
    /// Lines so far.
    lines: u32,
    /// The shell that `RUN` has here.
    shell: String,
    escape: char,
}

impl Writer {
    /// A text that begins with its base.
    pub(super) fn new(is_windows: bool, base: Option<&str>) -> Self {
        let mut writer = Self {
            text: String::new(),
            lines: 0,
            shell: if is_windows { WINDOWS_SHELL } else { SHELL }.to_owned(),
            escape: if is_windows { '`' } else { '\\' },
        };
        if is_windows {
            writer.line("# escape=`");
        }
        let base = base.filter(|base| base.chars().all(|c| c.is_ascii_graphic() && c != '$'));
        // Where nobody notes the base its steps are told, and below them there is nothing.
        match base {
            Some(base) => writer.line(&format!("# FROM {base}")),
            None => writer.line("# reconstructed from the history of the image"),
        }
        writer.line("FROM scratch");
        writer
    }

    pub(super) fn length(&self) -> usize {
        self.text.len()
    }

    pub(super) fn done(self) -> String {
        self.text
    }

    /// Writes a line, which must not have a break.
    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
        self.lines = self.lines.saturating_add(1);
    }

    /// Writes a step; the answer is its lines, and whether it is an instruction.
    ///
    /// `is_root` is set for the first step of an image that begins with nothing: what it adds to `/` is the base's
    /// root filesystem.
    pub(super) fn step(
        &mut self,
        entry: usize,
        said: &Said,
        is_root: bool,
        note: Option<&str>,
    ) -> (RangeInclusive<u32>, bool) {
        let first = self.lines.saturating_add(1);
        let number = entry.saturating_add(1);
        let is_known = match &said.form {
            Form::Run { shell, script } => self.run(shell.as_deref(), script),
            Form::Instruction { name, rest } => self.instruction(name, rest, is_root),
            Form::Other(_) => false,
        };
        if !is_known {
            let text = match &said.form {
                Form::Other(text) if !text.is_empty() => text.as_str(),
                Form::Other(_) => note.unwrap_or("the builder left no command"),
                Form::Run { script, .. } => script,
                Form::Instruction { rest, .. } => rest,
            };
            // Behind words of our own, so that it is no directive and no remark for linters.
            let text = flat(text);
            let text: String = text.chars().take(200).collect();
            self.line(format!("# step {number}: {text}").trim_end_matches(['\\', '`', ' ']));
        }
        (first..=self.lines, is_known)
    }

    fn run(&mut self, shell: Option<&str>, script: &str) -> bool {
        if script.trim().is_empty() {
            return false;
        }
        if let Some(shell) = shell.filter(|shell| *shell != self.shell) {
            let words: Vec<String> = shell.split(' ').map(str::to_owned).collect();
            self.line(&format!("SHELL {}", quoted::json(&words)));
            shell.clone_into(&mut self.shell);
        }
        let is_plain = !script.contains(['\n', '\r'])
            && !script.contains("<<")
            && !script.trim_end().ends_with(self.escape)
            && !script.starts_with("--")
            && !script.starts_with('[');
        if is_plain {
            self.line(&format!("RUN {}", script.trim()));
            return true;
        }
        self.script(script);
        true
    }

    /// A script of several lines as a heredoc, the way in which it was written; or as the heredoc that it holds, where
    /// that is all of it.
    fn script(&mut self, script: &str) {
        let script = script.replace('\r', "");
        let mut name = HEREDOC.to_owned();
        while script
            .lines()
            .any(|line| line.trim_start_matches('\t') == name)
        {
            name.push('_');
        }
        self.line(&format!("RUN <<\"{name}\""));
        for line in script.lines() {
            self.line(line);
        }
        self.line(&name);
    }

    fn instruction(&mut self, name: &str, rest: &str, is_root: bool) -> bool {
        let rest = match name {
            "ENV" | "LABEL" | "ARG" => match self.pairs(name, rest) {
                Some(pairs) => pairs,
                None => return false,
            },
            "ADD" if is_root => match root_filesystem(rest) {
                Some(rest) => rest,
                None => rest.to_owned(),
            },
            // The base of a stage is a line of its own.
            "FROM" => return false,
            "RUN" => return self.run(None, rest),
            _ => rest.to_owned(),
        };
        if rest.contains(['\n', '\r']) || rest.trim_end().ends_with(self.escape) {
            return false;
        }
        if rest.contains("<<") && matches!(name, "COPY" | "ADD" | "ONBUILD") {
            return false;
        }
        if name == "SHELL"
            && let Some(words) = quoted::list(&rest)
        {
            self.shell = words.join(" ");
        }
        self.line(&format!("{name} {rest}"));
        true
    }

    /// `NAME=value with spaces OTHER=value`, quoted. Builders print values without quotes, so that a value ends where
    /// the next name stands.
    fn pairs(&self, instruction: &str, rest: &str) -> Option<String> {
        let is_name = |word: &str| {
            let Some((name, _)) = word.split_once('=') else {
                return false;
            };
            let inner = if instruction == "LABEL" { "_-./:" } else { "_" };
            let name = name.trim_matches('"');
            name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
                && name
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || inner.contains(c))
        };
        let mut pairs: Vec<String> = Vec::new();
        for word in rest.split([' ', '\n', '\r', '\t']) {
            match pairs.last_mut() {
                Some(last) if !is_name(word) || in_quotes(last) => {
                    last.push(' ');
                    last.push_str(word);
                }
                None if !is_name(word) => {
                    // `ARG NAME`, or `ENV NAME value` as the oldest builders write it.
                    let (name, value) = rest.split_once(' ').unwrap_or((rest, ""));
                    let is_word = name
                        .chars()
                        .all(|c| c.is_ascii_alphanumeric() || "_-.".contains(c));
                    return (is_word && !name.is_empty()).then(|| match value.trim() {
                        "" => name.to_owned(),
                        value => format!("{name}={}", self.quoted(value)),
                    });
                }
                _ => pairs.push(word.to_owned()),
            }
        }
        let pairs = pairs.iter().filter_map(|pair| {
            let (name, value) = pair.split_once('=')?;
            Some(format!(
                "{}={}",
                name.trim_matches('"'),
                self.quoted(value.trim_end())
            ))
        });
        Some(pairs.collect::<Vec<_>>().join(" ")).filter(|pairs| !pairs.is_empty())
    }

    /// A value as one word: as it is where that is enough, else in quotes. What stands in a history was expanded.
    fn quoted(&self, value: &str) -> String {
        let whole = value.len() >= 2 && value.starts_with('"') && value.ends_with('"');
        let inner = value
            .get(1..value.len().saturating_sub(1))
            .unwrap_or_default();
        if whole && !inner.contains('"') && !inner.ends_with(self.escape) {
            return flat(value);
        }
        let is_plain = |c: char| c.is_alphanumeric() || "_-./:@%+,=~{}[]()?&;*!|<>^".contains(c);
        if value.chars().all(is_plain) {
            return value.to_owned();
        }
        let mut quoted = String::from("\"");
        for one in flat(value).chars() {
            if matches!(one, '"' | '$') || one == self.escape {
                quoted.push(self.escape);
            }
            quoted.push(one);
        }
        quoted.push('"');
        quoted
    }
}

/// Whether a pair whose value begins with a quote has no end yet.
fn in_quotes(pair: &str) -> bool {
    pair.split_once('=').is_some_and(|(_, value)| {
        value.starts_with('"') && (value.len() == 1 || !value.ends_with('"'))
    })
}

/// A text on one line, without control characters.
fn flat(text: &str) -> String {
    text.chars()
        .map(|one| if one.is_control() { ' ' } else { one })
        .collect()
}

/// What is added to `/` by the first step is an archive, though the old builder writes only its digest.
fn root_filesystem(rest: &str) -> Option<String> {
    let (source, target) = rest.rsplit_once(' ')?;
    let is_digest = source.starts_with("file:") || source.starts_with("multi:");
    (target == "/" && is_digest).then(|| "rootfs.tar /".to_owned())
}
