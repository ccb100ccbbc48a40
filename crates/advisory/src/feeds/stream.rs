//! Documents that are one JSON object with a long list in it, read element by element: the yearly files of NVD
//! have hundreds of megabytes, and one record of them a few kilobytes.

use std::cell::Cell;
use std::fmt;
use std::io::{self, Read};
use std::rc::Rc;

use serde::de::{DeserializeSeed, Deserializer as _, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::document::{Document, Flow};
use crate::FeedError;

/// The largest element, and the largest member beside the list.
const ELEMENT_LIMIT: u64 = 64 << 20;

/// Reads the object that a document is: its members but the list go to `header`, the elements of the list
/// `list` to `each`. A document without that list is not what was asked for.
pub(super) fn elements(
    document: &Document<'_>,
    list: &'static str,
    header: &mut dyn FnMut(&str, &RawValue),
    each: &mut dyn FnMut(&RawValue) -> Flow,
) -> Result<(), FeedError> {
    let since = Rc::new(Cell::new(0));
    let metered = Metered {
        inner: document.inflated()?,
        since: Rc::clone(&since),
    };
    let mut found = Found::Nothing;
    let top = Top {
        list,
        header,
        each,
        since,
        found: &mut found,
    };
    let mut deserializer = serde_json::Deserializer::from_reader(io::BufReader::new(metered));
    let read = deserializer
        .deserialize_map(top)
        .and_then(|()| deserializer.end());
    match (read, found) {
        (_, Found::Stopped) | (Ok(()), Found::List) => Ok(()),
        (Err(error), _) => Err(document.json(error)),
        (Ok(()), Found::Nothing) => Err(document.shape(format!("it has no list `{list}`"))),
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Found {
    Nothing,
    List,
    /// The receiver wants no more.
    Stopped,
}

/// Counts what was read since the last element began.
struct Metered<R> {
    inner: R,
    since: Rc<Cell<u64>>,
}

impl<R: Read> Read for Metered<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        let since = self.since.get().saturating_add(read as u64);
        self.since.set(since);
        if since > ELEMENT_LIMIT {
            let reason = format!("one element has more than {ELEMENT_LIMIT} bytes");
            return Err(io::Error::other(reason));
        }
        Ok(read)
    }
}

struct Top<'s> {
    list: &'static str,
    header: &'s mut dyn FnMut(&str, &RawValue),
    each: &'s mut dyn FnMut(&RawValue) -> Flow,
    since: Rc<Cell<u64>>,
    found: &'s mut Found,
}

impl<'de> Visitor<'de> for Top<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            self.since.set(0);
            if key == self.list {
                *self.found = Found::List;
                map.next_value_seed(List {
                    each: &mut *self.each,
                    since: &self.since,
                    found: &mut *self.found,
                })?;
            } else {
                let value: Box<RawValue> = map.next_value()?;
                (self.header)(&key, &value);
            }
        }
        Ok(())
    }
}

struct List<'s> {
    each: &'s mut dyn FnMut(&RawValue) -> Flow,
    since: &'s Cell<u64>,
    found: &'s mut Found,
}

impl<'de> DeserializeSeed<'de> for List<'_> {
    type Value = ();

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for List<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while let Some(element) = list.next_element::<Box<RawValue>>()? {
            self.since.set(0);
            if (self.each)(&element) == Flow::Stop {
                *self.found = Found::Stopped;
                return Err(A::Error::custom("stopped"));
            }
        }
        Ok(())
    }
}
