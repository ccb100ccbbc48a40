//! What people say of findings: VEX documents and ignore files of peers, read and written. What is laid aside stays
//! in the report; what does not fit the product lays nothing aside, and is told.

use plimsoll_model::Digest;
use plimsoll_testkit::flawed::{LIBSSL, LODASH, database, image};
use plimsoll_testkit::image::{descriptor, oci};
use plimsoll_testkit::program::{Program, Run};
use plimsoll_testkit::registry::{Access, Registry};
use serde_json::{Value, json};

struct Bench {
    program: Program,
    image: String,
    db: String,
}

fn text(path: &std::path::Path) -> String {
    path.to_str().expect("paths are text").to_owned()
}

impl Bench {
    fn new() -> Self {
        let program = Program::new(env!("CARGO_BIN_EXE_plimsoll"));
        let file = program.file("image.tar", oci(&[image()]).tar());
        let db = database(&program);
        Self {
            image: text(&file),
            db: text(&db),
            program,
        }
    }

    fn run(&self, verb: &str, words: &[&str]) -> Run {
        let common = [verb, &self.image, "--db", &self.db];
        self.program.run([&common, words].concat())
    }

    /// The report of a scan with a statement file.
    fn scan(&self, argument: &str, name: &str, bytes: impl AsRef<[u8]>) -> Value {
        let file = text(&self.program.file(name, bytes));
        let run = self.run("scan", &["-f", "json", argument, &file]);
        run.ends(0, &[]);
        run.json()
    }

    fn digest(&self) -> String {
        let run = self.run("scan", &["-f", "json"]);
        let digest = run.json()["image"]["digest"].clone();
        digest.as_str().expect("a layout has a digest").to_owned()
    }
}

/// Ids of findings that are laid aside, sorted.
fn aside(report: &Value) -> Vec<String> {
    let findings = report["findings"].as_array().expect("a list");
    let mut ids: Vec<String> = findings
        .iter()
        .filter(|finding| finding["laidAside"] == true)
        .filter_map(|finding| finding["rule"].as_str().map(str::to_owned))
        .filter(|id| id.starts_with("CVE-2098"))
        .collect();
    ids.sort();
    ids
}

/// The notes on statements, joined.
fn notes(report: &Value) -> String {
    let problems = report["problems"].as_array().expect("a list").iter();
    let notes = problems.filter(|problem| problem["stage"] == "policy");
    let notes = notes.filter_map(|problem| problem["reason"].as_str().map(str::to_owned));
    notes.collect::<Vec<_>>().join("\n")
}

fn openvex(products: &Value, more: &Value) -> String {
    let mut statement = json!({
        "vulnerability": {"name": "CVE-2098-0001"},
        "products": products,
        "status": "not_affected",
        "justification": "vulnerable_code_not_in_execute_path",
    });
    for (key, value) in more.as_object().into_iter().flatten() {
        statement[key] = value.clone();
    }
    json!({
        "@context": "https://openvex.dev/ns/v0.2.0",
        "@id": "https://example.org/vex/1",
        "author": "team@example.org",
        "timestamp": "2024-01-01T00:00:00Z",
        "version": 1,
        "statements": [statement],
    })
    .to_string()
}

#[test]
fn a_statement_lays_aside_what_it_names_and_nothing_else() {
    let bench = Bench::new();
    let report = bench.scan(
        "--vex",
        "a.json",
        openvex(&json!([{"@id": LIBSSL}]), &json!({})),
    );
    assert_eq!(aside(&report), ["CVE-2098-0001"]);
    let findings = report["findings"].as_array().expect("a list");
    let found = findings.iter().find(|one| one["rule"] == "CVE-2098-0001");
    let said = &found.expect("it stays in the report")["triage"][0];
    assert_eq!(said["state"], "not-affected");
    assert_eq!(said["by"], "team@example.org");
    assert_eq!(said["justification"], "vulnerable_code_not_in_execute_path");
    assert_eq!(said["holds"], true);
    assert_eq!(report["summary"]["laidAside"], 1);
    assert_eq!(notes(&report), "");
    // People see it too.
    let file = text(&bench.program.folder().join("a.json"));
    let run = bench.run("scan", &["--vex", &file]);
    for words in [
        "1 finding laid aside, still in the image",
        "not affected",
        "team@example.org",
    ] {
        assert!(run.text().contains(words), "{words}: {}", run.text());
    }
}

