//! The formats of `plimsoll lint`, held against committed texts and their specifications.

use std::collections::BTreeSet;
use std::path::Path;

use plimsoll_model::lint::{
    Edit, Fix, LintError, LintFile, LintFinding, LintIgnored, LintKind, LintReport, LintRule,
    Place, Region, Safety,
};
use plimsoll_model::text::Language;
use plimsoll_model::{Severity, Text};
use plimsoll_report::{Colour, LINTS, Settings};
use serde_json::Value;
use unicode_width::UnicodeWidthStr;

use crate::terminal::colourless;
use crate::{PLAIN, snapshot};

static LATEST: LintRule = LintRule {
    id: "latest-base",
    aliases: &["DL3007", "DS-0001"],
    title: Text::fixed("base image with the tag latest", "基础镜像使用 latest 标签"),
    why: Text::fixed("It is another image tomorrow.", "明天可能指向另一个镜像。"),
    severity: Severity::High,
    references: &["requirements A 5.2"],
};

static CD: LintRule = LintRule {
    id: "run-cd",
    aliases: &["DL3003"],
    title: Text::fixed("cd in RUN", "RUN 中使用 cd"),
    why: Text::fixed("It holds for one instruction.", "仅对一条指令有效。"),
    severity: Severity::Low,
    references: &["Dockerfile reference, WORKDIR"],
};

fn region((line, column): (u32, u32), (end_line, end_column): (u32, u32)) -> Region {
    Region {
        start: Place { line, column },
        end: Place {
            line: end_line,
            column: end_column,
        },
    }
}

fn finding(rule: &'static LintRule, at: Region, scope: Region, what: &str) -> LintFinding {
    LintFinding {
        rule,
        aliases: rule.aliases.to_vec(),
        severity: rule.severity,
        region: at,
        scope,
        message: Text::new(
            format!("`{what}` is not what it seems"),
            format!("`{what}` 并非所见"),
        ),
        suggestion: Text::fixed(
            "write it in another way, as the reference of the builder advises for files of this kind",
            "请按构建器参考文档的建议改写",
        ),
        fix: None,
    }
}

/// Findings in a file with tabs, wide characters and what would steer a terminal.
fn bad() -> LintFile {
    let text = "FROM debian:latest\nRUN\tcd /中文 && \\\n\tls \u{1b}[2J\nRUN cd /x\n";
    let mut latest = finding(
        &LATEST,
        region((1, 6), (1, 19)),
        region((1, 1), (1, 19)),
        "debian:latest",
    );
    latest.fix = Some(Fix {
        safety: Safety::Safe,
        edits: vec![Edit {
            start: 12,
            end: 18,
            text: "12.5".to_owned(),
        }],
    });
    let mut cd = finding(
        &CD,
        region((2, 5), (3, 4)),
        region((2, 1), (3, 9)),
        "cd \u{202e}/中文",
    );
    cd.fix = Some(Fix {
        safety: Safety::Unsafe,
        edits: vec![
            Edit {
                start: 19,
                end: 19,
                text: "WORKDIR /中文\n".to_owned(),
            },
            Edit {
                start: 23,
                end: 37,
                text: String::new(),
            },
        ],
    });
    let again = finding(&CD, region((4, 5), (4, 7)), region((4, 1), (4, 10)), "cd");
    LintFile {
        path: "app, v1/Dockerfile:中".to_owned(),
        kind: LintKind::Dockerfile,
        text: text.to_owned(),
        secrets: Vec::new(),
        findings: vec![latest, cd],
        ignored: vec![LintIgnored {
            finding: again,
            by: "inline, line 3".to_owned(),
        }],
        errors: Vec::new(),
    }
}

fn report() -> LintReport {
    let broken = LintFile {
        path: "broken/Dockerfile".to_owned(),
        kind: LintKind::Dockerfile,
        text: "FROM\n".to_owned(),
        secrets: Vec::new(),
        findings: Vec::new(),
        ignored: Vec::new(),
        errors: vec![LintError {
            region: region((1, 5), (1, 5)),
            message: Text::fixed("FROM needs an image", "FROM 缺少镜像"),
        }],
    };
    let clean = LintFile {
        path: "clean/Dockerfile".to_owned(),
        text: String::new(),
        errors: Vec::new(),
        ..broken.clone()
    };
    let told =
        |path: &str, en: &'static str, zh: &'static str| (path.to_owned(), Text::fixed(en, zh));
    LintReport {
        files: vec![bad(), broken, clean],
        unread: vec![told("secret/Dockerfile", "permission denied", "权限不足")],
        notes: vec![told(
            ".hadolint.yaml",
            "`verbose` means nothing here",
            "`verbose` 在此无效",
        )],
        program: "0.1.0".to_owned(),
    }
}

fn written(format: &str, report: &LintReport, settings: &Settings) -> String {
    let format = LINTS.iter().find(|known| known.name() == format);
    let mut out = Vec::new();
    let format = format.expect("the format is registered");
    format.write(report, settings, &mut out).unwrap();
    String::from_utf8(out).expect("reports are UTF-8")
}

fn empty() -> LintReport {
    LintReport {
        files: Vec::new(),
        unread: Vec::new(),
        notes: Vec::new(),
        program: "0.1.0".to_owned(),
    }
}

