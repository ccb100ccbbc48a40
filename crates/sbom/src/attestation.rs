//! Bills of materials in statements about artefacts: in-toto statements (version 0.1 and 1), bare or in DSSE
//! envelopes, those bare or in Sigstore bundles, one or several in a file.
//!
//! A signature is counted and not checked: who signed is not asked here, and the document is as trustworthy as the
//! way that it came.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use plimsoll_model::Digest;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;

use crate::{Attested, Document, ReadError, read_bare};

/// Most statements in one file.
const MOST: usize = 1000;

/// Bytes of a file of statements at most: they are held as a tree.
const LIMIT: usize = 64 << 20;

/// Every wrapping, by its fields.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wrapped {
    /// DSSE: `envelope.md`.
    payload: Option<String>,
    signatures: Option<Vec<IgnoredAny>>,
    /// Sigstore bundle.
    dsse_envelope: Option<Box<Self>>,
    /// in-toto statement.
    #[serde(rename = "_type")]
    kind: Option<String>,
    predicate_type: Option<String>,
    subject: Option<Vec<Subject>>,
    predicate: Option<Value>,
}

#[derive(Deserialize)]
struct Subject {
    digest: Option<BTreeMap<String, String>>,
}

/// Whether a type of predicate is one of bills of materials; versions follow the address.
pub(crate) fn is_bill(predicate_type: &str) -> bool {
    [
        "https://cyclonedx.org/bom",
        "https://spdx.dev/Document",
        "https://syft.dev/bom",
    ]
    .iter()
    .any(|known| {
        predicate_type
            .strip_prefix(known)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    })
}

/// Reads the first bill of materials among the statements of a file.
pub(crate) fn read(bytes: &[u8]) -> Result<Document, ReadError> {
    if bytes.len() > LIMIT {
        return Err(ReadError::TooLarge { limit: LIMIT });
    }
    let mut found: Option<Document> = None;
    let mut others: Vec<String> = Vec::new();
    let mut more = 0_usize;
    let stream = serde_json::Deserializer::from_slice(bytes).into_iter::<Wrapped>();
    for wrapped in stream.take(MOST) {
        let wrapped = wrapped.map_err(|error| broken(&error))?;
        let statement = Statement::of(wrapped)?;
        if !is_bill(&statement.attested.predicate_type) {
            others.push(statement.attested.predicate_type);
            continue;
        }
        if found.is_some() {
            more = more.saturating_add(1);
            continue;
        }
        let mut document = read_bare(&predicate(statement.predicate))?;
        document.attested = Some(statement.attested);
        found = Some(document);
    }
    let Some(mut document) = found else {
        others.truncate(5);
        return Err(ReadError::OtherStatement {
            predicates: others.join(", "),
        });
    };
    if let Some(attested) = &mut document.attested {
        attested.others = more;
    }
    Ok(document)
}

/// All statements of a file, with their predicates.
pub(crate) fn all(bytes: &[u8]) -> Result<Vec<(Attested, Vec<u8>)>, ReadError> {
    if bytes.len() > LIMIT {
        return Err(ReadError::TooLarge { limit: LIMIT });
    }
    let stream = serde_json::Deserializer::from_slice(bytes).into_iter::<Wrapped>();
    let statements = stream.take(MOST).map(|wrapped| {
        let wrapped = wrapped.map_err(|error| broken(&error))?;
        let statement = Statement::of(wrapped)?;
        Ok((statement.attested, predicate(statement.predicate)))
    });
    statements.collect()
}

fn broken(reason: &dyn std::fmt::Display) -> ReadError {
    ReadError::Statement {
        reason: reason.to_string(),
    }
}

/// A statement out of its wrappings.
struct Statement {
    attested: Attested,
    predicate: Value,
}

impl Statement {
    fn of(wrapped: Wrapped) -> Result<Self, ReadError> {
        if let Some(envelope) = wrapped.dsse_envelope {
            // A bundle in a bundle is none.
            if envelope.dsse_envelope.is_some() {
                return Err(broken(&"an envelope in an envelope"));
            }
            return Self::of(*envelope);
        }
        let Some(payload) = wrapped.payload else {
            return Self::bare(wrapped, 0);
        };
        // DSSE says either alphabet of base64.
        let bytes = STANDARD
            .decode(payload.trim())
            .or_else(|_| URL_SAFE.decode(payload.trim()))
            .map_err(|error| broken(&format!("the payload is not base64: {error}")))?;
        let inner: Wrapped = serde_json::from_slice(&bytes).map_err(|error| broken(&error))?;
        Self::bare(inner, wrapped.signatures.map_or(0, |list| list.len()))
    }

