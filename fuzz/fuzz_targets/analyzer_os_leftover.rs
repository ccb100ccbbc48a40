//! The reader of what was left behind never panics and never takes more memory or time than its input allows.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plimsoll_analyze::InterestIndex;
use plimsoll_analyzers::os::leftover::Leftover;
use plimsoll_testkit::fixtures::{Said, analyze};

fuzz_target!(|data: &[u8]| {
    let path = String::from_utf8_lossy(data);
    let index = InterestIndex::new(&[&Leftover]);
    let mut said = Said::default();
    // Not every path that comes of it is one that the analyzer wants.
    for path in [format!("var/cache/apk/{path}"), format!("{path}/Dockerfile")] {
        analyze(&index, &path, 0o644, data, &mut said);
    }
});
