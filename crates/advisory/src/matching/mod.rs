//! Which advisories concern the packages of an image: a pure function of facts and a database.
//!
//! Packages of dpkg and apk are looked up by their source package under the key of the distribution, rpm
//! packages by their own name; language packages by ecosystem and normal name, unless an OS package installed
//! them, for then the distribution's advisories judge them. Where a whole class of packages cannot be judged
//! — an unknown distribution, a release or an ecosystem of which the database says nothing — that is a
//! [`Problem`] that makes the verdict blind: finding nothing there means nothing.
//!
//! Records of one flaw count once for each package. For language packages an affected answer of any record
//! outweighs, then an unknown one; a distribution has one feed and so one answer.

mod answer;
pub(crate) mod distribution;
mod flavour;
mod idle;
mod judge;
mod kernel;
mod lookup;
mod questions;
mod red_hat;
mod repositories;
mod severity;
mod trail;
mod vendor;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use plimsoll_model::advisory::{Applicability, Knowledge, PackageMatch, SeverityOrder};
use plimsoll_model::coverage::Judged;
use plimsoll_model::ecosystem::Kind;
use plimsoll_model::fact::{Distribution, OsRelease, PackageFact, Scope};
use plimsoll_model::facts::{ImageFacts, Package, PackageIndex};
use plimsoll_model::{Ecosystem, Effect, Problem, Stage};
use plimsoll_version::Scheme;

use crate::DatabaseError;
use crate::db::{Database, Reader, Repositories, Sources};
use crate::key::EcosystemKey;
use crate::program;
use answer::{Answer, answers};
use distribution::Found;
use lookup::Lookup;
use questions::Questions;
use repositories::{Extent, Strangers};

pub(crate) use judge::rule_text;
pub use trail::trails;

/// What matching says.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Matches {
    /// Affected and unknown, ordered by package and id.
    pub matches: Vec<PackageMatch>,
    /// What could not be judged, sorted.
    pub problems: Vec<Problem>,
    /// How many packages were looked at.
    pub judged: Judged,
    /// The ecosystems of whose advisories packages were looked up.
    pub ecosystems: BTreeSet<EcosystemKey>,
}

/// Distributions of rpm packages that publish errata and do not say what has none.
const ERRATA_ONLY: &[&str] = &[
    "AlmaLinux",
    "Amazon Linux",
    "Bottlerocket",
    "EPEL",
    "Fedora",
    "Mageia",
    "Oracle Linux",
    "Rocky Linux",
];

/// Packages that are answered before the next are looked at: enough to keep threads busy, and few enough that what is
/// only needed on the way takes no memory that counts.
const WAVE: usize = 2048;

/// Which answers are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wanted {
    /// Affected and unknown.
    Concerning,
    /// All, for explanation.
    All,
}

/// Matches every package of an image; severities by the order that stands where nobody asks for another.
#[must_use]
pub fn match_packages(facts: &ImageFacts, db: &Database) -> Matches {
    match_packages_by(facts, db, &SeverityOrder::default())
}

/// Matches every package of an image; severities by this order.
#[must_use]
pub fn match_packages_by(facts: &ImageFacts, db: &Database, order: &SeverityOrder) -> Matches {
    let mut run = Run::new(facts, db, Wanted::Concerning);
    run.order = order.clone();
    for first in (0..facts.packages.len()).step_by(WAVE) {
        let packages = facts.packages.iter().enumerate().skip(first).take(WAVE);
        let ways: Vec<_> = packages
            .map(|(index, package)| (index, package, run.way(package)))
            .collect();
        let asked: Vec<&Lookup> = ways.iter().filter_map(|(.., way)| way.lookup()).collect();
        run.questions = Questions::new(&asked, db, run.wanted, &run.order);
        for (index, package, way) in ways {
            run.take(index, package, way);
        }
    }
    run.finish()
}

/// Every advisory for one package, not affected ones and withdrawn ones too: what `explain` shows.
#[must_use]
pub fn candidates(facts: &ImageFacts, package: PackageIndex, db: &Database) -> Matches {
    let mut run = Run::new(facts, db, Wanted::All);
    if let Some(found) = facts.packages.get(package) {
        let way = run.way(found);
        run.take(package, found, way);
    }
    run.finish()
}

/// The candidates for one package that bear an id, as their own or as an alias or as the record's.
#[must_use]
pub fn explain(facts: &ImageFacts, package: PackageIndex, id: &str, db: &Database) -> Matches {
    let mut found = candidates(facts, package, db);
    found.matches.retain(|found| trail::bears(found, id));
    found
}

