//! Facts of layers, kept by content.
//!
//! A layer is named by its diff id, so what it says never changes; only a new revision of an analyzer makes
//! it worth reading again. Inflating a layer costs far more than all analyzers together, so a layer's facts
//! are kept in one piece under one key, not one for each analyzer.

use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use plimsoll_model::Digest;

use crate::analyzer::Meta;
use crate::layer::LayerFacts;

/// Raised when [`LayerFacts`] changes its shape or the engine its behaviour.
const FORMAT: u32 = 5;

/// The first bytes of a cache file.
const MAGIC: &[u8; 8] = b"PLIMFCT5";

/// Larger cache files are not ours.
const LIMIT: u64 = 1 << 30;

/// The name under which a layer's facts are kept.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct CacheKey(Digest);

impl CacheKey {
    /// The key of a layer, read by these analyzers.
    #[must_use]
    pub fn new(diff_id: &Digest, analyzers: &[&Meta]) -> Self {
        let mut text = format!("{FORMAT}\n{diff_id}\n");
        for meta in analyzers {
            text.push_str(meta.id);
            text.push(' ');
            text.push_str(&meta.revision.to_string());
            text.push('\n');
        }
        Self(Digest::of(text.as_bytes()))
    }
}

/// Keeps facts of layers between runs.
pub trait FactCache: Send + Sync {
    /// The facts under a key; `None` where there are none, or none that can be trusted.
    fn get(&self, key: &CacheKey) -> Option<LayerFacts>;

    /// Keeps facts. A cache that cannot be written costs time, never an answer, so the caller may ignore
    /// the error, but says it.
    fn put(&self, key: &CacheKey, facts: &LayerFacts) -> io::Result<()>;
}

/// A cache that keeps nothing.
#[derive(Debug, Clone, Copy)]
pub struct NoCache;

impl FactCache for NoCache {
    fn get(&self, _: &CacheKey) -> Option<LayerFacts> {
        None
    }

    fn put(&self, _: &CacheKey, _: &LayerFacts) -> io::Result<()> {
        Ok(())
    }
}

/// A cache in a folder, one file for each layer.
///
/// A file is written beside its place and renamed, so that readers see all of it or nothing; it carries a
/// CRC-32 of itself, so that a damaged one is read anew instead of believed. That is no defence against those who
/// may write to the folder, nor would a digest be.
#[derive(Debug, Clone)]
pub struct DirCache {
    folder: PathBuf,
}

impl DirCache {
    /// A cache in `folder`, which is made when something is first kept.
    #[must_use]
    pub fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    fn file(&self, key: &CacheKey) -> PathBuf {
        let hex = key.0.hex();
        self.folder.join(hex.get(..2).unwrap_or_default()).join(hex)
    }
}

impl FactCache for DirCache {
    fn get(&self, key: &CacheKey) -> Option<LayerFacts> {
        let bytes = read_capped(&self.file(key)).ok()?;
        let rest = bytes.strip_prefix(MAGIC)?;
        let (checksum, payload) = rest.split_first_chunk::<4>()?;
        if crc32fast::hash(payload) != u32::from_le_bytes(*checksum) {
            return None;
        }
        postcard::from_bytes(payload).ok()
    }

    fn put(&self, key: &CacheKey, facts: &LayerFacts) -> io::Result<()> {
        let file = self.file(key);
        let folder = file.parent().unwrap_or(Path::new("."));
        fs::create_dir_all(folder)?;
        let payload = postcard::to_stdvec(facts).map_err(io::Error::other)?;
        let mut temporary = tempfile::NamedTempFile::new_in(folder)?;
        temporary.write_all(MAGIC)?;
        temporary.write_all(&crc32fast::hash(&payload).to_le_bytes())?;
        temporary.write_all(&payload)?;
        temporary.persist(&file).map_err(|error| error.error)?;
        Ok(())
    }
}

fn read_capped(path: &Path) -> io::Result<Vec<u8>> {
    let file = fs::File::open(path)?;
    let size = usize::try_from(file.metadata()?.len().min(LIMIT)).unwrap_or(0);
    let mut bytes = Vec::with_capacity(size.saturating_add(1));
    file.take(LIMIT).read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analyzer::{Executables, Interest};
    use plimsoll_model::{Effect, ImagePath};

    const META: Meta = Meta {
        id: "os/test",
        revision: 1,
        docs: "",
        interest: Interest {
            paths: &[],
            names: &[],
            suffixes: &[],
            under: &[],
            executables: Executables::Ignored,
        },
        limit: 1,
        loss: Effect::Note,
    };

    fn facts() -> LayerFacts {
        let mut facts = LayerFacts {
            entries: 7,
            ..LayerFacts::default()
        };
        facts
            .tree
            .files
            .extend(["b", "a"].map(|path| ImagePath::new(path).key()));
        facts
            .tree
            .links
            .push((ImagePath::new("lib"), "usr/lib".to_owned()));
        facts.tree.sort();
        facts
    }

    #[test]
    fn what_was_kept_comes_back_and_damage_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let cache = DirCache::new(folder.path().join("facts"));
        let key = CacheKey::new(&Digest::of(b"layer"), &[&META]);
        assert_eq!(cache.get(&key), None);
        cache.put(&key, &facts()).unwrap();
        assert_eq!(cache.get(&key), Some(facts()));

        let file = cache.file(&key);
        let good = fs::read(&file).unwrap();
        for at in 0..good.len() {
            let mut bad = good.clone();
            bad[at] ^= 1;
            fs::write(&file, &bad).unwrap();
            assert_eq!(cache.get(&key), None, "byte {at}");
            fs::write(&file, &good[..at]).unwrap();
            assert_eq!(cache.get(&key), None, "cut at {at}");
        }
    }

    #[test]
    fn a_new_revision_has_a_new_key() {
        let newer = Meta {
            revision: 2,
            ..META
        };
        let diff_id = Digest::of(b"layer");
        assert_ne!(
            CacheKey::new(&diff_id, &[&META]),
            CacheKey::new(&diff_id, &[&newer])
        );
    }
}
