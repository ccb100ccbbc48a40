//! Base images and stages.

mod constant_platform;
mod duplicate_stage_name;
mod from_as_casing;
mod instruction_before_from;
mod invalid_default_base;
mod latest_base;
mod missing_platform;
mod moving_base_tag;
mod redundant_platform;
mod reserved_stage_name;
mod stage_name_casing;
mod undefined_from_arg;
mod unpinned_base;
mod unsupported_base;
mod untagged_base;
mod untrusted_registry;

pub use missing_platform::wanted_platforms;

use std::collections::HashSet;

use super::Rule;
use crate::ast::{Dockerfile, From, Kind, Placed};
use crate::variables::{self, Use, Value};

/// The rules on base images and stages.
pub static RULES: &[&Rule] = &[
    &constant_platform::RULE,
    &duplicate_stage_name::RULE,
    &from_as_casing::RULE,
    &instruction_before_from::RULE,
    &invalid_default_base::RULE,
    &latest_base::RULE,
    &missing_platform::RULE,
    &moving_base_tag::RULE,
    &redundant_platform::RULE,
    &reserved_stage_name::RULE,
    &stage_name_casing::RULE,
    &undefined_from_arg::RULE,
    &unpinned_base::RULE,
    &unsupported_base::RULE,
    &untagged_base::RULE,
    &untrusted_registry::RULE,
];

/// A `FROM` and what is known of its image.
#[derive(Debug)]
struct Base<'a> {
    placed: Placed<'a>,
    from: &'a From,
    /// The image with the values of its variables: one that nothing declares is empty, one that only the build
    /// knows stands as it is written.
    image: String,
    /// The variables in it.
    uses: Vec<Use>,
    /// Whether nothing in it is left to the build.
    known: bool,
}

impl Base<'_> {
    /// The image as it is written.
    fn written(&self) -> &str {
        &self.from.image.text
    }

    /// Whether it is written without variables and quotes.
    fn is_plain(&self) -> bool {
        !self.written().contains(['$', '"', '\'', '\\'])
    }

    /// Whether every variable in it is a global argument with a default and no operator, outside of quotes: what
    /// simpler readers of these files can follow.
    fn is_simple(&self) -> bool {
        let simple = |it: &Use| it.operator.is_none() && matches!(it.value, Value::Known(_));
        !self.written().contains(['"', '\'', '\\']) && self.uses.iter().all(simple)
    }

    /// The part behind the last slash: `debian:12`.
    fn last_part(&self) -> &str {
        self.image.rsplit('/').next().unwrap_or_default()
    }

    /// The tag, where it is known; the part before a digest counts.
    fn tag(&self) -> Option<&str> {
        let part = self.last_part();
        let part = part.split_once('@').map_or(part, |(name, _)| name);
        part.split_once(':').map(|(_, tag)| tag)
    }

    fn has_digest(&self) -> bool {
        self.image.contains('@')
    }
}

/// Every `FROM` that begins with an image: neither with a stage of the file nor with nothing (`scratch`).
fn images(file: &Dockerfile) -> impl Iterator<Item = Base<'_>> {
    let mut names: HashSet<String> = HashSet::new();
    file.walk().filter_map(move |placed| {
        let Kind::From(from) = &placed.instruction.kind else {
            return None;
        };
        if placed.onbuild || from.image.text.is_empty() {
            return None;
        }
        let value = |name: &str| match file.variables.at(None, placed.index, name) {
            Value::Undeclared => Value::Known(String::new()),
            value => value,
        };
        let expanded = variables::expand(&from.image.text, file.escape, value);
        let is_stage = names.contains(&expanded.text.to_ascii_lowercase());
        if let Some(name) = &from.name {
            names.insert(name.text.to_ascii_lowercase());
        }
        if is_stage || expanded.text == "scratch" {
            return None;
        }
        Some(Base {
            placed,
            from,
            image: expanded.text,
            uses: expanded.uses,
            known: expanded.known,
        })
    })
}
