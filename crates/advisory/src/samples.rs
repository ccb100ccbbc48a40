//! The feeds of RPM distributions on documents that upstreams published.

mod red_hat;

use std::fs;
use std::io::Read as _;

use plimsoll_model::advisory::{Applicability, FixState, PackageMatch};
use plimsoll_model::facts::Package;
use plimsoll_model::{Ecosystem, Effect, Severity};

use crate::db::Database;
use crate::feeds;
use crate::matching::candidates;
use crate::slice::{Slice, image, package, shared};

/// A sample, unpacked where it is packed for want of room.
fn sample(path: &str) -> Vec<u8> {
    let bytes = fs::read(shared().join("feeds/samples").join(path)).expect(path);
    if !bytes.starts_with(&[0x1f, 0x8b]) {
        return bytes;
    }
    let mut plain = Vec::new();
    flate2::read::GzDecoder::new(bytes.as_slice())
        .read_to_end(&mut plain)
        .expect(path);
    plain
}

fn database(feed: &str, documents: &[(&str, &str)]) -> Database {
    let mut slice = Slice::new();
    for (name, path) in documents {
        slice = slice.document(feed, name, &sample(path));
    }
    assert_eq!(slice.problems, [], "{documents:?}");
    slice.database()
}

/// What is told where a vendor's documents came one by one.
const SINGLE_DOCUMENTS: &str = "given as single documents";

fn rpm(name: &str, version: &str, architecture: &str) -> Package {
    let mut package = package(Ecosystem::Rpm, name, version);
    package.fact.architecture = Some(architecture.to_owned());
    package
}

/// All that is said of a flaw in a package.
fn ask(db: &Database, os: (&str, &str), package: &Package, id: &str) -> Option<PackageMatch> {
    let facts = image(Some(os), vec![package.clone()]);
    let all = candidates(&facts, 0, db);
    let found = all
        .matches
        .into_iter()
        .find(|one| one.vulnerability.id == id);
    if found.is_none() {
        let mut others = all.problems.iter().filter(|problem| {
            problem.effect != Effect::Note && !problem.reason.contains(SINGLE_DOCUMENTS)
        });
        assert_eq!(others.next(), None);
    }
    found
}

fn answer(
    db: &Database,
    os: (&str, &str),
    package: &Package,
    id: &str,
) -> Option<(Applicability, String)> {
    ask(db, os, package, id).map(|found| (found.answer, found.reason.rule))
}

const AFFECTED: Applicability = Applicability::Affected;
const NOT: Applicability = Applicability::NotAffected;

/// An erratum that was respun for one architecture, and one for builds that Ksplice patches.
#[test]
fn t12_t13_oracle_keeps_architectures_and_flavours_apart() {
    let db = database(
        "oracle",
        &[("", "oracle/com.oracle.elsa-excerpt-per-arch.xml")],
    );
    let rsyslog = |version: &str, architecture: &str| {
        answer(
            &db,
            ("ol", "7.9"),
            &rpm("rsyslog", version, architecture),
            "CVE-2022-24903",
        )
        .map(|(answer, _)| answer)
    };
    assert_eq!(rsyslog("8.24.0-57.0.1.el7_9.1", "x86_64"), Some(AFFECTED));
    assert_eq!(rsyslog("8.24.0-57.0.4.el7_9.3", "aarch64"), Some(NOT));
    assert_eq!(rsyslog("8.24.0-57.0.4.el7_9.3", "x86_64"), Some(NOT));
    let found = ask(
        &db,
        ("ol", "7.9"),
        &rpm("rsyslog", "8.24.0-57.0.1.el7_9.1", "x86_64"),
        "CVE-2022-24903",
    );
    let found = found.expect("it is affected");
    assert_eq!(found.reason.record, "ELSA-2022-4803");
    assert_eq!(found.vulnerability.worst_score(), Some(8.1));

    let db = database(
        "oracle",
        &[("", "oracle/com.oracle.elsa-excerpt-ksplice.xml")],
    );
    let facts = |version: &str| image(Some(("ol", "8.3")), vec![rpm("openssl", version, "x86_64")]);
    let of = |version: &str| {
        let all = candidates(&facts(version), 0, &db).matches;
        all.iter()
            .map(|one| (one.answer, one.reason.rule.clone()))
            .collect::<Vec<_>>()
    };
    let plain = of("1:1.1.1g-15.el8_3");
    assert!(!plain.is_empty());
    for (answer, rule) in plain {
        assert_eq!(answer, NOT);
        assert_eq!(
            rule,
            "∅ (for the Ksplice build, and this package is of the plain build)"
        );
    }
    assert!(
        of("2:1.1.1g-12.ksplice1.el8_3")
            .iter()
            .any(|(answer, _)| *answer == AFFECTED)
    );
    assert!(
        of("2:1.1.1g-15.ksplice1.el8_3")
            .iter()
            .all(|(answer, _)| *answer == NOT)
    );
}

