//! Our inflater against zlib: the same streams are valid, and they have the same content.
//!
//! The first byte chooses: the data is a gzip stream as it stands, or behind a valid header, or it is content that is
//! compressed at some level, damaged in one byte, and unpacked.
#![no_main]

use std::io::{Read, Write};

use flate2::write::GzEncoder;
use flate2::{Compression, Decompress, FlushDecompress, Status};
use libfuzzer_sys::fuzz_target;
use plimsoll_image::inflate::GunzipReader;

/// Content that is compared; what is longer is cut.
const LIMIT: u64 = 1 << 20;
const HEADER: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];

fuzz_target!(|data: &[u8]| {
    let Some((&choice, data)) = data.split_first() else { return };
    match choice % 3 {
        0 => {
            let _ = GunzipReader::new(data).take(LIMIT).read_to_end(&mut Vec::new());
        }
        1 => compare(data),
        _ => {
            let Some((&place, content)) = data.split_first() else { return };
            let content = content.repeat(1 + usize::from(place) * 3);
            let mut encoder = GzEncoder::new(Vec::new(), Compression::new(u32::from(choice / 3) % 10));
            encoder.write_all(&content).expect("memory takes everything");
            let mut packed = encoder.finish().expect("memory takes everything");
            let mut unpacked = Vec::new();
            GunzipReader::new(&packed[..]).read_to_end(&mut unpacked).expect("it is valid");
            assert!(unpacked == content);
            let at = 10 + usize::from(place) * 31 % (packed.len() - 10);
            packed[at] ^= 1 << (place % 8);
            compare(&packed[10..]);
        }
    }
});

/// How zlib sees a stream.
enum Theirs {
    /// It ends after so many bytes.
    Whole(usize),
    /// It is invalid, or does not end.
    Refused,
    /// It has more content than is compared.
    Long,
}

fn zlib(stream: &[u8], content: &mut Vec<u8>) -> Theirs {
    let mut decoder = Decompress::new(false);
    let mut piece = vec![0; 1 << 16];
    loop {
        let (before_in, before_out) = (decoder.total_in(), decoder.total_out());
        let status = decoder.decompress(&stream[before_in as usize..], &mut piece, FlushDecompress::None);
        let given = (decoder.total_out() - before_out) as usize;
        content.extend_from_slice(&piece[..given]);
        match status {
            Err(_) => return Theirs::Refused,
            Ok(Status::StreamEnd) => return Theirs::Whole(decoder.total_in() as usize),
            Ok(_) if given == 0 && decoder.total_in() == before_in => return Theirs::Refused,
            Ok(_) if content.len() as u64 > LIMIT => return Theirs::Long,
            Ok(_) => {}
        }
    }
}

/// Unpacks a DEFLATE stream with both.
fn compare(stream: &[u8]) {
    let mut theirs = Vec::new();
    let outcome = zlib(stream, &mut theirs);
    let mut packed = HEADER.to_vec();
    if let Theirs::Whole(length) = outcome {
        // With the right checksum the container cannot refuse what zlib takes.
        packed.extend_from_slice(&stream[..length]);
        packed.extend_from_slice(&crc32fast::hash(&theirs).to_le_bytes());
        packed.extend_from_slice(&(theirs.len() as u32).to_le_bytes());
    } else {
        packed.extend_from_slice(stream);
    }
    let mut ours = Vec::new();
    let we = GunzipReader::new(&packed[..]).take(2 * LIMIT).read_to_end(&mut ours);
    match outcome {
        Theirs::Whole(_) => {
            assert!(we.is_ok(), "zlib takes it, we do not: {we:?}");
            assert!(ours == theirs);
        }
        Theirs::Refused => assert!(we.is_err(), "zlib refuses it, we do not"),
        Theirs::Long => {
            let shared = ours.len().min(theirs.len());
            assert!(ours[..shared] == theirs[..shared]);
        }
    }
}
