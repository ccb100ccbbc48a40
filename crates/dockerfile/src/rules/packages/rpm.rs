//! What `yum` and `dnf` have in common.

use super::has_ending;
use crate::packages::{Act, Managed};

/// Whether a word is a package without version, and neither file, address, group nor something that a package
/// provides. Names have no digit behind a dash, versions begin with one.
pub(super) fn is_loose(word: &str) -> bool {
    let has_version = word.match_indices('-').any(|(at, _)| {
        let behind = word.get(at.saturating_add(1)..).unwrap_or_default();
        behind.starts_with(|c: char| c.is_ascii_digit()) || behind.starts_with('$')
    });
    !has_version && !has_ending(word, &[".rpm"]) && !word.contains('/') && !word.starts_with('@')
}

/// Whether a call asks before it goes on.
pub(super) fn asks(managed: &Managed<'_>) -> bool {
    let changes = matches!(
        managed.act,
        Act::Install | Act::InstallGroup | Act::Source | Act::Upgrade | Act::Release | Act::Remove
    );
    let mut options = managed.flags.iter().filter(|flag| flag.name == "setopt");
    changes
        && !managed.has(&["y", "yes", "assumeyes", "assumeno", "downloadonly"])
        && !options.any(|flag| {
            matches!(
                flag.value,
                Some("assumeyes=1" | "assumeyes=True" | "assumeyes=true")
            )
        })
}
