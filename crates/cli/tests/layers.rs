//! How layers join: what a higher layer replaces, removes, hides or reaches through a link.

use plimsoll_testkit::image::{Image, oci};
use plimsoll_testkit::program::Program;

const RELEASE: &str = "etc/os-release = \"ID=alpine\\nVERSION_ID=3.20.3\\n\"\n";

/// A package database with one package of this version, whose one file is in no layer.
fn database(path: &str, version: &str) -> String {
    format!(
        "{path} = \"P:musl\\nV:{version}\\nA:x86_64\\nL:MIT\\no:musl\\nF:lib\\nR:libc.so\\n\\n\"\n"
    )
}

/// The versions of `musl` in the bill of materials of an image with these layers.
fn versions(layers: &[String]) -> Vec<String> {
    let program = Program::new(env!("CARGO_BIN_EXE_plimsoll"));
    let mut image = Image::new("registry.example/app:1");
    for layer in layers {
        image = image.layer(layer.as_str());
    }
    let file = program.file("image.tar", oci(&[image]).tar());
    let file = file.to_str().expect("the path is text");
    let run = program.run(["sbom", "-f", "purls", file]);
    assert_eq!(run.code, 0, "{run:?}");
    let purls = run.text().lines();
    purls
        .filter_map(|purl| Some(purl.split_once("musl@")?.1.split('?').next()?.to_owned()))
        .collect()
}

#[test]
fn the_topmost_file_wins_and_whiteouts_hide() {
    let lower = format!("{RELEASE}{}", database("lib/apk/db/installed", "1-r0"));
    let newer = database("lib/apk/db/installed", "2-r0");
    for (upper, expected) in [
        ("srv/x = \"x\"\n".to_owned(), vec!["1-r0"]),
        (newer.clone(), vec!["2-r0"]),
        ("~lib/apk/db/installed\n".to_owned(), vec![]),
        ("~lib\n".to_owned(), vec![]),
        ("lib/.wh..wh..opq = \"\"\n".to_owned(), vec![]),
        ("lib = \"a file now\"\n".to_owned(), vec![]),
        (format!("lib/.wh..wh..opq = \"\"\n{newer}"), vec!["2-r0"]),
    ] {
        assert_eq!(
            versions(&[lower.clone(), upper.clone()]),
            expected,
            "{upper}"
        );
    }
}

#[test]
fn links_lead_to_the_same_file_from_every_layer() {
    let merged = format!(
        "{RELEASE}usr/lib/\nlib -> usr/lib\n{}",
        database("usr/lib/apk/db/installed", "1-r0")
    );
    for (upper, expected) in [
        (database("lib/apk/db/installed", "2-r0"), vec!["2-r0"]),
        ("~lib/apk/db/installed\n".to_owned(), vec![]),
        // Archives repeat links that did not change.
        ("lib -> usr/lib\n".to_owned(), vec!["1-r0"]),
    ] {
        assert_eq!(
            versions(&[merged.clone(), upper.clone()]),
            expected,
            "{upper}"
        );
    }
}

#[test]
fn a_database_that_is_a_hard_link_is_read() {
    let layer = format!(
        "{RELEASE}{}lib/apk/db/installed => srv/data\n",
        database("srv/data", "1-r0")
    );
    assert_eq!(versions(&[layer]), ["1-r0"]);
}

#[test]
fn a_program_of_a_package_is_that_package() {
    let build = |version: &str| {
        format!(
            "Milestone={version}\\nSourceRepository=https://hg.example/releases/mozilla-esr115\\n"
        )
    };
    let layer = format!(
        "{RELEASE}lib/apk/db/installed = \"P:firefox\\nV:115.6.0-r0\\nA:x86_64\\nL:MPL-2.0\\no:firefox\\n\
         F:usr/lib/firefox\\nR:platform.ini\\n\\n\"\n\
         usr/lib/firefox/platform.ini = \"{}\"\nopt/firefox/platform.ini = \"{}\"\n",
        build("115.6.0"),
        build("115.5.0")
    );
    let program = Program::new(env!("CARGO_BIN_EXE_plimsoll"));
    let image = Image::new("registry.example/app:1").layer(layer.as_str());
    let file = program.file("image.tar", oci(&[image]).tar());
    let run = program.run([
        "sbom",
        "-f",
        "purls",
        file.to_str().expect("the path is text"),
    ]);
    assert_eq!(
        run.text(),
        "pkg:apk/alpine/firefox@115.6.0-r0?arch=x86_64&distro=alpine-3.20.3\npkg:generic/firefox@115.5.0\n"
    );
}
