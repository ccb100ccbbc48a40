//! Every analyzer over files that the tools of its ecosystem really made.
//!
//! The tools come from Debian, npm, PyPI and Cargo's registry, and say themselves what they made (`real/debian.sh`,
//! `real/earlier.sh`, `real/kernel.sh`, `real/registries.sh`, `real/packages.sh`); or the files are in packages or of the shared material,
//! and a peer or a reader of their format says what is in them; or the facts of published files are laid out again, where no
//! registry has such a file. What an analyzer says has to be the same set: no package less, none more.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use plimsoll_analyze::Analyzer;
use plimsoll_model::Problem;
use plimsoll_model::fact::{Fact, FactBody};
use plimsoll_testkit::fixtures::{self, Said};
use plimsoll_testkit::{shared, workspace};

#[path = "real/rows.rs"]
mod rows;

#[path = "real/origins.rs"]
mod origins;

use rows::{DEBIAN, EARLIER, From, KERNEL, PACKAGES, REGISTRIES, ROWS, Row, Truth};

/// Name and version, or what else a row compares.
type Pair = (String, String);

/// What a package says of itself.
fn package(fact: &Fact) -> Vec<Pair> {
    match &fact.body {
        FactBody::Package(package) => vec![(package.name.clone(), package.version.clone())],
        _ => Vec::new(),
    }
}

/// Lines `name<TAB>version`.
fn pairs(text: &str) -> BTreeSet<Pair> {
    text.lines()
        .filter_map(|line| line.split_once('\t'))
        .map(|(name, version)| (name.to_owned(), version.to_owned()))
        .collect()
}

/// The cases of an analyzer in a folder of material: `ID` itself, and each `ID@CASE`.
fn cases(material: &Path, id: &str) -> Vec<PathBuf> {
    let (group, name) = id.split_once('/').expect("ids are paths");
    let mut found: Vec<PathBuf> = fs::read_dir(material.join(group))
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| {
            let folder = path.file_name().and_then(|name| name.to_str());
            folder.is_some_and(|folder| folder.split('@').next() == Some(name))
        })
        .collect();
    found.sort();
    assert!(
        !found.is_empty(),
        "{id}: no case in `{}`",
        material.display()
    );
    found
}

/// What Syft lists in a folder: packages of one of these types.
fn syft(root: &Path, kinds: &[&str]) -> BTreeSet<Pair> {
    let output = Command::new(workspace().join("target/peers/bin/syft"))
        .args(["scan", "--quiet", "--output", "json"])
        .arg(format!("dir:{}", root.display()))
        .env("SYFT_CHECK_FOR_APP_UPDATE", "false")
        .output()
        .expect("Syft, which `cargo xtask peers` installs");
    let value: serde_json::Value =
        serde_json::from_slice(&output.stdout).expect("Syft answers JSON");
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    value["artifacts"]
        .as_array()
        .into_iter()
        .flatten()
        .filter(|row| kinds.contains(&row["type"].as_str().unwrap_or_default()))
        .map(|row| (syft_name(row), text(&row["version"])))
        .collect()
}

/// The name of a package of Syft's; an artefact of Maven with its group.
fn syft_name(row: &serde_json::Value) -> String {
    let name = row["name"].as_str().unwrap_or_default();
    match row["metadata"]["pomProperties"]["groupId"].as_str() {
        Some(group) => format!("{group}:{name}"),
        None => name.to_owned(),
    }
}

