//! Package URLs (purl specification 1.0, ECMA-427).

mod parse;

pub use parse::{Parsed, parse};

use crate::fact::{OsRelease, PackageFact};
use crate::{Digest, Ecosystem};

/// The package URL of a package; `os` names the distribution of OS packages.
///
/// Qualifiers are in alphabetical order, as the specification asks: `arch`, `distro`, `epoch`, `upstream`.
#[must_use]
pub fn of(package: &PackageFact, os: Option<&OsRelease>) -> String {
    let os = built_for(package).or_else(|| os.cloned());
    let os = os.as_ref();
    let mut out = format!("pkg:{}/", purl_type(package));
    let (namespace, name, version) = coordinates(package, os);
    for part in namespace.split('/').filter(|part| !part.is_empty()) {
        encode(&mut out, part);
        out.push('/');
    }
    encode(&mut out, &name);
    if !version.is_empty() {
        out.push('@');
        encode(&mut out, &version);
    }
    let mut separator = '?';
    for (key, value) in qualifiers(package, os) {
        out.push(separator);
        out.push_str(key);
        out.push('=');
        encode(&mut out, &value);
        separator = '&';
    }
    out
}

/// The package URL of an image, type `oci`: the last part of its name, its digest, where it is kept.
#[must_use]
pub fn of_image(name: &str, digest: &Digest, repository: &str, tag: Option<&str>) -> String {
    let mut out = "pkg:oci/".to_owned();
    encode(&mut out, name);
    out.push('@');
    encode(&mut out, digest.as_str());
    out.push_str("?repository_url=");
    encode(&mut out, repository);
    if let Some(tag) = tag {
        out.push_str("&tag=");
        encode(&mut out, tag);
    }
    out
}

/// The distribution that the package says of itself.
fn built_for(package: &PackageFact) -> Option<OsRelease> {
    package.distribution.as_ref().map(|own| OsRelease {
        id: own.id.clone(),
        version: own.version.clone(),
        ..OsRelease::default()
    })
}

/// The type of the ecosystem. A model of which it is not known where it comes from is generic: the type
/// `huggingface` means a repository of that hub.
fn purl_type(package: &PackageFact) -> &'static str {
    let from_hub = || package.name.contains('/') || is_revision(&package.version);
    if package.ecosystem == Ecosystem::Model && !from_hub() {
        return Ecosystem::Generic.row().purl_type;
    }
    package.ecosystem.row().purl_type
}

