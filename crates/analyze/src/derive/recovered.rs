//! Package databases that a higher layer deleted.
//!
//! Without its database an image looks as if nothing were in it, so deleting the database hides flaws from
//! whoever looks only at the final filesystem. The layers below still hold it. What it said last counts then,
//! with a problem that keeps the verdict from being fit: what was installed in the very layer that deleted it, or
//! after, nobody knows.
//!
//! A database that a newer one of the same kind replaces is not deleted: rpm moved its own from `var/lib/rpm` to
//! `usr/lib/sysimage/rpm`, apk from `lib` to `usr/lib`. Nor is one whose packages went with it.

use std::collections::{BTreeMap, BTreeSet};

use foldhash::{HashMap, HashMapExt, HashSet, HashSetExt};

use plimsoll_model::fact::{FactBody, PackageFact};
use plimsoll_model::{Ecosystem, ImagePath, PathKey, Problem, Stage};

use crate::layer::LayerFacts;
use crate::squash::{Placed, Squashed};

/// Ecosystems whose packages lie outside of their database, so that they can stay when it goes.
const APART: &[Ecosystem] = &[
    Ecosystem::Deb,
    Ecosystem::Apk,
    Ecosystem::Rpm,
    Ecosystem::Alpm,
    Ecosystem::Portage,
    Ecosystem::Opkg,
];

/// Lets the facts of deleted databases count, and says so.
pub(crate) fn recover(squashed: &mut Squashed<'_>, layers: &[LayerFacts]) -> Vec<Problem> {
    let mut found: BTreeMap<Ecosystem, Lost> = BTreeMap::new();
    for &ecosystem in APART {
        let facts = packages(squashed, ecosystem);
        if facts.iter().all(|(_, _, fact)| fact.hidden_by.is_none()) {
            continue;
        }
        let lost = if facts.iter().any(|(_, _, fact)| fact.hidden_by.is_none()) {
            // Nearly every image writes its database anew in several layers, which is no deletion.
            let deleted = deleted(&facts, layers);
            if deleted.is_empty() {
                continue;
            }
            let files = Files::of(squashed, layers, ecosystem);
            beside_another(&facts, deleted, layers, &files)
        } else {
            let files = Files::of(squashed, layers, ecosystem);
            last_of_its_kind(&facts, layers, &files)
        };
        found.extend(lost.map(|lost| (ecosystem, lost)));
    }
    let mut problems = Vec::new();
    for (ecosystem, lost) in found {
        problems.push(lost.problem(ecosystem));
        for place in lost.facts {
            if let Some(placed) = squashed.facts.get_mut(place) {
                placed.recovered = true;
            }
        }
    }
    problems
}

/// A package fact with its place in the list of all facts.
type Stated<'f> = (usize, &'f PackageFact, &'f Placed<'f>);

fn packages<'f>(squashed: &'f Squashed<'_>, ecosystem: Ecosystem) -> Vec<Stated<'f>> {
    let facts = squashed.facts.iter().enumerate();
    facts
        .filter_map(|(place, placed)| match &placed.fact.body {
            FactBody::Package(package)
                if package.ecosystem == ecosystem && package.is_installed_by_os() =>
            {
                Some((place, &**package, placed))
            }
            _ => None,
        })
        .collect()
}

/// A database that was deleted.
struct Lost {
    /// Its file, or the folder of its files.
    path: ImagePath,
    /// The layer that deleted it.
    layer: usize,
    /// Whether a file without these packages took its place.
    replaced: bool,
    /// How many packages it had.
    packages: usize,
    /// How many of them still have files.
    standing: usize,
    /// Places of the facts that count again: packages and their files.
    facts: Vec<usize>,
}

