//! The lists of advisories of Debian's security team (DSA) and of its long-term support (DLA).
//!
//! Source: `data/DSA/list` and `data/DLA/list` of the tracker's repository, and its documentation
//! (<https://security-tracker.debian.org/tracker/data/report>). An advisory is a heading at the margin and lines
//! that begin with a tab:
//!
//! ```text
//! [29 Mar 2023] DSA-5380-1 xorg-server - security update
//!     {CVE-2023-1393}
//!     [bullseye] - xorg-server 2:1.20.11-1+deb11u6
//! ```
//!
//! The tracker itself says all this of flaws with a CVE id, and more, but for the day: such an advisory adds its name
//! to the flaws, and to the versions the day since when they can be installed. It says nothing of advisories without one, of which there are some each year: these are flaws by the
//! name of the advisory.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::debian_tracker::RELEASES;
use super::document::{Document, Flow, Sink};
use super::{DocumentTemplate, Feed, FeedMeta};
use crate::FeedError;
use crate::advisory::{Advisory, Affected, Claim, Release, Role};
use crate::key::EcosystemKey;

/// The feed.
#[derive(Debug)]
pub(super) struct DebianAdvisories;

static META: FeedMeta = FeedMeta {
    id: "debian-advisories",
    title: "Advisories of Debian's security and long-term support teams",
    docs: "https://security-tracker.debian.org/tracker/data/report",
    base_setting: "feeds.debian-advisories",
    base: "https://salsa.debian.org/security-tracker-team/security-tracker/-/raw/master/data",
    documents: &[DocumentTemplate {
        path: "debian/{}.list",
        url: "{}/list",
        state: "debian-advisories/{}",
        ecosystem: "Debian",
        names: &["DLA", "DSA"],
    }],
    record_page: "https://security-tracker.debian.org/tracker/{}",
};

/// The lists have less than a megabyte each.
const LIMIT: u64 = 256 << 20;

impl Feed for DebianAdvisories {
    fn meta(&self) -> &'static FeedMeta {
        &META
    }

    fn parse(&self, document: &mut Document<'_>, sink: &mut Sink<'_>) -> Result<(), FeedError> {
        let bytes = document.bytes(LIMIT)?;
        let text = String::from_utf8_lossy(&bytes);
        let mut open: Option<Notice<'_>> = None;
        let mut read = 0_u64;
        for line in text.lines() {
            if line.starts_with('[') {
                let Some(next) = Notice::heading(line) else {
                    let shown: String = line.chars().take(80).collect();
                    sink.problem(shown, "it is no heading of an advisory");
                    continue;
                };
                read = read.saturating_add(1);
                if let Some(done) = open.replace(next)
                    && done.hand_on(sink) == Flow::Stop
                {
                    return Ok(());
                }
            } else if let Some(notice) = &mut open {
                notice.line(line.trim());
            }
        }
        if let Some(done) = open {
            done.hand_on(sink);
        }
        if read == 0 {
            return Err(document.shape("it has no advisory"));
        }
        Ok(())
    }
}

struct Notice<'a> {
    id: &'a str,
    day: Option<Date>,
    title: &'a str,
    flaws: Vec<&'a str>,
    /// Codename, package, version.
    fixes: Vec<(&'a str, &'a str, &'a str)>,
}

impl<'a> Notice<'a> {
    /// `[29 Mar 2023] DSA-5380-1 xorg-server - security update`.
    fn heading(line: &'a str) -> Option<Self> {
        let (date, rest) = line.strip_prefix('[')?.split_once(']')?;
        let (id, title) = rest.trim().split_once(' ')?;
        (id.starts_with("DSA-") || id.starts_with("DLA-")).then(|| Self {
            id,
            day: day(date),
            title: title.trim(),
            flaws: Vec::new(),
            fixes: Vec::new(),
        })
    }

    fn line(&mut self, text: &'a str) {
        if let Some(flaws) = text.strip_prefix('{') {
            self.flaws
                .extend(flaws.trim_end_matches('}').split_whitespace());
        } else if let Some((codename, rest)) =
            text.strip_prefix('[').and_then(|rest| rest.split_once(']'))
        {
            let mut words = rest.trim().trim_start_matches('-').split_whitespace();
            if let (Some(package), Some(version)) = (words.next(), words.next())
                && version.starts_with(|c: char| c.is_ascii_digit())
            {
                self.fixes.push((codename, package, version));
            }
        }
    }

