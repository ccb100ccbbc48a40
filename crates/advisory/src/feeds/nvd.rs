//! NVD, the National Vulnerability Database: what its API 2.0 answers, and its yearly files, which have the same
//! shape.
//!
//! Source: <https://nvd.nist.gov/developers/vulnerabilities> and its schema
//! `cve_api_json_2.0.schema`. `vulnerabilities[].cve` has an id, dates in UTC, a state (`vulnStatus`; `Rejected`
//! was taken back), tags of the assigner (`disputed`), descriptions and metrics of every CVSS version, each with
//! its `source`: NVD itself, CISA, or who assigned the id.
//!
//! It rates flaws of which other feeds tell, and joins them by CVE id. Its own statements of products are taken for
//! programs without a package alone, see [`super::cpe`].

use plimsoll_model::advisory::Doubt;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::cpe::{self, Configuration};
use super::document::{Document, Flow, Sink};
use super::rated::{CvssObject, rater, says_disputed, timestamp};
use super::{DocumentTemplate, Feed, FeedMeta, stream};
use crate::FeedError;
use crate::advisory::{Advisory, Role};
use crate::key::EcosystemKey;
use crate::program;

/// The feed.
#[derive(Debug)]
pub(super) struct Nvd;

static META: FeedMeta = FeedMeta {
    id: "nvd",
    title: "NVD, ratings of CVE records",
    docs: "https://nvd.nist.gov/developers/vulnerabilities",
    base_setting: "feeds.nvd",
    base: "https://nvd.nist.gov/feeds/json/cve/2.0",
    documents: &[
        DocumentTemplate {
            path: "nvd/nvdcve-2.0-{}.json.gz",
            url: "nvdcve-2.0-{}.json.gz",
            state: "nvd",
            ecosystem: "NVD",
            names: &[
                "2002", "2003", "2004", "2005", "2006", "2007", "2008", "2009", "2010", "2011",
                "2012", "2013", "2014", "2015", "2016", "2017", "2018", "2019", "2020", "2021",
                "2022", "2023", "2024", "2025", "2026",
            ],
        },
        // Answers of the API, a page each, or the yearly files unpacked.
        DocumentTemplate {
            path: "nvd/{}.json",
            url: "",
            state: "nvd",
            ecosystem: "NVD",
            names: &[],
        },
    ],
    record_page: "https://nvd.nist.gov/vuln/detail/{}",
};

#[derive(Deserialize)]
struct Element {
    cve: Cve,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Cve {
    id: String,
    published: Option<String>,
    last_modified: Option<String>,
    #[serde(default)]
    vuln_status: String,
    #[serde(rename = "cveTags")]
    tags: Option<Vec<Tags>>,
    #[serde(default)]
    descriptions: Vec<Text>,
    metrics: Option<Metrics>,
    configurations: Option<Vec<Configuration>>,
    references: Option<Vec<Reference>>,
}

#[derive(Deserialize)]
struct Tags {
    #[serde(default)]
    tags: Vec<String>,
}

#[derive(Deserialize)]
struct Text {
    lang: String,
    value: String,
}

#[derive(Deserialize)]
struct Reference {
    url: String,
}

/// Newest version first. The object has members of other kinds too (`ssvcV203`).
#[derive(Deserialize, Default)]
struct Metrics {
    #[serde(rename = "cvssMetricV40", default)]
    v40: Vec<Metric>,
    #[serde(rename = "cvssMetricV31", default)]
    v31: Vec<Metric>,
    #[serde(rename = "cvssMetricV30", default)]
    v30: Vec<Metric>,
    #[serde(rename = "cvssMetricV2", default)]
    v2: Vec<Metric>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Metric {
    source: String,
    cvss_data: CvssObject,
}

impl Feed for Nvd {
    fn meta(&self) -> &'static FeedMeta {
        &META
    }

    fn parse(&self, document: &mut Document<'_>, sink: &mut Sink<'_>) -> Result<(), FeedError> {
        let mut date = None;
        let mut is_nvd = false;
        let mut place = 0_u64;
        let mut header = |key: &str, value: &RawValue| {
            let text = serde_json::from_str::<String>(value.get()).unwrap_or_default();
            match key {
                "timestamp" => date = timestamp(&text),
                "format" => is_nvd |= text == "NVD_CVE",
                _ => {}
            }
        };
        stream::elements(document, "vulnerabilities", &mut header, &mut |raw| {
            place = place.saturating_add(1);
            match serde_json::from_str::<Element>(raw.get()) {
                Ok(element) => take(element.cve, sink),
                Err(error) => {
                    sink.problem(format!("record {place}"), error.to_string());
                    Flow::GoOn
                }
            }
        })?;
        sink.covers(EcosystemKey::new(program::KEY));
        if !is_nvd {
            return Err(document.shape("its `format` is not `NVD_CVE`"));
        }
        if let Some(date) = date {
            sink.dated(date);
        }
        Ok(())
    }
}

fn take(cve: Cve, sink: &mut Sink<'_>) -> Flow {
    let mut date = |text: Option<String>| {
        let text = text?;
        let date = timestamp(&text);
        if date.is_none() {
            let shown: String = text.chars().take(60).collect();
            sink.problem(cve.id.clone(), format!("`{shown}` is no date"));
        }
        date
    };
    let (published, modified) = (date(cve.published), date(cve.last_modified));
    let english = cve
        .descriptions
        .into_iter()
        .find(|text| text.lang == "en" || text.lang.starts_with("en-"));
    let description = english.map(|text| text.value).unwrap_or_default();
    let mut tags = cve.tags.iter().flatten().flat_map(|tags| &tags.tags);
    let rejected = cve.vuln_status.eq_ignore_ascii_case("rejected");
    let disputed = tags.any(|tag| tag == "disputed") || says_disputed(&description);
    let mut ratings = Vec::new();
    let metrics = cve.metrics.unwrap_or_default();
    let metrics = [metrics.v40, metrics.v31, metrics.v30, metrics.v2];
    for metric in metrics.iter().flatten() {
        match metric.cvss_data.rating(rater(&metric.source)) {
            Ok(rating) => ratings.push(rating),
            Err(reason) => sink.problem(cve.id.clone(), reason),
        }
    }
    sink.advisory(Advisory {
        record: cve.id.clone(),
        id: cve.id,
        ratings,
        description,
        references: (cve.references.into_iter().flatten())
            .map(|reference| reference.url)
            .collect(),
        published,
        modified,
        // The day is not told; it was not later than the last change.
        withdrawn: rejected.then(|| modified.unwrap_or_default()),
        doubt: if rejected {
            Some(Doubt::Rejected)
        } else {
            disputed.then_some(Doubt::Disputed)
        },
        role: Role::Adds,
        affected: cpe::affected(&cve.configurations.unwrap_or_default()),
        ..Advisory::default()
    })
}
