//! Statements of in-toto (`spec/v1/statement.md`): what they are about and of which kind, and no more.

use std::collections::BTreeMap;

use plimsoll_model::Digest;
use serde::Deserialize;

use crate::rejection::Rejection;

/// The media type of a statement in an envelope.
pub(crate) const PAYLOAD_TYPE: &str = "application/vnd.in-toto+json";

/// What cosign 3 writes to sign an image and to say nothing else of it.
pub(crate) const SIGNED: &str = "https://sigstore.dev/cosign/sign/v1";

/// Most subjects that are looked at; a build of many platforms has some dozens.
const MOST: usize = 10_000;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Statement {
    #[serde(rename = "_type")]
    kind: String,
    subject: Vec<Subject>,
    predicate_type: String,
}

#[derive(Deserialize)]
struct Subject {
    #[serde(default)]
    digest: BTreeMap<String, String>,
}

/// The kind of a statement that is about `digest`.
pub(crate) fn about(payload: &[u8], digest: &Digest) -> Result<String, Rejection> {
    let statement: Statement = serde_json::from_slice(payload)
        .map_err(|_| Rejection::Malformed("what is signed is no statement of in-toto"))?;
    if !statement.kind.starts_with("https://in-toto.io/Statement/") {
        return Err(Rejection::Malformed(
            "what is signed is no statement of in-toto",
        ));
    }
    if statement.subject.len() > MOST {
        return Err(Rejection::Unsupported(
            "the statement has more subjects than are looked at".to_owned(),
        ));
    }
    let name = digest.algorithm().name();
    let mut subjects = statement.subject.iter();
    if subjects.any(|subject| {
        let own = subject.digest.get(name);
        own.is_some_and(|own| own == digest.hex())
    }) {
        return Ok(statement.predicate_type);
    }
    let other = statement.subject.first().and_then(|subject| {
        let (name, hex) = subject.digest.first_key_value()?;
        Some(format!("{name}:{hex}"))
    });
    Err(Rejection::OtherDigest { found: other })
}
