//! Who owns which file: the lists of OS packages, asked for the few files that facts are about.

use foldhash::{HashMap, HashMapExt};

use plimsoll_model::fact::{Distribution, EvidenceKind, FactBody};
use plimsoll_model::facts::{OperatingSystem, Package, PackageIndex};
use plimsoll_model::{Ecosystem, ImagePath, PathKey};

use super::counting;
use super::java::Archives;
use super::packages::{Kind, package_facts};
use crate::squash::{Placed, Squashed};

/// Which OS package ships a file, for the files that facts are about.
pub(super) struct Owners<'a> {
    /// Files with an owner.
    files: HashMap<&'a ImagePath, PackageIndex>,
}

impl<'a> Owners<'a> {
    /// Asks all lists of files for the few files that matter, because an image has many times more files than
    /// facts about them.
    pub(super) fn of(squashed: &'a Squashed<'_>, packages: &[Package]) -> Self {
        let mut files = HashMap::new();
        let control = ControlFiles::of(packages);
        let mut keys: Vec<(PathKey, &ImagePath)> = Vec::new();
        let mut alias = String::new();
        let mut last = None;
        for placed in squashed.facts.iter().filter(|placed| can_be_owned(placed)) {
            let path = &placed.path;
            if last.replace(path) == Some(path) {
                continue;
            }
            if let Some(owner) = control.owner(path) {
                files.insert(path, owner);
                continue;
            }
            keys.push((path.key(), path));
            keys.extend(squashed.links.aliases(path).map(|(link, rest)| {
                alias.clear();
                alias.push_str(link);
                alias.push_str(rest);
                (PathKey::of(&alias), path)
            }));
        }
        let listed = listed(squashed, packages, &keys);
        // The first name of a file that a list has is the one that counts.
        for (key, path) in keys {
            if let Some(Some(owner)) = listed.get(&key) {
                files.entry(path).or_insert(*owner);
            }
        }
        Self { files }
    }

    /// Adds programs that are in no list and say that they were built as a package which is installed: they were
    /// copied, or their package has no list. What they are is told by that package already.
    pub(super) fn add_noted(
        &mut self,
        squashed: &'a Squashed<'_>,
        packages: &[Package],
        os: Option<&OperatingSystem>,
        archives: &'a Archives,
    ) {
        let mut installed: HashMap<(Ecosystem, &str, &str), PackageIndex> = HashMap::new();
        for (placed, note) in package_facts(squashed, Kind::Language, archives) {
            let says_itself = note.ecosystem.is_os() && note.evidence != EvidenceKind::Archived;
            if !says_itself || self.files.contains_key(&placed.path) {
                continue;
            }
            let own = |own: &Distribution| os.is_some_and(|os| os.release.id == own.id);
            if note.distribution.as_ref().is_some_and(|id| !own(id)) {
                continue;
            }
            if installed.is_empty() {
                installed = by_source(packages);
            }
            let version = without_epoch(&note.version);
            if let Some(owner) = installed.get(&(note.ecosystem, &note.name, version)) {
                self.files.insert(&placed.path, *owner);
            }
        }
    }

    pub(super) fn owner(&self, path: &ImagePath) -> Option<PackageIndex> {
        self.files.get(path).copied()
    }
}

/// Installed packages by their own name and by that of their source package, which is what a program says.
fn by_source(packages: &[Package]) -> HashMap<(Ecosystem, &str, &str), PackageIndex> {
    let mut found = HashMap::new();
    for (idx, package) in packages.iter().enumerate() {
        let fact = &package.fact;
        let source = fact.source.as_ref();
        let source = source.map(|source| (source.name.as_str(), source.version.as_str()));
        for (name, version) in source
            .into_iter()
            .chain([(fact.name.as_str(), fact.version.as_str())])
        {
            let key = (fact.ecosystem, name, without_epoch(version));
            found.entry(key).or_insert(idx);
        }
    }
    found
}

/// Programs leave out the epoch of their package.
fn without_epoch(version: &str) -> &str {
    match version.split_once(':') {
        Some((epoch, rest)) if epoch.bytes().all(|byte| byte.is_ascii_digit()) => rest,
        _ => version,
    }
}

