//! `.dockerignore`: what a build does not get to see (Docker's documentation, "Build context", ".dockerignore files").

/// What is larger is not read: bytes of a line, lines, folders of a path, stars of a name. Nobody writes such lines but
/// to make a reader slow.
const MAX_LINE: usize = 1024;
const MAX_LINES: usize = 1000;
const MAX_PARTS: usize = 64;
const MAX_STARS: usize = 16;

/// The patterns of a file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Dockerignore {
    patterns: Vec<Pattern>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Pattern {
    /// As it is written.
    line: String,
    /// What it matches is let in again.
    is_exception: bool,
    /// The parts between slashes.
    parts: Vec<String>,
}

impl Dockerignore {
    /// Reads a file.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let lines = text.trim_start_matches('\u{feff}').lines();
        let lines = lines.filter(|line| !line.starts_with('#') && line.len() <= MAX_LINE);
        let patterns = lines.filter_map(|line| {
            let line = line.trim();
            let (is_exception, path) = match line.strip_prefix('!') {
                Some(path) => (true, path.trim()),
                None => (false, line),
            };
            let parts = clean(path)?;
            let stars = |part: &String| part.matches('*').count() <= MAX_STARS;
            parts.iter().all(stars).then_some(())?;
            Some(Pattern {
                line: line.to_owned(),
                is_exception,
                parts,
            })
        });
        Self {
            patterns: patterns.take(MAX_LINES).collect(),
        }
    }

    /// The line that leaves a path of the context out: the last that matches it or a folder above it, unless that is
    /// an exception.
    #[must_use]
    pub fn leaves_out(&self, path: &str) -> Option<&str> {
        let path = clean(path).filter(|_| path.len() <= MAX_LINE)?;
        let mut found = None;
        for pattern in &self.patterns {
            // An exception says nothing of what is let in, and the other way round.
            if pattern.is_exception != found.is_some() {
                continue;
            }
            if matches(&pattern.parts, &path) {
                found = (!pattern.is_exception).then_some(pattern.line.as_str());
            }
        }
        found
    }
}

/// The parts of a path without `.`, `..` and empty ones; `None` for the context itself and what lies outside.
fn clean(path: &str) -> Option<Vec<String>> {
    let mut parts: Vec<String> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part.to_owned()),
        }
    }
    (1..=MAX_PARTS).contains(&parts.len()).then_some(parts)
}

/// Whether parts of a pattern match parts of a path or of a folder above it; `**` stands for any number of them.
fn matches(pattern: &[String], path: &[String]) -> bool {
    // `reached` has a mark for each number of parts of the path that the pattern so far can have used up.
    let mut reached = vec![false; path.len().saturating_add(1)];
    if let Some(first) = reached.first_mut() {
        *first = true;
    }
    for part in pattern {
        let mut next = vec![false; reached.len()];
        if part == "**" {
            let mut open = false;
            for (mark, was) in next.iter_mut().zip(&reached) {
                open |= was;
                *mark = open;
            }
        } else {
            let behind = next.iter_mut().skip(1);
            for ((mark, was), name) in behind.zip(&reached).zip(path) {
                *mark = *was && matches_part(part, name);
            }
        }
        reached = next;
    }
    reached.into_iter().skip(1).any(|mark| mark)
}

/// Whether a part of a pattern matches a name: `*`, `?`, `[a-z]` and `\` as in Go's `filepath.Match`.
fn matches_part(pattern: &str, name: &str) -> bool {
    let pattern: Vec<char> = pattern.chars().collect();
    let name: Vec<char> = name.chars().collect();
    let (mut at, mut seen) = (0_usize, 0_usize);
    // Where to go on when what follows the last `*` does not match.
    let mut star: Option<(usize, usize)> = None;
    loop {
        let step = match (pattern.get(at), name.get(seen)) {
            (None, None) => return true,
            (Some('*'), _) => {
                star = Some((at.saturating_add(1), seen));
                at = at.saturating_add(1);
                continue;
            }
            (Some(_), Some(c)) => one(&pattern, at, *c),
            _ => None,
        };
        if let Some(next) = step {
            (at, seen) = (next, seen.saturating_add(1));
            continue;
        }
        let Some((behind, from)) = star.filter(|(_, from)| *from < name.len()) else {
            return false;
        };
        star = Some((behind, from.saturating_add(1)));
        (at, seen) = (behind, from.saturating_add(1));
    }
}

/// Where the pattern goes on behind what matches a character.
fn one(pattern: &[char], at: usize, c: char) -> Option<usize> {
    let next = at.saturating_add(1);
    match pattern.get(at)? {
        '?' => Some(next),
        '\\' => (*pattern.get(next)? == c).then_some(next.saturating_add(1)),
        '[' => {
            let rest = pattern.get(next..)?;
            let length = rest
                .iter()
                .skip(1)
                .position(|c| *c == ']')?
                .saturating_add(1);
            let set = rest.get(..length)?;
            let (is_not, set) = match set.split_first() {
                Some(('^', set)) => (true, set),
                _ => (false, set),
            };
            let mut found = false;
            let mut set = set.iter().peekable();
            while let Some(low) = set.next() {
                let mut high = *low;
                if set.next_if(|c| **c == '-').is_some() {
                    high = *set.next()?;
                }
                found |= (*low..=high).contains(&c);
            }
            (found != is_not).then_some(next.saturating_add(length).saturating_add(1))
        }
        written => (*written == c).then_some(next),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_line_that_matches_decides() {
        let file = Dockerignore::read(
            "# no *.md\n\n*.log\n!keep.log\n/target/\n**/node_modules\nsecret?\n[a-c]1\n./x/../y\n!\n..\ndocs\n!docs/public\n",
        );
        for (path, line) in [
            ("a.log", Some("*.log")),
            ("keep.log", None),
            ("sub/a.log", None),
            ("target", Some("/target/")),
            ("target/debug/app", Some("/target/")),
            ("./target/", Some("/target/")),
            ("/target", Some("/target/")),
            ("a/b/node_modules/c", Some("**/node_modules")),
            ("node_modules", Some("**/node_modules")),
            ("secrets", Some("secret?")),
            ("secret", None),
            ("b1", Some("[a-c]1")),
            ("d1", None),
            ("y", Some("./x/../y")),
            ("docs/a", Some("docs")),
            ("docs/public/a", None),
            ("README.md", None),
            (".", None),
            ("..", None),
            ("", None),
        ] {
            assert_eq!(file.leaves_out(path), line, "{path}");
        }
    }

    #[test]
    fn everything_may_be_left_out_and_let_in_again() {
        let file = Dockerignore::read("**\n!src/**\n!Cargo.toml\nsrc/*.bak\n");
        assert_eq!(file.leaves_out("src/main.rs"), None);
        assert_eq!(file.leaves_out("Cargo.toml"), None);
        assert_eq!(file.leaves_out("src/main.bak"), Some("src/*.bak"));
        assert_eq!(file.leaves_out("README.md"), Some("**"));
    }

    #[test]
    fn hostile_patterns_end() {
        let stars = "*a".repeat(MAX_STARS);
        let deep = "**/".repeat(MAX_PARTS - 1);
        let file = Dockerignore::read(&format!("{stars}b\n{deep}b\n[\n[]\n[a-\n\\\n"));
        assert_eq!(file.patterns.len(), 6);
        assert_eq!(file.leaves_out(&"a".repeat(MAX_LINE)), None);
        assert_eq!(file.leaves_out(&"a/".repeat(MAX_PARTS)), None);
        assert_eq!(file.leaves_out(&"a/".repeat(MAX_PARTS + 1)), None);
    }
}
