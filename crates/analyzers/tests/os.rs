//! The analyzers of operating systems over their fixtures and over real files.

use std::io::Read;
use std::path::Path;

use plimsoll_analyzers::os;
use plimsoll_model::fact::FactBody;
use plimsoll_testkit::fixtures::{self, Said, analyze_one};

#[test]
fn fixtures_say_what_is_expected() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    fixtures::check(&root, os::ALL);
}

fn package_count(said: &Said) -> usize {
    said.facts
        .iter()
        .filter(|fact| matches!(fact.body, FactBody::Package(_)))
        .count()
}

/// The content of one file of a gzip-compressed tar archive; only plain headers, which is what those have.
fn file_of_archive(archive: &Path, wanted: &str) -> Vec<u8> {
    let compressed = std::fs::read(archive).expect("the archive can be read");
    let mut tar = Vec::new();
    flate2::read::MultiGzDecoder::new(compressed.as_slice())
        .read_to_end(&mut tar)
        .expect("the archive is gzip");
    let mut at = 0;
    while at + 512 <= tar.len() {
        let header = &tar[at..at + 512];
        let until_nul = |field: &[u8]| {
            let end = field
                .iter()
                .position(|&byte| byte == 0)
                .unwrap_or(field.len());
            String::from_utf8(field[..end].to_vec()).expect("the field is text")
        };
        let name = until_nul(&header[..100]);
        let size = usize::from_str_radix(until_nul(&header[124..136]).trim(), 8).unwrap_or(0);
        at += 512;
        if name.trim_start_matches("./") == wanted {
            return tar[at..at + size].to_vec();
        }
        at += size.div_ceil(512) * 512;
    }
    panic!("`{wanted}` is not in `{}`", archive.display());
}

/// The counts are those of Syft 1.18.1 and of Trivy 0.76 for these archives.
#[test]
fn alpine_root_filesystems_have_the_packages_that_the_peers_see() {
    let images = plimsoll_testkit::shared().join("images");
    for (version, count) in [
        ("3.9.6", 14),
        ("3.10.9", 14),
        ("3.14.10", 14),
        ("3.18.9", 15),
        ("3.20.3", 14),
    ] {
        let archive = images.join(format!("alpine-minirootfs-{version}-x86_64.tar.gz"));
        let database = file_of_archive(&archive, "lib/apk/db/installed");
        let said = analyze_one(&os::apk::Apk, "lib/apk/db/installed", &database);
        assert_eq!(said.problems, [], "{version}");
        assert_eq!(package_count(&said), count, "{version}");
        let owns_busybox = said.facts.iter().any(|fact| match &fact.body {
            FactBody::Owns(owns) => {
                owns.package == "busybox"
                    && owns
                        .files
                        .contains(&plimsoll_model::PathKey::of("bin/busybox"))
            }
            _ => false,
        });
        assert!(owns_busybox, "{version}");

        let release = file_of_archive(&archive, "etc/os-release");
        let said = analyze_one(&os::release::Release, "etc/os-release", &release);
        assert_eq!(said.problems, [], "{version}");
        let FactBody::OsRelease(release) = &said.facts[0].body else {
            panic!("an os-release says which distribution it is");
        };
        assert_eq!(
            (release.id.as_str(), release.version.as_str()),
            ("alpine", version)
        );
    }
}
