//! Errata of distributions: one record that repairs several flaws.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use plimsoll_model::Severity;

use super::document::{Flow, Sink};
use crate::advisory::{Advisory, Claim, Event, Outlook};

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
    if is_beyond_belief(cves.len(), advisory.affected.len()) {
        let reason = "it names more flaws and packages than any erratum has";
        sink.problem(advisory.record, reason);
        return Flow::GoOn;
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

/// Whether one record for each flaw with all packages in it would be more than any publisher means: a kernel's erratum
/// has some thousand flaws and some hundred packages.
pub(super) fn is_beyond_belief(flaws: usize, packages: usize) -> bool {
    flaws.saturating_mul(packages) > 10_000_000
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
        if modular && affected.module.is_empty() {
            affected.module.clone_from(&streams);
        }
    }
}

/// The CVE ids in a text, in order; each at most 20 bytes.
pub(super) fn cves(text: &str) -> impl Iterator<Item = String> {
    let starts = text.match_indices("CVE-").map(|(place, _)| place);
    starts.filter_map(|place| {
        let rest = text.get(place.saturating_add(4)..)?;
        let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
        let number = rest.get(4..)?.strip_prefix('-')?;
        let length = digits(number);
        (digits(rest) == 4 && (4..=11).contains(&length)).then(|| {
            format!(
                "CVE-{}-{}",
                &rest.get(..4).unwrap_or_default(),
                number.get(..length).unwrap_or_default()
            )
        })
    })
}

/// Architectures as [`crate::advisory::Affected::architectures`] has them; none where one of them is none in
/// particular.
pub(super) fn architectures(all: &BTreeSet<String>) -> String {
    if all
        .iter()
        .any(|one| matches!(one.as_str(), "" | "noarch" | "all"))
    {
        return String::new();
    }
    all.iter().map(String::as_str).collect::<Vec<_>>().join(",")
}

/// What Red Hat's words for the state of a fix mean for it.
pub(super) fn outlook(state: &str) -> Outlook {
    match state.trim().to_ascii_lowercase().as_str() {
        "will not fix" | "out of support scope" => Outlook::WillNotFix,
        _ => Outlook::AsVersionsSay,
    }
}

/// A date as errata write it: RFC 3339, `2018-02-07 18:30:00`, `2018-02-07 18:30`, `2018-02-07`; UTC where no zone is
/// told.
pub(super) fn date(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if let Ok(time) = text.parse::<Timestamp>() {
        return Some(time);
    }
    let civil = text
        .parse::<DateTime>()
        .ok()
        .or_else(|| Some(text.get(..10)?.parse::<Date>().ok()?.at(0, 0, 0, 0)))?;
    Some(civil.to_zoned(TimeZone::UTC).ok()?.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_found_in_texts() {
        let found: Vec<String> = cves(
            "CVE-2022-37436 httpd, CVE-20-1 (CVE-2006-20001) CVE-2020-12 éCVE-2021-44228x CVE-é",
        )
        .collect();
        assert_eq!(
            found,
            ["CVE-2022-37436", "CVE-2006-20001", "CVE-2021-44228"]
        );
    }

    #[test]
    fn dates_of_every_kind() {
        for text in [
            "2018-02-07 18:30",
            "2018-02-07",
            "2018-02-07T00:00:00Z",
            "2018-02-07 00:00:00",
        ] {
            let read = date(text).map(|time| time.to_string());
            assert!(
                read.is_some_and(|read| read.starts_with("2018-02-07")),
                "{text}"
            );
        }
        assert_eq!(date("yesterday"), None);
        assert_eq!(date(""), None);
    }
}
