//! What every version order must keep, for the targets `version_*`.

use std::cmp::Ordering;

use plimsoll_version::Scheme;

/// Reads the first three lines as versions and compares each with each.
///
/// Panics if the order is not antisymmetric or not transitive, if a version does not equal itself,
/// or if its text is not given back.
pub fn check(scheme: Scheme, text: &str) {
    let mut lines = text.split('\n');
    let texts = [(); 3].map(|()| lines.next().unwrap_or_default());
    let order = |left: &str, right: &str| scheme.compare(left, right).ok();
    for left in texts {
        if let Ok(version) = scheme.parse(left) {
            assert_eq!(version.to_string(), left);
            assert_eq!(order(left, left), Some(Ordering::Equal));
        }
        for right in texts {
            let back = order(right, left).map(Ordering::reverse);
            assert_eq!(order(left, right), back, "`{left}` `{right}`");
        }
    }
    let mut sorted = texts;
    if sorted.iter().all(|text| scheme.parse(text).is_ok()) {
        sorted.sort_by(|left, right| order(left, right).unwrap_or(Ordering::Equal));
        let [low, middle, high] = sorted;
        let steps = [order(low, middle), order(middle, high)];
        let expected = steps.into_iter().flatten().min();
        assert_eq!(order(low, high), expected, "`{low}` `{middle}` `{high}`");
    }
}