/// A product that is not in the image, another digest, other qualifiers.
#[test]
#[allow(clippy::too_many_lines, reason = "a table of products")]
fn t87_a_statement_about_another_product_lays_nothing_aside() {
    let bench = Bench::new();
    let own = bench.digest();
    let other = format!("sha256:{}", "0".repeat(64));
    let bare = LIBSSL.split('?').next().expect("a package URL");
    let name = "pkg:deb/debian/libssl1.1";
    let parts = json!([{"@id": LIBSSL}]);
    let image = |digest: &str| format!("pkg:oci/flawed@{digest}");
    for (products, counts) in [
        (json!([{"@id": LIBSSL}]), true),
        (json!([{"@id": bare}]), true),
        (json!([{"@id": name}]), true),
        (json!([{"@id": format!("{name}?arch=amd64")}]), true),
        (json!([bare]), true),
        (
            json!([{"@id": "https://example.org/x", "identifiers": {"purl": bare}}]),
            true,
        ),
        (json!([{"@id": format!("{name}?arch=arm64")}]), false),
        (json!([{"@id": format!("{bare}?distro=debian-12")}]), false),
        (
            json!([{"@id": format!("{bare}?arch=amd64&vcs_url=x")}]),
            false,
        ),
        (
            json!([{"@id": format!("{name}@1.1.1n-0%2Bdeb11u2")}]),
            false,
        ),
        (json!([{"@id": "pkg:deb/libssl1.1"}]), false),
        (json!([{"@id": "pkg:deb/ubuntu/libssl1.1"}]), false),
        (json!([{"@id": "pkg:deb/debian/openssl"}]), false),
        (json!([{"@id": "pkg:generic/libssl1.1"}]), false),
        // The image, whole or one part of it.
        (json!([{"@id": image(&own)}]), true),
        (json!([{"@id": own}]), true),
        (
            json!([{"@id": "https://example.org/x", "hashes": {"sha-256": own.trim_start_matches("sha256:")}}]),
            true,
        ),
        (json!([{"@id": image(&own), "subcomponents": parts}]), true),
        (
            json!([{"@id": image(&own), "subcomponents": [{"@id": "pkg:deb/debian/curl"}]}]),
            false,
        ),
        (json!([{"@id": image(&other)}]), false),
        (
            json!([{"@id": image(&other), "subcomponents": parts}]),
            false,
        ),
        (json!([{"@id": other}]), false),
        (json!([{"@id": format!("pkg:oci/other@{own}")}]), false),
        (json!([{"@id": "pkg:oci/flawed"}]), false),
        (
            json!([{"@id": "pkg:oci/flawed?repository_url=registry.example/flawed"}]),
            true,
        ),
        (
            json!([{"@id": "pkg:oci/flawed?repository_url=registry.example/flawed&tag=1.2.4"}]),
            false,
        ),
        (
            json!([{"@id": "pkg:oci/flawed?repository_url=elsewhere.example/flawed"}]),
            false,
        ),
        // A name without a digest beside the digest of another image.
        (
            json!([{"@id": "pkg:oci/flawed?repository_url=registry.example/flawed",
                    "hashes": {"sha-256": "0".repeat(64)}}]),
            false,
        ),
        // Nothing that can be held against an image.
        (json!([]), false),
        (json!([{"@id": "flawed"}]), false),
        (json!(["https://example.org/product"]), false),
        (
            json!([{"@id": "pkg:npm/app", "subcomponents": parts}]),
            false,
        ),
    ] {
        let report = bench.scan("--vex", "a.json", openvex(&products, &json!({})));
        let expected: &[&str] = if counts { &["CVE-2098-0001"] } else { &[] };
        assert_eq!(aside(&report), expected, "{products}");
        assert_eq!(
            notes(&report).is_empty(),
            counts,
            "{products}: {}",
            notes(&report)
        );
    }
}

