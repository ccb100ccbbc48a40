//! Installed Ruby gems: `specifications/*.gemspec`.
//!
//! A gemspec is a Ruby program. RubyGems writes the ones that it installs itself
//! (`Gem::Specification#to_ruby`), one assignment of literals a line, below a `# stub:` comment with name,
//! version and platform that RubyGems reads without running the program (`Gem::StubSpecification`).
//! Only that form is read: literals after `=`, never an expression. What a hand-written file computes is taken
//! from the stub or from the file's name, `NAME-VERSION[-PLATFORM].gemspec`, by which RubyGems finds it.
//!
//! Gems that Ruby brings along lie in `specifications/default/` and can lie beside newer versions of the same
//! gem; both can be loaded, so both are stated.
//! Not here: gemspecs elsewhere, which are sources of gems, and gems that Bundler checks out from git.

use plimsoll_analyze::{Analyzer, Executables, File, Interest, Meta, Sink};
use plimsoll_model::fact::PackageFact;
use plimsoll_model::{Ecosystem, Effect};

use super::text;

/// Installed Ruby gems.
#[derive(Debug)]
pub struct Gem;

static META: Meta = Meta {
    id: "lang/gem",
    revision: 1,
    docs: "Reads `specifications/*.gemspec` of installed Ruby gems, the ones that Ruby brings along among them: \
           name, version, platform, licences, authors and the names of what they need at run time.",
    interest: Interest {
        paths: &[],
        names: &[],
        suffixes: &[".gemspec"],
        under: &[],
        executables: Executables::Ignored,
    },
    // The longest ones list all files of the gem.
    limit: 4 << 20,
    loss: Effect::Gap,
};

impl Analyzer for Gem {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn analyze(&self, file: &mut File<'_>, sink: &mut Sink<'_>) {
        let path = file.path.as_str();
        if !is_installed(path) {
            return;
        }
        let Some(bytes) = file.bytes() else {
            return sink.unreadable("the gemspec is not in memory");
        };
        let spec = Spec::parse(&String::from_utf8_lossy(bytes));
        let identity = spec.identity();
        if identity.is_none() && spec.is_one {
            sink.problem(
                Effect::Note,
                "the gemspec computes its name or version; the file's name is believed",
            );
        }
        let by_name = || spec.is_one.then(|| from_file_name(path)).flatten();
        let Some((name, version, platform)) = identity.or_else(by_name) else {
            return sink.unreadable("the gemspec says no name and version as literals");
        };
        let mut package = PackageFact::new(Ecosystem::Gem, name, version);
        package.architecture = platform.filter(|platform| platform != "ruby");
        package.licenses = spec.licenses;
        package.maker = (!spec.authors.is_empty()).then(|| spec.authors.join(", "));
        package.depends = spec.depends;
        package.depends.sort();
        package.depends.dedup();
        sink.package(package);
    }
}

/// `…/specifications/x.gemspec` or `…/specifications/default/x.gemspec`.
fn is_installed(path: &str) -> bool {
    let mut above = path.rsplit('/').skip(1);
    match above.next() {
        Some("specifications") => true,
        Some("default") => above.next() == Some("specifications"),
        _ => false,
    }
}

type Identity = (String, String, Option<String>);

/// What the literals of a gemspec say.
#[derive(Debug, Default)]
struct Spec {
    /// Whether a specification begins in the file at all.
    is_one: bool,
    stub: Option<Identity>,
    name: Option<String>,
    version: Option<String>,
    platform: Option<String>,
    licenses: Vec<String>,
    authors: Vec<String>,
    depends: Vec<String>,
}

/// Most names of what a gem needs, and most licences and authors.
const MOST: usize = 1024;

impl Spec {
    fn parse(source: &str) -> Self {
        let mut spec = Self::default();
        for line in source.lines() {
            let line = line.trim();
            if let Some(stub) = line.strip_prefix("# stub:") {
                spec.stub = spec.stub.or_else(|| parse_stub(stub));
            } else if line.starts_with("Gem::Specification.new") {
                spec.is_one = true;
            } else if let Some((_, call)) = line.split_once('.')
                && line.starts_with(|c: char| c.is_ascii_alphabetic())
            {
                spec.take(call);
            }
        }
        spec
    }