#[test]
fn azure_linux_names_source_packages() {
    let db = database(
        "azure-linux",
        &[
            ("2.0", "azurelinux/cbl-mariner-2.0-oval-excerpt.xml"),
            ("3.0", "azurelinux/azurelinux-3.0-oval-excerpt.xml"),
        ],
    );
    let of = |os: (&str, &str), name: &str, source: &str, version: &str, id: &str| {
        let mut package = rpm(name, version, "x86_64");
        package.fact.source = Some(plimsoll_model::fact::SourcePackage {
            name: source.to_owned(),
            version: version.to_owned(),
        });
        answer(&db, os, &package, id)
    };
    assert_eq!(
        of(
            ("azurelinux", "3.0"),
            "freeglut-devel",
            "freeglut",
            "3.2.1-1.azl3",
            "CVE-2024-24258"
        ),
        Some((AFFECTED, "[0, 3.4.0-1.azl3)".to_owned()))
    );
    let golang = |version: &str| {
        of(
            ("mariner", "2.0.20240101"),
            "golang",
            "golang",
            version,
            "CVE-2023-29404",
        )
    };
    assert_eq!(golang("1.18.1-1.cm2").map(|one| one.0), Some(NOT));
    assert_eq!(golang("1.20.5-1.cm2").map(|one| one.0), Some(AFFECTED));
    assert_eq!(golang("1.20.7-1.cm2").map(|one| one.0), Some(NOT));
}

#[test]
fn suse_s_service_packs_are_releases() {
    let slice = Slice::new().document(
        "suse",
        "server.15",
        &sample("suse/suse.linux.enterprise.server.15-excerpt.xml"),
    );
    let db = slice.database();
    let of = |version: &str, name: &str, installed: &str, id: &str| {
        answer(&db, ("sles", version), &rpm(name, installed, "x86_64"), id).map(|one| one.0)
    };
    assert!(
        db.ecosystems().iter().any(|key| key == "SUSE:15.1"),
        "{:?}",
        db.ecosystems()
    );
    assert_eq!(
        of(
            "15.1",
            "reiserfs-kmp-default",
            "4.12.14-197.80.1",
            "CVE-2021-29154"
        ),
        Some(AFFECTED)
    );
    assert_eq!(
        of(
            "15.1",
            "reiserfs-kmp-default",
            "4.12.14-197.89.2",
            "CVE-2021-29154"
        ),
        Some(NOT)
    );
    assert_eq!(
        of(
            "15",
            "reiserfs-kmp-default",
            "4.12.14-150.72.1",
            "CVE-2021-29154"
        ),
        Some(NOT)
    );
}

#[test]
fn photon_in_both_formats() {
    let db = database("photon", &[("3", "photon/com.vmware.phsa-photon3.xml.gz")]);
    let found = ask(
        &db,
        ("photon", "3.0"),
        &rpm("sqlite-libs", "3.27.2-4.ph3", "x86_64"),
        "CVE-2019-16168",
    );
    let found = found.expect("it is affected");
    assert_eq!(
        (found.reason.rule.as_str(), found.vulnerability.severity),
        ("[0, 3.27.2-5.ph3)", Severity::High)
    );
    let table = br#"[
        {"cve_id": "CVE-2020-1", "pkg": "curl", "cve_score": 7.5, "aff_ver": "all versions before 7.61.1-5.ph3 are vulnerable", "res_ver": "7.61.1-5.ph3"},
        {"cve_id": "CVE-2020-2", "pkg": "curl", "cve_score": 0, "aff_ver": "all versions are vulnerable", "res_ver": "NA"},
        {"pkg": 3}]"#;
    let slice = Slice::new().document("photon", "3.0", table);
    assert_eq!(slice.problems.len(), 1);
    let db = slice.database();
    let curl = rpm("curl", "7.61.1-4.ph3", "x86_64");
    let one = ask(&db, ("photon", "3.0"), &curl, "CVE-2020-1").expect("it is affected");
    assert_eq!(one.fix, FixState::Fixed(vec!["7.61.1-5.ph3".to_owned()]));
    assert_eq!(one.vulnerability.severity, Severity::High);
    let two = ask(&db, ("photon", "3.0"), &curl, "CVE-2020-2").expect("it is affected");
    assert_eq!(
        (two.fix, two.vulnerability.severity),
        (FixState::NotFixed, Severity::Unknown)
    );
}

