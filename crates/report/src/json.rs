//! The report for machines: our own schema, version 1, published in `docs/schema/report-1.json`.
//!
//! - Lists are always lists, never null; what is not known is null. Every field is always there.
//! - A field or a word of an enumeration is only ever added within a version; readers skip what they do not
//!   know.
//! - Words for machines (`decision`, `answer`, `severity`, `fix.state` …) are the same in every language;
//!   sentences (`title`, `reason`, `text`, `detail`) are in `language`.
//! - Layers are counted from 0, lowest first; `layer` of a location is where the file stands, `introduced`
//!   is the lowest layer that says the same.
//!
//! Questions that people ask of it, for jq:
//! - How many of each severity? `.summary.vulnerabilities`
//! - Is there malware? `.summary.malware.total`
//! - The worst ones: `.findings[] | select(.severity == "critical" or .severity == "high")`
//! - Those that an update repairs: `.findings[] | select(.vulnerability.fix.state == "fixed")`
//! - Does a veto stand? `.verdict.vetoes[] | select(.answer == "fail") | .id`

use std::io;

use plimsoll_model::advisory::{Applicability, FixState, PackageMatch};
use plimsoll_model::check::CheckResult;
use plimsoll_model::control::ControlResult;
use plimsoll_model::facts::{ImageFacts, Location, Package};
use plimsoll_model::finding::{Evidence, Finding, FindingClass, FindingPackage, Remedy};
use plimsoll_model::text::Language;
use plimsoll_model::verdict::{Action, Verdict};
use plimsoll_model::{Severity, Text};
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::safe::{Each, write_json};
use crate::{Report, ReportFormat, Settings, coverage};

/// `-f json`.
pub(crate) struct Json;

/// The version of the schema.
const SCHEMA_VERSION: u32 = 1;

impl ReportFormat for Json {
    fn name(&self) -> &'static str {
        "json"
    }

    fn write(
        &self,
        report: &Report<'_>,
        settings: &Settings,
        out: &mut dyn io::Write,
    ) -> io::Result<()> {
        write(report, settings.language, out)
    }
}

/// The document. Its two long lists are written element by element.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Document<F, P> {
    checks: Vec<Value>,
    content_sets: Value,
    controls: Vec<Value>,
    coverage: Value,
    findings: F,
    image: Value,
    language: Language,
    os: Value,
    packages: P,
    problems: Value,
    provenance: Value,
    schema_version: u32,
    summary: Value,
    verdict: Option<Value>,
}

fn write(report: &Report<'_>, language: Language, out: &mut dyn io::Write) -> io::Result<()> {
    let assessment = report.assessment;
    let facts = &assessment.facts;
    let words = Words(language);
    let document = Document {
        checks: assessment.checks.iter().map(|c| words.check(c)).collect(),
        content_sets: json!(facts.content_sets),
        controls: assessment
            .controls
            .iter()
            .map(|c| words.control(c))
            .collect(),
        coverage: coverage::value(facts, Some(&assessment.judged)),
        findings: Each(&assessment.findings, |f| words.finding(facts, f)),
        image: image(facts),
        language,
        os: json!(facts.os.as_ref().map(|os| json!({
            "id": os.release.id,
            "version": os.release.version,
            "name": os.release.display(),
            "location": location(&os.location),
        }))),
        packages: Each(&facts.packages, |p| package(facts, p)),
        problems: json!(assessment.problems),
        provenance: json!({
            "program": assessment.provenance.program,
            "analyzers": assessment.provenance.analyzers,
            "advisories": assessment.provenance.snapshot,
            "severityOrder": assessment.provenance.severity_order,
        }),
        schema_version: SCHEMA_VERSION,
        summary: summary(&assessment.findings),
        verdict: report.verdict.map(|verdict| words.verdict(verdict)),
    };
    write_json(&document, out)
}

/// Counts, so that a gate needs no arithmetic.
fn summary(findings: &[Finding]) -> Value {
    let of = |class: FindingClass| findings.iter().filter(move |f| f.class == class);
    let flaws = || {
        findings
            .iter()
            .filter_map(|finding| finding.vulnerability.as_deref())
            .filter(|found| found.answer != Applicability::NotAffected)
    };
    json!({
        "findings": counted(findings.iter()),
        "malware": counted(of(FindingClass::Malware)),
        "vulnerabilities": counted(of(FindingClass::Vulnerability)),
        "secrets": counted(of(FindingClass::Secret)),
        "configuration": counted(of(FindingClass::Configuration)),
        "fixable": flaws().filter(|f| matches!(f.fix, FixState::Fixed(_))).count(),
        "knownExploited": flaws().filter(|f| f.vulnerability.known_exploited).count(),
        "laidAside": findings.iter().filter(|f| f.laid_aside().is_some()).count(),
        "undecided": flaws().filter(|f| f.answer == Applicability::Unknown).count(),
    })
}

