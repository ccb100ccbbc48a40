//! The reader of what was left behind never panics and never takes more memory or time than its input allows.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plimsoll_analyzers::os::leftover::Leftover;
use plimsoll_testkit::fixtures::analyze_one;

fuzz_target!(|data: &[u8]| {
    // A path that climbs out of the folder, or is the folder, is none that the reader is asked about.
    let path = String::from_utf8_lossy(data).replace("..", "-");
    let _ = analyze_one(&Leftover, &format!("var/cache/apk/x{path}"), data);
    let _ = analyze_one(&Leftover, &format!("{path}/Dockerfile"), data);
});
