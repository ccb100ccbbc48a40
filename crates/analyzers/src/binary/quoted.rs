//! Quoting in Go's build information.
//!
//! Values are quoted as `strconv.Quote` does it when they need it; the flags in them are divided into words
//! as `cmd/internal/quoted` does it.

/// A value of a `build` line: as it stands, or between quotes with escapes.
pub(super) fn value(text: &str) -> String {
    if let Some(inner) = text
        .strip_prefix('`')
        .and_then(|text| text.strip_suffix('`'))
    {
        return inner.to_owned();
    }
    let Some(inner) = text
        .strip_prefix('"')
        .and_then(|text| text.strip_suffix('"'))
    else {
        return text.to_owned();
    };
    let mut out = String::with_capacity(inner.len());
    let mut chars = inner.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match chars.next() {
            Some('n') => out.push('\n'),
            Some('t') => out.push('\t'),
            Some('r') => out.push('\r'),
            // Other control characters (`\x..`, `\u....`) are in no version; their digits may stay.
            Some(other) => out.push(other),
            None => {}
        }
    }
    out
}

/// Words between blanks; `'…'` and `"…"` hold blanks together where a word begins with them, without escapes.
/// Quotes inside a word are lenient: `-X='a b'` is one word without its quotes.
pub(super) fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut open: Option<char> = None;
    let mut began = false;
    for c in text.chars() {
        match open {
            Some(quote) if c == quote => open = None,
            None if c == '\'' || c == '"' => {
                open = Some(c);
                began = true;
            }
            None if c.is_whitespace() => {
                if began || !word.is_empty() {
                    words.push(std::mem::take(&mut word));
                }
                began = false;
            }
            Some(_) | None => word.push(c),
        }
    }
    if began || !word.is_empty() {
        words.push(word);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_lose_their_quotes() {
        for (text, expected) in [
            ("gc", "gc"),
            (r#""-s -w""#, "-s -w"),
            (r#""a\"b\\c\n""#, "a\"b\\c\n"),
            ("`raw \\n`", "raw \\n"),
            ("\"", "\""),
            (r#""\""#, ""),
        ] {
            assert_eq!(value(text), expected, "{text}");
        }
    }

    #[test]
    fn words_are_held_together_by_quotes() {
        assert_eq!(
            words("-s  -X 'main.a=b c' -X=\"d e\" ''"),
            ["-s", "-X", "main.a=b c", "-X=d e", ""]
        );
        assert_eq!(words("'open to the end"), ["open to the end"]);
        assert!(words("").is_empty());
    }
}
