//! Snaps: unpacked ones, and what snapd or a seed says of packed ones.
//!
//! A snap is a squashfs image, which is not read. Unpacked below `snap/NAME/REVISION` it has `meta/snap.yaml`
//! (snapcraft documentation, "The snap format"). Of a packed one the name of its file, `NAME_REVISION.snap`, the seed
//! or snapd's state tell name and revision; its version and what is inside stay unknown, and that is said.

use std::collections::BTreeMap;

use plimsoll_analyze::{Analyzer, Executables, File, Interest, Meta, Sink};
use plimsoll_model::fact::PackageFact;
use plimsoll_model::{Ecosystem, Effect};
use serde::Deserialize;
use serde_json::Value;

use super::{Ledger, Room};

/// Reads snaps.
#[derive(Debug)]
pub struct Snap;

const YAML: &str = "/meta/snap.yaml";
const SEED: &str = "var/lib/snapd/seed/seed.yaml";
const STATE: &str = "var/lib/snapd/state.json";
const PACKED: &str = ".snap";

static META: Meta = Meta {
    id: "os/snap",
    revision: 1,
    docs: "Reads snaps from `meta/snap.yaml` of unpacked ones, and from snapd's state, the seed and the names of \
           packed ones.",
    interest: Interest {
        paths: &[SEED, STATE],
        names: &[],
        suffixes: &[],
        under: &[
            ("snap/", YAML),
            ("var/lib/snapd/seed/snaps/", PACKED),
            ("var/lib/snapd/snaps/", PACKED),
        ],
        executables: Executables::Ignored,
    },
    // Of a packed snap only the name matters, whatever its size.
    limit: 16 << 30,
    loss: Effect::Gap,
};

/// Largest text that is read.
const TEXT_BYTES: u64 = 16 << 20;

impl Analyzer for Snap {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn analyze(&self, file: &mut File<'_>, sink: &mut Sink<'_>) {
        let mut ledger = Ledger::new(sink);
        read(file, &mut ledger);
        ledger.close();
    }
}

fn read(file: &File<'_>, ledger: &mut Ledger<'_, '_>) {
    let path = file.path.as_str();
    if path.ends_with(PACKED) {
        match packed(file.path.file_name()) {
            Some(package) => {
                ledger.unreadable(Effect::Gap, || {
                    "is a packed snap: its version and what is inside are not known".to_owned()
                });
                ledger.package(package, Vec::new());
            }
            None => odd(ledger, "is a snap whose name tells no revision"),
        }
        return;
    }
    let Some(bytes) = file.bytes().filter(|_| file.size <= TEXT_BYTES) else {
        odd(ledger, "is too large for a description of snaps");
        return;
    };
    let text = String::from_utf8_lossy(bytes);
    if path == STATE {
        read_state(&text, ledger);
    } else if path == SEED {
        read_seed(&text, ledger);
    } else {
        match described(&text) {
            Some(package) => {
                ledger.package(package, Vec::new());
            }
            None => odd(ledger, "names no snap and version"),
        }
    }
}

fn odd(ledger: &mut Ledger<'_, '_>, reason: &str) {
    ledger.unreadable(META.loss, || reason.to_owned());
}

/// A snap of which only the revision is known, told from a version by its letter.
fn of_revision(name: &str, revision: &str) -> Option<PackageFact> {
    let is_name =
        |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_' | '+');
    let is_revision = |c: char| c.is_ascii_alphanumeric();
    (!name.is_empty()
        && name.len() <= 64
        && name.chars().all(is_name)
        && !revision.is_empty()
        && revision.len() <= 16
        && revision.chars().all(is_revision))
    .then(|| PackageFact::new(Ecosystem::Snap, name, format!("r{revision}")))
}

/// `core20_1234.snap`.
fn packed(file_name: &str) -> Option<PackageFact> {
    let (name, revision) = file_name.strip_suffix(PACKED)?.rsplit_once('_')?;
    of_revision(name, revision)
}

