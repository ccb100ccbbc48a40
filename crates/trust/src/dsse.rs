//! Signed envelopes: DSSE (secure-systems-lab/dsse, `protocol.md` and `envelope.md`, version 1).

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use serde::{Deserialize, Serialize};

use crate::key::{KeyError, PublicKey, SecretKey};

/// Most signatures of one envelope that are tried.
const MOST: usize = 32;

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Envelope {
    payload_type: String,
    payload: String,
    signatures: Vec<Signature>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Signature {
    #[serde(default)]
    keyid: String,
    sig: String,
}

/// A payload that a trusted key signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proved {
    payload: Vec<u8>,
    key: PublicKey,
}

impl Proved {
    /// What was signed.
    #[must_use]
    pub fn payload(&self) -> &[u8] {
        &self.payload
    }

    /// Who signed it.
    #[must_use]
    pub fn key(&self) -> &PublicKey {
        &self.key
    }
}

/// Why an envelope proves nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// No key is trusted, so that nothing can be proved.
    #[error("no key is trusted; name one")]
    NoKeys,
    /// It is no envelope.
    #[error("it is no signed envelope: {0}")]
    Malformed(String),
    /// It speaks of something else.
    #[error("it is signed as `{found}`, not as `{wanted}`")]
    Type {
        /// What was asked for.
        wanted: String,
        /// What the envelope says.
        found: String,
    },
    /// No signature of it is good.
    #[error("none of its {signatures} signatures is by a trusted key")]
    Untrusted {
        /// How many there are.
        signatures: usize,
    },
}

/// Puts a payload into an envelope with one signature.
pub fn sign(payload_type: &str, payload: &[u8], key: &SecretKey) -> Result<Vec<u8>, KeyError> {
    let signature = key.sign(&signed_bytes(payload_type, payload))?;
    let envelope = Envelope {
        payload_type: payload_type.to_owned(),
        payload: STANDARD.encode(payload),
        signatures: vec![Signature {
            keyid: key.public().id(),
            sig: STANDARD.encode(signature),
        }],
    };
    // A structure of texts is always JSON.
    Ok(serde_json::to_vec(&envelope).unwrap_or_default())
}

/// Opens an envelope of one type that one of `trusted` signed. The type is part of what is signed, so that a
/// statement about one thing cannot stand for another.
pub fn open(bytes: &[u8], payload_type: &str, trusted: &[PublicKey]) -> Result<Proved, Rejection> {
    if trusted.is_empty() {
        return Err(Rejection::NoKeys);
    }
    let envelope: Envelope =
        serde_json::from_slice(bytes).map_err(|error| Rejection::Malformed(error.to_string()))?;
    if envelope.payload_type != payload_type {
        return Err(Rejection::Type {
            wanted: payload_type.to_owned(),
            found: envelope.payload_type.chars().take(120).collect(),
        });
    }
    let payload = decode(&envelope.payload)
        .ok_or_else(|| Rejection::Malformed("its payload is not Base64".to_owned()))?;
    let message = signed_bytes(payload_type, &payload);
    let signatures = envelope.signatures.len();
    for signature in envelope.signatures.iter().take(MOST) {
        let Some(signature) = decode(&signature.sig) else {
            continue;
        };
        // The name of a key in an envelope is a hint that anyone can write; every key is tried.
        if let Some(key) = trusted
            .iter()
            .find(|key| key.has_signed(&message, &signature))
        {
            let key = key.clone();
            return Ok(Proved { payload, key });
        }
    }
    Err(Rejection::Untrusted { signatures })
}

/// An envelope whose signatures nobody has looked at.
#[derive(Debug)]
pub(crate) struct Sealed {
    /// What kind of text the payload is.
    pub(crate) payload_type: String,
    /// What is signed, without its type.
    pub(crate) payload: Vec<u8>,
    /// What is signed, as it is signed.
    pub(crate) message: Vec<u8>,
    /// The signatures.
    pub(crate) signatures: Vec<Vec<u8>>,
}

/// Reads an envelope, and believes nothing of it.
pub(crate) fn read(bytes: &[u8]) -> Option<Sealed> {
    let envelope: Envelope = serde_json::from_slice(bytes).ok()?;
    let payload = decode(&envelope.payload)?;
    let signatures = envelope.signatures.iter().take(MOST);
    Some(Sealed {
        message: signed_bytes(&envelope.payload_type, &payload),
        payload_type: envelope.payload_type,
        payload,
        signatures: signatures.filter_map(|one| decode(&one.sig)).collect(),
    })
}

