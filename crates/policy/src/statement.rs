//! What somebody says of flaws in products, whatever the format, and what of it is about this image.
//!
//! Products are matched strictly, for a statement that is too broad hides a flaw: an image by its digest (or by
//! its repository, where the statement names no digest), a package by every part of the package URL that the
//! statement gives. A statement without a product, or about something that has no such name, matches nothing
//! and is told.

use globset::GlobMatcher;
use jiff::Timestamp;
use plimsoll_model::advisory::FixState;
use plimsoll_model::facts::{ImageFacts, Package};
use plimsoll_model::finding::Finding;
use plimsoll_model::image::Subject;
use plimsoll_model::purl::{self, Parsed};
use plimsoll_model::triage::TriageState;
use plimsoll_model::{Digest, Ecosystem};
use regex::Regex;

/// One statement of a document.
#[derive(Debug, Clone)]
pub struct Statement {
    /// The document.
    pub source: String,
    /// Which flaws.
    pub flaws: Flaws,
    /// In what.
    pub scope: Scope,
    /// What is said.
    pub state: TriageState,
    /// The word of VEX for why; empty for none.
    pub justification: String,
    /// Why, in words; may be empty.
    pub reason: String,
    /// Who; may be empty.
    pub by: String,
    /// When it was said.
    pub made: Option<Timestamp>,
    /// The moment from which it no longer holds; `None` for never.
    pub ends: Option<Timestamp>,
}

/// Which flaws a statement is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Flaws {
    /// Those that bear one of these ids, as their own, as an alias or as the record's.
    Named(Vec<String>),
    /// Those whose own id is this: peers that compare the id that they show, and no alias.
    Shown(String),
    /// Those that Grype would show under this id: the record's of GitHub for packages of languages.
    OfGrype(String),
    /// Every flaw of what the scope names.
    All,
}

/// In what a flaw is.
#[derive(Debug, Clone)]
pub enum Scope {
    /// In one of these products.
    Products(Vec<Product>),
    /// In every package for which each of these holds; in any where there is none.
    Where(Vec<Condition>),
}

/// A product: an image, a package, or a package of an image.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Product {
    /// The image, by any of these names; no image is asked for where there is none.
    pub images: Vec<ImageName>,
    /// The package; the whole image where there is none.
    pub package: Option<Parsed>,
}

/// A name of an image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ImageName {
    /// Digest of its manifest, of the index, or of its configuration.
    Digest(Digest),
    /// A package URL of the type `oci`.
    Oci(Parsed),
}

/// What an ignore rule asks of a package.
#[derive(Debug, Clone)]
pub enum Condition {
    /// Every place of the package is under one of these globs.
    Paths(Vec<GlobMatcher>),
    /// One of these package URLs covers its own.
    Purls(Vec<Parsed>),
    /// Its name matches as a whole.
    Name(Regex),
    /// The name of its source package matches as a whole.
    Source(Regex),
    /// Its version is this text.
    Version(String),
    /// It is of one of these ecosystems.
    Ecosystems(Vec<Ecosystem>),
    /// Whether there is a fix is one of these.
    Fix(Fix),
}

/// The words of Grype for whether there is a fix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fix {
    /// A version fixes it.
    Fixed,
    /// No fix is known.
    NotFixed,
    /// There will be none.
    WontFix,
    /// It is not known.
    Unknown,
}

/// Package URLs that name an image and not a package.
const IMAGES: &[&str] = &["oci"];

impl Product {
    /// The product of an identifier: a package URL of a package or of an image, or a digest. `None` for
    /// anything else, which cannot be held against an image.
    pub(crate) fn of(identifier: &str) -> Option<Self> {
        if let Some(parsed) = purl::parse(identifier) {
            return Some(if IMAGES.contains(&parsed.kind.as_str()) {
                Self::image(ImageName::Oci(parsed))
            } else {
                let package = Some(parsed);
                Self {
                    images: Vec::new(),
                    package,
                }
            });
        }
        let digest = identifier.parse().ok()?;
        Some(Self::image(ImageName::Digest(digest)))
    }

