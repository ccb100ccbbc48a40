//! Names as a container sees them: through symbolic links, from its working directory, along its `PATH`.
//!
//! Sources: `path_resolution(7)`, `execvp(3)`.

use plimsoll_model::image::RunConfig;
use plimsoll_model::{ImagePath, PathKey};

use crate::layer::LayerFacts;
use crate::links::{LINK_LIMIT, Links, resolve};

/// Where a shell looks where the image sets no `PATH` (Docker's default).
const PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// Most folders of `PATH` that are looked at.
const MOST_FOLDERS: usize = 64;

/// The names in a container's filesystem.
#[derive(Clone, Copy)]
pub(super) struct Paths<'a> {
    pub(super) layers: &'a [LayerFacts],
    pub(super) run: &'a RunConfig,
}

impl<'a> Paths<'a> {
    /// The path behind all symbolic links; the path itself where they run in circles.
    pub(super) fn real(self, path: &ImagePath) -> ImagePath {
        let mut current = path.clone();
        for _ in 0..LINK_LIMIT {
            let Some(next) = self.step(&current) else {
                return current;
            };
            current = next;
        }
        path.clone()
    }

    /// Resolves the first link on the way.
    fn step(self, path: &ImagePath) -> Option<ImagePath> {
        let text = path.as_str();
        let ends = text.match_indices('/').map(|(at, _)| at);
        ends.chain([text.len()]).find_map(|end| {
            let (prefix, rest) = text.split_at(end);
            let target = self.link(prefix)?;
            Some(resolve(&ImagePath::new(prefix), target).join(rest))
        })
    }

    /// The target of the visible link at a path.
    fn link(self, path: &str) -> Option<&'a str> {
        let mut layers = self.layers.iter().enumerate().rev();
        let (at, target) = layers.find_map(|(at, layer)| Some((at, layer.tree.link(path)?)))?;
        let mut above = self.layers.iter().skip(at.saturating_add(1));
        (!above.any(|layer| layer.tree.hides(path))).then_some(target)
    }

    /// The path as the container's working directory makes it whole.
    pub(super) fn whole(self, word: &str) -> ImagePath {
        if word.starts_with('/') {
            ImagePath::new(word)
        } else {
            ImagePath::new(&self.run.working_dir).join(word)
        }
    }

    /// Where a word of a command is looked for: at that path, or in each folder of `PATH`.
    pub(super) fn places(self, word: &str) -> impl Iterator<Item = ImagePath> + use<'a> {
        let word = word.to_owned();
        let is_path = word.contains('/');
        let set = self
            .run
            .env
            .iter()
            .rev()
            .find_map(|line| line.strip_prefix("PATH="));
        let folders = set.unwrap_or(PATH).split(':').take(MOST_FOLDERS);
        let folders = (!is_path).then_some(folders).into_iter().flatten();
        let own = is_path.then(|| self.whole(&word));
        own.into_iter()
            .chain(folders.map(move |folder| self.whole(folder).join(&word)))
    }

    /// The visible file at a path, links resolved; `None` where there is none.
    pub(super) fn file(self, path: &ImagePath, links: &Links) -> Option<ImagePath> {
        let real = self.real(path);
        let found = self.is_entry(real.as_str())
            || links
                .aliases(&real)
                .any(|(link, rest)| self.is_entry(&format!("{link}{rest}")));
        found.then_some(real)
    }

    /// Whether the topmost entry of exactly this name is no directory and not hidden.
    fn is_entry(self, path: &str) -> bool {
        let key = PathKey::of(path);
        let has = |layer: &LayerFacts| layer.tree.files.binary_search(&key).is_ok();
        let Some(at) = self.layers.iter().rposition(has) else {
            return false;
        };
        let mut above = self.layers.iter().skip(at.saturating_add(1));
        !above.any(|layer| layer.tree.hides(path))
    }
}
