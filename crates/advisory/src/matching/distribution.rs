//! Under which key the advisories of the image's distribution stand.

use plimsoll_model::fact::OsRelease;
use plimsoll_model::{Ecosystem, Problem, Stage};

use crate::feeds::DEBIAN_RELEASES;
use crate::key::EcosystemKey;

/// A distribution with the package manager that its advisories speak of, and how its release makes a key.
struct Row {
    /// `ID` of os-release(5).
    id: &'static str,
    ecosystem: Ecosystem,
    key: fn(&OsRelease) -> Result<String, &'static str>,
}

/// Advisories hold for exactly the distribution that published them. Relatives (`ID_LIKE`) have other
/// versions of the same packages, so they are not taken for it.
const ROWS: &[Row] = &[
    Row {
        id: "almalinux",
        ecosystem: Ecosystem::Rpm,
        key: |release| major("AlmaLinux", release),
    },
    Row {
        id: "alpine",
        ecosystem: Ecosystem::Apk,
        key: alpine,
    },
    Row {
        id: "chainguard",
        ecosystem: Ecosystem::Apk,
        key: |_| Ok("Chainguard".to_owned()),
    },
    Row {
        id: "debian",
        ecosystem: Ecosystem::Deb,
        key: debian,
    },
    Row {
        id: "rocky",
        ecosystem: Ecosystem::Rpm,
        key: |release| major("Rocky Linux", release),
    },
    Row {
        id: "wolfi",
        ecosystem: Ecosystem::Apk,
        key: |_| Ok("Wolfi".to_owned()),
    },
];

/// The key for OS packages of an ecosystem in a release, or the problem that there is none.
pub(super) fn key(
    release: Option<&OsRelease>,
    ecosystem: Ecosystem,
) -> Result<EcosystemKey, Problem> {
    let display = ecosystem.row().display;
    let Some(release) = release else {
        let reason = "no file tells the distribution, so that its packages cannot be judged";
        return Err(Problem::blind(
            Stage::Match,
            format!("every {display}"),
            reason,
        ));
    };
    let blind = |reason: String| Problem::blind(Stage::Match, release.display(), reason);
    let Some(row) = ROWS.iter().find(|row| row.id == release.id) else {
        return Err(blind(format!(
            "there are no advisories for the distribution `{}`, so that its packages cannot be judged",
            release.id
        )));
    };
    if row.ecosystem != ecosystem {
        return Err(blind(format!(
            "there is a {display} in it, of which the advisories for `{}` do not speak",
            release.id
        )));
    }
    match (row.key)(release) {
        Ok(key) => Ok(EcosystemKey::new(&key)),
        Err(reason) => Err(blind(reason.to_owned())),
    }
}

/// `3.18.9` is of release `v3.18`; snapshots of edge call themselves after the release to come,
/// `3.21_alpha20240807`.
fn alpine(release: &OsRelease) -> Result<String, &'static str> {
    if release.version.contains("_alpha") || release.version.starts_with("edge") {
        return Ok("Alpine:edge".to_owned());
    }
    let mut parts = release.version.split('.');
    match (parts.next().and_then(number), parts.next().and_then(number)) {
        (Some(major), Some(minor)) => Ok(format!("Alpine:v{major}.{minor}")),
        _ => Err("it does not tell which release of Alpine it is"),
    }
}

/// The number, else the codename. Testing and unstable have no number, and `bookworm/sid` is no codename.
fn debian(release: &OsRelease) -> Result<String, &'static str> {
    if let Some(major) = release.version.split('.').next().and_then(number) {
        // Before release 4 the second part counted too.
        let whole = if major.len() == 1 && matches!(major, "1" | "2" | "3") {
            release.version.as_str()
        } else {
            major
        };
        return Ok(format!("Debian:{whole}"));
    }
    let codename = release.codename.as_deref().unwrap_or(&release.version);
    DEBIAN_RELEASES
        .iter()
        .find(|(known, _)| release.version.is_empty() && *known == codename && !testing(release))
        .map(|(_, number)| format!("Debian:{number}"))
        .ok_or("it is testing or unstable, or does not tell its release, and no advisories say what is true of it")
}

/// Testing bears the codename of the release to come, and `…/sid` in its name.
fn testing(release: &OsRelease) -> bool {
    release
        .pretty
        .as_deref()
        .is_some_and(|pretty| pretty.contains("/sid"))
}

fn major(name: &str, release: &OsRelease) -> Result<String, &'static str> {
    release
        .version
        .split('.')
        .next()
        .and_then(number)
        .map(|major| format!("{name}:{major}"))
        .ok_or("it does not tell its release")
}

fn number(text: &str) -> Option<&str> {
    (!text.is_empty() && text.len() <= 4 && text.bytes().all(|byte| byte.is_ascii_digit()))
        .then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn release(version: &str, codename: Option<&str>, pretty: Option<&str>) -> OsRelease {
        OsRelease {
            id: "any".into(),
            version: version.into(),
            codename: codename.map(str::to_owned),
            pretty: pretty.map(str::to_owned),
            ..OsRelease::default()
        }
    }

    #[test]
    fn releases_make_keys() {
        let alpine = |version| alpine(&release(version, None, None)).ok();
        assert_eq!(alpine("3.18.9").as_deref(), Some("Alpine:v3.18"));
        assert_eq!(alpine("3.9.6").as_deref(), Some("Alpine:v3.9"));
        assert_eq!(alpine("3.21_alpha20240807").as_deref(), Some("Alpine:edge"));
        assert_eq!(alpine(""), None);
        let debian = |version, codename, pretty| debian(&release(version, codename, pretty)).ok();
        assert_eq!(debian("11", None, None).as_deref(), Some("Debian:11"));
        assert_eq!(
            debian("", Some("bullseye"), None).as_deref(),
            Some("Debian:11")
        );
        assert_eq!(
            debian("", Some("trixie"), Some("Debian GNU/Linux trixie/sid")),
            None
        );
        assert_eq!(debian("bookworm/sid", None, None), None);
        assert_eq!(debian("", None, None), None);
    }
}
