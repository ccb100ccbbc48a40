//! The way of a package to its advisories, for those who ask why an answer is what it is.

use std::collections::BTreeSet;

use plimsoll_model::Problem;
use plimsoll_model::advisory::{Applicability, PackageMatch};
use plimsoll_model::explanation::{Route, Story};
use plimsoll_model::facts::{ImageFacts, Package, PackageIndex};

use super::lookup::Lookup;
use super::{Run, Trust, Wanted, Way};
use crate::db::Database;
use crate::key::EcosystemKey;

/// How each of these packages comes to its advisories, and what those say: of one flaw where an id is given
/// (any id of the flaw, or that of a record), else of all. What stands in the way of an answer is among the
/// problems, sorted.
#[must_use]
pub fn trails(
    facts: &ImageFacts,
    packages: &[PackageIndex],
    id: Option<&str>,
    db: &Database,
) -> (Vec<Story>, Vec<Problem>) {
    let mut run = Run::new(facts, db, Wanted::All);
    let mut stories = Vec::new();
    for index in packages.iter().copied() {
        if let Some(package) = facts.packages.get(index) {
            let mut story = run.story(index, package);
            if let Some(id) = id {
                story.answers.retain(|found| bears(found, id));
            }
            stories.push(story);
        }
    }
    let problems: BTreeSet<Problem> = run.finish().problems.into_iter().collect();
    (stories, problems.into_iter().collect())
}

/// Whether a match is about the flaw or the record of this id.
pub(super) fn bears(found: &PackageMatch, id: &str) -> bool {
    let flaw = &found.vulnerability;
    flaw.id == id || found.reason.record == id || flaw.aliases.iter().any(|alias| alias == id)
}

/// Different texts in the order in which they come, the nearest first.
fn listed<'a>(texts: impl Iterator<Item = &'a str>) -> String {
    let mut different: Vec<&str> = Vec::new();
    for text in texts {
        if !different.contains(&text) {
            different.push(text);
        }
    }
    different.join(", ")
}

impl Run<'_> {
    fn story(&mut self, index: PackageIndex, package: &Package) -> Story {
        let (route, mut answers) = match self.way(package) {
            Way::Owned(owner) => self.not_counted(index, owner, package),
            Way::Blind(reason) => (Route::NotJudged { reason }, Vec::new()),
            Way::Idle(reason) => {
                let reason = reason.to_owned();
                (Route::NotJudged { reason }, Vec::new())
            }
            Way::To(asked) => {
                let targets = &asked.lookup.targets;
                let scheme = asked.key.scheme();
                let route = Route::LookedUp {
                    key: listed(targets.iter().map(|target| target.key.as_str())),
                    name: listed(targets.iter().map(|target| target.name.as_str())),
                    version: listed(targets.iter().map(|target| target.version.as_str())),
                    scheme: scheme.map_or("", |scheme| scheme.name()).to_owned(),
                    by_likeness: asked.trust == Trust::Likeness,
                };
                self.judge(index, package, asked);
                (route, std::mem::take(&mut self.matches))
            }
        };
        answers.sort_by(|left, right| {
            let order = |one: &PackageMatch| {
                let weight = match one.answer {
                    Applicability::Affected => 0_u8,
                    Applicability::Unknown => 1,
                    Applicability::NotAffected => 2,
                };
                (weight, one.vulnerability.id.clone())
            };
            order(left).cmp(&order(right))
        });
        Story {
            package: index,
            route,
            answers,
        }
    }

    /// What the advisories of its language say of a package that the distribution's judge.
    fn not_counted(
        &mut self,
        index: PackageIndex,
        owner: PackageIndex,
        package: &Package,
    ) -> (Route, Vec<PackageMatch>) {
        let Some(name) = package.fact.ecosystem.row().osv_name else {
            let key = String::new();
            return (Route::Owned { owner, key }, Vec::new());
        };
        let key = EcosystemKey::new(name);
        let route = Route::Owned {
            owner,
            key: key.to_string(),
        };
        let answers = self.answers(&Lookup::new(vec![key], package, &[]));
        let answers = answers.into_iter().map(|answer| answer.for_package(index));
        (route, answers.collect())
    }
}
