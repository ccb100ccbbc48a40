//! A record in the OSV schema, in JSON or in YAML.
//!
//! Source: <https://ossf.github.io/osv-schema/>. Ranges of commits (`GIT`) are left out.

use std::collections::BTreeMap;

use jiff::Timestamp;
use plimsoll_model::Severity;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_json::value::RawValue;

use super::document::Sink;
use crate::advisory::{Advisory, Affected, Claim, Event};
use crate::key::EcosystemKey;
use crate::rating::Rating;

#[derive(Deserialize)]
#[serde(bound(deserialize = "R: Deserialize<'de>"))]
pub(super) struct Record<R> {
    id: String,
    modified: Option<String>,
    published: Option<String>,
    withdrawn: Option<String>,
    aliases: Option<Vec<String>>,
    related: Option<Vec<String>>,
    upstream: Option<Vec<String>>,
    summary: Option<String>,
    details: Option<String>,
    severity: Option<Vec<RatingEntry>>,
    affected: Option<Vec<AffectedEntry<R>>>,
    references: Option<Vec<Reference>>,
    database_specific: Option<R>,
}

#[derive(Deserialize)]
struct RatingEntry {
    #[serde(rename = "type")]
    kind: String,
    score: String,
}

#[derive(Deserialize)]
struct Reference {
    #[serde(rename = "type", default)]
    kind: String,
    url: String,
}

#[derive(Deserialize)]
#[serde(bound(deserialize = "R: Deserialize<'de>"))]
struct AffectedEntry<R> {
    package: Option<PackageEntry>,
    ranges: Option<Vec<RangeEntry>>,
    versions: Option<Vec<String>>,
    severity: Option<Vec<RatingEntry>>,
    database_specific: Option<R>,
    ecosystem_specific: Option<R>,
}

/// Where in a package the flaw is, as Go (`imports`) and `RustSec` (`affects.functions`) tell.
#[derive(Deserialize, Default)]
pub(super) struct Places {
    #[serde(default)]
    pub(super) imports: Vec<Import>,
    pub(super) affects: Option<Affects>,
}

#[derive(Deserialize)]
pub(super) struct Import {
    #[serde(default)]
    path: String,
    #[serde(default)]
    symbols: Vec<String>,
}

#[derive(Deserialize, Default)]
pub(super) struct Affects {
    #[serde(default)]
    pub(super) functions: Vec<String>,
    #[serde(default)]
    pub(super) os: Vec<String>,
    #[serde(default)]
    pub(super) arch: Vec<String>,
}

#[derive(Deserialize)]
struct PackageEntry {
    ecosystem: String,
    name: String,
}

#[derive(Deserialize)]
struct RangeEntry {
    #[serde(rename = "type")]
    kind: String,
    events: Option<Vec<EventEntry>>,
}

/// An object with one member by the schema; with more, each is an event.
#[derive(Deserialize)]
struct EventEntry {
    introduced: Option<String>,
    fixed: Option<String>,
    last_affected: Option<String>,
    limit: Option<String>,
}

/// What sources put beside the schema. Read on its own, as it may be of any shape.
#[derive(Deserialize, Default)]
struct Specific {
    severity: Option<Value>,
    cvss_scores: Option<Value>,
    cvss_score: Option<Value>,
    informational: Option<Value>,
}

/// What is read on its own, as it may be of any shape.
pub(super) trait Loose {
    /// Reads it as this shape; `None` where it has another one.
    fn read<T: DeserializeOwned>(&self) -> Option<T>;
}

impl Loose for &RawValue {
    fn read<T: DeserializeOwned>(&self) -> Option<T> {
        serde_json::from_str(self.get()).ok()
    }
}

impl Loose for serde_yaml_ng::Value {
    fn read<T: DeserializeOwned>(&self) -> Option<T> {
        serde_yaml_ng::from_value(self.clone()).ok()
    }
}

fn loose<T: DeserializeOwned>(raw: Option<&impl Loose>) -> Option<T> {
    raw?.read()
}

