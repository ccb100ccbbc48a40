//! OVAL definitions, of vendors that use different parts of the format.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    for (feed, name) in [
        ("azure-linux", "3.0"),
        ("oracle", ""),
        ("redhat-oval", "rhel-8"),
        ("suse", "server.15"),
    ] {
        plimsoll_advisory::fuzz::feed(feed, name, bytes);
    }
});
