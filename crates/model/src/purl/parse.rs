//! Reading package URLs, which come from documents that anybody may have written.

use std::collections::BTreeMap;

use crate::Ecosystem;
use crate::fact::{PackageFact, SourcePackage};

/// The parts of a package URL, percent-decoded.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Parsed {
    /// `deb`, `npm` …, lower case.
    pub kind: String,
    /// `debian`, `@babel`, `org.apache`; empty where there is none.
    pub namespace: String,
    /// The name.
    pub name: String,
    /// Empty where there is none.
    pub version: String,
    /// The qualifiers; of one key the first counts.
    pub qualifiers: BTreeMap<String, String>,
}

/// Reads a package URL; `None` if it is none. The subpath is left out.
#[must_use]
pub fn parse(text: &str) -> Option<Parsed> {
    let rest = text.trim().strip_prefix("pkg:")?.trim_start_matches('/');
    let rest = rest.split('#').next().unwrap_or_default();
    let (path, qualifiers) = rest.split_once('?').unwrap_or((rest, ""));
    let (kind, path) = path.split_once('/')?;
    // The `@` of an npm scope is to be written `%40`, and some do not do it.
    let (path, version) = match path.rsplit_once('@') {
        Some((path, version)) if !path.is_empty() && !version.contains('/') => (path, version),
        _ => (path, ""),
    };
    let path = path.trim_matches('/');
    let (namespace, name) = path.rsplit_once('/').unwrap_or(("", path));
    let name = decoded(name);
    if kind.is_empty() || name.is_empty() {
        return None;
    }
    let mut parsed = Parsed {
        kind: kind.to_ascii_lowercase(),
        namespace: decoded(namespace),
        name,
        version: decoded(version),
        qualifiers: BTreeMap::new(),
    };
    for (key, value) in qualifiers
        .split('&')
        .filter_map(|pair| pair.split_once('='))
    {
        let key = key.to_ascii_lowercase();
        parsed
            .qualifiers
            .entry(key)
            .or_insert_with(|| decoded(value));
    }
    Some(parsed)
}

impl Parsed {
    /// Whether another package URL is one of those that this one stands for: type, namespace and name are the
    /// same, and so are the version and each qualifier that is given here. What is not given here may be
    /// anything there, and never the other way round.
    #[must_use]
    pub fn covers(&self, other: &Self) -> bool {
        let mut qualifiers = self.qualifiers.iter();
        (&self.kind, &self.namespace, &self.name) == (&other.kind, &other.namespace, &other.name)
            && (self.version.is_empty() || self.version == other.version)
            && qualifiers.all(|(key, value)| other.qualifiers.get(key) == Some(value))
    }

    /// The ecosystem; `None` for types that no row has.
    #[must_use]
    pub fn ecosystem(&self) -> Option<Ecosystem> {
        let mut all = Ecosystem::ALL.iter().copied();
        all.find(|ecosystem| ecosystem.row().purl_type == self.kind)
    }

    /// The package that is named, as far as the URL tells; `None` for types that no row has.
    #[must_use]
    pub fn package(&self) -> Option<PackageFact> {
        let ecosystem = self.ecosystem()?;
        let name = match ecosystem {
            Ecosystem::Deb
            | Ecosystem::Apk
            | Ecosystem::Rpm
            | Ecosystem::Alpm
            | Ecosystem::Opkg => self.name.clone(),
            _ if self.namespace.is_empty() => self.name.clone(),
            Ecosystem::Maven => format!("{}:{}", self.namespace, self.name),
            _ => format!("{}/{}", self.namespace, self.name),
        };
        let mut version = self.version.clone();
        let epoch = self
            .qualifiers
            .get("epoch")
            .filter(|epoch| !epoch.is_empty());
        if let (Ecosystem::Rpm, Some(epoch)) = (ecosystem, epoch)
            && !version.contains(':')
        {
            version = format!("{epoch}:{version}");
        }
        let mut fact = PackageFact::new(ecosystem, name, version);
        if ecosystem.is_os() {
            fact.architecture = self.qualifiers.get("arch").cloned();
        }
        fact.source = self.source(&fact);
        Some(fact)
    }

