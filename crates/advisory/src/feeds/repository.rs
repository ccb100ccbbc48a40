//! The errata of any RPM repository that the user mirrors.
//!
//! Distributions publish `updateinfo.xml` beside the packages, so that an organisation that has only a mirror of the
//! packages still has advisories. The folder's name tells the release, `ID` and `VERSION_ID` of os-release(5), and
//! then the repository as dnf calls it, `rocky-9-baseos`. The document lies there under its own name, or with all of
//! `repodata/` under the name that `repomd.xml` gives it.
//!
//! Errata of one repository say nothing of packages of another. A release counts as known where the folder bears its
//! name alone (`rocky-9`), or where a file `rocky-9.whole` beside the folders says that they are all; else only the
//! packages of these repositories are.

use super::document::{Document, Sink};
use super::xml;
use super::{DocumentTemplate, Feed, FeedMeta, updateinfo};
use crate::FeedError;
use crate::advisory::TOPIC;
use crate::key::EcosystemKey;
use crate::matching::distribution::release_of_folder;

/// The feed.
#[derive(Debug)]
pub(super) struct Repository;

/// What the name of a file ends with that says of a release that the folders beside it are all its repositories.
const WHOLE: &str = ".whole";

macro_rules! template {
    ($path:literal) => {
        DocumentTemplate {
            path: $path,
            url: "",
            state: "updateinfo/{}",
            ecosystem: "",
            names: &[],
        }
    };
}

static META: FeedMeta = FeedMeta {
    id: "updateinfo",
    title: "Errata in RPM repositories of your own mirror",
    docs: "https://dnf.readthedocs.io/en/latest/command_ref.html#updateinfo-command",
    base_setting: "feeds.updateinfo",
    base: "",
    documents: &[
        template!("updateinfo/{}.whole"),
        template!("updateinfo/{}/repodata/repomd.xml"),
        template!("updateinfo/{}/updateinfo.xml"),
        template!("updateinfo/{}/updateinfo.xml.bz2"),
        template!("updateinfo/{}/updateinfo.xml.gz"),
        template!("updateinfo/{}/updateinfo.xml.xz"),
        template!("updateinfo/{}/updateinfo.xml.zst"),
    ],
    record_page: "",
};

impl Feed for Repository {
    fn meta(&self) -> &'static FeedMeta {
        &META
    }

    fn parse(&self, document: &mut Document<'_>, sink: &mut Sink<'_>) -> Result<(), FeedError> {
        let name = document.name().to_owned();
        let Some((key, repository)) = release_of_folder(&name) else {
            return Err(document.shape(format!(
                "the folder `{name}` names no release that is known; it must begin with the ID and the VERSION_ID \
                 of os-release, such as `rocky-9-baseos`"
            )));
        };
        if document.path().ends_with(WHOLE) {
            if !repository.is_empty() {
                return Err(document.shape(format!(
                    "it must name a release alone, and `{repository}` is one of its repositories"
                )));
            }
            sink.covers(key.all_repositories());
            return Ok(());
        }
        let module = topic(&key, &name);
        let has_errata = if document.path().ends_with("/repomd.xml") {
            parse_named(document, &key, &module, sink)?
        } else {
            updateinfo::parse(document, &key, &module, sink)?;
            true
        };
        if has_errata {
            sink.covers(if repository.is_empty() {
                key
            } else {
                key.repository(repository)
            });
        } else {
            // A repository without errata says nothing, and covers nothing.
            sink.problem(name, "the repository has no `updateinfo`");
        }
        Ok(())
    }
}

/// Parses the errata that `repomd.xml` names, and tells whether there are any.
pub(super) fn parse_named(
    document: &Document<'_>,
    key: &EcosystemKey,
    module: &str,
    sink: &mut Sink<'_>,
) -> Result<bool, FeedError> {
    let Some(Errata { href, .. }) = errata(document)? else {
        return Ok(false);
    };
    let folder = document.path().trim_end_matches("repodata/repomd.xml");
    let path = format!("{folder}{href}");
    // Addresses are relative to the folder above `repodata`.
    let Some(file) = document.beside(&format!("../{href}")) else {
        return Err(document.shape(format!("`{href}` is not in the mirror")));
    };
    let named = Document::file(&path, document.name(), &file);
    updateinfo::parse(&named, key, module, sink)?;
    Ok(true)
}

/// The errata of a repository, as its `repomd.xml` names them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Errata {
    /// Where they are, relative to the folder above `repodata`.
    pub href: String,
    /// Their SHA-256 in hexadecimal, where it is told.
    pub sha256: Option<String>,
}

impl Errata {
    /// Reads `repomd.xml`; `path` is for messages. `None` for a repository without errata.
    pub fn read(path: &str, repomd: &[u8]) -> Result<Option<Self>, FeedError> {
        errata(&Document::held(path, "", repomd))
    }
}

fn errata(document: &Document<'_>) -> Result<Option<Errata>, FeedError> {
    let mut found = None;
    xml::each(document, "repomd", &["data"], &mut |data| {
        if data.attribute("type") == Some("updateinfo") {
            let location = data.child("location");
            let href = location.and_then(|one| one.attribute("href"));
            let checksum = data.child("checksum");
            let is_sha256 = checksum.is_some_and(|sum| sum.attribute("type") == Some("sha256"));
            found = href.map(|href| Errata {
                href: href.to_owned(),
                sha256: is_sha256.then(|| data.text_of("checksum").to_lowercase()),
            });
        }
        super::Flow::GoOn
    })?;
    Ok(found)
}

/// The topic of Amazon Linux's extras, `amzn-2-docker`; other repositories have none.
fn topic(key: &EcosystemKey, name: &str) -> String {
    match name.strip_prefix("amzn-2-") {
        Some(topic) if key.base() == "Amazon Linux" && topic != "core" => format!("{TOPIC}{topic}"),
        _ => String::new(),
    }
}
