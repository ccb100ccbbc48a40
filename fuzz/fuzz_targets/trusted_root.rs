//! Any bytes as a trust root of Sigstore: no panic.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plimsoll_trust::TrustedRoot;

fuzz_target!(|bytes: &[u8]| {
    let _ = TrustedRoot::parse(bytes);
});
