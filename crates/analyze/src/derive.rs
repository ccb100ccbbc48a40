//! From the facts of single files to the facts of the image: which system it is, which packages there are,
//! who owns what, and how much of the image that explains.

use std::collections::{BTreeMap, HashMap};
use std::hash::{BuildHasherDefault, Hasher};

use plimsoll_model::fact::{Account, Distribution, EvidenceKind, FactBody, Opaque, PackageFact};
use plimsoll_model::facts::{
    Coverage, LocatedExecutable, LocatedSecret, Location, OperatingSystem, Package, PackageIndex,
    Presence,
};
use plimsoll_model::{Ecosystem, ImagePath, PathKey, Problem, Stage, purl};

use crate::assemblies::drop_described;
use crate::claims::{self, Shown};
use crate::java::{self, Archives};
use crate::java_index::JavaIndex;
use crate::layer::LayerFacts;
use crate::locked::drop_shadowed;
use crate::models::{join_parts, tell_revisions};
use crate::needs;
use crate::recovered::recover;
use crate::squash::{Placed, Squashed, squash};
use crate::told;
use crate::vendored::drop_missing_copies;

/// What the layers of an image say together.
#[derive(Debug, Default)]
pub struct Derived {
    /// The operating system.
    pub os: Option<OperatingSystem>,
    /// Content sets of Red Hat of which the image was built, sorted.
    pub content_sets: Vec<String>,
    /// Packages, sorted by ecosystem, name, version and path; those that are only claimed come last.
    pub packages: Vec<Package>,
    /// Accounts, in file order.
    pub accounts: Vec<Account>,
    /// Secrets, deleted ones too, sorted.
    pub secrets: Vec<LocatedSecret>,
    /// Visible executables, sorted by path.
    pub executables: Vec<LocatedExecutable>,
    /// How much was understood.
    pub coverage: Coverage,
    /// What could not be read, sorted.
    pub problems: Vec<Problem>,
}

/// Joins what the layers say, lowest first.
#[must_use]
pub fn derive(layers: &[LayerFacts]) -> Derived {
    derive_with(layers, None)
}

/// Joins what the layers say, lowest first, with a user's index of Java archives.
#[must_use]
pub fn derive_with(layers: &[LayerFacts], java: Option<&JavaIndex>) -> Derived {
    let mut squashed = squash(layers);
    drop_missing_copies(&mut squashed, layers);
    let deleted = recover(&mut squashed, layers);
    let archives = java::archives(&squashed, java);
    let (os, undone) = operating_system(&squashed);
    let introduced = Introduced::of(&squashed);
    let mut packages = packages(&squashed, &introduced, Kind::Os);
    told::add(&mut packages, &squashed);
    needs::resolve(&squashed, &mut packages);
    let mut owners = Owners::of(&squashed, &packages);
    owners.add_noted(&squashed, &packages, os.as_ref(), &archives);
    let mut languages = packages_of_languages(&squashed, &introduced, &owners, &archives);
    let parted = join_parts(&mut languages);
    tell_revisions(&mut languages, layers);
    packages.extend(languages);
    let shown = Shown {
        layers,
        os: os.as_ref().map(|os| &os.release),
        packages: &packages,
    };
    let claimed = claims::compare(&squashed, &shown, |path| owners.owner(path));
    packages.extend(claimed.packages);
    for package in &mut packages {
        package.purl = purl::of(&package.fact, os.as_ref().map(|os| &os.release));
    }
    let executables = executables(&squashed, &packages, &owners);
    let mut problems: Vec<Problem> = layers.iter().flat_map(|l| l.problems.clone()).collect();
    problems.extend(parted);
    problems.extend(deleted);
    problems.extend(undone);
    problems.extend(archives.problems.iter().cloned());
    let mut coverage = coverage(layers, &executables);
    let deleted_packages = packages.iter().filter(|package| {
        package.fact.is_installed_by_os() && package.presence == Presence::Deleted
    });
    coverage.deleted = deleted_packages.count() as u64;
    coverage.add_unreadable(&problems);
    problems.extend(claimed.problems);
    problems.extend(blind_spots(os.as_ref(), &packages, &coverage));
    problems.sort();
    problems.dedup();
    Derived {
        accounts: accounts(&squashed),
        secrets: secrets(&squashed, &owners),
        content_sets: content_sets(&squashed),
        os,
        packages,
        executables,
        coverage,
        problems,
    }
}

