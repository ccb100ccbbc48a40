//! Ubuntu: states of its tracker and records in the OSV schema, with the pockets of subscribers.

use std::io::Write as _;

use super::*;
use crate::slice::shared;

/// A snapshot of the tracker's repository, packed as its host does it.
fn tracker(files: &[(&str, &str)]) -> Vec<u8> {
    let packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    let mut archive = tar::Builder::new(packer);
    for (path, text) in files {
        let mut header = tar::Header::new_ustar();
        header.set_size(text.len() as u64);
        header.set_mode(0o644);
        header.set_cksum();
        let path = format!("ubuntu-cve-tracker-master/{path}");
        archive
            .append_data(&mut header, path, text.as_bytes())
            .expect("memory takes it");
    }
    let mut packer = archive.into_inner().expect("memory takes it");
    packer.flush().expect("memory takes it");
    packer.finish().expect("memory takes it")
}

fn on_ubuntu(db: &Database, release: &str, name: &str, version: &str) -> Vec<PackageMatch> {
    let installed = package(Ecosystem::Deb, name, version);
    let found = match_packages(&image(Some(("ubuntu", release)), vec![installed]), db);
    assert_eq!(found.problems, []);
    found.matches
}

const FLAW: &str = "\
PublicDateAtUSN: 2023-10-11 06:00:00 UTC
Candidate: CVE-2023-0001
PublicDate: 2023-10-18 04:15:00 UTC
References:
 https://ubuntu.com/security/notices/USN-0000-1
Description:
 A flaw in
 many tools.
Notes:
 someone> a note: with a colon
Priority: medium
CVSS:
 nvd: CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H [9.8 CRITICAL]

Patches_fixed:
upstream_fixed: released (8.4.0)
trusty_fixed: ignored (end of standard support, was needed)
trusty/esm_fixed: released (1.0-1ubuntu1+esm3)
xenial_fixed: ignored (end of standard support)
esm-infra/xenial_fixed: not-affected (code not present)
jammy_fixed: released (7.81.0-1ubuntu1.14)
fips-updates/jammy_fixed: needed
devel_fixed: needed
Priority_waits: low
jammy_waits: pending (2.0-1ubuntu1)
jammy_needed: needed
jammy_ignored: ignored (out of scope)
jammy_deferred: deferred (2023-11-01)
jammy_triage: needs-triage
jammy_never: not-affected (2.1-1)
jammy_gone: DNE
jammy_apps: needed
esm-apps/jammy_apps: released (1.0-1ubuntu0.1~esm1)
jammy_odd: dancing
";

/// Release, package, installed version, whether it is affected for sure, the fix, the rule.
type Case = (
    &'static str,
    &'static str,
    &'static str,
    bool,
    &'static str,
    &'static str,
);

const CASES: &[Case] = &[
    (
        "22.04",
        "fixed",
        "7.81.0-1ubuntu1.13",
        true,
        "fixed 7.81.0-1ubuntu1.14",
        "[0, 7.81.0-1ubuntu1.14)",
    ),
    (
        "14.04",
        "fixed",
        "1.0-1",
        true,
        "paid 1.0-1ubuntu1+esm3",
        "[0, 1.0-1ubuntu1+esm3); fixed only with Ubuntu Pro (esm)",
    ),
    (
        "22.04",
        "waits",
        "1.0",
        true,
        "not fixed",
        "[0, 2.0-1ubuntu1); pending: 2.0-1ubuntu1",
    ),
    (
        "22.04",
        "needed",
        "1.0",
        true,
        "not fixed",
        "[0, ∞); needed",
    ),
    (
        "22.04",
        "ignored",
        "1.0",
        true,
        "will not fix",
        "[0, ∞); ignored: out of scope",
    ),
    (
        "22.04",
        "deferred",
        "1.0",
        true,
        "not fixed",
        "[0, ∞); deferred: 2023-11-01",
    ),
    (
        "22.04",
        "triage",
        "1.0",
        false,
        "unknown",
        "undetermined; needs-triage",
    ),
    (
        "22.04",
        "apps",
        "1.0",
        true,
        "paid 1.0-1ubuntu0.1~esm1",
        "[0, 1.0-1ubuntu0.1~esm1); fixed only with Ubuntu Pro (esm-apps)",
    ),
];

fn shown(fix: &FixState) -> String {
    match fix {
        FixState::Fixed(versions) => format!("fixed {}", versions.join(" ")),
        FixState::Subscription(versions) => format!("paid {}", versions.join(" ")),
        FixState::NotFixed => "not fixed".to_owned(),
        FixState::WillNotFix => "will not fix".to_owned(),
        FixState::Unknown => "unknown".to_owned(),
    }
}

