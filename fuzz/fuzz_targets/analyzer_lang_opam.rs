//! The reader of opam switches never panics and never takes more memory or time than its input allows.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plimsoll_analyzers::lang::Opam;
use plimsoll_testkit::fixtures::analyze_one;

fuzz_target!(|data: &[u8]| {
    let _ = analyze_one(&Opam, "home/.opam/x/.opam-switch/packages/a.1/opam", data);
});
