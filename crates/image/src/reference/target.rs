//! What an argument of the command line points to.

use std::path::{Path, PathBuf};

use plimsoll_model::Digest;
use plimsoll_model::image::SourceKind;

use super::{ParseReferenceError, Reference, is_hexadecimal};

/// An image and the source that it is in.
///
/// The schemes are `docker:`, `podman:`, `registry:`, `docker-archive:`, `oci-archive:`, `oci-dir:` and
/// `dir:`. A scheme always wins, so that `docker:dind` is the image `dind` of the Docker daemon; the image
/// `docker` of Docker Hub is `docker.io/library/docker:dind` or `registry:docker:dind`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// An image of the Docker daemon.
    Docker(DaemonName),
    /// An image of the Podman service.
    Podman(DaemonName),
    /// An image of a registry.
    Registry(Reference),
    /// An image in a `docker save` archive.
    DockerArchive(FileImage),
    /// An image in an OCI layout in an archive.
    OciArchive(FileImage),
    /// An image in an archive of either kind; what is in it decides.
    Archive(FileImage),
    /// An image in an OCI layout directory.
    OciDir(FileImage),
    /// A root filesystem directory.
    Dir(PathBuf),
}

/// How a daemon knows an image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DaemonName {
    /// By name. A short image id also has the form of a name; the daemon finds out.
    Named(Reference),
    /// By the digest of its configuration.
    Id(Digest),
}

/// An image in a file or directory that may hold several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileImage {
    /// The file or directory.
    pub path: PathBuf,
    /// Which of its images; `None` for the only one.
    pub selector: Option<Selector>,
}

/// Which of several images.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Selector {
    /// The one with this name, or this tag.
    Name(String),
    /// The one whose manifest or configuration has this digest.
    Digest(Digest),
}

impl std::fmt::Display for Selector {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Name(name) => f.write_str(name),
            Self::Digest(digest) => digest.fmt(f),
        }
    }
}

/// What is at a path, as far as the choice of a source needs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ContentKind {
    /// A file.
    File,
    /// A directory with an `oci-layout` file.
    OciDir,
    /// Another directory.
    Dir,
}

/// What a bare name can find; the shell answers from the machine, tests from a table.
pub trait Surroundings {
    /// What is at `path`; `None` if nothing is.
    fn at(&self, path: &Path) -> Option<ContentKind>;

    /// The daemons that answer here, in the order in which they are to be asked: [`SourceKind::Docker`],
    /// [`SourceKind::Podman`].
    fn daemons(&self) -> Vec<SourceKind>;
}

impl Target {
    /// Reads an argument; the answer is what to try, in this order, until a source has the image.
    ///
    /// The list is never empty, and longer than one only for bare names that are no path: first the daemons
    /// that are there, then the registry.
    pub fn find(
        argument: &str,
        surroundings: &dyn Surroundings,
    ) -> Result<Vec<Self>, ParseReferenceError> {
        let error = |reason: &str| ParseReferenceError {
            text: argument.chars().take(160).collect(),
            reason: reason.to_owned(),
        };
        let Some((scheme, rest)) = split_scheme(argument) else {
            return find_bare(argument, surroundings);
        };
        if rest.starts_with("//") && !rest.starts_with("///") && is_named(scheme) {
            return Err(error(
                "write `registry:NAME` for a registry and `docker:NAME` for the daemon, without `//`",
            ));
        }
        if rest.is_empty() {
            return Err(error("nothing follows the scheme"));
        }
        let file = || FileImage::find(rest, |path| surroundings.at(path).is_some());
        Ok(vec![match scheme {
            SourceKind::Docker => Self::Docker(rest.parse()?),
            SourceKind::Podman => Self::Podman(rest.parse()?),
            SourceKind::Registry => Self::Registry(rest.parse()?),
            SourceKind::DockerArchive => Self::DockerArchive(file()?),
            SourceKind::OciArchive => Self::OciArchive(file()?),
            SourceKind::OciDir => Self::OciDir(file()?),
            SourceKind::Dir => Self::Dir(rest.into()),
            SourceKind::Sbom => return Err(error("a bill of materials is no image")),
        }])
    }
}

fn is_named(kind: SourceKind) -> bool {
    matches!(
        kind,
        SourceKind::Docker | SourceKind::Podman | SourceKind::Registry
    )
}

