//! The shape of Trivy's JSON report, schema version 2, so that scripts made for it go on working.
//!
//! Field names and their spelling are Trivy's; source: `pkg/types/report.go`, `pkg/types/vulnerability.go`,
//! `pkg/types/finding.go` and `pkg/fanal/types/package.go` of Trivy 0.76.
//!
//! On purpose other than Trivy's own:
//! - `Results`, `Vulnerabilities` and `Packages` are always there, and never null: `.Results[].Vulnerabilities[]` always works.
//! - `FixedVersion` is always there, empty where there is no fix: `select(.FixedVersion != "")` lists what can be fixed, and nothing else.
//! - `Status` is `under_investigation` where it cannot be said whether the installed version is affected,
//!   in the sense that VEX gives to the word; such a flaw counts as present.
//! - `ImageConfig` holds no environment, labels, commands or history, since they may hold secrets.
//! - A finding that somebody laid aside is in `ExperimentalModifiedFindings` and not in `Vulnerabilities`, as after
//!   `--show-suppressed`: nothing is hidden from whoever looks, and `trivy convert` shows it when it is asked for.
//! - Malware is a row of `Vulnerabilities`, since scripts look nowhere else, with the weakness `CWE-506` (embedded
//!   malicious code) in `CweIDs`; no other row has that field.
//! - There is no `ReportID` and no `CreatedAt`, so that the same input gives the same bytes.

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use plimsoll_model::advisory::{Applicability, CvssRating, FixState, PackageMatch};
use plimsoll_model::fact::{EvidenceKind, Scope};
use plimsoll_model::facts::{ImageFacts, Package};
use plimsoll_model::finding::{Finding, FindingClass};
use plimsoll_model::image::{ImageConfig, LayerInfo, SourceKind};
use plimsoll_model::triage::{Triage, TriageState};
use plimsoll_model::{Digest, Ecosystem, Severity};
use serde_json::{Map, Value, json};

use crate::paint::plain;
use crate::safe::write_json;
use crate::{Report, ReportFormat, Settings};

/// `-f trivy`.
pub(crate) struct Trivy;

impl ReportFormat for Trivy {
    fn name(&self) -> &'static str {
        "trivy"
    }

    fn write(&self, report: &Report<'_>, _: &Settings, out: &mut dyn io::Write) -> io::Result<()> {
        write_json(&value(report), out)
    }
}

fn value(report: &Report<'_>) -> Value {
    let subject = &report.assessment.facts.subject;
    let name = match (&subject.repository, &subject.tag) {
        (Some(repository), Some(tag)) => format!("{repository}:{tag}"),
        _ => subject.requested.clone(),
    };
    json!({
        "SchemaVersion": 2,
        "ArtifactName": legible(&subject.requested),
        "ArtifactType": match subject.source {
            SourceKind::Dir => "filesystem",
            _ => "container_image",
        },
        "Metadata": metadata(&report.assessment.facts, &name),
        "Results": results(report, &name),
    })
}

fn metadata(facts: &ImageFacts, name: &str) -> Value {
    let subject = &facts.subject;
    let mut out = Map::new();
    let mut put = |name: &str, value: Value| out.insert(name.to_owned(), value);
    let sizes: Option<u64> = facts.layers.iter().map(|layer| layer.size).sum();
    if let Some(size) = sizes.filter(|size| *size > 0) {
        put("Size", json!(size));
    }
    if let Some(os) = &facts.os {
        put(
            "OS",
            json!({"Family": family(&os.release.id), "Name": os.release.version}),
        );
    }
    if let Some(id) = &subject.image_id {
        put("ImageID", json!(id));
    }
    let diff_ids = facts.layers.iter().filter_map(|l| l.diff_id.as_ref());
    put("DiffIDs", diff_ids.map(|id| json!(id)).collect());
    put(
        "RepoTags",
        subject.tag.iter().map(|_| json!(name)).collect(),
    );
    let digests = subject.manifest_digest.iter().zip(&subject.repository);
    let digests = digests.map(|(digest, repository)| json!(format!("{repository}@{digest}")));
    put("RepoDigests", digests.collect());
    put("ImageConfig", image_config(&facts.config));
    let layers = facts.layers.iter().map(|layer| {
        let mut out = origin(layer);
        if let Some(size) = layer.size {
            out.insert("Size".to_owned(), json!(size));
        }
        Value::Object(out)
    });
    put("Layers", layers.collect());
    Value::Object(out)
}

