//! The reader of models in GGUF never panics and never takes more memory or time than its input allows.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plimsoll_analyzers::model::Gguf;
use plimsoll_testkit::fixtures::analyze_one;

fuzz_target!(|data: &[u8]| {
    let data = data.strip_prefix(b"GGUF").unwrap_or(data);
    let _ = analyze_one(&Gguf, "models/demo.gguf", &[b"GGUF", data].concat());
});
