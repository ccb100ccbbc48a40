use std::io::{self, Cursor, Read, Write as _};
use std::time::{Duration, Instant};

use plimsoll_model::Digest;

use super::*;
use crate::inflate::{Compression, Corrupt, Engine};

fn gzip(content: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::new(6));
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

fn sample() -> Vec<u8> {
    (0..3_000_000u32)
        .map(|n| (n.wrapping_mul(n >> 3) >> 7) as u8)
        .collect()
}

fn promise(blob: &[u8], content: &[u8]) -> Expect {
    Expect {
        name: "the-blob".into(),
        digest: Some(Digest::of(blob)),
        size: Some(blob.len() as u64),
        diff_id: Some(Digest::of(content)),
        compression: Some(Compression::Gzip),
    }
}

fn open(blob: Vec<u8>, expect: Expect) -> BlobStream {
    open_blob(Box::new(Cursor::new(blob)), expect, Limits::default())
}

fn read_all(blob: Vec<u8>, expect: Expect) -> (Vec<u8>, Result<BlobSummary, BlobError>) {
    let mut stream = open(blob, expect);
    let mut content = Vec::new();
    let _ = stream.read_to_end(&mut content);
    (content, stream.finish())
}

#[test]
fn content_is_read_and_proved() {
    let content = sample();
    for (blob, compression) in [
        (gzip(&content), Compression::Gzip),
        (
            zstd::encode_all(&content[..], 1).unwrap(),
            Compression::Zstd,
        ),
        (content.clone(), Compression::None),
    ] {
        let (read, summary) = read_all(blob.clone(), promise(&blob, &content));
        let summary = summary.unwrap();
        assert!(read == content);
        assert_eq!(summary.digest, Some(Digest::of(&blob)));
        assert_eq!(summary.diff_id, Digest::of(&content));
        assert_eq!(
            (summary.compressed_size, summary.size),
            (blob.len() as u64, content.len() as u64)
        );
        assert_eq!(summary.compression, compression);
        let odd = summary
            .problems
            .first()
            .map(|problem| problem.reason.as_str());
        match compression {
            Compression::Gzip => assert_eq!(odd, None),
            Compression::Zstd => assert_eq!(
                odd,
                Some("its media type says gzip, but its bytes are zstd")
            ),
            Compression::None => {
                assert_eq!(
                    odd,
                    Some("its media type says gzip, but its bytes are uncompressed")
                );
            }
        }
    }
}

#[test]
fn what_is_not_read_is_proved_too() {
    let content = sample();
    let blob = gzip(&content);
    let mut stream = open(blob.clone(), promise(&blob, &content));
    stream.read_exact(&mut [0; 100]).unwrap();
    assert_eq!(stream.finish().unwrap().diff_id, Digest::of(&content));
}

#[test]
fn sha512_is_proved_as_well() {
    use sha2::Digest as _;
    let content = sample();
    for blob in [gzip(&content), content.clone()] {
        let mut expect = promise(&blob, &content);
        expect.digest = Some(Digest::sha512(sha2::Sha512::digest(&blob).into()));
        let summary = open(blob, expect.clone()).finish().unwrap();
        assert_eq!(summary.digest, expect.digest);
        assert_eq!(summary.diff_id, Digest::of(&content));
    }
}

#[test]
fn lies_are_found() {
    let content = sample();
    let blob = gzip(&content);
    let good = promise(&blob, &content);
    let other = Some(Digest::of(b"something else"));
    let error = |expect: Expect| open(blob.clone(), expect).finish().unwrap_err();
    assert!(matches!(
        error(Expect {
            digest: other.clone(),
            ..good.clone()
        }),
        BlobError::Digest { .. }
    ));
    assert!(matches!(
        error(Expect {
            diff_id: other,
            ..good.clone()
        }),
        BlobError::DiffId { .. }
    ));
    let size = blob.len() as u64;
    for lie in [0, 1, size - 1, size + 1, u64::MAX] {
        let error = error(Expect {
            size: Some(lie),
            ..good.clone()
        });
        assert!(matches!(error, BlobError::Size { .. }), "{error}");
        assert!(error.to_string().contains("the-blob"));
    }
}

#[test]
fn damage_is_reported_as_a_wrong_digest_where_the_digest_is_wrong() {
    let content = sample();
    let blob = gzip(&content);
    let mut damaged = blob.clone();
    damaged[blob.len() / 2] ^= 0x55;
    let (_, outcome) = read_all(damaged.clone(), promise(&blob, &content));
    assert!(
        matches!(outcome, Err(BlobError::Digest { .. })),
        "{outcome:?}"
    );
    let (_, outcome) = read_all(damaged.clone(), promise(&damaged, &content));
    assert!(
        matches!(outcome, Err(BlobError::Corrupt { .. })),
        "{outcome:?}"
    );
    let mut stream = open(damaged.clone(), promise(&damaged, &content));
    let error = stream.read_to_end(&mut Vec::new()).unwrap_err().to_string();
    assert!(error.contains("is damaged near byte"), "{error}");
}

