//! Ports that services publish and containers listen on.

use std::borrow::Cow;

use plimsoll_model::lint::span::Span;

use crate::manifest::{Container, Manifest, World};
use crate::yaml::NodeId;

/// A port, or several in a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Port {
    /// The address of the host that it is bound to, if one is named.
    pub address: Option<String>,
    /// First and last port of the host; `None` where the engine chooses or a variable hides it.
    pub published: Option<(u16, u16)>,
    /// First and last port of the container.
    pub target: Option<(u16, u16)>,
    /// As it is written, the defaults of variables put in.
    pub text: String,
    /// Whether it is one text and no mapping.
    pub is_short: bool,
    /// The item of the list.
    pub node: NodeId,
    /// Where it is written.
    pub span: Span,
}

/// What a service of Compose publishes. (Compose specification, `ports`.)
#[must_use]
pub fn of_service(manifest: &Manifest<'_>, container: &Container) -> Vec<Port> {
    if container.world != World::Compose {
        return Vec::new();
    }
    let items = manifest.list(container, &["ports"]);
    items
        .into_iter()
        .filter_map(|item| published(manifest, container, item))
        .collect()
}

/// What a service publishes or exposes, or a container of Kubernetes lists.
#[must_use]
pub fn of(manifest: &Manifest<'_>, container: &Container) -> Vec<Port> {
    let tree = &manifest.tree;
    let (path, key) = match container.world {
        World::Compose => ("expose", ""),
        World::Kubernetes => ("ports", "containerPort"),
    };
    let mut found = of_service(manifest, container);
    for item in manifest.list(container, &[path]) {
        let node = tree.get(item, key).map_or(item, |entry| entry.value);
        let Some(text) = manifest.known(container.world, node) else {
            continue;
        };
        found.push(Port {
            address: None,
            published: None,
            target: range(&text),
            text: text.into_owned(),
            is_short: true,
            node,
            span: tree.span(node),
        });
    }
    found
}

fn published(manifest: &Manifest<'_>, container: &Container, item: NodeId) -> Option<Port> {
    let tree = &manifest.tree;
    let text = |key: &str| {
        let entry = tree.get(item, key)?;
        manifest
            .known(container.world, entry.value)
            .map(Cow::into_owned)
    };
    if tree.is_mapping(item) {
        let place = tree
            .get(item, "published")
            .or_else(|| tree.get(item, "target"))?;
        return Some(Port {
            // One that hangs on a variable is not "all".
            address: tree
                .get(item, "host_ip")
                .map(|_| text("host_ip").unwrap_or_default()),
            published: text("published").and_then(|text| range(&text)),
            target: text("target").and_then(|text| range(&text)),
            text: text("published").unwrap_or_default(),
            is_short: false,
            node: item,
            span: tree.span(place.value),
        });
    }
    let known = manifest.known(container.world, item);
    let raw = tree.scalar(item)?;
    let shown = known.as_deref().unwrap_or(raw).to_owned();
    let (front, target) = match shown.rsplit_once(':') {
        Some((front, target)) => (Some(front), target),
        None => (None, shown.as_str()),
    };
    let (address, host) = match front.map(|front| front.rsplit_once(':').unwrap_or(("", front))) {
        Some(("", host)) => (None, Some(host)),
        Some((address, host)) => {
            let bare = address.trim_start_matches('[').trim_end_matches(']');
            (Some(bare.to_owned()), Some(host))
        }
        None => (None, None),
    };
    Some(Port {
        address,
        published: host.and_then(range),
        target: range(target),
        is_short: true,
        node: item,
        span: tree.span(item),
        text: shown.clone(),
    })
}

/// `80`, `80/tcp` or `8000-8010`.
fn range(text: &str) -> Option<(u16, u16)> {
    let number = text.split('/').next().unwrap_or_default().trim();
    let (first, last) = number.split_once('-').unwrap_or((number, number));
    Some((first.parse().ok()?, last.parse().ok()?))
}
