//! `plimsoll lint` as people and scripts meet it.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use plimsoll_report::LINTS;
use plimsoll_testkit::careful::image;
use plimsoll_testkit::program::{Program, Run};
use plimsoll_testkit::registry::{Access, Registry};
use serde_json::Value;

/// The requirements' examples (A, section 5.2).
const BAD: &str = include_str!("bad.Dockerfile");
const REPAIRED: &str = include_str!("repaired.Dockerfile");

/// A file in which nothing is found.
const CLEAN: &str = "FROM scratch\nCOPY app /app\nUSER 1000:1000\nENTRYPOINT [\"/app\"]\n";

fn program() -> Program {
    Program::new(env!("CARGO_BIN_EXE_plimsoll"))
}

fn put(program: &Program, name: &str, text: &str) {
    let path = program.folder().join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn get(program: &Program, name: &str) -> String {
    fs::read_to_string(program.folder().join(name)).unwrap()
}

/// The findings of the only file.
fn findings(run: &Run) -> Vec<Value> {
    let report = run.json();
    let files = report["files"].as_array().unwrap().clone();
    assert_eq!(files.len(), 1, "{run:?}");
    files[0]["findings"].as_array().unwrap().clone()
}

/// Whether a finding on a line has one of these names.
fn has(findings: &[Value], line: u64, names: &[&str]) -> bool {
    findings.iter().any(|found| {
        let aliases = found["aliases"].as_array().unwrap().iter();
        let mut all = aliases.chain([&found["rule"]]).filter_map(Value::as_str);
        let (first, last) = (
            found["scope"]["line"].as_u64(),
            found["scope"]["end_line"].as_u64(),
        );
        (first..=last).contains(&Some(line)) && all.any(|name| names.contains(&name))
    })
}

#[test]
fn the_six_errors_of_the_requirements_are_found_and_the_one_in_their_repair() {
    let program = program();
    let run = program.run_with(["lint", "-f", "json", "-"], &[], BAD.as_bytes());
    run.ends(1, &[]);
    let found = findings(&run);
    for (error, line, names) in [
        (1, 1, &["DL3007"][..]),
        (2, 3, &["DL3002"]),
        (3, 5, &["DS-0004"]),
        (4, 7, &["SecretsUsedInArgOrEnv"]),
        (4, 8, &["CIS-DI-0010", "DS-0031", "secret-file"]),
        (5, 10, &["DL3001", "DKL-DI-0001", "needless-package"]),
        (6, 13, &["DL3009"]),
    ] {
        assert!(has(&found, line, names), "error {error}: {run:?}");
    }
    let run = program.run_with(["lint", "-f", "json", "-"], &[], REPAIRED.as_bytes());
    let found = findings(&run);
    assert!(has(&found, 9, &["SecretsUsedInArgOrEnv"]), "{run:?}");
    assert!(has(&found, 8, &["SecretsUsedInArgOrEnv"]), "{run:?}");
    assert!(has(&found, 1, &["unsupported-base"]), "{run:?}");
}

#[test]
fn no_report_shows_a_secret() {
    const DOCKERFILE: &str = "FROM debian:12\nENV DB_PASSWORD=Treibgut-4711 A=b\nENV API_TOKEN Treibgut-4711\n\
                              ARG PASSWORD=Treibgut-4711\nRUN mysql --password=Treibgut-4711 && cd /x\n";
    const COMPOSE: &str = "services:\n  a:\n    image: a:1\n    environment:\n      DB_PASSWORD: Treibgut-4711\n\
                           \x20     - API_TOKEN=Treibgut-4711\n";
    const KUBERNETES: &str = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n  - name: a\n    image: a:1\n\
                              \x20   env:\n    - name: DB_PASSWORD\n      value: Treibgut-4711\n";
    let program = program();
    put(&program, "Dockerfile", DOCKERFILE);
    put(&program, "compose.yaml", COMPOSE);
    put(&program, "pod.yaml", KUBERNETES);
    for format in LINTS {
        let run = program.run(["lint", "--lang", "zh", "-f", format.name()]);
        let said = String::from_utf8_lossy(&run.stdout) + run.stderr.as_str();
        assert!(said.contains("pod.yaml"), "{run:?}");
        assert!(!said.contains("4711"), "{}: {said}", format.name());
    }
    let run = program.run(["lint"]);
    let said = String::from_utf8_lossy(&run.stdout);
    assert!(said.contains("ENV DB_PASSWORD=************* A=b"), "{said}");
}

#[test]
fn exit_codes_say_what_was_found() {
    let program = program();
    put(&program, "clean/Dockerfile", CLEAN);
    put(&program, "bad/Dockerfile", BAD);
    put(
        &program,
        "broken/Dockerfile",
        "FROM scratch\nNONSENSE here\nUSER 1000:1000\n",
    );
    put(&program, "values.yaml", "a: 1\n");
    program
        .run(["lint", "clean", "--ignore", "missing-healthcheck"])
        .ends(0, &[]);
    program.run(["lint", "bad"]).ends(1, &[]);
    program
        .run(["lint", "bad", "--fail-on", "never"])
        .ends(0, &[]);
    program
        .run(["lint", "bad", "--only", "DL3007", "--fail-on", "critical"])
        .ends(0, &[]);
    program
        .run(["lint", "broken", "--fail-on", "never"])
        .ends(3, &[]);
    program.run(["lint", "values.yaml"]).ends(3, &[]);
    program
        .run(["lint", "clean", "missing"])
        .ends(4, &["missing"]);
    for (args, words) in [
        (&["lint", "-f", "yaml"][..], "`yaml`"),
        (&["lint", "--fail-on", "error"], "`error`"),
        (&["lint", "--ignore", "DL9999"], "`DL9999`"),
        (&["lint", "--pin"], "`--pin`"),
        (&["lint", "--list-rules", "-f", "sarif"], "`sarif`"),
        (&["lint", "--fix", "-"], "standard input"),
    ] {
        program.run(args).ends(2, &[words]);
    }
}

#[test]
fn every_format_is_written_to_standard_output_or_a_file() {
    let program = program();
    put(&program, "Dockerfile", BAD);
    for format in LINTS {
        let run = program.run(["lint", "-f", format.name()]);
        run.ends(1, &[]);
        assert!(!run.stdout.is_empty());
        let to_file = program.run(["lint", "-f", format.name(), "-o", "out"]);
        to_file.ends(1, &[]);
        assert!(to_file.stdout.is_empty());
        assert_eq!(get(&program, "out"), run.text(), "{}", format.name());
    }
    let run = program.run(["lint", "--lang", "zh"]);
    assert!(run.text().contains("1 个文件:"), "{run:?}");
}

#[test]
fn folders_are_searched_and_files_sorted() {
    let program = program();
    for name in [
        "b/Dockerfile",
        "a/app.dockerfile",
        "node_modules/x/Dockerfile",
        "Containerfile",
    ] {
        put(&program, name, BAD);
    }
    put(
        &program,
        "a/compose.yaml",
        "services:\n  web:\n    image: nginx\n    privileged: true\n",
    );
    put(&program, "a/other.yaml", "a: 1\n");
    let run = program.run(["lint", "-f", "json"]);
    run.ends(1, &[]);
    let report = run.json();
    let files = report["files"].as_array().unwrap().iter();
    let names: Vec<_> = files
        .map(|file| {
            (
                file["path"].as_str().unwrap(),
                file["kind"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        names,
        [
            ("Containerfile", "dockerfile"),
            ("a/app.dockerfile", "dockerfile"),
            ("a/compose.yaml", "compose"),
            ("b/Dockerfile", "dockerfile"),
        ]
    );
}

/// A file with safe fixes, line ends of Windows, a byte order mark and what is not to be touched.
const ODD: &str = "\u{feff}# keep\t this\r\nFROM debian:12.5 as build\r\n\r\nMAINTAINER   me <me@example.org>\r\nrun  echo  'a'   \\\r\n  # keep too\r\n  && echo b\r\n";

#[test]
fn safe_fixes_are_applied_and_the_rest_of_the_file_stays() {
    let program = program();
    put(&program, "a/Dockerfile", ODD);
    put(&program, "b/Dockerfile", CLEAN);
    let diff = program.run(["lint", "--diff", "a", "b"]);
    assert!(
        diff.text()
            .starts_with("--- a/a/Dockerfile\n+++ b/a/Dockerfile\n@@ "),
        "{diff:?}"
    );
    assert!(diff.text().contains("\n-MAINTAINER"), "{diff:?}");
    assert_eq!(get(&program, "a/Dockerfile"), ODD, "--diff writes nothing");
    let both = program.run(["lint", "--fix", "--diff", "a", "b"]);
    assert_eq!(
        (both.text(), get(&program, "a/Dockerfile").as_str()),
        (diff.text(), ODD)
    );
    let before = fs::metadata(program.folder().join("b/Dockerfile"))
        .unwrap()
        .modified()
        .unwrap();

    let fixed = program.run(["lint", "--fix", "-f", "json", "a", "b"]);
    assert!(fixed.stderr.contains("to 1 file"), "{fixed:?}");
    let text = get(&program, "a/Dockerfile");
    assert!(text.starts_with("\u{feff}# keep\t this\r\n"), "{text:?}");
    assert!(
        text.contains("  # keep too\r\n  && echo b\r\n") && text.contains("echo  'a'   \\\r\n"),
        "{text:?}"
    );
    assert!(
        !text.contains("MAINTAINER") && !text.replace("\r\n", "").contains(['\r', '\n']),
        "{text:?}"
    );
    let safe = |run: &Run| {
        let report = run.json();
        let files = report["files"].as_array().unwrap().clone();
        let all = files
            .iter()
            .flat_map(|file| file["findings"].as_array().unwrap());
        all.filter(|found| found["fix"]["safety"] == "safe").count()
    };
    assert_eq!(safe(&fixed), 0, "{fixed:?}");
    let after = fs::metadata(program.folder().join("b/Dockerfile"))
        .unwrap()
        .modified()
        .unwrap();
    assert_eq!(before, after, "what has no fix is not written");
    let again = program.run(["lint", "--diff", "a", "b"]);
    assert_eq!(again.text(), "", "nothing is left");
    let input = program.run_with(["lint", "--diff", "-"], &[], ODD.as_bytes());
    assert_eq!(input.text().replace("/-\n", "/a/Dockerfile\n"), diff.text());
}

#[test]
fn what_is_no_text_is_told_and_never_written() {
    let program = program();
    let path = program.file(
        "Dockerfile",
        b"FROM debian:12.5 as a\n# \xe9t\xe9\nMAINTAINER me\n",
    );
    let before = fs::read(&path).unwrap();
    let run = program.run(["lint", "--fix", "-f", "json"]);
    assert_eq!(run.json()["files"][0]["errors"][0]["line"], 2, "{run:?}");
    assert_eq!(fs::read(&path).unwrap(), before);
}

fn rules(run: &Run, list: &str) -> Vec<(String, String)> {
    let report = run.json();
    let list = report["files"][0][list].as_array().unwrap().clone();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    list.iter()
        .map(|one| (text(&one["rule"]), text(&one["by"])))
        .collect()
}

#[test]
fn comments_and_settings_lay_aside_and_say_so() {
    let program = program();
    put(
        &program,
        "Dockerfile",
        "# plimsoll ignore=latest-base we follow it\nFROM debian:latest\n",
    );
    let run = program.run(["lint", "-f", "json", "--only", "latest-base"]);
    run.ends(0, &[]);
    assert_eq!(
        rules(&run, "ignored"),
        [("latest-base".into(), "inline, line 1".into())]
    );
    put(&program, "Dockerfile", "FROM debian:latest\n");
    for (name, text) in [
        (".plimsoll.toml", "[lint]\nignore = [\"latest-base\"]\n"),
        (".hadolint.yaml", "ignored: [DL3007]\n"),
        (".trivyignore", "DS-0001\n"),
        (
            ".trivyignore.yaml",
            "misconfigurations:\n  - id: AVD-DS-0001\n    paths: [\"*file\"]\n",
        ),
        (".dockleignore", "DKL-DI-0006\n"),
    ] {
        put(&program, name, text);
        let run = program.run(["lint", "-f", "json", "--only", "latest-base"]);
        assert_eq!(
            rules(&run, "ignored"),
            [("latest-base".into(), name.into())]
        );
        // Settings that are named hold instead of those of the folder.
        put(&program, "none.toml", "");
        let run = program.run([
            "lint",
            "-f",
            "json",
            "--only",
            "latest-base",
            "--config",
            "none.toml",
        ]);
        assert_eq!(rules(&run, "findings").len(), 1);
        fs::remove_file(program.folder().join(name)).unwrap();
    }
    put(&program, ".plimsoll.toml", "[lint]\nignroe = []\n");
    program.run(["lint"]).ends(4, &["ignroe", ".plimsoll.toml"]);
    put(
        &program,
        ".plimsoll.toml",
        "[lint]\nignore = [\"no-such-rule\"]\n",
    );
    program
        .run(["lint"])
        .ends(4, &["no-such-rule", ".plimsoll.toml"]);
    put(
        &program,
        ".plimsoll.toml",
        "[lint]\nfail-on = \"critical\"\nseverity = { latest-base = \"critical\" }\n",
    );
    program.run(["lint", "--only", "latest-base"]).ends(1, &[]);
    program
        .run(["lint", "--only", "latest-base", "--fail-on", "never"])
        .ends(0, &[]);
    fs::remove_file(program.folder().join(".plimsoll.toml")).unwrap();
    put(
        &program,
        ".hadolint.yaml",
        "ignored: [DL9999]\nsurprise: 1\n",
    );
    let run = program.run(["lint", "-f", "json"]);
    assert_eq!(run.json()["notes"].as_array().unwrap().len(), 2, "{run:?}");
}

#[test]
fn bases_are_pinned_by_what_the_registry_has() {
    let program = program();
    let mut registry = Registry::start(Access::Open);
    let mut other = image();
    other = other.platform("linux/s390x");
    registry.push("lib/base", "s390x", &other);
    let index = registry.push_index("lib/base", "1.2.3", &[other]);
    let host = registry.host();
    let text = format!(
        "ARG TAG=1.2.3\nFROM {host}/lib/base:1.2.3 AS a\nFROM {host}/lib/base:$TAG\nFROM {host}/lib/none:1.2.3\nFROM a\nUSER 1000\n"
    );
    put(&program, "Dockerfile", &text);
    let run = program.run(["lint", "--diff", "--pin", "--only", "unpinned-base"]);
    let pinned = format!("\n+FROM {host}/lib/base:1.2.3@{index} AS a\n");
    assert!(run.text().contains(&pinned), "{run:?}");
    let note = format!("Dockerfile: line 3: `{host}/lib/base:$TAG` was not pinned");
    assert!(run.stderr.contains(&note), "{run:?}");
    assert!(
        run.stderr.contains("lib/none:1.2.3` was not pinned"),
        "{run:?}"
    );
    assert_eq!(get(&program, "Dockerfile"), text);
    program.run(["lint", "--fix", "--pin", "--only", "unpinned-base"]);
    assert!(get(&program, "Dockerfile").contains(pinned[2..].trim_start_matches('+')));
    put(&program, "Dockerfile", "FROM registry.example/base:1.2.3\n");
    let run = program.run(["--offline", "lint", "--diff", "--pin"]);
    assert!(run.stderr.contains("offline"), "{run:?}");
    assert_eq!(run.text(), "");
}

/// What registries say of `FROM --platform`, and nothing where none is asked.
#[test]
fn a_platform_that_the_registry_does_not_have_is_found() {
    let program = program();
    let mut registry = Registry::start(Access::Open);
    let other = image().platform("linux/s390x");
    registry.push("lib/base", "s390x", &other);
    registry.push_index("lib/base", "1", std::slice::from_ref(&other));
    let host = registry.host();
    let text = format!(
        "ARG P=linux/arm64\nFROM --platform=linux/s390x {host}/lib/base:1 AS a\nFROM --platform=linux/amd64 {host}/lib/base:1 AS b\n\
         FROM --platform=$P {host}/lib/base:s390x AS c\nFROM --platform=$BUILDPLATFORM {host}/lib/base:1 AS d\n\
         FROM --platform=linux/amd64 {host}/lib/none:1 AS e\nFROM a\nUSER 1000\n"
    );
    put(&program, "Dockerfile", &text);
    let only = ["lint", "-f", "json", "--only", "InvalidBaseImagePlatform"];
    program.run(only).ends(0, &[]);
    let asked = [&only[..], &["--fix", "--pin"]].concat();
    let run = program.run(&asked);
    run.ends(1, &[]);
    let found: Vec<(u64, String)> = run.json()["files"][0]["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            (
                one["line"].as_u64().unwrap(),
                one["message"].as_str().unwrap().to_owned(),
            )
        })
        .collect();
    let says = |image: &str, platform: &str| {
        format!("`{host}/lib/base:{image}` is not made for `{platform}`, but for linux/s390x")
    };
    assert_eq!(
        found,
        [
            (3, says("1", "linux/amd64")),
            (4, says("s390x", "linux/arm64"))
        ]
    );
    let notes = run.json()["notes"].to_string();
    assert!(
        notes.contains("lib/none:1` is made for `linux/amd64` is not known"),
        "{notes}"
    );
    // Who pins too finds it under the new name.
    let run = program.run(["lint", "-f", "json", "--fix", "--pin"]);
    let found = findings(&run);
    assert!(has(&found, 3, &["InvalidBaseImagePlatform"]), "{run:?}");
    put(
        &program,
        "Dockerfile",
        &format!("# check=skip=InvalidBaseImagePlatform\n{text}"),
    );
    program.run(&asked).ends(0, &[]);
    put(
        &program,
        "Dockerfile",
        "FROM --platform=linux/arm64 registry.example/base:1\nUSER 1000\n",
    );
    let run = program.run([&["--offline"], &asked[..]].concat());
    run.ends(0, &[]);
    assert!(
        run.json()["notes"].to_string().contains("offline"),
        "{run:?}"
    );
}

/// `image:` of manifests is pinned, and every other byte stays.
#[test]
fn images_of_manifests_are_pinned() {
    let program = program();
    let mut registry = Registry::start(Access::Open);
    let index = registry.push_index("lib/app", "1.2.3", &[image()]);
    let latest = registry.push_index("lib/app", "latest", &[image()]);
    let host = registry.host();
    let compose = format!(
        "# kept   as is\nservices:\n  a:   {{image: \"{host}/lib/app:1.2.3\", read_only: true}}   # flow\n  b:\n    image:   '{host}/lib/app:1.2.3'   # single\n\
         \x20 c:\n    image: &shared {host}/lib/app:1.2.3\n  d:\n    image: *shared\n  e: {{image: {host}/lib/app}}\n\
         \x20 f:\n    image: {host}/lib/app:${{TAG:-1.2.3}}\n  g: {{image: {host}/lib/none:1}}\n  h:\n    image: >-\n      {host}/lib/app:1.2.3\n"
    );
    let wanted = compose
        .replace("app:1.2.3\"", &format!("app:1.2.3@{index}\""))
        .replace("app:1.2.3'", &format!("app:1.2.3@{index}'"))
        .replace("lib/app}", &format!("lib/app@{latest}}}"))
        .replace("app:1.2.3\n", &format!("app:1.2.3@{index}\n"));
    assert_ne!(wanted, compose);
    let pod = format!(
        "apiVersion: v1\r\nkind: Pod\r\nmetadata: {{name: a}}\r\nspec:\r\n  containers:\r\n    - name: a # one\r\n      image: {host}/lib/app:1.2.3 # two\r\n"
    );
    put(&program, "compose.yaml", &compose);
    put(&program, "pod.yaml", &pod);
    let rules = ["--only", "image-without-digest", "--only", "latest-image"];
    let pin = |more: &[&str]| program.run([&["lint"], more, &rules[..]].concat());
    let run = pin(&["--diff", "--pin"]);
    assert!(
        run.text()
            .contains(&format!("+      image: {host}/lib/app:1.2.3@{index} # two")),
        "{run:?}"
    );
    assert_eq!(
        (get(&program, "compose.yaml"), get(&program, "pod.yaml")),
        (compose.clone(), pod.clone())
    );
    let run = pin(&["--fix", "--pin", "-f", "json"]);
    assert_eq!(get(&program, "compose.yaml"), wanted);
    let wanted = pod.replace("1.2.3 #", &format!("1.2.3@{index} #"));
    assert_eq!(get(&program, "pod.yaml"), wanted);
    let notes = run.json()["notes"].to_string();
    for words in ["TAG:-1.2.3}` was not pinned", "lib/none:1` was not pinned"] {
        assert!(notes.contains(words), "{words}: {notes}");
    }
    put(
        &program,
        "compose.yaml",
        "services:\n  a:\n    image: registry.example/app:1.2.3\n",
    );
    let run = program.run(["--offline", "lint", "--diff", "--pin", "compose.yaml"]);
    assert!(run.stderr.contains("offline"), "{run:?}");
    assert_eq!(run.text(), "");
}

/// The directive of `BuildKit` ends its build for its own checks, whatever they weigh here.
#[test]
fn the_check_directive_makes_findings_fail() {
    let program = program();
    let of = |directive: &str| {
        put(
            &program,
            "Dockerfile",
            &format!("{directive}from debian:12.5\nRUN make\nUSER 1000\n"),
        );
        ["lint", "-f", "json", "--only", "instruction-casing"]
    };
    put(
        &program,
        ".plimsoll.toml",
        "[lint]\nfail-on = \"critical\"\n",
    );
    let run = program.run(of(""));
    assert!(
        has(&findings(&run), 1, &["ConsistentInstructionCasing"]),
        "{run:?}"
    );
    run.ends(0, &[]);
    for directive in [
        "# check=error=true\n",
        "# check=skip=JSONArgsRecommended;error=True\n",
    ] {
        program.run(of(directive)).ends(1, &[]);
    }
    let skipped = "# check=skip=ConsistentInstructionCasing;error=true\n";
    for directive in [
        "# check=error=false\n",
        "# check=error=yes\n",
        "# x\n# check=error=true\n",
        skipped,
    ] {
        program.run(of(directive)).ends(0, &[]);
    }
    // What BuildKit does not know does not end its build, and an argument weighs more than the file.
    put(
        &program,
        "Dockerfile",
        "# check=error=true\nFROM debian:12.5\nRUN make\nUSER 1000\n",
    );
    program.run(["lint"]).ends(0, &[]);
    of("# check=error=true\n");
    program.run(["lint", "--fail-on", "never"]).ends(0, &[]);
    program.run(["lint"]).ends(1, &[]);
}

#[test]
fn comments_in_manifests_end_and_are_told_when_dead() {
    let program = program();
    let of = |comment: &str, rule: &str| {
        let text = format!("services:\n  a:\n    image: app {comment}\n");
        put(&program, "compose.yaml", &text);
        program.run(["lint", "-f", "json", "--only", rule, "compose.yaml"])
    };
    for comment in [
        "# trivy:ignore:KSV-0013:exp:2999-01-31",
        "# trivy:ignore:AVD-KSV-0013",
        "# plimsoll ignore=latest-image, x we follow it",
        "\n# plimsoll ignore-file=KSV013",
    ] {
        of(comment, "latest-image").ends(0, &[]);
    }
    for comment in [
        "# trivy:ignore:KSV-0013:exp:2020-01-31",
        "# trivy:ignore:latest-image",
    ] {
        of(comment, "latest-image").ends(1, &[]);
    }
    for (comment, says) in [
        (
            "# trivy:ignore:KSV-0013:exp:2020-01-31",
            "laid aside no more",
        ),
        (
            "# plimsoll ignore=privileged",
            "`privileged` is not found here",
        ),
        (
            "# plimsoll ignore=DL3007",
            "there is no rule `DL3007` for this kind of file",
        ),
    ] {
        let run = of(comment, "dead-ignore");
        run.ends(0, &[]);
        let found = &run.json()["files"][0]["findings"];
        assert_eq!(found.as_array().map(Vec::len), Some(1), "{run:?}");
        assert!(
            found[0]["message"].as_str().unwrap().contains(says),
            "{run:?}"
        );
    }
    let run = of("# plimsoll ignore=latest-image", "dead-ignore");
    assert_eq!(
        run.json()["files"][0]["findings"]
            .as_array()
            .map_or(0, Vec::len),
        0,
        "{run:?}"
    );
}

#[test]
fn rules_explain_themselves() {
    let program = program();
    for name in ["latest-base", "DL3007", "ds001"] {
        let run = program.run(["explain", name]);
        run.ends(0, &[]);
        for words in [
            "latest-base: ",
            "DL3007",
            "bad:",
            "good:",
            "FROM debian:latest",
        ] {
            assert!(run.text().contains(words), "{words}: {run:?}");
        }
    }
    let run = program.run(["explain", "DL3007", "-f", "json", "--lang", "zh"]);
    assert_eq!(run.json()["rules"][0]["id"], "latest-base");
    program.run(["explain", "DL9999"]).ends(2, &["DL9999"]);
    let run = program.run(["lint", "--list-rules"]);
    assert!(run.text().lines().count() > 50, "{run:?}");
}

/// `UPDATE=1` writes the page anew.
#[test]
fn the_page_of_all_rules_is_that_of_the_program() {
    let run = program().run(["lint", "--list-rules", "-f", "markdown"]);
    run.ends(0, &[]);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/rules.md");
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, run.text()).unwrap();
    }
    let page = fs::read_to_string(&path).unwrap_or_default();
    let differs = page.lines().zip(run.text().lines()).find(|(a, b)| a != b);
    assert!(
        page == run.text(),
        "docs/rules.md is old (UPDATE=1 writes it): {differs:?}"
    );
}