#[test]
fn each_status_means_what_it_says() {
    let bench = Bench::new();
    let products = json!([{"@id": LIBSSL}]);
    for (more, counts, said) in [
        (json!({"status": "fixed"}), true, ""),
        (
            json!({"status": "affected", "action_statement": "update"}),
            false,
            "",
        ),
        (json!({"status": "under_investigation"}), false, ""),
        (json!({"justification": ""}), false, "without saying why"),
        (
            json!({"justification": "", "impact_statement": "no TLS here"}),
            true,
            "",
        ),
        (json!({"status": "harmless"}), false, "none of OpenVEX"),
        (
            json!({"vulnerability": {"name": "CVE-1-1", "aliases": ["RUSTSEC-2098-0001"]}}),
            true,
            "",
        ),
        (json!({"vulnerability": "CVE-2098-0001"}), true, ""),
        (json!({"vulnerability": {}}), false, "names no flaw"),
        (
            json!({"vulnerability": {"name": "CVE-2098-9999"}}),
            false,
            "dead",
        ),
    ] {
        let report = bench.scan("--vex", "a.json", openvex(&products, &more));
        assert_eq!(!aside(&report).is_empty(), counts, "{more}");
        assert!(notes(&report).contains(said), "{more}: {}", notes(&report));
    }
    // The newest statement holds, whatever the order.
    let old = openvex(&products, &json!({}));
    let new = openvex(
        &products,
        &json!({"status": "affected", "timestamp": "2024-02-01T00:00:00Z"}),
    );
    let old = text(&bench.program.file("old.json", old));
    let new = text(&bench.program.file("new.json", new));
    for files in [[&old, &new], [&new, &old]] {
        let run = bench.run(
            "scan",
            &["-f", "json", "--vex", files[0], "--vex", files[1]],
        );
        assert_eq!(aside(&run.json()), [""; 0]);
    }
}

#[test]
fn csaf_is_read_by_its_product_tree() {
    let bench = Bench::new();
    let own = bench.digest();
    let document = |parent: &str, status: &str| {
        json!({
            "document": {
                "category": "csaf_vex", "publisher": {"name": "Example", "category": "vendor"},
                "tracking": {"current_release_date": "2024-01-01T00:00:00Z"},
            },
            "product_tree": {
                "branches": [{"category": "vendor", "name": "x", "branches": [
                    {"category": "product_version", "name": "libssl", "product": {
                        "product_id": "lib", "name": "libssl",
                        "product_identification_helper": {"purl": "pkg:deb/debian/libssl1.1"}}},
                    {"category": "product_name", "name": "system", "product": {
                        "product_id": "system", "name": "system",
                        "product_identification_helper": if parent.is_empty() {
                            json!({"cpe": "cpe:/o:example:system:1"})
                        } else {
                            json!({"purl": parent})
                        }}},
                ]}],
                "relationships": [{"category": "default_component_of", "product_reference": "lib",
                    "relates_to_product_reference": "system",
                    "full_product_name": {"product_id": "system:lib", "name": "both"}}],
            },
            "vulnerabilities": [{
                "cve": "CVE-2098-0001",
                "product_status": {status: ["system:lib"]},
                "flags": [{"label": "vulnerable_code_not_present", "product_ids": ["system:lib"]}],
            }],
        })
        .to_string()
    };
    let image = format!("pkg:oci/flawed@{own}");
    for (parent, status, counts) in [
        (image.as_str(), "known_not_affected", true),
        (&image, "fixed", true),
        (&image, "known_affected", false),
        (&image, "under_investigation", false),
        ("pkg:oci/flawed@sha256:00", "known_not_affected", false),
        ("", "known_not_affected", false),
    ] {
        let report = bench.scan("--vex", "csaf.json", document(parent, status));
        assert_eq!(!aside(&report).is_empty(), counts, "{parent} {status}");
    }
    let report = bench.scan("--vex", "csaf.json", document("", "known_not_affected"));
    assert!(
        notes(&report).contains("have no package URL"),
        "{}",
        notes(&report)
    );
    // The component alone.
    let alone = document(&image, "known_not_affected").replace("\"system:lib\"", "\"lib\"");
    let report = bench.scan("--vex", "csaf.json", alone);
    assert_eq!(aside(&report), ["CVE-2098-0001"]);
}

