//! Bills of materials, held against those who specify the formats and those who read them.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use plimsoll_report::{Bill, Commit, SBOMS, sbom_format};
use serde_json::{Value, json};

use crate::samples::{self, Sample};
use crate::{peers, sbom, sbom_with_flaws};

/// Writes every sample in a format.
fn written(dir: &Path, format: &str, end: &str) -> Vec<PathBuf> {
    let write = |sample: &Sample| {
        let name = format!("{}.{format}.{end}", sample.name);
        let path = dir.join(name);
        std::fs::write(&path, sbom(sample, format)).unwrap();
        path
    };
    samples::all().iter().map(write).collect()
}

/// What a judge says of files.
fn judged(how: &[&str], files: &[PathBuf]) -> String {
    let judge = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/judge.py");
    let mut command = Command::new(peers::python());
    peers::output(command.arg(judge).args(how).args(files))
}

fn purls(list: impl Iterator<Item = String>) -> BTreeSet<String> {
    list.collect()
}

fn own_purls(sample: &Sample) -> BTreeSet<String> {
    let packages = sample.assessment.facts.packages.iter();
    purls(packages.map(|package| package.purl.clone()))
}

#[test]
fn cyclonedx_xml_is_valid_by_the_schema_of_its_version() {
    let dir = tempfile::tempdir().unwrap();
    let schemas = peers::schemas();
    let how = ["cyclonedx-xml", schemas.to_str().unwrap()];
    let mut files = Vec::new();
    for version in ["1.4", "1.5", "1.6", "1.7"] {
        files.extend(written(
            dir.path(),
            &format!("cyclonedx-xml@{version}"),
            "xml",
        ));
        for sample in samples::all() {
            let path = dir
                .path()
                .join(format!("{}.{version}.flaws.xml", sample.name));
            let text = sbom_with_flaws(&sample, &format!("cyclonedx-xml@{version}"));
            std::fs::write(&path, text).unwrap();
            files.push(path);
        }
    }
    assert_eq!(judged(&how, &files), "");
    let text = sbom(&samples::rich(), "cyclonedx-xml");
    let damaged = dir.path().join("damaged.xml");
    std::fs::write(&damaged, text.replace("library", "package")).unwrap();
    assert_ne!(judged(&how, &[damaged]), "");
}

#[test]
fn spdx_2_is_valid_by_the_library_of_the_project() {
    let dir = tempfile::tempdir().unwrap();
    let mut files = written(dir.path(), "spdx-json", "spdx.json");
    files.extend(written(dir.path(), "spdx-tag-value", "spdx"));
    assert_eq!(judged(&["spdx2"], &files), "");
    let text = sbom(&samples::rich(), "spdx-json");
    let damaged = dir.path().join("damaged.spdx.json");
    std::fs::write(&damaged, text.replace("SPDXRef-Package-3", "SPDXRef-None")).unwrap();
    let told = judged(&["spdx2"], &[damaged]);
    assert_eq!(told, "", "a consistent change stays valid");
    let damaged = dir.path().join("other.spdx.json");
    std::fs::write(
        &damaged,
        text.replace("DEPENDS_ON", "NEEDS")
            .replace("CONTAINS", "HOLDS"),
    )
    .unwrap();
    assert_ne!(judged(&["spdx2"], &[damaged]), "");
}

#[test]
fn spdx_3_is_valid_by_the_model_of_the_project() {
    let dir = tempfile::tempdir().unwrap();
    let files = written(dir.path(), "spdx-json@3.0", "spdx3.json");
    assert_eq!(judged(&["spdx3"], &files), "");
    let text = sbom(&samples::rich(), "spdx-json@3.0");
    for (from, to) in [
        ("\"library\"", "\"book\""),
        ("#package-3", "#none"),
        ("\"relationshipType\"", "\"kind\""),
    ] {
        let damaged = dir.path().join("damaged.json");
        std::fs::write(&damaged, text.replacen(from, to, 1)).unwrap();
        assert_ne!(judged(&["spdx3"], &[damaged]), "", "{from}");
    }
}

/// Syft reads what we write as itself, and gives all packages on, with source packages and relations.
#[test]
fn syft_reads_every_format_that_it_knows() {
    let dir = tempfile::tempdir().unwrap();
    for sample in samples::all().into_iter().filter(|s| s.name != "hostile") {
        for (format, end) in [
            ("syft-json", "json"),
            ("spdx-json", "spdx.json"),
            ("spdx-tag-value", "spdx"),
            ("cyclonedx-xml", "xml"),
            ("cyclonedx-json@1.5", "json"),
            ("cyclonedx-json@1.4", "json"),
        ] {
            let path = dir.path().join(format!("{}.{end}", sample.name));
            std::fs::write(&path, sbom(&sample, format)).unwrap();
            let theirs = convert(&path, "syft-json");
            let artifacts = theirs["artifacts"].as_array().unwrap();
            let found = purls(artifacts.iter().filter_map(|one| {
                let purl = one["purl"].as_str()?;
                // It takes its own notes out of package URLs and puts them in again.
                purl.starts_with("pkg:").then(|| bare(purl))
            }));
            let own: BTreeSet<String> = own_purls(&sample).iter().map(|p| bare(p)).collect();
            let missing: Vec<&String> = own.difference(&found).collect();
            assert!(missing.is_empty(), "{} {format}: {missing:?}", sample.name);
        }
    }
}

