//! From matches and failed checks to findings, each with what repairs it.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use plimsoll_model::advisory::{Applicability, FixState, PackageMatch};
use plimsoll_model::check::{Answer, CheckResult};
use plimsoll_model::fact::EvidenceKind;
use plimsoll_model::facts::{ImageFacts, Package, PackageIndex};
use plimsoll_model::finding::{
    Confidence, Evidence, Finding, FindingClass, FindingPackage, Remedy, fingerprint,
};
use plimsoll_model::priority::Priority;
use plimsoll_model::reach::ReachedFile;
use plimsoll_model::{Ecosystem, ImagePath, Text};

/// Everything that is wrong, what to look at first in front.
pub(crate) fn gather(
    facts: &ImageFacts,
    matches: Vec<PackageMatch>,
    checks: &[CheckResult],
    history: Vec<Finding>,
) -> Vec<Finding> {
    let targets = targets(facts, &matches);
    let mut findings: Vec<Finding> = matches
        .into_iter()
        .filter_map(|found| {
            let package = facts.packages.get(found.package)?;
            Some(of_match(facts, package, found, &targets))
        })
        .collect();
    findings.extend(checks.iter().filter_map(of_check));
    findings.extend(history);
    findings.sort_by_cached_key(|finding| {
        let rest = [&finding.rule, &finding.subject, &finding.fingerprint];
        (Priority::of(finding), rest.map(Clone::clone))
    });
    findings
}

/// For each package the version that repairs all of its flaws that can be repaired: the highest among the
/// nearest fixes.
fn targets(facts: &ImageFacts, matches: &[PackageMatch]) -> BTreeMap<PackageIndex, String> {
    let mut targets: BTreeMap<PackageIndex, String> = BTreeMap::new();
    for found in matches {
        let FixState::Fixed(versions) = &found.fix else {
            continue;
        };
        let (Some(nearest), Some(package)) = (versions.first(), facts.packages.get(found.package))
        else {
            continue;
        };
        let scheme = package.fact.ecosystem.row().scheme;
        let target = targets
            .entry(found.package)
            .or_insert_with(|| nearest.clone());
        if scheme.compare(nearest, target).is_ok_and(Ordering::is_gt) {
            target.clone_from(nearest);
        }
    }
    targets
}

fn of_match(
    facts: &ImageFacts,
    package: &Package,
    found: PackageMatch,
    targets: &BTreeMap<PackageIndex, String>,
) -> Finding {
    let fact = &package.fact;
    let flaw = &found.vulnerability;
    let path = package
        .locations
        .first()
        .map_or("", |location| location.path.as_str());
    let what = format!("{} {}", fact.name, fact.version);
    let what = what.trim_end().to_owned();
    let title_zh = flaw
        .title_zh
        .as_deref()
        .filter(|title| !title.is_empty())
        .unwrap_or(&flaw.title);
    let titled = |title: &str| {
        if title.is_empty() {
            what.clone()
        } else {
            format!("{what}: {title}")
        }
    };
    let (reachability, loaded) = facts.reach.of(found.package, package);
    let mut evidence = evidence(package, &found);
    evidence.extend(loaded.map(|file| of_reach(facts, file)));
    Finding {
        rule: flaw.id.clone(),
        class: if flaw.malicious {
            FindingClass::Malware
        } else {
            FindingClass::Vulnerability
        },
        subject: what.clone(),
        severity: flaw.severity,
        confidence: confidence(package, &found),
        title: Text::new(titled(&flaw.title), titled(title_zh)),
        evidence,
        remedy: remedy(facts, package, &found, targets),
        fingerprint: fingerprint(&[&flaw.id, fact.ecosystem.row().purl_type, &fact.name, path]),
        package: Some(FindingPackage {
            index: found.package,
            purl: package.purl.clone(),
            evidence: fact.evidence,
            reachability,
        }),
        vulnerability: Some(Box::new(found)),
        triage: Vec::new(),
    }
}

fn confidence(package: &Package, found: &PackageMatch) -> Confidence {
    match (found.answer, package.fact.evidence) {
        (Applicability::Unknown | Applicability::NotAffected, _)
        | (_, EvidenceKind::Fingerprint | EvidenceKind::Claimed | EvidenceKind::Archived) => {
            Confidence::Low
        }
        (_, EvidenceKind::Vendored | EvidenceKind::Locked) => Confidence::Medium,
        (_, EvidenceKind::Installed | EvidenceKind::Compiled) => Confidence::High,
    }
}

