//! What the linter found, one file for each format.
//!
//! To add a format: write the file, add its `mod` line and its row in [`LINTS`].

mod checkstyle;
mod code_climate;
mod diff;
mod excerpt;
mod github;
mod json;
mod junit;
mod rules;
mod sarif;
mod terminal;

pub use diff::{Reader, write_diff};
pub use rules::{RulesFormat, write_rules};

use std::collections::BTreeMap;
use std::io;

use plimsoll_model::Severity;
use plimsoll_model::lint::span::Lines;
use plimsoll_model::lint::{LintFile, LintReport, Region};
use plimsoll_model::text::Language;
use sha2::{Digest, Sha256};

use crate::Settings;

/// A format of what the linter found.
pub trait LintFormat: Sync {
    /// Name on the command line.
    fn name(&self) -> &'static str;

    /// Writes what was found; the same input gives the same bytes.
    fn write(
        &self,
        report: &LintReport,
        settings: &Settings,
        out: &mut dyn io::Write,
    ) -> io::Result<()>;
}

/// Every format of what the linter found; the first is the default.
pub static LINTS: &[&dyn LintFormat] = &[
    &terminal::Terminal,
    &json::Json,
    &sarif::Sarif,
    &checkstyle::Checkstyle,
    &code_climate::CodeClimate,
    &junit::Junit,
    &github::Annotations,
];

/// The id under which formats without a place for errors tell what could not be read.
const UNREADABLE: &str = "unreadable";

/// What formats of others know of a severity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Level {
    Error,
    Warning,
    Note,
}

impl Level {
    fn of(severity: Severity) -> Self {
        match severity {
            Severity::Critical | Severity::High => Self::Error,
            Severity::Medium => Self::Warning,
            Severity::Low | Severity::Negligible | Severity::Unknown => Self::Note,
        }
    }

    /// Its word, where the third is called so.
    fn word(self, note: &'static str) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => note,
        }
    }
}

/// A line for what could not be read.
fn cannot_read(reason: &str, language: Language) -> String {
    match language {
        Language::En => format!("cannot be read: {reason}"),
        Language::Zh => format!("无法读取:{reason}"),
    }
}

/// Names findings so that the name stays when other lines of the file change: by path, rule and the text that
/// is found, and by its number where that occurs more than once.
///
/// Secrets count as so many `*`, so that nobody can try out which one makes the name.
struct Fingerprints<'a> {
    file: &'a LintFile,
    lines: Lines,
    seen: BTreeMap<[u8; 32], u32>,
}

impl<'a> Fingerprints<'a> {
    fn of(file: &'a LintFile) -> Self {
        Self {
            file,
            lines: Lines::of(&file.text),
            seen: BTreeMap::new(),
        }
    }

    /// The first 32 hexadecimal digits of a SHA-256.
    fn next(&mut self, rule: &str, region: Region) -> String {
        let start = self.lines.start(region.start.line).unwrap_or_default();
        let line = excerpt::line_from(&self.file.text, start);
        let line = excerpt::masked(line, start, &self.file.secrets);
        let skipped = usize::try_from(region.start.column - 1).unwrap_or_default();
        let found = if region.start.line == region.end.line {
            let width = region.end.column.saturating_sub(region.start.column);
            usize::try_from(width).unwrap_or_default()
        } else {
            LONGEST
        };
        let mut hash = Sha256::new();
        for part in [self.file.path.as_str(), "\0", rule, "\0"] {
            hash.update(part);
        }
        let mut utf8 = [0; 4];
        for c in line
            .trim_end()
            .chars()
            .skip(skipped)
            .take(found.min(LONGEST))
        {
            hash.update(c.encode_utf8(&mut utf8).as_bytes());
        }
        let same: [u8; 32] = hash.clone().finalize().into();
        let number = self.seen.entry(same).or_default();
        hash.update(number.to_le_bytes());
        *number += 1;
        let hash: [u8; 32] = hash.finalize().into();
        let first = hash.iter().take(16);
        let name = first.fold(0u128, |name, byte| name << 8 | u128::from(*byte));
        format!("{name:032x}")
    }
}

/// Characters of a found text that count.
const LONGEST: usize = 1000;
