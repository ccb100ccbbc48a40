//! What cannot be seen into is counted, and a policy may demand that it is little.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

use std::path::{Path, PathBuf};

use plimsoll_testkit::careful::{ALPINE, OPEN, configured, database, policy};
use plimsoll_testkit::image::{Image, Layer, docker};
use plimsoll_testkit::program::Program;
use serde_json::json;

/// Programs of each kind that cannot be seen into.
const PROGRAMS: [&str; 4] = ["upx", "no-sections", "go-stripped", "rust"];

fn program() -> Program {
    Program::new(env!("CARGO_BIN_EXE_plimsoll"))
}

fn text(path: &Path) -> &str {
    path.to_str().expect("temporary paths are UTF-8")
}

fn packed(program: &Program, image: Image) -> PathBuf {
    program.file("image.tar", docker(&[configured(image)]).tar())
}

/// The fixtures of `binary/elf`, and an archive that is cut off.
fn dark() -> Layer {
    let home = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../analyzers/fixtures/binary/elf/opaque/root/bin");
    let read = |name: &&str| {
        let bytes = std::fs::read(home.join(name)).unwrap();
        (format!("opt/{name}"), 0o755, bytes)
    };
    let mut files: Vec<_> = PROGRAMS.iter().map(read).collect();
    files.push((
        "opt/cut.jar".into(),
        0o644,
        b"PK\x03\x04 and no end".to_vec(),
    ));
    let files: Vec<_> = files
        .iter()
        .map(|(path, mode, bytes)| (path.as_str(), *mode, bytes.as_slice()))
        .collect();
    Layer::of_files(&files)
}

#[test]
fn t64_t69_what_cannot_be_seen_into_is_counted_by_kind() {
    let program = program();
    let db = database(&program);
    let image = Image::new("registry.example/app:1.2.3").layer(ALPINE);
    let image = packed(&program, image.layer(dark()));
    let args = ["scan", "-f", "json", "--db", text(&db), text(&image)];
    let report = program.run(args).json();
    let coverage = &report["coverage"];
    for (pointer, expected) in [
        ("/executables", json!(4)),
        ("/explained", json!(0)),
        ("/opaque/packed", json!(["opt/upx"])),
        ("/opaque/without-sections", json!(["opt/no-sections"])),
        ("/opaque/go-without-build-info", json!(["opt/go-stripped"])),
        ("/opaque/go-without-modules", json!([])),
        ("/opaque/rust-without-audit-data", json!(["opt/rust"])),
        ("/unreadable/archive", json!(["opt/cut.jar"])),
        ("/unreadable/database", json!([])),
        ("/deletedPackages", json!(0)),
        ("/packages/judged", json!(1)),
        ("/packages/blind", json!(0)),
        ("/share/programs", json!(0.0)),
        ("/share/packages", json!(1.0)),
    ] {
        assert_eq!(coverage.pointer(pointer), Some(&expected), "{coverage:#}");
    }

    let report = program.run(["scan", "--db", text(&db), text(&image)]);
    for words in [
        "1 packed with UPX",
        "opt/upx: packed with UPX",
        "archives 1",
    ] {
        assert!(report.text().contains(words), "{}", report.text());
    }
    let shown = program.run(["inspect", text(&image)]);
    assert!(!shown.text().contains("Coverage"), "{}", shown.text());
    let shown = program.run(["inspect", "--coverage", text(&image)]);
    assert!(
        shown.text().contains("opt/upx: packed with UPX"),
        "{}",
        shown.text()
    );
    let shown = program.run(["inspect", "--coverage", "-f", "json", text(&image)]);
    assert_eq!(shown.json()[0]["Coverage"]["opaque"], coverage["opaque"]);
}

#[test]
fn too_little_coverage_makes_the_verdict_cannot_say() {
    let program = program();
    let db = database(&program);
    let plain = Image::new("registry.example/app:1.2.3").layer(ALPINE);
    let image = packed(&program, plain.clone().layer(dark()));
    let plain = program.file("plain.tar", docker(&[configured(plain)]).tar());
    let assess = |image: &Path, text_of: &str| {
        let file = program.file("policy.toml", text_of);
        let (policy, image) = (text(&file).to_owned(), text(image).to_owned());
        program.run(["assess", "--db", text(&db), "--policy", &policy, &image])
    };
    // Somebody answers for what nobody can know here.
    let answered = policy(OPEN);
    let demanding = format!("min-coverage = 0.95\n{answered}");
    assess(&image, &answered).ends(0, &[]);
    assess(&plain, &demanding).ends(0, &[]);
    let run = assess(&image, &demanding);
    run.ends(3, &[]);
    assert!(
        run.text().contains("min-coverage: 0 % of the programs"),
        "{}",
        run.text()
    );
    let rules: Vec<&str> = OPEN.iter().copied().chain(["min-coverage"]).collect();
    assess(&image, &format!("min-coverage = 0.95\n{}", policy(&rules))).ends(0, &[]);
    for (wrong, words) in [
        ("min-coverage = 95", "`min-coverage` is 95"),
        ("min-coverge = 0.95", "min-coverge"),
    ] {
        assess(&image, wrong).ends(4, &["policy.toml", words]);
    }
}

/// Who deletes the package database hides the packages and not the flaws.
#[test]
fn a_deleted_package_database_is_noticed() {
    let program = program();
    let db = database(&program);
    let image = Image::new("registry.example/app:1.2.3").layer(ALPINE);
    let image = packed(&program, image.layer("~lib/apk/db/installed"));
    let args = ["scan", "-f", "json", "--db", text(&db), text(&image)];
    let report = program.run(args).json();
    assert_eq!(report["coverage"]["deletedPackages"], 1);
    let file = program.file("policy.toml", policy(OPEN));
    let args = ["assess", "--db", text(&db), "--policy", text(&file)];
    program
        .run(args.into_iter().chain([text(&image)]))
        .ends(3, &[]);
}
