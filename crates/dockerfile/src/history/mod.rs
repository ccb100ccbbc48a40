//! From the history of an image back to a Dockerfile.
//!
//! History is what the builder wrote beside each step (OCI image configuration, "history"; nobody checks it). Each
//! builder has its own way: the old builder of Docker and buildah write the shell's command line and `#(nop)` before what
//! runs nothing, `BuildKit` the instruction as it understood it, kaniko the line as it was written; jib, Bazel, Nix and
//! `debuerreotype` write something else, which becomes a comment.
//!
//! What no builder keeps cannot be brought back: stages, mounts, comments, variables in the text, the names of copied
//! files (the old builder keeps digests). The text is for rules and for people, not for building.
//!
//! `forms.rs` tells what a step says, `render.rs` writes it down, `quoted.rs` reads how Go prints lists.

mod forms;
mod quoted;
mod render;

#[cfg(test)]
mod tests;

use std::ops::RangeInclusive;

use plimsoll_model::image::{HistoryEntry, ImageConfig};

use forms::{Form, Said};
use render::Writer;

/// Most steps that are read, and most bytes of one step; no real image comes near.
const MOST_STEPS: usize = 4096;
const MOST_BYTES: usize = 256 << 10;
/// Most bytes of the whole text.
const MOST_TEXT: usize = 4 << 20;

/// A Dockerfile, written from a history.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reconstructed {
    /// The text; it begins with `FROM`.
    pub text: String,
    /// The steps, in order, with the lines that they became.
    pub steps: Vec<Step>,
    /// The base image, where the builder noted its name.
    pub base: Option<String>,
    /// How many steps were left out, because there are too many of them, or they are too long.
    pub omitted: usize,
}

impl Reconstructed {
    /// The step that a line (from 1) comes from.
    #[must_use]
    pub fn step(&self, line: u32) -> Option<&Step> {
        let at = self.steps.partition_point(|step| *step.lines.end() < line);
        self.steps.get(at).filter(|step| step.lines.contains(&line))
    }
}

/// One entry of the history, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Its place in the history, from 0.
    pub entry: usize,
    /// The layer that it made, from 0; `None` where it made none, or where history and layers do not agree.
    pub layer: Option<usize>,
    /// Its lines in the text, from 1.
    pub lines: RangeInclusive<u32>,
    /// Whose step it is.
    pub of: Origin,
    /// Whether it is an instruction, or only a comment because nobody knows what it says.
    pub is_known: bool,
    /// Arguments of the build that the builder wrote before the command, `name=value` each.
    pub arguments: Vec<String>,
}

/// Whose step it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// Of this image.
    Own,
    /// Of the base image: the builder says so, or a later step sets the command anew.
    Base,
}

/// Writes the Dockerfile of a history.
#[must_use]
pub fn reconstruct(config: &ImageConfig) -> Reconstructed {
    let history = config.history.as_slice();
    let said: Vec<Said> = history
        .iter()
        .take(MOST_STEPS)
        .map(|entry| forms::read(clip(&entry.created_by)))
        .collect();
    let layers = layers(history, config.rootfs.diff_ids.len());
    let (own, base) = first_own(history, &said);
    let mut writer = Writer::new(config.os == "windows", base.as_deref());
    let mut steps = Vec::new();
    for (entry, said) in said.iter().enumerate() {
        if writer.length() > MOST_TEXT {
            break;
        }
        let is_root = entry == 0 && own.is_none_or(|own| own > 0);
        let noted = history
            .get(entry)
            .and_then(|entry| entry.comment.as_deref());
        let (lines, is_known) = writer.step(entry, said, is_root, noted.map(clip));
        steps.push(Step {
            entry,
            layer: layers.get(entry).copied().flatten(),
            lines,
            of: if own.is_some_and(|own| entry < own) {
                Origin::Base
            } else {
                Origin::Own
            },
            is_known,
            arguments: said.arguments.clone(),
        });
    }
    let omitted = history.len().saturating_sub(steps.len());
    Reconstructed {
        text: writer.done(),
        steps,
        base,
        omitted,
    }
}

/// The beginning of a text that is too long for a step.
fn clip(text: &str) -> &str {
    let mut end = text.len().min(MOST_BYTES);
    while !text.is_char_boundary(end) {
        end = end.saturating_sub(1);
    }
    text.get(..end).unwrap_or_default()
}

/// The layer of each entry, where there are as many as entries that made one.
fn layers(history: &[HistoryEntry], count: usize) -> Vec<Option<usize>> {
    let made = history.iter().filter(|entry| !entry.empty_layer).count();
    let mut next = 0_usize;
    history
        .iter()
        .map(|entry| {
            if entry.empty_layer || made != count {
                return None;
            }
            let layer = next;
            next = next.saturating_add(1);
            Some(layer)
        })
        .collect()
}

/// The first entry that is this image's own, and the name of the base; `None` where it is not known.
///
/// buildah notes `FROM name` beside the first step of each build, and `FROM` with the short id of what was made so far
/// beside the others. Else a `CMD` or `ENTRYPOINT` that is followed by
/// steps which make files ends the base: whoever writes a Dockerfile puts the command last, and a base has a command
/// of its own.
fn first_own(history: &[HistoryEntry], said: &[Said]) -> (Option<usize>, Option<String>) {
    let noted = history.iter().take(said.len()).enumerate().rev();
    let noted = noted.filter_map(|(at, entry)| {
        let name = entry.comment.as_deref()?.strip_prefix("FROM ")?.trim();
        let is_id = name.len() == 12 && name.bytes().all(|byte| byte.is_ascii_hexdigit());
        let is_name = !name.is_empty() && !name.contains(char::is_whitespace) && !is_id;
        is_name.then(|| (at, name.to_owned()))
    });
    // A base that was made by buildah too has a note of its own; the last one is of this image, unless BuildKit went on
    // from there: then it is of the base.
    let is_of_base = |at: usize| {
        let mut later = history.iter().skip(at);
        later.any(|entry| entry.comment.as_deref() == Some("buildkit.dockerfile.v0"))
    };
    let noted = noted.into_iter().next();
    if let Some((at, name)) = noted.filter(|(at, _)| !is_of_base(*at)) {
        return (Some(at), Some(name));
    }
    let last_file = said.iter().rposition(Said::makes_files);
    let command = last_file.and_then(|last| {
        let before = said.get(..last)?;
        before.iter().rposition(|said| {
            matches!(&said.form, Form::Instruction { name, .. } if *name == "CMD" || *name == "ENTRYPOINT")
        })
    });
    (command.map(|at| at.saturating_add(1)), None)
}
