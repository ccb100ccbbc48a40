//! Bills of materials as input: every format that we write, read into one [`Document`], and from there into
//! the facts of an image, so that advisories can be matched without the image.
//!
//! A document is what somebody claims. Nothing in it is believed beyond that: sizes are limited, unknown
//! fields are passed over, and components that name no package of a known ecosystem become problems.
//! Start with [`read`].

#![deny(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::arithmetic_side_effects,
        reason = "what cannot go on in a test stops it"
    )
)]

mod attestation;
mod claims;
mod cyclonedx;
mod cyclonedx_xml;
mod diff;
mod document;
mod facts;
mod github;
mod quality;
mod spdx2;
mod spdx3;
mod spdx_tag_value;
mod syft;

pub use claims::{Claims, claims};
pub use diff::{Change, diff};
pub use document::{Attested, Component, Document, Kind};
pub use facts::facts;
pub use quality::{Element, Standard, quality};

use serde::Deserialize;
use serde::de::IgnoredAny;

/// Bytes of a document at most; the largest that real images give are a tenth of it.
pub const LIMIT: usize = 256 << 20;

/// Bytes of an XML document at most, of which a tree is made.
const XML_LIMIT: usize = 64 << 20;

/// The formats that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// CycloneDX JSON, any version.
    CycloneDxJson,
    /// CycloneDX XML, any version.
    CycloneDxXml,
    /// SPDX 2 JSON.
    SpdxJson,
    /// SPDX 2 tag-value.
    SpdxTagValue,
    /// SPDX 3 JSON-LD.
    SpdxJsonLd,
    /// Syft's own.
    SyftJson,
    /// GitHub's dependency snapshots.
    GithubJson,
    /// Package URLs, one a line.
    Purls,
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 8] = [
        Self::CycloneDxJson,
        Self::CycloneDxXml,
        Self::SpdxJson,
        Self::SpdxTagValue,
        Self::SpdxJsonLd,
        Self::SyftJson,
        Self::GithubJson,
        Self::Purls,
    ];

    /// Name for people.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::CycloneDxJson => "CycloneDX JSON",
            Self::CycloneDxXml => "CycloneDX XML",
            Self::SpdxJson => "SPDX JSON",
            Self::SpdxTagValue => "SPDX tag-value",
            Self::SpdxJsonLd => "SPDX JSON-LD",
            Self::SyftJson => "Syft JSON",
            Self::GithubJson => "GitHub dependency snapshot",
            Self::Purls => "package URLs",
        }
    }

    /// Reads a document of this format.
    pub fn read(self, bytes: &[u8]) -> Result<Document, ReadError> {
        let limit = match self {
            Self::CycloneDxXml => XML_LIMIT,
            _ => LIMIT,
        };
        if bytes.len() > limit {
            return Err(ReadError::TooLarge { limit });
        }
        match self {
            Self::CycloneDxJson => cyclonedx::read(bytes),
            Self::CycloneDxXml => cyclonedx_xml::read(bytes),
            Self::SpdxJson => spdx2::read(bytes),
            Self::SpdxTagValue => spdx_tag_value::read(bytes),
            Self::SpdxJsonLd => spdx3::read(bytes),
            Self::SyftJson => syft::read(bytes),
            Self::GithubJson => github::read(bytes),
            Self::Purls => purls(bytes),
        }
    }
}

/// Why a document cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// It is in no format that is known.
    #[error(
        "it is no bill of materials: neither CycloneDX, SPDX, Syft JSON, a dependency snapshot nor a list of package URLs"
    )]
    Unknown,
    /// It is larger than any that is read.
    #[error("it has more than {limit} bytes")]
    TooLarge {
        /// The limit.
        limit: usize,
    },
    /// It is a statement in which no document can be found.
    #[error("the statement cannot be read: {reason}")]
    Statement {
        /// What is wrong.
        reason: String,
    },
    /// It holds statements, but none with a bill of materials.
    #[error("it holds statements of other kinds: {predicates}")]
    OtherStatement {
        /// The types of their predicates, some of them.
        predicates: String,
    },
    /// It claims to be of a format and is not.
    #[error("it is not {}: {reason}", .format.name())]
    Malformed {
        /// The format that it claims.
        format: Format,
        /// What is wrong.
        reason: String,
    },
}

