//! How the file is written.

mod consecutive_run;
mod empty_continuation;
mod ignore_comment;
mod instruction_casing;
mod legacy_key_value;
mod maintainer;
mod misplaced_directive;
mod nested_onbuild;
mod stray_description;

use super::Rule;

/// The rules on how the file is written.
pub static RULES: &[&Rule] = &[
    &consecutive_run::RULE,
    &empty_continuation::RULE,
    &ignore_comment::RULE,
    &instruction_casing::RULE,
    &legacy_key_value::RULE,
    &maintainer::RULE,
    &misplaced_directive::RULE,
    &nested_onbuild::RULE,
    &stray_description::RULE,
];
