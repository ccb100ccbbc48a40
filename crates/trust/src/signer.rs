//! Who has to have signed, and the proof that it was so.
//!
//! Nothing is signed because a signature is there: a key or an identity is asked for, always.

use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;
use regex::{Regex, RegexBuilder};
use webpki::KeyUsage;

use crate::certificate::{self, CODE_SIGNING, Certificate};
use crate::key::PublicKey;
use crate::log::{self, About, Entry};
use crate::promise;
use crate::rejection::Rejection;
use crate::root::TrustedRoot;
use crate::stamp;

/// Largest compiled expression, in bytes.
const REGEX_SIZE: usize = 1 << 20;

/// Who has to have signed.
#[derive(Debug, Clone)]
pub enum Signer {
    /// Whoever has the secret key to this one.
    Key {
        /// The key.
        key: PublicKey,
        /// Where the signature has to be logged as well, if it has to.
        log: Option<Arc<TrustedRoot>>,
    },
    /// Somebody whom an authority knows by name, at the time of a signature that is logged.
    Identity {
        /// Whom to believe.
        root: Arc<TrustedRoot>,
        /// The name.
        name: Expected,
        /// Who has to have said that it is they.
        issuer: Expected,
    },
}

impl fmt::Display for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Key { key, .. } => write!(f, "key {}", key.id()),
            Self::Identity { name, issuer, .. } => write!(f, "{name} ({issuer})"),
        }
    }
}

/// A text that is expected: itself, or any that an expression describes as a whole.
#[derive(Debug, Clone)]
pub enum Expected {
    /// This text.
    Exact(String),
    /// A text of this form, from its beginning to its end.
    Form(Regex),
}

impl Expected {
    /// Any text of a form. The expression is held against the whole text: one that is found somewhere in it would be
    /// found in the text of somebody else as well.
    pub fn form(expression: &str) -> Result<Self, String> {
        // Alone first: an expression that closes the group around it would say something else there.
        let build = |text: &str| {
            let built = RegexBuilder::new(text).size_limit(REGEX_SIZE).build();
            built.map_err(|error| error.to_string())
        };
        build(expression)?;
        build(&format!("^(?:{expression})$")).map(Self::Form)
    }

    fn is(&self, text: &str) -> bool {
        match self {
            Self::Exact(own) => own == text,
            Self::Form(form) => form.is_match(text),
        }
    }
}

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exact(text) => f.write_str(text),
            Self::Form(form) => write!(f, "/{form}/"),
        }
    }
}

/// A signature with all that came with it; nothing of it is believed yet.
#[derive(Debug, Clone, Default)]
pub(crate) struct Seal {
    pub(crate) signature: Vec<u8>,
    /// What is signed, byte by byte.
    pub(crate) message: Vec<u8>,
    /// The payload, where the message is an envelope's.
    pub(crate) payload: Option<Vec<u8>>,
    /// The envelope, where its bytes are there as they were logged.
    pub(crate) envelope: Option<Vec<u8>>,
    /// Of who signed, then of those who answer for it.
    pub(crate) certificates: Vec<Certificate>,
    pub(crate) entries: Vec<Entry>,
    /// Stamps of time (RFC 3161).
    pub(crate) stamps: Vec<Vec<u8>>,
}

/// That somebody signed something. Only this crate makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    by: String,
    at: Option<Timestamp>,
    predicate: Option<String>,
}

impl Verified {
    /// Who signed: the id of the key, or the name and who gave it.
    #[must_use]
    pub fn by(&self) -> &str {
        &self.by
    }

    /// When, where somebody whom the trust root names stands for it.
    #[must_use]
    pub fn at(&self) -> Option<Timestamp> {
        self.at
    }

    /// What kind of statement it is about the artefact; `None` where it is signed and nothing else is said of it.
    #[must_use]
    pub fn predicate(&self) -> Option<&str> {
        self.predicate.as_deref()
    }

    pub(crate) fn of(mut self, predicate: String) -> Self {
        self.predicate = Some(predicate);
        self
    }
}