impl Database {
    /// Every advisory for a package that is in no image, not affected and withdrawn ones too: the name as
    /// the ecosystem writes it (the source package for dpkg and apk), its version, and an ecosystem such as
    /// `npm` or `Debian:12`. The matches bear the package index 0.
    pub fn lookup(
        &self,
        key: &EcosystemKey,
        name: &str,
        version: &str,
    ) -> Result<Vec<PackageMatch>, DatabaseError> {
        let lookup = Lookup::plain(key, name, version);
        let found = answers(
            &mut Reader::new(self),
            &lookup,
            Wanted::All,
            &SeverityOrder::default(),
        )?;
        Ok(found
            .into_iter()
            .map(|answer| answer.for_package(0))
            .collect())
    }
}

/// The first few names, and how many more there are.
fn some(names: &BTreeSet<String>) -> String {
    let shown: Vec<String> = names
        .iter()
        .take(8)
        .map(|name| format!("`{name}`"))
        .collect();
    let list = shown.join(", ");
    match names.len().saturating_sub(shown.len()) {
        0 => list,
        more => format!("{list} and {more} more"),
    }
}

struct Run<'a> {
    facts: &'a ImageFacts,
    db: &'a Database,
    reader: Reader<'a>,
    wanted: Wanted,
    order: SeverityOrder,
    keys: BTreeMap<Origin, Result<Judge, String>>,
    /// What is answered already.
    questions: Questions,
    /// Read when the first package of Red Hat is.
    repositories: Option<Arc<Repositories>>,
    /// By release; read when the first package is that does not tell its source.
    sources: BTreeMap<EcosystemKey, Arc<Sources>>,
    matches: Vec<PackageMatch>,
    problems: BTreeSet<Problem>,
    /// Packages that are not of the distribution, by vendor.
    of_others: BTreeMap<String, BTreeSet<String>>,
    /// Packages of repositories that are not known, by the release.
    strangers: BTreeMap<EcosystemKey, Strangers>,
    /// Packages of the kernel that have flaws.
    of_kernel: BTreeSet<String>,
    /// Packages that are only there as files, with their versions.
    lying: BTreeSet<String>,
    judged: Judged,
    /// What packages were looked up in.
    ecosystems: BTreeSet<EcosystemKey>,
}

/// What decides whose advisories speak of a package: the ecosystem, the distribution that a program says it was
/// built for, and whether the package manager of the image's own installed it.
type Origin = (Ecosystem, Option<Distribution>, bool);

/// Whose advisories judge the packages of an ecosystem.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Judge {
    key: EcosystemKey,
    trust: Trust,
    extent: Extent,
}

/// The way of a package to its advisories.
enum Way {
    /// It is looked up.
    To(Asked),
    /// The advisories of the OS package that installed it judge it.
    Owned(PackageIndex),
    /// It cannot be judged, and this is why; a problem says so too.
    Blind(String),
    /// It need not be judged, since no container runs it, and this is why; a note says so too.
    Idle(&'static str),
}

impl Way {
    fn lookup(&self) -> Option<&Lookup> {
        match self {
            Self::To(asked) => Some(&asked.lookup),
            Self::Owned(_) | Self::Blind(_) | Self::Idle(_) => None,
        }
    }
}

/// What to ask, and how to take the answers.
struct Asked {
    lookup: Lookup,
    /// The key of the release.
    key: EcosystemKey,
    trust: Trust,
}

/// How far the advisories are to be believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Trust {
    /// They speak of these packages.
    Own,
    /// They speak of the packages of a relative (trap T37): what they say is not known to hold here.
    Likeness,
}

impl<'a> Run<'a> {
    fn new(facts: &'a ImageFacts, db: &'a Database, wanted: Wanted) -> Self {
        Self {
            facts,
            db,
            reader: Reader::new(db),
            wanted,
            order: SeverityOrder::default(),
            keys: BTreeMap::new(),
            questions: Questions::default(),
            repositories: None,
            sources: BTreeMap::new(),
            matches: Vec::new(),
            problems: BTreeSet::new(),
            of_others: BTreeMap::new(),
            strangers: BTreeMap::new(),
            of_kernel: BTreeSet::new(),
            lying: BTreeSet::new(),
            judged: Judged::default(),
            ecosystems: BTreeSet::new(),
        }
    }