#[test]
fn cyclonedx_is_read_by_its_references() {
    let bench = Bench::new();
    let own = bench.digest();
    let document = |about: &str, reference: &str, state: &str| {
        json!({
            "bomFormat": "CycloneDX", "specVersion": "1.6",
            "metadata": {
                "authors": [{"name": "Team"}],
                "component": {"type": "container", "bom-ref": "image", "name": "flawed", "purl": about},
            },
            "components": [{"type": "library", "bom-ref": "lib", "name": "libssl1.1", "purl": LIBSSL}],
            "vulnerabilities": [{
                "id": "CVE-2098-0001",
                "analysis": {"state": state, "justification": "code_not_reachable", "detail": "no TLS"},
                "affects": [{"ref": reference}],
            }],
        })
        .to_string()
    };
    let image = format!("pkg:oci/flawed@{own}");
    let link = format!(
        "urn:cdx:f08a6ccd-4dce-4759-bd84-c626675d60a7/1#{}",
        LIBSSL.replace(':', "%3A")
    );
    for (about, reference, state, counts) in [
        (image.as_str(), "lib", "not_affected", true),
        (&image, LIBSSL, "not_affected", true),
        (&image, &link, "not_affected", true),
        (&image, "image", "not_affected", true),
        (&image, "lib", "resolved", true),
        (&image, "lib", "false_positive", true),
        (&image, "lib", "exploitable", false),
        (&image, "lib", "in_triage", false),
        (&image, "nothing", "not_affected", false),
        ("pkg:oci/flawed@sha256:00", "lib", "not_affected", false),
        // Of another product, or of an image that nothing names.
        ("pkg:npm/app@1.0.0", "lib", "not_affected", false),
        ("pkg:npm/app@1.0.0", LIBSSL, "not_affected", false),
        ("", "lib", "not_affected", false),
        (LIBSSL, "image", "not_affected", true),
    ] {
        let report = bench.scan("--vex", "cdx.json", document(about, reference, state));
        assert_eq!(
            !aside(&report).is_empty(),
            counts,
            "{about} {reference} {state}"
        );
        let state_counts = !matches!(state, "exploitable" | "in_triage");
        assert_eq!(
            notes(&report).is_empty(),
            counts || !state_counts,
            "{about} {reference} {state}: {}",
            notes(&report)
        );
    }
    // By the hash of what it is about, and without saying why.
    let by_hash = |sum: &str, why: &str| {
        let mut document: Value =
            serde_json::from_str(&document("", "lib", "not_affected")).expect("it is JSON");
        document["metadata"]["component"]["hashes"] = json!([{"alg": "SHA-256", "content": sum}]);
        document["vulnerabilities"][0]["analysis"] =
            json!({"state": "not_affected", "detail": why});
        bench.scan("--vex", "cdx.json", document.to_string())
    };
    let sum = own.trim_start_matches("sha256:");
    assert_eq!(aside(&by_hash(sum, "no TLS")), ["CVE-2098-0001"]);
    assert_eq!(aside(&by_hash(&"0".repeat(64), "no TLS")), [""; 0]);
    let report = by_hash(sum, "");
    assert_eq!(aside(&report), [""; 0]);
    assert!(
        notes(&report).contains("without saying why"),
        "{}",
        notes(&report)
    );
}

