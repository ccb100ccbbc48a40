//! What a simple command runs, and its flags and operands.

use std::borrow::Cow;

use super::ast::{Assignment, SimpleCommand, Value};
use super::word::Word;

/// A command with its arguments: all words of a simple command, or those behind a wrapper such as `sudo`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Invocation<'a> {
    /// The words, that of the command first.
    pub words: &'a [Word],
}

/// A flag of a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flag<'a> {
    /// The name without dashes: a letter, or the long name.
    pub name: String,
    /// Whether it begins with two dashes.
    pub long: bool,
    /// The word in which it stands.
    pub word: &'a Word,
    /// Its value, with `${VAR}` for what is expanded. Without a list of the flags that take one, only values
    /// behind `=` are known.
    pub value: Option<String>,
}

/// What the arguments of a command are.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Arguments<'a> {
    /// Flags, in order.
    pub flags: Vec<Flag<'a>>,
    /// Words that are neither flags nor their values.
    pub operands: Vec<&'a Word>,
}

impl<'a> Invocation<'a> {
    /// The command as it is written, where nothing in it is expanded.
    #[must_use]
    pub fn name(self) -> Option<&'a str> {
        self.words.first()?.text()
    }

    /// The command without the directories before it: `apt-get` for `/usr/bin/apt-get`.
    #[must_use]
    pub fn program(self) -> Option<&'a str> {
        let name = self.name()?;
        Some(name.rsplit_once('/').map_or(name, |(_, base)| base))
    }

    /// Whether it runs that program, in whatever directory.
    #[must_use]
    pub fn runs(self, program: &str) -> bool {
        self.program() == Some(program)
    }

    /// Whether it runs one of those programs.
    #[must_use]
    pub fn runs_any(self, programs: &[&str]) -> bool {
        self.program().is_some_and(|name| programs.contains(&name))
    }

    /// The words behind the command.
    #[must_use]
    pub fn args(self) -> &'a [Word] {
        self.words.get(1..).unwrap_or_default()
    }

    /// Flags and operands. `valued` names the flags that take a value, letters and long names without dashes.
    ///
    /// Letters may be bundled (`-qy`, `-ofile` where `o` takes a value); flags may stand behind operands; behind
    /// `--` everything is an operand, and so is `-`.
    #[must_use]
    pub fn arguments(self, valued: &[&str]) -> Arguments<'a> {
        let mut all = Arguments::default();
        let mut words = self.args().iter();
        while let Some(word) = words.next() {
            let text = outline(word);
            if text == "--" {
                all.operands.extend(words);
                break;
            }
            if let Some(long) = text.strip_prefix("--") {
                let (name, mut value) = match long.split_once('=') {
                    Some((name, value)) => (name, Some(value.to_owned())),
                    None => (long, None),
                };
                if value.is_none() && valued.contains(&name) {
                    value = words.next().map(Word::outline);
                }
                all.flags.push(Flag {
                    name: name.to_owned(),
                    long: true,
                    word,
                    value,
                });
            } else if let Some(letters) = text.strip_prefix('-').filter(|rest| !rest.is_empty()) {
                if let Some(last) = bundle(letters, word, valued, &mut all.flags)
                    && last.value.is_none()
                {
                    last.value = words.next().map(Word::outline);
                }
            } else {
                all.operands.push(word);
            }
        }
        all
    }

    /// Whether a flag is given: the letter, also among others, or the long name, also with a value. Stops at
    /// `--`. A letter of `'\0'` and an empty name mean that there is none.
    #[must_use]
    pub fn has_flag(self, short: char, long: &str) -> bool {
        self.flag(short, long).is_some()
    }

    /// The word in which a flag is given.
    #[must_use]
    pub fn flag(self, short: char, long: &str) -> Option<&'a Word> {
        for word in self.args() {
            let text = outline(word);
            if text == "--" {
                return None;
            }
            let found = match text.strip_prefix("--") {
                Some(rest) => {
                    !long.is_empty()
                        && rest
                            .strip_prefix(long)
                            .is_some_and(|rest| rest.is_empty() || rest.starts_with('='))
                }
                None => text.strip_prefix('-').is_some_and(|letters| {
                    short != '\0'
                        && letters
                            .chars()
                            .take_while(|next| next.is_alphanumeric())
                            .any(|next| next == short)
                }),
            };
            if found {
                return Some(word);
            }
        }
        None
    }

    /// The words that are neither flags nor values of the flags that `valued` names.
    #[must_use]
    pub fn operands(self, valued: &[&str]) -> Vec<&'a Word> {
        self.arguments(valued).operands
    }

    /// Whether an argument is exactly this text, as `-name` for commands whose long flags have one dash.
    #[must_use]
    pub fn has_arg(self, text: &str) -> bool {
        self.args().iter().any(|word| word.is(text))
    }
}

