//! Models in safetensors.
//!
//! Source: the format's own description (`safetensors`, "Format"). A file begins with the length of its header,
//! 64 bits, little-endian; the header is one JSON object with the type and the place of each tensor, and a
//! member `__metadata__` of texts. Of these texts only `ModelSpec` (`modelspec.*`) describes the model; most files
//! have none, and then the path has to tell the name.

use std::collections::BTreeMap;
use std::fmt;

use plimsoll_analyze::analyzer::HELD_BYTES;
use plimsoll_analyze::{Analyzer, Executables, File, Interest, Meta, Part, Sink};
use plimsoll_model::fact::{ModelTraits, PackageFact};
use plimsoll_model::{Ecosystem, Effect};
use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, MapAccess, Visitor};

use super::place::Place;
use super::{name, said};

/// Models in safetensors.
#[derive(Debug)]
pub struct Safetensors;

static META: Meta = Meta {
    id: "model/safetensors",
    revision: 1,
    docs: "Reads the header of models in safetensors: how the weights are kept, and what ModelSpec says of name, \
           version, licence and family. Without it, the folder gives the name. Blobs of the cache of Hugging Face \
           are recognised by their bytes.",
    interest: Interest {
        paths: &[],
        names: &[],
        suffixes: &[".safetensors"],
        under: &[("**/blobs/", "")],
        executables: Executables::Ignored,
    },
    limit: u64::MAX,
    loss: Effect::Gap,
};

/// Bytes in front of the header.
const LENGTH: usize = 8;
/// The reference implementation takes no longer header.
const LONGEST_HEADER: u64 = 100_000_000;

impl Analyzer for Safetensors {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn part(&self) -> Part {
        Part::Head(HELD_BYTES)
    }

    fn analyze(&self, file: &mut File<'_>, sink: &mut Sink<'_>) {
        let place = Place::of(file.path);
        // A repository holds many blobs that are something else.
        if place.is_blob && place.repository.is_none() {
            return;
        }
        let head = file.bytes().unwrap_or_default();
        let (length, header) = match header(head, file.size) {
            Ok(found) => found,
            Err(_) if place.is_blob => return,
            Err((effect, reason)) => return sink.problem(effect, reason),
        };
        let mut described = Described::default();
        let mut json = serde_json::Deserializer::from_slice(header);
        let parsed = (&mut described).deserialize(&mut json);
        let is_whole = header.len() as u64 == length;
        match parsed {
            Ok(()) => {}
            Err(_) if place.is_blob && described.is_empty() => return,
            Err(error) if is_whole => {
                sink.unreadable(format!(
                    "its header is not the JSON that it should be: {error}"
                ));
            }
            Err(_) => sink.unreadable(format!(
                "its header goes beyond the first {} bytes, of which alone it is read",
                head.len()
            )),
        }
        let after = (LENGTH as u64)
            .saturating_add(length)
            .saturating_add(described.end);
        if after > file.size {
            sink.unreadable("is cut off: its last tensor ends beyond the file");
        }
        sink.package(package(&described, place));
    }
}

/// The length of the header and as much of it as was read; or why there is none, and what that means.
fn header(head: &[u8], size: u64) -> Result<(u64, &[u8]), (Effect, &'static str)> {
    let other = "is no model in safetensors, whatever its name says";
    let (length, rest) = head
        .split_first_chunk::<LENGTH>()
        .ok_or((Effect::Note, other))?;
    let length = u64::from_le_bytes(*length);
    let most = usize::try_from(length).unwrap_or(usize::MAX);
    let header = rest.get(..most).unwrap_or(rest);
    if length > LONGEST_HEADER || !header.starts_with(b"{") {
        return Err((Effect::Note, other));
    }
    if size.saturating_sub(LENGTH as u64) < length {
        return Err((META.loss, "is cut off in its header"));
    }
    Ok((length, header))
}

fn package(described: &Described, place: Place) -> PackageFact {
    let text = |key: &str| {
        let text = described.metadata.get(&format!("modelspec.{key}"));
        text.and_then(|text| said(text))
    };
    let title = || {
        let text = described.metadata.get("modelspec.title");
        text.and_then(|text| name(text))
    };
    let model = place.repository.or_else(title).unwrap_or(place.name);
    let version = place.revision.or_else(|| text("version"));
    let mut fact = PackageFact::new(Ecosystem::Model, model, version.unwrap_or_default());
    fact.licenses.extend(text("license"));
    fact.maker = text("author");
    fact.model = Some(Box::new(ModelTraits {
        format: "safetensors".to_owned(),
        family: text("architecture").unwrap_or_default(),
        weights: described.weights(),
    }));
    fact
}

/// What the header says, as far as it can be read.
#[derive(Debug, Default)]
struct Described {
    metadata: BTreeMap<String, String>,
    /// Bytes of tensors of each type.
    types: BTreeMap<String, u64>,
    /// Where the last tensor ends, from the end of the header.
    end: u64,
}

impl Described {
    fn is_empty(&self) -> bool {
        self.metadata.is_empty() && self.types.is_empty()
    }

    /// The type that most bytes have.
    fn weights(&self) -> String {
        let most = self.types.iter().max_by_key(|(_, bytes)| **bytes);
        most.and_then(|(name, _)| said(name)).unwrap_or_default()
    }

    fn add(&mut self, tensor: Tensor) {
        let Tensor {
            dtype,
            data_offsets: (begin, end),
        } = tensor;
        // There are some twenty types.
        if self.types.len() < 64 || self.types.contains_key(&dtype) {
            let bytes = self.types.entry(dtype).or_default();
            *bytes = bytes.saturating_add(end.saturating_sub(begin));
        }
        self.end = self.end.max(end);
    }
}

#[derive(Deserialize)]
struct Tensor {
    dtype: String,
    data_offsets: (u64, u64),
}

/// Fills the description member by member, so that what was read before the damage is kept.
impl<'de> DeserializeSeed<'de> for &mut Described {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for &mut Described {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of tensors")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            if key == "__metadata__" {
                self.metadata = map.next_value()?;
            } else {
                self.add(map.next_value()?);
            }
        }
        Ok(())
    }
}
