//! What every bill of materials says, whatever its format: references, relations, properties, licences.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use jiff::Timestamp;
use plimsoll_model::assessment::Assessment;
use plimsoll_model::fact::{EvidenceKind, Scope};
use plimsoll_model::facts::{ImageFacts, Package, PackageIndex, Presence};
use plimsoll_model::{Digest, Ecosystem, purl};

/// What a bill of materials is about, and who writes it.
#[derive(Debug, Clone, Copy)]
pub struct Bill<'a> {
    /// The image.
    pub facts: &'a ImageFacts,
    /// Version of the program.
    pub program: &'a str,
    /// The time that the document carries; `None` takes that of the image, so that the same image gives the
    /// same bytes.
    pub created: Option<Timestamp>,
    /// The commit whose dependencies GitHub is told of.
    pub commit: Option<&'a Commit>,
    /// What advisories say of the packages, for formats with room for it that were asked for it.
    pub assessment: Option<&'a Assessment>,
}

/// A build on GitHub, which a dependency snapshot must name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Commit {
    /// The commit, 40 hexadecimal digits.
    pub sha: String,
    /// The full name of the branch or tag, `refs/heads/main`.
    pub reference: String,
    /// Number of the run.
    pub run: String,
    /// What tells this job from others of the same commit.
    pub correlator: String,
}

impl Bill<'_> {
    /// The time of the document, to the second.
    pub(crate) fn time(&self) -> Option<Timestamp> {
        let image = || self.facts.config.created.as_deref()?.parse().ok();
        self.created.or_else(image)
    }

    /// The time as text, for formats that must have one: an image that tells none has the start of time.
    pub(crate) fn time_or_start(&self) -> String {
        stamp(self.time().unwrap_or(Timestamp::UNIX_EPOCH))
    }

    /// Name of what is described, without tag and digest.
    pub(crate) fn name(&self) -> &str {
        let subject = &self.facts.subject;
        subject.repository.as_ref().unwrap_or(&subject.requested)
    }

    /// The digest that names the image best.
    pub(crate) fn digest(&self) -> Option<&Digest> {
        let subject = &self.facts.subject;
        subject
            .manifest_digest
            .as_ref()
            .or(subject.image_id.as_ref())
    }

    /// Tag, or else digest.
    pub(crate) fn version(&self) -> Option<String> {
        let tag = self.facts.subject.tag.clone();
        tag.or_else(|| self.digest().map(ToString::to_string))
    }

    /// A UUID (RFC 9562, version 8) made of what the document says, so that the same content has the same.
    pub(crate) fn uuid(&self, format: &str) -> String {
        let mut text = format!("{format}\n{}\n{}\n", self.program, self.name());
        let _ = writeln!(text, "{:?}\n{:?}", self.digest(), self.time());
        for package in &self.facts.packages {
            let _ = writeln!(text, "{}", reference(package));
        }
        if let Some(assessment) = self.assessment {
            let _ = writeln!(text, "{}", assessment.provenance.snapshot.id);
        }
        let digest = Digest::of(text.as_bytes());
        let hex = digest.hex();
        let part = |from: usize, to: usize| hex.get(from..to).unwrap_or_default();
        format!(
            "{}-{}-8{}-a{}-{}",
            part(0, 8),
            part(8, 12),
            part(13, 16),
            part(17, 20),
            part(20, 32)
        )
    }

    /// What is said of the image besides its name.
    pub(crate) fn properties(&self) -> Vec<(String, String)> {
        let mut out = Vec::new();
        for (idx, layer) in self.facts.layers.iter().enumerate() {
            let Some(diff_id) = &layer.diff_id else {
                continue;
            };
            out.push((format!("plimsoll:layer:{idx}"), diff_id.to_string()));
            if let Some(step) = &layer.created_by {
                out.push((format!("plimsoll:layer:{idx}:command"), step.clone()));
            }
        }
        out
    }

    /// What is said of the operating system besides name and version.
    pub(crate) fn os_properties(&self) -> Vec<(String, String)> {
        let Some(os) = &self.facts.os else {
            return Vec::new();
        };
        let mut out = Vec::new();
        if !os.release.id_like.is_empty() {
            out.push(("plimsoll:os:like".into(), os.release.id_like.join(" ")));
        }
        if let Some(codename) = &os.release.codename {
            out.push(("plimsoll:os:codename".into(), codename.clone()));
        }
        for set in &self.facts.content_sets {
            out.push(("plimsoll:content-set".into(), set.clone()));
        }
        let place = &os.location;
        out.push(("plimsoll:location".into(), placed(place)));
        out
    }

    /// What is said of a package besides what every format has a field for; `owner` is the reference of the
    /// package that installed it.
    pub(crate) fn package_properties(
        &self,
        package: &Package,
        owner: Option<&str>,
    ) -> Vec<(String, String)> {
        let fact = &package.fact;
        let mut out: Vec<(String, String)> = Vec::new();
        let mut say = |name: &str, value: &str| out.push((name.to_owned(), value.to_owned()));
        say("plimsoll:analyzer", &package.analyzer);
        say("plimsoll:evidence", evidence(fact.evidence));
        for place in &package.locations {
            say("plimsoll:location", &placed(place));
        }
        if let Some(place) = package.locations.first() {
            say("plimsoll:layer:introduced", &place.introduced.to_string());
            let layer = self.facts.layers.get(place.introduced);
            if let Some(diff_id) = layer.and_then(|layer| layer.diff_id.as_ref()) {
                say("plimsoll:layer", diff_id.as_str());
            }
        }
        for archive in &fact.inside {
            say("plimsoll:inside", archive);
        }
        if let Some(source) = &fact.source {
            say("plimsoll:source:name", &source.name);
            say("plimsoll:source:version", &source.version);
        }
        if let Some(architecture) = &fact.architecture {
            say("plimsoll:architecture", architecture);
        }
        if let Some(module) = &fact.module {
            say("plimsoll:module", module);
        }
        if let Some(distribution) = &fact.distribution {
            let text = format!("{} {}", distribution.id, distribution.version);
            say("plimsoll:distribution", text.trim_end());
        }
        if let Some(model) = &fact.model {
            for (name, value) in [
                ("plimsoll:model:format", &model.format),
                ("plimsoll:model:family", &model.family),
                ("plimsoll:model:weights", &model.weights),
            ] {
                if !value.is_empty() {
                    say(name, value);
                }
            }
        }
        if let Some(repository) = &package.repository {
            say("plimsoll:repository", repository);
        }
        if fact.scope == Scope::Development {
            say("plimsoll:scope", "development");
        }
        if let Some(owner) = owner {
            say("plimsoll:owner", owner);
        }
        if package.presence == Presence::Deleted {
            say("plimsoll:presence", "deleted");
        }
        out
    }

    /// The package URL of the operating system itself.
    pub(crate) fn os_reference(&self) -> Option<String> {
        let os = self.facts.os.as_ref()?;
        Some(format!("os:{}@{}", os.release.id, os.release.version))
    }
}

