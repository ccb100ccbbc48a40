//! What is done to a claim before it is written: bounds that are misspelt in a way that leaves no doubt are
//! read as meant, and listed versions that a range holds anyway are dropped, which is most of them.

use plimsoll_version::Scheme;
use plimsoll_version::range::{self, Applies};

use crate::advisory::{Affected, Claim, Event};

/// The most events and listed versions of one package in one record that are believed.
const VERSION_LIMIT: usize = 100_000;

/// Tidies a claim and tells what was wrong with it. A bound that cannot be read stays as it is, and makes the
/// answer unknown.
pub(super) fn tidy(affected: &mut Affected) -> Vec<String> {
    let mut wrong = Vec::new();
    let Claim::Versions { ranges, listed } = &mut affected.claim else {
        return wrong;
    };
    let events: usize = ranges.iter().map(Vec::len).sum();
    if events > VERSION_LIMIT || listed.len() > VERSION_LIMIT {
        affected.claim = Claim::Undetermined("the record lists too many versions".to_owned());
        wrong.push(format!(
            "`{}`: more than {VERSION_LIMIT} versions",
            affected.package
        ));
        return wrong;
    }
    listed.sort();
    listed.dedup();
    let Some(scheme) = affected.ecosystem.scheme() else {
        return wrong;
    };
    for event in ranges.iter_mut().flatten() {
        if let Err(reason) = read(scheme, event) {
            wrong.push(format!("`{}`: {reason}", affected.package));
        }
    }
    wrong.dedup();
    let borrowed: Vec<Vec<range::Event<'_>>> = ranges
        .iter()
        .map(|events| events.iter().map(Event::borrowed).collect())
        .collect();
    listed.retain(|text| {
        let Ok(version) = scheme.parse(text) else {
            return true;
        };
        let held = range::evaluate(&version, borrowed.iter().map(Vec::as_slice), []);
        !matches!(held, Applies::Yes(_))
    });
    wrong
}

/// Reads the bound of an event, and repairs it if need be.
fn read(scheme: Scheme, event: &mut Event) -> Result<(), String> {
    let text = match event {
        Event::Introduced(text) if text == "0" => return Ok(()),
        Event::Limit(text) if text == "*" => return Ok(()),
        Event::Introduced(text)
        | Event::Fixed(text)
        | Event::LastAffected(text)
        | Event::Limit(text) => text,
    };
    let Err(error) = scheme.parse(text) else {
        return Ok(());
    };
    let meant = repaired(scheme, text).filter(|meant| scheme.parse(meant).is_ok());
    match meant {
        None => Err(error.to_string()),
        Some(meant) => {
            let reason = format!("`{text}` is read as `{meant}`");
            *text = meant;
            Err(reason)
        }
    }
}

/// What a misspelt bound means: `1.7.5.-r1` and `0.8.21.r2` of old secdb have a dot too many or in place of
/// the hyphen; `0.1` lacks the numbers that a semantic version must have, and they count as zero.
fn repaired(scheme: Scheme, text: &str) -> Option<String> {
    match scheme {
        Scheme::Apk => {
            let (version, revision) = text.rsplit_once('r')?;
            let version = version.trim_end_matches(['.', '-']);
            Some(format!("{version}-r{revision}"))
        }
        Scheme::Semver | Scheme::Npm | Scheme::Go | Scheme::Hex | Scheme::Pub | Scheme::Swift => {
            let end = text.find(['-', '+']).unwrap_or(text.len());
            let (numbers, rest) = text.split_at_checked(end)?;
            let missing = 2_usize.checked_sub(numbers.matches('.').count())?;
            Some(format!("{numbers}{}{rest}", ".0".repeat(missing)))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::EcosystemKey;

    #[test]
    fn listed_versions_inside_a_range_are_dropped() {
        let mut affected = Affected::new(
            EcosystemKey::new("npm"),
            "x",
            Claim::Versions {
                ranges: vec![vec![
                    Event::Introduced("0".into()),
                    Event::Fixed("2.0.0".into()),
                ]],
                listed: vec!["1.0.0".into(), "3.0.0".into(), "odd".into()],
            },
        );
        assert!(tidy(&mut affected).is_empty());
        let Claim::Versions { listed, .. } = affected.claim else {
            panic!("still versions");
        };
        assert_eq!(listed, ["3.0.0", "odd"]);
    }

    #[test]
    fn misspelt_bounds_are_read_as_meant_and_told() {
        for (scheme, text, meant) in [
            (Scheme::Apk, "1.7.5.-r1", Some("1.7.5-r1")),
            (Scheme::Apk, "0.8.21.r2", Some("0.8.21-r2")),
            (Scheme::Apk, "57-1-r2", None),
            (Scheme::Semver, "0.1", Some("0.1.0")),
            (Scheme::Npm, "2-beta", Some("2.0.0-beta")),
            (Scheme::Npm, "1.2.3.4", None),
            (Scheme::Deb, "not a version", None),
        ] {
            let mut event = Event::Fixed(text.to_owned());
            let told = read(scheme, &mut event).expect_err(text);
            match meant {
                Some(meant) => {
                    assert_eq!(event, Event::Fixed(meant.to_owned()));
                    assert_eq!(told, format!("`{text}` is read as `{meant}`"));
                }
                None => assert_eq!(event, Event::Fixed(text.to_owned())),
            }
        }
    }
}