fn counted<'a>(findings: impl Iterator<Item = &'a Finding>) -> Value {
    let mut counts: Vec<(Severity, u64)> = Severity::WORST_FIRST.map(|s| (s, 0)).to_vec();
    let mut total = 0u64;
    for finding in findings {
        total += 1;
        for (severity, count) in &mut counts {
            *count += u64::from(*severity == finding.severity);
        }
    }
    let mut out = Map::new();
    out.insert("total".to_owned(), json!(total));
    for (severity, count) in counts {
        out.insert(severity.name().to_owned(), json!(count));
    }
    Value::Object(out)
}

fn image(facts: &ImageFacts) -> Value {
    let subject = &facts.subject;
    json!({
        "requested": subject.requested,
        "source": subject.source,
        "repository": subject.repository,
        "tag": subject.tag,
        "pinned": subject.pinned,
        "digest": subject.manifest_digest,
        "indexDigest": subject.index_digest,
        "id": subject.image_id,
        "platform": subject.platform.to_string(),
        "platforms": subject.platforms.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "created": facts.config.created,
        "layers": facts.layers.iter().map(|layer| json!({
            "digest": layer.digest,
            "diffId": layer.diff_id,
            "compressedSize": layer.compressed_size,
            "size": layer.size,
            "entries": layer.entries,
            "createdBy": layer.created_by,
        })).collect::<Vec<_>>(),
    })
}

fn package(facts: &ImageFacts, package: &Package) -> Value {
    let fact = &package.fact;
    let owner = package.owner.and_then(|owner| facts.packages.get(owner));
    json!({
        "purl": package.purl,
        "ecosystem": fact.ecosystem,
        "analyzer": package.analyzer,
        "name": fact.name,
        "version": fact.version,
        "architecture": fact.architecture,
        "source": fact.source,
        "evidence": fact.evidence,
        "scope": fact.scope,
        "module": fact.module,
        "distribution": fact.distribution,
        "model": fact.model,
        "repository": package.repository,
        "licenses": fact.licenses,
        "maker": fact.maker,
        "owner": owner.map(|owner| &owner.purl),
        "presence": package.presence,
        "inside": fact.inside,
        "locations": package.locations.iter().map(location).collect::<Vec<_>>(),
    })
}

fn location(location: &Location) -> Value {
    json!({
        "path": location.path,
        "layer": location.layer,
        "introduced": location.introduced,
    })
}

/// Writes sentences in one language.
struct Words(Language);

