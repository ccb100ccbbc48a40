//! The Ubuntu CVE tracker: a text file for each flaw, with the state of each package in each release and pocket.
//!
//! Source: <https://git.launchpad.net/ubuntu-cve-tracker> and its `README`. `jammy_curl: released (7.81.0-1ubuntu1.14)`
//! says that the source package curl of jammy has the fix. What each state means here:
//!
//! | state | answer |
//! |---|---|
//! | `released (VERSION)` | every version below has it |
//! | `needed`, `active`, `deferred (…)` | every version has it, no fix is there |
//! | `pending (VERSION)` | every version below has it; the fix is made and not in the archive |
//! | `ignored (…)` | every version has it, and nobody will fix it; often the release is out of support |
//! | `needs-triage` | nobody has looked: it cannot be said |
//! | `not-affected (…)` | no version has it |
//! | `DNE` | the release has no such package, so nothing is said |
//!
//! Pockets of Ubuntu Pro (`esm-infra/`, `esm-apps/`, `trusty/esm`) hold packages that only subscribers get: a fix
//! that is in none but them is told as such. FIPS, real-time and device pockets have other packages and are left
//! out.

use std::collections::BTreeMap;

use plimsoll_model::Severity;

use super::document::{Document, Flow, Sink};
use super::rated::timestamp;
use super::{DocumentTemplate, Feed, FeedMeta, archive};
use crate::FeedError;
use crate::advisory::{Advisory, Affected, Claim, Outlook};
use crate::key::EcosystemKey;
use crate::rating::{Rater, Rating};

/// The feed.
#[derive(Debug)]
pub(super) struct UbuntuTracker;

static META: FeedMeta = FeedMeta {
    id: "ubuntu",
    title: "Ubuntu CVE tracker",
    docs: "https://git.launchpad.net/ubuntu-cve-tracker/tree/README",
    base_setting: "feeds.ubuntu",
    base: "https://git.launchpad.net/ubuntu-cve-tracker/snapshot",
    documents: &[
        DocumentTemplate {
            path: "ubuntu/ubuntu-cve-tracker-master.tar.gz",
            url: "ubuntu-cve-tracker-master.tar.gz",
            state: "ubuntu",
            ecosystem: "Ubuntu",
            names: &[],
        },
        DocumentTemplate {
            path: "ubuntu/{}.zip",
            url: "",
            state: "ubuntu",
            ecosystem: "Ubuntu",
            names: &[],
        },
    ],
    record_page: "https://ubuntu.com/security/{}",
};

/// Releases by codename; a new release is a new row.
const RELEASES: &[(&str, &str)] = &[
    ("dapper", "6.06"),
    ("edgy", "6.10"),
    ("feisty", "7.04"),
    ("gutsy", "7.10"),
    ("hardy", "8.04"),
    ("intrepid", "8.10"),
    ("jaunty", "9.04"),
    ("karmic", "9.10"),
    ("lucid", "10.04"),
    ("maverick", "10.10"),
    ("natty", "11.04"),
    ("oneiric", "11.10"),
    ("precise", "12.04"),
    ("quantal", "12.10"),
    ("raring", "13.04"),
    ("saucy", "13.10"),
    ("trusty", "14.04"),
    ("utopic", "14.10"),
    ("vivid", "15.04"),
    ("wily", "15.10"),
    ("xenial", "16.04"),
    ("yakkety", "16.10"),
    ("zesty", "17.04"),
    ("artful", "17.10"),
    ("bionic", "18.04"),
    ("cosmic", "18.10"),
    ("disco", "19.04"),
    ("eoan", "19.10"),
    ("focal", "20.04"),
    ("groovy", "20.10"),
    ("hirsute", "21.04"),
    ("impish", "21.10"),
    ("jammy", "22.04"),
    ("kinetic", "22.10"),
    ("lunar", "23.04"),
    ("mantic", "23.10"),
    ("noble", "24.04"),
    ("oracular", "24.10"),
    ("plucky", "25.04"),
    ("questing", "25.10"),
    ("resolute", "26.04"),
];

/// What is told of a fix that only subscribers get.
pub(super) const PRO_ONLY: &str = "fixed only with Ubuntu Pro";

