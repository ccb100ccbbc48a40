//! The Go vulnerability database.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    plimsoll_advisory::fuzz::packed("govulndb", "ID/GO-2024-0001.json", bytes)
});
