//! A bill of materials: CycloneDX XML, and the facts that are made of it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plimsoll_sbom::{Format, facts};

fuzz_target!(|bytes: &[u8]| {
    if let Ok(document) = Format::CycloneDxXml.read(bytes) {
        let _ = facts(&document, "fuzz");
    }
});
