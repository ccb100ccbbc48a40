//! The words behind a program: flags, their values, and the rest.

use crate::span::Span;

/// A word behind a program.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Argument {
    /// Without quotes; `${VAR}` stands for what is expanded.
    pub text: String,
    /// Where it stands in the file.
    pub span: Span,
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

/// Tells flags and operands apart; see [`super::Call::parse`].
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
