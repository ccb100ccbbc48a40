//! Entries of Rekor, the log of signatures: who signed that the entry is there, and whether it is about this signature
//! (sigstore/protobuf-specs, `sigstore_rekor.proto`; sigstore/rekor, `types/`; RFC 6962; transparency-dev/formats,
//! `log/README.md`).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::digest::{SHA256, SHA384, SHA512, digest};
use rustls_pki_types::SubjectPublicKeyInfoDer;
use rustls_pki_types::pem::PemObject as _;
use serde_json::Value;

use crate::certificate::Certificate;
use crate::key::hex;
use crate::rejection::Rejection;
use crate::root::{Log, TrustedRoot};

/// Most hashes of a proof; a tree with more would have more than 2⁶⁴ entries.
const MOST_HASHES: usize = 64;
/// Most signatures of a checkpoint that are tried.
const MOST_LINES: usize = 32;

/// An entry as whoever signed says that it is; nothing of it is believed yet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) log: Vec<u8>,
    pub(crate) index: u64,
    /// Seconds since 1970.
    pub(crate) time: Option<i64>,
    pub(crate) body: Vec<u8>,
    /// The log's signature that it took the entry at that time.
    pub(crate) promise: Option<Vec<u8>>,
    pub(crate) proof: Option<Proof>,
}

/// A way from an entry to a tree that the log signed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Proof {
    pub(crate) index: u64,
    pub(crate) size: u64,
    pub(crate) hashes: Vec<Vec<u8>>,
    pub(crate) checkpoint: String,
}

/// What an entry has to be about.
#[derive(Debug, Clone, Copy)]
pub(crate) struct About<'a> {
    pub(crate) signature: &'a [u8],
    /// `SubjectPublicKeyInfo` of who signed.
    pub(crate) key: &'a [u8],
    pub(crate) certificate: Option<&'a Certificate>,
    /// What was signed, byte by byte.
    pub(crate) message: &'a [u8],
    /// The payload, where the message is an envelope's.
    pub(crate) payload: Option<&'a [u8]>,
    /// The envelope, where its bytes are the ones that were logged.
    pub(crate) envelope: Option<&'a [u8]>,
}

/// Proves that a log of `root` has the entry, and that it is `about` this signature. Gives the second since 1970 for
/// which the log itself stands, if it does.
pub(crate) fn prove(
    entry: &Entry,
    about: &About<'_>,
    root: &TrustedRoot,
) -> Result<Option<i64>, Rejection> {
    let logs: Vec<&Log> = root.logs.iter().filter(|log| log.id == entry.log).collect();
    let Some(log) = logs
        .iter()
        .find(|log| entry.time.is_none_or(|time| log.valid.holds(time)))
    else {
        return Err(Rejection::UnknownLog);
    };
    let mut time = None;
    if let Some(promise) = &entry.promise {
        let second = entry.time.ok_or(Rejection::LogSignature)?;
        if !log.key.has_signed(&promised(entry, second), promise) {
            return Err(Rejection::LogSignature);
        }
        time = Some(second);
    }
    match &entry.proof {
        Some(proof) => included(entry, proof, log)?,
        None if entry.promise.is_none() => return Err(Rejection::NoLog),
        None => {}
    }
    if is_about(&entry.body, about) == Some(true) {
        Ok(time)
    } else {
        Err(Rejection::OtherEntry)
    }
}

/// What the log signs as a promise: JSON in the canonical form of RFC 8785, whose members are in the order of their
/// names.
fn promised(entry: &Entry, second: i64) -> Vec<u8> {
    let id = hex(&entry.log);
    format!(
        r#"{{"body":"{}","integratedTime":{second},"logID":"{id}","logIndex":{}}}"#,
        STANDARD.encode(&entry.body),
        entry.index
    )
    .into_bytes()
}

