//! The reader of rockspecs never panics and never takes more memory or time than its input allows.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plimsoll_analyzers::lang::Luarocks;
use plimsoll_testkit::fixtures::analyze_one;

fuzz_target!(|data: &[u8]| {
    let _ = analyze_one(&Luarocks, "usr/share/luarocks/rocks-5.4/demo/1.0-1/demo-1.0-1.rockspec", data);
});
