//! Models in GGUF, the format of llama.cpp and of what is built on it.
//!
//! Source: `docs/gguf.md` of ggml. A file begins with the magic, a version, the number of tensors and that of
//! key-value pairs, and the pairs. In version 1 lengths have 32 bits, later 64. The byte order is told nowhere:
//! the version is a small number, so whoever finds its lower half empty reads it the wrong way round.
//! Writers put what describes the model in front, the words of the tokenizer behind it, and quantizers add how the
//! weights are kept at the very end; all of it fits into the head that is read.

use std::collections::BTreeMap;

use plimsoll_analyze::analyzer::HELD_BYTES;
use plimsoll_analyze::{Analyzer, Executables, File, Interest, Meta, Part, Sink};
use plimsoll_model::fact::{ModelTraits, PackageFact};
use plimsoll_model::{Ecosystem, Effect};

use super::place::Place;
use super::{name, said};

/// Models in GGUF.
#[derive(Debug)]
pub struct Gguf;

static META: Meta = Meta {
    id: "model/gguf",
    revision: 1,
    docs: "Reads the description in the head of models in GGUF: name, version, licence, family and how the weights \
           are kept. Blobs of the caches of Ollama and of Hugging Face are recognised by their bytes.",
    interest: Interest {
        paths: &[],
        names: &[],
        suffixes: &[".gguf"],
        under: &[("**/blobs/", "")],
        executables: Executables::Ignored,
    },
    limit: u64::MAX,
    loss: Effect::Gap,
};

const MAGIC: [u8; 4] = *b"GGUF";

/// Arrays in arrays are allowed, and nobody writes them.
const DEEPEST: usize = 4;

impl Analyzer for Gguf {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn part(&self) -> Part {
        Part::Head(HELD_BYTES)
    }

    fn analyze(&self, file: &mut File<'_>, sink: &mut Sink<'_>) {
        let place = Place::of(file.path);
        let head = file.bytes().unwrap_or_default();
        if !head.starts_with(&MAGIC) {
            if !place.is_blob {
                sink.problem(Effect::Note, "is no model in GGUF, whatever its name says");
            }
            return;
        }
        let described = match Described::read(head) {
            Ok(described) => described,
            Err(reason) => return sink.unreadable(reason),
        };
        if let Some(damage) = described.damage {
            let is_whole = head.len() as u64 == file.size;
            sink.unreadable(match damage {
                Damage::End if is_whole => "is cut off in its description".to_owned(),
                Damage::End => format!(
                    "its description goes beyond the first {} bytes, of which alone it is read",
                    head.len()
                ),
                Damage::Invalid(reason) => format!("its description is not valid: {reason}"),
            });
        }
        sink.package(package(&described.texts, described.weights, place));
    }
}

fn package(texts: &BTreeMap<String, String>, weights: Option<String>, place: Place) -> PackageFact {
    let text = |key: &str| texts.get(key).and_then(|text| said(text));
    let hub = text("general.repo_url").and_then(|url| repository(&url).map(str::to_owned));
    let title = || texts.get("general.name").and_then(|text| name(text));
    let model = hub
        .or(place.repository)
        .or_else(title)
        .unwrap_or(place.name);
    let version = place.revision.or_else(|| text("general.version"));
    let mut fact = PackageFact::new(Ecosystem::Model, model, version.unwrap_or_default());
    fact.licenses.extend(text("general.license"));
    fact.maker = text("general.organization").or_else(|| text("general.author"));
    fact.model = Some(Box::new(ModelTraits {
        format: "gguf".to_owned(),
        family: text("general.architecture").unwrap_or_default(),
        weights: weights.unwrap_or_default(),
    }));
    fact
}

/// `OWNER/NAME` of the address of a repository of the Hugging Face hub.
fn repository(url: &str) -> Option<&str> {
    let rest = url.split_once("://")?.1;
    let path = rest
        .strip_prefix("huggingface.co/")
        .or_else(|| rest.strip_prefix("hf.co/"))?
        .trim_end_matches('/');
    let (owner, name) = path.split_once('/')?;
    let is_word = |text: &str| {
        !text.is_empty()
            && text
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
    };
    (is_word(owner) && is_word(name)).then_some(path)
}

