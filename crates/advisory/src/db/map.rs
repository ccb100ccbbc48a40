//! Mapping a file into memory: the only unsafe code of this crate.

use std::fs::File;
use std::io;

use memmap2::{Mmap, MmapOptions};

/// Maps a whole file for reading.
///
/// The file must not shrink while it is mapped: reading a page behind its new end ends the process with
/// `SIGBUS`. Databases are therefore never written in place; a new one is renamed over the old, and the old
/// bytes stay until the last reader lets go of them. Bytes that change under the mapping are harmless: every
/// block is checked when it is read, and every number in it is checked before it is used.
#[expect(
    unsafe_code,
    reason = "opening a database of hundreds of megabytes in a millisecond needs a mapping"
)]
pub(super) fn map(file: &File) -> io::Result<Mmap> {
    // SAFETY: the mapping is read-only and is only ever lent out as `&[u8]` behind checks that treat its
    // content as hostile. That nobody shrinks the file is the contract above.
    unsafe { MmapOptions::new().map(file) }
}