impl Lost {
    fn of(facts: &[&Stated<'_>], layers: &[LayerFacts], files: &Files<'_>) -> Option<Self> {
        let (_, _, first) = facts.first()?;
        let paths: BTreeSet<&ImagePath> = facts.iter().map(|(_, _, fact)| &fact.path).collect();
        let path = match paths.len() {
            1 => first.path.clone(),
            _ => first.path.parent().unwrap_or_else(|| first.path.clone()),
        };
        let layer = first.hidden_by?;
        let names: BTreeSet<&str> = facts.iter().map(|(_, one, _)| one.name.as_str()).collect();
        let standing = names.iter().filter(|name| files.stand(name) != Some(0));
        Some(Self {
            layer,
            replaced: paths
                .iter()
                .any(|path| layers.get(layer).is_some_and(|l| has_file(l, path))),
            packages: names.len(),
            standing: standing.count(),
            facts: facts
                .iter()
                .map(|(place, _, _)| *place)
                .chain(names.iter().filter_map(|name| files.fact(name)))
                .collect(),
            path,
        })
    }

    fn problem(&self, ecosystem: Ecosystem) -> Problem {
        let Self {
            layer,
            packages,
            standing,
            ..
        } = self;
        let deed = if self.replaced { "emptied" } else { "deleted" };
        Problem::blind(
            Stage::Squash,
            self.path.as_str(),
            format!(
                "layer {layer} {deed} this database ({}), which hides what is installed; its {packages} packages \
                 are judged as it listed them last, files of {standing} of them are still there, and what changed \
                 since cannot be known",
                ecosystem.row().display
            ),
        )
    }
}

/// Nothing of the kind is visible: what the database said before it went.
fn last_of_its_kind(
    facts: &[Stated<'_>],
    layers: &[LayerFacts],
    files: &Files<'_>,
) -> Option<Lost> {
    let layer = facts.iter().filter_map(|(_, _, fact)| fact.hidden_by).max();
    let said: Vec<&Stated<'_>> = facts
        .iter()
        .filter(|(_, _, fact)| fact.hidden_by == layer)
        .collect();
    let lost = Lost::of(&said, layers, files)?;
    // Where all packages went too, the database went with them; one that was replaced must be proved.
    let is_proved = said
        .iter()
        .any(|(_, one, _)| files.stand(&one.name).is_some_and(|files| files > 0));
    (is_proved || lost.standing > 0 && !lost.replaced).then_some(lost)
}

/// Files that stated packages and that no layer wrote anew, each with the layer that deleted it.
fn deleted<'f>(
    facts: &[Stated<'f>],
    layers: &[LayerFacts],
) -> BTreeMap<&'f ImagePath, Option<usize>> {
    let mut deleted: BTreeMap<&ImagePath, Option<usize>> = BTreeMap::new();
    let mut visible: HashSet<&ImagePath> = HashSet::new();
    for (_, _, fact) in facts {
        if fact.hidden_by.is_none() {
            visible.insert(&fact.path);
        }
        let last = deleted.entry(&fact.path).or_default();
        *last = (*last).max(fact.hidden_by);
    }
    deleted.retain(|path, last| {
        let above = layers.get(last.unwrap_or(usize::MAX)..).unwrap_or_default();
        last.is_some()
            && !visible.contains(path)
            && !above.iter().any(|layer| has_file(layer, path))
    });
    deleted
}

/// Another database of the kind is visible: packages that only the deleted one named, and that are still there.
fn beside_another(
    facts: &[Stated<'_>],
    deleted: BTreeMap<&ImagePath, Option<usize>>,
    layers: &[LayerFacts],
    files: &Files<'_>,
) -> Option<Lost> {
    deleted.into_iter().find_map(|(path, last)| {
        let elsewhere: HashSet<&str> = facts
            .iter()
            .filter(|(_, _, fact)| fact.path != *path)
            .map(|(_, one, _)| one.name.as_str())
            .collect();
        let of_path = |(_, _, fact): &&Stated<'_>| fact.path == *path && fact.hidden_by == last;
        // A folder with a file for each package loses one whenever a package is removed.
        if facts.iter().filter(of_path).take(2).count() < 2 {
            return None;
        }
        let only: Vec<&Stated<'_>> = facts
            .iter()
            .filter(of_path)
            .filter(|(_, one, _)| !elsewhere.contains(one.name.as_str()))
            .filter(|(_, one, _)| files.mostly_stand(&one.name))
            .collect();
        Lost::of(&only, layers, files)
    })
}

fn has_file(layer: &LayerFacts, path: &ImagePath) -> bool {
    layer.tree.files.binary_search(&path.key()).is_ok()
}

/// Which files the packages own, and whether they are still there.
struct Files<'f> {
    layers: &'f [LayerFacts],
    /// The last list of each package, with its place among the facts.
    lists: HashMap<&'f str, (usize, &'f Placed<'f>)>,
    /// Files of which the path is known, and not only its key: whether a container shows them.
    known: HashMap<PathKey, bool>,
}

impl<'f> Files<'f> {
    fn of(squashed: &'f Squashed<'_>, layers: &'f [LayerFacts], ecosystem: Ecosystem) -> Self {
        let mut lists: HashMap<&str, (usize, &Placed<'_>)> = HashMap::new();
        let mut known = HashMap::new();
        let age = |placed: &Placed<'_>| (placed.hidden_by.unwrap_or(usize::MAX), placed.layer);
        for (place, placed) in squashed.facts.iter().enumerate() {
            match &placed.fact.body {
                FactBody::Owns(owns) if owns.ecosystem == ecosystem => {
                    let last = lists
                        .entry(owns.package.as_str())
                        .or_insert((place, placed));
                    if age(placed) >= age(last.1) {
                        *last = (place, placed);
                    }
                }
                FactBody::Executable(_) | FactBody::Package(_) => {
                    let path = &placed.path;
                    let aliases = squashed.links.aliases(path);
                    let aliases = aliases.map(|(link, rest)| PathKey::of(&format!("{link}{rest}")));
                    for key in aliases.chain([path.key()]) {
                        *known.entry(key).or_default() |= placed.hidden_by.is_none();
                    }
                }
                _ => {}
            }
        }
        Self {
            layers,
            lists,
            known,
        }
    }

    fn owned(&self, package: &str) -> Option<&'f [PathKey]> {
        match &self.lists.get(package)?.1.fact.body {
            FactBody::Owns(owns) => Some(&owns.files),
            _ => None,
        }
    }

