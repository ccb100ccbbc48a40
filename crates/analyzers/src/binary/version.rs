//! Programs without a package: name and version from a text in their bytes.
//!
//! The rows are in `classes.rs`. What an OS package owns is told by that package, and the engine drops what is
//! said here of it.

use std::fmt::Write as _;
use std::io::Read;
use std::sync::{LazyLock, OnceLock};

use plimsoll_analyze::{Analyzer, Executables, File, Interest, Meta, Sink};
use plimsoll_model::fact::{EvidenceKind, FactBody, PackageFact};
use plimsoll_model::{Ecosystem, Effect};
use regex::bytes::{Captures, Regex, RegexBuilder};
use regex_syntax::hir::literal::{ExtractKind, Extractor};

use super::classes::{CLASSES, Class};

/// Programs that tell their version.
#[derive(Debug)]
pub struct Version;

static META: Meta = Meta {
    id: "binary/version",
    revision: 4,
    docs: "Recognises well-known programs and libraries that no package manager installed by their file name and \
           a text in their bytes: interpreters, servers, databases, cryptographic libraries.",
    interest: Interest {
        paths: &[],
        // Programs that are scripts or archives.
        names: &[
            "OTP_VERSION",
            "VERSION",
            "composer",
            "composer.phar",
            "elixir",
            "platform.ini",
            "wp",
            "wp-cli.phar",
        ],
        suffixes: &[],
        under: &[],
        executables: Executables::Elf,
    },
    limit: super::LIMIT,
    loss: Effect::Note,
};

/// Bytes that are searched at a time.
const BLOCK: usize = 1 << 20;
/// Bytes that two blocks share: more than any text that is looked for.
const OVERLAP: usize = 1 << 10;
/// A version is a short text.
const VERSION_LIMIT: usize = 40;

impl Analyzer for Version {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn analyze(&self, file: &mut File<'_>, sink: &mut Sink<'_>) {
        let name = file.path.file_name().to_owned();
        let mut search = Search::of(&name);
        if search.is_over() {
            return;
        }
        if let Some(bytes) = file.bytes() {
            search.look(bytes);
        } else if let Err(error) = look_through(&mut file.reader(), &mut search) {
            sink.unreadable(format!("cannot be searched for a version: {error}"));
        }
        for (class, version) in search.found {
            let mut package = PackageFact::new(Ecosystem::Generic, class.name, version);
            package.evidence = EvidenceKind::Compiled;
            sink.fact(FactBody::Package(Box::new(package)));
        }
    }
}

/// Searches block by block, so that a large program needs little memory.
fn look_through(reader: &mut dyn Read, search: &mut Search) -> std::io::Result<()> {
    let mut buffer = Vec::with_capacity(BLOCK.saturating_add(OVERLAP));
    while !search.is_over() {
        let kept = buffer.len().saturating_sub(OVERLAP);
        buffer.drain(..kept);
        let limit = u64::try_from(BLOCK).unwrap_or(u64::MAX);
        if (&mut *reader).take(limit).read_to_end(&mut buffer)? == 0 {
            return Ok(());
        }
        search.look(&buffer);
    }
    Ok(())
}

/// The classes that a file may be of, and what was found.
struct Search {
    open: Vec<(&'static Class, &'static Pattern)>,
    found: Vec<(&'static Class, String)>,
}

impl Search {
    fn of(name: &str) -> Self {
        let open = CLASSES
            .iter()
            .zip(PATTERNS.iter())
            .filter(|(class, _)| class.files.iter().any(|glob| matches(glob, name)))
            .filter_map(|(class, pattern)| {
                let compiled = pattern.get_or_init(|| Pattern::new(class.pattern));
                Some((class, compiled.as_ref()?))
            })
            .collect();
        Self {
            open,
            found: Vec::new(),
        }
    }

    fn is_over(&self) -> bool {
        self.open.is_empty()
    }

    /// Takes the first version of each class; a class that was found is not looked for again.
    fn look(&mut self, bytes: &[u8]) {
        let found = &mut self.found;
        self.open.retain(|(class, pattern)| {
            let Some(version) = pattern.version_in(bytes) else {
                return true;
            };
            if !found.iter().any(|(known, _)| known.name == class.name) {
                found.push((class, version));
            }
            false
        });
    }
}

/// Patterns are compiled when the first file of their class comes.
static PATTERNS: LazyLock<Vec<OnceLock<Option<Pattern>>>> =
    LazyLock::new(|| CLASSES.iter().map(|_| OnceLock::new()).collect());

/// What a version looks like.
struct Pattern {
    whole: Regex,
    /// Where it may begin, and how it goes on from there: for patterns whose first byte is in programs everywhere.
    begins: Option<(Regex, Regex)>,
}

impl Pattern {
    fn new(pattern: &str) -> Option<Self> {
        let begins = match texts_before(pattern) {
            Some(texts) => Some((compile(&texts)?, compile(&format!(r"\A(?:{pattern})"))?)),
            None => None,
        };
        Some(Self {
            whole: compile(pattern)?,
            begins,
        })
    }