/// What the standard demands (SARIF 2.1.0, sections 3.30.5, 3.4.4, 3.52.4) and readers rely on, for every file of the
/// corpora; no schema comes with a package that the tests install.
#[test]
fn sarif_of_real_findings_holds_together() {
    let program = program();
    for corpus in ["dockerfile/tests/corpus", "workload/tests/manifests"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("..")
            .join(corpus);
        let target = program.folder().join("corpus");
        copy_folder(&folder, &target);
        let run = program.run(["lint", "-f", "sarif", "corpus"]);
        let log = run.json();
        assert_eq!(log["version"], "2.1.0");
        assert_eq!(log["runs"].as_array().map(Vec::len), Some(1));
        let run = &log["runs"][0];
        let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
        let ids: BTreeSet<&str> = rules
            .iter()
            .map(|rule| rule["id"].as_str().unwrap())
            .collect();
        assert_eq!(ids.len(), rules.len(), "a rule is listed twice");
        let results = run["results"].as_array().unwrap();
        assert!(results.len() > 500, "{corpus}: {}", results.len());
        let mut names = BTreeSet::new();
        for result in results {
            let number = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
            assert_eq!(rules[number]["id"], result["ruleId"]);
            assert!(!result["message"]["text"].as_str().unwrap().is_empty());
            let place = &result["locations"][0]["physicalLocation"];
            sarif_place(&target, place, &["region", "contextRegion"]);
            for change in result["fixes"].as_array().into_iter().flatten() {
                for change in change["artifactChanges"].as_array().unwrap() {
                    for replacement in change["replacements"].as_array().unwrap() {
                        let mut at = change.clone();
                        at["region"] = replacement["deletedRegion"].clone();
                        sarif_place(&target, &at, &["region"]);
                    }
                }
            }
            let name = result["partialFingerprints"]["plimsoll/v1"]
                .as_str()
                .unwrap();
            let uri = place["artifactLocation"]["uri"].as_str().unwrap();
            assert!(
                names.insert((uri, name)),
                "{uri}: {name} names two findings"
            );
        }
        fs::remove_dir_all(&target).unwrap();
    }
}

