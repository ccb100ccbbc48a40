//! What the readers of small documents share: opening them, and collecting the packages that they name.

use std::borrow::Cow;
use std::collections::BTreeMap;

use plimsoll_analyze::{File, Sink};
use plimsoll_model::Ecosystem;
use plimsoll_model::fact::{EvidenceKind, PackageFact};
use serde::de::{Deserialize, DeserializeOwned, Deserializer, IgnoredAny, MapAccess, Visitor};

use super::text::is_word;

/// The bytes of a file without a byte order mark. A limit of `HELD_BYTES` or less keeps them in memory.
pub(super) fn bytes<'a>(file: &File<'a>, sink: &mut Sink<'_>) -> Option<&'a [u8]> {
    let Some(bytes) = file.bytes() else {
        sink.unreadable("the file is not in memory");
        return None;
    };
    Some(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes))
}

/// The text of a file; bytes that are not UTF-8 become replacement characters.
pub(super) fn text<'a>(file: &File<'a>, sink: &mut Sink<'_>) -> Option<Cow<'a, str>> {
    bytes(file, sink).map(String::from_utf8_lossy)
}

/// A JSON document.
pub(super) fn json<T: DeserializeOwned>(file: &File<'_>, sink: &mut Sink<'_>) -> Option<T> {
    match serde_json::from_slice(bytes(file, sink)?) {
        Ok(document) => Some(document),
        Err(error) => {
            sink.unreadable(format!("not the JSON document that it should be: {error}"));
            None
        }
    }
}

/// A TOML document.
pub(super) fn toml<T: DeserializeOwned>(file: &File<'_>, sink: &mut Sink<'_>) -> Option<T> {
    match toml::from_str(&text(file, sink)?) {
        Ok(document) => Some(document),
        Err(error) => {
            let reason = error.message();
            sink.unreadable(format!("not the TOML document that it should be: {reason}"));
            None
        }
    }
}

/// The keys of an object whose values nobody asked for; none if it is null.
#[derive(Debug, Default)]
pub(super) struct Keys(pub(super) Vec<String>);

impl<'de> Deserialize<'de> for Keys {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(KeysVisitor)
    }
}

struct KeysVisitor;

impl<'de> Visitor<'de> for KeysVisitor {
    type Value = Keys;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an object")
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<Keys, E> {
        Ok(Keys::default())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Keys, A::Error> {
        let mut keys = Vec::new();
        while let Some((key, IgnoredAny)) = map.next_entry()? {
            keys.push(key);
        }
        Ok(Keys(keys))
    }
}

/// The packages that one document names, each once, in the document's order.
#[derive(Debug)]
pub(super) struct Listing {
    ecosystem: Ecosystem,
    evidence: EvidenceKind,
    packages: Vec<PackageFact>,
    places: BTreeMap<(String, String), usize>,
    invalid: usize,
}

impl Listing {
    /// An empty list of packages of one ecosystem.
    pub(super) fn new(ecosystem: Ecosystem, evidence: EvidenceKind) -> Self {
        Self {
            ecosystem,
            evidence,
            packages: Vec::new(),
            places: BTreeMap::new(),
            invalid: 0,
        }
    }

    /// Adds a package of which only name and version are known.
    pub(super) fn add(&mut self, name: &str, version: &str) {
        self.add_with(name, version, |_| {});
    }

    /// Adds a package; `describe` says what else is known. One that is named twice is needed at run time if
    /// either says so, and depends on what both say.
    pub(super) fn add_with(
        &mut self,
        name: &str,
        version: &str,
        describe: impl FnOnce(&mut PackageFact),
    ) {
        if !is_word(name) || !is_word(version) {
            return self.add_invalid();
        }
        let mut fact = PackageFact::new(self.ecosystem, name, version);
        fact.evidence = self.evidence;
        describe(&mut fact);
        fact.depends.retain(|name| is_word(name));
        let key = (fact.name.clone(), fact.version.clone());
        let known = self.places.get(&key).copied();
        if let Some(known) = known.and_then(|place| self.packages.get_mut(place)) {
            known.scope = known.scope.min(fact.scope);
            known.depends.append(&mut fact.depends);
        } else {
            self.places.insert(key, self.packages.len());
            self.packages.push(fact);
        }
    }

    /// Counts an entry that has no valid name or version.
    pub(super) fn add_invalid(&mut self) {
        self.invalid = self.invalid.saturating_add(1);
    }

    /// States the packages, and how many entries could not be understood.
    pub(super) fn state(self, sink: &mut Sink<'_>) {
        for mut package in self.packages {
            package.depends.sort();
            package.depends.dedup();
            sink.package(package);
        }
        match self.invalid {
            0 => {}
            1 => sink.unreadable("one entry has no valid name and version"),
            more => sink.unreadable(format!("{more} entries have no valid name and version")),
        }
    }
}