impl<R: Loose> Record<R> {
    /// The record as an advisory, with its claims of one ecosystem, and the ids that it lists as related or as
    /// upstream. What is wrong with it goes to the sink.
    pub(super) fn into_advisory(
        self,
        own: &EcosystemKey,
        sink: &mut Sink<'_>,
    ) -> (Advisory, Vec<String>) {
        let record = self;
        let mut problems = Vec::new();
        let specific: Specific = loose(record.database_specific.as_ref()).unwrap_or_default();
        let mut advisory = Advisory {
            record: record.id.clone(),
            id: record.id.clone(),
            word: word(specific.severity.as_ref()),
            title: record.summary.unwrap_or_default(),
            description: record.details.unwrap_or_default(),
            references: references(record.references.unwrap_or_default()),
            published: date(record.published, "published", &mut problems),
            modified: date(record.modified, "modified", &mut problems),
            withdrawn: date(record.withdrawn, "withdrawn", &mut problems),
            aliases: record.aliases.unwrap_or_default(),
            ..Advisory::default()
        };
        // GitHub's own records of malware, from which many of the open list were made, bear this title.
        advisory.malicious = advisory.record.starts_with("MAL-")
            || (advisory.record.starts_with("GHSA-") && advisory.title.starts_with("Malware in "));
        rate(
            &mut advisory,
            record.severity.unwrap_or_default(),
            &mut problems,
        );
        for entry in record.affected.unwrap_or_default() {
            affected(&mut advisory, entry, own, &mut problems);
        }
        if advisory.ratings.is_empty() {
            advisory.ratings = bare_scores(&specific);
        }
        for reason in problems {
            sink.problem(advisory.record.clone(), reason);
        }
        let listed = record.related.into_iter().chain(record.upstream).flatten();
        (advisory, listed.collect())
    }
}

fn affected(
    advisory: &mut Advisory,
    entry: AffectedEntry<impl Loose>,
    own: &EcosystemKey,
    problems: &mut Vec<String>,
) {
    let vendor = entry.severity.unwrap_or_default();
    let Some(package) = entry.package else {
        rate(advisory, vendor, problems);
        return;
    };
    let key = EcosystemKey::new(&package.ecosystem);
    if key.base() != own.base() {
        return;
    }
    rate(advisory, vendor, problems);
    let binaries = binaries(&key, entry.ecosystem_specific.as_ref());
    if !binaries.is_empty() {
        let claims = binaries
            .into_iter()
            .map(|(name, version)| Affected::new(key.clone(), name, Claim::before(version)));
        advisory.affected.extend(claims);
        return;
    }
    let mut ranges = Vec::new();
    for range in entry.ranges.unwrap_or_default() {
        match range.kind.as_str() {
            "GIT" => {}
            "ECOSYSTEM" | "SEMVER" => {
                let events = range.events.unwrap_or_default();
                ranges.push(events.into_iter().flat_map(events_of).collect());
            }
            other => problems.push(format!(
                "`{}`: the range type `{other}` is not known",
                package.name
            )),
        }
    }
    let listed = entry.versions.unwrap_or_default();
    let claim = if ranges.is_empty() && listed.is_empty() {
        // Taking silence for "none" would hide the flaw.
        problems.push(format!("`{}`: neither ranges nor versions", package.name));
        Claim::Undetermined("the record names no versions".to_owned())
    } else {
        Claim::Versions { ranges, listed }
    };
    let mut affected = Affected::new(key, package.name, claim);
    let specific: Specific = loose(entry.database_specific.as_ref()).unwrap_or_default();
    if let Some(kind) = specific.informational.as_ref().and_then(Value::as_str) {
        inform(&mut affected, kind);
    }
    if advisory.malicious {
        affected.rating = Some(Severity::Critical);
        "malicious package".clone_into(&mut affected.note);
    } else if let Some(places) = loose::<Places>(entry.ecosystem_specific.as_ref()) {
        places.note(&mut affected);
    }
    if affected.ecosystem.base() == "Ubuntu" {
        affected.binaries = built(entry.ecosystem_specific.as_ref());
    }
    advisory.affected.push(affected);
}

/// Takes `RustSec`'s word that a record is for information. An unmaintained project or a notice is a state of the
/// project and no flaw; it must be seen and must not count as one.
pub(super) fn inform(affected: &mut Affected, kind: &str) {
    if matches!(kind, "unmaintained" | "notice") {
        affected.rating = Some(Severity::Negligible);
    }
    affected.note = format!("informational: {kind}");
}

/// The binary packages that Ubuntu builds from the source package of an entry.
fn built(specific: Option<&impl Loose>) -> Vec<String> {
    #[derive(Deserialize)]
    struct Specific {
        binaries: Vec<Binary>,
    }
    #[derive(Deserialize)]
    struct Binary {
        binary_name: String,
    }
    let specific: Option<Specific> = loose(specific);
    let all = specific.map(|specific| specific.binaries);
    let names = all.into_iter().flatten().map(|binary| binary.binary_name);
    names.collect()
}

