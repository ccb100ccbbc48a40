//! Records in the OSV schema, one zip archive for each ecosystem.
//!
//! Source: <https://ossf.github.io/osv-schema/> and the export that osv.dev publishes. Of `affected`, the
//! entries of the archive's own ecosystem are taken: a record that touches several is a member of each
//! archive. Ranges of commits (`GIT`) are left out. `related` ids are no aliases, except in errata of
//! distributions, which list there (or under `upstream`) the flaws that they repair: such an erratum becomes
//! one advisory for each of them, and none at all if it repairs no flaw.

use serde_json::value::RawValue;

use super::document::{Document, Flow, Sink};
use super::osv_record::Record;
use super::{DocumentTemplate, Feed, FeedMeta, archive, erratum, ubuntu_osv};
use crate::FeedError;
use crate::key::EcosystemKey;

/// The feed.
#[derive(Debug)]
pub(super) struct Osv;

static META: FeedMeta = FeedMeta {
    id: "osv",
    title: "OSV records of language ecosystems and of distributions that publish in its schema",
    docs: "https://google.github.io/osv.dev/data/",
    base_setting: "feeds.osv",
    base: "https://osv-vulnerabilities.storage.googleapis.com",
    documents: &[DocumentTemplate {
        path: "osv/{}/all.zip",
        url: "{}/all.zip",
        state: "osv/{}",
        ecosystem: "{}",
        names: &[
            "AlmaLinux",
            "Alpaquita",
            "Bitnami",
            "CRAN",
            "Chainguard",
            "GitHub Actions",
            "Go",
            "Hackage",
            "Hex",
            "Mageia",
            "Maven",
            "MinimOS",
            "NuGet",
            "Packagist",
            "Pub",
            "PyPI",
            "Rocky Linux",
            "RubyGems",
            "SwiftURL",
            "Ubuntu",
            "crates.io",
            "npm",
            "openEuler",
        ],
    }],
    record_page: "https://osv.dev/vulnerability/{}",
};

/// Distributions that a feed of their own serves, with states that OSV's conversion of them drops.
const OTHER_FEEDS: &[(&str, &str)] = &[
    ("Alpine", "alpine-secdb"),
    ("Debian", "debian"),
    ("Wolfi", "wolfi"),
];

impl Feed for Osv {
    fn meta(&self) -> &'static FeedMeta {
        &META
    }

    fn parse(&self, document: &mut Document<'_>, sink: &mut Sink<'_>) -> Result<(), FeedError> {
        let name = document.name().to_owned();
        let own = EcosystemKey::new(&name);
        if let Some((_, feed)) = OTHER_FEEDS.iter().find(|(base, _)| *base == own.base()) {
            sink.problem(
                name,
                format!("not read: the feed `{feed}` serves this distribution"),
            );
            return Ok(());
        }
        if !own.is_distribution() {
            sink.covers(own.clone());
        }
        let mut read = 0_u64;
        let wanted = |member: &str| archive::has_extension(member, "json");
        archive::members(
            document,
            wanted,
            &mut |member, bytes| match serde_json::from_slice::<Record<&RawValue>>(bytes) {
                Err(error) => {
                    sink.problem(member, error.to_string());
                    Flow::GoOn
                }
                Ok(record) => {
                    read = read.saturating_add(1);
                    take(record, &own, sink)
                }
            },
        )?;
        if read == 0 {
            return Err(document.shape("it holds no record"));
        }
        Ok(())
    }
}

fn take(record: Record<&RawValue>, own: &EcosystemKey, sink: &mut Sink<'_>) -> Flow {
    let (advisory, listed) = record.into_advisory(own, sink);
    if own.base() == "Ubuntu" {
        let Some(settled) = ubuntu_osv::settle(advisory, &listed) else {
            return Flow::GoOn;
        };
        for affected in &settled.affected {
            sink.covers(affected.ecosystem.clone());
        }
        return sink.advisory(settled);
    }
    for affected in &advisory.affected {
        sink.covers(affected.ecosystem.clone());
    }
    if !own.is_distribution() {
        return sink.advisory(advisory);
    }
    erratum::take(advisory, listed.into_iter(), sink)
}
