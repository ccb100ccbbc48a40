//! The squash: which facts of which layers are true of the container's filesystem.
//!
//! One rule for all ecosystems. The topmost path wins; whiteouts, opaque markers and a directory replaced
//! by a file hide what is below them (OCI layer specification, "Applying Changesets"). Links to directories
//! are resolved, so that a file that a higher layer wrote through a link replaces the one below.

use plimsoll_model::ImagePath;
use plimsoll_model::fact::Fact;
use plimsoll_model::facts::Presence;

use crate::layer::LayerFacts;
use crate::links::Links;

/// A fact with its place in the image.
#[derive(Debug, Clone)]
pub(crate) struct Placed<'a> {
    /// The fact.
    pub(crate) fact: &'a Fact,
    /// Its path with links resolved.
    pub(crate) path: ImagePath,
    /// The layer, from 0, lowest first.
    pub(crate) layer: usize,
    /// Whether a container shows the file.
    pub(crate) presence: Presence,
}

/// All facts of all layers with their presence, lowest layer first.
#[derive(Debug)]
pub(crate) struct Squashed<'a> {
    /// The facts.
    pub(crate) facts: Vec<Placed<'a>>,
    /// The links that are visible in the end.
    pub(crate) links: Links,
}

/// Joins the layers, lowest first.
pub(crate) fn squash(layers: &[LayerFacts]) -> Squashed<'_> {
    let links = Links::gather(layers);
    let mut facts = Vec::new();
    for (idx, layer) in layers.iter().enumerate() {
        let uppers = layers.get(idx + 1..).unwrap_or_default();
        // Facts of one file stand beside each other, so the last answer is mostly the next one.
        let mut last: Option<(&ImagePath, ImagePath, Presence)> = None;
        for fact in &layer.facts {
            let (path, presence) = match &last {
                Some((path, canonical, presence)) if **path == fact.path => {
                    (canonical.clone(), *presence)
                }
                _ => {
                    let canonical = links.canonical(&fact.path, idx);
                    let presence = presence(&links, &canonical, uppers);
                    last = Some((&fact.path, canonical.clone(), presence));
                    (canonical, presence)
                }
            };
            facts.push(Placed {
                fact,
                path,
                layer: idx,
                presence,
            });
        }
    }
    Squashed { facts, links }
}

fn presence(links: &Links, canonical: &ImagePath, uppers: &[LayerFacts]) -> Presence {
    let hidden = uppers.iter().any(|upper| {
        upper.tree.hides(canonical.as_str())
            || links
                .aliases(canonical)
                .any(|(link, rest)| upper.tree.hides_below(link, rest))
    });
    if hidden {
        Presence::Deleted
    } else {
        Presence::Visible
    }
}
