//! What lies in an image and no container runs, such as packages as files, made by dpkg: listed, and taken for nothing
//! installed.

#![allow(
    clippy::unwrap_used,
    reason = "what cannot go on in a test stops it, helpers too"
)]

use std::path::Path;
use std::process::Command;

use plimsoll_testkit::image::{Image, Layer, docker};
use plimsoll_testkit::program::Program;
use serde_json::{Value, json};

/// A Debian with a flawed package, and one that needs it and another, which was removed by force.
const BASE: &str = r#"
etc/os-release = "ID=debian\nVERSION_ID=\"11\"\nVERSION_CODENAME=bullseye\nPRETTY_NAME=\"Debian 11\"\n"
var/lib/dpkg/status = "Package: openssl\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1.1.1d-0\n\nPackage: keel\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1\nDepends: openssl, mast\n\n"
"#;

/// Every format of a bill that names places or evidence, and package URLs.
const FORMATS: &[&str] = &[
    "cyclonedx",
    "cyclonedx-xml",
    "spdx-json",
    "spdx-tag-value",
    "spdx-json@3.0",
    "syft-json",
    "github-json",
    "purls",
];

fn text(path: &Path) -> &str {
    path.to_str().expect("temporary paths are UTF-8")
}

/// The file of a package.
fn deb(program: &Program, name: &str, version: &str) -> Vec<u8> {
    let tree = program.folder().join(format!("{name}-{version}"));
    std::fs::create_dir_all(tree.join("DEBIAN")).unwrap();
    let control = format!(
        "Package: {name}\nVersion: {version}\nArchitecture: amd64\nMaintainer: A <a@example.org>\nDescription: A part\n"
    );
    std::fs::write(tree.join("DEBIAN/control"), control).unwrap();
    let file = tree.with_extension("deb");
    let built = Command::new("dpkg-deb")
        .args(["--root-owner-group", "--build"])
        .args([&tree, &file])
        .output()
        .unwrap();
    assert!(built.status.success(), "{built:?}");
    std::fs::read(&file).unwrap()
}

/// The program, an image without files of packages, and one with those of an installed package, of an older and
/// of one that is not there.
fn images() -> (Program, String, String) {
    let program = Program::new(env!("CARGO_BIN_EXE_plimsoll"));
    let same = deb(&program, "openssl", "1.1.1d-0");
    let other = deb(&program, "openssl", "1.1.1c-0");
    let mast = deb(&program, "mast", "2");
    let archive = |name: &str, files: &[(&str, u32, &[u8])]| {
        let image = Image::new("registry.example/app:1.2.3").layer(BASE);
        let image = image.layer(Layer::of_files(files));
        let file = program.file(name, docker(&[image]).tar());
        text(&file).to_owned()
    };
    let plain = archive("plain.tar", &[("opt/other.txt", 0o644, b"none")]);
    let files: &[(&str, u32, &[u8])] = &[
        ("opt/same.deb", 0o644, &same),
        ("opt/other.deb", 0o644, &other),
        ("opt/mast.deb", 0o644, &mast),
    ];
    let with = archive("with.tar", files);
    (program, plain, with)
}

fn scanned(program: &Program, subject: &str) -> Value {
    program.run(["scan", "-f", "json", subject]).json()
}

/// The flaws that are found, without the place of their package in the list.
fn flaws(program: &Program, subject: &str) -> Vec<String> {
    let report = scanned(program, subject);
    let findings = report["findings"].as_array().unwrap().iter();
    findings
        .filter(|finding| finding["class"] == "vulnerability")
        .map(|one| format!("{} {}", one["rule"], one["subject"]))
        .collect()
}

#[test]
fn the_file_of_a_package_is_listed_and_turns_nothing() {
    let (program, plain, with) = images();
    let (before, after) = (scanned(&program, &plain), scanned(&program, &with));
    let (files, rest): (Vec<&Value>, Vec<&Value>) = after["packages"]
        .as_array()
        .unwrap()
        .iter()
        .partition(|package| package["evidence"] == "archived");
    // What is installed just so is told once, and all else is as it was.
    let told = |package: &Value| {
        json!([
            package["name"],
            package["version"],
            package["locations"][0]["path"]
        ])
    };
    assert_eq!(
        files.into_iter().map(told).collect::<Vec<_>>(),
        [
            json!(["mast", "2", "opt/mast.deb"]),
            json!(["openssl", "1.1.1c-0", "opt/other.deb"]),
        ]
    );
    assert_eq!(json!(rest), before["packages"]);
    let told = |report: &Value| -> Vec<Value> {
        let problems = report["problems"].as_array().unwrap().iter();
        let files = problems.filter(|problem| problem["subject"] == "package files");
        files.cloned().collect()
    };
    assert_eq!(told(&before), Vec::<Value>::new());
    let note = told(&after);
    assert_eq!(note[0]["effect"], "note");
    let reason = note[0]["reason"].as_str().unwrap();
    assert!(reason.contains("`mast 2`, `openssl 1.1.1c-0`"), "{reason}");
    let shown = program.run(["scan", &with]);
    let line = "Package files: 2 that are not installed, and so listed and not judged.";
    assert!(shown.text().contains(line), "{}", shown.text());

    // Nothing is found, and nothing decided, because of it.
    let expected = flaws(&program, &plain);
    assert!(!expected.is_empty());
    assert_eq!(flaws(&program, &with), expected);
    let verdict = |subject: &str| {
        let report = program.run(["assess", "-f", "json", subject]).json();
        report["verdict"].clone()
    };
    assert_eq!(verdict(&with), verdict(&plain));
}

