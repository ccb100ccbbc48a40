//! The report for people, at several widths and in both languages.

use plimsoll_model::text::Language;
use plimsoll_report::{Colour, Settings};
use unicode_width::UnicodeWidthStr;

use crate::samples::{self, Sample};
use crate::{PLAIN, report, snapshot};

/// Takes the escape sequences of colours out.
pub(crate) fn colourless(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("\u{1b}[") {
        out.push_str(before);
        let end = after.find('m').expect("only colours are written");
        assert!(after[..end].chars().all(|c| c.is_ascii_digit() || c == ';'));
        rest = &after[end + 1..];
    }
    out.push_str(rest);
    out
}

fn samples() -> Vec<Sample> {
    let mut samples = samples::all();
    samples.push(samples::thousand());
    samples
}

#[test]
fn no_line_is_longer_than_the_width_but_for_one_word() {
    for sample in samples() {
        for language in [Language::En, Language::Zh] {
            for width in [60, 80, 120] {
                let settings = Settings {
                    language,
                    width,
                    ..PLAIN
                };
                for line in report(&sample, "terminal", &settings).lines() {
                    assert_eq!(line.trim_end(), line, "{}", sample.name);
                    // A digest or a long name cannot be broken; a mark may stand before it.
                    let words = line.split_whitespace().filter(|w| w.width() > 1).count();
                    assert!(
                        line.width() <= width || words <= 1,
                        "{} {width}: {line:?}",
                        sample.name
                    );
                }
            }
        }
    }
}

#[test]
fn colours_change_nothing_but_colours() {
    for sample in samples() {
        for language in [Language::En, Language::Zh] {
            let plain = Settings { language, ..PLAIN };
            let coloured = Settings {
                colour: Colour::On,
                ..plain
            };
            let with = report(&sample, "terminal", &coloured);
            assert_ne!(with, colourless(&with));
            assert_eq!(report(&sample, "terminal", &plain), colourless(&with));
        }
    }
}

#[test]
fn a_thousand_findings_fit_on_a_page() {
    let sample = samples::thousand();
    let mut texts = Vec::new();
    for language in [Language::En, Language::Zh] {
        for width in [60, 120] {
            let settings = Settings {
                language,
                width,
                ..PLAIN
            };
            let text = report(&sample, "terminal", &settings);
            assert!(text.lines().count() < 100, "{text}");
            texts.push((
                format!("thousand.{language:?}.{width}.txt").to_lowercase(),
                text,
            ));
        }
    }
    snapshot::check(&texts);
}

#[test]
fn the_verdict_comes_first_and_the_score_last() {
    let text = report(&samples::rich(), "terminal", &PLAIN);
    let order = [
        "NOT FIT FOR PRODUCTION",
        "Why",
        "What to do",
        "Vetoes",
        "Dimensions",
        "10 findings",
        "base image update",
        "package updates",
        "Dockerfile (",
        "a person to decide",
        "could not be read",
        "Advisories",
        "Score",
    ];
    let places: Vec<usize> = order
        .iter()
        .map(|words| {
            text.find(words)
                .unwrap_or_else(|| panic!("{words}: {text}"))
        })
        .collect();
    assert!(places.is_sorted(), "{places:?}");
}

#[test]
fn one_flaw_in_two_packages_of_one_source_is_one_line() {
    let text = report(
        &samples::rich(),
        "terminal",
        &Settings {
            width: 120,
            ..PLAIN
        },
    );
    let lines: Vec<&str> = text
        .lines()
        .filter(|l| l.contains("CVE-2022-0778"))
        .collect();
    assert_eq!(lines.len(), 1, "{text}");
    assert!(lines[0].contains("openssl 1.1.1k-1 → 1.1.1n-0+deb11u1 (libssl1.1, openssl)"));
}
