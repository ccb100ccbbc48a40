//! The reader of release files never panics and never takes more memory or time than its input allows.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plimsoll_analyzers::os::release::Release;
use plimsoll_testkit::fixtures::analyze_one;

/// The first byte chooses the kind of file.
const PATHS: [&str; 8] = [
    "etc/os-release",
    "etc/lsb-release",
    "etc/alpine-release",
    "etc/debian_version",
    "etc/redhat-release",
    "etc/system-release-cpe",
    "etc/arch-release",
    "etc/apk/repositories",
];

fuzz_target!(|data: &[u8]| {
    let Some((&choice, data)) = data.split_first() else {
        return;
    };
    let _ = analyze_one(&Release, PATHS[usize::from(choice) % PATHS.len()], data);
});
