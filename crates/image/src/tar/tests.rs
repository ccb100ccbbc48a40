use std::io::{BufReader, Read as _};

use super::*;

/// A header block with a valid checksum.
fn header(name: &str, type_flag: u8, size: u64) -> Block {
    let mut block = [0; 512];
    block[..name.len()].copy_from_slice(name.as_bytes());
    block[100..108].copy_from_slice(b"0004755\0");
    block[108..116].copy_from_slice(b"0001750\0");
    block[116..124].copy_from_slice(b"0000144\0");
    block[124..136].copy_from_slice(format!("{size:011o}\0").as_bytes());
    block[136..148].copy_from_slice(b"14371234567 ");
    block[156] = type_flag;
    block[257..265].copy_from_slice(b"ustar\x0000");
    seal(block)
}

/// With the checksum put right.
fn seal(mut block: Block) -> Block {
    block[148..156].copy_from_slice(b"        ");
    let sum: u32 = block.iter().map(|&byte| u32::from(byte)).sum();
    block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    block
}

fn with(mut block: Block, at: usize, bytes: &[u8]) -> Block {
    block[at..at + bytes.len()].copy_from_slice(bytes);
    seal(block)
}

/// `content` filled up to whole blocks.
fn blocks(content: &[u8]) -> Vec<u8> {
    let mut blocks = content.to_vec();
    blocks.resize(content.len().next_multiple_of(512), 0);
    blocks
}

fn file(name: &str, content: &[u8]) -> Vec<u8> {
    [
        header(name, b'0', content.len() as u64).to_vec(),
        blocks(content),
    ]
    .concat()
}

fn meta(type_flag: u8, content: &[u8]) -> Vec<u8> {
    [
        header("meta", type_flag, content.len() as u64).to_vec(),
        blocks(content),
    ]
    .concat()
}

fn record(key: &str, value: &[u8]) -> Vec<u8> {
    let mut length = key.len() + value.len() + 3;
    while length != length.to_string().len() + key.len() + value.len() + 3 {
        length = length.to_string().len() + key.len() + value.len() + 3;
    }
    [format!("{length} {key}=").as_bytes(), value, b"\n"].concat()
}

fn pax(records: &[(&str, &str)]) -> Vec<u8> {
    meta(
        b'x',
        &records
            .iter()
            .flat_map(|(key, value)| record(key, value.as_bytes()))
            .collect::<Vec<_>>(),
    )
}

type Found = (Entry, Vec<u8>);

fn walk_with(archive: &[u8], limits: WalkLimits) -> (Vec<Found>, Result<Ending, TarError>) {
    // Small and odd buffers find what is wrong at edges.
    let mut walk = Walk::new(BufReader::with_capacity(777, archive), limits);
    let mut found = Vec::new();
    loop {
        match walk.next_entry() {
            Ok(Some(entry)) => {
                let mut content = Vec::new();
                let read = walk.content().read_to_end(&mut content);
                found.push((entry, content));
                if let Err(error) = read {
                    let walked = walk.next_entry().unwrap_err();
                    assert_eq!(error.into_inner().unwrap().to_string(), walked.to_string());
                    assert!(walk.next_entry().is_err(), "an error stays an error");
                    return (found, Err(walked));
                }
            }
            Ok(None) => return (found, Ok(walk.ending().unwrap())),
            Err(error) => return (found, Err(error)),
        }
    }
}

fn walk(archive: &[u8]) -> Vec<Found> {
    let (found, ending) = walk_with(archive, WalkLimits::default());
    ending.unwrap();
    found
}

fn fails(archive: &[u8]) -> String {
    let (_, ending) = walk_with(archive, WalkLimits::default());
    ending.unwrap_err().to_string()
}

fn one(archive: &[u8]) -> Found {
    let mut found = walk(archive);
    assert_eq!(found.len(), 1);
    found.remove(0)
}

fn link(name: &str, type_flag: u8, target: &[u8]) -> Vec<u8> {
    with(header(name, type_flag, 0), 157, target).to_vec()
}

