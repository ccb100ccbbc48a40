//! The analyzers of languages and programs, over their fixtures.

use std::path::Path;

use plimsoll_analyzers::lang;
use plimsoll_testkit::fixtures;

#[test]
fn languages_say_what_the_fixtures_expect() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    fixtures::check(&root, lang::ALL);
}
