//! Images that are broken, or lie, or mean harm: each ends in an error that names the object, or in a verdict
//! that does not pretend to have seen what could not be read. Never fit, no crash, in bounded time and memory.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

mod archives;
mod disk;
mod layers;
mod systems;

use std::path::{Path, PathBuf};

use plimsoll_testkit::careful::{self, OPEN};
use plimsoll_testkit::image::{Image, Layer, docker};
use plimsoll_testkit::program::{Program, Run};

fn program() -> Program {
    Program::new(env!("CARGO_BIN_EXE_plimsoll"))
}

fn text(path: &Path) -> &str {
    path.to_str().expect("temporary paths are UTF-8")
}

fn noise(length: u32) -> Vec<u8> {
    (0..length)
        .map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8)
        .collect()
}

/// A program with what it takes to call a careful image fit but for conditions.
struct Judge {
    program: Program,
    db: PathBuf,
    policy: PathBuf,
}

impl Judge {
    fn new() -> Self {
        let program = program();
        let db = careful::database(&program);
        let policy = program.file("policy.toml", careful::policy(OPEN));
        Self {
            program,
            db,
            policy,
        }
    }

    fn assess(&self, image: &str) -> Run {
        let db = ["--db", text(&self.db), "--policy", text(&self.policy)];
        self.program
            .run([&["assess", image, "-f", "json"], &db[..]].concat())
    }

    fn assess_layers(&self, layers: &[Layer]) -> Run {
        let image = Image {
            layers: layers.to_vec(),
            ..careful::configured(Image::new("registry.example/app:1.2.3"))
        };
        let archive = self.program.file("image.tar", docker(&[image]).tar());
        self.assess(text(&archive))
    }

    /// Nothing says unfit, but not all could be seen, and the report says what of it.
    #[track_caller]
    fn cannot_say(&self, layers: &[Layer], subject: &str, reason: &str) {
        let run = self.assess_layers(layers);
        assert_eq!(run.code, 3, "{run:?}");
        let report = run.json();
        assert_eq!(report["verdict"]["decision"], "unknown");
        let problems = report["problems"].as_array().unwrap();
        let blind = problems.iter().any(|problem| {
            let has = |field: &str, words: &str| problem[field].as_str().unwrap().contains(words);
            problem["effect"] == "blind" && has("subject", subject) && has("reason", reason)
        });
        assert!(blind, "no `{subject}` … `{reason}` in {problems:#?}");
    }
}
