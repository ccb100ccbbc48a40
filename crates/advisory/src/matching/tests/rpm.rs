//! What holds for packages of RPM distributions.

use super::*;

/// `updateinfo.xml` with some errata.
fn updateinfo(errata: &str) -> String {
    format!("<?xml version=\"1.0\"?><updates>{errata}</updates>")
}

fn erratum(id: &str, severity: &str, cve: &str, packages: &str) -> String {
    format!(
        "<update from=\"x\" status=\"final\" type=\"security\" version=\"1\"><id>{id}</id><title>{id}</title>\
         <severity>{severity}</severity><issued date=\"2024-01-02 03:04:05\"/><updated date=\"2024-02-03\"/>\
         <description>Text &amp; more</description><references>\
         <reference href=\"https://cve.example/{cve}\" id=\"{cve}\" type=\"cve\"/></references>\
         <pkglist><collection short=\"c\"><name>c</name>{packages}</collection></pkglist></update>"
    )
}

fn entry(name: &str, version: &str, release: &str, arch: &str) -> String {
    format!(
        "<package name=\"{name}\" version=\"{version}\" release=\"{release}\" epoch=\"0\" arch=\"{arch}\"><filename>f</filename></package>"
    )
}

fn rpm(name: &str, version: &str, architecture: &str) -> Package {
    let mut package = package(Ecosystem::Rpm, name, version);
    package.fact.architecture = Some(architecture.to_owned());
    package
}

fn answers_of(db: &Database, os: (&str, &str), installed: Package) -> Vec<(Applicability, String)> {
    let facts = image(Some(os), vec![installed]);
    let found = candidates(&facts, 0, db);
    found
        .matches
        .into_iter()
        .map(|one| (one.answer, one.reason.rule))
        .collect()
}

/// An organisation that mirrors a repository has its errata, in whatever form the repository keeps them.
#[test]
fn a_mirror_of_a_repository_is_a_feed() {
    let text = updateinfo(&erratum(
        "RLSA-2024:1",
        "Important",
        "CVE-2024-1001",
        &(entry("openssl-libs", "3.0.7", "25.el9_3", "x86_64")
            + &entry("openssl", "3.0.7", "25.el9_3", "src")),
    ));
    let db = Slice::new()
        .document("updateinfo", "rocky-9-baseos", text.as_bytes())
        .database();
    let facts = image(
        Some(("rocky", "9.3")),
        vec![rpm("openssl-libs", "3.0.7-24.el9", "x86_64")],
    );
    let found = match_packages(&facts, &db);
    assert_eq!(
        told(&found.matches),
        [(
            "CVE-2024-1001",
            Applicability::Affected,
            "[0, 3.0.7-25.el9_3)"
        )]
    );
    let one = &found.matches[0];
    assert_eq!(
        (one.reason.feed.as_str(), one.reason.record.as_str()),
        ("updateinfo/rocky-9-baseos", "RLSA-2024:1")
    );
    assert_eq!(one.vulnerability.severity, Severity::High);
    let since = one.fix_since.map(|since| since.to_string());
    assert_eq!(since.as_deref(), Some("2024-01-02T03:04:05Z"));
    assert_eq!(one.vulnerability.description, "Text & more");
    assert_eq!(
        one.vulnerability.references[0],
        "https://cve.example/CVE-2024-1001"
    );
    assert_eq!(
        answers_of(
            &db,
            ("rocky", "9.3"),
            rpm("openssl-libs", "3.0.7-25.el9_3", "x86_64")
        )[0]
        .0,
        Applicability::NotAffected
    );

    // The same below `repodata`, with the file under the name that `repomd.xml` gives it.
    let folder = tempfile::tempdir().expect("a folder");
    let repodata = folder.path().join("updateinfo/rocky-9-baseos/repodata");
    std::fs::create_dir_all(&repodata).expect("it can be made");
    let packed = zstd::bulk::compress(text.as_bytes(), 1).expect("memory takes it");
    std::fs::write(repodata.join("abc-updateinfo.xml.zst"), packed).expect("it can be written");
    std::fs::write(
        repodata.join("repomd.xml"),
        "<repomd><data type=\"primary\"><location href=\"repodata/p.xml\"/></data>\
         <data type=\"updateinfo\"><location href=\"repodata/abc-updateinfo.xml.zst\"/></data></repomd>",
    )
    .expect("it can be written");
    let out = folder.path().join("out.db");
    let report = crate::build(folder.path(), &out).expect("it builds");
    assert_eq!(
        report.documents,
        ["updateinfo/rocky-9-baseos/repodata/repomd.xml"]
    );
    let db = Database::open(&out).expect("it opens");
    assert_eq!(match_packages(&facts, &db).matches.len(), 1);
    // An address that leads out of the mirror is refused.
    std::fs::write(
        repodata.join("repomd.xml"),
        "<repomd><data type=\"updateinfo\"><location href=\"../../../../../etc/passwd\"/></data></repomd>",
    )
    .expect("it can be written");
    let error = crate::build(folder.path(), &out)
        .expect_err("it leads out")
        .to_string();
    assert!(error.contains("not in the mirror"), "{error}");
}

