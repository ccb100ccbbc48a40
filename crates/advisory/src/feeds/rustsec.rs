//! The advisories of `RustSec`, as people write them: Markdown with TOML at its head.
//!
//! Source: the repository's README ("Advisory Format"). What it says beyond the export in OSV: advisories of the
//! toolchain (`rust/std`), and the functions with the versions that have them. A record is for information
//! (`informational`) where it tells of a project that nobody maintains, of an interface that is unsound, or gives a
//! notice. `[versions]` names the versions that are not affected: all others are.

use plimsoll_model::Severity;
use serde::Deserialize;

use std::collections::BTreeMap;

use super::document::{Document, Flow, Sink};
use super::osv_record::{Affects, Places, inform};
use super::requirement::{Dialect, Versions};
use super::{DocumentTemplate, Feed, FeedMeta, archive, erratum};
use crate::FeedError;
use crate::advisory::{Advisory, Affected, Claim};
use crate::key::EcosystemKey;
use crate::program;
use crate::rating::Rating;

/// The feed.
#[derive(Debug)]
pub(super) struct RustSec;

macro_rules! template {
    ($path:literal, $url:literal) => {
        DocumentTemplate {
            path: $path,
            url: $url,
            state: "rustsec",
            ecosystem: "crates.io",
            names: &[],
        }
    };
}

static META: FeedMeta = FeedMeta {
    id: "rustsec",
    title: "RustSec advisories of crates and of the Rust toolchain",
    docs: "https://github.com/rustsec/advisory-db#advisory-format",
    base_setting: "feeds.rustsec",
    base: "https://github.com/rustsec/advisory-db/archive/refs/heads",
    documents: &[
        template!("rustsec/main.tar.gz", "main.tar.gz"),
        template!("rustsec/main.zip", ""),
        template!("rustsec/crates/{}.md", ""),
        template!("rustsec/rust/{}.md", ""),
    ],
    record_page: "https://rustsec.org/advisories/{}",
};

#[derive(Deserialize)]
struct Record {
    advisory: Head,
    affected: Option<Scope>,
    versions: Option<Requirements>,
}

#[derive(Deserialize)]
struct Head {
    id: String,
    package: String,
    date: Option<toml::Value>,
    url: Option<String>,
    #[serde(default)]
    references: Vec<String>,
    #[serde(default)]
    aliases: Vec<String>,
    #[serde(default)]
    categories: Vec<String>,
    cvss: Option<String>,
    informational: Option<String>,
    withdrawn: Option<toml::Value>,
    /// Old records have the title here.
    title: Option<String>,
}

#[derive(Deserialize)]
struct Scope {
    #[serde(default)]
    functions: BTreeMap<String, toml::Value>,
    #[serde(default)]
    os: Vec<String>,
    #[serde(default)]
    arch: Vec<String>,
}

#[derive(Deserialize, Default)]
struct Requirements {
    #[serde(default)]
    patched: Vec<String>,
    #[serde(default)]
    unaffected: Vec<String>,
}

impl Feed for RustSec {
    fn meta(&self) -> &'static FeedMeta {
        &META
    }

    fn parse(&self, document: &mut Document<'_>, sink: &mut Sink<'_>) -> Result<(), FeedError> {
        let key = EcosystemKey::new("crates.io");
        sink.covers(if document.name().is_empty() {
            key
        } else {
            key.single_documents()
        });
        let is_record = |path: &str| {
            let is_in = |folder| archive::below(path, folder).is_some();
            archive::has_extension(path, "md") && (is_in("crates") || is_in("rust"))
        };
        archive::records(document, sink, is_record, &mut take)
    }
}

/// The part between the fences, and the prose after it.
fn parts(text: &str) -> Option<(&str, &str)> {
    let (_, rest) = text.split_once("```toml")?;
    let (head, prose) = rest.split_once("\n```")?;
    Some((head, prose))
}

