//! `plimsoll explain IMAGE …`: the chain from a file to an advisory, and why there is none.

use plimsoll_testkit::flawed::{LIBSSL, LODASH, database, image};
use plimsoll_testkit::image::{Image, oci};
use plimsoll_testkit::program::{Program, Run};
use serde_json::Value;

struct Asked {
    program: Program,
    image: String,
    db: String,
}

impl Asked {
    fn new(image: Image) -> Self {
        let program = Program::new(env!("CARGO_BIN_EXE_plimsoll"));
        let file = program.file("image.tar", oci(&[image]).tar());
        let db = database(&program);
        let text = |path: &std::path::Path| path.to_str().expect("paths are text").to_owned();
        Self {
            image: text(&file),
            db: text(&db),
            program,
        }
    }

    fn run(&self, words: &[&str]) -> Run {
        let common = ["explain", &self.image, "--db", &self.db];
        let run = self.program.run([&common, words].concat());
        run.ends(0, &[]);
        run
    }

    /// The text, each line with its spaces folded.
    fn text(&self, words: &[&str]) -> String {
        let run = self.run(words);
        let lines = run.text().lines();
        let lines = lines.map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
        lines.collect::<Vec<_>>().join("\n")
    }

    fn json(&self, words: &[&str]) -> Value {
        self.run(&[words, &["-f", "json"]].concat()).json()
    }
}

#[track_caller]
fn has(text: &str, lines: &[&str]) {
    let mut rest = text;
    for line in lines {
        match rest.split_once(line) {
            Some((_, after)) => rest = after,
            None => panic!("`{line}` does not come next in:\n{text}"),
        }
    }
}

#[test]
fn an_affected_package_is_followed_from_file_to_severity() {
    let asked = Asked::new(image());
    let text = asked.text(&["CVE-2098-0001"]);
    has(
        &text,
        &[
            "CVE-2098-0001 in ",
            "libssl1.1 1.1.1n-0+deb11u3\n",
            "file var/lib/dpkg/status (layer 0",
            "read by os/dpkg: the record of an installer",
            "package pkg:deb/debian/libssl1.1@",
            "source openssl 1.1.1n-0+deb11u3",
            "looked up openssl 1.1.1n-0+deb11u3 under Debian:11, versions ordered as deb",
            "record CVE-2098-0001 of debian (CVE-2098-0001, RUSTSEC-2098-0001)",
            "https://security-tracker.debian.org/tracker/CVE-2098-0001",
            "compared 1.1.1n-0+deb11u3 is in [0, 1.1.1n-0+deb11u4) by the order of deb",
            "severity high, from osv/crates.io cvss",
            "7.4 CVSS:3.1/",
            "fix 1.1.1n-0+deb11u4",
            "answer affected",
            "Advisories: snapshot sha256:",
        ],
    );
    let json = asked.json(&["CVE-2098-0001"]);
    assert_eq!(json["schemaVersion"], 1);
    assert_eq!(json["question"]["id"], "CVE-2098-0001");
    let package = &json["packages"][0];
    assert_eq!(package["purl"], LIBSSL);
    assert_eq!(package["route"]["key"], "Debian:11");
    assert!(package["locations"][0]["digest"].as_str().is_some());
    let answer = &package["answers"][0];
    assert_eq!(answer["applies"], "affected");
    assert_eq!(answer["counts"], true);
    assert_eq!(answer["reason"]["scheme"], "deb");
    assert_eq!(answer["severity"], "high");
    // An alias leads to the same flaw.
    let by_alias = asked.json(&["RUSTSEC-2098-0001"]);
    assert_eq!(by_alias["packages"], json["packages"]);
}

