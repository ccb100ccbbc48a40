//! A package of Debian, its changelog, and the document made of such.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| plimsoll_advisory::fuzz::changelog(bytes));
