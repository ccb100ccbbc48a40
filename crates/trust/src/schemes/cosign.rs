//! What cosign writes beside a signature, as annotations of its layer (sigstore/cosign, `specs/SIGNATURE_SPEC.md`).

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;

use crate::certificate::Certificate;
use crate::log::Entry;
use crate::rejection::Rejection;
use crate::signer::Seal;

/// The signature of a payload, in Base64.
pub(super) const SIGNATURE: &str = "dev.cosignproject.cosign/signature";
const CERTIFICATE: &str = "dev.sigstore.cosign/certificate";
const CHAIN: &str = "dev.sigstore.cosign/chain";
const BUNDLE: &str = "dev.sigstore.cosign/bundle";
const STAMP: &str = "dev.sigstore.cosign/rfc3161timestamp";

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Logged {
    signed_entry_timestamp: String,
    payload: Payload,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Payload {
    body: String,
    integrated_time: i64,
    log_index: u64,
    #[serde(rename = "logID")]
    log_id: String,
}

#[derive(Deserialize)]
struct Stamped {
    #[serde(rename = "SignedRFC3161Timestamp")]
    stamp: String,
}

/// What the annotations add to a signature: certificates, the log's word, and a stamp of time.
pub(super) fn beside(annotations: &BTreeMap<String, String>) -> Result<Seal, Rejection> {
    let text = |key: &str| annotations.get(key).filter(|text| !text.is_empty());
    let mut seal = Seal::default();
    for key in [CERTIFICATE, CHAIN] {
        if let Some(pem) = text(key) {
            let read = Certificate::from_pem(pem.as_bytes())
                .ok_or(Rejection::Malformed("its certificates"))?;
            seal.certificates.extend(read);
        }
    }
    if let Some(json) = text(BUNDLE) {
        let wrong = Rejection::Malformed("what the log says of it");
        seal.entries.push(entry(json).ok_or(wrong)?);
    }
    if let Some(json) = text(STAMP) {
        let wrong = Rejection::Malformed("its stamp of time");
        let stamped: Stamped = serde_json::from_str(json).map_err(|_| wrong.clone())?;
        seal.stamps
            .push(STANDARD.decode(stamped.stamp).map_err(|_| wrong)?);
    }
    Ok(seal)
}

fn entry(json: &str) -> Option<Entry> {
    let logged: Logged = serde_json::from_str(json).ok()?;
    Some(Entry {
        log: hex(&logged.payload.log_id)?,
        index: logged.payload.log_index,
        time: Some(logged.payload.integrated_time),
        body: STANDARD.decode(logged.payload.body).ok()?,
        promise: Some(STANDARD.decode(logged.signed_entry_timestamp).ok()?),
        proof: None,
    })
}

fn hex(text: &str) -> Option<Vec<u8>> {
    let digits = text.as_bytes().chunks(2);
    digits
        .map(|pair| {
            let [high, low] = pair else { return None };
            let digit = |byte: &u8| char::from(*byte).to_digit(16);
            u8::try_from(digit(high)?.checked_mul(16)?.checked_add(digit(low)?)?).ok()
        })
        .collect()
}