/// Every state of the tracker has its answer, and none of those that are not fixed is dropped (trap T17); a fix
/// that only subscribers get is told as such (trap T16).
#[test]
fn t16_t17_states_of_the_tracker() {
    let bytes = tracker(&[
        ("README", "jammy_x: needed"),
        ("active/CVE-2023-0001", FLAW),
        ("ignored/CVE-2023-0002", "jammy_needed: needed"),
    ]);
    let slice = Slice::new().document("ubuntu", "", &bytes);
    let problem = (
        "CVE-2023-0001 odd 22.04",
        "the state `dancing` is not known",
    );
    assert_eq!(
        slice.problems,
        [(problem.0.to_owned(), problem.1.to_owned())]
    );
    let db = slice.database();
    for (release, name, version, is_sure, fix, rule) in CASES {
        let found = on_ubuntu(&db, release, name, version);
        let answer = if *is_sure {
            Applicability::Affected
        } else {
            Applicability::Unknown
        };
        assert_eq!(told(&found), [("CVE-2023-0001", answer, *rule)], "{name}");
        assert_eq!(shown(&found[0].fix), *fix, "{name}");
        let flaw = &found[0].vulnerability;
        let severity = if *name == "waits" {
            Severity::Low
        } else {
            Severity::Medium
        };
        assert_eq!(
            (flaw.severity, flaw.severity_source.as_str()),
            (severity, "ubuntu rating")
        );
        assert_eq!(flaw.worst_score(), Some(9.8));
    }
}

/// A fix of subscribers counts where it is installed, and what is in no package of the release is in none.
#[test]
fn t16_t17_what_is_not_affected() {
    let bytes = tracker(&[("retired/CVE-2023-0001", FLAW)]);
    let db = Slice::new().document("ubuntu", "", &bytes).database();
    for (release, name, version) in [
        ("22.04", "fixed", "7.81.0-1ubuntu1.14"),
        ("14.04", "fixed", "1.0-1ubuntu1+esm3"),
        ("16.04", "fixed", "1.0"),
        ("22.04", "never", "1.0"),
        ("22.04", "gone", "1.0"),
        ("22.04", "x", "1.0"),
    ] {
        assert_eq!(
            on_ubuntu(&db, release, name, version),
            [],
            "{release} {name}"
        );
    }
}

/// The same from real records in the OSV schema.
#[test]
fn t16_pockets_in_records_of_osv() {
    let record = |id: &str| -> Value {
        let path = shared().join(format!("feeds/samples/osv/Ubuntu/{id}.json"));
        serde_json::from_slice(&std::fs::read(path).expect("the sample")).expect("JSON")
    };
    let ids = [
        "UBUNTU-CVE-2001-1593",
        "UBUNTU-CVE-2006-20001",
        "UBUNTU-CVE-2021-3782",
        "UBUNTU-CVE-2022-24823",
        "USN-5614-1",
    ];
    let db = Slice::new().osv("Ubuntu", &ids.map(record)).database();
    let wayland = on_ubuntu(&db, "22.04", "wayland", "1.20.0-1");
    assert_eq!(
        told(&wayland),
        [(
            "CVE-2021-3782",
            Applicability::Affected,
            "[0, 1.20.0-1ubuntu0.1)"
        )],
        "the notice is the same flaw"
    );
    assert_eq!(wayland[0].reason.record, "UBUNTU-CVE-2021-3782");
    assert_eq!(
        (
            wayland[0].vulnerability.severity,
            wayland[0].vulnerability.severity_source.as_str()
        ),
        (Severity::Medium, "osv/Ubuntu rating")
    );
    let esm = on_ubuntu(&db, "16.04", "wayland", "1.12.0-1~ubuntu16.04.3");
    assert_eq!(
        esm[0].fix,
        FixState::Subscription(vec!["1.12.0-1~ubuntu16.04.3+esm1".to_owned()])
    );
    assert!(esm[0].reason.rule.ends_with("; fixed only with Ubuntu Pro"));
    assert_eq!(
        on_ubuntu(&db, "16.04", "wayland", "1.12.0-1~ubuntu16.04.3+esm1"),
        []
    );
    let unfixed = on_ubuntu(&db, "14.04", "apache2", "2.4.7-1ubuntu4.22");
    assert_eq!(unfixed[0].fix, FixState::NotFixed);
    assert_eq!(
        on_ubuntu(&db, "14.04", "a2ps", "1:4.14-1.1"),
        [],
        "withdrawn"
    );
    // Who knows the binary package alone, as chisel's manifests do, finds its source by the record.
    let netty = on_ubuntu(&db, "16.04", "libnetty-java", "1:4.0.34-1");
    assert_eq!(
        told(&netty)[0],
        (
            "CVE-2022-24823",
            Applicability::Affected,
            "[0, 1:4.0.34-1ubuntu0.1~esm2); fixed only with Ubuntu Pro"
        )
    );
}

