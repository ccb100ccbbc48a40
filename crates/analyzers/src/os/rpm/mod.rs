//! rpm's database of installed packages, in the three stores that rpm has had, and the manifest that
//! distroless images of Azure Linux carry in its place.
//!
//! The stores differ only in how they find the headers of the packages: `sqlite` (rpm 4.16 and later),
//! `ndb` (SUSE), `bdb` (RHEL 8 and older). A store is told by its first bytes, not by its name.
//! What a header says is read by `header` and made into a fact by `package`.
//!
//! The readers are our own. Each is a few pages of code that only reads, page by page from wherever the file
//! is, so that a database of a hundred megabytes costs no memory; the library of SQLite would be a large
//! build in C for a walk over one table.

mod bdb;
mod header;
mod manifest;
mod ndb;
mod package;
pub(super) mod sqlite;
pub(super) mod store;

use std::ops::ControlFlow;

use plimsoll_analyze::{Analyzer, Executables, File, Interest, Meta, Sink};
use plimsoll_model::fact::PackageFact;
use plimsoll_model::{Ecosystem, Effect};

use super::{Ledger, Room};
use store::{Bytes, Damage};

/// Reads rpm's database of installed packages.
#[derive(Debug)]
pub struct Rpm;

static META: Meta = Meta {
    id: "os/rpm",
    revision: 2,
    docs: "Reads the packages that rpm installed, with their source packages, modules and files, from \
           SQLite, NDB and Berkeley DB databases and from the manifests of distroless images.",
    interest: Interest {
        paths: &[
            MANIFEST,
            "usr/lib/sysimage/rpm/Packages",
            "usr/lib/sysimage/rpm/Packages.db",
            "usr/lib/sysimage/rpm/rpmdb.sqlite",
            "usr/lib/sysimage/rpm/rpmdb.sqlite-wal",
            "usr/share/rpm/Packages",
            "usr/share/rpm/Packages.db",
            "usr/share/rpm/rpmdb.sqlite",
            "usr/share/rpm/rpmdb.sqlite-wal",
            "var/lib/rpm/Packages",
            "var/lib/rpm/Packages.db",
            "var/lib/rpm/rpmdb.sqlite",
            "var/lib/rpm/rpmdb.sqlite-wal",
        ],
        names: &[],
        suffixes: &[],
        under: &[],
        executables: Executables::Ignored,
    },
    limit: 512 << 20,
    loss: Effect::Blind,
};

const MANIFEST: &str = "var/lib/rpmmanifest/container-manifest-2";

impl Analyzer for Rpm {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn analyze(&self, file: &mut File<'_>, sink: &mut Sink<'_>) {
        let mut ledger = Ledger::new(sink);
        let name = file.path.file_name();
        if file.path.as_str() == MANIFEST {
            manifest::read(file, &mut ledger);
        } else if name == "rpmdb.sqlite-wal" {
            // rpm empties the log when it closes the database.
            if file.size > 0 {
                ledger.unreadable(META.loss, || {
                    "holds changes that are not yet in the database beside it".to_owned()
                });
            }
        } else {
            read_store(file, &mut ledger);
        }
        ledger.close();
    }
}

/// The package of a header without its magic, as the file of a package has it too; `None` for a signing key.
/// Says what is wrong if there is no package in these bytes.
pub(super) fn described(header: &[u8]) -> Result<Option<PackageFact>, &'static str> {
    Ok(package::parse(header)?.map(|package| package.fact))
}

/// Where a store hands over the headers of packages one by one, or says why one of them is lost.
pub(super) type Each<'e> = dyn FnMut(Result<&[u8], Damage>) -> ControlFlow<()> + 'e;

/// A walk over a store; the error is what ends it early.
type Walk = fn(&mut Bytes<'_>, &mut Each<'_>) -> Result<ControlFlow<()>, Damage>;

fn read_store(file: &mut File<'_>, ledger: &mut Ledger<'_, '_>) {
    if file.size == 0 {
        ledger.unreadable(META.loss, || "is empty".to_owned());
        return;
    }
    let size = file.size;
    let mut bytes = Bytes::new(file.reader(), size);
    let walk = match which(&mut bytes) {
        Ok(walk) => walk,
        Err(damage) => {
            ledger.unreadable(META.loss, || damage.to_string());
            return;
        }
    };
    let ended = walk(&mut bytes, &mut |blob| {
        match blob.map(package::parse) {
            Ok(Ok(Some(package))) => {
                if package.lost_files > 0 {
                    ledger.unreadable(Effect::Gap, || {
                        format!(
                            "`{}` has {} paths that cannot be read",
                            package.fact.name, package.lost_files
                        )
                    });
                }
                ledger.provides(Ecosystem::Rpm, &package.fact.name, package.provides);
                if ledger.package(package.fact, package.files) == Room::Full {
                    return ControlFlow::Break(());
                }
            }
            Ok(Ok(None)) => {}
            Ok(Err(odd)) => ledger.unreadable(META.loss, || format!("a package {odd}")),
            Err(damage) => ledger.unreadable(META.loss, || damage.to_string()),
        }
        ControlFlow::Continue(())
    });
    if let Err(damage) = ended {
        ledger.unreadable(META.loss, || damage.to_string());
    }
}

fn which(bytes: &mut Bytes<'_>) -> Result<Walk, Damage> {
    let mut first = Vec::new();
    bytes.read(0, 16, &mut first)?;
    if first == sqlite::MAGIC {
        Ok(sqlite::walk)
    } else if first.starts_with(&ndb::MAGIC) {
        Ok(ndb::walk)
    } else if bdb::order(&first).is_some() {
        Ok(bdb::walk)
    } else {
        Err(Damage::shape("no database that rpm writes begins so", 0))
    }
}

#[cfg(test)]
mod tests;
