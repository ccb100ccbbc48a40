//! Variables that a manifest gives to a container, or to the build of its image.

use crate::manifest::{Container, Manifest, World};
use crate::yaml::NodeId;

/// A variable with a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variable {
    /// Its name.
    pub name: String,
    /// Where its value stands.
    pub value: NodeId,
    /// Whether the value stands behind `NAME=` in one text.
    pub is_pair: bool,
}

/// The variables of a container, and the arguments of the build of a service.
#[must_use]
pub fn of(manifest: &Manifest<'_>, container: &Container) -> Vec<Variable> {
    let tree = &manifest.tree;
    let mut found = Vec::new();
    if container.world == World::Kubernetes {
        for item in manifest.list(container, &["env"]) {
            if let (Some(name), Some(value)) = (tree.get(item, "name"), tree.get(item, "value")) {
                found.push(Variable {
                    name: tree.scalar(name.value).unwrap_or_default().to_owned(),
                    value: value.value,
                    is_pair: false,
                });
            }
        }
        return found;
    }
    for path in [&["environment"][..], &["build", "args"]] {
        for item in manifest.list(container, path) {
            if let Some((name, _)) = tree.scalar(item).and_then(|text| text.split_once('=')) {
                found.push(Variable {
                    name: name.to_owned(),
                    value: item,
                    is_pair: true,
                });
            }
        }
        // What an extended service sets is said where it stands.
        if let Some(entry) = tree.at(container.node, path) {
            for (name, value) in tree.all(entry.value) {
                found.push(Variable {
                    name: tree.scalar(name).unwrap_or_default().to_owned(),
                    value,
                    is_pair: false,
                });
            }
        }
    }
    found
}

/// The value of a variable in the text that holds it.
#[must_use]
pub fn value_of(text: &str, is_pair: bool) -> &str {
    match text.split_once('=') {
        Some((_, value)) if is_pair => value,
        _ => text,
    }
}
