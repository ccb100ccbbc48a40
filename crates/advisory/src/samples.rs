//! The feeds of RPM distributions on documents that upstreams published.

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

/// Fixes of several branches of one release, of a release with longer support, and a release that never had it.
#[test]
fn t5_red_hat_has_a_fix_for_each_branch() {
    let db = database(
        "redhat",
        &[("2023/cve-2023-38545", "redhat/vex/cve-2023-38545.json")],
    );
    let id = "CVE-2023-38545";
    for (version, expected) in [
        ("7.76.1-14.el9", AFFECTED),
        ("7.76.1-23.el9_2.2", AFFECTED),
        ("7.76.1-23.el9_2.4", NOT),
        ("7.76.1-26.el9", AFFECTED),
        ("7.76.1-26.el9_3.1", AFFECTED),
        ("7.76.1-26.el9_3.2", NOT),
        ("7.76.1-29.el9_4", NOT),
        // The branch of 9.0 has a fix under a lower number than the release.
        ("7.76.1-14.el9_0.8", AFFECTED),
        ("7.76.1-14.el9_0.9", NOT),
    ] {
        let found = answer(&db, ("rhel", "9.2"), &rpm("libcurl", version, "x86_64"), id);
        assert_eq!(found.map(|(answer, _)| answer), Some(expected), "{version}");
    }
    let found = ask(
        &db,
        ("rhel", "9.2"),
        &rpm("libcurl", "7.76.1-26.el9_3.1", "x86_64"),
        id,
    );
    let found = found.expect("it is affected");
    assert_eq!(
        found.fix,
        FixState::Fixed(vec!["7.76.1-26.el9_3.2".to_owned()])
    );
    assert_eq!(found.reason.rule, "[7.76.1-23.el9_3, 7.76.1-26.el9_3.2)");
    assert_eq!(
        (
            found.vulnerability.severity,
            found.vulnerability.severity_source.as_str()
        ),
        (Severity::High, "redhat rating")
    );
    assert!(
        found
            .vulnerability
            .references
            .iter()
            .any(|one| one.contains("/errata/RHSA-2023:"))
    );
    let eight = answer(
        &db,
        ("rhel", "8.8"),
        &rpm("libcurl", "7.61.1-30.el8", "x86_64"),
        id,
    );
    assert_eq!(eight, Some((NOT, "∅ (never affected)".to_owned())));
}

#[test]
fn a_vendor_s_single_document_says_nothing_of_other_packages() {
    let db = database(
        "redhat",
        &[("2026/cve-2026-0968", "redhat/vex/cve-2026-0968.json")],
    );
    let facts = image(
        Some(("rhel", "9.4")),
        vec![rpm("zlib", "1.2.11-40.el9", "x86_64")],
    );
    let all = candidates(&facts, 0, &db);
    assert_eq!(all.matches, []);
    let told = |one: &&plimsoll_model::Problem| one.reason.contains(SINGLE_DOCUMENTS);
    let told = all.problems.iter().find(told);
    assert_eq!(told.map(|one| one.effect), Some(Effect::Blind));
}

/// What will not be repaired, is put off or is out of support is there all the same.
#[test]
fn t9_red_hat_s_states_are_kept() {
    let db = database(
        "redhat",
        &[
            (
                "2024/cve-2024-0727",
                "redhat/vex/cve-2024-0727-excerpt.json",
            ),
            ("2026/cve-2026-0968", "redhat/vex/cve-2026-0968.json"),
            ("2023/cve-2023-3961", "redhat/vex/cve-2023-3961.json"),
        ],
    );
    let libssh = |release: &str| {
        ask(
            &db,
            ("rhel", release),
            &rpm("libssh", "0.9.6-14.el8", "x86_64"),
            "CVE-2026-0968",
        )
    };
    let deferred = libssh("8.10").expect("it is affected");
    assert_eq!(
        (deferred.answer, &deferred.fix),
        (AFFECTED, &FixState::NotFixed)
    );
    assert_eq!(deferred.reason.rule, "[0, ∞); Fix deferred");
    assert_eq!(deferred.vulnerability.severity, Severity::Low);
    let open = libssh("9.4").expect("it is affected");
    assert_eq!(open.reason.rule, "[0, ∞); Affected");
    // Flaws of libssh2 are another matter (trap T7).
    assert!(libssh("7.9").is_none());
    let openssl = ask(
        &db,
        ("rhel", "7.9"),
        &rpm("openssl-libs", "1:1.0.2k-26.el7_9", "x86_64"),
        "CVE-2024-0727",
    );
    let openssl = openssl.expect("it is affected");
    assert_eq!(
        (openssl.answer, &openssl.fix),
        (AFFECTED, &FixState::WillNotFix)
    );
    assert!(
        openssl.reason.rule.contains("Out of support scope"),
        "{}",
        openssl.reason.rule
    );
    // The document names the source package alone.
    let mut samba = rpm("samba-common-libs", "4.17.5-102.el9", "x86_64");
    samba.fact.source = Some(plimsoll_model::fact::SourcePackage {
        name: "samba".to_owned(),
        version: "4.17.5-102.el9".to_owned(),
    });
    let found = ask(&db, ("rhel", "9.2"), &samba, "CVE-2023-3961").expect("it is affected");
    assert_eq!(
        (found.answer, found.reason.looked_up.as_str()),
        (AFFECTED, "samba.src")
    );
    // Its branch for 9.0 has a fix.
    let mut eus = rpm("samba-common-libs", "4.15.5-111.el9_0", "x86_64");
    eus.fact.source.clone_from(&samba.fact.source);
    assert_eq!(
        ask(&db, ("rhel", "9.0"), &eus, "CVE-2023-3961").map(|one| one.answer),
        Some(NOT)
    );
}