fn take(path: &str, bytes: &[u8], sink: &mut Sink<'_>) -> Result<Flow, String> {
    let text = std::str::from_utf8(bytes).map_err(|error| error.to_string())?;
    let text = text.replace("\r\n", "\n");
    let (head, prose) = parts(&text).ok_or("it has no head in TOML between fences")?;
    let record: Record = toml::from_str(head).map_err(|error| error.message().to_owned())?;
    let of_toolchain =
        archive::below(path, "rust").is_some() && archive::below(path, "crates").is_none();
    let head = record.advisory;
    let day = |value: Option<&toml::Value>| match value {
        Some(toml::Value::String(text)) => erratum::date(text),
        Some(toml::Value::Datetime(date)) => erratum::date(&date.to_string()),
        _ => None,
    };
    let published = day(head.date.as_ref());
    // A record that was taken back was so on some day, even if the day cannot be read.
    let withdrawn = head
        .withdrawn
        .as_ref()
        .filter(|value| value.as_bool() != Some(false))
        .map(|value| day(Some(value)).or(published).unwrap_or_default());
    let (title, description) = prose_of(prose);
    let mut advisory = Advisory {
        id: head.id.clone(),
        record: head.id,
        aliases: head.aliases,
        title: head.title.unwrap_or(title),
        description,
        references: head.url.into_iter().chain(head.references).collect(),
        published,
        modified: withdrawn.or(published),
        withdrawn,
        malicious: head.categories.iter().any(|one| one == "malicious"),
        ..Advisory::default()
    };
    match head.cvss.as_deref().map(Rating::from_vector) {
        Some(Ok(rating)) => advisory.ratings.push(rating),
        Some(Err(error)) => sink.problem(advisory.record.clone(), error.to_string()),
        None => {}
    }
    let (key, package) = if of_toolchain {
        // Crates of these names are others, with numbers of their own.
        match program::of_toolchain(&head.package) {
            Some(name) => (EcosystemKey::new(program::KEY), name.to_owned()),
            None => return Ok(Flow::GoOn),
        }
    } else {
        (EcosystemKey::new("crates.io"), head.package)
    };
    let claim = claim(&key, &record.versions.unwrap_or_default()).unwrap_or_else(|reason| {
        sink.problem(advisory.record.clone(), reason.clone());
        Claim::Undetermined(reason)
    });
    let mut affected = Affected::new(key, package, claim);
    if let Some(kind) = &head.informational {
        inform(&mut affected, kind);
    }
    if advisory.malicious {
        affected.rating = Some(Severity::Critical);
        "malicious package".clone_into(&mut affected.note);
    } else if let Some(scope) = record.affected {
        let places = Places {
            affects: Some(Affects {
                functions: scope.functions.into_keys().collect(),
                os: scope.os,
                arch: scope.arch,
            }),
            ..Places::default()
        };
        places.note(&mut affected);
    }
    advisory.affected.push(affected);
    Ok(sink.advisory(advisory))
}

fn claim(key: &EcosystemKey, requirements: &Requirements) -> Result<Claim, String> {
    let scheme = key.scheme().ok_or("versions of it have no order")?;
    let mut sound = Versions::default();
    for text in requirements.patched.iter().chain(&requirements.unaffected) {
        sound.add(Dialect::Cargo, scheme, text)?;
    }
    let ranges = sound.outside().ranges(Dialect::Cargo, scheme);
    Ok(if ranges.is_empty() {
        Claim::Never
    } else {
        Claim::Versions {
            ranges,
            listed: Vec::new(),
        }
    })
}

/// The first heading and what follows it.
fn prose_of(prose: &str) -> (String, String) {
    let mut lines = prose.lines().skip_while(|line| !line.starts_with("# "));
    let title = lines.next().and_then(|line| line.strip_prefix("# "));
    let rest: Vec<&str> = lines.collect();
    (
        title.unwrap_or_default().trim().to_owned(),
        rest.join("\n").trim().to_owned(),
    )
}
