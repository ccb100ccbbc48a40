//! openEuler's CSAF.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| plimsoll_advisory::fuzz::feed("openeuler", "2024/cve-2024-1", bytes));
