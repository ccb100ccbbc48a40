//! The vocabulary of Plimsoll as plain data.
//!
//! Every stage speaks in these types: digests and paths, facts about an image, findings, problems, the
//! assessment and the verdict.
//! Nothing here reads a file, a clock, a socket or the environment, and nothing here decides anything.
//!
//! Start with [`fact::Fact`] (what an analyzer says about one file), [`facts::ImageFacts`] (what is true of
//! the whole image after the squash) and [`assessment::Assessment`] (the only input of policy and reports).

pub mod advisory;
pub mod assessment;
pub mod base;
pub mod check;
pub mod control;
pub mod coverage;
pub mod digest;
pub mod ecosystem;
pub mod explanation;
pub mod fact;
pub mod facts;
pub mod finding;
pub mod image;
pub mod image_pattern;
pub mod lifecycle;
pub mod lint;
pub mod path;
pub mod posture;
pub mod priority;
pub mod problem;
pub mod purl;
pub mod reach;
pub mod severity;
pub mod signing;
pub mod tag;
pub mod text;
pub mod triage;
pub mod verdict;

pub use digest::{Algorithm, Digest, ParseDigestError, ParseSha1Error, Sha1};
pub use ecosystem::Ecosystem;
pub use path::{ImagePath, PathKey};
pub use problem::{Effect, Problem, Stage};
pub use severity::Severity;
pub use text::Text;
