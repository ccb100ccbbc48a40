//! Bills of materials as input: the same findings without the image, from every format.

#![allow(
    clippy::unwrap_used,
    reason = "what cannot go on in a test stops it, helpers too"
)]

use std::path::Path;

use plimsoll_testkit::image::{Image, docker};
use plimsoll_testkit::program::Program;
use serde_json::{Value, json};

/// Every format that names places, and so gives the same findings to the byte.
const FORMATS: &[&str] = &[
    "cyclonedx",
    "cyclonedx-json@1.4",
    "cyclonedx-json@1.5",
    "cyclonedx-json@1.7",
    "cyclonedx-xml",
    "cyclonedx-xml@1.4",
    "spdx-json",
    "spdx-tag-value",
    "spdx-json@3.0",
    "syft-json",
    "github-json",
];

/// A Debian with a Python package of its own and a foreign one, and an application in a layer above.
const BASE: &str = r#"
etc/os-release = "ID=debian\nVERSION_ID=\"11\"\nVERSION_CODENAME=bullseye\nPRETTY_NAME=\"Debian 11\"\n"
var/lib/dpkg/status = "Package: libssl1.1\nStatus: install ok installed\nMaintainer: A <a@example.org>\nArchitecture: amd64\nSource: openssl\nVersion: 1.1.1d-0\n\nPackage: openssl\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1.1.1d-0\nDepends: libssl1.1 (>= 1.1.1)\n\nPackage: python3-yaml\nStatus: install ok installed\nArchitecture: amd64\nSource: pyyaml\nVersion: 5.3.1-5\n\n"
var/lib/dpkg/info/python3-yaml.list = "/usr/lib/python3/dist-packages/PyYAML-5.3.1.egg-info\n"
usr/lib/python3/dist-packages/PyYAML-5.3.1.egg-info = "Metadata-Version: 1.1\nName: PyYAML\nVersion: 5.3.1\n"
"#;

const APP: &str = r#"
app/node_modules/lodash/package.json = "{\"name\":\"lodash\",\"version\":\"4.17.4\",\"license\":\"MIT\"}"
app/node_modules/@x/minimist/package.json = "{\"name\":\"minimist\",\"version\":\"1.2.0\"}"
usr/local/lib/python3.9/site-packages/PyYAML-5.3.dist-info/METADATA = "Metadata-Version: 2.1\nName: PyYAML\nVersion: 5.3\nLicense: MIT\n"
"#;

fn program() -> Program {
    Program::new(env!("CARGO_BIN_EXE_plimsoll"))
}

fn text(path: &Path) -> &str {
    path.to_str().expect("temporary paths are UTF-8")
}

fn image(program: &Program) -> String {
    let image = Image::new("registry.example/app:1.2.3");
    let image = image.layer(BASE).layer(APP);
    let archive = program.file("image.tar", docker(&[image]).tar());
    text(&archive).to_owned()
}

/// The flaws that are found, without the place of their package in the list.
fn flaws(program: &Program, subject: &str) -> Vec<Value> {
    let report = program.run(["scan", "-f", "json", subject]).json();
    let findings = report["findings"].as_array().unwrap().iter();
    findings
        .filter(|finding| finding["class"] == "vulnerability")
        .cloned()
        .collect()
}

/// Writes the bill of materials of a subject.
fn written(program: &Program, subject: &str, format: &str) -> String {
    let run = program.run(["sbom", "-f", format, subject]);
    run.ends(0, &[]);
    let file = program.file(&format!("{format}.sbom"), &run.stdout);
    format!("sbom:{}", text(&file))
}

#[test]
fn a_bill_of_materials_gives_the_findings_of_its_image() {
    let program = program();
    let image = image(&program);
    let expected = flaws(&program, &image);
    assert!(expected.len() > 8, "{expected:#?}");
    for format in FORMATS {
        let bill = written(&program, &image, format);
        let found = flaws(&program, &bill);
        assert_eq!(found, expected, "{format}");
    }
    // Package URLs tell no places, names as they are normalised, and not that Debian owns one of the two packages of Python.
    let ids = |list: &[Value]| -> std::collections::BTreeSet<String> {
        let ids = list.iter();
        ids.map(|one| format!("{} {}", one["rule"], one["subject"]).to_lowercase())
            .collect()
    };
    let purls = written(&program, &image, "purls");
    let found = ids(&flaws(&program, &purls));
    assert!(found.is_superset(&ids(&expected)));
}

