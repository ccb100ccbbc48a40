//! Assessments made by hand, one for each situation that a report must bear.

use std::collections::BTreeMap;

use plimsoll_model::advisory::{
    Applicability, CvssRating, FeedState, FixState, Knowledge, MatchReason, PackageMatch,
    SeverityOrder, Snapshot, Vulnerability,
};
use plimsoll_model::assessment::{AnalyzerStamp, Assessment, Provenance};
use plimsoll_model::check::{Answer, CheckResult, Dimension};
use plimsoll_model::control::{Benchmark, ControlResult, Method};
use plimsoll_model::coverage::{Judged, Unreadable};
use plimsoll_model::fact::{Opaque, PackageFact, SourcePackage};
use plimsoll_model::facts::{Coverage, ImageFacts, Location, OperatingSystem, Package};
use plimsoll_model::finding::{
    Confidence, Evidence, Finding, FindingClass, FindingPackage, Remedy, fingerprint,
};
use plimsoll_model::image::{ImageConfig, LayerInfo, Platform, SourceKind, Subject};
use plimsoll_model::reach::{Reach, Reachability};
use plimsoll_model::verdict::{
    Accepted, Action, Decision, DimensionResult, Grade, Score, Verdict, Veto, VetoResult,
};
use plimsoll_model::{Ecosystem, ImagePath, Problem, Severity, Stage, Text};

use crate::image::{config, deb, debian, digest, layers, location, package, packages, subject};

/// An assessment and what policy made of it.
pub(crate) struct Sample {
    pub(crate) name: &'static str,
    pub(crate) assessment: Assessment,
    pub(crate) verdict: Option<Verdict>,
}

/// Every sample.
pub(crate) fn all() -> Vec<Sample> {
    vec![rich(), clean(), directory(), hostile(), scan()]
}

/// What one flaw is made of, in tests.
struct Flaw<'a> {
    id: &'a str,
    severity: Severity,
    title: &'a str,
    fix: FixState,
    package: usize,
}

fn finding(packages: &[Package], flaw: Flaw<'_>, remedy: Remedy) -> Finding {
    let package = &packages[flaw.package];
    let what = format!("{} {}", package.fact.name, package.fact.version);
    Finding {
        rule: flaw.id.into(),
        class: FindingClass::Vulnerability,
        subject: what.clone(),
        severity: flaw.severity,
        confidence: Confidence::High,
        title: Text::new(
            format!("{what}: {}", flaw.title),
            format!("{what}:{}", flaw.title),
        ),
        evidence: package
            .locations
            .iter()
            .map(|place| Evidence {
                location: Some(place.clone()),
                line: None,
                detail: Text::new(
                    format!("{what} is in [0, 99)"),
                    format!("{what} 位于 [0, 99)"),
                ),
            })
            .collect(),
        remedy,
        fingerprint: fingerprint(&[flaw.id, &package.fact.name]),
        package: Some(FindingPackage {
            index: flaw.package,
            purl: package.purl.clone(),
            evidence: package.fact.evidence,
            reachability: Reachability::default(),
        }),
        vulnerability: Some(Box::new(found(package, flaw))),
        triage: Vec::new(),
    }
}