/// What of the configuration can hold no secret.
fn image_config(config: &ImageConfig) -> Value {
    let run = &config.config;
    let mut out = json!({
        "architecture": config.architecture,
        "os": config.os,
        "rootfs": {"type": "layers", "diff_ids": config.rootfs.diff_ids},
        "config": {
            "User": run.user,
            "WorkingDir": run.working_dir,
            "ExposedPorts": empty_objects(&run.exposed_ports),
            "Volumes": empty_objects(&run.volumes),
        },
    });
    // Whoever reads it as a time must not stumble over something else.
    let created = config.created.as_deref();
    if let (Value::Object(map), Some(time)) = (
        &mut out,
        created.and_then(|time| time.parse::<jiff::Timestamp>().ok()),
    ) {
        map.insert("created".to_owned(), json!(time));
    }
    out
}

fn empty_objects(keys: &BTreeSet<String>) -> Value {
    keys.iter().map(|key| (key.clone(), json!({}))).collect()
}

/// Trivy's name of a distribution; source: `pkg/fanal/types/const.go`.
fn family(id: &str) -> &str {
    match id {
        "rhel" => "redhat",
        "amzn" => "amazon",
        "ol" => "oracle",
        "almalinux" => "alma",
        "opensuse" | "opensuse-leap" => "opensuse.leap",
        "opensuse-tumbleweed" => "opensuse.tumbleweed",
        "sles" => "suse linux enterprise server",
        "mariner" => "cbl-mariner",
        other => other,
    }
}

/// A place of Trivy's report: the distribution, or all packages of one kind.
type Key<'a> = (u8, &'static str, String);

fn results(report: &Report<'_>, name: &str) -> Vec<Value> {
    let facts = &report.assessment.facts;
    let mut groups: BTreeMap<Key<'_>, (Vec<&Package>, Vec<&Finding>)> = BTreeMap::new();
    for package in &facts.packages {
        groups
            .entry(key(facts, package, name))
            .or_default()
            .0
            .push(package);
    }
    for finding in &report.assessment.findings {
        let package = finding
            .package
            .as_ref()
            .and_then(|named| facts.packages.get(named.index));
        if let (true, Some(package)) = (finding.class.is_of_advisory(), package) {
            groups
                .entry(key(facts, package, name))
                .or_default()
                .1
                .push(finding);
        }
    }
    groups
        .into_iter()
        .map(|((class, kind, target), (packages, findings))| {
            let kind = if kind.is_empty() {
                facts.os.as_ref().map_or("", |os| family(&os.release.id))
            } else {
                kind
            };
            let (aside, open): (Vec<&Finding>, Vec<&Finding>) = findings
                .into_iter()
                .partition(|finding| finding.laid_aside().is_some());
            let mut out = json!({
                "Target": legible(&target),
                "Class": if class == 0 { "os-pkgs" } else { "lang-pkgs" },
                "Type": kind,
                "Packages": packages.iter().map(|p| package_value(facts, p)).collect::<Vec<_>>(),
                "Vulnerabilities": open
                    .iter()
                    .filter_map(|finding| vulnerability_value(facts, finding))
                    .collect::<Vec<_>>(),
            });
            let aside: Vec<Value> = aside
                .iter()
                .filter_map(|finding| modified(facts, finding))
                .collect();
            if !aside.is_empty() {
                out["ExperimentalModifiedFindings"] = json!(aside);
            }
            out
        })
        .collect()
}

fn key<'a>(facts: &ImageFacts, package: &Package, name: &str) -> Key<'a> {
    let path = || {
        package
            .locations
            .first()
            .map_or_else(String::new, |l| l.path.as_str().to_owned())
    };
    match package.fact.ecosystem {
        // Trivy has no such packages; what is not installed stands apart from what is.
        found if found.is_os() && package.fact.evidence != EvidenceKind::Archived => {
            let os = facts.os.as_ref().map_or_else(
                || "unknown".to_owned(),
                |os| format!("{} {}", family(&os.release.id), os.release.version),
            );
            (0, "", format!("{name} ({os})"))
        }
        Ecosystem::Npm => (1, "node-pkg", "Node.js".to_owned()),
        Ecosystem::Pypi => (1, "python-pkg", "Python".to_owned()),
        Ecosystem::Maven => (1, "jar", "Java".to_owned()),
        Ecosystem::Gem => (1, "gemspec", "Ruby".to_owned()),
        Ecosystem::Go => (1, "gobinary", path()),
        Ecosystem::Cargo => (1, "rustbinary", path()),
        Ecosystem::Composer => (1, "composer-vendor", path()),
        Ecosystem::Nuget => (1, "dotnet-core", path()),
        Ecosystem::Conda => (1, "conda-pkg", "Conda".to_owned()),
        other => (1, other.row().purl_type, path()),
    }
}

