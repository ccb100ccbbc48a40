//! Archives of many records, a file each: what OSV publishes, and repositories as their hosts pack them.

use std::io::Read as _;

use serde::de::DeserializeOwned;
use zip::ZipArchive;

use super::document::{Document, Flow, Sink};
use crate::FeedError;

/// The largest member that is read; the largest published record has a few megabytes.
const MEMBER_LIMIT: u64 = 64 << 20;
/// The most that one archive may unpack to.
const TOTAL_LIMIT: u64 = 64 << 30;

/// Hands on the members of an archive, zip or tar, whose names are wanted, in the order of the archive, until the
/// receiver wants no more; tells how many there were.
pub(super) fn members(
    document: &Document<'_>,
    wanted: impl Fn(&str) -> bool,
    each: &mut dyn FnMut(&str, &[u8]) -> Flow,
) -> Result<u64, FeedError> {
    if !document.begins_with(b"PK")? {
        return tar_members(document, wanted, each);
    }
    let mut archive = ZipArchive::new(document.open()?).map_err(|error| document.zip(error))?;
    let mut unpacked = 0_u64;
    let mut read = 0_u64;
    let mut bytes = Vec::new();
    for place in 0..archive.len() {
        let member = archive
            .by_index(place)
            .map_err(|error| document.zip(error))?;
        let name = String::from_utf8_lossy(member.name_raw()).into_owned();
        if !member.is_file() || !wanted(&name) {
            continue;
        }
        bytes.clear();
        let mut limited = member.take(MEMBER_LIMIT);
        limited
            .read_to_end(&mut bytes)
            .map_err(|error| document.read(error))?;
        unpacked = unpacked.saturating_add(bytes.len() as u64);
        if bytes.len() as u64 >= MEMBER_LIMIT || unpacked > TOTAL_LIMIT {
            return Err(document.shape("its members unpack to more than any record has"));
        }
        read = read.saturating_add(1);
        if each(&name, &bytes) == Flow::Stop {
            break;
        }
    }
    Ok(read)
}

/// The same for tar, packed by whichever of the usual ways or not.
fn tar_members(
    document: &Document<'_>,
    wanted: impl Fn(&str) -> bool,
    each: &mut dyn FnMut(&str, &[u8]) -> Flow,
) -> Result<u64, FeedError> {
    let mut archive = tar::Archive::new(document.unpacked(TOTAL_LIMIT)?);
    let failed = |error| document.read(error);
    let mut read = 0_u64;
    let mut bytes = Vec::new();
    for entry in archive.entries().map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        if !entry.header().entry_type().is_file() || !wanted(&name) {
            continue;
        }
        bytes.clear();
        let mut limited = entry.take(MEMBER_LIMIT);
        limited.read_to_end(&mut bytes).map_err(failed)?;
        if bytes.len() as u64 >= MEMBER_LIMIT {
            return Err(document.shape(format!("`{name}` is larger than any record is")));
        }
        read = read.saturating_add(1);
        if each(&name, &bytes) == Flow::Stop {
            break;
        }
    }
    Ok(read)
}

/// The largest record of a repository of advisories that people write; they have some kilobytes.
const RECORD_LIMIT: u64 = 4 << 20;

/// Brackets that may be open at a time in YAML. The reader's own limit comes after a scan whose time grows with the
/// square of this depth.
const DEPTH: usize = 128;

/// Reads a record in YAML.
pub(super) fn yaml<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, String> {
    let mut open = 0_usize;
    for byte in bytes {
        match byte {
            b'[' | b'{' => open = open.saturating_add(1),
            b']' | b'}' => open = open.saturating_sub(1),
            _ => continue,
        }
        if open > DEPTH {
            return Err(format!(
                "more than {DEPTH} brackets are open in it at a time"
            ));
        }
    }
    serde_yaml_ng::from_slice(bytes).map_err(|error| error.to_string())
}

/// Takes a record, by its path and its bytes; the error tells what is wrong with it.
pub(super) type Take<'t> = dyn FnMut(&str, &[u8], &mut Sink<'_>) -> Result<Flow, String> + 't;

/// Hands on the records of a repository with a file for each: the members of its archive whose paths are wanted, or,
/// where the document has a name, the document alone. What is wrong with a record of an archive becomes a problem.
pub(super) fn records(
    document: &mut Document<'_>,
    sink: &mut Sink<'_>,
    wanted: impl Fn(&str) -> bool,
    take: &mut Take<'_>,
) -> Result<(), FeedError> {
    let path = document.path();
    if !document.name().is_empty() {
        let bytes = document.bytes(RECORD_LIMIT)?;
        return match take(path, &bytes, sink) {
            Ok(_) => Ok(()),
            Err(reason) => Err(document.shape(reason)),
        };
    }
    let read = members(document, wanted, &mut |member, bytes| {
        let taken = if bytes.len() as u64 > RECORD_LIMIT {
            Err("it is larger than any record is".to_owned())
        } else {
            take(member, bytes, sink)
        };
        taken.unwrap_or_else(|reason| {
            sink.problem(member, reason);
            Flow::GoOn
        })
    })?;
    if read == 0 {
        return Err(document.shape("it holds no record"));
    }
    Ok(())
}

/// What follows a folder in a path, wherever the folder is.
pub(super) fn below<'p>(path: &'p str, folder: &str) -> Option<&'p str> {
    let mut rest = path;
    loop {
        let (first, after) = rest.split_once('/')?;
        if first == folder {
            return Some(after);
        }
        rest = after;
    }
}

/// Whether a member's name ends with this, after a dot.
pub(super) fn has_extension(member: &str, wanted: &str) -> bool {
    let file = member.rsplit('/').next().unwrap_or(member);
    file.rsplit_once('.')
        .is_some_and(|(stem, extension)| !stem.is_empty() && extension == wanted)
}

/// Name of the file, without folders.
pub(super) fn file_name(member: &str) -> &str {
    member.rsplit('/').next().unwrap_or(member)
}
