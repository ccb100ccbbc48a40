//! Which directories a call takes away, and which lie in others.

use super::Call;

impl Call {
    /// Whether it takes a directory or everything in it away: `rm -rf /dir/*`, `find /dir -delete`.
    #[must_use]
    pub fn removes(&self, path: &str) -> bool {
        let parsed = match self.program.as_str() {
            "rm" => self.parse(&[]),
            "find" if self.has_word("-delete") || self.has_word("rm") => {
                let first = self.arguments.iter();
                return first
                    .take_while(|word| !word.text.starts_with('-'))
                    .any(|word| covers(word.text.trim_end_matches('/'), path));
            }
            _ => return false,
        };
        let words = parsed.operands.iter();
        words.flat_map(|word| braces(&word.text)).any(|word| {
            // The lists of apt all have a `_` in their names.
            let word = word.trim_end_matches("/*_*").trim_end_matches("/*");
            let word = word.trim_end_matches('/');
            let stem = word.strip_suffix('*');
            stem.is_some_and(|stem| {
                stem.matches('/').count() > 1 && !path.starts_with("~/") && path.starts_with(stem)
            }) || covers(word, path)
        })
    }
}

/// Whether a directory is the other or holds it.
pub(super) fn covers(outer: &str, inner: &str) -> bool {
    if let Some(tail) = inner.strip_prefix("~/") {
        let home = ["~/", "${VAR}/", "/root/"]
            .iter()
            .find_map(|home| outer.strip_prefix(home))
            .or_else(|| {
                outer
                    .strip_prefix("/home/")?
                    .split_once('/')
                    .map(|(_, rest)| rest)
            });
        return home.is_some_and(|home| home == tail || is_below(tail, home))
            || matches!(outer, "~" | "/root" | "/home");
    }
    outer == inner || is_below(inner, outer)
}

fn is_below(inner: &str, outer: &str) -> bool {
    inner
        .strip_prefix(outer)
        .is_some_and(|rest| rest.starts_with('/') && !outer.is_empty())
}

/// The words that a word with one pair of braces stands for: `/var/{a,b}/c`.
fn braces(word: &str) -> Vec<String> {
    let expanded = word.split_once('{').and_then(|(before, rest)| {
        let (inner, behind) = rest.split_once('}')?;
        let is_list = inner.contains(',') && !before.ends_with('$');
        is_list.then(|| {
            let parts = inner.split(',').take(64);
            parts
                .map(|part| format!("{before}{part}{behind}"))
                .collect()
        })
    });
    expanded.unwrap_or_else(|| vec![word.to_owned()])
}