fn found(package: &Package, flaw: Flaw<'_>) -> PackageMatch {
    let source = package.fact.source.clone().unwrap_or(SourcePackage {
        name: package.fact.name.clone(),
        version: package.fact.version.clone(),
    });
    let unknown = (package.fact.name == "Odd_Package")
        .then(|| "`not-a-version` is not a version of PEP 440".to_owned());
    let answer = match unknown {
        Some(_) => Applicability::Unknown,
        None => Applicability::Affected,
    };
    let score = match flaw.severity {
        Severity::Critical => 9.8,
        Severity::High => 7.5,
        _ => 5.0,
    };
    let rating = CvssRating {
        vector: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H".into(),
        score,
        source: "nvd".into(),
    };
    let rated = flaw.severity != Severity::Unknown;
    PackageMatch {
        package: flaw.package,
        vulnerability: Vulnerability {
            id: flaw.id.into(),
            aliases: vec![format!("GHSA-{}", flaw.id.to_lowercase())],
            title: flaw.title.into(),
            title_zh: (flaw.id == "CVE-2021-44228").then(|| "Log4Shell 远程代码执行".into()),
            description: String::new(),
            severity: flaw.severity,
            severity_source: if rated {
                "nvd cvss".into()
            } else {
                String::new()
            },
            cvss: if rated { vec![rating] } else { Vec::new() },
            known_exploited: flaw.id == "CVE-2021-44228",
            exploitation: None,
            epss: None,
            doubts: Vec::new(),
            malicious: false,
            published: "2021-12-10T10:15:09Z".parse().ok(),
            modified: None,
            references: vec![format!("https://cve.example.org/{}", flaw.id)],
        },
        answer,
        fix_since: "2021-12-13T00:00:00Z"
            .parse()
            .ok()
            .filter(|_| matches!(flaw.fix, FixState::Fixed(_))),
        fix: flaw.fix,
        reason: MatchReason {
            feed: "debian".into(),
            record: flaw.id.into(),
            looked_up: source.name,
            compared: source.version,
            scheme: "deb".into(),
            rule: "[0, 99)".into(),
            unknown,
        },
    }
}

fn base_update() -> Remedy {
    Remedy::BaseUpdate {
        text: Text::fixed(
            "build on the newest image of the same base (Debian GNU/Linux 11 (bullseye)), or upgrade its packages: `apt-get update && apt-get upgrade -y`",
            "使用同系列最新基础镜像(Debian GNU/Linux 11 (bullseye))重新构建,或升级系统软件包:`apt-get update && apt-get upgrade -y`",
        ),
    }
}

fn package_update(name: &str, from: &str, to: &str) -> Remedy {
    Remedy::PackageUpdate {
        package: name.into(),
        version: to.into(),
        text: Text::new(
            format!("update {name} from {from} to {to}"),
            format!("将 {name} 从 {from} 升级到 {to}"),
        ),
    }
}

fn user_line() -> Remedy {
    Remedy::Dockerfile {
        line: "USER 10001".into(),
        text: Text::fixed(
            "let the process run without the rights of root",
            "让进程以非 root 身份运行",
        ),
    }
}

fn unfixed(text: Text) -> Remedy {
    Remedy::Manual { text }
}

fn no_fix() -> Remedy {
    unfixed(Text::fixed(
        "no fix is published for these: remove the packages if they are not needed, or watch them",
        "这些漏洞尚无修复版本:如不需要请移除相关软件包,否则持续关注",
    ))
}

fn will_not_fix() -> Remedy {
    unfixed(Text::fixed(
        "the distribution will not fix these: remove the packages, or change the base image",
        "发行版不会修复这些漏洞:移除相关软件包或更换基础镜像",
    ))
}

