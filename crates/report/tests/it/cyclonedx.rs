//! `plimsoll sbom -f cyclonedx`, held against the specification and against those who read it.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use jsonschema::Validator;
use plimsoll_model::Ecosystem;
use serde_json::{Value, json};

use crate::samples::{self, Sample};
use crate::{peers, sbom, sbom_with_flaws};

fn value(sample: &Sample) -> Value {
    serde_json::from_str(&sbom(sample, "cyclonedx")).unwrap()
}

/// The specification's schema of a version, with the schemas that it refers to.
fn validator(version: &str) -> Validator {
    let bom = peers::schema(&format!("bom-{version}.SNAPSHOT.schema.json"));
    let mut registry = jsonschema::Registry::new();
    for name in [
        "spdx.SNAPSHOT.schema.json",
        "jsf-0.82.SNAPSHOT.schema.json",
        "cryptography-defs.SNAPSHOT.schema.json",
    ] {
        let schema = peers::schema(name);
        let id = format!("http://cyclonedx.org/schema/{name}");
        registry = registry.add(id, schema).unwrap();
    }
    let registry = registry.prepare().unwrap();
    jsonschema::options()
        .with_registry(&registry)
        .build(&bom)
        .unwrap()
}

#[test]
fn every_sample_is_valid_by_the_specification() {
    for version in ["1.4", "1.5", "1.6", "1.7"] {
        let validator = validator(version);
        for sample in samples::all() {
            let format = format!("cyclonedx-json@{version}");
            for text in [sbom(&sample, &format), sbom_with_flaws(&sample, &format)] {
                let value: Value = serde_json::from_str(&text).unwrap();
                let errors: Vec<String> = validator
                    .iter_errors(&value)
                    .map(|error| format!("{}: {error}", error.instance_path()))
                    .collect();
                let name = sample.name;
                assert!(errors.is_empty(), "{name} {version}: {}", errors.join("\n"));
            }
        }
    }
    let validator = validator("1.6");
    let mut damaged = value(&samples::rich());
    damaged["components"][1]["licenses"] = json!([{"license": {"id": "not a licence"}}]);
    assert!(
        !validator.is_valid(&damaged),
        "the list of SPDX was not read"
    );
    let mut damaged = value(&samples::rich());
    damaged["components"][1]["type"] = json!("package");
    assert!(!validator.is_valid(&damaged));
}

/// Nothing is claimed beyond the answer of matching: no flaw is called exploitable or harmless.
#[test]
fn flaws_are_told_as_far_as_they_are_known() {
    for sample in samples::all() {
        let bare = value(&sample);
        assert!(bare["vulnerabilities"].is_null());
        let text = sbom_with_flaws(&sample, "cyclonedx");
        let value: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(value["components"], bare["components"]);
        assert_ne!(value["serialNumber"], bare["serialNumber"]);
        let components = value["components"].as_array().unwrap().iter();
        let known: BTreeSet<&str> = components.filter_map(|c| c["bom-ref"].as_str()).collect();
        let mut told = BTreeSet::new();
        let mut own = BTreeSet::new();
        for flaw in value["vulnerabilities"].as_array().unwrap() {
            assert!(own.insert(flaw["bom-ref"].as_str().unwrap()));
            assert_eq!(flaw["analysis"]["state"], "in_triage");
            for target in flaw["affects"].as_array().unwrap() {
                let reference = target["ref"].as_str().unwrap();
                assert!(known.contains(reference), "{reference}");
                told.insert((flaw["id"].as_str().unwrap(), reference));
            }
        }
        let found = &sample.assessment.findings;
        let found = found.iter().filter_map(|one| one.vulnerability.as_ref());
        let packages = sample.assessment.facts.packages.len();
        let found: BTreeSet<_> = found
            .filter(|one| one.package < packages)
            .map(|one| (one.vulnerability.id.as_str(), one.package))
            .collect();
        assert_eq!(told.len(), found.len(), "{}", sample.name);
    }
    let text = sbom_with_flaws(&samples::rich(), "cyclonedx");
    let value: Value = serde_json::from_str(&text).unwrap();
    let flaws = value["vulnerabilities"].as_array().unwrap();
    let statuses: BTreeSet<&str> = flaws
        .iter()
        .filter_map(|flaw| flaw["affects"][0]["versions"][0]["status"].as_str())
        .collect();
    assert_eq!(statuses, BTreeSet::from(["affected", "unknown"]));
    let odd = flaws.iter().find(|f| f["id"] == "CVE-2022-9999").unwrap();
    let detail = odd["analysis"]["detail"].as_str().unwrap();
    assert!(detail.contains("cannot be judged"), "{detail}");
}