/// A place as a property: layer, layer that introduced it, path.
fn placed(place: &plimsoll_model::facts::Location) -> String {
    format!("{} {} {}", place.layer, place.introduced, place.path)
}

/// A time as RFC 3339 with seconds, which every format takes.
pub(crate) fn stamp(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// The name of a kind of evidence.
pub(crate) fn evidence(kind: EvidenceKind) -> &'static str {
    match kind {
        EvidenceKind::Installed => "installed",
        EvidenceKind::Compiled => "compiled",
        EvidenceKind::Vendored => "vendored",
        EvidenceKind::Locked => "locked",
        EvidenceKind::Fingerprint => "fingerprint",
        EvidenceKind::Claimed => "claimed",
        EvidenceKind::Archived => "archived",
    }
}

/// Names a package and its place.
fn reference(package: &Package) -> String {
    let path = package.locations.first().map_or("", |l| l.path.as_str());
    let inside = package.fact.inside.join("!/");
    let separator = if inside.is_empty() { "" } else { "!/" };
    format!("{}#{path}{separator}{inside}", package.purl)
}

/// References must be unique in a document: what would come twice gets a number.
#[derive(Default)]
pub(crate) struct References(BTreeMap<String, usize>);

impl References {
    pub(crate) fn unique(&mut self, reference: String) -> String {
        let count = self.0.entry(reference.clone()).or_default();
        *count += 1;
        let numbered = format!("{reference}#{count}");
        if *count == 1 {
            return reference;
        }
        self.unique(numbered)
    }

    /// A reference for each package, in their order.
    pub(crate) fn of_packages(&mut self, packages: &[Package]) -> Vec<String> {
        packages
            .iter()
            .map(|package| self.unique(reference(package)))
            .collect()
    }
}