#[test]
fn what_is_written_is_read_again() {
    let bench = Bench::new();
    let words = [
        "CVE-2098-0001",
        "GHSA-llll-llll-llll",
        "--status",
        "not_affected",
        "--justification",
        "component_not_present",
        "--author",
        "a@example.org",
    ];
    let run = bench.run("vex", &words);
    run.ends(0, &[]);
    let document = run.json();
    assert_eq!(document["@context"], "https://openvex.dev/ns/v0.2.0");
    let product = &document["statements"][0]["products"][0];
    assert_eq!(product["subcomponents"], json!([{"@id": LIBSSL}]));
    assert!(
        product["@id"]
            .as_str()
            .is_some_and(|id| id.contains(&bench.digest()))
    );
    assert_eq!(
        document["statements"][1]["vulnerability"]["name"],
        "CVE-2098-0005"
    );
    let report = bench.scan("--vex", "own.json", &run.stdout);
    assert_eq!(aside(&report), ["CVE-2098-0001", "CVE-2098-0005"]);
    assert_eq!(notes(&report), "");
    // As CycloneDX, and back.
    let file = text(&bench.program.folder().join("own.json"));
    let run = bench.run("sbom", &["--with", "vex", "--vex", &file]);
    run.ends(0, &[]);
    let report = bench.scan("--vex", "cdx.json", &run.stdout);
    assert_eq!(aside(&report), ["CVE-2098-0001", "CVE-2098-0005"]);
    // Another image is another product.
    let other = image().layer("srv/other = \"x\"\n");
    let other = text(&bench.program.file("other.tar", oci(&[other]).tar()));
    let run = bench.program.run([
        "scan", &other, "-f", "json", "--db", &bench.db, "--vex", &file,
    ]);
    assert_eq!(aside(&run.json()), [""; 0]);
    assert!(notes(&run.json()).contains("not in the product that is named"));
    // One package of it.
    let run = bench.run(
        "vex",
        &[
            "CVE-2098-0005",
            "--status",
            "fixed",
            "--author",
            "a",
            "--package",
            LODASH,
        ],
    );
    run.ends(0, &[]);
    let run = bench.run(
        "vex",
        &[
            "CVE-2098-0005",
            "--status",
            "fixed",
            "--author",
            "a",
            "--package",
            "curl",
        ],
    );
    run.ends(4, &["has no flaw `CVE-2098-0005` in `curl`"]);
}

#[test]
fn wrong_arguments_of_vex_are_usage_errors() {
    let bench = Bench::new();
    for (words, said) in [
        (&["CVE-2098-0001"][..], "--status"),
        (
            &["CVE-2098-0001", "--status", "fine", "--author", "a"],
            "`fine`",
        ),
        (
            &["CVE-2098-0001", "--status", "not_affected", "--author", "a"],
            "--justification",
        ),
        (
            &["CVE-2098-0001", "--status", "affected", "--author", "a"],
            "--reason",
        ),
        (
            &[
                "CVE-2098-0001",
                "--status",
                "fixed",
                "--author",
                "a",
                "--justification",
                "component_not_present",
            ],
            "only `not_affected`",
        ),
        (
            &[
                "CVE-2098-0001",
                "--status",
                "not_affected",
                "--author",
                "a",
                "--justification",
                "luck",
            ],
            "`luck`",
        ),
    ] {
        bench.run("vex", words).ends(2, &[said]);
    }
    bench
        .run("sbom", &["--vex", "x.json"])
        .ends(2, &["--with vex"]);
    bench
        .run("scan", &["--vex", "attested"])
        .ends(2, &["a registry"]);
}

