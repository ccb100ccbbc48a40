//! The reader of images of the kernel never panics and never takes more memory or time than its input allows.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plimsoll_analyzers::binary::Kernel;
use plimsoll_testkit::fixtures::analyze_one;

fuzz_target!(|data: &[u8]| {
    for path in ["boot/vmlinuz-6.1.0", "lib/modules/6.1.0/modules.order"] {
        let _ = analyze_one(&Kernel, path, data);
    }
});
