//! YAML of ignore files and of settings of other linters.

use std::fmt;

use serde::de::DeserializeOwned;

/// Brackets that may be open at a time. The reader's own limit comes after a scan whose time grows with the square of
/// this depth: two hundred thousand of them in 200 KB took a minute.
const DEPTH: usize = 128;

/// A text that is no YAML, or none that is read.
#[derive(Debug)]
pub(crate) enum Unread {
    TooDeep,
    Yaml(serde_yaml_ng::Error),
}

impl fmt::Display for Unread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooDeep => write!(f, "more than {DEPTH} brackets are open in it at a time"),
            Self::Yaml(error) => error.fmt(f),
        }
    }
}

/// Reads a document.
pub(crate) fn read<T: DeserializeOwned>(text: &str) -> Result<T, Unread> {
    if depth(text) > DEPTH {
        return Err(Unread::TooDeep);
    }
    serde_yaml_ng::from_str(text).map_err(Unread::Yaml)
}

/// How many brackets are open at most. Those in quotes and comments count too, of which no file has so many.
fn depth(text: &str) -> usize {
    let (mut open, mut most) = (0_usize, 0);
    for byte in text.bytes() {
        match byte {
            b'[' | b'{' => open = open.saturating_add(1),
            b']' | b'}' => open = open.saturating_sub(1),
            _ => continue,
        }
        most = open.max(most);
    }
    most
}
