//! From a document to the facts of the image that it is about, as far as it tells them.

use std::collections::BTreeMap;

use plimsoll_model::fact::{
    Distribution, EvidenceKind, ModelTraits, OsRelease, PackageFact, Scope, SourcePackage,
};
use plimsoll_model::facts::{Coverage, ImageFacts, Location, OperatingSystem, Package, Presence};
use plimsoll_model::image::{ImageConfig, LayerInfo, Platform, SourceKind, Subject};
use plimsoll_model::purl::{self, Parsed};
use plimsoll_model::reach::Reach;
use plimsoll_model::{Digest, Ecosystem, ImagePath, Problem, Stage};

use crate::{Attested, Component, Document, Format, Kind};

/// Layers at most: no image has more than a few hundred.
const LAYERS: usize = 4096;

/// The facts that a document tells; `requested` is the argument that led to it.
#[must_use]
pub fn facts(document: &Document, requested: &str) -> ImageFacts {
    let mut problems = Vec::new();
    let os = system(document);
    let release = os.as_ref().map(|os| &os.release);
    let mut found: Vec<(Package, &Component)> = Vec::new();
    for component in &document.components {
        match package(component, release) {
            Ok(package) => found.extend(package.map(|package| (package, component))),
            Err(reason) => {
                let name = format!("{} {}", component.name, component.version);
                problems.push(Problem::gap(Stage::Analyze, name.trim(), reason));
            }
        }
    }
    found.sort_by(|(a, _), (b, _)| {
        let (x, y) = (&a.fact, &b.fact);
        (x.ecosystem, &x.name, &x.version, &a.locations).cmp(&(
            y.ecosystem,
            &y.name,
            &y.version,
            &b.locations,
        ))
    });
    relate(document, &mut found);
    if found.is_empty() {
        let reason = "the document names no package";
        problems.push(Problem::blind(Stage::Analyze, requested, reason));
    }
    let packages: Vec<Package> = found.into_iter().map(|(package, _)| package).collect();
    problems.extend(deletion(&packages));
    problems.extend(sourceless(document, &packages, requested));
    problems.extend(
        document
            .attested
            .iter()
            .map(|one| unverified(one, requested)),
    );
    problems.sort();
    problems.dedup();
    ImageFacts {
        subject: subject(document, requested),
        config: ImageConfig {
            created: document.created.clone(),
            ..ImageConfig::default()
        },
        layers: layers(document),
        os,
        content_sets: content_sets(document),
        packages,
        accounts: Vec::new(),
        secrets: Vec::new(),
        executables: Vec::new(),
        posture: plimsoll_model::posture::Posture::default(),
        reach: Reach::default(),
        coverage: Coverage::default(),
        problems,
    }
}

/// Content sets of Red Hat, as we state them.
fn content_sets(document: &Document) -> Vec<String> {
    let systems = document
        .components
        .iter()
        .filter(|component| component.kind == Kind::System);
    let mut sets: Vec<String> = systems
        .flat_map(|component| component.properties_of("plimsoll:content-set"))
        .map(str::to_owned)
        .collect();
    sets.sort();
    sets.dedup();
    sets
}

/// That the database of packages was deleted is as true of the bill as of the image.
fn deletion(packages: &[Package]) -> Option<Problem> {
    let deleted = packages
        .iter()
        .filter(|package| package.presence == Presence::Deleted);
    let count = deleted.count();
    (count > 0).then(|| {
        let reason = format!(
            "{count} packages are told by a database that a layer deleted; what changed since cannot be known"
        );
        Problem::blind(Stage::Squash, "package database", reason)
    })
}

/// That advisories of Debian, Ubuntu and Alpine go by source packages, of which the document names none. Syft names
/// one only where it differs from the package, so that its silence tells something.
fn sourceless(document: &Document, packages: &[Package], requested: &str) -> Option<Problem> {
    let by_source = packages
        .iter()
        .filter(|package| matches!(package.fact.ecosystem, Ecosystem::Deb | Ecosystem::Apk))
        .count();
    let says_one = |component: &Component| {
        component.purl.contains("upstream=")
            || component.properties.iter().any(|(name, _)| {
                matches!(
                    name.as_str(),
                    "plimsoll:source:name" | "aquasecurity:trivy:SrcName"
                ) || name.starts_with("syft:")
            })
    };
    let is_of_syft = document.format == Format::SyftJson
        || document
            .authors
            .iter()
            .any(|author| author.to_ascii_lowercase().contains("syft"));
    let tells = is_of_syft || document.components.iter().any(says_one);
    (by_source > 0 && !tells).then(|| {
        let reason = format!(
            "advisories for its {by_source} packages of Debian, Ubuntu or Alpine go by source packages, and it names none \
             (`upstream=` in a package URL); flaws of packages that are built from a source of another name are not seen"
        );
        Problem::blind(Stage::Match, requested, reason)
    })
}