/// A place is in the file that its relative URI names; lines and columns count from one, and the end is not before the
/// beginning.
fn sarif_place(root: &Path, place: &serde_json::Value, regions: &[&str]) {
    let uri = place["artifactLocation"]["uri"].as_str().unwrap();
    assert!(
        !uri.starts_with('/') && !uri.contains([':', ' ', '\\']),
        "{uri}"
    );
    let path = uri.strip_prefix("corpus/").unwrap_or(uri);
    let text = fs::read(root.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
    let lines = String::from_utf8_lossy(&text).split('\n').count() as u64;
    for name in regions {
        let number = |key: &str| {
            place[name][key]
                .as_u64()
                .unwrap_or_else(|| panic!("{uri}: no {key} in {place}"))
        };
        let start = (number("startLine"), number("startColumn"));
        let end = (number("endLine"), number("endColumn"));
        assert!(start.0 > 0 && start.1 > 0 && start <= end, "{uri}: {place}");
        assert!(end.0 <= lines, "{uri}: {end:?} of {lines} lines");
    }
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

#[test]
fn what_the_build_does_not_see_is_not_copied() {
    let program = program();
    put(&program, "Dockerfile", CLEAN);
    put(&program, ".dockerignore", "*\n!src\n");
    let run = program.run(["lint", "-f", "json", "Dockerfile"]);
    run.ends(1, &[]);
    assert!(has(&findings(&run), 2, &["CopyIgnoredFile"]), "{run:?}");
    // One of the file's own goes before that of the folder.
    put(&program, "Dockerfile.dockerignore", "src\n");
    let only = ["lint", "--only", "CopyIgnoredFile", "Dockerfile"];
    program.run(only).ends(0, &[]);
}

#[test]
fn hardened_texts_can_be_linted_again() {
    let program = program();
    put(
        &program,
        "Dockerfile",
        "FROM scratch\nEXPOSE 8080\nUSER 1000:1000\n",
    );
    let evil = "services:\n  web:\n    image: a:1.2.3\n    privileged: true\n  \"x\\nrm -rf /\": {image: \"b:1.2.3\"}\n";
    put(&program, "compose.yaml", evil);
    let run = program.run(["lint", "--harden", "Dockerfile", "compose.yaml"]);
    run.ends(0, &[]);
    let text = run.text();
    assert!(!text.lines().any(|line| line.starts_with("rm ")), "{text}");
    assert!(!text.contains("privileged: true"), "{text}");
    for words in [
        "--publish 127.0.0.1:8080:8080",
        "--user 1000:1000",
        "runAsNonRoot: true",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
    let blocks = text
        .split("\n# ")
        .filter(|block| block.contains(": Compose\n"));
    let blocks: Vec<&str> = blocks.collect();
    assert_eq!(blocks.len(), 3, "{text}");
    for block in blocks {
        let (_, manifest) = block.split_once('\n').unwrap();
        put(&program, "again/compose.yaml", manifest);
        let run = program.run(["lint", "--fail-on", "high", "again/compose.yaml"]);
        run.ends(0, &[]);
    }
}

#[test]
fn what_a_name_does_not_say_the_text_says() {
    let program = program();
    let pod = r#"{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a"},
        "spec": {"containers": [{"name": "a", "image": "b:latest"}]}}"#;
    put(&program, "pod.json", pod);
    put(&program, "build.txt", BAD);
    for (path, input, rule) in [
        ("pod.json", "", "latest-image"),
        ("-", pod, "latest-image"),
        ("build.txt", "", "latest-base"),
        ("-", BAD, "latest-base"),
    ] {
        let args = ["lint", "-f", "json", "--only", rule, path];
        let run = program.run_with(args, &[], input.as_bytes());
        run.ends(1, &[]);
        assert_eq!(findings(&run).len(), 1, "{path}: {run:?}");
    }
}

#[test]
fn what_cannot_be_hardened_is_told() {
    let program = program();
    put(&program, "values.yaml", "replicas: 1\n");
    put(&program, "Dockerfile", "FROM scratch\nNONSENSE\n");
    let run = program.run(["lint", "--harden", "values.yaml", "Dockerfile"]);
    run.ends(
        3,
        &[
            "values.yaml: it is neither",
            "Dockerfile: line 2: `NONSENSE`",
        ],
    );
    assert!(run.text().contains("--read-only"), "{run:?}");
    put(&program, "folder/values.yaml", "replicas: 1\n");
    program.run(["lint", "--harden", "folder"]).ends(0, &[]);
}