/// "Either standard or URL-safe" (`envelope.md`).
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    STANDARD
        .decode(text)
        .or_else(|_| URL_SAFE.decode(text))
        .ok()
}

/// The pre-authentication encoding (`protocol.md`).
fn signed_bytes(payload_type: &str, payload: &[u8]) -> Vec<u8> {
    let mut bytes = format!(
        "DSSEv1 {} {payload_type} {} ",
        payload_type.len(),
        payload.len()
    )
    .into_bytes();
    bytes.extend_from_slice(payload);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Made with `openssl genpkey -algorithm ed25519`, and `-algorithm EC -pkeyopt ec_paramgen_curve:P-256`, and
    /// `openssl pkey -pubout`; they protect nothing.
    const KEYS: [(&str, &str); 2] = [
        (
            include_str!("../fixtures/ed25519.pem"),
            include_str!("../fixtures/ed25519.pub"),
        ),
        (
            include_str!("../fixtures/p256.pem"),
            include_str!("../fixtures/p256.pub"),
        ),
    ];

    #[test]
    fn what_was_signed_opens_and_nothing_else_does() {
        for (at, (secret, public)) in KEYS.iter().enumerate() {
            let secret = SecretKey::from_pem(secret.as_bytes()).expect("a key");
            let public = PublicKey::from_pem(public.as_bytes()).expect("a key");
            assert_eq!(secret.public(), public);
            let other = PublicKey::from_pem(KEYS[1 - at].1.as_bytes()).expect("a key");
            let envelope = sign("a/b", b"hello", &secret).expect("signed");
            let proved = open(&envelope, "a/b", &[other.clone(), public.clone()]).expect("good");
            assert_eq!((proved.payload(), proved.key()), (&b"hello"[..], &public));
            assert_eq!(open(&envelope, "a/b", &[]), Err(Rejection::NoKeys));
            assert_eq!(
                open(&envelope, "a/b", &[other]),
                Err(Rejection::Untrusted { signatures: 1 })
            );
            assert!(matches!(
                open(&envelope, "a/c", std::slice::from_ref(&public)),
                Err(Rejection::Type { .. })
            ));
            let text = String::from_utf8(envelope).expect("text");
            for (from, to) in [
                (STANDARD.encode("hello"), STANDARD.encode("hellO")),
                ("a/b".to_owned(), "a/c".to_owned()),
            ] {
                let changed = text.replace(&from, &to);
                let payload_type = if to == "a/c" { "a/c" } else { "a/b" };
                assert_eq!(
                    open(
                        changed.as_bytes(),
                        payload_type,
                        std::slice::from_ref(&public)
                    ),
                    Err(Rejection::Untrusted { signatures: 1 })
                );
            }
            for cut in 0..text.len() {
                assert!(
                    open(
                        &text.as_bytes()[..cut],
                        "a/b",
                        std::slice::from_ref(&public)
                    )
                    .is_err()
                );
            }
        }
    }

    /// The example of `protocol.md`.
    #[test]
    fn bytes_are_put_together_as_the_protocol_says() {
        assert_eq!(
            signed_bytes("http://example.com/HelloWorld", b"hello world"),
            b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"
        );
    }

    #[test]
    fn files_that_are_no_keys_say_so() {
        let (secret, public) = KEYS[0];
        assert_eq!(
            SecretKey::from_pem(public.as_bytes()).err(),
            Some(KeyError::NoBlock("PRIVATE KEY"))
        );
        assert_eq!(
            PublicKey::from_pem(secret.as_bytes()).err(),
            Some(KeyError::NoBlock("PUBLIC KEY"))
        );
        let other = "-----BEGIN PUBLIC KEY-----\nMAA=\n-----END PUBLIC KEY-----\n";
        assert_eq!(
            PublicKey::from_pem(other.as_bytes()).err(),
            Some(KeyError::PublicKind)
        );
        let shown = format!("{:?}", SecretKey::from_pem(secret.as_bytes()));
        assert_eq!(shown, "Ok(SecretKey(***))");
    }
}
