//! What an image says about itself: configuration, platform, layers.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::Digest;

/// A platform of an image, OCI image index specification, "platform".
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct Platform {
    /// Operating system as Go names it: `linux`, `windows`.
    pub os: String,
    /// Architecture as Go names it: `amd64`, `arm64`.
    pub architecture: String,
    /// CPU variant: `v7`, `v8`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variant: Option<String>,
    /// Version of the operating system, used by Windows.
    #[serde(
        default,
        rename = "os.version",
        skip_serializing_if = "Option::is_none"
    )]
    pub os_version: Option<String>,
}

impl Platform {
    /// Whether this is the `unknown/unknown` under which BuildKit files attestations.
    #[must_use]
    pub fn is_attestation(&self) -> bool {
        self.os == "unknown" && self.architecture == "unknown"
    }
}

impl fmt::Display for Platform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.os, self.architecture)?;
        match &self.variant {
            Some(variant) => write!(f, "/{variant}"),
            None => Ok(()),
        }
    }
}

/// How the image was reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SourceKind {
    /// The Docker daemon.
    Docker,
    /// The Podman service.
    Podman,
    /// An OCI distribution registry.
    Registry,
    /// A `docker save` archive.
    DockerArchive,
    /// An OCI layout in a tar archive.
    OciArchive,
    /// An OCI layout directory.
    OciDir,
    /// A root filesystem directory.
    Dir,
    /// A bill of materials: what somebody says of an image, without the image.
    Sbom,
}

impl SourceKind {
    /// The scheme before the colon of a reference.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Docker => "docker",
            Self::Podman => "podman",
            Self::Registry => "registry",
            Self::DockerArchive => "docker-archive",
            Self::OciArchive => "oci-archive",
            Self::OciDir => "oci-dir",
            Self::Dir => "dir",
            Self::Sbom => "sbom",
        }
    }
}

/// Which image is judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    /// The reference as it was asked for.
    pub requested: String,
    /// How it was reached.
    pub source: SourceKind,
    /// Name without tag and digest (`docker.io/library/nginx`), from the reference or from the archive.
    pub repository: Option<String>,
    /// The tag, from the reference or from the archive.
    pub tag: Option<String>,
    /// The digest that the asker pinned, if any.
    pub pinned: Option<Digest>,
    /// Digest of the manifest that was judged; `None` where the source has no manifest.
    pub manifest_digest: Option<Digest>,
    /// Digest of the index that led to the manifest, if one did.
    pub index_digest: Option<Digest>,
    /// Digest of the configuration, Docker's image id; `None` for directories.
    pub image_id: Option<Digest>,
    /// The platform that was judged.
    pub platform: Platform,
    /// All platforms of the index, without attestations; the judged one alone where there is no index.
    pub platforms: Vec<Platform>,
    /// Annotations of the manifest and, below them, of the index.
    pub annotations: BTreeMap<String, String>,
}

/// One step of the build, OCI image configuration, "history".
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct HistoryEntry {
    /// When, as written; not always a date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created: Option<String>,
    /// The command, as the builder wrote it.
    #[serde(default)]
    pub created_by: String,
    /// Author of the step.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<String>,
    /// A comment, such as `buildkit.dockerfile.v0`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// Whether the step made no layer.
    #[serde(default)]
    pub empty_layer: bool,
}

/// A health check, Docker image specification 1.3, "Healthcheck".
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Healthcheck {
    /// Empty: inherit; `NONE`: disabled; `CMD` or `CMD-SHELL` and the command.
    #[serde(default, rename = "Test", deserialize_with = "null_as_default")]
    pub test: Vec<String>,
    /// Nanoseconds between checks; 0 inherits.
    #[serde(default, rename = "Interval")]
    pub interval: i64,
    /// Nanoseconds that one check may take; 0 inherits.
    #[serde(default, rename = "Timeout")]
    pub timeout: i64,
    /// Nanoseconds before failures count; 0 inherits.
    #[serde(default, rename = "StartPeriod")]
    pub start_period: i64,
    /// Failures until unhealthy; 0 inherits.
    #[serde(default, rename = "Retries")]
    pub retries: i64,
}

