//! Under which key the advisories of the image's distribution stand.

use plimsoll_model::fact::OsRelease;
use plimsoll_model::{Ecosystem, Problem, Stage};

use crate::feeds::DEBIAN_RELEASES;
use crate::key::EcosystemKey;
use crate::release::suse_release;

/// A distribution with the package manager that its advisories speak of, and how its release makes a key.
struct Row {
    /// `ID` of os-release(5).
    id: &'static str,
    ecosystem: Ecosystem,
    key: fn(&OsRelease) -> Result<String, &'static str>,
}

/// Advisories hold for exactly the distribution that published them. Relatives have other versions of the same
/// packages: what is known of them is [`LIKE`], and proves nothing.
const ROWS: &[Row] = &[
    Row {
        id: "almalinux",
        ecosystem: Ecosystem::Rpm,
        key: |release| major("AlmaLinux", release),
    },
    Row {
        id: "alpaquita",
        ecosystem: Ecosystem::Apk,
        key: |release| whole("Alpaquita:", release),
    },
    Row {
        id: "alpine",
        ecosystem: Ecosystem::Apk,
        key: alpine,
    },
    Row {
        id: "amzn",
        ecosystem: Ecosystem::Rpm,
        key: amazon,
    },
    Row {
        id: "arch",
        ecosystem: Ecosystem::Alpm,
        key: |_| Ok("Arch Linux".to_owned()),
    },
    Row {
        id: "azurelinux",
        ecosystem: Ecosystem::Rpm,
        key: |release| major("Azure Linux", release),
    },
    Row {
        id: "bottlerocket",
        ecosystem: Ecosystem::Rpm,
        key: |_| Ok("Bottlerocket".to_owned()),
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
        id: "fedora",
        ecosystem: Ecosystem::Rpm,
        key: |release| major("Fedora", release),
    },
    Row {
        id: "mageia",
        ecosystem: Ecosystem::Rpm,
        key: |release| major("Mageia", release),
    },
    Row {
        id: "mariner",
        ecosystem: Ecosystem::Rpm,
        key: |release| major("Azure Linux", release),
    },
    Row {
        id: "minimos",
        ecosystem: Ecosystem::Apk,
        key: |_| Ok("MinimOS".to_owned()),
    },
    Row {
        id: "ol",
        ecosystem: Ecosystem::Rpm,
        key: |release| major("Oracle Linux", release),
    },
    Row {
        id: "openeuler",
        ecosystem: Ecosystem::Rpm,
        key: open_euler,
    },
    Row {
        id: "opensuse-leap",
        ecosystem: Ecosystem::Rpm,
        key: |release| whole("openSUSE:Leap ", release),
    },
    Row {
        id: "opensuse-tumbleweed",
        ecosystem: Ecosystem::Rpm,
        key: |_| Ok("openSUSE:Tumbleweed".to_owned()),
    },
    Row {
        id: "photon",
        ecosystem: Ecosystem::Rpm,
        key: |release| major("Photon OS", release),
    },
    Row {
        id: "rhel",
        ecosystem: Ecosystem::Rpm,
        key: |release| major("Red Hat", release),
    },
    Row {
        id: "rocky",
        ecosystem: Ecosystem::Rpm,
        key: |release| major("Rocky Linux", release),
    },
    Row {
        id: "sl-micro",
        ecosystem: Ecosystem::Rpm,
        key: suse,
    },
    Row {
        id: "sle-micro",
        ecosystem: Ecosystem::Rpm,
        key: suse,
    },
    Row {
        id: "sled",
        ecosystem: Ecosystem::Rpm,
        key: suse,
    },
    Row {
        id: "sles",
        ecosystem: Ecosystem::Rpm,
        key: suse,
    },
    Row {
        id: "ubuntu",
        ecosystem: Ecosystem::Deb,
        key: ubuntu,
    },
    Row {
        id: "wolfi",
        ecosystem: Ecosystem::Apk,
        key: |_| Ok("Wolfi".to_owned()),
    },
];

/// A distribution without advisories of its own, or of which the database may have none, and whose releases its own
/// are made from.
struct Like {
    /// `ID` of os-release(5).
    id: &'static str,
    ecosystem: Ecosystem,
    keys: fn(&OsRelease) -> Vec<String>,
}