#[test]
fn the_fields_of_an_entry() {
    let (entry, content) = one(&file("./usr/bin/sudo", b"content"));
    assert_eq!(entry.path.as_str(), "usr/bin/sudo");
    assert_eq!(
        (entry.mode, entry.uid, entry.gid, entry.size),
        (0o4755, 1000, 100, 7)
    );
    assert_eq!((entry.mtime, entry.kind), (0o14_371_234_567, Kind::File));
    assert_eq!(
        (entry.traversal, content.as_slice()),
        (Traversal::None, &b"content"[..])
    );
}

#[test]
fn the_kinds_of_entries() {
    let archive = [
        header("./", b'5', 0).to_vec(),
        header("etc/", b'5', 9999).to_vec(),
        header("old/", 0, 0).to_vec(),
        link("lib", b'2', b"usr/lib"),
        link("odd", b'2', b"../x/./\xff"),
        link("hard", b'1', b"./etc/x"),
        header("null", b'3', 0).to_vec(),
        header("sda", b'4', 0).to_vec(),
        header("pipe", b'6', 0).to_vec(),
        header("label", b'V', 0).to_vec(),
        file("end", b"x"),
    ]
    .concat();
    let kinds: Vec<_> = walk(&archive)
        .into_iter()
        .map(|(entry, _)| (entry.path.to_string(), entry.kind))
        .collect();
    let expected = [
        ("", Kind::Directory),
        ("etc", Kind::Directory),
        ("old", Kind::Directory),
        ("lib", Kind::Symlink("usr/lib".into())),
        ("odd", Kind::Symlink("../x/./\\xFF".into())),
        ("hard", Kind::HardLink("etc/x".into())),
        ("null", Kind::CharDevice),
        ("sda", Kind::BlockDevice),
        ("pipe", Kind::Fifo),
        ("label", Kind::Other(b'V')),
        ("end", Kind::File),
    ];
    assert_eq!(kinds, expected.map(|(path, kind)| (path.to_owned(), kind)));
}

#[test]
fn climbing_paths_stay_inside_and_are_told() {
    for (name, path, traversal) in [
        ("../../etc/shadow", "etc/shadow", Traversal::Outside),
        ("a/../../b", "b", Traversal::Outside),
        ("a/../b", "b", Traversal::Inside),
        ("/etc/a..b", "etc/a..b", Traversal::None),
        ("a/..", "", Traversal::Inside),
    ] {
        let (entry, _) = one(&file(name, b""));
        assert_eq!(
            (entry.path.as_str(), entry.traversal),
            (path, traversal),
            "{name}"
        );
    }
    let (entry, _) = one(&link("a", b'1', b"../../etc/shadow"));
    assert_eq!(entry.traversal, Traversal::Outside);
}

#[test]
fn names_by_prefix_gnu_and_pax() {
    let prefixed = with(header("name", b'0', 0), 345, b"some/prefix");
    assert_eq!(one(&prefixed).0.path.as_str(), "some/prefix/name");
    // A GNU header has times where POSIX has the prefix.
    let gnu = with(
        with(header("name", b'0', 0), 345, b"12345670123"),
        257,
        b"ustar  \0",
    );
    assert_eq!(one(&gnu).0.path.as_str(), "name");
    let star = with(with(header("name", b'0', 0), 345, b"prefix"), 508, b"tar\0");
    assert_eq!(one(&star).0.path.as_str(), "prefix/name");
    let long = "d/".repeat(200) + "f";
    let gnu = [
        meta(b'L', (long.clone() + "\0").as_bytes()),
        meta(b'K', b"target\0"),
        link("x", b'2', b"y"),
    ];
    let (entry, _) = one(&gnu.concat());
    assert_eq!(
        (entry.path.as_str(), entry.kind),
        (long.as_str(), Kind::Symlink("target".into()))
    );
    let both = [
        meta(b'L', b"gnu"),
        pax(&[("path", "pax"), ("linkpath", "l")]),
        link("x", b'1', b"y"),
    ]
    .concat();
    let (entry, _) = one(&both);
    assert_eq!(
        (entry.path.as_str(), entry.kind),
        ("gnu", Kind::HardLink("l".into()))
    );
    let empty = [pax(&[("path", "")]), file("from-header", b"")].concat();
    assert_eq!(one(&empty).0.path.as_str(), "from-header");
}

