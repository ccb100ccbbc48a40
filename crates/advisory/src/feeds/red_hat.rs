//! Red Hat's own word on every flaw: CSAF VEX, a document for each.
//!
//! Source: <https://security.access.redhat.com/data/csaf/v2/vex/> and Red Hat's guide to its documents. A product is
//! told by its CPE: the release, a minor release with longer support, or a product on top. A component is a package
//! (package URL of type `rpm`); with a version it is the build that has the fix, without one it is the package in
//! whatever version, and with the architecture `src` its source package, which stands under `NAME.src` here.
//!
//! - `fixed`: what is older has the flaw. One release gets fixes in several branches: `23.el9_2.4` was made while 9.2
//!   was current and `26.el9_3.2` for 9.3, and `26.el9_3.1` is above the first and yet has the flaw.
//! - `known_affected`: has the flaw, and `remediations` tell what will be done: `Affected`, `Fix deferred`, `Will not
//!   fix`, `Out of support scope` (trap T9).
//! - `known_not_affected` and `under_investigation` as they say.
//!
//! Left out are products on top of the release but `OpenShift` and Software Collections, as nothing in an image names
//! them, containers and what else is no rpm package, and packages of debug symbols.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::Read as _;
use std::path::Path;

use plimsoll_model::Severity;
use plimsoll_version::Scheme;
use serde::Deserialize;
use serde_json::Value;

use super::csaf::{Csaf, Flaw, Place, Products, RpmPurl, stream};
use super::document::{Document, Flow, Sink};
use super::{DocumentTemplate, Feed, FeedMeta, erratum};
use crate::FeedError;
use crate::advisory::{Affected, Claim, Event};
use crate::key::EcosystemKey;
use crate::release;

/// The feed.
#[derive(Debug)]
pub(super) struct RedHat;

static META: FeedMeta = FeedMeta {
    id: "redhat",
    title: "Red Hat CSAF VEX",
    docs: "https://security.access.redhat.com/data/csaf/v2/vex/",
    base_setting: "feeds.redhat",
    base: "https://security.access.redhat.com/data",
    documents: &[
        DocumentTemplate {
            path: "redhat/csaf_vex.tar.zst",
            url: "csaf/v2/vex/@archive_latest.txt",
            state: "redhat",
            ecosystem: "Red Hat",
            names: &[],
        },
        DocumentTemplate {
            path: "redhat/repository-to-cpe.json",
            url: "metrics/repository-to-cpe.json",
            state: "redhat/repositories",
            ecosystem: "Red Hat",
            names: &[],
        },
        DocumentTemplate {
            path: "redhat/vex/{}.json",
            url: "",
            state: "redhat",
            ecosystem: "Red Hat",
            names: &[],
        },
    ],
    record_page: "https://access.redhat.com/security/cve/{}",
};

/// The largest document of one flaw.
const LIMIT: u64 = 512 << 20;
/// The most that the archive may unpack to.
const TOTAL_LIMIT: u64 = 128 << 30;
/// The largest map of repositories; the published one has some megabytes.
const MAP_LIMIT: u64 = 64 << 20;

impl Feed for RedHat {
    fn meta(&self) -> &'static FeedMeta {
        &META
    }

    fn parse(&self, document: &mut Document<'_>, sink: &mut Sink<'_>) -> Result<(), FeedError> {
        let mut covered = BTreeSet::new();
        let is_archive = document.name().is_empty();
        if is_archive && document.begins_with(b"{")? {
            return repositories(document, sink);
        }
        if is_archive {
            archive(document, &mut covered, sink)?;
        } else {
            let mut bytes = Vec::new();
            document
                .unpacked(LIMIT)?
                .read_to_end(&mut bytes)
                .map_err(|error| document.read(error))?;
            let csaf = Csaf::read(&bytes, document)?;
            take(&csaf, &mut covered, sink);
        }
        for key in covered {
            sink.covers(if is_archive {
                key
            } else {
                key.single_documents()
            });
        }
        Ok(())
    }
}

/// The map from the ids of repositories, which are the content sets of images too, to products.
fn repositories(document: &mut Document<'_>, sink: &mut Sink<'_>) -> Result<(), FeedError> {
    #[derive(Deserialize)]
    struct Map {
        data: BTreeMap<String, Value>,
    }
    #[derive(Deserialize)]
    struct Entry {
        cpes: Vec<String>,
    }
    let bytes = document.bytes(MAP_LIMIT)?;
    let map: Map = serde_json::from_slice(&bytes).map_err(|source| document.json(source))?;
    if map.data.is_empty() {
        return Err(document.shape("it names no repository"));
    }
    for (id, entry) in map.data {
        match serde_json::from_value::<Entry>(entry) {
            Err(error) => sink.problem(id, error.to_string()),
            Ok(entry) => sink.repository(
                id,
                entry.cpes.iter().filter_map(|cpe| product(cpe)).collect(),
            ),
        }
    }
    Ok(())
}

