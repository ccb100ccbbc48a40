//! The reader of `pack.pl` never panics and never takes more memory or time than its input allows.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plimsoll_analyzers::lang::Prolog;
use plimsoll_testkit::fixtures::analyze_one;

fuzz_target!(|data: &[u8]| {
    let _ = analyze_one(&Prolog, "pack/a/pack.pl", data);
});