/// That nobody has asked who made a statement.
fn unverified(attested: &Attested, requested: &str) -> Problem {
    let signed = match attested.signatures {
        0 => "it is not signed, so that anybody may have written it".to_owned(),
        1 => "its signature was not verified".to_owned(),
        more => format!("its {more} signatures were not verified"),
    };
    let others = match attested.others {
        0 => String::new(),
        more => format!("; {more} more bills of materials are in the same file"),
    };
    let reason = format!("the bill of materials is a statement; {signed}{others}");
    Problem::gap(Stage::Image, requested, reason)
}

/// Owners and needs, which documents tell by reference.
fn relate(document: &Document, found: &mut [(Package, &Component)]) {
    let mut places: BTreeMap<&str, usize> = BTreeMap::new();
    for (idx, (_, component)) in found.iter().enumerate() {
        if !component.reference.is_empty() {
            places.entry(&component.reference).or_insert(idx);
        }
    }
    let mut owners: Vec<(usize, usize)> = Vec::new();
    for (idx, (_, component)) in found.iter().enumerate() {
        let owner = component.property("plimsoll:owner");
        if let Some(owner) = owner.and_then(|owner| places.get(owner)) {
            owners.push((idx, *owner));
        }
    }
    for (owner, owned) in &document.contains {
        if let (Some(owner), Some(owned)) = (places.get(owner.as_str()), places.get(owned.as_str()))
        {
            owners.push((*owned, *owner));
        }
    }
    for (idx, owner) in owners {
        let by_os = found
            .get(owner)
            .is_some_and(|(p, _)| p.fact.ecosystem.is_os());
        if let (Some((package, _)), true) = (found.get_mut(idx), by_os && idx != owner) {
            package.owner = package.owner.or(Some(owner));
        }
    }
    for (from, to) in &document.depends {
        let (Some(from), Some(to)) = (places.get(from.as_str()), places.get(to.as_str())) else {
            continue;
        };
        let Some(name) = found.get(*to).map(|(package, _)| package.fact.name.clone()) else {
            continue;
        };
        if let Some((package, _)) = found.get_mut(*from) {
            package.fact.depends.push(name);
        }
    }
    for (package, _) in found {
        package.fact.depends.sort();
        package.fact.depends.dedup();
    }
}

