//! VEX documents of every format.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plimsoll_policy::read_vex;

fuzz_target!(|bytes: &[u8]| {
    let _ = read_vex("fuzz", bytes);
});
