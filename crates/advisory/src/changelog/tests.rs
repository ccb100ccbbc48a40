use super::*;
use std::io::Write as _;

const CHANGELOG: &str = "\
tool (1:1.0-1+deb12u3) bookworm-security; urgency=high

  * Non-maintainer upload.
  * CVE-2024-0003: fix (part of
    CVE-2024-0004).
  * Not affected: CVE-2024-0009 (code not present, package not affected)
  * Revert the fix for CVE-2024-0002, it broke things
  * Fix CVE-2024-0005: a policy bypass that needs somebody who supplies input, and reads a file that is in no way
    to be read, which was left open; versions before 0.9 are not affected.

 -- Somebody <a@example.org>  Tue, 02 Jan 2024 10:00:00 +0000

tool (1:1.0-1+deb12u2) bookworm-security; urgency=high

  * Fix CVE-2024-0001 again (Closes: #1)
  [ Somebody Else ]
  * patches/CVE-2024-0002.patch: new

 -- Somebody <a@example.org>  Mon, 01 Jan 2024 10:00:00 +0000

tool (1:1.0-1) unstable; urgency=medium

  * Initial release, with CVE-2024-0001, CVE-2024-12 and CVE-20245-1 repaired.

 -- Somebody <a@example.org>  Sun, 01 Jan 2023 10:00:00 +0000
";

fn ar(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut out = b"!<arch>\n".to_vec();
    for (name, bytes) in members {
        let head = format!(
            "{name:<16}{:<12}{:<6}{:<6}{:<8}{:<10}`\n",
            0,
            0,
            0,
            644,
            bytes.len()
        );
        out.extend_from_slice(head.as_bytes());
        out.extend_from_slice(bytes);
        if bytes.len() % 2 == 1 {
            out.push(b'\n');
        }
    }
    out
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packer.write_all(bytes).expect("memory takes it");
    packer.finish().expect("memory takes it")
}

fn package(path: &str, changelog: &str) -> Vec<u8> {
    let bytes = gzip(changelog.as_bytes());
    let mut archive = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_ustar();
    header.set_size(bytes.len() as u64);
    header.set_mode(0o644);
    header.set_cksum();
    archive
        .append_data(&mut header, path, bytes.as_slice())
        .expect("memory takes it");
    let data = archive.into_inner().expect("memory takes it");
    let data = zstd::bulk::compress(&data, 1).expect("memory takes it");
    ar(&[
        ("debian-binary", b"2.0\n"),
        ("control.tar.gz", b"odd"),
        ("data.tar.zst", &data),
    ])
}

fn debian_package() -> Vec<u8> {
    package("./usr/share/doc/libtool1/changelog.Debian.gz", CHANGELOG)
}

#[test]
fn the_oldest_lasting_repair_counts() {
    let read = fixes(CHANGELOG).expect("a changelog");
    assert_eq!(
        (read.source.as_str(), read.version.as_str()),
        ("tool", "1:1.0-1+deb12u3")
    );
    let fixed: Vec<_> = read
        .fixed
        .iter()
        .map(|(id, version)| (id.as_str(), version.as_str()))
        .collect();
    assert_eq!(
        fixed,
        [
            ("CVE-2024-0001", "1:1.0-1"),
            ("CVE-2024-0003", "1:1.0-1+deb12u3"),
            ("CVE-2024-0004", "1:1.0-1+deb12u3"),
            ("CVE-2024-0005", "1:1.0-1+deb12u3"),
        ]
    );
    assert_eq!(read.reverted, ["CVE-2024-0002".to_owned()].into());
    assert_eq!(
        read.newest.map(|date| date.to_string()).as_deref(),
        Some("2024-01-02T10:00:00Z")
    );
    let written: Vec<_> = (read.written.iter())
        .map(|(version, date)| (version.as_str(), date.to_string()))
        .collect();
    let of = |version, date: &str| (version, date.to_owned());
    // The second repairs nothing for good.
    assert_eq!(
        written,
        [
            of("1:1.0-1", "2023-01-01T10:00:00Z"),
            of("1:1.0-1+deb12u3", "2024-01-02T10:00:00Z"),
        ]
    );
    for wrong in ["", "tool 1.0\n", "  * CVE-2024-0001\n", "a (b c) d; e"] {
        assert_eq!(fixes(wrong), None, "{wrong:?}");
    }
}

#[test]
fn a_folder_of_packages_is_read() {
    let folder = tempfile::tempdir().expect("a folder");
    let pool = folder.path().join("pool/t");
    fs::create_dir_all(&pool).expect("it can be made");
    fs::write(pool.join("libtool1_1.0_amd64.deb"), debian_package()).expect("written");
    let native = CHANGELOG.replace("tool (", "native (");
    let native = package("./usr/share/doc/native/changelog.gz", &native);
    fs::write(pool.join("native.deb"), native).expect("written");
    let extract = extract(folder.path(), "Debian:12").expect("it is read");
    assert_eq!((extract.packages, extract.problems.len()), (2, 0));
    assert_eq!(extract.changelogs.sources.len(), 2);
    assert!(!extract.changelogs.complete, "there is no index");

    let index = "Package: libtool1\nSource: tool (1:1.0-1)\nVersion: 1\n\nPackage: native\n\nPackage: other\n";
    let suite = folder
        .path()
        .join("dists/bookworm-security/main/binary-amd64");
    fs::create_dir_all(&suite).expect("it can be made");
    fs::write(suite.join("Packages.gz"), gzip(index.as_bytes())).expect("written");
    let extract = super::extract(folder.path(), "Debian:12").expect("it is read");
    assert_eq!(extract.changelogs.missing, ["other".to_owned()].into());
    assert!(!extract.changelogs.complete);
    fs::write(
        suite.join("Packages.gz"),
        gzip(index.replace("other", "native").as_bytes()),
    )
    .expect("written");
    let extract = super::extract(folder.path(), "Debian:12").expect("it is read");
    assert!(extract.changelogs.complete);
}

#[test]
fn broken_packages_are_told() {
    let whole = debian_package();
    for length in 0..whole.len() {
        // What is behind the changelog is not needed.
        match deb::changelog(&whole[..length]) {
            Ok(read) => assert_eq!(read, CHANGELOG.as_bytes(), "{length}"),
            Err(_) => assert!(length < whole.len()),
        }
    }
    let folder = tempfile::tempdir().expect("a folder");
    assert!(matches!(
        extract(folder.path(), "Debian:12"),
        Err(ChangelogError::Nothing { .. })
    ));
    fs::write(folder.path().join("a.deb"), &whole).expect("written");
    fs::write(folder.path().join("b.deb"), b"!<arch>\n").expect("written");
    let read = extract(folder.path(), "Debian:12").expect("it is read");
    assert_eq!(read.problems.len(), 1);
    assert_eq!(read.problems[0].0, "b.deb");
    for wrong in ["Debian", "Debian:sid", "npm", ""] {
        assert!(matches!(
            extract(folder.path(), wrong),
            Err(ChangelogError::Ecosystem(_))
        ));
    }
}