/// What the pairs say, as far as they can be read.
#[derive(Debug, Default)]
struct Described {
    /// Texts below `general.`.
    texts: BTreeMap<String, String>,
    weights: Option<String>,
    damage: Option<Damage>,
}

/// Why the pairs end too early.
#[derive(Debug, PartialEq, Eq)]
enum Damage {
    /// The bytes end.
    End,
    /// They do not make sense.
    Invalid(&'static str),
}

impl Described {
    fn read(head: &[u8]) -> Result<Self, String> {
        let cut = || "is cut off in its header".to_owned();
        let version = head.get(4..).and_then(<[u8]>::first_chunk::<4>);
        let version = *version.ok_or_else(cut)?;
        let little = u32::from_le_bytes(version);
        let order = if little.trailing_zeros() >= 16 && little != 0 {
            Order::Big
        } else {
            Order::Little
        };
        let version = match order {
            Order::Little => little,
            Order::Big => u32::from_be_bytes(version),
        };
        let lengths = match version {
            1 => Width::Four,
            2 | 3 => Width::Eight,
            other => return Err(format!("is of version {other} of GGUF, which is not known")),
        };
        let mut cursor = Cursor {
            rest: head.get(8..).unwrap_or_default(),
            order,
            lengths,
        };
        let mut described = Self::default();
        let (Ok(_), Ok(pairs)) = (cursor.length(), cursor.length()) else {
            return Err(cut());
        };
        for _ in 0..pairs {
            if let Err(damage) = described.take(&mut cursor) {
                described.damage = Some(damage);
                break;
            }
        }
        Ok(described)
    }

    fn take(&mut self, cursor: &mut Cursor<'_>) -> Result<(), Damage> {
        let key = cursor.text()?;
        let kind = cursor.number(4)?;
        if key == b"general.file_type" && kind == UINT32 {
            self.weights = Some(weights(cursor.number(4)?));
            return Ok(());
        }
        if kind == STRING && key.starts_with(b"general.") {
            let text = cursor.text()?;
            if let (Ok(key), Ok(text)) = (std::str::from_utf8(key), std::str::from_utf8(text)) {
                self.texts.entry(key.to_owned()).or_insert(text.to_owned());
            }
            return Ok(());
        }
        cursor.skip(kind, 0)
    }
}

/// Numbers of types of values.
const UINT32: u64 = 4;
const STRING: u64 = 8;
const ARRAY: u64 = 9;

/// Bytes of a value whose size depends on nothing but its type.
fn size_of(kind: u64) -> Option<u64> {
    match kind {
        // Integers and truth values of 8 bits.
        0 | 1 | 7 => Some(1),
        // Integers of 16.
        2 | 3 => Some(2),
        // Integers and numbers of 32.
        UINT32 | 5 | 6 => Some(4),
        // And of 64.
        10..=12 => Some(8),
        _ => None,
    }
}

#[derive(Debug, Clone, Copy)]
enum Order {
    Little,
    Big,
}

/// Bytes of a length.
#[derive(Debug, Clone, Copy)]
enum Width {
    Four,
    Eight,
}

/// The bytes that are left.
struct Cursor<'a> {
    rest: &'a [u8],
    order: Order,
    lengths: Width,
}

