//! What a Java archive is: its coordinates from `pom.properties`, the manifest and its name.
//!
//! Order of trust: `META-INF/maven/<group>/<artifact>/pom.properties`, which Maven writes; then the place in a
//! repository of Maven or Gradle; then the file's name for artefact and version, since repositories name files so and manifests often name the product
//! instead; then the manifest (JAR File Specification; `OSGi` Core, "Bundle Manifest Headers").
//! The group without a `pom.properties` is known for some artefacts (`groups.rs`), else it is taken from
//! `Implementation-Vendor-Id` or from the bundle's name; if it stays unknown, the package's name is that of the
//! artefact alone, which no advisory will match.

use std::collections::BTreeMap;

use super::super::text;
use super::groups::group_of;

/// Coordinates of one artefact.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Coordinates {
    pub(super) group: Option<String>,
    pub(super) artifact: String,
    pub(super) version: String,
}

impl Coordinates {
    /// `group:artifact`, or the artefact alone.
    pub(super) fn name(&self) -> String {
        match &self.group {
            Some(group) => format!("{group}:{}", self.artifact),
            None => self.artifact.clone(),
        }
    }
}

/// Coordinates from a `pom.properties` (java.util.Properties) at `path`; group and artefact may come from the
/// path.
pub(super) fn pom(path: &str, bytes: &[u8]) -> Option<Coordinates> {
    let content = String::from_utf8_lossy(bytes);
    let mut values = BTreeMap::new();
    for line in content.lines() {
        let line = line.trim_start();
        if line.starts_with(['#', '!']) {
            continue;
        }
        if let Some((key, value)) = line.split_once(['=', ':']) {
            values.insert(key.trim_end(), value.trim().replace('\\', ""));
        }
    }
    let mut folders = path.strip_prefix("META-INF/maven/")?.split('/');
    let (group, artifact) = (folders.next()?, folders.next()?);
    let mut take = |key| values.remove(key).filter(|value| is_coordinate(value));
    let version = take("version")?;
    let group = take("groupId").unwrap_or_else(|| group.to_owned());
    let artifact = take("artifactId").unwrap_or_else(|| artifact.to_owned());
    (is_coordinate(&group) && is_coordinate(&artifact)).then_some(Coordinates {
        group: Some(group),
        artifact,
        version,
    })
}

/// Whether a text can be a part of coordinates: Maven's `[A-Za-z0-9_.-]+`, and `+` in versions. A placeholder
/// such as `${version}` cannot.
fn is_coordinate(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 256
        && text.bytes().all(|byte| {
            // Debian's versions have `~` too, and stand in names of files.
            byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-' | b'+' | b'~')
        })
}

/// The main section of a manifest.
#[derive(Debug, Default)]
pub(super) struct Manifest(BTreeMap<String, String>);

impl Manifest {
    /// Reads up to the first empty line; lines that begin with a blank go on where the last one ended.
    pub(super) fn parse(bytes: &[u8]) -> Self {
        let mut unfolded: Vec<Vec<u8>> = Vec::new();
        for line in bytes.split(|&byte| byte == b'\n') {
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            if line.is_empty() {
                break;
            }
            match (line.strip_prefix(b" "), unfolded.last_mut()) {
                (Some(more), Some(last)) => last.extend_from_slice(more),
                _ => unfolded.push(line.to_vec()),
            }
        }
        let mut headers = BTreeMap::new();
        for line in unfolded {
            let line = String::from_utf8_lossy(&line);
            if let Some((name, value)) = line.split_once(':') {
                let name = name.to_ascii_lowercase();
                headers
                    .entry(name)
                    .or_insert_with(|| value.trim().to_owned());
            }
        }
        Self(headers)
    }

    /// A header by its name in lower case, if it is not empty.
    fn get(&self, name: &str) -> Option<&str> {
        self.0
            .get(name)
            .map(String::as_str)
            .filter(|value| !value.is_empty())
    }

    /// The bundle's name without its directives.
    fn bundle(&self) -> Option<&str> {
        let name = self.get("bundle-symbolicname")?;
        name.split(';').next().map(str::trim)
    }

    fn version(&self) -> Option<&str> {
        [
            "implementation-version",
            "bundle-version",
            "specification-version",
            "plugin-version",
        ]
        .into_iter()
        .filter_map(|name| self.get(name)?.split_whitespace().next())
        .find(|version| is_version(version))
    }

    fn artifact(&self) -> Option<&str> {
        // Jenkins plugins name themselves.
        let own = ["short-name", "implementation-title"]
            .into_iter()
            .filter_map(|name| self.get(name))
            // Titles of products have blanks and capitals; those of artefacts have not.
            .find(|title| {
                is_coordinate(title) && !title.contains(|c: char| c.is_ascii_uppercase())
            });
        // A plain last part, such as `core`, says less than the name of the file.
        let bundle = || {
            self.bundle()?
                .rsplit('.')
                .next()
                .filter(|last| last.contains('-'))
        };
        own.or_else(bundle).filter(|name| is_coordinate(name))
    }

