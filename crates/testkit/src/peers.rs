//! What the peers, Syft and Trivy, find in an image: sets of package URLs without qualifiers.
//!
//! `cargo xtask peers` installs them.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::workspace;

/// A scanner to compare with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Peer {
    /// Anchore's Syft.
    Syft,
    /// Aqua's Trivy.
    Trivy,
}

/// A package: its type as in package URLs, its name with namespace, its version.
///
/// Names and versions are normalised, so that the same package is the same whoever names it:
/// - The name of an operating system's package is without namespace, since peers differ on it, and its version
///   is with epoch, which some write as a qualifier.
/// - Names of Python packages are as PEP 503 normalises them.
/// - An artefact of Maven whose group has its own name is without group: so Syft writes what has none.
/// - A version of Go is without `v` or `go`, and `(devel)` is none; a package in a folder of a module is written
///   with it, not behind `#`. Its name is in lower case, as package URLs are to be written, and as not everybody
///   writes them.
/// - A package of Swift is named by where it comes from, without `https://` and `.git`, in lower case.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct PackageId {
    /// `deb`, `npm` …
    pub kind: String,
    /// `openssl`, `@babel/core`.
    pub name: String,
    /// Empty where the peer does not know.
    pub version: String,
}

/// A package that a peer lists, and a file in which it saw it: a path from the root, empty if it does not say.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Listed {
    /// The package.
    pub package: PackageId,
    /// `usr/share/java/guice.jar`.
    pub path: String,
}

impl Peer {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Syft, Self::Trivy];

    /// The packages that it finds in an archive as `docker save` writes it.
    ///
    /// # Panics
    /// If it is not installed or fails.
    #[must_use]
    pub fn packages(self, archive: &Path) -> BTreeSet<PackageId> {
        self.lists(archive)
            .into_iter()
            .map(|listed| listed.package)
            .collect()
    }

    /// The same, with the files in which it saw them.
    ///
    /// # Panics
    /// If it is not installed or fails.
    #[must_use]
    pub fn lists(self, archive: &Path) -> BTreeSet<Listed> {
        let home = tempfile::TempDir::new().expect("a temporary folder can be made");
        let mut command = self.image(archive, home.path());
        if self == Self::Trivy {
            command.args(["--format", "cyclonedx"]);
        }
        let value = self.answer(&mut command);
        let list = match self {
            Self::Syft => &value["artifacts"],
            Self::Trivy => &value["components"],
        };
        let rows = list.as_array().into_iter().flatten();
        rows.flat_map(|row| {
            let package = row["purl"].as_str().and_then(PackageId::parse);
            let paths = match self {
                Self::Syft => syft_paths(row),
                Self::Trivy => trivy_paths(row),
            };
            package.into_iter().flat_map(move |package| {
                paths.clone().into_iter().map(move |path| Listed {
                    package: package.clone(),
                    path,
                })
            })
        })
        .collect()
    }

    /// The call that reads an archive, with a folder for what it keeps.
    ///
    /// # Panics
    /// If nothing can be written into the folder.
    pub(crate) fn image(self, archive: &Path, home: &Path) -> Command {
        let mut command = Command::new(self.binary());
        command.env_clear().env("HOME", home);
        command.env("TMPDIR", home);
        match self {
            Self::Syft => {
                command
                    .args(["scan", "--quiet", "--output", "json"])
                    .arg(format!("docker-archive:{}", archive.display()))
                    .env("SYFT_CHECK_FOR_APP_UPDATE", "false");
            }
            Self::Trivy => {
                java_database(home);
                command
                    .args(["image", "--quiet", "--offline-scan"])
                    .args(["--skip-db-update", "--skip-java-db-update"])
                    .args(["--skip-version-check", "--disable-telemetry"])
                    .arg("--cache-dir")
                    .arg(home)
                    .arg("--input")
                    .arg(archive);
            }
        }
        command
    }

    /// Runs it and reads its answer.
    ///
    /// # Panics
    /// If it is not installed, fails, or answers no JSON.
    pub(crate) fn answer(self, command: &mut Command) -> Value {
        let output = match command.output() {
            Ok(output) => output,
            Err(error) => panic!("{self:?}, which `cargo xtask peers` installs: {error}"),
        };
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{self:?}: {said}");
        serde_json::from_slice(&output.stdout).expect("the answer of a peer is JSON")
    }

    fn binary(self) -> PathBuf {
        workspace().join("target/peers/bin").join(match self {
            Self::Syft => "syft",
            Self::Trivy => "trivy",
        })
    }
}