fn split_scheme(argument: &str) -> Option<(SourceKind, &str)> {
    const KINDS: [SourceKind; 8] = [
        SourceKind::Docker,
        SourceKind::Podman,
        SourceKind::Registry,
        SourceKind::DockerArchive,
        SourceKind::OciArchive,
        SourceKind::OciDir,
        SourceKind::Dir,
        SourceKind::Sbom,
    ];
    let (scheme, rest) = argument.split_once(':')?;
    let kind = KINDS.into_iter().find(|kind| kind.name() == scheme)?;
    Some((kind, rest))
}

/// A bare name: a path if it exists, else an image of a daemon, else an image of Docker Hub or the registry
/// that it names.
fn find_bare(
    argument: &str,
    surroundings: &dyn Surroundings,
) -> Result<Vec<Target>, ParseReferenceError> {
    let whole = FileImage {
        path: argument.into(),
        selector: None,
    };
    // A bare `nginx:1.27` beside a folder `nginx` means the image; so only what holds several images is split.
    let holds_images = |path: &Path| {
        surroundings
            .at(path)
            .is_some_and(|kind| kind != ContentKind::Dir)
    };
    let file = match surroundings.at(&whole.path) {
        Some(_) => whole,
        None => FileImage::find(argument, holds_images)?,
    };
    if let Some(kind) = surroundings.at(&file.path) {
        return Ok(vec![match kind {
            ContentKind::File => Target::Archive(file),
            ContentKind::OciDir => Target::OciDir(file),
            ContentKind::Dir => Target::Dir(file.path),
        }]);
    }
    let name: DaemonName = argument.parse()?;
    let mut targets: Vec<Target> = surroundings
        .daemons()
        .into_iter()
        .filter_map(|kind| match kind {
            SourceKind::Docker => Some(Target::Docker(name.clone())),
            SourceKind::Podman => Some(Target::Podman(name.clone())),
            _ => None,
        })
        .collect();
    match name {
        DaemonName::Named(reference) => targets.push(Target::Registry(reference)),
        DaemonName::Id(_) if targets.is_empty() => {
            return Err(ParseReferenceError {
                text: argument.chars().take(160).collect(),
                reason: "it is an image id, and no daemon is here to know it".into(),
            });
        }
        DaemonName::Id(_) => {}
    }
    Ok(targets)
}

impl FileImage {
    /// Splits `FILE`, `FILE:NAME`, `FILE:NAME:TAG` or `FILE@DIGEST`; the longest path that exists wins, so
    /// that paths with colons work. If none exists the whole text is the path.
    fn find(text: &str, exists: impl Fn(&Path) -> bool) -> Result<Self, ParseReferenceError> {
        let ends = text.rmatch_indices([':', '@']).map(|(at, _)| at);
        for end in std::iter::once(text.len()).chain(ends) {
            let (Some(path), Some(rest)) = (text.get(..end), text.get(end..)) else {
                continue;
            };
            if path.is_empty() || !exists(Path::new(path)) {
                continue;
            }
            return Ok(Self {
                path: path.into(),
                selector: selector(rest)?,
            });
        }
        Ok(Self {
            path: text.into(),
            selector: None,
        })
    }
}

/// Reads what follows the path: nothing, `:NAME` or `@DIGEST`.
fn selector(rest: &str) -> Result<Option<Selector>, ParseReferenceError> {
    let error = |reason: String| ParseReferenceError {
        text: rest.chars().take(160).collect(),
        reason,
    };
    if let Some(digest) = rest.strip_prefix('@') {
        let digest = digest.parse::<Digest>().map_err(|e| error(e.to_string()))?;
        return Ok(Some(Selector::Digest(digest)));
    }
    match rest.strip_prefix(':') {
        None => Ok(None),
        Some("") => Err(error("a name or a tag has to follow the colon".into())),
        Some(name) => Ok(Some(Selector::Name(name.to_owned()))),
    }
}

impl std::str::FromStr for DaemonName {
    type Err = ParseReferenceError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.len() == 64 && is_hexadecimal(text) {
            if let Ok(digest) = format!("sha256:{text}").parse() {
                return Ok(Self::Id(digest));
            }
        } else if let Ok(digest) = text.parse() {
            return Ok(Self::Id(digest));
        }
        text.parse().map(Self::Named)
    }
}

