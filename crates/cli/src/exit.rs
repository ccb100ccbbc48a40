//! Exit codes. Those below 2 and 3 come from the verdict alone.

use std::process::ExitCode;

use plimsoll_model::verdict::Decision;

/// How the program ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// 0: fit or conditional, or a verb without a verdict did its work.
    Fine,
    /// 1: unfit; with `--strict` conditional too.
    Unfit,
    /// 2: wrong usage.
    Usage,
    /// 3: cannot say.
    Unknown,
    /// 4: the operation failed.
    Failed,
}

/// Whether a condition is enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Strictness {
    /// Conditional passes.
    Usual,
    /// Only fit passes.
    Strict,
}

/// An argument that makes no sense.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct UsageError(pub(crate) String);

impl Exit {
    pub(crate) fn of_decision(decision: Decision, strictness: Strictness) -> Self {
        match (decision, strictness) {
            (Decision::Fit, _) | (Decision::Conditional, Strictness::Usual) => Self::Fine,
            (Decision::Unfit, _) | (Decision::Conditional, Strictness::Strict) => Self::Unfit,
            (Decision::Unknown, _) => Self::Unknown,
        }
    }

    pub(crate) fn of_error(error: &anyhow::Error) -> Self {
        if error.chain().any(<dyn std::error::Error>::is::<UsageError>) {
            Self::Usage
        } else {
            Self::Failed
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Fine => 0,
            Exit::Unfit => 1,
            Exit::Usage => 2,
            Exit::Unknown => 3,
            Exit::Failed => 4,
        })
    }
}
