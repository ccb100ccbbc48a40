//! The flaws of the packages, as CycloneDX has room for them since 1.4.
//!
//! What we know is that a version lies in the range of an advisory, or that this cannot be said. Whether a flaw
//! can be reached in the image nobody has looked at, so that the state of each analysis is `in_triage`: neither
//! `exploitable`, nor `not_affected`, nor anything else that needs a person or a proof; unless a person said so, in
//! a VEX document or an ignore file, and then the analysis is that person's. The answer of matching
//! stands where the specification has a field for just that, in `affects[].versions[].status`.

use std::collections::BTreeMap;

use plimsoll_model::Severity;
use plimsoll_model::advisory::{Applicability, CvssRating, FixState, PackageMatch};
use plimsoll_model::facts::ImageFacts;
use plimsoll_model::finding::Finding;
use plimsoll_model::triage::{Triage, TriageState};
use serde_json::{Map, Value, json};

use super::Version;
use crate::bill::{References, stamp};

/// The flaws, sorted by id; those that are told in the same words of several packages are one with several
/// `affects`.
pub(super) fn all(
    facts: &ImageFacts,
    findings: &[Finding],
    packages: &[String],
    references: &mut References,
    version: Version,
) -> Value {
    let mut grouped: BTreeMap<(String, String), (Value, Vec<Value>)> = BTreeMap::new();
    for finding in findings {
        let Some(found) = &finding.vulnerability else {
            continue;
        };
        let (Some(package), Some(reference)) = (
            facts.packages.get(found.package),
            packages.get(found.package),
        ) else {
            continue;
        };
        let said = statement(finding, found, version);
        let key = (found.vulnerability.id.clone(), said.to_string());
        let status = match found.answer {
            Applicability::Affected => "affected",
            Applicability::NotAffected => "unaffected",
            Applicability::Unknown => "unknown",
        };
        let affected = json!({
            "ref": reference,
            "versions": [{"version": package.fact.version, "status": status}],
        });
        let (_, affects) = grouped.entry(key).or_insert_with(|| (said, Vec::new()));
        if !affects.contains(&affected) {
            affects.push(affected);
        }
    }
    grouped
        .into_iter()
        .map(|((id, _), (mut said, affects))| {
            if let Value::Object(map) = &mut said {
                let own = references.unique(format!("vulnerability:{id}"));
                map.insert("bom-ref".to_owned(), json!(own));
                map.insert("affects".to_owned(), json!(affects));
            }
            said
        })
        .collect()
}

/// Everything but the packages.
fn statement(finding: &Finding, found: &PackageMatch, version: Version) -> Value {
    let flaw = &found.vulnerability;
    let mut out = Map::new();
    let mut put = |key: &str, value: Value| out.insert(key.to_owned(), value);
    put("id", json!(flaw.id));
    let page = flaw.references.iter().find(|address| is_address(address));
    let mut source = json!({"name": found.reason.feed});
    if let Some(page) = page {
        source["url"] = json!(page);
    }
    put("source", source);
    let aliases: Vec<Value> = flaw
        .aliases
        .iter()
        .filter(|alias| **alias != flaw.id)
        .map(|alias| json!({"id": alias, "source": {"name": publisher(alias)}}))
        .collect();
    if !aliases.is_empty() {
        put("references", json!(aliases));
    }
    put("ratings", ratings(found, version));
    if flaw.malicious {
        // Embedded malicious code.
        put("cwes", json!([506]));
    }
    if !flaw.title.is_empty() {
        put("description", json!(flaw.title));
    }
    if !flaw.description.is_empty() {
        put("detail", json!(flaw.description));
    }
    put("recommendation", json!(finding.remedy.text().en));
    let pages = flaw.references.iter().filter(|address| is_address(address));
    let pages: Vec<Value> = pages.map(|address| json!({"url": address})).collect();
    if !pages.is_empty() {
        put("advisories", json!(pages));
    }
    if let Some(time) = flaw.published {
        put("published", json!(stamp(time)));
    }
    if let Some(time) = flaw.modified {
        put("updated", json!(stamp(time)));
    }
    put(
        "analysis",
        finding
            .triage
            .iter()
            .find(|one| one.holds)
            .map_or_else(|| analysis(found), said),
    );
    put("properties", properties(found));
    Value::Object(out)
}

