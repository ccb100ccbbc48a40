//! Errata of distributions in the OSV schema: one record that repairs several flaws.

use std::collections::BTreeSet;

use plimsoll_model::Severity;

use super::document::{Flow, Sink};
use crate::advisory::{Advisory, Claim, Event};

/// Hands on an erratum of a distribution, once for each flaw that it repairs.
pub(super) fn take(
    mut advisory: Advisory,
    listed: impl Iterator<Item = String>,
    sink: &mut Sink<'_>,
) -> Flow {
    let named: Vec<String> = std::mem::take(&mut advisory.aliases);
    let ids = [advisory.record.clone()]
        .into_iter()
        .chain(named)
        .chain(listed);
    let cves: BTreeSet<String> = ids.filter(|id| id.starts_with("CVE-")).collect();
    if advisory.word.is_none() {
        // Red Hat's convention, which its rebuilds keep: `Important: kernel security update`.
        let word = advisory.title.split_once(':').map(|(word, _)| word);
        advisory.word = word.and_then(Severity::from_word);
    }
    modules(&mut advisory);
    if cves.is_empty() {
        let repairs_bugs = ["BA-", "EA-"].iter().any(|kind| {
            let place = advisory.record.find(kind);
            place.is_some_and(|place| place <= 2)
        });
        return if repairs_bugs {
            Flow::GoOn
        } else {
            sink.advisory(advisory)
        };
    }
    for cve in cves {
        let one = Advisory {
            id: cve,
            ..advisory.clone()
        };
        if sink.advisory(one) == Flow::Stop {
            return Flow::Stop;
        }
    }
    Flow::GoOn
}

/// Names the module streams of an erratum, which stand in its title alone: `Moderate: virt:rhel and
/// virt-devel:rhel security update`. `?` says that there is a stream and that nobody tells which.
fn modules(advisory: &mut Advisory) {
    let streams: Vec<&str> = advisory
        .title
        .split(|c: char| c.is_whitespace() || c == ',')
        .filter(|word| matches!(word.split_once(':'), Some((name, stream)) if !name.is_empty() && !stream.is_empty()))
        .collect();
    let streams = if streams.is_empty() {
        "?".to_owned()
    } else {
        streams.join(",")
    };
    for affected in &mut advisory.affected {
        let Claim::Versions { ranges, .. } = &affected.claim else {
            continue;
        };
        let modular = ranges.iter().flatten().any(|event| {
            matches!(event, Event::Fixed(version) | Event::LastAffected(version)
                if version.contains(".module"))
        });
        if modular {
            affected.module.clone_from(&streams);
        }
    }
}