    /// Takes one line after `s.`.
    fn take(&mut self, call: &str) {
        let end = call
            .find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
            .unwrap_or(call.len());
        let (what, rest) = call.split_at(end);
        let rest = rest.trim_start();
        if let Some(value) = rest.strip_prefix('=') {
            self.assign(what, value.trim_start());
        } else if matches!(what, "add_dependency" | "add_runtime_dependency")
            && self.depends.len() < MOST
        {
            let argument = rest.trim_start_matches(['(', ' ']);
            if let Some((name, _)) = literal(argument)
                && is_name(&name)
            {
                self.depends.push(name);
            }
        }
    }

    fn assign(&mut self, what: &str, value: &str) {
        let word = || {
            // Old RubyGems wrote `Gem::Version.new("1.0")`.
            let value = value
                .strip_prefix("Gem::Version.new(")
                .map_or(value, str::trim_start);
            let (word, rest) = literal(value)?;
            ends(rest).then_some(word)
        };
        match what {
            "name" => self.name = word(),
            "version" => self.version = word(),
            "platform" => self.platform = word(),
            "license" | "licenses" => {
                for license in literals(value) {
                    text::add(&mut self.licenses, text::statement(&license));
                }
            }
            "author" | "authors" => {
                for author in literals(value) {
                    text::add(&mut self.authors, text::statement(&author));
                }
            }
            _ => {}
        }
    }

    fn identity(&self) -> Option<Identity> {
        let written = self
            .name
            .clone()
            .zip(self.version.clone())
            .filter(|(name, version)| is_name(name) && is_version(version));
        let platform = self.platform.clone().filter(|word| text::is_word(word));
        match written {
            Some((name, version)) => Some((name, version, platform)),
            None => self.stub.clone(),
        }
    }
}

/// `NAME VERSION PLATFORM REQUIRE_PATHS` after `# stub:`.
fn parse_stub(stub: &str) -> Option<Identity> {
    let mut words = stub.split_whitespace();
    let (name, version) = words.next().zip(words.next())?;
    let platform = words.next().map(str::to_owned);
    (is_name(name) && is_version(version)).then(|| (name.to_owned(), version.to_owned(), platform))
}

/// `NAME-VERSION[-PLATFORM].gemspec`: the version begins at the first digit after a hyphen.
fn from_file_name(path: &str) -> Option<Identity> {
    let stem = path.rsplit('/').next()?.strip_suffix(".gemspec")?;
    let (at, _) = stem.match_indices('-').find(|(at, _)| {
        let after = stem.get(at.saturating_add(1)..).unwrap_or_default();
        after.starts_with(|c: char| c.is_ascii_digit())
    })?;
    let (name, rest) = stem.split_at_checked(at)?;
    let rest = rest.strip_prefix('-')?;
    let (version, platform) = match rest.split_once('-') {
        Some((version, platform)) => (version, Some(platform.to_owned())),
        None => (rest, None),
    };
    (is_name(name) && is_version(version)).then(|| (name.to_owned(), version.to_owned(), platform))
}

/// Names as `Gem::Specification::VALID_NAME_PATTERN` has them.
pub(super) fn is_name(name: &str) -> bool {
    text::is_word(name)
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_'))
}

/// Versions as `Gem::Version::VERSION_PATTERN` has them, which begin with a digit.
pub(super) fn is_version(version: &str) -> bool {
    text::is_word(version)
        && version.starts_with(|c: char| c.is_ascii_digit())
        && version
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-'))
}

