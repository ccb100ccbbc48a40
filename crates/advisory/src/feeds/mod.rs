//! The feeds: which documents upstreams publish, and what each of them says.
//!
//! A feed is one file here and one row of [`ALL`]. It declares its documents as data — where they lie in a
//! mirror, and where upstreams publish them — and parses one of them. It does not fetch, join or match.
//!
//! A mirror is a folder with the documents under the paths that [`documents`] lists. It may hold a file
//! `dates.json`, an object of path → date (RFC 3339), for documents that bear no date of their own; whoever
//! fetches them writes there when the upstream last changed them.

mod alpine_secdb;
mod amazon;
mod arch;
mod archive;
mod azure_linux;
mod bottlerocket;
mod changelog;
mod cpe;
mod csaf;
mod cve;
mod debian_advisories;
mod debian_tracker;
mod document;
mod endoflife;
mod epss;
mod erratum;
mod fedora;
mod friends_of_php;
mod go_vulndb;
mod kev;
mod nvd;
mod open_euler;
mod oracle;
mod osv;
mod osv_record;
mod oval;
mod photon;
mod pypa;
mod rated;
mod red_hat;
mod red_hat_oval;
mod repository;
mod requirement;
mod rubysec;
mod rustsec;
mod secdb;
mod stream;
mod suse;
mod ubuntu_osv;
mod ubuntu_tracker;
mod ubuntu_vex;
mod updateinfo;
mod wolfi;
mod xml;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

pub(crate) use debian_tracker::RELEASES as DEBIAN_RELEASES;
pub use document::{Document, Flow, Said, Sink};
pub use repository::Errata;

use crate::advisory::Advisory;
use crate::{BuildError, FeedError};

/// Every feed.
pub static ALL: &[&dyn Feed] = &[
    &alpine_secdb::AlpineSecdb,
    &amazon::Amazon,
    &arch::Arch,
    &azure_linux::AzureLinux,
    &bottlerocket::Bottlerocket,
    &changelog::Changelog,
    &cve::Cve,
    &debian_advisories::DebianAdvisories,
    &debian_tracker::DebianTracker,
    &endoflife::EndOfLife,
    &epss::Epss,
    &fedora::Fedora,
    &friends_of_php::FriendsOfPhp,
    &go_vulndb::GoVulndb,
    &kev::Kev,
    &nvd::Nvd,
    &open_euler::OpenEuler,
    &oracle::Oracle,
    &osv::Osv,
    &photon::Photon,
    &pypa::Pypa,
    &red_hat::RedHat,
    &red_hat_oval::RedHatOval,
    &repository::Repository,
    &rubysec::RubySec,
    &rustsec::RustSec,
    &suse::Suse,
    &ubuntu_tracker::UbuntuTracker,
    &ubuntu_vex::UbuntuVex,
    &wolfi::Wolfi,
];

/// A publisher of advisories in one format.
pub trait Feed: Sync {
    /// What it is. Called often; costs nothing.
    fn meta(&self) -> &'static FeedMeta;

    /// Parses one document. Called once for each document, on any thread. What is wrong with one record
    /// goes to the sink; an error means that the document as a whole is not what the feed publishes, and
    /// ends the build.
    fn parse(&self, document: &mut Document<'_>, sink: &mut Sink<'_>) -> Result<(), FeedError>;
}

/// What is true of a feed.
#[derive(Debug)]
pub struct FeedMeta {
    /// Id, the first part of [`plimsoll_model::advisory::FeedState::feed`]. Ids are forever.
    pub id: &'static str,
    /// Who publishes what.
    pub title: &'static str,
    /// Where the format is described.
    pub docs: &'static str,
    /// Name of the setting that holds the base address.
    pub base_setting: &'static str,
    /// Base address of the upstream, without a slash at its end.
    pub base: &'static str,
    /// Its documents.
    pub documents: &'static [DocumentTemplate],
    /// Address of a page about a record; `{}` stands for the record's id.
    pub record_page: &'static str,
}

/// What the last part of [`DocumentTemplate::url`] begins with where that is no document, but a text that holds the
/// name of one beside it: upstreams put the day into the names of archives, and the newest name into a text.
pub const POINTER: char = '@';

/// What [`DocumentTemplate::url`] ends with where it is a list of mirrors of an RPM repository. The document is the
/// repository's `repomd.xml`, and with it come the errata that it names.
const MIRROR_LIST: &str = "/mirror.list";

/// What [`DocumentTemplate::url`] ends with where the upstream answers in pages, whose number follows. The document
/// holds all of them: `{"pages": [first, second, …]}`.
const PAGES: &str = "&page=";

/// What [`DocumentTemplate::url`] ends with where it is a list of documents beside it (CSAF 2.0, section 7.1.12).
const INDEX: &str = "/index.txt";

/// How a document is fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// From its address.
    Whole,
    /// From beside a text at the address that names it, see [`POINTER`].
    Pointed,
    /// As a repository that a list of mirrors at the address names.
    Repository,
    /// Page by page.
    Pages,
    /// With every document that it names.
    Index,
}