    /// `Bundle-License`: clauses, each with a name or an address before its attributes.
    pub(super) fn licenses(&self) -> Vec<String> {
        let mut licenses = Vec::new();
        for clause in self.get("bundle-license").unwrap_or_default().split(',') {
            let name = clause.split(';').next().unwrap_or_default();
            text::add(
                &mut licenses,
                text::statement(name.trim_matches(['"', ' '])),
            );
        }
        licenses
    }

    pub(super) fn maker(&self) -> Option<String> {
        self.get("implementation-vendor")
            .or_else(|| self.get("bundle-vendor"))
            .and_then(text::statement)
    }

    /// Whether nothing here says that the archive is something else than these coordinates.
    fn agrees(&self, coordinates: &Coordinates) -> bool {
        let Some(version) = self.version() else {
            return true;
        };
        // A bundle's `1.0.0.SNAPSHOT` is `1.0-SNAPSHOT`, and its `4.2.3.b17` may be `4.2.3`.
        let numbers = |version: &str| -> Vec<String> {
            let end = version.find(|c: char| !c.is_ascii_digit() && c != '.');
            let numbers = version.get(..end.unwrap_or(version.len()));
            let parts = numbers.unwrap_or_default().split('.');
            let mut parts: Vec<String> = parts
                .map(|part| part.trim_start_matches('0').to_owned())
                .collect();
            while parts.last().is_some_and(String::is_empty) {
                parts.pop();
            }
            parts
        };
        let (mine, other) = (numbers(version), numbers(&coordinates.version));
        let names_it = |name: &str| {
            self.get(name)
                .is_some_and(|value| value.contains(coordinates.artifact.as_str()))
        };
        mine.starts_with(&other)
            || other.starts_with(&mine)
            || names_it("implementation-title")
            || names_it("bundle-symbolicname")
            || names_it("bundle-name")
    }

    fn group(&self, artifact: &str) -> Option<String> {
        if let Some(vendor) = self.get("implementation-vendor-id")
            && vendor.contains('.')
            && is_coordinate(vendor)
        {
            return Some(vendor.to_owned());
        }
        let bundle = self.bundle().filter(|name| is_coordinate(name))?;
        group_of_bundle(bundle, artifact).map(str::to_owned)
    }
}

/// The group from a bundle's name, `com.fasterxml.jackson.core.jackson-databind`, `org.apache.commons.lang3`,
/// `com.google.gson`: without its last part if that is the artefact or the end of it, unless only a domain
/// would be left of a plain name.
fn group_of_bundle<'a>(bundle: &'a str, artifact: &str) -> Option<&'a str> {
    let (before, last) = bundle.rsplit_once('.')?;
    if !artifact.ends_with(last) {
        return Some(bundle);
    }
    let plain = last == artifact && !last.contains('-');
    if !before.contains('.') || (plain && before.matches('.').count() < 2) {
        // `org.slf4j.api` of `slf4j-api` is not plain.
        return Some(if plain || !before.contains('.') {
            bundle
        } else {
            before
        });
    }
    Some(before)
}

fn is_version(text: &str) -> bool {
    is_coordinate(text) && text.starts_with(|c: char| c.is_ascii_digit())
}

/// Ends of versions that are words.
const QUALIFIERS: [&str; 20] = [
    "alpha",
    "android",
    "beta",
    "build",
    "cr",
    "final",
    "fuse",
    "ga",
    "incubating",
    "jbossorg",
    "jdk",
    "jre",
    "m",
    "pre",
    "preview",
    "rc",
    "redhat",
    "release",
    "snapshot",
    "sp",
];

/// Artefact and version from a file's name, `log4j-core-2.14.1.jar`, without its suffix.
pub(super) fn file_name(stem: &str) -> (&str, Option<&str>) {
    let splits = || {
        stem.match_indices('-').filter_map(|(at, _)| {
            let version = stem.get(at.checked_add(1)?..)?;
            let artifact = stem.get(..at)?;
            (version.starts_with(|c: char| c.is_ascii_digit()) && !artifact.is_empty())
                .then_some((artifact, version))
        })
    };
    // `log4j-1.2-api-2.17.1`: a version does not go on with other words than qualifiers.
    let pure = splits().find(|(_, version)| version.split('-').skip(1).all(is_qualifier));
    // `netty-transport-native-epoll-4.1.48.Final-linux-x86_64`: what follows is a classifier.
    let found = pure.or_else(|| {
        let (artifact, version) = splits().next()?;
        let end = version
            .match_indices('-')
            .find(|(at, _)| {
                let rest = version.get(at.saturating_add(1)..).unwrap_or_default();
                !is_qualifier(rest.split('-').next().unwrap_or_default())
            })
            .map_or(version.len(), |(at, _)| at);
        Some((artifact, version.get(..end)?))
    });
    // `py4j0.10.9.7`: some builds put nothing between.
    let found = found.or_else(|| {
        let artifact = stem.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
        let version = stem.get(artifact.len()..)?;
        (artifact.ends_with(|c: char| c.is_ascii_alphabetic()) && version.contains('.'))
            .then_some((artifact, version))
    });
    match found {
        // Debian names links after ranges: `spring3-core-3.x`.
        Some((artifact, version))
            if is_coordinate(artifact)
                && is_version(version)
                && version.rsplit('.').next() != Some("x") =>
        {
            (artifact, Some(version))
        }
        _ => (stem, None),
    }
}

