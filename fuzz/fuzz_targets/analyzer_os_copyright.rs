//! The reader of Debian's copyright files never panics and never takes more memory or time than its input allows.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plimsoll_analyzers::os::copyright::Copyright;
use plimsoll_testkit::fixtures::analyze_one;

fuzz_target!(|data: &[u8]| {
    let _ = analyze_one(&Copyright, "usr/share/doc/a/copyright", data);
});