fn flaws(packages: &[Package]) -> Vec<Finding> {
    let fixed = |version: &str| FixState::Fixed(vec![version.into()]);
    let log4j = || package_update("org.apache.logging.log4j:log4j-core", "2.14.1", "2.17.1");
    let rows = [
        (
            "CVE-2021-44228",
            Severity::Critical,
            "Log4Shell: remote code execution by lookups in logged text",
            fixed("2.15.0"),
            6,
            log4j(),
        ),
        (
            "CVE-2021-45105",
            Severity::Medium,
            "Uncontrolled recursion in lookups",
            FixState::Fixed(vec!["2.12.3".into(), "2.17.0".into()]),
            6,
            log4j(),
        ),
        (
            "CVE-2022-0778",
            Severity::High,
            "",
            fixed("1.1.1n-0+deb11u1"),
            1,
            base_update(),
        ),
        (
            "CVE-2022-0778",
            Severity::High,
            "",
            fixed("1.1.1n-0+deb11u1"),
            2,
            base_update(),
        ),
        (
            "CVE-2019-10744",
            Severity::Critical,
            "Prototype pollution in defaultsDeep",
            fixed("4.17.12"),
            4,
            package_update("lodash", "4.17.4", "4.17.21"),
        ),
        (
            "CVE-2022-3715",
            Severity::Low,
            "",
            FixState::WillNotFix,
            0,
            will_not_fix(),
        ),
        (
            "CVE-2008-4677",
            Severity::Negligible,
            "",
            FixState::NotFixed,
            3,
            no_fix(),
        ),
        (
            "CVE-2022-9999",
            Severity::Unknown,
            "Something odd",
            FixState::Unknown,
            7,
            no_fix(),
        ),
    ];
    rows.into_iter()
        .map(|(id, severity, title, fix, package, remedy)| {
            let flaw = Flaw {
                id,
                severity,
                title,
                fix,
                package,
            };
            finding(packages, flaw, remedy)
        })
        .collect()
}

fn check(id: &str, dimension: Dimension, answer: Answer, severity: Severity) -> CheckResult {
    CheckResult {
        check: id.into(),
        dimension,
        title: Text::new(format!("the check {id}"), format!("检查 {id}")),
        answer,
        severity,
        reason: Text::new(format!("this is why {id} is so"), format!("{id} 的原因")),
        evidence: Vec::new(),
        remedy: None,
    }
}

fn checks() -> Vec<CheckResult> {
    let mut root = check(
        "root-user",
        Dimension::Security,
        Answer::Fail,
        Severity::High,
    );
    root.reason = Text::fixed("the image runs as root", "镜像以 root 身份运行");
    root.evidence = vec![Evidence {
        location: Some(location("etc/passwd", 0, 0)),
        line: Some(1),
        detail: Text::verbatim("Config.User is \"\""),
    }];
    root.remedy = Some(user_line());
    vec![
        root,
        check(
            "healthcheck",
            Dimension::Reliability,
            Answer::Pass,
            Severity::Medium,
        ),
        check(
            "maintainer",
            Dimension::Maintainability,
            Answer::Unknown,
            Severity::High,
        ),
        check(
            "exposed-ports",
            Dimension::Security,
            Answer::NotApplicable,
            Severity::Low,
        ),
    ]
}

fn configuration_findings() -> Vec<Finding> {
    let from = |check: &CheckResult, class, remedy| Finding {
        rule: check.check.clone(),
        class,
        subject: "image".into(),
        severity: check.severity,
        confidence: Confidence::High,
        title: check.reason.clone(),
        evidence: check.evidence.clone(),
        remedy,
        fingerprint: fingerprint(&[&check.check]),
        package: None,
        vulnerability: None,
        triage: Vec::new(),
    };
    let mut secret = check(
        "file-secret",
        Dimension::Security,
        Answer::Fail,
        Severity::High,
    );
    secret.reason = Text::fixed(
        "5 secrets lie in files of the image, also in deleted ones",
        "镜像文件中存在 5 处敏感信息(包括已删除的文件)",
    );
    secret.evidence = (1..=5)
        .map(|line| Evidence {
            location: Some(location("app/.env", 1, 1)),
            line: Some(line),
            detail: Text::verbatim("AWS access key AKIA********, deleted by a higher layer"),
        })
        .collect();
    let root = checks().swap_remove(0);
    vec![
        from(&root, FindingClass::Configuration, user_line()),
        from(
            &secret,
            FindingClass::Secret,
            unfixed(Text::fixed(
                "take the secret out of the build, and replace it: whoever has the image has it",
                "从构建中移除敏感信息并更换:任何拥有镜像的人都能获得它",
            )),
        ),
    ]
}

