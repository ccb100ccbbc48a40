//! Symbolic links to directories, across layers.
//!
//! Since the merge of `/lib` into `/usr/lib` one file has several names. A package manager may record one,
//! the archive another.

use std::collections::BTreeMap;

use foldhash::{HashMap, HashMapExt, HashSet, HashSetExt};

use plimsoll_model::ImagePath;

use crate::layer::LayerFacts;

/// How many links one path may pass before it counts as a cycle; the kernel's own limit is 40.
pub(crate) const LINK_LIMIT: usize = 40;

/// One symbolic link.
#[derive(Debug)]
struct Link {
    /// The lexically resolved target.
    target: ImagePath,
    /// The lowest layer since which the name has been this link without a break.
    since: usize,
}

/// The symbolic links to directories that are visible in the final filesystem.
#[derive(Debug, Default)]
pub(crate) struct Links {
    links: HashMap<String, Link>,
    /// Resolved target to the links that lead there, for the way back.
    back: BTreeMap<String, Vec<String>>,
}

impl Links {
    /// Gathers the links of all layers, lowest first; what a higher layer hides is left out.
    pub(crate) fn gather(layers: &[LayerFacts]) -> Self {
        let relevant = Relevant::of(layers);
        let mut links: HashMap<String, Link> = HashMap::new();
        for (idx, layer) in layers.iter().enumerate() {
            let here = relevant.links(layer);
            if idx > 0 {
                links.retain(|path, link| {
                    here.get(path.as_str()) == Some(&link.target) || !layer.tree.hides(path)
                });
            }
            for (path, target) in here {
                links
                    .entry(path.to_owned())
                    .or_insert(Link { target, since: idx });
            }
        }
        let mut all = Self {
            links,
            back: BTreeMap::new(),
        };
        let mut names: Vec<String> = all.links.keys().cloned().collect();
        names.sort_unstable();
        let mut back: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for name in names {
            let end = all.canonical(&ImagePath::new(&name), layers.len());
            back.entry(end.as_str().to_owned()).or_default().push(name);
        }
        all.back = back;
        all
    }

    /// The path, as an entry of `layer`, with every link on the way resolved; the path itself where it runs
    /// in circles. A link of a higher layer does not count: it replaced the directory of that name.
    pub(crate) fn canonical(&self, path: &ImagePath, layer: usize) -> ImagePath {
        let mut current = path.clone();
        for _ in 0..LINK_LIMIT {
            let Some(next) = self.step(&current, layer) else {
                return current;
            };
            current = next;
        }
        path.clone()
    }

    /// Resolves the first link on the way.
    fn step(&self, path: &ImagePath, layer: usize) -> Option<ImagePath> {
        if self.links.is_empty() {
            return None;
        }
        let text = path.as_str();
        let ends = text
            .match_indices('/')
            .map(|(at, _)| at)
            .chain([text.len()]);
        for end in ends {
            let (prefix, rest) = text.split_at(end);
            if let Some(link) = self.links.get(prefix)
                && link.since <= layer
            {
                return Some(link.target.join(rest));
            }
        }
        None
    }

    /// Every other name under which the file at a canonical path may be known, each as the link and what
    /// comes after it.
    pub(crate) fn aliases<'a>(
        &'a self,
        canonical: &'a ImagePath,
    ) -> impl Iterator<Item = (&'a str, &'a str)> {
        let text = canonical.as_str();
        let above = text
            .rmatch_indices('/')
            .map(move |(at, _)| text.split_at(at));
        let prefixes = above.take(if self.back.is_empty() { 0 } else { usize::MAX });
        prefixes.flat_map(move |(prefix, rest)| {
            let links = self.back.get(prefix).map_or(&[][..], Vec::as_slice);
            links.iter().map(move |link| (link.as_str(), rest))
        })
    }
}

/// Tells the links that lead to folders with facts, or that are such folders, from all others: links between
/// libraries and commands are far more in number and of no interest here.
struct Relevant<'a> {
    /// Every folder above a fact.
    folders: HashSet<&'a str>,
}