fn outline(word: &Word) -> Cow<'_, str> {
    word.literal().unwrap_or_else(|| Cow::Owned(word.outline()))
}

/// Adds the flags of `-abc`; the last one where it takes a value, which is in it or follows.
fn bundle<'f, 'a>(
    letters: &str,
    word: &'a Word,
    valued: &[&str],
    flags: &'f mut Vec<Flag<'a>>,
) -> Option<&'f mut Flag<'a>> {
    for (at, letter) in letters.char_indices() {
        let behind = at.saturating_add(letter.len_utf8());
        let rest = letters.get(behind..).unwrap_or_default();
        let mut buffer = [0; 4];
        let takes = valued.contains(&&*letter.encode_utf8(&mut buffer));
        let value = match rest.strip_prefix('=') {
            Some(value) => Some(value.to_owned()),
            None => (takes && !rest.is_empty()).then(|| rest.to_owned()),
        };
        let last = takes || value.is_some();
        flags.push(Flag {
            name: letter.to_string(),
            long: false,
            word,
            value,
        });
        if takes {
            return flags.last_mut();
        }
        if last || !letter.is_alphanumeric() {
            return None;
        }
    }
    None
}

impl SimpleCommand {
    /// All its words as they stand.
    #[must_use]
    pub fn invocation(&self) -> Invocation<'_> {
        Invocation { words: &self.words }
    }

    /// See [`Invocation::name`].
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.invocation().name()
    }

    /// See [`Invocation::program`].
    #[must_use]
    pub fn program(&self) -> Option<&str> {
        self.invocation().program()
    }

    /// See [`Invocation::runs`].
    #[must_use]
    pub fn runs(&self, program: &str) -> bool {
        self.invocation().runs(program)
    }

    /// See [`Invocation::runs_any`].
    #[must_use]
    pub fn runs_any(&self, programs: &[&str]) -> bool {
        self.invocation().runs_any(programs)
    }

    /// See [`Invocation::args`].
    #[must_use]
    pub fn args(&self) -> &[Word] {
        self.invocation().args()
    }

    /// See [`Invocation::arguments`].
    #[must_use]
    pub fn arguments(&self, valued: &[&str]) -> Arguments<'_> {
        self.invocation().arguments(valued)
    }

    /// See [`Invocation::has_flag`].
    #[must_use]
    pub fn has_flag(&self, short: char, long: &str) -> bool {
        self.invocation().has_flag(short, long)
    }

    /// See [`Invocation::flag`].
    #[must_use]
    pub fn flag(&self, short: char, long: &str) -> Option<&Word> {
        self.invocation().flag(short, long)
    }

    /// See [`Invocation::operands`].
    #[must_use]
    pub fn operands(&self, valued: &[&str]) -> Vec<&Word> {
        self.invocation().operands(valued)
    }

    /// See [`Invocation::has_arg`].
    #[must_use]
    pub fn has_arg(&self, text: &str) -> bool {
        self.invocation().has_arg(text)
    }
}

impl Assignment {
    /// The word that is assigned, if it is one.
    #[must_use]
    pub fn word(&self) -> Option<&Word> {
        match &self.value {
            Value::Scalar(word) => Some(word),
            Value::Array(_) => None,
        }
    }
}
