//! Lints files and folders: finds them, reads them and puts the linter's answers side by side.
//!
//! What is wrong with a text is the matter of the crates that know the text; here are files, and both cores.

mod files;
mod harden;
mod pin;
mod repair;
mod rules;

pub use files::{FindError, Found, Hint, find};
pub use harden::{Hardened, hardened};
pub use pin::{MissingPlatforms, Pinner};
pub use repair::{Repaired, repair, replace};
pub use rules::{rules, rules_named};

use std::borrow::Cow;
use std::collections::{BTreeMap, VecDeque};
use std::fs::File;
use std::io::{self, Read};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use plimsoll_checks::lifecycle::Lifecycles;
use plimsoll_dockerfile::Span;
use plimsoll_dockerfile::span::Lines;
use plimsoll_model::Text;
use plimsoll_model::lifecycle::Lifecycle;
use plimsoll_model::lint::settings::Settings;
use plimsoll_model::lint::sink::MAX_FINDINGS;
use plimsoll_model::lint::{LintError, LintFile, LintFinding, LintKind, LintReport, Region};

/// Bytes of a file at most; what is larger is told and not read.
const LIMIT: u64 = 16 << 20;

/// What is said of YAML that somebody asked for and nobody runs.
const NO_WORKLOAD: Text = Text::fixed(
    "it is neither a Compose file nor a manifest of Kubernetes",
    "既不是 Compose 文件,也不是 Kubernetes 清单",
);

/// A file that is to be linted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Source {
    /// How reports name it.
    pub name: String,
    /// Where it is; `None` for standard input.
    pub path: Option<PathBuf>,
    /// Whether it was asked for by its own name, and not found in a folder.
    pub is_asked: bool,
    /// What its name says that it is.
    pub hint: Hint,
}

/// How a user's settings depend on the file.
pub type SettingsOf<'a> = dyn Fn(&Source) -> Cow<'a, Settings> + Sync + 'a;

/// What came of one file.
enum Outcome {
    Linted(LintFile),
    Unread(String, Text),
    /// A YAML file that describes no workload.
    Nothing,
}

/// Lints files, several at a time, and says of all of them what is wrong.
#[must_use]
pub fn lint(sources: Vec<Source>, settings: &SettingsOf<'_>, program: &str) -> LintReport {
    let mut report = LintReport {
        files: Vec::new(),
        unread: Vec::new(),
        notes: Vec::new(),
        program: program.to_owned(),
    };
    for outcome in side_by_side(sources, |source| lint_file(&source, &settings(&source))) {
        match outcome {
            Outcome::Linted(file) => report.files.push(file),
            Outcome::Unread(name, reason) => report.unread.push((name, reason)),
            Outcome::Nothing => {}
        }
    }
    report.files.sort_by(|a, b| a.path.cmp(&b.path));
    report.unread.sort();
    report
}

/// Does a work for each source on all cores; in no order.
fn side_by_side<T: Send>(sources: Vec<Source>, work: impl Fn(Source) -> T + Sync) -> Vec<T> {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let threads = cores.min(sources.len()).max(1);
    let open = Mutex::new(VecDeque::from(sources));
    let next = || {
        let mut open = open.lock().unwrap_or_else(PoisonError::into_inner);
        open.pop_front()
    };
    let run = || {
        let mut done = Vec::new();
        while let Some(source) = next() {
            done.push(work(source));
        }
        done
    };
    std::thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(run)).collect();
        let mut all = run();
        for other in others {
            match other.join() {
                Ok(done) => all.extend(done),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        all
    })
}

