//! Broken documents and broken databases: an error that names the object, or nothing lost; never a panic.

use std::fs;

use plimsoll_model::{Ecosystem, Effect};
use serde_json::json;

use crate::db::Database;
use crate::feeds;
use crate::matching::match_packages;
use crate::slice::{Slice, archive, image, package};
use crate::{BuildError, DatabaseError, build};

fn record() -> serde_json::Value {
    json!({
        "id": "GHSA-1111-1111-1111", "modified": "2024-01-01T00:00:00Z", "aliases": ["CVE-2024-1"],
        "summary": "A flaw", "details": "Long ".repeat(50),
        "severity": [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}],
        "affected": [{"package": {"ecosystem": "npm", "name": "a"},
            "ranges": [{"type": "SEMVER", "events": [{"introduced": "0"}, {"fixed": "2.0.0"}]}], "versions": ["3.0.0"]}],
    })
}

/// A folder with one document.
fn folder(path: &str, bytes: &[u8]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join(path);
    fs::create_dir_all(file.parent().expect("a folder")).expect("it can be made");
    fs::write(file, bytes).expect("it can be written");
    folder
}

#[test]
fn a_document_that_does_not_parse_ends_the_build_by_name() {
    let zip = archive(&[record()]);
    let cut = &zip[..zip.len() / 2];
    for (path, bytes) in [
        ("osv/npm/all.zip", cut),
        ("osv/npm/all.zip", b"".as_slice()),
        ("osv/npm/all.zip", b"no zip at all"),
        ("osv/npm/all.zip", &archive(&[json!([1, 2])])),
        ("debian/tracker.json", b""),
        ("debian/tracker.json", b"[]"),
        ("debian/tracker.json", b"{\"a\": {"),
        ("debian/tracker.json", b"\xff\xfe"),
        ("alpine-secdb/v3.18/main.json", b"{}"),
        ("alpine-secdb/v3.18/main.json", b"{\"packages\": 3}"),
        ("wolfi/security.json", b"<html>"),
        (
            "kev/known_exploited_vulnerabilities.json",
            b"{\"vulnerabilities\": null}",
        ),
        ("nvd/nvdcve-2.0-2022.json.gz", b"\x1f\x8b\x08"),
        ("nvd/page.json", b""),
        ("nvd/page.json", b"{}"),
        (
            "nvd/page.json",
            b"{\"format\": \"NVD_CVE\", \"vulnerabilities\": [",
        ),
        ("nvd/page.json", b"{\"vulnerabilities\": []}"),
        (
            "nvd/page.json",
            b"{\"format\": \"NVD_CVE\", \"vulnerabilities\": 3}",
        ),
        ("cve/main.zip", b"PK"),
        ("cve/main.zip", &archive(&[json!({"id": "delta"})])),
        ("cve/CVE-2024-1.json", b"[]"),
        ("epss/today.csv", b""),
        (
            "epss/today.csv",
            b"cve,epss,percentile\nCVE-2024-1,0.1,0.2\n",
        ),
        (
            "epss/today.csv",
            b"#score_date:2024-10-15T00:00:00Z\ncve;epss\n",
        ),
        ("ubuntu/tracker.zip", &archive(&[json!({"id": "README"})])),
        ("ubuntu/tracker.zip", b""),
        ("ubuntu/ubuntu-cve-tracker-master.tar.gz", b"\x1f\x8b\x08"),
        ("dates.json", b"[]"),
    ] {
        let folder = folder(path, bytes);
        let out = folder.path().join("out.db");
        let error = build(folder.path(), &out).expect_err(path).to_string();
        assert!(error.contains(path), "{path}: {error}");
        assert!(!out.exists());
    }
    let empty = tempfile::tempdir().expect("a folder");
    let error = build(empty.path(), &empty.path().join("out.db")).expect_err("nothing to build");
    assert!(matches!(error, BuildError::NoDocuments { .. }));
}

/// Every member's checksum is proved by the archive's reader.
#[test]
fn a_flipped_byte_in_an_archive_is_seen_or_harmless() {
    let zip = archive(&[record()]);
    for place in 0..zip.len() {
        let mut bytes = zip.clone();
        bytes[place] ^= 0x55;
        if let Ok(advisories) = feeds::parse_bytes("osv", "npm", &bytes) {
            assert!(
                advisories
                    .iter()
                    .all(|advisory| advisory.record == "GHSA-1111-1111-1111")
            );
        }
    }
}

