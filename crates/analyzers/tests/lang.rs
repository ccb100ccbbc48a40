//! The analyzers of languages, programs and models, over their fixtures.
//!
//! Programs and archives among the fixtures are made by `lang/programs.rs`, `lang/archives.rs` and
//! `lang/models.rs`:
//! `UPDATE_FIXTURES=1` writes them anew before their expectations.

use std::path::{Path, PathBuf};

use plimsoll_analyzers::{binary, lang, model};
use plimsoll_testkit::fixtures;

#[path = "lang/archives.rs"]
mod archives;
#[path = "lang/models.rs"]
mod models;
#[path = "lang/programs.rs"]
mod programs;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")
}

/// Writes made files below `fixtures/`, if fixtures are to be written.
fn write(files: Vec<(&str, Vec<u8>)>) {
    if std::env::var_os("UPDATE_FIXTURES").is_none() {
        return;
    }
    for (path, bytes) in files {
        let path = root().join(path);
        let folder = path.parent().expect("the file is in a folder");
        std::fs::create_dir_all(folder).expect("the folder can be made");
        std::fs::write(path, bytes).expect("the file can be written");
    }
}

#[test]
fn languages_say_what_the_fixtures_expect() {
    write(archives::fixtures());
    fixtures::check(&root(), lang::ALL);
}

#[test]
fn programs_say_what_the_fixtures_expect() {
    write(programs::fixtures());
    fixtures::check(&root(), binary::ALL);
}

#[test]
fn models_say_what_the_fixtures_expect() {
    write(models::fixtures());
    fixtures::check(&root(), model::ALL);
}

#[test]
fn cut_anywhere_nothing_panics() {
    for (_, bytes) in models::fixtures() {
        let step = bytes.len().div_ceil(200).max(1);
        for end in (0..bytes.len()).step_by(step) {
            for analyzer in model::ALL {
                let _ = fixtures::analyze_one(*analyzer, "m/blobs/x", &bytes[..end]);
            }
        }
    }
    for (path, bytes) in archives::fixtures() {
        let step = bytes.len().div_ceil(200).max(1);
        for end in (0..bytes.len()).step_by(step) {
            let _ = fixtures::analyze_one(&lang::Jar, path, &bytes[..end]);
        }
    }
    for (_, bytes) in programs::fixtures() {
        let step = bytes.len().div_ceil(200).max(1);
        for end in (4..bytes.len()).step_by(step) {
            for analyzer in binary::ALL {
                let _ = fixtures::analyze_one(*analyzer, "bin/x", &bytes[..end]);
            }
        }
    }
}

#[test]
fn archives_that_grow_without_end_are_given_up() {
    let said = fixtures::analyze_one(&lang::Jar, "bomb.jar", &archives::bomb());
    let reasons: Vec<_> = said.problems.iter().map(|p| p.reason.as_str()).collect();
    assert!(
        reasons
            .iter()
            .any(|reason| reason.contains("more inside than is looked at")),
        "{reasons:?}"
    );
}

#[test]
fn ten_thousand_archives_three_levels_deep_are_all_read() {
    let said = fixtures::analyze_one(&lang::Jar, "fat-1.0.jar", &archives::fat());
    assert_eq!(said.problems, []);
    assert_eq!(said.facts.len(), 1 + 100 + 10_000);
}
