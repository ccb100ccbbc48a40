//! Bills of materials as input: the same findings without the image, from every format.

#![allow(
    clippy::unwrap_used,
    reason = "what cannot go on in a test stops it, helpers too"
)]

use std::path::Path;

use plimsoll_model::Digest;
use plimsoll_testkit::image::{Image, Layer, descriptor, docker};
use plimsoll_testkit::program::Program;
use plimsoll_testkit::registry::{Access, Registry};
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
    let trivy_spdx = json!({
        "spdxVersion": "SPDX-2.3", "SPDXID": "SPDXRef-DOCUMENT", "creationInfo": {"creators": ["Tool: trivy-0.76.0"]},
        "packages": [
            {"SPDXID": "SPDXRef-OperatingSystem-1", "name": "debian", "versionInfo": "11.6",
                "primaryPackagePurpose": "OPERATING-SYSTEM"},
            {"SPDXID": "SPDXRef-Package-1", "name": "libssl1.1", "versionInfo": "1.1.1d-0",
                "sourceInfo": "built package from: openssl 1.1.1d-0", "primaryPackagePurpose": "LIBRARY",
                "externalRefs": [{"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl",
                    "referenceLocator": "pkg:deb/debian/libssl1.1@1.1.1d-0?arch=amd64&distro=debian-11.6"}]}],
    });
    let trivy_tags = "SPDXVersion: SPDX-2.3\nSPDXID: SPDXRef-DOCUMENT\nCreator: Tool: trivy-0.76.0\n\n\
        PackageName: debian\nSPDXID: SPDXRef-OperatingSystem-1\nPackageVersion: 11.6\n\
        PrimaryPackagePurpose: OPERATING-SYSTEM\n\n\
        PackageName: libssl1.1\nSPDXID: SPDXRef-Package-1\nPackageVersion: 1.1.1d-0\n\
        PackageSourceInfo: built package from: openssl 1.1.1d-0\nPrimaryPackagePurpose: LIBRARY\n\
        ExternalRef: PACKAGE-MANAGER purl pkg:deb/debian/libssl1.1@1.1.1d-0?arch=amd64&distro=debian-11.6\n\n\
        Annotator: Tool: trivy-0.76.0\nSPDXREF: SPDXRef-Package-1\nAnnotationComment: PkgType: debian\n";
    for (name, value) in [
        ("syft.json", syft.to_string()),
        ("trivy.json", trivy.to_string()),
        ("trivy.spdx.json", trivy_spdx.to_string()),
        ("trivy.spdx", trivy_tags.to_owned()),
    ] {
        let file = program.file(name, value);
        let subject = format!("sbom:{}", text(&file));
        let found = flaws(&program, &subject);
        assert!(!found.is_empty(), "{name}");
        let purls = program.run(["sbom", "-f", "purls", &subject]);
        assert!(purls.text().contains("upstream=openssl"), "{name}");
    }
}

/// Debian's advisories go by source packages: of `libssl1.1` alone there are none, which says nothing.
#[test]
fn a_bill_that_names_no_source_package_is_blind() {
    let program = program();
    let bill = |purls: &[&str], more: Value| {
        let components = purls.iter().map(|purl| {
            let mut one = json!({"type": "library", "name": "", "version": "", "purl": purl});
            one["properties"] = more.clone();
            one
        });
        let components: Vec<Value> = components.collect();
        let bill =
            json!({"bomFormat": "CycloneDX", "specVersion": "1.6", "components": components});
        let file = program.file("bill.json", bill.to_string());
        let run = program.run(["scan", &format!("sbom:{}", text(&file)), "-f", "json"]);
        run.ends(0, &[]);
        let problems = run.json()["problems"].clone();
        let mut problems = problems.as_array().expect("a list").clone();
        problems.retain(|problem| problem["reason"].to_string().contains("names none"));
        problems
    };
    let ssl = "pkg:deb/debian/libssl1.1@1.1.1d-0?distro=debian-11";
    let of = format!("{ssl}&upstream=openssl");
    let musl = "pkg:apk/alpine/musl-utils@1.2.2-r0?distro=alpine-3.14";
    let told = bill(&[ssl, musl, "pkg:npm/lodash@4.17.4"], json!([]));
    assert_eq!(told.len(), 1);
    assert_eq!(told[0]["effect"], "blind");
    let words = "its 2 packages of Debian, Ubuntu or Alpine";
    assert!(told[0]["reason"].to_string().contains(words), "{told:?}");
    // One that does tells that the others are their own sources, and so does Syft's silence.
    assert_eq!(bill(&[ssl, &of], json!([])), [Value::Null; 0]);
    let syft = json!([{"name": "syft:package:type", "value": "deb"}]);
    assert_eq!(bill(&[ssl], syft), [Value::Null; 0]);
    assert_eq!(
        bill(&["pkg:npm/lodash@4.17.4"], json!([])),
        [Value::Null; 0]
    );
    assert_eq!(
        bill(
            &["pkg:rpm/almalinux/openssl-libs@1-1?distro=almalinux-8"],
            json!([])
        ),
        [Value::Null; 0]
    );
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
    let other = program.file("other", b"rubbish");
    let run = bill(&["--java-index", other.to_str().unwrap()]);
    assert_eq!(run.code, 4, "{run:?}");
    assert!(
        run.stderr.contains("sha1 group:artifact:version"),
        "{run:?}"
    );
}

