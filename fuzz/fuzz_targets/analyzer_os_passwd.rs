//! The reader of accounts never panics and never takes more memory or time than its input allows.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plimsoll_analyzers::os::passwd::Passwd;
use plimsoll_testkit::fixtures::analyze_one;

fuzz_target!(|data: &[u8]| {
    for path in ["etc/passwd", "etc/shadow", "etc/group"] {
        let _ = analyze_one(&Passwd, path, data);
    }
});
