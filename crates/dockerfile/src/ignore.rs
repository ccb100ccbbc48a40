//! Comments that lay findings aside, each as its own linter reads it, for nobody wants more laid aside than that.
//!
//! - `# plimsoll ignore=rule,DL3008 reason`: for the next instruction, or for the one that it stands in.
//! - `# plimsoll ignore-file=rule,DL3008 reason`: for the file.
//! - `# hadolint ignore=DL3008,SC2086`: for the instruction on the next line; `# hadolint global ignore=…` for the
//!   file (hadolint, "Inline ignores").
//! - `# trivy:ignore:DS-0013`, also `AVD-DS-0013`, `DS013` and `DS-*`, with `:exp:2026-01-31`: for the instruction on
//!   the next line, or behind one for that; several such lines and words follow each other (Trivy, "Filtering",
//!   tried with 0.76).
//! - `# check=skip=Rule,Rule` or `skip=all` as a directive: for the file (Dockerfile reference, "check").

use plimsoll_model::Text;
pub(crate) use plimsoll_model::lint::aside::Reach;
use plimsoll_model::lint::aside::{self, Parted};
use plimsoll_model::lint::span::Lines;
use plimsoll_model::lint::{LintFinding, LintRule, is_same_id};

use crate::ast::{Comment, Directive, Dockerfile};
use crate::span::Span;

/// One name in a comment: whoever says it, of what and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Aside {
    /// The comment or directive.
    pub(crate) span: Span,
    /// Its line.
    pub(crate) line: u32,
    /// Whose comment it is.
    pub(crate) tool: Tool,
    /// The rule as it is written.
    pub(crate) name: String,
    /// Where it holds.
    pub(crate) reach: Reach,
}

/// Whose comment it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tool {
    Plimsoll,
    Hadolint,
    Trivy,
    BuildKit,
}

/// Lays aside what the comments of a file say.
pub(crate) fn part(asides: Vec<Aside>, found: Vec<LintFinding>) -> Parted<Aside> {
    aside::part(asides, found, |finding| [finding.scope.start.line])
}

impl aside::Aside for Aside {
    fn line(&self) -> u32 {
        self.line
    }

    fn reach(&self) -> Reach {
        self.reach
    }