fn snapshot(knowledge: Knowledge) -> Snapshot {
    Snapshot {
        knowledge,
        id: digest("snapshot").to_string(),
        newest: "2026-07-01T00:00:00Z".parse().ok(),
        expires: "2026-07-31T00:00:00Z".parse().ok(),
        feeds: vec![FeedState {
            feed: "debian".into(),
            newest: "2026-07-01T00:00:00Z".parse().ok(),
            records: 123_456,
            problems: 0,
        }],
    }
}

fn provenance(knowledge: Knowledge) -> Provenance {
    Provenance {
        program: "0.1.0".into(),
        analyzers: vec![AnalyzerStamp {
            id: "os/dpkg".into(),
            revision: 1,
        }],
        snapshot: snapshot(knowledge),
        severity_order: SeverityOrder::default(),
    }
}

const JUDGED: Judged = Judged {
    judged: 6,
    owned: 1,
    blind: 2,
};

fn facts(packages: Vec<Package>) -> ImageFacts {
    ImageFacts {
        subject: subject(),
        config: config(),
        layers: layers(),
        os: Some(OperatingSystem {
            release: debian(),
            location: location("etc/os-release", 0, 0),
        }),
        content_sets: Vec::new(),
        packages,
        accounts: Vec::new(),
        secrets: Vec::new(),
        executables: Vec::new(),
        posture: plimsoll_model::posture::Posture::default(),
        reach: Reach::default(),
        coverage: Coverage {
            entries: 4321,
            executables: 321,
            explained: 319,
            unexplained: vec![ImagePath::new("app/start"), ImagePath::new("app/tool")],
            opaque: BTreeMap::from([
                (Opaque::Packed, vec![ImagePath::new("app/start")]),
                (
                    Opaque::RustWithoutAuditData,
                    vec![ImagePath::new("usr/local/bin/rg")],
                ),
            ]),
            unreadable: BTreeMap::from([(Unreadable::Archive, vec!["app/cut.jar".to_owned()])]),
            deleted: 0,
        },
        problems: Vec::new(),
    }
}

fn sorted(mut findings: Vec<Finding>) -> Vec<Finding> {
    findings.sort_by(|a, b| {
        b.severity
            .cmp(&a.severity)
            .then(a.class.cmp(&b.class))
            .then(a.rule.cmp(&b.rule))
            .then(a.subject.cmp(&b.subject))
    });
    findings
}

fn actions(findings: &[Finding]) -> Vec<Action> {
    let mut groups: BTreeMap<&Remedy, (Severity, Vec<String>)> = BTreeMap::new();
    for finding in findings {
        let group = groups.entry(&finding.remedy).or_default();
        group.0 = group.0.max(finding.severity);
        group.1.push(finding.fingerprint.clone());
    }
    let mut actions: Vec<Action> = groups
        .into_iter()
        .map(|(remedy, (severity, repairs))| Action {
            remedy: remedy.clone(),
            severity,
            repairs,
        })
        .collect();
    actions.sort_by_key(|action| std::cmp::Reverse((action.severity, action.repairs.len())));
    actions
}

fn vetoes(unfit: bool) -> Vec<VetoResult> {
    let veto = |veto, answer, en: &'static str, zh: &'static str| VetoResult {
        veto,
        answer,
        reason: Text::fixed(en, zh),
    };
    let severe = if unfit {
        veto(
            Veto::SevereFlaw,
            Answer::Fail,
            "4 flaws, the worst is CVE-2021-44228 with CVSS 9.8",
            "4 个漏洞,最严重为 CVE-2021-44228(CVSS 9.8)",
        )
    } else {
        veto(Veto::SevereFlaw, Answer::Pass, "there is none", "未发现")
    };
    let bad = if unfit { Answer::Fail } else { Answer::Pass };
    vec![
        veto(
            Veto::MovingTag,
            bad,
            "the tag is `latest`",
            "标签为 `latest`",
        ),
        severe,
        veto(
            Veto::Unmaintained,
            Answer::Unknown,
            "no record of the source repository was asked for",
            "未查询源代码仓库记录",
        ),
        veto(
            Veto::Root,
            Answer::Pass,
            "the user is 10001",
            "用户为 10001",
        ),
        veto(
            Veto::Agpl,
            Answer::NotApplicable,
            "the policy says that the product is open source",
            "策略声明产品已开源",
        ),
    ]
}

