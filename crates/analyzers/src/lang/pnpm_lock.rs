//! Lock files of pnpm: `pnpm-lock.yaml`, versions 5 to 9.
//!
//! Below `packages:` each key is a package: `/name/1.2.3_peers` in version 5, `/name@1.2.3(peers)` in 6, and
//! `name@1.2.3` in 9, which keeps what each needs below `snapshots:` (`lockfile/types` of pnpm).
//! What does not come from a registry has another key, and `name` and `version` as fields if they are known.
//! Up to version 6 a field `dev` says what is only for development; version 9 does not say.

use plimsoll_analyze::{Analyzer, Executables, File, Interest, Meta, Sink};
use plimsoll_model::fact::{EvidenceKind, Scope};
use plimsoll_model::{Ecosystem, Effect};

use super::document::{self, Listing};
use super::indented::{Line, lines};
use super::lock;
use super::npm::{is_name, is_version};
use super::npm_lock::add;
use super::yarn_lock::split;

/// Lock files of pnpm.
#[derive(Debug)]
pub struct PnpmLock;

static META: Meta = Meta {
    id: "lang/pnpm-lock",
    revision: 1,
    docs: "Reads `pnpm-lock.yaml`, versions 5 to 9, except those inside of a package: names, versions, what each \
           needs, and which are only for development where the file says so.",
    interest: Interest {
        paths: &[],
        names: &["pnpm-lock.yaml"],
        suffixes: &[],
        under: &[],
        executables: Executables::Ignored,
    },
    limit: plimsoll_analyze::analyzer::HELD_BYTES,
    loss: Effect::Gap,
};

impl Analyzer for PnpmLock {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn analyze(&self, file: &mut File<'_>, sink: &mut Sink<'_>) {
        if lock::came_with_a_package(file.path.as_str()) {
            return;
        }
        if let Some(text) = document::text(file, sink) {
            state(&text, sink);
        }
    }
}

/// A key of `packages` and the fields below it.
#[derive(Default)]
struct Entry<'a> {
    key: &'a str,
    name: Option<&'a str>,
    version: Option<&'a str>,
    dev: bool,
    depends: Vec<String>,
}

/// Most names that one package needs.
const MOST_NEEDS: usize = 4096;

fn state(text: &str, sink: &mut Sink<'_>) {
    let mut listing = Listing::new(Ecosystem::Npm, EvidenceKind::Locked);
    let mut open: Option<Entry<'_>> = None;
    let (mut inside, mut needs, mut known) = (false, false, false);
    for Line { indent, key, value } in lines(text) {
        match indent {
            0 => {
                close(open.take(), &mut listing);
                inside = matches!(key, "packages" | "snapshots");
                known |= key == "lockfileVersion";
            }
            2 if inside => {
                close(open.take(), &mut listing);
                needs = false;
                open = Some(Entry {
                    key,
                    ..Entry::default()
                });
            }
            _ => {
                let Some(entry) = &mut open else { continue };
                match (indent, key) {
                    (4, "name") => entry.name = Some(value),
                    (4, "version") => entry.version = Some(value),
                    (4, "dev") => entry.dev = value == "true",
                    (4, _) => needs = matches!(key, "dependencies" | "optionalDependencies"),
                    (6, _) if needs && entry.depends.len() < MOST_NEEDS => {
                        entry.depends.push(key.to_owned());
                    }
                    _ => {}
                }
            }
        }
    }
    close(open, &mut listing);
    listing.state(sink);
    if !known && !text.trim().is_empty() {
        sink.unreadable("this is not a lock file of pnpm");
    }
}

fn close(entry: Option<Entry<'_>>, listing: &mut Listing) {
    let Some(entry) = entry else {
        return;
    };
    let by_key = identity(entry.key);
    let by_fields = entry.name.zip(entry.version);
    let by_both = by_key.0.zip(entry.version);
    let Some((name, version)) = by_fields.or(by_both).or(by_key.0.zip(by_key.1)) else {
        // `snapshots` repeats keys without the fields that say the version.
        if !by_key.2 {
            listing.add_invalid();
        }
        return;
    };
    add(name, version, listing, |package| {
        if entry.dev {
            package.scope = Scope::Development;
        }
        package.depends = entry.depends;
    });
}

/// What a key says: name, version, and whether it is an address that says no version.
fn identity(key: &str) -> (Option<&str>, Option<&str>, bool) {
    let bare = key.strip_prefix('/').unwrap_or(key);
    // Peers are in brackets from version 6 on.
    let bare = bare.split('(').next().unwrap_or_default();
    if let Some((name, version)) = split(bare).filter(|(name, _)| is_name(name)) {
        // In version 5 an `@` stands only in the peers.
        return if is_version(version) {
            (Some(name), Some(version), false)
        } else {
            (Some(name), None, true)
        };
    }
    let whole = bare.split('_').next().unwrap_or_default();
    let by_slash = whole
        .rsplit_once('/')
        .filter(|(name, version)| is_name(name) && is_version(version));
    match by_slash {
        Some((name, version)) => (Some(name), Some(version), false),
        None => (None, None, bare.contains(['/', ':'])),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_all_versions() {
        for (key, name, version) in [
            ("/a/1.0.0", "a", "1.0.0"),
            ("/@s/a/1.0.0", "@s/a", "1.0.0"),
            ("/@s/a/1.0.0_b@2.0.0+c@3.0.0", "@s/a", "1.0.0"),
            ("/a/1.0.0_b@2.0.0", "a", "1.0.0"),
            ("/a@1.0.0", "a", "1.0.0"),
            ("/@s/a@1.0.0-rc.1(b@2.0.0)(c@3)", "@s/a", "1.0.0-rc.1"),
            ("a@1.0.0(b@2.0.0)", "a", "1.0.0"),
            ("@s/a@1.0.0", "@s/a", "1.0.0"),
        ] {
            assert_eq!(identity(key), (Some(name), Some(version), false), "{key}");
        }
        for key in ["a@https://example.org/a/tar.gz/abc", "a@file:b"] {
            assert_eq!(identity(key), (Some("a"), None, true), "{key}");
        }
        assert!(identity("github.com/a/b/0123abc").1.is_none());
    }
}
