//! Why a text is not a version, and why two versions cannot be compared.

use thiserror::Error;

use crate::Scheme;

/// What is wrong with a text that should be a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Fault {
    /// The text is empty.
    #[error("it is empty")]
    Empty,
    /// The text is longer than [`crate::MAX_LENGTH`].
    #[error("it has {length} bytes, more than {}", crate::MAX_LENGTH)]
    TooLong {
        /// Its length in bytes.
        length: usize,
    },
    /// A character that no version of the scheme may hold.
    #[error("the character {character:?} is not allowed")]
    Character {
        /// The first such character.
        character: char,
    },
    /// The characters are right but their arrangement is not.
    #[error("{0}")]
    Grammar(&'static str),
}

/// A text that is not a version of the scheme it was read as.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{text}` is not a {scheme} version: {fault}")]
pub struct ParseVersionError {
    scheme: Scheme,
    text: Box<str>,
    fault: Fault,
}

/// How many characters of a bad text an error quotes; the rest is cut and marked with `…`.
const QUOTED: usize = 120;

impl ParseVersionError {
    pub(crate) fn new(scheme: Scheme, text: &str, fault: Fault) -> Self {
        let mut quoted: String = text.chars().take(QUOTED).collect();
        if quoted.len() < text.len() {
            quoted.push('…');
        }
        let text = quoted.into_boxed_str();
        Self {
            scheme,
            text,
            fault,
        }
    }

    /// The scheme that the text was read as.
    #[must_use]
    pub fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// The text, cut after 120 characters.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What is wrong with it.
    #[must_use]
    pub fn fault(&self) -> Fault {
        self.fault
    }
}

/// Two versions of different schemes have no order.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{left}` is a {left_scheme} version and `{right}` is a {right_scheme} version")]
pub struct SchemeMismatch {
    /// The text of the left version.
    pub left: String,
    /// Its scheme.
    pub left_scheme: Scheme,
    /// The text of the right version.
    pub right: String,
    /// Its scheme.
    pub right_scheme: Scheme,
}

/// A name that is in no row of the scheme table.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "`{name}` is not a version scheme; the schemes are {}",
    crate::table::names()
)]
pub struct UnknownScheme {
    /// The name as it was given.
    pub name: String,
}
