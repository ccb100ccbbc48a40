//! Who can reach it.

mod default_bridge;
mod port_on_all_interfaces;
mod privileged_host_port;
mod remote_access_port;

use super::Rule;

/// The rules on who can reach it.
pub static RULES: &[&Rule] = &[
    &default_bridge::RULE,
    &port_on_all_interfaces::RULE,
    &privileged_host_port::RULE,
    &remote_access_port::RULE,
];
