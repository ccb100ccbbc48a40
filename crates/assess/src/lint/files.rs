//! Which files of a folder are linted.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use plimsoll_model::Text;
use plimsoll_workload::Manifest;

use super::Source;

/// What a file is, as far as its name says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Hint {
    /// A Dockerfile or Containerfile.
    Dockerfile,
    /// YAML, perhaps of something that is run.
    Yaml,
    /// The name says nothing, so that the text decides.
    Text,
}

impl Hint {
    /// Whether a text is to be read as YAML and not as a Dockerfile: where the name does not say, if it reads as
    /// something that is run. A Dockerfile may well hold lines of a manifest, but has stages.
    pub(super) fn is_yaml(self, text: &str) -> bool {
        match self {
            Self::Dockerfile => false,
            Self::Yaml => true,
            Self::Text => Manifest::read("", text).is_some_and(|manifest| {
                let is_sound = manifest.tree.errors.is_empty();
                is_sound || plimsoll_dockerfile::parse(text).stages.is_empty()
            }),
        }
    }
}

/// A path that was asked for and cannot be linted.
#[derive(Debug, thiserror::Error)]
#[error("cannot lint `{}`", path.display())]
pub struct FindError {
    /// The path as it was given.
    pub path: PathBuf,
    /// Why.
    #[source]
    pub source: io::Error,
}

/// Folders that hold what others wrote, or nothing that anybody wrote.
const SKIPPED: &[&str] = &[
    ".git",
    ".hg",
    ".jj",
    ".svn",
    ".terraform",
    ".tox",
    ".venv",
    "__pycache__",
    "bower_components",
    "node_modules",
    "venv",
];

/// What stands behind the name of a Dockerfile and makes it something else.
const OTHERS: &[&str] = &[
    ".dockerignore",
    ".containerignore",
    ".md",
    ".rst",
    ".orig",
    ".rej",
    ".swp",
    "~",
];

/// Folders within folders at most.
const DEPTH: usize = 64;
/// Entries of all folders at most.
const ENTRIES: usize = 1_000_000;
/// Files at most.
const FILES: usize = 100_000;

/// What a name says that a file is; `None` for names that say nothing.
#[must_use]
pub(super) fn hint(name: &str) -> Option<Hint> {
    if OTHERS.iter().any(|end| name.ends_with(end)) {
        return None;
    }
    let lower = name.to_ascii_lowercase();
    for family in ["Dockerfile", "Containerfile"] {
        let small = family.to_ascii_lowercase();
        // `dockerfile.go` is a program; `Dockerfile.go` may well build one.
        let rest = name.strip_prefix(family);
        if lower == small
            || rest.is_some_and(|rest| rest.starts_with(['.', '-', '_']))
            || lower
                .strip_suffix(&small)
                .is_some_and(|head| head.ends_with('.'))
        {
            return Some(Hint::Dockerfile);
        }
    }
    let (_, end) = lower.rsplit_once('.')?;
    matches!(end, "yaml" | "yml").then_some(Hint::Yaml)
}

/// What a path means.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Found {
    /// The files, sorted.
    pub sources: Vec<Source>,
    /// What of the folder could not be looked at, and why.
    pub unread: Vec<(String, Text)>,
}

/// The files that a path means: itself, or those of the folder and the folders in it.
///
/// Links within a folder are followed to files of the same folder only.
pub fn find(path: &Path) -> Result<Found, FindError> {
    let error = |source| FindError {
        path: path.to_owned(),
        source,
    };
    if !fs::metadata(path).map_err(error)?.is_dir() {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let source = Source {
            name: shown(path),
            path: Some(path.to_owned()),
            is_asked: true,
            hint: hint(&name).unwrap_or(Hint::Text),
        };
        return Ok(Found {
            sources: vec![source],
            unread: Vec::new(),
        });
    }
    let mut walk = Walk {
        home: fs::canonicalize(path).map_err(error)?,
        found: Found::default(),
        entries: 0,
        is_full: false,
    };
    let mut open = vec![(path.to_owned(), 0)];
    while let Some((folder, depth)) = open.pop() {
        walk.folder(&folder, depth, &mut open);
    }
    if walk.is_full {
        let reason = Text::new(
            format!(
                "the folder has more than {ENTRIES} entries or {FILES} files to lint; the rest was not looked at"
            ),
            format!("该目录超过 {ENTRIES} 个条目或 {FILES} 个待检查文件,其余未检查"),
        );
        walk.found.unread.push((shown(path), reason));
    }
    walk.found.sources.sort();
    Ok(walk.found)
}

struct Walk {
    home: PathBuf,
    found: Found,
    entries: usize,
    is_full: bool,
}

