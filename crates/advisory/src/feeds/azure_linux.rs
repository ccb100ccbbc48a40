//! Azure Linux's flaws, OVAL, a document for each release; the first two were called CBL-Mariner.
//!
//! Packages are source packages. `patchable` is `false` for flaws without a fix, then the criterion names the newest
//! version that is known to have it, and `Not Applicable` for flaws that the release never had (trap T86).

use super::document::{Document, Sink};
use super::{DocumentTemplate, Feed, FeedMeta, oval};
use crate::FeedError;
use crate::key::EcosystemKey;

/// The feed.
#[derive(Debug)]
pub(super) struct AzureLinux;

static META: FeedMeta = FeedMeta {
    id: "azure-linux",
    title: "Azure Linux vulnerability data",
    docs: "https://github.com/microsoft/AzureLinuxVulnerabilityData",
    base_setting: "feeds.azure-linux",
    base: "https://raw.githubusercontent.com/microsoft/AzureLinuxVulnerabilityData/main",
    documents: &[
        DocumentTemplate {
            path: "azurelinux/azurelinux-{}-oval.xml",
            url: "azurelinux-{}-oval.xml",
            state: "azure-linux/{}",
            ecosystem: "Azure Linux:{}",
            names: &["3.0"],
        },
        DocumentTemplate {
            path: "azurelinux/cbl-mariner-{}-oval.xml",
            url: "cbl-mariner-{}-oval.xml",
            state: "azure-linux/{}",
            ecosystem: "Azure Linux:{}",
            names: &["1.0", "2.0"],
        },
    ],
    record_page: "",
};

impl Feed for AzureLinux {
    fn meta(&self) -> &'static FeedMeta {
        &META
    }

    fn parse(&self, document: &mut Document<'_>, sink: &mut Sink<'_>) -> Result<(), FeedError> {
        let key = EcosystemKey::new(&format!("Azure Linux:{}", document.name()));
        let dialect = oval::Dialect {
            key: Some(key),
            platform: &oval::none,
            product: &oval::none,
        };
        oval::parse(document, &dialect, sink)
    }
}