/// The files of a package of Syft's; one empty path if it names none.
fn syft_paths(row: &Value) -> Vec<String> {
    let places = row["locations"].as_array().into_iter().flatten();
    let paths = places.filter_map(|place| place["path"].as_str());
    some(paths.map(relative).collect())
}

/// The files of a package of Trivy's; one empty path if it names none.
fn trivy_paths(row: &Value) -> Vec<String> {
    let properties = row["properties"].as_array().into_iter().flatten();
    let paths = properties
        .filter(|property| property["name"] == "aquasecurity:trivy:FilePath")
        .filter_map(|property| property["value"].as_str());
    some(paths.map(relative).collect())
}

fn relative(path: &str) -> String {
    path.trim_start_matches('/').to_owned()
}

fn some(mut paths: Vec<String>) -> Vec<String> {
    if paths.is_empty() {
        paths.push(String::new());
    }
    paths
}

/// An empty database of Java archives in Trivy's cache: without any it refuses images that have such archives,
/// and the real one is in no registry of packages. Trivy then reads what the archives say of themselves.
fn java_database(cache: &Path) {
    const MAKE: &str = "\
import json, os, sqlite3, sys
folder = os.path.join(sys.argv[1], 'java-db')
os.makedirs(folder, exist_ok=True)
base = sqlite3.connect(os.path.join(folder, 'trivy-java.db'))
base.execute('CREATE TABLE IF NOT EXISTS artifacts(id INTEGER PRIMARY KEY, group_id TEXT, artifact_id TEXT)')
base.execute('CREATE TABLE IF NOT EXISTS indices(artifact_id INTEGER, version TEXT, sha1 BLOB, archive_type TEXT)')
base.commit()
times = {name: '2026-01-01T00:00:00Z' for name in ('UpdatedAt', 'DownloadedAt')}
with open(os.path.join(folder, 'metadata.json'), 'w') as file:
    json.dump({'Version': 1, 'NextUpdate': '2099-01-01T00:00:00Z', **times}, file)
";
    let python = workspace().join("target/peers/venv/bin/python");
    let status = Command::new(python).args(["-c", MAKE]).arg(cache).status();
    assert!(
        status.is_ok_and(|status| status.success()),
        "an empty database of Java archives can be made"
    );
}

impl PackageId {
    /// Reads a package URL; `None` if it is none.
    #[must_use]
    pub fn parse(purl: &str) -> Option<Self> {
        let rest = purl.strip_prefix("pkg:")?;
        let (rest, within) = rest.split_once('#').unwrap_or((rest, ""));
        let (path, qualifiers) = rest.split_once('?').unwrap_or((rest, ""));
        let (kind, path) = path.split_once('/')?;
        // The `@` of an npm scope is written `%40`, and some do not do it.
        let (name, version) = match path.rsplit_once('@') {
            Some((name, version)) if !name.is_empty() => (name, version),
            _ => (path, ""),
        };
        let (mut name, mut version) = (decoded(name), decoded(version));
        if matches!(kind, "deb" | "apk" | "rpm") {
            name = name.rsplit('/').next()?.to_owned();
            let epoch = qualifiers.split('&').find_map(|q| q.strip_prefix("epoch="));
            if let Some(epoch) = epoch.filter(|epoch| *epoch != "0") {
                version = format!("{epoch}:{version}");
            }
        }
        match kind {
            "pypi" => name = normalised(&name),
            "maven" => {
                if let Some((group, artifact)) = name.split_once('/')
                    && group == artifact
                {
                    name = artifact.to_owned();
                }
            }
            "golang" => {
                if !within.is_empty() {
                    name = format!("{name}/{}", decoded(within));
                }
                name.make_ascii_lowercase();
                version = version.trim_start_matches(['g', 'o', 'v']).to_owned();
                if version == "(devel)" {
                    version.clear();
                }
            }
            "swift" => {
                let place = name.strip_prefix("https://").unwrap_or(&name);
                let place = place.strip_suffix(".git").unwrap_or(place);
                name = place.to_ascii_lowercase();
            }
            _ => {}
        }
        Some(Self {
            kind: kind.to_owned(),
            name,
            version,
        })
    }
}

/// A name as PEP 503 normalises it.
fn normalised(name: &str) -> String {
    let parts = name.split(['-', '_', '.']).filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join("-").to_ascii_lowercase()
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let code = match (first, tail) {
            (b'%', [a, b, ..]) => std::str::from_utf8(&[*a, *b])
                .ok()
                .and_then(|digits| u8::from_str_radix(digits, 16).ok()),
            _ => None,
        };
        rest = if code.is_some() { &tail[2..] } else { tail };
        bytes.push(code.unwrap_or(*first));
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