#[test]
fn bad_records_become_problems_and_the_rest_stays() {
    let mut odd = record();
    odd["id"] = json!("GHSA-2222-2222-2222");
    odd["aliases"] = json!([]);
    odd["withdrawn"] = json!("yesterday");
    odd["severity"] = json!([{"type": "CVSS_V3", "score": "CVSS:9"}]);
    odd["affected"][0]["ranges"][0]["type"] = json!("MOON");
    odd["affected"][0]["versions"] = json!([]);
    let slice = Slice::new().osv("npm", &[record(), json!({"id": 7}), odd]);
    let reasons: Vec<&str> = slice
        .problems
        .iter()
        .map(|(_, reason)| reason.as_str())
        .collect();
    assert_eq!(reasons.len(), 5, "{reasons:?}");
    let db = slice.database();
    let found = match_packages(
        &image(None, vec![package(Ecosystem::Npm, "a", "1.0.0")]),
        &db,
    );
    assert_eq!(
        found.matches.len(),
        2,
        "the odd record is unknown and not gone"
    );

    let slice = Slice::new().debian(&json!({
        "good": {"CVE-2020-1": {"releases": {"bullseye": {"status": "open", "urgency": "low"}}}},
        "bad": 3,
        "worse": {"CVE-2020-2": {"releases": {"bullseye": {"status": "dancing"}}}, "CVE-2020-3": []},
        "new": {"CVE-2020-4": {"releases": {"zurg": {"status": "open", "urgency": "low"}}}},
    }));
    assert_eq!(slice.problems.len(), 4, "{:?}", slice.problems);
    let slice = Slice::new().secdb(
        "v3.18",
        &json!([{"pkg": {"name": "a", "secfixes": {"1-r0": ["what"]}}}, {"pkg": 3}]),
    );
    assert_eq!(slice.problems.len(), 2, "{:?}", slice.problems);
}

fn bytes() -> Vec<u8> {
    let mut records = vec![record()];
    records.extend(records_of(40));
    Slice::new().osv("npm", &records).bytes()
}

/// Records of as many packages, one each.
fn records_of(packages: usize) -> Vec<serde_json::Value> {
    let mut records = Vec::new();
    for place in 0..packages {
        let mut record = record();
        record["id"] = json!(format!("GHSA-1111-1111-{place:04}"));
        record["aliases"] = json!([format!("CVE-2024-{place}")]);
        record["affected"][0]["package"]["name"] = json!(format!("p{place}"));
        records.push(record);
    }
    records
}

/// A database as it is written to files: so large that its pages have dictionaries.
fn written() -> (tempfile::TempDir, std::path::PathBuf) {
    let mut records = records_of(4000);
    for (place, record) in records.iter_mut().enumerate() {
        record["summary"] = json!(format!("Flaw {place} in the parser of headers"));
    }
    let folder = folder("osv/npm/all.zip", &archive(&records));
    let out = folder.path().join("some.db");
    build(folder.path(), &out).expect("it builds");
    (folder, out)
}

/// Asks a database everything; whatever it holds, nothing may panic.
fn exercise(db: &Database) -> usize {
    let packages = (0..40).map(|place| package(Ecosystem::Npm, &format!("p{place}"), "1.0.0"));
    let facts = image(None, packages.collect());
    let found = match_packages(&facts, db);
    let _ = db.find("CVE-2024-1");
    let _ = (db.snapshot(), db.counts(), db.ecosystems().len());
    found.matches.len().saturating_add(found.problems.len())
}

#[test]
fn random_bytes_are_no_database() {
    let mut seed = 0x2545_f491_4f6c_dd1d_u64;
    for length in [0, 1, 8, 63, 64, 65, 4096] {
        let random: Vec<u8> = (0..length)
            .map(|_| {
                seed ^= seed << 13;
                seed ^= seed >> 7;
                seed ^= seed << 17;
                seed.to_le_bytes()[0]
            })
            .collect();
        let error = Database::from_bytes("random", random).expect_err("no database");
        assert!(matches!(error, DatabaseError::Magic { .. }));
    }
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("some.db");
    assert!(matches!(
        Database::open(&file),
        Err(DatabaseError::Open { .. })
    ));
    fs::write(&file, b"").expect("it can be written");
    let error = Database::open(&file).expect_err("no database").to_string();
    assert!(error.contains("some.db"), "{error}");
    assert!(Database::open(folder.path()).is_err());
}

