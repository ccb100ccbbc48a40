//! Comments that lay findings aside.
//!
//! `# plimsoll ignore=rule,rule` and Trivy's `#trivy:ignore:KSV-0001` count on their own line and on the next; on
//! the line where a service or an object begins they count for all of it. In front of everything else in the
//! file they count for the file.

use std::collections::BTreeMap;

use plimsoll_model::lint::settings::Settings;
use plimsoll_model::lint::{LintFinding, LintIgnored};

use crate::manifest::Manifest;

/// What is left of the findings, and what comments lay aside.
pub(crate) fn lay_aside(
    manifest: &Manifest<'_>,
    found: Vec<LintFinding>,
    settings: &Settings,
) -> (Vec<LintFinding>, Vec<LintIgnored>) {
    let comments = if settings.disable_ignore_comments {
        BTreeMap::new()
    } else {
        comments(manifest)
    };
    let first = first_line(manifest);
    let mut left = Vec::new();
    let mut ignored = Vec::new();
    for finding in found {
        match by_comment(&comments, &finding, first) {
            Some(line) => ignored.push(LintIgnored {
                finding,
                by: format!("inline, line {line}"),
            }),
            None => left.push(finding),
        }
    }
    (left, ignored)
}

/// The line of the comment that lays a finding aside.
fn by_comment(
    comments: &BTreeMap<u32, Vec<String>>,
    finding: &LintFinding,
    first: u32,
) -> Option<u32> {
    if comments.is_empty() {
        return None;
    }
    let names = |line: &u32| {
        let names = comments.get(line);
        names.is_some_and(|names| names.iter().any(|name| finding.is_named(name)))
    };
    let place = finding.region.start.line;
    let scope = finding.scope.start.line;
    let near = [
        place,
        place.saturating_sub(1),
        scope,
        scope.saturating_sub(1),
    ];
    near.into_iter()
        .find(names)
        .or_else(|| comments.range(..first).map(|(line, _)| *line).find(names))
}

/// The line of the first thing in the file that is no comment.
fn first_line(manifest: &Manifest<'_>) -> u32 {
    let tree = &manifest.tree;
    tree.documents
        .first()
        .map_or(0, |root| tree.lines.line(tree.span(*root).start))
        .saturating_sub(1)
}

fn comments(manifest: &Manifest<'_>) -> BTreeMap<u32, Vec<String>> {
    let tree = &manifest.tree;
    let mut found: BTreeMap<u32, Vec<String>> = BTreeMap::new();
    for span in &tree.comments {
        let names = names(span.of(tree.text));
        if !names.is_empty() {
            found
                .entry(tree.lines.line(span.start))
                .or_default()
                .extend(names);
        }
    }
    found
}

/// The rules that a comment names.
fn names(comment: &str) -> Vec<String> {
    let text = comment.trim_start_matches('#').trim();
    if let Some(rest) = text.strip_prefix("plimsoll") {
        let Some(list) = rest.trim_start().strip_prefix("ignore") else {
            return Vec::new();
        };
        let Some(list) = list.trim_start().strip_prefix('=') else {
            return Vec::new();
        };
        // What follows a blank is the reason.
        let list = list.split_whitespace().next().unwrap_or_default();
        return list
            .split(',')
            .filter(|name| !name.is_empty())
            .map(str::to_owned)
            .collect();
    }
    text.split_whitespace()
        .filter_map(|word| word.strip_prefix("trivy:ignore:"))
        .map(|name| name.split(':').next().unwrap_or_default().to_owned())
        .filter(|name| !name.is_empty())
        .collect()
}
