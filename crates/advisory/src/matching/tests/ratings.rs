//! Who rates a flaw, and what else is known of it, from documents as they are published.

use plimsoll_model::advisory::{Doubt, Epss, KnownExploited, SeverityOrder};

use super::*;
use crate::slice::shared;

fn sample(path: &str) -> Vec<u8> {
    std::fs::read(shared().join("feeds/samples").join(path)).expect("the sample can be read")
}

fn flawed(cve: &str) -> Slice {
    Slice::new().debian(&json!({
        "tool": {cve: {"releases": {"bullseye": {"status": "open", "urgency": "not yet assigned"}}}}
    }))
}

fn found(slice: Slice, order: &SeverityOrder) -> PackageMatch {
    let db = slice.database();
    let installed = package(Ecosystem::Deb, "tool", "1.0");
    let facts = image(Some(("debian", "11")), vec![installed]);
    let mut found = match_packages_by(&facts, &db, order).matches;
    assert_eq!(found.len(), 1);
    found.remove(0)
}

fn ratings(found: &PackageMatch) -> Vec<(&str, f64, &str)> {
    let ratings = found.vulnerability.cvss.iter();
    ratings
        .map(|rating| {
            let version = rating.vector.split('/').next().unwrap_or_default();
            (rating.source.as_str(), rating.score, version)
        })
        .collect()
}

fn order(names: &[&str]) -> SeverityOrder {
    let names = names.iter().map(|name| (*name).to_owned()).collect();
    SeverityOrder::new(names).expect("an order")
}

/// NVD and the assigner disagree; every version of CVSS is kept, and the order decides (trap T80).
#[test]
fn t80_the_order_of_raters_decides() {
    let nvd =
        || flawed("CVE-2016-1585").document("nvd", "x", &sample("nvd/api-2.0/CVE-2016-1585.json"));
    let usual = found(nvd(), &SeverityOrder::default());
    assert_eq!(
        ratings(&usual),
        [
            ("nvd", 9.8, "CVSS:3.1"),
            ("nvd", 7.5, "AV:N"),
            ("cna", 3.9, "CVSS:3.0")
        ]
    );
    let told = |found: &PackageMatch| {
        let flaw = &found.vulnerability;
        (flaw.severity, flaw.severity_source.clone())
    };
    assert_eq!(told(&usual), (Severity::Critical, "nvd cvss".to_owned()));
    let assigner = found(nvd(), &order(&["vendor", "cna", "nvd"]));
    assert_eq!(told(&assigner), (Severity::Low, "cna cvss".to_owned()));
    // An order that names nobody who rated hides nothing.
    let nobody = found(nvd(), &order(&["cisa-adp"]));
    assert_eq!(told(&nobody), (Severity::Critical, "nvd cvss".to_owned()));
    assert!(!usual.vulnerability.description.is_empty());
    assert!(usual.vulnerability.published.is_some());
}

/// A flaw that NVD has not analysed and whose assigner gave a word alone is rated by CISA (T80, T81).
#[test]
fn t80_t81_cisa_rates_what_nobody_else_did() {
    let record = sample("cve5/CVE-2021-44228.json");
    let rated = found(
        flawed("CVE-2021-44228").document("cve", "CVE-2021-44228", &record),
        &SeverityOrder::default(),
    );
    assert_eq!(ratings(&rated), [("cisa-adp", 10.0, "CVSS:3.1")]);
    assert_eq!(rated.vulnerability.severity_source, "cisa-adp cvss");
    assert_eq!(rated.vulnerability.worst_score(), Some(10.0));
    // Without it, the word of the assigner counts, and no score is made up.
    let mut record: Value = serde_json::from_slice(&record).expect("JSON");
    record["containers"]["adp"] = json!([]);
    let worded = found(
        flawed("CVE-2021-44228").document("cve", "x", record.to_string().as_bytes()),
        &SeverityOrder::default(),
    );
    assert_eq!(
        (
            worded.vulnerability.severity,
            worded.vulnerability.severity_source.as_str()
        ),
        (Severity::Critical, "cve rating")
    );
    assert_eq!(worded.vulnerability.worst_score(), None);
}

/// What was measured by the scale of version 2 does not count beside a later rating of the same source.
#[test]
fn superseded_scores_do_not_count() {
    let mut found = found(
        flawed("CVE-2017-6507").document("nvd", "x", &sample("nvd/api-2.0/CVE-2017-6507.json")),
        &SeverityOrder::default(),
    );
    assert_eq!(
        ratings(&found),
        [("nvd", 5.9, "CVSS:3.0"), ("nvd", 4.3, "AV:N")]
    );
    let flaw = &mut found.vulnerability;
    flaw.cvss[1].score = 9.0;
    assert_eq!(flaw.worst_score(), Some(5.9));
    flaw.cvss.remove(0);
    assert_eq!(flaw.worst_score(), Some(9.0));
}

