//! `-f trivy`, read by scripts made for Trivy and by Trivy itself.

use std::collections::BTreeMap;
use std::process::Command;

use plimsoll_model::advisory::FixState;
use serde_json::Value;

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
        "Result" => "Target Class Type Packages Vulnerabilities",
        "Package" => {
            "ID Name Identifier Version Release Epoch Arch Dev SrcName SrcVersion SrcRelease SrcEpoch Licenses Maintainer Modularitylabel Layer FilePath"
        }
        _ => {
            "VulnerabilityID VendorIDs PkgID PkgName PkgPath PkgIdentifier InstalledVersion FixedVersion Status Layer SeveritySource PrimaryURL DataSource Title Description Severity CVSS References PublishedDate LastModifiedDate"
        }
    };
    let check = |name: &str, value: &Value| {
        let fields: Vec<&str> = known(name).split(' ').collect();
        for field in value.as_object().unwrap().keys() {
            assert!(fields.contains(&field.as_str()), "{name}.{field}");
        }
    };
    for sample in samples::all() {
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

#[test]
fn trivy_itself_converts_it() {
    let trivy = peers::program("trivy");
    let dir = tempfile::tempdir().unwrap();
    for sample in samples::all() {
        let path = dir.path().join(sample.name).with_extension("json");
        std::fs::write(&path, report(&sample, "trivy", &PLAIN)).unwrap();
        let ours = value(&sample);
        let convert = |format: &str| {
            peers::output(
                Command::new(&trivy)
                    .args(["convert", "--quiet", "--format", format, "--cache-dir"])
                    .arg(dir.path().join("cache"))
                    .args(["--config", "", "--ignorefile", ""])
                    .arg(&path),
            )
        };
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
        let unique: std::collections::BTreeSet<&str> = ids.iter().copied().collect();
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
