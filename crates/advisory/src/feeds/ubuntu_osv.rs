//! What is special about records of Ubuntu in the OSV schema.
//!
//! Source: <https://github.com/canonical/ubuntu-security-notices> (`osv/`). A flaw is one record, `UBUNTU-CVE-…`,
//! with an entry for each source package, release and channel: `Ubuntu:22.04:LTS` for everybody,
//! `Ubuntu:Pro:16.04:LTS` for subscribers, and others (`Ubuntu:Pro:FIPS:20.04:LTS`, `…:Realtime:Kernel`) whose
//! packages are not those of the release. Notices (`USN-…`) say once more what the records of flaws say.

use std::collections::BTreeMap;

use super::ubuntu_tracker::PRO_ONLY;
use crate::advisory::{Advisory, Affected, Claim, Event, Outlook};
use crate::key::EcosystemKey;

/// Whose packages an entry speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Channel {
    Everybody,
    Pro,
}

/// Puts a record in the form that images are judged by; `None` if it adds nothing.
pub(super) fn settle(mut advisory: Advisory, listed: &[String]) -> Option<Advisory> {
    let cve = |id: &str| {
        let bare = id.strip_prefix("UBUNTU-").unwrap_or(id);
        bare.starts_with("CVE-").then(|| bare.to_owned())
    };
    let is_notice = !advisory.record.starts_with("UBUNTU-CVE-");
    if is_notice && listed.iter().any(|id| cve(id).is_some()) {
        return None;
    }
    if let Some(id) = cve(&advisory.record) {
        advisory.id = id;
    }
    let rating = advisory.word.take();
    let mut entries: BTreeMap<(EcosystemKey, String), BTreeMap<Channel, Affected>> =
        BTreeMap::new();
    for mut affected in std::mem::take(&mut advisory.affected) {
        let Some((channel, key)) = channel(affected.ecosystem.as_str()) else {
            continue;
        };
        affected.ecosystem = key.clone();
        affected.rating = rating;
        let channels = entries.entry((key, affected.package.clone())).or_default();
        channels.insert(channel, affected);
    }
    for mut channels in entries.into_values() {
        let named = channels.values_mut();
        let mut binaries: Vec<String> = named
            .flat_map(|affected| std::mem::take(&mut affected.binaries))
            .collect();
        binaries.sort_unstable();
        binaries.dedup();
        let open = channels.remove(&Channel::Everybody);
        let pro = channels.remove(&Channel::Pro).map(|mut pro| {
            if has_fix(&pro) {
                pro.outlook = Outlook::Subscription;
                PRO_ONLY.clone_into(&mut pro.note);
            }
            pro
        });
        let told = match (open, pro) {
            (Some(open), Some(pro)) if !has_fix(&open) && has_fix(&pro) => Some(pro),
            (open, pro) => open.or(pro),
        };
        advisory
            .affected
            .extend(told.map(|told| Affected { binaries, ..told }));
    }
    Some(advisory)
}

fn has_fix(affected: &Affected) -> bool {
    let Claim::Versions { ranges, .. } = &affected.claim else {
        return false;
    };
    let is_fix = |event: &Event| matches!(event, Event::Fixed(_));
    ranges.iter().flatten().any(is_fix)
}

/// The channel and the release of `Ubuntu:Pro:16.04:LTS`; `None` for packages that are not those of the release.
fn channel(ecosystem: &str) -> Option<(Channel, EcosystemKey)> {
    let mut channel = Channel::Everybody;
    let mut release = None;
    for part in ecosystem.strip_prefix("Ubuntu:")?.split(':') {
        match part {
            "LTS" => {}
            "Pro" => channel = Channel::Pro,
            number if number.starts_with(|c: char| c.is_ascii_digit()) && release.is_none() => {
                release = Some(number);
            }
            _ => return None,
        }
    }
    Some((channel, EcosystemKey::new(&format!("Ubuntu:{}", release?))))
}
