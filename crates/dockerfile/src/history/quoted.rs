//! Lists as Go prints them, which is how builders write arrays, ports and health checks into the history.

use std::fmt::Write as _;

/// The texts of a list such as `["nginx" "-g" "daemon off;"]`, with or without commas (`fmt` of Go, verb `%q`); `None`
/// where it is no such list.
pub(super) fn list(text: &str) -> Option<Vec<String>> {
    let inner = text.trim().strip_prefix('[')?.strip_suffix(']')?;
    let mut found = Vec::new();
    let mut rest = inner.trim_start();
    while !rest.is_empty() {
        let (one, after) = string(rest)?;
        found.push(one);
        rest = after.trim_start_matches([' ', ',', '\t']);
    }
    Some(found)
}

/// A quoted text at the beginning, and what follows it (Go specification, "String literals"; JSON's are the same but
/// for surrogates).
pub(super) fn string(text: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut rest = text.strip_prefix('"')?.chars();
    loop {
        match rest.next()? {
            '"' => return Some((value, rest.as_str())),
            '\\' => {
                let escaped = rest.next()?;
                let digits = match escaped {
                    'n' => {
                        value.push('\n');
                        continue;
                    }
                    't' => {
                        value.push('\t');
                        continue;
                    }
                    'r' => {
                        value.push('\r');
                        continue;
                    }
                    'x' => 2,
                    'u' => 4,
                    'U' => 8,
                    other => {
                        value.push(other);
                        continue;
                    }
                };
                let number = rest.as_str().get(..digits)?;
                let number = u32::from_str_radix(number, 16).ok()?;
                value.push(char::from_u32(number).unwrap_or(char::REPLACEMENT_CHARACTER));
                rest = rest.as_str().get(digits..)?.chars();
            }
            other => value.push(other),
        }
    }
}

/// The words of a list without quotes (`[/data /logs]`, verb `%v`), or the keys of a map (`map[80/tcp:{} 443/tcp:{}]`).
pub(super) fn words(text: &str) -> Option<Vec<String>> {
    let text = text.trim();
    let is_map = text.starts_with("map[");
    let inner = text.strip_prefix("map").unwrap_or(text);
    let inner = inner.strip_prefix('[')?.strip_suffix(']')?;
    let word = |word: &str| {
        let word = word.trim_matches(['"', ',']);
        let key = is_map.then(|| word.rsplit_once(':')).flatten();
        key.map_or(word, |(key, _)| key).to_owned()
    };
    Some(inner.split_whitespace().map(word).collect())
}

/// A list of texts as JSON.
pub(super) fn json(words: &[String]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| quote(word)).collect();
    format!("[{}]", quoted.join(", "))
}

/// A text as a string of JSON.
fn quote(text: &str) -> String {
    let mut quoted = String::from("\"");
    for one in text.chars() {
        match one {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            '\r' => quoted.push_str("\\r"),
            other if other.is_control() => {
                let _ = write!(quoted, "\\u{:04x}", u32::from(other));
            }
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}