    /// How many files of a package are still there; `None` where no list tells which it had.
    fn stand(&self, package: &str) -> Option<usize> {
        let owned = self.owned(package)?;
        Some(owned.iter().filter(|key| self.stands(key)).count())
    }

    fn mostly_stand(&self, package: &str) -> bool {
        let all = self.owned(package).map_or(0, <[_]>::len);
        let standing = self.stand(package).unwrap_or(0);
        standing > 0 && standing >= all.div_ceil(2)
    }

    /// Whether a file is there, as far as its key tells: that a folder above it was deleted is known only of files
    /// with facts.
    fn stands(&self, key: &PathKey) -> bool {
        if let Some(known) = self.known.get(key) {
            return *known;
        }
        let top = self.layers.iter().rev().find_map(|layer| {
            let tree = &layer.tree;
            let has = |keys: &[PathKey], key: &PathKey| keys.binary_search(key).is_ok();
            if has(&tree.files, key) {
                return Some(true);
            }
            let is_gone = has(&tree.whiteouts, key) || has(&tree.opaques, &PathKey::of(""));
            is_gone.then_some(false)
        });
        top == Some(true)
    }

    /// The place of the list of a package, if it must be recovered too.
    fn fact(&self, package: &str) -> Option<usize> {
        let (place, placed) = self.lists.get(package)?;
        placed.hidden_by.is_some().then_some(*place)
    }
}
