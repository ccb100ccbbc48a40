//! How what a file describes is run with no more rights than it needs.

use plimsoll_dockerfile::ast::{Command, Dockerfile, Kind};
use plimsoll_model::Text;
use plimsoll_model::lint::LintError;
use plimsoll_model::lint::settings::Settings;
use plimsoll_workload::Manifest;
pub use plimsoll_workload::harden::Hardened;
use plimsoll_workload::harden::{Needs, harden, needs};

use super::{NO_WORKLOAD, Source, lint_bytes};

/// The hardened text for each container that a file describes, with its name: every service and container of a
/// manifest, and the image of a Dockerfile. Beside it, what of the file could not be read.
#[must_use]
pub fn hardened(source: &Source, bytes: &[u8]) -> (Vec<(String, Hardened)>, Vec<Text>) {
    let unread = match lint_bytes(source, bytes, &Settings::default()) {
        Some(file) => file.errors.iter().map(placed).collect(),
        None if source.is_asked => vec![NO_WORKLOAD],
        None => Vec::new(),
    };
    (described(source, bytes), unread)
}

fn placed(error: &LintError) -> Text {
    let (line, message) = (error.region.start.line, &error.message);
    Text::new(
        format!("line {line}: {}", message.en),
        format!("第 {line} 行:{}", message.zh),
    )
}

fn described(source: &Source, bytes: &[u8]) -> Vec<(String, Hardened)> {
    let text = String::from_utf8_lossy(bytes);
    let needs: Vec<Needs> = if source.hint.is_yaml(&text) {
        match Manifest::read(&source.name, &text) {
            Some(manifest) => {
                let containers = manifest.containers.iter();
                containers
                    .map(|container| needs(&manifest, container))
                    .collect()
            }
            None => Vec::new(),
        }
    } else {
        let file = plimsoll_dockerfile::parse(&text);
        needs_of_image(&file).into_iter().collect()
    };
    needs
        .iter()
        .map(|needs| (needs.name.clone(), harden(needs)))
        .collect()
}

/// What the last stage says of how its image is run; `None` where there is no stage.
fn needs_of_image(file: &Dockerfile) -> Option<Needs> {
    let last = file.stages.len().checked_sub(1)?;
    let mut needs = Needs {
        name: "app".to_owned(),
        image: "IMAGE@sha256:DIGEST".to_owned(),
        ..Needs::default()
    };
    // What an earlier stage of the file says holds as well, where the last one is built on it.
    let mut line = vec![last];
    while let Some(parent) = line.last().and_then(|at| file.stages.get(*at)?.parent) {
        line.push(parent);
    }
    for placed in line
        .into_iter()
        .rev()
        .flat_map(|stage| file.walk_stage(stage))
    {
        if placed.onbuild {
            continue;
        }
        let known = |word: &plimsoll_dockerfile::ast::Token| {
            let found = file
                .variables
                .expand(placed.stage, placed.index, word, file.escape);
            found.known.then_some(found.text)
        };
        match &placed.instruction.kind {
            Kind::User(user) => needs.user = known(user),
            Kind::Expose(ports) => {
                let ports = ports.iter().filter_map(known);
                let numbers = ports.filter_map(|port| port.split('/').next()?.parse().ok());
                needs
                    .ports
                    .extend(numbers.map(|port: u16| (port, Some(port))));
            }
            Kind::Healthcheck(None) => needs.health.clear(),
            Kind::Healthcheck(Some(Command::Exec(words))) => {
                needs.health = words.iter().map(|word| word.text.clone()).collect();
            }
            Kind::Healthcheck(Some(Command::Shell(form))) => {
                let shell = ["/bin/sh", "-c", form.text.text()];
                needs.health = shell.map(str::to_owned).to_vec();
            }
            _ => {}
        }
    }
    needs.ports.sort_unstable();
    needs.ports.dedup();
    Some(needs)
}