/// Errata of repositories name binary packages, also where the distribution's other advisories name their sources.
#[test]
fn errata_of_a_mirror_name_binary_packages() {
    let text = updateinfo(&erratum(
        "AZL-2024-1",
        "Important",
        "CVE-2024-1001",
        &entry("nspr-libs", "4.35", "2.azl3", "x86_64"),
    ));
    for (folder, os) in [
        ("azurelinux-3.0", ("azurelinux", "3.0")),
        ("mageia-9", ("mageia", "9")),
    ] {
        let db = Slice::new()
            .document("updateinfo", folder, text.as_bytes())
            .database();
        let mut installed = rpm("nspr-libs", "4.35-1.azl3", "x86_64");
        installed.fact.source = Some(plimsoll_model::fact::SourcePackage {
            name: "nspr".to_owned(),
            version: "4.35-1.azl3".to_owned(),
        });
        let answers = answers_of(&db, os, installed);
        assert_eq!(
            answers,
            [(Applicability::Affected, "[0, 4.35-2.azl3)".to_owned())],
            "{folder}"
        );
    }
}

/// A folder whose name is no release would put the errata nowhere.
#[test]
fn a_mirror_must_name_its_release() {
    let error = crate::feeds::parse_bytes("updateinfo", "baseos", updateinfo("").as_bytes());
    assert!(
        error
            .expect_err("no release")
            .to_string()
            .contains("ID and the VERSION_ID")
    );
}

/// Longer numbers are snapshots of one release, and topics of extras are apart from each other.
#[test]
fn t14_amazon_linux_has_snapshots_and_topics() {
    let core = updateinfo(&erratum(
        "ALAS2023-2024-1",
        "medium",
        "CVE-2024-1001",
        &entry("curl", "8.5.0", "1.amzn2023.0.1", "x86_64"),
    ));
    let php = updateinfo(&erratum(
        "ALAS2PHP8.0-2024-1",
        "medium",
        "CVE-2024-1002",
        &entry("php", "8.0.30", "1.amzn2", "x86_64"),
    ));
    let db = Slice::new()
        .document("updateinfo", "amzn-2023-core", core.as_bytes())
        .document("updateinfo", "amzn-2-php8.0", php.as_bytes())
        .document("updateinfo", "amzn-2-php7.4", updateinfo("").as_bytes())
        .document("updateinfo", "amzn-2-core", updateinfo("").as_bytes())
        .database();
    for version in ["2023", "2023.3.20240304"] {
        let found = answers_of(
            &db,
            ("amzn", version),
            rpm("curl", "8.4.0-1.amzn2023.0.1", "x86_64"),
        );
        assert_eq!(found[0].0, Applicability::Affected, "{version}");
    }
    let php = |repository: Option<&str>| {
        let mut installed = rpm("php", "7.4.33-1.amzn2", "x86_64");
        installed.repository = repository.map(str::to_owned);
        answers_of(&db, ("amzn", "2"), installed)
    };
    assert_eq!(php(Some("amzn2extra-php8.0"))[0].0, Applicability::Affected);
    assert_eq!(
        php(Some("amzn2extra-php7.4")),
        [(
            Applicability::NotAffected,
            "∅ (for the topic php8.0, and this package is of php7.4)".to_owned()
        )]
    );
    assert_eq!(php(Some("amzn2-core"))[0].0, Applicability::NotAffected);
    assert_eq!(
        php(None)[0].0,
        Applicability::Affected,
        "nothing tells where it is from"
    );
}

