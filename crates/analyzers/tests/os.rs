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

/// Name and full version of every package, sorted, as the lists beside the databases have them.
fn packages(said: &Said) -> Vec<(String, String)> {
    let mut packages: Vec<_> = said
        .facts
        .iter()
        .filter_map(|fact| match &fact.body {
            FactBody::Package(package) => Some((package.name.clone(), package.version.clone())),
            _ => None,
        })
        .collect();
    packages.sort();
    packages
}

fn listed(tsv: &str) -> Vec<(String, String)> {
    let mut listed: Vec<_> = tsv
        .lines()
        .filter_map(|line| line.split_once('\t'))
        .map(|(name, version)| (name.to_owned(), version.to_owned()))
        .collect();
    listed.sort();
    listed
}

/// The databases of real images and where they lie in them.
const RPM_DATABASES: [(&str, &str); 3] = [
    ("cbl-mariner-2.0/rpmdb.sqlite", "var/lib/rpm/rpmdb.sqlite"),
    ("sle15-bci/Packages.db", "usr/lib/sysimage/rpm/Packages.db"),
    ("libuuid/Packages", "var/lib/rpm/Packages"),
];

#[test]
fn rpm_databases_have_exactly_the_packages_that_syft_sees() {
    for (file, path) in RPM_DATABASES {
        let file = plimsoll_testkit::shared().join("rpmdb").join(file);
        let database = std::fs::read(&file).expect("the database can be read");
        let list = file.with_file_name("packages.tsv");
        let list = std::fs::read_to_string(list).expect("the list can be read");
        let said = analyze_one(&os::rpm::Rpm, path, &database);
        assert_eq!(said.problems, [], "{path}");
        assert_eq!(packages(&said), listed(&list), "{path}");
    }
}

#[test]
fn a_spooled_database_says_the_same() {
    use plimsoll_analyze::{Analyzer, File, Sink};

    let (file, path) = RPM_DATABASES[0];
    let database = std::fs::read(plimsoll_testkit::shared().join("rpmdb").join(file))
        .expect("the database can be read");
    let held = analyze_one(&os::rpm::Rpm, path, &database);
    let image_path = plimsoll_model::ImagePath::new(path);
    let mut reader = std::io::Cursor::new(&database);
    let size = database.len() as u64;
    let mut spooled = Said::default();
    let mut sink = Sink::new(
        &image_path,
        os::rpm::Rpm.meta(),
        &mut spooled.facts,
        &mut spooled.problems,
    );
    os::rpm::Rpm.analyze(
        &mut File::spooled(&image_path, 0o644, size, &mut reader),
        &mut sink,
    );
    assert_eq!(held.facts, spooled.facts);
    assert_eq!(spooled.problems, []);
}

#[test]
fn rpm_packages_know_their_source_vendor_and_files() {
    let database = plimsoll_testkit::shared().join("rpmdb/cbl-mariner-2.0/rpmdb.sqlite");
    let database = std::fs::read(database).expect("the database can be read");
    let said = analyze_one(&os::rpm::Rpm, "var/lib/rpm/rpmdb.sqlite", &database);
    let package = said
        .facts
        .iter()
        .find_map(|fact| match &fact.body {
            FactBody::Package(package) if package.name == "audit-libs" => Some(package),
            _ => None,
        })
        .expect("the image has audit-libs");
    let source = package.source.as_ref().expect("an rpm has a source");
    assert_eq!(
        (source.name.as_str(), source.version.as_str()),
        ("audit", "3.0.6-1.cm2")
    );
    assert_eq!(package.architecture.as_deref(), Some("x86_64"));
    assert_eq!(package.maker.as_deref(), Some("Microsoft Corporation"));
    let files = said
        .facts
        .iter()
        .find_map(|fact| match &fact.body {
            FactBody::Owns(owns) if owns.package == "bash" => Some(&owns.files),
            _ => None,
        })
        .expect("bash has files");
    assert!(files.contains(&plimsoll_model::PathKey::of("bin/bash")));
}

/// Whatever is missing or changed, what is there is read and what is not is said.
#[test]
fn damaged_rpm_databases_are_blind_and_never_empty_handed() {
    for (file, path) in RPM_DATABASES {
        let whole = std::fs::read(plimsoll_testkit::shared().join("rpmdb").join(file))
            .expect("the database can be read");
        let all = package_count(&analyze_one(&os::rpm::Rpm, path, &whole));
        for part in 0..16 {
            let cut = &whole[..whole.len() * part / 16];
            let said = analyze_one(&os::rpm::Rpm, path, cut);
            assert!(
                said.problems
                    .iter()
                    .any(|problem| problem.effect == plimsoll_model::Effect::Blind),
                "{path} cut to {part}/16"
            );
            assert!(package_count(&said) <= all);
        }
        let cut = &whole[..whole.len() * 15 / 16];
        if all > 1 {
            assert!(package_count(&analyze_one(&os::rpm::Rpm, path, cut)) > 0);
        }
    }
}