#[test]
fn a_bill_goes_through_every_format_and_stays_the_same() {
    let program = program();
    let image = image(&program);
    let first = written(&program, &image, "cyclonedx");
    let bytes = |name: &str| std::fs::read(name.strip_prefix("sbom:").unwrap()).unwrap();
    let components = |name: &str| -> Value {
        let mut value: Value = serde_json::from_slice(&bytes(name)).unwrap();
        // Syft's format has no room for the file that names the system.
        value["components"][0]["properties"].take();
        json!([value["components"], value["dependencies"][1]])
    };
    let expected = components(&first);
    assert!(expected[1]["dependsOn"].is_array(), "{expected:#}");
    // A snapshot has no licences and no suppliers.
    for format in FORMATS.iter().filter(|format| **format != "github-json") {
        let there = written(&program, &image, format);
        let back = written(&program, &there, "cyclonedx");
        assert_eq!(components(&back), expected, "{format}");
    }
}

#[test]
fn a_bill_without_the_image_leaves_open_what_only_the_image_tells() {
    let program = program();
    let image = image(&program);
    let bill = written(&program, &image, "spdx-json");
    let report = program.run(["assess", "-f", "json", &bill]).json();
    assert_eq!(report["image"]["source"], "sbom");
    for check in report["checks"].as_array().unwrap() {
        let told = ["base-eol", "moving-tag", "agpl-license", "trial"];
        let open = check["answer"] == "unknown";
        assert!(
            open || told.contains(&check["id"].as_str().unwrap()),
            "{check}"
        );
    }
}

#[test]
fn what_is_no_bill_of_materials_is_refused() {
    let program = program();
    for (bytes, words) in [
        (&b"hello"[..], "no bill of materials"),
        (b"", "no bill of materials"),
        (b"{}", "no bill of materials"),
        (
            b"{\"bomFormat\":\"CycloneDX\",\"components\":7}",
            "CycloneDX JSON",
        ),
        (b"<bom><x/></bom>", "CycloneDX XML"),
        (
            b"<!DOCTYPE x [<!ENTITY a \"b\">]><bom>&a;</bom>",
            "CycloneDX XML",
        ),
        (
            b"{\"spdxVersion\":\"SPDX-2.3\",\"packages\":{}}",
            "SPDX JSON",
        ),
    ] {
        let file = program.file("x.json", bytes);
        let run = program.run(["sbom", &format!("sbom:{}", text(&file))]);
        run.ends(4, &[words]);
    }
    program
        .run(["sbom", "sbom:nowhere.json"])
        .ends(4, &["nowhere.json"]);
    program.run(["inspect", "sbom:x"]).ends(2, &["no image"]);
}

/// What Syft and Trivy write of a folder is read: the same packages, the same system.
#[test]
fn bills_of_others_are_read() {
    let program = program();
    let syft = json!({
        "artifacts": [{"id": "1", "name": "libssl1.1", "version": "1.1.1d-0", "type": "deb",
            "locations": [{"path": "/var/lib/dpkg/status"}], "licenses": ["OpenSSL"],
            "purl": "pkg:deb/debian/libssl1.1@1.1.1d-0?arch=amd64&upstream=openssl&distro=debian-11"}],
        "distro": {"id": "debian", "versionID": "11"},
        "source": {"type": "directory", "metadata": {"path": "x"}},
        "schema": {"version": "16.0.18"},
    });
    let trivy = json!({
        "bomFormat": "CycloneDX", "specVersion": "1.6",
        "components": [
            {"type": "operating-system", "name": "debian", "version": "11.6"},
            {"type": "library", "bom-ref": "x", "name": "libssl1.1", "version": "1.1.1d-0",
                "purl": "pkg:deb/debian/libssl1.1@1.1.1d-0?arch=amd64&distro=debian-11.6",
                "properties": [
                    {"name": "aquasecurity:trivy:SrcName", "value": "openssl"},
                    {"name": "aquasecurity:trivy:SrcVersion", "value": "1.1.1d"},
                    {"name": "aquasecurity:trivy:SrcRelease", "value": "0"}]},
            {"type": "library", "name": "nothing", "version": "1"}],
    });
    for (name, value) in [("syft.json", syft), ("trivy.json", trivy)] {
        let file = program.file(name, value.to_string());
        let subject = format!("sbom:{}", text(&file));
        let found = flaws(&program, &subject);
        assert!(!found.is_empty(), "{name}");
        let purls = program.run(["sbom", "-f", "purls", &subject]);
        assert!(purls.text().contains("upstream=openssl"), "{name}");
    }
}