/// Neither a package URL nor a bill need say in which file a package is.
#[test]
fn what_was_given_without_a_file_says_so() {
    let program = Program::new(env!("CARGO_BIN_EXE_plimsoll"));
    let bill = serde_json::json!({
        "bomFormat": "CycloneDX", "specVersion": "1.6",
        "components": [{"type": "library", "name": "lodash", "version": "4.17.20", "purl": LODASH}],
    });
    let bill = program.file("bill.json", bill.to_string());
    let list = program.file("list.txt", LODASH);
    let db = database(&program);
    let text = |path: &std::path::Path| path.to_str().expect("paths are text").to_owned();
    for what in [
        format!("purl:{LODASH}"),
        format!("purls:{}", text(&list)),
        format!("sbom:{}", text(&bill)),
    ] {
        let words = ["explain", &what, "lodash", "--db", &text(&db)];
        let run = program.run(words);
        run.ends(0, &[]);
        let lines = run.text().lines();
        let lines = lines.map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
        let told = lines.collect::<Vec<_>>().join("\n");
        has(
            &told,
            &[
                "file none is told\n",
                "read by sbom: a bill of materials, or a list of packages\n",
                "looked up lodash 4.17.20 under npm",
                "CVE-2098-0005 affected",
            ],
        );
        let json = program.run([&words[..], &["-f", "json"]].concat()).json();
        assert_eq!(json["packages"][0]["locations"], serde_json::json!([]));
    }
}

#[test]
fn what_is_not_affected_says_by_which_rule() {
    let asked = Asked::new(image());
    let text = asked.text(&["CVE-2098-0002"]);
    has(
        &text,
        &[
            "compared 1.1.1n-0+deb11u3 is not in [0, 1.1.1k-1+deb11u2) by the order of deb",
            "severity unknown: nobody rated it",
            "answer not affected",
        ],
    );
    let text = asked.text(&["GHSA-wwww-wwww-wwww"]);
    has(
        &text,
        &[
            "lodash 4.17.20\n",
            "compared ∅ (the record was withdrawn)",
            "answer not affected",
        ],
    );
    let text = asked.text(&["CVE-2098-0003"]);
    has(
        &text,
        &[
            "is in [0, ∞) by the order of deb",
            "fix none is known",
            "answer affected",
        ],
    );
}

#[test]
fn a_package_of_a_package_shows_what_judges_it() {
    let asked = Asked::new(image());
    for words in [&["CVE-2098-0004"][..], &["pip", "CVE-2098-0004"]] {
        let text = asked.text(words);
        has(
            &text,
            &[
                "python3-pip 20.3.4-4+deb11u1\n",
                "looked up python-pip 20.3.4-4+deb11u1 under Debian:11",
                "answer not affected",
                "pip 20.3.4\n",
                "looked up no:",
                "pkg:deb/debian/python3-pip@",
                "record GHSA-pppp-pppp-pppp of osv/PyPI",
                "compared 20.3.4 is in [0, 23.3) by the order of pep440",
                "answer affected, which does not count",
            ],
        );
    }
    let json = asked.json(&["pip", "CVE-2098-0004"]);
    let routes: Vec<&str> = (0..2)
        .filter_map(|place| json["packages"][place]["route"]["kind"].as_str())
        .collect();
    assert_eq!(routes, ["looked-up", "owned"]);
    assert_eq!(json["packages"][1]["answers"][0]["counts"], false);
}

#[test]
fn a_package_shows_all_that_its_advisories_say() {
    let asked = Asked::new(image());
    for name in ["openssl", "libssl1.1", LIBSSL, "pkg:deb/debian/libssl1.1"] {
        let text = asked.text(&[name]);
        has(
            &text,
            &[
                "looked up openssl 1.1.1n-0+deb11u3 under Debian:11",
                "high CVE-2098-0001 affected: [0, 1.1.1n-0+deb11u4) (debian CVE-2098-0001)",
                "unknown CVE-2098-0003 affected: [0, ∞) (debian CVE-2098-0003)",
                "unknown CVE-2098-0002 not affected: [0, 1.1.1k-1+deb11u2) (debian CVE-2098-0002)",
            ],
        );
    }
    let json = asked.json(&[LODASH]);
    let answers = json["packages"][0]["answers"].as_array();
    let answers = answers.expect("answers are a list").iter();
    // The built-in watchlist knows more.
    let ours: Vec<(&str, &str)> = answers
        .filter_map(|answer| Some((answer["id"].as_str()?, answer["applies"].as_str()?)))
        .filter(|(id, _)| id.starts_with("CVE-2098") || id.starts_with("GHSA-wwww"))
        .collect();
    assert_eq!(
        ours,
        [
            ("CVE-2098-0005", "affected"),
            ("GHSA-wwww-wwww-wwww", "not-affected")
        ]
    );
}

