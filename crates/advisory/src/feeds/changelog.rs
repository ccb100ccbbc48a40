//! Fixes that the changelogs of a mirror's packages tell, see [`crate::changelog`].
//!
//! Nobody publishes this document: `plimsoll db changelogs` makes it from a folder of packages. It knows flaws that
//! were repaired and no others, so it covers a release only in so far, and matching says so. Since when a fix can be
//! installed is told by the day on which the entry of its version was written, hours or days before.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;

use super::document::{Document, Flow, Sink};
use super::{DocumentTemplate, Feed, FeedMeta};
use crate::FeedError;
use crate::advisory::{Advisory, Affected, Claim, Release};
use crate::changelog::{Changelogs, FORMAT};
use crate::key::EcosystemKey;

/// The feed.
#[derive(Debug)]
pub(super) struct Changelog;

static META: FeedMeta = FeedMeta {
    id: "changelog",
    title: "Fixes told by the changelogs of a mirror's packages",
    docs: "https://www.debian.org/doc/debian-policy/ch-docs.html#changelog-files-and-release-notes",
    base_setting: "feeds.changelog",
    base: "",
    documents: &[DocumentTemplate {
        path: "changelog/{}.json",
        url: "",
        state: "changelog/{}",
        ecosystem: "",
        names: &[],
    }],
    record_page: "",
};

/// A release has some ten thousand source packages, each with at most some hundred flaws.
const LIMIT: u64 = 1 << 30;
/// How many missing source packages are told.
const SHOWN: usize = 8;

impl Feed for Changelog {
    fn meta(&self) -> &'static FeedMeta {
        &META
    }

    fn parse(&self, document: &mut Document<'_>, sink: &mut Sink<'_>) -> Result<(), FeedError> {
        let bytes = document.bytes(LIMIT)?;
        let changelogs: Changelogs =
            serde_json::from_slice(&bytes).map_err(|source| document.json(source))?;
        if changelogs.format != FORMAT {
            return Err(document.shape(format!("its format is not `{FORMAT}`")));
        }
        let key = EcosystemKey::new(&changelogs.ecosystem);
        if !key.is_distribution() {
            return Err(document.shape(format!("`{key}` is no release of a distribution")));
        }
        if changelogs.complete {
            sink.covers(key.fixes());
        } else {
            sink.covers(key.some_fixes());
            let names: Vec<&str> = (changelogs.missing.iter())
                .take(SHOWN)
                .map(String::as_str)
                .collect();
            let reason = match changelogs.missing.len() {
                0 => "nothing tells whether every package of the release was read".to_owned(),
                count => format!(
                    "not every package of the release was read; {count} are missing, such as {}",
                    names.join(", ")
                ),
            };
            sink.problem(changelogs.ecosystem.clone(), reason);
        }
        if let Some(date) = changelogs.newest {
            sink.dated(date);
        }
        // One advisory for each flaw, whatever the packages.
        let mut flaws: BTreeMap<String, Vec<Affected>> = BTreeMap::new();
        for (name, source) in changelogs.sources {
            let note = format!("by the changelog of {name} {}", source.version);
            let affected = |claim| {
                let mut affected = Affected::new(key.clone(), name.clone(), claim);
                affected.note.clone_from(&note);
                affected
            };
            for (version, date) in source.written {
                sink.release(Release {
                    ecosystem: key.clone(),
                    package: name.clone(),
                    version,
                    day: date.to_zoned(TimeZone::UTC).date(),
                });
            }
            for (id, version) in source.fixed {
                let told = affected(Claim::before(version));
                flaws.entry(id).or_default().push(told);
            }
            for id in source.reverted {
                let why = "the changelog says that the fix was taken back";
                let told = affected(Claim::Undetermined(why.to_owned()));
                flaws.entry(id).or_default().push(told);
            }
        }
        for (id, affected) in flaws {
            let advisory = Advisory {
                record: id.clone(),
                id,
                affected,
                ..Advisory::default()
            };
            if sink.advisory(advisory) == Flow::Stop {
                break;
            }
        }
        Ok(())
    }
}
