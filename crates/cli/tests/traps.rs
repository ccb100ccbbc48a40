//! Traps that make scanners wrong, from a little image or a list of packages and a slice of advisories to the answer
//! and its reason.

use std::fs;
use std::path::{Path, PathBuf};

use plimsoll_testkit::image::{Image, Layer, oci, zip};
use plimsoll_testkit::program::Program;
use serde_json::{Value, json};

fn text(path: &Path) -> &str {
    path.to_str().expect("temporary paths are text")
}

struct Bench {
    program: Program,
    mirror: PathBuf,
}

impl Bench {
    fn new() -> Self {
        let program = Program::new(env!("CARGO_BIN_EXE_plimsoll"));
        let mirror = program.folder().join("mirror");
        Self { program, mirror }
    }

    fn feed(self, name: &str, bytes: impl AsRef<[u8]>) -> Self {
        let path = self.mirror.join(name);
        fs::create_dir_all(path.parent().expect("a feed has a folder"))
            .expect("the folder can be made");
        fs::write(path, bytes).expect("the feed can be written");
        self
    }

    fn osv(self, ecosystem: &str, records: &[Value]) -> Self {
        let members: Vec<_> = records
            .iter()
            .map(|record| {
                let id = record["id"].as_str().expect("a record has an id");
                (format!("{id}.json"), record.to_string().into_bytes())
            })
            .collect();
        self.feed(&format!("osv/{ecosystem}/all.zip"), zip(&members))
    }

    fn database(&self) -> PathBuf {
        let out = self.program.folder().join("own.db");
        let args = [
            "db",
            "build",
            "--from",
            text(&self.mirror),
            "--out",
            text(&out),
        ];
        self.program.run(args).ends(0, &[]);
        out
    }

    fn image(&self, image: Image) -> String {
        let file = self.program.file("image.tar", oci(&[image]).tar());
        text(&file).to_owned()
    }

    fn packages(&self, purls: &[&str]) -> String {
        let list = self.program.file("packages.txt", purls.join("\n") + "\n");
        format!("purls:{}", text(&list))
    }

    fn scan(&self, what: &str) -> Value {
        let db = self.database();
        let run = self
            .program
            .run(["scan", what, "-f", "json", "--offline", "--db", text(&db)]);
        run.ends(0, &[]);
        run.json()
    }

    /// What `explain` says, each line with its spaces folded.
    fn explain(&self, what: &str, words: &[&str]) -> String {
        let db = self.database();
        let common = ["explain", what, "--offline", "--db", text(&db)];
        let run = self.program.run([&common, words].concat());
        run.ends(0, &[]);
        let lines = run.text().lines();
        let lines = lines.map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
        lines.collect::<Vec<_>>().join("\n")
    }
}

/// Package, flaw, answer and rule of each finding that advisories tell.
fn told(report: &Value) -> Vec<String> {
    let findings = report["findings"].as_array().expect("a list").iter();
    let of_advisories = findings.filter(|finding| finding["vulnerability"].is_object());
    of_advisories
        .map(|finding| {
            let found = &finding["vulnerability"];
            let word = |value: &Value| value.as_str().expect("a text").to_owned();
            format!(
                "{} {} {} {}",
                word(&finding["subject"]),
                word(&finding["rule"]),
                word(&found["applies"]),
                word(&found["reason"]["rule"])
            )
        })
        .collect()
}

fn names(report: &Value) -> Vec<&str> {
    let packages = report["packages"].as_array().expect("a list").iter();
    packages
        .map(|one| one["name"].as_str().expect("a name"))
        .collect()
}

fn record(id: &str, ecosystem: &str, name: &str, ranges: &Value) -> Value {
    json!({
        "id": id, "modified": "2024-01-01T00:00:00Z", "summary": "A flaw",
        "affected": [{"package": {"ecosystem": ecosystem, "name": name}, "ranges": ranges}],
    })
}

