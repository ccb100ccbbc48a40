//! opkg's database of installed packages: `OpenWrt` and Yocto.
//!
//! `status` has the stanzas of dpkg's; `info/<package>.control` says more of one package, above all its
//! licence, and `info/<package>.list` has its files. What both say of a package is joined after the squash.

use plimsoll_analyze::{Analyzer, Executables, File, Interest, Meta, Sink};
use plimsoll_model::{Ecosystem, Effect};

use super::Ledger;
use super::dpkg::{Kind, list, read_status};

/// Reads opkg's database of installed packages.
#[derive(Debug)]
pub struct Opkg;

static META: Meta = Meta {
    id: "os/opkg",
    revision: 2,
    docs: "Reads the packages that opkg installed, with their licences and files, on OpenWrt and on systems \
           that Yocto made.",
    interest: Interest {
        paths: &[
            "lib/opkg/status",
            "usr/lib/opkg/status",
            "var/lib/opkg/status",
        ],
        names: &[],
        suffixes: &[],
        under: &[
            ("lib/opkg/info/", ".control"),
            ("lib/opkg/info/", ".list"),
            ("usr/lib/opkg/info/", ".control"),
            ("usr/lib/opkg/info/", ".list"),
            ("var/lib/opkg/info/", ".control"),
            ("var/lib/opkg/info/", ".list"),
        ],
        executables: Executables::Ignored,
    },
    limit: 64 << 20,
    loss: Effect::Blind,
};

impl Analyzer for Opkg {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn analyze(&self, file: &mut File<'_>, sink: &mut Sink<'_>) {
        let mut ledger = Ledger::new(sink);
        let name = file.path.file_name();
        if name == "status" {
            read_status(Kind::Status, Ecosystem::Opkg, file, &mut ledger);
        } else if name.rsplit_once('.').is_some_and(|(_, end)| end == "list") {
            list::read(Kind::List, Ecosystem::Opkg, file, &mut ledger);
        } else {
            read_status(Kind::StatusPart, Ecosystem::Opkg, file, &mut ledger);
        }
        ledger.close();
    }
}
