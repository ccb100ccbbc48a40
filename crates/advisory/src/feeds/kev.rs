//! CISA's catalogue of known exploited vulnerabilities. It marks flaws by CVE id and knows no packages.

use jiff::Timestamp;
use jiff::civil::Date;
use plimsoll_model::advisory::KnownExploited;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::document::{Document, Flow, Sink};
use super::{DocumentTemplate, Feed, FeedMeta};
use crate::FeedError;
use crate::advisory::Advisory;

/// The feed.
#[derive(Debug)]
pub(super) struct Kev;

static META: FeedMeta = FeedMeta {
    id: "kev",
    title: "CISA known exploited vulnerabilities",
    docs: "https://www.cisa.gov/known-exploited-vulnerabilities-catalog",
    base_setting: "feeds.kev",
    base: "https://www.cisa.gov/sites/default/files/feeds",
    documents: &[DocumentTemplate {
        path: "kev/known_exploited_vulnerabilities.json",
        url: "known_exploited_vulnerabilities.json",
        state: "kev",
        ecosystem: "",
        names: &[],
    }],
    record_page: "",
};

/// The catalogue has about one megabyte.
const LIMIT: u64 = 128 << 20;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Catalogue<'a> {
    date_released: Option<Timestamp>,
    #[serde(borrow)]
    vulnerabilities: Vec<&'a RawValue>,
}

#[derive(Deserialize)]
struct Entry {
    #[serde(rename = "cveID")]
    cve: String,
    #[serde(rename = "vulnerabilityName", default)]
    name: String,
    #[serde(rename = "shortDescription", default)]
    description: String,
    #[serde(rename = "dateAdded", default)]
    added: Option<String>,
    #[serde(rename = "dueDate", default)]
    due: Option<String>,
    /// `Known` or `Unknown`.
    #[serde(rename = "knownRansomwareCampaignUse", default)]
    ransomware: String,
}

impl Feed for Kev {
    fn meta(&self) -> &'static FeedMeta {
        &META
    }

    fn parse(&self, document: &mut Document<'_>, sink: &mut Sink<'_>) -> Result<(), FeedError> {
        let bytes = document.bytes(LIMIT)?;
        let catalogue: Catalogue<'_> =
            serde_json::from_slice(&bytes).map_err(|source| document.json(source))?;
        if let Some(date) = catalogue.date_released {
            sink.dated(date);
        }
        for (place, raw) in catalogue.vulnerabilities.into_iter().enumerate() {
            let entry: Entry = match serde_json::from_str(raw.get()) {
                Ok(entry) => entry,
                Err(error) => {
                    sink.problem(format!("entry {place}"), error.to_string());
                    continue;
                }
            };
            let mut date = |text: Option<String>| {
                let text = text?;
                let date: Option<Date> = text.parse().ok();
                if date.is_none() {
                    let shown: String = text.chars().take(60).collect();
                    sink.problem(entry.cve.clone(), format!("`{shown}` is no date"));
                }
                date
            };
            let exploited = KnownExploited {
                added: date(entry.added),
                due: date(entry.due),
                ransomware: entry.ransomware.eq_ignore_ascii_case("known"),
            };
            let flow = sink.advisory(Advisory {
                record: entry.cve.clone(),
                id: entry.cve,
                title: entry.name,
                description: entry.description,
                exploited: Some(exploited),
                ..Advisory::default()
            });
            if flow == Flow::Stop {
                break;
            }
        }
        Ok(())
    }
}