/// Streams of one module, in the chain of relations and in the package URL.
#[test]
fn t4_red_hat_s_modules_are_kept_apart() {
    let db = database(
        "redhat",
        &[
            ("2024/cve-2024-7348", "redhat/vex/cve-2024-7348.json.gz"),
            (
                "2025/cve-2025-40907",
                "redhat/vex/cve-2025-40907-excerpt.json",
            ),
        ],
    );
    let postgresql = |module: Option<&str>, version: &str| {
        let mut package = rpm("postgresql", version, "x86_64");
        package.fact.module = module.map(str::to_owned);
        answer(&db, ("rhel", "8.10"), &package, "CVE-2024-7348").map(|(answer, _)| answer)
    };
    let of_ten = "module+el8.10.0+1+aaaa";
    assert_eq!(
        postgresql(Some("postgresql:12"), &format!("12.19-1.{of_ten}")),
        Some(AFFECTED)
    );
    assert_eq!(
        postgresql(
            Some("postgresql:12:8100020240814102525:489197e6"),
            "12.20-1.module+el8.10.0+22214+9beb89d6"
        ),
        Some(NOT)
    );
    assert_eq!(
        postgresql(Some("postgresql:15"), &format!("15.7-1.{of_ten}")),
        Some(AFFECTED)
    );
    assert_eq!(postgresql(None, "10.23-1.el8"), Some(NOT));
}

#[test]
fn every_vex_sample_is_read() {
    let mut covered = 0;
    for entry in fs::read_dir(shared().join("feeds/samples/redhat/vex")).expect("the samples") {
        let name = entry
            .expect("an entry")
            .file_name()
            .into_string()
            .expect("a name");
        let db = database("redhat", &[("x", &format!("redhat/vex/{name}"))]);
        covered += db.ecosystems().len();
        let id = name
            .split(['.'])
            .next()
            .expect("an id")
            .trim_end_matches("-excerpt")
            .to_uppercase();
        assert!(!db.find(&id).expect("it can be read").is_empty(), "{id}");
    }
    assert!(covered > 30, "{covered}");
}

/// The archive holds the same documents.
#[test]
fn red_hat_s_archive_is_read_as_a_stream() {
    let bytes = sample("redhat/vex/cve-2023-38545.json");
    let mut archive = tar::Builder::new(Vec::new());
    for (name, bytes) in [
        ("2023/cve-2023-38545.json", bytes.as_slice()),
        ("2023/cve-2023-1.json", b"{\"broken\": "),
        ("index.txt", b"x"),
    ] {
        let mut header = tar::Header::new_ustar();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        header.set_cksum();
        archive
            .append_data(&mut header, name, bytes)
            .expect("memory takes it");
    }
    let archive = archive.into_inner().expect("memory takes it");
    let packed = zstd::bulk::compress(&archive, 1).expect("memory takes it");
    let slice = Slice::new().document("redhat", "", &packed);
    assert_eq!(slice.problems.len(), 1);
    assert!(slice.problems[0].0.ends_with("cve-2023-1.json"));
    let db = slice.database();
    let found = answer(
        &db,
        ("rhel", "9.2"),
        &rpm("libcurl", "7.76.1-14.el9", "x86_64"),
        "CVE-2023-38545",
    );
    assert_eq!(found.map(|(answer, _)| answer), Some(AFFECTED));
    assert!(feeds::parse_bytes("redhat", "", &packed[..packed.len() / 2]).is_err());
    assert!(feeds::parse_bytes("redhat", "", b"").is_err());
}

