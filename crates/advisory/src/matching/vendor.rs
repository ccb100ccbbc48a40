//! Packages that another vendor than the distribution made.
//!
//! The advisories of a distribution speak of its own packages. Those of `PostgreSQL`, Docker or EPEL bear
//! other versions under the same or other names, so that "not listed" would say nothing of them.
//! rpm records the vendor of every package. dpkg records only who maintains it, mostly a person, so that another
//! vendor is known by what the known repositories leave in versions and addresses; what nothing tells counts as
//! the distribution's. apk records nothing of the kind; only that somebody asked for a package of a tagged repository,
//! mostly one of another branch, is known.

use plimsoll_model::Ecosystem;
use plimsoll_model::fact::{OsRelease, PackageFact};
use plimsoll_model::facts::Package;

/// How the vendors of a distribution's own packages begin, lower case (tag `Vendor` of rpm).
const OWN_VENDORS: &[(&str, &[&str])] = &[
    ("almalinux", &["almalinux"]),
    ("amzn", &["amazon"]),
    ("azurelinux", &["microsoft"]),
    ("centos", &["centos", "red hat"]),
    ("fedora", &["fedora"]),
    ("mariner", &["microsoft"]),
    ("ol", &["oracle"]),
    ("opensuse-leap", &["opensuse", "suse"]),
    ("opensuse-tumbleweed", &["opensuse", "suse"]),
    ("photon", &["vmware", "broadcom"]),
    ("rhel", &["red hat"]),
    ("rocky", &["rocky"]),
    ("sl-micro", &["suse"]),
    ("sle-micro", &["suse"]),
    ("sled", &["suse"]),
    ("sles", &["suse"]),
];

/// Parts of versions of dpkg packages that only one repository writes; no package of Debian 12 has one.
const VERSIONS: &[(&str, &str)] = &[
    ("deb.sury.org", "deb.sury.org"),
    ("pgdg", "the PostgreSQL project"),
    ("nodesource", "NodeSource"),
    ("+maria~", "MariaDB"),
    // A supplier of repaired packages: its numbers say nothing of the distribution's (trap T39).
    (".root.io", "Root.io"),
    // Docker's own packages.
    ("~debian.", "another vendor"),
    ("~ubuntu.", "another vendor"),
    // Ubuntu's own, with versions that sort after those of the release.
    (".fips.", "Ubuntu's FIPS channel"),
    ("+Fips", "Ubuntu's FIPS channel"),
    ("+fips", "Ubuntu's FIPS channel"),
    ("~ppa", "a personal package archive"),
    ("+rpt", "Raspberry Pi"),
];

/// Codenames at the end of versions, `1.25.3-1~bookworm`: vendors build one version for many releases. The
/// distributions themselves write `~deb12u1` and `~22.04.1`.
const CODENAMES: &[&str] = &[
    "~bionic",
    "~bookworm",
    "~bullseye",
    "~buster",
    "~focal",
    "~jammy",
    "~noble",
    "~stretch",
    "~trixie",
    "~xenial",
];

/// Ends of the addresses of vendors that keep repositories for dpkg; no maintainer of Debian 12 has one.
const ADDRESSES: &[(&str, &str)] = &[
    ("@clickhouse.com", "ClickHouse"),
    ("@confluent.io", "Confluent"),
    ("@datadoghq.com", "Datadog"),
    ("@docker.com", "Docker"),
    ("@elastic.co", "Elastic"),
    ("@f5.com", "NGINX"),
    ("@gitlab.com", "GitLab"),
    ("@grafana.com", "Grafana"),
    ("@hashicorp.com", "HashiCorp"),
    ("@influxdata.com", "InfluxData"),
    ("@mariadb.org", "MariaDB"),
    ("@microsoft.com", "Microsoft"),
    ("@mongodb.com", "MongoDB"),
    ("@newrelic.com", "New Relic"),
    ("@nginx.com", "NGINX"),
    ("@nodesource.com", "NodeSource"),
    ("@oss.oracle.com", "Oracle"),
    ("@percona.com", "Percona"),
    ("@redis.com", "Redis"),
    ("@redis.io", "Redis"),
    ("@zabbix.com", "Zabbix"),
    ("cudatools@nvidia.com", "NVIDIA"),
];

/// Who made the package, if it was somebody else than the distribution.
pub(super) fn other(release: &OsRelease, package: &Package) -> Option<String> {
    let fact = &package.fact;
    match fact.ecosystem {
        Ecosystem::Apk => {
            let tag = package.repository.as_ref()?;
            Some(format!("the repository tagged `{tag}`"))
        }
        Ecosystem::Rpm => other_of_rpm(release, fact),
        Ecosystem::Deb => other_of_deb(fact).map(str::to_owned),
        _ => None,
    }
}

fn other_of_rpm(release: &OsRelease, fact: &PackageFact) -> Option<String> {
    let (_, own) = OWN_VENDORS.iter().find(|(id, _)| *id == release.id)?;
    let maker = fact.maker.as_deref()?;
    let name = maker.split('<').next().unwrap_or(maker).trim();
    let lower = maker.to_lowercase();
    let is_own = own.iter().any(|begin| lower.starts_with(begin));
    (!is_own && !name.is_empty()).then(|| name.to_owned())
}