fn dimensions(unfit: bool) -> Vec<DimensionResult> {
    let bad = if unfit { Answer::Fail } else { Answer::Pass };
    let dimension = |dimension, answer, failed: &[&str], unknown: &[&str]| DimensionResult {
        dimension,
        answer,
        failed: failed.iter().map(ToString::to_string).collect(),
        unknown: unknown.iter().map(ToString::to_string).collect(),
    };
    vec![
        dimension(
            Dimension::Security,
            bad,
            if unfit {
                &["root-user", "file-secret"]
            } else {
                &[]
            },
            &[],
        ),
        dimension(Dimension::Reliability, Answer::Pass, &[], &[]),
        dimension(
            Dimension::Maintainability,
            Answer::Unknown,
            &[],
            &["maintainer"],
        ),
        dimension(Dimension::Compliance, Answer::Pass, &[], &[]),
        dimension(Dimension::BusinessFit, Answer::NotApplicable, &[], &[]),
    ]
}

fn verdict(decision: Decision, findings: &[Finding]) -> Verdict {
    let unfit = decision == Decision::Unfit;
    Verdict {
        decision,
        reasons: vec![
            Text::fixed(
                "moving tag without a digest: `latest` can be another image tomorrow",
                "使用可变标签且未指定摘要:`latest` 明天可能指向另一个镜像",
            ),
            Text::fixed(
                "runs as root and cannot be lowered: Config.User is empty, and nothing in the image takes another user",
                "以 root 运行且无法降权:Config.User 为空,镜像中没有其他可用用户",
            ),
        ],
        conditions: Vec::new(),
        vetoes: vetoes(unfit),
        dimensions: dimensions(unfit),
        score: Score {
            value: if unfit { 69 } else { 100 },
            grade: if unfit { Grade::Good } else { Grade::Excellent },
            critical: 2,
            high: 2,
            medium: 1,
            low: 2,
            unknown: 1,
        },
        actions: actions(findings),
        accepted: vec![Accepted {
            rule: "CVE-2022-3715".into(),
            subject: "bash".into(),
            owner: "li@example.com".into(),
            reason: "the shell is never given text from outside".into(),
            until: "2026-12-31".into(),
        }],
        remarks: vec![Text::fixed(
            "the acceptance of CVE-2020-1 expired on 2026-01-31",
            "对 CVE-2020-1 的接受已于 2026-01-31 到期",
        )],
    }
}

/// Findings of every kind, by every remedy.
pub(crate) fn rich() -> Sample {
    let facts = facts(packages());
    let mut findings = flaws(&facts.packages);
    findings.extend(configuration_findings());
    let findings = sorted(findings);
    let verdict = verdict(Decision::Unfit, &findings);
    Sample {
        name: "rich",
        assessment: Assessment {
            facts,
            findings,
            checks: checks(),
            controls: controls(),
            judged: JUDGED,
            problems: vec![
                Problem::note(Stage::Layer, "app/start", "the time is after the year 2100"),
                Problem::gap(
                    Stage::Analyze,
                    "app/broken.jar",
                    "the central directory is cut off",
                ),
                Problem::blind(
                    Stage::Analyze,
                    "var/lib/dpkg/status",
                    "stanza 17 has no `Package`",
                ),
            ],
            provenance: provenance(Knowledge::Database),
        },
        verdict: Some(verdict),
    }
}