/// The facts that are true of the image: of visible files, and of databases that were recovered.
pub(crate) fn counting<'a>(squashed: &'a Squashed<'_>) -> impl Iterator<Item = &'a Placed<'a>> {
    squashed.facts.iter().filter(|placed| placed.counts())
}

/// The release file with the highest rank; among equals the topmost layer. Where all of them were deleted, what
/// they said last, with the problem that it is so.
fn operating_system(squashed: &Squashed<'_>) -> (Option<OperatingSystem>, Option<Problem>) {
    let found = squashed
        .facts
        .iter()
        .filter_map(|placed| match &placed.fact.body {
            FactBody::OsRelease(release) => Some((placed, release)),
            _ => None,
        })
        .max_by_key(|(placed, release)| {
            let until = placed.hidden_by.unwrap_or(usize::MAX);
            (until, release.rank, placed.layer)
        });
    let Some((placed, release)) = found else {
        return (None, None);
    };
    let is_of_os = |placed: &Placed<'_>| matches!(&placed.fact.body, FactBody::Package(p) if p.is_installed_by_os());
    if placed.hidden_by.is_some() && !counting(squashed).any(is_of_os) {
        return (None, None);
    }
    let problem = placed.hidden_by.map(|layer| {
        let reason = format!(
            "layer {layer} deleted the file that says which distribution this is; what it said is taken for true"
        );
        Problem::blind(Stage::Squash, placed.path.as_str(), reason)
    });
    let os = OperatingSystem {
        release: release.clone(),
        location: Location {
            path: placed.path.clone(),
            layer: placed.layer,
            introduced: placed.layer,
        },
    };
    (Some(os), problem)
}

/// What makes a package the same one in two layers.
type Identity<'a> = (Ecosystem, &'a str, &'a str, Option<&'a str>);

fn identity(package: &PackageFact) -> Identity<'_> {
    (
        package.ecosystem,
        &package.name,
        &package.version,
        package.architecture.as_deref(),
    )
}

/// In which layers a file says that a package is there.
struct Introduced<'a> {
    /// Layers in which a path has package facts, ascending; only of paths that several layers have.
    layers: HashMap<&'a ImagePath, Vec<usize>>,
    /// Layers in which a path states one package, ascending.
    stated: HashMap<(&'a ImagePath, Identity<'a>), Vec<usize>>,
}

impl<'a> Introduced<'a> {
    fn of(squashed: &'a Squashed<'a>) -> Self {
        let mut this = Self {
            layers: HashMap::new(),
            stated: HashMap::new(),
        };
        let stated = || {
            squashed
                .facts
                .iter()
                .filter_map(|placed| match &placed.fact.body {
                    FactBody::Package(package) => Some((placed, package)),
                    _ => None,
                })
        };
        for (placed, _) in stated() {
            push(this.layers.entry(&placed.path).or_default(), placed.layer);
        }
        this.layers.retain(|_, layers| layers.len() > 1);
        if this.layers.is_empty() {
            return this;
        }
        for (placed, package) in stated() {
            if this.layers.contains_key(&placed.path) {
                push(
                    this.stated
                        .entry((&placed.path, identity(package)))
                        .or_default(),
                    placed.layer,
                );
            }
        }
        this
    }

    /// The lowest layer from which on, without a break, the file states the package.
    fn layer(&self, path: &ImagePath, package: &PackageFact, found: usize) -> usize {
        let none = Vec::new();
        let stated = self.stated.get(&(path, identity(package))).unwrap_or(&none);
        let mut first = found;
        for layer in self.layers.get(path).unwrap_or(&none).iter().rev() {
            if *layer > found {
                continue;
            }
            if !stated.contains(layer) {
                break;
            }
            first = *layer;
        }
        first
    }
}

