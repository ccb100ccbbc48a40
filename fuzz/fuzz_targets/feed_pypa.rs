//! PyPA's advisories in YAML.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    plimsoll_advisory::fuzz::packed("pypa", "vulns/a/PYSEC-2024-1.yaml", bytes)
});