/// Whether a version is a commit, as the purl type `huggingface` asks.
fn is_revision(version: &str) -> bool {
    version.len() == 40
        && version
            .bytes()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// Namespace, name and version as the purl type definition asks.
fn coordinates(package: &PackageFact, os: Option<&OsRelease>) -> (String, String, String) {
    let name = package.name.as_str();
    let version = package.version.clone();
    let distribution = || os.map_or_else(String::new, |os| os.id.clone());
    match package.ecosystem {
        Ecosystem::Deb | Ecosystem::Apk | Ecosystem::Alpm | Ecosystem::Opkg => {
            (distribution(), name.to_owned(), version)
        }
        Ecosystem::Rpm => {
            let version = match version.split_once(':') {
                Some((_, rest)) => rest.to_owned(),
                None => version,
            };
            (distribution(), name.to_owned(), version)
        }
        Ecosystem::Maven => match name.split_once(':') {
            Some((group, artifact)) => (group.to_owned(), artifact.to_owned(), version),
            None => (String::new(), name.to_owned(), version),
        },
        Ecosystem::Pypi => (String::new(), package.ecosystem.normal_name(name), version),
        Ecosystem::Composer => split_last(&name.to_lowercase(), version),
        Ecosystem::Model if name.contains('/') && !is_revision(&version) => {
            split_last(name, String::new())
        }
        Ecosystem::Npm
        | Ecosystem::Model
        | Ecosystem::Go
        | Ecosystem::Portage
        | Ecosystem::Swift
        | Ecosystem::Actions
        | Ecosystem::Terraform
        | Ecosystem::Pear => split_last(name, version),
        _ => (String::new(), name.to_owned(), version),
    }
}

fn split_last(name: &str, version: String) -> (String, String, String) {
    match name.rsplit_once('/') {
        Some((namespace, last)) => (namespace.to_owned(), last.to_owned(), version),
        None => (String::new(), name.to_owned(), version),
    }
}

fn qualifiers(package: &PackageFact, os: Option<&OsRelease>) -> Vec<(&'static str, String)> {
    let mut out = Vec::new();
    if package.ecosystem == Ecosystem::Gem
        && let Some(platform) = &package.architecture
    {
        out.push(("platform", platform.clone()));
    }
    if !package.ecosystem.is_os() {
        return out;
    }
    if let Some(architecture) = &package.architecture {
        out.push(("arch", architecture.clone()));
    }
    if let Some(os) = os {
        out.push((
            "distro",
            if os.version.is_empty() {
                os.codename
                    .as_ref()
                    .map_or_else(|| os.id.clone(), |name| format!("{}-{name}", os.id))
            } else {
                format!("{}-{}", os.id, os.version)
            },
        ));
    }
    if package.ecosystem == Ecosystem::Rpm
        && let Some((epoch, _)) = package.version.split_once(':')
    {
        out.push(("epoch", epoch.to_owned()));
    }
    if let Some(source) = &package.source
        && (source.name != package.name || source.version != package.version)
    {
        let upstream = if source.version == package.version {
            source.name.clone()
        } else {
            format!("{}@{}", source.name, source.version)
        };
        out.push(("upstream", upstream));
    }
    out
}

/// Percent-encodes everything but the unreserved characters of RFC 3986 and the colon, which the purl
/// specification leaves alone.
fn encode(out: &mut String, text: &str) {
    use std::fmt::Write as _;
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b':') {
            out.push(char::from(byte));
        } else {
            // Writing to a `String` cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fact::{Distribution, SourcePackage};

    #[test]
    fn purls_follow_the_type_definitions() {
        let debian = OsRelease {
            id: "debian".into(),
            version: "12".into(),
            rank: 100,
            ..OsRelease::default()
        };
        let mut libc = PackageFact::new(Ecosystem::Deb, "libc-bin", "2.36-9+deb12u4");
        libc.architecture = Some("amd64".into());
        libc.source = Some(SourcePackage {
            name: "glibc".into(),
            version: "2.36-9+deb12u4".into(),
        });
        assert_eq!(
            of(&libc, Some(&debian)),
            "pkg:deb/debian/libc-bin@2.36-9%2Bdeb12u4?arch=amd64&distro=debian-12&upstream=glibc"
        );
        for (ecosystem, name, version, purl) in [
            (
                Ecosystem::Npm,
                "@babel/core",
                "7.0.0",
                "pkg:npm/%40babel/core@7.0.0",
            ),
            (
                Ecosystem::Maven,
                "org.apache.logging.log4j:log4j-core",
                "2.14.1",
                "pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1",
            ),
            (
                Ecosystem::Pypi,
                "Zope.Interface",
                "5.0",
                "pkg:pypi/zope-interface@5.0",
            ),
            (
                Ecosystem::Go,
                "golang.org/x/crypto",
                "v0.1.0",
                "pkg:golang/golang.org/x/crypto@v0.1.0",
            ),
            (
                Ecosystem::Rpm,
                "bash",
                "1:5.1-2.el9",
                "pkg:rpm/bash@5.1-2.el9?epoch=1",
            ),
        ] {
            assert_eq!(of(&PackageFact::new(ecosystem, name, version), None), purl);
        }
        for (name, version, purl) in [
            ("o/n", "", "pkg:huggingface/o/n"),
            ("o/n", "v2", "pkg:huggingface/o/n"),
            (
                "gpt2",
                "607a30d783dfa663caf39e06633721c8d4cfcd7e",
                "pkg:huggingface/gpt2@607a30d783dfa663caf39e06633721c8d4cfcd7e",
            ),
            ("A Model", "2", "pkg:generic/A%20Model@2"),
        ] {
            let model = PackageFact::new(Ecosystem::Model, name, version);
            assert_eq!(of(&model, None), purl);
        }
        let mut foreign = PackageFact::new(Ecosystem::Rpm, "coreutils", "9.4-6.fc40");
        foreign.distribution = Some(Distribution {
            id: "fedora".into(),
            version: "40".into(),
        });
        assert_eq!(
            of(&foreign, Some(&debian)),
            "pkg:rpm/fedora/coreutils@9.4-6.fc40?distro=fedora-40"
        );
        let mut gem = PackageFact::new(Ecosystem::Gem, "nokogiri", "1.16.0");
        gem.architecture = Some("x86_64-linux".into());
        assert_eq!(
            of(&gem, None),
            "pkg:gem/nokogiri@1.16.0?platform=x86_64-linux"
        );
    }
}
