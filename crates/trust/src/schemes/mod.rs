//! The ways in which images are signed, a file each.

mod bundle;
mod cosign;
mod envelope;
mod simple_signing;

use std::collections::BTreeMap;
use std::fmt;

use plimsoll_model::Digest;

use crate::rejection::Rejection;
use crate::signer::{Signer, Verified};

pub use bundle::Bundle;
pub use envelope::Envelope;
pub use simple_signing::SimpleSigning;

/// Most bytes of one signature with all that comes with it; the largest are statements about many artefacts.
pub const LIMIT: usize = 16 << 20;

/// What was found beside an image. Its bytes are those of its digest, and nobody has looked at them.
#[derive(Debug, Clone, Copy)]
pub struct Found<'a> {
    /// What it says that it is.
    pub media_type: &'a str,
    /// Remarks of the manifest that lists it.
    pub annotations: &'a BTreeMap<String, String>,
    /// Its bytes.
    pub bytes: &'a [u8],
}

/// What has to be signed: an index or a manifest.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// Its digest.
    pub digest: &'a Digest,
    /// Its bytes, which are those of the digest.
    pub bytes: &'a [u8],
}

/// A way in which images are signed.
pub trait SignatureScheme: fmt::Debug + Sync {
    /// Its name.
    fn id(&self) -> &'static str;

    /// Whether something with this media type is signed in this way.
    fn is_of(&self, media_type: &str) -> bool;

    /// Proves that `signer` signed `subject`.
    fn verify(
        &self,
        found: &Found<'_>,
        subject: &Subject<'_>,
        signer: &Signer,
    ) -> Result<Verified, Rejection>;
}

/// Every scheme.
pub static ALL: &[&dyn SignatureScheme] = &[&SimpleSigning, &Bundle, &Envelope];

/// The scheme of a media type; `None` where none knows it.
#[must_use]
pub fn scheme_of(media_type: &str) -> Option<&'static dyn SignatureScheme> {
    ALL.iter().copied().find(|scheme| scheme.is_of(media_type))
}

/// Proves that `signer` signed `subject`, whatever the scheme.
pub fn verify(
    found: &Found<'_>,
    subject: &Subject<'_>,
    signer: &Signer,
) -> Result<Verified, Rejection> {
    let Some(scheme) = scheme_of(found.media_type) else {
        let kind: String = found.media_type.chars().take(120).collect();
        return Err(Rejection::Unsupported(format!("`{kind}` is not known")));
    };
    if found.bytes.len() > LIMIT {
        return Err(Rejection::Unsupported(format!(
            "it has more than {LIMIT} bytes"
        )));
    }
    scheme.verify(found, subject, signer)
}

#[cfg(test)]
mod tests;