/// `UID` tells apart what has the same purl in several places; converters join by it.
fn identifier(package: &Package) -> Value {
    let place = package.locations.first().map_or("", |l| l.path.as_str());
    let inside = package.fact.inside.join("!/");
    let digest = Digest::of(format!("{}\n{place}\n{inside}", package.purl).as_bytes());
    json!({"PURL": package.purl, "UID": digest.hex().get(..16)})
}

fn layer(facts: &ImageFacts, package: &Package) -> Value {
    let location = package.locations.first();
    let layer = location.and_then(|l| facts.layers.get(l.introduced));
    Value::Object(layer.map(origin).unwrap_or_default())
}

fn origin(layer: &LayerInfo) -> Map<String, Value> {
    let mut out = Map::new();
    if let Some(digest) = &layer.digest {
        out.insert("Digest".to_owned(), json!(digest));
    }
    if let Some(diff_id) = &layer.diff_id {
        out.insert("DiffID".to_owned(), json!(diff_id));
    }
    out
}

/// `name@version`, for rpm with the architecture behind it, as Trivy's result does.
fn id(package: &Package) -> String {
    let fact = &package.fact;
    match (&fact.architecture, fact.ecosystem) {
        (Some(architecture), Ecosystem::Rpm) => {
            format!("{}@{}.{architecture}", fact.name, fact.version)
        }
        _ => format!("{}@{}", fact.name, fact.version),
    }
}

/// Trivy takes the versions of dpkg and rpm apart into epoch, version and release, and puts them together
/// again where it prints them. `prefix` is `Src` for the source package.
fn put_version(out: &mut Map<String, Value>, ecosystem: Ecosystem, prefix: &str, text: &str) {
    let mut version = text;
    if matches!(ecosystem, Ecosystem::Deb | Ecosystem::Rpm) {
        if let Some((epoch, rest)) = version.split_once(':')
            && let Ok(epoch) = epoch.parse::<u32>()
        {
            version = rest;
            if epoch > 0 {
                out.insert(format!("{prefix}Epoch"), json!(epoch));
            }
        }
        if let Some((before, release)) = version.rsplit_once('-') {
            version = before;
            out.insert(format!("{prefix}Release"), json!(release));
        }
    }
    out.insert(format!("{prefix}Version"), json!(version));
}

fn package_value(facts: &ImageFacts, package: &Package) -> Value {
    let fact = &package.fact;
    let mut out = Map::new();
    out.insert("ID".to_owned(), json!(id(package)));
    out.insert("Name".to_owned(), json!(fact.name));
    out.insert("Identifier".to_owned(), identifier(package));
    put_version(&mut out, fact.ecosystem, "", &fact.version);
    if let Some(architecture) = &fact.architecture {
        out.insert("Arch".to_owned(), json!(architecture));
    }
    if let Some(source) = &fact.source {
        out.insert("SrcName".to_owned(), json!(source.name));
        put_version(&mut out, fact.ecosystem, "Src", &source.version);
    }
    if fact.scope == Scope::Development {
        out.insert("Dev".to_owned(), json!(true));
    }
    if !fact.licenses.is_empty() {
        out.insert("Licenses".to_owned(), json!(fact.licenses));
    }
    if let Some(maker) = &fact.maker {
        out.insert("Maintainer".to_owned(), json!(maker));
    }
    if let Some(module) = &fact.module {
        out.insert("Modularitylabel".to_owned(), json!(module));
    }
    out.insert("Layer".to_owned(), layer(facts, package));
    if !fact.is_installed_by_os()
        && let Some(location) = package.locations.first()
    {
        out.insert("FilePath".to_owned(), legible(location.path.as_str()));
    }
    Value::Object(out)
}