#[test]
fn no_bill_makes_an_installed_package_of_a_file() {
    let (program, plain, with) = images();
    let expected = flaws(&program, &plain);
    let bill = |format: &str| program.run(["sbom", "-f", format, &with]);
    for format in FORMATS {
        let run = bill(format);
        run.ends(0, &[]);
        let file = program.file(&format!("{format}.sbom"), &run.stdout);
        let subject = format!("sbom:{}", text(&file));
        assert_eq!(flaws(&program, &subject), expected, "{format}");
        let packages = &scanned(&program, &subject)["packages"];
        let packages = packages.as_array().unwrap().iter();
        let files = packages.filter(|package| package["evidence"] == "archived");
        assert_eq!(
            files.count(),
            if *format == "purls" { 0 } else { 2 },
            "{format}"
        );
    }
    let cyclonedx = bill("cyclonedx").json();
    let components = cyclonedx["components"].as_array().unwrap().iter();
    let excluded = components.filter(|one| one["scope"] == "excluded");
    let versions: Vec<&Value> = excluded.map(|one| &one["version"]).collect();
    assert_eq!(versions, [&json!("2"), &json!("1.1.1c-0")]);
    // What is not installed fills no need.
    let mut needs = cyclonedx["dependencies"].as_array().unwrap().iter();
    let keel = needs.find(|one| one["ref"].as_str().unwrap().contains("deb/debian/keel@"));
    let needed = keel.unwrap()["dependsOn"].to_string();
    assert!(needed.contains("openssl@1.1.1d-0"), "{needed}");
    assert!(!needed.contains("mast"), "{needed}");
    let syft = bill("syft-json").json();
    let artifacts = syft["artifacts"].as_array().unwrap().iter();
    let kinds: Vec<&Value> = artifacts
        .filter(|one| one["name"] == "openssl")
        .map(|one| &one["metadataType"])
        .collect();
    assert_eq!(
        kinds,
        [&json!("dpkg-db-entry"), &json!("dpkg-archive-entry")]
    );
}

#[test]
fn a_folder_of_package_files_is_no_system_that_cannot_be_read() {
    let program = Program::new(env!("CARGO_BIN_EXE_plimsoll"));
    let folder = program.folder().join("packages");
    std::fs::create_dir(&folder).unwrap();
    let file = deb(&program, "openssl", "1.1.1c-0");
    std::fs::write(folder.join("openssl.deb"), &file).unwrap();
    let subject = format!("dir:{}", text(&folder));
    let report = scanned(&program, &subject);
    assert_eq!(report["packages"][0]["evidence"], "archived");
    assert_eq!(flaws(&program, &subject), Vec::<String>::new());
    let effects = report["problems"].as_array().unwrap().iter();
    let effects: Vec<&Value> = effects.map(|one| &one["effect"]).collect();
    assert_eq!(effects, [&json!("note")], "{:#?}", report["problems"]);
}

#[test]
fn an_application_for_another_system_turns_nothing() {
    let program = Program::new(env!("CARGO_BIN_EXE_plimsoll"));
    let list = "<plist><dict><key>CFBundleName</key><string>notifier</string><key>CFBundleVersion</key>\
                <string>2.0</string></dict></plist>";
    let scan = |name: &str, path: &str| {
        let image = Image::new("registry.example/app:1.2.3").layer(BASE);
        let image = image.layer(Layer::of_files(&[(path, 0o644, list.as_bytes())]));
        let file = program.file(name, docker(&[image]).tar());
        scanned(&program, text(&file))
    };
    let before = scan("plain.tar", "opt/notifier/list.xml");
    let after = scan("with.tar", "opt/notifier.app/Contents/Info.plist");
    let names = |report: &Value| {
        let packages = report["packages"].as_array().unwrap().iter();
        packages
            .map(|package| package["name"].clone())
            .collect::<Vec<_>>()
    };
    let told = |report: &Value, is_note: bool| {
        let problems = report["problems"].as_array().unwrap().iter();
        let wanted = problems.filter(|problem| (problem["effect"] == "note") == is_note);
        wanted.cloned().collect::<Vec<_>>()
    };
    let added = json!("notifier");
    assert!(!names(&before).contains(&added) && names(&after).contains(&added));
    assert_eq!(told(&after, false), told(&before, false));
    let notes = told(&after, true);
    let note = notes.iter().find(|note| note["subject"] == "notifier@2.0");
    let reason = note.unwrap()["reason"].as_str().unwrap();
    assert!(reason.contains("for macOS"), "{reason}");
}
