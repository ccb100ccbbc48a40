//! Bottlerocket's advisories: one `updateinfo.xml` for all releases.

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
        updateinfo::parse(document, &key, "", sink)?;
        sink.covers(key);
        Ok(())
    }
}
