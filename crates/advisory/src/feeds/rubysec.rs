//! The Ruby advisory database: gems, and engines of Ruby itself.
//!
//! Source: the repository's README ("Format"). A YAML file for each advisory and gem (`gems/<name>`) or engine
//! (`rubies/<engine>`). It names the versions that are patched or were never affected, as requirements of `RubyGems`; all
//! others are affected. Ids bear no prefix (`cve: 2016-6317`, `ghsa: 8xww-x3g3-6jcv`, `osvdb: 46550`), and ratings no
//! vector.

use plimsoll_version::Scheme;
use serde::Deserialize;
use serde_yaml_ng::Value;

use super::document::{Document, Flow, Sink};
use super::requirement::{Dialect, Versions};
use super::{DocumentTemplate, Feed, FeedMeta, archive, erratum};
use crate::FeedError;
use crate::advisory::{Advisory, Affected, Claim};
use crate::key::EcosystemKey;
use crate::program;
use crate::rating::Rating;

/// The feed.
#[derive(Debug)]
pub(super) struct RubySec;

macro_rules! template {
    ($path:literal, $url:literal) => {
        DocumentTemplate {
            path: $path,
            url: $url,
            state: "rubysec",
            ecosystem: "RubyGems",
            names: &[],
        }
    };
}

static META: FeedMeta = FeedMeta {
    id: "rubysec",
    title: "Ruby advisory database, gems and engines",
    docs: "https://github.com/rubysec/ruby-advisory-db#format",
    base_setting: "feeds.rubysec",
    base: "https://github.com/rubysec/ruby-advisory-db/archive/refs/heads",
    documents: &[
        template!("rubysec/master.tar.gz", "master.tar.gz"),
        template!("rubysec/master.zip", ""),
        template!("rubysec/gems/{}.yml", ""),
        template!("rubysec/rubies/{}.yml", ""),
    ],
    record_page: "https://rubysec.com/advisories/{}",
};

#[derive(Deserialize)]
struct Record {
    gem: Option<String>,
    engine: Option<String>,
    platform: Option<String>,
    cve: Option<String>,
    ghsa: Option<String>,
    osvdb: Option<String>,
    url: Option<String>,
    title: Option<String>,
    description: Option<String>,
    date: String,
    cvss_v2: Option<Value>,
    cvss_v3: Option<Value>,
    cvss_v4: Option<Value>,
    #[serde(rename = "patched_versions")]
    patched: Option<Vec<String>>,
    #[serde(rename = "unaffected_versions")]
    unaffected: Option<Vec<String>>,
    related: Option<Value>,
}

impl Feed for RubySec {
    fn meta(&self) -> &'static FeedMeta {
        &META
    }

    fn parse(&self, document: &mut Document<'_>, sink: &mut Sink<'_>) -> Result<(), FeedError> {
        let key = EcosystemKey::new("RubyGems");
        sink.covers(if document.name().is_empty() {
            key.one_list()
        } else {
            key.single_documents()
        });
        let is_record = |path: &str| {
            let folder = archive::below(path, "gems").or_else(|| archive::below(path, "rubies"));
            // `rubies/eol.yml` has dates of support and no advisory.
            archive::has_extension(path, "yml") && folder.is_some_and(|rest| rest.contains('/'))
        };
        archive::records(document, sink, is_record, &mut take)
    }
}

fn take(path: &str, bytes: &[u8], sink: &mut Sink<'_>) -> Result<Flow, String> {
    let record: Record = archive::yaml(bytes)?;
    let (key, package, scheme) = match (&record.gem, &record.engine) {
        (Some(gem), _) => (EcosystemKey::new("RubyGems"), gem.clone(), Scheme::Gem),
        (None, Some(engine)) if program::is_named(engine) => {
            let scheme = Scheme::Portage;
            (EcosystemKey::new(program::KEY), engine.clone(), scheme)
        }
        // No analyzer recognises another engine.
        (None, Some(_)) => return Ok(Flow::GoOn),
        (None, None) => return Err("it names neither gem nor engine".to_owned()),
    };
    let mut ids = ids(&record).into_iter();
    let stem = archive::file_name(path);
    let stem = stem.strip_suffix(".yml").unwrap_or(stem);
    let own = ids
        .next()
        .unwrap_or_else(|| format!("RUBYSEC-{package}-{stem}"));
    let date = erratum::date(&record.date);
    let mut advisory = Advisory {
        record: own.clone(),
        id: own,
        aliases: ids.collect(),
        title: record.title.unwrap_or_default(),
        description: record.description.unwrap_or_default(),
        references: record
            .url
            .into_iter()
            .chain(addresses(record.related.as_ref()))
            .collect(),
        published: date,
        modified: date,
        ..Advisory::default()
    };
    for score in [&record.cvss_v4, &record.cvss_v3, &record.cvss_v2] {
        match score
            .as_ref()
            .and_then(Value::as_f64)
            .map(Rating::from_score)
        {
            Some(Ok(rating)) => {
                // One number is the best that can be said; the newest version of CVSS counts.
                advisory.ratings.push(rating);
                break;
            }
            Some(Err(error)) => sink.problem(advisory.record.clone(), error.to_string()),
            None => {}
        }
    }
    let claim = claim(
        record.patched.as_deref(),
        record.unaffected.as_deref(),
        scheme,
    )
    .unwrap_or_else(|reason| {
        sink.problem(advisory.record.clone(), reason.clone());
        Claim::Undetermined(reason)
    });
    let mut affected = Affected::new(key, package, claim);
    if let Some(platform) = record.platform.filter(|platform| !platform.is_empty()) {
        affected.note = format!("only on {platform}");
    }
    advisory.affected.push(affected);
    Ok(sink.advisory(advisory))
}

/// The ids of the flaw, with the prefixes that the list leaves out.
fn ids(record: &Record) -> Vec<String> {
    let id = |prefix: &str, value: Option<&str>| {
        let value = value?.trim();
        let value = value.strip_prefix(prefix).unwrap_or(value);
        (!value.is_empty()).then(|| format!("{prefix}{value}"))
    };
    [
        id("CVE-", record.cve.as_deref()),
        id("GHSA-", record.ghsa.as_deref()),
        id("OSVDB-", record.osvdb.as_deref()),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The versions that no requirement takes out.
fn claim(
    patched: Option<&[String]>,
    unaffected: Option<&[String]>,
    scheme: Scheme,
) -> Result<Claim, String> {
    let mut sound = Versions::default();
    for text in patched.into_iter().chain(unaffected).flatten() {
        sound.add(Dialect::Gem, scheme, text)?;
    }
    let ranges = sound.outside().ranges(Dialect::Gem, scheme);
    Ok(if ranges.is_empty() {
        Claim::Never
    } else {
        Claim::Versions {
            ranges,
            listed: Vec::new(),
        }
    })
}

/// The addresses among what is related.
fn addresses(related: Option<&Value>) -> Vec<String> {
    let list = related
        .and_then(|related| related.get("url"))
        .and_then(Value::as_sequence);
    let texts = list.into_iter().flatten().filter_map(Value::as_str);
    texts.map(str::to_owned).collect()
}
