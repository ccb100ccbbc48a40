//! The lists of Debian's advisories.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| plimsoll_advisory::fuzz::feed("debian-advisories", "DSA", bytes));
