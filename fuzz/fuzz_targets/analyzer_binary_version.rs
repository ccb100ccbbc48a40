//! The search for versions never panics and never takes more memory or time than its input allows.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plimsoll_analyze::index::ELF_MAGIC;
use plimsoll_analyzers::binary::Version;
use plimsoll_testkit::fixtures::analyze_one;

fuzz_target!(|data: &[u8]| {
    let program = [&ELF_MAGIC, data].concat();
    for name in ["python3.11", "redis-server", "libcrypto.so.3", "ffmpeg", "gcc-12"] {
        let _ = analyze_one(&Version, &format!("usr/bin/{name}"), &program);
    }
});
