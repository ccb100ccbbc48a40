//! Keys of ecosystems with their release, and what follows from them.

use std::fmt;
use std::sync::Arc;

use plimsoll_model::Ecosystem;
use plimsoll_version::Scheme;

use crate::{program, release};

/// The name of an ecosystem as the OSV schema writes it, with the release where versions of one release say
/// nothing of another: `Debian:11`, `Alpine:v3.16`, `AlmaLinux:9`, `npm`.
///
/// A registry after the name of a language's ecosystem (`Packagist:https://…`) is cut off: packages of one
/// language are looked up by name alone.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EcosystemKey(Arc<str>);

/// Distributions by the name before the colon, with the scheme of their versions.
const DISTRIBUTIONS: &[(&str, Scheme)] = &[
    ("AlmaLinux", Scheme::Rpm),
    ("Alpaquita", Scheme::Apk),
    ("Alpine", Scheme::Apk),
    ("Amazon Linux", Scheme::Rpm),
    ("Arch Linux", Scheme::Pacman),
    ("Azure Linux", Scheme::Rpm),
    ("Bottlerocket", Scheme::Rpm),
    ("Chainguard", Scheme::Apk),
    ("Debian", Scheme::Deb),
    ("EPEL", Scheme::Rpm),
    ("Fedora", Scheme::Rpm),
    ("Mageia", Scheme::Rpm),
    ("MinimOS", Scheme::Apk),
    ("openEuler", Scheme::Rpm),
    ("openSUSE", Scheme::Rpm),
    ("Oracle Linux", Scheme::Rpm),
    ("Photon OS", Scheme::Rpm),
    ("Red Hat", Scheme::Rpm),
    ("Rocky Linux", Scheme::Rpm),
    ("SUSE", Scheme::Rpm),
    ("Ubuntu", Scheme::Deb),
    ("Wolfi", Scheme::Apk),
];

/// What follows the key of an ecosystem of which something is known, and not all.
const MARKS: &[&str] = &[
    " (all repositories)",
    " (fixes)",
    " (one list)",
    " (single documents)",
    " (some fixes)",
];
/// The same for one repository, whose name follows.
const REPOSITORY: &str = " (repository ";

impl EcosystemKey {
    /// Takes a name as OSV writes it; the vendor's products of one release become that release.
    #[must_use]
    pub fn new(osv_name: &str) -> Self {
        let (base, rest) = osv_name.split_once(':').unwrap_or((osv_name, ""));
        if distribution(base).is_none() {
            return Self(base.into());
        }
        match release::normal(base, rest) {
            Some(release) => Self(format!("{base}:{release}").into()),
            None => Self(osv_name.into()),
        }
    }

    /// The key as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Stands among covered ecosystems for one of which repaired flaws alone are known, see
    /// [`crate::changelog`].
    #[must_use]
    pub fn fixes(&self) -> Self {
        Self(format!("{} (fixes)", self.0).into())
    }

    /// The same, where not even all repaired flaws are known.
    #[must_use]
    pub fn some_fixes(&self) -> Self {
        Self(format!("{} (some fixes)", self.0).into())
    }

    /// The same, where what is known comes from single documents, of which nothing tells whether they are all that
    /// there are.
    #[must_use]
    pub fn single_documents(&self) -> Self {
        Self(format!("{} (single documents)", self.0).into())
    }

    /// The same, where what is known of a language comes from one list of several that tell its flaws.
    #[must_use]
    pub fn one_list(&self) -> Self {
        Self(format!("{} (one list)", self.0).into())
    }

    /// The same, where what is known are the errata of one repository of the release.
    #[must_use]
    pub fn repository(&self, name: &str) -> Self {
        Self(format!("{}{REPOSITORY}{name})", self.0).into())
    }

    /// Stands beside keys of repositories where somebody said that these are all of which images are made.
    #[must_use]
    pub fn all_repositories(&self) -> Self {
        Self(format!("{} (all repositories)", self.0).into())
    }

