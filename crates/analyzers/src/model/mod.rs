//! Files of AI models. They have gigabytes, and all that is read of them is the head that describes them.

use plimsoll_analyze::Analyzer;

pub mod gguf;
mod place;
pub mod safetensors;

pub use gguf::Gguf;
pub use safetensors::Safetensors;

/// The analyzers of this folder, sorted by id.
pub static ALL: &[&dyn Analyzer] = &[&Gguf, &Safetensors];

/// Longest text that is kept of a name or a statement, in characters.
const LONGEST: usize = 256;

/// A text that a model's maker wrote: one line, without the space around it; `None` if it says nothing.
fn said(text: &str) -> Option<String> {
    let line = text.lines().map(str::trim).find(|line| !line.is_empty())?;
    let clean: String = line
        .chars()
        .filter(|c| !c.is_control())
        .take(LONGEST)
        .collect();
    let clean = clean.trim();
    (!clean.is_empty()).then(|| clean.to_owned())
}

/// A name that a model's maker wrote; of a path the last part.
fn name(text: &str) -> Option<String> {
    let last = text
        .trim_end_matches(['/', '\\'])
        .rsplit(['/', '\\'])
        .next()?;
    said(last).filter(|name| name != "." && name != "..")
}
