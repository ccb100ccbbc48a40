//! Fixes that the changelogs of packages tell: for an organisation that has a mirror of packages and no feed.
//!
//! Packages of Debian and Ubuntu carry the changelog of their source package, and the security teams name the CVE
//! ids that an upload repairs. So a folder with the packages of a security suite says which flaws are repaired in
//! which version; it says nothing of flaws that are not repaired. [`extract`] reads such a folder, and what it
//! gives is a document of the feed `changelog`.
//!
//! Where a mirror's index (`Packages`) lies in the folder too, it is held against the packages that are there: only
//! with all of them does silence about a package mean that nothing was repaired in it.

mod deb;
mod text;

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use plimsoll_version::Scheme;
use serde::{Deserialize, Serialize};

pub(crate) use text::{Fixes, fixes};

/// What [`Changelogs::format`] is.
pub(crate) const FORMAT: &str = "plimsoll-changelogs-1";

/// The fixes that the changelogs of a folder of packages tell; a document of the feed `changelog`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changelogs {
    /// Always the same text, by which the document is known.
    pub format: String,
    /// The release whose packages they are, such as `Debian:12`.
    pub ecosystem: String,
    /// When the newest of their entries was written.
    pub newest: Option<Timestamp>,
    /// Whether an index was there and names no source package but those that were read.
    pub complete: bool,
    /// Source packages that the index names and of which no package was there, sorted.
    pub missing: BTreeSet<String>,
    /// What was read, by source package.
    pub sources: BTreeMap<String, Source>,
}

/// The changelog of one source package.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// The newest version of which it tells.
    pub version: String,
    /// The version that repaired each flaw.
    pub fixed: BTreeMap<String, String>,
    /// Flaws whose repair was taken back and not made again.
    pub reverted: BTreeSet<String>,
    /// When the entries of the versions that repair something were written; earlier documents have none.
    #[serde(default)]
    pub written: BTreeMap<String, Timestamp>,
}

/// What was read, with the packages that could not be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extract {
    /// The document.
    pub changelogs: Changelogs,
    /// How many packages were read.
    pub packages: u64,
    /// Files that could not be read, with the reason, sorted.
    pub problems: Vec<(String, String)>,
}

/// A folder that cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ChangelogError {
    /// A file or folder cannot be read.
    #[error("cannot read `{path}`")]
    Read {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The folder has no package.
    #[error("no `.deb` package in `{folder}`")]
    Nothing {
        /// The folder.
        folder: PathBuf,
    },
    /// Only Debian and Ubuntu have such packages.
    #[error("`{0}` is no release of Debian or Ubuntu, such as `Debian:12`")]
    Ecosystem(String),
}

/// The deepest folder that is looked into.
const DEPTH: usize = 12;

/// Reads every package and index below a folder, as those of a release.
pub fn extract(folder: &Path, ecosystem: &str) -> Result<Extract, ChangelogError> {
    let release = ecosystem
        .strip_prefix("Debian:")
        .or_else(|| ecosystem.strip_prefix("Ubuntu:"));
    if !release.is_some_and(|release| release.starts_with(|c: char| c.is_ascii_digit())) {
        return Err(ChangelogError::Ecosystem(ecosystem.to_owned()));
    }
    let mut files = Vec::new();
    list(folder, DEPTH, &mut files)?;
    files.sort();
    let mut sources: BTreeMap<String, Source> = BTreeMap::new();
    let mut wanted: Option<BTreeSet<String>> = None;
    let mut problems = Vec::new();
    let mut newest = None;
    let mut packages = 0_u64;
    for path in &files {
        let shown = path.strip_prefix(folder).unwrap_or(path);
        let shown = shown.display().to_string();
        if is_index(&shown) {
            match index(path) {
                Ok(names) => wanted.get_or_insert_default().extend(names),
                Err(error) => problems.push((shown, error.to_string())),
            }
            continue;
        }
        match read(path) {
            Ok(read) => {
                packages = packages.saturating_add(1);
                newest = newest.max(read.newest);
                take(&mut sources, read);
            }
            Err(error) => problems.push((shown, error.to_string())),
        }
    }
    if packages == 0 {
        return Err(ChangelogError::Nothing {
            folder: folder.to_path_buf(),
        });
    }
    let missing: BTreeSet<String> = wanted
        .iter()
        .flatten()
        .filter(|name| !sources.contains_key(*name))
        .cloned()
        .collect();
    let changelogs = Changelogs {
        format: FORMAT.to_owned(),
        ecosystem: ecosystem.to_owned(),
        newest,
        complete: wanted.is_some() && missing.is_empty() && problems.is_empty(),
        missing,
        sources,
    };
    Ok(Extract {
        changelogs,
        packages,
        problems,
    })
}