/// What each package needs, as far as the names that it records lead to packages of the image.
pub(crate) fn dependencies(packages: &[Package]) -> Vec<Vec<PackageIndex>> {
    let mut by_name: BTreeMap<(Ecosystem, String), Vec<PackageIndex>> = BTreeMap::new();
    for (idx, package) in packages.iter().enumerate() {
        // What is not installed fills no need, and stands in the way of nothing that does.
        if package.fact.evidence == EvidenceKind::Archived {
            continue;
        }
        let ecosystem = package.fact.ecosystem;
        let name = ecosystem.normal_name(&package.fact.name);
        by_name.entry((ecosystem, name)).or_default().push(idx);
    }
    let needs = |idx: PackageIndex, package: &Package| {
        let ecosystem = package.fact.ecosystem;
        let mut out: Vec<PackageIndex> = package
            .fact
            .depends
            .iter()
            .filter_map(|name| by_name.get(&(ecosystem, ecosystem.normal_name(name))))
            .filter_map(|found| nearest(packages, package, found))
            .filter(|found| *found != idx)
            .collect();
        out.sort_unstable();
        out.dedup();
        out
    };
    packages
        .iter()
        .enumerate()
        .map(|(idx, package)| needs(idx, package))
        .collect()
}

/// Of several packages of one name the one that stands nearest; none where two stand equally near, since a
/// wrong relation is worse than none.
fn nearest(packages: &[Package], from: &Package, found: &[PackageIndex]) -> Option<PackageIndex> {
    if let [one] = found {
        return Some(*one);
    }
    // More are versions of one package side by side in one place, which a search would not tell apart.
    let closeness = |idx: PackageIndex| {
        let package = packages.get(idx)?;
        let same = package.fact.architecture == from.fact.architecture;
        let (a, b) = (from.locations.first()?, package.locations.first()?);
        let parts = a.path.as_str().split('/').zip(b.path.as_str().split('/'));
        Some((same, parts.take_while(|(a, b)| a == b).count()))
    };
    let rated = found.iter().take(64).map(|idx| (closeness(*idx), *idx));
    let mut rated: Vec<_> = rated.collect();
    rated.sort_unstable_by(|a, b| b.cmp(a));
    match rated.as_slice() {
        [best, next, ..] if best.0 == next.0 => None,
        [best, ..] => Some(best.1),
        [] => None,
    }
}

/// Group and name of a package, where its ecosystem has groups.
pub(crate) fn grouped(package: &Package) -> (&str, &str) {
    let fact = &package.fact;
    match fact.ecosystem {
        Ecosystem::Maven => fact.name.split_once(':'),
        Ecosystem::Npm if fact.name.starts_with('@') => fact.name.split_once('/'),
        Ecosystem::Composer => fact.name.split_once('/'),
        _ => None,
    }
    .unwrap_or(("", &fact.name))
}

/// The package URL of the image, as `PURL-TYPES` defines `oci`; `None` for what is no image of a repository.
pub(crate) fn image_purl(bill: &Bill<'_>) -> Option<String> {
    let repository = bill.facts.subject.repository.as_ref()?;
    let digest = bill.facts.subject.manifest_digest.as_ref()?;
    let name = repository.rsplit('/').next()?.to_lowercase();
    Some(purl::of_image(
        &name,
        digest,
        repository,
        bill.facts.subject.tag.as_deref(),
    ))
}

/// What the `spdx` crate knows and the list of the specifications does not: newer licences, and a word that
/// is no licence. A test compares the two.
const NOT_LISTED: &[&str] = &[
    "BSD-2-Clause-pos-unchanged",
    "BSD-3-Clause-OpenWebUI",
    "BSD-Source-Code-no-disclaimer",
    "BSD-Source-alt-GPL",
    "BSD-ask-to-endorse",
    "Brian-Gladman-3-Clause-no-conversion",
    "Bugroff",
    "CC-BY-NC-3.0-IGO",
    "FDK-MPEG-H",
    "GFDL-1.1-invariants",
    "GFDL-1.1-no-invariants",
    "GFDL-1.2-invariants",
    "GFDL-1.2-no-invariants",
    "GFDL-1.3-invariants",
    "GFDL-1.3-no-invariants",
    "Hippocratic-3.0-core",
    "Informatica",
    "MVT-1.1",
    "NOASSERTION",
    "atc-game",
];

/// Whether a statement is the id of one licence, in the spelling of the list.
pub(crate) fn is_id(statement: &str) -> bool {
    spdx::license_id(statement).is_some_and(|id| id.name == statement)
        && !NOT_LISTED.contains(&statement)
}

/// Whether a statement is an expression of which each licence is listed, so that it stands alone.
pub(crate) fn is_expression(statement: &str) -> bool {
    let Ok(expression) = spdx::Expression::parse(statement) else {
        return false;
    };
    let listed = |name: &str| !NOT_LISTED.contains(&name);
    expression
        .requirements()
        .all(|one| one.req.license.id().is_some_and(|id| listed(id.name)))
}
