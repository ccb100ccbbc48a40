//! What the linter says of a file that describes an image or how it is run.

pub mod aside;
pub mod fix;
pub mod settings;
pub mod sink;
pub mod span;

use serde::Serialize;

use crate::{Severity, Text};

/// Who a lint rule is; its prose is the documentation and the help text of reports.
#[derive(Debug, PartialEq, Eq)]
pub struct LintRule {
    /// Stable id that completes "allow …", such as `moving-base-tag`.
    pub id: &'static str,
    /// Ids of the same rule in other linters: `DL3007`, `DS-0001`, `SC2086`, `CIS-DI-0006`,
    /// `JSONArgsRecommended`.
    pub aliases: &'static [&'static str],
    /// What it asks about, a few words.
    pub title: Text,
    /// Why it matters, one or two sentences.
    pub why: Text,
    /// How much a finding weighs, unless the finding says otherwise.
    pub severity: Severity,
    /// Where the rule comes from: a specification, a benchmark's id, the requirements.
    pub references: &'static [&'static str],
}

impl LintRule {
    /// Whether it goes by this name: its id, or one of its aliases in any of their spellings, in any case.
    #[must_use]
    pub fn is_named(&self, name: &str) -> bool {
        let mut aliases = self.aliases.iter();
        self.id.eq_ignore_ascii_case(name) || aliases.any(|alias| is_same_id(alias, name))
    }
}

/// Whether a name is that id of another linter. Trivy's have three spellings, `DS-0001`, `AVD-DS-0001` and
/// `DS001`, and every linter takes any case.
#[must_use]
pub fn is_same_id(id: &str, name: &str) -> bool {
    if id.eq_ignore_ascii_case(name) {
        return true;
    }
    let Some((family, number)) = id.split_once('-') else {
        return false;
    };
    let bare = match name.get(..4) {
        Some(head) if head.eq_ignore_ascii_case("AVD-") => name.get(4..).unwrap_or_default(),
        _ => name,
    };
    let short = bare
        .get(..family.len())
        .filter(|head| head.eq_ignore_ascii_case(family))
        .and_then(|_| bare.get(family.len()..))
        .filter(|digits| digits.len() == 3);
    id.eq_ignore_ascii_case(bare)
        || short.is_some_and(|digits| number.strip_prefix('0') == Some(digits))
}

/// What a rule is held against.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum LintSubject {
    /// Dockerfiles and Containerfiles.
    Dockerfile,
    /// Compose files and manifests of Kubernetes.
    Workload,
}

/// A rule as its documentation shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LintRulePage {
    /// The rule.
    pub rule: &'static LintRule,
    /// What it is held against.
    pub subject: LintSubject,
    /// Whether it runs unless somebody says otherwise.
    pub is_on: bool,
    /// Files in which it finds something; never empty.
    pub bad: &'static [&'static str],
    /// Files in which it finds nothing; never empty.
    pub good: &'static [&'static str],
}

/// A place between two characters of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Place {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters (Unicode scalar values), from 1.
    pub column: u32,
}

/// A part of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Region {
    /// The first character.
    pub start: Place,
    /// Behind the last character.
    pub end: Place,
}

/// How sure a repair is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Safety {
    /// What the image does stays the same; applied by `--fix`.
    Safe,
    /// A person has to look at it first; shown only.
    Unsafe,
}

/// A stretch of the file and what stands there instead.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Edit {
    /// Where it begins, in bytes of the file.
    pub start: usize,
    /// Where it ends, in bytes of the file; the same as `start` where something is put in.
    pub end: usize,
    /// The new text.
    pub text: String,
}

/// A repair as a patch.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct Fix {
    /// Whether it may be applied unseen.
    pub safety: Safety,
    /// Stretches in order of the file that do not overlap.
    pub edits: Vec<Edit>,
}

/// One thing that is wrong with a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LintFinding {
    /// The rule.
    pub rule: &'static LintRule,
    /// The ids of other linters that say the same of this place; a part of the rule's, in its order.
    pub aliases: Vec<&'static str>,
    /// How bad.
    pub severity: Severity,
    /// Where.
    pub region: Region,
    /// The whole instruction, service or object that it is about.
    pub scope: Region,
    /// What is wrong here, one sentence.
    pub message: Text,
    /// What to do, as exact as can be said.
    pub suggestion: Text,
    /// The patch, where there is one.
    pub fix: Option<Fix>,
}

impl LintFinding {
    /// Whether it goes by this name: its rule's id, or one of the aliases that say the same of this place.
    #[must_use]
    pub fn is_named(&self, name: &str) -> bool {
        let mut aliases = self.aliases.iter();
        self.rule.id.eq_ignore_ascii_case(name) || aliases.any(|alias| is_same_id(alias, name))
    }
}

/// What could not be read of a file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct LintError {
    /// Where.
    pub region: Region,
    /// Why.
    pub message: Text,
}

/// A finding that somebody has laid aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LintIgnored {
    /// What was found.
    pub finding: LintFinding,
    /// Where it says so: `inline, line 3`, `.hadolint.yaml`.
    pub by: String,
}

impl LintIgnored {
    /// Puts them in the order of the file.
    pub fn sort(all: &mut [Self]) {
        all.sort_by(|a, b| {
            (a.finding.region, a.finding.rule.id).cmp(&(b.finding.region, b.finding.rule.id))
        });
    }
}

/// What kind of file it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum LintKind {
    /// A Dockerfile or Containerfile.
    Dockerfile,
    /// A Compose file.
    Compose,
    /// Kubernetes manifests.
    Kubernetes,
}

/// What is said of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LintFile {
    /// The path as it was given, or below the folder that was given.
    pub path: String,
    /// What kind of file it is.
    pub kind: LintKind,
    /// Its text; excerpts are taken from it.
    pub text: String,
    /// Where secrets stand in the text, in bytes, ascending and apart from each other; no excerpt shows them.
    pub secrets: Vec<std::ops::Range<usize>>,
    /// What is wrong, in order of the file.
    pub findings: Vec<LintFinding>,
    /// What would be, had nobody laid it aside.
    pub ignored: Vec<LintIgnored>,
    /// What could not be read.
    pub errors: Vec<LintError>,
}

/// What is said of all files; the only input of the formats.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LintReport {
    /// Sorted by path.
    pub files: Vec<LintFile>,
    /// Files that could not be read, and why.
    pub unread: Vec<(String, Text)>,
    /// What a user should know besides, each with the file that it is about: keys of settings that mean nothing.
    pub notes: Vec<(String, Text)>,
    /// Version of the program.
    pub program: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_trivy_have_three_spellings() {
        for name in ["DS-0001", "ds-0001", "AVD-DS-0001", "avd-ds-0001", "DS001"] {
            assert!(is_same_id("DS-0001", name), "{name}");
        }
        for name in [
            "DS-0002",
            "DS01",
            "DS0001",
            "Dé-0001",
            "éDS-0001",
            "AVD-",
            "",
            "001",
        ] {
            assert!(!is_same_id("DS-0001", name), "{name}");
        }
        assert!(is_same_id("DL3007", "dl3007"));
    }
}