/// The packages of one source have the same changelog, unless some are older: the newest counts.
fn take(sources: &mut BTreeMap<String, Source>, read: Fixes) {
    let fresh = Source {
        version: read.version,
        fixed: read.fixed,
        reverted: read.reverted,
        written: read.written,
    };
    match sources.get_mut(&read.source) {
        None => {
            sources.insert(read.source, fresh);
        }
        Some(known) => {
            let order = Scheme::Deb.compare(&fresh.version, &known.version).ok();
            let is_newer = order.is_some_and(std::cmp::Ordering::is_gt);
            let is_same = order.is_some_and(std::cmp::Ordering::is_eq);
            if is_newer || (is_same && fresh.fixed.len() > known.fixed.len()) {
                *known = fresh;
            }
        }
    }
}

fn list(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) -> Result<(), ChangelogError> {
    let failed = |source| ChangelogError::Read {
        path: folder.to_path_buf(),
        source,
    };
    for entry in fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let path = entry.path();
        // Links may lead in a circle, or out of the folder.
        let kind = entry.file_type().map_err(failed)?;
        if kind.is_dir() && depth > 0 {
            list(&path, depth.saturating_sub(1), files)?;
        } else if kind.is_file() {
            let name = path.to_string_lossy();
            if is_index(&name) || path.extension().is_some_and(|end| end == "deb") {
                files.push(path);
            }
        }
    }
    Ok(())
}

/// `Packages`, `Packages.gz` and `Packages.xz` of a mirror, or as apt keeps them, `…_Packages`.
fn is_index(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let name = name
        .strip_suffix(".gz")
        .or_else(|| name.strip_suffix(".xz"))
        .unwrap_or(name);
    name == "Packages" || name.ends_with("_Packages")
}

fn read(path: &Path) -> io::Result<Fixes> {
    let changelog = deb::changelog(io::BufReader::new(File::open(path)?))?;
    let text = String::from_utf8_lossy(&changelog);
    fixes(&text).ok_or_else(|| io::Error::other("it has no changelog of Debian's form"))
}

/// Reads bytes as a package and as a changelog. For fuzzing.
pub(crate) fn exercise(bytes: &[u8]) {
    let _ = deb::changelog(bytes);
    let _ = fixes(&String::from_utf8_lossy(bytes));
}

/// The largest index; that of a whole release has about fifty megabytes.
const INDEX_LIMIT: u64 = 1 << 30;

/// The source packages that an index names (deb-control(5): `Source` is there where it is not the package).
fn index(path: &Path) -> io::Result<BTreeSet<String>> {
    let mut text = String::new();
    deb::plain(io::BufReader::new(File::open(path)?))?
        .take(INDEX_LIMIT)
        .read_to_string(&mut text)?;
    let mut names = BTreeSet::new();
    for stanza in text.split("\n\n") {
        let field = |name: &str| {
            let line = stanza.lines().find_map(|line| line.strip_prefix(name))?;
            line.split_whitespace().next()
        };
        names.extend(field("Source:").or(field("Package:")).map(str::to_owned));
    }
    Ok(names)
}

#[cfg(test)]
mod tests;
