//! A document of Ubuntu's OpenVEX.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| plimsoll_advisory::fuzz::feed("ubuntu-vex", "x", bytes));
