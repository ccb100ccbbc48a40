//! Perl modules that `make install` put there: `perllocal.pod` and `.packlist`.
//!
//! Source: `perllocal_install` of `ExtUtils::Command::MM`, and `ExtUtils::Packlist`. `perllocal.pod` is a history: each
//! installation appends a heading with the module's name and a list with its version, and nothing is ever taken
//! out. So of one module the last entry counts, and what was removed since is told from it by the `.packlist`, the list
//! of files that lies in `auto/Foo/Bar/` for `Foo::Bar`: it has no version and goes with the module. Holding one
//! against the other, and both against what cpanm records, is a derivation.

use std::collections::BTreeMap;

use plimsoll_analyze::{Analyzer, Executables, File, Interest, Meta, Sink};
use plimsoll_model::fact::{EvidenceKind, FactBody, Ownership};
use plimsoll_model::{Ecosystem, Effect, ImagePath, PathKey};

use super::document::{self, Listing};
use super::text;

/// Perl modules as the toolchain records them.
#[derive(Debug)]
pub struct Perllocal;

static META: Meta = Meta {
    id: "lang/perllocal",
    revision: 1,
    docs: "Reads `perllocal.pod` and `.packlist`, which `make install` leaves for Perl modules: name, version and \
           files.",
    interest: Interest {
        paths: &[],
        names: &["perllocal.pod"],
        suffixes: &[],
        under: &[("**/auto/", "/.packlist")],
        executables: Executables::Ignored,
    },
    limit: plimsoll_analyze::analyzer::HELD_BYTES,
    loss: Effect::Gap,
};

impl Analyzer for Perllocal {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn analyze(&self, file: &mut File<'_>, sink: &mut Sink<'_>) {
        let Some(text) = document::text(file, sink) else {
            return;
        };
        if file.path.file_name() == "perllocal.pod" {
            history(&text, sink);
        } else if let Some(package) = distribution_of(file.path) {
            let files: Vec<PathKey> = text.lines().filter_map(listed).collect();
            sink.fact(FactBody::Owns(Ownership {
                ecosystem: Ecosystem::Cpan,
                package,
                files,
            }));
        }
    }
}

/// States the last entry of each module.
fn history(text: &str, sink: &mut Sink<'_>) {
    let mut entries: BTreeMap<&str, &str> = BTreeMap::new();
    let mut module = None;
    for line in text.lines() {
        if line.starts_with("=head2 ") {
            module = line.split_once(": C<Module> L<").and_then(|(_, rest)| {
                let (name, _) = rest.split_once(['|', '>'])?;
                Some(name)
            });
            // Until its version comes, a new entry has none.
            if let Some(module) = module {
                entries.insert(module, "");
            }
        } else if line == "=back" {
            module = None;
        } else if let Some(version) = line.strip_prefix("C<VERSION: ")
            && let Some(entry) = module.and_then(|module| entries.get_mut(module))
        {
            *entry = version.strip_suffix('>').unwrap_or_default().trim();
        }
    }
    let mut list = Listing::new(Ecosystem::Cpan, EvidenceKind::Installed);
    for (module, version) in entries {
        let number = version.strip_prefix('v').unwrap_or(version);
        if number.starts_with(|c: char| c.is_ascii_digit()) {
            list.add(&module.replace("::", "-"), version);
        } else {
            list.add_invalid();
        }
    }
    list.state(sink);
}

/// The distribution that a list of files is of: `auto/Foo/Bar/.packlist` is `Foo-Bar`'s.
fn distribution_of(path: &ImagePath) -> Option<String> {
    let path = path.as_str().strip_suffix("/.packlist")?;
    let module = match path.rsplit_once("/auto/") {
        Some((_, module)) => module,
        None => path.strip_prefix("auto/")?,
    };
    Some(module.replace('/', "-")).filter(|name| text::is_word(name))
}

/// The file of a line, behind which may stand what is known of it: ` type=link from=…`.
fn listed(line: &str) -> Option<PathKey> {
    let is_known = |rest: &str| {
        let key = rest.split('=').next().unwrap_or_default();
        rest.contains('=') && !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_lowercase())
    };
    let end = line
        .match_indices(' ')
        .find(|(at, _)| line.get(at.saturating_add(1)..).is_some_and(is_known));
    let path = end.map_or(line, |(at, _)| line.get(..at).unwrap_or(line));
    path.starts_with('/').then(|| ImagePath::new(path).key())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_of_the_module_in_their_path() {
        for (path, name) in [
            (
                "usr/local/lib/perl5/auto/Foo/Bar/.packlist",
                Some("Foo-Bar"),
            ),
            ("auto/Foo/.packlist", Some("Foo")),
            // Perl's own.
            ("usr/lib/perl5/5.38.2/.packlist", None),
            ("opt/auto/a b/.packlist", None),
        ] {
            let found = distribution_of(&ImagePath::new(path));
            assert_eq!(found.as_deref(), name, "{path}");
        }
    }

    #[test]
    fn files_may_have_attributes() {
        let key = |path: &str| Some(ImagePath::new(path).key());
        assert_eq!(listed("/usr/lib/Foo.pm"), key("usr/lib/Foo.pm"));
        assert_eq!(
            listed("/usr/lib/Foo.pm type=link from=/usr/lib/Bar.pm"),
            key("usr/lib/Foo.pm")
        );
        assert_eq!(listed("/usr/lib/A b.pm"), key("usr/lib/A b.pm"));
        assert_eq!(listed("Foo.pm"), None);
    }
}
