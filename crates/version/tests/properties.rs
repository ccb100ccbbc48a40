//! What holds for every scheme, tried on the versions of the tables and on texts made from them.

use std::cmp::Ordering;
use std::fs;
use std::path::PathBuf;

use plimsoll_version::{Fault, MAX_LENGTH, Scheme, Version};

/// A small generator of numbers (splitmix64), so that a failure can be repeated.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut word = self.0;
        word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        word ^ (word >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        let end = u64::try_from(end.max(1)).expect("a length fits");
        usize::try_from(self.next() % end).expect("a remainder fits")
    }

    fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }
}

/// All texts of a scheme's own table, versions and others.
fn texts(scheme: Scheme) -> Vec<String> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("tests/tables/{scheme}.txt"));
    let table = fs::read_to_string(path).expect("each scheme has a table");
    let mut texts: Vec<String> = table
        .lines()
        .filter(|line| !line.starts_with('#'))
        .flat_map(|line| line.split(' '))
        .filter(|word| !matches!(*word, "<" | "=" | ">" | "!" | ""))
        .map(str::to_owned)
        .collect();
    texts.sort();
    texts.dedup();
    texts
}

const ALPHABET: &[char] = &[
    '0', '1', '2', '9', 'a', 'b', 'r', 'c', 'x', 'Z', '.', '-', '_', '+', '~', '^', ':', '!', 'v',
    ' ', 'é', '\0', '\u{7f}', '𝟙',
];

/// A near relation of a text: cut, joined with another, or with a character changed.
fn mutate(random: &mut Random, texts: &[String]) -> String {
    let mut text: Vec<char> = random.pick(texts).chars().collect();
    for _ in 0..=random.below(3) {
        let at = random.below(text.len().max(1)).min(text.len());
        match random.below(5) {
            0 => text.insert(at, *random.pick(ALPHABET)),
            1 if at < text.len() => text[at] = *random.pick(ALPHABET),
            2 => text.truncate(at),
            3 => text.extend(random.pick(texts).chars().skip(at)),
            _ => text.push(*random.pick(ALPHABET)),
        }
    }
    text.into_iter().collect()
}

fn versions(scheme: Scheme) -> Vec<Version> {
    let texts = texts(scheme);
    let mut random = Random(7);
    let mutants: Vec<_> = (0..600).map(|_| mutate(&mut random, &texts)).collect();
    let read = |texts: &[String], most| -> Vec<Version> {
        let versions = texts.iter().filter_map(|text| scheme.parse(text).ok());
        versions.take(most).collect()
    };
    let mut versions = read(&texts, 130);
    versions.extend(read(&mutants, 70));
    versions
}

fn order(left: &Version, right: &Version) -> Ordering {
    left.compare(right).expect("both are of one scheme")
}

#[test]
fn the_order_is_reflexive_and_antisymmetric() {
    for scheme in Scheme::ALL {
        let versions = versions(*scheme);
        for left in &versions {
            assert_eq!(order(left, left), Ordering::Equal, "{scheme} `{left}`");
            for right in &versions {
                let there = order(left, right);
                assert_eq!(
                    there,
                    order(right, left).reverse(),
                    "{scheme} `{left}` `{right}`"
                );
                let texts = scheme.compare(left.as_str(), right.as_str());
                assert_eq!(texts, Ok(there), "{scheme} `{left}` `{right}`");
            }
        }
    }
}

/// After sorting, each version must stand to all later ones as the sorted order says. That is
/// transitivity over every triple, in quadratic time.
#[test]
fn the_order_is_transitive() {
    for scheme in Scheme::ALL {
        let mut versions = versions(*scheme);
        versions.sort_by(order);
        // The place of each version's class of equals.
        let mut classes = vec![0_usize];
        for pair in versions.windows(2) {
            let last = classes[classes.len() - 1];
            classes.push(last + usize::from(order(&pair[0], &pair[1]).is_ne()));
        }
        for (left, left_class) in versions.iter().zip(&classes) {
            for (right, right_class) in versions.iter().zip(&classes) {
                let expected = left_class.cmp(right_class);
                assert_eq!(order(left, right), expected, "{scheme} `{left}` `{right}`");
            }
        }
    }
}

