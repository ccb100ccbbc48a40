//! Berkeley DB's hash store, `Packages`, as rpm used it up to version 4.15 (Berkeley DB source,
//! `dbinc/db_page.h`).
//!
//! Pages of one size in either byte order. Page 0 says which; hash pages hold pairs of a key (the number of
//! the package) and a value (its header), which lies on the page or, nearly always, on a chain of overflow
//! pages. We read every hash page in the order of the file instead of going through the buckets: a page
//! that is in use holds nothing else, and one that is free has another type.

use std::ops::ControlFlow;

use super::Each;
use super::store::{Bytes, Damage, Order};

const MAGIC: u32 = 0x0006_1561;
const MAGIC_AT: usize = 12;

/// Length of the part of page 0 that is read.
const META_BYTES: usize = 72;
/// Type of page 0 of a hash store.
const HASH_META: u8 = 8;
/// Flag of page 0: every page has a checksum, which moves its content. rpm never asks for that.
const HAS_CHECKSUMS: u8 = 1;

/// Length of the head of every other page.
const HEAD_BYTES: usize = 26;
const HASH_UNSORTED: u8 = 2;
const OVERFLOW: u8 = 7;
const HASH: u8 = 13;

/// Types of items on hash pages.
const ON_PAGE: u8 = 1;
const OFF_PAGE: u8 = 3;

/// Byte order of a hash store that begins with these 16 bytes, `None` for anything else.
pub(super) fn order(first: &[u8]) -> Option<Order> {
    [Order::Little, Order::Big]
        .into_iter()
        .find(|order| order.u32(first, MAGIC_AT) == Some(MAGIC))
}

/// A hash store.
struct Store {
    order: Order,
    page_bytes: usize,
}

/// Hands over the header of each package.
pub(super) fn walk(bytes: &mut Bytes<'_>, each: &mut Each<'_>) -> Result<ControlFlow<()>, Damage> {
    let mut page = Vec::new();
    bytes.read(0, META_BYTES, &mut page)?;
    let (store, last) = Store::of(&page)?;
    let mut blob = Vec::new();
    for number in 1..=last {
        let at = store.offset(number);
        bytes.read(at, store.page_bytes, &mut page)?;
        if !matches!(page.get(25), Some(&HASH | &HASH_UNSORTED)) {
            continue;
        }
        let items = store.order.u16(&page, 20).unwrap_or_default();
        // Even places are keys, each before its value.
        for place in (0..items).step_by(2) {
            let value = store
                .item(&page, place)
                .zip(store.item(&page, place.saturating_add(1)))
                .ok_or_else(|| Damage::shape("an item lies out of its page", at));
            let flow = match value {
                Ok((key, value)) if !is_counter(key) => {
                    match store.read_value(bytes, value, at, &mut blob) {
                        Ok(()) => each(Ok(&blob)),
                        Err(damage) => each(Err(damage)),
                    }
                }
                Ok(_) => continue,
                Err(damage) => each(Err(damage)),
            };
            if flow.is_break() {
                return Ok(flow);
            }
        }
    }
    Ok(ControlFlow::Continue(()))
}

/// The value of key 0 is the number that the next package gets.
fn is_counter(key: &[u8]) -> bool {
    matches!(key, [ON_PAGE, number @ ..] if number == [0; 4])
}

impl Store {
    /// What page 0 says: the store, and the number of its last page.
    fn of(meta: &[u8]) -> Result<(Self, u32), Damage> {
        let order = order(meta).ok_or_else(|| Damage::shape("this is no hash store", 0))?;
        let number = |at| order.u32(meta, at).unwrap_or_default();
        let byte = |at: usize| meta.get(at).copied().unwrap_or_default();
        let page_bytes = number(20);
        if !page_bytes.is_power_of_two() || !(512..=65_536).contains(&page_bytes) {
            return Err(Damage::shape(
                "its pages have a size that is not allowed",
                20,
            ));
        }
        if byte(24) != 0 {
            return Err(Damage::shape("it is encrypted", 24));
        }
        if byte(25) != HASH_META {
            return Err(Damage::shape("its first page is of another kind", 25));
        }
        if byte(26) & HAS_CHECKSUMS != 0 {
            return Err(Damage::shape("its pages have checksums", 26));
        }
        let page_bytes = usize::try_from(page_bytes)
            .map_err(|_| Damage::shape("its pages are too large", 20))?;
        Ok((Self { order, page_bytes }, number(32)))
    }

    fn offset(&self, page: u32) -> u64 {
        u64::from(page).saturating_mul(self.page_bytes as u64)
    }

    /// The item at a place of a hash page, with its type. Items fill the page from its end, each up to the
    /// beginning of the one before.
    fn item<'p>(&self, page: &'p [u8], place: u16) -> Option<&'p [u8]> {
        let begin = |place: u16| {
            let at = HEAD_BYTES.saturating_add(usize::from(place).saturating_mul(2));
            self.order.u16(page, at).map(usize::from)
        };
        let end = match place.checked_sub(1) {
            Some(before) => begin(before)?,
            None => self.page_bytes,
        };
        page.get(begin(place)?..end)
    }

    /// Reads a value from where its item says that it is.
    fn read_value(
        &self,
        bytes: &mut Bytes<'_>,
        item: &[u8],
        at: u64,
        blob: &mut Vec<u8>,
    ) -> Result<(), Damage> {
        blob.clear();
        match item {
            [ON_PAGE, value @ ..] => {
                blob.extend_from_slice(value);
                Ok(())
            }
            [OFF_PAGE, ..] => {
                let (Some(first), Some(length)) =
                    (self.order.u32(item, 4), self.order.u32(item, 8))
                else {
                    return Err(Damage::shape("a reference is too short", at));
                };
                self.read_chain(bytes, first, length, blob)
            }
            _ => Err(Damage::shape(
                "an item has a type that rpm does not use",
                at,
            )),
        }
    }

    /// Reads a chain of overflow pages. All but the last are full, so that the length bounds the chain.
    fn read_chain(
        &self,
        bytes: &mut Bytes<'_>,
        first: u32,
        length: u32,
        blob: &mut Vec<u8>,
    ) -> Result<(), Damage> {
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        let room = self.page_bytes.saturating_sub(HEAD_BYTES);
        let mut page = first;
        let mut head = Vec::new();
        while blob.len() < length {
            let at = self.offset(page);
            bytes.read(at, HEAD_BYTES, &mut head)?;
            let used = self.order.u16(&head, 22).map_or(0, usize::from);
            let wanted = length.saturating_sub(blob.len()).min(room);
            if page == 0 || head.get(25) != Some(&OVERFLOW) || used != wanted {
                return Err(Damage::shape("a chain of pages is broken", at));
            }
            bytes.append(at.saturating_add(HEAD_BYTES as u64), used, blob)?;
            page = self.order.u32(&head, 16).unwrap_or_default();
        }
        Ok(())
    }
}