fn archive(
    document: &Document<'_>,
    covered: &mut BTreeSet<EcosystemKey>,
    sink: &mut Sink<'_>,
) -> Result<(), FeedError> {
    let mut archive = tar::Archive::new(document.unpacked(TOTAL_LIMIT)?);
    let entries = archive.entries().map_err(|error| document.read(error))?;
    let mut bytes = Vec::new();
    let mut read = 0_u64;
    for entry in entries {
        let entry = entry.map_err(|error| document.read(error))?;
        let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        if !entry.header().entry_type().is_file() || !is_json(&name) {
            continue;
        }
        bytes.clear();
        entry
            .take(LIMIT)
            .read_to_end(&mut bytes)
            .map_err(|error| document.read(error))?;
        match serde_json::from_slice::<Csaf<'_>>(&bytes) {
            Err(error) => sink.problem(name, error.to_string()),
            Ok(csaf) => {
                read = read.saturating_add(1);
                if take(&csaf, covered, sink) == Flow::Stop {
                    return Ok(());
                }
            }
        }
    }
    if read == 0 {
        return Err(document.shape("it holds no document"));
    }
    Ok(())
}

fn is_json(name: &str) -> bool {
    Path::new(name)
        .extension()
        .is_some_and(|extension| extension == "json")
}

/// The key of a product of which images tell.
pub(super) fn product(cpe: &str) -> Option<EcosystemKey> {
    let rest = cpe
        .strip_prefix("cpe:/")
        .or_else(|| cpe.strip_prefix("cpe:2.3:"))?;
    let (_, rest) = rest.split_once(':')?;
    let product = rest.strip_prefix("redhat:")?;
    let product = product.trim_end_matches([':', '*']);
    let key = EcosystemKey::new(&format!("Red Hat:{product}"));
    let release = key.as_str().strip_prefix("Red Hat:")?;
    let is_release = release.starts_with(|c: char| c.is_ascii_digit());
    let is_told = ["openshift:", "rhel_software_collections:"]
        .iter()
        .any(|name| release.starts_with(name));
    (is_release || is_told).then_some(key)
}

/// A package of a product.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Subject {
    key: EcosystemKey,
    package: String,
    module: String,
}

/// What is said of a package.
#[derive(Debug, Default)]
struct Said<'c> {
    /// For each architecture the versions with the fix.
    fixed: BTreeMap<String, BTreeSet<String>>,
    /// With the id of the product, by which remediations are found.
    affected: Option<&'c str>,
    investigated: bool,
    never: bool,
    rating: Option<Severity>,
}

fn take(csaf: &Csaf<'_>, covered: &mut BTreeSet<EcosystemKey>, sink: &mut Sink<'_>) -> Flow {
    let products = csaf.products();
    for flaw in &csaf.vulnerabilities {
        let mut advisory = csaf.advisory(flaw);
        advisory.affected = affected(flaw, &products);
        covered.extend(advisory.affected.iter().map(|one| one.ecosystem.clone()));
        if advisory.affected.is_empty() && advisory.ratings.is_empty() && advisory.word.is_none() {
            continue;
        }
        if sink.advisory(advisory) == Flow::Stop {
            return Flow::Stop;
        }
    }
    Flow::GoOn
}

fn affected(flaw: &Flaw<'_>, products: &Products<'_>) -> Vec<Affected> {
    let impacts = impacts(flaw);
    let mut all: BTreeMap<Subject, Said<'_>> = BTreeMap::new();
    let statuses = &flaw.product_status;
    let mut say = |id: &Cow<'_, str>, tell: &mut dyn FnMut(&mut Said<'_>, &RpmPurl)| {
        let place = products.place(id);
        let Some((subject, package)) = place.and_then(|place| subject(&place)) else {
            return;
        };
        let said = all.entry(subject).or_default();
        said.rating = said.rating.max(impacts.get(id.as_ref()).copied());
        tell(said, &package);
    };
    for id in statuses.fixed.iter().chain(&statuses.first_fixed) {
        say(id, &mut |said, package| {
            if let Some(version) = &package.version {
                let architecture = package.architecture.clone().unwrap_or_default();
                said.fixed
                    .entry(architecture)
                    .or_default()
                    .insert(version.clone());
            }
        });
    }
    // A build with a version of which these are said was looked at because it is in an erratum for something else.
    for id in &statuses.under_investigation {
        say(id, &mut |said, package| {
            said.investigated |= package.version.is_none();
        });
    }
    for id in &statuses.known_not_affected {
        say(id, &mut |said, package| {
            said.never |= package.version.is_none();
        });
    }
    let mut affected: Vec<(&str, Subject)> = Vec::new();
    for id in &statuses.known_affected {
        let place = products.place(id);
        if let Some((subject, _)) = place.and_then(|place| subject(&place)) {
            let said = all.entry(subject.clone()).or_default();
            said.rating = said.rating.max(impacts.get(id.as_ref()).copied());
            affected.push((id.as_ref(), subject));
        }
    }
    for (id, subject) in affected {
        if let Some(said) = all.get_mut(&subject) {
            said.affected.get_or_insert(id);
        }
    }
    let plans = plans(flaw);
    all.into_iter()
        .flat_map(|(subject, said)| claims(&subject, &said, &plans))
        .collect()
}

