//! Pins bases by the digest that their tag has now, which only the registry knows.

use std::collections::BTreeMap;

use plimsoll_image::reference::Reference;
use plimsoll_model::lint::span::Lines;
use plimsoll_model::lint::{Fix, LintFile, LintFinding, Safety, fix};
use plimsoll_model::{Digest, Text};

use crate::sources::Sources;

/// The rules that find images without a digest; their findings are about the image's name.
const RULES: &[&str] = &["unpinned-base"];

/// Asks registries for digests, once for each name.
#[derive(Debug)]
pub struct Pinner<'a> {
    sources: &'a Sources,
    known: BTreeMap<String, Result<Digest, String>>,
    /// What could not be pinned, with the file.
    notes: Vec<(String, Text)>,
}

impl<'a> Pinner<'a> {
    /// One that asks these sources.
    #[must_use]
    pub fn new(sources: &'a Sources) -> Self {
        Self {
            sources,
            known: BTreeMap::new(),
            notes: Vec::new(),
        }
    }

    /// Gives those findings a patch that are about an image without a digest.
    pub fn pin(&mut self, file: &mut LintFile) {
        let lines = Lines::of(&file.text);
        for finding in &mut file.findings {
            if RULES.contains(&finding.rule.id) && finding.fix.is_none() {
                match self.patch(&file.text, &lines, finding) {
                    Ok(patch) => finding.fix = Some(patch),
                    Err(reason) => {
                        let note = (file.path.clone(), reason);
                        if !self.notes.contains(&note) {
                            self.notes.push(note);
                        }
                    }
                }
            }
        }
    }

    /// What could not be pinned, each with the file and the reason.
    #[must_use]
    pub fn into_notes(self) -> Vec<(String, Text)> {
        self.notes
    }

    fn patch(&mut self, text: &str, lines: &Lines, finding: &LintFinding) -> Result<Fix, Text> {
        let line = finding.region.start.line;
        let not_seen = || Text::fixed("the image's name was not understood", "无法识别镜像名称");
        let start = lines.start(line).ok_or_else(not_seen)?;
        let rest = text.get(start..).unwrap_or_default();
        let source = rest.lines().next().unwrap_or_default();
        let at = |column: u32| {
            let column = usize::try_from(column.saturating_sub(1)).unwrap_or(usize::MAX);
            let mut places = source.char_indices().map(|(at, _)| at);
            places.nth(column).unwrap_or(source.len())
        };
        let (from, to) = (
            at(finding.region.start.column),
            at(finding.region.end.column),
        );
        let name = source.get(from..to).unwrap_or_default();
        if finding.region.end.line != line || name.is_empty() {
            return Err(not_seen());
        }
        if name.contains(['$', '"', '\'']) {
            return Err(Text::new(
                format!("`{name}` was not pinned: its name is not written out"),
                format!("`{name}` 未固定:名称中含变量或引号"),
            ));
        }
        let digest = self.digest(name).map_err(|reason| {
            Text::new(
                format!("`{name}` was not pinned: {reason}"),
                format!("`{name}` 未固定:{reason}"),
            )
        })?;
        Ok(Fix {
            safety: Safety::Safe,
            edits: vec![fix::insert(start.saturating_add(to), format!("@{digest}"))],
        })
    }

    /// The digest of what the registry keeps under the name: of the list, where the image has several platforms.
    fn digest(&mut self, name: &str) -> Result<Digest, String> {
        if let Some(known) = self.known.get(name) {
            return known.clone();
        }
        let digest = name
            .parse::<Reference>()
            .map_err(|error| error.to_string())
            .and_then(|reference| {
                let source = self.sources.registry(name, &reference);
                source.digest().map_err(|error| chain(&error))
            });
        self.known.insert(name.to_owned(), digest.clone());
        digest
    }
}

/// An error with its causes.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        let said = inner.to_string();
        if !text.ends_with(&said) {
            text.push_str(": ");
            text.push_str(&said);
        }
        cause = inner.source();
    }
    text
}