    fn take(&mut self, index: PackageIndex, package: &Package, way: Way) {
        let count = match way {
            Way::To(asked) => {
                self.judge(index, package, asked);
                &mut self.judged.judged
            }
            Way::Owned(_) => &mut self.judged.owned,
            Way::Blind(_) => &mut self.judged.blind,
            Way::Idle(_) => return,
        };
        *count = count.saturating_add(1);
    }

    /// Whose advisories judge a package.
    fn way(&mut self, package: &Package) -> Way {
        let ecosystem = package.fact.ecosystem;
        if let Some(reason) = self.idle(package) {
            return Way::Idle(reason);
        }
        if let Some(owner) = package.owner
            && ecosystem.row().kind == Kind::Language
        {
            return Way::Owned(owner);
        }
        if is_at_no_release(&package.fact) {
            let reason = "it is taken at a branch or a commit, which says no release, so that it cannot be judged";
            let subject = format!("{}@{}", package.fact.name, package.fact.version);
            self.problems
                .insert(Problem::note(Stage::Match, subject, reason));
            return Way::Blind(reason.to_owned());
        }
        // What a program says of itself does not come from a repository.
        let os = self.facts.os.as_ref();
        let os = os.filter(|_| package.fact.is_installed_by_os());
        if let Some(vendor) = os.and_then(|os| vendor::other(&os.release, package)) {
            if let Some(key) = self.key_of_epel(&vendor) {
                self.note_fixed_only(&key.key);
                return self.way_to(key, package);
            }
            let reason = format!(
                "it is of {vendor} and not of the distribution, whose advisories do not speak of it"
            );
            self.of_others
                .entry(vendor)
                .or_default()
                .insert(package.fact.name.clone());
            return Way::Blind(reason);
        }
        if let Some(way) = self.program(package) {
            return way;
        }
        match self.key(&package.fact) {
            Ok(key) => self.way_to(key, package),
            Err(reason) => Way::Blind(reason),
        }
    }

    /// The key of EPEL where the vendor makes it and the database has advisories for it.
    fn key_of_epel(&mut self, vendor: &str) -> Option<Judge> {
        let os = self.facts.os.as_ref();
        let os = os.filter(|_| vendor == "Fedora Project")?;
        let key = distribution::epel(&os.release)?;
        // The watchlist answers for whatever it has, and of EPEL that may be nothing.
        if *self.db.knowledge() == Knowledge::Watchlist && !self.db.covers(&key) {
            return None;
        }
        let extent = self.extent(&key)?;
        let trust = Trust::Own;
        Some(Judge { key, trust, extent })
    }

    /// What to ask about a package; nothing where it is of a product of which no key is known.
    fn way_to(&mut self, Judge { key, trust, extent }: Judge, package: &Package) -> Way {
        let keys = if key.base() == "Red Hat" {
            if package.repository.is_none() && self.facts.content_sets.is_empty() {
                let reason = "nothing tells from which of Red Hat's repositories packages came; the marks of their \
                              builds stand in for it";
                self.problems
                    .insert(Problem::note(Stage::Match, key.to_string(), reason));
            }
            let repositories = self.repositories();
            match red_hat::keys(&key, self.facts, package, &repositories) {
                red_hat::Stream::Keys(keys) => keys,
                red_hat::Stream::Other(product) => {
                    let reason = format!(
                        "it is of {product} and not of the release, whose advisories do not speak of it"
                    );
                    let names = self.of_others.entry(product).or_default();
                    names.insert(package.fact.name.clone());
                    return Way::Blind(reason);
                }
            }
        } else {
            vec![key.clone()]
        };
        let asked = keys.clone();
        let sources = self.sources(&key, package);
        let lookup = Lookup::new(keys, package, &sources.of(&package.fact.name));
        if let Extent::Repositories(known) = &extent
            && let Some(reason) = self.stranger(&key, known, &lookup, package)
        {
            return Way::Blind(reason);
        }
        self.ecosystems.insert(key.clone());
        self.ecosystems.extend(asked);
        Way::To(Asked { lookup, key, trust })
    }

    /// Which products Red Hat's repositories have, as far as the database tells.
    fn repositories(&mut self) -> Arc<Repositories> {
        if let Some(known) = &self.repositories {
            return Arc::clone(known);
        }
        let read = self.db.repositories().unwrap_or_else(|error| {
            let subject = "Red Hat's repositories";
            self.problems
                .insert(Problem::blind(Stage::Match, subject, error.to_string()));
            Repositories::default()
        });
        let read = Arc::new(read);
        self.repositories = Some(Arc::clone(&read));
        read
    }