impl std::fmt::Display for DaemonName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Named(reference) => reference.fmt(f),
            Self::Id(digest) => digest.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    const HEX: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    struct Here(BTreeMap<&'static str, ContentKind>, Vec<SourceKind>);

    impl Surroundings for Here {
        fn at(&self, path: &Path) -> Option<ContentKind> {
            self.0.get(path.to_str().unwrap()).copied()
        }

        fn daemons(&self) -> Vec<SourceKind> {
            self.1.clone()
        }
    }

    fn here() -> Here {
        let paths = [
            ("a.tar", ContentKind::File),
            ("a.tar:b", ContentKind::File),
            ("o.tar", ContentKind::File),
            ("layout", ContentKind::OciDir),
            ("nginx", ContentKind::Dir),
            ("./x@y/root", ContentKind::Dir),
        ];
        Here(
            BTreeMap::from(paths),
            vec![SourceKind::Docker, SourceKind::Podman],
        )
    }

    fn find(text: &str) -> Vec<Target> {
        Target::find(text, &here()).unwrap()
    }

    fn file(path: &str, selector: Option<&str>) -> FileImage {
        FileImage {
            path: path.into(),
            selector: selector.map(|name| Selector::Name(name.into())),
        }
    }

    #[test]
    fn a_bare_name_is_a_path_if_it_exists() {
        assert_eq!(find("a.tar"), [Target::Archive(file("a.tar", None))]);
        assert_eq!(
            find("o.tar:app:1"),
            [Target::Archive(file("o.tar", Some("app:1")))]
        );
        assert_eq!(
            find("layout:1"),
            [Target::OciDir(file("layout", Some("1")))]
        );
        assert_eq!(find("nginx"), [Target::Dir("nginx".into())]);
        assert_eq!(find("./x@y/root"), [Target::Dir("./x@y/root".into())]);
    }

    #[test]
    fn the_longest_existing_path_wins() {
        assert_eq!(
            find("a.tar:b:c"),
            [Target::Archive(file("a.tar:b", Some("c")))]
        );
        assert_eq!(
            find("docker-archive:a.tar:c"),
            [Target::DockerArchive(file("a.tar", Some("c")))]
        );
        assert_eq!(
            find("oci-dir:gone:c"),
            [Target::OciDir(file("gone:c", None))]
        );
        let digest = format!("sha256:{HEX}");
        assert_eq!(
            find(&format!("o.tar@{digest}")),
            [Target::Archive(FileImage {
                path: "o.tar".into(),
                selector: Some(Selector::Digest(digest.parse().unwrap())),
            })]
        );
    }

    #[test]
    fn other_bare_names_are_asked_of_daemons_then_of_the_registry() {
        let name: Reference = "nginx:1".parse().unwrap();
        let expected = [
            Target::Docker(DaemonName::Named(name.clone())),
            Target::Podman(DaemonName::Named(name.clone())),
            Target::Registry(name.clone()),
        ];
        // A folder called `nginx` is not taken for the repository of `nginx:1`.
        assert_eq!(find("nginx:1"), expected);
        let alone = Here(BTreeMap::new(), Vec::new());
        assert_eq!(
            Target::find("nginx:1", &alone).unwrap(),
            [Target::Registry(name)]
        );
    }

    #[test]
    fn image_ids_are_for_daemons_alone() {
        let id = DaemonName::Id(format!("sha256:{HEX}").parse().unwrap());
        for text in [HEX.to_owned(), format!("sha256:{HEX}")] {
            assert_eq!(
                find(&text),
                [Target::Docker(id.clone()), Target::Podman(id.clone())]
            );
            let alone = Here(BTreeMap::new(), Vec::new());
            assert!(Target::find(&text, &alone).is_err());
            assert_eq!(
                find(&format!("podman:{text}")),
                [Target::Podman(id.clone())]
            );
        }
    }

    #[test]
    fn schemes_win_over_names() {
        assert_eq!(
            find("docker:dind"),
            [Target::Docker("dind".parse().unwrap())]
        );
        assert_eq!(
            find("registry:docker:dind"),
            [Target::Registry("docker:dind".parse().unwrap())]
        );
        assert_eq!(find("dir:/srv/a:b"), [Target::Dir("/srv/a:b".into())]);
        assert_eq!(
            find("oci-archive:o.tar"),
            [Target::OciArchive(file("o.tar", None))]
        );
    }

    #[test]
    fn nonsense_is_refused() {
        for (text, reason) in [
            ("", "empty"),
            ("dir:", "nothing follows"),
            ("docker://nginx", "without `//`"),
            ("a.tar:b:", "has to follow"),
            ("o.tar@sha256:12", "length"),
            ("Gone.tar", "lower case"),
        ] {
            let error = Target::find(text, &here()).unwrap_err().to_string();
            assert!(error.contains(reason), "{text}: {error}");
        }
    }
}
