//! Stamps of time (RFC 3161, in CMS, RFC 5652): that a signature was there at a time, by a clock of the trust root.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use ring::digest::{SHA256, SHA384, SHA512, digest};
use webpki::KeyUsage;

use crate::asn1::{self, GENERALIZED_TIME, INTEGER, Node, OCTET_STRING, OID, SEQUENCE, SET};
use crate::certificate::{self, Certificate, TIME_STAMPING};
use crate::rejection::Rejection;
use crate::root::TrustedRoot;

/// 1.2.840.113549.1.7.2, `id-signedData`.
const SIGNED_DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02];
/// 1.2.840.113549.1.9.16.1.4, `id-ct-TSTInfo`.
const STAMP: &[u8] = &[
    0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x01, 0x04,
];
/// 1.2.840.113549.1.9.3 and .4, `id-contentType` and `id-messageDigest`.
const CONTENT_TYPE: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x03];
const MESSAGE_DIGEST: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x04];
/// 2.16.840.1.101.3.4.2.1, .2 and .3: SHA-256, SHA-384 and SHA-512.
const HASHES: [(&[u8], &ring::digest::Algorithm); 3] = [
    (
        &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01],
        &SHA256,
    ),
    (
        &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x02],
        &SHA384,
    ),
    (
        &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x03],
        &SHA512,
    ),
];

/// A stamp that was read and not verified.
struct Stamp<'a> {
    /// `TSTInfo`, as it is signed.
    info: &'a [u8],
    /// Certificates that came along.
    certificates: Vec<Certificate>,
    /// `SignerInfo`, its fields.
    signer: Vec<Node<'a>>,
}

/// Proves that a clock of `root` stamped `signature`, and gives the second since 1970.
pub(crate) fn prove(stamp: &[u8], signature: &[u8], root: &TrustedRoot) -> Result<i64, Rejection> {
    let stamp = read(stamp).ok_or(Rejection::Stamp("it is no answer of RFC 3161"))?;
    let time = of_signature(stamp.info, signature)
        .ok_or(Rejection::Stamp("it is about another signature"))?;
    let message = attributes(&stamp).ok_or(Rejection::Stamp("it does not seal its time"))?;
    let sealed = stamp
        .signer
        .iter()
        .rev()
        .find_map(|field| field.content(OCTET_STRING))
        .ok_or(Rejection::Stamp("it is not signed"))?;
    for clock in root.clocks.iter().filter(|clock| clock.valid.holds(time)) {
        let Some((anchor, own)) = clock.chain.split_last() else {
            continue;
        };
        let all: Vec<Certificate> = own.iter().chain(&stamp.certificates).cloned().collect();
        let is_good = all.iter().any(|leaf| {
            leaf.key()
                .is_some_and(|key| key.has_signed(&message, sealed))
                && certificate::chain(
                    leaf,
                    &all,
                    &[anchor],
                    KeyUsage::required(TIME_STAMPING),
                    time,
                )
                .is_ok()
        });
        if is_good {
            return Ok(time);
        }
    }
    Err(Rejection::Stamp("it is by no clock of the trust root"))
}

/// Reads `TimeStampResp` (RFC 3161, section 2.4.2), or the token alone.
fn read(bytes: &[u8]) -> Option<Stamp<'_>> {
    let outer = asn1::node(bytes)?.open(SEQUENCE)?;
    let token = if outer.first()?.tag == SEQUENCE {
        // `granted` and `grantedWithMods`.
        let status = outer.first()?.open(SEQUENCE)?;
        if !matches!(status.first()?.content(INTEGER)?, [0 | 1]) {
            return None;
        }
        outer.get(1)?.open(SEQUENCE)?
    } else {
        outer
    };
    let [kind, content] = token.as_slice() else {
        return None;
    };
    if kind.content(OID)? != SIGNED_DATA || content.tag != 0xa0 {
        return None;
    }
    let data = asn1::node(content.value)?.open(SEQUENCE)?;
    let inner = data.get(2)?.open(SEQUENCE)?;
    let [kind, content] = inner.as_slice() else {
        return None;
    };
    if kind.content(OID)? != STAMP || content.tag != 0xa0 {
        return None;
    }
    let info = asn1::node(content.value)?.content(OCTET_STRING)?;
    let certificates = data.iter().find(|field| field.tag == 0xa0);
    let certificates = match certificates {
        Some(list) => asn1::nodes(list.value)?,
        None => Vec::new(),
    };
    let signers = data.last()?.open(SET)?;
    let [signer] = signers.as_slice() else {
        return None;
    };
    Some(Stamp {
        info,
        certificates: certificates
            .iter()
            .take(certificate::MOST)
            .filter_map(|one| Certificate::from_der(one.whole))
            .collect(),
        signer: signer.open(SEQUENCE)?,
    })
}

/// The time of `TSTInfo` (RFC 3161, section 2.4.2), if it is about these bytes.
fn of_signature(info: &[u8], signature: &[u8]) -> Option<i64> {
    let fields = asn1::node(info)?.open(SEQUENCE)?;
    let imprint = fields.get(2)?.open(SEQUENCE)?;
    let [algorithm, hash] = imprint.as_slice() else {
        return None;
    };
    let own = hash_of(algorithm, signature)?;
    if hash.content(OCTET_STRING)? != own {
        return None;
    }
    let time = fields.get(4)?.content(GENERALIZED_TIME)?;
    let time = std::str::from_utf8(time).ok()?.strip_suffix('Z')?;
    // Fractions of a second may follow.
    let time = time.split('.').next()?;
    let time = DateTime::strptime("%Y%m%d%H%M%S", time).ok()?;
    Some(time.to_zoned(TimeZone::UTC).ok()?.timestamp().as_second())
}

fn hash_of(algorithm: &Node<'_>, bytes: &[u8]) -> Option<Vec<u8>> {
    let parts = algorithm.open(SEQUENCE)?;
    let id = parts.first()?.content(OID)?;
    let (_, algorithm) = HASHES.iter().find(|(own, _)| *own == id)?;
    Some(digest(algorithm, bytes).as_ref().to_vec())
}

/// What the clock signed (RFC 5652, section 5.4): its attributes as a set, if they are about the stamp.
fn attributes(stamp: &Stamp<'_>) -> Option<Vec<u8>> {
    let hash = stamp.signer.get(2)?;
    let list = stamp.signer.iter().find(|field| field.tag == 0xa0)?;
    let all = asn1::nodes(list.value)?;
    let value = |id: &[u8]| {
        let mut found = all.iter().filter_map(|one| {
            let parts = one.open(SEQUENCE)?;
            (parts.first()?.content(OID)? == id).then(|| parts.get(1).copied())?
        });
        let only = found.next()?;
        found.next().is_none().then_some(only)
    };
    let kind = value(CONTENT_TYPE)?.open(SET)?;
    let own = value(MESSAGE_DIGEST)?.open(SET)?;
    let is_about = kind.first()?.content(OID)? == STAMP
        && own.first()?.content(OCTET_STRING)? == hash_of(hash, stamp.info)?;
    is_about.then(|| asn1::wrap(SET, list.value))
}