/// The fields by which JSON documents tell what they are.
#[derive(Deserialize)]
struct Probe {
    #[serde(rename = "bomFormat")]
    bom_format: Option<IgnoredAny>,
    #[serde(rename = "spdxVersion")]
    spdx_version: Option<IgnoredAny>,
    #[serde(rename = "@context")]
    context: Option<IgnoredAny>,
    artifacts: Option<IgnoredAny>,
    detector: Option<IgnoredAny>,
    #[serde(rename = "_type")]
    statement: Option<IgnoredAny>,
    #[serde(rename = "payloadType")]
    payload_type: Option<IgnoredAny>,
    #[serde(rename = "dsseEnvelope")]
    envelope: Option<IgnoredAny>,
}

impl Probe {
    /// What the first document of a text says; statements come several in a file.
    fn of(text: &[u8]) -> Option<Self> {
        let mut all = serde_json::Deserializer::from_slice(text).into_iter();
        all.next()?.ok()
    }

    fn is_statement(&self) -> bool {
        self.statement.is_some() || self.payload_type.is_some() || self.envelope.is_some()
    }
}

/// Which format a document claims to be of.
pub fn recognise(bytes: &[u8]) -> Result<Format, ReadError> {
    if bytes.len() > LIMIT {
        return Err(ReadError::TooLarge { limit: LIMIT });
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = bytes.trim_ascii_start();
    Ok(match text.first() {
        Some(b'{') => {
            let probe: Probe = serde_json::from_slice(text).map_err(|_| ReadError::Unknown)?;
            match probe {
                Probe {
                    bom_format: Some(_),
                    ..
                } => Format::CycloneDxJson,
                Probe {
                    spdx_version: Some(_),
                    ..
                } => Format::SpdxJson,
                Probe {
                    context: Some(_), ..
                } => Format::SpdxJsonLd,
                Probe {
                    artifacts: Some(_), ..
                } => Format::SyftJson,
                Probe {
                    detector: Some(_), ..
                } => Format::GithubJson,
                _ => return Err(ReadError::Unknown),
            }
        }
        Some(b'<') => Format::CycloneDxXml,
        _ => {
            let head = text.get(..text.len().min(64 << 10)).unwrap_or_default();
            let has = |start: &[u8]| {
                head.split(|b| *b == b'\n')
                    .any(|l| l.trim_ascii_start().starts_with(start))
            };
            if has(b"SPDXVersion:") {
                Format::SpdxTagValue
            } else if has(b"pkg:") {
                Format::Purls
            } else {
                return Err(ReadError::Unknown);
            }
        }
    })
}

/// Reads a document of whatever format it is, also one in a statement about an artefact.
pub fn read(bytes: &[u8]) -> Result<Document, ReadError> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if bytes.len() > LIMIT {
        return Err(ReadError::TooLarge { limit: LIMIT });
    }
    let is_object = bytes.trim_ascii_start().first() == Some(&b'{');
    if is_object && Probe::of(bytes).is_some_and(|probe| probe.is_statement()) {
        return attestation::read(bytes);
    }
    read_bare(bytes)
}

/// Reads a document that is in no statement.
fn read_bare(bytes: &[u8]) -> Result<Document, ReadError> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    recognise(bytes)?.read(bytes)
}

/// Takes the statements of a file out of their wrappings, whatever they are about: what each says of itself, and
/// its predicate. Signatures are counted and not checked.
pub fn statements(bytes: &[u8]) -> Result<Vec<(Attested, Vec<u8>)>, ReadError> {
    attestation::all(bytes)
}

/// Whether a type of predicate of a statement is one of bills of materials.
#[must_use]
pub fn is_predicate(predicate_type: &str) -> bool {
    attestation::is_bill(predicate_type)
}

/// Reads JSON of a format.
fn json<'a, T: Deserialize<'a>>(bytes: &'a [u8], format: Format) -> Result<T, ReadError> {
    serde_json::from_slice(bytes).map_err(|error| malformed(format, &error))
}

fn malformed(format: Format, reason: &dyn std::fmt::Display) -> ReadError {
    ReadError::Malformed {
        format,
        reason: reason.to_string(),
    }
}

/// Lines that are package URLs; empty ones and those with `#` are comments.
fn purls(bytes: &[u8]) -> Result<Document, ReadError> {
    let text = std::str::from_utf8(bytes).map_err(|e| malformed(Format::Purls, &e))?;
    let mut document = Document::new(Format::Purls, "");
    for line in text.lines().map(str::trim) {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let parsed = plimsoll_model::purl::parse(line);
        document.components.push(Component {
            reference: line.to_owned(),
            name: parsed
                .as_ref()
                .map_or_else(|| line.to_owned(), |p| p.name.clone()),
            version: parsed.map(|p| p.version).unwrap_or_default(),
            purl: line.to_owned(),
            ..Component::default()
        });
    }
    Ok(document)
}
