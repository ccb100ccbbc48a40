//! From a bill of materials that a registry keeps beside an image to facts.

use plimsoll_image::sources::{Attached, RegistrySource, Sought};
use plimsoll_image::{ImageError, ImageSource};
use plimsoll_model::facts::ImageFacts;
use plimsoll_model::image::{Platform, SourceKind, Subject};
use plimsoll_model::{Problem, Stage};
use plimsoll_sbom::{Document, ReadError, facts, read, statements};

/// Why there are no facts.
#[derive(Debug, thiserror::Error)]
pub enum AttachedError {
    /// The image or what belongs to it cannot be read.
    #[error(transparent)]
    Image(#[from] ImageError),
    /// There is nothing that could be read as one.
    #[error(
        "the registry has no bill of materials of `{image}`: no attestation manifest, referrer or cosign tag holds one{}",
        listed(.tried)
    )]
    None {
        /// The image.
        image: String,
        /// What was found and could not be read.
        tried: Vec<String>,
    },
}

/// Each reason after a semicolon.
fn listed(tried: &[String]) -> String {
    let mut all = tried.join("; ");
    if !all.is_empty() {
        all.insert_str(0, "; ");
    }
    all
}

/// Reads the first bill of materials that the registry keeps beside an image; no layer is read.
///
/// Nobody asks who made it, and the facts say so. One that is a statement about another image leaves the answer
/// blind.
pub fn attached_facts(
    source: &RegistrySource,
    platform: Option<&Platform>,
) -> Result<ImageFacts, AttachedError> {
    let image = source.open(platform)?;
    let (attached, mut problems) = source.attached(&image.subject, Sought::Bills)?;
    let mut found: Option<(Document, &Attached)> = None;
    let mut more = 0_usize;
    for one in &attached {
        match read(&one.bytes) {
            Ok(_) if found.is_some() => more = more.saturating_add(1),
            Ok(document) => found = Some((document, one)),
            Err(ReadError::OtherStatement { .. }) => {}
            Err(error) => problems.push(Problem::gap(
                Stage::Image,
                one.place.as_str(),
                error.to_string(),
            )),
        }
    }
    let Some((document, place)) = found else {
        return Err(AttachedError::None {
            image: image.subject.requested,
            tried: problems
                .iter()
                .map(|problem| format!("{}: {}", problem.subject, problem.reason))
                .collect(),
        });
    };
    problems.extend(doubts(&document, place, &image.subject));
    if more > 0 {
        let reason = format!("{more} more bills of materials are there and were not read");
        problems.push(Problem::note(Stage::Image, place.place.as_str(), reason));
    }
    let mut facts = facts(&document, &place.place);
    facts.problems.append(&mut problems);
    facts.problems.sort();
    facts.problems.dedup();
    facts.subject = Subject {
        source: SourceKind::Sbom,
        ..image.subject
    };
    Ok(facts)
}

/// Where a document was found, for people, and its bytes.
pub type PlacedDocument = (String, Vec<u8>);

/// Reads the documents about flaws (OpenVEX, CSAF, CycloneDX) that the registry keeps beside an image, with the
/// place of each; `image` is one that was opened from this source.
///
/// Nobody asks who made them, and a problem says so. Statements about another artefact are left out and told.
pub fn attached_vex(
    source: &RegistrySource,
    image: &Subject,
) -> Result<(Vec<PlacedDocument>, Vec<Problem>), ImageError> {
    let (attached, mut problems) = source.attached(image, Sought::Vex)?;
    let own = [&image.manifest_digest, &image.index_digest];
    let mut documents: Vec<PlacedDocument> = Vec::new();
    for one in attached {
        let Ok(statements) = statements(&one.bytes) else {
            // A document without a statement around it.
            documents.push((one.place, one.bytes));
            continue;
        };
        for (attested, predicate) in statements {
            let kinds = ["openvex.dev/ns", "cyclonedx.org/", "csaf"];
            if !kinds
                .iter()
                .any(|kind| attested.predicate_type.contains(kind))
            {
                continue;
            }
            let mut subjects = attested.subjects.iter();
            if subjects.any(|digest| own.iter().any(|own| own.as_ref() == Some(digest))) {
                documents.push((one.place.clone(), predicate));
            } else {
                let reason =
                    "the statement is about another artefact, so that it counts for nothing";
                problems.push(Problem::note(Stage::Policy, one.place.as_str(), reason));
            }
        }
    }
    if !documents.is_empty() {
        let reason = "who made the statements on flaws that the registry keeps beside the image was not checked, so \
                      that anybody who may push can have written them";
        problems.push(Problem::gap(
            Stage::Policy,
            image.requested.as_str(),
            reason,
        ));
    }
    Ok((documents, problems))
}

/// Why the document may not be about this image.
fn doubts(document: &Document, place: &Attached, image: &Subject) -> Vec<Problem> {
    let Some(attested) = &document.attested else {
        let reason =
            "the bill of materials is not signed, so that anybody who may push can have written it";
        return vec![Problem::gap(Stage::Image, place.place.as_str(), reason)];
    };
    let own = [&image.manifest_digest, &image.index_digest];
    let is_own = |digest| own.iter().any(|own| own.as_ref() == Some(digest));
    if attested.subjects.iter().any(is_own) {
        return Vec::new();
    }
    let reason = match attested.subjects.first() {
        Some(other) => format!("the statement is about another artefact, `{other}`"),
        None => "the statement does not say which image it is about".to_owned(),
    };
    vec![Problem::blind(Stage::Image, place.place.as_str(), reason)]
}