    /// The first text that is a version; what only looks like one is passed over.
    fn version_in(&self, bytes: &[u8]) -> Option<String> {
        match &self.begins {
            None => self
                .whole
                .captures_iter(bytes)
                .find_map(|captures| version(&captures)),
            Some((begins, here)) => begins.find_iter(bytes).find_map(|begin| {
                let end = begin.start().saturating_add(OVERLAP).min(bytes.len());
                let from = bytes.get(begin.start()..end)?;
                version(&here.captures(from)?)
            }),
        }
    }
}

/// The version of a match.
fn version(captures: &Captures<'_>) -> Option<String> {
    let version = captures.iter().skip(1).flatten().next()?.as_bytes();
    let text = std::str::from_utf8(version).ok()?;
    (text.len() <= VERSION_LIMIT).then(|| text.to_owned())
}

fn compile(pattern: &str) -> Option<Regex> {
    RegexBuilder::new(pattern)
        .unicode(false)
        .dot_matches_new_line(true)
        .build()
        .ok()
}

/// For a pattern that begins with a zero byte: the few texts with which each match begins, as a pattern of their own.
/// The library looks for that byte alone, which programs are full of, and for many texts at once it has a quick search.
fn texts_before(pattern: &str) -> Option<String> {
    const MOST: usize = 64;
    let parsed = regex_syntax::ParserBuilder::new()
        .unicode(false)
        .utf8(false)
        .build()
        .parse(pattern)
        .ok()?;
    let texts = Extractor::new()
        .kind(ExtractKind::Prefix)
        .limit_total(MOST)
        .extract(&parsed);
    let texts = texts.literals()?;
    let all_zero = texts
        .iter()
        .all(|text| text.as_bytes().len() > 1 && text.as_bytes().starts_with(&[0]));
    (!texts.is_empty() && all_zero).then(|| {
        let escaped = texts.iter().map(|text| {
            text.as_bytes()
                .iter()
                .fold(String::new(), |mut escaped, byte| {
                    // Writing to a `String` cannot fail.
                    let _ = write!(escaped, r"\x{byte:02x}");
                    escaped
                })
        });
        escaped.collect::<Vec<_>>().join("|")
    })
}

/// Whether a file name is of a pattern with `*` for any text and `[…]` for one of some characters.
fn matches(glob: &str, name: &str) -> bool {
    let mut rest = glob.chars();
    match rest.next() {
        None => name.is_empty(),
        Some('*') => {
            let tail = rest.as_str();
            std::iter::once(0)
                .chain(
                    name.char_indices()
                        .map(|(at, c)| at.saturating_add(c.len_utf8())),
                )
                .any(|at| matches(tail, name.get(at..).unwrap_or_default()))
        }
        Some('[') => {
            let Some((set, tail)) = rest.as_str().split_once(']') else {
                return false;
            };
            let mut name = name.chars();
            name.next().is_some_and(|c| in_set(set, c)) && matches(tail, name.as_str())
        }
        Some(wanted) => {
            let mut name = name.chars();
            name.next() == Some(wanted) && matches(rest.as_str(), name.as_str())
        }
    }
}

/// Whether a character is in a set such as `23` or `0-9`.
fn in_set(set: &str, c: char) -> bool {
    match set.split_once('-') {
        Some((low, high)) => low.chars().next() <= Some(c) && Some(c) <= high.chars().next(),
        None => set.contains(c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t70_t71_every_class_finds_its_examples_and_nothing_else() {
        for class in CLASSES {
            let pattern =
                Pattern::new(class.pattern).unwrap_or_else(|| panic!("{}", class.pattern));
            assert!(!class.examples.is_empty(), "{}", class.name);
            assert!(!class.counter_examples.is_empty(), "{}", class.name);
            for (bytes, version) in class.examples {
                let found = pattern.version_in(bytes);
                assert_eq!(found.as_deref(), Some(*version), "{}", class.name);
            }
            for bytes in class.counter_examples {
                assert_eq!(pattern.version_in(bytes), None, "{}", class.name);
            }
        }
    }

    #[test]
    fn scripts_and_archives_are_asked_for() {
        for class in CLASSES {
            for file in class.files {
                let script = file.contains(".phar")
                    || [
                        "OTP_VERSION",
                        "VERSION",
                        "composer",
                        "elixir",
                        "platform.ini",
                        "wp",
                    ]
                    .contains(file);
                assert_eq!(
                    script,
                    META.interest.names.contains(file),
                    "{file} of {}",
                    class.name
                );
            }
        }
    }

    #[test]
    fn names_are_held_against_patterns() {
        for (glob, name, is) in [
            ("python", "python", true),
            ("python", "python3", false),
            ("python[23]*", "python3.11", true),
            ("python[23]*", "python4", false),
            ("libz.so*", "libz.so.1", true),
            ("libz.so*", "libzstd.so.1", false),
            ("*-gcc-[0-9]*", "x86_64-linux-gnu-gcc-12", true),
            ("*", "", true),
        ] {
            assert_eq!(matches(glob, name), is, "{glob} {name}");
        }
    }

    #[test]
    fn a_text_across_two_blocks_is_found() {
        let mut bytes = vec![b'.'; BLOCK - 10];
        bytes.extend_from_slice(b"lighttpd/1.4.69 ");
        bytes.resize(BLOCK * 3, b'.');
        let mut search = Search::of("lighttpd");
        look_through(&mut bytes.as_slice(), &mut search).unwrap();
        assert_eq!(search.found.len(), 1);
        assert_eq!(search.found[0].1, "1.4.69");
    }
}
