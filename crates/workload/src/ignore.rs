//! Comments that lay findings aside.
//!
//! `# plimsoll ignore=rule,rule reason` and Trivy's `#trivy:ignore:KSV-0001`, also with `:exp:2030-01-31`, count for
//! their line, or for the next one where they stand alone; on the line where a service or an object begins they count
//! for all of it. In front of everything else in the file they count for the file, and `# plimsoll ignore-file=rule`
//! does so anywhere.

use plimsoll_model::Text;
pub(crate) use plimsoll_model::lint::aside::Reach;
use plimsoll_model::lint::aside::{self, Parted};
use plimsoll_model::lint::settings::Settings;
use plimsoll_model::lint::span::Span;
use plimsoll_model::lint::{LintFinding, LintIgnored, LintRule, is_same_id};

use crate::manifest::Manifest;

/// One name in a comment: who says it, of what and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Aside {
    /// The name in the comment.
    pub(crate) span: Span,
    /// Whose comment it is.
    pub(crate) tool: Tool,
    /// The rule as it is written.
    pub(crate) name: String,
    /// Where it holds.
    pub(crate) reach: Reach,
    /// The line of the comment.
    line: u32,
}

/// Whose comment it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tool {
    Plimsoll,
    Trivy,
}

/// What is left of the findings, and what comments lay aside.
pub(crate) fn lay_aside(
    manifest: &Manifest<'_>,
    found: Vec<LintFinding>,
    settings: &Settings,
) -> (Vec<LintFinding>, Vec<LintIgnored>) {
    if settings.disable_ignore_comments {
        return (found, Vec::new());
    }
    let parted = part(asides(manifest, &settings.today), found);
    (parted.kept, parted.ignored)
}

impl Aside {
    /// Whether its linter would call a finding, or a rule, with this id and these aliases so.
    fn is_called(&self, id: &str, aliases: &[&'static str]) -> bool {
        let mut aliases = aliases.iter();
        match self.tool {
            Tool::Plimsoll => {
                id.eq_ignore_ascii_case(&self.name)
                    || aliases.any(|alias| is_same_id(alias, &self.name))
            }
            Tool::Trivy => {
                aliases.any(|alias| alias.starts_with("KSV-") && is_same_id(alias, &self.name))
            }
        }
    }
}

impl aside::Aside for Aside {
    fn line(&self) -> u32 {
        self.line
    }

    fn reach(&self) -> Reach {
        self.reach
    }

    fn names(&self, finding: &LintFinding) -> bool {
        self.is_called(finding.rule.id, &finding.aliases)
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn is_ours(&self) -> bool {
        self.tool == Tool::Plimsoll
    }

    fn means(&self, rule: &LintRule) -> bool {
        self.is_called(rule.id, rule.aliases)
    }

    fn nowhere(&self) -> (Text, Text) {
        let name = &self.name;
        (
            Text::new(
                format!("`{name}` is laid aside no more"),
                format!("对 `{name}` 的忽略已不再有效"),
            ),
            Text::fixed(
                "let it end on a day to come, `:exp:2030-01-31`, or take the comment away",
                "请使用未来的截止日期 `:exp:2030-01-31`,或删除该注释",
            ),
        )
    }
}

/// Lays aside what comments say.
pub(crate) fn part(asides: Vec<Aside>, found: Vec<LintFinding>) -> Parted<Aside> {
    aside::part(asides, found, |finding| {
        [finding.region.start.line, finding.scope.start.line]
    })
}

/// Names of one file at most; what is beyond lays nothing aside, so that a hostile file costs no time.
const MOST: usize = 1_000;

/// What the comments of a file say, in order. `today` is as [`Settings::today`].
pub(crate) fn asides(manifest: &Manifest<'_>, today: &str) -> Vec<Aside> {
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
    let mut all: Vec<Aside> = Vec::new();
    // Comments below each other all speak of what comes behind them.
    let mut waiting: Vec<Aside> = Vec::new();
    let mut next_alone = 0;
    for span in &tree.comments {
        if all.len().saturating_add(waiting.len()) >= MOST {
            break;
        }
        let line = tree.lines.line(span.start);
        let is_alone = stands_alone(span.start);
        if !waiting.is_empty() && (!is_alone || line != next_alone) {
            settle(&mut waiting, next_alone, &mut all);
        }
        let mut said = said(*span, span.of(tree.text), line, today);
        if span.start < first {
            for aside in &mut said {
                if matches!(aside.reach, Reach::Line(_)) {
                    aside.reach = Reach::File;
                }
            }
            all.append(&mut said);
        } else if is_alone {
            waiting.append(&mut said);
            next_alone = line.saturating_add(1);
        } else {
            all.append(&mut said);
        }
    }
    settle(&mut waiting, next_alone, &mut all);
    all.truncate(MOST);
    all.sort_by_key(|aside| aside.span);
    all
}

/// Gives those that wait to the next line.
fn settle(waiting: &mut Vec<Aside>, next: u32, all: &mut Vec<Aside>) {
    all.extend(waiting.drain(..).map(|mut aside| {
        if matches!(aside.reach, Reach::Line(_)) {
            aside.reach = Reach::Line(next);
        }
        aside
    }));
}

/// The names in a comment, as if it stood behind something on its line.
fn said(comment: Span, text: &str, line: u32, today: &str) -> Vec<Aside> {
    let aside = |tool, name: &str, reach| {
        let at = name.as_ptr().addr().saturating_sub(text.as_ptr().addr());
        let start = comment.start.saturating_add(at);
        Aside {
            span: Span::new(start, start.saturating_add(name.len())),
            tool,
            name: name.to_owned(),
            reach,
            line,
        }
    };
    let words = text.trim_start_matches('#').trim();
    if let Some((is_of_file, names)) = aside::our_names(words) {
        let reach = if is_of_file {
            Reach::File
        } else {
            Reach::Line(line)
        };
        return names
            .map(|name| aside(Tool::Plimsoll, name, reach))
            .collect();
    }
    aside::trivy_words(words, today)
        .map(|(name, holds)| {
            let reach = if holds {
                Reach::Line(line)
            } else {
                Reach::Nothing
            };
            aside(Tool::Trivy, name, reach)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_say_where_they_hold_and_until_when() {
        let text = "# plimsoll ignore-file=a\nservices:\n  # plimsoll ignore=b, C because, d\n  # trivy:ignore:KSV-1:exp:2026-06-02 trivy:ignore:KSV-2:exp:2026-06-01\n  app: # trivy:ignore:KSV-3:exp:soon\n    image: a # plimsoll ignore=e\n    # plimsoll ignore-file = f\n    # plimsoll ignore\n    # plimsolls ignore=x\n";
        let manifest = Manifest::read("compose.yaml", text).expect("a manifest");
        let said: Vec<(String, Reach)> = asides(&manifest, "2026-06-01")
            .into_iter()
            .map(|aside| {
                assert_eq!(aside.span.of(text), aside.name);
                (aside.name, aside.reach)
            })
            .collect();
        let one = |name: &str, reach| (name.to_owned(), reach);
        assert_eq!(
            said,
            [
                one("a", Reach::File),
                one("b", Reach::Line(5)),
                one("C", Reach::Line(5)),
                one("KSV-1", Reach::Line(5)),
                one("KSV-2", Reach::Nothing),
                one("KSV-3", Reach::Nothing),
                one("e", Reach::Line(6)),
                one("f", Reach::File),
            ]
        );
    }
}