/// Disputed and rejected flaws are still there, and say so (traps T77 and T86).
#[test]
fn t77_t86_doubts_are_told() {
    let disputed = found(
        flawed("CVE-2021-26917").document("cve", "x", &sample("cve5/CVE-2021-26917.json")),
        &SeverityOrder::default(),
    );
    assert_eq!(disputed.vulnerability.doubts, [Doubt::Disputed]);
    let mut page: Value =
        serde_json::from_slice(&sample("nvd/api-2.0/CVE-2016-1585.json")).expect("JSON");
    page["vulnerabilities"][0]["cve"]["vulnStatus"] = json!("Rejected");
    let rejected = found(
        flawed("CVE-2016-1585").document("nvd", "x", page.to_string().as_bytes()),
        &SeverityOrder::default(),
    );
    assert_eq!(rejected.vulnerability.doubts, [Doubt::Rejected]);
    assert_eq!(rejected.vulnerability.cvss, [], "its ratings are gone");
    assert_eq!(rejected.answer, Applicability::Affected);
}

/// What NVD knows of things that are in no image is left out of the database.
#[test]
fn ratings_alone_make_no_flaw() {
    let page = sample("nvd/api-2.0-page.json");
    let slice = flawed("CVE-2016-1585").document("nvd", "x", &page);
    assert_eq!(slice.problems, []);
    let db = slice.database();
    assert_eq!(
        db.counts().flaws,
        2,
        "and one of MySQL, which is a program that can be recognised"
    );
    let nvd = db
        .snapshot()
        .feeds
        .into_iter()
        .find(|feed| feed.feed == "nvd");
    assert_eq!(nvd.map(|feed| feed.records), Some(38));
}

#[test]
fn predictions_and_catalogues_are_marks() {
    let epss = sample("epss/epss_scores-2024-10-15-excerpt.csv");
    let kev = json!({"dateReleased": "2025-08-25T17:04:19Z", "vulnerabilities": [{
        "cveID": "CVE-2006-20001", "dateAdded": "2023-01-02", "dueDate": "2023-01-23",
        "knownRansomwareCampaignUse": "Known"}, {"cveID": "CVE-2000-1", "dateAdded": "soon"}]});
    let slice = flawed("CVE-2006-20001")
        .document("epss", "", &epss)
        .document("kev", "", kev.to_string().as_bytes());
    assert_eq!(
        slice.problems,
        [("CVE-2000-1".to_owned(), "`soon` is no date".to_owned())]
    );
    let flaw = found(slice, &SeverityOrder::default()).vulnerability;
    let day = |text: &str| text.parse().expect("a day");
    assert_eq!(
        flaw.epss,
        Some(Epss {
            probability: 0.001_26,
            percentile: 0.481_34,
            date: day("2024-10-15"),
        })
    );
    assert!(flaw.known_exploited);
    assert_eq!(
        flaw.exploitation,
        Some(KnownExploited {
            added: Some(day("2023-01-02")),
            due: Some(day("2023-01-23")),
            ransomware: true,
        })
    );
}

/// Both are published packed; what is packed gives the same.
#[test]
fn packed_documents_give_the_same() {
    use std::io::Write as _;
    for (feed, path) in [
        ("epss", "epss/epss_scores-2024-10-15-excerpt.csv"),
        ("nvd", "nvd/nvdcve-2.0-2022-excerpt.json"),
    ] {
        let plain = sample(path);
        let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        out.write_all(&plain).expect("memory takes it");
        let packed = out.finish().expect("memory takes it");
        let read = |bytes: &[u8]| crate::feeds::parse_bytes(feed, "x", bytes).expect("it parses");
        let advisories = read(&plain);
        assert!(advisories.len() > 1);
        assert_eq!(advisories, read(&packed));
        let cut = &packed[..packed.len() / 2];
        assert!(crate::feeds::parse_bytes(feed, "x", cut).is_err(), "{feed}");
    }
}

