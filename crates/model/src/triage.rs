//! What people say of findings: VEX statements and ignore rules. A finding that is laid aside stays in the
//! report, with who said so.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::Text;

/// What a statement says of a flaw in a product: the four words of VEX, and one of our own.
///
/// The variants stand in the order of their weight: of statements of the same time the first holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TriageState {
    /// The flaw is in the product and can be used.
    Affected,
    /// It is being looked into.
    UnderInvestigation,
    /// The product has a repair.
    Fixed,
    /// The flaw does no harm in the product.
    NotAffected,
    /// Somebody lives with it: an ignore rule.
    Accepted,
}

impl TriageState {
    /// Whether a finding of this state no longer speaks against the image.
    #[must_use]
    pub fn lays_aside(self) -> bool {
        matches!(self, Self::Fixed | Self::NotAffected | Self::Accepted)
    }

    /// Words for people.
    #[must_use]
    pub fn title(self) -> Text {
        match self {
            Self::Affected => Text::fixed("affected", "受影响"),
            Self::UnderInvestigation => Text::fixed("under investigation", "调查中"),
            Self::Fixed => Text::fixed("fixed", "已修复"),
            Self::NotAffected => Text::fixed("not affected", "不受影响"),
            Self::Accepted => Text::fixed("ignored", "已忽略"),
        }
    }
}

/// One statement about one finding, which holds today.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Triage {
    /// What is said.
    pub state: TriageState,
    /// Whether it is the statement that counts: an ignore rule, or the newest of VEX.
    pub holds: bool,
    /// The word of VEX for why the flaw does no harm, such as `component_not_present`; empty for none.
    pub justification: String,
    /// Why, in the words of who said it; may be empty.
    pub reason: String,
    /// Who said it; empty where the document does not tell.
    pub by: String,
    /// The document.
    pub source: String,
    /// When it was said.
    pub made: Option<Timestamp>,
    /// The moment from which it no longer holds; `None` for never.
    pub ends: Option<Timestamp>,
}