/// `meta/snap.yaml`: the keys that stand at the beginning of a line.
fn described(text: &str) -> Option<PackageFact> {
    let mut top: BTreeMap<&str, &str> = BTreeMap::new();
    for line in text.lines() {
        if let Some((key, value)) = line.split_once(':')
            && !key.starts_with([' ', '\t', '#', '-'])
        {
            top.insert(key, unquoted(value));
        }
    }
    let take = |key: &str| top.get(key).copied().filter(|value| !value.is_empty());
    let mut package = PackageFact::new(Ecosystem::Snap, take("name")?, take("version")?);
    package.licenses = take("license").map(str::to_owned).into_iter().collect();
    package.depends = take("base").map(str::to_owned).into_iter().collect();
    package.architecture = take("architectures")
        .map(|list| list.trim_matches(['[', ']']).trim().to_owned())
        .filter(|one| !one.is_empty() && !one.contains(','));
    Some(package)
}

/// The value after a key, without quotes and the comment behind it.
fn unquoted(value: &str) -> &str {
    let value = value.trim();
    for quote in ['"', '\''] {
        if let Some((inside, _)) = value
            .strip_prefix(quote)
            .and_then(|rest| rest.split_once(quote))
        {
            return inside;
        }
    }
    value
        .split_once(" #")
        .map_or(value, |(value, _)| value.trim_end())
}

/// `seed.yaml`: a list of snaps, each with the name of its file.
fn read_seed(text: &str, ledger: &mut Ledger<'_, '_>) {
    let files = text.lines().filter_map(|line| {
        let line = line.trim().trim_start_matches('-').trim_start();
        Some(unquoted(line.strip_prefix("file:")?))
    });
    let mut said = false;
    for file in files {
        match packed(file) {
            Some(package) => {
                said = true;
                if ledger.package(package, Vec::new()) == Room::Full {
                    return;
                }
            }
            None => odd(ledger, "names a snap without a revision"),
        }
    }
    if !said && text.contains("snaps:") {
        odd(ledger, "lists snaps that cannot be read");
    }
}

/// `state.json` of snapd, as far as it matters here.
#[derive(Default, Deserialize)]
#[serde(default)]
struct State {
    data: Data,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Data {
    snaps: BTreeMap<String, Installed>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Installed {
    /// The revision in use, a number or a text.
    current: Value,
}

fn read_state(text: &str, ledger: &mut Ledger<'_, '_>) {
    let state: State = match serde_json::from_str(text) {
        Ok(state) => state,
        Err(error) => {
            ledger.unreadable(META.loss, || format!("is no state of snapd: {error}"));
            return;
        }
    };
    for (name, snap) in &state.data.snaps {
        let revision = match &snap.current {
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            _ => continue,
        };
        match of_revision(name, &revision) {
            Some(package) => {
                if ledger.package(package, Vec::new()) == Room::Full {
                    return;
                }
            }
            None => odd(ledger, "names a snap whose revision is none"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn snaps_are_described() {
        let package = described(
            "name: hello\nversion: '2.10' # of GNU\nbase: core20\nlicense: GPL-3.0\narchitectures: [amd64]\n\
             apps:\n  hello:\n    version: 9\n",
        )
        .unwrap();
        assert_eq!(
            (package.name.as_str(), package.version.as_str()),
            ("hello", "2.10")
        );
        assert_eq!(package.architecture.as_deref(), Some("amd64"));
        assert_eq!(package.depends, ["core20"]);
        assert_eq!(described("version: 1\n"), None);
        assert_eq!(packed("core20_1234.snap").unwrap().version, "r1234");
        assert_eq!(packed("my_app_x1.snap").unwrap().name, "my_app");
        for odd in ["core20.snap", "_1.snap", "a_.snap", "a b_1.snap", ".snap"] {
            assert_eq!(packed(odd), None, "{odd}");
        }
    }
}