/// The package that a component is; `None` for what is no package, and why it cannot be known which.
pub(crate) fn package(
    component: &Component,
    os: Option<&OsRelease>,
) -> Result<Option<Package>, String> {
    if component.kind != Kind::Package {
        return Ok(None);
    }
    if component.purl.is_empty() {
        return Err("it has no package URL, so no advisory can be looked up".to_owned());
    }
    let Some(parsed) = purl::parse(&component.purl) else {
        return Err(format!("`{}` is no package URL", component.purl));
    };
    let Some(mut fact) = parsed.package() else {
        return Err(format!(
            "packages of the type `{}` are not known",
            parsed.kind
        ));
    };
    let ecosystem = fact.ecosystem;
    if ecosystem.normal_name(&component.name) == ecosystem.normal_name(&fact.name) {
        fact.name.clone_from(&component.name);
    }
    if fact.version.is_empty() {
        fact.version.clone_from(&component.version);
    }
    if fact.version.is_empty() && ecosystem.is_os() {
        return Err("it has no version, so no advisory can be judged".to_owned());
    }
    fact.source = source(component, &fact).or(fact.source);
    fact.evidence = match component.property("plimsoll:evidence") {
        Some("compiled") => EvidenceKind::Compiled,
        Some("vendored") => EvidenceKind::Vendored,
        Some("locked") => EvidenceKind::Locked,
        Some("fingerprint") => EvidenceKind::Fingerprint,
        Some("claimed") => EvidenceKind::Claimed,
        Some("archived") => EvidenceKind::Archived,
        _ => EvidenceKind::Installed,
    };
    // CycloneDX has one word for both.
    if component.development && fact.evidence != EvidenceKind::Archived {
        fact.scope = Scope::Development;
    }
    if let Some(architecture) = component.property("plimsoll:architecture") {
        fact.architecture = Some(architecture.to_owned());
    }
    fact.licenses.clone_from(&component.licenses);
    fact.maker.clone_from(&component.supplier);
    let module = ["plimsoll:module", "aquasecurity:trivy:Modularitylabel"];
    let module = module.iter().find_map(|name| component.property(name));
    fact.module = module.map(str::to_owned);
    let distribution = component.property("plimsoll:distribution");
    fact.distribution = distribution.map(|text| {
        let (id, version) = text.split_once(' ').unwrap_or((text, ""));
        Distribution {
            id: id.to_owned(),
            version: version.to_owned(),
        }
    });
    fact.model = model(component);
    if fact.model.is_some() {
        fact.ecosystem = Ecosystem::Model;
    }
    let inside = component.properties_of("plimsoll:inside");
    fact.inside = inside.map(str::to_owned).collect();
    let mut digests = component.hashes.iter();
    fact.digest = digests.find_map(|(name, sum)| digest(name, sum));
    let analyzer = component.property("plimsoll:analyzer").unwrap_or("sbom");
    Ok(Some(Package {
        purl: purl::of(&fact, os),
        locations: locations(component),
        analyzer: analyzer.to_owned(),
        owner: None,
        repository: component.property("plimsoll:repository").map(str::to_owned),
        presence: match component.property("plimsoll:presence") {
            Some("deleted") => Presence::Deleted,
            _ => Presence::Visible,
        },
        fact,
    }))
}

/// What we state of AI models.
fn model(component: &Component) -> Option<Box<ModelTraits>> {
    let said = |name: &str| component.property(&format!("plimsoll:model:{name}"));
    let text = |name: &str| said(name).unwrap_or_default().to_owned();
    said("format").map(|format| {
        Box::new(ModelTraits {
            format: format.to_owned(),
            family: text("family"),
            weights: text("weights"),
        })
    })
}

/// The source package, as we or Trivy state it.
fn source(component: &Component, fact: &PackageFact) -> Option<SourcePackage> {
    if let (Some(name), Some(version)) = (
        component.property("plimsoll:source:name"),
        component.property("plimsoll:source:version"),
    ) {
        return Some(SourcePackage {
            name: name.to_owned(),
            version: version.to_owned(),
        });
    }
    let trivy = |name: &str| component.property(&format!("aquasecurity:trivy:{name}"));
    let name = trivy("SrcName")?;
    let mut version = trivy("SrcVersion").unwrap_or_default().to_owned();
    if let Some(release) = trivy("SrcRelease").filter(|release| !release.is_empty()) {
        version = format!("{version}-{release}");
    }
    if let Some(epoch) = trivy("SrcEpoch").filter(|epoch| !matches!(*epoch, "" | "0")) {
        version = format!("{epoch}:{version}");
    }
    if version.is_empty() {
        version.clone_from(&fact.version);
    }
    Some(SourcePackage {
        name: name.to_owned(),
        version,
    })
}

fn digest(algorithm: &str, sum: &str) -> Option<Digest> {
    let name = algorithm.to_ascii_lowercase().replace('-', "");
    format!("{name}:{}", sum.to_ascii_lowercase()).parse().ok()
}

/// The places of a package; one without a path where the document tells none.
fn locations(component: &Component) -> Vec<Location> {
    let location = |text: &str| {
        let mut words = text.splitn(3, ' ');
        Some(Location {
            layer: words.next()?.parse().ok().filter(|at| *at < LAYERS)?,
            introduced: words.next()?.parse().ok().filter(|at| *at < LAYERS)?,
            path: ImagePath::new(words.next()?),
        })
    };
    let mut out: Vec<Location> = component
        .properties_of("plimsoll:location")
        .filter_map(location)
        .collect();
    if out.is_empty() {
        let syft = component.properties.iter();
        let syft = syft.filter(|(name, _)| {
            let rest = name.strip_prefix("syft:location:");
            rest.is_some_and(|rest| rest.ends_with(":path"))
        });
        let trivy = component.properties_of("aquasecurity:trivy:FilePath");
        let places = component.places.iter().map(String::as_str);
        let mut paths: Vec<&str> = places
            .chain(syft.map(|(_, path)| path.as_str()))
            .chain(trivy)
            .collect();
        if paths.is_empty() {
            paths.push("");
        }
        out = paths
            .into_iter()
            .map(|path| Location {
                path: ImagePath::new(path),
                layer: 0,
                introduced: 0,
            })
            .collect();
    }
    out.sort();
    out.dedup();
    out
}

