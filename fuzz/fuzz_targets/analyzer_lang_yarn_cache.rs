//! The reader of packages in Yarn's cache never panics and never takes more memory or time than its input allows.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plimsoll_analyzers::lang::YarnCache;
use plimsoll_testkit::fixtures::analyze_one;

fuzz_target!(|data: &[u8]| {
    let _ = analyze_one(&YarnCache, "app/.yarn/cache/a-npm-1.0.0-abc.zip", data);
});