impl<'a> Cursor<'a> {
    fn take(&mut self, bytes: u64) -> Result<&'a [u8], Damage> {
        let bytes = usize::try_from(bytes).map_err(|_| Damage::End)?;
        let (taken, rest) = self.rest.split_at_checked(bytes).ok_or(Damage::End)?;
        self.rest = rest;
        Ok(taken)
    }

    /// An unsigned number of at most eight bytes.
    fn number(&mut self, bytes: u64) -> Result<u64, Damage> {
        let taken = self.take(bytes)?;
        let join = |sum: u64, byte: &u8| sum << 8 | u64::from(*byte);
        Ok(match self.order {
            Order::Little => taken.iter().rev().fold(0, join),
            Order::Big => taken.iter().fold(0, join),
        })
    }

    fn length(&mut self) -> Result<u64, Damage> {
        self.number(match self.lengths {
            Width::Four => 4,
            Width::Eight => 8,
        })
    }

    fn text(&mut self) -> Result<&'a [u8], Damage> {
        let length = self.length()?;
        self.take(length)
    }

    fn skip(&mut self, kind: u64, depth: usize) -> Result<(), Damage> {
        if let Some(size) = size_of(kind) {
            return self.take(size).map(|_| ());
        }
        match kind {
            STRING => self.text().map(|_| ()),
            ARRAY if depth < DEEPEST => {
                let kind = self.number(4)?;
                let count = self.length()?;
                if let Some(size) = size_of(kind) {
                    let bytes = count.checked_mul(size).ok_or(Damage::End)?;
                    return self.take(bytes).map(|_| ());
                }
                // Each of these takes bytes, so that the end is near, whatever the count.
                for _ in 0..count {
                    self.skip(kind, depth.saturating_add(1))?;
                }
                Ok(())
            }
            ARRAY => Err(Damage::Invalid("arrays lie too deep")),
            _ => Err(Damage::Invalid("a value has no known type")),
        }
    }
}

/// How weights are kept, by the number that `general.file_type` has for it (`llama_ftype` of llama.cpp).
fn weights(number: u64) -> String {
    const NAMES: &[(u64, &str)] = &[
        (0, "F32"),
        (1, "F16"),
        (2, "Q4_0"),
        (3, "Q4_1"),
        (4, "Q4_1_SOME_F16"),
        (5, "Q4_2"),
        (6, "Q4_3"),
        (7, "Q8_0"),
        (8, "Q5_0"),
        (9, "Q5_1"),
        (10, "Q2_K"),
        (11, "Q3_K_S"),
        (12, "Q3_K_M"),
        (13, "Q3_K_L"),
        (14, "Q4_K_S"),
        (15, "Q4_K_M"),
        (16, "Q5_K_S"),
        (17, "Q5_K_M"),
        (18, "Q6_K"),
        (19, "IQ2_XXS"),
        (20, "IQ2_XS"),
        (21, "Q2_K_S"),
        (22, "IQ3_XS"),
        (23, "IQ3_XXS"),
        (24, "IQ1_S"),
        (25, "IQ4_NL"),
        (26, "IQ3_S"),
        (27, "IQ3_M"),
        (28, "IQ2_S"),
        (29, "IQ2_M"),
        (30, "IQ4_XS"),
        (31, "IQ1_M"),
        (32, "BF16"),
        (33, "Q4_0_4_4"),
        (34, "Q4_0_4_8"),
        (35, "Q4_0_8_8"),
        (36, "TQ1_0"),
        (37, "TQ2_0"),
        (38, "MXFP4_MOE"),
        (39, "NVFP4"),
        (40, "Q1_0"),
    ];
    // A bit tells that the number was guessed from the tensors.
    let known = NAMES.iter().find(|(known, _)| *known == number & !1024);
    known.map_or_else(|| format!("type {number}"), |(_, name)| (*name).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_the_hub_name_repositories() {
        for (url, is) in [
            ("https://huggingface.co/o/n-1.5", Some("o/n-1.5")),
            ("https://huggingface.co/o/n/", Some("o/n")),
            ("https://huggingface.co/o/n/tree/main", None),
            ("https://huggingface.co/o", None),
            ("https://example.org/o/n", None),
            ("huggingface.co/o/n", None),
            ("https://huggingface.co/o/n?x=1", None),
        ] {
            assert_eq!(repository(url), is, "{url}");
        }
    }

    #[test]
    fn weights_have_names() {
        assert_eq!(weights(15), "Q4_K_M");
        assert_eq!(weights(1024 + 1), "F16");
        assert_eq!(weights(999), "type 999");
    }
}
