//! What a header says of its package.

use plimsoll_model::fact::{PackageFact, SourcePackage};
use plimsoll_model::{Ecosystem, PathKey};

use super::super::Owned;
use super::header::{self, Header};

/// A package and its files.
#[derive(Debug)]
pub(super) struct Package {
    pub(super) fact: PackageFact,
    /// Other names under which packages require it.
    pub(super) provides: Vec<String>,
    pub(super) files: Vec<PathKey>,
    /// How many files the header claims beyond those.
    pub(super) lost_files: usize,
}

/// Name under which rpm keeps the keys of those who sign packages.
const KEY: &str = "gpg-pubkey";

/// The package of a header; `None` for a signing key, which is no software.
/// Says what is wrong if there is no package in these bytes.
pub(super) fn parse(blob: &[u8]) -> Result<Option<Package>, &'static str> {
    let header = Header::parse(blob)?;
    let name = header.text(header::NAME).ok_or("has no name")?;
    if name == KEY {
        return Ok(None);
    }
    let version = header.text(header::VERSION).ok_or("has no version")?;
    let release = header.text(header::RELEASE).ok_or("has no release")?;
    let epoch = header.numbers(header::EPOCH).next();
    let version = full_version(epoch, &format!("{version}-{release}"));
    let (files, lost_files) = files(&header, blob.len());
    let fact = PackageFact {
        architecture: header.text(header::ARCH),
        source: Some(source(
            header.text(header::SOURCE_RPM).as_deref(),
            &name,
            &version,
        )),
        licenses: header.text(header::LICENSE).into_iter().collect(),
        maker: header
            .text(header::VENDOR)
            .filter(|vendor| vendor != "(none)")
            .or_else(|| header.text(header::PACKAGER)),
        module: header
            .text(header::MODULARITY_LABEL)
            .as_deref()
            .and_then(module),
        depends: names(&header, header::REQUIRE_NAME),
        ..PackageFact::new(Ecosystem::Rpm, name, version)
    };
    Ok(Some(Package {
        fact,
        provides: names(&header, header::PROVIDE_NAME),
        files,
        lost_files,
    }))
}

/// `epoch:version-release`, with the epoch where there is one.
pub(super) fn full_version(epoch: Option<u32>, version_release: &str) -> String {
    match epoch {
        Some(epoch) => format!("{epoch}:{version_release}"),
        None => version_release.to_owned(),
    }
}

/// The source package in the name of its file, `bash-5.1.8-1.cm2.src.rpm`.
///
/// The file name has no epoch. Where version and release are those of the binary package, its epoch is taken
/// to be the source's too; elsewhere the epochs often differ, as those of Perl and its modules do, and none
/// is claimed.
pub(super) fn source(file_name: Option<&str>, name: &str, version: &str) -> SourcePackage {
    let itself = || SourcePackage {
        name: name.to_owned(),
        version: version.to_owned(),
    };
    let parts = file_name.and_then(|file| {
        let stem = file
            .strip_suffix(".src.rpm")
            .or_else(|| file.strip_suffix(".nosrc.rpm"))?;
        let (rest, source_release) = stem.rsplit_once('-')?;
        let (source_name, source_version) = rest.rsplit_once('-')?;
        let filled = [source_name, source_version, source_release]
            .iter()
            .all(|part| !part.is_empty());
        filled.then(|| (source_name, format!("{source_version}-{source_release}")))
    });
    let Some((source_name, source_version)) = parts else {
        return itself();
    };
    let without_epoch = version.split_once(':').map_or(version, |(_, rest)| rest);
    SourcePackage {
        name: source_name.to_owned(),
        version: if without_epoch == source_version {
            version.to_owned()
        } else {
            source_version
        },
    }
}

/// `nodejs:12` of `nodejs:12:8030020200911:…`: name and stream.
fn module(label: &str) -> Option<String> {
    let mut parts = label.split(':');
    let (name, stream) = (parts.next()?, parts.next()?);
    (!name.is_empty() && !stream.is_empty()).then(|| format!("{name}:{stream}"))
}

/// Names of requirements or of what is provided, sorted, without those of features of rpm itself.
fn names(header: &Header<'_>, tag: header::Tag) -> Vec<String> {
    let mut names: Vec<String> = header
        .texts(tag)
        .filter(|name| !name.is_empty() && !name.starts_with(b"rpmlib("))
        .map(|name| String::from_utf8_lossy(name).into_owned())
        .collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// Bits of a mode that tell the kind of a file, and their value for a folder (`inode(7)`).
const KIND_BITS: u32 = 0o170_000;
const FOLDER: u32 = 0o040_000;

/// Keys of the files that are not folders, and how many more the header claims.
fn files(header: &Header<'_>, header_bytes: usize) -> (Vec<PathKey>, usize) {
    let mut owned = Owned::default();
    owned.allow(header_bytes);
    let mut modes = header.numbers(header::FILE_MODES);
    let mut is_folder = move || modes.next().is_some_and(|mode| mode & KIND_BITS == FOLDER);
    let mut seen: usize = 0;
    for path in header.texts(header::OLD_FILE_NAMES) {
        seen = seen.saturating_add(1);
        if !is_folder() {
            owned.add(b"", path);
        }
    }
    let claimed = header
        .count(header::OLD_FILE_NAMES)
        .saturating_add(header.count(header::BASE_NAMES));
    if seen == 0 {
        let folders: Vec<&[u8]> = header.texts(header::DIR_NAMES).collect();
        let places = header.numbers(header::DIR_INDEXES);
        for (name, place) in header.texts(header::BASE_NAMES).zip(places) {
            let folder = usize::try_from(place).ok().and_then(|at| folders.get(at));
            let Some(folder) = folder else {
                is_folder();
                continue;
            };
            seen = seen.saturating_add(1);
            if !is_folder() {
                owned.add(folder.strip_suffix(b"/").unwrap_or(folder), name);
            }
        }
    }
    let (keys, dropped) = owned.take();
    (keys, claimed.saturating_sub(seen).saturating_add(dropped))
}
