//! OVAL definitions of packages that have a flaw, as vendors of RPM distributions publish them.
//!
//! Source: the OVAL language, version 5.11, and each vendor's documents. A definition of the class `patch` or
//! `vulnerability` holds for a system on which its criteria are true; they say that a release is installed, that a
//! module is enabled, of which architecture the system is, and that a package is older than a version. What a
//! criterion means is told by its test (`rpminfo_test`, with an object that names the package and states that name
//! versions), and where that is not in the document, or is about something else than a package, by its comment.
//!
//! The document is read twice, as tests follow the definitions that name them.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use plimsoll_model::Severity;

use super::document::{Document, Flow, Sink};
use super::erratum;
use super::xml::{self, Element};
use crate::FeedError;
use crate::advisory::{Advisory, Affected, Claim, Event};
use crate::key::EcosystemKey;
use crate::rating::Rating;

/// How one vendor writes.
pub(super) struct Dialect<'a> {
    /// The key where the document is about one release.
    pub(super) key: Option<EcosystemKey>,
    /// The key of a release that is installed, by its name.
    pub(super) platform: &'a dyn Fn(&str) -> Option<EcosystemKey>,
    /// The key of a product by its CPE; where a definition lists such products, its platforms do not count.
    pub(super) product: &'a dyn Fn(&str) -> Option<EcosystemKey>,
}

const ROOT: &str = "oval_definitions";
/// The deepest criteria; real ones have six levels.
const DEPTH: usize = 32;
/// The most statements of one definition.
const STATEMENTS: usize = 200_000;

/// Parses a document.
pub(super) fn parse(
    document: &Document<'_>,
    dialect: &Dialect<'_>,
    sink: &mut Sink<'_>,
) -> Result<(), FeedError> {
    let tests = Tests::read(document)?;
    let mut covered = BTreeSet::new();
    covered.extend(dialect.key.clone());
    let mut seen = false;
    xml::each(
        document,
        ROOT,
        &["definition", "timestamp"],
        &mut |element| {
            if element.name == "timestamp" {
                if let Some(date) = erratum::date(&element.text) {
                    sink.dated(date);
                }
                return Flow::GoOn;
            }
            seen = true;
            definition(&element, &tests, dialect, &mut covered, sink)
        },
    )?;
    if !seen {
        return Err(document.shape("it has no definition"));
    }
    for key in covered {
        sink.covers(key);
    }
    Ok(())
}

/// What is said of one package's version.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Condition {
    /// It is installed in whatever version.
    Any,
    /// It never has the flaw.
    Never,
    Before(String),
    UpTo(String),
    From(String),
}

/// What a criterion says.
enum Leaf {
    Package(String, Condition, Vec<String>),
    Platform(String),
    Module(String),
    Architecture(String),
    /// Nothing that matters: keys of signatures, the running kernel.
    Nothing,
    /// Something that cannot be read.
    Unknown,
}

/// Tests with the packages and states that they name.
#[derive(Default)]
struct Tests {
    asked: HashMap<Box<str>, Test>,
    objects: HashMap<Box<str>, Box<str>>,
    states: HashMap<Box<str>, State>,
}

/// An object and the states that it is held against.
struct Test {
    object: Box<str>,
    states: Vec<Box<str>>,
}

#[derive(Default)]
struct State {
    /// Comparison and version.
    evr: Option<(Box<str>, Box<str>)>,
    architectures: Box<str>,
}

impl Tests {
    fn read(document: &Document<'_>) -> Result<Self, FeedError> {
        let mut tests = Self::default();
        let records = ["rpminfo_test", "rpminfo_object", "rpminfo_state"];
        xml::each(document, ROOT, &records, &mut |element| {
            tests.take(&element);
            Flow::GoOn
        })?;
        Ok(tests)
    }

