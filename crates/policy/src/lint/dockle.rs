//! `.dockleignore` (Dockle's README, "Ignore the specified checkpoints"): an id a line, `#` begins a comment.

use jiff::Timestamp;

use super::{LintConfig, ReadLintConfigError};

#[allow(
    clippy::unnecessary_wraps,
    reason = "readers of the table have one shape"
)]
pub(super) fn read(
    name: &str,
    text: &str,
    _: Timestamp,
) -> Result<LintConfig, ReadLintConfigError> {
    let mut out = LintConfig::default();
    for line in text.lines() {
        let id = line.split('#').next().unwrap_or_default().trim();
        if id.starts_with("CIS-DI-") || id.starts_with("DKL-") {
            out.ignore(id, name);
        }
    }
    Ok(out)
}
