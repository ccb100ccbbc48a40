//! Which release files there are, how far each is to be believed, and how each is read.

use plimsoll_model::fact::OsRelease;

use super::Keys;

/// What is known of one release file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row {
    /// See `OsRelease::rank`.
    pub(super) rank: u8,
    /// How it is written.
    pub(super) form: Form,
}

/// How a release file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// Assignments, as in `os-release(5)`.
    Variables(Keys),
    /// Alpine's `3.18.9`.
    AlpineVersion,
    /// Debian's `12.5`, or `trixie/sid` before a release is made.
    DebianVersion,
    /// `Name of it release 9.3 (Codename)`.
    Sentence,
    /// A platform name of the CPE specification, 2.2 or 2.3.
    Cpe,
    /// Arch's file, which is empty; its derivatives write into it.
    Arch,
    /// The repositories of Alpine's package manager.
    ApkRepositories,
    /// The program busybox, by the text that it shows: there are images of it and nothing else.
    Busybox,
}

const OS_RELEASE: Form = Form::Variables(Keys {
    id: "ID",
    like: "ID_LIKE",
    version: "VERSION_ID",
    codename: "VERSION_CODENAME",
    pretty: "PRETTY_NAME",
});

const LSB_RELEASE: Form = Form::Variables(Keys {
    id: "DISTRIB_ID",
    like: "DISTRIB_ID_LIKE",
    version: "DISTRIB_RELEASE",
    codename: "DISTRIB_CODENAME",
    pretty: "DISTRIB_DESCRIPTION",
});

/// Every release file.
pub(super) static PATHS: &[&str] = &[
    "aarch64-bottlerocket-linux-gnu/sys-root/usr/lib/os-release",
    "bin/busybox",
    "etc/SuSE-release",
    "etc/almalinux-release",
    "etc/alpine-release",
    "etc/apk/repositories",
    "etc/arch-release",
    "etc/azurelinux-release",
    "etc/centos-release",
    "etc/debian_version",
    "etc/fedora-release",
    "etc/gentoo-release",
    "etc/lsb-release",
    "etc/mageia-release",
    "etc/mariner-release",
    "etc/openwrt_release",
    "etc/oracle-release",
    "etc/os-release",
    "etc/photon-release",
    "etc/redhat-release",
    "etc/rocky-release",
    "etc/slackware-version",
    "etc/system-release",
    "etc/system-release-cpe",
    "usr/bin/busybox",
    "usr/lib/os-release",
    "x86_64-bottlerocket-linux-gnu/sys-root/usr/lib/os-release",
];

/// What is known of the file at `path`; every path of [`PATHS`] has a row.
///
/// `redhat-release` and `system-release` rank below the files of the distributions that are made from RHEL,
/// as these carry them too. `debian_version` ranks below `lsb-release`, as Ubuntu carries both.
pub(super) fn row(path: &str) -> Option<Row> {
    let (rank, form) = match path {
        "etc/os-release" => (100, OS_RELEASE),
        "usr/lib/os-release" => (90, OS_RELEASE),
        // Bottlerocket keeps its root filesystem in a folder of the image.
        "aarch64-bottlerocket-linux-gnu/sys-root/usr/lib/os-release"
        | "x86_64-bottlerocket-linux-gnu/sys-root/usr/lib/os-release" => (85, OS_RELEASE),
        "etc/alpine-release" => (80, Form::AlpineVersion),
        "etc/arch-release" => (80, Form::Arch),
        "etc/SuSE-release"
        | "etc/almalinux-release"
        | "etc/azurelinux-release"
        | "etc/fedora-release"
        | "etc/gentoo-release"
        | "etc/mageia-release"
        | "etc/mariner-release"
        | "etc/oracle-release"
        | "etc/photon-release"
        | "etc/rocky-release"
        | "etc/slackware-version" => (80, Form::Sentence),
        "etc/centos-release" => (75, Form::Sentence),
        "etc/redhat-release" => (70, Form::Sentence),
        "etc/system-release" => (60, Form::Sentence),
        "etc/system-release-cpe" => (55, Form::Cpe),
        "etc/lsb-release" | "etc/openwrt_release" => (50, LSB_RELEASE),
        "etc/debian_version" => (40, Form::DebianVersion),
        "etc/apk/repositories" => (30, Form::ApkRepositories),
        "bin/busybox" | "usr/bin/busybox" => (10, Form::Busybox),
        _ => return None,
    };
    Some(Row { rank, form })
}

/// Reads a release file that is not made of variables; `None` if it names no distribution.
pub(super) fn parse(form: Form, text: &str) -> Option<OsRelease> {
    let line = text.lines().map(str::trim).find(|line| !line.is_empty());
    match form {
        Form::Variables(_) | Form::Busybox => None,
        Form::AlpineVersion => {
            let version = line.filter(|line| line.starts_with(|c: char| c.is_ascii_digit()))?;
            Some(named("alpine", version))
        }
        Form::DebianVersion => debian_version(line?),
        Form::Sentence => sentence(line?),
        Form::Cpe => cpe(line?),
        // Manjaro and others write their name into it; those have an `os-release` that counts more.
        Form::Arch => line.is_none().then(|| named("arch", "")),
        Form::ApkRepositories => apk_repositories(text),
    }
}

