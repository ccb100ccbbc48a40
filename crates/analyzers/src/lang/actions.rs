//! The actions that GitHub workflows use: `uses: owner/repository/path@ref`.
//!
//! Source: GitHub, "Workflow syntax" (`jobs.<id>.steps[*].uses`) and "Metadata syntax" of composite actions.
//! Only lines with the key `uses` are looked at, so that no reader of YAML is needed. Actions of the same
//! repository (`./…`) and container images (`docker://…`) are others' concern.
//!
//! A reference that is a branch or a commit is kept as it is: it is no version, and an advisory's range says
//! nothing of it. Where a commit is followed by a comment with the tag, as tools that pin write it
//! (`@<commit> # v4.1.1`), the tag is what somebody says of the commit and is not believed.

use plimsoll_analyze::{Analyzer, Executables, File, Interest, Meta, Sink};
use plimsoll_model::fact::{EvidenceKind, Scope};
use plimsoll_model::{Ecosystem, Effect};

use super::document::{self, Listing};

/// Actions that GitHub workflows use.
#[derive(Debug)]
pub struct Actions;

static META: Meta = Meta {
    id: "lang/github-actions",
    revision: 1,
    docs: "Reads workflows and composite actions of GitHub: which actions they use, at which reference.",
    interest: Interest {
        paths: &[],
        names: &[],
        suffixes: &[],
        under: &[("**/.github/", ".yml"), ("**/.github/", ".yaml")],
        executables: Executables::Ignored,
    },
    limit: 2 << 20,
    loss: Effect::Note,
};

impl Analyzer for Actions {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn analyze(&self, file: &mut File<'_>, sink: &mut Sink<'_>) {
        if !is_workflow(file.path.as_str()) {
            return;
        }
        let Some(text) = document::text(file, sink) else {
            return;
        };
        let mut list = Listing::new(Ecosystem::Actions, EvidenceKind::Locked);
        for action in text.lines().filter_map(used) {
            if action.starts_with(['.', '/', '$']) || action.contains("://") {
                continue;
            }
            let Some((name, reference)) = action.split_once('@') else {
                list.add_invalid();
                continue;
            };
            // Advisories are about repositories; what follows is a folder or a workflow in it.
            let end = name
                .match_indices('/')
                .nth(1)
                .map_or(name.len(), |(at, _)| at);
            let name = name.get(..end).unwrap_or(name);
            list.add_with(name, reference, |package| {
                package.scope = Scope::Development;
            });
        }
        list.state(sink);
    }
}

/// `.github/workflows/<name>.yml` and `.github/actions/<name>/action.yml`, anywhere.
fn is_workflow(path: &str) -> bool {
    let Some((before, below)) = path.rsplit_once(".github/") else {
        return false;
    };
    if !(before.is_empty() || before.ends_with('/')) {
        return false;
    }
    let parts: Vec<&str> = below.split('/').collect();
    match parts.as_slice() {
        ["workflows", _] => true,
        ["actions", _, file] => matches!(*file, "action.yml" | "action.yaml"),
        _ => false,
    }
}

/// The value of the key `uses` in a line.
fn used(line: &str) -> Option<&str> {
    let line = line.trim();
    let line = line.strip_prefix('-').map_or(line, str::trim_start);
    let value = line.strip_prefix("uses")?.trim_start().strip_prefix(':')?;
    let value = value.trim();
    let value = match value.chars().next() {
        Some(quote @ ('"' | '\'')) => value.get(1..)?.split(quote).next()?,
        _ => value.split(" #").next()?.trim_end(),
    };
    (!value.is_empty()).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_workflows_are_read() {
        for (path, expected) in [
            (".github/workflows/ci.yml", true),
            ("src/app/.github/workflows/ci.yaml", true),
            ("src/.github/actions/setup/action.yml", true),
            (".github/dependabot.yml", false),
            (".github/workflows/sub/ci.yml", false),
            ("x.github/workflows/ci.yml", false),
            ("etc/app.yml", false),
        ] {
            assert_eq!(is_workflow(path), expected, "{path}");
        }
    }

    #[test]
    fn values_are_read_with_quotes_and_comments() {
        for (line, expected) in [
            (
                "      - uses: actions/checkout@v4",
                Some("actions/checkout@v4"),
            ),
            ("  uses: 'a/b@v1' # why", Some("a/b@v1")),
            ("-   uses : a/b@1234 # v1", Some("a/b@1234")),
            ("uses:", None),
            ("uses-not: a/b@v1", None),
            ("# uses: a/b@v1", None),
        ] {
            assert_eq!(used(line), expected, "{line}");
        }
    }
}
