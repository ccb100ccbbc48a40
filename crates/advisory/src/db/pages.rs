//! Pages of plain bytes, each compressed by itself with a dictionary that all of them share: pages are small, so
//! that a question unpacks little, and small pages without a dictionary compress badly.

use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use super::bytes::{Cursor, put_count};
use super::file::BlockWriter;
use super::interner::number;
use crate::BuildError;

/// The most that a page may unpack to.
pub(super) const PAGE_LIMIT: usize = 16 << 20;
/// The longest dictionary.
const DICTIONARY: usize = 64 << 10;
/// Pages from which a dictionary is made, and what is taken of each at most.
const SAMPLES: usize = 512;
const SAMPLE: usize = 16 << 10;
/// With fewer pages a dictionary is more than it saves.
const FEW: usize = 64;

/// How hard to compress.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effort {
    /// For a database that lives in memory only.
    Quick,
    /// For a file.
    Small,
}

impl Effort {
    fn level(self) -> i32 {
        match self {
            Self::Quick => 1,
            Self::Small => 15,
        }
    }
}

/// Pages that were written.
pub(super) struct Written {
    /// Offset of the block with their dictionary, which may be empty.
    pub(super) dictionary: u64,
    /// Offset of each page, in order.
    pub(super) offsets: Vec<u64>,
}

/// Packs a page.
fn pack(packer: &mut zstd::bulk::Compressor<'_>, plain: &[u8]) -> io::Result<Vec<u8>> {
    let mut out = Vec::new();
    put_count(&mut out, plain.len());
    out.extend_from_slice(&packer.compress(plain)?);
    Ok(out)
}

fn packer(effort: Effort, dictionary: &[u8]) -> io::Result<zstd::bulk::Compressor<'static>> {
    let mut packer = zstd::bulk::Compressor::with_dictionary(effort.level(), dictionary)?;
    // The length stands before the frame, and there is one dictionary for each kind of page.
    packer.set_parameter(zstd::zstd_safe::CParameter::ContentSizeFlag(false))?;
    packer.set_parameter(zstd::zstd_safe::CParameter::DictIdFlag(false))?;
    Ok(packer)
}

/// Unpacks a page of at most [`PAGE_LIMIT`] bytes into a buffer; `None` where it is not what [`write`] wrote.
pub(super) fn unpack(
    unpacker: &mut zstd::bulk::Decompressor<'_>,
    payload: &[u8],
    plain: &mut Vec<u8>,
) -> Option<()> {
    let mut cursor = Cursor::new(payload);
    let length = usize::try_from(cursor.number()?).ok()?;
    if length > PAGE_LIMIT {
        return None;
    }
    plain.clear();
    // A page that is longer than it says meets the wrong length below or the end of the buffer.
    plain.reserve_exact(length);
    unpacker
        .decompress_to_buffer(cursor.take_rest(), plain)
        .ok()?;
    (plain.len() == length).then_some(())
}

/// Pages that are packed before they are written, so that memory stays bounded.
const BATCH: usize = 1024;

/// Packs the pages that `encode` makes, several side by side, and writes them in order.
pub(super) fn write(
    count: usize,
    effort: Effort,
    out: &mut BlockWriter,
    encode: &(dyn Fn(usize) -> Vec<u8> + Sync),
) -> Result<Written, BuildError> {
    let too_large = || BuildError::TooMany { what: "bytes" };
    let dictionary = match effort {
        Effort::Small => dictionary(count, encode),
        Effort::Quick => Vec::new(),
    };
    number(count, "pages")?;
    let workers = thread::available_parallelism()
        .map_or(1, usize::from)
        .min(8);
    let written = out.block(&dictionary).ok_or_else(too_large)?;
    let mut offsets = Vec::with_capacity(count);
    for first in (0..count).step_by(BATCH) {
        let end = first.saturating_add(BATCH).min(count);
        let next = AtomicUsize::new(first);
        let work = || -> io::Result<Vec<(usize, Vec<u8>)>> {
            let mut packer = packer(effort, &dictionary)?;
            let mut done = Vec::new();
            loop {
                let page = next.fetch_add(1, Ordering::Relaxed);
                if page >= end {
                    return Ok(done);
                }
                let plain = encode(page);
                if plain.len() > PAGE_LIMIT {
                    return Err(io::ErrorKind::FileTooLarge.into());
                }
                done.push((page, pack(&mut packer, &plain)?));
            }
        };
        let packed = thread::scope(|scope| {
            let others: Vec<_> = (1..workers).map(|_| scope.spawn(work)).collect();
            let mut packed = work()?;
            for other in others {
                // A thread that panicked leaves a hole, which is found below.
                packed.extend(other.join().unwrap_or(Ok(Vec::new()))?);
            }
            Ok(packed)
        });
        let mut packed = packed.map_err(|_: io::Error| too_large())?;
        if packed.len() != end.saturating_sub(first) {
            return Err(too_large());
        }
        packed.sort_by_key(|(page, _)| *page);
        for (_, packed) in packed {
            offsets.push(out.block(&packed).ok_or_else(too_large)?);
        }
    }
    Ok(Written {
        dictionary: written,
        offsets,
    })
}

