//! Oracle Linux's errata, OVAL.
//!
//! The criteria name the architecture of the system: errata are respun for one architecture alone at times (trap
//! T13). Builds for Ksplice and FIPS have errata and numbers of their own (trap T12), which matching keeps apart.

use super::document::{Document, Sink};
use super::{DocumentTemplate, Feed, FeedMeta, oval};
use crate::FeedError;
use crate::key::EcosystemKey;

/// The feed.
#[derive(Debug)]
pub(super) struct Oracle;

static META: FeedMeta = FeedMeta {
    id: "oracle",
    title: "Oracle Linux errata",
    docs: "https://linux.oracle.com/security/oval/",
    base_setting: "feeds.oracle",
    base: "https://linux.oracle.com/security/oval",
    documents: &[DocumentTemplate {
        path: "oracle/com.oracle.elsa-all.xml.bz2",
        url: "com.oracle.elsa-all.xml.bz2",
        state: "oracle",
        ecosystem: "Oracle Linux",
        names: &[],
    }],
    record_page: "https://linux.oracle.com/errata/{}.html",
};

impl Feed for Oracle {
    fn meta(&self) -> &'static FeedMeta {
        &META
    }

    fn parse(&self, document: &mut Document<'_>, sink: &mut Sink<'_>) -> Result<(), FeedError> {
        let dialect = oval::Dialect {
            key: None,
            platform: &|name| {
                let release = name.strip_prefix("Oracle Linux ")?;
                Some(EcosystemKey::new(&format!("Oracle Linux:{release}")))
            },
            product: &oval::none,
        };
        oval::parse(document, &dialect, sink)
    }
}
