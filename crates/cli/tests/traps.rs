//! Traps that make scanners wrong, from a little image or a list of packages and a slice of advisories to the answer
//! and its reason.

use std::fs;
use std::path::{Path, PathBuf};

use plimsoll_testkit::image::{Image, oci, zip};
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
