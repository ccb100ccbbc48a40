//! The reader of package managers' settings never panics and never takes more memory or time than its input allows.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plimsoll_analyzers::os::repositories::Repositories;
use plimsoll_testkit::fixtures::analyze_one;

fuzz_target!(|data: &[u8]| {
    for path in [
        "etc/apt/sources.list",
        "etc/apt/sources.list.d/x.sources",
        "etc/apt/apt.conf",
        "etc/yum.conf",
        "etc/pacman.conf",
        "etc/pip.conf",
    ] {
        let _ = analyze_one(&Repositories, path, data);
    }
});
