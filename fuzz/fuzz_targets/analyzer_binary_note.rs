//! The reader of package notes never panics and never takes more memory or time than its input allows.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plimsoll_analyze::index::ELF_MAGIC;
use plimsoll_analyzers::binary::Note;
use plimsoll_testkit::fixtures::analyze_one;

fuzz_target!(|data: &[u8]| {
    let data = data.strip_prefix(&ELF_MAGIC).unwrap_or(data);
    let _ = analyze_one(&Note, "bin/demo", &[&ELF_MAGIC, data].concat());
});
