//! Red Hat's OVAL documents, versions 1 and 2, which it no longer renews: for mirrors that have them, and for releases
//! that ended before Red Hat published VEX.
//!
//! The products of a definition are in `affected_cpe_list`; where there is none, the release that must be installed
//! counts. `affected/resolution` says of components without a fix what Red Hat intends.

use super::document::{Document, Sink};
use super::{DocumentTemplate, Feed, FeedMeta, oval, red_hat};
use crate::FeedError;
use crate::key::EcosystemKey;

/// The feed.
#[derive(Debug)]
pub(super) struct RedHatOval;

macro_rules! template {
    ($path:literal) => {
        DocumentTemplate {
            path: $path,
            url: "",
            state: "redhat-oval/{}",
            ecosystem: "Red Hat",
            names: &[],
        }
    };
}

static META: FeedMeta = FeedMeta {
    id: "redhat-oval",
    title: "Red Hat OVAL definitions",
    docs: "https://www.redhat.com/security/data/oval/v2/",
    base_setting: "feeds.redhat-oval",
    base: "",
    documents: &[
        template!("redhat/oval/{}.xml.bz2"),
        template!("redhat/oval/{}.xml.gz"),
        template!("redhat/oval/{}.xml"),
    ],
    record_page: "https://access.redhat.com/errata/{}",
};

impl Feed for RedHatOval {
    fn meta(&self) -> &'static FeedMeta {
        &META
    }

    fn parse(&self, document: &mut Document<'_>, sink: &mut Sink<'_>) -> Result<(), FeedError> {
        let dialect = oval::Dialect {
            key: None,
            platform: &|name| {
                let release = name.strip_prefix("Red Hat Enterprise Linux ")?;
                let major: String = release.chars().take_while(char::is_ascii_digit).collect();
                (!major.is_empty()).then(|| EcosystemKey::new(&format!("Red Hat:{major}")))
            },
            product: &red_hat::product,
        };
        oval::parse(document, &dialect, sink)
    }
}
