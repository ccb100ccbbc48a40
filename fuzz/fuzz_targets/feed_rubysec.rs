//! The Ruby advisory database.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    plimsoll_advisory::fuzz::packed("rubysec", "gems/a/CVE-2024-1.yml", bytes)
});