/// The version in `BusyBox v1.36.1 (2023-…) multi-call binary.`, which the program shows without arguments.
pub(super) fn busybox(bytes: &[u8]) -> Option<OsRelease> {
    let mark = b"BusyBox v";
    memchr::memmem::find_iter(bytes, mark)
        .take(16)
        .find_map(|at| {
            let rest = bytes.get(at.checked_add(mark.len())?..)?;
            let rest = rest.get(..rest.len().min(32))?;
            let end = rest
                .iter()
                .position(|byte| !byte.is_ascii_digit() && *byte != b'.')?;
            let version = std::str::from_utf8(rest.get(..end)?).ok()?;
            version
                .contains('.')
                .then(|| named("busybox", version.trim_end_matches('.')))
        })
}

fn named(id: &str, version: &str) -> OsRelease {
    OsRelease {
        id: id.to_owned(),
        version: version.to_owned(),
        ..OsRelease::default()
    }
}

/// A release has a number; testing and unstable share one text, `<codename of the next release>/sid`, so
/// that the version stays unknown.
fn debian_version(line: &str) -> Option<OsRelease> {
    if let Some((codename, "sid")) = line.split_once('/') {
        return Some(OsRelease {
            codename: Some(codename.to_owned()),
            pretty: Some(format!("Debian GNU/Linux {line}")),
            ..named("debian", "")
        });
    }
    line.starts_with(|c: char| c.is_ascii_digit())
        .then(|| named("debian", line))
}

/// How the release sentence of a distribution begins, and its `ID`; longer beginnings first.
static BEGINNINGS: &[(&str, &str)] = &[
    ("almalinux", "almalinux"),
    ("amazon linux", "amzn"),
    // The distributor's name stands twice in Oracle Linux 5.
    ("enterprise linux enterprise linux", "ol"),
    ("cbl-mariner", "mariner"),
    ("centos", "centos"),
    ("common base linux mariner", "mariner"),
    ("fedora", "fedora"),
    ("gentoo", "gentoo"),
    ("mageia", "mageia"),
    ("microsoft azure linux", "azurelinux"),
    ("azure linux", "azurelinux"),
    ("opensuse", "opensuse"),
    ("oracle linux", "ol"),
    ("photon", "photon"),
    ("vmware photon", "photon"),
    ("red hat enterprise linux coreos", "rhcos"),
    ("red hat", "rhel"),
    ("rocky", "rocky"),
    ("scientific linux", "scientific"),
    ("slackware", "slackware"),
    ("suse linux enterprise server", "sles"),
    ("suse linux enterprise desktop", "sled"),
    ("virtuozzo", "virtuozzo"),
];

fn sentence(line: &str) -> Option<OsRelease> {
    let lower = line.to_ascii_lowercase();
    let (_, id) = BEGINNINGS
        .iter()
        .find(|(beginning, _)| lower.starts_with(beginning))?;
    let version = line
        .split_whitespace()
        .map(|word| word.trim_start_matches('v'))
        .find(|word| word.starts_with(|c: char| c.is_ascii_digit()))
        .unwrap_or_default();
    // Amazon Linux repeats its name in the brackets, SUSE writes the machine there.
    let codename = line
        .split_once('(')
        .and_then(|(_, rest)| rest.split_once(')'))
        .map(|(name, _)| name.trim())
        .filter(|name| !name.is_empty() && !matches!(*id, "amzn" | "sles" | "sled" | "opensuse"));
    Some(OsRelease {
        codename: codename.map(str::to_owned),
        pretty: Some(line.to_owned()),
        ..named(id, version)
    })
}

/// Vendor and product of a platform name, and the `ID` of that distribution.
static PLATFORMS: &[(&str, &str, &str)] = &[
    ("almalinux", "almalinux", "almalinux"),
    ("amazon", "amazon_linux", "amzn"),
    ("amazon", "linux", "amzn"),
    ("centos", "centos", "centos"),
    ("centos", "linux", "centos"),
    ("fedoraproject", "fedora", "fedora"),
    ("oracle", "linux", "ol"),
    ("redhat", "enterprise_linux", "rhel"),
    ("rocky", "rocky", "rocky"),
    ("scientificlinux", "scientificlinux", "scientific"),
];

/// `cpe:/o:vendor:product:version…` (CPE 2.2) or `cpe:2.3:o:vendor:product:version…`.
fn cpe(line: &str) -> Option<OsRelease> {
    let rest = line
        .strip_prefix("cpe:/o:")
        .or_else(|| line.strip_prefix("cpe:2.3:o:"))?;
    let mut parts = rest.split(':');
    let (vendor, product) = (parts.next()?, parts.next()?);
    let version = parts.next().unwrap_or_default();
    let (_, _, id) = PLATFORMS
        .iter()
        .find(|row| (row.0, row.1) == (vendor, product))?;
    let version = if version == "*" { "" } else { version };
    Some(named(id, version))
}

/// The branch in the address of an Alpine mirror, `…/alpine/v3.18/main`, of the first repository that has
/// one. Images without `alpine-release`, such as those of distroless Alpine, are known by this alone.
fn apk_repositories(text: &str) -> Option<OsRelease> {
    text.lines()
        .map(str::trim)
        .filter(|line| !line.starts_with('#'))
        .find_map(|line| {
            let (_, branch) = line.split_once("/alpine/")?;
            let branch = branch.split('/').next()?;
            if branch == "edge" {
                return Some(OsRelease {
                    codename: Some("edge".to_owned()),
                    ..named("alpine", "")
                });
            }
            let version = branch.strip_prefix('v')?;
            version
                .starts_with(|c: char| c.is_ascii_digit())
                .then(|| named("alpine", version))
        })
}
