//! The Go vulnerability database, in the OSV schema.
//!
//! Source: <https://go.dev/doc/security/vuln/database>. It is published as one archive with `ID/GO-….json` beside its
//! indexes, and the repository has the same records in `data/osv`. `ecosystem_specific.imports` names the packages of a
//! module, and their symbols, that have the flaw. The standard library and the toolchain are the modules `stdlib` and
//! `toolchain`.

use serde_json::value::RawValue;

use super::document::{Document, Sink};
use super::osv_record::Record;
use super::{DocumentTemplate, Feed, FeedMeta, archive};
use crate::FeedError;
use crate::key::EcosystemKey;

/// The feed.
#[derive(Debug)]
pub(super) struct GoVulndb;

macro_rules! template {
    ($path:literal, $url:literal) => {
        DocumentTemplate {
            path: $path,
            url: $url,
            state: "govulndb",
            ecosystem: "Go",
            names: &[],
        }
    };
}

static META: FeedMeta = FeedMeta {
    id: "govulndb",
    title: "Go vulnerability database, with the packages and symbols that have a flaw",
    docs: "https://go.dev/doc/security/vuln/database",
    base_setting: "feeds.govulndb",
    base: "https://vuln.go.dev",
    documents: &[
        template!("govulndb/vulndb.zip", "vulndb.zip"),
        template!("govulndb/master.tar.gz", ""),
        template!("govulndb/ID/{}.json", ""),
        template!("govulndb/data/osv/{}.json", ""),
    ],
    record_page: "https://pkg.go.dev/vuln/{}",
};

impl Feed for GoVulndb {
    fn meta(&self) -> &'static FeedMeta {
        &META
    }

    fn parse(&self, document: &mut Document<'_>, sink: &mut Sink<'_>) -> Result<(), FeedError> {
        let key = EcosystemKey::new("Go");
        sink.covers(if document.name().is_empty() {
            key.clone()
        } else {
            key.single_documents()
        });
        let is_record = |path: &str| {
            let is_among_records = match archive::below(path, "data") {
                Some(rest) => rest.starts_with("osv/"),
                None => archive::below(path, "ID").is_some(),
            };
            is_among_records && archive::has_extension(path, "json")
        };
        archive::records(document, sink, is_record, &mut |_, bytes, sink| {
            let record: Record<&RawValue> =
                serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
            let (advisory, _) = record.into_advisory(&key, sink);
            Ok(sink.advisory(advisory))
        })
    }
}
