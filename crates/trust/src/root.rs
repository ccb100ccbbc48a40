//! Whom Sigstore is: authorities, logs and clocks, in a `trusted_root.json` (sigstore/protobuf-specs,
//! `sigstore_trustroot.proto`).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use serde::Deserialize;

use crate::certificate::{Certificate, MOST};
use crate::key::PublicKey;

/// Most authorities, logs and clocks of one kind.
const MOST_OF_A_KIND: usize = 64;

/// A file that is no trust root.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RootError {
    /// Not of the form.
    #[error("it is no trusted root of Sigstore: {0}")]
    Form(String),
    /// Something in it cannot be used.
    #[error("`{at}` of the trusted root cannot be used: {reason}")]
    Part {
        /// The member of the file.
        at: &'static str,
        /// Why.
        reason: &'static str,
    },
}

/// Whom to believe who signed, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustedRoot {
    pub(crate) authorities: Vec<Authority>,
    pub(crate) logs: Vec<Log>,
    pub(crate) certificate_logs: Vec<Log>,
    pub(crate) clocks: Vec<Authority>,
}

/// An authority that gives certificates, or one that stamps times.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Authority {
    /// From the one that signs to the root.
    pub(crate) chain: Vec<Certificate>,
    pub(crate) valid: Span,
}

/// A log that only grows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Log {
    pub(crate) id: Vec<u8>,
    pub(crate) key: PublicKey,
    pub(crate) valid: Span,
}

/// From when until when something counts; `None` has no bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span {
    start: Option<Timestamp>,
    end: Option<Timestamp>,
}

impl Span {
    /// Whether a second since 1970 is in it.
    pub(crate) fn holds(&self, second: i64) -> bool {
        self.start.is_none_or(|start| start.as_second() <= second)
            && self.end.is_none_or(|end| second <= end.as_second())
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct File {
    media_type: String,
    #[serde(default)]
    tlogs: Vec<RawLog>,
    #[serde(default)]
    certificate_authorities: Vec<RawAuthority>,
    #[serde(default)]
    ctlogs: Vec<RawLog>,
    #[serde(default)]
    timestamp_authorities: Vec<RawAuthority>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawLog {
    public_key: RawKey,
    log_id: RawId,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawId {
    key_id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawKey {
    raw_bytes: String,
    #[serde(default)]
    valid_for: RawSpan,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawAuthority {
    cert_chain: RawChain,
    #[serde(default)]
    valid_for: RawSpan,
}

#[derive(Deserialize)]
struct RawChain {
    certificates: Vec<RawCertificate>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawCertificate {
    raw_bytes: String,
}

#[derive(Deserialize, Default)]
struct RawSpan {
    start: Option<String>,
    end: Option<String>,
}

impl TrustedRoot {
    /// Reads the file. A part that cannot be read is an error, and a key of a kind that nothing here verifies is left
    /// out: what it signed is then by an unknown log.
    pub fn parse(bytes: &[u8]) -> Result<Self, RootError> {
        let file: File =
            serde_json::from_slice(bytes).map_err(|error| RootError::Form(error.to_string()))?;
        let media_type = &file.media_type;
        if !media_type.starts_with("application/vnd.dev.sigstore.trustedroot") {
            return Err(RootError::Form("its `mediaType` is another".to_owned()));
        }
        let counts = [
            file.tlogs.len(),
            file.ctlogs.len(),
            file.certificate_authorities.len(),
            file.timestamp_authorities.len(),
        ];
        if counts.iter().any(|count| *count > MOST_OF_A_KIND) {
            return Err(RootError::Form(
                "it has more parts than are read".to_owned(),
            ));
        }
        let authorities = |at, list: Vec<RawAuthority>| {
            list.into_iter()
                .map(|one| one.read(at))
                .collect::<Result<Vec<_>, _>>()
        };
        let logs = |at, list: Vec<RawLog>| {
            let read = list.into_iter().map(|one| one.read(at));
            let read = read.collect::<Result<Vec<_>, _>>()?;
            Ok::<_, RootError>(read.into_iter().flatten().collect::<Vec<_>>())
        };
        Ok(Self {
            authorities: authorities("certificateAuthorities", file.certificate_authorities)?,
            logs: logs("tlogs", file.tlogs)?,
            certificate_logs: logs("ctlogs", file.ctlogs)?,
            clocks: authorities("timestampAuthorities", file.timestamp_authorities)?,
        })
    }

    /// Whether it names somebody who gives certificates, so that an identity can be proved.
    #[must_use]
    pub fn has_authorities(&self) -> bool {
        !self.authorities.is_empty()
    }
}

fn bytes(at: &'static str, text: &str) -> Result<Vec<u8>, RootError> {
    let reason = "it is not Base64";
    STANDARD
        .decode(text)
        .map_err(|_| RootError::Part { at, reason })
}

impl RawSpan {
    fn read(self, at: &'static str) -> Result<Span, RootError> {
        let reason = "`validFor` holds no time";
        let time = |text: Option<String>| {
            let parsed = text.map(|text| text.parse::<Timestamp>()).transpose();
            parsed.map_err(|_| RootError::Part { at, reason })
        };
        Ok(Span {
            start: time(self.start)?,
            end: time(self.end)?,
        })
    }
}

impl RawLog {
    fn read(self, at: &'static str) -> Result<Option<Log>, RootError> {
        let key = bytes(at, &self.public_key.raw_bytes)?;
        let id = bytes(at, &self.log_id.key_id)?;
        if id.len() < 4 {
            let reason = "`logId` is too short";
            return Err(RootError::Part { at, reason });
        }
        let valid = self.public_key.valid_for.read(at)?;
        Ok(PublicKey::from_der(&key)
            .ok()
            .map(|key| Log { id, key, valid }))
    }
}

impl RawAuthority {
    fn read(self, at: &'static str) -> Result<Authority, RootError> {
        let list = self.cert_chain.certificates;
        let fail = |reason| RootError::Part { at, reason };
        if list.is_empty() || list.len() > MOST {
            return Err(fail("it has no certificates, or too many"));
        }
        let chain = list
            .into_iter()
            .map(|one| {
                let der = bytes(at, &one.raw_bytes)?;
                Certificate::from_der(&der).ok_or_else(|| fail("it holds what is no certificate"))
            })
            .collect::<Result<_, _>>()?;
        Ok(Authority {
            chain,
            valid: self.valid_for.read(at)?,
        })
    }
}