/// Nothing found, on the watchlist alone.
fn clean() -> Sample {
    let mut facts = facts(vec![deb("bash", "5.1-2+deb11u1", "bash")]);
    facts.coverage.unexplained.clear();
    facts.coverage.opaque.clear();
    facts.coverage.unreadable.clear();
    let mut verdict = verdict(Decision::Conditional, &[]);
    verdict.reasons = vec![Text::fixed(
        "no veto and no heavy failure; the conditions below remain",
        "没有一票否决项和严重问题;仍需满足以下条件",
    )];
    verdict.conditions = vec![Text::fixed("try it before you use it", "使用前请实际测试")];
    verdict.accepted.clear();
    verdict.remarks.clear();
    Sample {
        name: "clean",
        assessment: Assessment {
            facts,
            findings: Vec::new(),
            checks: checks(),
            controls: Vec::new(),
            judged: JUDGED,
            problems: Vec::new(),
            provenance: provenance(Knowledge::Watchlist),
        },
        verdict: Some(verdict),
    }
}

/// An empty directory: no digest, no platform, no system, no package.
fn directory() -> Sample {
    let mut facts = facts(Vec::new());
    facts.subject = Subject {
        requested: "dir:rootfs".into(),
        source: SourceKind::Dir,
        repository: None,
        tag: None,
        pinned: None,
        manifest_digest: None,
        index_digest: None,
        image_id: None,
        platform: Platform::default(),
        platforms: Vec::new(),
        annotations: BTreeMap::new(),
    };
    facts.config = ImageConfig::default();
    facts.layers = vec![LayerInfo {
        digest: None,
        diff_id: None,
        compressed_size: None,
        size: None,
        media_type: String::new(),
        entries: 0,
        created_by: None,
    }];
    facts.os = None;
    facts.coverage = Coverage::default();
    let mut verdict = verdict(Decision::Unknown, &[]);
    verdict.reasons = vec![Text::fixed(
        "no file tells the operating system",
        "没有文件说明操作系统",
    )];
    verdict.accepted.clear();
    verdict.remarks.clear();
    let mut provenance = provenance(Knowledge::Watchlist);
    provenance.snapshot.newest = None;
    provenance.snapshot.feeds.clear();
    Sample {
        name: "directory",
        assessment: Assessment {
            facts,
            findings: Vec::new(),
            checks: Vec::new(),
            controls: Vec::new(),
            judged: JUDGED,
            problems: vec![Problem::blind(
                Stage::Squash,
                "etc/os-release",
                "is not there",
            )],
            provenance,
        },
        verdict: Some(verdict),
    }
}

/// What an image might say to harm the one who looks at it.
fn hostile() -> Sample {
    let long = "very-long-name-".repeat(20);
    let mut facts = facts(packages());
    let steer = "\u{1b}[2J\u{1b}[8m\u{1b}]0;owned\u{7}\u{9b}31m\rsafe\nfit for production";
    facts.subject.requested = format!("docker-archive:evil{steer}.tar");
    let mut evil = PackageFact::new(Ecosystem::Npm, format!("a\u{202e}{long}"), steer);
    evil.licenses = vec![format!("MIT AND {steer}")];
    evil.maker = Some(steer.into());
    let raw = ImagePath::from_bytes(b"app/\xff\xfe/caf\xc3\xa9\x1b[2J/package.json");
    let place = Location {
        path: raw,
        layer: 7,
        introduced: 9,
    };
    facts
        .packages
        .push(package(evil.clone(), "lang/npm", vec![place.clone()]));
    facts.packages.push(package(evil, "lang/npm", vec![place]));
    let last = facts.packages.len() - 1;
    let flaw = Flaw {
        id: "CVE-2026-0001",
        severity: Severity::High,
        title: "\u{200f}right to left\u{2066} \u{feff} and a zero\u{200b}width",
        fix: FixState::Fixed(vec![steer.into()]),
        package: last,
    };
    let mut found = finding(&facts.packages, flaw, package_update(&long, steer, "2"));
    // A finding about a package that is not there must not stop a report.
    let mut orphan = found.clone();
    if let (Some(package), Some(vulnerability)) = (&mut orphan.package, &mut orphan.vulnerability) {
        package.index = 999;
        vulnerability.package = 999;
    }
    orphan.rule = "CVE-2026-0002".into();
    found.evidence[0].line = Some(u32::MAX);
    let findings = vec![found, orphan];
    let mut verdict = verdict(Decision::Unfit, &findings);
    verdict.reasons = vec![Text::verbatim(format!("{steer}: {long}"))];
    Sample {
        name: "hostile",
        assessment: Assessment {
            facts,
            findings,
            checks: checks(),
            controls: Vec::new(),
            judged: JUDGED,
            problems: vec![Problem::gap(Stage::Layer, steer, long)],
            provenance: provenance(Knowledge::Database),
        },
        verdict: Some(verdict),
    }
}

