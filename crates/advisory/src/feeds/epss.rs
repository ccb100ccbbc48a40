//! The scores of the Exploit Prediction Scoring System: how likely each flaw is to be exploited in the next
//! thirty days. Marks flaws by CVE id and knows no packages.
//!
//! Source: <https://www.first.org/epss/data_stats>. The first line is a comment with the version of the model
//! and the day, `#model_version:v2025.03.14,score_date:2025-11-01T12:55:00Z`, the second names the columns
//! `cve,epss,percentile`, then a line for each flaw; no field is ever quoted. Files from before 2022 have no
//! comment.

use std::io::{BufRead as _, BufReader, Read as _};

use jiff::civil::Date;
use jiff::tz::TimeZone;
use plimsoll_model::advisory::Epss as Score;

use super::document::{Document, Flow, Sink};
use super::{DocumentTemplate, Feed, FeedMeta};
use crate::FeedError;
use crate::advisory::{Advisory, Role};

/// The feed.
#[derive(Debug)]
pub(super) struct Epss;

static META: FeedMeta = FeedMeta {
    id: "epss",
    title: "Exploit Prediction Scoring System of FIRST",
    docs: "https://www.first.org/epss/data_stats",
    base_setting: "feeds.epss",
    base: "https://epss.empiricalsecurity.com",
    documents: &[
        DocumentTemplate {
            path: "epss/epss_scores-current.csv.gz",
            url: "epss_scores-current.csv.gz",
            state: "epss",
            ecosystem: "",
            names: &[],
        },
        DocumentTemplate {
            path: "epss/{}.csv",
            url: "",
            state: "epss",
            ecosystem: "",
            names: &[],
        },
    ],
    record_page: "https://api.first.org/data/v1/epss?cve={}",
};

/// The longest line that is read; a line of the file has about forty bytes.
const LINE_LIMIT: u64 = 4096;
/// The file has about ten megabytes.
const LIMIT: u64 = 1 << 30;
/// Lines in a row that are no scores, before the document is taken for something else.
const WRONG_LIMIT: u32 = 100;

impl Feed for Epss {
    fn meta(&self) -> &'static FeedMeta {
        &META
    }

    fn parse(&self, document: &mut Document<'_>, sink: &mut Sink<'_>) -> Result<(), FeedError> {
        let mut reader = BufReader::new(document.inflated()?.take(LIMIT));
        let mut line = Vec::new();
        let mut place = 0_u64;
        let mut wrong = 0_u32;
        let mut date = None;
        let mut columns = false;
        loop {
            line.clear();
            let mut limited = (&mut reader).take(LINE_LIMIT);
            let read = limited.read_until(b'\n', &mut line);
            if read.map_err(|error| document.read(error))? == 0 {
                break;
            }
            place = place.saturating_add(1);
            let text = String::from_utf8_lossy(&line);
            let text = text.trim_end();
            if let Some(comment) = text.strip_prefix('#') {
                date = date.or_else(|| score_date(comment));
            } else if !columns {
                if text != "cve,epss,percentile" {
                    return Err(document.shape("it has no columns `cve,epss,percentile`"));
                }
                columns = true;
                if date.is_none() {
                    return Err(document.shape("it does not tell for which day it is"));
                }
            } else if let Some((cve, score)) = date.and_then(|date| row(text, date)) {
                wrong = 0;
                if sink.advisory(mark(cve, score)) == Flow::Stop {
                    return Ok(());
                }
            } else if !text.is_empty() {
                wrong = wrong.saturating_add(1);
                sink.problem(format!("line {place}"), "it is no score of a flaw");
                if wrong > WRONG_LIMIT {
                    return Err(document.shape("it has too many lines that are no scores"));
                }
            }
        }
        if !columns {
            return Err(document.shape("it has no columns `cve,epss,percentile`"));
        }
        if let Some(date) = date
            && let Ok(midnight) = date.to_zoned(TimeZone::UTC)
        {
            sink.dated(midnight.timestamp());
        }
        Ok(())
    }
}

fn mark(cve: &str, score: Score) -> Advisory {
    Advisory {
        record: cve.to_owned(),
        id: cve.to_owned(),
        epss: Some(score),
        role: Role::Adds,
        ..Advisory::default()
    }
}

/// The day of `model_version:…,score_date:2024-10-15T00:00:00+0000`.
fn score_date(comment: &str) -> Option<Date> {
    let (_, rest) = comment.split_once("score_date:")?;
    let day = rest.get(..10)?;
    day.parse().ok()
}

fn row(text: &str, date: Date) -> Option<(&str, Score)> {
    let mut columns = text.split(',');
    let cve = columns.next()?.trim();
    let mut share = || -> Option<f64> {
        let share: f64 = columns.next()?.trim().parse().ok()?;
        (0.0..=1.0).contains(&share).then_some(share)
    };
    let score = Score {
        probability: share()?,
        percentile: share()?,
        date,
    };
    cve.starts_with("CVE-").then_some((cve, score))
}
