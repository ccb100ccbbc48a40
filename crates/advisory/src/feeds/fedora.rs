//! Fedora's and EPEL's updates, as Bodhi tells them.
//!
//! Source: Bodhi's interface, `/updates/`. A document is one update, a page of them (`updates`), a list, or all pages
//! of a release as `db update` fetches them; of these alone it is known that nothing is missing. The repositories'
//! own errata are not fetched, for they forget an update when a newer one of the same package comes. Only
//! updates of type `security` that have reached the repositories (`stable`) count. Builds are source packages,
//! `name-version-release`, with an epoch beside. The flaws are named in the titles of the bugs that are repaired.

use std::collections::BTreeSet;
use std::io::Read as _;

use plimsoll_model::Severity;
use serde::Deserialize;
use serde_json::Value;

use super::document::{Document, Flow, Sink};
use super::{DocumentTemplate, Feed, FeedMeta, erratum, updateinfo};
use crate::FeedError;
use crate::advisory::{Advisory, Affected, Claim};
use crate::key::EcosystemKey;

/// The feed.
#[derive(Debug)]
pub(super) struct Fedora;

static META: FeedMeta = FeedMeta {
    id: "fedora",
    title: "Fedora and EPEL updates",
    docs: "https://bodhi.fedoraproject.org/docs/server_api/index.html",
    base_setting: "feeds.fedora",
    base: "https://bodhi.fedoraproject.org",
    documents: &[
        DocumentTemplate {
            path: "fedora/{}/all.json",
            url: "updates/?releases={}&status=stable&type=security&rows_per_page=100&page=",
            state: "fedora/{}",
            ecosystem: "Fedora",
            names: &["F39", "F40", "F41", "F42", "F43", "F44"],
        },
        DocumentTemplate {
            path: "fedora/{}/all.json",
            url: "updates/?releases={}&status=stable&type=security&rows_per_page=100&page=",
            state: "fedora/{}",
            ecosystem: "EPEL",
            names: &[
                "EPEL-7",
                "EPEL-8",
                "EPEL-9",
                "EPEL-10.0",
                "EPEL-10.1",
                "EPEL-10.2",
            ],
        },
        DocumentTemplate {
            path: "fedora/{}.json",
            url: "",
            state: "fedora",
            ecosystem: "Fedora",
            names: &[],
        },
    ],
    record_page: "https://bodhi.fedoraproject.org/updates/{}",
};

/// The largest document.
const LIMIT: u64 = 512 << 20;

#[derive(Deserialize)]
struct Update {
    #[serde(alias = "updateid")]
    alias: String,
    #[serde(rename = "type")]
    kind: String,
    status: String,
    #[serde(default)]
    title: String,
    #[serde(default)]
    notes: String,
    #[serde(default)]
    severity: String,
    date_modified: Option<String>,
    date_stable: Option<String>,
    date_pushed: Option<String>,
    date_submitted: Option<String>,
    release: Release,
    #[serde(default)]
    bugs: Vec<Bug>,
    builds: Vec<Build>,
}

#[derive(Deserialize)]
struct Release {
    version: String,
    id_prefix: String,
}

#[derive(Deserialize)]
struct Bug {
    #[serde(default)]
    title: Option<String>,
}

#[derive(Deserialize)]
struct Build {
    nvr: String,
    #[serde(rename = "type", default)]
    kind: String,
    #[serde(default)]
    epoch: Option<u64>,
}

impl Feed for Fedora {
    fn meta(&self) -> &'static FeedMeta {
        &META
    }

    fn parse(&self, document: &mut Document<'_>, sink: &mut Sink<'_>) -> Result<(), FeedError> {
        let mut bytes = Vec::new();
        document
            .unpacked(LIMIT)?
            .read_to_end(&mut bytes)
            .map_err(|error| document.read(error))?;
        let value: Value =
            serde_json::from_slice(&bytes).map_err(|source| document.json(source))?;
        let whole = release_of(document.path());
        let updates = match value {
            Value::Array(updates) => updates,
            Value::Object(mut all) if all.contains_key("pages") && whole.is_some() => {
                let pages = all.remove("pages").unwrap_or_default();
                let pages: Vec<Page> =
                    serde_json::from_value(pages).map_err(|source| document.json(source))?;
                let updates = joined(pages).map_err(|reason| document.shape(reason))?;
                if let Some(key) = whole {
                    sink.covers(key);
                }
                updates
            }
            Value::Object(mut page) => match page.remove("updates") {
                Some(Value::Array(updates)) => updates,
                Some(_) => return Err(document.shape("`updates` is no list")),
                None => vec![page.remove("update").unwrap_or(Value::Object(page))],
            },
            _ => return Err(document.shape("it is no update")),
        };
        for (place, update) in updates.into_iter().enumerate() {
            match serde_json::from_value::<Update>(update) {
                Err(error) => sink.problem(format!("update {place}"), error.to_string()),
                Ok(update) => {
                    if take(update, sink) == Flow::Stop {
                        break;
                    }
                }
            }
        }
        Ok(())
    }
}

