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
/// The name of an operating system's package is without namespace, since peers differ on it, and its version
/// is with epoch, which some write as a qualifier. Names of Python packages are normalised as PEP 503 says.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct PackageId {
    /// `deb`, `npm` …
    pub kind: String,
    /// `openssl`, `@babel/core`.
    pub name: String,
    /// Empty where the peer does not know.
    pub version: String,
}

impl Peer {
    /// The packages that it finds in an archive as `docker save` writes it.
    ///
    /// # Panics
    /// If it is not installed or fails.
    #[must_use]
    pub fn packages(self, archive: &Path) -> BTreeSet<PackageId> {
        let home = tempfile::TempDir::new().expect("a temporary folder can be made");
        let mut command = Command::new(self.binary());
        command.env_clear().env("HOME", home.path());
        command.env("TMPDIR", home.path());
        match self {
            Self::Syft => {
                command
                    .args(["scan", "--quiet", "--output", "json"])
                    .arg(format!("docker-archive:{}", archive.display()))
                    .env("SYFT_CHECK_FOR_APP_UPDATE", "false");
            }
            Self::Trivy => {
                command
                    .args(["image", "--quiet", "--format", "cyclonedx"])
                    .args([
                        "--offline-scan",
                        "--skip-db-update",
                        "--skip-java-db-update",
                    ])
                    .args(["--skip-version-check", "--disable-telemetry"])
                    // Without its Java database it refuses images that have archives of Java.
                    .args(["--skip-files", "**/*.jar"])
                    .arg("--cache-dir")
                    .arg(home.path())
                    .arg("--input")
                    .arg(archive);
            }
        }
        let output = match command.output() {
            Ok(output) => output,
            Err(error) => panic!("{self:?}, which `cargo xtask peers` installs: {error}"),
        };
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{self:?}: {said}");
        let value: Value =
            serde_json::from_slice(&output.stdout).expect("the answer of a peer is JSON");
        let list = match self {
            Self::Syft => &value["artifacts"],
            Self::Trivy => &value["components"],
        };
        let rows = list.as_array().into_iter().flatten();
        rows.filter_map(|package| PackageId::parse(package["purl"].as_str()?))
            .collect()
    }

    fn binary(self) -> PathBuf {
        workspace().join("target/peers/bin").join(match self {
            Self::Syft => "syft",
            Self::Trivy => "trivy",
        })
    }
}

impl PackageId {
    /// Reads a package URL; `None` if it is none.
    #[must_use]
    pub fn parse(purl: &str) -> Option<Self> {
        let rest = purl.strip_prefix("pkg:")?;
        let rest = rest.split('#').next()?;
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
        if kind == "pypi" {
            name = normalised(&name);
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