    fn take(&mut self, element: &Element) {
        let Some(id) = element.attribute("id").map(Box::from) else {
            return;
        };
        match element.name.as_str() {
            "rpminfo_test" => {
                let object = element
                    .child("object")
                    .and_then(|object| object.attribute("object_ref"))
                    .unwrap_or_default();
                let states = element
                    .children_of("state")
                    .filter_map(|state| state.attribute("state_ref"))
                    .map(Box::from)
                    .collect();
                let object = object.into();
                self.asked.insert(id, Test { object, states });
            }
            "rpminfo_object" => {
                self.objects.insert(id, element.text_of("name").into());
            }
            _ => {
                let evr = element.child("evr").map(|evr| {
                    let operation = evr.attribute("operation").unwrap_or("equals");
                    (operation.into(), evr.text.trim().into())
                });
                let architectures = element.text_of("arch").into();
                self.states.insert(id, State { evr, architectures });
            }
        }
    }

    /// What a criterion says of a package; `None` where its test does not tell.
    fn package(&self, criterion: &Element) -> Option<Leaf> {
        let Test { object, states } = self.asked.get(criterion.attribute("test_ref")?)?;
        let name = self.objects.get(object).filter(|name| !name.is_empty())?;
        let mut states = states.iter().filter_map(|state| self.states.get(state));
        let (state, (operation, version)) =
            states.find_map(|state| Some((state, state.evr.as_ref()?)))?;
        let version = without_nought(version);
        let condition = match &**operation {
            "less than" => Condition::Before(version),
            "less than or equal" => Condition::UpTo(version),
            "greater than" if version == "0-0" => Condition::Any,
            "greater than" | "greater than or equal" => Condition::From(version),
            _ => return None,
        };
        Some(Leaf::Package(
            name.to_string(),
            condition,
            architectures(&state.architectures),
        ))
    }

    fn leaf(&self, criterion: &Element) -> Leaf {
        if let Some(leaf) = self.package(criterion) {
            return leaf;
        }
        by_comment(criterion.attribute("comment").unwrap_or_default().trim())
    }
}

/// `(aarch64|x86_64)`, `^x86_64$`, `x86_64`.
fn architectures(pattern: &str) -> Vec<String> {
    pattern
        .split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

/// Packages write no epoch where it is 0.
fn without_nought(version: &str) -> String {
    version.strip_prefix("0:").unwrap_or(version).to_owned()
}

fn by_comment(comment: &str) -> Leaf {
    let package = |name: &str, condition| {
        let name = name.strip_prefix("Package ").unwrap_or(name);
        if name.is_empty() || name.contains(' ') {
            Leaf::Unknown
        } else {
            Leaf::Package(name.to_owned(), condition, Vec::new())
        }
    };
    if let Some((name, version)) = comment.split_once(" is earlier than ") {
        let version = version.split(',').next().unwrap_or(version).trim();
        return package(name, Condition::Before(without_nought(version)));
    }
    if let Some(name) = comment.strip_suffix(" is not affected") {
        return package(name, Condition::Never);
    }
    if let Some(name) = comment.strip_suffix(" is affected") {
        return package(name, Condition::Any);
    }
    let module = comment.strip_prefix("Module ");
    if let Some(module) = module.and_then(|rest| rest.strip_suffix(" is enabled")) {
        return Leaf::Module(module.to_owned());
    }
    if let Some((_, architecture)) = comment.split_once(" arch is ") {
        return Leaf::Architecture(architecture.to_owned());
    }
    if let Some(name) = comment.strip_suffix(" is installed") {
        if name.contains(' ') {
            return Leaf::Platform(name.to_owned());
        }
        // SUSE writes the version that has the repair, and the test asks for an older one.
        return match fixed(name) {
            Some((name, version)) => package(name, Condition::Before(version.to_owned())),
            None => package(name, Condition::Any),
        };
    }
    let is_nothing = [
        " is signed with ",
        " is ksplice-based",
        " must be installed",
        " is currently running",
        " is set to boot up on next boot",
        "kernel earlier than ",
    ]
    .iter()
    .any(|part| comment.contains(part));
    if is_nothing {
        Leaf::Nothing
    } else {
        Leaf::Unknown
    }
}

/// Name and `version-release` of `kernel-default-4.12.14-150.72.1`; `None` for a bare name.
fn fixed(text: &str) -> Option<(&str, &str)> {
    let release = text.rfind('-')?;
    let version = text.get(..release)?.rfind('-')?;
    let name = text.get(..version)?;
    let rest = text.get(version.saturating_add(1)..)?;
    (rest.starts_with(|c: char| c.is_ascii_digit()) && !name.is_empty()).then_some((name, rest))
}

/// What holds for all packages below a criterion.
#[derive(Debug, Clone, Default)]
struct Context {
    platforms: Vec<String>,
    module: String,
    architecture: Option<String>,
}

/// What a definition says of a package.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Statement {
    platforms: Vec<String>,
    package: String,
    module: String,
    conditions: BTreeSet<Condition>,
}