impl<'a> Relevant<'a> {
    fn of(layers: &'a [LayerFacts]) -> Self {
        let mut folders = HashSet::new();
        for fact in layers.iter().flat_map(|layer| &layer.facts) {
            for above in fact.path.ancestors() {
                // What is above a known folder is known.
                if !folders.insert(above) {
                    break;
                }
            }
        }
        Self { folders }
    }

    /// The links of one layer that matter, resolved; links that lead to one of them matter too.
    fn links(&self, layer: &'a LayerFacts) -> BTreeMap<&'a str, ImagePath> {
        let mut found = BTreeMap::new();
        let mut rest = Vec::new();
        for (path, target) in &layer.tree.links {
            let target = resolve(path, target);
            if self.folders.contains(path.as_str()) || self.folders.contains(target.as_str()) {
                found.insert(path.as_str(), target);
            } else {
                rest.push((path.as_str(), target));
            }
        }
        for _ in 0..LINK_LIMIT {
            let before = found.len();
            rest.retain(|(path, target)| {
                let leads_on = found.contains_key(target.as_str());
                if leads_on {
                    found.insert(path, target.clone());
                }
                !leads_on
            });
            if found.len() == before {
                break;
            }
        }
        found
    }
}

/// The target of a link as a path from the root, `..` not above it.
pub(crate) fn resolve(link: &ImagePath, target: &str) -> ImagePath {
    if target.starts_with('/') {
        return ImagePath::new(target);
    }
    match link.as_str().rsplit_once('/') {
        Some((parent, _)) => ImagePath::new(&[parent, target].join("/")),
        None => ImagePath::new(target),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use plimsoll_model::fact::{Fact, FactBody, OsRelease};

    fn layer(links: &[(&str, &str)], facts: &[&str]) -> LayerFacts {
        let mut layer = LayerFacts::default();
        for (path, target) in links {
            layer.tree.files.push(ImagePath::new(path).key());
            layer
                .tree
                .links
                .push((ImagePath::new(path), (*target).to_owned()));
        }
        layer.tree.sort();
        layer.facts = facts
            .iter()
            .map(|path| Fact {
                path: ImagePath::new(path),
                analyzer: String::new(),
                body: FactBody::OsRelease(OsRelease::default()),
            })
            .collect();
        layer
    }

    #[test]
    fn links_are_followed_and_cycles_end() {
        let one = layer(
            &[
                ("lib", "usr/lib"),
                ("var/lib/rpm", "../../usr/lib/sysimage/rpm"),
                ("a", "b"),
                ("b", "/a"),
                ("up", "../../../etc"),
                ("over", "/up"),
            ],
            &[
                "usr/lib/apk/db/installed",
                "usr/lib/sysimage/rpm/Packages",
                "a/x",
                "etc/passwd",
            ],
        );
        let links = Links::gather(&[one]);
        for (path, canonical) in [
            ("lib/apk/db/installed", "usr/lib/apk/db/installed"),
            ("var/lib/rpm/Packages", "usr/lib/sysimage/rpm/Packages"),
            ("a/x", "a/x"),
            ("up/passwd", "etc/passwd"),
            ("over/passwd", "etc/passwd"),
            ("plain", "plain"),
        ] {
            assert_eq!(
                links.canonical(&ImagePath::new(path), 0).as_str(),
                canonical,
                "{path}"
            );
        }
        let path = ImagePath::new("usr/lib/apk/db/installed");
        assert_eq!(
            links.aliases(&path).collect::<Vec<_>>(),
            [("lib", "/apk/db/installed")]
        );
    }

    #[test]
    fn a_link_that_became_a_directory_is_no_link() {
        let lower = layer(&[("lib", "usr/lib")], &["usr/lib/x"]);
        let mut upper = LayerFacts::default();
        upper.tree.directories.push(ImagePath::new("lib").key());
        let links = Links::gather(&[lower, upper]);
        assert_eq!(
            links.canonical(&ImagePath::new("lib/x"), 1).as_str(),
            "lib/x"
        );
    }
}
