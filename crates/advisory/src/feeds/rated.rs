//! What NVD and the CVE list share: CVSS objects, who gave them, and dates.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde::Deserialize;

use crate::rating::{Rater, Rating};

/// CISA's organisation in the CVE program, under which it publishes its additions ("vulnrichment").
const CISA_ADP: &str = "134c704f-9b21-4f2e-91b3-4a467353bcc0";
/// NVD's analysts.
const NVD: &str = "nvd@nist.gov";

/// A CVSS object by the schemas of FIRST (<https://www.first.org/cvss/cvss-v3.1.json> and its siblings).
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CvssObject {
    vector_string: Option<String>,
    base_score: Option<f64>,
}

impl CvssObject {
    /// The rating. The score is the published one, as a vector may have metrics beyond the base.
    pub(super) fn rating(&self, by: Rater) -> Result<Rating, String> {
        let rating = match (&self.vector_string, self.base_score) {
            (Some(vector), None) => Rating::from_vector(vector),
            (Some(vector), Some(score)) => Rating::from_vector(vector).and_then(|rating| {
                Ok(Rating {
                    vector: rating.vector,
                    ..Rating::from_score(score)?
                })
            }),
            (None, Some(score)) => Rating::from_score(score),
            (None, None) => return Err("a CVSS object has neither vector nor score".to_owned()),
        };
        rating
            .map(|rating| rating.by(by))
            .map_err(|error| error.to_string())
    }
}

/// Who stands behind an organisation's address or id; all others are who assigned the id.
pub(super) fn rater(organisation: &str) -> Rater {
    match organisation {
        NVD => Rater::Nvd,
        CISA_ADP => Rater::CisaAdp,
        _ => Rater::Cna,
    }
}

/// Who stands behind a container of additions.
pub(super) fn adp(organisation: &str) -> Rater {
    match organisation {
        CISA_ADP => Rater::CisaAdp,
        _ => Rater::Adp,
    }
}

/// A date that may lack its zone, and is then of UTC.
pub(super) fn timestamp(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if let Ok(timestamp) = text.parse() {
        return Some(timestamp);
    }
    let naive: DateTime = text.parse().ok()?;
    Some(naive.to_zoned(TimeZone::UTC).ok()?.timestamp())
}

/// Whether a text of a rejected record says so in words, as old records do.
pub(super) fn says_disputed(description: &str) -> bool {
    let begin = description.trim_start_matches(['*', ' ']);
    begin.starts_with("DISPUTED")
}
