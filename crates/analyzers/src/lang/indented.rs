//! Lines of the YAML that package managers write into lock files.
//!
//! Yarn and pnpm each write one fixed form: block maps with two spaces a level, one key a line, keys and values
//! plain or quoted, now and then a map in braces on one line. This reads that form line by line, without
//! building anything. Anchors, tags and texts over several lines do not occur in them; a reader of all of
//! YAML would bring aliases that grow without end.

/// One line `key: value` or `key:`.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Line<'a> {
    /// How many spaces stand before the key.
    pub(super) indent: usize,
    /// The key without quotes.
    pub(super) key: &'a str,
    /// The value without quotes; empty if a block follows.
    pub(super) value: &'a str,
}

/// The lines that have a key; comments, list items and anything else are left out.
pub(super) fn lines(text: &str) -> impl Iterator<Item = Line<'_>> {
    text.lines().filter_map(line)
}

fn line(text: &str) -> Option<Line<'_>> {
    let bare = text.trim_start_matches(' ');
    let indent = text.len().saturating_sub(bare.len());
    let bare = bare.trim_end();
    if bare.is_empty() || bare.starts_with(['#', '-']) {
        return None;
    }
    // A key too long for one line is marked with a question mark.
    let bare = bare.strip_prefix("? ").unwrap_or(bare);
    let (key, rest) = match bare.chars().next()? {
        quote @ ('"' | '\'') => {
            let (key, rest) = bare.get(1..)?.split_once(quote)?;
            (key, rest.strip_prefix(':').unwrap_or(rest))
        }
        _ => match bare.split_once(": ") {
            Some(both) => both,
            None => (bare.strip_suffix(':')?, ""),
        },
    };
    Some(Line {
        indent,
        key,
        value: unquoted(rest.trim()),
    })
}

/// A text without the quotes around it.
pub(super) fn unquoted(text: &str) -> &str {
    let within = |quote: char| text.strip_prefix(quote)?.strip_suffix(quote);
    within('"').or_else(|| within('\'')).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_values_lose_their_quotes() {
        let of = |text| line(text).map(|line| (line.indent, line.key, line.value));
        assert_eq!(of("packages:"), Some((0, "packages", "")));
        assert_eq!(of("  '@s/a@1.0.0':"), Some((2, "@s/a@1.0.0", "")));
        assert_eq!(
            of("  \"a@npm:^1, a@npm:1\":"),
            Some((2, "a@npm:^1, a@npm:1", ""))
        );
        assert_eq!(of("  version: '6.0'"), Some((2, "version", "6.0")));
        assert_eq!(of("    dev: true"), Some((4, "dev", "true")));
        assert_eq!(
            of("    resolution: {integrity: sha512-x}"),
            Some((4, "resolution", "{integrity: sha512-x}"))
        );
        assert_eq!(of("  /a/1.0.0:"), Some((2, "/a/1.0.0", "")));
        assert_eq!(of("  - item"), None);
        assert_eq!(of("'open"), None);
        assert_eq!(of(""), None);
    }
}
