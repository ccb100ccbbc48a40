//! Photon OS: the table of flaws that its vendor publishes for each release, and its older OVAL documents.
//!
//! The table is a list of objects, a row for each flaw and package: `cve_id`, `pkg`, `cve_score`, `aff_ver` (in
//! words: `all versions before 3.27.2-5.ph3 are vulnerable`), `res_ver`, the version with the fix.

use std::io::Read as _;

use serde::Deserialize;
use serde_json::Value;

use super::document::{Document, Flow, Sink};
use super::{DocumentTemplate, Feed, FeedMeta, oval};
use crate::FeedError;
use crate::advisory::{Advisory, Affected, Claim};
use crate::key::EcosystemKey;
use crate::rating::Rating;

/// The feed.
#[derive(Debug)]
pub(super) struct Photon;

static META: FeedMeta = FeedMeta {
    id: "photon",
    title: "Photon OS security metadata",
    docs: "https://packages.vmware.com/photon/photon_cve_metadata/",
    base_setting: "feeds.photon",
    base: "https://packages.vmware.com/photon",
    documents: &[
        DocumentTemplate {
            path: "photon/cve_data_photon{}.json",
            url: "photon_cve_metadata/cve_data_photon{}.json",
            state: "photon/{}",
            ecosystem: "Photon OS:{}",
            names: &["1.0", "2.0", "3.0", "4.0", "5.0"],
        },
        DocumentTemplate {
            path: "photon/com.vmware.phsa-photon{}.xml.gz",
            url: "",
            state: "photon/{}",
            ecosystem: "Photon OS:{}",
            names: &[],
        },
    ],
    record_page: "",
};

/// Tables have a few megabytes.
const LIMIT: u64 = 256 << 20;

#[derive(Deserialize)]
struct Row {
    cve_id: String,
    pkg: String,
    cve_score: Option<Value>,
    res_ver: Option<String>,
    #[serde(default)]
    aff_ver: String,
    status: Option<String>,
}

impl Feed for Photon {
    fn meta(&self) -> &'static FeedMeta {
        &META
    }

    fn parse(&self, document: &mut Document<'_>, sink: &mut Sink<'_>) -> Result<(), FeedError> {
        let key = EcosystemKey::new(&format!("Photon OS:{}", document.name()));
        if is_xml(document)? {
            let dialect = oval::Dialect {
                key: Some(key),
                platform: &oval::none,
                product: &oval::none,
            };
            return oval::parse(document, &dialect, sink);
        }
        let bytes = document.bytes(LIMIT)?;
        let rows: Vec<Value> =
            serde_json::from_slice(&bytes).map_err(|source| document.json(source))?;
        sink.covers(key.clone());
        for (place, row) in rows.into_iter().enumerate() {
            match serde_json::from_value::<Row>(row) {
                Err(error) => sink.problem(format!("row {place}"), error.to_string()),
                Ok(row) => {
                    if take(row, &key, sink) == Flow::Stop {
                        break;
                    }
                }
            }
        }
        Ok(())
    }
}

/// The older documents are XML; the table is JSON.
fn is_xml(document: &Document<'_>) -> Result<bool, FeedError> {
    let mut head = Vec::new();
    document
        .unpacked(LIMIT)?
        .take(64)
        .read_to_end(&mut head)
        .map_err(|error| document.read(error))?;
    Ok(head.trim_ascii_start().starts_with(b"<"))
}

fn take(row: Row, key: &EcosystemKey, sink: &mut Sink<'_>) -> Flow {
    if row.status.as_deref() == Some("Not Affected") {
        let never = Affected::new(key.clone(), row.pkg, Claim::Never);
        return hand_on(row.cve_id, Vec::new(), never, sink);
    }
    let fixed = row.res_ver.filter(|version| {
        let version = version.trim();
        !matches!(version, "" | "NA" | "N/A" | "None")
    });
    let claim = match fixed {
        Some(version) => Claim::before(version.trim().trim_start_matches("0:")),
        None => Claim::every(),
    };
    let score = match &row.cve_score {
        Some(Value::Number(number)) => number.as_f64(),
        Some(Value::String(text)) => text.trim().parse().ok(),
        _ => None,
    };
    // 0 stands for a flaw that nobody has rated.
    let ratings = score
        .filter(|score| *score > 0.0)
        .and_then(|score| Rating::from_score(score).ok());
    let mut affected = Affected::new(key.clone(), row.pkg, claim);
    affected.note = row.aff_ver;
    hand_on(row.cve_id, ratings.into_iter().collect(), affected, sink)
}

fn hand_on(id: String, ratings: Vec<Rating>, affected: Affected, sink: &mut Sink<'_>) -> Flow {
    sink.advisory(Advisory {
        record: id.clone(),
        id,
        ratings,
        affected: vec![affected],
        ..Advisory::default()
    })
}