    /// The source package of dpkg, apk and rpm: `upstream` is a name, a name with version, or for rpm the
    /// file name of the source package. Where there is none, that of rpm and apk is taken to have the name of the
    /// package; of dpkg nothing is taken to be known, as advisories may tell of what a binary package is built.
    fn source(&self, fact: &PackageFact) -> Option<SourcePackage> {
        if !matches!(
            fact.ecosystem,
            Ecosystem::Deb | Ecosystem::Apk | Ecosystem::Rpm
        ) {
            return None;
        }
        let own = || SourcePackage {
            name: fact.name.clone(),
            version: fact.version.clone(),
        };
        let Some(upstream) = self.qualifiers.get("upstream").filter(|u| !u.is_empty()) else {
            return (fact.ecosystem != Ecosystem::Deb).then(own);
        };
        if let Some(file) = upstream.strip_suffix(".src.rpm") {
            let mut parts = file.rsplitn(3, '-');
            let (release, version, name) = (parts.next(), parts.next(), parts.next());
            let (Some(release), Some(version), Some(name)) = (release, version, name) else {
                return Some(own());
            };
            return Some(SourcePackage {
                name: name.to_owned(),
                version: format!("{version}-{release}"),
            });
        }
        let (name, version) = match upstream.split_once('@') {
            Some((name, version)) if !name.is_empty() => (name, version),
            _ => (upstream.as_str(), fact.version.as_str()),
        };
        Some(SourcePackage {
            name: name.to_owned(),
            version: version.to_owned(),
        })
    }
}

/// Undoes percent-encoding; what is no encoding stays as it is.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let code = match (first, tail) {
            (b'%', [a, b, ..]) => std::str::from_utf8(&[*a, *b])
                .ok()
                .and_then(|digits| u8::from_str_radix(digits, 16).ok()),
            _ => None,
        };
        rest = match code {
            Some(_) => tail.get(2..).unwrap_or_default(),
            None => tail,
        };
        bytes.push(code.unwrap_or(*first));
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fact::OsRelease;
    use crate::purl::of;

    #[test]
    fn a_purl_gives_the_package_back() {
        let debian = OsRelease {
            id: "debian".into(),
            version: "12".into(),
            ..OsRelease::default()
        };
        let source = |name: &str, version: &str| {
            Some(SourcePackage {
                name: name.into(),
                version: version.into(),
            })
        };
        for ecosystem in Ecosystem::ALL {
            for (name, version) in [("a+b", "1:2.3~rc1-4"), ("x/y", "1.0"), ("n", "")] {
                // A slash in a name means a namespace, which these do not have.
                let plain = ecosystem.is_os() && *ecosystem != Ecosystem::Portage;
                let (name, version) = match ecosystem {
                    Ecosystem::Maven => ("org.example:core", version),
                    Ecosystem::Pypi => ("odd-name", version),
                    // Only what is known to be of the hub has the type of the hub.
                    Ecosystem::Model => ("o/n", "607a30d783dfa663caf39e06633721c8d4cfcd7e"),
                    _ if plain && name.contains('/') => continue,
                    _ => (name, version),
                };
                let mut fact = PackageFact::new(*ecosystem, name, version);
                if matches!(ecosystem, Ecosystem::Deb | Ecosystem::Apk | Ecosystem::Rpm) {
                    fact.source = source("s", "9");
                    fact.architecture = Some("amd64".into());
                }
                let text = of(&fact, Some(&debian));
                assert_eq!(parse(&text).unwrap().package().unwrap(), fact, "{text}");
            }
        }
    }

    #[test]
    fn what_others_write_is_read_too() {
        let rpm = parse(
            "pkg:rpm/redhat/bash@5.1.8-6.el9?arch=x86_64&upstream=bash-5.1.8-6.el9.src.rpm&distro=rhel-9.2",
        );
        let rpm = rpm.unwrap().package().unwrap();
        assert_eq!(rpm.source.unwrap().version, "5.1.8-6.el9");
        let npm = parse("pkg:npm/@babel/core@7.0.0")
            .unwrap()
            .package()
            .unwrap();
        assert_eq!(
            (npm.name.as_str(), npm.version.as_str()),
            ("@babel/core", "7.0.0")
        );
        assert_eq!(
            parse("pkg:npm/@babel/core")
                .unwrap()
                .package()
                .unwrap()
                .name,
            "@babel/core"
        );
        for odd in [
            "",
            "pkg:",
            "pkg:npm",
            "pkg:npm/",
            "npm/x@1",
            "pkg:/x",
            "pkg:deb/%",
        ] {
            let _ = parse(odd).map(|p| p.package());
        }
        assert!(parse("npm/x@1").is_none());
        assert!(parse("pkg:unheard/x@1").unwrap().package().is_none());
    }
}
