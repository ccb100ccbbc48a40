//! Keys as files: PEM of PKCS #8 and of `SubjectPublicKeyInfo` (RFC 7468), as `openssl` and cosign write them.
//!
//! What is signed here is signed with Ed25519 (RFC 8410) or with ECDSA over P-256 and SHA-256 (RFC 5480). What others
//! sign is verified with P-384 and RSA (RFC 8017) as well.

use std::fmt::{self, Write as _};

use ring::rand::SystemRandom;
use ring::signature::{
    self, ECDSA_P256_SHA256_ASN1, ECDSA_P256_SHA256_ASN1_SIGNING, ED25519, EcdsaKeyPair,
    Ed25519KeyPair, KeyPair as _, UnparsedPublicKey, VerificationAlgorithm,
};
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{PrivatePkcs8KeyDer, SubjectPublicKeyInfoDer};

use crate::asn1::{self, SEQUENCE};

/// What stands before the 32 bytes of an Ed25519 key (RFC 8410, section 4).
const ED25519_HEAD: &[u8] = &[
    0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00,
];
/// What stands before the 65 bytes of an uncompressed point of P-256 (RFC 5480, section 2).
const P256_HEAD: &[u8] = &[
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a,
    0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
];
/// The same before the 97 bytes of one of P-384.
const P384_HEAD: &[u8] = &[
    0x30, 0x76, 0x30, 0x10, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x05, 0x2b,
    0x81, 0x04, 0x00, 0x22, 0x03, 0x62, 0x00,
];
/// The algorithm `rsaEncryption` with its parameters (RFC 3279, section 2.3.1).
const RSA: &[u8] = &[
    0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00,
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
    /// Of a kind that nothing here verifies.
    #[error("it is neither an Ed25519 key nor an ECDSA key of P-256 or P-384 nor an RSA key")]
    PublicKind,
    /// Signing failed, for want of random numbers.
    #[error("this machine gives no random numbers")]
    Random,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Ed25519,
    P256,
    P384,
    Rsa,
}

impl Kind {
    /// What a signature of such a key may be made with. Cosign signs with the hash of its choice, not of the curve's,
    /// and an RSA key does not say which padding it is for.
    fn algorithms(self) -> &'static [&'static dyn VerificationAlgorithm] {
        match self {
            Self::Ed25519 => ED25519_ALGORITHMS,
            Self::P256 => P256_ALGORITHMS,
            Self::P384 => P384_ALGORITHMS,
            Self::Rsa => RSA_ALGORITHMS,
        }
    }
}

static ED25519_ALGORITHMS: &[&dyn VerificationAlgorithm] = &[&ED25519];
static P256_ALGORITHMS: &[&dyn VerificationAlgorithm] = &[&ECDSA_P256_SHA256_ASN1];
static P384_ALGORITHMS: &[&dyn VerificationAlgorithm] = &[
    &signature::ECDSA_P384_SHA384_ASN1,
    &signature::ECDSA_P384_SHA256_ASN1,
];
static RSA_ALGORITHMS: &[&dyn VerificationAlgorithm] = &[
    &signature::RSA_PKCS1_2048_8192_SHA256,
    &signature::RSA_PSS_2048_8192_SHA256,
    &signature::RSA_PKCS1_2048_8192_SHA384,
    &signature::RSA_PSS_2048_8192_SHA384,
    &signature::RSA_PKCS1_2048_8192_SHA512,
    &signature::RSA_PSS_2048_8192_SHA512,
];

/// A key that somebody trusts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKey {
    kind: Kind,
    /// As signatures are verified with it.
    bytes: Vec<u8>,
    /// `SubjectPublicKeyInfo`.
    info: Vec<u8>,
}

impl PublicKey {
    /// Reads the first block `PUBLIC KEY`.
    pub fn from_pem(pem: &[u8]) -> Result<Self, KeyError> {
        let der = SubjectPublicKeyInfoDer::from_pem_slice(pem)
            .map_err(|_| KeyError::NoBlock("PUBLIC KEY"))?;
        Self::from_der(&der)
    }

    /// Reads every block `PUBLIC KEY`; there may be none. What stands between blocks is for people.
    pub fn all_from_pem(pem: &[u8]) -> Result<Vec<Self>, KeyError> {
        SubjectPublicKeyInfoDer::pem_slice_iter(pem)
            .map(|block| {
                let der = block.map_err(|_| KeyError::NoBlock("PUBLIC KEY"))?;
                Self::from_der(&der)
            })
            .collect()
    }

    /// Reads a `SubjectPublicKeyInfo` (RFC 5280, section 4.1.2.7).
    pub fn from_der(der: &[u8]) -> Result<Self, KeyError> {
        for (kind, head, length) in [
            (Kind::Ed25519, ED25519_HEAD, 32),
            (Kind::P256, P256_HEAD, 65),
            (Kind::P384, P384_HEAD, 97),
        ] {
            if let Some(bytes) = der.strip_prefix(head).filter(|key| key.len() == length) {
                return Ok(Self {
                    kind,
                    bytes: bytes.to_vec(),
                    info: der.to_vec(),
                });
            }
        }
        match asn1::node(der)
            .and_then(|all| all.open(SEQUENCE))
            .as_deref()
        {
            Some([algorithm, key]) if algorithm.whole == RSA => {
                let bytes = asn1::bits(key).ok_or(KeyError::PublicKind)?;
                Ok(Self {
                    kind: Kind::Rsa,
                    bytes: bytes.to_vec(),
                    info: der.to_vec(),
                })
            }
            _ => Err(KeyError::PublicKind),
        }
    }

    /// What it is called: `sha256:` and the hash of its `SubjectPublicKeyInfo`.
    #[must_use]
    pub fn id(&self) -> String {
        let hash = ring::digest::digest(&ring::digest::SHA256, &self.info);
        format!("sha256:{}", hex(hash.as_ref()))
    }

    /// Its `SubjectPublicKeyInfo`.
    pub(crate) fn info(&self) -> &[u8] {
        &self.info
    }

    /// Whether `signature` is this key's over `message`.
    pub(crate) fn has_signed(&self, message: &[u8], signature: &[u8]) -> bool {
        self.kind.algorithms().iter().any(|algorithm| {
            UnparsedPublicKey::new(*algorithm, &self.bytes)
                .verify(message, signature)
                .is_ok()
        })
    }
}

/// Bytes as digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let mut text = String::new();
    for byte in bytes {
        // Writing to a text does not fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
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
        let (kind, head, bytes) = match &self.0 {
            Pair::Ed25519(pair) => (Kind::Ed25519, ED25519_HEAD, pair.public_key().as_ref()),
            Pair::P256(pair) => (Kind::P256, P256_HEAD, pair.public_key().as_ref()),
        };
        PublicKey {
            kind,
            bytes: bytes.to_vec(),
            info: [head, bytes].concat(),
        }
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
