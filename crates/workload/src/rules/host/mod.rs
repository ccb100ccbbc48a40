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

use plimsoll_model::Text;

use super::{Rule, offer};
use crate::edit;
use crate::lint::Sink;
use crate::manifest::{Manifest, World};

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

/// Reports the pods that set this key of their specification to true.
fn refuse_in_pods(manifest: &Manifest<'_>, key: &str, says: &Text, sink: &mut Sink<'_>) {
    for pod in &manifest.pods {
        let setting = manifest.pod_setting(pod, &[key]);
        let Some(setting) = setting.filter(|_| manifest.is_true(World::Kubernetes, setting)) else {
            continue;
        };
        let found = sink.report(pod, manifest.tree.span(setting.value), says);
        offer(found, edit::scalar(&manifest.tree, setting.value, "false"));
    }
}