#[test]
fn fedora_s_updates_are_read() {
    let folder = shared().join("feeds/samples/fedora");
    let mut slice = Slice::new();
    for entry in fs::read_dir(folder).expect("the samples") {
        let name = entry
            .expect("an entry")
            .file_name()
            .into_string()
            .expect("a name");
        slice = slice.document("fedora", "x", &sample(&format!("fedora/{name}")));
    }
    assert_eq!(slice.problems, []);
    let db = slice.database();
    let httpd = |version: &str| {
        answer(
            &db,
            ("fedora", "36"),
            &rpm("httpd", version, "x86_64"),
            "CVE-2006-20001",
        )
        .map(|one| one.0)
    };
    assert_eq!(httpd("2.4.54-5.fc36"), Some(AFFECTED));
    assert_eq!(httpd("2.4.55-1.fc36"), Some(NOT));
    let known = db.ecosystems();
    assert!(
        known.iter().any(|key| key == "EPEL:7 (single documents)"),
        "{known:?}"
    );
}

#[test]
fn open_euler_names_files_of_packages() {
    let db = database(
        "openeuler",
        &[
            (
                "2025/csaf-openeuler-cve-2025-0240",
                "openeuler/csaf/csaf-openeuler-cve-2025-0240.json",
            ),
            (
                "2022/csaf-openeuler-cve-2022-0135",
                "openeuler/csaf/csaf-openeuler-cve-2022-0135.json",
            ),
        ],
    );
    let of = |version: &str| {
        let mut facts = image(
            Some(("openeuler", "24.03")),
            vec![rpm("firefox", version, "x86_64")],
        );
        if let Some(os) = &mut facts.os {
            os.release.pretty = Some("openEuler 24.03 (LTS-SP1)".to_owned());
        }
        let all = candidates(&facts, 0, &db);
        all.matches.first().map(|one| one.answer)
    };
    assert_eq!(of("128.5.0-1.oe2403sp1"), Some(AFFECTED));
    assert_eq!(
        of("1:128.5.0-1.oe2403sp1"),
        Some(AFFECTED),
        "files bear no epoch"
    );
    assert_eq!(of("128.6.0-1.oe2403sp1"), Some(NOT));
}

/// The other way to Red Hat's errata, and those of openEuler and Rocky Linux, as OSV has them.
#[test]
fn distributions_in_osv() {
    let read = |path: &str| -> serde_json::Value {
        serde_json::from_slice(&sample(path)).expect("it is JSON")
    };
    let red_hat = Slice::new().osv("Red Hat", &[read("osv/Red-Hat/RHSA-2018:3140.json")]);
    assert_eq!(red_hat.problems, []);
    let db = red_hat.database();
    let found = ask(
        &db,
        ("rhel", "7.6"),
        &rpm("PackageKit", "1.1.5-1.el7", "x86_64"),
        "CVE-2018-13988",
    );
    let found = found.expect("it is affected");
    assert_eq!(
        (found.answer, found.reason.rule.as_str()),
        (AFFECTED, "[0, 0:1.1.10-1.el7)")
    );
    let db = Slice::new()
        .osv("openEuler", &[read("osv/openEuler/OESA-2024-2048.json")])
        .database();
    let mut booth = rpm("booth-core", "1.0-6.oe2203sp3", "x86_64");
    booth.fact.source = Some(plimsoll_model::fact::SourcePackage {
        name: "booth".to_owned(),
        version: "1.0-6.oe2203sp3".to_owned(),
    });
    let mut facts = image(Some(("openeuler", "22.03")), vec![booth]);
    if let Some(os) = &mut facts.os {
        os.release.pretty = Some("openEuler 22.03 (LTS-SP3)".to_owned());
    }
    let all = candidates(&facts, 0, &db).matches;
    assert_eq!(
        all.first()
            .map(|one| (one.answer, one.vulnerability.id.as_str())),
        Some((AFFECTED, "CVE-2024-3049"))
    );
}

