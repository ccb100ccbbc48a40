//! Numbers in place of equal texts.

use std::collections::HashMap;
use std::sync::Arc;

use crate::BuildError;

/// A place as the 32 bits that the format has for it.
pub(super) fn number(place: usize, what: &'static str) -> Result<u32, BuildError> {
    u32::try_from(place)
        .ok()
        .filter(|number| *number < u32::MAX)
        .ok_or(BuildError::TooMany { what })
}

/// Gives equal things one number.
#[derive(Debug)]
pub(super) struct Interner<T: ?Sized> {
    places: HashMap<Arc<T>, u32>,
    things: Vec<Arc<T>>,
}

impl<T: ?Sized> Default for Interner<T> {
    fn default() -> Self {
        Self {
            places: HashMap::new(),
            things: Vec::new(),
        }
    }
}

impl<T: ?Sized + std::hash::Hash + Eq> Interner<T>
where
    for<'a> Arc<T>: From<&'a T>,
{
    pub(super) fn intern(&mut self, thing: &T) -> Result<u32, BuildError> {
        if let Some(place) = self.places.get(thing) {
            return Ok(*place);
        }
        let place = number(self.things.len(), "different texts")?;
        let shared: Arc<T> = thing.into();
        self.things.push(Arc::clone(&shared));
        self.places.insert(shared, place);
        Ok(place)
    }

    pub(super) fn len(&self) -> usize {
        self.things.len()
    }

    pub(super) fn get(&self, place: u32) -> Option<&T> {
        self.things.get(place as usize).map(AsRef::as_ref)
    }
}
