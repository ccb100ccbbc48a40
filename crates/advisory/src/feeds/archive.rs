//! Archives of many records, a file each: what OSV publishes, and repositories as their hosts pack them.

use std::io::Read as _;

use zip::ZipArchive;

use super::document::{Document, Flow};
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

/// The same for tar, packed or not.
fn tar_members(
    document: &Document<'_>,
    wanted: impl Fn(&str) -> bool,
    each: &mut dyn FnMut(&str, &[u8]) -> Flow,
) -> Result<u64, FeedError> {
    let mut archive = tar::Archive::new(document.inflated()?.take(TOTAL_LIMIT));
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
