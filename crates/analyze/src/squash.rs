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
    /// The lowest layer above it that hides the file, if one does.
    pub(crate) hidden_by: Option<usize>,
    /// Whether it counts though it is hidden, see [`crate::recovered`].
    pub(crate) recovered: bool,
}

impl Placed<'_> {
    /// Whether a container shows the file.
    pub(crate) fn presence(&self) -> Presence {
        match self.hidden_by {
            None => Presence::Visible,
            Some(_) => Presence::Deleted,
        }
    }

    /// Whether the fact is true of the image: its file is visible, or the fact was recovered.
    pub(crate) fn counts(&self) -> bool {
        self.hidden_by.is_none() || self.recovered
    }
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
        // Facts of one file stand beside each other, so the last answer is mostly the next one.
        let mut last: Option<(&ImagePath, ImagePath, Option<usize>)> = None;
        for fact in &layer.facts {
            let (path, hidden_by) = match &last {
                Some((path, canonical, hidden_by)) if **path == fact.path => {
                    (canonical.clone(), *hidden_by)
                }
                _ => {
                    let canonical = links.canonical(&fact.path, idx);
                    let hidden_by = hidden_by(&links, &canonical, layers, idx);
                    last = Some((&fact.path, canonical.clone(), hidden_by));
                    (canonical, hidden_by)
                }
            };
            facts.push(Placed {
                fact,
                path,
                layer: idx,
                hidden_by,
                recovered: false,
            });
        }
    }
    Squashed { facts, links }
}

fn hidden_by(
    links: &Links,
    canonical: &ImagePath,
    layers: &[LayerFacts],
    layer: usize,
) -> Option<usize> {
    let mut uppers = layers.iter().enumerate().skip(layer + 1);
    uppers
        .find(|(_, upper)| {
            upper.tree.hides(canonical.as_str())
                || links
                    .aliases(canonical)
                    .any(|(link, rest)| upper.tree.hides_below(link, rest))
        })
        .map(|(idx, _)| idx)
}
