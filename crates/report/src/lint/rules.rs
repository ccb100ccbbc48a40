//! What the linter's rules ask and why, as text, JSON and Markdown.

use std::io;

use plimsoll_model::lint::{LintRulePage, LintSubject};
use plimsoll_model::text::Language;
use serde_json::{Value, json};

use crate::Settings;
use crate::paint::{Paint, pad, plain, visible_width, wrap};
use crate::safe::write_json;
use crate::words::Words;

/// How rules are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RulesFormat {
    /// A line each.
    List,
    /// Everything of each rule, for people.
    Pages,
    /// Everything of each rule, for machines.
    Json,
    /// Everything of each rule, as `docs/rules.md` has it.
    Markdown,
}

/// Writes what there is to say of rules; the same input gives the same bytes.
pub fn write_rules(
    pages: &[LintRulePage],
    format: RulesFormat,
    settings: &Settings,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let words = Words(settings.language);
    match format {
        RulesFormat::List => list(pages, words, settings, out),
        RulesFormat::Pages => {
            for (number, page) in pages.iter().enumerate() {
                if number > 0 {
                    writeln!(out)?;
                }
                told(page, words, settings, out)?;
            }
            Ok(())
        }
        RulesFormat::Json => {
            let pages: Vec<Value> = pages.iter().map(|page| value(page, words.0)).collect();
            write_json(&json!({"rules": pages}), out)
        }
        RulesFormat::Markdown => markdown(pages, words, out),
    }
}

fn list(
    pages: &[LintRulePage],
    words: Words,
    settings: &Settings,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let paint = Paint(settings.colour);
    let widest = pages.iter().map(|page| page.rule.id.len()).max();
    for page in pages {
        let rule = page.rule;
        let severity = words.severity(rule.severity);
        let off = words.pick(" (off)", "(默认关闭)");
        let off = if page.is_on { "" } else { off };
        let lead = format!(
            "{}  {}  ",
            paint.bold(&pad(rule.id, widest.unwrap_or_default())),
            paint.severity(rule.severity, &pad(severity, 10))
        );
        let title = format!("{}{off}", rule.title.get(words.0));
        let aliases = rule.aliases.join(" ");
        writeln!(
            out,
            "{}",
            format!("{lead}{title}  {}", paint.dim(&aliases)).trim_end()
        )?;
    }
    Ok(())
}

fn told(
    page: &LintRulePage,
    words: Words,
    settings: &Settings,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let (rule, paint) = (page.rule, Paint(settings.colour));
    let width = settings.width.max(40);
    let title = format!("{}: {}", rule.id, rule.title.get(words.0));
    writeln!(out, "{}", paint.bold(&title))?;
    for line in wrap(rule.why.get(words.0), width.saturating_sub(2)) {
        writeln!(out, "  {line}")?;
    }
    let default = if page.is_on {
        words.pick("on", "开启")
    } else {
        words.pick("off; --enable runs it", "关闭;--enable 可启用")
    };
    let rows = [
        (
            words.pick("severity", "级别"),
            words.severity(rule.severity).to_owned(),
        ),
        (
            words.pick("for", "对象"),
            subject(page.subject, words).to_owned(),
        ),
        (words.pick("by default", "默认"), default.to_owned()),
        (words.pick("also known as", "别名"), rule.aliases.join(", ")),
        (words.pick("source", "来源"), rule.references.join("; ")),
    ];
    for (name, text) in rows.iter().filter(|(_, text)| !text.is_empty()) {
        let lead = paint.dim(&pad(name, 13));
        let lines = wrap(text, width.saturating_sub(visible_width(&lead) + 4));
        for (number, line) in lines.iter().enumerate() {
            let lead = if number == 0 {
                lead.clone()
            } else {
                " ".repeat(13)
            };
            writeln!(out, "  {lead}  {line}")?;
        }
    }
    for (name, text) in [
        (words.pick("bad", "反例"), page.bad.first()),
        (words.pick("good", "正例"), page.good.first()),
    ] {
        writeln!(out, "  {name}:")?;
        for line in text.copied().unwrap_or_default().lines() {
            let line = plain(&line.replace('\t', "    "));
            writeln!(out, "{}", format!("    {line}").trim_end())?;
        }
    }
    Ok(())
}

fn subject(subject: LintSubject, words: Words) -> &'static str {
    match subject {
        LintSubject::Dockerfile => "Dockerfile",
        LintSubject::Workload => words.pick("Compose, Kubernetes", "Compose、Kubernetes"),
    }
}

fn value(page: &LintRulePage, language: Language) -> Value {
    let rule = page.rule;
    json!({
        "id": rule.id,
        "aliases": rule.aliases,
        "title": rule.title.get(language),
        "why": rule.why.get(language),
        "severity": rule.severity,
        "subject": page.subject,
        "default": if page.is_on { "on" } else { "off" },
        "references": rule.references,
        "bad": page.bad,
        "good": page.good,
    })
}

fn markdown(pages: &[LintRulePage], words: Words, out: &mut dyn io::Write) -> io::Result<()> {
    writeln!(out, "# Rules of `plimsoll lint`\n")?;
    writeln!(
        out,
        "`plimsoll lint --list-rules -f markdown` writes this page; a test holds it to the program.\n\
         `plimsoll explain RULE` shows one rule, by its id or any alias."
    )?;
    for kind in [LintSubject::Dockerfile, LintSubject::Workload] {
        let mut of_kind = pages.iter().filter(|page| page.subject == kind).peekable();
        if of_kind.peek().is_some() {
            writeln!(out, "\n## {}", subject(kind, words))?;
        }
        for page in of_kind {
            let rule = page.rule;
            writeln!(out, "\n### {}\n", rule.id)?;
            writeln!(
                out,
                "{}: {}\n",
                rule.title.get(words.0),
                rule.why.get(words.0)
            )?;
            let mut facts = vec![words.severity(rule.severity).to_owned()];
            if !page.is_on {
                facts.push(words.pick("off by default", "默认关闭").to_owned());
            }
            facts.extend(rule.aliases.iter().map(|alias| format!("`{alias}`")));
            writeln!(out, "{}. {}.", facts.join(", "), rule.references.join("; "))?;
            for (name, text) in [("bad", page.bad.first()), ("good", page.good.first())] {
                let text = text.copied().unwrap_or_default();
                // A fence is longer than any in the text.
                let fence = "`".repeat(longest_run(text).max(2) + 1);
                let shown: Vec<String> = text.lines().map(plain).collect();
                writeln!(
                    out,
                    "\n{fence}text\n# {name}\n{}\n{fence}",
                    shown.join("\n")
                )?;
            }
        }
    }
    Ok(())
}

/// The most backticks that follow each other.
fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`')
        .map(str::len)
        .max()
        .unwrap_or_default()
}