/// One document, or one for each of some names; `{}` stands for the name.
#[derive(Debug)]
pub struct DocumentTemplate {
    /// Path in a mirror.
    pub path: &'static str,
    /// Path below the base address; a name is percent-encoded there. Empty for what nobody publishes under
    /// an address, and which a mirror may hold all the same.
    pub url: &'static str,
    /// Id of the part of the feed that it fills, such as `osv/{}`.
    pub state: &'static str,
    /// Key of the ecosystem that it serves, such as `Alpine:{}`; several where the feed serves all its
    /// releases in one document, then without a release. Empty for marks that serve all.
    pub ecosystem: &'static str,
    /// The names that upstreams are known to have; empty for a single document. Mirrors may hold others.
    pub names: &'static [&'static str],
}

/// A document to fetch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Id of the feed.
    pub feed: &'static str,
    /// Id of the part of the feed, such as `osv/npm`; several documents may fill one part.
    pub state: String,
    /// Path in a mirror, relative, with `/`.
    pub path: String,
    /// Name of the setting that holds the base address.
    pub base_setting: &'static str,
    /// Base address if the setting is not set.
    pub base: &'static str,
    /// What follows the base address and a slash, with the marks of the way; see [`Self::address`].
    pub url: String,
    /// Key of the ecosystem that it serves, without the release where it serves all; empty if it serves
    /// every ecosystem.
    pub ecosystem: String,
}

impl Source {
    /// How it is fetched.
    #[must_use]
    pub fn way(&self) -> Way {
        match self.url.as_str() {
            url if url.contains(POINTER) => Way::Pointed,
            url if url.ends_with(MIRROR_LIST) => Way::Repository,
            url if url.ends_with(PAGES) => Way::Pages,
            url if url.ends_with(INDEX) => Way::Index,
            _ => Way::Whole,
        }
    }

    /// What follows the base address and a slash, without the marks of the way.
    #[must_use]
    pub fn address(&self) -> String {
        self.url.trim_end_matches(PAGES).replace(POINTER, "")
    }
}

/// Every document that upstreams are known to publish, in the order of [`ALL`].
#[must_use]
pub fn documents() -> Vec<Source> {
    let mut sources = Vec::new();
    for meta in ALL.iter().map(|feed| feed.meta()) {
        let published = |template: &&DocumentTemplate| !template.url.is_empty();
        for template in meta.documents.iter().filter(published) {
            let single: &[&str] = &[""];
            let names = if template.names.is_empty() {
                single
            } else {
                template.names
            };
            sources.extend(names.iter().map(|name| Source {
                feed: meta.id,
                state: template.state.replace("{}", name),
                path: template.path.replace("{}", name),
                base_setting: meta.base_setting,
                base: meta.base,
                url: template.url.replace("{}", &name.replace(' ', "%20")),
                ecosystem: template.ecosystem.replace("{}", name),
            }));
        }
    }
    sources
}

/// Address of a page about a record of a feed; `None` for feeds without such pages.
#[must_use]
pub fn record_page(state: &str, record: &str) -> Option<String> {
    let id = state.split('/').next().unwrap_or(state);
    let meta = ALL
        .iter()
        .map(|feed| feed.meta())
        .find(|meta| meta.id == id)?;
    (!meta.record_page.is_empty()).then(|| meta.record_page.replace("{}", record))
}

/// A document that lies in a folder.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    place: usize,
    name: String,
    file: PathBuf,
    /// Relative path, with `/`.
    pub(crate) path: String,
    /// The part of the feed that it fills.
    pub(crate) state: String,
    /// What `dates.json` says of it.
    pub(crate) date: Option<Timestamp>,
    /// What [`CHECKED`] says of the part of the feed.
    pub(crate) checked: Option<Timestamp>,
}

impl Found {
    /// Parses it.
    pub(crate) fn parse(&self, out: &mut dyn FnMut(Advisory) -> Flow) -> Result<Said, FeedError> {
        let mut document = Document::file(&self.path, &self.name, &self.file);
        let mut sink = Sink::new(out);
        if let Some(feed) = ALL.get(self.place) {
            feed.parse(&mut document, &mut sink)?;
        }
        Ok(sink.into_said())
    }
}

/// The documents that a folder holds, in a fixed order.
pub(crate) fn discover(folder: &Path) -> Result<Vec<Found>, BuildError> {
    let dates = dates_of(folder, "dates.json")?;
    let checked = dates_of(folder, CHECKED)?;
    let mut found = Vec::new();
    for (place, feed) in ALL.iter().enumerate() {
        for template in feed.meta().documents {
            for (name, file) in files(folder, template.path)? {
                let path = template.path.replace("{}", &name);
                let state = template.state.replace("{}", &name);
                found.push(Found {
                    place,
                    checked: checked.get(&state).copied(),
                    state,
                    date: dates.get(&path).copied(),
                    name,
                    file,
                    path,
                });
            }
        }
    }
    found.sort_by(|left, right| left.path.cmp(&right.path));
    // A file may have the path of two templates of one feed.
    found.dedup_by(|left, right| left.path == right.path);
    Ok(found)
}

