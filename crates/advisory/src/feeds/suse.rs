//! SUSE's flaws, OVAL, a document for each release of each product.
//!
//! A definition is a flaw; its criteria name products and service packs with the version that has the fix in each,
//! packages that have no fix yet, and packages that never had the flaw. Modules and editions of one service pack are
//! one release (`crate::release`).

use super::document::{Document, Sink};
use super::{DocumentTemplate, Feed, FeedMeta, oval};
use crate::FeedError;
use crate::key::EcosystemKey;

/// The feed.
#[derive(Debug)]
pub(super) struct Suse;

static META: FeedMeta = FeedMeta {
    id: "suse",
    title: "SUSE and openSUSE vulnerabilities",
    docs: "https://www.suse.com/support/security/oval/",
    base_setting: "feeds.suse",
    base: "https://ftp.suse.com/pub/projects/security/oval",
    documents: &[
        DocumentTemplate {
            path: "suse/suse.linux.enterprise.{}.xml.gz",
            url: "suse.linux.enterprise.{}.xml.gz",
            state: "suse/{}",
            ecosystem: "SUSE",
            names: &[
                "server.11",
                "server.12",
                "server.15",
                "server.16",
                "micro.5",
                "micro.6",
            ],
        },
        DocumentTemplate {
            path: "suse/opensuse.{}.xml.gz",
            url: "opensuse.{}.xml.gz",
            state: "suse/opensuse.{}",
            ecosystem: "openSUSE",
            names: &["leap.15.5", "leap.15.6", "tumbleweed"],
        },
    ],
    record_page: "https://www.suse.com/security/cve/{}.html",
};

impl Feed for Suse {
    fn meta(&self) -> &'static FeedMeta {
        &META
    }

    fn parse(&self, document: &mut Document<'_>, sink: &mut Sink<'_>) -> Result<(), FeedError> {
        let dialect = oval::Dialect {
            key: None,
            platform: &platform,
            product: &oval::none,
        };
        oval::parse(document, &dialect, sink)
    }
}

/// `SUSE Linux Enterprise Server 15 SP3`, `openSUSE Leap 15.5`, `openSUSE Tumbleweed`.
fn platform(name: &str) -> Option<EcosystemKey> {
    if let Some(name) = name.strip_prefix("openSUSE ") {
        let is_release = name.starts_with("Leap ") || name == "Tumbleweed";
        return is_release.then(|| EcosystemKey::new(&format!("openSUSE:{name}")));
    }
    Some(EcosystemKey::new(&format!(
        "SUSE:{}",
        name.strip_prefix("SUSE ")?
    )))
}
