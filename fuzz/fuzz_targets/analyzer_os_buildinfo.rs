//! The reader of content manifests never panics and never takes more memory or time than its input allows.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plimsoll_analyzers::os::buildinfo::Buildinfo;
use plimsoll_testkit::fixtures::analyze_one;

fuzz_target!(|data: &[u8]| {
    let _ = analyze_one(&Buildinfo, "root/buildinfo/content_manifests/a.json", data);
});
