//! Packages that Yarn runs from its cache without unpacking them ("Plug'n'Play").
//!
//! Yarn 2 and later keep each package as a zip archive `NAME-npm-VERSION-HASH.zip` in `.yarn/cache/` of the
//! project, or in `.yarn/berry/cache/` of the home folder, with the files below `node_modules/NAME/`. Node loads
//! them from there, so an archive is an installed package.
//! Packages that must be on the disk are in `.yarn/unplugged/`, which the analyzer of npm reads. `.pnp.cjs` only
//! says where all of these are, so it is not read.

use plimsoll_analyze::{Analyzer, Executables, File, Interest, Meta, Sink};
use plimsoll_model::Effect;

use super::npm;
use crate::archive::first_file;

/// Packages in Yarn's cache.
#[derive(Debug)]
pub struct YarnCache;

static META: Meta = Meta {
    id: "lang/yarn-cache",
    revision: 1,
    docs: "Opens the zip archives that Yarn 2 and later run packages from, and reads `package.json` in each: \
           name, version, licences, author and the names of its dependencies.",
    interest: Interest {
        paths: &[],
        names: &[],
        suffixes: &[],
        under: &[
            ("**/.yarn/cache/", ".zip"),
            ("**/.yarn/berry/cache/", ".zip"),
        ],
        executables: Executables::Ignored,
    },
    limit: 1 << 30,
    loss: Effect::Gap,
};

/// What is read of a `package.json`.
const MOST_BYTES: u64 = 4 << 20;

impl Analyzer for YarnCache {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn analyze(&self, file: &mut File<'_>, sink: &mut Sink<'_>) {
        match first_file(&mut *file.reader(), MOST_BYTES, is_manifest) {
            Ok(Some((_, bytes))) => npm::state_installed(&bytes, sink),
            Ok(None) => sink.unreadable("the archive has no package.json of a package"),
            Err(error) => sink.unreadable(error.to_string()),
        }
    }
}

/// Whether an entry is the `package.json` of the package that the archive is: `node_modules/NAME/package.json`,
/// where the name may have a scope.
fn is_manifest(name: &[u8]) -> bool {
    let below = name
        .strip_prefix(b"node_modules/")
        .and_then(|name| name.strip_suffix(b"/package.json"));
    below.is_some_and(|name| {
        let parts = name.split(|&byte| byte == b'/').count();
        parts == if name.starts_with(b"@") { 2 } else { 1 }
    })
}