/// An erratum of one architecture says nothing of another; 32-bit libraries belong to 64-bit systems.
#[test]
fn t13_architectures_are_kept_apart() {
    let text = updateinfo(&erratum(
        "ALAS2-2024-1",
        "low",
        "CVE-2024-1001",
        &entry("kernel-tools", "5.10", "2", "aarch64"),
    ));
    let db = Slice::new()
        .document("updateinfo", "amzn-2", text.as_bytes())
        .database();
    let ask = |arch: &str| answers_of(&db, ("amzn", "2"), rpm("kernel-tools", "5.10-1", arch));
    assert_eq!(ask("aarch64")[0].0, Applicability::Affected);
    assert_eq!(ask("noarch")[0].0, Applicability::Affected);
    assert_eq!(
        ask("x86_64"),
        [(
            Applicability::NotAffected,
            "∅ (for aarch64, and this package is for x86_64)".to_owned()
        )]
    );
}

/// A build for one flavour has numbers that say nothing of another.
#[test]
fn t12_flavours_are_kept_apart() {
    let text = updateinfo(
        &(erratum(
            "ELSA-2024-1",
            "important",
            "CVE-2024-1001",
            &entry("gnutls", "3.6.16", "8.el8_9", "x86_64"),
        ) + &erratum(
            "ELSA-2024-2",
            "important",
            "CVE-2024-1001",
            &entry("gnutls", "3.6.16", "9.el8_9_fips", "x86_64"),
        )),
    );
    let db = Slice::new()
        .document("updateinfo", "ol-8", text.as_bytes())
        .database();
    let ask = |version: &str| {
        let facts = image(Some(("ol", "8.9")), vec![rpm("gnutls", version, "x86_64")]);
        match_packages(&facts, &db).matches.len()
    };
    assert_eq!(ask("3.6.16-8.el8_9"), 0, "the plain build has its fix");
    assert_eq!(ask("3.6.16-7.el8_9"), 1);
    assert_eq!(
        ask("10:3.6.16-8.el8_9_fips"),
        0,
        "10: is the FIPS build's epoch"
    );
    assert_eq!(ask("3.6.16-8.el8_9_fips"), 1);
}

/// Errata for two branches of one release: that of the package's own branch decides.
#[test]
fn t5_the_erratum_of_the_own_branch_decides() {
    let text = updateinfo(
        &(erratum(
            "RLSA-2024:1",
            "Important",
            "CVE-2024-1001",
            &entry("curl", "7.76.1", "23.el9_2.4", "x86_64"),
        ) + &erratum(
            "RLSA-2024:2",
            "Important",
            "CVE-2024-1001",
            &entry("curl", "7.76.1", "26.el9_3.2", "x86_64"),
        )),
    );
    let db = Slice::new()
        .document("updateinfo", "rocky-9", text.as_bytes())
        .database();
    for (version, affected) in [
        ("7.76.1-23.el9_2.2", true),
        ("7.76.1-23.el9_2.4", false),
        ("7.76.1-26.el9_3.1", true),
        ("7.76.1-26.el9_3.2", false),
        ("7.76.1-26.el9", true),
        ("7.76.1-29.el9_4", false),
    ] {
        let facts = image(Some(("rocky", "9.3")), vec![rpm("curl", version, "x86_64")]);
        assert_eq!(
            !match_packages(&facts, &db).matches.is_empty(),
            affected,
            "{version}"
        );
    }
}

