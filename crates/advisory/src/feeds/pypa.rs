//! The advisories of the Python Packaging Authority, in the OSV schema written as YAML.
//!
//! Source: the repository's README. `vulns/<name>/PYSEC-….yaml`; the export in OSV lags behind it by some hours, and
//! lists versions beside.

use super::document::{Document, Sink};
use super::osv_record::Record;
use super::{DocumentTemplate, Feed, FeedMeta, archive};
use crate::FeedError;
use crate::key::EcosystemKey;

/// The feed.
#[derive(Debug)]
pub(super) struct Pypa;

macro_rules! template {
    ($path:literal, $url:literal) => {
        DocumentTemplate {
            path: $path,
            url: $url,
            state: "pypa",
            ecosystem: "PyPI",
            names: &[],
        }
    };
}

static META: FeedMeta = FeedMeta {
    id: "pypa",
    title: "Advisories of the Python Packaging Authority",
    docs: "https://github.com/pypa/advisory-database",
    base_setting: "feeds.pypa",
    base: "https://github.com/pypa/advisory-database/archive/refs/heads",
    documents: &[
        template!("pypa/main.tar.gz", "main.tar.gz"),
        template!("pypa/main.zip", ""),
        template!("pypa/vulns/{}.yaml", ""),
    ],
    record_page: "https://osv.dev/vulnerability/{}",
};

impl Feed for Pypa {
    fn meta(&self) -> &'static FeedMeta {
        &META
    }

    fn parse(&self, document: &mut Document<'_>, sink: &mut Sink<'_>) -> Result<(), FeedError> {
        let key = EcosystemKey::new("PyPI");
        sink.covers(if document.name().is_empty() {
            key.one_list()
        } else {
            key.single_documents()
        });
        let is_record = |path: &str| {
            archive::has_extension(path, "yaml") && archive::below(path, "vulns").is_some()
        };
        archive::records(document, sink, is_record, &mut |_, bytes, sink| {
            let record: Record<serde_yaml_ng::Value> = archive::yaml(bytes)?;
            let (advisory, _) = record.into_advisory(&key, sink);
            // YAML that was cut off is YAML all the same.
            if advisory.affected.is_empty() && advisory.withdrawn.is_none() {
                return Err("it names no package of PyPI".to_owned());
            }
            Ok(sink.advisory(advisory))
        })
    }
}
