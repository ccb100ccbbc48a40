//! Cosign's signatures up to version 2: a small payload that names the digest, as Red Hat's "simple signing" has it,
//! with the signature in an annotation (sigstore/cosign, `specs/SIGNATURE_SPEC.md`).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use plimsoll_model::Digest;
use serde::Deserialize;

use super::cosign::{SIGNATURE, beside};
use super::{Found, SignatureScheme, Subject};
use crate::rejection::Rejection;
use crate::signer::{Seal, Signer, Verified};

/// What the payload says that it is.
const KIND: &str = "cosign container image signature";

/// Cosign's payload with its signature beside it.
#[derive(Debug)]
pub struct SimpleSigning;

#[derive(Deserialize)]
struct Payload {
    critical: Critical,
}

#[derive(Deserialize)]
struct Critical {
    image: Image,
    #[serde(rename = "type")]
    kind: String,
}

#[derive(Deserialize)]
struct Image {
    #[serde(rename = "docker-manifest-digest")]
    digest: Digest,
}

impl SignatureScheme for SimpleSigning {
    fn id(&self) -> &'static str {
        "cosign-simple-signing"
    }

    fn is_of(&self, media_type: &str) -> bool {
        media_type == "application/vnd.dev.cosign.simplesigning.v1+json"
    }

    fn verify(
        &self,
        found: &Found<'_>,
        subject: &Subject<'_>,
        signer: &Signer,
    ) -> Result<Verified, Rejection> {
        let signature = found
            .annotations
            .get(SIGNATURE)
            .filter(|text| !text.is_empty())
            .ok_or(Rejection::Malformed("there is no signature beside it"))?;
        let signature = STANDARD
            .decode(signature)
            .map_err(|_| Rejection::Malformed("its signature is not Base64"))?;
        let seal = Seal {
            signature,
            message: found.bytes.to_vec(),
            ..beside(found.annotations)?
        };
        let verified = signer.prove(&seal)?;
        let payload: Payload = serde_json::from_slice(found.bytes)
            .map_err(|_| Rejection::Malformed("what is signed names no image"))?;
        if payload.critical.kind != KIND {
            return Err(Rejection::OtherPredicate {
                found: payload.critical.kind,
            });
        }
        if payload.critical.image.digest != *subject.digest {
            return Err(Rejection::other(&payload.critical.image.digest));
        }
        Ok(verified)
    }
}