/// CentOS Stream runs ahead of the release that bears its number.
#[test]
fn t15_centos_stream_is_not_the_release() {
    let text = updateinfo(&erratum(
        "RHSA-2024:1",
        "Important",
        "CVE-2024-1001",
        &entry("curl", "7.76.1", "26.el9_3.2", "x86_64"),
    ));
    let db = Slice::new()
        .document("updateinfo", "rhel-9-baseos", text.as_bytes())
        .database();
    let ask = |id: &str, pretty: &str| {
        let mut facts = image(
            Some((id, "9")),
            vec![rpm("curl", "7.76.1-21.el9", "x86_64")],
        );
        if let Some(os) = &mut facts.os {
            os.release.pretty = Some(pretty.to_owned());
        }
        match_packages(&facts, &db)
    };
    let stream = ask("centos", "CentOS Stream 9");
    assert_eq!(stream.matches, []);
    assert_eq!(stream.problems[0].effect, Effect::Blind);
    let rebuild = ask("centos", "CentOS Linux 9");
    assert_eq!(
        rebuild.matches[0].answer,
        Applicability::Unknown,
        "by likeness"
    );
    assert_eq!(
        ask("rhel", "Red Hat Enterprise Linux 9").matches[0].answer,
        Applicability::Affected
    );
}

/// A distribution of which the database has nothing is judged by a relative, and that is said.
#[test]
fn t37_a_missing_feed_is_filled_by_likeness() {
    let text = updateinfo(&erratum(
        "RLSA-2024:1",
        "Important",
        "CVE-2024-1001",
        &entry("curl", "7.76.1", "26.el9_3.2", "x86_64"),
    ));
    let db = Slice::new()
        .document("updateinfo", "rocky-9", text.as_bytes())
        .database();
    let facts = image(
        Some(("ol", "9.3")),
        vec![rpm("curl", "7.76.1-21.el9", "x86_64")],
    );
    let found = match_packages(&facts, &db);
    assert_eq!(found.matches[0].answer, Applicability::Unknown);
    let blind = found
        .problems
        .iter()
        .find(|one| one.effect == Effect::Blind);
    let blind = blind.expect("it is told");
    assert!(
        blind.reason.contains("those of Rocky Linux:9 were used"),
        "{blind:?}"
    );
}

/// Packages of EPEL are judged by EPEL's errata where the database has them, and are a gap elsewhere.
#[test]
fn t10_epel_is_judged_by_its_own_errata() {
    let update = json!({
        "alias": "FEDORA-EPEL-2024-1", "type": "security", "status": "stable", "severity": "urgent",
        "title": "nagios-4.4.14-1.el9", "date_stable": "2024-01-02 03:04:05",
        "release": {"version": "9", "id_prefix": "FEDORA-EPEL"},
        "bugs": [{"title": "CVE-2024-1001 nagios: flaw"}],
        "builds": [{"nvr": "nagios-4.4.14-1.el9", "type": "rpm", "epoch": 0}]});
    let rocky = updateinfo(&erratum(
        "RLSA-2024:1",
        "Low",
        "CVE-2024-1009",
        &entry("curl", "9", "1", "x86_64"),
    ));
    let with = Slice::new()
        .document("updateinfo", "rocky-9", rocky.as_bytes())
        .document(
            "fedora",
            "FEDORA-EPEL-2024-1",
            update.to_string().as_bytes(),
        )
        .database();
    let without = Slice::new()
        .document("updateinfo", "rocky-9", rocky.as_bytes())
        .database();
    let mut installed = rpm("nagios-common", "4.4.13-1.el9", "x86_64");
    installed.fact.maker = Some("Fedora Project".to_owned());
    installed.fact.source = Some(plimsoll_model::fact::SourcePackage {
        name: "nagios".to_owned(),
        version: "4.4.13-1.el9".to_owned(),
    });
    let facts = image(Some(("rocky", "9.3")), vec![installed]);
    let found = match_packages(&facts, &with);
    assert_eq!(
        told(&found.matches),
        [(
            "CVE-2024-1001",
            Applicability::Affected,
            "[0, 4.4.14-1.el9)"
        )]
    );
    assert_eq!(found.matches[0].vulnerability.severity, Severity::Critical);
    let gap = match_packages(&facts, &without);
    assert_eq!(gap.matches, []);
    assert_eq!(gap.problems[0].effect, Effect::Gap);
}

