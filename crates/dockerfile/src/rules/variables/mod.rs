//! `ARG` and `ENV`, secrets among them.

mod debian_frontend;
mod disabled_verification;
mod env_self_reference;
mod names;
mod secret_in_command;
mod secret_value;
mod secret_variable;
mod undefined_variable;
mod unused_global_argument;

use super::Rule;

/// The rules on variables and secrets.
pub static RULES: &[&Rule] = &[
    &debian_frontend::RULE,
    &disabled_verification::RULE,
    &env_self_reference::RULE,
    &secret_in_command::RULE,
    &secret_value::RULE,
    &secret_variable::RULE,
    &undefined_variable::RULE,
    &unused_global_argument::RULE,
];
