//! Lock files of Bun in the form of text, `bun.lock`.
//!
//! JSON with trailing commas. `packages` maps each place to a list whose first item is `name@version`; for what
//! comes from elsewhere a protocol stands in place of the version, and no version is said.
//! The older `bun.lockb` is a binary form of Bun's own memory and is reported as unread.

use plimsoll_analyze::{Analyzer, Executables, File, Interest, Meta, Sink};
use plimsoll_model::fact::EvidenceKind;
use plimsoll_model::{Ecosystem, Effect};
use serde_json::Value;

use super::document::{self, Listing};
use super::lock;
use super::npm_lock::{add, add_needs};
use super::yarn_lock::split;

/// Lock files of Bun.
#[derive(Debug)]
pub struct BunLock;

static META: Meta = Meta {
    id: "lang/bun-lock",
    revision: 1,
    docs: "Reads `bun.lock`, except those inside of a package: names, versions and what each needs. Says of \
           `bun.lockb` that it is not read.",
    interest: Interest {
        paths: &[],
        names: &["bun.lock", "bun.lockb"],
        suffixes: &[],
        under: &[],
        executables: Executables::Ignored,
    },
    limit: plimsoll_analyze::analyzer::HELD_BYTES,
    loss: Effect::Gap,
};

impl Analyzer for BunLock {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn analyze(&self, file: &mut File<'_>, sink: &mut Sink<'_>) {
        let path = file.path.as_str();
        if lock::came_with_a_package(path) {
            return;
        }
        if file.path.file_name() == "bun.lockb" {
            return sink.unreadable("the binary lock file of Bun is not read; `bun.lock` is");
        }
        let Some(text) = document::text(file, sink) else {
            return;
        };
        let value: Value = match serde_json::from_str(&plain(&text)) {
            Ok(value) => value,
            Err(error) => {
                return sink.unreadable(format!("not the lock file that it should be: {error}"));
            }
        };
        let Some(packages) = value.get("packages").and_then(Value::as_object) else {
            return sink.unreadable("this is not a lock file of Bun");
        };
        let mut listing = Listing::new(Ecosystem::Npm, EvidenceKind::Locked);
        for entry in packages.values() {
            let resolved = entry.get(0).and_then(Value::as_str).and_then(split);
            let Some((name, version)) = resolved else {
                listing.add_invalid();
                continue;
            };
            if version.contains(':') {
                continue;
            }
            add(name, version, &mut listing, |package| {
                let described = entry.get(2).unwrap_or(&Value::Null);
                add_needs(
                    package,
                    described,
                    &["dependencies", "optionalDependencies"],
                );
            });
        }
        listing.state(sink);
    }
}

/// JSON without comments and without commas before a closing bracket.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' => {
                out.push(c);
                while let Some(c) = chars.next() {
                    out.push(c);
                    match c {
                        '"' => break,
                        '\\' => out.extend(chars.next()),
                        _ => {}
                    }
                }
            }
            '/' if chars.peek() == Some(&'/') => {
                for c in chars.by_ref() {
                    if c == '\n' {
                        break;
                    }
                }
            }
            '/' if chars.peek() == Some(&'*') => {
                chars.next();
                let mut last = ' ';
                for c in chars.by_ref() {
                    if last == '*' && c == '/' {
                        break;
                    }
                    last = c;
                }
            }
            ']' | '}' => {
                // Outside of texts, so that this comma is none of theirs.
                if out.ends_with(',') {
                    out.pop();
                }
                out.push(c);
            }
            c if c.is_ascii_whitespace() => {}
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commas_and_comments_go_but_not_from_texts() {
        assert_eq!(
            plain("{ // x\n \"a\": [\"b,] /* \\\" \", /* , */ ],\n}"),
            "{\"a\":[\"b,] /* \\\" \"]}"
        );
        assert_eq!(plain("\"open\\"), "\"open\\");
    }
}
