//! What of the host a container gets to see.

mod container_socket;
mod host_cgroup;
mod host_device;
mod host_ipc;
mod host_network;
mod host_path;
mod host_pid;
mod host_port;
mod host_user_namespace;
mod host_uts;
mod sensitive_host_path;
mod shared_mount;
mod shared_process_namespace;

use super::Rule;

/// The rules on what of the host a container sees.
pub static RULES: &[&Rule] = &[
    &container_socket::RULE,
    &host_cgroup::RULE,
    &host_device::RULE,
    &host_ipc::RULE,
    &host_network::RULE,
    &host_path::RULE,
    &host_pid::RULE,
    &host_port::RULE,
    &host_user_namespace::RULE,
    &host_uts::RULE,
    &sensitive_host_path::RULE,
    &shared_mount::RULE,
    &shared_process_namespace::RULE,
];
