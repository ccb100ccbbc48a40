//! Red Hat's VEX: a document, and an archive of them; and the map from repositories to products.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    plimsoll_advisory::fuzz::feed("redhat", "2024/cve-2024-1", bytes);
    plimsoll_advisory::fuzz::feed("redhat", "", bytes);
});