/// SUSE's fixed version of one binary package is not that of another of the same source.
#[test]
fn t34_suse_has_a_version_for_each_binary_package() {
    let mut record = osv(
        "SUSE-SU-2022:1",
        &[],
        "SUSE:Linux Enterprise Module for Basesystem 15 SP3",
        "qemu",
        &ranges(&json!([{"introduced": "0"}, {"fixed": "6.2.0-150300.1"}])),
    );
    record["affected"][0]["ecosystem_specific"] = json!({"binaries": [{"qemu": "6.2.0-150300.1", "qemu-vgabios": "1.15.0_0_g2dd4b9b-150300.1"}]});
    record["related"] = json!(["CVE-2022-1"]);
    let db = Slice::new().osv("SUSE", &[record]).database();
    let ask = |name: &str, version: &str| {
        let mut installed = rpm(name, version, "noarch");
        installed.fact.source = Some(plimsoll_model::fact::SourcePackage {
            name: "qemu".to_owned(),
            version: "5.2.0-1".to_owned(),
        });
        answers_of(&db, ("sles", "15.3"), installed)
    };
    assert_eq!(
        ask("qemu-vgabios", "1.15.0_0_g2dd4b9b-150300.1")[0].0,
        Applicability::NotAffected
    );
    assert_eq!(
        ask("qemu-vgabios", "1.14.0-1")[0].1,
        "[0, 1.15.0_0_g2dd4b9b-150300.1)"
    );
    assert_eq!(ask("qemu", "5.2.0-1")[0].0, Applicability::Affected);
}

/// Records that name source packages are held against the source's version.
#[test]
fn t2_source_names_of_rpm() {
    let mut record = osv(
        "RLSA-2021:3891",
        &[],
        "Rocky Linux:8",
        "java-11-openjdk",
        &ranges(&json!([{"introduced": "0"}, {"fixed": "1:11.0.13.0.8-1.el8_4"}])),
    );
    record["related"] = json!(["CVE-2021-35550"]);
    let db = Slice::new().osv("Rocky Linux", &[record]).database();
    let mut installed = rpm(
        "java-11-openjdk-headless",
        "1:11.0.12.0.7-0.el8_4",
        "x86_64",
    );
    installed.fact.source = Some(plimsoll_model::fact::SourcePackage {
        name: "java-11-openjdk".to_owned(),
        version: "1:11.0.12.0.7-0.el8_4".to_owned(),
    });
    let found = answers_of(&db, ("rocky", "8.4"), installed);
    assert_eq!(found[0].0, Applicability::Affected);
}

