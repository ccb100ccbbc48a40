//! The reader of models in safetensors never panics and never takes more memory or time than its input allows.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plimsoll_analyzers::model::Safetensors;
use plimsoll_testkit::fixtures::analyze_one;

fuzz_target!(|data: &[u8]| {
    let _ = analyze_one(&Safetensors, "models/demo.safetensors", data);
    let header = [&(data.len() as u64).to_le_bytes(), data].concat();
    let _ = analyze_one(&Safetensors, "models/demo.safetensors", &header);
});
