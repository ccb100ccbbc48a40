//! `plimsoll inspect`, as text and as JSON.

use std::collections::BTreeMap;

use plimsoll_model::image::ImageConfig;
use plimsoll_model::text::Language;
use plimsoll_report::{Inspect, InspectFormat, Settings, write_inspect};
use serde_json::Value;
use unicode_width::UnicodeWidthStr;

use crate::{PLAIN, image, samples, snapshot};

fn written(image: &Inspect<'_>, format: InspectFormat, settings: &Settings) -> String {
    let mut out = Vec::new();
    write_inspect(image, format, settings, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn it_is_as_committed() {
    let (subject, config, layers) = (image::subject(), image::config(), image::layers());
    let rich = samples::rich();
    let inspected = Inspect {
        subject: &subject,
        config: &config,
        layers: &layers,
        facts: Some(&rich.assessment.facts),
    };
    let zh = Settings {
        language: Language::Zh,
        width: 60,
        ..PLAIN
    };
    snapshot::check(&[
        (
            "inspect.en.txt".into(),
            written(&inspected, InspectFormat::Text, &PLAIN),
        ),
        (
            "inspect.zh.txt".into(),
            written(&inspected, InspectFormat::Text, &zh),
        ),
        (
            "inspect.json".into(),
            written(&inspected, InspectFormat::Json, &PLAIN),
        ),
    ]);
}

#[test]
fn scripts_made_for_docker_find_what_they_ask_for() {
    let (subject, config, layers) = (image::subject(), image::config(), image::layers());
    let inspected = Inspect {
        subject: &subject,
        config: &config,
        layers: &layers,
        facts: None,
    };
    let text = written(&inspected, InspectFormat::Json, &PLAIN);
    let value: Value = serde_json::from_str(&text).unwrap();
    for (pointer, wanted) in [
        ("/0/Config/User", ""),
        ("/0/Config/Healthcheck/Test/0", "CMD-SHELL"),
        ("/0/Config/Labels/maintainer", "shop@example.com"),
        ("/0/Architecture", "amd64"),
        ("/0/Os", "linux"),
        ("/0/Created", "2026-02-03T04:05:06.789Z"),
        ("/0/RootFS/Type", "layers"),
        ("/0/RepoTags/0", "registry.example.com/shop/web:latest"),
    ] {
        assert_eq!(
            value.pointer(pointer).and_then(Value::as_str),
            Some(wanted),
            "{pointer}"
        );
    }
    assert_eq!(value[0]["Size"], 80_550_912 + 9_437_184 + 1024);
}

#[test]
fn hostile_settings_stay_on_their_lines() {
    let (mut subject, layers) = (image::subject(), image::layers());
    let steer = "\u{1b}[2J\rx\n\u{202e}y";
    subject.annotations = BTreeMap::from([(steer.into(), steer.repeat(50))]);
    let mut config = ImageConfig {
        created: Some(steer.into()),
        ..ImageConfig::default()
    };
    config.config.env = vec![steer.into()];
    config.config.entrypoint = vec![steer.into(), String::new()];
    config.config.labels = BTreeMap::from([(steer.into(), steer.into())]);
    let inspected = Inspect {
        subject: &subject,
        config: &config,
        layers: &layers,
        facts: None,
    };
    for format in [InspectFormat::Text, InspectFormat::Json] {
        let text = written(&inspected, format, &PLAIN);
        let raw = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
        assert!(!text.contains(raw), "{text:?}");
        if format == InspectFormat::Text {
            assert!(
                text.lines().all(|line| line.width() <= 2 * 80 + 4),
                "{text}"
            );
        }
    }
}

/// The layers come from the image as it is; only the configuration was gone through by the caller.
#[test]
fn commands_of_layers_are_those_of_the_redacted_history() {
    let (subject, mut config, mut layers) = (image::subject(), image::config(), image::layers());
    layers[0].created_by = Some("RUN login --token plaintext".into());
    for known in [true, false] {
        if !known {
            config.history.clear();
        }
        let inspected = Inspect {
            subject: &subject,
            config: &config,
            layers: &layers,
            facts: None,
        };
        for format in [InspectFormat::Text, InspectFormat::Json] {
            let text = written(&inspected, format, &PLAIN);
            assert!(!text.contains("plaintext"), "{text}");
        }
    }
}