/// Modules are named in the errata of repositories.
#[test]
fn t4_modules_in_the_errata_of_repositories() {
    let with_module =
        "<module name=\"nodejs\" stream=\"18\" version=\"1\" context=\"c\" arch=\"x86_64\"/>"
            .to_owned()
            + &entry("nodejs", "18.19.0", "1.module+el8.9.0+1+a", "x86_64");
    let text = updateinfo(&erratum(
        "RLSA-2024:1",
        "Moderate",
        "CVE-2024-1001",
        &with_module,
    ));
    let db = Slice::new()
        .document("updateinfo", "rocky-8-appstream", text.as_bytes())
        .database();
    let ask = |module: &str, version: &str| {
        let mut installed = rpm("nodejs", version, "x86_64");
        installed.fact.module = Some(module.to_owned());
        answers_of(&db, ("rocky", "8.9"), installed)
    };
    assert_eq!(
        ask("nodejs:18:123:x", "1:18.18.0-1.module+el8.9.0+0+a")[0].0,
        Applicability::NotAffected,
        "a higher epoch"
    );
    assert_eq!(
        ask("nodejs:18:123:x", "18.18.0-1.module+el8.9.0+0+a")[0].0,
        Applicability::Affected
    );
    assert_eq!(
        ask("nodejs:16", "16.20.0-1.module+el8.9.0+0+a"),
        [(
            Applicability::NotAffected,
            "∅ (for the module nodejs:18, and this package is of nodejs:16)".to_owned()
        )]
    );
}

/// Errata of a distribution that were taken back, and such as repair no flaw.
#[test]
fn t77_errata_that_count_for_nothing() {
    let retracted = erratum(
        "RLSA-2024:1",
        "Low",
        "CVE-2024-1001",
        &entry("a", "2", "1", "x86_64"),
    )
    .replace("status=\"final\"", "status=\"retracted\"");
    let of_bugs =
        "<update type=\"bugfix\"><id>RLBA-2024:2</id><title>t</title><pkglist><collection>"
            .to_owned()
            + &entry("a", "3", "1", "x86_64")
            + "</collection></pkglist></update>";
    let text = updateinfo(&(retracted + &of_bugs));
    let db = Slice::new()
        .document("updateinfo", "rocky-8", text.as_bytes())
        .database();
    let facts = image(Some(("rocky", "8.9")), vec![rpm("a", "1-1", "x86_64")]);
    assert_eq!(match_packages(&facts, &db).matches, []);
    let all = candidates(&facts, 0, &db).matches;
    assert_eq!(all.len(), 1);
    assert_eq!(all[0].reason.rule, "∅ (the record was withdrawn)");
}

/// A folder with documents, built.
fn built_of(documents: &[(&str, &str)]) -> Result<Database, String> {
    let folder = tempfile::tempdir().expect("a folder");
    for (path, text) in documents {
        let file = folder.path().join(path);
        std::fs::create_dir_all(file.parent().expect("a folder")).expect("it can be made");
        std::fs::write(file, text).expect("it can be written");
    }
    let out = folder.path().join("out.db");
    crate::build(folder.path(), &out).map_err(|error| error.to_string())?;
    Ok(Database::open(&out).expect("it opens"))
}

fn blind(db: &Database, os: (&str, &str), installed: Package) -> bool {
    let found = match_packages(&image(Some(os), vec![installed]), db);
    found.problems.iter().any(|one| one.effect == Effect::Blind)
}

const REPOMD: &str =
    "<repomd><data type=\"updateinfo\"><location href=\"repodata/u.xml\"/></data></repomd>";

