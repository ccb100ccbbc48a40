#![no_main]

use libfuzzer_sys::fuzz_target;
use plimsoll_version::Scheme;
use plimsoll_version::range::{Applies, Event, Ground, evaluate_text};

fn event(line: &str) -> Option<Event<'_>> {
    let (kind, bound) = line.split_once(' ')?;
    Some(match kind {
        "introduced" => Event::Introduced(bound),
        "fixed" => Event::Fixed(bound),
        "last_affected" => Event::LastAffected(bound),
        "limit" => Event::Limit(bound),
        _ => return None,
    })
}

// Lines: a scheme, an installed version, then events such as `introduced 1.0`.
fuzz_target!(|text: &str| {
    let mut lines = text.split('\n');
    let (Some(scheme), Some(installed)) = (lines.next(), lines.next()) else {
        return;
    };
    let Ok(scheme) = scheme.parse::<Scheme>() else {
        return;
    };
    let events: Vec<_> = lines.filter_map(event).collect();
    let answer = evaluate_text(scheme, installed, [events.as_slice()], []);
    // What a range is said to hold must lie in the interval that is shown as the reason.
    if let (Applies::Yes(Ground::Interval(interval)), Ok(installed)) =
        (&answer, scheme.parse(installed))
    {
        assert_eq!(interval.applies(&installed), answer);
    }
});