#[test]
fn bills_are_converted_compared_and_judged() {
    let program = program();
    let image = image(&program);
    let bill = written(&program, &image, "spdx-json");
    let file = bill.strip_prefix("sbom:").unwrap();
    let direct = program.run(["sbom", "-f", "purls", &image]);
    let purls = program.run(["sbom", "convert", file, "-f", "purls"]);
    assert_eq!(purls.text(), direct.text());
    let fewer = purls.text().replace("lodash@4.17.4", "lodash@4.17.21");
    let fewer = fewer.lines().filter(|line| !line.contains("libssl"));
    let fewer: Vec<&str> = fewer.collect();
    let fewer = fewer.join("\n");
    let other = program.file("other.txt", fewer);
    let run = program.run(["sbom", "diff", file, text(&other)]);
    run.ends(0, &[]);
    assert_eq!(
        run.text(),
        "- libssl1.1 1.1.1d-0 (Debian package)\n~ lodash 4.17.4 -> 4.17.21 (npm package)\n"
    );
    let changes = program.run(["sbom", "diff", file, text(&other), "-f", "json"]);
    assert_eq!(changes.json()["changes"].as_array().unwrap().len(), 2);
    assert_eq!(program.run(["sbom", "diff", file, file]).text(), "");
    let judged = program
        .run(["sbom", "--quality", file, "-f", "json"])
        .json();
    let ntia = &judged["standards"][0]["elements"];
    for (idx, id) in ["author", "timestamp"].into_iter().enumerate() {
        assert_eq!(ntia[idx]["id"], id);
        assert_eq!(ntia[idx]["score"], 100, "{ntia:#}");
    }
    for lang in ["en", "zh"] {
        let run = program.run(["sbom", "--lang", lang, "--quality", file]);
        assert!(run.text().contains("BSI TR-03183-2"), "{run:?}");
    }
    program
        .run(["sbom", "--quality", file, "-f", "xml"])
        .ends(2, &["`xml`"]);
    program.run(["sbom"]).ends(2, &[]);
}

/// An archive without coordinates is what the user's index says of its sum.
#[test]
fn t52_an_index_names_java_archives() {
    let program = Program::new(env!("CARGO_BIN_EXE_plimsoll"));
    let root = program.folder().join("root");
    std::fs::create_dir_all(root.join("opt")).unwrap();
    // A zip archive without entries.
    let mut archive = b"PK\x05\x06".to_vec();
    archive.extend([0; 18]);
    std::fs::write(root.join("opt/renamed.jar"), archive).unwrap();
    let image = format!("dir:{}", root.display());
    let sum = "b04f3ee8f5e43fa3b162981b50bb72fe1acabb33";
    let index = program.file(
        "java.index",
        format!("{sum} org.example:tool:1.0\n").into_bytes(),
    );
    let bill = |arguments: &[&str]| {
        program.run([&["sbom", "-f", "cyclonedx", image.as_str()], arguments].concat())
    };
    let says = |out: &[u8]| String::from_utf8_lossy(out).contains("pkg:maven/org.example/tool@1.0");
    assert!(!says(&bill(&[]).stdout));
    let run = bill(&["--java-index", index.to_str().unwrap()]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(says(&run.stdout), "{run:?}");
    let variable = [("PLIMSOLL_JAVA_INDEX", index.to_str().unwrap())];
    let run = program.run_with(["sbom", "-f", "cyclonedx", image.as_str()], &variable, b"");
    assert!(says(&run.stdout), "{run:?}");
    let other = program.file("other", b"rubbish".to_vec());
    let run = bill(&["--java-index", other.to_str().unwrap()]);
    assert_eq!(run.code, 4, "{run:?}");
    assert!(
        run.stderr.contains("sha1 group:artifact:version"),
        "{run:?}"
    );
}
