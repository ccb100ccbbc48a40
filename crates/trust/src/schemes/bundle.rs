//! Bundles of Sigstore, versions 0.1 to 0.3 (sigstore/protobuf-specs, `sigstore_bundle.proto`): cosign 3, GitHub's
//! attestations, and what `sigstore` for other languages writes.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use plimsoll_model::Digest;
use serde::Deserialize;
use serde_json::Value;

use super::envelope::open;
use super::{Found, SignatureScheme, Subject};
use crate::certificate::{Certificate, MOST};
use crate::dsse;
use crate::log::{Entry, Proof};
use crate::rejection::Rejection;
use crate::signer::{Seal, Signer, Verified};

/// Most entries of logs, and stamps of time, of one bundle.
const MOST_WITNESSES: usize = 16;

/// Sigstore's bundle.
#[derive(Debug)]
pub struct Bundle;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct File {
    media_type: String,
    verification_material: Material,
    message_signature: Option<Message>,
    dsse_envelope: Option<Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Material {
    certificate: Option<Der>,
    x509_certificate_chain: Option<Chain>,
    #[serde(default)]
    tlog_entries: Vec<RawEntry>,
    #[serde(default)]
    timestamp_verification_data: Option<Stamps>,
}

#[derive(Deserialize)]
struct Chain {
    certificates: Vec<Der>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Der {
    raw_bytes: String,
}

#[derive(Deserialize)]
struct Stamps {
    #[serde(default, rename = "rfc3161Timestamps")]
    stamps: Vec<RawStamp>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawStamp {
    signed_timestamp: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Message {
    message_digest: Option<MessageDigest>,
    signature: String,
}

#[derive(Deserialize)]
struct MessageDigest {
    algorithm: String,
    digest: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawEntry {
    #[serde(default)]
    log_index: Value,
    log_id: RawId,
    #[serde(default)]
    integrated_time: Value,
    inclusion_promise: Option<RawPromise>,
    inclusion_proof: Option<RawProof>,
    canonicalized_body: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawId {
    key_id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawPromise {
    signed_entry_timestamp: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawProof {
    #[serde(default)]
    log_index: Value,
    #[serde(default)]
    tree_size: Value,
    #[serde(default)]
    hashes: Vec<String>,
    checkpoint: RawCheckpoint,
}

#[derive(Deserialize)]
struct RawCheckpoint {
    envelope: String,
}

impl SignatureScheme for Bundle {
    fn id(&self) -> &'static str {
        "sigstore-bundle"
    }

    fn is_of(&self, media_type: &str) -> bool {
        media_type.starts_with("application/vnd.dev.sigstore.bundle")
    }

    fn verify(
        &self,
        found: &Found<'_>,
        subject: &Subject<'_>,
        signer: &Signer,
    ) -> Result<Verified, Rejection> {
        let file: File = serde_json::from_slice(found.bytes)
            .map_err(|_| Rejection::Malformed("it is no bundle of Sigstore"))?;
        if version(&file.media_type).is_none() {
            let version: String = file.media_type.chars().take(120).collect();
            return Err(Rejection::Unsupported(format!(
                "its bundle is a `{version}`"
            )));
        }
        let seal = file
            .verification_material
            .read()
            .ok_or(Rejection::Malformed("what came with its signature"))?;
        match (file.dsse_envelope, file.message_signature) {
            (Some(envelope), None) => {
                let bytes = serde_json::to_vec(&envelope).unwrap_or_default();
                let sealed =
                    dsse::read(&bytes).ok_or(Rejection::Malformed("it holds no envelope"))?;
                // Whose a second one would be, a bundle has no place to say.
                if sealed.signatures.len() != 1 {
                    return Err(Rejection::Malformed("it has not one signature"));
                }
                open(sealed, &seal, subject, signer)
            }
            (None, Some(message)) => {
                let signature = STANDARD
                    .decode(&message.signature)
                    .map_err(|_| Rejection::Malformed("its signature is not Base64"))?;
                let digest = message.message_digest;
                let about = digest
                    .map(|digest| digest.read().ok_or(Rejection::Malformed("its digest")))
                    .transpose()?;
                if let Some(other) = about.filter(|about| *about != Digest::of(subject.bytes)) {
                    return Err(Rejection::other(&other));
                }
                signer.prove(&Seal {
                    signature,
                    message: subject.bytes.to_vec(),
                    ..seal
                })
            }
            _ => Err(Rejection::Malformed("it has not one signature")),
        }
    }
}

/// The version of a media type: `…bundle+json;version=0.1`, and `…bundle.v0.3+json` since then.
fn version(media_type: &str) -> Option<&str> {
    let rest = media_type.strip_prefix("application/vnd.dev.sigstore.bundle")?;
    let version = rest
        .strip_prefix("+json;version=")
        .or_else(|| rest.strip_prefix(".v")?.strip_suffix("+json"))?;
    matches!(version, "0.1" | "0.2" | "0.3").then_some(version)
}

impl MessageDigest {
    fn read(&self) -> Option<Digest> {
        let bytes = STANDARD.decode(&self.digest).ok()?;
        match self.algorithm.as_str() {
            "SHA2_256" => Some(Digest::sha256(bytes.try_into().ok()?)),
            _ => None,
        }
    }
}

impl Material {
    fn read(self) -> Option<Seal> {
        let certificates = match (self.certificate, self.x509_certificate_chain) {
            (Some(one), None) => vec![one],
            (None, Some(chain)) => chain.certificates,
            (None, None) => Vec::new(),
            (Some(_), Some(_)) => return None,
        };
        let stamps = self
            .timestamp_verification_data
            .map_or(Vec::new(), |data| data.stamps);
        if certificates.len() > MOST
            || stamps.len() > MOST_WITNESSES
            || self.tlog_entries.len() > MOST_WITNESSES
        {
            return None;
        }
        Some(Seal {
            certificates: certificates
                .iter()
                .map(|one| Certificate::from_der(&STANDARD.decode(&one.raw_bytes).ok()?))
                .collect::<Option<_>>()?,
            entries: self
                .tlog_entries
                .into_iter()
                .map(RawEntry::read)
                .collect::<Option<_>>()?,
            stamps: stamps
                .iter()
                .map(|one| STANDARD.decode(&one.signed_timestamp).ok())
                .collect::<Option<_>>()?,
            ..Seal::default()
        })
    }
}

/// Numbers of 64 bits are texts in the JSON of protocol buffers, and zero is left out.
fn number(value: &Value) -> Option<i64> {
    match value {
        Value::Null => Some(0),
        Value::String(text) => text.parse().ok(),
        other => other.as_i64(),
    }
}

impl RawEntry {
    fn read(self) -> Option<Entry> {
        let bytes = |text: &str| STANDARD.decode(text).ok();
        let promise = match &self.inclusion_promise {
            Some(promise) => Some(bytes(&promise.signed_entry_timestamp)?),
            None => None,
        };
        let proof = match self.inclusion_proof {
            Some(proof) => Some(Proof {
                index: u64::try_from(number(&proof.log_index)?).ok()?,
                size: u64::try_from(number(&proof.tree_size)?).ok()?,
                hashes: proof
                    .hashes
                    .iter()
                    .map(|hash| bytes(hash))
                    .collect::<Option<_>>()?,
                checkpoint: proof.checkpoint.envelope,
            }),
            None => None,
        };
        Some(Entry {
            log: bytes(&self.log_id.key_id)?,
            index: u64::try_from(number(&self.log_index)?).ok()?,
            time: Some(number(&self.integrated_time)?).filter(|time| *time > 0),
            body: bytes(&self.canonicalized_body)?,
            promise,
            proof,
        })
    }
}
