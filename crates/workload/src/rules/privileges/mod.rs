//! What a container may do to the kernel.

mod dangerous_capability;
mod disabled_selinux;
mod host_process;
mod kept_capabilities;
mod missing_seccomp_profile;
mod privilege_escalation;
mod privileged;
mod unconfined_apparmor;
mod unconfined_seccomp;
mod unmasked_proc;
mod unsafe_sysctl;
mod writable_root;

use plimsoll_model::Text;

use super::{Rule, offer};
use crate::edit;
use crate::lint::Sink;
use crate::manifest::{Container, Manifest};
use crate::yaml::NodeId;

/// The rules on what a container may do to the kernel.
pub static RULES: &[&Rule] = &[
    &dangerous_capability::RULE,
    &disabled_selinux::RULE,
    &host_process::RULE,
    &kept_capabilities::RULE,
    &missing_seccomp_profile::RULE,
    &privilege_escalation::RULE,
    &privileged::RULE,
    &unconfined_apparmor::RULE,
    &unconfined_seccomp::RULE,
    &unmasked_proc::RULE,
    &unsafe_sysctl::RULE,
    &writable_root::RULE,
];

/// A capability's name without `CAP_`, in capitals.
pub(crate) fn bare(name: &str) -> String {
    let upper = name.trim().to_ascii_uppercase();
    upper.strip_prefix("CAP_").unwrap_or(&upper).to_owned()
}

/// An entry of Compose's `security_opt`.
struct SecurityOption {
    /// What stands before `:` or `=`; empty where it hangs on a variable.
    name: String,
    /// What stands behind.
    value: String,
    list: NodeId,
    node: NodeId,
}

fn security_options(manifest: &Manifest<'_>, container: &Container) -> Vec<SecurityOption> {
    let mut found = Vec::new();
    for list in manifest.lists(container, &["security_opt"]) {
        for item in manifest.tree.items(list) {
            let text = manifest.known(container.world, *item).unwrap_or_default();
            let (name, value) = text.split_once([':', '=']).unwrap_or((&text, ""));
            found.push(SecurityOption {
                name: name.trim().to_owned(),
                value: value.trim().to_owned(),
                list,
                node: *item,
            });
        }
    }
    found
}

/// Reports the entry `name:value` of `security_opt`; the patch takes it away.
fn refuse_option(
    manifest: &Manifest<'_>,
    container: &Container,
    (name, value): (&str, &str),
    says: &Text,
    sink: &mut Sink<'_>,
) {
    for option in security_options(manifest, container) {
        if option.name == name && option.value == value {
            let found = sink.report(container, manifest.tree.span(option.node), says);
            offer(
                found,
                edit::remove_item(&manifest.tree, option.list, option.node),
            );
        }
    }
}