/// Proves that the entry is in a tree that the log signed.
fn included(entry: &Entry, proof: &Proof, log: &Log) -> Result<(), Rejection> {
    let (note, lines) = proof
        .checkpoint
        .split_once("\n\n")
        .ok_or(Rejection::LogSignature)?;
    let note = format!("{note}\n");
    let is_signed = lines.lines().take(MOST_LINES).any(|line| {
        // An em dash, a name, and in Base64 the first bytes of the log's id before its signature.
        let Some((_, text)) = line
            .strip_prefix("\u{2014} ")
            .and_then(|rest| rest.split_once(' '))
        else {
            return false;
        };
        let Ok(bytes) = STANDARD.decode(text) else {
            return false;
        };
        bytes.split_at_checked(4).is_some_and(|(hint, signature)| {
            log.id.starts_with(hint) && log.key.has_signed(note.as_bytes(), signature)
        })
    });
    if !is_signed {
        return Err(Rejection::LogSignature);
    }
    let mut parts = note.lines().skip(1);
    let size: u64 = parts
        .next()
        .and_then(|text| text.parse().ok())
        .ok_or(Rejection::LogSignature)?;
    let hash = parts
        .next()
        .and_then(|text| STANDARD.decode(text).ok())
        .ok_or(Rejection::LogSignature)?;
    if proof.size != size {
        return Err(Rejection::Inclusion);
    }
    match tree_hash(&entry.body, proof) {
        Some(own) if own == hash => Ok(()),
        _ => Err(Rejection::Inclusion),
    }
}

/// The hash of the tree to which a proof leads (RFC 9162, section 2.1.3.2).
fn tree_hash(body: &[u8], proof: &Proof) -> Option<Vec<u8>> {
    if proof.index >= proof.size || proof.hashes.len() > MOST_HASHES {
        return None;
    }
    let join = |left: &[u8], right: &[u8]| {
        let all = [&[1][..], left, right].concat();
        digest(&SHA256, &all).as_ref().to_vec()
    };
    let (mut node, mut last) = (proof.index, proof.size.checked_sub(1)?);
    let mut hash = digest(&SHA256, &[&[0][..], body].concat())
        .as_ref()
        .to_vec();
    for sibling in &proof.hashes {
        if sibling.len() != 32 || last == 0 {
            return None;
        }
        if node & 1 == 1 || node == last {
            hash = join(sibling, &hash);
            while node & 1 == 0 && node != 0 {
                node >>= 1;
                last >>= 1;
            }
        } else {
            hash = join(&hash, sibling);
        }
        node >>= 1;
        last >>= 1;
    }
    (last == 0).then_some(hash)
}

/// Whether an entry's body is about the signature; `None` where it is of a kind that is not known.
fn is_about(body: &[u8], about: &About<'_>) -> Option<bool> {
    let body: Value = serde_json::from_slice(body).ok()?;
    let spec = body.get("spec")?;
    let version = body.get("apiVersion")?.as_str()?;
    match (body.get("kind")?.as_str()?, version) {
        ("hashedrekord", "0.0.1") => {
            let signature = spec.get("signature")?;
            Some(
                base64(signature.get("content")?)? == about.signature
                    && is_by(signature.get("publicKey")?.get("content")?, about)?
                    && has_hash(spec.get("data")?.get("hash")?, about.message)?,
            )
        }
        ("hashedrekord", "0.0.2") => {
            let spec = spec.get("hashedRekordV002")?;
            let signature = spec.get("signature")?;
            Some(
                is_signature_v2(signature, about)?
                    && has_hash_v2(spec.get("data")?, about.message)?,
            )
        }
        ("dsse", "0.0.1") => {
            let one = only(spec.get("signatures")?)?;
            Some(
                base64(one.get("signature")?)? == about.signature
                    && is_by(one.get("verifier")?, about)?
                    && has_hash(spec.get("payloadHash")?, about.payload?)?,
            )
        }
        ("dsse", "0.0.2") => {
            let spec = spec.get("dsseV002")?;
            Some(
                is_signature_v2(only(spec.get("signatures")?)?, about)?
                    && has_hash_v2(spec.get("payloadHash")?, about.payload?)?,
            )
        }
        ("intoto", "0.0.2") => {
            let content = spec.get("content")?;
            let one = only(content.get("envelope")?.get("signatures")?)?;
            // It is encoded twice.
            let signature = STANDARD.decode(base64(one.get("sig")?)?).ok()?;
            Some(
                signature == about.signature
                    && is_by(one.get("publicKey")?, about)?
                    && has_hash(content.get("payloadHash")?, about.payload?)?,
            )
        }
        // The signature is not in it, and the envelope is.
        ("intoto", "0.0.1") => {
            let content = spec.get("content")?;
            Some(
                has_hash(content.get("hash")?, about.envelope?)?
                    && is_by(spec.get("publicKey")?, about)?
                    && content.get("payloadHash").is_none_or(|hash| {
                        let payload = about.payload;
                        payload.and_then(|payload| has_hash(hash, payload)) == Some(true)
                    }),
            )
        }
        _ => None,
    }
}

fn base64(value: &Value) -> Option<Vec<u8>> {
    STANDARD.decode(value.as_str()?).ok()
}

