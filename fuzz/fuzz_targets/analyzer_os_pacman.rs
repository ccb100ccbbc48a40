//! The reader of pacman's database never panics and never takes more memory or time than its input allows.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plimsoll_analyzers::os::pacman::Pacman;
use plimsoll_testkit::fixtures::analyze_one;

fuzz_target!(|data: &[u8]| {
    let _ = analyze_one(&Pacman, "var/lib/pacman/local/x-1-1/desc", data);
});