fn evidence(package: &Package, found: &PackageMatch) -> Vec<Evidence> {
    let reason = &found.reason;
    let compared = format!("{} {}", reason.looked_up, reason.compared);
    let compared = compared.trim_end();
    let detail = match &reason.unknown {
        Some(why) => Text::new(
            format!("{compared} cannot be judged by {}: {why}", reason.record),
            format!("无法依据 {} 判断 {compared}:{why}", reason.record),
        ),
        None => Text::new(
            format!(
                "{compared} is in {} by {} ({})",
                reason.rule, reason.record, reason.feed
            ),
            format!(
                "依据 {}({}),{compared} 位于 {}",
                reason.record, reason.feed, reason.rule
            ),
        ),
    };
    let detail = match package.fact.evidence {
        EvidenceKind::Fingerprint => Text::new(
            format!(
                "{}; the package is known by the paths of its classes alone",
                detail.en
            ),
            format!("{};仅凭类路径识别该软件包", detail.zh),
        ),
        _ => detail,
    };
    package
        .locations
        .iter()
        .map(|location| Evidence {
            location: Some(location.clone()),
            line: None,
            detail: detail.clone(),
        })
        .collect()
}

/// That a container loads a file of the package when it starts, and the way to it.
fn of_reach(facts: &ImageFacts, file: &ReachedFile) -> Evidence {
    let way: Vec<&str> = facts
        .reach
        .way(file)
        .into_iter()
        .map(ImagePath::as_str)
        .collect();
    let way = way.join(" → ");
    Evidence {
        location: None,
        line: None,
        detail: Text::new(
            format!("loaded when a container starts: {way}"),
            format!("容器启动时加载:{way}"),
        ),
    }
}

fn remedy(
    facts: &ImageFacts,
    package: &Package,
    found: &PackageMatch,
    targets: &BTreeMap<PackageIndex, String>,
) -> Remedy {
    let fact = &package.fact;
    let target = targets.get(&found.package);
    match (&found.fix, target) {
        (FixState::Fixed(_), Some(_)) if fact.is_installed_by_os() => {
            os_update(facts, fact.ecosystem)
        }
        (FixState::Fixed(_), Some(version)) => Remedy::PackageUpdate {
            package: fact.name.clone(),
            version: version.clone(),
            text: update(&fact.name, &fact.version, version),
        },
        (FixState::Subscription(_), _) => Remedy::Manual {
            text: Text::fixed(
                "only who pays for extended support gets the fix (Ubuntu Pro and its like): subscribe, or change to \
                 a release that is still supported",
                "仅付费延长支持(如 Ubuntu Pro)提供修复:订阅该服务,或更换仍受支持的版本",
            ),
        },
        (FixState::WillNotFix, _) => Remedy::Manual {
            text: Text::fixed(
                "the distribution will not fix these: remove the packages, or change the base image",
                "发行版不会修复这些漏洞:移除相关软件包或更换基础镜像",
            ),
        },
        _ => Remedy::Manual {
            text: Text::fixed(
                "no fix is published for these: remove the packages if they are not needed, or watch them",
                "这些漏洞尚无修复版本:如不需要请移除相关软件包,否则持续关注",
            ),
        },
    }
}

fn update(name: &str, from: &str, to: &str) -> Text {
    if from.is_empty() {
        return Text::new(
            format!("find out the version of {name}, and use {to} or later"),
            format!("查明 {name} 的版本,并使用 {to} 或更高版本"),
        );
    }
    Text::new(
        format!("update {name} from {from} to {to}"),
        format!("将 {name} 从 {from} 升级到 {to}"),
    )
}

fn os_update(facts: &ImageFacts, ecosystem: Ecosystem) -> Remedy {
    let command = match ecosystem {
        Ecosystem::Apk => "apk upgrade --no-cache",
        Ecosystem::Rpm => "dnf upgrade -y",
        _ => "apt-get update && apt-get upgrade -y",
    };
    let os = facts
        .os
        .as_ref()
        .map_or_else(String::new, |os| format!(" ({})", os.release.display()));
    Remedy::BaseUpdate {
        text: Text::new(
            format!(
                "build on the newest image of the same base{os}, or upgrade its packages: `{command}`"
            ),
            format!("使用同系列最新基础镜像{os}重新构建,或升级系统软件包:`{command}`"),
        ),
    }
}

/// A failed check is a finding; one that could not be answered is not.
fn of_check(check: &CheckResult) -> Option<Finding> {
    if check.answer != Answer::Fail {
        return None;
    }
    let remedy = check.remedy.clone().unwrap_or(Remedy::Manual {
        text: check.reason.clone(),
    });
    let class = match check.check.as_str() {
        "config-secret" | "file-secret" => FindingClass::Secret,
        _ => FindingClass::Configuration,
    };
    let mut evidence = check.evidence.clone();
    if evidence.is_empty() {
        evidence.push(Evidence {
            location: None,
            line: None,
            detail: check.reason.clone(),
        });
    }
    evidence.sort();
    Some(Finding {
        rule: check.check.clone(),
        class,
        subject: "image".to_owned(),
        severity: check.severity,
        confidence: Confidence::High,
        title: check.reason.clone(),
        evidence,
        remedy,
        fingerprint: fingerprint(&[&check.check]),
        package: None,
        vulnerability: None,
        triage: Vec::new(),
    })
}