#[test]
fn documents_that_are_none_are_named() {
    let bench = Bench::new();
    for (argument, name, bytes) in [
        ("--vex", "a.json", &b""[..]),
        ("--vex", "a.json", b"{}"),
        ("--vex", "a.json", b"[1]"),
        (
            "--vex",
            "a.json",
            b"{\"@context\": \"https://openvex.dev/ns\", \"statements\": 1}",
        ),
        (
            "--vex",
            "a.json",
            b"{\"document\": {}, \"product_tree\": 3}",
        ),
        (
            "--vex",
            "a.json",
            b"{\"bomFormat\": \"CycloneDX\", \"vulnerabilities\": 3}",
        ),
        ("--ignore-file", ".trivyignore.yaml", b"vulnerabilities: 3"),
        (
            "--ignore-file",
            ".trivyignore.yaml",
            b"vulnerabilities:\n- id: [1",
        ),
        ("--ignore-file", ".grype.yaml", b"ignore: 3"),
        ("--ignore-file", ".snyk", b"ignore: [1]"),
        ("--ignore-file", "osv-scanner.toml", b"IgnoredVulns = 1"),
        ("--ignore-file", ".trivyignore", b"\xff"),
        ("--ignore-file", "ignored.txt", b"CVE-2098-0001"),
    ] {
        let file = text(&bench.program.file(name, bytes));
        let run = bench.run("scan", &[argument, &file]);
        run.ends(4, &[name]);
        assert!(run.stdout.is_empty());
    }
    bench
        .run("scan", &["--vex", "absent.json"])
        .ends(4, &["absent.json"]);
}

