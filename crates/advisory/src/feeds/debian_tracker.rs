//! The Debian security tracker: `{source package: {id: {releases: {codename: {…}}}}}`.
//!
//! Source: <https://security-tracker.debian.org/tracker/data/json> and the tracker's documentation. For each
//! release a flaw is
//!
//! - `resolved` with `fixed_version`, where `0` says that the release never had it;
//! - `open`: the version in the archive has it. `fixed_version` is then a version that is not there yet.
//! - `undetermined`: nobody has looked.
//!
//! `urgency` is the vendor's rating: `unimportant` is kept as negligible, a rating with `**` comes from NVD
//! and not from Debian, and `end-of-life` is a state and no rating. `nodsa` with `nodsa_reason` tells why
//! there is no advisory: nothing for "too minor", `postponed`, or `ignored` for "will not be fixed".
//!
//! Entries of sid are left out: they say what will be, and an image of a release without a number cannot be
//! judged.

use std::collections::{BTreeMap, BTreeSet};

use plimsoll_model::Severity;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::document::{Document, Flow, Sink};
use super::{DocumentTemplate, Feed, FeedMeta};
use crate::FeedError;
use crate::advisory::{Advisory, Affected, Claim, Outlook};
use crate::key::EcosystemKey;

/// The feed.
#[derive(Debug)]
pub(super) struct DebianTracker;

static META: FeedMeta = FeedMeta {
    id: "debian",
    title: "Debian security tracker",
    docs: "https://security-tracker.debian.org/tracker/data/report",
    base_setting: "feeds.debian",
    base: "https://security-tracker.debian.org/tracker",
    documents: &[DocumentTemplate {
        path: "debian/tracker.json",
        url: "data/json",
        state: "debian",
        ecosystem: "Debian",
        names: &[],
    }],
    record_page: "https://security-tracker.debian.org/tracker/{}",
};

/// The whole tracker has about 70 megabytes.
const LIMIT: u64 = 1 << 30;

/// Releases by codename; a new release is a new row.
pub(crate) const RELEASES: &[(&str, &str)] = &[
    ("buzz", "1.1"),
    ("rex", "1.2"),
    ("bo", "1.3"),
    ("hamm", "2.0"),
    ("slink", "2.1"),
    ("potato", "2.2"),
    ("woody", "3.0"),
    ("sarge", "3.1"),
    ("etch", "4"),
    ("lenny", "5"),
    ("squeeze", "6"),
    ("wheezy", "7"),
    ("jessie", "8"),
    ("stretch", "9"),
    ("buster", "10"),
    ("bullseye", "11"),
    ("bookworm", "12"),
    ("trixie", "13"),
    ("forky", "14"),
    ("duke", "15"),
];

#[derive(Deserialize)]
struct Flaw {
    #[serde(default)]
    description: String,
    /// An empty list where there is none.
    releases: Releases,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Releases {
    Named(BTreeMap<String, Release>),
    Nothing([String; 0]),
}

#[derive(Deserialize)]
struct Release {
    status: String,
    fixed_version: Option<String>,
    #[serde(default)]
    urgency: String,
    nodsa: Option<String>,
    nodsa_reason: Option<String>,
}

type Packages<'a> = BTreeMap<String, &'a RawValue>;
type Flaws<'a> = BTreeMap<String, &'a RawValue>;

impl Feed for DebianTracker {
    fn meta(&self) -> &'static FeedMeta {
        &META
    }

    fn parse(&self, document: &mut Document<'_>, sink: &mut Sink<'_>) -> Result<(), FeedError> {
        let bytes = document.bytes(LIMIT)?;
        let packages: Packages<'_> =
            serde_json::from_slice(&bytes).map_err(|source| document.json(source))?;
        let mut unknown = BTreeSet::new();
        for (package, raw) in packages {
            let flaws: Flaws<'_> = match serde_json::from_str(raw.get()) {
                Ok(flaws) => flaws,
                Err(error) => {
                    sink.problem(package, error.to_string());
                    continue;
                }
            };
            for (id, raw) in flaws {
                match serde_json::from_str::<Flaw>(raw.get()) {
                    Err(error) => sink.problem(format!("{package} {id}"), error.to_string()),
                    Ok(flaw) => {
                        if take(&package, id, flaw, &mut unknown, sink) == Flow::Stop {
                            return Ok(());
                        }
                    }
                }
            }
        }
        for codename in unknown {
            sink.problem(codename, "no release of this codename is known");
        }
        Ok(())
    }
}

fn take(
    package: &str,
    id: String,
    flaw: Flaw,
    unknown: &mut BTreeSet<String>,
    sink: &mut Sink<'_>,
) -> Flow {
    let Releases::Named(releases) = flaw.releases else {
        return Flow::GoOn;
    };
    let mut word = None;
    let mut affected = Vec::new();
    for (codename, release) in releases {
        if codename == "sid" {
            continue;
        }
        let Some((_, number)) = RELEASES.iter().find(|(known, _)| *known == codename) else {
            unknown.insert(codename);
            continue;
        };
        let key = EcosystemKey::new(&format!("Debian:{number}"));
        sink.covers(key.clone());
        // `high**` is NVD's word and not Debian's, so it is the record's and not the vendor's.
        if let Some(borrowed) = release.urgency.strip_suffix("**") {
            word = word.max(Severity::from_word(borrowed.trim()));
        }
        match judge(key, package, release) {
            Ok(one) => affected.push(one),
            Err(reason) => sink.problem(format!("{package} {id} {codename}"), reason),
        }
    }
    sink.advisory(Advisory {
        record: id.clone(),
        id,
        word,
        description: flaw.description,
        affected,
        ..Advisory::default()
    })
}

fn judge(key: EcosystemKey, package: &str, release: Release) -> Result<Affected, String> {
    let fixed = release.fixed_version.filter(|version| !version.is_empty());
    let (claim, mut outlook) = match (release.status.as_str(), fixed) {
        ("resolved", Some(version)) if version == "0" => (Claim::Never, Outlook::AsVersionsSay),
        ("resolved", Some(version)) => (Claim::before(version), Outlook::AsVersionsSay),
        ("resolved", None) => return Err("resolved without a version".to_owned()),
        ("open", Some(version)) if version != "0" => (Claim::before(version), Outlook::Unreleased),
        ("open", _) => (Claim::every(), Outlook::AsVersionsSay),
        ("undetermined", _) => {
            let why = "the Debian security team has not determined whether it is affected";
            (Claim::Undetermined(why.to_owned()), Outlook::AsVersionsSay)
        }
        (other, _) => return Err(format!("the status `{other}` is not known")),
    };
    let mut notes = Vec::new();
    if let Some(text) = release.nodsa {
        let state = match release.nodsa_reason.as_deref() {
            None | Some("") => "no-dsa",
            Some(reason) => reason,
        };
        if state == "ignored" {
            outlook = Outlook::WillNotFix;
        }
        notes.push(if text.is_empty() {
            state.to_owned()
        } else {
            format!("{state}: {text}")
        });
    }
    if release.urgency == "end-of-life" {
        outlook = Outlook::WillNotFix;
        notes.push("end-of-life".to_owned());
    }
    if release.urgency == "unimportant" {
        notes.push("unimportant".to_owned());
    }
    let mut affected = Affected::new(key, package, claim);
    affected.rating = match release.urgency.as_str() {
        "unimportant" | "low" | "medium" | "high" => Severity::from_word(&release.urgency),
        _ => None,
    };
    affected.outlook = outlook;
    affected.note = notes.join("; ");
    Ok(affected)
}