/// Relatives that rebuild the packages of another distribution, or take them as they are, release by release.
/// Rolling ones (Kali, Manjaro), those that run ahead (CentOS Stream) and those with versions of their own (Amazon
/// Linux, Ubuntu) are like none.
const LIKE: &[Like] = &[
    Like {
        id: "centos",
        ecosystem: Ecosystem::Rpm,
        keys: enterprise_linux,
    },
    Like {
        id: "circle",
        ecosystem: Ecosystem::Rpm,
        keys: enterprise_linux,
    },
    Like {
        id: "devuan",
        ecosystem: Ecosystem::Deb,
        keys: devuan,
    },
    Like {
        id: "endeavouros",
        ecosystem: Ecosystem::Alpm,
        keys: |_| vec!["Arch Linux".to_owned()],
    },
    Like {
        id: "eurolinux",
        ecosystem: Ecosystem::Rpm,
        keys: enterprise_linux,
    },
    Like {
        id: "linuxmint",
        ecosystem: Ecosystem::Deb,
        keys: linux_mint,
    },
    Like {
        id: "miraclelinux",
        ecosystem: Ecosystem::Rpm,
        keys: enterprise_linux,
    },
    Like {
        id: "ol",
        ecosystem: Ecosystem::Rpm,
        keys: enterprise_linux,
    },
    Like {
        id: "pop",
        ecosystem: Ecosystem::Deb,
        keys: |release| vec![format!("Ubuntu:{}", release.version)],
    },
    Like {
        id: "postmarketos",
        ecosystem: Ecosystem::Apk,
        keys: postmarket_os,
    },
    Like {
        id: "raspbian",
        ecosystem: Ecosystem::Deb,
        keys: |release| debian(release).into_iter().collect(),
    },
    Like {
        id: "rhel",
        ecosystem: Ecosystem::Rpm,
        keys: enterprise_linux,
    },
    Like {
        id: "scientific",
        ecosystem: Ecosystem::Rpm,
        keys: enterprise_linux,
    },
    Like {
        id: "virtuozzo",
        ecosystem: Ecosystem::Rpm,
        keys: enterprise_linux,
    },
];

/// Where the advisories for OS packages stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Found {
    /// Those of the distribution itself.
    Own(EcosystemKey),
    /// Those of a relative; where there are several, the nearest first. With the problem that the distribution has
    /// none of its own.
    Like(Vec<EcosystemKey>, Problem),
}

/// The keys of relatives.
pub(super) fn like(release: &OsRelease, ecosystem: Ecosystem) -> Vec<EcosystemKey> {
    let row = LIKE
        .iter()
        .find(|row| row.id == release.id && row.ecosystem == ecosystem);
    let keys = match row {
        Some(row) => (row.keys)(release),
        // Whoever bears the codename of a release of Debian is made from it.
        None if ecosystem == Ecosystem::Deb && release.id_like.iter().any(|id| id == "debian") => {
            by_codename(release).into_iter().collect()
        }
        None => Vec::new(),
    };
    keys.iter().map(|key| EcosystemKey::new(key)).collect()
}

/// The key for OS packages of an ecosystem in a release, or the problem that there is none.
pub(super) fn key(release: Option<&OsRelease>, ecosystem: Ecosystem) -> Result<Found, Problem> {
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
        let none = blind(format!(
            "there are no advisories for the distribution `{}`, so that its packages cannot be judged",
            release.id
        ));
        let like = like(release, ecosystem);
        return if like.is_empty() {
            Err(none)
        } else {
            Ok(Found::Like(like, none))
        };
    };
    if row.ecosystem != ecosystem {
        return Err(blind(format!(
            "there is a {display} in it, of which the advisories for `{}` do not speak",
            release.id
        )));
    }
    match (row.key)(release) {
        Ok(key) => Ok(Found::Own(EcosystemKey::new(&key))),
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

/// `2`, `2023`, and 2018.03 and earlier for what is now called Amazon Linux 1. Snapshots of 2023 bear longer
/// numbers, `2023.3.20240304` (trap T14).
fn amazon(release: &OsRelease) -> Result<String, &'static str> {
    let first = release.version.split('.').next().and_then(number);
    match first {
        Some(year) if year.len() == 4 && year < "2018" => Ok("Amazon Linux:1".to_owned()),
        Some("1" | "2018") => Ok("Amazon Linux:1".to_owned()),
        Some(first) => Ok(format!("Amazon Linux:{first}")),
        None => Err("it does not tell its release"),
    }
}

/// `22.03` with `(LTS-SP3)` in the name for people, as OSV and openEuler's own documents write it in one word.
fn open_euler(release: &OsRelease) -> Result<String, &'static str> {
    let none = "it does not tell its release";
    if release.version.is_empty() || !release.version.starts_with(|c: char| c.is_ascii_digit()) {
        return Err(none);
    }
    let pretty = release.pretty.as_deref().unwrap_or_default();
    let edition = pretty
        .split_once('(')
        .and_then(|(_, rest)| rest.split_once(')'));
    Ok(match edition {
        Some((edition, _)) if !edition.is_empty() => {
            format!(
                "openEuler:{}-{}",
                release.version,
                edition.replace(' ', "-")
            )
        }
        _ => format!("openEuler:{}", release.version),
    })
}

