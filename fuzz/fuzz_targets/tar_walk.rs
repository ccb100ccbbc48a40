//! Any bytes as an archive: no panic, no path that leaves the root, no content longer than it says.
#![no_main]

use std::io::{BufReader, Read};

use libfuzzer_sys::fuzz_target;
use plimsoll_image::tar::{Walk, WalkLimits};

fuzz_target!(|data: &[u8]| {
    let limits = WalkLimits { entries: 1000, path: 300, metadata: 8192 };
    let mut whole = Walk::new(data, limits.clone());
    let mut pieces = Walk::new(BufReader::with_capacity(601, data), limits);
    loop {
        let (one, other) = (whole.next_entry(), pieces.next_entry());
        let (Ok(one), Ok(other)) = (&one, &other) else {
            assert_eq!(one.is_err(), other.is_err(), "buffers must not matter");
            return;
        };
        assert_eq!(one, other);
        let Some(entry) = one else { return };
        assert!(entry.path.as_str().split('/').all(|part| part != ".." && part != "."));
        if entry.mode & 1 == 0 {
            let (mut a, mut b) = (Vec::new(), Vec::new());
            let read = whole.content().take(100_000).read_to_end(&mut a);
            let again = pieces.content().take(100_000).read_to_end(&mut b);
            assert_eq!(read.is_err(), again.is_err());
            assert!(a == b && a.len() as u64 <= entry.size);
            assert!(read.is_err() || a.len() as u64 == entry.size.min(100_000));
        }
    }
});
