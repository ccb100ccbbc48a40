//! Package databases that a layer deleted (trap T32): what they said last still counts, and the deed is told.

use plimsoll_testkit::image::{Image, oci};
use plimsoll_testkit::program::Program;
use serde_json::Value;

const RELEASE: &str =
    "etc/os-release = \"ID=debian\\nVERSION_ID=12\\nPRETTY_NAME=\\\"Debian 12\\\"\\n\"\n";
const STATUS: &str = "var/lib/dpkg/status";

/// A stanza of dpkg's database.
fn stanza(name: &str) -> String {
    format!(
        "Package: {name}\\nStatus: install ok installed\\nVersion: 1-1\\nArchitecture: amd64\\n\\n"
    )
}

/// A database with two packages, their lists and their programs.
fn base() -> String {
    format!(
        "{RELEASE}{STATUS} = \"{}{}\"\n\
         var/lib/dpkg/info/bash.list = \"/.\\n/usr\\n/usr/bin\\n/usr/bin/bash\\n\"\n\
         var/lib/dpkg/info/sed.list = \"/.\\n/usr\\n/usr/bin\\n/usr/bin/sed\\n\"\n\
         usr/bin/bash = \"x\"\nusr/bin/sed = \"x\"\n",
        stanza("bash"),
        stanza("sed")
    )
}

/// What the program says of an image with these layers.
fn report(layers: &[&str]) -> Value {
    let program = Program::new(env!("CARGO_BIN_EXE_plimsoll"));
    let mut image = Image::new("registry.example/app:1");
    for layer in layers {
        image = image.layer(*layer);
    }
    let file = program.file("image.tar", oci(&[image]).tar());
    let file = file.to_str().expect("the path is text");
    let run = program.run(["assess", "-f", "json", "--offline", file]);
    serde_json::from_slice(&run.stdout).unwrap_or_else(|error| panic!("{error}: {run:?}"))
}

/// Names of the packages with their presence.
fn packages(report: &Value) -> Vec<String> {
    let packages = report["packages"].as_array().expect("a list").iter();
    packages
        .map(|one| {
            format!(
                "{} {}",
                one["name"].as_str().expect("a text"),
                one["presence"].as_str().expect("a text")
            )
        })
        .collect()
}

/// What is said of databases that are gone.
fn deeds(report: &Value) -> Vec<String> {
    let problems = report["problems"].as_array().expect("a list").iter();
    problems
        .filter(|problem| problem["stage"] == "squash" && problem["effect"] == "blind")
        .map(|problem| {
            let text = |name: &str| problem[name].as_str().expect("a text").to_owned();
            format!("{}: {}", text("subject"), text("reason"))
        })
        .collect()
}

#[test]
fn t32_a_deleted_database_still_counts_and_is_told() {
    for (upper, subject, deed) in [
        ("~var/lib/dpkg\n", STATUS, "deleted"),
        ("~var/lib/dpkg/status\n", STATUS, "deleted"),
        ("var/lib/dpkg/.wh..wh..opq = \"\"\n", STATUS, "deleted"),
        ("var/lib/dpkg = \"a file now\"\n", STATUS, "deleted"),
        ("var/lib/dpkg/status = \"\"\n", STATUS, "emptied"),
    ] {
        let report = report(&[&base(), "srv/x = \"x\"\n", upper]);
        assert_eq!(
            packages(&report),
            ["bash deleted", "sed deleted"],
            "{upper}"
        );
        assert_eq!(
            deeds(&report),
            [format!(
                "{subject}: layer 2 {deed} this database (Debian package), which hides what is installed; its 2 \
                 packages are judged as it listed them last, files of 2 of them are still there, and what changed \
                 since cannot be known"
            )],
            "{upper}"
        );
        assert_ne!(report["verdict"]["decision"], "fit");
        assert_ne!(report["verdict"]["decision"], "conditional");
    }
}