impl Signer {
    /// Proves that this one signed.
    pub(crate) fn prove(&self, seal: &Seal) -> Result<Verified, Rejection> {
        match self {
            Self::Key { key, log } => by_key(key, log.as_deref(), seal),
            Self::Identity { root, name, issuer } => by_identity(root, name, issuer, seal),
        }
    }
}

impl Seal {
    fn about<'a>(&'a self, key: &'a PublicKey, certificate: Option<&'a Certificate>) -> About<'a> {
        About {
            signature: &self.signature,
            key: key.info(),
            certificate,
            message: &self.message,
            payload: self.payload.as_deref(),
            envelope: self.envelope.as_deref(),
        }
    }

    /// The seconds since 1970 for which logs and clocks of `root` stand. Every entry has to be good; a stamp of a
    /// clock that nobody knows says nothing.
    fn times(&self, about: &About<'_>, root: &TrustedRoot) -> Result<Vec<i64>, Rejection> {
        // Who names no log asks for none; the time then has to come from a clock.
        if self.entries.is_empty() && !root.logs.is_empty() {
            return Err(Rejection::NoLog);
        }
        let mut times = Vec::new();
        for entry in &self.entries {
            times.extend(log::prove(entry, about, root)?);
        }
        let mut missed = Rejection::NoTime;
        for one in &self.stamps {
            match stamp::prove(one, &self.signature, root) {
                Ok(time) => times.push(time),
                Err(why) => missed = why,
            }
        }
        if times.is_empty() {
            return Err(missed);
        }
        Ok(times)
    }
}

fn by_key(key: &PublicKey, root: Option<&TrustedRoot>, seal: &Seal) -> Result<Verified, Rejection> {
    if !key.has_signed(&seal.message, &seal.signature) {
        return Err(Rejection::OtherKey);
    }
    let mut at = None;
    if let Some(root) = root {
        let about = seal.about(key, None);
        at = seal.times(&about, root)?.into_iter().max();
    }
    Ok(Verified {
        by: format!("key {}", key.id()),
        at: at.and_then(|second| Timestamp::from_second(second).ok()),
        predicate: None,
    })
}

fn by_identity(
    root: &TrustedRoot,
    name: &Expected,
    issuer: &Expected,
    seal: &Seal,
) -> Result<Verified, Rejection> {
    let (leaf, between) = seal
        .certificates
        .split_first()
        .ok_or(Rejection::NoCertificate)?;
    let key = leaf.key().ok_or_else(|| {
        Rejection::Unsupported("the key of its certificate is of another kind".to_owned())
    })?;
    let about = seal.about(&key, Some(leaf));
    let times = seal.times(&about, root)?;
    for time in &times {
        certified(leaf, between, root, *time)?;
    }
    let names = leaf.names();
    let Some(own) = names.iter().find(|own| name.is(own)) else {
        let found = names.join(", ");
        return Err(Rejection::OtherIdentity { found });
    };
    let said_by = leaf.identity_issuer().unwrap_or_default();
    if !issuer.is(&said_by) {
        return Err(Rejection::OtherIssuer { found: said_by });
    }
    if !key.has_signed(&seal.message, &seal.signature) {
        return Err(Rejection::OtherKey);
    }
    Ok(Verified {
        by: format!("{own} ({said_by})"),
        at: times
            .into_iter()
            .max()
            .and_then(|second| Timestamp::from_second(second).ok()),
        predicate: None,
    })
}

/// Proves that an authority of the root gave the certificate, for signing, and that it held at that time, and that a
/// log of certificates promised to list it.
fn certified(
    leaf: &Certificate,
    between: &[Certificate],
    root: &TrustedRoot,
    time: i64,
) -> Result<(), Rejection> {
    let mut missed = Rejection::Chain("the trust root knows none of that time".to_owned());
    for authority in root.authorities.iter().filter(|one| one.valid.holds(time)) {
        let Some((anchor, own)) = authority.chain.split_last() else {
            continue;
        };
        let all: Vec<Certificate> = own.iter().chain(between).cloned().collect();
        let usage = KeyUsage::required(CODE_SIGNING);
        match certificate::chain(leaf, &all, &[anchor], usage, time) {
            Ok(()) => return promise::prove(leaf, &authority.chain, root),
            Err(why) => missed = Rejection::Chain(why),
        }
    }
    Err(missed)
}
