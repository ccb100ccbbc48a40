//! Lock files of Yarn: the classic form (1.x) and that of Berry (2 and later).
//!
//! Both list what was asked for, and below it what was chosen. The classic form is Yarn's own
//! (`name@^1.0.0:` and then `version "1.2.3"`); Berry's is YAML, where `resolution` names package and protocol
//! (`"name@npm:1.2.3"`). Packages of the project itself (`workspace:`, `link:`, `portal:`) are left out.
//! Neither says what is only for development.

use plimsoll_analyze::{Analyzer, Executables, File, Interest, Meta, Sink};
use plimsoll_model::fact::EvidenceKind;
use plimsoll_model::{Ecosystem, Effect};

use super::document::{self, Listing};
use super::indented::unquoted;
use super::lock;
use super::npm::is_name;
use super::npm_lock::add;

/// Lock files of Yarn.
#[derive(Debug)]
pub struct YarnLock;

static META: Meta = Meta {
    id: "lang/yarn-lock",
    revision: 1,
    docs: "Reads `yarn.lock` in the classic form and in that of Yarn 2 and later, except those inside of a \
           package: names, versions and what each needs.",
    interest: Interest {
        paths: &[],
        names: &["yarn.lock"],
        suffixes: &[],
        under: &[],
        executables: Executables::Ignored,
    },
    limit: plimsoll_analyze::analyzer::HELD_BYTES,
    loss: Effect::Gap,
};

impl Analyzer for YarnLock {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn analyze(&self, file: &mut File<'_>, sink: &mut Sink<'_>) {
        if lock::came_with_a_package(file.path.as_str()) {
            return;
        }
        if let Some(text) = document::text(file, sink) {
            state(&text, sink);
        }
    }
}

/// What stands below one line of what was asked for.
#[derive(Default)]
struct Entry<'a> {
    asked: &'a str,
    version: Option<&'a str>,
    resolution: Option<&'a str>,
    depends: Vec<String>,
}

/// Most names that one package needs.
const MOST_NEEDS: usize = 4096;

fn state(text: &str, sink: &mut Sink<'_>) {
    let mut open: Option<Entry<'_>> = None;
    let mut listing = Listing::new(Ecosystem::Npm, EvidenceKind::Locked);
    let mut needs = false;
    for line in text.lines() {
        let bare = line.trim_start_matches(' ');
        let indent = line.len().saturating_sub(bare.len());
        let bare = bare.trim_end();
        if bare.is_empty() || bare.starts_with('#') {
            continue;
        }
        if indent == 0 {
            close(open.take(), &mut listing);
            needs = false;
            let asked = bare.strip_prefix("? ").unwrap_or(bare);
            open = Some(Entry {
                asked: asked.strip_suffix(':').unwrap_or(asked),
                ..Entry::default()
            });
            continue;
        }
        let (Some(entry), Some((key, value))) = (&mut open, pair(bare)) else {
            continue;
        };
        match (indent, key) {
            (2, "version") => entry.version = Some(value),
            (2, "resolution") => entry.resolution = Some(value),
            (2, _) => needs = matches!(key, "dependencies" | "optionalDependencies"),
            (4, _) if needs && entry.depends.len() < MOST_NEEDS && is_name(key) => {
                entry.depends.push(key.to_owned());
            }
            _ => {}
        }
    }
    close(open, &mut listing);
    listing.state(sink);
}

/// `key "value"`, `key: value`, `key:`; each quoted or not.
fn pair(text: &str) -> Option<(&str, &str)> {
    let (key, rest) = if let Some(quoted) = text.strip_prefix('"') {
        quoted.split_once('"')?
    } else {
        match text.split_once([' ', ':']) {
            Some((key, rest)) => (key, rest),
            None => (text, ""),
        }
    };
    let value = rest.trim_start_matches([':', ' ']);
    Some((key, unquoted(value)))
}

fn close(entry: Option<Entry<'_>>, listing: &mut Listing) {
    let Some(entry) = entry.filter(|entry| entry.asked != "__metadata") else {
        return;
    };
    let Some((name, reference)) = chosen(&entry) else {
        return listing.add_invalid();
    };
    let own = ["workspace:", "link:", "portal:", "file:"];
    if own.iter().any(|own| reference.starts_with(own)) {
        return;
    }
    add(
        name,
        entry.version.unwrap_or_default(),
        listing,
        |package| {
            package.depends = entry.depends;
        },
    );
}

/// Name and reference of what was chosen.
fn chosen<'a>(entry: &Entry<'a>) -> Option<(&'a str, &'a str)> {
    if let Some(resolution) = entry.resolution {
        return split(resolution);
    }
    // Several requests may lead to the same choice: `a@^1.0.0, a@~1.0.2:`.
    let first = entry.asked.split(", ").next().unwrap_or_default();
    let (name, reference) = split(first.trim_matches('"'))?;
    // `alias@npm:name@^1.0.0`.
    let real = reference.strip_prefix("npm:").and_then(split);
    Some(real.unwrap_or((name, reference)))
}

/// `NAME@REFERENCE`; the name may begin with `@`.
pub(super) fn split(text: &str) -> Option<(&str, &str)> {
    let from = usize::from(text.starts_with('@'));
    let at = text.get(from..)?.find('@')?.checked_add(from)?;
    Some((text.get(..at)?, text.get(at.checked_add(1)?..)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_of_both_forms() {
        assert_eq!(pair("version \"1.2.3\""), Some(("version", "1.2.3")));
        assert_eq!(pair("version: 1.2.3"), Some(("version", "1.2.3")));
        assert_eq!(pair("dependencies:"), Some(("dependencies", "")));
        assert_eq!(pair("\"@s/a\" \"^1\""), Some(("@s/a", "^1")));
        assert_eq!(pair("\"@s/a\": \"npm:^1\""), Some(("@s/a", "npm:^1")));
    }

    #[test]
    fn requests_are_split_after_the_name() {
        assert_eq!(split("@s/a@^1"), Some(("@s/a", "^1")));
        assert_eq!(split("a@npm:b@1"), Some(("a", "npm:b@1")));
        assert_eq!(split("a"), None);
        assert_eq!(split("@s"), None);
    }
}
