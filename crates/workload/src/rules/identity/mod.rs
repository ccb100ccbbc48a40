//! Who it is, and what it knows.

mod default_namespace;
mod low_user_id;
mod missing_user;
mod plain_secret;
mod root_group;
mod root_user;
mod service_account_token;

use super::Rule;

/// The rules on who it is, and what it knows.
pub static RULES: &[&Rule] = &[
    &default_namespace::RULE,
    &low_user_id::RULE,
    &missing_user::RULE,
    &plain_secret::RULE,
    &root_group::RULE,
    &root_user::RULE,
    &service_account_token::RULE,
];