    fn hand_on(&self, sink: &mut Sink<'_>) -> Flow {
        if let Some(day) = self.day {
            if let Some(date) = self.published() {
                sink.dated(date);
            }
            for (ecosystem, package, version) in self.known() {
                sink.release(Release {
                    ecosystem,
                    package: package.to_owned(),
                    version: version.to_owned(),
                    day,
                });
            }
        }
        let advisory = Advisory {
            record: self.id.to_owned(),
            id: self.id.to_owned(),
            title: self.title.to_owned(),
            published: self.published(),
            ..Advisory::default()
        };
        if self.flaws.is_empty() {
            // Regressions and announcements are no flaws.
            return if self.title.ends_with("security update") {
                sink.advisory(Advisory {
                    affected: self.affected(),
                    ..advisory
                })
            } else {
                Flow::GoOn
            };
        }
        for flaw in self.flaws.iter().filter(|id| id.starts_with("CVE-")) {
            let one = Advisory {
                id: (*flaw).to_owned(),
                references: vec![META.record_page.replace("{}", self.id)],
                role: Role::Adds,
                // The day of the advisory is not that of the flaw.
                published: None,
                title: String::new(),
                ..advisory.clone()
            };
            if sink.advisory(one) == Flow::Stop {
                return Flow::Stop;
            }
        }
        Flow::GoOn
    }

    fn affected(&self) -> Vec<Affected> {
        self.known()
            .map(|(key, package, version)| Affected::new(key, package, Claim::before(version)))
            .collect()
    }

    /// The fixes in releases of which the number is known.
    fn known(&self) -> impl Iterator<Item = (EcosystemKey, &'a str, &'a str)> {
        self.fixes
            .iter()
            .filter_map(|(codename, package, version)| {
                let (_, number) = RELEASES.iter().find(|(known, _)| known == codename)?;
                let key = EcosystemKey::new(&format!("Debian:{number}"));
                Some((key, *package, *version))
            })
    }

    /// The beginning of its day.
    fn published(&self) -> Option<Timestamp> {
        Some(self.day?.to_zoned(TimeZone::UTC).ok()?.timestamp())
    }
}

/// `29 Mar 2023`.
fn day(text: &str) -> Option<Date> {
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let mut words = text.split_whitespace();
    let day = words.next()?.parse().ok()?;
    let name = words.next()?.get(..3)?;
    let month = (1..).zip(MONTHS).find(|(_, month)| *month == name)?.0;
    let year = words.next()?.parse().ok()?;
    Date::new(year, month, day).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::feeds::parse_bytes;

    #[test]
    fn advisories_without_a_cve_are_flaws() {
        let list = "\
[01 Nov 2022] DSA-5268-1 ffmpeg - security update
	[bullseye] - ffmpeg 7:4.3.5-0+deb11u1
	NOTE: nothing
[29 Mar 2023] DSA-5380-1 xorg-server - security update
	{CVE-2023-1393 CVE-2023-1394}
	[bullseye] - xorg-server 2:1.20.11-1+deb11u6
[17 Mar 2023] DSA-5356-2 sox - regression update
	[bullseye] - sox 14.4.2+git20190427-2+deb11u2
[18 Dec 2015] DLA-372-1 virtualbox-ose - end of support
	[squeeze] - virtualbox-ose <end-of-life>
";
        let found = parse_bytes("debian-advisories", "DSA", list.as_bytes()).expect("a list");
        let told: Vec<_> = found
            .iter()
            .map(|one| {
                (
                    one.record.as_str(),
                    one.id.as_str(),
                    one.affected.len(),
                    one.role,
                )
            })
            .collect();
        assert_eq!(
            told,
            [
                ("DSA-5268-1", "DSA-5268-1", 1, Role::Tells),
                ("DSA-5380-1", "CVE-2023-1393", 0, Role::Adds),
                ("DSA-5380-1", "CVE-2023-1394", 0, Role::Adds),
            ]
        );
        assert_eq!(
            found[0].affected[0],
            Affected::new(
                EcosystemKey::new("Debian:11"),
                "ffmpeg",
                Claim::before("7:4.3.5-0+deb11u1")
            )
        );
        assert_eq!(
            found[0].published.map(|date| date.to_string()).as_deref(),
            Some("2022-11-01T00:00:00Z")
        );
        for wrong in ["", "<html>", "[x] y\n"] {
            assert!(parse_bytes("debian-advisories", "DSA", wrong.as_bytes()).is_err());
        }
    }
}
