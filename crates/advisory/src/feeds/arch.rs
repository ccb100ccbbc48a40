//! Arch Linux's security tracker: groups of flaws of one or several packages.
//!
//! Source: <https://security.archlinux.org/> and the tracker's own code. `affected` is the version in which the flaws
//! were seen, and earlier ones are not looked at; `fixed` the first without them. `status` is `Vulnerable`, `Testing`
//! (the fix is in the testing repositories alone), `Fixed`, `Not affected` or `Unknown`.

use plimsoll_model::Severity;
use serde::Deserialize;
use serde_json::Value;

use super::document::{Document, Flow, Sink};
use super::{DocumentTemplate, Feed, FeedMeta};
use crate::FeedError;
use crate::advisory::{Advisory, Affected, Claim, Outlook};
use crate::key::EcosystemKey;

/// The feed.
#[derive(Debug)]
pub(super) struct Arch;

static META: FeedMeta = FeedMeta {
    id: "arch",
    title: "Arch Linux security tracker",
    docs: "https://wiki.archlinux.org/title/Security_tracker",
    base_setting: "feeds.arch",
    base: "https://security.archlinux.org",
    documents: &[DocumentTemplate {
        path: "arch/all.json",
        url: "all.json",
        state: "arch",
        ecosystem: "Arch Linux",
        names: &[],
    }],
    record_page: "https://security.archlinux.org/{}",
};

/// The list has about two megabytes.
const LIMIT: u64 = 256 << 20;

#[derive(Deserialize)]
struct Group {
    name: String,
    packages: Vec<String>,
    status: String,
    #[serde(default)]
    severity: String,
    #[serde(rename = "type", default)]
    kind: String,
    affected: Option<String>,
    fixed: Option<String>,
    #[serde(default)]
    issues: Vec<String>,
}

impl Feed for Arch {
    fn meta(&self) -> &'static FeedMeta {
        &META
    }

    fn parse(&self, document: &mut Document<'_>, sink: &mut Sink<'_>) -> Result<(), FeedError> {
        let bytes = document.bytes(LIMIT)?;
        let groups: Vec<Value> =
            serde_json::from_slice(&bytes).map_err(|source| document.json(source))?;
        sink.covers(EcosystemKey::new("Arch Linux"));
        for (place, group) in groups.into_iter().enumerate() {
            match serde_json::from_value::<Group>(group) {
                Err(error) => sink.problem(format!("group {place}"), error.to_string()),
                Ok(group) => {
                    if take(group, sink) == Flow::Stop {
                        break;
                    }
                }
            }
        }
        Ok(())
    }
}

fn take(group: Group, sink: &mut Sink<'_>) -> Flow {
    let fixed = group.fixed.filter(|version| !version.is_empty());
    let (claim, outlook) = match (group.status.as_str(), fixed) {
        ("Not affected", _) => (Claim::Never, Outlook::AsVersionsSay),
        ("Fixed", Some(version)) => (Claim::before(version), Outlook::AsVersionsSay),
        ("Testing" | "Vulnerable", Some(version)) => (Claim::before(version), Outlook::Unreleased),
        ("Vulnerable" | "Testing", None) => (Claim::every(), Outlook::AsVersionsSay),
        ("Unknown", _) => {
            let why = "Arch Linux has not determined whether it is affected";
            (Claim::Undetermined(why.to_owned()), Outlook::AsVersionsSay)
        }
        (status, _) => {
            let reason = format!("the status `{status}` without a fixed version is not known");
            sink.problem(group.name, reason);
            return Flow::GoOn;
        }
    };
    let rating = Severity::from_word(&group.severity).filter(|word| *word != Severity::Unknown);
    let affected: Vec<Affected> = group
        .packages
        .iter()
        .map(|package| {
            let key = EcosystemKey::new("Arch Linux");
            let mut affected = Affected::new(key, package.clone(), claim.clone());
            affected.rating = rating;
            affected.outlook = outlook;
            if let (Claim::Versions { .. }, Some(seen)) = (&claim, &group.affected) {
                affected.note = format!("seen in {seen}");
            }
            affected
        })
        .collect();
    let mut ids = group.issues;
    if ids.is_empty() {
        ids.push(group.name.clone());
    }
    for id in ids {
        let flow = sink.advisory(Advisory {
            record: group.name.clone(),
            id,
            title: group.kind.clone(),
            affected: affected.clone(),
            ..Advisory::default()
        });
        if flow == Flow::Stop {
            return flow;
        }
    }
    Flow::GoOn
}
