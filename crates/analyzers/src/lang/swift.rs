//! What the Swift package manager resolved: `Package.resolved`, formats 1 to 3.
//!
//! Source: Swift package manager, `PinsStore.swift`. The first format has `object.pins` with `repositoryURL`, the others
//! `pins` with `location`. A package is named by its repository without scheme and `.git`, as advisories do; a
//! package of a registry by its identity (`scope.name`). Pins to a branch or a commit have no version; the
//! commit is kept as it is.

use plimsoll_analyze::{Analyzer, Executables, File, Interest, Meta, Sink};
use plimsoll_model::fact::EvidenceKind;
use plimsoll_model::{Ecosystem, Effect};
use serde::Deserialize;

use super::document::{self, Listing};
use super::lock;

/// Packages that the Swift package manager resolved.
#[derive(Debug)]
pub struct Swift;

static META: Meta = Meta {
    id: "lang/swift",
    revision: 1,
    docs: "Reads `Package.resolved`: the Swift packages that were resolved, by repository.",
    interest: Interest {
        paths: &[],
        names: &["Package.resolved", ".package.resolved"],
        suffixes: &[],
        under: &[],
        executables: Executables::Ignored,
    },
    limit: 8 << 20,
    loss: Effect::Gap,
};

impl Analyzer for Swift {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn analyze(&self, file: &mut File<'_>, sink: &mut Sink<'_>) {
        if lock::came_with_a_package(file.path.as_str()) {
            return;
        }
        let Some(resolved) = document::json::<Resolved>(file, sink) else {
            return;
        };
        let first = resolved.object.map(|object| object.pins);
        let mut list = Listing::new(Ecosystem::Swift, EvidenceKind::Locked);
        for pin in first.into_iter().flatten().chain(resolved.pins) {
            let version = pin.state.version.as_ref().or(pin.state.revision.as_ref());
            list.add(&name(&pin), version.map(String::as_str).unwrap_or_default());
        }
        list.state(sink);
    }
}

#[derive(Debug, Deserialize)]
struct Resolved {
    object: Option<Pins>,
    #[serde(default)]
    pins: Vec<Pin>,
}

#[derive(Debug, Deserialize)]
struct Pins {
    #[serde(default)]
    pins: Vec<Pin>,
}

#[derive(Debug, Deserialize)]
struct Pin {
    #[serde(default, alias = "package")]
    identity: String,
    #[serde(default, alias = "repositoryURL")]
    location: String,
    #[serde(default)]
    state: State,
}

#[derive(Debug, Default, Deserialize)]
struct State {
    version: Option<String>,
    revision: Option<String>,
}

/// `example.org/owner/repository`.
fn name(pin: &Pin) -> String {
    let location = pin.location.trim();
    let (_, place) = location.split_once("://").unwrap_or(("", location));
    let place = place.trim_end_matches('/');
    let place = place.strip_suffix(".git").unwrap_or(place);
    // Somebody's name and password, and the form of ssh: `git@example.org:owner/repository`.
    let (host, path) = place.split_once('/').unwrap_or((place, ""));
    let host = host.rsplit('@').next().unwrap_or(host).replace(':', "/");
    match (host.as_str(), path) {
        ("", _) => pin.identity.clone(),
        (host, "") => host.to_owned(),
        (host, path) => format!("{host}/{path}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_are_named_by_their_repository() {
        for (location, expected) in [
            (
                "https://example.org/apple/swift-nio.git",
                "example.org/apple/swift-nio",
            ),
            ("https://user:word@example.org/a/b/", "example.org/a/b"),
            ("git@example.org:a/b.git", "example.org/a/b"),
            ("ssh://git@example.org/a/b", "example.org/a/b"),
            ("", "scope.name"),
        ] {
            let pin = Pin {
                identity: "scope.name".to_owned(),
                location: location.to_owned(),
                state: State::default(),
            };
            assert_eq!(name(&pin), expected);
        }
    }
}