fn check(
    row: &Row,
    analyzer: &'static dyn Analyzer,
    root: &Path,
    truth: &BTreeSet<Pair>,
) -> Vec<String> {
    let at = root.parent().unwrap_or(root).display().to_string();
    let said: Said = fixtures::analyze_root(root, analyzer);
    let ours: BTreeSet<Pair> = said.facts.iter().flat_map(row.say).collect();
    let truth: BTreeSet<Pair> = truth.iter().map(|pair| (row.spell)(pair)).collect();
    let mut wrong = Vec::new();
    if truth.is_empty() {
        wrong.push(format!("{at}: nothing is known to be true"));
    }
    if row.part && ours.is_empty() {
        wrong.push(format!("{at}: says nothing"));
    }
    for pair in truth.difference(&ours) {
        if !row.part && !row.without.contains(&pair.0.as_str()) {
            wrong.push(format!("{at}: misses {pair:?}"));
        }
    }
    for pair in ours.difference(&truth) {
        if !row.beside.contains(&pair.0.as_str()) {
            wrong.push(format!("{at}: says {pair:?}"));
        }
    }
    // What is only a part has to be said to be one.
    if row.part && said.problems.is_empty() {
        wrong.push(format!("{at}: does not say that there may be more"));
    }
    let by_nature = |problem: &&Problem| {
        row.blind_of
            .iter()
            .any(|reason| problem.reason.starts_with(reason))
    };
    for problem in said
        .problems
        .iter()
        .filter(|problem| !row.part && !by_nature(problem))
    {
        wrong.push(format!("{at}: {}: {}", problem.subject, problem.reason));
    }
    wrong
}

/// Checks every row of one origin.
fn check_all(of: fn(&From) -> bool) {
    let table = plimsoll_analyzers::all();
    let mut wrong = Vec::new();
    for row in ROWS.iter().filter(|row| of(&row.from)) {
        let analyzer = table.iter().find(|analyzer| analyzer.meta().id == row.id);
        let analyzer = *analyzer.expect("the analyzer of a row exists");
        let roots = match row.from {
            From::Debian => cases(&DEBIAN.material(), row.id),
            From::Earlier => cases(&EARLIER.material(), row.id),
            From::Kernel => cases(&KERNEL.material(), row.id),
            From::Registries => cases(&REGISTRIES.material(), row.id),
            From::Packages => cases(&PACKAGES.material(), row.id),
            From::Shared(prepare) => {
                let work = tempfile::TempDir::new().expect("a temporary folder can be made");
                for (root, truth) in prepare(&shared(), work.path()) {
                    wrong.extend(check(row, analyzer, &root, &truth));
                }
                continue;
            }
            From::Published(_) => {
                let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
                vec![fixtures.join(row.id).join("real")]
            }
        };
        for case in roots {
            let root = case.join("root");
            let truth = match row.truth {
                Truth::Tool => pairs(
                    &fs::read_to_string(case.join("truth")).expect("the tool said what is true"),
                ),
                Truth::Syft(kinds) => syft(&root, kinds),
            };
            wrong.extend(check(row, analyzer, &root, &truth));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_tools_of_debian_make_is_read() {
    check_all(|from| matches!(from, From::Debian));
}

#[test]
fn what_tools_of_an_earlier_debian_make_is_read() {
    check_all(|from| matches!(from, From::Earlier));
}

#[test]
fn a_kernel_of_debian_is_read() {
    check_all(|from| matches!(from, From::Kernel));
}

#[test]
fn what_tools_of_npm_and_pypi_make_is_read() {
    check_all(|from| matches!(from, From::Registries));
}

#[test]
fn what_packages_bring_is_read() {
    check_all(|from| matches!(from, From::Packages));
}

#[test]
fn shared_material_is_read() {
    check_all(|from| matches!(from, From::Shared(_)));
}

#[test]
fn what_is_published_of_real_files_is_read() {
    check_all(|from| matches!(from, From::Published(_)));
}

#[test]
fn every_analyzer_has_its_rows() {
    let rows: BTreeSet<&str> = ROWS.iter().map(|row| row.id).collect();
    let table: BTreeSet<&str> = plimsoll_analyzers::all()
        .iter()
        .map(|analyzer| analyzer.meta().id)
        .collect();
    assert_eq!(rows, table);
    for row in ROWS {
        if let From::Published(whose) = row.from {
            assert!(
                whose.len() > 20,
                "{}: `{whose}` does not tell whose facts they are",
                row.id
            );
        }
    }
}