fn is_qualifier(part: &str) -> bool {
    let word: String = part
        .chars()
        .take_while(char::is_ascii_alphabetic)
        .collect::<String>()
        .to_ascii_lowercase();
    // Digits alone are build numbers and the time stamps of snapshots.
    word.is_empty() || QUALIFIERS.contains(&word.as_str())
}

/// Coordinates from where a repository on disk has the archive: Maven's (`~/.m2/repository`, Debian's
/// `maven-repo`) has `<group as folders>/<artifact>/<version>/<artifact>-<version>….jar` (Maven Repository
/// Layout), Gradle's `files-2.1/<group>/<artifact>/<version>/<digest>/<file>`.
pub(super) fn repository(path: &str) -> Option<Coordinates> {
    let parts: Vec<&str> = path.split('/').collect();
    let named = |group: String, artifact: &str, version: &str, file: &str| {
        let fits = file
            .strip_prefix(artifact)
            .and_then(|rest| rest.strip_prefix('-'))
            .is_some_and(|rest| rest.starts_with(version));
        (fits && is_coordinate(&group) && is_coordinate(artifact) && is_coordinate(version)).then(
            || Coordinates {
                group: Some(group),
                artifact: artifact.to_owned(),
                version: version.to_owned(),
            },
        )
    };
    if let [.., "files-2.1", group, artifact, version, _, file] = parts.as_slice() {
        return named((*group).to_owned(), artifact, version, file);
    }
    let [folders @ .., artifact, version, file] = parts.as_slice() else {
        return None;
    };
    let root = folders
        .iter()
        .rposition(|folder| matches!(*folder, "repository" | "maven-repo"))?;
    let group = folders.get(root.checked_add(1)?..)?;
    if group.is_empty() {
        return None;
    }
    named(group.join("."), artifact, version, file)
}

/// Every artefact that an archive contains: itself first, if it can be told, then those that were merged
/// into it. `filed` is what a repository says of where it keeps the archive.
pub(super) fn identify(
    stem: &str,
    filed: Option<Coordinates>,
    poms: &[Coordinates],
    manifest: &Manifest,
) -> Vec<Coordinates> {
    let mut found: Vec<Coordinates> = Vec::new();
    let own = poms
        .iter()
        .filter(|pom| names(stem, &pom.artifact))
        .max_by_key(|pom| pom.artifact.len());
    let own = own.or(match poms {
        // Files are renamed, and then the only one is the archive's own, unless name or manifest have another
        // version: then it is of something that was merged in, such as cglib into Guice.
        [only]
            if manifest.agrees(only)
                && file_name(stem)
                    .1
                    .is_none_or(|version| version == only.version) =>
        {
            Some(only)
        }
        _ => None,
    });
    match own {
        Some(own) => found.push(own.clone()),
        None => found.extend(filed.or_else(|| from_name(stem, manifest))),
    }
    for pom in poms {
        if !found.contains(pom) {
            found.push(pom.clone());
        }
    }
    found
}

/// Whether a file's name begins with the artefact's: `guava-31.1-jre` with `guava`, and `jline2`, which is how
/// Debian calls the second of two series, with `jline`.
fn names(stem: &str, artifact: &str) -> bool {
    stem.strip_prefix(artifact).is_some_and(|rest| {
        let rest = rest.trim_start_matches(|c: char| c.is_ascii_digit());
        rest.is_empty() || rest.starts_with(['-', '_', '.'])
    })
}

fn from_name(stem: &str, manifest: &Manifest) -> Option<Coordinates> {
    let (named, version) = file_name(stem);
    let (artifact, version) = match version {
        Some(version) => (named, version),
        None => (manifest.artifact().unwrap_or(named), manifest.version()?),
    };
    if !is_coordinate(artifact) {
        return None;
    }
    let group = group_of(artifact, version)
        .map(str::to_owned)
        .or_else(|| manifest.group(artifact));
    Some(Coordinates {
        group,
        artifact: artifact.to_owned(),
        version: version.to_owned(),
    })
}

#[cfg(test)]
mod tests;
