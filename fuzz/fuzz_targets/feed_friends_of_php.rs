//! FriendsOfPHP's advisories.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    plimsoll_advisory::fuzz::packed("friendsofphp", "a/b/CVE-2024-1.yaml", bytes)
});
