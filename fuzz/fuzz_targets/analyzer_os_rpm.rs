//! The reader of rpm's databases never panics and never takes more memory or time than its input allows.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plimsoll_analyzers::os::rpm::Rpm;
use plimsoll_testkit::fixtures::analyze_one;

/// The first byte chooses the kind of file.
const PATHS: [&str; 2] = [
    "var/lib/rpm/Packages",
    "var/lib/rpmmanifest/container-manifest-2",
];

fuzz_target!(|data: &[u8]| {
    let Some((&choice, data)) = data.split_first() else {
        return;
    };
    let _ = analyze_one(&Rpm, PATHS[usize::from(choice) % PATHS.len()], data);
});
