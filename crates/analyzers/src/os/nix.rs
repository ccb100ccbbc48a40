//! Paths of the Nix store.
//!
//! `nix/var/nix/db/db.sqlite` lists the paths that are valid, in the column `path` of the table `ValidPaths`
//! (Nix source, `src/libstore/schema.sql`). Many images have a store without a database; there, programs and
//! libraries show which paths are in use.
//! A path is `/nix/store/<32 digits of base 32>-<name>`, and the name of a package ends with a version: from the
//! first hyphen on that no letter follows (Nix manual, `parseDrvName`). A path without a version is a script, a
//! configuration or a folder of links, and no package.

use plimsoll_analyze::{Analyzer, Executables, File, Interest, Meta, Sink};
use plimsoll_model::fact::PackageFact;
use plimsoll_model::{Ecosystem, Effect};
use std::collections::BTreeSet;
use std::ops::ControlFlow;

use super::rpm::sqlite;
use super::rpm::store::Bytes;
use super::{Ledger, PACKAGES_PER_FILE, Room, text};

/// Reads which packages of Nix there are.
#[derive(Debug)]
pub struct Nix;

const STORE: &str = "nix/store/";
const DATABASE: &str = "nix/var/nix/db/db.sqlite";
const LOG: &str = "nix/var/nix/db/db.sqlite-wal";

static META: Meta = Meta {
    id: "os/nix",
    revision: 1,
    docs: "Reads the packages in the Nix store from its database, and from the paths of programs where there \
           is none.",
    interest: Interest {
        paths: &[DATABASE, LOG],
        names: &[],
        suffixes: &[],
        under: &[],
        executables: Executables::Elf,
    },
    // As much as a program may have: one of them too large must not look like a lost database.
    limit: 4 << 30,
    loss: Effect::Blind,
};

impl Analyzer for Nix {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn analyze(&self, file: &mut File<'_>, sink: &mut Sink<'_>) {
        let path = file.path;
        if let Some(below) = path.as_str().strip_prefix(STORE) {
            let package = below.split_once('/').and_then(|(base, _)| package(base));
            if let Some(package) = package {
                Ledger::new(sink).package(package, vec![path.key()]);
            }
            return;
        }
        let mut ledger = Ledger::new(sink);
        match path.as_str() {
            DATABASE => read_database(file, &mut ledger),
            LOG if file.size > 0 => ledger.unreadable(META.loss, || {
                "holds changes that are not yet in the database beside it".to_owned()
            }),
            _ => {}
        }
        ledger.close();
    }
}

fn read_database(file: &mut File<'_>, ledger: &mut Ledger<'_, '_>) {
    if file.size == 0 {
        return ledger.unreadable(META.loss, || "is empty".to_owned());
    }
    let size = file.size;
    let mut bytes = Bytes::new(file.reader(), size);
    let mut magic = Vec::new();
    let begins = bytes.read(0, sqlite::MAGIC.len(), &mut magic);
    if begins.is_err() || magic != sqlite::MAGIC {
        return ledger.unreadable(META.loss, || "is no database of SQLite".to_owned());
    }
    // Outputs of one package are several paths.
    let mut packages = BTreeSet::new();
    let ended = sqlite::walk_column(&mut bytes, "ValidPaths", 1, &mut |path| {
        match path {
            Ok(path) => {
                let path = text(path);
                let base = path.rsplit('/').next().unwrap_or_default();
                packages.extend(package(base));
            }
            Err(damage) => ledger.unreadable(META.loss, || damage.to_string()),
        }
        if packages.len() > PACKAGES_PER_FILE {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    });
    if let Err(damage) = ended {
        ledger.unreadable(META.loss, || damage.to_string());
    }
    for package in packages {
        if ledger.package(package, Vec::new()) == Room::Full {
            return;
        }
    }
}

/// Ends of names of files that packages are built from, which are no packages.
const INPUTS: &[&str] = &[
    ".bz2", ".diff", ".drv", ".gz", ".lock", ".patch", ".sh", ".tar", ".tgz", ".xz", ".zip", ".zst",
];

/// Outputs beside the main one (nixpkgs manual, "Multiple-output packages").
const OUTPUTS: &[&str] = &[
    "-bin", "-data", "-debug", "-dev", "-devdoc", "-devman", "-dist", "-doc", "-getent", "-info",
    "-lib", "-libgcc", "-man", "-out", "-static",
];

/// The package that a path of the store belongs to, if it belongs to one.
fn package(base: &str) -> Option<PackageFact> {
    let (hash, rest) = base.split_at_checked(32)?;
    let is_digit = |byte: u8| {
        byte.is_ascii_digit()
            || (byte.is_ascii_lowercase() && !matches!(byte, b'e' | b'o' | b't' | b'u'))
    };
    let rest = rest
        .strip_prefix('-')
        .filter(|_| hash.bytes().all(is_digit))?;
    if INPUTS.iter().any(|end| rest.ends_with(end)) {
        return None;
    }
    let hyphen = rest.match_indices('-').map(|(at, _)| at).find(|&at| {
        let next = rest.as_bytes().get(at.saturating_add(1));
        next.is_some_and(u8::is_ascii_digit)
    })?;
    let (name, version) = rest.split_at_checked(hyphen)?;
    let version = version.strip_prefix('-')?;
    let version = OUTPUTS
        .iter()
        .find_map(|output| version.strip_suffix(output))
        .unwrap_or(version);
    (!name.is_empty() && !version.is_empty())
        .then(|| PackageFact::new(Ecosystem::Nix, name, version))
}

#[cfg(test)]
mod tests {
    use super::package;

    #[test]
    fn store_paths_name_packages() {
        let hash = "0c5mv8vvxfnbb6nmc5nvd0vxyi5gwp0f";
        for (rest, name, version) in [
            ("glibc-2.38-44", "glibc", "2.38-44"),
            ("glibc-2.38-44-bin", "glibc", "2.38-44"),
            ("openssl-3.0.12-dev", "openssl", "3.0.12"),
            (
                "python3.11-requests-2.31.0",
                "python3.11-requests",
                "2.31.0",
            ),
            ("bash-interactive-5.2p26", "bash-interactive", "5.2p26"),
            ("gcc-13.2.0-lib", "gcc", "13.2.0"),
            ("ncurses-6.4.20221231", "ncurses", "6.4.20221231"),
        ] {
            let found = package(&format!("{hash}-{rest}")).expect(rest);
            assert_eq!(
                (found.name.as_str(), found.version.as_str()),
                (name, version)
            );
        }
        for base in [
            format!("{hash}-builder.sh"),
            format!("{hash}-hello-2.12.drv"),
            format!("{hash}-hello-2.12.tar.gz"),
            format!("{hash}-etc"),
            format!("{hash}--1"),
            hash.to_owned(),
            "short-1.0".to_owned(),
            format!("{}-x-1", "e".repeat(32)),
        ] {
            assert_eq!(package(&base), None, "{base}");
        }
    }
}