/// Traps T13 and T14: errata of one architecture or of extras alone do not make a release known.
#[test]
fn amazon_s_repositories_cover_a_release_together() {
    let errata = |id: &str, cve: &str, architecture: &str| {
        updateinfo(&erratum(
            id,
            "important",
            cve,
            &entry("openssl-libs", "3.0.8", "1.amzn2023.0.3", architecture),
        ))
    };
    let of = |architecture: &str| errata("ALAS2023-2023-1", "CVE-2023-0286", architecture);
    let (x86, arm) = (of("x86_64"), of("aarch64"));
    let extras = errata("ALAS2DOCKER-2023-1", "CVE-2023-0001", "x86_64");
    let os = ("amzn", "2023");
    let core = [
        ("amazon/2023-core-x86_64/repodata/repomd.xml", REPOMD),
        ("amazon/2023-core-x86_64/repodata/u.xml", x86.as_str()),
    ];
    let whole = [
        core[0],
        core[1],
        ("amazon/2023-core-aarch64/repodata/repomd.xml", REPOMD),
        ("amazon/2023-core-aarch64/repodata/u.xml", arm.as_str()),
    ];
    let one = built_of(&core).expect("it builds");
    let both = built_of(&whole).expect("it builds");
    for (architecture, db, answers, is_blind) in [
        ("x86_64", &one, vec![Applicability::Affected], true),
        ("x86_64", &both, vec![Applicability::Affected], false),
        ("aarch64", &both, vec![Applicability::Affected], false),
    ] {
        let old = rpm("openssl-libs", "3.0.8-1.amzn2023.0.1", architecture);
        let found = match_packages(&image(Some(os), vec![old.clone()]), db).matches;
        let found: Vec<_> = found.into_iter().map(|one| one.answer).collect();
        assert_eq!(
            (found, blind(db, os, old)),
            (answers, is_blind),
            "{architecture}"
        );
    }
    let extras = [
        ("amazon/2-docker-x86_64/repodata/repomd.xml", REPOMD),
        ("amazon/2-docker-x86_64/repodata/u.xml", extras.as_str()),
    ];
    let db = built_of(&extras).expect("it builds");
    assert!(blind(&db, ("amzn", "2"), rpm("zlib", "1-1", "x86_64")));
    for (path, text) in [
        ("amazon/2023-core-x86_64/repodata/repomd.xml", ""),
        ("amazon/2023-core-x86_64/repodata/repomd.xml", REPOMD),
        ("amazon/what/repodata/repomd.xml", REPOMD),
        (
            "amazon/2-docker-x86_64/repodata/repomd.xml",
            "<repomd><data",
        ),
    ] {
        assert!(built_of(&[(path, text)]).is_err(), "{path} {text}");
    }
}

fn bodhi_page(page: u64, pages: u64, total: u64, updates: &[(&str, &str)]) -> String {
    let updates: Vec<Value> = updates
        .iter()
        .map(|(alias, nvr)| {
            json!({"alias": alias, "type": "security", "status": "stable", "title": nvr,
                "release": {"version": "41", "id_prefix": "FEDORA"}, "builds": [{"nvr": nvr, "epoch": 0, "type": "rpm"}],
                "bugs": [{"title": "CVE-2024-1001 a flaw"}]})
        })
        .collect();
    json!({"updates": updates, "page": page, "pages": pages, "total": total, "rows_per_page": 2})
        .to_string()
}

/// All pages of a release say what there is; one page says what is on it.
#[test]
fn all_pages_of_bodhi_cover_a_release() {
    let first = bodhi_page(
        1,
        2,
        3,
        &[
            ("FEDORA-2024-1", "curl-8.9.1-2.fc41"),
            ("FEDORA-2024-2", "vim-9-1.fc41"),
        ],
    );
    // An update has moved from the first page to the second meanwhile.
    let second = bodhi_page(
        2,
        2,
        3,
        &[
            ("FEDORA-2024-2", "vim-9-1.fc41"),
            ("FEDORA-2024-3", "jq-2-1.fc41"),
        ],
    );
    let all = format!("{{\"pages\": [{first},\n{second}]}}");
    let os = ("fedora", "41");
    let mut old = rpm("libcurl", "8.9.1-1.fc41", "x86_64");
    old.fact.source = Some(plimsoll_model::fact::SourcePackage {
        name: "curl".to_owned(),
        version: "8.9.1-1.fc41".to_owned(),
    });
    let db = built_of(&[("fedora/F41/all.json", &all)]).expect("it builds");
    let found = match_packages(&image(Some(os), vec![old.clone()]), &db).matches;
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(!blind(&db, os, old.clone()));
    let db = built_of(&[("fedora/page.json", &first)]).expect("it builds");
    assert!(blind(&db, os, old.clone()));
    // Pages that somebody put together elsewhere may be of any question.
    assert!(built_of(&[("fedora/mine.json", &all)]).map_or(true, |db| blind(&db, os, old)));
    for broken in [
        format!("{{\"pages\": [{first}]}}"),
        format!("{{\"pages\": [{second}]}}"),
        format!("{{\"pages\": [{second}, {first}]}}"),
        format!(
            "{{\"pages\": [{}]}}",
            bodhi_page(1, 1, 5, &[("FEDORA-2024-1", "curl-8.9.1-2.fc41")])
        ),
        "{\"pages\": []}".to_owned(),
        "{\"pages\": [{}]}".to_owned(),
        format!("{{\"pages\": [{first}"),
    ] {
        assert!(
            built_of(&[("fedora/F41/all.json", &broken)]).is_err(),
            "{broken:.60}"
        );
    }
}

