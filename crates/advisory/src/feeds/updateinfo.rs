//! The errata of an RPM repository: `updateinfo.xml`.
//!
//! Source: the format as libsolv, `createrepo_c` and dnf read it (`dnf-plugins-core`, "updateinfo"). An `update` of type
//! `security` lists the flaws that it repairs under `references` (type `cve`; Fedora names them in the titles of
//! bugs), and under `pkglist` the packages that have the repairs, with their module where they are of one. What is
//! older than such a package has the flaw. Flaws without a repair are not listed.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use plimsoll_model::Severity;

use super::document::{Document, Flow, Sink};
use super::erratum;
use super::xml::{self, Element};
use crate::FeedError;
use crate::advisory::{Advisory, Affected, Claim};
use crate::key::EcosystemKey;

/// Parses a document about the packages of one release; `module` is what they are of if they name none. Whether the
/// release is covered is for the caller to say, who knows which of its repositories this is.
pub(super) fn parse(
    document: &Document<'_>,
    key: &EcosystemKey,
    module: &str,
    sink: &mut Sink<'_>,
) -> Result<(), FeedError> {
    parse_with(
        document,
        key,
        module,
        |epoch, version, release| Ok(evr(epoch, version, release)),
        sink,
    )
}

/// What versions are compared with, of the epoch, the version and the release of a package that has the repair; or why
/// they tell nothing.
pub(super) type Repaired = fn(&str, &str, &str) -> Result<String, &'static str>;

/// The same for a feed that has a rule of its own about versions.
pub(super) fn parse_with(
    document: &Document<'_>,
    key: &EcosystemKey,
    module: &str,
    repaired: Repaired,
    sink: &mut Sink<'_>,
) -> Result<(), FeedError> {
    xml::each(document, "updates", &["update"], &mut |update| {
        take(&update, key, module, repaired, sink)
    })
}

fn take(
    update: &Element,
    key: &EcosystemKey,
    module: &str,
    repaired: Repaired,
    sink: &mut Sink<'_>,
) -> Flow {
    let flaws = flaws(update);
    if update.attribute("type") != Some("security") && flaws.is_empty() {
        return Flow::GoOn;
    }
    let record = update.text_of("id");
    if record.is_empty() {
        sink.problem(update.text_of("title"), "an erratum without an id");
        return Flow::GoOn;
    }
    let mut advisory = Advisory {
        record: record.to_owned(),
        id: record.to_owned(),
        word: Severity::from_word(update.text_of("severity")),
        title: update.text_of("title").to_owned(),
        description: update.text_of("description").to_owned(),
        published: date(update, "issued"),
        released: date(update, "issued"),
        modified: date(update, "updated"),
        references: references(update),
        ..Advisory::default()
    };
    if update.attribute("status") == Some("retracted") {
        advisory.withdrawn = advisory
            .modified
            .or(advisory.published)
            .or(Some(Timestamp::UNIX_EPOCH));
    }
    match affected(update, key, module, repaired) {
        Ok(affected) => advisory.affected = affected,
        Err(reason) => {
            sink.problem(record, reason);
            return Flow::GoOn;
        }
    }
    erratum::take(advisory, flaws.into_iter(), sink)
}

fn flaws(update: &Element) -> BTreeSet<String> {
    let mut flaws = BTreeSet::new();
    let references = update.child("references");
    for reference in references
        .iter()
        .flat_map(|list| list.children_of("reference"))
    {
        for name in ["id", "title"] {
            flaws.extend(erratum::cves(reference.attribute(name).unwrap_or_default()));
        }
    }
    flaws
}

fn references(update: &Element) -> Vec<String> {
    let list = update.child("references");
    list.iter()
        .flat_map(|list| list.children_of("reference"))
        .filter(|reference| reference.attribute("type") != Some("bugzilla"))
        .filter_map(|reference| reference.attribute("href"))
        .map(str::to_owned)
        .collect()
}

/// The packages with their repaired versions, those of one version for several architectures together; or why there is
/// none.
fn affected(
    update: &Element,
    key: &EcosystemKey,
    module: &str,
    repaired: Repaired,
) -> Result<Vec<Affected>, &'static str> {
    let mut packages: BTreeMap<(String, String, String), BTreeSet<String>> = BTreeMap::new();
    let lists = update.child("pkglist");
    for collection in lists.iter().flat_map(|list| list.children_of("collection")) {
        let own = collection.child("module").and_then(|module| {
            let name = module.attribute("name").filter(|name| !name.is_empty())?;
            Some(format!(
                "{name}:{}",
                module.attribute("stream").unwrap_or_default()
            ))
        });
        let module = own.unwrap_or_else(|| module.to_owned());
        for package in collection.children_of("package") {
            let part = |name| package.attribute(name).unwrap_or_default().trim();
            let arch = part("arch");
            if matches!(arch, "src" | "nosrc")
                || part("name").is_empty()
                || part("version").is_empty()
            {
                continue;
            }
            let version = repaired(part("epoch"), part("version"), part("release"))?;
            packages
                .entry((part("name").to_owned(), version, module.clone()))
                .or_default()
                .insert(arch.to_owned());
        }
    }
    if packages.is_empty() {
        return Err("an erratum without packages");
    }
    let packages = packages
        .into_iter()
        .map(|((name, version, module), architectures)| {
            let mut affected = Affected::new(key.clone(), name, Claim::before(version));
            affected.module = module;
            affected.architectures = erratum::architectures(&architectures);
            affected
        })
        .collect();
    Ok(packages)
}

/// `epoch:version-release`, as packages write it.
pub(super) fn evr(epoch: &str, version: &str, release: &str) -> String {
    let mut text = String::new();
    if !matches!(epoch, "" | "0" | "(none)") {
        text.push_str(epoch);
        text.push(':');
    }
    text.push_str(version);
    if !release.is_empty() {
        text.push('-');
        text.push_str(release);
    }
    text
}

/// `2023-03-09`, `2018-02-07 18:30`, `2018-02-07 18:30:00` and RFC 3339, all UTC.
fn date(update: &Element, name: &str) -> Option<Timestamp> {
    erratum::date(update.child(name)?.attribute("date")?)
}