/// The `config` object of an image configuration (OCI image specification, `config.md`, with Docker's
/// additions).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct RunConfig {
    /// User, or `user:group`, by name or number; empty means root.
    #[serde(default, rename = "User")]
    pub user: String,
    /// Ports in `port/protocol` form.
    #[serde(default, rename = "ExposedPorts", with = "keys")]
    pub exposed_ports: BTreeSet<String>,
    /// `NAME=value` lines.
    #[serde(default, rename = "Env", deserialize_with = "null_as_default")]
    pub env: Vec<String>,
    /// Arguments that start the container.
    #[serde(default, rename = "Entrypoint", deserialize_with = "null_as_default")]
    pub entrypoint: Vec<String>,
    /// Default arguments.
    #[serde(default, rename = "Cmd", deserialize_with = "null_as_default")]
    pub cmd: Vec<String>,
    /// Paths meant for volumes.
    #[serde(default, rename = "Volumes", with = "keys")]
    pub volumes: BTreeSet<String>,
    /// Working directory.
    #[serde(default, rename = "WorkingDir")]
    pub working_dir: String,
    /// Labels.
    #[serde(default, rename = "Labels", deserialize_with = "null_as_default")]
    pub labels: BTreeMap<String, String>,
    /// Signal that stops it.
    #[serde(
        default,
        rename = "StopSignal",
        skip_serializing_if = "Option::is_none"
    )]
    pub stop_signal: Option<String>,
    /// Health check; Docker's addition, absent from the OCI format.
    #[serde(
        default,
        rename = "Healthcheck",
        skip_serializing_if = "Option::is_none"
    )]
    pub healthcheck: Option<Healthcheck>,
    /// Triggers for images built from this one; Docker's addition.
    #[serde(default, rename = "OnBuild", deserialize_with = "null_as_default")]
    pub on_build: Vec<String>,
    /// Shell of shell-form commands; Docker's addition.
    #[serde(default, rename = "Shell", deserialize_with = "null_as_default")]
    pub shell: Vec<String>,
}

/// The `rootfs` object of an image configuration.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct RootFs {
    /// Always `layers`.
    #[serde(default, rename = "type")]
    pub kind: String,
    /// Digests of the uncompressed layers, lowest first.
    #[serde(default, deserialize_with = "null_as_default")]
    pub diff_ids: Vec<Digest>,
}

/// An image configuration (OCI image specification, `config.md`).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ImageConfig {
    /// When it was built, RFC 3339 as written; absent or 1970 in reproducible builds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created: Option<String>,
    /// Who built it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<String>,
    /// Architecture as Go names it.
    #[serde(default)]
    pub architecture: String,
    /// Operating system as Go names it.
    #[serde(default)]
    pub os: String,
    /// CPU variant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variant: Option<String>,
    /// How to run it.
    #[serde(default, deserialize_with = "null_as_default")]
    pub config: RunConfig,
    /// The layers.
    #[serde(default)]
    pub rootfs: RootFs,
    /// The steps of the build.
    #[serde(default, deserialize_with = "null_as_default")]
    pub history: Vec<HistoryEntry>,
}

/// A set that is an object with empty objects as values in JSON, as Go writes `map[string]struct{}`.
mod keys {
    use std::collections::{BTreeMap, BTreeSet};

    use serde::de::IgnoredAny;
    use serde::{Deserialize, Deserializer, Serializer};

    #[derive(serde::Serialize)]
    struct Empty {}

    pub(super) fn serialize<S: Serializer>(
        set: &BTreeSet<String>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_map(set.iter().map(|key| (key, Empty {})))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<BTreeSet<String>, D::Error> {
        let map = Option::<BTreeMap<String, Option<IgnoredAny>>>::deserialize(deserializer)?;
        Ok(map.unwrap_or_default().into_keys().collect())
    }
}

/// Go writes `null` for empty slices and maps; read it as empty.
fn null_as_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: serde::Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Option::<T>::deserialize(deserializer).map(Option::unwrap_or_default)
}

/// A layer of an image, lowest first in lists.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LayerInfo {
    /// Digest of the blob as stored; `None` where only the uncompressed layer is known.
    pub digest: Option<Digest>,
    /// Digest of the uncompressed content; `None` for a directory.
    pub diff_id: Option<Digest>,
    /// Bytes as stored.
    pub compressed_size: Option<u64>,
    /// Bytes of the uncompressed content.
    pub size: Option<u64>,
    /// Media type as the manifest says.
    pub media_type: String,
    /// Number of entries.
    pub entries: u64,
    /// The step of the build that made it, where history tells, without secrets.
    pub created_by: Option<String>,
}