/// What pages have in common, learnt from some that are spread over all; the same pages give the same.
fn dictionary(count: usize, encode: &(dyn Fn(usize) -> Vec<u8> + Sync)) -> Vec<u8> {
    if count < FEW {
        return Vec::new();
    }
    let mut samples = Vec::new();
    let mut lengths = Vec::new();
    for page in (0..count).step_by(count.div_ceil(SAMPLES).max(1)) {
        let plain = encode(page);
        let taken = plain.get(..SAMPLE).unwrap_or(&plain);
        samples.extend_from_slice(taken);
        lengths.push(taken.len());
    }
    // Where there is nothing to learn, pages are packed without.
    zstd::dict::from_continuous(&samples, &lengths, DICTIONARY).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(number: usize) -> Vec<u8> {
        format!(
            "{number}: some text that all pages share, and {}",
            number * 7919
        )
        .into_bytes()
    }

    #[test]
    fn pages_come_back_with_and_without_dictionary() {
        for (count, effort, has_dictionary) in [
            (0, Effort::Small, false),
            (3, Effort::Small, false),
            (2000, Effort::Quick, false),
            (2000, Effort::Small, true),
        ] {
            let mut out = BlockWriter::new();
            let written = write(count, effort, &mut out, &page).expect("it fits");
            assert_eq!(written.offsets.len(), count);
            let blocks = super::super::file::Blocks::held("pages", out.seal(0)).expect("it opens");
            let dictionary = blocks.block(written.dictionary).expect("it is there");
            assert_eq!(!dictionary.is_empty(), has_dictionary, "{count} {effort:?}");
            let mut unpacker =
                zstd::bulk::Decompressor::with_dictionary(&dictionary).expect("a dictionary");
            for (number, offset) in written.offsets.iter().enumerate() {
                let packed = blocks.block(*offset).expect("it is there");
                let mut plain = b"what was there before".to_vec();
                unpack(&mut unpacker, &packed, &mut plain).expect("a page");
                assert_eq!(plain, page(number));
            }
        }
    }

    #[test]
    fn a_page_that_claims_too_much_is_refused() {
        let mut unpacker = zstd::bulk::Decompressor::new().expect("an unpacker");
        let bomb = |claimed: usize, length: usize| {
            let mut out = Vec::new();
            put_count(&mut out, claimed);
            out.extend_from_slice(&zstd::bulk::compress(&vec![0; length], 1).expect("it packs"));
            out
        };
        let length = PAGE_LIMIT + 1;
        for claimed in [length, PAGE_LIMIT, 10, usize::MAX] {
            let mut plain = Vec::new();
            let packed = bomb(claimed, length);
            assert_eq!(unpack(&mut unpacker, &packed, &mut plain), None);
            assert!(plain.capacity() <= PAGE_LIMIT);
        }
        let mut plain = Vec::new();
        assert_eq!(unpack(&mut unpacker, &bomb(20, 10), &mut plain), None);
        let largest = bomb(PAGE_LIMIT, PAGE_LIMIT);
        assert!(unpack(&mut unpacker, &largest, &mut plain).is_some());
    }

    #[test]
    fn a_page_over_the_limit_is_not_written() {
        let mut out = BlockWriter::new();
        let large = |_| vec![0; PAGE_LIMIT + 1];
        assert!(write(1, Effort::Quick, &mut out, &large).is_err());
    }
}