/// Whether it is of interest who owns the file of this fact.
fn can_be_owned(placed: &Placed<'_>) -> bool {
    match &placed.fact.body {
        FactBody::Package(package) => !package.is_installed_by_os(),
        FactBody::Executable(_)
        | FactBody::Script(_)
        | FactBody::Secret(_)
        | FactBody::JavaArchive(_)
        | FactBody::Privilege(_)
        | FactBody::Leftover(_)
        | FactBody::Claim(_) => true,
        // Lists of files of Perl modules.
        FactBody::Owns(owns) => owns.ecosystem == Ecosystem::Cpan,
        FactBody::OsRelease(_)
        | FactBody::Account(_)
        | FactBody::Licenses(_)
        | FactBody::InstalledFrom(_)
        | FactBody::ContentSets(_)
        | FactBody::Passwordless(_)
        | FactBody::Group(_)
        | FactBody::Unverified(_)
        | FactBody::Provides(_) => false,
    }
}

/// What the lists of OS packages say of these keys; of several lists the last one.
fn listed(
    squashed: &Squashed<'_>,
    packages: &[Package],
    keys: &[(PathKey, &ImagePath)],
) -> HashMap<PathKey, Option<PackageIndex>> {
    let mut asked: HashMap<_, _> = keys.iter().map(|(key, _)| (*key, None)).collect();
    if asked.is_empty() {
        return asked;
    }
    let sieve = Sieve::of(asked.keys());
    let mut by_name: HashMap<(Ecosystem, &str), PackageIndex> = HashMap::new();
    for (idx, package) in packages.iter().enumerate() {
        by_name
            .entry((package.fact.ecosystem, package.fact.name.as_str()))
            .or_insert(idx);
    }
    for placed in counting(squashed) {
        let FactBody::Owns(ownership) = &placed.fact.body else {
            continue;
        };
        // A package that was removed but not purged keeps its list; it owns nothing.
        let Some(&owner) = by_name.get(&(ownership.ecosystem, ownership.package.as_str())) else {
            continue;
        };
        for file in &ownership.files {
            if sieve.may_have(file)
                && let Some(answer) = asked.get_mut(file)
            {
                *answer = Some(owner);
            }
        }
    }
    asked
}

/// Says quickly of most keys that they are not in a set: lists have ten times as many files as anybody asks for.
struct Sieve(Vec<u64>);

impl Sieve {
    const BITS: usize = 1 << 16;

    fn of<'k>(keys: impl Iterator<Item = &'k PathKey>) -> Self {
        let mut words = vec![0; Self::BITS / 64];
        for key in keys {
            let (word, bit) = Self::place(key);
            if let Some(word) = words.get_mut(word) {
                *word |= bit;
            }
        }
        Self(words)
    }

    /// Whether the key may be in the set; if not, it surely is not.
    fn may_have(&self, key: &PathKey) -> bool {
        let (word, bit) = Self::place(key);
        self.0.get(word).is_some_and(|word| word & bit != 0)
    }

    /// Keys are digests, so that two of their bytes are as good as a hash.
    fn place(key: &PathKey) -> (usize, u64) {
        let [high, low, ..] = key.to_bytes();
        let place = u16::from_be_bytes([high, low]);
        (usize::from(place >> 6), 1 << (place & 63))
    }
}

/// dpkg's control files, `NAME.preinst` or `NAME:ARCHITECTURE.preinst`: they lie in a folder of dpkg's own and
/// are in no list.
struct ControlFiles<'a>(HashMap<&'a str, PackageIndex>);

impl<'a> ControlFiles<'a> {
    const FOLDER: &'static str = "var/lib/dpkg/info/";

    fn of(packages: &'a [Package]) -> Self {
        let dpkg = packages.iter().enumerate();
        Self(
            dpkg.filter(|(_, package)| package.fact.ecosystem == Ecosystem::Deb)
                .map(|(idx, package)| (package.fact.name.as_str(), idx))
                .collect(),
        )
    }