#[test]
fn pax_numbers_and_attributes() {
    let records = [
        ("size", "3"),
        ("uid", "3000000000"),
        ("gid", "4294967296"),
        ("mtime", "-1.5"),
        ("SCHILY.xattr.security.capability", "\u{1}\u{0}\u{0}\u{2}"),
        ("comment", "a=b"),
    ];
    let archive = [pax(&records), header("f", b'0', 0).to_vec(), blocks(b"abc")].concat();
    let (entry, content) = one(&archive);
    assert_eq!(
        (entry.size, entry.uid, entry.gid, entry.mtime),
        (3, 3_000_000_000, 1 << 32, -2)
    );
    assert_eq!(entry.capability.as_deref(), Some(&[1, 0, 0, 2][..]));
    assert_eq!(content, b"abc");
    // What pax says holds for one entry only, and a global header for none.
    let archive = [
        meta(b'g', &record("path", b"global")),
        pax(&[("path", "a")]),
        file("x", b""),
        file("y", b""),
    ];
    let paths: Vec<_> = walk(&archive.concat())
        .iter()
        .map(|(entry, _)| entry.path.to_string())
        .collect();
    assert_eq!(paths, ["a", "y"]);
}

#[test]
fn numbers_in_base_256_and_odd_fillings() {
    for (field, value) in [
        (&b"0000644\0"[..], Some(0o644)),
        (b"   644 \0", Some(0o644)),
        (b"\x00\x00644\0\0\0", Some(0o644)),
        (b"\0\0\0\0", Some(0)),
        (b"    ", Some(0)),
        (b"77777777", Some(0o77_777_777)),
        (&[0x80, 0, 0, 0, 0, 0, 1, 2], Some(258)),
        (&[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe], Some(-2)),
        (
            &[
                0x80, 0, 0, 0, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
            ],
            Some(i64::MAX),
        ),
        (&[0x80, 0, 0, 0, 0xff, 0, 0, 0, 0, 0, 0, 0], None),
        (b"0000648\0", None),
        (b"-1      ", None),
        (b"12 34", None),
    ] {
        assert_eq!(header::number(field), value, "{field:?}");
    }
}

#[test]
fn checksums_may_be_signed_but_not_wrong() {
    let mut block = header("caf\u{e9}", b'0', 0);
    assert_eq!(one(&block).0.path.as_str(), "caf\u{e9}");
    let sum: i32 = block
        .iter()
        .enumerate()
        .map(|(at, &b)| {
            if (148..156).contains(&at) {
                32
            } else {
                i32::from(b.cast_signed())
            }
        })
        .sum();
    block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    assert_eq!(one(&block).0.path.as_str(), "caf\u{e9}");
    block[0] ^= 1;
    assert!(fails(&block).contains("checksum does not match"));
}

#[test]
fn archives_end_with_or_without_their_marker() {
    let entry = file("a", b"x");
    for (tail, ending) in [
        (vec![0; 1024], Ending::Marker),
        (vec![0; 512], Ending::Missing),
        (vec![], Ending::Missing),
        (
            [vec![0; 1024], b"anything".to_vec()].concat(),
            Ending::Marker,
        ),
    ] {
        let (found, end) = walk_with(&[entry.clone(), tail].concat(), WalkLimits::default());
        assert_eq!((found.len(), end.unwrap()), (1, ending));
    }
    assert!(walk(b"").is_empty());
    let hidden = [entry.clone(), vec![0; 512], entry].concat();
    assert!(fails(&hidden).contains("something follows a block of zeros"));
}

#[test]
fn truncation_names_the_last_entry() {
    let archive = [
        file("first", b"1"),
        file("dir/second", &[7; 1500]),
        file("third", b"3"),
        vec![0; 1024],
    ]
    .concat();
    // Ends that are ends of entries cannot be told from archives without a marker.
    // Padding that is cut off is tolerated, as Go does.
    let fine = |length| {
        matches!(length, 0 | 1024 | 3036..=3072 | 4096 | 4608 | 5120)
            || (513..1024).contains(&length)
            || (3585..4096).contains(&length)
    };
    for length in 0..archive.len() {
        let (_, ending) = walk_with(&archive[..length], WalkLimits::default());
        assert_eq!(ending.is_ok(), fine(length), "{length}: {ending:?}");
    }
    assert_eq!(
        fails(&archive[..2000]),
        "the archive is truncated at byte 2000, after `dir/second`"
    );
    let announced = meta(b'L', b"name");
    assert!(
        fails(&announced).contains("truncated"),
        "a long name without an entry"
    );
}