/// What Red Hat means to do about components that have no fix, by the id of the product.
fn plans<'c>(flaw: &'c Flaw<'_>) -> HashMap<&'c str, &'c str> {
    let plans = flaw
        .remediations
        .iter()
        .filter(|one| matches!(one.category.as_ref(), "no_fix_planned" | "none_available"));
    plans
        .flat_map(|plan| {
            let ids = plan.product_ids.iter();
            ids.map(|id| (id.as_ref(), plan.details.trim()))
        })
        .collect()
}

/// Red Hat's rating for each product.
fn impacts<'c>(flaw: &'c Flaw<'_>) -> HashMap<&'c str, Severity> {
    let threats = flaw.threats.iter().filter(|one| one.category == "impact");
    threats
        .filter_map(|threat| Some((Severity::from_word(threat.details.trim())?, threat)))
        .flat_map(|(severity, threat)| {
            threat
                .product_ids
                .iter()
                .map(move |id| (id.as_ref(), severity))
        })
        .collect()
}

fn subject(place: &Place<'_>) -> Option<(Subject, RpmPurl)> {
    let key = product(place.cpe?)?;
    let mut package = match place.purl {
        Some(purl) => RpmPurl::read(purl)?,
        None => nevra(place.component)?,
    };
    let is_source = package.architecture.as_deref() == Some("src");
    if is_source && package.version.is_some() {
        // The binary packages of the same build are listed beside it, with versions of their own.
        return None;
    }
    if package.name.ends_with("-debuginfo") || package.name.ends_with("-debugsource") {
        return None;
    }
    let module = package.module.take().or_else(|| {
        let (id, purl) = place.between?;
        let purl = purl.and_then(|purl| purl.strip_prefix("pkg:rpmmod/redhat/"));
        Some(match purl {
            Some(purl) => stream(&purl.replacen('@', ":", 1)),
            None => stream(id),
        })
    });
    let name = if is_source {
        format!("{}.src", package.name)
    } else {
        package.name.clone()
    };
    let subject = Subject {
        key,
        package: name,
        module: module.unwrap_or_default(),
    };
    Some((subject, package))
}

/// A component without a package URL: a build, `samba-0:4.15.5-111.el9_0.x86_64`, or the name of a source package.
fn nevra(id: &str) -> Option<RpmPurl> {
    if id.contains(['/', '@', ' ']) {
        return None;
    }
    let build = id.split_once(':').and_then(|(before, after)| {
        let (name, epoch) = before.rsplit_once('-')?;
        let (version, architecture) = after.rsplit_once('.')?;
        let is_epoch = !epoch.is_empty() && epoch.bytes().all(|byte| byte.is_ascii_digit());
        is_epoch.then(|| RpmPurl {
            name: name.to_owned(),
            version: Some(match epoch {
                "0" => version.to_owned(),
                epoch => format!("{epoch}:{version}"),
            }),
            architecture: Some(architecture.to_owned()),
            module: None,
        })
    });
    let bare = || RpmPurl {
        name: id.strip_suffix(".src").unwrap_or(id).to_owned(),
        architecture: Some("src".to_owned()),
        ..RpmPurl::default()
    };
    build.or_else(|| (!id.contains(':')).then(bare))
}