fn suse(release: &OsRelease) -> Result<String, &'static str> {
    suse_release(&release.id, &release.version)
        .map(|version| format!("SUSE:{version}"))
        .ok_or("it does not tell its release")
}

/// The key of the packages that Fedora's project makes for a release of Red Hat Enterprise Linux or a rebuild of it.
pub(super) fn epel(release: &OsRelease) -> Option<EcosystemKey> {
    const RELATIVES: &[&str] = &["almalinux", "centos", "ol", "rhel", "rocky"];
    let major = RELATIVES
        .contains(&release.id.as_str())
        .then(|| major("EPEL", release))?;
    major.ok().map(|key| EcosystemKey::new(&key))
}

/// The key of a release that a mirror's folder names, and the repository where it names one: `rocky-9-baseos`,
/// `amzn-2`, `opensuse-leap-15.5-oss`.
pub(crate) fn release_of_folder(name: &str) -> Option<(EcosystemKey, &str)> {
    if let Some(rest) = name.strip_prefix("epel-") {
        let (major, repository) = rest.split_once('-').unwrap_or((rest, ""));
        let key = EcosystemKey::new(&format!("EPEL:{}", number(major)?));
        return Some((key, repository));
    }
    let fits = |row: &&Row| {
        name.strip_prefix(row.id)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
    };
    let row = ROWS.iter().filter(fits).max_by_key(|row| row.id.len())?;
    let rest = name.get(row.id.len()..)?.trim_start_matches('-');
    let version = rest.get(..end_of_version(row.id, rest))?;
    let repository = rest.get(version.len()..)?.trim_start_matches('-');
    let release = OsRelease {
        id: row.id.to_owned(),
        version: version.to_owned(),
        ..OsRelease::default()
    };
    let key = (row.key)(&release).ok()?;
    Some((EcosystemKey::new(&key), repository))
}

/// Where the version ends with which the rest of a folder's name begins. Releases that roll have none, and openEuler's
/// editions are part of it: `22.03-LTS-SP3`.
fn end_of_version(id: &str, rest: &str) -> usize {
    let mut end = 0_usize;
    for (place, word) in rest.split('-').enumerate() {
        let is_version = match place {
            0 => word.starts_with(|c: char| c.is_ascii_digit()),
            _ => id == "openeuler" && (word == "LTS" || word.starts_with("SP")),
        };
        if !is_version {
            break;
        }
        let hyphen = usize::from(place > 0);
        end = end.saturating_add(hyphen).saturating_add(word.len());
    }
    end
}

/// `22.04`, as os-release writes it.
fn ubuntu(release: &OsRelease) -> Result<String, &'static str> {
    let mut parts = release.version.split('.');
    match (parts.next().and_then(number), parts.next().and_then(number)) {
        (Some(year), Some(month)) => Ok(format!("Ubuntu:{year}.{month}")),
        _ => Err("it does not tell its release"),
    }
}

/// Rebuilds of Red Hat Enterprise Linux bear its numbers. CentOS Stream is ahead of it.
fn enterprise_linux(release: &OsRelease) -> Vec<String> {
    let is_stream = |pretty: &String| pretty.contains("Stream");
    if release.pretty.as_ref().is_some_and(is_stream) {
        return Vec::new();
    }
    ["Red Hat", "AlmaLinux", "Rocky Linux"]
        .iter()
        .filter_map(|name| major(name, release).ok())
        .collect()
}

/// The release of Debian whose codename this is.
fn by_codename(release: &OsRelease) -> Option<String> {
    let codename = release.codename.as_deref()?;
    let known = DEBIAN_RELEASES.iter().find(|(known, _)| *known == codename);
    known
        .filter(|_| !testing(release))
        .map(|(_, number)| format!("Debian:{number}"))
}

/// Devuan 2 is Debian 9 without systemd, and so on.
fn devuan(release: &OsRelease) -> Vec<String> {
    let major = release.version.split('.').next().and_then(number);
    let major = major.and_then(|major| major.parse::<u16>().ok());
    major
        .filter(|major| (2..100).contains(major))
        .map(|major| format!("Debian:{}", major.saturating_add(7)))
        .into_iter()
        .collect()
}

