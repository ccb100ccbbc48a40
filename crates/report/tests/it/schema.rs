//! `-f json`, held against the published schema.

use std::path::Path;

use jsonschema::Validator;
use plimsoll_model::Severity;
use plimsoll_model::text::Language;
use plimsoll_report::Settings;
use serde_json::{Value, json};

use crate::{PLAIN, report, samples};

fn schema() -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/schema/report-1.json");
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

fn validator() -> Validator {
    let schema = schema();
    assert!(jsonschema::meta::is_valid(&schema));
    jsonschema::validator_for(&schema).unwrap()
}

fn value(sample: &samples::Sample, language: Language) -> Value {
    let settings = Settings { language, ..PLAIN };
    serde_json::from_str(&report(sample, "json", &settings)).unwrap()
}

#[test]
fn every_sample_is_valid() {
    let validator = validator();
    for sample in samples::all() {
        for language in [Language::En, Language::Zh] {
            let value = value(&sample, language);
            let errors: Vec<String> = validator
                .iter_errors(&value)
                .map(|error| format!("{}: {error}", error.instance_path()))
                .collect();
            assert!(errors.is_empty(), "{}: {}", sample.name, errors.join("\n"));
        }
    }
}

#[test]
fn a_damaged_report_is_not_valid() {
    let validator = validator();
    let whole = value(&samples::rich(), Language::En);
    for (pointer, damage) in [
        ("/schemaVersion", json!(2)),
        ("/verdict/decision", json!("perhaps")),
        ("/verdict/vetoes/0/answer", json!("no")),
        ("/verdict/score/value", json!(101)),
        ("/findings", json!(null)),
        ("/findings/0/severity", json!("HIGH")),
        ("/findings/0/vulnerability/fix/state", json!("maybe")),
        ("/findings/0/remedy/kind", json!("hope")),
        ("/packages/0/ecosystem", json!("homebrew")),
        ("/image/digest", json!("sha256:short")),
        ("/problems/0/effect", json!("bad")),
        ("/summary/findings/total", json!(-1)),
        ("/extra", json!(1)),
        ("/findings/0/extra", json!(1)),
    ] {
        let mut damaged = whole.clone();
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        let parent = damaged.pointer_mut(parent).unwrap();
        match name.parse::<usize>() {
            Ok(index) => parent[index] = damage,
            Err(_) => parent[name] = damage,
        }
        assert!(!validator.is_valid(&damaged), "{pointer}");
    }
    for name in whole.as_object().unwrap().keys() {
        let mut damaged = whole.clone();
        damaged.as_object_mut().unwrap().remove(name);
        assert!(!validator.is_valid(&damaged), "without {name}");
    }
}

/// A closed object names each of its fields as required: readers need no test for presence.
#[test]
fn every_object_of_the_schema_is_closed_and_described() {
    fn walk(place: &str, schema: &Value) {
        if let Some(properties) = schema["properties"].as_object() {
            assert_eq!(schema["additionalProperties"], false, "{place}");
            let required = schema["required"].as_array().unwrap();
            assert_eq!(required.len(), properties.len(), "{place}");
            for (name, property) in properties {
                assert!(required.contains(&json!(name)), "{place}.{name}");
                assert!(property["description"].is_string(), "{place}.{name}");
            }
        }
        match schema {
            Value::Object(map) => {
                for (name, inner) in map {
                    walk(&format!("{place}/{name}"), inner);
                }
            }
            Value::Array(list) => list.iter().for_each(|inner| walk(place, inner)),
            _ => {}
        }
    }
    walk("", &schema());
}

#[test]
fn counts_answer_the_questions_of_the_requirements() {
    let value = value(&samples::rich(), Language::En);
    assert_eq!(
        value["summary"]["vulnerabilities"],
        json!({"total": 8, "critical": 2, "high": 2, "medium": 1, "low": 1, "negligible": 1, "unknown": 1})
    );
    assert_eq!(value["summary"]["malware"]["total"], 0);
    assert_eq!(value["summary"]["fixable"], 5);
    assert_eq!(value["summary"]["knownExploited"], 1);
    assert_eq!(value["summary"]["undecided"], 1);
    let fixable = value["findings"].as_array().unwrap().iter();
    let fixable = fixable
        .filter(|f| f["vulnerability"]["fix"]["state"] == "fixed")
        .count();
    assert_eq!(value["summary"]["fixable"], fixable);
    let words = schema()["$defs"]["severity"]["enum"].clone();
    assert_eq!(words, json!(Severity::WORST_FIRST.map(Severity::name)));
}
