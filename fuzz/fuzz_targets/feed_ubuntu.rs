//! A flaw of the Ubuntu CVE tracker, in an archive.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| plimsoll_advisory::fuzz::packed("ubuntu", "active/CVE-2023-0001", bytes));