#[test]
fn arch_s_groups_are_read() {
    let db = database("arch", &[("", "arch/all.json")]);
    let of = |name: &str, version: &str, id: &str| {
        let facts = image(
            Some(("arch", "")),
            vec![package(Ecosystem::Alpm, name, version)],
        );
        let all = candidates(&facts, 0, &db).matches;
        let found = all.into_iter().find(|one| one.vulnerability.id == id);
        found.map(|one| (one.answer, one.fix, one.reason.rule))
    };
    assert_eq!(
        of("lib32-glibc", "2.38-1", "CVE-2023-4911"),
        Some((
            AFFECTED,
            FixState::Fixed(vec!["2.38-2".to_owned()]),
            "[0, 2.38-2); seen in 2.38-1".to_owned()
        ))
    );
    assert_eq!(
        of("lib32-glibc", "2.38-2", "CVE-2023-4911").map(|one| one.0),
        Some(NOT)
    );
    assert_eq!(
        of("openssl", "3.2.0rc1-1", "CVE-2024-5679").map(|one| one.0),
        Some(AFFECTED)
    );
    assert_eq!(
        of("pam", "1.7.1-1", "CVE-2025-6020").map(|one| (one.0, one.1)),
        Some((AFFECTED, FixState::NotFixed))
    );
    assert!(of("test-pkg", "0.9.0-1", "AVG-2222").is_some());
}

/// Every feed of this kind on documents that are cut off, empty or of another kind: an error, and never a panic.
#[test]
fn broken_documents_are_errors() {
    for (feed, name, path) in [
        ("arch", "", "arch/all.json"),
        (
            "azure-linux",
            "3.0",
            "azurelinux/azurelinux-3.0-oval-excerpt.xml",
        ),
        ("fedora", "x", "fedora/FEDORA-2023-6d4055d482.json"),
        (
            "openeuler",
            "x",
            "openeuler/csaf/csaf-openeuler-cve-2025-0240.json",
        ),
        ("oracle", "", "oracle/com.oracle.elsa-excerpt.xml"),
        ("photon", "3", "photon/com.vmware.phsa-photon3.xml.gz"),
        ("redhat", "x", "redhat/vex/cve-2026-0968.json"),
        ("redhat-oval", "x", "redhat/oval/rhel-8-rpm-unpatched.xml"),
        (
            "suse",
            "server.15",
            "suse/suse.linux.enterprise.server.15-excerpt.xml",
        ),
    ] {
        let bytes = sample(path);
        let length = bytes.len().min(60_000);
        for end in [0, 1, length / 3, length / 2, length.min(bytes.len() - 3)] {
            let cut = &bytes[..end];
            assert!(
                feeds::parse_bytes(feed, name, cut).is_err(),
                "{feed} cut at {end}"
            );
        }
        for other in [
            b"<html></html>".as_slice(),
            b"[]",
            b"{}",
            b"\xff\xfe\x00",
            b"null",
            b"\x1f\x8b\x08",
        ] {
            let read = feeds::parse_bytes(feed, name, other);
            assert!(read.map_or(true, |all| all.is_empty()), "{feed}: {other:?}");
        }
    }
    for (feed, name) in [("updateinfo", "rocky-9"), ("bottlerocket", "")] {
        for other in [
            b"".as_slice(),
            b"<updates>",
            b"<updates><update></updates>",
            b"{}",
            b"<repomd/>",
        ] {
            assert!(
                feeds::parse_bytes(feed, name, other).is_err(),
                "{feed}: {other:?}"
            );
        }
    }
}

/// One byte changed, anywhere: read or refused, and never a panic.
#[test]
fn changed_bytes_never_panic() {
    let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
    let mut random = move |below: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        usize::try_from(seed % below as u64).expect("it is below a length")
    };
    for (feed, name, path) in [
        ("arch", "", "arch/all.json"),
        (
            "azure-linux",
            "2.0",
            "azurelinux/cbl-mariner-2.0-oval-excerpt.xml",
        ),
        ("fedora", "x", "fedora/FEDORA-EPEL-2017-a8886eb42e.json"),
        (
            "openeuler",
            "x",
            "openeuler/csaf/csaf-openeuler-cve-2025-0240.json",
        ),
        ("oracle", "", "oracle/com.oracle.elsa-excerpt-ksplice.xml"),
        ("redhat", "x", "redhat/vex/cve-2026-27142.json"),
        ("redhat-oval", "x", "redhat/oval/rhel-8-rpm-unpatched.xml"),
        (
            "suse",
            "x",
            "suse/suse.linux.enterprise.server.15-excerpt.xml",
        ),
    ] {
        let sound = sample(path);
        for _ in 0..60 {
            let mut bytes = sound.clone();
            for _ in 0..=random(3) {
                let place = random(bytes.len());
                bytes[place] = b"<>&\"{}[]:,0-~\xff"[random(14)];
            }
            crate::fuzz::feed(feed, name, &bytes);
        }
    }
}
