//! Numbers in place of equal texts, which lie one after another in one run of bytes: there are millions.

use std::hash::BuildHasher as _;
use std::marker::PhantomData;

use foldhash::fast::RandomState;
use hashbrown::HashTable;

use crate::BuildError;

/// A place as the 32 bits that the format has for it.
pub(super) fn number(place: usize, what: &'static str) -> Result<u32, BuildError> {
    u32::try_from(place)
        .ok()
        .filter(|number| *number < u32::MAX)
        .ok_or(BuildError::TooMany { what })
}

/// What can lie in a run of bytes.
pub(super) trait Thing {
    fn bytes(&self) -> &[u8];
    fn of_bytes(bytes: &[u8]) -> Option<&Self>;
}

impl Thing for str {
    fn bytes(&self) -> &[u8] {
        self.as_bytes()
    }

    fn of_bytes(bytes: &[u8]) -> Option<&Self> {
        std::str::from_utf8(bytes).ok()
    }
}

impl Thing for [u8] {
    fn bytes(&self) -> &[u8] {
        self
    }

    fn of_bytes(bytes: &[u8]) -> Option<&Self> {
        Some(bytes)
    }
}

/// Gives equal things one number.
#[derive(Debug)]
pub(super) struct Interner<T: ?Sized> {
    run: Vec<u8>,
    /// Where each thing ends.
    ends: Vec<usize>,
    table: HashTable<u32>,
    hasher: RandomState,
    things: PhantomData<T>,
}

impl<T: ?Sized> Default for Interner<T> {
    fn default() -> Self {
        Self {
            run: Vec::new(),
            ends: Vec::new(),
            table: HashTable::new(),
            hasher: RandomState::default(),
            things: PhantomData,
        }
    }
}

impl<T: ?Sized + Thing> Interner<T> {
    pub(super) fn intern(&mut self, thing: &T) -> Result<u32, BuildError> {
        let bytes = thing.bytes();
        let hash = self.hasher.hash_one(bytes);
        let same = |place: &u32| at(&self.run, &self.ends, *place) == Some(bytes);
        if let Some(place) = self.table.find(hash, same) {
            return Ok(*place);
        }
        let place = number(self.ends.len(), "different texts")?;
        self.run.extend_from_slice(bytes);
        self.ends.push(self.run.len());
        let (run, ends, hasher) = (&self.run, &self.ends, &self.hasher);
        self.table.insert_unique(hash, place, |place| {
            hasher.hash_one(at(run, ends, *place).unwrap_or_default())
        });
        Ok(place)
    }

    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(super) fn get(&self, place: u32) -> Option<&T> {
        T::of_bytes(at(&self.run, &self.ends, place)?)
    }
}

fn at<'a>(run: &'a [u8], ends: &[usize], place: u32) -> Option<&'a [u8]> {
    let place = place as usize;
    let start = match place.checked_sub(1) {
        Some(before) => *ends.get(before)?,
        None => 0,
    };
    run.get(start..*ends.get(place)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_things_have_one_number() {
        let mut texts = Interner::<str>::default();
        let numbers: Vec<u32> = ["a", "", "bc", "a", "", "b", "c", "bc"]
            .iter()
            .map(|text| texts.intern(text).expect("few"))
            .collect();
        assert_eq!(numbers, [0, 1, 2, 0, 1, 3, 4, 2]);
        assert_eq!(texts.len(), 5);
        let back: Vec<_> = (0..6).map(|place| texts.get(place)).collect();
        let expected = [Some("a"), Some(""), Some("bc"), Some("b"), Some("c"), None];
        assert_eq!(back, expected);
    }
}
