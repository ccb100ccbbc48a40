//! The reader of `*.app` never panics and never takes more memory or time than its input allows.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plimsoll_analyzers::lang::Otp;
use plimsoll_testkit::fixtures::analyze_one;

fuzz_target!(|data: &[u8]| {
    let _ = analyze_one(&Otp, "lib/a-1/ebin/a.app", data);
});
