use plimsoll_testkit::image::Files as Tiny;

use super::*;

fn archive(bytes: &[u8]) -> Result<Archive, ImageError> {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(bytes).unwrap();
    Archive::of_file(file, "x.tar".into(), &Limits::default())
}

fn read(archive: &Archive, name: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    archive.open(name).unwrap().read_to_end(&mut bytes).unwrap();
    bytes
}

/// A header block with a right checksum.
fn header(name: &[u8], kind: u8, size: &[u8]) -> Vec<u8> {
    let mut block = vec![0; 512];
    block[..name.len()].copy_from_slice(name);
    block[124..124 + size.len()].copy_from_slice(size);
    block[156] = kind;
    block[257..263].copy_from_slice(b"ustar\0");
    block[148..156].fill(b' ');
    let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
    block[148..155].copy_from_slice(format!("{sum:06o}\0").as_bytes());
    block
}

fn padded(mut bytes: Vec<u8>) -> Vec<u8> {
    bytes.resize(bytes.len().next_multiple_of(512), 0);
    bytes
}

#[test]
fn the_later_of_two_members_counts() {
    let bytes = [
        header(b"./a", b'0', b"1"),
        padded(b"1".to_vec()),
        header(b"a", b'0', b"2"),
        padded(b"22".to_vec()),
    ]
    .concat();
    let archive = archive(&bytes).unwrap();
    assert_eq!(read(&archive, "a"), b"22");
    assert_eq!(archive.size("a").unwrap(), 2);
}

#[test]
fn long_names_of_both_kinds_are_read() {
    let long = "d/".repeat(100) + "f";
    let record = format!(" path={long}2\n");
    let record = format!("{}{record}", record.len() + 3);
    let bytes = [
        header(b"././@LongLink", b'L', b"312"),
        padded([long.as_bytes(), b"\0"].concat()),
        header(b"cut", b'0', b"1"),
        padded(b"1".to_vec()),
        header(b"pax", b'x', format!("{:o}", record.len()).as_bytes()),
        padded(record.into_bytes()),
        header(b"cut", b'0', b"1"),
        padded(b"2".to_vec()),
    ]
    .concat();
    let archive = archive(&bytes).unwrap();
    assert_eq!(read(&archive, &long), b"1");
    assert_eq!(read(&archive, &format!("{long}2")), b"2");
    assert!(!archive.contains("cut"));
}

#[test]
fn sizes_that_cannot_be_are_refused() {
    let base_256 = [&[0x80, 0, 0, 0][..], &[0xff; 8]].concat();
    for size in [&b"77777777777"[..], b"9", &base_256, &[0xff; 12]] {
        let error = archive(&header(b"a", b'0', size)).unwrap_err();
        assert!(matches!(error, ImageError::Malformed { .. }), "{error}");
    }
    let error = archive(&header(b"a", b'L', b"1000000")).unwrap_err();
    assert!(matches!(error, ImageError::Malformed { .. }), "{error}");
}

#[test]
fn links_lead_through_the_archive() {
    let mut files = Tiny::default();
    files.put("d/file", "text");
    files
        .symlink("a/b/link", "../../d/file")
        .symlink("abs", "/d/file");
    files
        .hard_link("hard", "a/b/link")
        .symlink("out", "../../../d/file");
    let archive = archive(&files.tar()).unwrap();
    for name in ["a/b/link", "abs", "hard", "out", "./d//file"] {
        assert_eq!(read(&archive, name), b"text", "{name}");
    }
}