/// A package URL without qualifiers.
fn bare(purl: &str) -> String {
    purl.split('?').next().unwrap_or_default().to_owned()
}

fn convert(path: &Path, format: &str) -> Value {
    let mut command = Command::new(peers::program("syft"));
    command
        .args(["convert", "--quiet"])
        .arg(path)
        .args(["-o", format])
        .env("SYFT_CHECK_FOR_APP_UPDATE", "false");
    serde_json::from_str(&peers::output(&mut command)).unwrap()
}

#[test]
fn syft_keeps_what_grype_needs() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("rich.json");
    let sample = samples::rich();
    std::fs::write(&path, sbom(&sample, "syft-json")).unwrap();
    let ours: Value = serde_json::from_str(&sbom(&sample, "syft-json")).unwrap();
    let theirs = convert(&path, "syft-json");
    assert_eq!(theirs["distro"], ours["distro"]);
    assert_eq!(theirs["source"]["type"], "image");
    let of = |value: &Value, name: &str| {
        let list = value["artifacts"].as_array().unwrap().iter();
        let mut named = list.filter(|one| one["name"] == name);
        named.next().cloned().unwrap()
    };
    for name in ["libssl1.1", "vim-tiny", "lodash"] {
        let (ours, theirs) = (of(&ours, name), of(&theirs, name));
        for key in [
            "version",
            "type",
            "language",
            "metadataType",
            "metadata",
            "id",
        ] {
            assert_eq!(theirs[key], ours[key], "{name} {key}");
        }
        assert_eq!(theirs["locations"], ours["locations"], "{name}");
    }
    let kinds = |value: &Value, kind: &str| {
        let list = value["artifactRelationships"].as_array().unwrap().iter();
        list.filter(|one| one["type"] == kind).count()
    };
    for kind in ["dependency-of", "ownership-by-file-overlap"] {
        assert!(kinds(&ours, kind) > 0, "{kind}");
        assert_eq!(kinds(&theirs, kind), kinds(&ours, kind), "{kind}");
    }
}

/// A snapshot has the shape that Syft gives it, and the fields that the interface demands.
#[test]
fn snapshots_for_github_are_shaped_as_others_make_them() {
    let dir = tempfile::tempdir().unwrap();
    let sample = samples::rich();
    let path = dir.path().join("rich.json");
    std::fs::write(&path, sbom(&sample, "syft-json")).unwrap();
    let theirs = convert(&path, "github-json");
    let commit = Commit {
        sha: "ce587453ced02b1526dfb4cb910479d431683101".into(),
        reference: "refs/heads/main".into(),
        run: "1".into(),
        correlator: "ci_build".into(),
    };
    let bill = Bill {
        facts: &sample.assessment.facts,
        program: "0.1.0",
        created: None,
        commit: Some(&commit),
        assessment: None,
    };
    let mut out = Vec::new();
    let format = sbom_format("github").unwrap();
    format.write(&bill, &mut out).unwrap();
    let ours: Value = serde_json::from_slice(&out).unwrap();
    for key in [
        "version",
        "job",
        "detector",
        "metadata",
        "manifests",
        "scanned",
    ] {
        let (a, b) = (&ours[key], &theirs[key]);
        assert_eq!(a.is_object(), b.is_object(), "{key}");
        assert!(!a.is_null(), "{key}");
    }
    assert_eq!(ours["job"], json!({"id": "1", "correlator": "ci_build"}));
    assert_eq!(ours["sha"].as_str().unwrap().len(), 40);
    assert!(ours["metadata"].as_object().unwrap().len() <= 8);
    let named = |value: &Value| {
        let manifests = value["manifests"].as_object().unwrap().values();
        let resolved = manifests.flat_map(|one| one["resolved"].as_object().unwrap().values());
        purls(resolved.map(|one| bare(one["package_url"].as_str().unwrap())))
    };
    assert_eq!(named(&ours), named(&theirs));
    for manifest in ours["manifests"].as_object().unwrap().values() {
        assert!(manifest["file"]["source_location"].is_string());
        for package in manifest["resolved"].as_object().unwrap().values() {
            assert!(package["metadata"].as_object().unwrap().len() <= 8);
            let plain = |value: &Value| value.is_string();
            assert!(package["metadata"].as_object().unwrap().values().all(plain));
            let kinds = ["direct", "indirect"];
            assert!(kinds.contains(&package["relationship"].as_str().unwrap()));
        }
    }
}

#[test]
fn every_format_tells_what_needs_what() {
    let sample = samples::rich();
    for format in SBOMS.iter().map(|format| format.names()[0]) {
        if format != "purls" {
            let text = sbom(&sample, format);
            let needs = ["dependsOn", "DEPENDS_ON", "dependency-of", "dependencies"];
            assert!(needs.iter().any(|word| text.contains(word)), "{format}");
        }
        let names = SBOMS.iter().flat_map(|format| format.names());
        let same = names.filter(|name| **name == format).count();
        assert_eq!(same, 1, "{format}");
    }
}
