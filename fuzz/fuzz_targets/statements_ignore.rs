//! Ignore files of peers; the first byte chooses the format.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plimsoll_policy::read_ignore_file;

const NAMES: [&str; 5] = [
    ".trivyignore",
    ".trivyignore.yaml",
    ".grype.yaml",
    ".snyk",
    "osv-scanner.toml",
];

fuzz_target!(|bytes: &[u8]| {
    if let Some((first, rest)) = bytes.split_first() {
        let name = NAMES[usize::from(*first) % NAMES.len()];
        let _ = read_ignore_file(name, rest);
    }
});
