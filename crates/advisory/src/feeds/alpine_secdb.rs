//! Alpine's security database, a document for each repository of each release. With one repository of the two a
//! release is known in part.

use super::document::{Document, Sink};
use super::{DocumentTemplate, Feed, FeedMeta, secdb};
use crate::FeedError;
use crate::key::EcosystemKey;

/// The feed.
#[derive(Debug)]
pub(super) struct AlpineSecdb;

const RELEASES: &[&str] = &[
    "v3.10", "v3.11", "v3.12", "v3.13", "v3.14", "v3.15", "v3.16", "v3.17", "v3.18", "v3.19",
    "v3.20", "v3.21", "v3.22", "edge",
];

const REPOSITORIES: [&str; 2] = ["main", "community"];

static META: FeedMeta = FeedMeta {
    id: "alpine-secdb",
    title: "Alpine Linux security database",
    docs: "https://secdb.alpinelinux.org/",
    base_setting: "feeds.alpine-secdb",
    base: "https://secdb.alpinelinux.org",
    documents: &[
        DocumentTemplate {
            path: "alpine-secdb/{}/main.json",
            url: "{}/main.json",
            state: "alpine-secdb/{}",
            ecosystem: "Alpine:{}",
            names: RELEASES,
        },
        DocumentTemplate {
            path: "alpine-secdb/{}/community.json",
            url: "{}/community.json",
            state: "alpine-secdb/{}",
            ecosystem: "Alpine:{}",
            names: RELEASES,
        },
    ],
    record_page: "https://security.alpinelinux.org/vuln/{}",
};

impl Feed for AlpineSecdb {
    fn meta(&self) -> &'static FeedMeta {
        &META
    }

    fn parse(&self, document: &mut Document<'_>, sink: &mut Sink<'_>) -> Result<(), FeedError> {
        let key = EcosystemKey::new(&format!("Alpine:{}", document.name()));
        secdb::parse(document, &key, sink)?;
        // Packages of the repository that is missing would have no flaws.
        let is_there = |repository: &str| {
            let other = document.beside(&format!("{repository}.json"));
            other.is_none_or(|file| file.is_file())
        };
        sink.covers(if REPOSITORIES.into_iter().all(is_there) {
            key
        } else {
            key.single_documents()
        });
        Ok(())
    }
}