    fn image(name: ImageName) -> Self {
        Self {
            images: vec![name],
            package: None,
        }
    }

    fn covers(&self, subject: &Subject, package: Option<&Parsed>) -> bool {
        let image = self.images.is_empty() || self.images.iter().any(|name| name.names(subject));
        let package = match (&self.package, package) {
            (None, _) => !self.images.is_empty(),
            (Some(asked), Some(own)) => asked.covers(own),
            (Some(_), None) => false,
        };
        image && package
    }
}

impl ImageName {
    fn names(&self, subject: &Subject) -> bool {
        let is_own = |digest: &Digest| {
            let own = [
                &subject.manifest_digest,
                &subject.index_digest,
                &subject.image_id,
            ];
            own.iter().any(|own| own.as_ref() == Some(digest))
        };
        match self {
            Self::Digest(digest) => is_own(digest),
            Self::Oci(asked) => {
                let repository = subject.repository.as_deref();
                let last = repository.and_then(|name| name.rsplit('/').next());
                let named = last.is_none_or(|last| last == asked.name);
                let at = asked.qualifiers.get("repository_url");
                let kept = at.is_none_or(|at| repository == Some(at.as_str()));
                let tag = asked.qualifiers.get("tag");
                let tagged = tag.is_none_or(|tag| subject.tag.as_ref() == Some(tag));
                let exact = match asked.version.parse::<Digest>() {
                    Ok(digest) => is_own(&digest),
                    // A name alone may be anybody's.
                    Err(_) => asked.version.is_empty() && at.is_some(),
                };
                named && kept && tagged && exact
            }
        }
    }
}

impl Flaws {
    /// The ids under which the statement can be found; none for those about every flaw.
    pub(crate) fn ids(&self) -> &[String] {
        match self {
            Self::Named(ids) => ids,
            Self::Shown(id) | Self::OfGrype(id) => std::slice::from_ref(id),
            Self::All => &[],
        }
    }

    fn cover(&self, finding: &Finding) -> bool {
        let ids = ids_of(finding);
        match self {
            Self::All => true,
            Self::Named(asked) => asked.iter().any(|id| ids.contains(&id.as_str())),
            Self::Shown(id) => is_shown(finding, id),
            Self::OfGrype(id) => {
                let of_github = |id: &str| id.starts_with("GHSA-");
                if ids.iter().any(|known| of_github(known)) && !is_os(finding) {
                    of_github(id) && ids.contains(&id.as_str())
                } else {
                    is_shown(finding, id)
                }
            }
        }
    }
}

/// Whether a peer that compares the id that it shows would compare this one. Of several CVE ids it may show any.
fn is_shown(finding: &Finding, id: &str) -> bool {
    finding.rule == id || several_cves(finding).contains(&id)
}

fn is_os(finding: &Finding) -> bool {
    let named = finding.package.as_ref();
    let kind = named.and_then(|named| purl::parse(&named.purl));
    let ecosystem = kind.and_then(|parsed| parsed.ecosystem());
    ecosystem.is_some_and(Ecosystem::is_os)
}

