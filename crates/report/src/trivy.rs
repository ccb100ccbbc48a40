//! The shape of Trivy's JSON report, schema version 2, so that scripts made for it go on working.
//!
//! Field names and their spelling are Trivy's; source: `pkg/types/report.go` and `pkg/types/vulnerability.go`
//! of Trivy 0.76. Unlike there, lists are never null.

use std::collections::BTreeMap;
use std::io;

use plimsoll_model::advisory::{CvssRating, FixState, PackageMatch};
use plimsoll_model::facts::{ImageFacts, Package};
use plimsoll_model::finding::{Finding, FindingClass};
use plimsoll_model::{Ecosystem, Severity};
use serde_json::{Map, Value, json};

use crate::{Report, ReportFormat, Settings};

/// `-f trivy`.
pub(crate) struct Trivy;

impl ReportFormat for Trivy {
    fn name(&self) -> &'static str {
        "trivy"
    }

    fn write(&self, report: &Report<'_>, _: &Settings, out: &mut dyn io::Write) -> io::Result<()> {
        serde_json::to_writer_pretty(&mut *out, &value(report))?;
        writeln!(out)
    }
}

fn value(report: &Report<'_>) -> Value {
    let facts = &report.assessment.facts;
    let subject = &facts.subject;
    let name = match (&subject.repository, &subject.tag) {
        (Some(repository), Some(tag)) => format!("{repository}:{tag}"),
        _ => subject.requested.clone(),
    };
    let mut metadata = Map::new();
    if let Some(os) = &facts.os {
        metadata.insert(
            "OS".to_owned(),
            json!({"Family": family(&os.release.id), "Name": os.release.version}),
        );
    }
    if let Some(id) = &subject.image_id {
        metadata.insert("ImageID".to_owned(), json!(id));
    }
    metadata.insert(
        "DiffIDs".to_owned(),
        json!(
            facts
                .layers
                .iter()
                .filter_map(|l| l.diff_id.as_ref())
                .collect::<Vec<_>>()
        ),
    );
    metadata.insert(
        "RepoTags".to_owned(),
        json!(if subject.tag.is_some() {
            vec![name.clone()]
        } else {
            Vec::new()
        }),
    );
    let digests = subject.manifest_digest.iter().zip(&subject.repository);
    metadata.insert(
        "RepoDigests".to_owned(),
        json!(
            digests
                .map(|(digest, repository)| format!("{repository}@{digest}"))
                .collect::<Vec<_>>()
        ),
    );
    if let Ok(config) = serde_json::to_value(&facts.config) {
        metadata.insert("ImageConfig".to_owned(), config);
    }
    json!({
        "SchemaVersion": 2,
        "ArtifactName": subject.requested,
        "ArtifactType": "container_image",
        "Metadata": metadata,
        "Results": results(report, &name),
    })
}

fn family(id: &str) -> &str {
    match id {
        "rhel" => "redhat",
        "amzn" => "amazon",
        "ol" => "oracle",
        "almalinux" => "alma",
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
        if let (FindingClass::Vulnerability, Some(package)) = (finding.class, package) {
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
            json!({
                "Target": target,
                "Class": if class == 0 { "os-pkgs" } else { "lang-pkgs" },
                "Type": kind,
                "Packages": packages.iter().map(|p| package_value(facts, p)).collect::<Vec<_>>(),
                "Vulnerabilities": findings
                    .iter()
                    .filter_map(|finding| vulnerability_value(facts, finding))
                    .collect::<Vec<_>>(),
            })
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
        Ecosystem::Deb | Ecosystem::Apk | Ecosystem::Rpm => {
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
    }
}

fn identifier(package: &Package) -> Value {
    json!({"PURL": package.purl})
}

fn layer(facts: &ImageFacts, package: &Package) -> Value {
    let layer = package
        .locations
        .first()
        .and_then(|l| facts.layers.get(l.introduced));
    let mut out = Map::new();
    if let Some(layer) = layer {
        if let Some(digest) = &layer.digest {
            out.insert("Digest".to_owned(), json!(digest));
        }
        if let Some(diff_id) = &layer.diff_id {
            out.insert("DiffID".to_owned(), json!(diff_id));
        }
    }
    Value::Object(out)
}

fn id(package: &Package) -> String {
    format!("{}@{}", package.fact.name, package.fact.version)
}

fn package_value(facts: &ImageFacts, package: &Package) -> Value {
    let fact = &package.fact;
    let mut out = Map::new();
    out.insert("ID".to_owned(), json!(id(package)));
    out.insert("Name".to_owned(), json!(fact.name));
    out.insert("Identifier".to_owned(), identifier(package));
    out.insert("Version".to_owned(), json!(fact.version));
    if let Some(architecture) = &fact.architecture {
        out.insert("Arch".to_owned(), json!(architecture));
    }
    if let Some(source) = &fact.source {
        out.insert("SrcName".to_owned(), json!(source.name));
        out.insert("SrcVersion".to_owned(), json!(source.version));
    }
    if !fact.licenses.is_empty() {
        out.insert("Licenses".to_owned(), json!(fact.licenses));
    }
    out.insert("Layer".to_owned(), layer(facts, package));
    if !fact.ecosystem.is_os()
        && let Some(location) = package.locations.first()
    {
        out.insert("FilePath".to_owned(), json!(location.path));
    }
    Value::Object(out)
}

fn vulnerability_value(facts: &ImageFacts, finding: &Finding) -> Option<Value> {
    let found: &PackageMatch = finding.vulnerability.as_deref()?;
    let package = facts.packages.get(found.package)?;
    let flaw = &found.vulnerability;
    let (status, fixed) = match &found.fix {
        FixState::Fixed(versions) => ("fixed", versions.join(", ")),
        FixState::WillNotFix => ("will_not_fix", String::new()),
        FixState::NotFixed => ("affected", String::new()),
        FixState::Unknown => ("unknown", String::new()),
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
        "DataSource": {"ID": found.reason.feed, "Name": found.reason.feed, "URL": ""},
        "Title": if flaw.title.is_empty() { flaw.id.clone() } else { flaw.title.clone() },
        "Description": flaw.description,
        "Severity": severity(flaw.severity),
        "CVSS": cvss(&flaw.cvss),
        "References": flaw.references,
    });
    if let Value::Object(map) = &mut out {
        if !package.fact.ecosystem.is_os()
            && let Some(location) = package.locations.first()
        {
            map.insert("PkgPath".to_owned(), json!(location.path));
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
