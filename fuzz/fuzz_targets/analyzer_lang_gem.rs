//! The reader of gemspecs never panics and never takes more memory or time than its input allows.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plimsoll_analyzers::lang::Gem;
use plimsoll_testkit::fixtures::analyze_one;

fuzz_target!(|data: &[u8]| {
    let _ = analyze_one(&Gem, "usr/lib/ruby/gems/3.3.0/specifications/demo-1.0.gemspec", data);
});