/// The `.dockerignore` of a Dockerfile: one of its own, else that of its folder, which is taken for the context.
fn dockerignore(source: &Source) -> Option<String> {
    let path = source.path.as_ref().filter(|_| source.hint != Hint::Yaml)?;
    let mut own = path.clone().into_os_string();
    own.push(".dockerignore");
    let beside = path.with_file_name(".dockerignore");
    let mut all = [PathBuf::from(own), beside].into_iter();
    let bytes = all.find_map(|path| read_all(File::open(path).ok()?).ok())?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

fn lint_file(source: &Source, settings: &Settings) -> Outcome {
    let mut settings = Cow::Borrowed(settings);
    if let Some(text) = dockerignore(source) {
        settings.to_mut().dockerignore = Some(text);
    }
    match read(source) {
        Ok(bytes) => match lint_bytes(source, &bytes, &settings) {
            Some(file) => Outcome::Linted(file),
            None if source.is_asked => Outcome::Unread(source.name.clone(), NO_WORKLOAD),
            None => Outcome::Nothing,
        },
        Err(error) => {
            let text = error.to_string();
            Outcome::Unread(source.name.clone(), Text::verbatim(text))
        }
    }
}

/// Reads a file, or standard input, up to the limit.
pub fn read(source: &Source) -> io::Result<Vec<u8>> {
    match &source.path {
        Some(path) => read_all(File::open(path)?),
        None => read_all(io::stdin().lock()),
    }
}

/// Reads everything, as long as it is within the limit.
fn read_all(from: impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(LIMIT + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LIMIT {
        return Err(io::Error::other(format!("it has more than {LIMIT} bytes")));
    }
    Ok(bytes)
}

/// The support dates that the program knows, for [`Settings::lifecycles`].
#[must_use]
pub fn lifecycles() -> Arc<[Lifecycle]> {
    Lifecycles::with_images().all().into()
}

/// Lints a text; `None` where it is YAML of something that nobody runs.
#[must_use]
pub fn lint_bytes(source: &Source, bytes: &[u8], settings: &Settings) -> Option<LintFile> {
    let text = String::from_utf8_lossy(bytes);
    let mut file = if source.hint.is_yaml(&text) {
        plimsoll_workload::lint(&source.name, &text, settings)?
    } else {
        plimsoll_dockerfile::lint(&source.name, &text, settings)
    };
    if text.contains("\r\n") {
        for finding in &mut file.findings {
            keep_line_ends(finding);
        }
    }
    if let Cow::Owned(text) = &text {
        file.errors.push(not_utf8(text));
    }
    let cut = cut_off(&mut file);
    file.errors.extend(cut);
    file.errors.sort();
    if file.findings.is_empty() && file.errors.is_empty() && file.ignored.is_empty() {
        // Nobody shows an excerpt of it.
        file.text = String::new();
    }
    Some(file)
}

/// Whether the file itself says that the build ends for one of its findings: `# check=error=true` of BuildKit.
#[must_use]
pub fn ends_build(file: &LintFile) -> bool {
    if file.kind != LintKind::Dockerfile || file.findings.is_empty() {
        return false;
    }
    let parsed = plimsoll_dockerfile::parse(&file.text);
    let mut findings = file.findings.iter();
    findings.any(|finding| plimsoll_dockerfile::ends_build(&parsed, finding))
}

/// Takes what rules found beyond what is told, and says which ones did.
fn cut_off(file: &mut LintFile) -> Vec<LintError> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut last: BTreeMap<&str, Region> = BTreeMap::new();
    let mut is_told = |finding: &LintFinding| {
        let count = counts.entry(finding.rule.id).or_default();
        *count += 1;
        if *count > MAX_FINDINGS {
            last.insert(finding.rule.id, finding.region);
        }
        *count <= MAX_FINDINGS
    };
    file.ignored.retain(|ignored| is_told(&ignored.finding));
    file.findings.retain(is_told);
    last.into_iter()
        .map(|(rule, region)| LintError {
            region,
            message: Text::new(
                format!("`{rule}` has more findings than are told, {MAX_FINDINGS}"),
                format!("`{rule}` 的问题超过可显示的 {MAX_FINDINGS} 项"),
            ),
        })
        .collect()
}

/// Rules write line feeds; a file whose lines end as on Windows keeps that.
fn keep_line_ends(finding: &mut LintFinding) {
    let edits = finding.fix.iter_mut().flat_map(|fix| &mut fix.edits);
    for edit in edits.filter(|edit| edit.text.contains('\n')) {
        edit.text = edit.text.replace("\r\n", "\n").replace('\n', "\r\n");
    }
}

/// Says where a text stops to be UTF-8; it was decoded with a replacement for each such byte.
fn not_utf8(text: &str) -> LintError {
    let at = text.find('\u{fffd}').unwrap_or_default();
    let end = at.saturating_add('\u{fffd}'.len_utf8());
    LintError {
        region: Lines::of(text).region(text, Span::new(at, end)),
        message: Text::fixed("the file is not UTF-8 here", "文件此处不是 UTF-8 编码"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_told_is_said() {
        let source = Source {
            name: "Dockerfile".to_owned(),
            path: None,
            is_asked: true,
            hint: Hint::Dockerfile,
        };
        let errors = |count: usize| {
            let text = format!("FROM debian:12.5\n{}", "MAINTAINER a\n".repeat(count));
            let file = lint_bytes(&source, text.as_bytes(), &Settings::default());
            file.map_or(0, |file| file.errors.len())
        };
        assert_eq!(errors(10), 0);
        assert_eq!(errors(MAX_FINDINGS), 0);
        assert_eq!(errors(MAX_FINDINGS + 1), 1);
    }
}