fn push(layers: &mut Vec<usize>, layer: usize) {
    if layers.last() != Some(&layer) {
        layers.push(layer);
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Os,
    Language,
}

fn package_facts<'a>(
    squashed: &'a Squashed<'_>,
    kind: Kind,
    archives: &'a Archives,
) -> impl Iterator<Item = (&'a Placed<'a>, &'a PackageFact)> {
    let stated = squashed.facts.iter().enumerate();
    let stated = stated.filter_map(move |(place, placed)| match &placed.fact.body {
        FactBody::Package(package)
            if placed.counts()
                && package.is_installed_by_os() == (kind == Kind::Os)
                && archives.replaced.binary_search(&place).is_err() =>
        {
            Some((placed, &**package))
        }
        _ => None,
    });
    let known = archives.known.iter();
    let known = known.filter_map(|(place, fact)| Some((squashed.facts.get(*place)?, fact)));
    stated.chain(known)
}

/// Packages with all their places; one that several files state is one package.
fn packages(squashed: &Squashed<'_>, introduced: &Introduced<'_>, kind: Kind) -> Vec<Package> {
    collect(squashed, introduced, kind, &Archives::default(), |_| None)
}

fn packages_of_languages(
    squashed: &Squashed<'_>,
    introduced: &Introduced<'_>,
    owners: &Owners<'_>,
    archives: &Archives,
) -> Vec<Package> {
    let mut packages = collect(squashed, introduced, Kind::Language, archives, |path| {
        owners.owner(path)
    });
    drop_shadowed(&mut packages);
    drop_described(&mut packages, squashed);
    // A program that an OS package ships is that package.
    packages.retain(|package| package.owner.is_none() || !is_program(&package.fact));
    packages
}

/// Whether a package is one program or library, which says itself what it is.
fn is_program(package: &PackageFact) -> bool {
    match package.ecosystem {
        Ecosystem::Generic => true,
        Ecosystem::Nuget => package.evidence == EvidenceKind::Compiled,
        other => other.is_os(),
    }
}

fn collect(
    squashed: &Squashed<'_>,
    introduced: &Introduced<'_>,
    kind: Kind,
    archives: &Archives,
    owner: impl Fn(&ImagePath) -> Option<PackageIndex>,
) -> Vec<Package> {
    let mut found: Vec<(&PackageFact, Option<PackageIndex>, &Placed<'_>)> =
        package_facts(squashed, kind, archives)
            .map(|(placed, fact)| (fact, owner(&placed.path), placed))
            .collect();
    found.sort_by(|a, b| (a.0, a.1).cmp(&(b.0, b.1)));
    let same = |a: &(&PackageFact, Option<PackageIndex>, &Placed<'_>),
                b: &(&PackageFact, Option<PackageIndex>, &Placed<'_>)| {
        a.1 == b.1
            && (a.0 == b.0
                || is_told_in_parts(a.0.ecosystem)
                    && identity(a.0) == identity(b.0)
                    && a.0.distribution == b.0.distribution)
    };
    found
        .chunk_by(same)
        .filter_map(|places| {
            let (fact, owner, first) = places.first()?;
            let mut locations: Vec<Location> = places
                .iter()
                .map(|(_, _, placed)| Location {
                    path: placed.path.clone(),
                    layer: placed.layer,
                    introduced: introduced.layer(&placed.path, fact, placed.layer),
                })
                .collect();
            locations.sort();
            locations.dedup();
            Some(Package {
                fact: joined(fact, places.iter().map(|(fact, _, _)| *fact)),
                locations,
                analyzer: first.fact.analyzer.clone(),
                owner: *owner,
                repository: None,
                presence: places
                    .iter()
                    .map(|(_, _, placed)| placed.presence())
                    .min()
                    .unwrap_or(Presence::Visible),
                purl: String::new(),
            })
        })
        .collect()
}

/// Whether one installer describes a package in several files, such as opkg in `status` and in `.control`, or
/// Homebrew in its receipt and in the formula.
fn is_told_in_parts(ecosystem: Ecosystem) -> bool {
    ecosystem.is_os() || ecosystem == Ecosystem::Brew
}

/// What several files say of one package; each adds what those before it left out.
fn joined<'a>(first: &PackageFact, all: impl Iterator<Item = &'a PackageFact>) -> PackageFact {
    let mut fact = first.clone();
    for other in all {
        // A record without a source package makes the package its own source.
        let is_own = fact
            .source
            .as_ref()
            .is_none_or(|source| source.name == fact.name && source.version == fact.version);
        if is_own && other.source.is_some() {
            fact.source.clone_from(&other.source);
        }
        if fact.licenses.is_empty() {
            fact.licenses.clone_from(&other.licenses);
        }
        if fact.depends.is_empty() {
            fact.depends.clone_from(&other.depends);
        }
        fact.maker = fact.maker.or_else(|| other.maker.clone());
        fact.module = fact.module.or_else(|| other.module.clone());
        fact.digest = fact.digest.or_else(|| other.digest.clone());
    }
    fact
}

/// Which OS package ships a file, for the files that facts are about.
struct Owners<'a> {
    /// Files with an owner.
    files: HashMap<&'a ImagePath, PackageIndex>,
}

