//! The reader of `Podfile.lock` never panics and never takes more memory or time than its input allows.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plimsoll_analyzers::lang::Cocoapods;
use plimsoll_testkit::fixtures::analyze_one;

fuzz_target!(|data: &[u8]| {
    let _ = analyze_one(&Cocoapods, "app/Podfile.lock", data);
});