/// A Ruby string literal without interpolation at the beginning of a text, and what comes after it:
/// `"…"`, `'…'`, `%q<…>`, `%q{…}`, `%q(…)`, `%q[…]`.
fn literal(text: &str) -> Option<(String, &str)> {
    let (close, body, escapes) = if let Some(body) = text.strip_prefix('"') {
        ('"', body, true)
    } else if let Some(body) = text.strip_prefix('\'') {
        ('\'', body, false)
    } else {
        let body = text
            .strip_prefix("%q")
            .or_else(|| text.strip_prefix("%Q"))?;
        let open = body.chars().next()?;
        let close = match open {
            '<' => '>',
            '{' => '}',
            '(' => ')',
            '[' => ']',
            '|' => '|',
            _ => return None,
        };
        (close, body.get(open.len_utf8()..)?, false)
    };
    let mut value = String::new();
    let mut chars = body.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            c if c == close => return Some((value, body.get(at.saturating_add(1)..)?)),
            '#' if escapes && body.get(at..)?.starts_with("#{") => return None,
            '\\' => {
                let (_, next) = chars.next()?;
                match next {
                    'n' | 't' | 'r' if escapes => value.push(' '),
                    // Escaped characters are not needed in names, versions and licences; they are
                    // left out rather than misread.
                    'u' | 'x' if escapes => value.push(char::REPLACEMENT_CHARACTER),
                    other => value.push(other),
                }
            }
            other => value.push(other),
        }
    }
    None
}

/// Whether a literal is the whole expression: nothing after it but `.freeze`, a bracket and a condition.
fn ends(rest: &str) -> bool {
    let rest = rest.strip_prefix(".freeze").unwrap_or(rest);
    let rest = rest.trim_start_matches([')', ' ']);
    rest.is_empty() || rest.starts_with("if ") || rest.starts_with('#') || rest.starts_with(';')
}

/// The literals of a list, `["MIT".freeze, "Ruby".freeze]`, or of a single one.
fn literals(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = text.strip_prefix('[').unwrap_or(text).trim_start();
    while found.len() < MOST {
        if let Some((value, after)) = literal(rest) {
            found.push(value);
            rest = after.strip_prefix(".freeze").unwrap_or(after);
        } else if let Some(after) = rest.strip_prefix("nil") {
            rest = after;
        } else {
            break;
        }
        match rest.trim_start().strip_prefix(',') {
            Some(after) => rest = after.trim_start(),
            None => break,
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_literals_are_read() {
        let word = |text| literal(text).map(|(value, _)| value);
        assert_eq!(word(r#""a\"b".freeze"#).as_deref(), Some("a\"b"));
        assert_eq!(word("%q<rack>.freeze, [").as_deref(), Some("rack"));
        assert_eq!(word("'x'").as_deref(), Some("x"));
        assert_eq!(word(r##""#{version}""##), None);
        assert_eq!(word("VERSION"), None);
        assert_eq!(word("\"open"), None);
        let spec = Spec::parse("s.name = \"a\"\ns.version = \"1.\" + MINOR\n");
        assert_eq!(spec.identity(), None);
    }

    #[test]
    fn file_names_give_name_version_and_platform() {
        let of = |path| from_file_name(path).map(|(n, v, p)| format!("{n} {v} {p:?}"));
        assert_eq!(
            of("a/net-http-0.2.0.gemspec").as_deref(),
            Some("net-http 0.2.0 None")
        );
        assert_eq!(
            of("nokogiri-1.16.0-x86_64-linux.gemspec").as_deref(),
            Some("nokogiri 1.16.0 Some(\"x86_64-linux\")")
        );
        assert_eq!(of("rails.gemspec"), None);
    }

    #[test]
    fn only_installed_gems_count() {
        for (path, expected) in [
            ("usr/lib/ruby/gems/3.3.0/specifications/a-1.gemspec", true),
            (
                "usr/lib/ruby/gems/3.3.0/specifications/default/a-1.gemspec",
                true,
            ),
            ("usr/lib/ruby/gems/3.3.0/gems/a-1/a.gemspec", false),
            ("default/a-1.gemspec", false),
        ] {
            assert_eq!(is_installed(path), expected, "{path}");
        }
    }
}