/// Packages of the FIPS channel have versions of their own, which sort after the fixes of the release.
#[test]
fn packages_of_other_channels_are_not_judged() {
    let bytes = tracker(&[("active/CVE-2023-0001", FLAW)]);
    let db = Slice::new().document("ubuntu", "", &bytes).database();
    let installed = package(Ecosystem::Deb, "needed", "1.1.1f-1ubuntu2.fips.2.8");
    let found = match_packages(&image(Some(("ubuntu", "22.04")), vec![installed]), &db);
    assert_eq!(found.matches, []);
    assert_eq!(found.problems[0].effect, Effect::Gap);
}

fn vex_sample(name: &str) -> Vec<u8> {
    let file = shared().join("feeds/samples/ubuntu/vex").join(name);
    std::fs::read(file).expect("the sample can be read")
}

fn all_on_ubuntu(db: &Database, release: &str, name: &str, version: &str) -> Matches {
    let installed = package(Ecosystem::Deb, name, version);
    candidates(&image(Some(("ubuntu", release)), vec![installed]), 0, db)
}

fn verdict_on(
    db: &Database,
    release: &str,
    name: &str,
    version: &str,
) -> Option<(Applicability, FixState)> {
    let mut found = all_on_ubuntu(db, release, name, version)
        .matches
        .into_iter();
    let one = found.next();
    assert_eq!(found.next(), None, "one flaw is counted once");
    one.map(|one| (one.answer, one.fix))
}

/// The version in a product is the archive's newest, and not the first with the fix.
#[test]
fn vex_tells_that_a_version_has_the_fix_and_not_since_when() {
    let vex = vex_sample("CVE-2023-38545.json");
    let alone = Slice::new().document("ubuntu-vex", "CVE-2023-38545", &vex);
    assert_eq!(alone.problems, []);
    let db = alone.database();
    let fixed = FixState::Fixed(vec!["7.81.0-1ubuntu1.24".to_owned()]);
    for (release, version, expected) in [
        ("22.04", "7.81.0-1ubuntu1.24", Applicability::NotAffected),
        ("22.04", "7.81.0-1ubuntu1.14", Applicability::Unknown),
        ("16.04", "7.47.0-1ubuntu2.19", Applicability::Affected),
        ("20.04", "7.68.0-1ubuntu2", Applicability::NotAffected),
        ("14.04", "7.35.0-1ubuntu2", Applicability::NotAffected),
    ] {
        let (answer, _) = verdict_on(&db, release, "curl", version).expect(release);
        assert_eq!(answer, expected, "{release} {version}");
    }
    let (_, fix) = verdict_on(&db, "22.04", "curl", "7.81.0-1ubuntu1").expect("it is told");
    assert_eq!(fix, fixed);
    let blind = all_on_ubuntu(&db, "22.04", "zlib", "1").problems;
    assert!(
        blind.iter().any(|one| one.effect == Effect::Blind),
        "{blind:?}"
    );

    // The records that tell the first version with the fix decide, whichever is read first.
    let osv = shared().join("feeds/samples/osv/Ubuntu/UBUNTU-CVE-2023-38545.json");
    let osv = std::fs::read(osv).expect("the sample can be read");
    let osv: serde_json::Value = serde_json::from_slice(&osv).expect("it is JSON");
    let both = Slice::new()
        .document("ubuntu-vex", "CVE-2023-38545", &vex)
        .osv("Ubuntu", &[osv])
        .database();
    for (version, expected) in [
        ("7.81.0-1ubuntu1.13", Applicability::Affected),
        ("7.81.0-1ubuntu1.14", Applicability::NotAffected),
        ("7.81.0-1ubuntu1.24", Applicability::NotAffected),
    ] {
        let (answer, _) = verdict_on(&both, "22.04", "curl", version).expect(version);
        assert_eq!(answer, expected, "{version}");
    }
}

#[test]
fn vex_of_a_flaw_that_will_not_be_fixed() {
    let vex = vex_sample("CVE-2016-20013.json");
    let db = Slice::new()
        .document("ubuntu-vex", "CVE-2016-20013", &vex)
        .database();
    for (release, name) in [("24.04", "glibc"), ("18.04", "sssd"), ("14.04", "eglibc")] {
        let (answer, fix) = verdict_on(&db, release, name, "1.0").expect(name);
        assert_eq!(
            (answer, fix),
            (Applicability::Affected, FixState::NotFixed),
            "{name}"
        );
    }
    assert_eq!(
        verdict_on(&db, "24.04", "zabbix", "1:6.0.25"),
        None,
        "it is not in the archive"
    );
}