/// Statements with the architectures for which they hold; an empty text is all.
type Statements = BTreeMap<Statement, BTreeSet<String>>;

struct Walk<'a> {
    tests: &'a Tests,
    found: Statements,
    unknown: BTreeSet<String>,
}

impl Walk<'_> {
    fn criteria(&mut self, criteria: &Element, context: &Context, depth: usize) {
        if depth > DEPTH || self.found.len() > STATEMENTS {
            self.unknown.insert("its criteria are too large".to_owned());
            return;
        }
        if criteria.attribute("negate") == Some("true") {
            self.unknown.insert("a negated criteria".to_owned());
            return;
        }
        let is_and = criteria.attribute("operator") != Some("OR");
        let mut context = context.clone();
        let mut packages: BTreeMap<String, (BTreeSet<Condition>, Vec<String>)> = BTreeMap::new();
        for criterion in criteria.children_of("criterion") {
            match self.tests.leaf(criterion) {
                Leaf::Package(name, condition, architectures) if is_and => {
                    let entry = packages.entry(name).or_default();
                    entry.0.insert(condition);
                    entry.1.extend(architectures);
                }
                Leaf::Package(name, condition, architectures) => {
                    let conditions = [condition].into_iter().collect();
                    self.say(&context, name, conditions, architectures);
                }
                Leaf::Platform(name) if is_and => context.platforms = vec![name],
                Leaf::Module(name) if is_and => context.module = name,
                Leaf::Architecture(name) if is_and => context.architecture = Some(name),
                Leaf::Unknown => {
                    let comment = criterion.attribute("comment").unwrap_or_default();
                    self.unknown.insert(format!(
                        "the criterion `{}`",
                        comment.chars().take(120).collect::<String>()
                    ));
                }
                _ => {}
            }
        }
        if is_and {
            for below in criteria.children_of("criteria") {
                if let Some(platforms) = self.platforms(below) {
                    context.platforms = platforms;
                }
            }
        }
        for (name, (conditions, architectures)) in packages {
            self.say(&context, name, conditions, architectures);
        }
        for below in criteria.children_of("criteria") {
            if !is_and || self.platforms(below).is_none() {
                self.criteria(below, &context, depth.saturating_add(1));
            }
        }
    }

    /// The platforms of a criteria that names nothing else, of which one must be installed.
    fn platforms(&self, criteria: &Element) -> Option<Vec<String>> {
        if criteria.children_of("criteria").next().is_some() {
            return None;
        }
        let platforms: Option<Vec<String>> = criteria
            .children_of("criterion")
            .map(|criterion| match self.tests.leaf(criterion) {
                Leaf::Platform(name) => Some(name),
                _ => None,
            })
            .collect();
        platforms.filter(|platforms| !platforms.is_empty())
    }

    fn say(
        &mut self,
        context: &Context,
        package: String,
        mut conditions: BTreeSet<Condition>,
        mut architectures: Vec<String>,
    ) {
        if conditions.len() > 1 {
            // A bound says more than that it is installed.
            conditions.remove(&Condition::Any);
        }
        architectures.extend(context.architecture.clone());
        let statement = Statement {
            platforms: context.platforms.clone(),
            package,
            module: context.module.clone(),
            conditions,
        };
        let all = self.found.entry(statement).or_default();
        if architectures.is_empty() {
            all.insert(String::new());
        }
        all.extend(architectures);
    }
}