    fn names(&self, finding: &LintFinding) -> bool {
        let mut aliases = finding.aliases.iter();
        match self.tool {
            Tool::Plimsoll => finding.is_named(&self.name),
            Tool::Hadolint => aliases.any(|alias| is_hadolint(alias) && *alias == self.name),
            Tool::Trivy => aliases.any(|alias| is_trivy(alias) && matches(alias, &self.name)),
            Tool::BuildKit => aliases
                .any(|alias| is_buildkit(alias) && (self.name == "all" || *alias == self.name)),
        }
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn is_ours(&self) -> bool {
        self.tool == Tool::Plimsoll
    }

    fn means(&self, rule: &LintRule) -> bool {
        let mut aliases = rule.aliases.iter();
        match self.tool {
            Tool::Plimsoll => rule.is_named(&self.name),
            Tool::Hadolint | Tool::BuildKit => aliases.any(|alias| *alias == self.name),
            Tool::Trivy => aliases.any(|alias| is_trivy(alias) && matches(alias, &self.name)),
        }
    }

    fn nowhere(&self) -> (Text, Text) {
        let name = &self.name;
        let message = Text::new(
            format!("`{name}` is laid aside nowhere"),
            format!("对 `{name}` 的忽略未作用于任何指令"),
        );
        (message, where_to(self.tool))
    }
}

/// What to do with a comment of that linter that holds nowhere.
fn where_to(tool: Tool) -> Text {
    match tool {
        Tool::Hadolint => Text::fixed(
            "put it on the line before the instruction, with nothing but ids behind `=`",
            "请放在指令的前一行,`=` 之后只写规则编号",
        ),
        Tool::Trivy => Text::fixed(
            "put it on the line before the instruction, and let it end on a day to come: `:exp:2030-01-31`",
            "请放在指令的前一行,并使用未来的截止日期:`:exp:2030-01-31`",
        ),
        Tool::Plimsoll | Tool::BuildKit => Text::fixed(
            "put it before the instruction, or write `ignore-file=` for the whole file",
            "请放在指令之前,或用 `ignore-file=` 作用于整个文件",
        ),
    }
}

fn is_hadolint(alias: &str) -> bool {
    ["DL", "SC"].iter().any(|family| alias.starts_with(family))
}

fn is_trivy(alias: &str) -> bool {
    ["DS-", "KSV-"]
        .iter()
        .any(|family| alias.starts_with(family))
}

/// Rules of `BuildKit` are words: `JSONArgsRecommended`.
fn is_buildkit(alias: &str) -> bool {
    alias.starts_with(|c: char| c.is_ascii_uppercase())
        && alias.chars().all(|c| c.is_ascii_alphabetic())
        && alias.chars().any(|c| c.is_ascii_lowercase())
}

/// Whether an id of Trivy is one, or one that a pattern with `*` means.
fn matches(id: &str, name: &str) -> bool {
    if !name.contains('*') {
        return is_same_id(id, name);
    }
    let (id, name) = (id.to_ascii_uppercase(), name.to_ascii_uppercase());
    let name = name.strip_prefix("AVD-").unwrap_or(&name);
    let mut parts = name.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = id.strip_prefix(first) else {
        return false;
    };
    let mut last = "";
    for part in parts {
        last = part;
        match rest.find(part) {
            Some(at) => {
                rest = rest
                    .get(at.saturating_add(part.len())..)
                    .unwrap_or_default();
            }
            None => return false,
        }
    }
    last.is_empty() || id.ends_with(last)
}

/// Names of one file at most; what is beyond lays nothing aside, so that a hostile file costs no time.
const MOST: usize = 1_000;

/// What the comments of a file say, in order. `today` is as [`crate::Settings::today`].
pub(crate) fn asides(file: &Dockerfile, today: &str) -> Vec<Aside> {
    let mut all: Vec<Aside> = file
        .directives
        .iter()
        .flat_map(|d| check(file, d))
        .collect();
    let starts: Vec<u32> = file
        .instructions
        .iter()
        .map(|instruction| file.lines.line(instruction.span.start))
        .collect();
    let mut trivy = Stack::default();
    for comment in &file.comments {
        if all.len() > MOST {
            break;
        }
        let line = file.lines.line(comment.span.start);
        let words = comment.text.trim();
        let here = Here {
            file,
            comment,
            line,
            starts: &starts,
        };
        if let Some((is_of_file, names)) = aside::our_names(words) {
            let reach = match here.next_instruction() {
                _ if is_of_file => Reach::File,
                Some(line) => Reach::Line(line),
                None => Reach::Nothing,
            };
            all.extend(names.map(|name| here.aside(Tool::Plimsoll, name, reach)));
        } else if let Some(rest) = words.strip_prefix("hadolint") {
            all.extend(here.hadolint(rest));
        } else if words.contains(aside::TRIVY) {
            trivy.push(&here, today, &mut all);
        }
    }
    trivy.settle(&starts, &mut all);
    behind_instructions(file, &file.lines, today, &mut all);
    all.truncate(MOST);
    all.sort_by_key(|aside| aside.span);
    all
}

/// A comment where it stands.
struct Here<'a> {
    file: &'a Dockerfile,
    comment: &'a Comment,
    line: u32,
    starts: &'a [u32],
}

impl Here<'_> {
    fn aside(&self, tool: Tool, name: &str, reach: Reach) -> Aside {
        Aside {
            span: self.comment.span,
            line: self.line,
            tool,
            name: name.to_owned(),
            reach,
        }
    }

    /// The line of the instruction that the comment stands in, else of the next one.
    fn next_instruction(&self) -> Option<u32> {
        let at = self.comment.span.start;
        let next = self
            .file
            .instructions
            .partition_point(|instruction| instruction.span.end <= at);
        self.starts.get(next).copied()
    }

    fn hadolint(&self, rest: &str) -> Vec<Aside> {
        let rest = rest.trim_start();
        let global = rest.strip_prefix("global").map(str::trim_start);
        let list = global.unwrap_or(rest).strip_prefix("ignore");
        let Some(list) = list.and_then(|list| list.trim_start().strip_prefix('=')) else {
            return Vec::new();
        };
        let names: Vec<&str> = list.split(',').map(str::trim).collect();
        // With anything but ids in it, hadolint takes it for no more than a comment.
        let is_id =
            |name: &&str| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric());
        let reach = match global {
            _ if !names.iter().all(is_id) => Reach::Nothing,
            Some(_) => Reach::File,
            None => on(self.line.saturating_add(1), self.starts),
        };
        let names = names.into_iter();
        names
            .map(|name| self.aside(Tool::Hadolint, name, reach))
            .collect()
    }
}

