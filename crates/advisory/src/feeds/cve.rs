//! The CVE list in its own format, JSON 5, with the additions of authorised publishers, above all CISA's
//! "vulnrichment".
//!
//! Source: <https://github.com/CVEProject/cve-schema> (`CVE_Record_Format`). Who assigned an id writes the
//! container `cna`, others write `adp[]`; each may rate the flaw by any CVSS version. `state` is `PUBLISHED` or
//! `REJECTED`; the tag `disputed` stands in the container of the assigner.
//!
//! It is published as a repository with a file for each record; CISA's own repository has the same shape. It
//! rates flaws of which other feeds tell, and joins them by CVE id.

use plimsoll_model::Severity;
use plimsoll_model::advisory::Doubt;
use serde::Deserialize;
use serde_json::Value;

use super::document::{Document, Flow, Sink};
use super::rated::{CvssObject, adp, says_disputed, timestamp};
use super::{DocumentTemplate, Feed, FeedMeta, archive};
use crate::FeedError;
use crate::advisory::{Advisory, Role};
use crate::rating::{Rater, Rating};

/// The feed.
#[derive(Debug)]
pub(super) struct Cve;

static META: FeedMeta = FeedMeta {
    id: "cve",
    title: "CVE list with CISA's additions, ratings of CVE records",
    docs: "https://github.com/CVEProject/cve-schema",
    base_setting: "feeds.cve",
    base: "https://github.com/CVEProject/cvelistV5/archive/refs/heads",
    documents: &[
        DocumentTemplate {
            path: "cve/main.zip",
            url: "main.zip",
            state: "cve",
            ecosystem: "CVE",
            names: &[],
        },
        // One record alone, as the web service of the CVE program answers.
        DocumentTemplate {
            path: "cve/{}.json",
            url: "",
            state: "cve",
            ecosystem: "CVE",
            names: &[],
        },
        // CISA's repository: https://github.com/cisagov/vulnrichment/archive/refs/heads/develop.zip
        DocumentTemplate {
            path: "cve/vulnrichment.zip",
            url: "",
            state: "cve",
            ecosystem: "CVE",
            names: &[],
        },
    ],
    record_page: "https://www.cve.org/CVERecord?id={}",
};