fn claims(subject: &Subject, said: &Said<'_>, plans: &HashMap<&str, &str>) -> Vec<Affected> {
    let of = |claim: Claim| {
        let mut affected = Affected::new(subject.key.clone(), subject.package.clone(), claim);
        affected.module.clone_from(&subject.module);
        affected.rating = said.rating;
        affected
    };
    if !said.fixed.is_empty() {
        // Architectures with the same versions together.
        let mut by_versions: BTreeMap<&BTreeSet<String>, BTreeSet<String>> = BTreeMap::new();
        for (architecture, versions) in &said.fixed {
            by_versions
                .entry(versions)
                .or_default()
                .insert(architecture.clone());
        }
        return by_versions
            .into_iter()
            .map(|(versions, architectures)| {
                let mut affected = of(below(versions));
                affected.architectures = erratum::architectures(&architectures);
                affected
            })
            .collect();
    }
    if let Some(id) = said.affected {
        let mut affected = of(Claim::every());
        if let Some(plan) = plans.get(id) {
            affected.outlook = erratum::outlook(plan);
            (*plan).clone_into(&mut affected.note);
        }
        return vec![affected];
    }
    if said.investigated {
        let why = "Red Hat is investigating whether it is affected";
        return vec![of(Claim::Undetermined(why.to_owned()))];
    }
    said.never.then(|| of(Claim::Never)).into_iter().collect()
}

/// What is older than the fix of its branch. Where one branch has several, an earlier one was not the whole fix.
fn below(versions: &BTreeSet<String>) -> Claim {
    let order = |left: &&String, right: &&String| {
        Scheme::Rpm
            .compare(left, right)
            .unwrap_or_else(|_| left.cmp(right))
    };
    let mut sorted: Vec<&String> = versions.iter().collect();
    sorted.sort_by(order);
    let mut events = vec![Event::Introduced("0".to_owned())];
    for (place, version) in sorted.iter().enumerate() {
        let next = sorted.get(place.saturating_add(1));
        let Some(next) = next else {
            events.push(Event::Fixed((*version).clone()));
            break;
        };
        // Without a branch of its own, or in the branch of the next, it is superseded by it.
        let end = release::branch_end(version);
        if end.is_some() && end != release::branch_end(next) {
            let end = end.unwrap_or_default();
            let is_before = Scheme::Rpm
                .compare(&end, next)
                .is_ok_and(std::cmp::Ordering::is_lt);
            if is_before {
                events.push(Event::Fixed((*version).clone()));
                events.push(Event::Introduced(end));
            }
        }
    }
    Claim::Versions {
        ranges: vec![events],
        listed: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn branches_have_fixes_of_their_own() {
        let told = |versions: &[&str]| {
            let versions = versions.iter().map(|one| (*one).to_owned()).collect();
            let Claim::Versions { ranges, .. } = below(&versions) else {
                panic!("versions");
            };
            ranges
                .concat()
                .iter()
                .map(|event| match event {
                    Event::Introduced(version) => format!("+{version}"),
                    Event::Fixed(version) => format!("-{version}"),
                    other => format!("{other:?}"),
                })
                .collect::<Vec<_>>()
                .join(" ")
        };
        assert_eq!(told(&["1-27.el9"]), "+0 -1-27.el9");
        assert_eq!(
            told(&["7.76.1-26.el9_3.2", "7.76.1-23.el9_2.4"]),
            "+0 -7.76.1-23.el9_2.4 +7.76.1-23.el9_3 -7.76.1-26.el9_3.2"
        );
        assert_eq!(told(&["1-5.el9", "1-7.el9"]), "+0 -1-7.el9");
        assert_eq!(told(&["1-5.el9_2.1", "1-5.el9_2.3"]), "+0 -1-5.el9_2.3");
    }

    #[test]
    fn products_of_which_images_tell() {
        let key = |cpe: &str| product(cpe).map(|key| key.to_string());
        assert_eq!(
            key("cpe:/a:redhat:enterprise_linux:9::appstream").as_deref(),
            Some("Red Hat:9")
        );
        assert_eq!(
            key("cpe:/o:redhat:rhel_eus:9.0::baseos").as_deref(),
            Some("Red Hat:9.0")
        );
        assert_eq!(
            key("cpe:/a:redhat:openshift:4.12::el8").as_deref(),
            Some("Red Hat:openshift:4.12::el8")
        );
        assert_eq!(key("cpe:/a:redhat:satellite:6.13::el8"), None);
        assert_eq!(key("cpe:/a:microsoft:office"), None);
    }

    #[test]
    fn components_without_package_urls() {
        let build = nevra("samba-libs-0:4.15.5-111.el9_0.x86_64").expect("a build");
        assert_eq!(
            (build.name.as_str(), build.version.as_deref()),
            ("samba-libs", Some("4.15.5-111.el9_0"))
        );
        let source = nevra("samba").expect("a source package");
        assert_eq!(
            (source.name.as_str(), source.architecture.as_deref()),
            ("samba", Some("src"))
        );
        assert_eq!(nevra("openshift3/metrics"), None);
    }
}
