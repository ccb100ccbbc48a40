//! The reader of dnf's history never panics and never takes more memory or time than its input allows.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plimsoll_analyzers::os::dnf::Dnf;
use plimsoll_testkit::fixtures::analyze_one;

fuzz_target!(|data: &[u8]| {
    let _ = analyze_one(&Dnf, "var/lib/dnf/history.sqlite", data);
    let _ = analyze_one(&Dnf, "usr/lib/sysimage/libdnf5/nevras.toml", data);
});