/// Files whose path is the template's with some name for `{}`; the name is within one path segment.
fn files(folder: &Path, template: &str) -> Result<Vec<(String, PathBuf)>, BuildError> {
    let Some((before, after)) = template.split_once("{}") else {
        let file = folder.join(template);
        let one = file.is_file().then(|| (String::new(), file));
        return Ok(one.into_iter().collect());
    };
    let (above, beginning) = before.rsplit_once('/').unwrap_or(("", before));
    let (end, below) = after.split_once('/').unwrap_or((after, ""));
    let parent = folder.join(above);
    if !parent.is_dir() {
        return Ok(Vec::new());
    }
    let failed = |source| BuildError::List {
        folder: parent.clone(),
        source,
    };
    let mut found = Vec::new();
    for entry in fs::read_dir(&parent).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let Ok(whole) = entry.file_name().into_string() else {
            continue;
        };
        let name = whole
            .strip_prefix(beginning)
            .and_then(|rest| rest.strip_suffix(end));
        let file = if below.is_empty() {
            entry.path()
        } else {
            entry.path().join(below)
        };
        if let Some(name) = name.filter(|name| !name.is_empty())
            && file.is_file()
        {
            found.push((name.to_owned(), file));
        } else if !end.is_empty()
            && beginning.is_empty()
            && above.matches('/').count() < DEPTH
            && entry.path().is_dir()
        {
            // Upstreams keep a folder for each year.
            let inner = files(folder, &format!("{above}/{whole}/{{}}{after}"))?;
            let inner = inner.into_iter();
            found.extend(inner.map(|(name, file)| (format!("{whole}/{name}"), file)));
        }
    }
    Ok(found)
}

/// The deepest folder that is looked into.
const DEPTH: usize = 4;

/// The file of a mirror that tells for each part of a feed, such as `osv/npm`, when its publisher was last asked
/// (RFC 3339), whether or not anything had changed. `db update` writes it.
pub const CHECKED: &str = "checked.json";

/// The largest file of dates that is read.
const DATES_LIMIT: u64 = 4 << 20;

fn dates_of(folder: &Path, name: &str) -> Result<BTreeMap<String, Timestamp>, BuildError> {
    let file = folder.join(name);
    if !file.is_file() {
        return Ok(BTreeMap::new());
    }
    let mut document = Document::file(name, "", &file);
    let bytes = document.bytes(DATES_LIMIT)?;
    let dates = serde_json::from_slice(&bytes).map_err(|source| document.json(source))?;
    Ok(dates)
}

/// Parses bytes as a document of a feed and drops what it says: the door for fuzzing.
pub fn parse_bytes(feed: &str, name: &str, bytes: &[u8]) -> Result<Vec<Advisory>, FeedError> {
    let mut advisories = Vec::new();
    let mut out = |advisory| {
        advisories.push(advisory);
        Flow::GoOn
    };
    let mut sink = Sink::new(&mut out);
    if let Some(feed) = ALL.iter().find(|known| known.meta().id == feed) {
        feed.parse(&mut Document::held("document", name, bytes), &mut sink)?;
    }
    Ok(advisories)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::PathBuf;

    use super::*;

    /// Files of this folder that are no feeds.
    const HELPERS: &[&str] = &[
        "archive",
        "cpe",
        "csaf",
        "document",
        "erratum",
        "mod",
        "osv_record",
        "oval",
        "rated",
        "requirement",
        "secdb",
        "stream",
        "ubuntu_osv",
        "updateinfo",
        "xml",
    ];

    #[test]
    fn every_file_is_in_the_table() {
        let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/src/feeds"));
        let files: BTreeSet<String> = fs::read_dir(folder)
            .expect("the folder can be listed")
            .map(|entry| entry.expect("an entry").path())
            .filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned()))
            .filter(|stem| !HELPERS.contains(&stem.as_str()))
            .collect();
        assert_eq!(files.len(), ALL.len(), "{files:?}");
    }

    #[test]
    fn rows_are_whole_and_ids_differ() {
        let ids: BTreeSet<&str> = ALL.iter().map(|feed| feed.meta().id).collect();
        assert_eq!(ids.len(), ALL.len());
        for meta in ALL.iter().map(|feed| feed.meta()) {
            assert!(
                !meta.title.is_empty() && meta.docs.starts_with("https://"),
                "{}",
                meta.id
            );
            assert!(!meta.base.ends_with('/') && !meta.documents.is_empty());
        }
        let sources = documents();
        let paths: BTreeSet<&str> = sources.iter().map(|source| source.path.as_str()).collect();
        assert_eq!(paths.len(), sources.len());
        assert!(
            sources
                .iter()
                .all(|source| !source.url.contains(['{', ' ']))
        );
        let npm = sources.iter().find(|source| source.state == "osv/npm");
        assert_eq!(npm.map(|source| source.url.as_str()), Some("npm/all.zip"));
    }

    #[test]
    fn records_have_pages() {
        assert_eq!(
            record_page("osv/npm", "GHSA-1").as_deref(),
            Some("https://osv.dev/vulnerability/GHSA-1")
        );
        assert_eq!(record_page("kev", "CVE-1"), None);
        assert_eq!(record_page("watchlist", "CVE-1"), None);
    }
}
