//! The Dockerfiles of `crates/dockerfile/tests/corpus`, a folder for each theme, and the settings with which
//! every linter reads a folder.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use plimsoll_dockerfile::Settings;
use plimsoll_dockerfile::lint::LabelKind;

use crate::workspace;

/// A file of the corpus.
#[derive(Debug)]
pub struct CorpusFile {
    /// Below the corpus: `apt/pinned_and_clean.Dockerfile`.
    pub path: String,
    /// What stands in it.
    pub text: String,
}

/// Folders that are read with settings of their own. All others are read with none.
pub(super) const GROUPS: &[Group] = &[
    Group {
        folder: "labels-required",
        labels: &[
            ("maintainer", LabelKind::Email),
            ("org.opencontainers.image.created", LabelKind::Rfc3339),
            ("org.opencontainers.image.licenses", LabelKind::Spdx),
            ("org.opencontainers.image.revision", LabelKind::GitHash),
            ("org.opencontainers.image.title", LabelKind::Text),
            ("org.opencontainers.image.url", LabelKind::Url),
            ("org.opencontainers.image.version", LabelKind::SemVer),
        ],
        ..Group::PLAIN
    },
    Group {
        folder: "registries",
        registries: &["docker.io", "ghcr.io", "registry.example.org:5000"],
        ..Group::PLAIN
    },
    Group {
        folder: "healthchecks",
        enabled: &["DL3057"],
        ..Group::PLAIN
    },
    Group {
        folder: "pragmas",
        enabled: &["DL1001"],
        ..Group::PLAIN
    },
    Group {
        folder: "buildkit",
        enabled: &["InvalidDefinitionDescription"],
        ..Group::PLAIN
    },
];

/// The settings of a folder, as hadolint and as Plimsoll take them. Trivy has nothing of the kind.
#[derive(Debug)]
pub(super) struct Group {
    /// Below the corpus.
    pub(super) folder: &'static str,
    /// Labels that there have to be; no others may be there.
    labels: &'static [(&'static str, LabelKind)],
    /// Registries from which bases may come.
    registries: &'static [&'static str],
    /// Rules that are off by default.
    enabled: &'static [&'static str],
}

impl Group {
    pub(super) const PLAIN: Self = Self {
        folder: "",
        labels: &[],
        registries: &[],
        enabled: &[],
    };

    /// The settings of the folder in which a file lies.
    pub(super) fn of(path: &str) -> &'static Self {
        let folder = path.split('/').next().unwrap_or_default();
        GROUPS
            .iter()
            .find(|group| group.folder == folder)
            .unwrap_or(&Self::PLAIN)
    }

    /// Whether hadolint runs a rule in this folder, which it does not run by default everywhere.
    pub(super) fn runs(&self, alias: &str) -> bool {
        let needs_asking = GROUPS.iter().any(|group| group.enabled.contains(&alias));
        !needs_asking || self.enabled.contains(&alias)
    }

    /// As Plimsoll takes them.
    pub(super) fn settings(&self) -> Settings {
        let texts = |list: &[&str]| list.iter().map(|&text| text.to_owned()).collect();
        Settings {
            enabled: self.enabled.iter().map(|&rule| rule.to_owned()).collect(),
            trusted_registries: texts(self.registries),
            labels: self
                .labels
                .iter()
                .map(|&(label, kind)| (label.to_owned(), kind))
                .collect(),
            strict_labels: !self.labels.is_empty(),
            ..Settings::default()
        }
    }

    /// As hadolint takes them: its configuration file.
    pub(super) fn hadolint(&self) -> String {
        let mut text = format!("strict-labels: {}\n", !self.labels.is_empty());
        if !self.labels.is_empty() {
            text.push_str("label-schema:\n");
        }
        for (label, kind) in self.labels {
            let kind = match kind {
                LabelKind::Text => "text",
                LabelKind::Url => "url",
                LabelKind::Rfc3339 => "rfc3339",
                LabelKind::Spdx => "spdx",
                LabelKind::GitHash => "hash",
                LabelKind::SemVer => "semver",
                LabelKind::Email => "email",
            };
            let _ = writeln!(text, "  {label}: {kind}");
        }
        let _ = writeln!(text, "trustedRegistries: {:?}", self.registries);
        let mut own = self.enabled.to_vec();
        own.retain(|rule| rule.starts_with("DL"));
        let _ = writeln!(text, "override:\n  info: {own:?}");
        text
    }
}

impl CorpusFile {
    /// Whether all of it can be read.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        plimsoll_dockerfile::parse(&self.text).errors.is_empty()
    }
}

/// Where the corpus lies.
#[must_use]
pub fn folder() -> PathBuf {
    tests().join("corpus")
}

/// `crates/dockerfile/tests`.
pub(super) fn tests() -> PathBuf {
    workspace().join("crates/dockerfile/tests")
}

/// All files, by path.
///
/// # Panics
/// If the corpus cannot be read.
#[must_use]
pub fn files() -> Vec<CorpusFile> {
    let list = |folder: &Path| -> Vec<PathBuf> {
        let entries = std::fs::read_dir(folder).expect("the corpus can be listed");
        let mut paths: Vec<PathBuf> = entries
            .map(|entry| entry.expect("the corpus can be listed").path())
            .collect();
        paths.sort();
        paths
    };
    let root = folder();
    let paths = list(&root).into_iter().flat_map(|theme| list(&theme));
    let mut files: Vec<CorpusFile> = paths
        .map(|path| {
            let below = path.strip_prefix(&root).expect("it lies in the corpus");
            CorpusFile {
                path: below.to_str().expect("plain names").replace('\\', "/"),
                text: std::fs::read_to_string(&path).expect("the corpus is text"),
            }
        })
        .collect();
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}
