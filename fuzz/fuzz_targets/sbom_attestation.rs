//! A bill of materials in a statement about an artefact, and the facts that are made of it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plimsoll_sbom::{facts, read};

fuzz_target!(|bytes: &[u8]| {
    if let Ok(document) = read(bytes) {
        let _ = facts(&document, "fuzz");
    }
});