/// Programs without a package are judged by NVD's products: vendor and product exactly (trap T85), and only what was
/// recognised by its bytes.
#[test]
fn t56_t70_t85_programs_are_judged_by_the_products_of_nvd() {
    let page = |cves: &[(&str, Value)]| {
        let cves: Vec<Value> = cves
            .iter()
            .map(
                |(id, configurations)| json!({"cve": {"id": id, "configurations": configurations}}),
            )
            .collect();
        json!({"format": "NVD_CVE", "vulnerabilities": cves}).to_string()
    };
    let one = |criteria: &str, end: &str| {
        json!([{"nodes": [{"operator": "OR", "cpeMatch": [
            {"vulnerable": true, "criteria": criteria, "versionStartIncluding": "1.1.1", "versionEndExcluding": end}]}]}])
    };
    let mut windows = one("cpe:2.3:a:openssl:openssl:*:*:*:*:*:*:*:*", "9.0");
    windows[0]["operator"] = json!("AND");
    let nodes = windows[0]["nodes"].as_array_mut().expect("a list");
    nodes.push(json!({"operator": "OR", "cpeMatch": [
        {"vulnerable": false, "criteria": "cpe:2.3:o:microsoft:windows:-:*:*:*:*:*:*:*"}]}));
    let text = page(&[
        (
            "CVE-2024-1",
            one("cpe:2.3:a:openssl:openssl:*:*:*:*:*:*:*:*", "1.1.1l"),
        ),
        (
            "CVE-2024-2",
            one("cpe:2.3:a:somebody:openssl:*:*:*:*:*:*:*:*", "9.0"),
        ),
        (
            "CVE-2024-3",
            one("cpe:2.3:a:openssl:openssl:*:*:*:*:*:node.js:*:*", "9.0"),
        ),
        (
            "CVE-2024-4",
            json!([{"nodes": [{"cpeMatch": [
            {"vulnerable": true, "criteria": "cpe:2.3:a:openssl:openssl:1.1.1k:-:*:*:*:*:*:*"},
            {"vulnerable": true, "criteria": "cpe:2.3:a:openssl:openssl:3.0.0:alpha1:*:*:*:*:*:*"}]}]}]),
        ),
        ("CVE-2024-5", windows),
        (
            "CVE-2024-6",
            json!([{"nodes": [{"cpeMatch": [
            {"vulnerable": true, "criteria": "cpe:2.3:a:openssl:openssl:-:*:*:*:*:*:*:*"}]}]}]),
        ),
    ]);
    let slice = Slice::new().document("nvd", "x", text.as_bytes());
    assert_eq!(slice.problems, []);
    let db = slice.database();
    let ask = |version: &str, analyzer: &str| {
        let mut program = package(Ecosystem::Generic, "openssl", version);
        program.analyzer = analyzer.to_owned();
        let found = match_packages(&image(None, vec![program]), &db);
        assert_eq!(found.problems.len(), 1);
        assert_eq!(found.problems[0].effect, Effect::Gap);
        found.matches
    };
    let found = ask("1.1.1k", "binary/version");
    assert_eq!(
        told(&found),
        [
            ("CVE-2024-1", Applicability::Affected, "[1.1.1, 1.1.1l)"),
            ("CVE-2024-4", Applicability::Affected, "[1.1.1k, 1.1.1k]"),
            ("CVE-2024-6", Applicability::Unknown, "undetermined"),
        ]
    );
    assert_eq!(found[0].reason.scheme, "portage");
    assert_eq!(ask("1.1.1l", "binary/version").len(), 1);
    assert_eq!(
        ask("1.1.1k", "claim/spdx"),
        [],
        "a name alone proves nothing"
    );
}

/// The same with a record as NVD answered it.
#[test]
fn programs_of_a_real_record() {
    let record = sample("nvd/api-2.0/CVE-2024-3094.json");
    let db = Slice::new().document("nvd", "x", &record).database();
    let mut program = package(Ecosystem::Generic, "xz", "5.6.1");
    program.analyzer = "binary/version".to_owned();
    let found = match_packages(&image(None, vec![program]), &db).matches;
    assert_eq!(
        told(&found),
        [("CVE-2024-3094", Applicability::Affected, "[5.6.1, 5.6.1]")]
    );
    assert_eq!(found[0].vulnerability.worst_score(), Some(10.0));
}

/// Every record of the samples is read whole.
#[test]
fn samples_have_no_problems() {
    for (feed, folder) in [("nvd", "nvd/api-2.0"), ("cve", "cve5")] {
        let folder = shared().join("feeds/samples").join(folder);
        for entry in std::fs::read_dir(folder).expect("the samples can be listed") {
            let path = entry.expect("an entry").path();
            let bytes = std::fs::read(&path).expect("the sample can be read");
            let slice = Slice::new().document(feed, "x", &bytes);
            assert_eq!(slice.problems, [], "{}", path.display());
        }
    }
}
