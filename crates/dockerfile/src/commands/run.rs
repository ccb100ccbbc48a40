//! The `RUN`s of a file, and what is known where they run.

use std::ops::Deref;

use super::paths::covers;
use super::{Call, calls};
use crate::ast::{Dockerfile, Kind, Placed};
use crate::variables::Value;

/// A `RUN` and what it starts, in the order in which it is written.
#[derive(Debug, Clone)]
pub struct Run<'a> {
    /// The instruction where it stands.
    pub placed: Placed<'a>,
    /// The programs.
    pub calls: Vec<Call>,
    /// Whether its layer is one of the image's; not in a stage from which only files are copied.
    pub is_shipped: bool,
}

impl<'a> Deref for Run<'a> {
    type Target = Placed<'a>;

    fn deref(&self) -> &Self::Target {
        &self.placed
    }
}

impl Run<'_> {
    /// Whether what is written to a directory stays out of the image, because a cache or a file system in memory
    /// is mounted there or above. A path that begins with `~/` is one of any user's home.
    #[must_use]
    pub fn mounts(&self, path: &str) -> bool {
        self.instruction.flags.iter().any(|flag| {
            if flag.name != "mount" {
                return false;
            }
            let (mut kind, mut target) = ("bind", "");
            for (key, value) in flag.fields() {
                match key.as_str() {
                    "type" => kind = value,
                    "target" | "dst" | "destination" => target = value,
                    _ => {}
                }
            }
            let target = target.trim_end_matches('/');
            matches!(kind, "cache" | "tmpfs") && !target.is_empty() && covers(target, path)
        })
    }

    /// What is known of a variable when a call of this `RUN` starts: by `A=b program`, by `ENV` and `ARG`, and by
    /// what [`Run::exported`] gave.
    #[must_use]
    pub fn variable(
        &self,
        file: &Dockerfile,
        call: &Call,
        name: &str,
        exported: Option<(usize, &str)>,
    ) -> Value {
        let own = call.assigned.iter().rev().find(|(key, _)| key == name);
        if let Some((_, value)) = own {
            return Value::Known(value.clone());
        }
        match exported {
            Some((start, value)) if start < call.span.start => Value::Known(value.to_owned()),
            _ => file.variables.at(self.stage, self.index, name),
        }
    }

    /// The last `export NAME=value`: where it stands in the file, and the value.
    #[must_use]
    pub fn exported(&self, name: &str) -> Option<(usize, &str)> {
        let exports = self.calls.iter().rev();
        exports
            .filter(|call| call.program == "export")
            .find_map(|call| {
                let mut words = call.arguments.iter();
                words.find_map(|word| match word.text.split_once('=') {
                    Some((key, value)) if key == name => Some((call.span.start, value)),
                    _ => None,
                })
            })
    }

    /// Where the last call begins that takes a directory or everything in it away.
    #[must_use]
    pub fn removed(&self, path: &str) -> Option<usize> {
        let last = self.calls.iter().rev().find(|call| call.removes(path));
        last.map(|call| call.span.start)
    }
}

/// Every `RUN` of a file, those behind `ONBUILD` too, with what it starts. A script of a shell that is none of
/// POSIX starts nothing that is known.
#[must_use]
pub fn runs(file: &Dockerfile) -> Vec<Run<'_>> {
    let shipped = shipped(file);
    let placed = file.walk();
    placed
        .filter_map(|placed| {
            let Kind::Run(command) = &placed.instruction.kind else {
                return None;
            };
            let stage = placed.stage.and_then(|stage| shipped.get(stage));
            Some(Run {
                placed,
                is_shipped: stage != Some(&false) || placed.onbuild,
                calls: calls(&file.text, command),
            })
        })
        .collect()
}

/// Which stages become the image that is built without `--target`: the last, and those that it begins with.
#[must_use]
pub fn shipped(file: &Dockerfile) -> Vec<bool> {
    let mut shipped = vec![false; file.stages.len()];
    let mut next = file.stages.len().checked_sub(1);
    while let Some(stage) = next {
        match shipped.get_mut(stage) {
            Some(seen) if !*seen => *seen = true,
            _ => break,
        }
        next = file.stages.get(stage).and_then(|stage| stage.parent);
    }
    shipped
}