/// All ids that a flaw bears.
pub(crate) fn ids_of(finding: &Finding) -> Vec<&str> {
    let mut ids = vec![finding.rule.as_str()];
    if let Some(found) = &finding.vulnerability {
        ids.push(&found.vulnerability.id);
        ids.push(&found.reason.record);
        ids.extend(found.vulnerability.aliases.iter().map(String::as_str));
    }
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// The CVE ids of a flaw that bears several, as where one record of a feed is about more than one; else none.
pub(crate) fn several_cves(finding: &Finding) -> Vec<&str> {
    let mut ids = ids_of(finding);
    ids.retain(|id| id.starts_with("CVE-"));
    if ids.len() < 2 {
        ids.clear();
    }
    ids
}

/// Whether an id stands for a flaw with all its CVE ids: it is that of the record, and no CVE id. Another id of the
/// same issuer may share them with it (`GHSA-x7vr-c387-8w57` and `GHSA-xvc9-xwgj-4cq9` are each one half of
/// `RUSTSEC-2019-0033`), so that nobody knows of which it is; and an alias may be about one of them.
pub(crate) fn is_of_whole(finding: &Finding, id: &str) -> bool {
    fn issuer(id: &str) -> &str {
        id.split('-').next().unwrap_or(id)
    }
    let found = finding.vulnerability.as_ref();
    let is_record = found.is_some_and(|found| found.reason.record == id);
    let ids = ids_of(finding);
    let mut same = ids.iter().filter(|known| issuer(known) == issuer(id));
    is_record && issuer(id) != "CVE" && same.all(|known| *known == id)
}

/// The CVE ids of a flaw of which nothing is said where this id is named: the others, where it bears several, unless
/// the id stands for all of them.
#[must_use]
pub fn unsaid<'a>(finding: &'a Finding, id: &str) -> Vec<&'a str> {
    let mut cves = several_cves(finding);
    if is_of_whole(finding, id) {
        cves.clear();
    }
    cves.retain(|cve| *cve != id);
    cves
}

/// A finding with what statements are held against.
#[derive(Debug)]
pub(crate) struct Seen<'a> {
    pub(crate) finding: &'a Finding,
    package: Option<&'a Package>,
    purl: Option<Parsed>,
    subject: &'a Subject,
}

impl<'a> Seen<'a> {
    pub(crate) fn new(facts: &'a ImageFacts, finding: &'a Finding) -> Self {
        let package = finding.package.as_ref();
        let package = package.and_then(|named| facts.packages.get(named.index));
        Self {
            finding,
            package,
            purl: package.and_then(|package| purl::parse(&package.purl)),
            subject: &facts.subject,
        }
    }
}

impl Statement {
    /// Whether it is about this flaw, in whatever product.
    pub(crate) fn is_of_flaw(&self, seen: &Seen<'_>) -> bool {
        self.flaws.cover(seen.finding)
    }

    /// Whether it is about the package, or the image, that the finding is in.
    pub(crate) fn is_of_product(&self, seen: &Seen<'_>) -> bool {
        match &self.scope {
            Scope::Products(products) => {
                let mut products = products.iter();
                products.any(|product| product.covers(seen.subject, seen.purl.as_ref()))
            }
            Scope::Where(conditions) => conditions.iter().all(|one| one.holds(seen)),
        }
    }
}

impl Condition {
    fn holds(&self, seen: &Seen<'_>) -> bool {
        let Some(package) = seen.package else {
            return false;
        };
        let fact = &package.fact;
        match self {
            // Peers have one finding for each place: one that is not named keeps ours.
            Self::Paths(globs) => {
                let mut places = package.locations.iter().map(|place| place.path.as_str());
                !package.locations.is_empty()
                    && places.all(|path| globs.iter().any(|glob| glob.is_match(path)))
            }
            Self::Purls(purls) => {
                let own = seen.purl.as_ref();
                own.is_some_and(|own| purls.iter().any(|asked| asked.covers(own)))
            }
            Self::Name(regex) => regex.is_match(&fact.name),
            Self::Source(regex) => {
                let source = fact.source.as_ref();
                source.is_some_and(|source| regex.is_match(&source.name))
            }
            Self::Version(version) => fact.version == *version,
            Self::Ecosystems(ecosystems) => ecosystems.contains(&fact.ecosystem),
            Self::Fix(fix) => {
                let found = seen.finding.vulnerability.as_ref();
                found.is_some_and(|found| {
                    *fix == match found.fix {
                        FixState::Fixed(_) => Fix::Fixed,
                        FixState::NotFixed => Fix::NotFixed,
                        FixState::WillNotFix => Fix::WontFix,
                        // Grype has no word for it.
                        FixState::Subscription(_) => return false,
                        FixState::Unknown => Fix::Unknown,
                    }
                })
            }
        }
    }
}