impl Feed for UbuntuTracker {
    fn meta(&self) -> &'static FeedMeta {
        &META
    }

    fn parse(&self, document: &mut Document<'_>, sink: &mut Sink<'_>) -> Result<(), FeedError> {
        // Of the folders `active` and `retired` hold flaws in packages, `ignored` those in none.
        let wanted = |member: &str| {
            let mut parts = member.rsplit('/');
            let (file, folder) = (parts.next().unwrap_or_default(), parts.next());
            file.starts_with("CVE-") && matches!(folder, Some("active" | "retired"))
        };
        let read = archive::members(document, wanted, &mut |member, bytes| {
            let text = String::from_utf8_lossy(bytes);
            take(archive::file_name(member), &text, sink)
        })?;
        if read == 0 {
            return Err(document.shape("it holds no flaw of the tracker"));
        }
        Ok(())
    }
}

/// What the file says of one package in one release.
#[derive(Default)]
struct States<'a> {
    /// In the pockets that everybody has.
    open: Option<State<'a>>,
    /// In those of Ubuntu Pro, with the pocket's name.
    pro: Option<(&'a str, State<'a>)>,
}

#[derive(Clone, Copy)]
struct State<'a> {
    word: &'a str,
    /// What stands in parentheses.
    text: &'a str,
}

#[derive(Default)]
struct Record<'a> {
    published: &'a str,
    description: String,
    references: Vec<String>,
    priority: Option<Severity>,
    priorities: BTreeMap<&'a str, Severity>,
    ratings: Vec<Rating>,
    /// By release and package.
    states: BTreeMap<(&'static str, &'a str), States<'a>>,
}

fn take(id: &str, text: &str, sink: &mut Sink<'_>) -> Flow {
    let mut record = Record::default();
    let mut field = "";
    for line in text.lines() {
        if line.starts_with([' ', '\t']) {
            more(&mut record, field, line.trim());
        } else if let Some((name, value)) = line.split_once(':')
            && !line.starts_with('#')
        {
            field = name.trim();
            begin(&mut record, field, value.trim());
        }
    }
    let mut affected = Vec::new();
    for ((release, package), states) in &record.states {
        let key = EcosystemKey::new(&format!("Ubuntu:{release}"));
        sink.covers(key.clone());
        match judge(key, package, states) {
            Ok(None) => {}
            Ok(Some(mut one)) => {
                let own = record.priorities.get(package).copied();
                one.rating = own.or(record.priority);
                affected.push(one);
            }
            Err(reason) => sink.problem(format!("{id} {package} {release}"), reason),
        }
    }
    sink.advisory(Advisory {
        record: id.to_owned(),
        id: id.to_owned(),
        ratings: record.ratings,
        description: record.description,
        references: record.references,
        published: tracker_date(record.published),
        affected,
        ..Advisory::default()
    })
}

/// A line that goes on with a field.
fn more(record: &mut Record<'_>, field: &str, text: &str) {
    match field {
        "Description" if text.len() < 4096 => {
            record.description.push(' ');
            record.description.push_str(text);
        }
        "References" if text.starts_with("http") => record.references.push(text.to_owned()),
        "CVSS" => {
            // ` nvd: CVSS:3.1/AV:N/… [9.8 CRITICAL]`
            let Some((who, rest)) = text.split_once(':') else {
                return;
            };
            let vector = rest.split_whitespace().next().unwrap_or_default();
            if let Ok(rating) = Rating::from_vector(vector) {
                let by = if who == "nvd" { Rater::Nvd } else { Rater::Cna };
                record.ratings.push(rating.by(by));
            }
        }
        _ => {}
    }
}

fn begin<'a>(record: &mut Record<'a>, field: &'a str, value: &'a str) {
    match field {
        "PublicDate" => record.published = value,
        "Priority" => record.priority = priority(value),
        _ => {
            let Some((place, package)) = field.split_once('_') else {
                return;
            };
            if place == "Priority" {
                if let Some(own) = priority(value) {
                    record.priorities.insert(package, own);
                }
                return;
            }
            let Some((release, pocket)) = place_of(place) else {
                return;
            };
            let (word, text) = value.split_once('(').unwrap_or((value, ""));
            let state = State {
                word: word.trim(),
                text: text.trim().trim_end_matches(')').trim(),
            };
            let states = record.states.entry((release, package)).or_default();
            match pocket {
                None => states.open = Some(state),
                // The newer of two pockets of subscribers does not take back what the other has.
                Some(_)
                    if states
                        .pro
                        .is_some_and(|(_, known)| known.word == "released") => {}
                Some(pocket) => states.pro = Some((pocket, state)),
            }
        }
    }
}

fn priority(value: &str) -> Option<Severity> {
    value
        .split_whitespace()
        .next()
        .and_then(Severity::from_word)
}

