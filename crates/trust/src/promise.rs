//! Promises of logs of certificates, that they will list one (RFC 6962, section 3): whoever gives a certificate in
//! secret would be seen.

use ring::digest::{SHA256, digest};

use crate::certificate::Certificate;
use crate::rejection::Rejection;
use crate::root::TrustedRoot;

/// Most promises of one certificate.
const MOST: usize = 16;

/// What one log promised (RFC 6962, section 3.2).
struct Promise<'a> {
    log: &'a [u8],
    /// Milliseconds since 1970.
    time: u64,
    /// The time and the extensions as they are signed.
    extensions: &'a [u8],
    signature: &'a [u8],
}

/// Proves that a log of `root` promised to list a certificate that one of `authorities` gave. Who names no such log, as
/// GitHub does for its own instance, asks for no promise.
pub(crate) fn prove(
    leaf: &Certificate,
    authorities: &[Certificate],
    root: &TrustedRoot,
) -> Result<(), Rejection> {
    if root.certificate_logs.is_empty() {
        return Ok(());
    }
    let promises = leaf
        .promises()
        .and_then(read)
        .ok_or(Rejection::NoCertificateLog)?;
    let issuers = authorities.iter().filter(|one| one.subject == leaf.issuer);
    let issuers: Vec<&Certificate> = issuers.collect();
    let is_kept = |promise: &Promise<'_>| {
        let seconds = i64::try_from(promise.time / 1000).unwrap_or(i64::MAX);
        let mut logs = root.certificate_logs.iter();
        logs.any(|log| {
            log.id == promise.log
                && log.valid.holds(seconds)
                && issuers.iter().any(|issuer| {
                    let message = signed(promise, leaf, issuer);
                    message.is_some_and(|message| log.key.has_signed(&message, promise.signature))
                })
        })
    };
    if promises.iter().any(is_kept) {
        Ok(())
    } else {
        Err(Rejection::NoCertificateLog)
    }
}

/// What the log signs: version 1, a promise, its time, a certificate to be, by whom, and what is in it.
fn signed(promise: &Promise<'_>, leaf: &Certificate, issuer: &Certificate) -> Option<Vec<u8>> {
    let mut all = vec![0, 0];
    all.extend(promise.time.to_be_bytes());
    all.extend([0, 1]);
    all.extend_from_slice(digest(&SHA256, &issuer.info).as_ref());
    let length = u32::try_from(leaf.before_promises.len()).ok()?;
    let [0, rest @ ..] = length.to_be_bytes() else {
        return None;
    };
    all.extend(rest);
    all.extend_from_slice(&leaf.before_promises);
    let length = u16::try_from(promise.extensions.len()).ok()?;
    all.extend(length.to_be_bytes());
    all.extend_from_slice(promise.extensions);
    Some(all)
}

/// The promises of a list; those of other versions are left out.
fn read(list: &[u8]) -> Option<Vec<Promise<'_>>> {
    let (mut rest, after) = text(list)?;
    if !after.is_empty() {
        return None;
    }
    let mut found = Vec::new();
    while !rest.is_empty() && found.len() < MOST {
        let (one, next) = text(rest)?;
        rest = next;
        let (version, one) = one.split_first()?;
        if *version != 0 {
            continue;
        }
        let (log, one) = one.split_at_checked(32)?;
        let (time, one) = one.split_first_chunk::<8>()?;
        let (extensions, one) = text(one)?;
        // The hash and the kind of the signature, which the log's key says as well.
        let (_, one) = one.split_first_chunk::<2>()?;
        let (signature, one) = text(one)?;
        if !one.is_empty() {
            return None;
        }
        found.push(Promise {
            log,
            time: u64::from_be_bytes(*time),
            extensions,
            signature,
        });
    }
    Some(found)
}

/// A text with its length in two octets before it, and what follows.
fn text(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<2>()?;
    rest.split_at_checked(usize::from(u16::from_be_bytes(*length)))
}
