//! What hadolint, Trivy and Plimsoll say of the corpus.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use plimsoll_dockerfile::{lint, rules};
use serde_json::Value;

use super::corpus::{self, CorpusFile, Group};
use super::{Claim, Peer};
use crate::workspace;

/// What one linter says of all files.
#[derive(Debug, Default)]
pub(super) struct Said {
    pub(super) claims: BTreeSet<Claim>,
    /// Files of which it says nothing because it cannot read them.
    pub(super) unread: BTreeSet<String>,
}

/// The alias under which a file that cannot be read is counted: so hadolint calls it.
const UNREAD: &str = "DL1000";

/// What Trivy and Dockle say once of a file or a stage as a whole, at no place or at one of several.
const OF_THE_FILE: &[&str] = &[
    "CIS-DI-0001",
    "CIS-DI-0006",
    "DS-0002",
    "DS-0007",
    "DS-0012",
    "DS-0014",
    "DS-0016",
    "DS-0023",
    "DS-0026",
];

/// The line at which a claim is counted: 0 where the peer speaks of the file.
fn counted(alias: &str, line: u32) -> u32 {
    if OF_THE_FILE.contains(&alias) {
        0
    } else {
        line
    }
}

/// Runs a peer from `target/peers`.
fn answer(peer: Peer, arguments: impl FnOnce(&mut Command)) -> Value {
    let program = workspace().join("target/peers/bin").join(peer.program());
    let mut command = Command::new(&program);
    arguments(&mut command);
    let output = command.current_dir(corpus::folder()).output();
    let output = output.unwrap_or_else(|error| {
        let program = program.display();
        panic!("cannot start `{program}` ({error}); `cargo xtask peers` installs it")
    });
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{} failed: {said}", peer.program());
    serde_json::from_slice(&output.stdout).expect("the peer writes JSON")
}

fn rows(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn line(value: &Value) -> u32 {
    let line = value.as_u64().unwrap_or_default();
    u32::try_from(line).expect("files of the corpus are short")
}

/// hadolint, with the settings of each folder.
pub(super) fn hadolint(files: &[CorpusFile]) -> Said {
    let home = tempfile::TempDir::new().expect("a temporary folder can be made");
    let mut groups: BTreeMap<&str, (&Group, Vec<&str>)> = BTreeMap::new();
    for file in files {
        let group = Group::of(&file.path);
        let (_, paths) = groups.entry(group.folder).or_insert((group, Vec::new()));
        paths.push(&file.path);
    }
    let mut said = Said::default();
    for (name, (group, paths)) in groups {
        let settings = home.path().join(format!("{name}.yaml"));
        std::fs::write(&settings, group.hadolint()).expect("a temporary file can be written");
        let found = answer(Peer::Hadolint, |command| {
            command
                .args(["--no-fail", "--format", "json", "--config"])
                .arg(&settings)
                .args(&paths);
        });
        for row in rows(&found) {
            let file = row["file"].as_str().expect("a file").to_owned();
            let alias = row["code"].as_str().expect("a code").to_owned();
            let line = line(&row["line"]);
            if alias == UNREAD {
                said.unread.insert(file.clone());
            }
            let line = if alias == UNREAD { 0 } else { line };
            said.claims.insert(Claim { alias, file, line });
        }
    }
    said
}

/// Trivy, with the checks that its program carries.
pub(super) fn trivy(files: &[CorpusFile]) -> Said {
    let home = tempfile::TempDir::new().expect("a temporary folder can be made");
    let found = answer(Peer::Trivy, |command| {
        command
            .args([
                "config",
                "--quiet",
                "--format",
                "json",
                "--misconfig-scanners",
                "dockerfile",
                "--skip-check-update",
                "--include-deprecated-checks",
                "--disable-telemetry",
                "--skip-version-check",
                "--cache-dir",
            ])
            .arg(home.path())
            .arg(".");
    });
    let mut said = Said {
        unread: files.iter().map(|file| file.path.clone()).collect(),
        ..Said::default()
    };
    for result in rows(&found["Results"]) {
        let file = result["Target"].as_str().expect("a target");
        said.unread.remove(file);
        for row in rows(&result["Misconfigurations"]) {
            let alias = row["ID"].as_str().expect("an id").to_owned();
            said.claims.insert(Claim {
                file: file.to_owned(),
                line: counted(&alias, line(&row["CauseMetadata"]["StartLine"])),
                alias,
            });
        }
    }
    said
}

/// Plimsoll, under every alias that its findings have.
pub(super) fn plimsoll(files: &[CorpusFile]) -> Said {
    let mut said = Said::default();
    for file in files {
        let settings = Group::of(&file.path).settings();
        let linted = lint(&file.path, &file.text, &settings);
        let claim = |line: u32, alias: &str| Claim {
            file: file.path.clone(),
            line: counted(alias, line),
            alias: alias.to_owned(),
        };
        if !linted.errors.is_empty() {
            said.unread.insert(file.path.clone());
            said.claims.insert(claim(0, UNREAD));
        }
        for finding in &linted.findings {
            let line = finding.scope.start.line;
            let aliases = finding.aliases.iter();
            said.claims.extend(aliases.map(|alias| claim(line, alias)));
        }
    }
    said
}

/// Whether a claim is compared: every rule that the peer runs on the file, and those of `ShellCheck` in hadolint
/// that Plimsoll has taken up.
pub(super) fn is_compared(peer: Peer, claim: &Claim) -> bool {
    let alias = claim.alias.as_str();
    match peer {
        Peer::Hadolint if alias.starts_with("DL") => Group::of(&claim.file).runs(alias),
        Peer::Hadolint => alias.starts_with("SC") && rules::named(alias).is_some(),
        Peer::Trivy => alias.starts_with("DS-"),
    }
}
