//! A security database of Alpine.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| plimsoll_advisory::fuzz::feed("alpine-secdb", "v3.18", bytes));