#[test]
fn garbage_is_refused() {
    assert!(fails(&[0x55; 2048]).contains("checksum"));
    assert!(fails(b"{\"not\": \"a tar archive\"}").contains("truncated"));
    for (at, bytes) in [
        (124, &b"abc"[..]),
        (124, &[0xff; 12]),
        (108, b"9"),
        (116, b"x"),
        (136, b"z"),
    ] {
        let message = fails(&with(header("a", b'0', 0), at, bytes));
        assert!(message.contains("not a number"), "{message}");
    }
    for bad in [
        "3 a",
        "99999 path=x\n",
        "5 a=b\nx",
        "7 path\n",
        "0 =\n",
        "x path=a\n",
        "11 size=-1\n",
        " path=x\n",
    ] {
        let archive = [meta(b'x', bad.as_bytes()), file("a", b"")].concat();
        assert!(fails(&archive).contains("pax"), "{bad:?}");
    }
    let nul = [meta(b'x', &record("path", b"a\0b")), file("a", b"")].concat();
    assert!(fails(&nul).contains("NUL"));
}

#[test]
fn limits_are_kept() {
    let archive = [file("a", b""), file("b", b""), file("c", b"")].concat();
    let (found, ending) = walk_with(
        &archive,
        WalkLimits {
            entries: 2,
            ..WalkLimits::default()
        },
    );
    assert!(found.len() == 2 && matches!(ending, Err(TarError::Entries { limit: 2 })));
    let long = [meta(b'L', "x/".repeat(3000).as_bytes()), file("a", b"")].concat();
    assert!(fails(&long).contains("a path of 6000 bytes"));
    // Sizes are believed only as far as bytes follow.
    for type_flag in [b'L', b'x'] {
        assert!(fails(&header("a", type_flag, 0o777_7777_7777)).contains("more than 1048576"));
    }
    assert!(fails(&header("a", b'g', 0o777_7777_7777)).contains("truncated"));
    let huge = with(
        header("a", b'0', 0),
        124,
        &[0x80, 0, 0, 0, 0x7f, 255, 255, 255, 255, 255, 255, 255],
    );
    assert!(fails(&huge).contains("truncated"));
    let huge = [pax(&[("size", "18446744073709551615")]), file("a", b"")].concat();
    assert!(fails(&huge).contains("truncated"));
}

/// What every way of writing the same sparse file must read as: `abc` at 1000, `de` at 3000, 5000 bytes in all.
fn sparse_content() -> Vec<u8> {
    let mut content = vec![0; 5000];
    content[1000..1003].copy_from_slice(b"abc");
    content[3000..3002].copy_from_slice(b"de");
    content
}

fn old_sparse(segments: &[(u64, u64)], size: u64, stored: &[u8]) -> Vec<u8> {
    let mut block = with(header("s", b'S', stored.len() as u64), 257, b"ustar  \0");
    let number = |value: u64| format!("{value:011o}\0").into_bytes();
    block[483..495].copy_from_slice(&number(size));
    let (first, more) = segments.split_at(segments.len().min(4));
    for (n, (offset, length)) in first.iter().enumerate() {
        block[386 + 24 * n..][..24].copy_from_slice(&[number(*offset), number(*length)].concat());
    }
    block[482] = u8::from(!more.is_empty());
    let mut archive = seal(block).to_vec();
    let chunks: Vec<_> = more.chunks(21).collect();
    for (at, chunk) in chunks.iter().enumerate() {
        let mut block = [0; 512];
        for (n, (offset, length)) in chunk.iter().enumerate() {
            block[24 * n..][..24].copy_from_slice(&[number(*offset), number(*length)].concat());
        }
        block[504] = u8::from(at + 1 < chunks.len());
        archive.extend_from_slice(&block);
    }
    archive.extend_from_slice(&blocks(stored));
    archive
}

