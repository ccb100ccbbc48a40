//! Why an image, or a part of it, cannot be had.

use std::io;

use plimsoll_model::Digest;
use plimsoll_model::image::Platform;

use crate::pipeline::BlobError;

/// Why an image cannot be opened or one of its layers cannot be read.
///
/// `object` is what it is about: a path, a path in an archive, a digest or an address, always with the source
/// that it is in.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ImageError {
    /// The source does not answer.
    #[error("cannot reach {object}")]
    Unreachable {
        /// The address.
        object: String,
        /// Why.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The source answers that this caller may not have it.
    #[error("not allowed to read {object}: {reason}")]
    Unauthorised {
        /// The address.
        object: String,
        /// What the source said.
        reason: String,
    },
    /// It is not there.
    #[error("cannot find {object}: {reason}")]
    NotFound {
        /// What was looked for.
        object: String,
        /// What was there instead.
        reason: String,
    },
    /// It does not have the form that its specification asks for.
    #[error("{object} is malformed: {reason}")]
    Malformed {
        /// What was read.
        object: String,
        /// What is wrong with it.
        reason: String,
    },
    /// It has a form that Plimsoll does not read.
    #[error("cannot read {object}: {reason}")]
    Unsupported {
        /// What was read.
        object: String,
        /// Which form it has.
        reason: String,
    },
    /// It is larger than is allowed.
    #[error("{object} is over the limit: {reason}")]
    OverLimit {
        /// What was read.
        object: String,
        /// Which limit, with its number.
        reason: String,
    },
    /// Its bytes are not the ones that their digest promises.
    #[error("{object} has the digest {actual}, not {expected} as promised")]
    DigestMismatch {
        /// What was read.
        object: String,
        /// The promised digest.
        expected: Digest,
        /// The digest of the bytes.
        actual: Digest,
    },
    /// It does not have the size that its descriptor promises.
    #[error("{object} has {actual} bytes, not {expected} as promised")]
    SizeMismatch {
        /// What was read.
        object: String,
        /// The promised size in bytes.
        expected: u64,
        /// The size in bytes, or, where reading ended early, a size that is already too large.
        actual: u64,
    },
    /// The source has several images, and none was named.
    #[error("{object} has several images; name one of: {}", choices.join(", "))]
    Ambiguous {
        /// The source.
        object: String,
        /// What can be named.
        choices: Vec<String>,
    },
    /// The image is not made for the platform.
    #[error("{object} has no image for {wanted}; it has: {}", list(available))]
    NoPlatform {
        /// The image.
        object: String,
        /// The platform that was asked for, or the host's.
        wanted: Box<Platform>,
        /// The platforms that it has.
        available: Vec<Platform>,
    },
    /// The operating system could not read it.
    #[error("cannot read {object}")]
    Io {
        /// What was read.
        object: String,
        /// Why.
        #[source]
        source: io::Error,
    },
}

fn list(platforms: &[Platform]) -> String {
    let names: Vec<String> = platforms.iter().map(Platform::to_string).collect();
    names.join(", ")
}

impl ImageError {
    /// Something does not have the form that its specification asks for.
    pub fn malformed(object: impl Into<String>, reason: impl Into<String>) -> Self {
        Self::Malformed {
            object: object.into(),
            reason: reason.into(),
        }
    }

    /// Something is not there.
    pub fn not_found(object: impl Into<String>, reason: impl Into<String>) -> Self {
        Self::NotFound {
            object: object.into(),
            reason: reason.into(),
        }
    }

    /// Something has a form that is not read here.
    pub fn unsupported(object: impl Into<String>, reason: impl Into<String>) -> Self {
        Self::Unsupported {
            object: object.into(),
            reason: reason.into(),
        }
    }

    /// Something is larger than is allowed.
    pub fn over_limit(object: impl Into<String>, reason: impl Into<String>) -> Self {
        Self::OverLimit {
            object: object.into(),
            reason: reason.into(),
        }
    }

    /// The operating system could not read something; a missing file is [`ImageError::NotFound`].
    pub fn io(object: impl Into<String>, source: io::Error) -> Self {
        let object = object.into();
        if source.kind() == io::ErrorKind::NotFound {
            return Self::not_found(object, "no such file or directory");
        }
        Self::Io { object, source }
    }

    /// A blob that is not what it should be; `object` is what errors call it.
    #[must_use]
    pub fn of_blob(error: BlobError, object: &str) -> Self {
        let object = object.to_owned();
        match error {
            BlobError::Read { source, .. } => {
                let source = io::Error::new(source.kind(), source);
                Self::Io { object, source }
            }
            BlobError::Digest {
                expected, actual, ..
            }
            | BlobError::DiffId {
                expected, actual, ..
            } => Self::DigestMismatch {
                object,
                expected,
                actual,
            },
            BlobError::Size {
                expected, actual, ..
            } => Self::SizeMismatch {
                object,
                expected,
                actual,
            },
            BlobError::Unsupported { format, .. } => {
                Self::unsupported(object, format!("it is {format}"))
            }
            BlobError::Corrupt { offset, reason, .. } => {
                Self::malformed(object, format!("near byte {offset}: {reason}"))
            }
            BlobError::TooLarge { limit, .. } => {
                Self::over_limit(object, format!("its content exceeds {limit} bytes"))
            }
            BlobError::Ratio {
                compressed,
                content,
                limit,
                ..
            } => Self::over_limit(
                object,
                format!("{compressed} bytes expand to more than {content}, over {limit} times"),
            ),
            BlobError::Time { seconds, .. } => {
                Self::over_limit(object, format!("it takes longer than {seconds} seconds"))
            }
            BlobError::Worker { reason, .. } => {
                let source = io::Error::other(reason);
                Self::Io { object, source }
            }
        }
    }

    /// What it is about.
    #[must_use]
    pub fn object(&self) -> &str {
        match self {
            Self::Unreachable { object, .. }
            | Self::Unauthorised { object, .. }
            | Self::NotFound { object, .. }
            | Self::Malformed { object, .. }
            | Self::Unsupported { object, .. }
            | Self::OverLimit { object, .. }
            | Self::DigestMismatch { object, .. }
            | Self::SizeMismatch { object, .. }
            | Self::Ambiguous { object, .. }
            | Self::NoPlatform { object, .. }
            | Self::Io { object, .. } => object,
        }
    }
}
