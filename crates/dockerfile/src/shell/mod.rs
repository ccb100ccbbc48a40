//! The shell in `RUN`.

/// A script, parsed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Script {}

/// Reads a script.
#[must_use]
pub fn parse(_text: &str) -> Script {
    Script::default()
}
