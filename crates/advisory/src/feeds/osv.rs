//! Records in the OSV schema, one zip archive for each ecosystem.
//!
//! Source: <https://ossf.github.io/osv-schema/> and the export that osv.dev publishes. Of `affected`, the
//! entries of the archive's own ecosystem are taken: a record that touches several is a member of each
//! archive. Ranges of commits (`GIT`) are left out. `related` ids are no aliases, except in errata of
//! distributions, which list there (or under `upstream`) the flaws that they repair: such an erratum becomes
//! one advisory for each of them, and none at all if it repairs no flaw.

use std::collections::BTreeMap;

use jiff::Timestamp;
use plimsoll_model::Severity;
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use super::document::{Document, Flow, Sink};
use super::{DocumentTemplate, Feed, FeedMeta, archive, erratum, ubuntu_osv};
use crate::FeedError;
use crate::advisory::{Advisory, Affected, Claim, Event};
use crate::key::EcosystemKey;
use crate::rating::Rating;

/// The feed.
#[derive(Debug)]
pub(super) struct Osv;

static META: FeedMeta = FeedMeta {
    id: "osv",
    title: "OSV records of language ecosystems and of distributions that publish in its schema",
    docs: "https://google.github.io/osv.dev/data/",
    base_setting: "feeds.osv",
    base: "https://osv-vulnerabilities.storage.googleapis.com",
    documents: &[DocumentTemplate {
        path: "osv/{}/all.zip",
        url: "{}/all.zip",
        state: "osv/{}",
        ecosystem: "{}",
        names: &[
            "AlmaLinux",
            "Alpaquita",
            "Bitnami",
            "Chainguard",
            "GitHub Actions",
            "Go",
            "Hex",
            "Mageia",
            "Maven",
            "MinimOS",
            "NuGet",
            "Packagist",
            "Pub",
            "PyPI",
            "Rocky Linux",
            "RubyGems",
            "SwiftURL",
            "Ubuntu",
            "crates.io",
            "npm",
            "openEuler",
        ],
    }],
    record_page: "https://osv.dev/vulnerability/{}",
};

/// Distributions that a feed of their own serves, with states that OSV's conversion of them drops.
const OTHER_FEEDS: &[(&str, &str)] = &[
    ("Alpine", "alpine-secdb"),
    ("Debian", "debian"),
    ("Wolfi", "wolfi"),
];

impl Feed for Osv {
    fn meta(&self) -> &'static FeedMeta {
        &META
    }

    fn parse(&self, document: &mut Document<'_>, sink: &mut Sink<'_>) -> Result<(), FeedError> {
        let name = document.name().to_owned();
        let own = EcosystemKey::new(&name);
        if let Some((_, feed)) = OTHER_FEEDS.iter().find(|(base, _)| *base == own.base()) {
            sink.problem(
                name,
                format!("not read: the feed `{feed}` serves this distribution"),
            );
            return Ok(());
        }
        if !own.is_distribution() {
            sink.covers(own.clone());
        }
        let mut read = 0_u64;
        let wanted = |member: &str| archive::has_extension(member, "json");
        archive::members(
            document,
            wanted,
            &mut |member, bytes| match serde_json::from_slice::<Record<'_>>(bytes) {
                Err(error) => {
                    sink.problem(member, error.to_string());
                    Flow::GoOn
                }
                Ok(record) => {
                    read = read.saturating_add(1);
                    take(record, &own, sink)
                }
            },
        )?;
        if read == 0 {
            return Err(document.shape("it holds no record"));
        }
        Ok(())
    }
}

#[derive(Deserialize)]
struct Record<'a> {
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
    affected: Option<Vec<AffectedEntry<'a>>>,
    references: Option<Vec<Reference>>,
    #[serde(borrow)]
    database_specific: Option<&'a RawValue>,
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
struct AffectedEntry<'a> {
    package: Option<PackageEntry>,
    ranges: Option<Vec<RangeEntry>>,
    versions: Option<Vec<String>>,
    severity: Option<Vec<RatingEntry>>,
    #[serde(borrow)]
    database_specific: Option<&'a RawValue>,
    #[serde(borrow)]
    ecosystem_specific: Option<&'a RawValue>,
}