#[test]
fn why_an_expected_advisory_did_not_match_is_told() {
    let asked = Asked::new(image());
    let text = asked.text(&["lodash", "CVE-2098-0001"]);
    has(
        &text,
        &[
            "CVE-2098-0001 and lodash in ",
            "looked up lodash 4.17.20 under npm, versions ordered as npm",
            "answer no record of npm for lodash bears the id CVE-2098-0001",
            "Records under this id, which name other packages or other releases:",
            "debian CVE-2098-0001 (CVE-2098-0001, RUSTSEC-2098-0001)",
            "osv/crates.io RUSTSEC-2098-0001",
        ],
    );
    let text = asked.text(&["CVE-1999-0001"]);
    has(
        &text,
        &[
            "No package of the image is in a record that bears the id CVE-1999-0001.",
            "The advisories hold no record under the id CVE-1999-0001.",
        ],
    );
    let text = asked.text(&["curl", "CVE-2098-0001"]);
    has(&text, &["No package of the image goes by the name `curl`."]);
}

#[test]
fn what_cannot_be_judged_is_told() {
    let layer = "etc/os-release = \"ID=debian\\nVERSION_ID=\\\"12\\\"\\n\"\n\
        var/lib/dpkg/status = \"Package: curl\\nStatus: install ok installed\\nArchitecture: amd64\\nVersion: 1-1\\n\
        Maintainer: A\\n\\n\"\n";
    let asked = Asked::new(Image::new("registry.example/other:1").layer(layer));
    let text = asked.text(&["curl"]);
    has(
        &text,
        &[
            "curl 1-1\n",
            "looked up no: the advisory database has no feed for Debian:12",
            "What could not be read or judged",
            "? Debian:12: the advisory database has no feed",
        ],
    );
}

#[test]
fn the_other_language_says_the_same() {
    let asked = Asked::new(image());
    let text = asked.text(&["CVE-2098-0001", "--lang", "zh"]);
    has(
        &text,
        &[
            "读取方式 os/dpkg",
            "查询 以 Debian:11",
            "比较 按 deb 排序",
            "结论 受影响",
            "漏洞公告",
        ],
    );
}

#[test]
fn wrong_arguments_are_usage_errors() {
    let asked = Asked::new(image());
    for (words, said) in [
        (&["explain"][..], "Usage"),
        (&["explain", &asked.image], "a package or an id is needed"),
        (&["explain", &asked.image, "x", "-f", "yaml"], "`yaml`"),
    ] {
        asked.program.run(words).ends(2, &[said]);
    }
}

#[test]
fn a_control_says_what_it_asks_and_what_answers() {
    let program = Program::new(env!("CARGO_BIN_EXE_plimsoll"));
    let run = |words: &[&str]| {
        let run = program.run([&["explain"], words].concat());
        run.ends(0, &[]);
        run
    };
    for name in ["4.6", "CIS-4.6", "cis-4.6"] {
        let run = run(&[name]);
        has(
            run.text(),
            &[
                "CIS Docker Benchmark 1.6.0, 4.6: the image has a health check\n",
                "A health check tells the engine",
                "method         automated\n",
                "rests on       check `healthcheck`: ",
                "answer         the answer is that of its one part\n",
            ],
        );
    }
    has(
        run(&["4.6", "--lang", "zh"]).text(),
        &[
            "4.6: 镜像已定义健康检查\n",
            "依据",
            "检查项 `healthcheck`:",
            "答案",
        ],
    );
    has(
        run(&["4.11"]).text(),
        &[
            "check `unverified-source`",
            "lint rule over the history `download-to-shell`",
            "it fails where one part does",
        ],
    );
    has(
        run(&["4.2"]).text(),
        &["facts of the image", "`trusted-base` of the policy"],
    );
    for id in ["4.5", "4.12"] {
        has(
            run(&[id]).text(),
            &["facts of the image", "`signed-by` of the policy"],
        );
    }
    let json = run(&["4.9", "-f", "json"]).json();
    let control = &json["controls"][0];
    assert_eq!(
        (&control["id"], &control["version"]),
        (&"4.9".into(), &"1.6.0".into())
    );
    assert_eq!(control["parts"][0]["id"], "add-for-files");
    assert_eq!(control["parts"][1]["kind"], "facts");
    let none = program.run(["explain", "4.13"]);
    none.ends(
        2,
        &["`4.13` is no rule of the linter and no control of section 4"],
    );
}
