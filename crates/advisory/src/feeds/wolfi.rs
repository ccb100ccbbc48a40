//! Wolfi's security database, in the shape of Alpine's. Wolfi rolls: it has one state and no releases.

use super::document::{Document, Sink};
use super::{DocumentTemplate, Feed, FeedMeta, secdb};
use crate::FeedError;
use crate::key::EcosystemKey;

/// The feed.
#[derive(Debug)]
pub(super) struct Wolfi;

static META: FeedMeta = FeedMeta {
    id: "wolfi",
    title: "Wolfi security database",
    docs: "https://packages.wolfi.dev/os/security.json",
    base_setting: "feeds.wolfi",
    base: "https://packages.wolfi.dev",
    documents: &[DocumentTemplate {
        path: "wolfi/security.json",
        url: "os/security.json",
        state: "wolfi",
        ecosystem: "Wolfi",
        names: &[],
    }],
    record_page: "https://images.chainguard.dev/security/{}",
};

impl Feed for Wolfi {
    fn meta(&self) -> &'static FeedMeta {
        &META
    }

    fn parse(&self, document: &mut Document<'_>, sink: &mut Sink<'_>) -> Result<(), FeedError> {
        let key = EcosystemKey::new("Wolfi");
        secdb::parse(document, &key, sink)?;
        sink.covers(key);
        Ok(())
    }
}
