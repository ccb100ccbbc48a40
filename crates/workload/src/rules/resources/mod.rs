//! How much of the machine a container may take.

mod missing_cpu_limit;
mod missing_memory_limit;
mod missing_pids_limit;
mod missing_resource_request;

use plimsoll_model::Text;

use super::{Rule, offer};
use crate::edit::{self, Value};
use crate::lint::Sink;
use crate::manifest::{Container, Manifest, Role, World};

/// The rules on how much of the machine a container may take.
pub static RULES: &[&Rule] = &[
    &missing_cpu_limit::RULE,
    &missing_memory_limit::RULE,
    &missing_pids_limit::RULE,
    &missing_resource_request::RULE,
];

/// A limit: where each world has it, and what to write.
struct Limit {
    /// Where a service has it. (Compose specification, Deploy.)
    deploy: &'static [&'static str],
    /// The key in which a service may have it instead. (Compose specification; legacy file format 2.)
    service: &'static str,
    /// Other keys of a service that limit the same.
    also: &'static [&'static str],
    /// What to write in a service.
    compose_value: &'static str,
    /// Where a container of Kubernetes has it and what to write; `None` where the kubelet sets it.
    kubernetes: Option<(&'static [&'static str], &'static str)>,
}

/// Reports the containers that have no such limit, or one that means "no limit".
fn ask_for_limit(manifest: &Manifest<'_>, limit: &Limit, says: &Text, sink: &mut Sink<'_>) {
    for container in &manifest.containers {
        let (path, value) = match (container.world, limit.kubernetes) {
            (World::Compose, _) => (
                compose_path(manifest, container, limit),
                limit.compose_value,
            ),
            (World::Kubernetes, Some(place)) => place,
            (World::Kubernetes, None) => continue,
        };
        let places = limit.places(container.world);
        if is_limited(manifest, container, &places) || container.role == Role::Ephemeral {
            continue;
        }
        let none = places
            .iter()
            .find_map(|path| manifest.setting(container, path));
        match none {
            Some(setting) => {
                sink.report(container, manifest.tree.span(setting.value), says);
            }
            None if container.is_complete => {
                let found = sink.report(container, container.at, says);
                let value = Value::Bare(value);
                let edits = edit::set(&manifest.tree, container.node, path, value);
                offer(found, edits);
            }
            None => {}
        }
    }
}

impl Limit {
    /// Every place in which it may stand.
    fn places(&self, world: World) -> Vec<&[&'static str]> {
        match world {
            World::Compose => {
                let keys = std::iter::once(&self.service).chain(self.also);
                let keys = keys.map(std::slice::from_ref);
                std::iter::once(self.deploy).chain(keys).collect()
            }
            World::Kubernetes => self.kubernetes.iter().map(|(path, _)| *path).collect(),
        }
    }
}

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
fn compose_path<'l>(
    manifest: &Manifest<'_>,
    container: &Container,
    limit: &'l Limit,
) -> &'l [&'static str] {
    const OLD: &[&str] = &["mem_limit", "cpus", "pids_limit"];
    let has = |path: &[&str]| manifest.setting(container, path).is_some();
    let is_old = !has(&["deploy", "resources", "limits"]) && OLD.iter().any(|key| has(&[key]));
    if is_old {
        std::slice::from_ref(&limit.service)
    } else {
        limit.deploy
    }
}
