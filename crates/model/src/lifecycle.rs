//! How long a release is supported.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Support dates of one release of one distribution. A date that is missing is not known, or will not come.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Lifecycle {
    /// `ID` of os-release.
    pub id: String,
    /// The release: `12`, `3.18`.
    pub cycle: String,
    /// First day without active support.
    pub active: Option<Date>,
    /// First day without security support.
    pub security: Option<Date>,
    /// First day without extended support, whoever offers it.
    pub extended: Option<Date>,
}
