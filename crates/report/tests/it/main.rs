//! Reports of samples, held against committed texts, schemas and the programs that read them.

#![allow(
    clippy::unwrap_used,
    reason = "what cannot go on in a test stops it, helpers too"
)]

mod cyclonedx;
mod image;
mod inspect;
mod peers;
mod samples;
mod schema;
mod snapshot;
mod terminal;
mod trivy;

use plimsoll_model::text::Language;
use plimsoll_report::{Colour, REPORTS, Report, SBOMS, Settings};
use samples::Sample;

const PLAIN: Settings = Settings {
    language: Language::En,
    colour: Colour::Off,
    width: 80,
};

/// A sample in one format.
fn report(sample: &Sample, format: &str, settings: &Settings) -> String {
    let format = REPORTS
        .iter()
        .find(|known| known.name() == format)
        .expect("the format is registered");
    let report = Report {
        assessment: &sample.assessment,
        verdict: sample.verdict.as_ref(),
    };
    let mut out = Vec::new();
    format
        .write(&report, settings, &mut out)
        .expect("memory takes everything");
    String::from_utf8(out).expect("reports are UTF-8")
}

/// The bill of materials of a sample in one format.
fn sbom(sample: &Sample, format: &str) -> String {
    let format = SBOMS
        .iter()
        .find(|known| known.name() == format)
        .expect("the format is registered");
    let mut out = Vec::new();
    format
        .write(&sample.assessment.facts, "0.1.0", &mut out)
        .expect("memory takes everything");
    String::from_utf8(out).expect("reports are UTF-8")
}

#[test]
fn every_format_of_every_sample_is_as_committed() {
    let mut texts = Vec::new();
    for sample in samples::all() {
        for format in ["json", "trivy"] {
            let text = report(&sample, format, &PLAIN);
            texts.push((format!("{}.report.{format}", sample.name), text));
        }
        for format in SBOMS {
            let text = sbom(&sample, format.name());
            texts.push((format!("{}.sbom.{}", sample.name, format.name()), text));
        }
        for language in [Language::En, Language::Zh] {
            let settings = Settings { language, ..PLAIN };
            let text = report(&sample, "terminal", &settings);
            let name = format!("{}.{language:?}.txt", sample.name).to_lowercase();
            texts.push((name, text));
        }
    }
    snapshot::check(&texts);
}

#[test]
fn nothing_that_an_image_says_comes_out_raw() {
    for sample in samples::all() {
        let mut texts = vec![sbom(&sample, "cyclonedx"), sbom(&sample, "purls")];
        for format in REPORTS {
            texts.push(report(&sample, format.name(), &PLAIN));
        }
        for text in texts {
            let raw = |c: char| {
                (c.is_control() && c != '\n')
                    || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
            };
            assert!(!text.contains(raw), "{}: {text}", sample.name);
        }
    }
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    for (first, second) in samples::all().iter().zip(&samples::all()) {
        for format in REPORTS {
            let settings = Settings {
                colour: Colour::On,
                ..PLAIN
            };
            assert_eq!(
                report(first, format.name(), &settings),
                report(second, format.name(), &settings)
            );
        }
    }
}