    /// Of what the packages of a release are built, as far as its advisories tell; nothing for a package that tells it
    /// itself.
    fn sources(&mut self, key: &EcosystemKey, package: &Package) -> Arc<Sources> {
        if package.fact.ecosystem != Ecosystem::Deb || package.fact.source.is_some() {
            return Arc::default();
        }
        if let Some(known) = self.sources.get(key) {
            return Arc::clone(known);
        }
        let read = self.db.sources(key).unwrap_or_else(|error| {
            self.problems.insert(Problem::blind(
                Stage::Match,
                key.to_string(),
                error.to_string(),
            ));
            Sources::default()
        });
        let read = Arc::new(read);
        self.sources.insert(key.clone(), Arc::clone(&read));
        read
    }

    /// Looks a package up and keeps what is wanted of the answers.
    fn judge(&mut self, index: PackageIndex, package: &Package, asked: Asked) {
        let Asked {
            lookup,
            key: name,
            trust,
        } = asked;
        let is_of_kernel = kernel::is_of_kernel(&package.fact);
        for answer in self.answers(&lookup) {
            let mut found = answer.for_package(index);
            if found.answer != Applicability::NotAffected {
                if is_of_kernel {
                    self.of_kernel.insert(package.fact.name.clone());
                    found.answer = Applicability::NotAffected;
                    found.reason.rule =
                        format!("∅ (the kernel of the host runs); {}", found.reason.rule);
                } else if trust == Trust::Likeness {
                    by_likeness(&mut found, &name);
                }
            }
            if self.wanted == Wanted::All || found.answer != Applicability::NotAffected {
                self.matches.push(found);
            }
        }
    }

    /// Programs without a package are judged by what NVD says of them, as far as it names them.
    fn program(&mut self, package: &Package) -> Option<Way> {
        let fact = &package.fact;
        if fact.ecosystem != Ecosystem::Generic || !program::is_known(package) {
            return None;
        }
        if let Some(owner) = package.owner {
            return Some(Way::Owned(owner));
        }
        let key = EcosystemKey::new(program::KEY);
        let is_covered = self.db.covers(&key);
        let (subject, reason) = match (program::is_runtime(&fact.name), is_covered) {
            (_, false) => (
                fact.ecosystem.row().display,
                "of programs without a package NVD tells alone, and the advisory database has nothing of it, so that \
                 they cannot be judged",
            ),
            (true, true) => (
                "Java runtime",
                "Java runtimes without a package are judged by the products that NVD names; of many flaws it names \
                 Oracle's builds alone, which says nothing of another maker's",
            ),
            (false, true) => (
                fact.ecosystem.row().display,
                "programs without a package are judged by the products that NVD names, which leave out flaws that it \
                 has not analysed",
            ),
        };
        self.problems
            .insert(Problem::gap(Stage::Match, subject, reason));
        if !is_covered {
            return Some(Way::Blind(reason.to_owned()));
        }
        let (trust, extent) = (Trust::Own, Extent::Whole);
        Some(self.way_to(Judge { key, trust, extent }, package))
    }

    /// Packages of the kernel, of which flaws were not counted.
    fn tell_kernel(&mut self) {
        let names: Vec<&str> = self.of_kernel.iter().map(String::as_str).collect();
        if names.is_empty() {
            return;
        }
        let reason = "flaws of the kernel do not count: a container runs on the kernel of its host, and these files \
                      are only there; `explain` shows them";
        let problem = Problem::note(Stage::Match, names.join(", "), reason);
        self.problems.insert(problem);
    }

    /// Packages of other vendors, told once for each vendor.
    fn tell_others(&mut self) {
        for (vendor, names) in std::mem::take(&mut self.of_others) {
            let reason = format!(
                "they are not of the distribution, whose advisories do not speak of them, so that they cannot be \
                 judged: {}",
                some(&names)
            );
            self.problems.insert(Problem::gap(
                Stage::Match,
                format!("packages of {vendor}"),
                reason,
            ));
        }
    }