#[test]
fn every_format_is_as_committed() {
    let mut texts = Vec::new();
    for format in LINTS {
        let name = format.name();
        texts.push((format!("lint.en.{name}"), written(name, &report(), &PLAIN)));
    }
    let zh = Settings {
        language: Language::Zh,
        width: 60,
        ..PLAIN
    };
    for name in ["terminal", "github", "sarif"] {
        texts.push((format!("lint.zh.{name}"), written(name, &report(), &zh)));
    }
    snapshot::check(&texts);
}

#[test]
fn every_format_can_tell_of_nothing() {
    for format in LINTS {
        let text = written(format.name(), &empty(), &PLAIN);
        match format.name() {
            "terminal" => assert_eq!(text, "0 files: nothing found\n"),
            "github" => assert_eq!(text, ""),
            "checkstyle" | "junit" => assert!(text.starts_with("<?xml"), "{text}"),
            _ => assert!(serde_json::from_str::<Value>(&text).is_ok(), "{text}"),
        }
    }
}

#[test]
fn nothing_that_a_file_says_comes_out_raw() {
    for format in LINTS {
        let text = written(format.name(), &report(), &PLAIN);
        let raw = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
        assert!(!text.contains(raw), "{}: {text}", format.name());
    }
}

#[test]
fn the_page_is_no_wider_than_the_terminal_and_the_same_without_colours() {
    for language in [Language::En, Language::Zh] {
        for width in [40, 60, 100] {
            let plain = Settings {
                language,
                width,
                ..PLAIN
            };
            let text = written("terminal", &report(), &plain);
            for line in text.lines() {
                assert_eq!(line.trim_end(), line);
                assert!(line.width() <= width, "{width}: {line:?}");
            }
            let colour = Settings {
                colour: Colour::On,
                ..plain
            };
            let coloured = written("terminal", &report(), &colour);
            assert_ne!(coloured, text);
            assert_eq!(colourless(&coloured), text);
        }
    }
}

#[test]
fn json_is_of_its_schema() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/schema/lint-1.json");
    let schema: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    assert!(jsonschema::meta::is_valid(&schema));
    let validator = jsonschema::validator_for(&schema).unwrap();
    for report in [report(), empty()] {
        let value: Value = serde_json::from_str(&written("json", &report, &PLAIN)).unwrap();
        let errors: Vec<String> = validator
            .iter_errors(&value)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{}", errors.join("\n"));
        for name in value.as_object().unwrap().keys() {
            let mut damaged = value.clone();
            damaged.as_object_mut().unwrap().remove(name);
            assert!(!validator.is_valid(&damaged), "without {name}");
        }
    }
}

/// What the standard demands and readers rely on, where no copy of its schema is at hand.
#[test]
fn sarif_holds_together() {
    let log: Value = serde_json::from_str(&written("sarif", &report(), &PLAIN)).unwrap();
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    let results = run["results"].as_array().unwrap();
    assert_eq!((rules.len(), results.len()), (2, 3));
    let mut names = BTreeSet::new();
    for result in results {
        let rule = &rules[usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap()];
        assert_eq!(rule["id"], result["ruleId"]);
        assert!(rule["help"]["text"].as_str().unwrap().len() > 10);
        assert!(["error", "warning", "note"].contains(&result["level"].as_str().unwrap()));
        let place = &result["locations"][0]["physicalLocation"];
        let uri = place["artifactLocation"]["uri"].as_str().unwrap();
        assert_eq!(uri, "app%2C%20v1/Dockerfile%3A%E4%B8%AD");
        for name in ["startLine", "startColumn", "endLine", "endColumn"] {
            assert!(place["region"][name].as_u64().unwrap() > 0);
        }
        names.insert(
            result["partialFingerprints"]["plimsoll/v1"]
                .as_str()
                .unwrap(),
        );
    }
    assert_eq!(names.len(), 3, "a name is of one finding");
    let change = &results[1]["fixes"][0]["artifactChanges"][0];
    assert_eq!(change["replacements"][1]["insertedContent"]["text"], "");
    assert_eq!(
        change["replacements"][1]["deletedRegion"],
        serde_json::json!({"startLine": 2, "startColumn": 5, "endLine": 2, "endColumn": 15})
    );
    assert_eq!(results[2]["suppressions"][0]["kind"], "inSource");
    assert_eq!(run["invocations"][0]["executionSuccessful"], false);
    let told = run["invocations"][0]["toolExecutionNotifications"].as_array();
    assert_eq!(told.unwrap().len(), 3);
}

#[test]
fn names_of_findings_stay_when_other_lines_change() {
    let fingerprints = |report: &LintReport| -> Vec<String> {
        let issues: Vec<Value> =
            serde_json::from_str(&written("code-climate", report, &PLAIN)).unwrap();
        let names = issues.iter().map(|issue| issue["fingerprint"].to_string());
        names.collect()
    };
    let before = report();
    let mut after = report();
    let file = &mut after.files[0];
    file.text.insert_str(0, "# a comment\n");
    for finding in &mut file.findings {
        for place in [&mut finding.region.start, &mut finding.region.end] {
            place.line += 1;
        }
    }
    assert_eq!(fingerprints(&before), fingerprints(&after));
    let twice = |report: &mut LintReport| {
        let found = report.files[0].findings[0].clone();
        report.files[0].findings.push(found);
    };
    let mut doubled = report();
    twice(&mut doubled);
    let names = fingerprints(&doubled);
    assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len());
}
