//! The report for machines: our own schema, version 1, published in `docs/schema/report-1.json`.
//!
//! Lists are always lists, never null. A field is only ever added within a version.

use std::io;

use plimsoll_model::Text;
use plimsoll_model::advisory::{FixState, PackageMatch};
use plimsoll_model::check::CheckResult;
use plimsoll_model::facts::{ImageFacts, Location, Package};
use plimsoll_model::finding::{Evidence, Finding, Remedy};
use plimsoll_model::text::Language;
use plimsoll_model::verdict::{Action, Verdict};
use serde_json::{Value, json};

use crate::{Report, ReportFormat, Settings};

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
        serde_json::to_writer_pretty(&mut *out, &value(report, settings.language))?;
        writeln!(out)
    }
}

fn value(report: &Report<'_>, language: Language) -> Value {
    let assessment = report.assessment;
    let facts = &assessment.facts;
    let words = Words(language);
    json!({
        "schemaVersion": SCHEMA_VERSION,
        "language": language,
        "image": image(facts),
        "os": facts.os.as_ref().map(|os| json!({
            "id": os.release.id,
            "version": os.release.version,
            "name": os.release.display(),
            "location": location(&os.location),
        })),
        "verdict": report.verdict.map(|verdict| words.verdict(verdict)),
        "checks": assessment.checks.iter().map(|check| words.check(check)).collect::<Vec<_>>(),
        "findings": assessment.findings.iter().map(|finding| words.finding(finding)).collect::<Vec<_>>(),
        "packages": facts.packages.iter().map(|p| package(facts, p)).collect::<Vec<_>>(),
        "coverage": {
            "entries": facts.coverage.entries,
            "executables": facts.coverage.executables,
            "explained": facts.coverage.explained,
            "unexplained": facts.coverage.unexplained,
        },
        "problems": assessment.problems,
        "provenance": {
            "program": assessment.provenance.program,
            "analyzers": assessment.provenance.analyzers,
            "advisories": assessment.provenance.snapshot,
        },
    })
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
        })).collect::<Vec<_>>(),
    })
}

fn package(facts: &ImageFacts, package: &Package) -> Value {
    let fact = &package.fact;
    let owner = package.owner.and_then(|owner| facts.packages.get(owner));
    json!({
        "purl": package.purl,
        "ecosystem": fact.ecosystem,
        "name": fact.name,
        "version": fact.version,
        "architecture": fact.architecture,
        "source": fact.source,
        "evidence": fact.evidence,
        "scope": fact.scope,
        "licenses": fact.licenses,
        "owner": owner.map(|owner| &owner.purl),
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
            "accepted": verdict.accepted,
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
        match remedy {
            Remedy::BaseUpdate { .. } => json!({"kind": "base-update", "text": text}),
            Remedy::PackageUpdate {
                package, version, ..
            } => {
                json!({"kind": "package-update", "text": text, "package": package, "version": version})
            }
            Remedy::Dockerfile { line, .. } => {
                json!({"kind": "dockerfile", "text": text, "line": line})
            }
            Remedy::Manual { .. } => json!({"kind": "manual", "text": text}),
        }
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

    fn evidence(&self, evidence: &Evidence) -> Value {
        json!({
            "location": evidence.location.as_ref().map(location),
            "line": evidence.line,
            "detail": self.text(&evidence.detail),
        })
    }

    fn finding(&self, finding: &Finding) -> Value {
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
            "purl": finding.package.as_ref().map(|package| &package.purl),
            "vulnerability": finding.vulnerability.as_ref().map(|found| vulnerability(found)),
        })
    }
}

fn vulnerability(found: &PackageMatch) -> Value {
    let flaw = &found.vulnerability;
    let (state, versions): (&str, &[String]) = match &found.fix {
        FixState::Fixed(versions) => ("fixed", versions),
        FixState::NotFixed => ("not-fixed", &[]),
        FixState::WillNotFix => ("will-not-fix", &[]),
        FixState::Unknown => ("unknown", &[]),
    };
    json!({
        "id": flaw.id,
        "aliases": flaw.aliases,
        "severitySource": flaw.severity_source,
        "cvss": flaw.cvss,
        "knownExploited": flaw.known_exploited,
        "published": flaw.published,
        "modified": flaw.modified,
        "references": flaw.references,
        "applies": found.answer,
        "fix": {"state": state, "versions": versions},
        "reason": found.reason,
    })
}
