//! The reader of snaps never panics and never takes more memory or time than its input allows.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plimsoll_analyzers::os::snap::Snap;
use plimsoll_testkit::fixtures::analyze_one;

fuzz_target!(|data: &[u8]| {
    let _ = analyze_one(&Snap, "snap/a/1/meta/snap.yaml", data);
    let _ = analyze_one(&Snap, "var/lib/snapd/seed/seed.yaml", data);
    let _ = analyze_one(&Snap, "var/lib/snapd/state.json", data);
});
