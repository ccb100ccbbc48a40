//! The reader of modules of the kernel never panics and never takes more memory or time than its input allows.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plimsoll_analyzers::binary::KernelModule;
use plimsoll_testkit::fixtures::analyze_one;

fuzz_target!(|data: &[u8]| {
    for end in ["ko", "ko.gz", "ko.xz", "ko.zst"] {
        let path = format!("lib/modules/6.1.0/extra/demo.{end}");
        let _ = analyze_one(&KernelModule, &path, data);
    }
});
