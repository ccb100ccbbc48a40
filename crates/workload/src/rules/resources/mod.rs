//! How much of the machine a container may take.

mod missing_cpu_limit;
mod missing_memory_limit;
mod missing_pids_limit;
mod missing_resource_request;

use super::Rule;
use crate::manifest::{Container, Manifest};

/// The rules on how much of the machine a container may take.
pub static RULES: &[&Rule] = &[
    &missing_cpu_limit::RULE,
    &missing_memory_limit::RULE,
    &missing_pids_limit::RULE,
    &missing_resource_request::RULE,
];

/// Whether one of these settings is there and does not mean "no limit"; also one of the pod as a whole, which
/// Kubernetes knows since 1.32.
fn is_limited(manifest: &Manifest<'_>, container: &Container, paths: &[&[&str]]) -> bool {
    paths.iter().any(|path| {
        let own = manifest.setting(container, path);
        let of_pod = || manifest.pod_setting(manifest.pod(container)?, path);
        let Some(setting) = own.or_else(of_pod) else {
            return false;
        };
        let text = manifest.known(container.world, setting.value);
        // A variable without a default is a limit that is set elsewhere.
        let number = text.and_then(|text| text.trim().parse::<f64>().ok());
        number.is_none_or(|number| number > 0.0)
    })
}

/// Where a limit goes in a service. Compose refuses a service that has one limit in the new place and another
/// in the old one, so what is there decides.
fn compose_path(
    manifest: &Manifest<'_>,
    container: &Container,
    limit: &str,
) -> &'static [&'static str] {
    const OLD: &[&str] = &["mem_limit", "cpus", "pids_limit"];
    let has = |path: &[&str]| manifest.setting(container, path).is_some();
    let is_old = !has(&["deploy", "resources", "limits"]) && OLD.iter().any(|key| has(&[key]));
    match (limit, is_old) {
        ("memory", true) => &["mem_limit"],
        ("memory", false) => &["deploy", "resources", "limits", "memory"],
        ("cpus", true) => &["cpus"],
        ("cpus", false) => &["deploy", "resources", "limits", "cpus"],
        (_, true) => &["pids_limit"],
        (_, false) => &["deploy", "resources", "limits", "pids"],
    }
}