/// The release, and the pocket of Ubuntu Pro, of `jammy`, `esm-apps/jammy` or `trusty/esm`.
pub(super) fn place_of(place: &str) -> Option<(&'static str, Option<&str>)> {
    let release = |name: &str| {
        let known = RELEASES.iter().find(|(known, _)| *known == name);
        known.map(|(_, number)| *number)
    };
    match place.split_once('/') {
        None => release(place).map(|found| (found, None)),
        Some((name, pocket @ "esm")) => release(name).map(|found| (found, Some(pocket))),
        Some((pocket, name)) if pocket.starts_with("esm-") => {
            release(name).map(|found| (found, Some(pocket)))
        }
        Some(_) => None,
    }
}

fn judge(
    key: EcosystemKey,
    package: &str,
    states: &States<'_>,
) -> Result<Option<Affected>, String> {
    let open = states
        .open
        .map(|state| claim(&state))
        .transpose()?
        .flatten();
    let pro = match &states.pro {
        Some((pocket, state)) => claim(state)?.map(|told| (*pocket, told)),
        None => None,
    };
    let is_settled = states
        .open
        .is_some_and(|state| matches!(state.word, "released" | "not-affected"));
    let (claim, outlook, note) = match (open, pro) {
        (None, None) => return Ok(None),
        (Some(told), _) if is_settled => told,
        // The pocket of subscribers is built from the same sources, so what is not in them is in neither.
        (_, Some((pocket, (Claim::Never, _, note)))) if note.contains("code not present") => (
            Claim::Never,
            Outlook::AsVersionsSay,
            format!("{note} ({pocket})"),
        ),
        (_, Some((pocket, (claim @ Claim::Versions { .. }, Outlook::AsVersionsSay, _))))
            if states
                .pro
                .is_some_and(|(_, state)| state.word == "released") =>
        {
            let note = format!("{PRO_ONLY} ({pocket})");
            (claim, Outlook::Subscription, note)
        }
        (Some(told), _) => told,
        // Known of the pocket alone: the packages that everybody has are older.
        (None, Some((pocket, (Claim::Never, _, note)))) => {
            let why = format!("Ubuntu tells of its pocket {pocket} alone: {note}");
            (
                Claim::Undetermined(why),
                Outlook::AsVersionsSay,
                String::new(),
            )
        }
        (None, Some((pocket, (claim, outlook, note)))) => {
            (claim, outlook, format!("{note} ({pocket})"))
        }
    };
    let mut affected = Affected::new(key, package, claim);
    affected.outlook = outlook;
    affected.note = note;
    Ok(Some(affected))
}

/// What one state says; `None` for a release without the package.
fn claim(state: &State<'_>) -> Result<Option<(Claim, Outlook, String)>, String> {
    let note = if state.text.is_empty() {
        state.word.to_owned()
    } else {
        format!("{}: {}", state.word, state.text)
    };
    let version = state.text.split_whitespace().next().unwrap_or_default();
    let has_version = version.starts_with(|c: char| c.is_ascii_digit());
    Ok(Some(match state.word {
        "DNE" => return Ok(None),
        "released" if has_version => (
            Claim::before(version),
            Outlook::AsVersionsSay,
            String::new(),
        ),
        "released" => {
            let why = "Ubuntu released a fix and does not tell its version";
            (
                Claim::Undetermined(why.to_owned()),
                Outlook::AsVersionsSay,
                note,
            )
        }
        "pending" if has_version => (Claim::before(version), Outlook::Unreleased, note),
        "pending" | "needed" | "active" | "deferred" => {
            (Claim::every(), Outlook::AsVersionsSay, note)
        }
        "ignored" => (Claim::every(), Outlook::WillNotFix, note),
        "needs-triage" => {
            let why = "Ubuntu's security team has not looked at it yet";
            (
                Claim::Undetermined(why.to_owned()),
                Outlook::AsVersionsSay,
                note,
            )
        }
        "not-affected" => (Claim::Never, Outlook::AsVersionsSay, note),
        other => return Err(format!("the state `{other}` is not known")),
    }))
}

/// `2023-10-18 04:15:00 UTC`, or the day alone.
fn tracker_date(text: &str) -> Option<jiff::Timestamp> {
    let text = text.trim_end_matches("UTC").trim();
    timestamp(&text.replacen(' ', "T", 1)).or_else(|| timestamp(&format!("{text}T00:00:00")))
}
