//! The only room that decides: an assessment and a policy in, a verdict out.
//!
//! It sees facts, findings and answers, never an image, a database or a flag.
//! Vetoes come first, then the dimensions; the score is printed and never decides.
//! What is unknown never counts as pass.

mod accept;
mod actions;
mod coverage;
mod decide;
mod demands;
mod file;
mod ignore;
mod lint;
mod score;
mod signed_by;
mod statement;
mod triage;
mod vetoes;
mod vex;
mod yaml;

pub use accept::Acceptance;
pub use decide::decide;
pub use file::{ParsePolicyError, Policy, SevereBy};
pub use ignore::read_ignore_file;
pub use lint::{FailOn, LintConfig, ReadLintConfigError, lint_config_names, read_lint_config};
pub use statement::{Condition, Fix, Flaws, ImageName, Product, Scope, Statement, unsaid};
pub use triage::triage;
pub use vex::{DecidedFlaw, JUSTIFICATIONS, TriageDecision, write_openvex};
pub use vex::{ReadStatementsError, Statements, read_vex};

#[cfg(test)]
mod tests;