#[test]
fn truncation_is_found_without_any_promise() {
    let blob = gzip(&sample());
    for length in [2, 9, 10, 11, 1000, blob.len() - 9, blob.len() - 1] {
        let (_, outcome) = read_all(blob[..length].to_vec(), Expect::nothing("x"));
        assert!(
            matches!(
                outcome,
                Err(BlobError::Corrupt {
                    reason: Corrupt::Truncated,
                    ..
                })
            ),
            "{length}: {outcome:?}"
        );
    }
}

#[test]
fn an_empty_blob_has_empty_content() {
    let summary = open(Vec::new(), Expect::nothing("x")).finish().unwrap();
    assert_eq!((summary.size, summary.diff_id), (0, Digest::of(b"")));
}

#[test]
fn formats_that_are_no_layer_are_named() {
    let error = open(b"BZh91AY&SY".to_vec(), Expect::nothing("x"))
        .finish()
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "blob `x` is bzip2, which is not a layer compression"
    );
}

/// A gzip stream of zeros that never ends: the same megabyte in member after member.
struct Bomb {
    member: Vec<u8>,
    at: usize,
}

impl Read for Bomb {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let count = (&self.member[self.at..]).read(to)?;
        self.at = (self.at + count) % self.member.len();
        Ok(count)
    }
}

#[test]
fn a_bomb_is_cut_soon() {
    let bomb = || {
        Box::new(Bomb {
            member: gzip(&vec![0; 1 << 20]),
            at: 0,
        })
    };
    let begin = Instant::now();
    let limits = Limits {
        ratio_floor: 8 << 20,
        ..Limits::default()
    };
    let error = open_blob(bomb(), Expect::nothing("x"), limits)
        .finish()
        .unwrap_err();
    assert!(
        matches!(error, BlobError::Ratio { content, .. } if content < 10 << 20),
        "{error}"
    );
    let limits = Limits {
        content: 4 << 20,
        ..Limits::default()
    };
    let error = open_blob(bomb(), Expect::nothing("x"), limits)
        .finish()
        .unwrap_err();
    assert!(matches!(error, BlobError::TooLarge { .. }), "{error}");
    let limits = Limits {
        time: Duration::from_millis(50),
        ratio: u64::MAX,
        ..Limits::default()
    };
    let error = open_blob(bomb(), Expect::nothing("x"), limits)
        .finish()
        .unwrap_err();
    assert!(matches!(error, BlobError::Time { .. }), "{error}");
    assert!(begin.elapsed() < Duration::from_secs(20));
}

#[test]
fn members_without_content_are_limited_too() {
    let limits = Limits {
        content: 1 << 20,
        ..Limits::default()
    };
    let bomb = Box::new(Bomb {
        member: gzip(b""),
        at: 0,
    });
    let error = open_blob(bomb, Expect::nothing("x"), limits)
        .finish()
        .unwrap_err();
    assert!(matches!(error, BlobError::TooLarge { .. }), "{error}");
}

/// A source that hangs after its first bytes.
struct Hang(Cursor<Vec<u8>>);

impl Read for Hang {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let count = self.0.read(to)?;
        if count == 0 {
            std::thread::sleep(Duration::from_hours(1));
        }
        Ok(count)
    }
}

#[test]
fn a_source_that_hangs_does_not_hang_the_caller() {
    let limits = Limits {
        time: Duration::from_millis(100),
        ..Limits::default()
    };
    let source = Hang(Cursor::new(gzip(&sample())[..100_000].to_vec()));
    let mut stream = open_blob(Box::new(source), Expect::nothing("x"), limits);
    assert!(stream.read_to_end(&mut Vec::new()).is_err());
    assert!(matches!(stream.finish(), Err(BlobError::Time { .. })));
}

/// A source that fails.
struct Broken;

impl Read for Broken {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        Err(io::Error::new(io::ErrorKind::ConnectionReset, "reset"))
    }
}

#[test]
fn a_source_that_fails_is_told() {
    let blob = gzip(&sample());
    let source = Cursor::new(blob[..50_000].to_vec()).chain(Broken);
    let error = open_blob(Box::new(source), Expect::nothing("x"), Limits::default())
        .finish()
        .unwrap_err();
    assert!(
        matches!(error, BlobError::Read { offset: 50_000, .. }),
        "{error:?}"
    );
}

#[test]
fn the_reference_engine_says_the_same() {
    let content = sample();
    let blob = gzip(&content);
    let stream = stream::open_blob_with(
        Engine::ZlibRs,
        Box::new(Cursor::new(blob.clone())),
        promise(&blob, &content),
        Limits::default(),
    );
    assert_eq!(stream.finish().unwrap().diff_id, Digest::of(&content));
}