#[test]
fn display_gives_back_the_text() {
    for scheme in Scheme::ALL {
        for text in texts(*scheme) {
            if let Ok(version) = scheme.parse(&text) {
                assert_eq!(version.to_string(), text);
                assert_eq!(version.as_str(), text);
                assert_eq!(version.scheme(), *scheme);
            }
        }
    }
}

#[test]
fn no_text_makes_a_panic() {
    let mut random = Random(42);
    for scheme in Scheme::ALL {
        let texts = texts(*scheme);
        for _ in 0..4_000 {
            let left = mutate(&mut random, &texts);
            let right = mutate(&mut random, &texts);
            let there = scheme.compare(&left, &right);
            let back = scheme.compare(&right, &left);
            assert_eq!(
                there.ok(),
                back.ok().map(Ordering::reverse),
                "{scheme} `{left}` `{right}`"
            );
        }
    }
}

/// Wraps a long number as a version that the scheme reads.
fn with_number(scheme: Scheme, number: &str) -> String {
    match scheme {
        Scheme::Semver | Scheme::Npm | Scheme::Go | Scheme::Hex | Scheme::Pub => {
            format!("1.{number}.0")
        }
        Scheme::Kb => format!("KB{number}"),
        _ => format!("1.{number}"),
    }
}

#[test]
fn numbers_have_no_width() {
    for scheme in Scheme::ALL {
        let nines = with_number(*scheme, &"9".repeat(200));
        let power = with_number(*scheme, &format!("1{}", "0".repeat(200)));
        let next = with_number(*scheme, &format!("1{}1", "0".repeat(199)));
        assert_eq!(
            scheme.compare(&nines, &power),
            Ok(Ordering::Less),
            "{scheme}"
        );
        assert_eq!(
            scheme.compare(&power, &next),
            Ok(Ordering::Less),
            "{scheme}"
        );
        assert_eq!(
            scheme.compare(&next, &next),
            Ok(Ordering::Equal),
            "{scheme}"
        );
    }
}

#[test]
fn a_text_over_the_limit_is_an_error() {
    for scheme in Scheme::ALL {
        let empty = with_number(*scheme, "");
        let longest = with_number(*scheme, &"1".repeat(MAX_LENGTH - empty.len()));
        assert!(scheme.parse(&longest).is_ok(), "{scheme}");
        let longer = with_number(*scheme, &"1".repeat(MAX_LENGTH + 1 - empty.len()));
        let fault = scheme.parse(&longer).expect_err("it is too long");
        let length = longer.len();
        assert_eq!(fault.fault(), Fault::TooLong { length });
        assert!(fault.to_string().len() < 400, "{fault}");
    }
}

#[test]
fn an_error_names_scheme_and_text() {
    for scheme in Scheme::ALL {
        assert_eq!(scheme.parse("").expect_err("empty").fault(), Fault::Empty);
        for text in [
            "1.0 \u{e9}",
            "\u{feff}1.0.0",
            "1.0.0\n",
            "1.0.0\t",
            "1.0.0\0",
            "/1.0.0",
        ] {
            let fault = scheme.parse(text).expect_err(text);
            assert_eq!(fault.scheme(), *scheme);
            assert_eq!(fault.text(), text);
            assert!(fault.to_string().contains(scheme.name()), "{fault}");
        }
    }
}

#[test]
fn names_are_unique_and_lead_back() {
    for scheme in Scheme::ALL {
        assert_eq!(scheme.name().parse(), Ok(*scheme));
        assert!(!scheme.about().is_empty());
    }
    let unknown = "debian".parse::<Scheme>().expect_err("no such row");
    assert!(unknown.to_string().contains("deb, rpm, apk"), "{unknown}");
}

#[test]
fn versions_of_two_schemes_have_no_order() {
    let deb = Scheme::Deb.parse("1.0").expect("a version");
    let rpm = Scheme::Rpm.parse("1.0").expect("a version");
    let mismatch = deb.compare(&rpm).expect_err("two schemes");
    assert_eq!(
        mismatch.to_string(),
        "`1.0` is a deb version and `1.0` is a rpm version"
    );
}
