//! A page or a yearly file of NVD.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| plimsoll_advisory::fuzz::feed("nvd", "x", bytes));
