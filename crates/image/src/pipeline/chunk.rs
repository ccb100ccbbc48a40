//! Buffers that several threads look at and that are used again.

use std::ops::Range;
use std::sync::{Arc, Mutex};

/// A filled buffer, shared between its readers. When the last one drops it, the buffer goes back to its pool.
#[derive(Clone)]
pub(super) struct Chunk {
    shared: Arc<Lease>,
    range: (usize, usize),
}

/// A buffer that finds its way home.
struct Lease {
    bytes: Vec<u8>,
    home: Pool,
}

impl Drop for Lease {
    fn drop(&mut self) {
        self.home.give(std::mem::take(&mut self.bytes));
    }
}

impl Chunk {
    /// Shares `bytes[range]`; the buffer goes to `home` in the end.
    pub(super) fn new(bytes: Vec<u8>, range: Range<usize>, home: &Pool) -> Self {
        Self {
            shared: Arc::new(Lease {
                bytes,
                home: home.clone(),
            }),
            range: (range.start, range.end),
        }
    }

    /// The bytes that the chunk is about.
    pub(super) fn bytes(&self) -> &[u8] {
        self.shared
            .bytes
            .get(self.range.0..self.range.1)
            .unwrap_or_default()
    }
}

/// Buffers of one size. There are only as many as the queues between the threads can hold.
#[derive(Clone)]
pub(super) struct Pool {
    free: Arc<Mutex<Vec<Vec<u8>>>>,
    size: usize,
}

impl Pool {
    pub(super) fn new(size: usize) -> Self {
        Self {
            free: Arc::default(),
            size,
        }
    }

    /// A buffer of the pool's size, with anything in it.
    pub(super) fn take(&self) -> Vec<u8> {
        let used = self.free.lock().ok().and_then(|mut free| free.pop());
        // A new one comes as zeros from the system, and the pages that nobody writes to are never touched.
        let mut buffer = used.unwrap_or_else(|| vec![0; self.size]);
        buffer.resize(self.size, 0);
        buffer
    }

    /// Takes back a buffer that nobody uses any more.
    pub(super) fn give(&self, buffer: Vec<u8>) {
        if buffer.capacity() >= self.size
            && let Ok(mut free) = self.free.lock()
        {
            free.push(buffer);
        }
    }
}
