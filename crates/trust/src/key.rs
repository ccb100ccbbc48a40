//! Keys as files: PEM of PKCS #8 and of `SubjectPublicKeyInfo` (RFC 7468), as `openssl` writes them.
//!
//! Two kinds are known: Ed25519 (RFC 8410), and ECDSA over P-256 with SHA-256 (RFC 5480), which is that of cosign.

use std::fmt::{self, Write as _};

use ring::rand::SystemRandom;
use ring::signature::{
    ECDSA_P256_SHA256_ASN1, ECDSA_P256_SHA256_ASN1_SIGNING, ED25519, EcdsaKeyPair, Ed25519KeyPair,
    KeyPair as _, UnparsedPublicKey,
};
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{PrivatePkcs8KeyDer, SubjectPublicKeyInfoDer};

/// What stands before the 32 bytes of an Ed25519 key (RFC 8410, section 4).
const ED25519_HEAD: &[u8] = &[
    0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00,
];
/// What stands before the 65 bytes of an uncompressed point of P-256 (RFC 5480, section 2).
const P256_HEAD: &[u8] = &[
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a,
    0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
];

/// A file that is no key that can be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// There is no such block in it.
    #[error("it holds no PEM block `{0}`")]
    NoBlock(&'static str),
    /// Of another kind.
    #[error("it is neither an Ed25519 key nor an ECDSA key of P-256")]
    Kind,
    /// Signing failed, for want of random numbers.
    #[error("this machine gives no random numbers")]
    Random,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Ed25519,
    P256,
}

/// A key that somebody trusts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKey {
    kind: Kind,
    bytes: Vec<u8>,
}

impl PublicKey {
    /// Reads the first block `PUBLIC KEY`.
    pub fn from_pem(pem: &[u8]) -> Result<Self, KeyError> {
        let der = SubjectPublicKeyInfoDer::from_pem_slice(pem)
            .map_err(|_| KeyError::NoBlock("PUBLIC KEY"))?;
        for (kind, head, length) in [
            (Kind::Ed25519, ED25519_HEAD, 32),
            (Kind::P256, P256_HEAD, 65),
        ] {
            if let Some(bytes) = der.strip_prefix(head).filter(|key| key.len() == length) {
                let bytes = bytes.to_vec();
                return Ok(Self { kind, bytes });
            }
        }
        Err(KeyError::Kind)
    }

    /// What it is called: `sha256:` and the hash of its `SubjectPublicKeyInfo`.
    #[must_use]
    pub fn id(&self) -> String {
        let head = match self.kind {
            Kind::Ed25519 => ED25519_HEAD,
            Kind::P256 => P256_HEAD,
        };
        let mut text = String::from("sha256:");
        let hash = ring::digest::digest(&ring::digest::SHA256, &[head, &self.bytes].concat());
        for byte in hash.as_ref() {
            // Writing to a text does not fail.
            let _ = write!(text, "{byte:02x}");
        }
        text
    }

    /// Whether `signature` is this key's over `message`.
    pub(crate) fn has_signed(&self, message: &[u8], signature: &[u8]) -> bool {
        let algorithm: &dyn ring::signature::VerificationAlgorithm = match self.kind {
            Kind::Ed25519 => &ED25519,
            Kind::P256 => &ECDSA_P256_SHA256_ASN1,
        };
        UnparsedPublicKey::new(algorithm, &self.bytes)
            .verify(message, signature)
            .is_ok()
    }
}

/// A key that signs. It is never shown.
pub struct SecretKey(Pair);

enum Pair {
    Ed25519(Ed25519KeyPair),
    P256(EcdsaKeyPair),
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretKey(***)")
    }
}

impl SecretKey {
    /// Reads the first block `PRIVATE KEY`, which must not be encrypted.
    pub fn from_pem(pem: &[u8]) -> Result<Self, KeyError> {
        let der = PrivatePkcs8KeyDer::from_pem_slice(pem)
            .map_err(|_| KeyError::NoBlock("PRIVATE KEY"))?;
        let der = der.secret_pkcs8_der();
        if let Ok(pair) = Ed25519KeyPair::from_pkcs8_maybe_unchecked(der) {
            return Ok(Self(Pair::Ed25519(pair)));
        }
        let random = SystemRandom::new();
        EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, der, &random)
            .map(|pair| Self(Pair::P256(pair)))
            .map_err(|_| KeyError::Kind)
    }

    /// The key that proves what this one signs.
    #[must_use]
    pub fn public(&self) -> PublicKey {
        let (kind, bytes) = match &self.0 {
            Pair::Ed25519(pair) => (Kind::Ed25519, pair.public_key().as_ref()),
            Pair::P256(pair) => (Kind::P256, pair.public_key().as_ref()),
        };
        let bytes = bytes.to_vec();
        PublicKey { kind, bytes }
    }

    /// Signs a message.
    pub(crate) fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KeyError> {
        match &self.0 {
            Pair::Ed25519(pair) => Ok(pair.sign(message).as_ref().to_vec()),
            Pair::P256(pair) => pair
                .sign(&SystemRandom::new(), message)
                .map(|signature| signature.as_ref().to_vec())
                .map_err(|_| KeyError::Random),
        }
    }
}