/// What is written as `license.id` must be in the list of the specification. Where this fails, the table
/// `NOT_LISTED` wants the names.
/// Malware has the weakness of embedded malicious code, and no flaw has it.
#[test]
fn malware_is_told_by_its_weakness() {
    let sample = crate::trivy::sorted_out();
    let validator = validator("1.6");
    let value: Value =
        serde_json::from_str(&sbom_with_flaws(&sample, "cyclonedx-json@1.6")).unwrap();
    assert!(validator.is_valid(&value));
    let flaws = value["vulnerabilities"].as_array().unwrap().iter();
    let marked: Vec<&Value> = flaws
        .filter(|one| one.get("cwes").is_some())
        .map(|one| &one["id"])
        .collect();
    assert_eq!(marked, ["CVE-2019-10744"]);
    let xml = sbom_with_flaws(&sample, "cyclonedx-xml@1.6");
    assert!(xml.contains("<cwe>506</cwe>"), "{xml}");
}

#[test]
fn every_licence_that_we_know_by_id_is_in_the_list() {
    let list = peers::schema("spdx.SNAPSHOT.schema.json");
    let list: BTreeSet<&str> = list["enum"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(Value::as_str)
        .collect();
    let mut sample = samples::rich();
    let package = sample.assessment.facts.packages[0].clone();
    let of_each = spdx::identifiers::LICENSES.iter().map(|license| {
        let mut package = package.clone();
        package.fact.licenses = vec![license.name.to_owned()];
        package
    });
    sample.assessment.facts.packages = of_each.collect();
    let value = value(&sample);
    let components = value["components"].as_array().unwrap();
    let ids = components
        .iter()
        .filter_map(|c| c["licenses"][0]["license"]["id"].as_str());
    assert!(ids.clone().count() > 500);
    let unknown: Vec<&str> = ids.filter(|id| !list.contains(id)).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
}

#[test]
fn references_are_unique_and_purls_well_formed() {
    for sample in samples::all() {
        let value = value(&sample);
        let mut seen = BTreeSet::new();
        let root = &value["metadata"]["component"];
        let components = value["components"].as_array().unwrap();
        for component in components.iter().chain([root]) {
            let reference = component["bom-ref"].as_str().unwrap();
            assert!(seen.insert(reference), "{reference} comes twice");
        }
        let types: BTreeSet<_> = Ecosystem::ALL
            .iter()
            .map(|ecosystem| ecosystem.row().purl_type)
            .collect();
        for purl in components.iter().filter_map(|c| c["purl"].as_str()) {
            let (scheme, rest) = purl.split_once(':').unwrap();
            assert_eq!(scheme, "pkg");
            assert!(types.contains(rest.split('/').next().unwrap()), "{purl}");
            assert!(purl.bytes().all(|b| b.is_ascii_graphic()), "{purl}");
        }
    }
}

#[test]
fn licences_are_expressions_ids_or_names() {
    let value = value(&samples::rich());
    let licenses: BTreeMap<&str, &Value> = value["components"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|component| !component["licenses"].is_null())
        .map(|component| (component["name"].as_str().unwrap(), &component["licenses"]))
        .collect();
    let declared = "declared";
    assert_eq!(
        licenses["lodash"],
        &json!([{"license": {"id": "MIT", "acknowledgement": declared}}])
    );
    assert_eq!(
        licenses["core"],
        &json!([{"expression": "(MIT OR Apache-2.0)", "acknowledgement": declared}])
    );
    assert_eq!(
        licenses["log4j-core"],
        &json!([
            {"license": {"name": "Apache License, Version 2.0", "acknowledgement": declared}},
            {"license": {"id": "GPL-2.0-only", "acknowledgement": declared}},
        ])
    );
}

#[test]
fn trivy_and_syft_read_every_package() {
    let (trivy, syft) = (peers::program("trivy"), peers::program("syft"));
    let dir = tempfile::tempdir().unwrap();
    for sample in samples::all().into_iter().filter(|s| s.name != "hostile") {
        let path = dir.path().join(sample.name).with_extension("cdx.json");
        std::fs::write(&path, sbom(&sample, "cyclonedx")).unwrap();
        let packages = sample.assessment.facts.packages.len();

        let text = peers::output(
            Command::new(&syft)
                .args(["convert", "--quiet"])
                .arg(&path)
                .args(["-o", "syft-json"])
                .env("SYFT_CHECK_FOR_APP_UPDATE", "false"),
        );
        let theirs: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(
            theirs["artifacts"].as_array().unwrap().len(),
            packages,
            "{}",
            sample.name
        );

        let text = peers::output(
            Command::new(&trivy)
                .args(["sbom", "--quiet", "--format", "json", "--list-all-pkgs"])
                .args([
                    "--scanners",
                    "license",
                    "--offline-scan",
                    "--skip-db-update",
                ])
                .args([
                    "--skip-java-db-update",
                    "--skip-version-check",
                    "--disable-telemetry",
                ])
                .arg("--cache-dir")
                .arg(dir.path().join("cache"))
                .arg(&path),
        );
        let theirs: Value = serde_json::from_str(&text).unwrap();
        let results = theirs["Results"].as_array().cloned().unwrap_or_default();
        let read: usize = results
            .iter()
            .filter_map(|result| result["Packages"].as_array())
            .map(Vec::len)
            .sum();
        assert_eq!(read, packages, "{}: {text}", sample.name);
    }
}