/// Linux Mint 20 is made from Ubuntu 20.04, 21 from 22.04, and so on; its Debian Edition counts from 1, and 6 is
/// made from Debian 12.
fn linux_mint(release: &OsRelease) -> Vec<String> {
    let major = release.version.split('.').next().and_then(number);
    let key = match major.and_then(|major| major.parse::<u16>().ok()) {
        Some(major @ 2..=9) => format!("Debian:{}", major.saturating_add(6)),
        Some(major @ 20..=40) => {
            let year = major.saturating_mul(2).saturating_sub(20);
            format!("Ubuntu:{year}.04")
        }
        _ => return Vec::new(),
    };
    vec![key]
}

/// Releases of postmarketOS, and of Alpine from which they are made (postmarketOS wiki, "Releases").
const POSTMARKET_OS: &[(&str, &str)] = &[
    ("v21.12", "v3.15"),
    ("v22.06", "v3.16"),
    ("v22.12", "v3.17"),
    ("v23.06", "v3.18"),
    ("v23.12", "v3.19"),
    ("v24.06", "v3.20"),
    ("v24.12", "v3.21"),
    ("v25.06", "v3.22"),
    ("edge", "edge"),
];

fn postmarket_os(release: &OsRelease) -> Vec<String> {
    let known = POSTMARKET_OS
        .iter()
        .find(|(known, _)| release.version.starts_with(known));
    known
        .map(|(_, alpine)| format!("Alpine:{alpine}"))
        .into_iter()
        .collect()
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

fn whole(name: &str, release: &OsRelease) -> Result<String, &'static str> {
    if release.version.is_empty() {
        return Err("it does not tell its release");
    }
    Ok(format!("{name}{}", release.version))
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
    fn t37_relatives_are_like_a_release() {
        let keys = |id: &str, version: &str, codename: Option<&str>, pretty: Option<&str>| {
            let release = OsRelease {
                id: id.into(),
                id_like: vec!["debian".into()],
                ..release(version, codename, pretty)
            };
            let all = [Ecosystem::Apk, Ecosystem::Deb, Ecosystem::Rpm];
            let found = all.iter().flat_map(|ecosystem| like(&release, *ecosystem));
            found
                .map(|key| key.to_string())
                .collect::<Vec<_>>()
                .join(" ")
        };
        for (id, version, codename, expected) in [
            ("raspbian", "12", Some("bookworm"), "Debian:12"),
            ("devuan", "5", Some("daedalus"), "Debian:12"),
            ("linuxmint", "6", Some("faye"), "Debian:12"),
            ("linuxmint", "21.3", Some("virginia"), "Ubuntu:22.04"),
            ("pop", "22.04", Some("jammy"), "Ubuntu:22.04"),
            ("somebody", "3", Some("bullseye"), "Debian:11"),
            ("ubuntu", "22.04", Some("jammy"), ""),
            ("kali", "2024.1", Some("kali-rolling"), ""),
            ("postmarketos", "v23.12", None, "Alpine:v3.19"),
            ("centos", "8", None, "Red Hat:8 AlmaLinux:8 Rocky Linux:8"),
            ("ol", "9.3", None, "Red Hat:9 AlmaLinux:9 Rocky Linux:9"),
            ("amzn", "2", None, ""),
        ] {
            assert_eq!(
                keys(id, version, codename, None),
                expected,
                "{id} {version}"
            );
        }
        assert_eq!(keys("centos", "9", None, Some("CentOS Stream 9")), "");
    }

    #[test]
    fn folders_name_releases_and_repositories() {
        for (name, key, repository) in [
            ("rocky-9", "Rocky Linux:9", ""),
            ("rocky-9-baseos", "Rocky Linux:9", "baseos"),
            ("rocky-9.3-baseos", "Rocky Linux:9", "baseos"),
            ("amzn-2-php8.0", "Amazon Linux:2", "php8.0"),
            ("rhel-9-ubi-9-baseos-rpms", "Red Hat:9", "ubi-9-baseos-rpms"),
            ("epel-9", "EPEL:9", ""),
            ("epel-9-testing", "EPEL:9", "testing"),
            ("opensuse-leap-15.6-sle", "openSUSE:Leap 15.6", "sle"),
            ("opensuse-tumbleweed", "openSUSE:Tumbleweed", ""),
            ("opensuse-tumbleweed-oss", "openSUSE:Tumbleweed", "oss"),
            ("openeuler-22.03-LTS-SP3", "openEuler:22.03-LTS-SP3", ""),
            (
                "openeuler-22.03-LTS-SP3-update",
                "openEuler:22.03-LTS-SP3",
                "update",
            ),
        ] {
            let key = EcosystemKey::new(key);
            assert_eq!(release_of_folder(name), Some((key, repository)), "{name}");
        }
        for name in ["baseos", "rocky", "rocky-baseos", "rockylinux-9", "epel-x"] {
            assert_eq!(release_of_folder(name), None, "{name}");
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