/// For the instruction on this line, if one begins there.
fn on(line: u32, starts: &[u32]) -> Reach {
    if starts.binary_search(&line).is_ok() {
        Reach::Line(line)
    } else {
        Reach::Nothing
    }
}

/// Comments of Trivy that follow each other, line by line.
#[derive(Default)]
struct Stack {
    open: Vec<Aside>,
    last: u32,
}

impl Stack {
    fn push(&mut self, here: &Here<'_>, today: &str, all: &mut Vec<Aside>) {
        if here.line != self.last.saturating_add(1) {
            self.settle(here.starts, all);
        }
        self.last = here.line;
        let words = aside::trivy_words(&here.comment.text, today);
        let asides = words.map(|(name, holds)| {
            let reach = if holds { Reach::File } else { Reach::Nothing };
            here.aside(Tool::Trivy, name, reach)
        });
        self.open.extend(asides);
    }

    /// Gives those that are open to the instruction on the next line.
    fn settle(&mut self, starts: &[u32], all: &mut Vec<Aside>) {
        let reach = on(self.last.saturating_add(1), starts);
        all.extend(self.open.drain(..).map(|mut aside| {
            if aside.reach == Reach::File {
                aside.reach = reach;
            }
            aside
        }));
    }
}

/// What Trivy reads at the end of an instruction's first line, where a shell or nobody reads a comment.
fn behind_instructions(file: &Dockerfile, lines: &Lines, today: &str, all: &mut Vec<Aside>) {
    if !file.text.contains(aside::TRIVY) {
        return;
    }
    for instruction in &file.instructions {
        if all.len() > MOST {
            return;
        }
        let text = instruction.span.of(&file.text);
        let first = text.lines().next().unwrap_or_default();
        let Some(at) = first.find('#').filter(|_| first.contains(aside::TRIVY)) else {
            continue;
        };
        let line = lines.line(instruction.span.start);
        let start = instruction.span.start;
        let span = Span::new(start.saturating_add(at), start.saturating_add(first.len()));
        for (name, holds) in aside::trivy_words(span.of(&file.text), today) {
            all.push(Aside {
                span,
                line,
                tool: Tool::Trivy,
                name: name.to_owned(),
                reach: if holds {
                    Reach::Line(line)
                } else {
                    Reach::Nothing
                },
            });
        }
    }
}

/// Whether `BuildKit` would end the build for this finding: it is one of its own checks, and the file says
/// `# check=error=true` (Dockerfile reference, "check").
#[must_use]
pub fn ends_build(file: &Dockerfile, finding: &LintFinding) -> bool {
    let mut aliases = finding.aliases.iter();
    let mut directives = file.directives.iter();
    aliases.any(|alias| is_buildkit(alias)) && directives.any(asks_for_errors)
}

/// Whether the directive makes warnings errors, in any of the words of Go's `strconv.ParseBool`.
fn asks_for_errors(directive: &Directive) -> bool {
    let is_true = |value: &str| matches!(value, "1" | "t" | "T" | "true" | "TRUE" | "True");
    let mut fields = directive.value.text.split(';');
    directive.name == "check"
        && fields.any(|field| {
            let field = field.split_once('=');
            field.is_some_and(|(key, value)| key.trim() == "error" && is_true(value.trim()))
        })
}

