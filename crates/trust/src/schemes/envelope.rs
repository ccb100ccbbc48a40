//! Cosign's attestations up to version 2: statements of in-toto in DSSE envelopes, with what the log says of them in
//! annotations (sigstore/cosign, `specs/COSIGN_PREDICATE_SPEC.md`).

use super::cosign::beside;
use super::{Found, SignatureScheme, Subject};
use crate::dsse::{self, Sealed};
use crate::rejection::Rejection;
use crate::signer::{Seal, Signer, Verified};
use crate::statement;

/// A statement in an envelope.
#[derive(Debug)]
pub struct Envelope;

impl SignatureScheme for Envelope {
    fn id(&self) -> &'static str {
        "dsse"
    }

    fn is_of(&self, media_type: &str) -> bool {
        matches!(
            media_type,
            "application/vnd.dsse.envelope.v1+json" | "application/vnd.in-toto+dsse"
        )
    }

    fn verify(
        &self,
        found: &Found<'_>,
        subject: &Subject<'_>,
        signer: &Signer,
    ) -> Result<Verified, Rejection> {
        let sealed = dsse::read(found.bytes).ok_or(Rejection::Malformed("it is no envelope"))?;
        let seal = Seal {
            envelope: Some(found.bytes.to_vec()),
            ..beside(found.annotations)?
        };
        open(sealed, &seal, subject, signer)
    }
}

/// Proves that `signer` signed the envelope, and that it is a statement about `subject`.
pub(super) fn open(
    sealed: Sealed,
    seal: &Seal,
    subject: &Subject<'_>,
    signer: &Signer,
) -> Result<Verified, Rejection> {
    let payload = sealed.payload;
    let mut missed = Rejection::Malformed("it has no signature");
    for signature in sealed.signatures {
        let seal = Seal {
            signature,
            message: sealed.message.clone(),
            payload: Some(payload.clone()),
            ..seal.clone()
        };
        match signer.prove(&seal) {
            Ok(verified) if sealed.payload_type == statement::PAYLOAD_TYPE => {
                return Ok(match statement::about(&payload, subject.digest)? {
                    kind if kind == statement::SIGNED => verified,
                    kind => verified.of(kind),
                });
            }
            Ok(_) => {
                return Err(Rejection::OtherPredicate {
                    found: sealed.payload_type,
                });
            }
            Err(why) => missed = why,
        }
    }
    Err(missed)
}
