//! Java archives that do not say what they are, and what a user's index says of them.
//!
//! The name of the file outweighs the index in the version, since repositories have archives under wrong
//! coordinates and copies under several; the index outweighs the manifest, which often names a product.

use foldhash::{HashMap, HashMapExt};

use plimsoll_model::fact::{EvidenceKind, FactBody, JavaArchive, PackageFact};
use plimsoll_model::{Ecosystem, Problem, Stage};

use crate::java_index::{Artefact, JavaIndex};
use crate::squash::{Placed, Squashed};

/// What became of the archives that do not say what they are.
#[derive(Debug, Default)]
pub(crate) struct Archives {
    /// By the place among the squashed facts: the archives that the index knows, as packages.
    pub(crate) known: Vec<(usize, PackageFact)>,
    /// Places among the squashed facts of packages that are told better by one of those.
    pub(crate) replaced: Vec<usize>,
    /// What could not be told, or not without doubt.
    pub(crate) problems: Vec<Problem>,
}

/// Asks the index, if there is one, about every archive that a container shows.
pub(crate) fn archives(squashed: &Squashed<'_>, index: Option<&JavaIndex>) -> Archives {
    let mut archives = Archives::default();
    let mut index = index;
    let mut known: HashMap<(&str, &[String]), Artefact> = HashMap::new();
    for (place, placed) in squashed.facts.iter().enumerate() {
        let FactBody::JavaArchive(archive) = &placed.fact.body else {
            continue;
        };
        if !placed.counts() {
            continue;
        }
        let subject = subject(placed, archive);
        let found = match (index, &archive.sha1) {
            (Some(index), Some(sha1)) => index.artefacts(sha1),
            _ => Ok(Vec::new()),
        };
        let found = found.unwrap_or_else(|error| {
            // One damaged index is one problem.
            index = None;
            let reason = error.to_string();
            archives
                .problems
                .push(Problem::gap(Stage::Squash, "java index", reason));
            Vec::new()
        });
        match choose(placed, archive, &found) {
            Ok(Some((artefact, note))) => {
                archives
                    .problems
                    .extend(note.map(|note| Problem::note(Stage::Squash, &*subject, note)));
                let mut package = PackageFact::new(
                    Ecosystem::Maven,
                    format!("{}:{}", artefact.group, artefact.artifact),
                    artefact.version.clone(),
                );
                package.inside.clone_from(&archive.inside);
                archives.known.push((place, package));
                known.insert((placed.path.as_str(), &archive.inside), artefact);
            }
            Ok(None) if archive.named.is_none() => {
                let reason = "the archive does not say which artefact and version it is";
                archives
                    .problems
                    .push(Problem::note(Stage::Squash, subject, reason));
            }
            Ok(None) => {}
            Err(note) => archives
                .problems
                .push(Problem::note(Stage::Squash, subject, note)),
        }
    }
    if !known.is_empty() {
        archives.replaced = replaced(squashed, &known);
    }
    archives
}

/// The packages that say less of an archive than the index does: without a group, or by its classes.
fn replaced(squashed: &Squashed<'_>, known: &HashMap<(&str, &[String]), Artefact>) -> Vec<usize> {
    let is_replaced = |placed: &Placed<'_>| {
        let FactBody::Package(package) = &placed.fact.body else {
            return false;
        };
        let Some(artefact) = known.get(&(placed.path.as_str(), package.inside.as_slice())) else {
            return false;
        };
        package.ecosystem == Ecosystem::Maven
            && match package.evidence {
                EvidenceKind::Fingerprint => {
                    package.name == format!("{}:{}", artefact.group, artefact.artifact)
                }
                _ => !package.name.contains(':'),
            }
    };
    let facts = squashed.facts.iter().enumerate();
    facts
        .filter(|(_, placed)| is_replaced(placed))
        .map(|(place, _)| place)
        .collect()
}

/// The artefact that an archive is, with a note where something speaks against it; a note alone where that
/// cannot be told.
fn choose(
    placed: &Placed<'_>,
    archive: &JavaArchive,
    found: &[Artefact],
) -> Result<Option<(Artefact, Option<String>)>, String> {
    let Some(first) = found.first() else {
        return Ok(None);
    };
    let by_name = |artefact: &&Artefact| {
        archive
            .named
            .as_ref()
            .is_some_and(|(name, _)| *name == artefact.artifact)
    };
    let by_all = |artefact: &&Artefact| {
        let named = archive.named.as_ref();
        by_name(artefact) && named.is_some_and(|(_, version)| *version == artefact.version)
    };
    let same = |a: &Artefact, b: &Artefact| a.group == b.group && a.artifact == b.artifact;
    let mut artefact = found
        .iter()
        .find(by_all)
        .or_else(|| found.iter().find(by_name));
    if artefact.is_none() {
        let whole = |other: &Artefact| same(first, other) && first.version == other.version;
        if !found.iter().all(whole) {
            let names: Vec<String> = found.iter().take(4).map(text).collect();
            return Err(format!(
                "the index has its sum for several artefacts ({}), and its name is that of none",
                names.join(", ")
            ));
        }
        artefact = Some(first);
    }
    let Some(artefact) = artefact else {
        return Ok(None);
    };
    let mut chosen = artefact.clone();
    let mut note = None;
    if let Some((_, version)) = &archive.named
        && *version != artefact.version
        && is_in_file_name(placed, archive, version)
    {
        note = Some(format!(
            "its name says version {version}, the index {}: the name is believed",
            text(artefact)
        ));
        chosen.version.clone_from(version);
    }
    Ok(Some((chosen, note)))
}

/// Whether the version is that of the archive's own name and not of its manifest.
fn is_in_file_name(placed: &Placed<'_>, archive: &JavaArchive, version: &str) -> bool {
    let name = archive
        .inside
        .last()
        .map_or(placed.path.as_str(), String::as_str);
    let name = name.rsplit('/').next().unwrap_or_default();
    name.contains(&format!("-{version}"))
}

fn text(artefact: &Artefact) -> String {
    format!(
        "{}:{}:{}",
        artefact.group, artefact.artifact, artefact.version
    )
}

fn subject(placed: &Placed<'_>, archive: &JavaArchive) -> String {
    let mut subject = placed.path.as_str().to_owned();
    for inside in &archive.inside {
        subject.push('!');
        subject.push_str(inside);
    }
    subject
}

#[cfg(test)]
mod tests;