#[test]
fn t32_the_release_file_that_went_with_it_counts_too() {
    let report = report(&[&base(), "~var/lib/dpkg\n~etc/os-release\n"]);
    assert_eq!(report["os"]["id"], "debian");
    let deeds = deeds(&report);
    assert_eq!(deeds.len(), 2, "{deeds:?}");
    assert!(deeds[0].starts_with("etc/os-release: layer 1 deleted the file"));
    let purl = report["packages"][0]["purl"].as_str().expect("a text");
    assert!(purl.contains("distro=debian-12"), "{purl}");
}

/// The state before the deed counts, not an older one.
#[test]
fn t32_what_was_removed_before_stays_removed() {
    let removed = format!(
        "{STATUS} = \"{}\"\n~var/lib/dpkg/info/sed.list\n~usr/bin/sed\n",
        stanza("bash")
    );
    let report = report(&[&base(), &removed, "~var/lib/dpkg\n"]);
    assert_eq!(packages(&report), ["bash deleted"]);
}

/// A small database in another place does not cover for the one that is gone.
#[test]
fn t32_a_decoy_does_not_help() {
    let decoy = format!(
        "~var/lib/dpkg/status\nvar/lib/dpkg/status.d/base = \"{}\"\n",
        stanza("base-files")
    );
    let report = report(&[&base(), &decoy]);
    assert_eq!(
        packages(&report),
        ["base-files visible", "bash deleted", "sed deleted"]
    );
    assert_eq!(deeds(&report).len(), 1);
}

#[test]
fn t32_what_is_no_deed_is_not_called_one() {
    let record = |version: &str| {
        format!("P:musl\\nV:{version}\\nA:x86_64\\nL:MIT\\no:musl\\nF:lib\\nR:libc.so\\n\\n")
    };
    let alpine = "etc/os-release = \"ID=alpine\\nVERSION_ID=3.20.3\\n\"\nlib/libc.so = \"x\"\n";
    let lower = format!("{alpine}lib/apk/db/installed = \"{}\"\n", record("1-r0"));
    let at = |path: &str| format!("{path} = \"{}\"\n", record("2-r0"));
    for upper in [
        // Rewritten, moved, and moved and made anew.
        at("lib/apk/db/installed"),
        format!("~lib/apk\n{}", at("usr/lib/apk/db/installed")),
        format!(
            "lib/apk/.wh..wh..opq = \"\"\n{}",
            at("lib/apk/db/installed")
        ),
    ] {
        let report = report(&[&lower, &upper]);
        assert_eq!(packages(&report), ["musl visible"], "{upper}");
        assert_eq!(deeds(&report), [""; 0], "{upper}");
    }
    // The packages went with their database.
    let report = report(&[&lower, "~lib/apk\n~lib/libc.so\n"]);
    assert_eq!(packages(&report), [""; 0]);
    assert!(!deeds(&report).iter().any(|deed| deed.contains("deleted")));
}

/// Whoever judges the bill of materials is told too.
#[test]
fn t32_a_bill_of_materials_tells_the_deletion() {
    let program = Program::new(env!("CARGO_BIN_EXE_plimsoll"));
    let image = Image::new("registry.example/app:1")
        .layer(base().as_str())
        .layer("~var/lib/dpkg\n");
    let file = program.file("image.tar", oci(&[image]).tar());
    let file = file.to_str().expect("the path is text");
    let run = program.run(["sbom", "-f", "cyclonedx", file]);
    assert_eq!(run.code, 0, "{run:?}");
    let bill = program.file("bill.json", &run.stdout);
    let bill = format!("sbom:{}", bill.to_str().expect("the path is text"));
    let run = program.run(["assess", "-f", "json", "--offline", &bill]);
    let report: Value = serde_json::from_slice(&run.stdout).expect("a report");
    assert_eq!(packages(&report), ["bash deleted", "sed deleted"]);
    assert_eq!(
        deeds(&report),
        [
            "package database: 2 packages are told by a database that a layer deleted; what changed since cannot be known"
        ]
    );
}