#[test]
fn ignore_files_of_peers_lay_aside_what_the_peer_would() {
    let bench = Bench::new();
    let trivy = |lines: &str| bench.scan("--ignore-file", ".trivyignore", lines);
    let report = trivy("# seen by us\nCVE-2098-0001\nCVE-2098-0005 exp:2999-01-01 # later\n");
    assert_eq!(aside(&report), ["CVE-2098-0001", "CVE-2098-0005"]);
    assert!(notes(&report).contains("1 of its rules have no end"));
    // Trivy does not compare aliases.
    let report = trivy("RUSTSEC-2098-0001\nGHSA-llll-llll-llll\n");
    assert_eq!(aside(&report), [""; 0]);
    let report =
        trivy("CVE-2098-0001 exp:2020-01-01\nCVE-2098-0005 exp:soon\nCVE-1999-0001 exp:2999-01-01");
    assert_eq!(aside(&report), [""; 0]);
    for said in [
        "have ended",
        "is no date",
        "these are dead: `CVE-1999-0001`",
    ] {
        assert!(notes(&report).contains(said), "{said}: {}", notes(&report));
    }

    let yaml = |text: &str| bench.scan("--ignore-file", ".trivyignore.yaml", text);
    for (rule, counts) in [
        ("id: CVE-2098-0005", true),
        (
            "{id: CVE-2098-0005, expired_at: 2999-01-01, statement: fine}",
            true,
        ),
        ("{id: CVE-2098-0005, expired_at: 2020-01-01}", false),
        ("{id: CVE-2098-0005, paths: ['app/**']}", true),
        ("{id: CVE-2098-0005, paths: ['app/*']}", false),
        ("{id: CVE-2098-0005, paths: ['srv/**']}", false),
        ("{id: CVE-2098-0005, purls: ['pkg:npm/lodash']}", true),
        (
            "{id: CVE-2098-0005, purls: ['pkg:npm/lodash@4.17.20']}",
            true,
        ),
        (
            "{id: CVE-2098-0005, purls: ['pkg:npm/lodash@4.17.19']}",
            false,
        ),
        ("{id: CVE-2098-0005, purls: ['nonsense']}", false),
    ] {
        let report = yaml(&format!("vulnerabilities:\n  - {rule}\n"));
        assert_eq!(!aside(&report).is_empty(), counts, "{rule}");
    }
    let report = yaml("misconfigurations:\n  - id: AVD-DS-0002\n");
    assert!(notes(&report).contains("ids of Trivy's own"));

    let grype = |rule: &str| {
        bench.scan(
            "--ignore-file",
            ".grype.yaml",
            format!("ignore:\n  - {rule}\n"),
        )
    };
    for (rule, expected) in [
        // Grype shows GitHub's ids of packages of languages.
        ("vulnerability: GHSA-llll-llll-llll", &["CVE-2098-0005"][..]),
        ("vulnerability: CVE-2098-0005", &[]),
        (
            "{vulnerability: CVE-2098-0005, include-aliases: true}",
            &["CVE-2098-0005"],
        ),
        ("vulnerability: CVE-2098-0001", &["CVE-2098-0001"]),
        (
            "{vulnerability: CVE-2098-0001, fix-state: fixed}",
            &["CVE-2098-0001"],
        ),
        ("{vulnerability: CVE-2098-0001, fix-state: not-fixed}", &[]),
        ("{fix-state: not-fixed}", &["CVE-2098-0003"]),
        (
            "{package: {name: libssl.*}}",
            &["CVE-2098-0001", "CVE-2098-0003"],
        ),
        ("{package: {name: libssl}}", &[]),
        (
            "{package: {upstream-name: openssl}}",
            &["CVE-2098-0001", "CVE-2098-0003"],
        ),
        (
            "{package: {type: npm, version: \"4.17.20\"}}",
            &["CVE-2098-0005"],
        ),
        (
            "{package: {language: javascript, location: /app/**}}",
            &["CVE-2098-0005"],
        ),
        ("{package: {type: npm, location: /srv/**}}", &[]),
        ("{package: {type: python}}", &[]),
        (
            "{vulnerability: CVE-2098-0001, namespace: \"debian:distro:debian:11\"}",
            &[],
        ),
        (
            "{vulnerability: CVE-2098-0001, match-type: exact-direct-match}",
            &[],
        ),
        ("{reason: all}", &[]),
    ] {
        let report = grype(rule);
        assert_eq!(aside(&report), expected, "{rule}");
        assert!(!notes(&report).is_empty(), "each has no end, at least");
    }

    let snyk = |text: &str| bench.scan("--ignore-file", ".snyk", text);
    let entry = |path: &str, expires: &str| {
        format!(
            "version: v1.25.0\nignore:\n  CVE-2098-0001:\n    - '{path}':\n        reason: none\n        expires: {expires}\n"
        )
    };
    assert_eq!(
        aside(&snyk(&entry("*", "2999-01-01T00:00:00.000Z"))),
        ["CVE-2098-0001"]
    );
    assert_eq!(
        aside(&snyk(&entry("*", "2020-01-01T00:00:00.000Z"))),
        [""; 0]
    );
    let report = snyk(&entry("a > b", "2999-01-01T00:00:00.000Z"));
    assert_eq!(aside(&report), [""; 0]);
    assert!(
        notes(&report).contains("by which way"),
        "{}",
        notes(&report)
    );

    let osv = |text: &str| bench.scan("--ignore-file", "osv-scanner.toml", text);
    for (rule, expected) in [
        (
            "[[IgnoredVulns]]\nid = \"GHSA-llll-llll-llll\"\nreason = \"x\"",
            &["CVE-2098-0005"][..],
        ),
        (
            "[[IgnoredVulns]]\nid = \"CVE-2098-0005\"\nignoreUntil = 2999-01-01",
            &["CVE-2098-0005"],
        ),
        (
            "[[IgnoredVulns]]\nid = \"CVE-2098-0005\"\nignoreUntil = 2020-01-01T00:00:00Z",
            &[],
        ),
        (
            "[[PackageOverrides]]\nname = \"lodash\"\necosystem = \"npm\"\nignore = true",
            &["CVE-2098-0005"],
        ),
        (
            "[[PackageOverrides]]\nname = \"lodash\"\necosystem = \"npm\"\nvulnerability.ignore = true",
            &["CVE-2098-0005"],
        ),
        (
            "[[PackageOverrides]]\nname = \"lodash\"\nversion = \"4.17.19\"\nignore = true",
            &[],
        ),
        (
            "[[PackageOverrides]]\nname = \"lodash\"\necosystem = \"npm\"\nlicense.override = [\"MIT\"]",
            &[],
        ),
        (
            "[[PackageOverrides]]\necosystem = \"Debian:11\"\nignore = true",
            &[],
        ),
        ("[[PackageOverrides]]\nignore = true", &[]),
    ] {
        assert_eq!(aside(&osv(rule)), expected, "{rule}");
    }
}

