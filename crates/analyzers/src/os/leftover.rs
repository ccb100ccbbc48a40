//! Files that were of use while the image was built or edited, and are of none to a container.
//!
//! Only the path tells; empty files are passed over. What lies below the folders of libraries came with a library and
//! says nothing about how the image was built.

use plimsoll_analyze::{Analyzer, Executables, File, Interest, Meta, Part, Sink};
use plimsoll_model::Effect;
use plimsoll_model::fact::{FactBody, LeftoverKind};

/// Files of no use.
#[derive(Debug)]
pub struct Leftover;

static META: Meta = Meta {
    id: "os/leftover",
    revision: 1,
    docs: "Says of files that package managers, version control, builds, editors and shells leave behind what they \
           are.",
    interest: Interest {
        paths: &[".git/HEAD"],
        names: &[
            ".ash_history",
            ".bash_history",
            ".dockerignore",
            ".DS_Store",
            ".mysql_history",
            ".node_repl_history",
            ".psql_history",
            ".python_history",
            ".sh_history",
            ".viminfo",
            ".vimrc",
            ".zsh_history",
            "compose.yaml",
            "compose.yml",
            "Containerfile",
            "docker-compose.yaml",
            "docker-compose.yml",
            "Dockerfile",
            "Thumbs.db",
        ],
        suffixes: &[],
        under: &[
            (APT_LISTS, ""),
            ("var/cache/apt/archives/", ".deb"),
            ("var/cache/apk/", ""),
            ("var/cache/dnf/", "repomd.xml"),
            ("var/cache/libdnf5/", "repomd.xml"),
            ("var/cache/yum/", "repomd.xml"),
            ("var/cache/zypp/", "repomd.xml"),
            ("var/cache/pacman/pkg/", ".zst"),
            ("**/.cache/pip/", ""),
            ("**/.cache/yarn/", ""),
            ("**/.cache/composer/", ""),
            ("**/.npm/_cacache/index-v5/", ""),
            ("", "/.git/HEAD"),
            ("", "/.hg/requires"),
            ("", "/.svn/wc.db"),
            ("**/.idea/", ".xml"),
            ("**/.vscode/", ".json"),
        ],
        executables: Executables::Ignored,
    },
    limit: u64::MAX,
    loss: Effect::Note,
};

const APT_LISTS: &str = "var/lib/apt/lists/";

/// Folders of libraries, which ship such files to everybody.
const OF_LIBRARIES: &[&str] = &[
    "dist-packages",
    "gems",
    "lib",
    "lib64",
    "node_modules",
    "share",
    "site-packages",
    "vendor",
];

impl Analyzer for Leftover {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn part(&self) -> Part {
        Part::Head(0)
    }

    fn analyze(&self, file: &mut File<'_>, sink: &mut Sink<'_>) {
        if file.size > 0
            && let Some(kind) = kind(file.path.as_str(), file.path.file_name())
        {
            sink.fact(FactBody::Leftover(kind));
        }
    }
}

fn kind(path: &str, name: &str) -> Option<LeftoverKind> {
    if path.starts_with("var/") && !matches!(name, "Dockerfile" | ".DS_Store") {
        let of_manager = path.starts_with("var/cache/") || path.starts_with(APT_LISTS);
        // apt keeps an empty folder and a lock in every image of Debian.
        if of_manager {
            return (name != "lock").then_some(LeftoverKind::PackageCache);
        }
    }
    let mut folders = path.split('/').rev().skip(1);
    if folders.any(|folder| OF_LIBRARIES.contains(&folder)) {
        return None;
    }
    if path.contains(".cache/") || path.contains("_cacache/") {
        return Some(LeftoverKind::LanguageCache);
    }
    Some(match name {
        "HEAD" | "requires" | "wc.db" => LeftoverKind::Repository,
        ".dockerignore" | "Containerfile" | "Dockerfile" => LeftoverKind::BuildFile,
        _ if name.contains("compose.y") => LeftoverKind::BuildFile,
        _ => LeftoverKind::Trace,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_tells_what_a_file_was_for() {
        use LeftoverKind::{BuildFile, LanguageCache, PackageCache, Repository, Trace};
        for (path, expected) in [
            (
                "var/lib/apt/lists/deb.example_dists_trixie_InRelease",
                Some(PackageCache),
            ),
            ("var/lib/apt/lists/lock", None),
            (
                "var/cache/dnf/baseos-0123/repodata/repomd.xml",
                Some(PackageCache),
            ),
            ("root/.cache/pip/http-v2/a/b/c", Some(LanguageCache)),
            ("root/.npm/_cacache/index-v5/00/11/22", Some(LanguageCache)),
            ("app/.git/HEAD", Some(Repository)),
            ("app/Dockerfile", Some(BuildFile)),
            ("app/node_modules/x/Dockerfile", None),
            ("usr/share/doc/x/compose.yaml", None),
            ("root/.bash_history", Some(Trace)),
            ("app/.idea/workspace.xml", Some(Trace)),
        ] {
            let name = path.rsplit('/').next().unwrap_or_default();
            assert_eq!(kind(path, name), expected, "{path}");
        }
    }
}
