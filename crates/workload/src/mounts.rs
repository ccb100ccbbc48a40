//! Directories and files of the host that get into containers.

use std::borrow::Cow;

use plimsoll_model::lint::span::Span;

use crate::manifest::{Container, Manifest, Pod, World};

/// A mount whose source is a path of the host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mount {
    /// The path on the host; empty where it hangs on a variable.
    pub source: String,
    /// The path in the container; empty for a volume of a pod, which containers mount where they like.
    pub target: String,
    /// Whether it cannot be written through.
    pub is_read_only: bool,
    /// Whether mounts in the container reach the host.
    pub is_shared: bool,
    /// Where it is written.
    pub span: Span,
}

/// What a service of Compose binds. (Compose specification, `volumes`.)
#[must_use]
pub fn of_service(manifest: &Manifest<'_>, container: &Container) -> Vec<Mount> {
    if container.world != World::Compose {
        return Vec::new();
    }
    let tree = &manifest.tree;
    let mut found = Vec::new();
    for item in manifest.list(container, &["volumes"]) {
        let span = tree.span(item);
        if let Some(text) = tree.scalar(item) {
            let known = manifest.known(container.world, item);
            found.extend(short(text, known.as_deref(), span));
            continue;
        }
        let text = |path: &[&str]| {
            let entry = tree.at(item, path)?;
            manifest
                .known(container.world, entry.value)
                .map(Cow::into_owned)
        };
        if !matches!(text(&["type"]).as_deref(), Some("bind" | "npipe")) {
            continue;
        }
        let is_read_only = tree
            .get(item, "read_only")
            .and_then(|entry| tree.truth(entry.value));
        let source = tree.get(item, "source");
        found.push(Mount {
            source: text(&["source"]).unwrap_or_default(),
            target: text(&["target"]).unwrap_or_default(),
            is_read_only: is_read_only == Some(true),
            is_shared: matches!(
                text(&["bind", "propagation"]).as_deref(),
                Some("shared" | "rshared")
            ),
            span: source.map_or(span, |source| tree.span(source.value)),
        });
    }
    found
}

/// `SOURCE:TARGET:MODE`; `known` is the text with the defaults of variables.
fn short(raw: &str, known: Option<&str>, span: Span) -> Option<Mount> {
    let text = known.unwrap_or(raw);
    let text = text.trim();
    // The colon of a variable's default or of a drive is none that separates.
    let (start, rest) = match (text.starts_with("${"), text.split_once('}')) {
        (true, Some((variable, rest))) => (variable.len().saturating_add(1), rest),
        _ if is_drive(text) => (2, text.get(2..)?),
        _ => (0, text),
    };
    let colon = start.saturating_add(rest.find(':')?);
    let source = text.get(..colon)?;
    let behind = text.get(colon.saturating_add(1)..)?;
    let (target, mode) = behind.rsplit_once(':').unwrap_or((behind, ""));
    let is_path = source.starts_with(['/', '\\', '.', '~', '$']) || is_drive(source);
    is_path.then(|| Mount {
        source: if source.starts_with('$') {
            String::new()
        } else {
            source.to_owned()
        },
        target: target.to_owned(),
        is_read_only: mode
            .split(',')
            .any(|word| word == "ro" || word == "readonly"),
        is_shared: mode
            .split(',')
            .any(|word| word == "shared" || word == "rshared"),
        span,
    })
}

fn is_drive(text: &str) -> bool {
    let mut bytes = text.bytes();
    bytes
        .next()
        .is_some_and(|first| first.is_ascii_alphabetic())
        && bytes.next() == Some(b':')
        && matches!(bytes.next(), Some(b'\\' | b'/'))
}

/// The `hostPath` volumes of a pod.
#[must_use]
pub fn of_pod(manifest: &Manifest<'_>, pod: &Pod) -> Vec<Mount> {
    let tree = &manifest.tree;
    let Some(volumes) = manifest.pod_setting(pod, &["volumes"]) else {
        return Vec::new();
    };
    let paths = tree.items(volumes.value).iter().filter_map(|item| {
        let path = tree.at(*item, &["hostPath", "path"])?;
        Some(Mount {
            source: tree.scalar(path.value)?.to_owned(),
            target: String::new(),
            is_read_only: false,
            is_shared: false,
            span: tree.span(path.value),
        })
    });
    paths.collect()
}

/// Whether a path is the socket of a container engine.
#[must_use]
pub fn is_engine_socket(path: &str) -> bool {
    const SOCKETS: &[&str] = &[
        "docker.sock",
        "containerd.sock",
        "crio.sock",
        "cri-dockerd.sock",
        "podman.sock",
        "buildkitd.sock",
        "dockershim.sock",
        "docker_engine",
    ];
    let name = path
        .trim_end_matches('/')
        .rsplit(['/', '\\'])
        .next()
        .unwrap_or_default();
    SOCKETS.contains(&name)
}

/// Directories that decide over the host. (CIS Docker Benchmark 5.6 and what lies beside them.)
const SENSITIVE: &[&str] = &[
    "/",
    "/bin",
    "/boot",
    "/dev",
    "/etc",
    "/lib",
    "/lib64",
    "/opt",
    "/proc",
    "/root",
    "/run",
    "/sbin",
    "/sys",
    "/usr",
    "/usr/bin",
    "/usr/lib",
    "/usr/sbin",
    "/var",
    "/var/lib",
    "/var/run",
];

/// Those where everything below counts as well.
const BELOW: &[&str] = &[
    "/boot",
    "/etc/cni",
    "/etc/containerd",
    "/etc/cron.d",
    "/etc/docker",
    "/etc/kubernetes",
    "/etc/pam.d",
    "/etc/passwd",
    "/etc/shadow",
    "/etc/ssh",
    "/etc/sudoers",
    "/etc/sudoers.d",
    "/etc/systemd",
    "/proc",
    "/root",
    "/sys",
    "/var/lib/containerd",
    "/var/lib/containers",
    "/var/lib/docker",
    "/var/lib/etcd",
    "/var/lib/kubelet",
    "/var/lib/rancher",
];

/// Whether a path of the host decides over it.
#[must_use]
pub fn is_sensitive(path: &str) -> bool {
    if !path.starts_with('/') || is_engine_socket(path) {
        return false;
    }
    let parts: Vec<&str> = path
        .split('/')
        .filter(|part| !part.is_empty() && *part != ".")
        .collect();
    let path = format!("/{}", parts.join("/"));
    // A `..` may lead anywhere.
    SENSITIVE.contains(&path.as_str())
        || parts.contains(&"..")
        || BELOW.iter().any(|start| {
            path.strip_prefix(start)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
}