/// Where in a package the flaw is, as Go (`imports`) and `RustSec` (`affects.functions`) tell.
#[derive(Deserialize, Default)]
struct Places {
    #[serde(default)]
    imports: Vec<Import>,
    affects: Option<Affects>,
}

#[derive(Deserialize)]
struct Import {
    #[serde(default)]
    path: String,
    #[serde(default)]
    symbols: Vec<String>,
}

#[derive(Deserialize)]
struct Affects {
    #[serde(default)]
    functions: Vec<String>,
    #[serde(default)]
    os: Vec<String>,
    #[serde(default)]
    arch: Vec<String>,
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

impl Specific {
    fn read(raw: Option<&RawValue>) -> Self {
        raw.and_then(|raw| serde_json::from_str(raw.get()).ok())
            .unwrap_or_default()
    }
}

fn take(record: Record<'_>, own: &EcosystemKey, sink: &mut Sink<'_>) -> Flow {
    let mut problems = Vec::new();
    let specific = Specific::read(record.database_specific);
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
    if own.base() == "Ubuntu" {
        let listed: Vec<String> = record
            .related
            .into_iter()
            .chain(record.upstream)
            .flatten()
            .collect();
        let Some(settled) = ubuntu_osv::settle(advisory, &listed) else {
            return Flow::GoOn;
        };
        for affected in &settled.affected {
            sink.covers(affected.ecosystem.clone());
        }
        return sink.advisory(settled);
    }
    for affected in &advisory.affected {
        sink.covers(affected.ecosystem.clone());
    }
    if !own.is_distribution() {
        return sink.advisory(advisory);
    }
    let listed = record.related.into_iter().chain(record.upstream).flatten();
    erratum::take(advisory, listed, sink)
}

fn affected(
    advisory: &mut Advisory,
    entry: AffectedEntry<'_>,
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
    let binaries = binaries(&key, entry.ecosystem_specific);
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
    let specific = Specific::read(entry.database_specific);
    match specific.informational.as_ref().and_then(Value::as_str) {
        // RustSec: a state of the project and no flaw; it must be seen and must not count as one.
        Some(kind @ ("unmaintained" | "notice")) => {
            affected.rating = Some(Severity::Negligible);
            affected.note = format!("informational: {kind}");
        }
        Some(kind) => affected.note = format!("informational: {kind}"),
        None => {}
    }
    if advisory.malicious {
        affected.rating = Some(Severity::Critical);
        "malicious package".clone_into(&mut affected.note);
    } else if let Some(where_to) = places(entry.ecosystem_specific) {
        if !affected.note.is_empty() {
            affected.note.push_str("; ");
        }
        affected.note.push_str(&where_to);
    }
    advisory.affected.push(affected);
}

/// The binary packages with their own fixed versions, which SUSE lists beside the source package's (trap T34).
fn binaries(key: &EcosystemKey, specific: Option<&RawValue>) -> Vec<(String, String)> {
    #[derive(Deserialize)]
    struct Specific {
        binaries: Vec<BTreeMap<String, String>>,
    }
    if !matches!(key.base(), "SUSE" | "openSUSE") {
        return Vec::new();
    }
    let specific: Option<Specific> = specific.and_then(|raw| serde_json::from_str(raw.get()).ok());
    let lists = specific
        .map(|specific| specific.binaries)
        .unwrap_or_default();
    let mut all: Vec<(String, String)> = lists.into_iter().flatten().collect();
    all.sort();
    all.dedup();
    all
}

/// The packages, functions and platforms that have the flaw, in a few words; evidence for who judges, and no reason
/// to leave it out.
fn places(raw: Option<&RawValue>) -> Option<String> {
    const SHOWN: usize = 3;
    let places: Places = serde_json::from_str(raw?.get()).ok()?;
    let few = |names: &[String]| {
        let more = names.len().saturating_sub(SHOWN);
        let names: Vec<&str> = names.iter().take(SHOWN).map(String::as_str).collect();
        match more {
            0 => names.join(", "),
            more => format!("{} and {more} more", names.join(", ")),
        }
    };
    let imports: Vec<String> = places
        .imports
        .iter()
        .filter(|import| !import.path.is_empty())
        .map(|import| match import.symbols.as_slice() {
            [] => import.path.clone(),
            symbols => format!("{} ({})", import.path, few(symbols)),
        })
        .collect();
    let affects = places.affects.as_ref();
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
    let text = text?;
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