    /// The key under which packages of an ecosystem are looked up in this image; the reason why there is
    /// none is a problem, told once.
    fn key(&mut self, fact: &PackageFact) -> Result<Judge, String> {
        let is_installed = fact.is_installed_by_os();
        let origin = (fact.ecosystem, fact.distribution.clone(), is_installed);
        if let Some(known) = self.keys.get(&origin) {
            return known.clone();
        }
        let found = match self.find_key(fact) {
            Ok(key) => {
                self.note_fixed_only(&key.key);
                Ok(key)
            }
            Err(problem) => {
                let reason = problem.reason.clone();
                self.problems.insert(problem);
                Err(reason)
            }
        };
        self.keys.insert(origin, found.clone());
        found
    }

    /// Databases for apk, and errata, list a flaw when its fix is released, and not before.
    fn note_fixed_only(&mut self, key: &EcosystemKey) {
        if key.scheme() == Some(Scheme::Apk) || ERRATA_ONLY.contains(&key.base()) {
            let reason =
                "its advisories list flaws that have a fix; flaws without one are not to be seen";
            self.problems
                .insert(Problem::note(Stage::Match, key.to_string(), reason));
        }
    }

    fn find_key(&mut self, fact: &PackageFact) -> Result<Judge, Problem> {
        if !fact.ecosystem.is_os() || fact.is_installed_by_os() {
            return self.find_key_of(fact.ecosystem, self.facts.os.as_ref().map(|os| &os.release));
        }
        // One program of which more is known than of others blinds nobody.
        let gap = |problem: Problem| Problem {
            effect: problem.effect.min(Effect::Gap),
            ..problem
        };
        let Some(own) = &fact.distribution else {
            let release = self.facts.os.as_ref().map(|os| &os.release);
            return self.find_key_of(fact.ecosystem, release).map_err(gap);
        };
        let release = OsRelease {
            id: own.id.clone(),
            version: own.version.clone(),
            ..OsRelease::default()
        };
        let key = self.find_key_of(fact.ecosystem, Some(&release));
        key.map_err(gap)
    }

    fn find_key_of(
        &mut self,
        ecosystem: Ecosystem,
        release: Option<&OsRelease>,
    ) -> Result<Judge, Problem> {
        let row = ecosystem.row();
        let key = match row.osv_name {
            Some(name) => EcosystemKey::new(name),
            None if row.kind == Kind::Artefact => {
                let reason = if ecosystem == Ecosystem::Generic {
                    "of programs without a package NVD tells alone, and a name proves nothing; what was not recognised \
                     by its bytes, or has no name there that is known, cannot be judged"
                        .to_owned()
                } else {
                    format!(
                        "nobody publishes advisories for a {} by its name, so that it cannot be judged",
                        row.display
                    )
                };
                return Err(Problem::gap(Stage::Match, row.display, reason));
            }
            None => match distribution::key(release, ecosystem)? {
                Found::Own(key) => key,
                Found::Like(keys, none) => return self.find_like(keys, none),
            },
        };
        if let Some(extent) = self.extent(&key) {
            let trust = Trust::Own;
            return Ok(Judge { key, trust, extent });
        }
        let reason = format!(
            "the advisory database has no feed for {key}, so that its packages cannot be judged"
        );
        if let Some(release) = release.filter(|_| ecosystem.is_os()) {
            let none = Problem::blind(Stage::Match, release.display(), reason.clone());
            let like = distribution::like(release, ecosystem);
            if like.iter().any(|key| self.tells_of(key)) {
                return self.find_like(like, none);
            }
        }
        let at_run_time = |package: &Package| {
            package.fact.ecosystem == ecosystem && package.fact.scope == Scope::Runtime
        };
        if self.facts.packages.iter().any(at_run_time) {
            Err(Problem::blind(Stage::Match, key.to_string(), reason))
        } else {
            Err(Problem::note(Stage::Match, key.to_string(), reason))
        }
    }

    /// How much is known of a release; what is missing everywhere is a problem. `None` where nothing is known.
    fn extent(&mut self, key: &EcosystemKey) -> Option<Extent> {
        if self.covers(key) {
            return Some(Extent::Whole);
        }
        if let Some(problem) = self.knows_in_part(key) {
            self.problems.insert(problem);
            return Some(Extent::Whole);
        }
        let known = self.db.errata_of(key);
        if known.is_empty() {
            return None;
        }
        if !self.db.covers(&key.all_repositories()) {
            return Some(Extent::Repositories(known));
        }
        let names = known.join(", ");
        let reason = format!(
            "its repositories are taken to be those of a mirror and no others, as the mirror says: {names}"
        );
        self.problems
            .insert(Problem::note(Stage::Match, key.to_string(), reason));
        Some(Extent::Whole)
    }