/// One record has at most a few megabytes.
const LIMIT: u64 = 64 << 20;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Record {
    data_type: String,
    cve_metadata: Metadata,
    containers: Containers,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Metadata {
    cve_id: String,
    state: String,
    date_published: Option<String>,
    date_updated: Option<String>,
    date_rejected: Option<String>,
}

#[derive(Deserialize)]
struct Containers {
    cna: Container,
    #[serde(default)]
    adp: Vec<Container>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Container {
    provider_metadata: Option<Provider>,
    #[serde(default)]
    title: String,
    #[serde(default)]
    descriptions: Vec<Text>,
    #[serde(default)]
    tags: Vec<String>,
    #[serde(default)]
    metrics: Vec<Metric>,
    #[serde(default)]
    references: Vec<Reference>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Provider {
    #[serde(default)]
    org_id: String,
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

#[derive(Deserialize)]
struct Metric {
    #[serde(rename = "cvssV4_0")]
    v40: Option<CvssObject>,
    #[serde(rename = "cvssV3_1")]
    v31: Option<CvssObject>,
    #[serde(rename = "cvssV3_0")]
    v30: Option<CvssObject>,
    #[serde(rename = "cvssV2_0")]
    v20: Option<CvssObject>,
    other: Option<Other>,
}

/// A rating by another scale. Its content has no fixed shape.
#[derive(Deserialize)]
struct Other {
    #[serde(default)]
    content: Value,
}

impl Feed for Cve {
    fn meta(&self) -> &'static FeedMeta {
        &META
    }

    fn parse(&self, document: &mut Document<'_>, sink: &mut Sink<'_>) -> Result<(), FeedError> {
        if !document.begins_with(b"PK")? {
            let bytes = document.bytes(LIMIT)?;
            let record: Record =
                serde_json::from_slice(&bytes).map_err(|source| document.json(source))?;
            take(record, sink);
            return Ok(());
        }
        // The repository has indices of changes beside the records.
        let wanted = |member: &str| {
            archive::file_name(member).starts_with("CVE-") && archive::has_extension(member, "json")
        };
        let read =
            archive::members(
                document,
                wanted,
                &mut |member, bytes| match serde_json::from_slice::<Record>(bytes) {
                    Ok(record) => take(record, sink),
                    Err(error) => {
                        sink.problem(archive::file_name(member), error.to_string());
                        Flow::GoOn
                    }
                },
            )?;
        if read == 0 {
            return Err(document.shape("it holds no record"));
        }
        Ok(())
    }
}

fn take(record: Record, sink: &mut Sink<'_>) -> Flow {
    let meta = record.cve_metadata;
    if record.data_type != "CVE_RECORD" {
        sink.problem(meta.cve_id, "its `dataType` is not `CVE_RECORD`");
        return Flow::GoOn;
    }
    let mut date = |text: Option<String>| {
        let text = text?;
        let date = timestamp(&text);
        if date.is_none() {
            let shown: String = text.chars().take(60).collect();
            sink.problem(meta.cve_id.clone(), format!("`{shown}` is no date"));
        }
        date
    };
    let (published, modified) = (date(meta.date_published), date(meta.date_updated));
    let taken_back = date(meta.date_rejected);
    let Containers { cna, adp: others } = record.containers;
    let mut problems = Vec::new();
    let (mut ratings, word) = rate(&cna.metrics, Rater::Cna, &mut problems);
    for other in &others {
        let organisation = other.provider_metadata.as_ref();
        let by = adp(organisation.map_or("", |provider| &provider.org_id));
        ratings.extend(rate(&other.metrics, by, &mut problems).0);
    }
    for reason in problems {
        sink.problem(meta.cve_id.clone(), reason);
    }
    let english = cna
        .descriptions
        .into_iter()
        .find(|text| text.lang.starts_with("en"));
    let description = english.map(|text| text.value).unwrap_or_default();
    let rejected = meta.state.eq_ignore_ascii_case("rejected");
    let disputed = cna.tags.iter().any(|tag| tag == "disputed") || says_disputed(&description);
    let references = cna.references.into_iter();
    sink.advisory(Advisory {
        record: meta.cve_id.clone(),
        id: meta.cve_id,
        ratings,
        word,
        title: cna.title,
        description,
        references: references.map(|reference| reference.url).collect(),
        published,
        modified,
        withdrawn: rejected.then(|| taken_back.or(modified).unwrap_or_default()),
        doubt: if rejected {
            Some(Doubt::Rejected)
        } else {
            disputed.then_some(Doubt::Disputed)
        },
        role: Role::Adds,
        ..Advisory::default()
    })
}

/// The ratings of one container, and its worst rating in a word.
fn rate(
    metrics: &[Metric],
    by: Rater,
    problems: &mut Vec<String>,
) -> (Vec<Rating>, Option<Severity>) {
    let mut ratings = Vec::new();
    let mut word = None;
    for metric in metrics {
        let objects = [&metric.v40, &metric.v31, &metric.v30, &metric.v20];
        for object in objects.into_iter().flatten() {
            match object.rating(by) {
                Ok(rating) if ratings.contains(&rating) => {}
                Ok(rating) => ratings.push(rating),
                Err(reason) => problems.push(reason),
            }
        }
        let content = metric.other.as_ref().map(|other| &other.content);
        // `{"value": "Moderate", "namespace": …}` of Red Hat, `{"other": "critical"}` of Apache.
        let text = content.and_then(|content| content.get("value").or(content.get("other")));
        word = word.max(text.and_then(Value::as_str).and_then(Severity::from_word));
    }
    (ratings, word)
}
