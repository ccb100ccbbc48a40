use std::io::{self, Read as _, Write as _};

use flate2::Compression as Level;
use flate2::write::GzEncoder;

use super::*;

/// Input that comes in pieces of a chosen size.
struct Pieces<'a> {
    rest: &'a [u8],
    piece: usize,
    buffer: Vec<u8>,
}

impl Input for Pieces<'_> {
    type Error = io::Error;

    fn bytes(&self) -> &[u8] {
        &self.buffer
    }

    fn consume(&mut self, count: usize) {
        self.buffer.drain(..count);
    }

    fn more(&mut self) -> Result<Ending, io::Error> {
        let (piece, rest) = self.rest.split_at(self.piece.min(self.rest.len()));
        self.buffer.extend_from_slice(piece);
        self.rest = rest;
        Ok(self.ending())
    }

    fn ending(&self) -> Ending {
        if self.rest.is_empty() {
            Ending::Reached
        } else {
            Ending::Open
        }
    }
}

/// Unpacks with windows of `chunk` bytes and input in pieces of `piece` bytes.
fn unpack_with(
    engine: Engine,
    bytes: &'static [u8],
    piece: usize,
    chunk: usize,
) -> Result<Vec<u8>, Corrupt> {
    let compression = Compression::detect(bytes).unwrap();
    let mut unpacker = unpacker::<Pieces<'static>>(compression, engine)?;
    let mut input = Pieces {
        rest: bytes,
        piece,
        buffer: Vec::new(),
    };
    let mut buffer = vec![0; Window::REACH + chunk + Window::SLACK];
    let mut history = Window::REACH;
    let mut out = Vec::new();
    loop {
        let mut window = Window {
            bytes: &mut buffer,
            history,
            end: Window::REACH,
        };
        let progress = unpacker
            .fill(&mut input, &mut window)
            .map_err(|failure| match failure {
                Failure::Corrupt(corrupt) => corrupt,
                Failure::Input(error) => panic!("{error}"),
            })?;
        let (end, first) = (window.end, window.history);
        out.extend_from_slice(&buffer[Window::REACH..end]);
        let keep = end - Window::REACH;
        buffer.copy_within(keep..end, 0);
        history = first.saturating_sub(keep);
        if progress == Progress::Finished {
            return Ok(out);
        }
    }
}

fn unpack(bytes: &[u8]) -> Result<Vec<u8>, Corrupt> {
    unpack_with(Engine::Native, Vec::leak(bytes.to_vec()), 4096, 65536)
}

fn gzip(content: &[u8], level: u32) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Level::new(level));
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

/// Text, runs, noise and long repeats, all from one seed.
fn sample(length: usize) -> Vec<u8> {
    let mut state = 0x9e37_79b9_7f4a_7c15u64;
    let mut out = Vec::with_capacity(length + 4096);
    while out.len() < length {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let pick = (state >> 33) as usize;
        match pick % 5 {
            0 => out.extend_from_slice(b"usr/share/doc/package/changelog.Debian.gz\n"),
            1 => out.extend(std::iter::repeat_n((pick >> 8) as u8, pick % 700)),
            2 => out.extend((0..pick % 300).map(|n| (state.rotate_left(n as u32 % 64) >> 7) as u8)),
            3 => out.extend_from_slice(format!("{pick:x} {state:o} ").as_bytes()),
            _ if out.len() > 40_000 => {
                let from = out.len() - 1 - pick % 32_768;
                let to = (from + pick % 2000).min(out.len());
                out.extend_from_within(from..to);
            }
            _ => out.push(b'.'),
        }
    }
    out
}

#[test]
fn both_engines_agree_at_every_level_piece_and_window() {
    let content = sample(700_000);
    for level in [0, 1, 6, 9] {
        let packed: &'static [u8] = Vec::leak(gzip(&content, level));
        for (piece, chunk) in [
            (1 << 20, 1 << 20),
            (1000, 3000),
            (65_536, 100_000),
            (7, 50_000),
        ] {
            for engine in [Engine::Native, Engine::ZlibRs] {
                let unpacked = unpack_with(engine, packed, piece, chunk).unwrap();
                assert!(
                    unpacked == content,
                    "level {level}, {engine:?}, {piece}, {chunk}"
                );
            }
        }
    }
}

#[test]
fn members_follow_one_another_as_in_estargz() {
    let mut packed = Vec::new();
    let mut content = Vec::new();
    for n in 0..3000u32 {
        let member = format!("member {n} ").repeat(n as usize % 7).into_bytes();
        packed.extend_from_slice(&gzip(&member, 9));
        content.extend_from_slice(&member);
    }
    assert_eq!(unpack(&packed).unwrap(), content);
    packed.extend_from_slice(&[0; 1000]);
    assert_eq!(
        unpack(&packed).unwrap(),
        content,
        "zero padding is accepted, as gzip accepts it"
    );
    packed.push(1);
    assert_eq!(unpack(&packed), Err(Corrupt::TrailingGarbage));
}

