//! Whether somebody notices that it does not work.

mod disabled_healthcheck;
mod missing_healthcheck;
mod missing_liveness_probe;
mod missing_readiness_probe;
mod unlimited_restart;

use plimsoll_model::Text;

use super::Rule;
use crate::lint::Sink;
use crate::manifest::{Container, Manifest, Role, World};

/// The rules on health.
pub static RULES: &[&Rule] = &[
    &disabled_healthcheck::RULE,
    &missing_healthcheck::RULE,
    &missing_liveness_probe::RULE,
    &missing_readiness_probe::RULE,
    &unlimited_restart::RULE,
];

/// Containers of Kubernetes that go on: no init or ephemeral ones, none of a Job.
fn served<'m>(manifest: &'m Manifest<'_>) -> impl Iterator<Item = &'m Container> {
    manifest.containers.iter().filter(|container| {
        container.world == World::Kubernetes
            && matches!(container.role, Role::Main | Role::Sidecar)
            && !manifest.pod(container).is_some_and(|pod| pod.is_task)
    })
}

/// Reports the containers that go on and have no such probe.
fn ask_for_probe(manifest: &Manifest<'_>, probe: &str, says: &Text, sink: &mut Sink<'_>) {
    for container in served(manifest) {
        if manifest.setting(container, &[probe]).is_none() {
            let suggestion = advice(manifest, container, probe);
            sink.report_with(container, container.at, says, suggestion);
        }
    }
}

/// The text of a probe, with the container's own port where it names one.
fn advice(manifest: &Manifest<'_>, container: &Container, probe: &str) -> Text {
    let port = manifest
        .list(container, &["ports"])
        .first()
        .and_then(|port| manifest.text_at(*port, &["containerPort"]))
        .and_then(|port| port.parse::<u16>().ok())
        .unwrap_or(8080);
    let text = format!("{probe}: {{httpGet: {{path: /healthz, port: {port}}}}}");
    let compose = "healthcheck: {test: [CMD, …]}";
    Text::new(
        format!(
            "write `{text}` with the path that it answers (docker run: `--health-cmd \"…\"`; Compose: `{compose}`)"
        ),
        format!(
            "请写 `{text}`,并填入其应答路径(docker run: `--health-cmd \"…\"`;Compose: `{compose}`)"
        ),
    )
}
