//! Plimsoll beside Trivy with a database of the same facts: Alpine's own root filesystems, an image of Debian,
//! and images whose packages stand at the edges of what the feeds say. `cargo xtask compare` does it with more.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use plimsoll_testkit::agreement::{Agreement, Ours, edges};
use plimsoll_testkit::debian::{Suites, bullseye};
use plimsoll_testkit::image::{Image, docker};
use plimsoll_testkit::program::Program;
use plimsoll_testkit::trivy::{Database, Said};
use plimsoll_testkit::{roots, shared};

/// Both databases, of the shared feeds, made once.
struct Databases {
    program: Program,
    ours: PathBuf,
    theirs: Database,
}

fn databases() -> &'static Databases {
    static DATABASES: OnceLock<Databases> = OnceLock::new();
    DATABASES.get_or_init(|| {
        let program = Program::new(env!("CARGO_BIN_EXE_plimsoll"));
        let feeds = shared().join("feeds");
        let ours = program.folder().join("plimsoll.db");
        let from = feeds.to_str().expect("the shared folder has a plain name");
        let to = ours.to_str().expect("temporary paths are UTF-8");
        let run = program.run(["db", "build", "--from", from, "--out", to]);
        run.ends(0, &[]);
        let theirs = Database::of_feeds(&feeds);
        theirs.write(program.folder());
        Databases {
            program,
            ours,
            theirs,
        }
    })
}

/// Compares on one archive.
fn compare(name: &str, archive: &Path) -> Agreement {
    let both = databases();
    let [database, path] = [&both.ours, archive].map(|path| path.to_str().expect("UTF-8"));
    let run = both
        .program
        .run(["scan", "--db", database, "-f", "json", path]);
    run.ends(0, &[]);
    let trivy = Said::of(archive, both.program.folder());
    let agreement = Agreement::of(&Ours::read(&run.json()), &trivy, &both.theirs);
    let unexplained = &agreement.unexplained;
    assert!(unexplained.is_empty(), "{name}: {unexplained:#?}");
    agreement
}

fn compare_small(name: &str, image: Image) -> Agreement {
    let archive = databases()
        .program
        .file(&format!("{name}.tar"), docker(&[image]).tar());
    compare(name, &archive)
}

#[test]
fn alpine_as_trivy() {
    for version in roots::ALPINE {
        let agreement = compare_small(version, roots::alpine(version));
        assert!(agreement.packages >= 14, "{version}");
    }
}

#[test]
fn debian_as_trivy() {
    let agreement = compare("bullseye", &bullseye(Suites::Release).archive());
    assert!(agreement.both > 900, "{}", agreement.both);
}

#[test]
fn the_edges_of_what_feeds_say_as_trivy() {
    let feeds = shared().join("feeds");
    for (kind, _, step) in edges::KINDS {
        let agreement = compare_small(kind, edges::image(&feeds, kind, 5 * step));
        let (packages, both) = (agreement.packages, agreement.both);
        assert!(packages > 10 && both > 10, "{kind}: {packages}, {both}");
    }
}
