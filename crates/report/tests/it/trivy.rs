//! `-f trivy`, read by scripts made for Trivy and by Trivy itself.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use plimsoll_model::advisory::FixState;
use plimsoll_model::finding::FindingClass;
use plimsoll_model::triage::{Triage, TriageState};
use serde_json::{Value, json};

use crate::samples::{self, Sample};
use crate::{PLAIN, peers, report};

fn value(sample: &Sample) -> Value {
    serde_json::from_str(&report(sample, "trivy", &PLAIN)).unwrap()
}

/// `.Results[].Vulnerabilities[]`, which fails on null as jq does.
fn vulnerabilities(value: &Value) -> Vec<&Value> {
    let results = value["Results"].as_array().expect("`Results` is a list");
    let lists = results.iter().map(|result| {
        let list = result["Vulnerabilities"].as_array();
        list.expect("`Vulnerabilities` is a list")
    });
    lists.flatten().collect()
}

fn severity(vulnerability: &Value) -> &str {
    vulnerability["Severity"]
        .as_str()
        .expect("there is a severity")
}

#[test]
fn the_three_analyses_of_the_requirements_give_true_answers() {
    for sample in samples::all() {
        let value = value(&sample);
        let all = vulnerabilities(&value);
        // A finding about a package that is not there has no row.
        let known = sample.assessment.facts.packages.len();
        let found: Vec<_> = sample
            .assessment
            .findings
            .iter()
            .filter_map(|finding| finding.vulnerability.as_deref())
            .filter(|found| found.package < known)
            .collect();
        assert_eq!(all.len(), found.len());

        // select(.Severity=="CRITICAL" or .Severity=="HIGH")
        let worst = all
            .iter()
            .filter(|v| matches!(severity(v), "CRITICAL" | "HIGH"));
        let wanted = found
            .iter()
            .filter(|f| f.vulnerability.severity >= plimsoll_model::Severity::High);
        assert_eq!(worst.count(), wanted.count());

        // group_by(.Severity) | map({severity, count})
        let mut groups: BTreeMap<&str, usize> = BTreeMap::new();
        for vulnerability in &all {
            *groups.entry(severity(vulnerability)).or_default() += 1;
        }
        let words = ["CRITICAL", "HIGH", "MEDIUM", "LOW", "UNKNOWN"];
        assert!(groups.keys().all(|word| words.contains(word)), "{groups:?}");

        // select(.FixedVersion != "")
        for vulnerability in &all {
            assert!(vulnerability["FixedVersion"].is_string(), "{vulnerability}");
        }
        let fixable = all.iter().filter(|v| v["FixedVersion"] != "").count();
        let wanted = found.iter().filter(|f| matches!(f.fix, FixState::Fixed(_)));
        assert_eq!(fixable, wanted.count());
    }
}

#[test]
fn states_have_trivys_words() {
    let value = value(&samples::rich());
    let states: BTreeMap<&str, &str> = vulnerabilities(&value)
        .iter()
        .map(|v| {
            (
                v["VulnerabilityID"].as_str().unwrap(),
                v["Status"].as_str().unwrap(),
            )
        })
        .collect();
    let wanted = [
        ("CVE-2008-4677", "affected"),
        ("CVE-2019-10744", "fixed"),
        ("CVE-2021-44228", "fixed"),
        ("CVE-2021-45105", "fixed"),
        ("CVE-2022-0778", "fixed"),
        ("CVE-2022-3715", "will_not_fix"),
        ("CVE-2022-9999", "under_investigation"),
    ];
    assert_eq!(states.into_iter().collect::<Vec<_>>(), wanted);
}

