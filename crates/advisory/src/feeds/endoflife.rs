//! endoflife.date: support dates of distributions. It knows no advisories.

use jiff::Timestamp;
use jiff::civil::Date;
use plimsoll_model::lifecycle::Lifecycle;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::document::{Document, Sink};
use super::{DocumentTemplate, Feed, FeedMeta};
use crate::FeedError;

/// The feed.
#[derive(Debug)]
pub(super) struct EndOfLife;

static META: FeedMeta = FeedMeta {
    id: "endoflife",
    title: "endoflife.date, support dates",
    docs: "https://endoflife.date/docs/api/v1/",
    base_setting: "feeds.endoflife",
    base: "https://endoflife.date/api/v1",
    documents: &[DocumentTemplate {
        path: "endoflife/products-full.json",
        url: "products/full",
        state: "endoflife",
        ecosystem: "",
        names: &[],
    }],
    record_page: "https://endoflife.date/{}",
};

/// The document has about five megabytes.
const LIMIT: u64 = 256 << 20;

/// The tag of products that are distributions of Linux.
const DISTRIBUTION: &str = "linux-distribution";

/// Products whose name is not the `ID` of their os-release.
const IDS: &[(&str, &str)] = &[
    ("alpine-linux", "alpine"),
    ("amazon-linux", "amzn"),
    ("clear-linux", "clear-linux-os"),
    ("opensuse", "opensuse-leap"),
    ("oracle-linux", "ol"),
    ("pop-os", "pop"),
    ("rocky-linux", "rocky"),
    ("suse-linux-micro", "sl-micro"),
];

#[derive(Deserialize)]
struct Products<'a> {
    generated_at: Option<Timestamp>,
    #[serde(borrow)]
    result: Vec<&'a RawValue>,
}

#[derive(Deserialize)]
struct Product {
    name: String,
    #[serde(default)]
    tags: Vec<String>,
    #[serde(default)]
    releases: Vec<Release>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Release {
    name: String,
    eoas_from: Option<Date>,
    eol_from: Option<Date>,
    eoes_from: Option<Date>,
}

impl Feed for EndOfLife {
    fn meta(&self) -> &'static FeedMeta {
        &META
    }

    fn parse(&self, document: &mut Document<'_>, sink: &mut Sink<'_>) -> Result<(), FeedError> {
        let bytes = document.bytes(LIMIT)?;
        let products: Products<'_> =
            serde_json::from_slice(&bytes).map_err(|source| document.json(source))?;
        if let Some(date) = products.generated_at {
            sink.dated(date);
        }
        for (place, raw) in products.result.into_iter().enumerate() {
            match serde_json::from_str::<Product>(raw.get()) {
                Ok(product) => distribution(product, sink),
                Err(error) => sink.problem(format!("product {place}"), error.to_string()),
            }
        }
        Ok(())
    }
}

fn distribution(product: Product, sink: &mut Sink<'_>) {
    if !product.tags.iter().any(|tag| tag == DISTRIBUTION) {
        return;
    }
    let id = IDS
        .iter()
        .find(|(name, _)| *name == product.name)
        .map_or(product.name.as_str(), |(_, id)| id);
    for release in product.releases {
        sink.lifecycle(Lifecycle {
            id: id.to_owned(),
            // `VERSION_ID` is lower case by os-release(5).
            cycle: release.name.to_lowercase(),
            active: release.eoas_from,
            security: release.eol_from,
            extended: release.eoes_from,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::feeds::Flow;

    fn said(text: &str) -> Result<crate::feeds::Said, FeedError> {
        let mut out = |_| Flow::GoOn;
        let mut sink = Sink::new(&mut out);
        EndOfLife.parse(&mut Document::held("test", "", text.as_bytes()), &mut sink)?;
        Ok(sink.into_said())
    }

    #[test]
    fn distributions_are_read_and_the_rest_is_not() {
        let said = said(
            r#"{"schema_version": "1.2.1", "generated_at": "2026-08-22T08:52:34+00:00", "result": [
                {"name": "amazon-linux", "tags": ["linux-distribution", "os"], "releases": [
                    {"name": "2", "eoasFrom": null, "eolFrom": "2026-06-30"}]},
                {"name": "nodejs", "tags": ["lang"], "releases": [{"name": "22"}]},
                {"name": "broken", "tags": ["linux-distribution"], "releases": [{"name": "1", "eolFrom": "soon"}]}
            ]}"#,
        )
        .unwrap();
        assert_eq!(
            said.lifecycles,
            [Lifecycle {
                id: "amzn".into(),
                cycle: "2".into(),
                active: None,
                security: Some("2026-06-30".parse().unwrap()),
                extended: None,
            }]
        );
        assert!(said.newest.is_some());
        assert_eq!(said.problems.len(), 1, "{:?}", said.problems);
        assert_eq!(said.problems[0].0, "product 2");
    }

    #[test]
    fn what_is_no_such_document_is_refused() {
        for text in ["", "{}", "[]", r#"{"result": {}}"#] {
            assert!(said(text).is_err(), "{text}");
        }
    }
}
