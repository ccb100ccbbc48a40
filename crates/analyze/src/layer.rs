//! What one layer says, as it is cached.

use plimsoll_model::fact::Fact;
use plimsoll_model::{ImagePath, PathKey, Problem};
use serde::{Deserialize, Serialize};

/// Everything that a layer says: its facts, and enough of its tree to join it with other layers.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct LayerFacts {
    /// What the analyzers said, in the order of the archive.
    pub facts: Vec<Fact>,
    /// What could not be read.
    pub problems: Vec<Problem>,
    /// The names that hide or carry others.
    pub tree: LayerTree,
    /// Number of entries.
    pub entries: u64,
    /// Bytes of the uncompressed content; `None` for a directory.
    pub size: Option<u64>,
}

/// The names in a layer, as far as the squash needs them.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct LayerTree {
    /// Everything that is neither a directory nor a whiteout, sorted.
    #[serde(with = "plimsoll_model::path::keys")]
    pub files: Vec<PathKey>,
    /// Directories that have an entry of their own, sorted.
    #[serde(with = "plimsoll_model::path::keys")]
    pub directories: Vec<PathKey>,
    /// Paths that this layer removes from those below it (OCI layer specification, "Whiteouts"), sorted.
    #[serde(with = "plimsoll_model::path::keys")]
    pub whiteouts: Vec<PathKey>,
    /// Directories whose content in lower layers is hidden ("Opaque Whiteout"), sorted.
    #[serde(with = "plimsoll_model::path::keys")]
    pub opaques: Vec<PathKey>,
    /// Symbolic links and their targets as written, sorted by path; of one path the last one counts.
    pub links: Vec<(ImagePath, String)>,
}

impl LayerTree {
    /// Brings the lists into the order in which [`LayerTree::hides`] searches them.
    pub(crate) fn sort(&mut self) {
        for keys in [
            &mut self.files,
            &mut self.directories,
            &mut self.whiteouts,
            &mut self.opaques,
        ] {
            keys.sort_unstable();
            keys.dedup();
        }
        // Stable, so that of equal paths the later one stays behind the earlier.
        self.links.sort_by(|(a, _), (b, _)| a.cmp(b));
    }

    /// The target of the symbolic link at a path, as written.
    pub(crate) fn link(&self, path: &str) -> Option<&str> {
        let after = self
            .links
            .partition_point(|(link, _)| link.as_str() <= path);
        let (link, target) = self.links.get(after.checked_sub(1)?)?;
        (link.as_str() == path).then_some(target.as_str())
    }

    /// Whether a file with this path in a lower layer is hidden by this layer: replaced, removed, or below
    /// something that was replaced, removed or made opaque.
    pub(crate) fn hides(&self, path: &str) -> bool {
        let has = |keys: &[PathKey], key: &PathKey| keys.binary_search(key).is_ok();
        let key = PathKey::of(path);
        if has(&self.files, &key) || has(&self.directories, &key) || has(&self.whiteouts, &key) {
            return true;
        }
        let root_is_opaque = !self.opaques.is_empty() && has(&self.opaques, &PathKey::of(""));
        root_is_opaque
            || ancestors(path).any(|above| {
                let key = PathKey::of(above);
                has(&self.whiteouts, &key) || has(&self.opaques, &key) || has(&self.files, &key)
            })
    }

    /// Whether this layer hides what lies at `rest` below the link `link`, through that link. The link's own
    /// entry does not count: archives repeat it.
    pub(crate) fn hides_below(&self, link: &str, rest: &str) -> bool {
        let has = |keys: &[PathKey], key: &PathKey| keys.binary_search(key).is_ok();
        let path = format!("{link}{rest}");
        let key = PathKey::of(&path);
        if has(&self.files, &key) || has(&self.directories, &key) || has(&self.whiteouts, &key) {
            return true;
        }
        ancestors(&path)
            .take_while(|above| above.len() > link.len())
            .any(|above| {
                let key = PathKey::of(above);
                has(&self.whiteouts, &key) || has(&self.opaques, &key) || has(&self.files, &key)
            })
    }
}

fn ancestors(path: &str) -> impl Iterator<Item = &str> {
    path.rmatch_indices('/')
        .map(|(at, _)| path.get(..at).unwrap_or_default())
}
