//! The reader of Perl's records never panics and never takes more memory or time than its input allows.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plimsoll_analyzers::lang::Perllocal;
use plimsoll_testkit::fixtures::analyze_one;

fuzz_target!(|data: &[u8]| {
    let path = if data.first().is_some_and(|byte| byte % 2 == 0) {
        "usr/lib/perl5/perllocal.pod"
    } else {
        "usr/lib/perl5/auto/Acme/Keel/.packlist"
    };
    let _ = analyze_one(&Perllocal, path, data.get(1..).unwrap_or_default());
});
