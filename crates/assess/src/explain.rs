//! Why an answer is what it is, for one image and a question.

use plimsoll_advisory::{Database, DatabaseError, trails};
use plimsoll_model::explanation::{Explanation, KnownRecord, Question, Route};
use plimsoll_model::facts::{ImageFacts, Package, PackageIndex};
use plimsoll_model::{Effect, purl};

/// Takes a word for a package, if the image has one of that name, else for an id of a flaw; a second word is
/// the id.
#[must_use]
pub fn question(facts: &ImageFacts, what: &str, id: Option<&str>) -> Question {
    let is_package = id.is_some() || facts.packages.iter().any(|package| names(package, what));
    let id = id.or((!is_package).then_some(what));
    Question {
        package: is_package.then(|| what.to_owned()),
        id: id.map(str::to_owned),
    }
}

/// Follows each package that the question is about to its advisories.
///
/// Where only an id is asked for, packages are left out of which no record bears it.
pub fn explain(
    facts: ImageFacts,
    question: Question,
    database: &Database,
) -> Result<Explanation, DatabaseError> {
    let asked: Vec<PackageIndex> = facts
        .packages
        .iter()
        .enumerate()
        .filter(|(_, package)| {
            let name = question.package.as_deref();
            name.is_none_or(|name| names(package, name))
        })
        .map(|(index, _)| index)
        .collect();
    let (mut stories, problems) = trails(&facts, &asked, question.id.as_deref(), database);
    if question.package.is_none() {
        stories.retain(|story| !story.answers.is_empty());
    }
    if question.id.is_some() {
        // What judges an owned package is told beside it.
        let owners = stories.iter().filter_map(|story| match story.route {
            Route::Owned { owner, .. } => Some(owner),
            _ => None,
        });
        let owners: Vec<PackageIndex> = owners
            .filter(|owner| stories.iter().all(|story| story.package != *owner))
            .collect();
        let (of_owners, _) = trails(&facts, &owners, question.id.as_deref(), database);
        stories.extend(of_owners);
        stories.sort_by_key(|story| story.package);
        stories.dedup_by_key(|story| story.package);
    }
    let known = match &question.id {
        Some(id) => known(database, id)?,
        None => Vec::new(),
    };
    let mut problems: Vec<_> = problems
        .into_iter()
        .chain(facts.problems.iter().cloned())
        .filter(|problem| problem.effect != Effect::Note)
        .collect();
    problems.sort();
    problems.dedup();
    Ok(Explanation {
        question,
        stories,
        known,
        problems,
        snapshot: database.snapshot(),
        facts,
    })
}

/// Whether a package goes by this name: its own, that of its source package, or its package URL with or
/// without qualifiers.
fn names(package: &Package, name: &str) -> bool {
    let fact = &package.fact;
    if let Some(asked) = purl::parse(name) {
        return purl::parse(&package.purl).is_some_and(|own| asked.covers(&own));
    }
    let normal = |text: &str| fact.ecosystem.normal_name(text);
    let source = fact.source.as_ref().map(|source| source.name.as_str());
    normal(&fact.name) == normal(name) || source == Some(name)
}

fn known(database: &Database, id: &str) -> Result<Vec<KnownRecord>, DatabaseError> {
    let mut records = Vec::new();
    for flaw in database.find(id)? {
        let mut ids = vec![flaw.id];
        ids.extend(flaw.aliases);
        records.extend(flaw.records.into_iter().map(|record| KnownRecord {
            feed: record.feed,
            record: record.id,
            ids: ids.clone(),
            withdrawn: record.withdrawn,
        }));
    }
    records.sort();
    records.dedup();
    Ok(records)
}
