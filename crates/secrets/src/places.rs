//! Where secrets stand in a build file or a manifest, so that who shows lines of it can leave them out.

use std::ops::Range;

use super::{assignments, candidates, judge_assignment};

/// The stretches of a text that hold secrets, in bytes, ascending and apart from each other.
///
/// A secret is known by its own shape, or by the name that it has: `NAME=value` anywhere, `ENV NAME value` and
/// `ARG NAME value` of a Dockerfile, `NAME: value` of YAML, and `name: NAME` with `value: …` in the line behind it,
/// as Kubernetes writes variables. Takes time linear in the text.
#[must_use]
pub fn places(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for (_, regex) in candidates(text.as_bytes()) {
        for captures in regex.captures_iter(text.as_bytes()) {
            found.extend(
                captures
                    .name("secret")
                    .or_else(|| captures.get(0))
                    .map(|secret| secret.range()),
            );
        }
    }
    for assignment in assignments(text) {
        note(text, assignment.name, assignment.value, &mut found);
    }
    let mut name = None;
    for line in text.lines() {
        let (key, value) = named(line);
        match (key, name) {
            ("value", Some(name)) => note(text, name, value, &mut found),
            ("", _) => {}
            _ => note(text, key, value, &mut found),
        }
        name = (key == "name").then_some(value);
    }
    found.sort_by_key(|place| (place.start, place.end));
    found.dedup_by(|next, place| {
        let touches = next.start <= place.end;
        if touches {
            place.end = place.end.max(next.end);
        }
        touches
    });
    found
}

/// Name and value of a line: `ENV NAME value`, `NAME: value` or `- NAME: value`.
fn named(line: &str) -> (&str, &str) {
    let line = line.trim();
    let line = line.strip_prefix("- ").unwrap_or(line).trim_start();
    let is_key = |key: &str| {
        let mut letters = key.chars();
        !key.is_empty()
            && letters.all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'))
    };
    if let Some((word, rest)) = line.split_once([' ', '\t'])
        && (word.eq_ignore_ascii_case("env") || word.eq_ignore_ascii_case("arg"))
        && let Some((name, value)) = rest.trim_start().split_once([' ', '\t'])
        && is_key(name)
    {
        return (name, bare(value));
    }
    match line.split_once(':') {
        Some((key, value)) if value.starts_with([' ', '\t']) && is_key(bare(key)) => {
            (bare(key), bare(value))
        }
        _ => ("", ""),
    }
}

/// A word without blanks and quotes around it.
fn bare(text: &str) -> &str {
    text.trim().trim_matches(['"', '\''])
}

/// Notes the place of a value, which is a part of the text, if the name makes it a secret.
fn note(text: &str, name: &str, value: &str, found: &mut Vec<Range<usize>>) {
    if value.is_empty() || judge_assignment(name, value).is_none() {
        return;
    }
    if let Some(start) = (value.as_ptr() as usize).checked_sub(text.as_ptr() as usize) {
        found.push(start..start.saturating_add(value.len()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hidden(text: &str) -> Vec<&str> {
        places(text).into_iter().map(|place| &text[place]).collect()
    }

    #[test]
    fn secrets_are_found_where_build_files_and_manifests_have_them() {
        for (text, expected) in [
            ("ENV DB_PASSWORD=hunter2 X=1\n", vec!["hunter2"]),
            ("ENV DB_PASSWORD=\"a b\"\n", vec!["a b"]),
            ("env DB_PASSWORD hunter 2\n", vec!["hunter 2"]),
            ("ARG TOKEN\nFROM a\n", vec![]),
            ("ENV DB_PASSWORD=${DB_PASSWORD}\n", vec![]),
            (
                "environment:\n  DB_PASSWORD: 'hunter2'\n  A: b\n",
                vec!["hunter2"],
            ),
            ("environment:\n  - DB_PASSWORD=hunter2\n", vec!["hunter2"]),
            (
                "env:\n- name: API_TOKEN\n  value: \"zweig\"\n- name: A\n  value: b\n",
                vec!["zweig"],
            ),
            ("- name: API_TOKEN\n  valueFrom:\n    x: y\n", vec![]),
            (
                "RUN curl -H 'Authorization: token ghp_abcdefghijklmnopqrstuvwxyz0123456789'\n",
                vec!["ghp_abcdefghijklmnopqrstuvwxyz0123456789"],
            ),
            ("# password: 中文\n", vec![]),
            ("password: 中文\n", vec!["中文"]),
            ("", vec![]),
        ] {
            assert_eq!(hidden(text), expected, "{text}");
        }
    }

    #[test]
    fn places_are_apart() {
        let text = "ENV GITHUB_TOKEN=ghp_abcdefghijklmnopqrstuvwxyz0123456789\n";
        let found = places(text);
        assert_eq!(found.len(), 1, "{found:?}");
    }
}
