//! The reader of packages of rpm as files never panics and never takes more memory or time than its input allows.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plimsoll_analyzers::os::rpm_archive::RpmArchive;
use plimsoll_testkit::fixtures::analyze_one;

fuzz_target!(|data: &[u8]| {
    let _ = analyze_one(&RpmArchive, "opt/demo.rpm", data);
});
