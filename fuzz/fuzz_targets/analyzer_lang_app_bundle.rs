//! The reader of property lists never panics and never takes more memory or time than its input allows.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plimsoll_analyzers::lang::AppBundle;
use plimsoll_testkit::fixtures::analyze_one;

fuzz_target!(|data: &[u8]| {
    let path = "opt/Demo.app/Contents/Info.plist";
    let _ = analyze_one(&AppBundle, path, data);
    let _ = analyze_one(&AppBundle, path, &[b"bplist00", data].concat());
});
