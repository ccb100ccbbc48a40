//! Comments that lay findings aside.
//!
//! `# plimsoll ignore=rule,rule` and Trivy's `#trivy:ignore:KSV-0001` count for their line, or for the next one
//! where they stand alone; on the line where a service or an object begins they count for all of it. In front of
//! everything else in the file they count for the file.

use std::collections::BTreeMap;

use plimsoll_model::lint::settings::Settings;
use plimsoll_model::lint::{LintFinding, LintIgnored};

use crate::manifest::Manifest;
use crate::rules;

/// What is left of the findings, and what comments lay aside.
pub(crate) fn lay_aside(
    manifest: &Manifest<'_>,
    found: Vec<LintFinding>,
    settings: &Settings,
) -> (Vec<LintFinding>, Vec<LintIgnored>) {
    let comments = if settings.disable_ignore_comments {
        Comments::default()
    } else {
        Comments::of(manifest)
    };
    let mut left = Vec::new();
    let mut ignored = Vec::new();
    for finding in found {
        match comments.line_for(&finding) {
            Some(line) => ignored.push(LintIgnored {
                finding,
                by: format!("inline, line {line}"),
            }),
            None => left.push(finding),
        }
    }
    (left, ignored)
}

/// So many names are read of a file, so that one that is nothing but names does not cost hours.
const MAX_NAMES: usize = 100_000;

/// The rules that comments name, in small letters, each with the line of its comment.
#[derive(Default)]
struct Comments {
    for_file: BTreeMap<String, u32>,
    for_line: BTreeMap<u32, BTreeMap<String, u32>>,
}

impl Comments {
    fn of(manifest: &Manifest<'_>) -> Self {
        let tree = &manifest.tree;
        let first = tree
            .documents
            .first()
            .map_or(0, |root| tree.span(*root).start);
        let stands_alone = |start: usize| {
            let before = tree.text.get(..start).unwrap_or_default();
            let line = before.rsplit('\n').next().unwrap_or_default();
            line.trim_start_matches('\u{feff}').trim().is_empty()
        };
        let mut found = Self::default();
        let mut read = 0_usize;
        let mut waiting: Vec<(String, u32)> = Vec::new();
        let mut next_alone = 0;
        for span in &tree.comments {
            let line = tree.lines.line(span.start);
            let is_alone = stands_alone(span.start);
            if !waiting.is_empty() && (!is_alone || line != next_alone) {
                found.add(next_alone, waiting.drain(..));
            }
            let names = names(span.of(tree.text)).into_iter();
            let names = names
                .take(MAX_NAMES.saturating_sub(read))
                .map(|name| (name.to_ascii_lowercase(), line))
                .filter(|(name, _)| rules::named(name).is_some());
            let names: Vec<_> = names.collect();
            read = read.saturating_add(names.len());
            if span.start < first {
                found.for_file.extend(names);
            } else if is_alone {
                // Comments below each other all speak of what comes behind them.
                waiting.extend(names);
                next_alone = line.saturating_add(1);
            } else {
                found.add(line, names);
            }
        }
        found.add(next_alone, waiting);
        found
    }

    fn add(&mut self, line: u32, names: impl IntoIterator<Item = (String, u32)>) {
        self.for_line.entry(line).or_default().extend(names);
    }

    /// The line of the comment that lays a finding aside.
    fn line_for(&self, finding: &LintFinding) -> Option<u32> {
        let near = [finding.region.start.line, finding.scope.start.line];
        let near = near.iter().filter_map(|line| self.for_line.get(line));
        near.chain([&self.for_file]).find_map(|names| {
            let mut names = names.iter();
            names
                .find(|(name, _)| finding.is_named(name))
                .map(|(_, line)| *line)
        })
    }
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