    fn owner(&self, path: &ImagePath) -> Option<PackageIndex> {
        let (name, _) = path.as_str().strip_prefix(Self::FOLDER)?.rsplit_once('.')?;
        self.0.get(name.split(':').next()?).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::super::derive;
    use crate::layer::LayerFacts;
    use plimsoll_model::fact::Linkage;
    use plimsoll_model::fact::{
        Distribution, EvidenceKind, Executable, Fact, FactBody, OsRelease, Ownership, PackageFact,
        SourcePackage, Toolchain,
    };
    use plimsoll_model::image::RunConfig;
    use plimsoll_model::{Ecosystem, ImagePath, Problem};

    fn layer(facts: Vec<(&str, FactBody)>) -> LayerFacts {
        LayerFacts {
            facts: facts
                .into_iter()
                .map(|(path, body)| Fact {
                    path: ImagePath::new(path),
                    analyzer: String::new(),
                    body,
                })
                .collect(),
            ..LayerFacts::default()
        }
    }

    fn stated(package: PackageFact) -> FactBody {
        FactBody::Package(Box::new(package))
    }

    /// A package of the database, of the source package `coreutils`.
    fn installed() -> FactBody {
        stated(PackageFact {
            source: Some(SourcePackage {
                name: "coreutils".into(),
                version: "9.4-6.fc40".into(),
            }),
            ..PackageFact::new(Ecosystem::Rpm, "coreutils-single", "1:9.4-6.fc40")
        })
    }

    fn note(version: &str, distribution: &str) -> FactBody {
        stated(PackageFact {
            evidence: EvidenceKind::Compiled,
            distribution: Some(Distribution {
                id: distribution.into(),
                version: "40".into(),
            }),
            ..PackageFact::new(Ecosystem::Rpm, "coreutils", version)
        })
    }

    fn release() -> FactBody {
        FactBody::OsRelease(OsRelease {
            id: "fedora".into(),
            version: "40".into(),
            rank: 100,
            ..OsRelease::default()
        })
    }

    fn program() -> FactBody {
        FactBody::Executable(Executable {
            machine: "x86_64".into(),
            toolchain: Toolchain::Other,
            opaque: None,
            library: false,
            linkage: Linkage::default(),
        })
    }

    /// Names and versions of the packages, and whether every program is explained.
    fn told(facts: Vec<(&str, FactBody)>) -> (Vec<String>, bool) {
        let derived = derive(&[layer(facts)], None, &RunConfig::default());
        let packages = derived.packages.iter();
        let packages = packages.map(|one| format!("{} {}", one.fact.name, one.fact.version));
        (packages.collect(), derived.coverage.unexplained.is_empty())
    }

    #[test]
    fn a_program_of_an_installed_package_is_that_package() {
        let owns = FactBody::Owns(Ownership {
            ecosystem: Ecosystem::Rpm,
            package: "coreutils-single".into(),
            files: vec![ImagePath::new("usr/bin/ls").key()],
        });
        let facts = vec![
            ("etc/os-release", release()),
            ("db", installed()),
            ("db", owns),
            ("usr/bin/ls", program()),
            // What the note says of another version is not asked: the database knows.
            ("usr/bin/ls", note("9.3-1.fc40", "fedora")),
            ("opt/copy", program()),
            ("opt/copy", note("9.4-6.fc40", "fedora")),
        ];
        let expected = vec!["coreutils-single 1:9.4-6.fc40".to_owned()];
        assert_eq!(told(facts), (expected, true));
    }

    #[test]
    fn a_program_from_elsewhere_is_a_package_of_its_own() {
        for (version, distribution) in [("9.3-1.fc40", "fedora"), ("9.4-6.fc40", "other")] {
            let facts = vec![
                ("etc/os-release", release()),
                ("db", installed()),
                ("opt/copy", program()),
                ("opt/copy", note(version, distribution)),
            ];
            let mut expected = vec!["coreutils-single 1:9.4-6.fc40".to_owned()];
            expected.push(format!("coreutils {version}"));
            assert_eq!(told(facts), (expected, true));
        }
    }

    #[test]
    fn a_note_is_no_package_database() {
        let facts = vec![
            ("etc/os-release", release()),
            ("usr/bin/ls", program()),
            ("usr/bin/ls", note("9.4-6.fc40", "fedora")),
        ];
        let derived = derive(&[layer(facts)], None, &RunConfig::default());
        assert_eq!(derived.packages.len(), 1);
        let blind = |problem: &Problem| problem.reason.contains("has no package database");
        assert!(derived.problems.iter().any(blind));
    }
}
