//! Copies inside of Python packages that a list names but the image does not hold.
//!
//! pip lists the packages that it carries copies of in `_vendor/vendor.txt`. Distributions take the copies out
//! and leave the list: Debian 11 has wheels of other versions instead. So a package of such a list counts only
//! where its module lies beside the list.

use plimsoll_model::ImagePath;
use plimsoll_model::fact::{EvidenceKind, FactBody, PackageFact};

use crate::layer::LayerFacts;
use crate::links::Links;
use crate::squash::Squashed;

/// Drops the packages of lists whose modules are not there.
pub(crate) fn drop_missing_copies(squashed: &mut Squashed<'_>, layers: &[LayerFacts]) {
    let links = &squashed.links;
    squashed.facts.retain(|placed| match &placed.fact.body {
        FactBody::Package(package) if is_listed(package, &placed.path) => {
            let folder = placed.path.parent();
            folder.is_some_and(|folder| has_module(layers, links, &folder, &package.name))
        }
        _ => true,
    });
}

/// Whether a list says so; metadata of a copy is evidence of its own.
fn is_listed(package: &PackageFact, path: &ImagePath) -> bool {
    package.evidence == EvidenceKind::Vendored && path.as_str().ends_with("/_vendor/vendor.txt")
}

fn has_module(layers: &[LayerFacts], links: &Links, folder: &ImagePath, name: &str) -> bool {
    let as_written = name.replace(['-', '.'], "_");
    let lower = as_written.to_lowercase();
    // The copy of setuptools is only this part of it, and msgpack once had another name.
    let other = match lower.as_str() {
        "setuptools" => "pkg_resources",
        "msgpack_python" => "msgpack",
        other => other,
    };
    [as_written.as_str(), other].iter().any(|module| {
        ["/__init__.py", ".py", "/__init__.pyc", ".pyc"]
            .iter()
            .any(|end| is_visible(layers, links, &format!("{}/{module}{end}", folder.as_str())))
    })
}

/// Whether a container shows a file at this path or at one that leads to it.
pub(crate) fn is_visible(layers: &[LayerFacts], links: &Links, path: &str) -> bool {
    let shown = |path: &str| {
        let key = ImagePath::new(path).key();
        let top = layers.iter().rev().find_map(|layer| {
            let has = layer.tree.files.binary_search(&key).is_ok();
            (has || layer.tree.hides(path)).then_some(has)
        });
        top == Some(true)
    };
    let canonical = ImagePath::new(path);
    shown(path)
        || links
            .aliases(&canonical)
            .any(|(link, rest)| shown(&format!("{link}{rest}")))
}

#[cfg(test)]
mod tests {
    use plimsoll_model::Ecosystem;
    use plimsoll_model::fact::Fact;
    use plimsoll_model::image::RunConfig;

    use super::*;
    use crate::derive::derive;

    const LIST: &str = "usr/lib/python3/dist-packages/pip/_vendor/vendor.txt";

    fn layer(files: &[&str], packages: &[&str]) -> LayerFacts {
        let mut layer = LayerFacts::default();
        layer.tree.files = files
            .iter()
            .map(|path| ImagePath::new(path).key())
            .collect();
        layer.tree.files.sort_unstable();
        for name in packages {
            let mut package = PackageFact::new(Ecosystem::Pypi, *name, "1.0");
            package.evidence = EvidenceKind::Vendored;
            layer.facts.push(Fact {
                path: ImagePath::new(LIST),
                analyzer: "lang/python".to_owned(),
                body: FactBody::Package(Box::new(package)),
            });
        }
        layer
    }

    fn names(layers: &[LayerFacts]) -> Vec<String> {
        let packages = derive(layers, None, &RunConfig::default()).packages;
        packages
            .into_iter()
            .map(|package| package.fact.name)
            .collect()
    }

    #[test]
    fn a_listed_copy_counts_where_its_module_is() {
        const COPIES: &[&str] = &[
            "usr/lib/python3/dist-packages/pip/_vendor/cachecontrol/__init__.py",
            "usr/lib/python3/dist-packages/pip/_vendor/pkg_resources/__init__.py",
            "usr/lib/python3/dist-packages/pip/_vendor/typing_extensions.py",
            "usr/lib/python3/dist-packages/pip/_vendor/vendor.txt",
        ];
        let listed = ["CacheControl", "setuptools", "typing-extensions", "urllib3"];
        let lower = layer(COPIES, &listed);
        assert_eq!(
            names(std::slice::from_ref(&lower)),
            ["CacheControl", "setuptools", "typing-extensions"]
        );
        let mut upper = LayerFacts::default();
        let gone = ImagePath::new("usr/lib/python3/dist-packages/pip/_vendor/cachecontrol");
        upper.tree.whiteouts.push(gone.key());
        assert_eq!(names(&[lower, upper]), ["setuptools", "typing-extensions"]);
        assert!(names(&[layer(&[LIST], &listed)]).is_empty());
    }
}
