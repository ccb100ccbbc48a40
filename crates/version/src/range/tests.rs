use super::{Applies, Doubt, End, Event, Ground, Interval, evaluate, evaluate_text};
use crate::{Scheme, Version};
use Event::{Fixed, Introduced, LastAffected, Limit};

fn version(scheme: Scheme, text: &str) -> Version {
    scheme.parse(text).expect("a version")
}

fn semver(text: &str, events: &[Event<'static>]) -> bool {
    holds(Scheme::Semver, text, events)
}

fn holds(scheme: Scheme, text: &str, events: &[Event<'_>]) -> bool {
    match evaluate(&version(scheme, text), [events], []) {
        Applies::Yes(_) => true,
        Applies::No => false,
        Applies::Unknown(doubt) => panic!("{doubt}"),
    }
}

fn interval<'a>(scheme: Scheme, text: &str, events: &'a [Event<'a>]) -> String {
    match evaluate(&version(scheme, text), [events], []) {
        Applies::Yes(Ground::Interval(interval)) => interval.to_string(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_examples_of_the_schema() {
    let open = [Introduced("0")];
    assert!(semver("0.0.1", &open) && semver("99.0.0", &open));
    let fixed = [Introduced("0"), Fixed("1.0.2")];
    assert!(semver("0.0.0-alpha", &fixed) && semver("1.0.1", &fixed));
    assert!(!semver("1.0.2", &fixed) && !semver("2.0.0", &fixed));
    let two = [
        Introduced("1.0.0"),
        Fixed("1.0.2"),
        Introduced("3.0.0"),
        Fixed("3.2.5"),
    ];
    for (text, expected) in [
        ("0.9.9", false),
        ("1.0.0", true),
        ("1.0.2", false),
        ("2.0.0", false),
        ("3.0.0", true),
        ("3.2.4", true),
        ("3.2.5", false),
    ] {
        assert_eq!(semver(text, &two), expected, "{text}");
    }
    let last = [Introduced("0"), LastAffected("2.1.214")];
    assert!(semver("2.1.214", &last) && !semver("2.1.215", &last));
}

/// T83: a version between two branches that were fixed each on its own.
#[test]
fn branches_are_intervals_of_their_own() {
    let events = [
        Introduced("1.16.0"),
        Fixed("1.16.11"),
        Introduced("1.18.0"),
        Fixed("1.18.4"),
    ];
    assert!(!holds(Scheme::Go, "v1.17.0", &events));
    assert!(holds(Scheme::Go, "v1.18.3", &events));
    let log4j = [
        Introduced("2.13.0"),
        Fixed("2.15.0"),
        Introduced("2.4"),
        Fixed("2.12.2"),
        Introduced("2.0-beta9"),
        Fixed("2.3.1"),
    ];
    for (text, expected) in [
        ("2.0-beta8", false),
        ("2.0-beta9", true),
        ("2.3.1", false),
        ("2.11.0", true),
        ("2.12.2", false),
        ("2.14.1", true),
        ("2.15.0", false),
    ] {
        assert_eq!(holds(Scheme::Maven, text, &log4j), expected, "{text}");
    }
}

#[test]
fn events_need_no_order_but_keep_theirs_at_one_version() {
    let shuffled = [
        Fixed("3.2.5"),
        Introduced("3.0.0"),
        Fixed("1.0.2"),
        Introduced("1.0.0"),
    ];
    assert!(semver("1.0.1", &shuffled) && semver("3.1.0", &shuffled));
    assert!(!semver("2.0.0", &shuffled) && !semver("3.2.5", &shuffled));
    assert!(!semver("1.0.0", &[Introduced("1.0.0"), Fixed("1.0.0")]));
    let adjacent = [
        Introduced("0"),
        Fixed("1.0.0"),
        Introduced("1.0.0"),
        Fixed("2.0.0"),
    ];
    assert!(semver("0.9.0", &adjacent) && semver("1.0.0", &adjacent));
    assert!(!semver("2.0.0", &adjacent));
}

#[test]
fn limits_end_what_a_range_says() {
    let one = [Introduced("0"), Limit("2.0.0")];
    assert!(semver("1.9.0", &one) && !semver("2.0.0", &one));
    let two = [Introduced("0"), Limit("1.0.0"), Limit("3.0.0")];
    assert!(semver("2.0.0", &two) && !semver("3.0.0", &two));
    let star = [Introduced("1.0.0"), Limit("*"), Limit("1.5.0")];
    assert!(semver("9.0.0", &star) && !semver("0.9.0", &star));
}

#[test]
fn the_interval_that_holds_is_told() {
    let events = [
        Introduced("0"),
        Fixed("1.0.2"),
        Introduced("3.0.0"),
        LastAffected("3.2.5"),
    ];
    assert_eq!(interval(Scheme::Npm, "1.0.0", &events), "< 1.0.2");
    assert_eq!(
        interval(Scheme::Npm, "3.0.0", &events),
        ">= 3.0.0, <= 3.2.5"
    );
    assert_eq!(interval(Scheme::Npm, "3.0.0", &events[2..3]), ">= 3.0.0");
    assert_eq!(
        interval(Scheme::Npm, "3.0.0", &events[..1]),
        "every version"
    );
    let several = [
        Introduced("0"),
        Fixed("9.0.0"),
        Fixed("5.0.0"),
        Limit("7.0.0"),
    ];
    assert_eq!(interval(Scheme::Npm, "1.0.0", &several), "< 5.0.0");
    assert_eq!(
        interval(Scheme::Npm, "1.0.0", &[Introduced("0"), Limit("7.0.0")]),
        "< 7.0.0"
    );
}

#[test]
fn listed_versions_count_as_versions_and_as_texts() {
    let pep440 = version(Scheme::Pep440, "1.0.0");
    let listed = |list: &[&'static str]| evaluate(&pep440, [], list.iter().copied());
    assert_eq!(listed(&["0.9", "1.0"]), Applies::Yes(Ground::Listed("1.0")));
    assert_eq!(listed(&["1.0.1", "not a version"]), Applies::No);
    assert_eq!(listed(&[]), Applies::No);
}

/// T47: a local build of an affected version is affected, but one of a fixed version is not.
#[test]
fn local_labels_do_not_hide_a_version() {
    let last = [Introduced("0"), LastAffected("2.0")];
    assert!(holds(Scheme::Pep440, "2.0+cpu", &last));
    assert!(!holds(Scheme::Pep440, "2.0.post1", &last));
    assert!(!holds(
        Scheme::Pep440,
        "2.0+cpu",
        &[Introduced("0"), Fixed("2.0")]
    ));
    let exact = [Introduced("0"), LastAffected("2.0+a")];
    assert!(!holds(Scheme::Pep440, "2.0+b", &exact));
    let installed = version(Scheme::Pep440, "2.0+cpu");
    assert_eq!(
        evaluate(&installed, [], ["2.0"]),
        Applies::Yes(Ground::Listed("2.0"))
    );
}

#[test]
fn what_cannot_be_read_is_unknown_and_named() {
    let installed = version(Scheme::Semver, "1.0.0");
    for events in [
        [Introduced("0"), Fixed("soon")],
        [Introduced("soon"), Fixed("2.0.0")],
        [Introduced("0"), LastAffected("soon")],
        [Introduced("0"), Limit("soon")],
    ] {
        let answer = evaluate(&installed, [events.as_slice()], []);
        let Applies::Unknown(doubt @ Doubt::Bound(_)) = answer else {
            panic!("{answer:?}");
        };
        assert!(doubt.to_string().contains("`soon`"), "{doubt}");
    }
    for events in [[].as_slice(), &[Fixed("2.0.0")]] {
        let answer = evaluate(&installed, [events], []);
        assert!(matches!(
            answer,
            Applies::Unknown(Doubt::NotIntroduced { .. })
        ));
    }
}

#[test]
fn a_yes_outweighs_a_doubt_and_a_doubt_a_no() {
    let installed = version(Scheme::Semver, "1.0.0");
    let doubtful = [Introduced("0"), Fixed("soon")];
    let sure = [Introduced("0"), Fixed("2.0.0")];
    let past = [Introduced("0"), Fixed("0.5.0")];
    let answer = |ranges: [&'static str; 2]| {
        let pick = |name| match name {
            "doubtful" => doubtful.as_slice(),
            "sure" => &sure,
            _ => &past,
        };
        match evaluate(&installed, ranges.map(pick), []) {
            Applies::Yes(_) => "yes",
            Applies::No => "no",
            Applies::Unknown(_) => "unknown",
        }
    };
    assert_eq!(answer(["doubtful", "sure"]), "yes");
    assert_eq!(answer(["sure", "doubtful"]), "yes");
    assert_eq!(answer(["past", "doubtful"]), "unknown");
    assert_eq!(answer(["doubtful", "past"]), "unknown");
    assert_eq!(answer(["past", "past"]), "no");
}

/// T88: a malicious package is malicious in every version, whatever its version looks like.
#[test]
fn a_text_that_is_no_version_can_still_be_affected() {
    let all = [Introduced("0")];
    let some = [Introduced("0"), Fixed("2.0.0")];
    let ask = |events: &'static str, listed: &[&'static str]| {
        let events = if events == "all" {
            all.as_slice()
        } else {
            &some
        };
        match evaluate_text(Scheme::Npm, "workspace:*", [events], listed.iter().copied()) {
            Applies::Yes(_) => "yes",
            Applies::No => "no",
            Applies::Unknown(_) => "unknown",
        }
    };
    assert_eq!(ask("all", &[]), "yes");
    assert_eq!(ask("some", &[]), "unknown");
    assert_eq!(ask("some", &["workspace:*"]), "yes");
}

#[test]
fn an_interval_can_stand_alone() {
    let deb = version(Scheme::Deb, "1.1.1n-0+deb11u3");
    let until = |bound| Interval {
        introduced: None,
        end: End::Fixed(bound),
    };
    let fixed = until("1.1.1n-0+deb11u4");
    assert_eq!(fixed.applies(&deb), Applies::Yes(Ground::Interval(fixed)));
    assert_eq!(until("1.1.1n-0+deb11u3").applies(&deb), Applies::No);
    assert!(matches!(
        until("<unfixed>").applies(&deb),
        Applies::Unknown(Doubt::Bound(_))
    ));
    let later = Interval {
        introduced: Some("2"),
        end: End::Fixed("<unfixed>"),
    };
    assert!(matches!(later.applies(&deb), Applies::Unknown(_)));
}

/// Stretches that touch, the upper one written first, as `PyPA` publishes them (PYSEC-2022-42972).
#[test]
fn an_end_does_not_close_what_begins_there_for_another_range() {
    let touching = [
        Introduced("0.13.0"),
        Fixed("0.14.0rc1"),
        Introduced("0.12.2"),
        Fixed("0.13.0"),
    ];
    for (text, expected) in [
        ("0.12.1", false),
        ("0.12.2", true),
        ("0.13.0", true),
        ("0.13.1", true),
        ("0.14.0", false),
    ] {
        assert_eq!(holds(Scheme::Pep440, text, &touching), expected, "{text}");
    }
    assert!(!semver("1.0.0", &[Introduced("1.0.0"), Fixed("1.0.0")]));
    assert!(semver(
        "1.0.0",
        &[Introduced("0"), Fixed("1.0.0"), Introduced("1.0.0")]
    ));
}
