//! The reader of `*.nimble` never panics and never takes more memory or time than its input allows.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plimsoll_analyzers::lang::Nim;
use plimsoll_testkit::fixtures::analyze_one;

fuzz_target!(|data: &[u8]| {
    let _ = analyze_one(&Nim, "root/.nimble/pkgs2/a-1-x/a.nimble", data);
});
