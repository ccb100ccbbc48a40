//! RustSec's advisories in Markdown.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    plimsoll_advisory::fuzz::packed("rustsec", "crates/a/RUSTSEC-2024-0001.md", bytes)
});