#[test]
fn another_format_is_told_apart_from_damage() {
    let mut bytes = bytes();
    bytes[8] = 99;
    let error = Database::from_bytes("newer", bytes).expect_err("another format");
    assert!(matches!(error, DatabaseError::Format { found: 99, .. }));
}

#[test]
fn a_truncated_database_does_not_open() {
    let bytes = bytes();
    let whole = Database::from_bytes("whole", bytes.clone()).expect("it opens");
    whole.verify().expect("the digest is right");
    assert_eq!(exercise(&whole), 40);
    for length in 0..bytes.len() {
        let error = Database::from_bytes("cut", bytes[..length].to_vec()).expect_err("cut off");
        assert!(error.to_string().contains("cut"), "{error}");
    }
}

/// One flipped bit anywhere: not opened, or found when read, or in a place that was not asked for; the
/// digest sees it in any case.
#[test]
fn a_flipped_bit_is_found() {
    let bytes = bytes();
    for place in 0..bytes.len() {
        let mut damaged = bytes.clone();
        damaged[place] ^= 1 << (place % 8);
        let Ok(db) = Database::from_bytes("damaged", damaged) else {
            continue;
        };
        assert_eq!(
            exercise(&db),
            40,
            "each package is matched or told as a problem ({place})"
        );
        db.verify().expect_err("the digest is wrong");
    }
}

/// The same where pages share dictionaries. All bits would take minutes: every 61st byte, and those of the blocks
/// around the dictionaries are among them.
#[test]
fn a_flipped_bit_of_a_page_or_a_dictionary_is_found() {
    let (_folder, out) = written();
    let bytes = fs::read(&out).expect("it can be read");
    let whole = Database::open(&out).expect("it opens");
    assert_eq!(exercise(&whole), 40);
    drop(whole);
    for place in (0..bytes.len()).step_by(61) {
        let mut damaged = bytes.clone();
        damaged[place] ^= 1 << (place % 8);
        if let Ok(db) = Database::from_bytes("damaged", damaged) {
            assert_eq!(exercise(&db), 40, "byte {place}");
        }
    }
}

/// Whoever cuts or empties the file under a reader gets told, and nothing is taken for free of flaws.
#[test]
fn a_file_that_is_cut_while_it_is_open_is_a_problem_for_each_package() {
    let (_folder, out) = written();
    let db = Database::open(&out).expect("it opens");
    let bytes = fs::read(&out).expect("it can be read");
    fs::write(&out, &bytes[..128]).expect("it can be written");
    let packages = (0..300).map(|place| package(Ecosystem::Npm, &format!("p{place}"), "1.0.0"));
    let found = match_packages(&image(None, packages.collect()), &db);
    assert_eq!((found.matches.len(), found.problems.len()), (0, 300));
    assert!(
        found
            .problems
            .iter()
            .all(|problem| problem.effect == Effect::Blind),
        "{:?}",
        found.problems.first()
    );
    assert!(db.verify().is_err());
}

/// Many packages are answered side by side, and as one after another.
#[test]
fn many_packages_have_the_answers_of_each_alone() {
    let (_folder, out) = written();
    let db = Database::open(&out).expect("it opens");
    let packages: Vec<_> = (0..1000)
        .map(|place| package(Ecosystem::Npm, &format!("p{}", place * 7 % 900), "1.0.0"))
        .collect();
    let together = match_packages(&image(None, packages.clone()), &db);
    assert_eq!(together.matches.len(), 1000);
    for (place, alone) in packages.into_iter().enumerate().step_by(50) {
        let alone = match_packages(&image(None, vec![alone]), &db);
        let mut of_all = together.matches.iter().filter(|one| one.package == place);
        let (one, other) = (of_all.next(), alone.matches.first());
        let (one, other) = (one.expect("found"), other.expect("found"));
        assert_eq!(one.vulnerability, other.vulnerability);
        assert_eq!((&one.reason, &one.fix), (&other.reason, &other.fix));
    }
}