#[test]
fn flaws_are_told_on_request_by_formats_with_room_for_them() {
    let program = program();
    let image = image(&program);
    let run = |subject: &str, format: &str| {
        program.run(["sbom", "--with", "vulnerabilities", "-f", format, subject])
    };
    let whole = run(&image, "cyclonedx").json();
    let told: std::collections::BTreeSet<String> = whole["vulnerabilities"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["id"].to_string())
        .collect();
    let found = flaws(&program, &image);
    let found = found.iter().map(|one| one["rule"].to_string()).collect();
    assert_eq!(told, found);
    let knowledge = &whole["metadata"]["properties"][0];
    assert_eq!(knowledge["value"], "watchlist", "{knowledge}");

    // The same from the bill of materials alone, and in XML.
    let bill = written(&program, &image, "cyclonedx");
    let again = run(&bill, "cyclonedx").json();
    assert_eq!(again["vulnerabilities"], whole["vulnerabilities"]);
    let file = bill.strip_prefix("sbom:").unwrap();
    let converted = program.run(["sbom", "convert", "--with", "vulnerabilities", file]);
    assert_eq!(
        converted.json()["vulnerabilities"],
        whole["vulnerabilities"]
    );
    let xml = run(&image, "cyclonedx-xml@1.4");
    assert!(xml.text().contains("<vulnerability "), "{}", xml.text());

    run(&image, "spdx-json").ends(2, &["`spdx-json` has no room", "cyclonedx"]);
    let unknown = program.run(["sbom", "--with", "everything", &image]);
    unknown.ends(2, &["everything"]);
}

#[test]
fn t75_a_bill_of_materials_in_the_image_is_a_claim() {
    let program = program();
    let component = |purl: &str| json!({"type": "library", "name": purl, "purl": purl});
    let bill = json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "components": [
            component("pkg:npm/lodash@4.17.4"),
            component("pkg:npm/minimist@9.9.9"),
            component("pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1"),
            component("pkg:deb/debian/libssl1.1@0.0.1"),
            component("pkg:rpm/almalinux/libgfortran@8.5.0"),
        ],
    });
    let bill = bill.to_string();
    let layer = Layer::of_files(&[("app/shop.cdx.json", 0o644, bill.as_bytes())]);
    let archive = |name: &str, image: Image| {
        let file = program.file(name, docker(&[image]).tar());
        text(&file).to_owned()
    };
    let plain = Image::new("registry.example/app:1.2.3")
        .layer(BASE)
        .layer(APP);
    let claiming = archive("claiming.tar", plain.clone().layer(layer));
    let plain = archive("plain.tar", plain);
    let report = program.run(["scan", "-f", "json", &claiming]).json();
    let packages = report["packages"].as_array().unwrap();
    let claimed: Vec<&Value> = packages
        .iter()
        .filter(|package| package["evidence"] == "claimed")
        .collect();
    let [claimed] = claimed.as_slice() else {
        panic!("{claimed:#?}")
    };
    assert_eq!(claimed["name"], "org.apache.logging.log4j:log4j-core");
    assert_eq!(claimed["locations"][0]["path"], "app/shop.cdx.json");
    let before = program.run(["scan", "-f", "json", &plain]).json();
    let own: Vec<&Value> = packages
        .iter()
        .filter(|package| package["evidence"] != "claimed")
        .collect();
    assert_eq!(json!(own), before["packages"]);

    let findings = report["findings"].as_array().unwrap();
    let flaw = findings.iter().find(|one| one["rule"] == "CVE-2021-44228");
    assert_eq!(flaw.unwrap()["confidence"], "low");
    let said: Vec<&str> = report["problems"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|problem| problem["subject"] == "app/shop.cdx.json")
        .filter_map(|problem| problem["reason"].as_str())
        .collect();
    for words in [
        "2 packages in other versions than are there",
        "1 packages of a distribution",
        "1 packages that nothing else shows",
    ] {
        assert!(said.iter().any(|one| one.contains(words)), "{said:#?}");
    }
    // The claim is one in our own bill of materials too.
    let again = written(&program, &claiming, "cyclonedx");
    assert_eq!(flaws(&program, &again), flaws(&program, &claiming));
}

