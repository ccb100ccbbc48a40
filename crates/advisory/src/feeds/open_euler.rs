//! openEuler's word on every flaw: CSAF, a document for each.
//!
//! Products are releases (`cpe:/a:openEuler:openEuler:24.03-LTS-SP1`), components the files of packages,
//! `thunderbird-128.11.1-1.oe2403sp2.aarch64.rpm`, which bear no epoch.
//!
//! The documents lie one by one beside a list of their names, `index.txt` (CSAF 2.0, section 7.1.12). Where the list is
//! there, and every document that it names, nothing is missing.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read as _;

use super::csaf::{Csaf, Flaw, Place, Products};
use super::document::{Document, Flow, Sink};
use super::{DocumentTemplate, Feed, FeedMeta, erratum};
use crate::FeedError;
use crate::advisory::{Affected, Claim};
use crate::key::EcosystemKey;

/// The feed.
#[derive(Debug)]
pub(super) struct OpenEuler;

static META: FeedMeta = FeedMeta {
    id: "openeuler",
    title: "openEuler CSAF",
    docs: "https://repo.openeuler.org/security/data/csaf/",
    base_setting: "feeds.openeuler",
    base: "https://repo.openeuler.org/security/data/csaf",
    documents: &[
        DocumentTemplate {
            path: "openeuler/cve/index.txt",
            url: "cve/index.txt",
            state: "openeuler",
            ecosystem: "openEuler",
            names: &[],
        },
        DocumentTemplate {
            path: "openeuler/csaf/{}.json",
            url: "",
            state: "openeuler",
            ecosystem: "openEuler",
            names: &[],
        },
    ],
    record_page: "https://www.openeuler.org/en/security/cve/detail/?cveId={}",
};

/// The largest document.
const LIMIT: u64 = 256 << 20;

impl Feed for OpenEuler {
    fn meta(&self) -> &'static FeedMeta {
        &META
    }

    fn parse(&self, document: &mut Document<'_>, sink: &mut Sink<'_>) -> Result<(), FeedError> {
        let mut covered = BTreeSet::new();
        let is_whole = if document.name().is_empty() {
            listed(document, &mut covered, sink)?
        } else {
            take(document, &mut covered, sink)?;
            false
        };
        for key in covered {
            sink.covers(if is_whole {
                key
            } else {
                key.single_documents()
            });
        }
        Ok(())
    }
}

/// Reads the documents that a list names, and tells whether all of them are there.
fn listed(
    document: &mut Document<'_>,
    covered: &mut BTreeSet<EcosystemKey>,
    sink: &mut Sink<'_>,
) -> Result<bool, FeedError> {
    let list = document.bytes(LIMIT)?;
    let list = String::from_utf8_lossy(&list);
    let names = list.lines().map(str::trim).filter(|line| !line.is_empty());
    let folder = document.path().trim_end_matches("index.txt");
    let (mut read, mut is_whole) = (0_u64, true);
    for name in names {
        let file = document.beside(name).filter(|file| file.is_file());
        let Some(file) = file else {
            is_whole = false;
            sink.problem(name, "the list names it, and it is not there");
            continue;
        };
        read = read.saturating_add(1);
        let path = format!("{folder}{name}");
        match take(&mut Document::file(&path, name, &file), covered, sink) {
            Ok(Flow::GoOn) => {}
            Ok(Flow::Stop) => return Ok(false),
            Err(error) => {
                is_whole = false;
                sink.problem(name, error.to_string());
            }
        }
    }
    if read == 0 {
        return Err(document.shape("none of the documents that it names is there"));
    }
    Ok(is_whole)
}

fn take(
    document: &mut Document<'_>,
    covered: &mut BTreeSet<EcosystemKey>,
    sink: &mut Sink<'_>,
) -> Result<Flow, FeedError> {
    let mut bytes = Vec::new();
    document
        .unpacked(LIMIT)?
        .read_to_end(&mut bytes)
        .map_err(|error| document.read(error))?;
    let csaf = Csaf::read(&bytes, document)?;
    let products = csaf.products();
    for flaw in &csaf.vulnerabilities {
        let mut advisory = csaf.advisory(flaw);
        advisory.affected = affected(flaw, &products);
        covered.extend(advisory.affected.iter().map(|one| one.ecosystem.clone()));
        if sink.advisory(advisory) == Flow::Stop {
            return Ok(Flow::Stop);
        }
    }
    Ok(Flow::GoOn)
}

/// Key, package, and version; none for a package in whatever version.
type Subject = (EcosystemKey, String, Option<String>);

fn affected(flaw: &Flaw<'_>, products: &Products<'_>) -> Vec<Affected> {
    let status = &flaw.product_status;
    let gather = |ids: &[std::borrow::Cow<'_, str>]| {
        let mut found: BTreeMap<Subject, BTreeSet<String>> = BTreeMap::new();
        for id in ids {
            let Some((subject, architecture)) =
                products.place(id).and_then(|place| subject(&place))
            else {
                continue;
            };
            if architecture != "src" {
                found.entry(subject).or_default().insert(architecture);
            }
        }
        found
    };
    let mut all = Vec::new();
    let mut say = |found: BTreeMap<Subject, BTreeSet<String>>,
                   claim: &dyn Fn(Option<String>) -> Option<Claim>| {
        for ((key, name, version), architectures) in found {
            if let Some(claim) = claim(version) {
                let mut affected = Affected::new(key, name, claim);
                affected.architectures = erratum::architectures(&architectures);
                all.push(affected);
            }
        }
    };
    say(gather(&status.fixed), &|version| version.map(Claim::before));
    say(gather(&status.first_fixed), &|version| {
        version.map(Claim::before)
    });
    say(gather(&status.known_affected), &|_| Some(Claim::every()));
    say(gather(&status.known_not_affected), &|version| {
        version.is_none().then_some(Claim::Never)
    });
    say(gather(&status.under_investigation), &|_| {
        Some(Claim::Undetermined(
            "openEuler is investigating whether it is affected".to_owned(),
        ))
    });
    all
}

fn subject(place: &Place<'_>) -> Option<(Subject, String)> {
    let release = place
        .cpe
        .and_then(|cpe| cpe.rsplit(':').next())
        .unwrap_or(place.product)
        .trim_start_matches("openEuler-");
    let key = EcosystemKey::new(&format!("openEuler:{release}"));
    let file = place
        .component
        .strip_suffix(".rpm")
        .unwrap_or(place.component);
    let (rest, architecture) = match file.rsplit_once('.') {
        Some((rest, architecture))
            if [
                "aarch64",
                "loongarch64",
                "noarch",
                "ppc64le",
                "riscv64",
                "src",
                "x86_64",
            ]
            .contains(&architecture) =>
        {
            (rest, architecture)
        }
        _ => (file, ""),
    };
    let parts = rest.rsplit_once('-').and_then(|(rest, release)| {
        let (name, version) = rest.rsplit_once('-')?;
        let is_version = version.starts_with(|c: char| c.is_ascii_digit());
        is_version.then(|| (name.to_owned(), format!("{version}-{release}")))
    });
    let (name, version) = match parts {
        Some((name, version)) => (name, Some(version)),
        None => (rest.to_owned(), None),
    };
    let is_symbols = name.ends_with("-debuginfo") || name.ends_with("-debugsource");
    (!is_symbols && !name.is_empty()).then(|| ((key, name, version), architecture.to_owned()))
}