#[test]
fn sparse_files_in_every_format() {
    let size = ("GNU.sparse.size", "5000");
    let pairs = [
        ("GNU.sparse.offset", "1000"),
        ("GNU.sparse.numbytes", "3"),
        ("GNU.sparse.offset", "3000"),
    ];
    let v00 = [
        &[size, ("GNU.sparse.numblocks", "2")][..],
        &pairs,
        &[("GNU.sparse.numbytes", "2")],
    ]
    .concat();
    let v01 = [
        ("GNU.sparse.name", "s"),
        size,
        ("GNU.sparse.map", "1000,3,3000,2"),
    ];
    let v10 = [
        ("GNU.sparse.major", "1"),
        ("GNU.sparse.minor", "0"),
        ("GNU.sparse.name", "s"),
        ("GNU.sparse.realsize", "5000"),
    ];
    let stored_v10 = [blocks(b"2\n1000\n3\n3000\n2\n"), b"abcde".to_vec()].concat();
    let archives = [
        old_sparse(&[(1000, 3), (3000, 2), (5000, 0)], 5000, b"abcde"),
        [pax(&v00), file("s", b"abcde")].concat(),
        [pax(&v01), file("GNUSparseFile.1/s", b"abcde")].concat(),
        [pax(&v10), file("GNUSparseFile.1/s", &stored_v10)].concat(),
    ];
    for archive in archives {
        let found = walk(&[archive, file("next", b"n")].concat());
        assert_eq!(found[0].0.path.as_str(), "s");
        assert_eq!((found[0].0.size, &found[0].1), (5000, &sparse_content()));
        assert_eq!(found[1].1, b"n");
    }
    let many: Vec<_> = (0..100).map(|n| (n * 10, 1)).collect();
    let (entry, content) = one(&old_sparse(&many, 1000, &[b'x'; 100]));
    assert_eq!(entry.size, 1000);
    assert!(
        content
            .iter()
            .enumerate()
            .all(|(at, &byte)| byte == if at % 10 == 0 { b'x' } else { 0 })
    );
}

#[test]
fn sparse_maps_that_lie_are_refused() {
    for (segments, size, stored) in [
        (vec![(0, 3)], 5, &b"abcde"[..]),
        (vec![(3, 2), (0, 3)], 5, b"abcde"),
        (vec![(0, 5)], 4, b"abcde"),
        (vec![(0, 3), (2, 2)], 9, b"abcde"),
    ] {
        assert!(
            fails(&old_sparse(&segments, size, stored)).contains("sparse map"),
            "{segments:?}"
        );
    }
    let v10 = [
        ("GNU.sparse.major", "1"),
        ("GNU.sparse.minor", "0"),
        ("GNU.sparse.realsize", "5000"),
    ];
    for map in [
        "",
        "1\n",
        "x\n",
        "99999999999999999999\n",
        "9999999999999999999\n1\n",
    ] {
        let archive = [pax(&v10), file("s", &blocks(map.as_bytes()))].concat();
        assert!(fails(&archive).contains("sparse"), "{map:?}");
    }
    // A hole of eight exbibytes costs nothing until it is read.
    let archive = old_sparse(&[(0, 1)], 0o777_7777_7777, b"a");
    let mut walk = Walk::new(&archive[..], WalkLimits::default());
    assert_eq!(walk.next_entry().unwrap().unwrap().size, 0o777_7777_7777);
    assert!(walk.next_entry().unwrap().is_none());
}

#[test]
fn many_entries_are_walked_in_small_memory() {
    /// The same file again and again.
    struct Repeat {
        entry: Vec<u8>,
        left: u64,
        at: usize,
    }
    impl std::io::Read for Repeat {
        fn read(&mut self, to: &mut [u8]) -> std::io::Result<usize> {
            if self.at == self.entry.len() {
                self.at = 0;
                self.left = self.left.saturating_sub(1);
            }
            let source = if self.left == 0 {
                &[][..]
            } else {
                &self.entry[self.at..]
            };
            let count = source.len().min(to.len());
            to[..count].copy_from_slice(&source[..count]);
            self.at += count;
            Ok(count)
        }
    }
    let repeat = Repeat {
        entry: file("./usr/lib/python3/dist-packages/a/b.py", b"pass"),
        left: 50_000,
        at: 0,
    };
    let mut walk = Walk::new(
        BufReader::with_capacity(1 << 16, repeat),
        WalkLimits::default(),
    );
    while walk.next_entry().unwrap().is_some() {}
    assert_eq!(walk.entries(), 50_000);
}
