//! The analyzers of claims, over their fixtures.

use std::path::Path;

use plimsoll_analyzers::claim;
use plimsoll_testkit::fixtures;

#[test]
fn claims_say_what_the_fixtures_expect() {
    fixtures::check(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures"),
        claim::ALL,
    );
}
