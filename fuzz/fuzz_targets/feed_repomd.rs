//! What a mirror of RPM packages says that it has.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = plimsoll_advisory::feeds::Errata::read("repomd.xml", bytes);
});
