//! Bottlerocket's inventory of packages.
//!
//! The system is built from rpm packages and carries no rpm; `application-inventory.json` lists them in their
//! place (Bottlerocket source, `rpm2img`), in the root filesystem or in the `sys-root` of its image.

use plimsoll_analyze::{Analyzer, Executables, File, Interest, Meta, Sink};
use plimsoll_model::fact::{PackageFact, SourcePackage};
use plimsoll_model::{Ecosystem, Effect};
use serde::Deserialize;
use serde_json::Value;

use super::{Ledger, Room};

/// Reads Bottlerocket's inventory of packages.
#[derive(Debug)]
pub struct Bottlerocket;

static META: Meta = Meta {
    id: "os/bottlerocket",
    revision: 1,
    docs: "Reads the packages that Bottlerocket is built from.",
    interest: Interest {
        paths: &[
            "aarch64-bottlerocket-linux-gnu/sys-root/usr/share/bottlerocket/application-inventory.json",
            "usr/share/bottlerocket/application-inventory.json",
            "x86_64-bottlerocket-linux-gnu/sys-root/usr/share/bottlerocket/application-inventory.json",
        ],
        names: &[],
        suffixes: &[],
        under: &[],
        executables: Executables::Ignored,
    },
    limit: 16 << 20,
    loss: Effect::Blind,
};

/// The document; each entry by itself, so that an odd one does not cost the others.
#[derive(Deserialize)]
struct Inventory {
    #[serde(rename = "Content")]
    content: Vec<Value>,
}

/// One package.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Entry {
    name: String,
    version: String,
    #[serde(default)]
    release: String,
    #[serde(default)]
    epoch: Value,
    #[serde(default)]
    architecture: String,
    #[serde(default)]
    publisher: String,
}

impl Analyzer for Bottlerocket {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn analyze(&self, file: &mut File<'_>, sink: &mut Sink<'_>) {
        let mut ledger = Ledger::new(sink);
        let inventory = file
            .bytes()
            .ok_or_else(|| "is not in memory".to_owned())
            .and_then(|bytes| {
                serde_json::from_slice::<Inventory>(bytes).map_err(|error| error.to_string())
            });
        match inventory {
            Ok(inventory) => state(inventory, &mut ledger),
            Err(error) => ledger.unreadable(META.loss, || format!("cannot be read: {error}")),
        }
        ledger.close();
    }
}

fn state(inventory: Inventory, ledger: &mut Ledger<'_, '_>) {
    for (entry, number) in inventory.content.into_iter().zip(1_usize..) {
        let entry = serde_json::from_value::<Entry>(entry)
            .ok()
            .filter(|entry| !entry.name.is_empty() && !entry.version.is_empty());
        let Some(entry) = entry else {
            ledger.unreadable(META.loss, || {
                format!("entry {number} has no name or no version")
            });
            continue;
        };
        if ledger.package(fact(entry), Vec::new()) == Room::Full {
            return;
        }
    }
}

fn fact(entry: Entry) -> PackageFact {
    let filled = |text: String| Some(text).filter(|text| !text.is_empty());
    let mut version = entry.version;
    if let Some(release) = filled(entry.release) {
        version = format!("{version}-{release}");
    }
    let epoch = match &entry.epoch {
        Value::String(text) => text.parse().unwrap_or(0),
        other => other.as_u64().unwrap_or(0),
    };
    if epoch > 0 {
        version = format!("{epoch}:{version}");
    }
    PackageFact {
        source: Some(SourcePackage {
            name: entry.name.clone(),
            version: version.clone(),
        }),
        architecture: filled(entry.architecture),
        maker: filled(entry.publisher),
        ..PackageFact::new(Ecosystem::Rpm, entry.name, version)
    }
}
