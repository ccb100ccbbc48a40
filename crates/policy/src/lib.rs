//! The only room that decides: an assessment and a policy in, a verdict out.
//!
//! It sees facts, findings and answers, never an image, a database or a flag.
//! Vetoes come first, then the dimensions; the score is printed and never decides.
//! What is unknown never counts as pass.

mod accept;
mod actions;
mod coverage;
mod decide;
mod file;
mod score;
mod vetoes;

pub use accept::Acceptance;
pub use decide::decide;
pub use file::{ParsePolicyError, Policy, SevereBy};

#[cfg(test)]
mod tests;