/// The one of a list of one: more signatures than the one that was verified would be nobody's.
fn only(list: &Value) -> Option<&Value> {
    match list.as_array()?.as_slice() {
        [one] => Some(one),
        _ => None,
    }
}

/// Whether a PEM text in Base64 is the certificate, or the key, of who signed.
fn is_by(value: &Value, about: &About<'_>) -> Option<bool> {
    let pem = base64(value)?;
    if let Some(list) = Certificate::from_pem(&pem) {
        return Some(list.first() == about.certificate);
    }
    let key = SubjectPublicKeyInfoDer::from_pem_slice(&pem).ok()?;
    Some(about.certificate.is_none() && *key == *about.key)
}

/// `{algorithm, value}` in hexadecimal digits.
fn has_hash(hash: &Value, bytes: &[u8]) -> Option<bool> {
    let own = digest_named(hash.get("algorithm")?.as_str()?, bytes)?;
    Some(hex(&own) == hash.get("value")?.as_str()?)
}

/// `{algorithm, digest}` in Base64.
fn has_hash_v2(hash: &Value, bytes: &[u8]) -> Option<bool> {
    let own = digest_named(hash.get("algorithm")?.as_str()?, bytes)?;
    Some(own == base64(hash.get("digest")?)?)
}

fn is_signature_v2(signature: &Value, about: &About<'_>) -> Option<bool> {
    let by = signature.get("verifier")?;
    let is_by = match (by.get("x509Certificate"), by.get("publicKey")) {
        (Some(one), None) => {
            let der = base64(one.get("rawBytes")?)?;
            about.certificate.is_some_and(|own| own.der() == der)
        }
        (None, Some(one)) => {
            about.certificate.is_none() && base64(one.get("rawBytes")?)? == about.key
        }
        _ => false,
    };
    Some(is_by && base64(signature.get("content")?)? == about.signature)
}

fn digest_named(name: &str, bytes: &[u8]) -> Option<Vec<u8>> {
    let algorithm = match name {
        "sha256" | "SHA2_256" => &SHA256,
        "sha384" | "SHA2_384" => &SHA384,
        "sha512" | "SHA2_512" => &SHA512,
        _ => return None,
    };
    Some(digest(algorithm, bytes).as_ref().to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hash(parts: &[&[u8]]) -> Vec<u8> {
        digest(&SHA256, &parts.concat()).as_ref().to_vec()
    }

    /// The tree of RFC 6962, section 2.1, from below.
    fn tree(leaves: &[Vec<u8>]) -> Vec<u8> {
        match leaves {
            [one] => hash(&[&[0], one]),
            many => {
                let half = many.len().next_power_of_two() / 2;
                let (left, right) = many.split_at(half);
                hash(&[&[1], &tree(left), &tree(right)])
            }
        }
    }

    /// The way of RFC 6962, section 2.1.1.
    fn path(index: usize, leaves: &[Vec<u8>]) -> Vec<Vec<u8>> {
        if leaves.len() < 2 {
            return Vec::new();
        }
        let half = leaves.len().next_power_of_two() / 2;
        let (left, right) = leaves.split_at(half);
        let (mut way, other) = if index < half {
            (path(index, left), tree(right))
        } else {
            (path(index - half, right), tree(left))
        };
        way.push(other);
        way
    }

    #[test]
    fn a_way_leads_to_its_tree_and_to_no_other() {
        for size in 1..20_usize {
            let leaves: Vec<Vec<u8>> = (0..size).map(|n| vec![u8::try_from(n).unwrap()]).collect();
            let root = tree(&leaves);
            for index in 0..size {
                let proof = Proof {
                    index: index as u64,
                    size: size as u64,
                    hashes: path(index, &leaves),
                    checkpoint: String::new(),
                };
                assert_eq!(tree_hash(&leaves[index], &proof), Some(root.clone()));
                assert_ne!(tree_hash(b"other", &proof), Some(root.clone()));
                for other in (0..size + 2).filter(|other| *other != index) {
                    let moved = Proof {
                        index: other as u64,
                        ..proof.clone()
                    };
                    assert_ne!(tree_hash(&leaves[index], &moved), Some(root.clone()));
                }
                let mut longer = proof.clone();
                longer.hashes.push(vec![0; 32]);
                assert_eq!(tree_hash(&leaves[index], &longer), None);
                let mut shorter = proof;
                if shorter.hashes.pop().is_some() {
                    assert_eq!(tree_hash(&leaves[index], &shorter), None);
                }
            }
        }
    }
}