fn definition(
    element: &Element,
    tests: &Tests,
    dialect: &Dialect<'_>,
    covered: &mut BTreeSet<EcosystemKey>,
    sink: &mut Sink<'_>,
) -> Flow {
    let class = element.attribute("class").unwrap_or_default();
    if !matches!(class, "patch" | "vulnerability") {
        return Flow::GoOn;
    }
    let empty = Element::default();
    let metadata = element.child("metadata").unwrap_or(&empty);
    let about = metadata.child("advisory").unwrap_or(metadata);
    let title = metadata.text_of("title");
    let flaws = flaws(metadata, about);
    let record = record(title, &flaws);
    let Some(record) = record else {
        let id = element.attribute("id").unwrap_or_default();
        sink.problem(id, "a definition without an id of an erratum or a flaw");
        return Flow::GoOn;
    };
    let mut walk = Walk {
        tests,
        found: Statements::new(),
        unknown: BTreeSet::new(),
    };
    if let Some(criteria) = element.child("criteria") {
        walk.criteria(criteria, &Context::default(), 0);
    }
    for what in &walk.unknown {
        sink.problem(record.clone(), format!("{what} is not understood"));
    }
    let affected = affected(walk.found, metadata, about, dialect);
    covered.extend(affected.iter().map(|affected| affected.ecosystem.clone()));
    let advisory = Advisory {
        record: record.clone(),
        id: record,
        word: Severity::from_word(about.text_of("severity")),
        title: title.split_whitespace().collect::<Vec<_>>().join(" "),
        description: metadata.text_of("description").to_owned(),
        published: date(about, "issued").or_else(|| erratum::date(about.text_of("advisory_date"))),
        modified: date(about, "updated"),
        references: metadata
            .children_of("reference")
            .filter_map(|reference| reference.attribute("ref_url"))
            .map(str::to_owned)
            .collect(),
        affected,
        ..Advisory::default()
    };
    if erratum::is_beyond_belief(flaws.len(), advisory.affected.len()) {
        let reason = "it names more flaws and packages than any definition has";
        sink.problem(advisory.record, reason);
        return Flow::GoOn;
    }
    if flaws.is_empty() {
        return erratum::take(advisory, std::iter::empty(), sink);
    }
    for (id, flaw) in flaws {
        let mut one = Advisory {
            id,
            ..advisory.clone()
        };
        one.word = flaw.word.or(one.word);
        one.ratings = flaw.ratings;
        if sink.advisory(one) == Flow::Stop {
            return Flow::Stop;
        }
    }
    Flow::GoOn
}

/// What a definition says of one of its flaws.
#[derive(Default)]
struct Rated {
    word: Option<Severity>,
    ratings: Vec<Rating>,
}

fn flaws(metadata: &Element, about: &Element) -> BTreeMap<String, Rated> {
    let mut flaws: BTreeMap<String, Rated> = BTreeMap::new();
    for cve in about.children_of("cve") {
        for id in erratum::cves(&cve.text) {
            let rated = flaws.entry(id).or_default();
            rated.word = cve.attribute("impact").and_then(Severity::from_word);
            for name in ["cvss4", "cvss3", "cvss2"] {
                // `8.1/CVSS:3.0/AV:N/…`; the score is computed from the vector.
                let vector = cve.attribute(name).and_then(|text| text.split_once('/'));
                let rating = vector.and_then(|(_, vector)| Rating::from_vector(vector).ok());
                rated.ratings.extend(rating);
            }
        }
    }
    for reference in metadata.children_of("reference") {
        let source = reference.attribute("source").unwrap_or_default();
        if source.ends_with("CVE") {
            for id in erratum::cves(reference.attribute("ref_id").unwrap_or_default()) {
                flaws.entry(id).or_default();
            }
        }
    }
    flaws
}

/// The erratum that the title begins with, else the flaw if it is one alone.
fn record(title: &str, flaws: &BTreeMap<String, Rated>) -> Option<String> {
    const ERRATA: &[&str] = &[
        "RHSA-", "RHBA-", "RHEA-", "ELSA-", "ELBA-", "ELEA-", "PHSA-",
    ];
    let first = title.split_whitespace().next().unwrap_or_default();
    let first = first.trim_end_matches(':');
    if ERRATA.iter().any(|prefix| first.starts_with(prefix)) {
        return Some(first.to_owned());
    }
    flaws.keys().next().cloned()
}

fn date(about: &Element, name: &str) -> Option<jiff::Timestamp> {
    erratum::date(about.child(name)?.attribute("date")?)
}