    fn bare(wrapped: Wrapped, signatures: usize) -> Result<Self, ReadError> {
        let is_statement = wrapped
            .kind
            .is_some_and(|kind| kind.starts_with("https://in-toto.io/Statement/"));
        let (Some(predicate_type), true) = (wrapped.predicate_type, is_statement) else {
            return Err(broken(
                &"it has no `_type` and `predicateType` of a statement",
            ));
        };
        let mut subjects: Vec<Digest> = wrapped
            .subject
            .unwrap_or_default()
            .into_iter()
            .flat_map(|subject| subject.digest.unwrap_or_default())
            .filter_map(|(algorithm, sum)| format!("{algorithm}:{sum}").parse().ok())
            .collect();
        subjects.sort();
        subjects.dedup();
        Ok(Self {
            attested: Attested {
                predicate_type,
                subjects,
                signatures,
                others: 0,
            },
            predicate: wrapped.predicate.unwrap_or_default(),
        })
    }
}

/// The document in a predicate: an object, a text that holds it, or either below cosign's `Data`.
fn predicate(value: Value) -> Vec<u8> {
    match value {
        Value::String(text) => text.into_bytes(),
        Value::Object(mut map) if map.contains_key("Data") => {
            match map.remove("Data").unwrap_or_default() {
                Value::String(text) => text.into_bytes(),
                other => other.to_string().into_bytes(),
            }
        }
        other => other.to_string().into_bytes(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::{Format, facts};

    fn bill() -> Value {
        json!({
            "bomFormat": "CycloneDX",
            "specVersion": "1.5",
            "components": [{"type": "library", "name": "a", "version": "1", "purl": "pkg:npm/a@1"}],
        })
    }

    fn statement(predicate_type: &str, predicate: &Value) -> Value {
        json!({
            "_type": "https://in-toto.io/Statement/v0.1",
            "predicateType": predicate_type,
            "subject": [{"name": "x", "digest": {"sha256": "00".repeat(32), "gitCommit": "aa"}}],
            "predicate": predicate,
        })
    }

    fn envelope(statement: &Value, signatures: usize) -> Value {
        json!({
            "payloadType": "application/vnd.in-toto+json",
            "payload": STANDARD.encode(statement.to_string()),
            "signatures": vec![json!({"keyid": "", "sig": "AA=="}); signatures],
        })
    }

    fn read(text: &str) -> Result<Document, ReadError> {
        crate::read(text.as_bytes())
    }

    #[test]
    fn every_wrapping_is_taken_off() {
        let cyclonedx = statement("https://cyclonedx.org/bom/v1.5", &bill());
        let text = statement("https://cyclonedx.org/bom", &json!(bill().to_string()));
        let data = statement("https://cyclonedx.org/bom", &json!({"Data": bill()}));
        let bundle = json!({
            "mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json",
            "dsseEnvelope": envelope(&cyclonedx, 1),
            "verificationMaterial": {},
        });
        for (wrapped, signatures) in [
            (cyclonedx.clone(), 0),
            (text, 0),
            (data, 0),
            (envelope(&cyclonedx, 2), 2),
            (bundle, 1),
        ] {
            let document = read(&wrapped.to_string()).unwrap();
            assert_eq!(document.format, Format::CycloneDxJson);
            assert_eq!(document.components.len(), 1);
            let attested = document.attested.as_ref().unwrap();
            assert_eq!(attested.signatures, signatures, "{wrapped}");
            assert_eq!(attested.subjects.len(), 1);
            let facts = facts(&document, "x");
            assert_eq!(facts.packages.len(), 1);
            let digest = facts.subject.manifest_digest;
            assert_eq!(digest.as_ref(), attested.subjects.first());
            let said = facts.problems.iter();
            assert!(
                said.map(|p| &p.reason)
                    .any(|reason| reason.contains("sign"))
            );
        }
    }

    #[test]
    fn the_first_bill_of_several_statements_counts_and_the_others_are_told() {
        let other = statement("https://slsa.dev/provenance/v1", &json!({}));
        let cyclonedx = statement("https://cyclonedx.org/bom", &bill());
        let lines = format!(
            "{}\n{other}\n{cyclonedx}\n{cyclonedx}\n",
            envelope(&other, 1)
        );
        let document = read(&lines).unwrap();
        assert_eq!(document.attested.unwrap().others, 1);
        let error = read(&other.to_string()).unwrap_err();
        assert!(error.to_string().contains("slsa.dev"), "{error}");
    }

    #[test]
    fn damage_is_an_error() {
        let cyclonedx = statement("https://cyclonedx.org/bom", &bill());
        let mut bad = envelope(&cyclonedx, 1);
        bad["payload"] = json!("***");
        let text = envelope(&cyclonedx, 1).to_string();
        let nested = json!({"dsseEnvelope": {"dsseEnvelope": {}}}).to_string();
        for wrong in [bad.to_string(), text[..text.len() / 2].to_owned(), nested] {
            assert!(read(&wrong).is_err(), "{wrong}");
        }
        let unknown = statement("https://cyclonedx.org/bomb", &bill());
        assert!(read(&unknown.to_string()).is_err());
        let empty = statement("https://cyclonedx.org/bom", &json!({}));
        assert!(read(&empty.to_string()).is_err());
    }
}
