//! The reader of PHP extensions never panics and never takes more memory or time than its input allows.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plimsoll_analyze::index::ELF_MAGIC;
use plimsoll_analyzers::binary::PhpExtension;
use plimsoll_testkit::fixtures::analyze_one;

fuzz_target!(|data: &[u8]| {
    let data = data.strip_prefix(&ELF_MAGIC).unwrap_or(data);
    let _ = analyze_one(&PhpExtension, "usr/lib/php/20230831/demo.so", &[&ELF_MAGIC, data].concat());
});