#[test]
fn a_match_does_not_reach_into_the_member_before() {
    let first = gzip(b"0123456789", 9);
    // Fixed codes: length 3 at distance 1 as the very first symbol.
    let mut second = first[..10].to_vec();
    second.extend_from_slice(&[0x03, 0x02, 0x00]);
    second.extend_from_slice(&[0; 8]);
    assert_eq!(unpack(&second), Err(Corrupt::Distance));
    let both = [first, second].concat();
    assert_eq!(unpack(&both), Err(Corrupt::Distance));
}

#[test]
fn header_options_are_read_and_checked() {
    let plain = gzip(b"content", 6);
    let mut header = vec![0x1f, 0x8b, 8, 0b1_1110, 0, 0, 0, 0, 0, 255];
    header.extend_from_slice(&[3, 0, b'x', b'y', b'z']);
    header.extend_from_slice(b"name\0");
    header.extend_from_slice(b"comment\0");
    let crc = crc32fast::hash(&header).to_le_bytes();
    let good = [&header[..], &crc[..2], &plain[10..]].concat();
    assert_eq!(unpack(&good).unwrap(), b"content");
    let bad = [&header[..], &[!crc[0], crc[1]], &plain[10..]].concat();
    assert!(matches!(unpack(&bad), Err(Corrupt::GzipHeader(_))));
    for (at, value) in [(2, 7), (3, 0x20)] {
        let mut bad = plain.clone();
        bad[at] = value;
        assert!(matches!(unpack(&bad), Err(Corrupt::GzipHeader(_))));
    }
}

#[test]
fn trailers_are_checked() {
    let packed = gzip(&sample(5000), 6);
    let end = packed.len();
    for (at, error) in [(end - 8, Corrupt::Checksum), (end - 1, Corrupt::Length)] {
        let mut bad = packed.clone();
        bad[at] ^= 1;
        assert_eq!(unpack(&bad), Err(error));
    }
}

#[test]
fn every_truncation_is_noticed() {
    for level in [0, 1, 9] {
        let packed = gzip(&sample(3000), level);
        for length in 2..packed.len() {
            assert!(
                unpack(&packed[..length]).is_err(),
                "level {level}, {length} bytes"
            );
        }
    }
}

#[test]
fn damage_is_judged_alike_by_both_engines() {
    let packed = gzip(&sample(20_000), 6);
    for n in 0..4000usize {
        let mut bad = packed.clone();
        let at = 10 + n * 7919 % (bad.len() - 10);
        bad[at] ^= 1 << (n % 8);
        let bad: &'static [u8] = Vec::leak(bad);
        let ours = unpack_with(Engine::Native, bad, 1 << 16, 1 << 16);
        let theirs = unpack_with(Engine::ZlibRs, bad, 1 << 16, 1 << 16);
        assert_eq!(ours.is_ok(), theirs.is_ok(), "{ours:?} {theirs:?}");
    }
}

#[test]
fn zstd_frames_follow_one_another() {
    let content = sample(300_000);
    let frame = zstd::encode_all(&content[..], 3).unwrap();
    // A skippable frame, as zstd:chunked has at its end.
    let skippable = [0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3];
    let packed = [&frame[..], &frame, &skippable].concat();
    assert!(unpack(&packed).unwrap() == [&content[..], &content].concat());
    for length in [4, frame.len() / 2, frame.len() - 1, packed.len() - 1] {
        assert!(unpack(&packed[..length]).is_err(), "{length}");
    }
    let garbage = [&frame[..], b"garbage"].concat();
    assert_eq!(
        unpack(&garbage),
        Err(Corrupt::Zstd("bytes that are no frame"))
    );
}

#[test]
fn the_reader_reads_what_the_unpacker_unpacks() {
    let content = sample(300_000);
    let packed = gzip(&content, 6);
    let mut read = Vec::new();
    GunzipReader::new(&packed[..])
        .read_to_end(&mut read)
        .unwrap();
    assert!(read == content);
    let error = GunzipReader::new(&packed[..1000])
        .read_to_end(&mut read)
        .unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::InvalidData);
}

#[test]
fn media_types_say_what_they_say() {
    for (media_type, compression) in [
        (
            "application/vnd.oci.image.layer.v1.tar+gzip",
            Some(Compression::Gzip),
        ),
        (
            "application/vnd.docker.image.rootfs.diff.tar.gzip",
            Some(Compression::Gzip),
        ),
        (
            "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip",
            Some(Compression::Gzip),
        ),
        (
            "application/vnd.oci.image.layer.v1.tar+zstd",
            Some(Compression::Zstd),
        ),
        (
            "application/vnd.oci.image.layer.v1.tar",
            Some(Compression::None),
        ),
        (
            "application/vnd.oci.image.layer.v1.tar+gzip+encrypted",
            None,
        ),
    ] {
        assert_eq!(
            Compression::of_media_type(media_type),
            compression,
            "{media_type}"
        );
    }
}
