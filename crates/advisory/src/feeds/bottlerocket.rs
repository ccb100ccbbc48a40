//! Bottlerocket's advisories: one `updateinfo.xml` for all releases.
//!
//! Source: Bottlerocket's documentation, "Version information": name, version and architecture of an advisory are
//! compared with those of the inventory. The epoch says nothing: packages have one to go before others of the same name,
//! and the advisories about them have `0` all the same (containerd). Nor does the release, which tells when a kit was
//! built. Advisories of the summer of 2024 have the version of the kit where that of the package belongs, with a release
//! that is a commit alone; nothing can be compared with them, and they are told.

use super::document::{Document, Sink};
use super::{DocumentTemplate, Feed, FeedMeta, updateinfo};
use crate::FeedError;
use crate::key::EcosystemKey;

/// The feed.
#[derive(Debug)]
pub(super) struct Bottlerocket;

static META: FeedMeta = FeedMeta {
    id: "bottlerocket",
    title: "Bottlerocket security advisories",
    docs: "https://github.com/bottlerocket-os/bottlerocket/security/advisories",
    base_setting: "feeds.bottlerocket",
    base: "https://advisories.bottlerocket.aws",
    documents: &[DocumentTemplate {
        path: "bottlerocket/updateinfo.xml.gz",
        url: "updateinfo.xml.gz",
        state: "bottlerocket",
        ecosystem: "Bottlerocket",
        names: &[],
    }],
    record_page: "",
};

impl Feed for Bottlerocket {
    fn meta(&self) -> &'static FeedMeta {
        &META
    }

    fn parse(&self, document: &mut Document<'_>, sink: &mut Sink<'_>) -> Result<(), FeedError> {
        let key = EcosystemKey::new("Bottlerocket");
        updateinfo::parse_with(document, &key, "", repaired, sink)?;
        sink.covers(key);
        Ok(())
    }
}

fn repaired(_epoch: &str, version: &str, release: &str) -> Result<String, &'static str> {
    if release
        .rsplit('.')
        .next()
        .is_some_and(|end| end.starts_with("br"))
    {
        Ok(version.to_owned())
    } else {
        Err("its versions are those of a kit or of the system, and not of packages")
    }
}