/// The operating system: the component that is one, or else what the package URLs of its packages say.
fn system(document: &Document) -> Option<OperatingSystem> {
    let mut listed = document.components.iter();
    let release = match listed.find(|component| component.kind == Kind::System) {
        Some(component) => OsRelease {
            id: component.name.to_lowercase(),
            id_like: component
                .property("plimsoll:os:like")
                .map(|like| like.split_whitespace().map(str::to_owned).collect())
                .unwrap_or_default(),
            version: component.version.clone(),
            codename: ["plimsoll:os:codename", "syft:distro:versionCodename"]
                .iter()
                .find_map(|name| component.property(name))
                .map(str::to_owned),
            pretty: component.description.clone(),
            rank: 100,
        },
        None => document
            .components
            .iter()
            // A program from elsewhere names the distribution that it was built for.
            .filter(|component| component.property("plimsoll:distribution").is_none())
            .find_map(|component| distro(&purl::parse(&component.purl)?))?,
    };
    let mut listed = document.components.iter();
    let place = listed.find(|component| component.kind == Kind::System);
    let place = place.and_then(|component| locations(component).into_iter().next());
    let location = place.unwrap_or(Location {
        path: ImagePath::new(""),
        layer: 0,
        introduced: 0,
    });
    Some(OperatingSystem { release, location })
}

/// The distribution that the package URL of an OS package names: `distro=debian-12`, or as Trivy writes it
/// for some, `distro=3.18.4`.
fn distro(parsed: &Parsed) -> Option<OsRelease> {
    if !parsed.ecosystem()?.is_os() {
        return None;
    }
    let distro = parsed.qualifiers.get("distro")?;
    let (id, version) = match distro.rsplit_once('-') {
        Some((id, version)) => (id, version),
        None if distro.starts_with(|c: char| c.is_ascii_digit()) => {
            (parsed.namespace.as_str(), distro.as_str())
        }
        None => (distro.as_str(), ""),
    };
    let numbered = version.starts_with(|c: char| c.is_ascii_digit());
    Some(OsRelease {
        id: id.to_owned(),
        version: if numbered {
            version.to_owned()
        } else {
            String::new()
        },
        codename: (!numbered && !version.is_empty()).then(|| version.to_owned()),
        rank: 100,
        ..OsRelease::default()
    })
}

/// The layers that the document names, as far as they count up from the lowest.
fn layers(document: &Document) -> Vec<LayerInfo> {
    let Some(subject) = &document.subject else {
        return Vec::new();
    };
    let mut out = Vec::new();
    while out.len() < LAYERS {
        let name = format!("plimsoll:layer:{}", out.len());
        let Some(diff_id) = subject.property(&name) else {
            break;
        };
        let step = subject.property(&format!("{name}:command"));
        out.push(LayerInfo {
            digest: None,
            diff_id: diff_id.parse().ok(),
            compressed_size: None,
            size: None,
            media_type: String::new(),
            entries: 0,
            created_by: step.map(str::to_owned),
        });
    }
    out
}

fn subject(document: &Document, requested: &str) -> Subject {
    let described = document.subject.as_ref();
    let image = described.filter(|subject| subject.kind == Kind::Container);
    let digest = described.and_then(|subject| {
        let mut sums = subject.hashes.iter();
        sums.find_map(|(name, sum)| digest(name, sum))
    });
    let attested = document.attested.as_ref();
    let digest = digest.or_else(|| attested?.subjects.first().cloned());
    let version = image.map(|subject| subject.version.as_str());
    // A version that is a digest is no tag.
    let tag = version.filter(|version| !version.is_empty() && !version.contains(':'));
    Subject {
        requested: described
            .map_or(requested, |subject| &subject.name)
            .to_owned(),
        source: SourceKind::Sbom,
        repository: image.map(|subject| subject.name.clone()),
        tag: tag.map(str::to_owned),
        pinned: None,
        manifest_digest: digest,
        index_digest: None,
        image_id: None,
        platform: Platform::default(),
        platforms: Vec::new(),
        annotations: BTreeMap::new(),
    }
}
