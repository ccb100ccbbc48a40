//! What files say about how the image is kept: rights, accounts, settings, what was left behind, and whether the health
//! check finds its programs.

use std::collections::BTreeSet;

use plimsoll_model::fact::{FactBody, LeftoverKind};
use plimsoll_model::facts::Location;
use plimsoll_model::image::RunConfig;
use plimsoll_model::posture::{
    HealthWord, Leftover, LocatedAccount, LocatedPrivilege, LocatedUnverified, Posture,
};

use super::owners::Owners;
use super::paths::Paths;
use super::reach::{MOST_WORDS, words};
use crate::layer::LayerFacts;
use crate::squash::{Placed, Squashed};

/// How many files of no use are told one by one.
const MOST_LEFTOVERS: usize = 256;

/// The shell of commands in shell form (Dockerfile reference, "SHELL").
const SHELL: &str = "/bin/sh";

pub(super) fn posture(
    squashed: &Squashed<'_>,
    layers: &[LayerFacts],
    owners: &Owners<'_>,
    run: &RunConfig,
) -> Posture {
    let mut posture = Posture {
        health: health(squashed, Paths { layers, run }),
        ..Posture::default()
    };
    let visible = squashed
        .facts
        .iter()
        .filter(|placed| placed.hidden_by.is_none());
    for placed in visible {
        let location = || location(placed);
        match &placed.fact.body {
            FactBody::Privilege(privilege) => posture.privileges.push(LocatedPrivilege {
                location: location(),
                privilege: privilege.clone(),
                owner: owners.owner(&placed.path),
            }),
            FactBody::Passwordless(name) => posture.passwordless.push(LocatedAccount {
                name: name.clone(),
                location: location(),
            }),
            FactBody::Group(group) => posture.groups.push(group.clone()),
            FactBody::Unverified(unverified) => posture.unverified.push(LocatedUnverified {
                location: location(),
                unverified: unverified.clone(),
            }),
            FactBody::Leftover(kind) if !is_shipped(placed, *kind, owners) => {
                posture.leftovers.push(Leftover {
                    kind: *kind,
                    location: location(),
                });
            }
            _ => {}
        }
    }
    posture.privileges.sort();
    posture.privileges.dedup();
    posture.passwordless.sort();
    posture.unverified.sort();
    posture.leftovers.sort();
    posture.leftovers.dedup();
    posture.leftover_count = posture.leftovers.len() as u64;
    posture.leftovers.truncate(MOST_LEFTOVERS);
    posture
}

fn location(placed: &Placed<'_>) -> Location {
    Location {
        path: placed.path.clone(),
        layer: placed.layer,
        introduced: placed.layer,
    }
}

/// Whether a package brought the file. What a package manager fetched is nobody's, whoever made its folder.
fn is_shipped(placed: &Placed<'_>, kind: LeftoverKind, owners: &Owners<'_>) -> bool {
    kind != LeftoverKind::PackageCache && owners.owner(&placed.path).is_some()
}

/// Each word of the health check that could name a program, and the shell that reads them
/// (Docker image specification 1.3, "Healthcheck": `CMD` or `CMD-SHELL` and the command).
fn health(squashed: &Squashed<'_>, paths: Paths<'_>) -> Vec<HealthWord> {
    let Some(check) = &paths.run.healthcheck else {
        return Vec::new();
    };
    let (found, shell): (Vec<&str>, Option<&str>) = match check.test.as_slice() {
        [form, program, ..] if form == "CMD" => (vec![program.as_str()], None),
        [form, lines @ ..] if form == "CMD-SHELL" => {
            let shell = paths.run.shell.first().map_or(SHELL, String::as_str);
            let words = lines.iter().flat_map(|line| words(line));
            (words.take(MOST_WORDS).collect(), Some(shell))
        }
        _ => return Vec::new(),
    };
    let all: BTreeSet<&str> = found.into_iter().chain(shell).collect();
    all.into_iter()
        .map(|word| HealthWord {
            word: word.to_owned(),
            file: paths
                .places(word)
                .find_map(|path| paths.file(&path, &squashed.links)),
        })
        .collect()
}