/// Takes the first bytes of a key for its hash: a key is a hash already.
#[derive(Default)]
struct KeyHasher(u64);

impl Hasher for KeyHasher {
    fn write(&mut self, bytes: &[u8]) {
        if let Some(first) = bytes.first_chunk::<8>() {
            self.0 = u64::from_le_bytes(*first);
        }
    }

    fn write_usize(&mut self, _: usize) {}

    fn finish(&self) -> u64 {
        self.0
    }
}

impl<'a> Owners<'a> {
    /// Asks all lists of files for the few files that matter, because an image has many times more files than
    /// facts about them.
    fn of(squashed: &'a Squashed<'_>, packages: &[Package]) -> Self {
        let mut files = HashMap::new();
        let control = ControlFiles::of(packages);
        let mut keys: Vec<(PathKey, &ImagePath)> = Vec::new();
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
                let alias = format!("{link}{rest}");
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
    fn add_noted(
        &mut self,
        squashed: &'a Squashed<'_>,
        packages: &[Package],
        os: Option<&OperatingSystem>,
        archives: &'a Archives,
    ) {
        let mut installed: HashMap<(Ecosystem, &str, &str), PackageIndex> = HashMap::new();
        for (placed, note) in package_facts(squashed, Kind::Language, archives) {
            if !note.ecosystem.is_os() || self.files.contains_key(&placed.path) {
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

    fn owner(&self, path: &ImagePath) -> Option<PackageIndex> {
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
        | FactBody::Secret(_)
        | FactBody::JavaArchive(_)
        | FactBody::Claim(_) => true,
        FactBody::OsRelease(_)
        | FactBody::Owns(_)
        | FactBody::Account(_)
        | FactBody::Licenses(_)
        | FactBody::InstalledFrom(_)
        | FactBody::ContentSets(_)
        | FactBody::Provides(_) => false,
    }
}

/// What the lists of OS packages say of these keys; of several lists the last one.
fn listed(
    squashed: &Squashed<'_>,
    packages: &[Package],
    keys: &[(PathKey, &ImagePath)],
) -> HashMap<PathKey, Option<PackageIndex>, BuildHasherDefault<KeyHasher>> {
    let mut asked: HashMap<_, _, BuildHasherDefault<KeyHasher>> =
        keys.iter().map(|(key, _)| (*key, None)).collect();
    if asked.is_empty() {
        return asked;
    }
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
            if let Some(answer) = asked.get_mut(file) {
                *answer = Some(owner);
            }
        }
    }
    asked
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

fn accounts(squashed: &Squashed<'_>) -> Vec<Account> {
    counting(squashed)
        .filter_map(|placed| match &placed.fact.body {
            FactBody::Account(account) => Some(account.clone()),
            _ => None,
        })
        .collect()
}

/// The content sets of all layers: each layer has a manifest of its own.
fn content_sets(squashed: &Squashed<'_>) -> Vec<String> {
    let sets: std::collections::BTreeSet<&String> = counting(squashed)
        .filter_map(|placed| match &placed.fact.body {
            FactBody::ContentSets(sets) => Some(sets),
            _ => None,
        })
        .flatten()
        .collect();
    sets.into_iter().cloned().collect()
}

/// Secrets of every layer; one that stays the same in a file over several layers is one secret.
fn secrets(squashed: &Squashed<'_>, owners: &Owners<'_>) -> Vec<LocatedSecret> {
    let mut found: BTreeMap<(&ImagePath, &str, &str), LocatedSecret> = BTreeMap::new();
    for placed in &squashed.facts {
        let FactBody::Secret(secret) = &placed.fact.body else {
            continue;
        };
        let key = (
            &placed.path,
            secret.rule.as_str(),
            secret.fingerprint.as_str(),
        );
        let entry = found.entry(key).or_insert_with(|| LocatedSecret {
            secret: secret.clone(),
            location: Location {
                path: placed.path.clone(),
                layer: placed.layer,
                introduced: placed.layer,
            },
            presence: placed.presence(),
            owner: owners.owner(&placed.path),
        });
        entry.location.layer = placed.layer;
        entry.presence = placed.presence();
    }
    let mut secrets: Vec<LocatedSecret> = found.into_values().collect();
    secrets.sort();
    secrets
}

fn executables(
    squashed: &Squashed<'_>,
    packages: &[Package],
    owners: &Owners<'_>,
) -> Vec<LocatedExecutable> {
    let described: std::collections::HashSet<&ImagePath> = packages
        .iter()
        .filter(|package| package.fact.evidence == EvidenceKind::Compiled)
        .flat_map(|package| package.locations.iter().map(|location| &location.path))
        .collect();
    let shipped = LanguageFolders::of(packages);
    let mut found: Vec<LocatedExecutable> = counting(squashed)
        .filter_map(|placed| match &placed.fact.body {
            FactBody::Executable(executable) => Some(LocatedExecutable {
                executable: executable.clone(),
                location: Location {
                    path: placed.path.clone(),
                    layer: placed.layer,
                    introduced: placed.layer,
                },
                owner: owners.owner(&placed.path),
                described: described.contains(&placed.path) || shipped.contain(&placed.path),
            }),
            _ => None,
        })
        .collect();
    found.sort_by(|a, b| a.location.cmp(&b.location));
    found
}

/// The folders of installed language packages: a compiled module that lies in one came with the package.
struct LanguageFolders(std::collections::HashSet<String>);

impl LanguageFolders {
    fn of(packages: &[Package]) -> Self {
        let mut folders = std::collections::HashSet::new();
        for package in packages {
            for location in &package.locations {
                let folder = location.path.parent();
                match package.fact.ecosystem {
                    Ecosystem::Npm => folders.extend(folder.map(|f| f.as_str().to_owned())),
                    // Modules lie beside `NAME.dist-info`, in `site-packages`.
                    Ecosystem::Pypi => {
                        let site = folder.and_then(|folder| folder.parent());
                        folders.extend(site.map(|site| site.as_str().to_owned()));
                    }
                    _ => {}
                }
            }
        }
        folders.remove("");
        Self(folders)
    }

    fn contain(&self, path: &ImagePath) -> bool {
        !self.0.is_empty() && path.ancestors().any(|above| self.0.contains(above))
    }
}

fn coverage(layers: &[LayerFacts], executables: &[LocatedExecutable]) -> Coverage {
    let unexplained: Vec<ImagePath> = executables
        .iter()
        .filter(|found| found.owner.is_none() && !found.described)
        .map(|found| found.location.path.clone())
        .collect();
    let mut opaque: BTreeMap<Opaque, Vec<ImagePath>> = BTreeMap::new();
    for found in executables.iter().filter(|found| found.owner.is_none()) {
        if let Some(why) = found.executable.opaque {
            let path = found.location.path.clone();
            opaque.entry(why).or_default().push(path);
        }
    }
    let total = executables.len() as u64;
    Coverage {
        entries: layers.iter().map(|layer| layer.entries).sum(),
        executables: total,
        explained: total.saturating_sub(unexplained.len() as u64),
        unexplained,
        opaque,
        ..Coverage::default()
    }
}

/// What the facts together show to be missing.
fn blind_spots(
    os: Option<&OperatingSystem>,
    packages: &[Package],
    coverage: &Coverage,
) -> Vec<Problem> {
    let os_packages = packages
        .iter()
        .any(|package| package.fact.is_installed_by_os());
    let mut problems = Vec::new();
    // An image of busybox and nothing else has no packages to have a database of.
    let os = os.filter(|os| os_packages || os.release.id != "busybox");
    match os {
        None if os_packages => problems.push(Problem::blind(
            Stage::Squash,
            "operating system",
            "there are OS packages, but no file says which distribution they belong to",
        )),
        None if !coverage.unexplained.is_empty() => problems.push(Problem::blind(
            Stage::Squash,
            "operating system",
            "no file says which distribution this is, and there are programs that no package explains",
        )),
        Some(os) if !os_packages => problems.push(Problem::blind(
            Stage::Squash,
            os.release.display(),
            "the image says that it is this distribution, but has no package database",
        )),
        _ => {}
    }
    if !coverage.unexplained.is_empty() && (os.is_some() || os_packages) {
        problems.push(Problem::gap(
            Stage::Squash,
            "programs",
            format!(
                "{} of {} programs and libraries belong to no package, the first is `{}`",
                coverage.unexplained.len(),
                coverage.executables,
                coverage.unexplained.first().map_or("", ImagePath::as_str),
            ),
        ));
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;
    use plimsoll_model::fact::{Executable, Fact, OsRelease, SourcePackage, Toolchain};

    #[test]
    fn what_two_files_say_of_a_package_is_joined() {
        let source = |name: &str| {
            Some(SourcePackage {
                name: name.into(),
                version: "3.0.13-1".into(),
            })
        };
        let status = PackageFact {
            source: source("libopenssl3"),
            depends: vec!["libc".into()],
            ..PackageFact::new(Ecosystem::Opkg, "libopenssl3", "3.0.13-1")
        };
        let control = PackageFact {
            source: source("openssl"),
            licenses: vec!["Apache-2.0".into()],
            ..PackageFact::new(Ecosystem::Opkg, "libopenssl3", "3.0.13-1")
        };
        for pair in [[&status, &control], [&control, &status]] {
            let fact = joined(pair[0], pair.into_iter());
            assert_eq!(fact.source, source("openssl"));
            assert_eq!(fact.licenses, ["Apache-2.0"]);
            assert_eq!(fact.depends, ["libc"]);
        }
    }

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
        })
    }

    /// Names and versions of the packages, and whether every program is explained.
    fn told(facts: Vec<(&str, FactBody)>) -> (Vec<String>, bool) {
        let derived = derive(&[layer(facts)]);
        let packages = derived.packages.iter();
        let packages = packages.map(|one| format!("{} {}", one.fact.name, one.fact.version));
        (packages.collect(), derived.coverage.unexplained.is_empty())
    }

    #[test]
    fn a_program_of_an_installed_package_is_that_package() {
        let owns = FactBody::Owns(plimsoll_model::fact::Ownership {
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
        let derived = derive(&[layer(facts)]);
        assert_eq!(derived.packages.len(), 1);
        let blind = |problem: &Problem| problem.reason.contains("has no package database");
        assert!(derived.problems.iter().any(blind));
    }
}
