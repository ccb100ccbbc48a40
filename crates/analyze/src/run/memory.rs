//! Memory for the files that analyzers look at.

use std::sync::atomic::{AtomicU64, Ordering};

use memmap2::MmapMut;

use crate::analyzer::HELD_BYTES;

/// Memory for files larger than [`HELD_BYTES`], shared by the layers that are read at the same time. Who gets none
/// uses a temporary file, which takes longer.
#[derive(Debug)]
pub struct Memory {
    /// Bytes that nobody has.
    free: AtomicU64,
}

impl Memory {
    /// So much that most programs of most images fit, and little enough beside all else.
    pub(super) const BYTES: u64 = 32 << 20;

    /// Takes so many bytes, if they are there.
    fn take(&self, bytes: u64) -> bool {
        let taken = self
            .free
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |free| {
                free.checked_sub(bytes)
            });
        taken.is_ok()
    }
}

impl Default for Memory {
    fn default() -> Self {
        Self {
            free: AtomicU64::new(Self::BYTES),
        }
    }
}

/// Pages straight from the system.
///
/// They go back as soon as they are not needed, and do not stay with the allocator: the room for large files is a third
/// of all memory.
#[derive(Default)]
pub(super) struct Room(Option<MmapMut>);

impl Room {
    /// Room for so many bytes; `None` if the system gives none.
    fn new(bytes: usize) -> Option<Self> {
        MmapMut::map_anon(bytes).ok().map(|pages| Self(Some(pages)))
    }

    pub(super) fn bytes(&self) -> &[u8] {
        self.0.as_deref().unwrap_or_default()
    }
}

/// Memory for one file at a time, used again for the next one.
pub(super) struct Buffer<'a> {
    room: Room,
    memory: &'a Memory,
    /// Bytes taken from `memory`.
    taken: u64,
    /// The least room.
    first: usize,
}

impl<'a> Buffer<'a> {
    /// The first room has so many bytes at least.
    pub(super) fn new(memory: &'a Memory, first: u64) -> Self {
        Self {
            room: Room::default(),
            memory,
            taken: 0,
            first: usize::try_from(first).unwrap_or_default(),
        }
    }

    /// Whether there is memory for a file of this size; what it lacks is taken.
    pub(super) fn has(&mut self, size: u64) -> bool {
        if size > HELD_BYTES && size > self.taken {
            if !self.memory.take(size.saturating_sub(self.taken)) {
                return false;
            }
            self.taken = size;
        }
        true
    }

    /// Room for a file of this size, with anything in it; `None` if there is no memory for it.
    pub(super) fn room(&mut self, size: u64) -> Option<&mut [u8]> {
        if !self.has(size) {
            return None;
        }
        let size = usize::try_from(size).ok()?;
        if size == 0 {
            // There may be no pages yet, and none are needed.
            return Some(&mut []);
        }
        if self.room.bytes().len() < size {
            // What is in it need not be kept, and the old room not be held beside the new one. The new one is for
            // the largest file of its kind: pages that no file reaches are never touched.
            self.room = Room::default();
            self.room = Room::new(size.max(self.first))?;
        }
        self.room.0.as_deref_mut()?.get_mut(..size)
    }

    /// Gives all memory back. The next file takes new.
    pub(super) fn release(&mut self) {
        self.room = Room::default();
        self.memory.free.fetch_add(self.taken, Ordering::Relaxed);
        self.taken = 0;
    }

    /// Gives the room away, until [`Buffer::give_back`].
    pub(super) fn lend(&mut self) -> Room {
        std::mem::take(&mut self.room)
    }

    /// Takes back what was lent.
    pub(super) fn give_back(&mut self, room: Room) {
        self.room = room;
    }
}

impl Drop for Buffer<'_> {
    fn drop(&mut self) {
        self.release();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_file_has_room_before_any_other() {
        let memory = Memory::default();
        let mut buffer = Buffer::new(&memory, 16);
        assert_eq!(buffer.room(0).map(|room| room.len()), Some(0));
        assert_eq!(buffer.room(7).map(|room| room.len()), Some(7));
        assert_eq!(buffer.room(0).map(|room| room.len()), Some(0));
    }
}