/// What somebody said of it, in the words of the format.
fn said(triage: &Triage) -> Value {
    let state = match triage.state {
        // An ignore rule says nothing of the flaw.
        TriageState::Affected | TriageState::Accepted => "exploitable",
        TriageState::UnderInvestigation => "in_triage",
        TriageState::Fixed => "resolved",
        TriageState::NotAffected => "not_affected",
    };
    let mut out = json!({"state": state});
    let justification = match triage.justification.as_str() {
        // The words of OpenVEX and CSAF; CycloneDX has its own.
        "component_not_present" | "vulnerable_code_not_present" => "code_not_present",
        "vulnerable_code_not_in_execute_path" => "code_not_reachable",
        "vulnerable_code_cannot_be_controlled_by_adversary" => "requires_environment",
        "inline_mitigations_already_exist" => "protected_by_mitigating_control",
        other => other,
    };
    if triage.state == TriageState::NotAffected && JUSTIFICATIONS.contains(&justification) {
        out["justification"] = json!(justification);
    }
    if triage.state == TriageState::Accepted {
        out["response"] = json!(["will_not_fix"]);
    }
    let who = if triage.by.is_empty() {
        &triage.source
    } else {
        &triage.by
    };
    let mut words = vec![triage.reason.as_str(), triage.justification.as_str()];
    words.retain(|word| !word.is_empty());
    out["detail"] = json!(format!("{} ({who})", words.join("; ")).trim_start());
    out
}

/// The justifications of the CycloneDX specification, "impactAnalysisJustification".
const JUSTIFICATIONS: &[&str] = &[
    "code_not_present",
    "code_not_reachable",
    "requires_configuration",
    "requires_dependency",
    "requires_environment",
    "protected_by_compiler",
    "protected_at_runtime",
    "protected_at_perimeter",
    "protected_by_mitigating_control",
];

/// What is known, and no more.
fn analysis(found: &PackageMatch) -> Value {
    let reason = &found.reason;
    let compared = format!("{} {}", reason.looked_up, reason.compared);
    let detail = match (&reason.unknown, found.answer) {
        (Some(why), _) => format!("{compared} cannot be judged by {}: {why}", reason.record),
        (None, Applicability::NotAffected) => {
            format!("{compared} is not in {} of {}", reason.rule, reason.record)
        }
        (None, _) => format!(
            "{compared} is in {} of {}; whether the flaw can be reached in this image was not examined",
            reason.rule, reason.record
        ),
    };
    let mut out = json!({"state": "in_triage", "detail": detail});
    // The field is for what the supplier of the package answers.
    match found.fix {
        FixState::Fixed(_) => out["response"] = json!(["update"]),
        FixState::WillNotFix => out["response"] = json!(["will_not_fix"]),
        FixState::Subscription(_) | FixState::NotFixed | FixState::Unknown => {}
    }
    out
}

fn properties(found: &PackageMatch) -> Value {
    let mut out = vec![
        ("plimsoll:feed", found.reason.feed.clone()),
        ("plimsoll:record", found.reason.record.clone()),
        ("plimsoll:rule", found.reason.rule.clone()),
    ];
    if let FixState::Fixed(versions) = &found.fix {
        out.extend(versions.iter().map(|one| ("plimsoll:fixed", one.clone())));
    }
    if let FixState::Subscription(versions) = &found.fix {
        let fixed = versions.iter();
        out.extend(fixed.map(|one| ("plimsoll:fixed-with-subscription", one.clone())));
    }
    if found.vulnerability.known_exploited {
        out.push(("plimsoll:known-exploited", "true".to_owned()));
    }
    if let Some(epss) = &found.vulnerability.epss {
        out.push(("plimsoll:epss", epss.probability.to_string()));
        out.push(("plimsoll:epss-percentile", epss.percentile.to_string()));
        out.push(("plimsoll:epss-date", epss.date.to_string()));
    }
    out.iter()
        .map(|(name, value)| json!({"name": name, "value": value}))
        .collect()
}