/// A CycloneDX document with one package that has a flaw.
fn small_bill() -> Value {
    json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "components": [
            {"type": "library", "name": "lodash", "version": "4.17.4", "purl": "pkg:npm/lodash@4.17.4"},
        ],
    })
}

fn statement(subject: &Digest) -> String {
    json!({
        "_type": "https://in-toto.io/Statement/v1",
        "predicateType": "https://cyclonedx.org/bom/v1.5",
        "subject": [{"name": "app", "digest": {"sha256": subject.hex()}}],
        "predicate": small_bill(),
    })
    .to_string()
}

#[test]
fn a_bill_of_materials_beside_the_image_is_read_from_the_registry() {
    const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
    let program = program();
    let mut registry = Registry::start(Access::Open);
    let image = Image::new("app:1").layer(BASE);
    let digest = registry.push("app", "1", &image);
    let name = format!("sbom:registry:{}/app:1", registry.host());
    let scan = |name: &str| program.run(["scan", "-f", "json", name]);
    scan(&name).ends(4, &["no bill of materials", "app:1"]);

    // cosign's tag: a statement about this image, then one about another.
    let other = Digest::of(b"other");
    for (subject, blind) in [(&digest, false), (&other, true)] {
        let text = statement(subject);
        let mut layer = descriptor("application/vnd.dsse.envelope.v1+json", text.as_bytes());
        layer["annotations"] = json!({"predicateType": "https://cyclonedx.org/bom"});
        registry.put_blob(text.as_bytes());
        let config = descriptor("application/vnd.oci.empty.v1+json", b"{}");
        let manifest =
            json!({"schemaVersion": 2, "mediaType": MANIFEST, "config": config, "layers": [layer]});
        let tag = format!("sha256-{}.att", digest.hex());
        registry.put_manifest("app", &tag, MANIFEST, manifest.to_string().as_bytes());
        let report = scan(&name).json();
        assert_eq!(report["packages"].as_array().unwrap().len(), 1);
        assert_eq!(report["image"]["digest"], digest.as_str());
        assert!(!report["findings"].as_array().unwrap().is_empty());
        let problems = report["problems"].to_string();
        assert!(problems.contains("not signed"), "{problems}");
        assert_eq!(
            problems.contains("about another artefact"),
            blind,
            "{problems}"
        );
    }
    // Nothing of a layer was asked for.
    let layer = image.layers[0].blob();
    let asked = format!("blobs/{}", Digest::of(&layer));
    assert!(
        registry
            .seen()
            .iter()
            .all(|seen| !seen.path.contains(&asked))
    );

    // A registry that knows referrers; the first custom counts.
    let text = small_bill().to_string();
    let kind = "application/vnd.cyclonedx+json";
    registry.put_blob(text.as_bytes());
    let manifest = json!({
        "schemaVersion": 2,
        "mediaType": MANIFEST,
        "artifactType": kind,
        "config": descriptor("application/vnd.oci.empty.v1+json", b"{}"),
        "layers": [descriptor(kind, text.as_bytes())],
    })
    .to_string();
    registry.put_manifest("app", "artefact", MANIFEST, manifest.as_bytes());
    let mut entry = descriptor(MANIFEST, manifest.as_bytes());
    entry["artifactType"] = json!(kind);
    let list = json!({"schemaVersion": 2, "manifests": [entry]}).to_string();
    let referrers = format!("referrers/{digest}");
    let index = "application/vnd.oci.image.index.v1+json";
    registry.put_manifest("app", &referrers, index, list.as_bytes());
    let problems = scan(&name).json()["problems"].to_string();
    assert!(problems.contains("referrer `sha256:"), "{problems}");
    assert!(problems.contains("1 more bills of materials"), "{problems}");
}

#[test]
fn a_statement_is_read_from_a_file_and_not_believed() {
    let program = program();
    let file = program.file("app.intoto.json", statement(&Digest::of(b"image")));
    let report = program.run(["scan", "-f", "json", &format!("sbom:{}", text(&file))]);
    let report = report.json();
    assert_eq!(report["packages"][0]["name"], "lodash");
    assert_eq!(report["image"]["digest"], Digest::of(b"image").as_str());
    let problems = report["problems"].to_string();
    assert!(problems.contains("it is not signed"), "{problems}");
}