const PRODUCT: &str = "pkg:deb/ubuntu/tool@1.0%2B1-1?arch=source&distro=jammy";

fn vex_of(statements: &serde_json::Value) -> Vec<u8> {
    let document = serde_json::json!({
        "@context": "https://openvex.dev/ns/v0.2.0", "timestamp": "2026-05-20T14:49:37.715155Z",
        "statements": statements,
    });
    document.to_string().into_bytes()
}

fn statement(status: &str, product: &str) -> serde_json::Value {
    serde_json::json!({"vulnerability": {"name": "CVE-2023-0001"}, "status": status, "products": [{"@id": product}]})
}

#[test]
fn vex_with_pockets_of_subscribers() {
    let pro = "pkg:deb/ubuntu/tool@1.0-1%2Besm2?distro=esm-apps/jammy&arch=source";
    let fips = "pkg:deb/ubuntu/tool@1.0-1%2Bfips?arch=source&distro=fips-updates/jammy";
    let open = "pkg:deb/ubuntu/tool@1.0-1?arch=source&distro=jammy";
    let binary = "pkg:deb/ubuntu/tool-bin@1.0-1?arch=amd64&distro=jammy";
    let document = vex_of(&serde_json::json!([
        statement("affected", open),
        statement("fixed", pro),
        statement("fixed", fips),
        statement("affected", binary),
    ]));
    let mut archive = tar::Builder::new(Vec::new());
    for (name, bytes) in [
        ("vex/cve/2023/CVE-2023-0001.json", document.as_slice()),
        ("vex/cve/2023/CVE-2023-0002.json", b"{\"broken\": "),
        ("vex/usn/USN-0000-1.json", b"x"),
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
    let slice = Slice::new().document("ubuntu-vex", "", &archive);
    assert_eq!(slice.problems.len(), 1, "{:?}", slice.problems);
    let db = slice.database();
    let told = verdict_on(&db, "22.04", "tool", "1.0-1").expect("it is told");
    assert_eq!(told, (Applicability::Affected, FixState::NotFixed));
    let found = all_on_ubuntu(&db, "22.04", "tool", "1.0-1").matches;
    assert_eq!(
        found[0].reason.rule,
        "[0, 1.0-1]; fixed only with Ubuntu Pro (esm-apps): 1.0-1+esm2"
    );
    for (version, expected) in [
        ("1.0-1+esm1", Applicability::Unknown),
        ("1.0-1+esm2", Applicability::NotAffected),
    ] {
        let (answer, _) = verdict_on(&db, "22.04", "tool", version).expect(version);
        assert_eq!(answer, expected, "{version}");
    }
    assert_eq!(verdict_on(&db, "22.04", "tool-bin", "1"), None);
    assert_eq!(all_on_ubuntu(&db, "22.04", "other", "1").problems, []);
}

#[test]
fn vex_in_other_states_and_broken() {
    for (status, expected) in [
        ("under_investigation", Applicability::Unknown),
        ("not_affected", Applicability::NotAffected),
        ("fixed", Applicability::Unknown),
    ] {
        let document = vex_of(&serde_json::json!([statement(status, PRODUCT)]));
        let db = Slice::new()
            .document("ubuntu-vex", "x", &document)
            .database();
        let found = verdict_on(&db, "22.04", "tool", "0.9").expect(status);
        assert_eq!(found.0, expected, "{status}");
    }
    let odd = vex_of(&serde_json::json!([
        statement("dancing", PRODUCT),
        statement(
            "affected",
            "pkg:deb/ubuntu/tool@%zz?arch=source&distro=jammy"
        ),
        statement("affected", "pkg:deb/ubuntu/tool"),
        statement("affected", "pkg:deb/debian/tool@1?arch=source&distro=jammy"),
        statement("affected", "pkg:deb/ubuntu/tool@1?arch=source&distro=zurg"),
    ]));
    let slice = Slice::new().document("ubuntu-vex", "x", &odd);
    assert_eq!(slice.problems.len(), 1, "{:?}", slice.problems);
    let whole = vex_of(&serde_json::json!([statement("fixed", PRODUCT)]));
    for bytes in [
        &b""[..],
        b"[]",
        b"{}",
        b"{\"@context\": \"x\", \"statements\": []}",
        &whole[..whole.len() / 2],
    ] {
        assert!(crate::feeds::parse_bytes("ubuntu-vex", "x", bytes).is_err());
    }
    for bytes in [&b""[..], b"no archive", b"\xfd7zXZ\0\0", &[0; 1024]] {
        assert!(crate::feeds::parse_bytes("ubuntu-vex", "", bytes).is_err());
    }
}
