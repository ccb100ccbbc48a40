//! AI models in several files.
//!
//! A large model is split into parts, `NAME-00001-of-00005.gguf`, and only the first part of one in GGUF describes
//! it. The cache of the Hugging Face hub keeps files under their hash, and the commit that they are of is only
//! in the links that lead to them.

use std::collections::{BTreeMap, BTreeSet};

use plimsoll_model::facts::Package;
use plimsoll_model::{Ecosystem, Problem, Stage};

use crate::layer::LayerFacts;

/// Joins the parts of each model into the package of its first part, and says which are not there.
pub(crate) fn join_parts(packages: &mut Vec<Package>) -> Vec<Problem> {
    let mut groups: BTreeMap<Group, BTreeMap<u32, usize>> = BTreeMap::new();
    for (idx, package) in packages.iter().enumerate() {
        for (group, number) in parts(package) {
            groups
                .entry(group)
                .or_default()
                .entry(number)
                .or_insert(idx);
        }
    }
    let mut moved: BTreeMap<usize, BTreeSet<(Group, usize)>> = BTreeMap::new();
    let mut problems = Vec::new();
    for (group, numbers) in groups {
        if numbers.len() < usize::try_from(group.count).unwrap_or(usize::MAX) {
            let reason = format!(
                "is a model of {} parts, of which {} are there",
                group.count,
                numbers.len()
            );
            let path = format!("{}*{}", group.stem, group.end);
            problems.push(Problem::note(Stage::Squash, path, reason));
        }
        let Some(first) = numbers.values().next().copied() else {
            continue;
        };
        for idx in numbers.into_values().filter(|idx| *idx != first) {
            moved.entry(idx).or_default().insert((group.clone(), first));
        }
    }
    for (idx, groups) in moved {
        for (group, first) in groups {
            let Some(package) = packages.get_mut(idx) else {
                continue;
            };
            let of_group = |path: &str| Group::of(path).is_some_and(|(own, _)| own == group);
            let (parts, others) = std::mem::take(&mut package.locations)
                .into_iter()
                .partition(|location| of_group(location.path.as_str()));
            package.locations = others;
            if let Some(first) = packages.get_mut(first) {
                first.locations.extend::<Vec<_>>(parts);
                first.locations.sort();
            }
        }
    }
    packages.retain(|package| !package.locations.is_empty());
    problems
}

/// Gives models that lie in the cache of the hub the commit that a link names.
pub(crate) fn tell_revisions(packages: &mut [Package], layers: &[LayerFacts]) {
    let is_blob = |package: &Package| {
        package.fact.ecosystem == Ecosystem::Model && package.fact.version.is_empty()
    };
    if !packages.iter().any(is_blob) {
        return;
    }
    let mut commits: BTreeMap<(&str, &str), &str> = BTreeMap::new();
    for (path, target) in layers.iter().flat_map(|layer| &layer.tree.links) {
        if let Some((repository, rest)) = path.as_str().split_once("/snapshots/")
            && let Some((commit, _)) = rest.split_once('/')
            && let Some((_, blob)) = target.rsplit_once("/blobs/")
        {
            commits.insert((repository, blob), commit);
        }
    }
    for package in packages.iter_mut().filter(|package| is_blob(package)) {
        let commit = package.locations.iter().find_map(|location| {
            let (repository, blob) = location.path.as_str().split_once("/blobs/")?;
            commits.get(&(repository, blob)).copied()
        });
        if let Some(commit) = commit {
            commit.clone_into(&mut package.fact.version);
        }
    }
}

/// Of what a file is a part.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Group {
    /// Path up to the number of the part.
    stem: String,
    count: u32,
    /// What comes behind the count.
    end: String,
}

impl Group {
    /// The group and the number of a part: five digits, `-of-`, five digits.
    fn of(path: &str) -> Option<(Self, u32)> {
        let (rest, end) = path.rsplit_once("-of-")?;
        let (count, end) = end.split_at_checked(5)?;
        let (stem, number) = rest.rsplit_once('-')?;
        let digits = |text: &str| {
            (text.len() == 5 && text.bytes().all(|byte| byte.is_ascii_digit()))
                .then(|| text.parse().ok())?
        };
        let (number, count): (u32, u32) = (digits(number)?, digits(count)?);
        let group = Self {
            stem: stem.to_owned(),
            count,
            end: end.to_owned(),
        };
        (end.starts_with('.') && !end.contains('/')).then_some((group, number))
    }
}

fn parts(package: &Package) -> impl Iterator<Item = (Group, u32)> {
    let is_model = package.fact.ecosystem == Ecosystem::Model;
    let locations = package.locations.iter().filter(move |_| is_model);
    locations.filter_map(|location| Group::of(location.path.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use plimsoll_model::ImagePath;
    use plimsoll_model::fact::PackageFact;
    use plimsoll_model::facts::{Location, Presence};

    fn package(name: &str, paths: &[&str]) -> Package {
        Package {
            fact: PackageFact::new(Ecosystem::Model, name, ""),
            locations: paths
                .iter()
                .map(|path| Location {
                    path: ImagePath::new(path),
                    layer: 0,
                    introduced: 0,
                })
                .collect(),
            analyzer: String::new(),
            owner: None,
            purl: String::new(),
            presence: Presence::Visible,
            repository: None,
        }
    }

    #[test]
    fn parts_of_a_model_are_one_package() {
        let mut packages = vec![
            package("A Model", &["m/a-00001-of-00003.gguf"]),
            package(
                "a",
                &[
                    "m/a-00002-of-00003.gguf",
                    "m/a-00003-of-00003.gguf",
                    "x/a.gguf",
                ],
            ),
            package("b", &["m/b-00002-of-00002.gguf"]),
        ];
        let problems = join_parts(&mut packages);
        let places: Vec<usize> = packages.iter().map(|one| one.locations.len()).collect();
        assert_eq!(places, [3, 1, 1]);
        assert_eq!(problems.len(), 1);
        assert_eq!(problems[0].subject, "m/b*.gguf");
        assert_eq!(
            problems[0].reason,
            "is a model of 2 parts, of which 1 are there"
        );
    }

    #[test]
    fn links_tell_the_commit() {
        let mut layer = LayerFacts::default();
        layer.tree.links.push((
            ImagePath::new("hub/models--o--n/snapshots/abc/model.safetensors"),
            "../../blobs/123".to_owned(),
        ));
        let mut packages = vec![
            package("o/n", &["hub/models--o--n/blobs/123"]),
            package("o/m", &["hub/models--o--m/blobs/123"]),
        ];
        tell_revisions(&mut packages, &[layer]);
        let versions = packages.iter().map(|one| one.fact.version.as_str());
        assert_eq!(versions.collect::<Vec<_>>(), ["abc", ""]);
    }
}