    /// The repository of this release for which a key stands among covered ecosystems.
    pub(crate) fn repository_in<'c>(&self, covered: &'c str) -> Option<&'c str> {
        let rest = covered.strip_prefix(self.as_str())?;
        rest.strip_prefix(REPOSITORY)?.strip_suffix(')')
    }

    /// The key under which the packages stand of which a covered ecosystem tells, all or some.
    #[must_use]
    pub fn of_covered(covered: &str) -> Self {
        let marked = MARKS.iter().find_map(|mark| covered.strip_suffix(mark));
        let of_repository = || covered.split_once(REPOSITORY).map(|(key, _)| key);
        Self(marked.or_else(of_repository).unwrap_or(covered).into())
    }

    /// The name before the release.
    #[must_use]
    pub fn base(&self) -> &str {
        self.0.split(':').next().unwrap_or(&self.0)
    }

    /// Whether this is a distribution, whose advisories judge its own packages.
    #[must_use]
    pub fn is_distribution(&self) -> bool {
        distribution(self.base()).is_some()
    }

    /// The language ecosystem of this name.
    #[must_use]
    pub fn language(&self) -> Option<Ecosystem> {
        Ecosystem::ALL
            .iter()
            .copied()
            .find(|ecosystem| ecosystem.row().osv_name == Some(self.base()))
    }

    /// The scheme of its versions; `None` for ecosystems that no analyzer finds packages of.
    #[must_use]
    pub fn scheme(&self) -> Option<Scheme> {
        if self.base() == program::KEY {
            // Numbers, a letter, words for what comes before a release: as most programs are numbered.
            return Some(Scheme::Portage);
        }
        distribution(self.base()).or_else(|| self.language().map(|found| found.row().scheme))
    }

    /// The name by which its packages are compared.
    #[must_use]
    pub fn normal_name(&self, name: &str) -> String {
        match self.language() {
            Some(ecosystem) => ecosystem.normal_name(name),
            None => name.to_owned(),
        }
    }
}

impl fmt::Display for EcosystemKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

fn distribution(base: &str) -> Option<Scheme> {
    DISTRIBUTIONS
        .iter()
        .find(|(name, _)| *name == base)
        .map(|(_, scheme)| *scheme)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_the_release_of_distributions_only() {
        assert_eq!(EcosystemKey::new("Debian:11").as_str(), "Debian:11");
        assert_eq!(
            EcosystemKey::new("Packagist:https://packages.drupal.org/8").as_str(),
            "Packagist"
        );
        assert_eq!(
            EcosystemKey::new("Alpine:v3.16").scheme(),
            Some(Scheme::Apk)
        );
        assert_eq!(EcosystemKey::new("PyPI").scheme(), Some(Scheme::Pep440));
        assert_eq!(EcosystemKey::new("Hackage").scheme(), Some(Scheme::Hackage));
        assert_eq!(EcosystemKey::new("OSS-Fuzz").scheme(), None);
        assert_eq!(
            EcosystemKey::new("Red Hat:enterprise_linux:8::appstream").as_str(),
            "Red Hat:8"
        );
    }

    #[test]
    fn marks_of_what_is_known_in_part_come_off() {
        let key = EcosystemKey::new("Rocky Linux:9");
        for marked in [
            key.clone(),
            key.fixes(),
            key.some_fixes(),
            key.single_documents(),
            key.one_list(),
            key.repository("baseos"),
            key.all_repositories(),
        ] {
            assert_eq!(EcosystemKey::of_covered(marked.as_str()), key);
        }
        let covered = key.repository("base os)");
        assert_eq!(key.repository_in(covered.as_str()), Some("base os)"));
        assert_eq!(key.repository_in("Rocky Linux:9 (fixes)"), None);
        let other = EcosystemKey::new("Rocky Linux:8");
        assert_eq!(other.repository_in(covered.as_str()), None);
    }

    #[test]
    fn names_are_compared_as_the_ecosystem_does() {
        assert_eq!(
            EcosystemKey::new("PyPI").normal_name("Ruamel_YAML"),
            "ruamel-yaml"
        );
        assert_eq!(EcosystemKey::new("Debian:11").normal_name("Foo_X"), "Foo_X");
    }
}