/// The severity that we show with whoever says so, then every rating that was published.
fn ratings(found: &PackageMatch, version: Version) -> Value {
    let flaw = &found.vulnerability;
    let mut first = json!({"severity": word(flaw.severity)});
    if !flaw.severity_source.is_empty() {
        first["source"] = json!({"name": flaw.severity_source});
    }
    let published = flaw.cvss.iter().map(|rating| {
        let mut out = json!({"score": rating.score, "method": method(rating, version)});
        if !rating.source.is_empty() {
            out["source"] = json!({"name": rating.source});
        }
        if !rating.vector.is_empty() {
            out["vector"] = json!(rating.vector);
        }
        out
    });
    std::iter::once(first).chain(published).collect()
}

/// The words of the specification; it knows no `negligible`.
fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Negligible => "info",
        other => other.name(),
    }
}

/// The method by the vector's own name; CVSS 4 came with 1.5.
fn method(rating: &CvssRating, version: Version) -> &'static str {
    let vector = rating.vector.as_str();
    match vector.split('/').next().unwrap_or_default() {
        "CVSS:4.0" if version >= Version::V1_5 => "CVSSv4",
        "CVSS:3.1" => "CVSSv31",
        "CVSS:3.0" => "CVSSv3",
        // The second version has no name in front.
        _ if vector.starts_with("AV:") || vector.starts_with("(AV:") => "CVSSv2",
        _ => "other",
    }
}

/// Who gives out ids that begin so.
fn publisher(id: &str) -> &str {
    match id.split_once('-') {
        Some((prefix, _)) if !prefix.is_empty() => prefix,
        _ => id,
    }
}

/// Whether a text of a feed is an address (RFC 3986): the schemas of JSON and XML take nothing else.
fn is_address(text: &str) -> bool {
    let rest = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"));
    rest.is_some_and(|rest| {
        !rest.is_empty()
            && rest.bytes().all(|byte| {
                byte.is_ascii_alphanumeric() || b"-._~:/?#@!$&'()*+,;=%".contains(&byte)
            })
            && !has_broken_escape(rest)
            && rest.matches('#').count() <= 1
    })
}

fn has_broken_escape(text: &str) -> bool {
    text.split('%').skip(1).any(|after| {
        let digits = after.as_bytes().get(..2).unwrap_or_default();
        digits.len() < 2 || !digits.iter().all(u8::is_ascii_hexdigit)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_told_from_other_texts() {
        for (text, expected) in [
            ("https://example.org/a?b=c#d", true),
            ("http://example.org/%41", true),
            ("https://", false),
            ("ftp://example.org", false),
            ("https://example.org/a b", false),
            ("https://example.org/%4", false),
            ("https://example.org/#a#b", false),
            ("https://example.org/<x>", false),
        ] {
            assert_eq!(is_address(text), expected, "{text}");
        }
    }

    #[test]
    fn a_method_is_known_by_its_vector() {
        let of = |vector: &str, version| {
            let rating = CvssRating {
                vector: vector.to_owned(),
                score: 5.0,
                source: String::new(),
            };
            method(&rating, version)
        };
        for (vector, expected) in [
            ("CVSS:4.0/AV:N", "CVSSv4"),
            ("CVSS:3.1/AV:N", "CVSSv31"),
            ("CVSS:3.0/AV:N", "CVSSv3"),
            ("AV:N/AC:L", "CVSSv2"),
            ("", "other"),
        ] {
            assert_eq!(of(vector, Version::V1_6), expected, "{vector}");
        }
        assert_eq!(of("CVSS:4.0/AV:N", Version::V1_4), "other");
    }
}
