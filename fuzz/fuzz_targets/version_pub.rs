#![no_main]

use libfuzzer_sys::fuzz_target;
use plimsoll_version::Scheme;

fuzz_target!(|text: &str| version_order::check(Scheme::Pub, text));

mod version_order;