/// What the directive of `BuildKit` skips.
fn check<'a>(file: &'a Dockerfile, directive: &'a Directive) -> impl Iterator<Item = Aside> + 'a {
    let is_check = directive.name == "check";
    let fields = directive.value.text.split(';').filter(move |_| is_check);
    let lists = fields.filter_map(|field| {
        let (key, list) = field.split_once('=')?;
        (key.trim() == "skip").then_some(list)
    });
    let names = lists.flat_map(|list| list.split(',').map(str::trim));
    names.filter(|name| !name.is_empty()).map(|name| Aside {
        span: directive.span,
        line: file.lines.line(directive.span.start),
        tool: Tool::BuildKit,
        name: name.to_owned(),
        reach: Reach::File,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse;

    fn said(text: &str) -> Vec<(String, Reach)> {
        let asides = asides(&parse(text), "2026-06-01").into_iter();
        asides.map(|aside| (aside.name, aside.reach)).collect()
    }

    fn one(name: &str, reach: Reach) -> (String, Reach) {
        (name.to_owned(), reach)
    }

    #[test]
    fn our_comments_hold_for_the_next_instruction_or_the_file() {
        let text = "# plimsoll ignore-file=a\nFROM a\n# plimsoll ignore=b, DL1 , c because, d\n# x\n\nRUN a \\\n# plimsoll ignore=e\n b\n# plimsoll ignore=f\n# plimsoll ignore\n# plimsolls ignore=x\n";
        assert_eq!(
            said(text),
            [
                one("a", Reach::File),
                one("b", Reach::Line(6)),
                one("DL1", Reach::Line(6)),
                one("c", Reach::Line(6)),
                one("e", Reach::Line(6)),
                one("f", Reach::Nothing),
            ]
        );
    }

    #[test]
    fn comments_of_hadolint_hold_for_the_next_line() {
        let text = "#hadolint   ignore = DL1 , SC2\nFROM a\n# hadolint ignore=DL3\n# hadolint ignore=DL4\nRUN a\n# hadolint ignore=DL5\n\nRUN a\n# hadolint global ignore=DL6\n# hadolint ignore=DL7 why\nRUN a\n";
        assert_eq!(
            said(text),
            [
                one("DL1", Reach::Line(2)),
                one("SC2", Reach::Line(2)),
                one("DL3", Reach::Nothing),
                one("DL4", Reach::Line(5)),
                one("DL5", Reach::Nothing),
                one("DL6", Reach::File),
                one("DL7 why", Reach::Nothing),
            ]
        );
    }

    #[test]
    fn comments_of_trivy_follow_each_other_and_end() {
        let text = "FROM a\n# trivy:ignore:DS-1 trivy:ignore:DS-2\n# why trivy:ignore:DS-3:ws:x\nRUN a\n# trivy:ignore:DS-4:exp:2026-06-01\n# trivy:ignore:DS-5:exp:2026-06-02\n#trivy:ignore:DS-6:exp:soon\nRUN b #trivy:ignore:DS-7\n# trivy:ignore:DS-8\n\nRUN c\n";
        assert_eq!(
            said(text),
            [
                one("DS-1", Reach::Line(4)),
                one("DS-2", Reach::Line(4)),
                one("DS-3", Reach::Line(4)),
                one("DS-4", Reach::Nothing),
                one("DS-5", Reach::Line(8)),
                one("DS-6", Reach::Nothing),
                one("DS-7", Reach::Line(8)),
                one("DS-8", Reach::Nothing),
            ]
        );
        for (name, means) in [
            ("DS-0013", true),
            ("*", true),
            ("ds-*", true),
            ("*13", true),
            ("DS-*2", false),
            ("AVD-DS-00*3", true),
        ] {
            assert_eq!(matches("DS-0013", name), means, "{name}");
        }
    }

    #[test]
    fn the_directive_skips_rules_of_buildkit() {
        let text = "# check=error=true;skip=StageNameCasing, JSONArgsRecommended\nFROM a\n";
        assert_eq!(
            said(text),
            [
                one("StageNameCasing", Reach::File),
                one("JSONArgsRecommended", Reach::File)
            ]
        );
        assert!(is_buildkit("StageNameCasing") && !is_buildkit("DL3006") && !is_buildkit("CIS-DI"));
    }
}