/// One of the pages that Bodhi answers in.
#[derive(Deserialize)]
struct Page {
    updates: Vec<Value>,
    #[serde(rename = "page")]
    number: u64,
    pages: u64,
    total: u64,
}

/// The updates of all pages, each once; an error where one is missing. While pages are asked for, an update may move
/// from one to the next.
fn joined(pages: Vec<Page>) -> Result<Vec<Value>, String> {
    let numbers = pages.iter().map(|page| page.number);
    let last = pages.last().map_or(0, |page| page.pages);
    if !numbers.eq(1..=last.max(1)) {
        return Err(format!("it does not hold the pages 1 to {last}"));
    }
    let total = pages.last().map_or(0, |page| page.total);
    let mut seen = BTreeSet::new();
    let mut all = Vec::new();
    for update in pages.into_iter().flat_map(|page| page.updates) {
        let name = ["alias", "updateid"]
            .iter()
            .find_map(|name| update.get(name));
        let name = name.and_then(Value::as_str).unwrap_or_default().to_owned();
        if seen.insert(name) {
            all.push(update);
        }
    }
    if (all.len() as u64) < total {
        return Err(format!("it holds {} of {total} updates", all.len()));
    }
    Ok(all)
}

/// The release of which `fedora/F41/all.json` holds everything.
fn release_of(path: &str) -> Option<EcosystemKey> {
    let release = path.strip_prefix("fedora/")?.strip_suffix("/all.json")?;
    let (base, version) = match release.strip_prefix("EPEL-") {
        Some(version) => ("EPEL", version),
        None => ("Fedora", release.strip_prefix('F')?),
    };
    let major = version.split('.').next().unwrap_or_default();
    Some(EcosystemKey::new(&format!("{base}:{major}")))
}

fn take(update: Update, sink: &mut Sink<'_>) -> Flow {
    let base = match update.release.id_prefix.as_str() {
        "FEDORA" => "Fedora",
        "FEDORA-EPEL" | "FEDORA-EPEL-NEXT" => "EPEL",
        // Containers, flatpaks and modules are no packages of the release.
        _ => return Flow::GoOn,
    };
    let version = update.release.version.split('.').next().unwrap_or_default();
    let key = EcosystemKey::new(&format!("{base}:{version}"));
    // One page or one update of many.
    sink.covers(key.single_documents());
    if update.kind != "security" || update.status != "stable" {
        return Flow::GoOn;
    }
    let mut affected = Vec::new();
    for build in update.builds {
        if !matches!(build.kind.as_str(), "" | "rpm") {
            continue;
        }
        let mut parts = build.nvr.rsplitn(3, '-');
        let (Some(release), Some(version), Some(name)) = (parts.next(), parts.next(), parts.next())
        else {
            sink.problem(update.alias.clone(), format!("`{}` is no build", build.nvr));
            continue;
        };
        let epoch = build.epoch.unwrap_or(0).to_string();
        let fixed = updateinfo::evr(&epoch, version, release);
        affected.push(Affected::new(key.clone(), name, Claim::before(fixed)));
    }
    let texts = update
        .bugs
        .into_iter()
        .filter_map(|bug| bug.title)
        .chain([update.notes.clone()]);
    let flaws: BTreeSet<String> = texts
        .flat_map(|text| erratum::cves(&text).collect::<Vec<_>>())
        .collect();
    let date = |text: &Option<String>| text.as_deref().and_then(erratum::date);
    let word = match update.severity.as_str() {
        "urgent" => Some(Severity::Critical),
        other => Severity::from_word(other),
    };
    let advisory = Advisory {
        id: update.alias.clone(),
        record: update.alias,
        word: word.filter(|word| *word != Severity::Unknown),
        title: update.title,
        description: update.notes,
        published: date(&update.date_stable)
            .or_else(|| date(&update.date_pushed))
            .or_else(|| date(&update.date_submitted)),
        released: date(&update.date_stable),
        modified: date(&update.date_modified),
        affected,
        ..Advisory::default()
    };
    erratum::take(advisory, flaws.into_iter(), sink)
}
