//! The reader of dpkg's database never panics and never takes more memory or time than its input allows.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plimsoll_analyzers::os::dpkg::Dpkg;
use plimsoll_testkit::fixtures::analyze_one;

/// The first byte chooses the kind of file.
const PATHS: [&str; 4] = [
    "var/lib/dpkg/status",
    "var/lib/dpkg/status.d/base",
    "var/lib/dpkg/status.d/base.md5sums",
    "var/lib/dpkg/info/libc6:amd64.list",
];

fuzz_target!(|data: &[u8]| {
    let Some((&choice, data)) = data.split_first() else {
        return;
    };
    let _ = analyze_one(&Dpkg, PATHS[usize::from(choice) % PATHS.len()], data);
});
