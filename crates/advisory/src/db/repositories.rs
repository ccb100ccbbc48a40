//! Which products Red Hat's repositories have, as a block of the file: keys once, and for each repository their places.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::key::EcosystemKey;

/// The repositories, sorted by id.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Repositories {
    keys: Vec<String>,
    ids: Vec<(String, Vec<u32>)>,
}

impl Repositories {
    pub(super) fn encode(all: &BTreeMap<String, BTreeSet<EcosystemKey>>) -> Vec<u8> {
        let keys: BTreeSet<&EcosystemKey> = all.values().flatten().collect();
        let places: BTreeMap<&EcosystemKey, u32> = keys.iter().copied().zip(0..).collect();
        let ids = all.iter().map(|(id, keys)| {
            let keys = keys.iter().filter_map(|key| places.get(key).copied());
            (id.clone(), keys.collect())
        });
        let written = Self {
            keys: keys.iter().map(|key| key.as_str().to_owned()).collect(),
            ids: ids.collect(),
        };
        // Writing plain data to memory has nothing to fail on; an empty block would not be read.
        postcard::to_stdvec(&written).unwrap_or_default()
    }

    pub(super) fn decode(payload: &[u8]) -> Option<Self> {
        postcard::from_bytes(payload).ok()
    }

    /// The keys of the products of a repository, or of a content set; none where it has a product of which no advisory
    /// tells. `None` for one that is not known.
    pub(crate) fn products(&self, id: &str) -> Option<Vec<&str>> {
        let place = self
            .ids
            .binary_search_by(|(known, _)| known.as_str().cmp(id));
        let (_, places) = self.ids.get(place.ok()?)?;
        let keys = places
            .iter()
            .filter_map(|place| self.keys.get(*place as usize));
        Some(keys.map(String::as_str).collect())
    }
}
