//! Errata of RPM repositories.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    plimsoll_advisory::fuzz::feed("updateinfo", "rocky-9-baseos", bytes);
    plimsoll_advisory::fuzz::feed("bottlerocket", "", bytes);
});