impl Words {
    fn text<'a>(&self, text: &'a Text) -> &'a str {
        text.get(self.0)
    }

    fn texts<'a>(&self, texts: &'a [Text]) -> Vec<&'a str> {
        texts.iter().map(|text| self.text(text)).collect()
    }

    fn verdict(&self, verdict: &Verdict) -> Value {
        json!({
            "decision": verdict.decision,
            "title": self.text(&verdict.decision.title()),
            "reasons": self.texts(&verdict.reasons),
            "conditions": self.texts(&verdict.conditions),
            "vetoes": verdict.vetoes.iter().map(|veto| json!({
                "id": veto.veto,
                "title": self.text(&veto.veto.title()),
                "answer": veto.answer,
                "reason": self.text(&veto.reason),
            })).collect::<Vec<_>>(),
            "dimensions": verdict.dimensions.iter().map(|dimension| json!({
                "id": dimension.dimension,
                "title": self.text(&dimension.dimension.title()),
                "answer": dimension.answer,
                "failed": dimension.failed,
                "unknown": dimension.unknown,
            })).collect::<Vec<_>>(),
            "score": {
                "value": verdict.score.value,
                "grade": verdict.score.grade,
                "title": self.text(&verdict.score.grade.title()),
                "critical": verdict.score.critical,
                "high": verdict.score.high,
                "medium": verdict.score.medium,
                "low": verdict.score.low,
                "unknown": verdict.score.unknown,
            },
            "actions": verdict.actions.iter().map(|action| self.action(action)).collect::<Vec<_>>(),
            "accepted": verdict.accepted.iter().map(|accepted| json!({
                "rule": accepted.rule,
                "subject": accepted.subject,
                "owner": accepted.owner,
                "reason": accepted.reason,
                "until": accepted.until,
            })).collect::<Vec<_>>(),
            "remarks": self.texts(&verdict.remarks),
        })
    }

    fn action(&self, action: &Action) -> Value {
        json!({
            "remedy": self.remedy(&action.remedy),
            "severity": action.severity,
            "repairs": action.repairs,
        })
    }

    fn remedy(&self, remedy: &Remedy) -> Value {
        let text = self.text(remedy.text());
        let (kind, package, version, line) = match remedy {
            Remedy::BaseUpdate { .. } => ("base-update", None, None, None),
            Remedy::PackageUpdate {
                package, version, ..
            } => ("package-update", Some(package), Some(version), None),
            Remedy::Dockerfile { line, .. } => ("dockerfile", None, None, Some(line)),
            Remedy::Manual { .. } => ("manual", None, None, None),
        };
        json!({"kind": kind, "text": text, "package": package, "version": version, "line": line})
    }

    fn check(&self, check: &CheckResult) -> Value {
        json!({
            "id": check.check,
            "dimension": check.dimension,
            "title": self.text(&check.title),
            "answer": check.answer,
            "severity": check.severity,
            "reason": self.text(&check.reason),
            "evidence": check.evidence.iter().map(|e| self.evidence(e)).collect::<Vec<_>>(),
            "remedy": check.remedy.as_ref().map(|remedy| self.remedy(remedy)),
        })
    }

    fn control(&self, control: &ControlResult) -> Value {
        json!({
            "benchmark": control.benchmark.name(),
            "version": control.benchmark.version(),
            "id": control.id,
            "title": self.text(&control.title),
            "method": control.method,
            "answer": control.answer,
            "reason": self.text(&control.reason),
            "evidence": control.evidence.iter().map(|e| self.evidence(e)).collect::<Vec<_>>(),
            "by": control.by,
        })
    }

    fn evidence(&self, evidence: &Evidence) -> Value {
        json!({
            "location": evidence.location.as_ref().map(location),
            "line": evidence.line,
            "detail": self.text(&evidence.detail),
        })
    }

    fn finding(&self, facts: &ImageFacts, finding: &Finding) -> Value {
        json!({
            "rule": finding.rule,
            "class": finding.class,
            "subject": finding.subject,
            "severity": finding.severity,
            "confidence": finding.confidence,
            "title": self.text(&finding.title),
            "evidence": finding.evidence.iter().map(|e| self.evidence(e)).collect::<Vec<_>>(),
            "remedy": self.remedy(&finding.remedy),
            "fingerprint": finding.fingerprint,
            "package": finding.package.as_ref().map(|named| finding_package(facts, named)),
            "vulnerability": finding.vulnerability.as_ref().map(|found| vulnerability(found)),
            "triage": finding.triage,
            "laidAside": finding.laid_aside().is_some(),
        })
    }
}

/// Enough of the package that nobody must join two lists.
fn finding_package(facts: &ImageFacts, named: &FindingPackage) -> Value {
    let fact = facts.packages.get(named.index).map(|package| &package.fact);
    json!({
        "purl": named.purl,
        "ecosystem": fact.map(|fact| fact.ecosystem),
        "name": fact.map(|fact| &fact.name),
        "version": fact.map(|fact| &fact.version),
        "evidence": named.evidence,
        "reachability": named.reachability.name(),
    })
}

/// What is known of a flaw, and why it is held to be in a package.
pub(crate) fn vulnerability(found: &PackageMatch) -> Value {
    let flaw = &found.vulnerability;
    let (state, versions): (&str, &[String]) = match &found.fix {
        FixState::Fixed(versions) => ("fixed", versions),
        FixState::NotFixed => ("not-fixed", &[]),
        FixState::WillNotFix => ("will-not-fix", &[]),
        FixState::Subscription(versions) => ("subscription", versions),
        FixState::Unknown => ("unknown", &[]),
    };
    json!({
        "id": flaw.id,
        "aliases": flaw.aliases,
        "severitySource": flaw.severity_source,
        "cvss": flaw.cvss,
        "knownExploited": flaw.known_exploited,
        "exploitation": flaw.exploitation,
        "epss": flaw.epss,
        "doubts": flaw.doubts,
        "malicious": flaw.malicious,
        "published": flaw.published,
        "modified": flaw.modified,
        "references": flaw.references,
        "applies": found.answer,
        "fix": {"state": state, "versions": versions, "since": found.fix_since},
        "reason": {
            "feed": found.reason.feed,
            "record": found.reason.record,
            "lookedUp": found.reason.looked_up,
            "compared": found.reason.compared,
            "scheme": found.reason.scheme,
            "rule": found.reason.rule,
            "unknown": found.reason.unknown,
        },
    })
}