fn other_of_deb(fact: &PackageFact) -> Option<&'static str> {
    let by_address = fact.maker.as_deref().and_then(|maker| {
        let maker = maker.trim_end().trim_end_matches('>').to_lowercase();
        ADDRESSES.iter().find(|(end, _)| maker.ends_with(end))
    });
    let version = fact.version.as_str();
    let by_version = || VERSIONS.iter().find(|(part, _)| version.contains(part));
    by_address
        .or_else(by_version)
        .map(|(_, name)| *name)
        .or_else(|| {
            let built_for_many = CODENAMES.iter().any(|end| version.ends_with(end));
            built_for_many.then_some("another vendor")
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(id: &str, ecosystem: Ecosystem, version: &str, maker: &str) -> Option<String> {
        let release = OsRelease {
            id: id.to_owned(),
            ..OsRelease::default()
        };
        let mut package = crate::slice::package(ecosystem, "name", version);
        package.fact.maker = Some(maker.to_owned()).filter(|maker| !maker.is_empty());
        other(&release, &package)
    }

    #[test]
    fn t10_vendors_of_rpm() {
        let of = |id, maker| of(id, Ecosystem::Rpm, "1-1", maker);
        for (id, maker) in [
            ("almalinux", "AlmaLinux"),
            ("amzn", "Amazon Linux"),
            ("amzn", "Amazon.com"),
            ("centos", "CentOS"),
            ("fedora", "Fedora Project"),
            ("mariner", "Microsoft Corporation"),
            ("ol", "Oracle America"),
            ("opensuse-leap", "SUSE LLC <https://www.suse.com/>"),
            ("photon", "VMware, Inc."),
            ("rhel", "Red Hat, Inc."),
            ("rocky", "Rocky Enterprise Software Foundation"),
            ("sles", "SUSE LLC <https://www.suse.com/>"),
            ("rhel", ""),
            ("unheard-of", "Anybody"),
        ] {
            assert_eq!(of(id, maker), None, "{id} {maker}");
        }
        for (id, maker, name) in [
            ("rhel", "Fedora Project", "Fedora Project"),
            ("almalinux", "Docker", "Docker"),
            (
                "rocky",
                "Remi's RPM repository <https://rpms.example/>",
                "Remi's RPM repository",
            ),
            ("amzn", "Fedora Project", "Fedora Project"),
        ] {
            assert_eq!(of(id, maker).as_deref(), Some(name), "{id} {maker}");
        }
    }

    #[test]
    fn t10_t39_marks_of_deb() {
        let of = |version, maker| of("debian", Ecosystem::Deb, version, maker);
        for (version, maker) in [
            (
                "1.1.1n-0+deb11u3",
                "Debian OpenSSL Team <pkg-openssl-devel@alioth-lists.debian.net>",
            ),
            (
                "15.5-0+deb12u1",
                "Debian PostgreSQL Maintainers <team+postgresql@tracker.debian.org>",
            ),
            (
                "8.2.7-1~deb12u1",
                "Debian PHP Maintainers <team+pkg-php@tracker.debian.org>",
            ),
            ("1:9.18-1~bpo12+1", "Somebody <somebody@google.com>"),
            ("1.4.5~debian1-3", "A <a@nvidia.com>"),
            (
                "2.31-0ubuntu9.14~22.04.1",
                "Ubuntu Developers <ubuntu-devel-discuss@lists.ubuntu.com>",
            ),
            ("1.0-1", ""),
        ] {
            assert_eq!(of(version, maker), None, "{version} {maker}");
        }
        for (version, maker, name) in [
            (
                "5:24.0.7-1~debian.12~bookworm",
                "Docker <support@docker.com>",
                "Docker",
            ),
            ("1.6.24-1", "Containerd team <help@docker.com>", "Docker"),
            (
                "15.5-1.pgdg120+1",
                "Debian PostgreSQL Maintainers <team+postgresql@tracker.debian.org>",
                "the PostgreSQL project",
            ),
            (
                "8.2.13-1+0~20231126.33+debian12~1.gbp9f1d7f+deb.sury.org",
                "Debian PHP Maintainers <team+pkg-php@tracker.debian.org>",
                "deb.sury.org",
            ),
            (
                "1.25.3-1~bookworm",
                "NGINX Packaging <nginx-packaging@f5.com>",
                "NGINX",
            ),
            (
                "1:11.2.2+maria~deb12",
                "MariaDB Developers <maria-developers@lists.launchpad.net>",
                "MariaDB",
            ),
            ("20.10.0-1nodesource1", "", "NodeSource"),
            (
                "1.1.1n-0+deb11u3.root.io.1",
                "Debian OpenSSL Team <pkg-openssl-devel@alioth-lists.debian.net>",
                "Root.io",
            ),
            ("1.0-1~jammy", "", "another vendor"),
        ] {
            assert_eq!(of(version, maker).as_deref(), Some(name), "{version}");
        }
    }
}
