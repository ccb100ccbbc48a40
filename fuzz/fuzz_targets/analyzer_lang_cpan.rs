//! The reader of what cpanm installed never panics and never takes more memory or time than its input allows.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plimsoll_analyzers::lang::Cpan;
use plimsoll_testkit::fixtures::analyze_one;

fuzz_target!(|data: &[u8]| {
    let _ = analyze_one(&Cpan, "usr/local/lib/perl5/.meta/Demo-1.0/install.json", data);
});