/// A verdict goes by what remains, and says who laid the rest aside.
#[test]
fn a_veto_falls_only_by_what_somebody_answers_for() {
    let bench = Bench::new();
    let severe = |words: &[&str]| {
        let run = bench.run("assess", &[&["-f", "json"], words].concat());
        let report = run.json();
        let vetoes = report["verdict"]["vetoes"].as_array().expect("a list");
        let veto = vetoes.iter().find(|veto| veto["id"] == "severe-flaw");
        veto.expect("it is there")["answer"]
            .as_str()
            .map(str::to_owned)
    };
    assert_eq!(severe(&[]).as_deref(), Some("fail"));
    let all = text(&bench.program.file(
        ".grype.yaml",
        "ignore:\n  - {package: {type: npm}}\n  - {package: {type: deb}}\n",
    ));
    let answer = severe(&["--ignore-file", &all]);
    assert_ne!(answer.as_deref(), Some("fail"));
}

/// Statements that the registry keeps beside the image count when they are asked for, if they are about it; that
/// nobody checked who made them leaves a gap.
#[test]
fn statements_beside_the_image_are_found() {
    const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
    let bench = Bench::new();
    let mut registry = Registry::start(Access::Open);
    let digest = registry.push("app", "1", &image());
    let name = format!("registry:{}/app:1", registry.host());
    let scan = |words: &[&str]| {
        let common = ["scan", &name, "-f", "json", "--db", &bench.db];
        let run = bench.program.run([&common, words].concat());
        run.ends(0, &[]);
        run.json()
    };
    let other = Digest::of(b"other");
    for (subject, counts) in [(&other, false), (&digest, true)] {
        let predicate = openvex(&json!([{"@id": LIBSSL}]), &json!({}));
        let predicate: Value = serde_json::from_str(&predicate).expect("it is JSON");
        let statement = json!({
            "_type": "https://in-toto.io/Statement/v1",
            "predicateType": "https://openvex.dev/ns/v0.2.0",
            "subject": [{"name": "app", "digest": {"sha256": subject.hex()}}],
            "predicate": predicate,
        })
        .to_string();
        registry.put_blob(statement.as_bytes());
        let layer = descriptor("application/vnd.in-toto+json", statement.as_bytes());
        let config = descriptor("application/vnd.oci.empty.v1+json", b"{}");
        let manifest =
            json!({"schemaVersion": 2, "mediaType": MANIFEST, "config": config, "layers": [layer]});
        let tag = format!("sha256-{}.att", digest.hex());
        registry.put_manifest("app", &tag, MANIFEST, manifest.to_string().as_bytes());
        assert_eq!(aside(&scan(&[])), [""; 0], "not asked for");
        let report = scan(&["--vex", "attested"]);
        assert_eq!(!aside(&report).is_empty(), counts);
        let said = if counts {
            "was not checked"
        } else {
            "about another artefact"
        };
        assert!(notes(&report).contains(said), "{}", notes(&report));
    }
}
