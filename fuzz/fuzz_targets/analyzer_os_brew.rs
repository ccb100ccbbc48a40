//! The reader of Homebrew's receipts never panics and never takes more memory or time than its input allows.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plimsoll_analyzers::os::brew::Brew;
use plimsoll_testkit::fixtures::analyze_one;

fuzz_target!(|data: &[u8]| {
    let _ = analyze_one(&Brew, "usr/local/Cellar/jq/1/INSTALL_RECEIPT.json", data);
});
