//! The errata of any RPM repository that the user mirrors.
//!
//! Distributions publish `updateinfo.xml` beside the packages, so that an organisation that has only a mirror of the
//! packages still has advisories. The folder's name tells the release: `ID` and `VERSION_ID` of os-release(5), and
//! then whatever distinguishes repositories of one release, `rocky-9-baseos`. The document lies there under its own
//! name, or with all of `repodata/` under the name that `repomd.xml` gives it.

use super::document::{Document, Sink};
use super::xml;
use super::{DocumentTemplate, Feed, FeedMeta, updateinfo};
use crate::FeedError;
use crate::advisory::TOPIC;
use crate::key::EcosystemKey;
use crate::matching::distribution::key_of_folder;

/// The feed.
#[derive(Debug)]
pub(super) struct Repository;

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
        let Some(key) = key_of_folder(&name) else {
            return Err(document.shape(format!(
                "the folder `{name}` names no release that is known; it must begin with the ID and the VERSION_ID \
                 of os-release, such as `rocky-9-baseos`"
            )));
        };
        let module = topic(&key, &name);
        if !document.path().ends_with("/repomd.xml") {
            return updateinfo::parse(document, &key, &module, sink);
        }
        let Some(href) = href(document)? else {
            // A repository without errata says nothing, and covers nothing.
            sink.problem(name, "the repository has no `updateinfo`");
            return Ok(());
        };
        let path = format!("updateinfo/{name}/{href}");
        // Addresses are relative to the folder above `repodata`.
        let Some(file) = document.beside(&format!("../{href}")) else {
            return Err(document.shape(format!("`{href}` is not in the mirror")));
        };
        updateinfo::parse(&Document::file(&path, &name, &file), &key, &module, sink)
    }
}

/// Where `repomd.xml` says that the errata are.
fn href(document: &Document<'_>) -> Result<Option<String>, FeedError> {
    let mut found = None;
    xml::each(document, "repomd", &["data"], &mut |data| {
        if data.attribute("type") == Some("updateinfo") {
            let location = data.child("location");
            found = location
                .and_then(|one| one.attribute("href"))
                .map(str::to_owned);
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
