//! Red Hat: VEX documents one by one and as the archive, and OVAL of both versions.

use super::*;

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