/// Only findings were asked for.
fn scan() -> Sample {
    Sample {
        name: "scan",
        verdict: None,
        ..rich()
    }
}

/// Many findings of one distribution.
pub(crate) fn thousand() -> Sample {
    let names = ["libc6", "libc-bin", "libssl1.1", "openssl", "vim-tiny"];
    let packages: Vec<Package> = (0..500)
        .map(|idx| {
            let name = format!("{}-{:03}", names[idx % names.len()], idx / 2);
            deb(
                &name,
                &format!("1.{}-1", idx / 2),
                &format!("source-{:03}", idx / 2),
            )
        })
        .collect();
    let facts = facts(packages);
    let findings = (0..1000)
        .map(|idx| {
            let id = format!("CVE-2024-{:04}", idx / 2);
            let flaw = Flaw {
                id: &id,
                severity: Severity::WORST_FIRST[(idx / 2) % 6],
                title: "",
                fix: FixState::Fixed(vec![format!("1.{idx}-2+deb11u{idx}")]),
                package: idx / 4 * 2 % 500 + idx % 2,
            };
            let nearest = FixState::Fixed(vec![format!("1.{}-2", idx / 2)]);
            finding(
                &facts.packages,
                Flaw {
                    fix: nearest,
                    ..flaw
                },
                base_update(),
            )
        })
        .collect();
    let findings = sorted(findings);
    let verdict = verdict(Decision::Unfit, &findings);
    Sample {
        name: "thousand",
        assessment: Assessment {
            facts,
            findings,
            checks: checks(),
            controls: Vec::new(),
            judged: JUDGED,
            problems: Vec::new(),
            provenance: provenance(Knowledge::Database),
        },
        verdict: Some(verdict),
    }
}

/// One control that failed, one that nobody can answer, and one that passed.
fn controls() -> Vec<ControlResult> {
    let control = |id: &str, title: Text, answer: Answer, reason: Text, by: &str| ControlResult {
        benchmark: Benchmark::CisDocker160,
        id: id.to_owned(),
        title,
        method: Method::Automated,
        answer,
        reason,
        evidence: Vec::new(),
        by: vec![by.to_owned()],
    };
    vec![
        control(
            "4.1",
            Text::fixed(
                "the container has a user of its own",
                "已为容器创建专用用户",
            ),
            Answer::Fail,
            Text::fixed(
                "the user is root: none is set",
                "运行用户为 root:未设置 USER",
            ),
            "root-user",
        ),
        control(
            "4.5",
            Text::fixed("content trust is enabled", "已启用内容信任"),
            Answer::Unknown,
            Text::fixed("obsolete", "已过时"),
            "",
        ),
        control(
            "4.6",
            Text::fixed("the image has a health check", "镜像已定义健康检查"),
            Answer::Pass,
            Text::fixed("there is a health check", "已定义健康检查"),
            "healthcheck",
        ),
    ]
}