/// Every document of a list, and one that is not there.
#[test]
fn open_euler_s_list_covers_what_it_holds() {
    let names = [
        "csaf-openeuler-cve-2022-0135.json",
        "csaf-openeuler-cve-2025-0240.json",
    ];
    let folder = crate::slice::shared().join("feeds/samples/openeuler/csaf");
    let documents = names.map(|name| {
        let text = std::fs::read_to_string(folder.join(name)).expect("the sample can be read");
        (format!("openeuler/cve/{name}"), text)
    });
    let covered = |list: &str| {
        let list = [("openeuler/cve/index.txt", list)];
        let documents = documents
            .iter()
            .map(|(path, text)| (path.as_str(), text.as_str()));
        let documents: Vec<(&str, &str)> = documents.chain(list).collect();
        let db = built_of(&documents)?;
        let single = |key: &&String| key.contains("single");
        let singles = db.ecosystems().iter().filter(single).count();
        Ok::<_, String>((db.ecosystems().len(), singles))
    };
    let whole = covered(&names.join("\n")).expect("it builds");
    assert!(whole.0 > 0 && whole.1 == 0, "{whole:?}");
    let part = covered(&format!("{}\nmissing.json\n", names.join("\n"))).expect("it builds");
    assert!(part.0 > 0 && part.1 == part.0, "{part:?}");
    for list in ["", "missing.json", "../../../../etc/passwd"] {
        assert!(covered(list).is_err(), "{list}");
    }
}

/// containerd has an epoch there to go before another package, and no advisory tells it: every version was newer than
/// any repair. The summer of 2024 has versions of kits, which are newer than those of most packages.
#[test]
fn bottlerocket_compares_versions_alone() {
    let text = updateinfo(
        &(erratum(
            "BRSA-a",
            "high",
            "CVE-2026-53488",
            &entry(
                "containerd-1.7",
                "1.7.31",
                "1.1789756631.95b501a7.br1",
                "x86_64",
            ),
        ) + &erratum(
            "BRSA-b",
            "medium",
            "CVE-2024-41019",
            &entry("runc", "2.3.2", "4ce2fa8f", "x86_64"),
        )),
    );
    let db = Slice::new()
        .document("bottlerocket", "", text.as_bytes())
        .database();
    let ask = |name: &str, version: &str| {
        let installed = rpm(name, version, "x86_64");
        answers_of(&db, ("bottlerocket", "1.26.1"), installed)
    };
    let rule = "[0, 1.7.31)".to_owned();
    for (version, answer) in [
        (
            "1:1.7.25-1.1740525475.e3a5862c.br1",
            Applicability::Affected,
        ),
        (
            "1:1.7.31-1.1700000000.e3a5862c.br1",
            Applicability::NotAffected,
        ),
        (
            "1.7.36-1.1789756631.95b501a7.br1",
            Applicability::NotAffected,
        ),
    ] {
        assert_eq!(
            ask("containerd-1.7", version),
            [(answer, rule.clone())],
            "{version}"
        );
    }
    assert_eq!(ask("runc", "1:1.1.15-1.1740525475.e3a5862c.br1"), []);
}