/// A finding that somebody laid aside.
fn modified(facts: &ImageFacts, finding: &Finding) -> Option<Value> {
    let said: &Triage = finding.laid_aside()?;
    let status = match said.state {
        TriageState::NotAffected => "not_affected",
        TriageState::Fixed => "fixed",
        TriageState::Accepted => "ignored",
        // These lay nothing aside.
        TriageState::Affected | TriageState::UnderInvestigation => return None,
    };
    let statement = match said.reason.as_str() {
        "" => &said.justification,
        reason => reason,
    };
    Some(json!({
        "Type": "vulnerability",
        "Status": status,
        "Statement": statement,
        "Source": said.source,
        "Finding": vulnerability_value(facts, finding)?,
    }))
}

fn vulnerability_value(facts: &ImageFacts, finding: &Finding) -> Option<Value> {
    let found: &PackageMatch = finding.vulnerability.as_deref()?;
    let package = facts.packages.get(found.package)?;
    let flaw = &found.vulnerability;
    let (status, fixed) = match &found.fix {
        FixState::Fixed(versions) => ("fixed", versions.join(", ")),
        FixState::WillNotFix => ("will_not_fix", String::new()),
        // The format has no word for it; a version here would be read as one that everybody can install.
        FixState::Subscription(_) => ("fix_deferred", String::new()),
        FixState::NotFixed => ("affected", String::new()),
        FixState::Unknown => ("unknown", String::new()),
    };
    let status = match found.answer {
        Applicability::Affected => status,
        Applicability::Unknown => "under_investigation",
        // Whoever counts the rows counts what is wrong.
        Applicability::NotAffected => return None,
    };
    let mut out = json!({
        "VulnerabilityID": flaw.id,
        "VendorIDs": flaw.aliases,
        "PkgID": id(package),
        "PkgName": package.fact.name,
        "PkgIdentifier": identifier(package),
        "InstalledVersion": package.fact.version,
        "FixedVersion": fixed,
        "Status": status,
        "Layer": layer(facts, package),
        "SeveritySource": flaw.severity_source,
        "PrimaryURL": flaw.references.first().cloned().unwrap_or_default(),
        "DataSource": {"ID": found.reason.feed, "Name": found.reason.feed},
        "Title": if flaw.title.is_empty() { flaw.id.clone() } else { flaw.title.clone() },
        "Description": flaw.description,
        "Severity": severity(flaw.severity),
        "CweIDs": match finding.class {
            FindingClass::Malware => json!(["CWE-506"]),
            _ => Value::Null,
        },
        "CVSS": cvss(&flaw.cvss),
        "References": flaw.references,
    });
    if let Value::Object(map) = &mut out {
        // Trivy leaves out what is empty, but for `FixedVersion`, which is here in every row.
        map.retain(|name, value| name == "FixedVersion" || !is_empty(value));
        if !package.fact.is_installed_by_os()
            && let Some(location) = package.locations.first()
        {
            map.insert("PkgPath".to_owned(), legible(location.path.as_str()));
        }
        for (key, time) in [
            ("PublishedDate", flaw.published),
            ("LastModifiedDate", flaw.modified),
        ] {
            if let Some(time) = time {
                map.insert(key.to_owned(), json!(time));
            }
        }
    }
    Some(out)
}

/// A path or name for those who print it or make an address of it; control characters would make Trivy's
/// SARIF writer panic.
fn legible(text: &str) -> Value {
    json!(plain(text))
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(list) => list.is_empty(),
        Value::Object(map) => map.is_empty(),
        _ => false,
    }
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "CRITICAL",
        Severity::High => "HIGH",
        Severity::Medium => "MEDIUM",
        Severity::Low | Severity::Negligible => "LOW",
        Severity::Unknown => "UNKNOWN",
    }
}

/// One object for each source, with the fields of the versions that it rated by.
fn cvss(ratings: &[CvssRating]) -> Value {
    let mut sources: BTreeMap<&str, Map<String, Value>> = BTreeMap::new();
    for rating in ratings {
        let version = match rating.vector.as_str() {
            vector if vector.starts_with("CVSS:4") => "V40",
            vector if vector.starts_with("CVSS:3") => "V3",
            _ => "V2",
        };
        let source = sources.entry(&rating.source).or_default();
        // The first is the worst.
        if !source.contains_key(&format!("{version}Score")) {
            source.insert(format!("{version}Vector"), json!(rating.vector));
            source.insert(format!("{version}Score"), json!(rating.score));
        }
    }
    json!(sources)
}