    /// What is to be told of a release of which something is known, and not all.
    fn knows_in_part(&self, key: &EcosystemKey) -> Option<Problem> {
        if self.db.covers(&key.fixes()) {
            let reason = "only fixes that changelogs of its packages tell are known; flaws without a fix are not to \
                          be seen";
            return Some(Problem::gap(Stage::Match, key.to_string(), reason));
        }
        if self.db.covers(&key.some_fixes()) {
            let reason = "only fixes that changelogs of some of its packages tell are known; other packages, and \
                          flaws without a fix, cannot be judged";
            return Some(Problem::blind(Stage::Match, key.to_string(), reason));
        }
        if self.db.covers(&key.one_list()) {
            let reason = "only one list of its flaws is known, which leaves out many that others tell, and malware; \
                          what it does not say proves nothing";
            return Some(Problem::blind(Stage::Match, key.to_string(), reason));
        }
        if self.db.covers(&key.single_documents()) {
            let reason = "its advisories were given as single documents, and nothing tells whether these are all; \
                          what they say is shown, and what they do not say proves nothing";
            return Some(Problem::blind(Stage::Match, key.to_string(), reason));
        }
        None
    }

    /// The list that is compiled in covers nothing, and the report says so as a whole.
    fn covers(&self, key: &EcosystemKey) -> bool {
        *self.db.knowledge() == Knowledge::Watchlist || self.db.covers(key)
    }

    /// Whether there are advisories of a relative, all or some: what is used by likeness proves nothing anyway.
    fn tells_of(&self, key: &EcosystemKey) -> bool {
        self.covers(key) || !self.db.errata_of(key).is_empty()
    }

    /// The nearest relative of which there are advisories. They are used, and prove nothing.
    fn find_like(&mut self, keys: Vec<EcosystemKey>, none: Problem) -> Result<Judge, Problem> {
        let Some(key) = keys.into_iter().find(|key| self.tells_of(key)) else {
            return Err(none);
        };
        let reason = format!(
            "there are no advisories for this distribution; those of {key} were used for it by likeness, which \
             shows what may be wrong and proves nothing"
        );
        self.problems.insert(Problem { reason, ..none });
        let (trust, extent) = (Trust::Likeness, Extent::Whole);
        Ok(Judge { key, trust, extent })
    }

    fn answers(&mut self, lookup: &Lookup) -> Vec<Answer> {
        let answered = self.questions.take(lookup).unwrap_or_else(|| {
            let found = answers(&mut self.reader, lookup, self.wanted, &self.order);
            Arc::new(found)
        });
        let error = match Arc::try_unwrap(answered) {
            Ok(Ok(answers)) => return answers,
            Ok(Err(error)) => error.to_string(),
            Err(shared) => match shared.as_ref() {
                Ok(answers) => return answers.clone(),
                Err(error) => error.to_string(),
            },
        };
        self.problems
            .insert(Problem::blind(Stage::Match, lookup.to_string(), error));
        Vec::new()
    }

    fn finish(mut self) -> Matches {
        self.tell_others();
        self.tell_strangers();
        self.tell_kernel();
        self.tell_lying();
        self.matches.sort_by(|left, right| {
            let records = || left.reason.record.cmp(&right.reason.record);
            let ids = || left.vulnerability.id.cmp(&right.vulnerability.id);
            let packages = left.package.cmp(&right.package);
            packages.then_with(ids).then_with(records)
        });
        Matches {
            matches: self.matches,
            problems: self.problems.into_iter().collect(),
            judged: self.judged,
            ecosystems: self.ecosystems,
        }
    }
}

/// What a relative's advisories call affected may be so here.
fn by_likeness(found: &mut PackageMatch, key: &EcosystemKey) {
    let reason = &mut found.reason;
    found.answer = Applicability::Unknown;
    reason.unknown = Some(match reason.unknown.take() {
        Some(why) => format!("by likeness to {key}, where {why}"),
        None => format!("by likeness to {key}, where it is in {}", reason.rule),
    });
}

/// Whether a workflow takes an action at a branch, a commit or the tag of a major version, which move or say
/// nothing; advisories are about releases.
fn is_at_no_release(fact: &PackageFact) -> bool {
    let is_release = |version: &str| {
        let version = version.strip_prefix('v').unwrap_or(version);
        version.contains('.') && version.starts_with(|c: char| c.is_ascii_digit())
    };
    fact.ecosystem == Ecosystem::Actions && !is_release(&fact.version)
}

#[cfg(test)]
mod tests;
