//! `plimsoll explain 4.6`: what a control of a benchmark asks, and what answers it.
//!
//! # JSON
//! `schemaVersion` 1 and `controls`, each with `benchmark`, `version`, `id`, `title`, `asks`, `method`, `rule` (how the
//! parts make one answer) and `parts`: `kind` (`check`, `rule`, `facts` or `nothing`), `id` or null, `looksAt`.

use std::io;

use plimsoll_model::control::{ControlPage, ControlPart, ControlPartKind, Method};
use serde_json::{Value, json};

use crate::paint::{Paint, pad, wrap};
use crate::safe::write_json;
use crate::words::Words;
use crate::{ExplanationFormat, Settings};

/// Writes what there is to say of controls; the same input gives the same bytes.
pub fn write_controls(
    pages: &[ControlPage],
    format: ExplanationFormat,
    settings: &Settings,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let words = Words(settings.language);
    match format {
        ExplanationFormat::Json => {
            let pages: Vec<Value> = pages.iter().map(|page| value(page, words)).collect();
            write_json(&json!({"schemaVersion": 1, "controls": pages}), out)
        }
        ExplanationFormat::Terminal => {
            for (number, page) in pages.iter().enumerate() {
                if number > 0 {
                    writeln!(out)?;
                }
                told(page, words, settings, out)?;
            }
            Ok(())
        }
    }
}

/// How the parts make one answer.
fn rule(page: &ControlPage, words: Words) -> &'static str {
    match page.parts.as_slice() {
        [_] => words.pick("the answer is that of its one part", "答案即该部分的答案"),
        _ => words.pick(
            "it fails where one part does, and passes only where none fails or is unknown",
            "任一部分不通过即为不通过;没有不通过和未知的部分时才通过",
        ),
    }
}

fn method(method: Method, words: Words) -> &'static str {
    match method {
        Method::Automated => words.pick("automated", "自动"),
        Method::Manual => words.pick(
            "manual; what a program can see of it is answered",
            "人工;此处回答程序能够看到的部分",
        ),
    }
}

fn kind(part: &ControlPart, words: Words) -> String {
    let kind = match part.kind {
        ControlPartKind::Check => words.pick("check", "检查项"),
        ControlPartKind::Rule => words.pick("lint rule over the history", "构建历史上的规则"),
        ControlPartKind::Facts => words.pick("facts of the image", "镜像事实"),
    };
    match part.id {
        Some(id) => format!("{kind} `{id}`"),
        None => kind.to_owned(),
    }
}

fn told(
    page: &ControlPage,
    words: Words,
    settings: &Settings,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    /// The columns of a label.
    const LABEL: usize = 13;
    let paint = Paint(settings.colour);
    let width = settings.width.max(40);
    let (benchmark, version) = (page.benchmark.name(), page.benchmark.version());
    let title = page.title.get(words.0);
    let title = format!("{benchmark} {version}, {}: {title}", page.id);
    writeln!(out, "{}", paint.bold(&title))?;
    for line in wrap(page.asks.get(words.0), width.saturating_sub(2)) {
        writeln!(out, "  {line}")?;
    }
    let mut rows = vec![(
        words.pick("method", "方式"),
        method(page.method, words).to_owned(),
    )];
    for (at, part) in page.parts.iter().enumerate() {
        let label = if at == 0 {
            words.pick("rests on", "依据")
        } else {
            ""
        };
        let between = words.pick(": ", ":");
        let text = format!(
            "{}{between}{}",
            kind(part, words),
            part.looks_at.get(words.0)
        );
        rows.push((label, text));
    }
    rows.push((words.pick("answer", "答案"), rule(page, words).to_owned()));
    for (label, text) in rows {
        let lines = wrap(&text, width.saturating_sub(LABEL + 4));
        for (number, line) in lines.iter().enumerate() {
            let label = if number == 0 { label } else { "" };
            writeln!(out, "  {}  {line}", paint.dim(&pad(label, LABEL)))?;
        }
    }
    Ok(())
}

fn value(page: &ControlPage, words: Words) -> Value {
    let parts: Vec<Value> = page
        .parts
        .iter()
        .map(|part| {
            json!({
                "kind": part.kind,
                "id": part.id,
                "looksAt": part.looks_at.get(words.0),
            })
        })
        .collect();
    json!({
        "benchmark": page.benchmark.name(),
        "version": page.benchmark.version(),
        "id": page.id,
        "title": page.title.get(words.0),
        "asks": page.asks.get(words.0),
        "method": page.method,
        "rule": rule(page, words),
        "parts": parts,
    })
}
