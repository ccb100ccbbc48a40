//! OpenVEX from a triage decision.
//!
//! Source: the OpenVEX specification 0.2. The product is the image, named by its package URL and its digest; the
//! packages in it are its subcomponents. An image without a digest cannot be named, so that the packages stand
//! for themselves.

use jiff::Timestamp;
use plimsoll_model::image::Subject;
use plimsoll_model::triage::TriageState;
use plimsoll_model::{Digest, purl};
use serde_json::{Value, json};

/// Words of OpenVEX and CSAF for why a flaw does no harm.
pub const JUSTIFICATIONS: &[&str] = &[
    "component_not_present",
    "vulnerable_code_not_present",
    "vulnerable_code_not_in_execute_path",
    "vulnerable_code_cannot_be_controlled_by_adversary",
    "inline_mitigations_already_exist",
];

/// What somebody decided about a flaw of an image.
#[derive(Debug, Clone)]
pub struct TriageDecision<'a> {
    /// The image.
    pub subject: &'a Subject,
    /// The flaws: id, its aliases, and package URLs of what it is in.
    pub flaws: Vec<DecidedFlaw>,
    /// What is said; [`TriageState::Accepted`] is no word of VEX.
    pub state: TriageState,
    /// Why it does no harm, one of [`JUSTIFICATIONS`].
    pub justification: Option<&'a str>,
    /// Why, or what is to be done, in words.
    pub reason: Option<&'a str>,
    /// Who says so.
    pub author: &'a str,
    /// When.
    pub now: Timestamp,
}

/// One flaw of a [`TriageDecision`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecidedFlaw {
    /// Its id.
    pub id: String,
    /// Its other ids.
    pub aliases: Vec<String>,
    /// Package URLs of the packages that it is in, sorted.
    pub packages: Vec<String>,
}

/// The document; the same decision gives the same text. `None` where the state is no word of VEX.
#[must_use]
pub fn write_openvex(decision: &TriageDecision<'_>) -> Option<Value> {
    let status = match decision.state {
        TriageState::NotAffected => "not_affected",
        TriageState::Affected => "affected",
        TriageState::Fixed => "fixed",
        TriageState::UnderInvestigation => "under_investigation",
        TriageState::Accepted => return None,
    };
    let statements: Vec<Value> = decision
        .flaws
        .iter()
        .map(|flaw| {
            let mut statement = json!({
                "vulnerability": {"name": flaw.id},
                "products": products(decision.subject, &flaw.packages),
                "status": status,
            });
            if !flaw.aliases.is_empty() {
                statement["vulnerability"]["aliases"] = json!(flaw.aliases);
            }
            if let Some(word) = decision.justification {
                statement["justification"] = json!(word);
            }
            if let Some(reason) = decision.reason {
                let field = match decision.state {
                    TriageState::NotAffected => "impact_statement",
                    TriageState::Affected => "action_statement",
                    _ => "status_notes",
                };
                statement[field] = json!(reason);
            }
            statement
        })
        .collect();
    let time = decision.now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    let mut document = json!({
        "@context": "https://openvex.dev/ns/v0.2.0",
        "author": decision.author,
        "timestamp": time,
        "version": 1,
        "statements": statements,
    });
    let digest = Digest::of(document.to_string().as_bytes());
    document["@id"] = json!(format!(
        "https://openvex.dev/docs/public/vex-{}",
        digest.hex()
    ));
    Some(document)
}

/// The image with its parts, or the parts alone.
fn products(subject: &Subject, packages: &[String]) -> Vec<Value> {
    let parts: Vec<Value> = packages.iter().map(|purl| json!({"@id": purl})).collect();
    let digest = subject
        .manifest_digest
        .as_ref()
        .or(subject.image_id.as_ref());
    let Some(digest) = digest else {
        return parts;
    };
    let repository = subject.repository.as_deref().unwrap_or_default();
    let name = repository.rsplit('/').next().unwrap_or_default();
    let id = if name.is_empty() {
        digest.to_string()
    } else {
        purl::of_image(name, digest, repository, None)
    };
    vec![json!({
        "@id": id,
        "hashes": {"sha-256": digest.hex()},
        "subcomponents": parts,
    })]
}