/// The fields that Trivy 0.76 writes, as seen in its reports and in its source.
#[test]
fn fields_are_spelt_as_trivy_spells_them() {
    let known = |name: &str| match name {
        "" => "SchemaVersion ArtifactName ArtifactType Metadata Results",
        "Metadata" => "Size OS ImageID DiffIDs RepoTags RepoDigests ImageConfig Layers",
        "Result" => "Target Class Type Packages Vulnerabilities ExperimentalModifiedFindings",
        "Modified" => "Type Status Statement Source Finding",
        "Package" => {
            "ID Name Identifier Version Release Epoch Arch Dev SrcName SrcVersion SrcRelease SrcEpoch Licenses Maintainer Modularitylabel Layer FilePath"
        }
        _ => {
            "VulnerabilityID VendorIDs PkgID PkgName PkgPath PkgIdentifier InstalledVersion FixedVersion Status Layer SeveritySource PrimaryURL DataSource Title Description Severity CweIDs CVSS References PublishedDate LastModifiedDate"
        }
    };
    let check = |name: &str, value: &Value| {
        let fields: Vec<&str> = known(name).split(' ').collect();
        for field in value.as_object().unwrap().keys() {
            assert!(fields.contains(&field.as_str()), "{name}.{field}");
        }
    };
    for sample in samples::all().into_iter().chain([sorted_out()]) {
        let value = value(&sample);
        check("", &value);
        check("Metadata", &value["Metadata"]);
        for result in value["Results"].as_array().unwrap() {
            check("Result", result);
            for package in result["Packages"].as_array().unwrap() {
                check("Package", package);
            }
            for vulnerability in result["Vulnerabilities"].as_array().unwrap() {
                check("Vulnerability", vulnerability);
            }
            for modified in result["ExperimentalModifiedFindings"]
                .as_array()
                .into_iter()
                .flatten()
            {
                check("Modified", modified);
                check("Vulnerability", &modified["Finding"]);
            }
        }
    }
}

#[test]
fn versions_of_distributions_are_taken_apart() {
    let value = value(&samples::rich());
    let packages = value["Results"][0]["Packages"].as_array().unwrap();
    let vim = packages.iter().find(|p| p["Name"] == "vim-tiny").unwrap();
    assert_eq!(vim["Epoch"], 2);
    assert_eq!(vim["Version"], "8.2.2434");
    assert_eq!(vim["Release"], "3");
    assert_eq!(vim["ID"], "vim-tiny@2:8.2.2434-3");
    assert_eq!(vim["SrcEpoch"], 2);
}

/// What Trivy makes of a sample's report.
fn convert(dir: &Path, sample: &Sample, format: &str, more: &[&str]) -> String {
    let path = dir.join(sample.name).with_extension("json");
    std::fs::write(&path, report(sample, "trivy", &PLAIN)).unwrap();
    peers::output(
        Command::new(peers::program("trivy"))
            .args(["convert", "--quiet", "--format", format, "--cache-dir"])
            .arg(dir.join("cache"))
            .args(["--config", "", "--ignorefile", ""])
            .args(more)
            .arg(&path),
    )
}

#[test]
fn trivy_itself_converts_it() {
    let dir = tempfile::tempdir().unwrap();
    for sample in samples::all().into_iter().chain([sorted_out()]) {
        let ours = value(&sample);
        let convert = |format: &str| convert(dir.path(), &sample, format, &[]);
        let theirs: Value = serde_json::from_str(&convert("json")).unwrap();
        let mut ids: Vec<&str> = vulnerabilities(&ours)
            .iter()
            .map(|v| v["VulnerabilityID"].as_str().unwrap())
            .collect();
        let results = theirs["Results"].as_array().cloned().unwrap_or_default();
        let read = results
            .iter()
            .filter_map(|r| r["Vulnerabilities"].as_array())
            .flatten();
        let mut back: Vec<&str> = read
            .map(|v| v["VulnerabilityID"].as_str().unwrap())
            .collect();
        ids.sort_unstable();
        back.sort_unstable();
        assert_eq!(ids, back, "{}", sample.name);

        let sarif: Value = serde_json::from_str(&convert("sarif")).unwrap();
        assert_eq!(
            sarif["runs"][0]["results"].as_array().unwrap().len(),
            ids.len()
        );

        let table = convert("table");
        assert!(ids.iter().all(|id| table.contains(id)), "{table}");

        let bom: Value = serde_json::from_str(&convert("cyclonedx")).unwrap();
        let unique: BTreeSet<&str> = ids.iter().copied().collect();
        let named = bom["vulnerabilities"].as_array().unwrap();
        assert_eq!(named.len(), unique.len(), "{}", sample.name);
        let affected: usize = named
            .iter()
            .map(|v| v["affects"].as_array().unwrap().len())
            .sum();
        // The hostile sample has one package twice, which Trivy cannot tell apart.
        if sample.name != "hostile" {
            assert_eq!(affected, ids.len(), "{}", sample.name);
        }
    }
}