/// Definitions of fixes and of flaws without one, with modules and states.
#[test]
fn red_hat_s_oval() {
    let fixed = database(
        "redhat-oval",
        &[
            ("rhel-8", "redhat/oval/rhel-8.oval-excerpt.xml"),
            ("rhel-9", "redhat/oval/rhel-9.oval-excerpt.xml"),
            ("rhel-7", "redhat/oval/rhel-7.oval-excerpt.xml"),
        ],
    );
    let firefox = ask(
        &fixed,
        ("rhel", "8.8"),
        &rpm("firefox", "102.14.0-1.el8_8", "x86_64"),
        "CVE-2023-4863",
    );
    let firefox = firefox.expect("it is affected");
    assert_eq!(firefox.reason.rule, "[0, 102.15.1-1.el8_8)");
    assert_eq!(firefox.reason.record, "RHSA-2023:5184");
    let mut module = rpm("postgresql", "13.12-1.module+el8.8.0+1+a", "x86_64");
    module.fact.module = Some("postgresql:13".to_owned());
    let facts = image(Some(("rhel", "8.9")), vec![module.clone()]);
    let all = candidates(&facts, 0, &fixed).matches;
    let counts = |wanted: Applicability| all.iter().filter(|one| one.answer == wanted).count();
    assert!(counts(AFFECTED) > 0, "{all:?}");

    let open = database(
        "redhat-oval",
        &[("rhel-8", "redhat/oval/rhel-8-rpm-unpatched.xml")],
    );
    let found = ask(
        &open,
        ("rhel", "8.9"),
        &rpm("rpm-libs", "4.14.3-26.el8", "x86_64"),
        "CVE-2021-35937",
    );
    let found = found.expect("it is affected");
    assert_eq!(
        (found.reason.rule.as_str(), &found.fix),
        ("[0, ∞); Affected", &FixState::NotFixed)
    );
    assert_eq!(found.vulnerability.worst_score(), Some(6.3));
}

/// Whole documents of the first version of the format.
#[test]
fn red_hat_s_old_oval_is_read_whole() {
    for path in [
        "redhat/oval/com.redhat.rhsa-RHEL8.xml.gz",
        "redhat/oval/Red_Hat_Enterprise_Linux_3.xml.gz",
        "redhat/oval/com.redhat.rhsa-20201980.xml",
    ] {
        let slice = Slice::new().document("redhat-oval", "x", &sample(path));
        let reasons: Vec<_> = slice.problems.iter().take(5).collect();
        assert!(slice.problems.len() < 20, "{path}: {reasons:?}");
        assert!(slice.database().counts().claims > 10, "{path}");
    }
}

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

/// Every document of a list, and one that is not there.
#[test]
fn open_euler_s_list_covers_what_it_holds() {
    let names = [
        "csaf-openeuler-cve-2022-0135.json",
        "csaf-openeuler-cve-2025-0240.json",
    ];
    let covered = |list: &str| {
        let folder = tempfile::tempdir().expect("a folder");
        let place = folder.path().join("openeuler/cve");
        fs::create_dir_all(&place).expect("it can be made");
        for name in names {
            let bytes = sample(&format!("openeuler/csaf/{name}"));
            fs::write(place.join(name), bytes).expect("it can be written");
        }
        fs::write(place.join("index.txt"), list).expect("it can be written");
        let out = folder.path().join("out.db");
        let report = crate::build(folder.path(), &out).map_err(|error| error.to_string())?;
        let db = Database::open(&out).expect("it opens");
        let single = db
            .ecosystems()
            .iter()
            .filter(|key| key.contains("single"))
            .count();
        Ok::<_, String>((db.ecosystems().len(), single, report.problems.len()))
    };
    let whole = covered(&names.join("\n")).expect("it builds");
    assert!(whole.0 > 0 && whole.1 == 0 && whole.2 == 0, "{whole:?}");
    let part = covered(&format!("{}\nmissing.json\n", names.join("\n"))).expect("it builds");
    assert!(part.0 > 0 && part.1 == part.0 && part.2 == 1, "{part:?}");
    for list in ["", "missing.json", "../../../../etc/passwd"] {
        assert!(covered(list).is_err(), "{list}");
    }
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