fn affected(
    found: Statements,
    metadata: &Element,
    about: &Element,
    dialect: &Dialect<'_>,
) -> Vec<Affected> {
    let list = about.child("affected_cpe_list");
    let products: BTreeSet<EcosystemKey> = list
        .iter()
        .flat_map(|list| list.children_of("cpe"))
        .filter_map(|cpe| (dialect.product)(cpe.text.trim()))
        .collect();
    let resolutions = resolutions(about);
    let is_not_applicable = metadata.text_of("patchable") == "Not Applicable";
    let mut all = Vec::new();
    for (statement, architectures) in found {
        let claim = if is_not_applicable {
            Claim::Never
        } else {
            claim(&statement.conditions)
        };
        let mut keys = products.clone();
        if keys.is_empty() {
            let platforms = statement.platforms.iter();
            keys.extend(platforms.filter_map(|name| (dialect.platform)(name)));
            keys.extend(dialect.key.clone());
        }
        let state = resolutions.get(statement.package.as_str()).copied();
        for key in keys {
            let mut affected = Affected::new(key, statement.package.clone(), claim.clone());
            affected.module.clone_from(&statement.module);
            affected.architectures = erratum::architectures(&architectures);
            if let Some(state) = state {
                affected.outlook = erratum::outlook(state);
                state.clone_into(&mut affected.note);
            }
            all.push(affected);
        }
    }
    all
}

/// What Red Hat says of components that have no fix: `Will not fix`, `Affected` and so on.
fn resolutions(about: &Element) -> BTreeMap<&str, &str> {
    let mut states = BTreeMap::new();
    for list in about.children_of("affected") {
        for resolution in list.children_of("resolution") {
            let state = resolution.attribute("state").unwrap_or_default();
            for component in resolution.children_of("component") {
                // Components of modules are written `nodejs:12/nodejs`.
                let name = component.text.trim();
                let name = name.rsplit('/').next().unwrap_or(name);
                states.insert(name, state);
            }
        }
    }
    states
}

fn claim(conditions: &BTreeSet<Condition>) -> Claim {
    if conditions.contains(&Condition::Never) {
        return Claim::Never;
    }
    let mut from = "0".to_owned();
    let mut end = None;
    for condition in conditions {
        match condition {
            Condition::Any | Condition::Never => {}
            Condition::From(version) => version.clone_into(&mut from),
            Condition::Before(version) => end = Some(Event::Fixed(version.clone())),
            Condition::UpTo(version) => end = Some(Event::LastAffected(version.clone())),
        }
    }
    Claim::Versions {
        ranges: vec![[Event::Introduced(from)].into_iter().chain(end).collect()],
        listed: Vec::new(),
    }
}

/// No release of its own.
pub(super) fn none(_: &str) -> Option<EcosystemKey> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_tell_what_tests_do_not() {
        let told = |comment: &str| match by_comment(comment) {
            Leaf::Package(name, condition, _) => format!("{name} {condition:?}"),
            Leaf::Platform(name) => format!("platform {name}"),
            Leaf::Module(name) => format!("module {name}"),
            Leaf::Architecture(name) => format!("arch {name}"),
            Leaf::Nothing => "nothing".to_owned(),
            Leaf::Unknown => "unknown".to_owned(),
        };
        for (comment, expected) in [
            (
                "openssl is earlier than 0:1.1-2.el8",
                "openssl Before(\"1.1-2.el8\")",
            ),
            (
                "Package golang is earlier than 1.20.7-1, affected by CVE-2023-29404",
                "golang Before(\"1.20.7-1\")",
            ),
            (
                "Red Hat Enterprise Linux 8 is installed",
                "platform Red Hat Enterprise Linux 8",
            ),
            ("Module postgresql:13 is enabled", "module postgresql:13"),
            ("Oracle Linux arch is aarch64", "arch aarch64"),
            ("rpm-libs is installed", "rpm-libs Any"),
            (
                "kernel-default-4.12.14-150.72.1 is installed",
                "kernel-default Before(\"4.12.14-150.72.1\")",
            ),
            ("kernel-source is not affected", "kernel-source Never"),
            ("openssl is signed with the Oracle Linux 8 key", "nothing"),
            ("the moon is full", "unknown"),
        ] {
            assert_eq!(told(comment), expected);
        }
    }
}