/// The binary packages with their own fixed versions, which SUSE lists beside the source package's (trap T34).
fn binaries(key: &EcosystemKey, specific: Option<&impl Loose>) -> Vec<(String, String)> {
    #[derive(Deserialize)]
    struct Specific {
        binaries: Vec<BTreeMap<String, String>>,
    }
    if !matches!(key.base(), "SUSE" | "openSUSE") {
        return Vec::new();
    }
    let specific: Option<Specific> = loose(specific);
    let lists = specific
        .map(|specific| specific.binaries)
        .unwrap_or_default();
    let mut all: Vec<(String, String)> = lists.into_iter().flatten().collect();
    all.sort();
    all.dedup();
    all
}

impl Places {
    /// Adds the packages, functions and platforms that have the flaw to a note, in a few words; evidence for who
    /// judges, and no reason to leave it out.
    pub(super) fn note(&self, affected: &mut Affected) {
        let Some(text) = self.text() else { return };
        if !affected.note.is_empty() {
            affected.note.push_str("; ");
        }
        affected.note.push_str(&text);
    }

    fn text(&self) -> Option<String> {
        let imports: Vec<String> = self
            .imports
            .iter()
            .filter(|import| !import.path.is_empty())
            .map(|import| match import.symbols.as_slice() {
                [] => import.path.clone(),
                symbols => format!("{} ({})", import.path, few(symbols)),
            })
            .collect();
        let affects = self.affects.as_ref();
        let functions = affects.map_or(&[][..], |affects| &affects.functions);
        let mut parts = Vec::new();
        for names in [&imports[..], functions] {
            if !names.is_empty() {
                parts.push(format!("in {}", few(names)));
            }
        }
        let platforms: Vec<String> = affects
            .into_iter()
            .flat_map(|affects| affects.os.iter().chain(&affects.arch).cloned())
            .collect();
        if !platforms.is_empty() {
            parts.push(format!("only on {}", few(&platforms)));
        }
        let text: String = parts.join("; ").chars().take(PLACES_LIMIT).collect();
        (!text.is_empty()).then_some(text)
    }
}

/// The first few names, and how many more there are.
fn few(names: &[String]) -> String {
    const SHOWN: usize = 3;
    let more = names.len().saturating_sub(SHOWN);
    let names: Vec<&str> = names.iter().take(SHOWN).map(String::as_str).collect();
    match more {
        0 => names.join(", "),
        more => format!("{} and {more} more", names.join(", ")),
    }
}

/// The longest text of places, in characters.
const PLACES_LIMIT: usize = 200;

fn events_of(entry: EventEntry) -> impl Iterator<Item = Event> {
    [
        entry.introduced.map(Event::Introduced),
        entry.fixed.map(Event::Fixed),
        entry.last_affected.map(Event::LastAffected),
        entry.limit.map(Event::Limit),
    ]
    .into_iter()
    .flatten()
}

fn rate(advisory: &mut Advisory, entries: Vec<RatingEntry>, problems: &mut Vec<String>) {
    for entry in entries {
        if !entry.kind.starts_with("CVSS_") {
            // Ubuntu's priority, a word.
            advisory.word = advisory.word.max(Severity::from_word(&entry.score));
            continue;
        }
        match Rating::from_vector(&entry.score) {
            Ok(rating) if advisory.ratings.contains(&rating) => {}
            Ok(rating) => advisory.ratings.push(rating),
            Err(error) => problems.push(error.to_string()),
        }
    }
}

/// Scores that a source publishes without a vector.
fn bare_scores(specific: &Specific) -> Vec<Rating> {
    let several = specific.cvss_scores.as_ref().and_then(Value::as_object);
    let numbers = several.into_iter().flat_map(|scores| scores.values());
    numbers
        .chain(&specific.cvss_score)
        .filter_map(|score| match score {
            Value::String(text) => text.parse().ok(),
            other => other.as_f64(),
        })
        .filter_map(|score| Rating::from_score(score).ok())
        .collect()
}

fn word(value: Option<&Value>) -> Option<Severity> {
    value.and_then(Value::as_str).and_then(Severity::from_word)
}

fn date(text: Option<String>, what: &str, problems: &mut Vec<String>) -> Option<Timestamp> {
    // The Go vulnerability database has a placeholder in its repository.
    let text = text.filter(|text| !text.starts_with("0001-"))?;
    let parsed = text.parse();
    if parsed.is_err() {
        let shown: String = text.chars().take(60).collect();
        problems.push(format!("`{what}` is no date: `{shown}`"));
    }
    parsed.ok()
}

/// Addresses with the advisories first.
fn references(entries: Vec<Reference>) -> Vec<String> {
    let (first, rest): (Vec<_>, Vec<_>) = entries
        .into_iter()
        .partition(|entry| entry.kind == "ADVISORY");
    first
        .into_iter()
        .chain(rest)
        .map(|entry| entry.url)
        .collect()
}
