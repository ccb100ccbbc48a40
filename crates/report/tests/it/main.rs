//! Reports of samples, held against committed texts, schemas and the programs that read them.

#![allow(
    clippy::unwrap_used,
    reason = "what cannot go on in a test stops it, helpers too"
)]

mod cyclonedx;
mod image;
mod inspect;
mod lint;
mod peers;
mod samples;
mod sboms;
mod schema;
mod snapshot;
mod terminal;
mod trivy;

use plimsoll_model::assessment::Assessment;
use plimsoll_model::text::Language;
use plimsoll_report::{Bill, Colour, REPORTS, Report, SBOMS, Settings, sbom_format};
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
    sbom_with(sample, format, None)
}

/// A bill of materials that tells of flaws too.
fn sbom_with_flaws(sample: &Sample, format: &str) -> String {
    sbom_with(sample, format, Some(&sample.assessment))
}

fn sbom_with(sample: &Sample, format: &str, assessment: Option<&Assessment>) -> String {
    let format = sbom_format(format).expect("the format is registered");
    let bill = Bill {
        facts: &sample.assessment.facts,
        program: "0.1.0",
        created: None,
        commit: None,
        assessment,
    };
    let mut out = Vec::new();
    format
        .write(&bill, &mut out)
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
            let name = format.names()[0];
            // The versions of a format differ little, and their schemas judge them.
            let usual = matches!(name, "cyclonedx" | "purls");
            if usual || (sample.name == "rich" && !name.contains("@1.")) {
                texts.push((format!("{}.sbom.{name}", sample.name), sbom(&sample, name)));
            }
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
        let mut texts: Vec<String> = SBOMS
            .iter()
            .map(|format| sbom(&sample, format.names()[0]))
            .collect();
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