/// The rich sample, of which somebody laid two flaws aside, and one finding is malware.
pub(crate) fn sorted_out() -> Sample {
    let mut sample = samples::rich();
    let said = |state, justification: &str, reason: &str| Triage {
        state,
        holds: true,
        justification: justification.to_owned(),
        reason: reason.to_owned(),
        by: "team@example.org".to_owned(),
        source: "statements.json".to_owned(),
        made: None,
        ends: None,
    };
    for finding in &mut sample.assessment.findings {
        match finding.rule.as_str() {
            "CVE-2021-45105" => {
                let why = "vulnerable_code_not_present";
                finding.triage = vec![said(TriageState::NotAffected, why, "")];
            }
            "CVE-2022-0778" => finding.triage = vec![said(TriageState::Accepted, "", "until May")],
            "CVE-2019-10744" => {
                finding.class = FindingClass::Malware;
                let found = finding.vulnerability.as_deref_mut().unwrap();
                found.vulnerability.malicious = true;
            }
            // Somebody looks into it, which lays nothing aside.
            "CVE-2021-44228" => {
                finding.triage = vec![said(TriageState::UnderInvestigation, "", "")];
            }
            _ => {}
        }
    }
    sample
}

/// What is laid aside is where Trivy has it, and Trivy itself shows it when asked.
#[test]
fn what_is_laid_aside_is_no_vulnerability_any_more() {
    let ours = value(&sorted_out());
    let results = ours["Results"].as_array().unwrap();
    let modified: Vec<&Value> = results
        .iter()
        .filter_map(|result| result["ExperimentalModifiedFindings"].as_array())
        .flatten()
        .collect();
    let told: BTreeSet<[&str; 5]> = modified
        .iter()
        .map(|one| {
            [
                one["Type"].as_str().unwrap(),
                one["Finding"]["VulnerabilityID"].as_str().unwrap(),
                one["Status"].as_str().unwrap(),
                one["Statement"].as_str().unwrap(),
                one["Source"].as_str().unwrap(),
            ]
        })
        .collect();
    let why = "vulnerable_code_not_present";
    let source = "statements.json";
    let kind = "vulnerability";
    let wanted = [
        [kind, "CVE-2021-45105", "not_affected", why, source],
        [kind, "CVE-2022-0778", "ignored", "until May", source],
    ];
    assert_eq!(told, BTreeSet::from(wanted));
    let left = vulnerabilities(&ours);
    let all = value(&samples::rich());
    assert_eq!(left.len() + modified.len(), vulnerabilities(&all).len());
    let is_aside = |id: &Value| id == "CVE-2021-45105" || id == "CVE-2022-0778";
    assert!(!left.iter().any(|one| is_aside(&one["VulnerabilityID"])));

    let dir = tempfile::tempdir().unwrap();
    let convert = |format: &str, more: &[&str]| convert(dir.path(), &sorted_out(), format, more);
    for id in ["CVE-2021-45105", "CVE-2022-0778"] {
        assert!(!convert("table", &[]).contains(id), "{id}");
    }
    let asked = convert("table", &["--show-suppressed"]);
    assert!(
        asked.contains("Suppressed Vulnerabilities (Total: "),
        "{asked}"
    );
    for words in ["CVE-2021-45105", "CVE-2022-0778", "until May", why] {
        assert!(asked.contains(words), "{words}: {asked}");
    }
    let json: Value = serde_json::from_str(&convert("json", &["--show-suppressed"])).unwrap();
    let theirs = json["Results"].as_array().unwrap().iter();
    let theirs = theirs.filter_map(|one| one["ExperimentalModifiedFindings"].as_array());
    assert_eq!(theirs.flatten().count(), modified.len());
}

/// Malware is a row, for nobody looks elsewhere, and is told apart.
#[test]
fn malware_is_told_by_its_weakness() {
    let ours = value(&sorted_out());
    let has = |value: &Value| -> Vec<String> {
        vulnerabilities(value)
            .iter()
            .filter(|one| one["CweIDs"] == json!(["CWE-506"]))
            .map(|one| one["VulnerabilityID"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(has(&ours), ["CVE-2019-10744"]);
    assert!(
        vulnerabilities(&value(&samples::rich()))
            .iter()
            .all(|one| one.get("CweIDs").is_none())
    );
    let dir = tempfile::tempdir().unwrap();
    let theirs: Value =
        serde_json::from_str(&convert(dir.path(), &sorted_out(), "json", &[])).unwrap();
    let results = theirs["Results"].as_array().unwrap().iter();
    let rows = results
        .filter_map(|one| one["Vulnerabilities"].as_array())
        .flatten();
    assert_eq!(
        rows.filter(|one| one["CweIDs"] == json!(["CWE-506"]))
            .count(),
        1
    );
}