fn before(fixed: &str) -> Value {
    json!([{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": fixed}]}])
}

fn tracker(package: &str, flaw: &str, fixed: &str) -> String {
    let entry =
        json!({"status": "resolved", "fixed_version": fixed, "urgency": "not yet assigned"});
    json!({package: {flaw: {"releases": {"bookworm": entry}}}}).to_string()
}

/// A page of NVD with a flaw in all versions of these products.
fn nvd(flaw: &str, products: &[&str]) -> String {
    let matches: Vec<Value> = products
        .iter()
        .map(|product| {
            let name = format!("cpe:2.3:a:{product}:*:*:*:*:*:*:*:*");
            json!({"vulnerable": true, "criteria": name, "versionEndExcluding": "99"})
        })
        .collect();
    json!({"format": "NVD_CVE", "version": "2.0", "vulnerabilities": [{"cve": {
        "id": flaw, "vulnStatus": "Analyzed", "published": "2024-01-01T00:00:00.000",
        "lastModified": "2024-01-02T00:00:00.000",
        "descriptions": [{"lang": "en", "value": "A flaw"}],
        "configurations": [{"nodes": [{"operator": "OR", "negate": false, "cpeMatch": matches}]}],
    }}]})
    .to_string()
}

/// NVD names a flaw of bash that Red Hat and Debian never confirmed for their packages.
#[test]
fn t8_what_the_vendor_does_not_confirm_is_no_flaw_of_its_package() {
    let errata = "<updates><update type=\"security\"><id>RHSA-2024:1</id><issued date=\"2024-01-01\"/>\
        <references><reference type=\"cve\" id=\"CVE-2098-0001\"/></references><pkglist><collection>\
        <package name=\"bash\" version=\"4.2.46\" release=\"34.el7\" epoch=\"0\" arch=\"x86_64\"/>\
        </collection></pkglist></update></updates>";
    let bench = Bench::new()
        .feed("nvd/page.json", nvd("CVE-2014-6277", &["gnu:bash"]))
        .feed("updateinfo/rhel-7-server/updateinfo.xml", errata)
        .feed(
            "debian/tracker.json",
            tracker("bash", "CVE-2098-0001", "5.2-1"),
        );
    for purl in [
        "pkg:rpm/redhat/bash@4.2.46-35.el7_9?arch=x86_64&distro=rhel-7.9",
        "pkg:deb/debian/bash@5.2.15-2?arch=amd64&distro=debian-12",
    ] {
        let list = bench.packages(&[purl]);
        assert_eq!(told(&bench.scan(&list)), Vec::<String>::new(), "{purl}");
        let why = bench.explain(&list, &["bash", "CVE-2014-6277"]);
        assert!(why.contains("answer no record of "), "{why}");
        assert!(why.contains(" bears the id CVE-2014-6277"), "{why}");
    }
}

/// A document of Red Hat's about a flaw in the copy of a library that a browser carries.
fn vex(flaw: &str, component: &str, system: &str) -> Value {
    let product = |name: &str, id: &str, helper: Value| {
        json!({"category": "product_version", "name": name, "product": {
            "name": name, "product_id": id, "product_identification_helper": helper}})
    };
    let status = |id: &str| format!("{system}:{id}");
    json!({
        "document": {"category": "csaf_vex", "csaf_version": "2.0", "title": "A flaw",
            "publisher": {"category": "vendor", "name": "Red Hat", "namespace": "https://www.redhat.com"},
            "tracking": {"id": flaw, "status": "final", "version": "1",
                "initial_release_date": "2024-01-01T00:00:00Z", "current_release_date": "2024-01-02T00:00:00Z"}},
        "product_tree": {
            "branches": [{"category": "vendor", "name": "Red Hat", "branches": [
                {"category": "product_name", "name": system, "product": {"name": system, "product_id": system,
                    "product_identification_helper": {"cpe": "cpe:/o:redhat:enterprise_linux:9"}}},
                product(component, component, json!({"purl": format!("pkg:rpm/redhat/{component}?arch=src")})),
            ]}],
            "relationships": [{"category": "default_component_of", "product_reference": component,
                "relates_to_product_reference": system,
                "full_product_name": {"name": component, "product_id": status(component)}}],
        },
        "vulnerabilities": [{"cve": flaw, "title": "sqlite: a flaw",
            "product_status": {"known_affected": [status(component)]},
            "remediations": [{"category": "none_available", "details": "Affected",
                "product_ids": [status(component)]}]}],
    })
}

/// A flaw of a library that is open only in the copy that a browser carries is none of the library's own package.
#[test]
fn t7_a_flaw_inside_another_component_is_not_the_component_s() {
    let flaw = "CVE-2098-0001";
    let document = vex(flaw, "chromium-browser", "red_hat_enterprise_linux_9");
    let bench = Bench::new().feed("redhat/vex/2098/cve-2098-0001.json", document.to_string());
    let purl = |name: &str| {
        format!(
            "pkg:rpm/redhat/{name}@3.34.1-7.el9?arch=x86_64&distro=rhel-9.4&upstream={name}-3.34.1-7.el9.src.rpm"
        )
    };
    let list = bench.packages(&[
        &purl("chromium-browser"),
        &purl("sqlite-libs"),
        &purl("sqlite"),
    ]);
    assert_eq!(
        told(&bench.scan(&list)),
        ["chromium-browser 3.34.1-7.el9 CVE-2098-0001 affected [0, ∞); Affected"]
    );
    for name in ["sqlite", "sqlite-libs"] {
        let why = bench.explain(&list, &[name, flaw]);
        assert!(why.contains("no record of "), "{why}");
    }
}

/// A package that somebody built anew for an older release: its version is above the fix, by which it is judged; who
/// asks is told by which rule.
#[test]
fn t11_a_newer_build_is_judged_by_its_version_and_says_so() {
    let fixed = "7.88.1-10+deb12u5";
    let bench = Bench::new().feed(
        "debian/tracker.json",
        tracker("curl", "CVE-2098-0001", fixed),
    );
    let own = "pkg:deb/debian/curl@8.5.0-2~local1?arch=amd64&distro=debian-12";
    let list = bench.packages(&[own]);
    assert_eq!(told(&bench.scan(&list)), Vec::<String>::new());
    let why = bench.explain(&list, &["curl", "CVE-2098-0001"]);
    let rule = "compared 8.5.0-2~local1 is not in [0, 7.88.1-10+deb12u5) by the order of deb";
    assert!(why.contains(rule), "{why}");
}

/// The history says what was installed once, and links to busybox have the names of other programs: neither is a
/// package.
#[test]
fn t25_t71_neither_history_nor_applets_are_packages() {
    let layer = "bin/busybox 755 = \"BusyBox v1.36.1 (2023-01-01 00:00:00 UTC) multi-call binary.\"\n\
        bin/gzip -> busybox\nusr/bin/wget -> ../../bin/busybox\n\
        lib/apk/db/installed = \"P:musl\\nV:1.2.5-r0\\nA:x86_64\\no:musl\\n\\n\"\n\
        etc/os-release = \"ID=alpine\\nVERSION_ID=3.20.3\\n\"\n";
    let history = json!([{"created_by": "RUN apk add --no-cache openssl=1.1.1k-r0 wget gzip"}]);
    let image = Image::new("registry.example/app:1")
        .layer(layer)
        .set("/history", history);
    let secdb = json!({"packages": [{"pkg": {"name": "openssl", "secfixes": {"9-r0": ["CVE-2098-0001"]}}}]});
    let bench = Bench::new()
        .feed("alpine-secdb/v3.20/main.json", secdb.to_string())
        .feed("alpine-secdb/v3.20/community.json", secdb.to_string());
    let report = bench.scan(&bench.image(image));
    let found = names(&report);
    for name in ["openssl", "wget", "gzip"] {
        assert!(!found.contains(&name), "{found:?}");
    }
    assert!(found.contains(&"musl"), "{found:?}");
    assert_eq!(told(&report), Vec::<String>::new());
}

/// A list of wishes is no list of what is installed: of it only what is pinned is known at all, as a lock.
#[test]
fn t48_a_list_of_requirements_is_no_installation() {
    let layer = "app/requirements.txt = \"-r more.txt\\ndjango>=2.0\\nrequests==2.0 ; python_version < '3'\\n\
        git+https://example.org/x.git#egg=jinja2\\nflask==0.12\\n\"\n";
    let all = ["django", "flask", "jinja2", "requests"];
    let records = all.map(|name| {
        record(
            &format!("PYSEC-2098-{}", name.len()),
            "PyPI",
            name,
            &before("99"),
        )
    });
    let bench = Bench::new().osv("PyPI", &records);
    let report = bench.scan(&bench.image(Image::new("registry.example/app:1").layer(layer)));
    let found = names(&report);
    assert!(
        !found.contains(&"django") && !found.contains(&"jinja2"),
        "{found:?}"
    );
    let packages = report["packages"].as_array().expect("a list");
    let evidence: Vec<&Value> = packages.iter().map(|one| &one["evidence"]).collect();
    assert!(evidence.iter().all(|one| *one == "locked"), "{evidence:?}");
    assert!(
        told(&report).contains(&"flask 0.12 PYSEC-2098-5 affected [0, 99)".to_owned()),
        "{report}"
    );
}

/// Peers had dates of support wrong or none. A release of which no date is known is not supported by that.
#[test]
fn t38_the_end_of_support_is_known_or_unknown() {
    let bench = Bench::new().feed("debian/tracker.json", tracker("x", "CVE-2098-0001", "1"));
    let db = bench.database();
    for (purl, answer, words) in [
        (
            "rpm/redhat/bash@4.2-1?distro=rhel-7.9",
            "fail",
            "2024-06-30",
        ),
        (
            "rpm/centos/bash@4.2-1?distro=centos-7",
            "fail",
            "2024-06-30",
        ),
        (
            "rpm/centos/bash@4.4-1?distro=centos-8",
            "fail",
            "2021-12-31",
        ),
        ("deb/debian/bash@5-1?distro=debian-10", "fail", "ended on"),
        (
            "rpm/fedora/bash@9-1?distro=fedora-99",
            "unknown",
            "no support dates are known",
        ),
    ] {
        let list = bench.packages(&[&format!("pkg:{purl}")]);
        let args = [
            "assess",
            &list,
            "-f",
            "json",
            "--offline",
            "--db",
            text(&db),
        ];
        let report = bench.program.run(args).json();
        let checks = report["checks"].as_array().expect("a list");
        let check = checks.iter().find(|check| check["id"] == "base-eol");
        let check = check.expect("it was asked");
        let reason = check["reason"].as_str().expect("a reason is a text");
        assert_eq!(check["answer"], answer, "{purl}: {reason}");
        assert!(reason.contains(words), "{purl}: {reason}");
    }
}

/// Versions of four numbers and more are compared number by number, and the ones that are left out are zero.
#[test]
fn t43_versions_of_gems_have_any_number_of_numbers() {
    let ranges =
        json!([{"type": "ECOSYSTEM", "events": [{"introduced": "6.1"}, {"fixed": "6.1.7.2"}]}]);
    let bench = Bench::new().osv(
        "RubyGems",
        &[record("GHSA-aaaa-bbbb-cccc", "RubyGems", "rails", &ranges)],
    );
    for (version, affected) in [
        ("6.1.7.1", true),
        ("6.1.7", true),
        ("6.1.0.0", true),
        ("6.1.7.2", false),
        ("6.1.7.2.0", false),
        ("6.1.7.10", false),
        ("6.1.7.2.rc1", true),
    ] {
        let list = bench.packages(&[&format!("pkg:gem/rails@{version}")]);
        let expected = format!("rails {version} GHSA-aaaa-bbbb-cccc affected [6.1, 6.1.7.2)");
        let expected: Vec<String> = affected.then_some(expected).into_iter().collect();
        assert_eq!(told(&bench.scan(&list)), expected, "{version}");
    }
    let list = bench.packages(&["pkg:gem/rails@6.1.7.10"]);
    let why = bench.explain(&list, &["rails", "GHSA-aaaa-bbbb-cccc"]);
    let rule = "compared 6.1.7.10 is not in [6.1, 6.1.7.2) by the order of gem";
    assert!(why.contains(rule), "{why}");
}

/// Modules without a `go.mod` bear `+incompatible`, which does not count, and Docker's first modules bear the day of a
/// commit behind the word `beta`, which makes them older than the release.
#[test]
fn t60_incompatible_modules_and_dates_in_pre_releases() {
    let flaw = |number: u8, name: &str, fixed: &str| {
        let ranges = json!([{"type": "SEMVER", "events": [{"introduced": "0"}, {"fixed": fixed}]}]);
        record(&format!("GO-2098-000{number}"), "Go", name, &ranges)
    };
    let bench = Bench::new().osv(
        "Go",
        &[
            flaw(1, "github.com/acme/dock", "20.10.0"),
            flaw(2, "github.com/acme/dock", "20.10.0-beta1"),
            flaw(3, "github.com/acme/depot", "2.8.2"),
        ],
    );
    let (docker, distribution) = ("github.com/acme/dock", "github.com/acme/depot");
    for (name, version, expected) in [
        (
            docker,
            "v20.10.0-beta1.0.20201029214301-5e5b1b8f8d3c+incompatible",
            vec!["GO-2098-0001 [0, 20.10.0)"],
        ),
        (docker, "v20.10.0+incompatible", vec![]),
        (
            docker,
            "v1.4.2-0.20201029214301-5e5b1b8f8d3c",
            vec![
                "GO-2098-0001 [0, 20.10.0)",
                "GO-2098-0002 [0, 20.10.0-beta1)",
            ],
        ),
        (
            distribution,
            "v2.8.1+incompatible",
            vec!["GO-2098-0003 [0, 2.8.2)"],
        ),
        (distribution, "v2.8.2+incompatible", vec![]),
    ] {
        let list = bench.packages(&[&format!(
            "pkg:golang/{name}@{}",
            version.replace('+', "%2B")
        )]);
        let expected: Vec<String> = expected
            .iter()
            .map(|one| {
                let (id, rule) = one.split_once(' ').expect("an id and a rule");
                format!("{name} {version} {id} affected {rule}")
            })
            .collect();
        assert_eq!(told(&bench.scan(&list)), expected, "{name} {version}");
    }
    let list = bench.packages(&["pkg:golang/github.com/acme/depot@v2.8.2%2Bincompatible"]);
    let why = bench.explain(&list, &["github.com/acme/depot", "GO-2098-0003"]);
    let rule = "compared v2.8.2+incompatible is not in [0, 2.8.2) by the order of go";
    assert!(why.contains(rule), "{why}");
}

/// An advisory of Go's that names packages of a module says which, beside each finding: whether a program links them
/// is not in what Go writes into it.
#[test]
fn t63_the_packages_of_a_module_that_have_the_flaw_are_told() {
    let mut ssh = record(
        "GO-2098-0001",
        "Go",
        "golang.org/x/acme",
        &json!([{"type": "SEMVER", "events": [{"introduced": "0"}, {"fixed": "0.31.0"}]}]),
    );
    ssh["affected"][0]["ecosystem_specific"] =
        json!({"imports": [{"path": "golang.org/x/acme/ssh", "symbols": ["NewServerConn"]}]});
    let bench = Bench::new().osv("Go", &[ssh]);
    let list = bench.packages(&["pkg:golang/golang.org/x/acme@v0.30.0"]);
    let rule = "[0, 0.31.0); in golang.org/x/acme/ssh (NewServerConn)";
    assert_eq!(
        told(&bench.scan(&list)),
        [format!(
            "golang.org/x/acme v0.30.0 GO-2098-0001 affected {rule}"
        )]
    );
    let why = bench.explain(&list, &["golang.org/x/acme", "GO-2098-0001"]);
    assert!(why.contains(rule), "{why}");
}

/// NuGet compares names whatever their case, and versions by four numbers of which the last may be left out.
#[test]
fn t68_names_of_nuget_have_no_case_and_versions_four_numbers() {
    let bench = Bench::new().osv(
        "NuGet",
        &[record(
            "GHSA-aaaa-bbbb-cccc",
            "NuGet",
            "Acme.Json",
            &before("13.0.1"),
        )],
    );
    for (name, version, affected) in [
        ("acme.json", "13.0.0.9", true),
        ("Acme.JSON", "13.0", true),
        ("Acme.Json", "13.0.1-beta2", true),
        ("Acme.Json", "13.0.1.0", false),
        ("ACME.JSON", "13.0.1+build.7", false),
        ("Acme.Json", "13.0.1.1", false),
    ] {
        let purl = format!("pkg:nuget/{name}@{}", version.replace('+', "%2B"));
        let list = bench.packages(&[&purl]);
        let expected = format!("{name} {version} GHSA-aaaa-bbbb-cccc affected [0, 13.0.1)");
        let expected: Vec<String> = affected.then_some(expected).into_iter().collect();
        assert_eq!(told(&bench.scan(&list)), expected, "{name} {version}");
    }
    let list = bench.packages(&["pkg:nuget/Acme.Json@13.0.1.0"]);
    let why = bench.explain(&list, &["Acme.Json", "GHSA-aaaa-bbbb-cccc"]);
    let rule = "compared 13.0.1.0 is not in [0, 13.0.1) by the order of nuget";
    assert!(why.contains(rule), "{why}");
}

/// NVD names products of vendors, and a package of the same name may be another thing: no package of a language is
/// judged by them.
#[test]
fn t56_products_of_vendors_are_no_packages() {
    let products = [
        "pivotal:spring_framework",
        "eclipse:jetty",
        "elastic:logstash",
        "jenkins:jenkins",
        "rc:rc",
    ];
    let nothing = |ecosystem| {
        record(
            "GHSA-aaaa-bbbb-cccc",
            ecosystem,
            "other:other",
            &before("2"),
        )
    };
    let bench = Bench::new()
        .feed("nvd/page.json", nvd("CVE-2098-0001", &products))
        .osv("Maven", &[nothing("Maven")])
        .osv("RubyGems", &[nothing("RubyGems")])
        .osv("npm", &[nothing("npm")]);
    let list = bench.packages(&[
        "pkg:maven/org.springframework/spring_framework@5.0.0",
        "pkg:maven/org.eclipse.jetty/jetty@9.0.0",
        "pkg:gem/logstash@1.0.0",
        "pkg:npm/jenkins@1.0.0",
        "pkg:npm/rc@1.2.8",
    ]);
    assert_eq!(told(&bench.scan(&list)), Vec::<String>::new());
    let why = bench.explain(&list, &["rc", "CVE-2098-0001"]);
    assert!(
        why.contains("no record of npm for rc bears the id CVE-2098-0001"),
        "{why}"
    );
}

/// A Java runtime that was unpacked is judged by what NVD says of its maker's product, in NVD's spelling of versions.
#[test]
fn t56_a_java_runtime_is_judged_by_its_maker_s_product() {
    let bench = Bench::new().feed(
        "nvd/java.json",
        include_bytes!("../../advisory/fixtures/nvd/java.json"),
    );
    let release = |maker: &str, version: &str, build: &str| {
        format!("\"IMPLEMENTOR=\\\"{maker}\\\"\\nJAVA_VERSION=\\\"{version}\\\"\\n{build}\"")
    };
    let layer = [
        format!(
            "opt/temurin/release = {}",
            release("Eclipse Adoptium", "17.0.3", "")
        ),
        format!(
            "opt/oracle/release = {}",
            release("Oracle Corporation", "17.0.7", "BUILD_TYPE=commercial\\n")
        ),
        format!(
            "opt/eight/release = {}",
            release("Temurin", "1.8.0_301", "")
        ),
    ];
    let image = bench.image(Image::new("registry.example/app:1").layer(layer.join("\n").as_str()));
    let report = bench.scan(&image);
    assert_eq!(
        told(&report),
        [
            "jdk 17.0.7 CVE-2024-20918 unknown [17, 17.0.9)",
            "openjdk 1.8.0_301 CVE-2021-35550 affected [8.0.301, 8.0.301]",
            "openjdk 17.0.3 CVE-2022-21541 affected [17, 17.0.3]",
            "jdk 17.0.7 CVE-2023-22041 affected [17.0.7, 17.0.7]",
        ]
    );
    let why = bench.explain(&image, &["openjdk", "CVE-2021-35550"]);
    let rule = "compared 8.0.301 is in [8.0.301, 8.0.301] by the order of portage";
    assert!(why.contains(rule), "{why}");
    // The record names Oracle's own build alone.
    let why = bench.explain(&image, &["openjdk", "CVE-2024-20918"]);
    assert!(why.contains("bears the id CVE-2024-20918"), "{why}");
}

/// Modules of Kubernetes count from 0 where the program counts from 1: each is judged by records of its own name.
#[test]
fn t61_modules_of_one_project_have_numbers_of_their_own() {
    let branches = json!([
        {"type": "SEMVER", "events": [{"introduced": "0"}, {"fixed": "1.16.11"}]},
        {"type": "SEMVER", "events": [{"introduced": "1.17.0"}, {"fixed": "1.17.7"}]},
        {"type": "SEMVER", "events": [{"introduced": "1.18.0"}, {"fixed": "1.18.4"}]},
    ]);
    let flaw = record("GO-2098-0001", "Go", "k8s.io/kubernetes", &branches);
    let bench = Bench::new().osv("Go", &[flaw]);
    let list = bench.packages(&[
        "pkg:golang/k8s.io/kubernetes@v1.17.0",
        "pkg:golang/k8s.io/api@v0.17.0",
        "pkg:golang/k8s.io/client-go@v0.22.0",
    ]);
    // The list that is compiled in knows flaws of Kubernetes too.
    let own = |list: &str| -> Vec<String> {
        let all = told(&bench.scan(list)).into_iter();
        all.filter(|one| one.contains("GO-2098-0001")).collect()
    };
    let rule = "[1.17.0, 1.17.7)";
    assert_eq!(
        own(&list),
        [format!(
            "k8s.io/kubernetes v1.17.0 GO-2098-0001 affected {rule}"
        )]
    );
    let list = bench.packages(&["pkg:golang/k8s.io/kubernetes@v1.17.7"]);
    assert_eq!(own(&list), Vec::<String>::new());
}

/// Two versions of one library side by side are two packages, each with its own answer.
#[test]
fn t76_two_versions_side_by_side_are_both_judged() {
    let stanza = |name: &str, source: &str, version: &str| {
        format!(
            "Package: {name}\\nStatus: install ok installed\\nArchitecture: amd64\\nSource: {source}\\n\
             Version: {version}\\nMaintainer: Debian OpenSSL Team\\n\\n"
        )
    };
    let layer = format!(
        "etc/os-release = \"ID=debian\\nVERSION_ID=12\\n\"\nvar/lib/dpkg/status = \"{}{}\"\n\
         app/a/node_modules/pad/package.json = \"{{\\\"name\\\": \\\"pad\\\", \\\"version\\\": \\\"1.0.0\\\"}}\"\n\
         app/b/node_modules/pad/package.json = \"{{\\\"name\\\": \\\"pad\\\", \\\"version\\\": \\\"3.0.0\\\"}}\"\n",
        stanza("libssl1.1", "openssl", "1.1.1w-0+deb12u1"),
        stanza("libssl3", "openssl", "3.0.15-1~deb12u1"),
    );
    let bench = Bench::new()
        .feed(
            "debian/tracker.json",
            tracker("openssl", "CVE-2098-0001", "3.0.14-1"),
        )
        .osv(
            "npm",
            &[record(
                "GHSA-aaaa-bbbb-cccc",
                "npm",
                "pad",
                &before("2.0.0"),
            )],
        );
    let report =
        bench.scan(&bench.image(Image::new("registry.example/app:1").layer(layer.as_str())));
    let mut found = told(&report);
    found.sort();
    assert_eq!(
        found,
        [
            "libssl1.1 1.1.1w-0+deb12u1 CVE-2098-0001 affected [0, 3.0.14-1)",
            "pad 1.0.0 GHSA-aaaa-bbbb-cccc affected [0, 2.0.0)",
        ]
    );
}

/// Malware is told as such in every form of the report, and is a veto of its own, which no score lightens.
#[test]
fn t88_malware_is_a_class_of_its_own() {
    let malware = record(
        "MAL-2098-1",
        "npm",
        "pad",
        &json!([{"type": "SEMVER", "events": [{"introduced": "0"}]}]),
    );
    let flaw = record("GHSA-aaaa-bbbb-cccc", "npm", "pad", &before("2.0.0"));
    let bench = Bench::new().osv("npm", &[malware, flaw]);
    let list = bench.packages(&["pkg:npm/pad@1.0.0"]);
    let report = bench.scan(&list);
    let findings = report["findings"].as_array().expect("a list").iter();
    let classes: Vec<String> = findings
        .map(|one| format!("{} {}", one["rule"], one["class"]))
        .collect();
    assert_eq!(
        classes,
        [
            "\"MAL-2098-1\" \"malware\"",
            "\"GHSA-aaaa-bbbb-cccc\" \"vulnerability\""
        ]
    );
    assert_eq!(report["summary"]["malware"]["total"], 1);
    assert_eq!(report["summary"]["vulnerabilities"]["total"], 1);
    let db = bench.database();
    let run = |verb: &str, form: &str| {
        let args = [verb, &list, "-f", form, "--offline", "--db", text(&db)];
        bench.program.run(args)
    };
    let trivy = run("scan", "trivy").json();
    let rows = trivy["Results"][0]["Vulnerabilities"]
        .as_array()
        .expect("a list");
    let weaknesses: Vec<String> = rows
        .iter()
        .map(|row| format!("{} {}", row["VulnerabilityID"], row["CweIDs"]))
        .collect();
    assert_eq!(
        weaknesses,
        [
            "\"MAL-2098-1\" [\"CWE-506\"]",
            "\"GHSA-aaaa-bbbb-cccc\" null"
        ]
    );
    let shown = run("scan", "terminal");
    assert!(shown.text().contains("[malware]"), "{shown:?}");
    let verdict = run("assess", "json");
    assert_eq!(verdict.code, 1);
    let vetoes = verdict.json()["verdict"]["vetoes"].clone();
    let vetoes = vetoes.as_array().expect("a list");
    let veto = vetoes.iter().find(|veto| veto["id"] == "severe-flaw");
    assert_eq!(
        veto.expect("it is answered")["reason"],
        "pad 1.0.0 is malware (MAL-2098-1)"
    );
}

/// chisel's manifest does not name source packages, and Ubuntu's advisories go by them: `openssl` was never asked about.
/// Its records name the binary packages that are built of it, in one release of this source and in another of that.
#[test]
fn t29_a_chiselled_ubuntu_is_judged_by_what_binary_packages_are_built_of() {
    let entry = |release: &str, source: &str, binary: &str, fixed: &str| {
        json!({
            "package": {"ecosystem": format!("Ubuntu:{release}:LTS"), "name": source},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": fixed}]}],
            "ecosystem_specific": {"binaries": [{"binary_name": binary, "binary_version": fixed}]},
        })
    };
    let record = |id: &str, affected: &[Value]| json!({"id": id, "modified": "2024-06-01T00:00:00Z", "details": "A flaw", "affected": affected});
    let bench = Bench::new().osv(
        "Ubuntu",
        &[
            record(
                "UBUNTU-CVE-2024-5535",
                &[
                    entry("24.04", "openssl", "libssl3t64", "3.0.13-0ubuntu3.5"),
                    entry("22.04", "openssl", "libssl3", "3.0.2-0ubuntu1.18"),
                ],
            ),
            record(
                "UBUNTU-CVE-2024-0001",
                &[entry("22.04", "another-openssl", "libssl3t64", "9")],
            ),
        ],
    );
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../analyzers/fixtures/os/chisel/happy/root/var/lib/chisel/manifest.wall");
    let manifest = fs::read(manifest).expect("the fixture is there");
    let release = b"ID=ubuntu\nVERSION_ID=24.04\n";
    let image = Image::new("registry.example/app:1").layer(Layer::of_files(&[
        ("etc/os-release", 0o644, release),
        ("var/lib/chisel/manifest.wall", 0o644, &manifest),
    ]));
    let image = bench.image(image);
    assert_eq!(
        told(&bench.scan(&image)),
        ["libssl3t64 3.0.13-0ubuntu3.4 CVE-2024-5535 affected [0, 3.0.13-0ubuntu3.5)"]
    );
    // Its bill does not know more, nor does a list of package URLs without `upstream`.
    for format in ["cyclonedx", "spdx-json", "syft-json", "purls"] {
        let run = bench
            .program
            .run(["sbom", "-f", format, "--offline", &image]);
        run.ends(0, &[]);
        let bill = bench.program.file("bill", &run.stdout);
        let kind = if format == "purls" { "purls" } else { "sbom" };
        let report = bench.scan(&format!("{kind}:{}", text(&bill)));
        assert_eq!(
            told(&report),
            ["libssl3t64 3.0.13-0ubuntu3.4 CVE-2024-5535 affected [0, 3.0.13-0ubuntu3.5)"],
            "{format}"
        );
    }
}