impl Walk {
    fn folder(&mut self, folder: &Path, depth: usize, open: &mut Vec<(PathBuf, usize)>) {
        if depth > DEPTH {
            let reason = Text::new(
                format!("it lies more than {DEPTH} folders deep"),
                format!("目录层级超过 {DEPTH} 层"),
            );
            self.found.unread.push((shown(folder), reason));
            return;
        }
        let entries = match fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(error) => return self.failed(folder, &error),
        };
        for entry in entries {
            if self.entries >= ENTRIES || self.found.sources.len() >= FILES {
                self.is_full = true;
                return;
            }
            self.entries += 1;
            let kind = entry.and_then(|entry| Ok((entry.path(), entry.file_type()?)));
            let (path, kind) = match kind {
                Ok(known) => known,
                Err(error) => {
                    self.failed(folder, &error);
                    continue;
                }
            };
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            if kind.is_dir() {
                if !SKIPPED.contains(&name.as_ref()) {
                    open.push((path, depth + 1));
                }
            } else if let Some(hint) = hint(&name)
                && (kind.is_file() || self.is_link_within(&path))
            {
                self.found.sources.push(Source {
                    name: shown(&path),
                    path: Some(path),
                    is_asked: false,
                    hint,
                });
            }
        }
    }

    /// Whether a link leads to a file of the folder; what it leads to may be named so that it is not found itself.
    fn is_link_within(&self, path: &Path) -> bool {
        fs::canonicalize(path).is_ok_and(|file| file.is_file() && file.starts_with(&self.home))
    }

    fn failed(&mut self, folder: &Path, error: &io::Error) {
        self.found
            .unread
            .push((shown(folder), Text::verbatim(error.to_string())));
    }
}

/// A path as reports name it: as it was given, without `./`, with slashes.
fn shown(path: &Path) -> String {
    let bare = path.strip_prefix(".").unwrap_or(path);
    let bare = if bare.as_os_str().is_empty() {
        path
    } else {
        bare
    };
    let text = bare.to_string_lossy();
    if cfg!(windows) {
        text.replace('\\', "/")
    } else {
        text.into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_what_a_file_is() {
        for name in [
            "Dockerfile",
            "dockerfile",
            "Dockerfile.prod",
            "Dockerfile-arm64",
            "app.Dockerfile",
            "app.dockerfile",
            "Containerfile",
            "Containerfile.in",
        ] {
            assert_eq!(hint(name), Some(Hint::Dockerfile), "{name}");
        }
        for name in ["compose.yaml", "deployment.YML"] {
            assert_eq!(hint(name), Some(Hint::Yaml), "{name}");
        }
        for name in [
            "Dockerfile.dockerignore",
            "Dockerfile.md",
            "Dockerfile~",
            "dockerfile.go",
            "mydockerfile",
            "Dockerfiles",
            "README",
        ] {
            assert_eq!(hint(name), None, "{name}");
        }
    }

    #[test]
    fn texts_tell_what_names_do_not() {
        let pod = "apiVersion: v1\nkind: Pod\nspec: {containers: [{name: a, image: b}]}\n";
        let inline = "services:\n  a:\n    build:\n      dockerfile_inline: |\n        FROM b\n";
        let template = "apiVersion: v1\nkind: Pod\n{{ if .Values.a }}\nspec: {}\n{{ end }}\n";
        for text in [pod, inline, template] {
            assert!(Hint::Text.is_yaml(text), "{text}");
            assert!(!Hint::Dockerfile.is_yaml(text), "{text}");
        }
        let written = format!("FROM a\nCOPY <<E /pod.yaml\n{pod}E\n");
        for text in [written.as_str(), "FROM a\n", "a: b\n", ""] {
            assert!(!Hint::Text.is_yaml(text), "{text}");
            assert!(Hint::Yaml.is_yaml(text), "{text}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_folder_is_searched_but_not_left() {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let root = folder.path().join("root");
        for (path, text) in [
            ("root/b/Dockerfile", "FROM b\n"),
            ("root/a/app.Dockerfile", "FROM a\n"),
            ("root/a/plain", "FROM a\n"),
            ("root/node_modules/x/Dockerfile", "FROM x\n"),
            ("root/.git/Dockerfile", "FROM x\n"),
            ("root/.devcontainer/Dockerfile", "FROM x\n"),
            ("out/Dockerfile", "FROM x\n"),
        ] {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().expect("it has one")).expect("folders can be made");
            fs::write(path, text).expect("files can be written");
        }
        let link = |to: &str, at: &str| {
            std::os::unix::fs::symlink(to, root.join(at)).expect("links can be made");
        };
        link("../../out/Dockerfile", "a/Dockerfile");
        link("../../out", "a/out");
        link("plain", "a/Dockerfile.plain");
        link("..", "a/loop");
        link("nothing", "Dockerfile");
        let found = find(&root).expect("the folder is there");
        let names: Vec<_> = found
            .sources
            .iter()
            .filter_map(|one| one.path.as_ref()?.strip_prefix(&root).ok()?.to_str())
            .collect();
        assert_eq!(
            names,
            [
                ".devcontainer/Dockerfile",
                "a/Dockerfile.plain",
                "a/app.Dockerfile",
                "b/Dockerfile"
            ]
        );
        assert!(found.unread.is_empty(), "{found:?}");
        let error = find(&root.join("missing")).expect_err("it is not there");
        assert!(error.to_string().contains("missing"), "{error}");
    }
}
