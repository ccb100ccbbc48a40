use plimsoll_model::advisory::{
    Applicability, CvssRating, FixState, Knowledge, MatchReason, PackageMatch, SeverityOrder,
    Snapshot, Vulnerability,
};
use plimsoll_model::assessment::{Assessment, Provenance};
use plimsoll_model::check::{Answer, CheckResult, Dimension};
use plimsoll_model::control::{Benchmark, ControlResult, Method};
use plimsoll_model::coverage::Judged;
use plimsoll_model::facts::{Coverage, ImageFacts};
use plimsoll_model::finding::{Confidence, Evidence, Finding, FindingClass, Remedy};
use plimsoll_model::image::{ImageConfig, Platform, SourceKind, Subject};
use plimsoll_model::image_pattern::ImageName;
use plimsoll_model::reach::Reach;
use plimsoll_model::signing::{Enough, KeyText, SignerRule};
use plimsoll_model::verdict::{Decision, Grade, Veto};
use plimsoll_model::{ImagePath, Problem, Severity, Stage, Text};

use crate::{Policy, decide};

const CHECKS: [(&str, Dimension, Severity); 6] = [
    ("root-user", Dimension::Security, Severity::High),
    ("moving-tag", Dimension::Reliability, Severity::High),
    ("maintainer", Dimension::Maintainability, Severity::High),
    ("base-eol", Dimension::Maintainability, Severity::High),
    ("agpl-license", Dimension::Compliance, Severity::High),
    ("trial", Dimension::BusinessFit, Severity::Medium),
];

/// An image against which nothing speaks.
fn good() -> Assessment {
    let checks = CHECKS.iter().map(|(id, dimension, severity)| CheckResult {
        check: (*id).to_owned(),
        dimension: *dimension,
        title: Text::verbatim(*id),
        answer: Answer::Pass,
        severity: *severity,
        reason: Text::verbatim("as it should be"),
        evidence: Vec::new(),
        remedy: None,
    });
    Assessment {
        facts: ImageFacts {
            subject: Subject {
                requested: "r.example/app:1.2.3".to_owned(),
                source: SourceKind::Registry,
                repository: None,
                tag: None,
                pinned: None,
                manifest_digest: None,
                index_digest: None,
                image_id: None,
                platform: Platform::default(),
                platforms: Vec::new(),
                annotations: std::collections::BTreeMap::default(),
            },
            config: ImageConfig::default(),
            layers: Vec::new(),
            os: None,
            content_sets: Vec::new(),
            packages: Vec::new(),
            accounts: Vec::new(),
            secrets: Vec::new(),
            executables: Vec::new(),
            posture: plimsoll_model::posture::Posture::default(),
            reach: Reach::default(),
            coverage: Coverage::default(),
            problems: Vec::new(),
        },
        findings: Vec::new(),
        checks: checks.collect(),
        controls: Vec::new(),
        judged: Judged::default(),
        problems: Vec::new(),
        provenance: Provenance {
            program: "0".to_owned(),
            analyzers: Vec::new(),
            snapshot: Snapshot {
                knowledge: Knowledge::Database,
                id: String::new(),
                newest: None,
                expires: None,
                feeds: Vec::new(),
            },
            severity_order: SeverityOrder::default(),
        },
    }
}

fn flaw(score: Option<f64>, severity: Severity, answer: Applicability) -> Finding {
    let cvss = score.map(|score| CvssRating {
        vector: String::new(),
        score,
        source: "osv".to_owned(),
    });
    let vulnerability = Vulnerability {
        id: "CVE-2022-0001".to_owned(),
        aliases: vec!["GHSA-aaaa-bbbb-cccc".to_owned()],
        severity,
        cvss: cvss.into_iter().collect(),
        ..Vulnerability::default()
    };
    let reason = MatchReason {
        feed: "osv/npm".to_owned(),
        record: "CVE-2022-0001".to_owned(),
        looked_up: "left-pad".to_owned(),
        compared: "1.0.0".to_owned(),
        scheme: "npm".to_owned(),
        rule: "[0, 1.0.1)".to_owned(),
        unknown: None,
    };
    Finding {
        rule: "CVE-2022-0001".to_owned(),
        class: FindingClass::Vulnerability,
        subject: "left-pad 1.0.0".to_owned(),
        severity,
        confidence: Confidence::High,
        title: Text::verbatim("x"),
        evidence: vec![Evidence {
            location: None,
            line: None,
            detail: Text::verbatim("x"),
        }],
        remedy: Remedy::Manual {
            text: Text::verbatim("update"),
        },
        fingerprint: "f".to_owned(),
        package: None,
        vulnerability: Some(Box::new(PackageMatch {
            package: 0,
            vulnerability,
            answer,
            fix: FixState::NotFixed,
            fix_since: None,
            reason,
        })),
        triage: Vec::new(),
    }
}

fn verdict(policy: &str, assessment: &Assessment) -> plimsoll_model::verdict::Verdict {
    let policy = Policy::parse("policy.toml", policy).unwrap();
    decide(&policy, assessment, "2026-11-22T12:00:00Z".parse().unwrap())
}

fn answered(check: &str, answer: Answer) -> Assessment {
    let mut assessment = good();
    assessment
        .checks
        .iter_mut()
        .find(|result| result.check == check)
        .unwrap()
        .answer = answer;
    assessment
}

#[test]
fn nothing_against_it_means_fit() {
    assert_eq!(verdict("", &good()).decision, Decision::Fit);
}

#[test]
fn each_answer_leads_where_it_should() {
    for (check, answer, decision) in [
        ("moving-tag", Answer::Fail, Decision::Unfit),
        ("maintainer", Answer::Fail, Decision::Unfit),
        ("agpl-license", Answer::Fail, Decision::Unfit),
        ("base-eol", Answer::Fail, Decision::Unfit),
        // Root is a veto only where it cannot be lowered, and nobody tried.
        ("root-user", Answer::Fail, Decision::Unknown),
        ("maintainer", Answer::Unknown, Decision::Unknown),
        ("base-eol", Answer::Unknown, Decision::Conditional),
        ("trial", Answer::Unknown, Decision::Conditional),
        ("trial", Answer::Fail, Decision::Conditional),
        ("moving-tag", Answer::NotApplicable, Decision::Fit),
    ] {
        let verdict = verdict("", &answered(check, answer));
        assert_eq!(verdict.decision, decision, "{check} {answer:?}");
        assert!(!verdict.reasons.is_empty());
        assert_eq!(
            verdict.conditions.is_empty(),
            decision != Decision::Conditional
        );
    }
}

/// T81, T88: what has no score is never hidden from the veto.
#[test]
fn severe_flaws_veto_and_unrated_ones_stay_open() {
    use Applicability::{Affected, Unknown};
    for (score, severity, answer, decision) in [
        (Some(7.0), Severity::High, Affected, Decision::Unfit),
        (Some(9.8), Severity::Medium, Affected, Decision::Unfit),
        (Some(6.9), Severity::Medium, Affected, Decision::Fit),
        (None, Severity::Unknown, Affected, Decision::Unknown),
        (None, Severity::Critical, Affected, Decision::Unfit),
        (None, Severity::Low, Affected, Decision::Fit),
        (Some(9.8), Severity::Critical, Unknown, Decision::Unknown),
    ] {
        let mut assessment = good();
        assessment.findings.push(flaw(score, severity, answer));
        let verdict = verdict("", &assessment);
        assert_eq!(
            verdict.decision, decision,
            "{score:?} {severity} {answer:?}"
        );
    }
}

/// T88: malware has no score, and a low one would not save it.
#[test]
fn malware_is_a_veto_of_its_own() {
    let mut assessment = good();
    let mut finding = flaw(Some(1.0), Severity::Low, Applicability::Affected);
    let found = finding.vulnerability.as_deref_mut().unwrap();
    found.vulnerability.malicious = true;
    finding.class = FindingClass::Malware;
    assessment.findings.push(finding);
    let verdict = verdict("", &assessment);
    assert_eq!(verdict.decision, Decision::Unfit);
    let veto = verdict
        .vetoes
        .iter()
        .find(|veto| veto.answer == Answer::Fail);
    assert_eq!(
        veto.unwrap().reason.en,
        "left-pad 1.0.0 is malware (CVE-2022-0001)"
    );
}

/// T80: the worst score counts unless the policy says whose.
#[test]
fn the_policy_says_whose_score_counts() {
    let mut assessment = good();
    let mut finding = flaw(Some(9.8), Severity::Medium, Applicability::Affected);
    let flaw = &mut finding.vulnerability.as_deref_mut().unwrap().vulnerability;
    flaw.severity_source = "nvd cvss".to_owned();
    flaw.cvss.push(CvssRating {
        vector: String::new(),
        score: 5.5,
        source: "nvd".to_owned(),
    });
    assessment.findings.push(finding);
    assert_eq!(verdict("", &assessment).decision, Decision::Unfit);
    let order = "severe-by = \"order\"\nseverity-order = [\"nvd\"]";
    assert_eq!(verdict(order, &assessment).decision, Decision::Fit);
    for wrong in [
        "severity-order = []",
        "severity-order = [\"nvd\", \"nvd\"]",
        "severity-order = [\"\"]",
        "severe-by = \"best\"",
    ] {
        assert!(Policy::parse("policy.toml", wrong).is_err(), "{wrong}");
    }
}

#[test]
fn blindness_is_never_fit() {
    let mut assessment = good();
    assessment.problems.push(Problem::blind(
        Stage::Analyze,
        "var/lib/dpkg/status",
        "is broken",
    ));
    assert_eq!(verdict("", &assessment).decision, Decision::Unknown);
    let mut assessment = good();
    assessment.provenance.snapshot.knowledge = Knowledge::Watchlist;
    assert_eq!(verdict("", &assessment).decision, Decision::Unknown);
    let mut assessment = good();
    assessment.problems.push(Problem::gap(
        Stage::Squash,
        "programs",
        "one is unexplained",
    ));
    assert_eq!(verdict("", &assessment).decision, Decision::Conditional);
}

#[test]
fn a_demand_of_the_policy_decides_by_the_answer_of_its_control() {
    let signed = "[[signed-by]]\nimage = \"registry.example.org/team/*\"\nkey = \"k.pub\"\n";
    let base = "[[trusted-base]]\nimage = \"registry.example.org\"\n";
    let accept = |rule: &str| {
        format!(
            "[[accept]]\nrule = \"{rule}\"\nowner = \"o\"\nreason = \"r\"\nuntil = \"2027-01-01\"\n"
        )
    };
    let with = |repository: &str, id: &str, answer: Answer| {
        let mut assessment = good();
        assessment.facts.subject.repository = Some(repository.to_owned());
        assessment.controls.push(ControlResult {
            benchmark: Benchmark::CisDocker160,
            id: id.to_owned(),
            title: Text::fixed("t", "t"),
            method: Method::Manual,
            answer,
            reason: Text::fixed("why", "why"),
            evidence: Vec::new(),
            by: Vec::new(),
        });
        assessment
    };
    let (ours, theirs) = ("registry.example.org/team/app", "docker.io/library/app");
    for (policy, name, id, answer, decision) in [
        (signed, ours, "4.5", Answer::Pass, Decision::Fit),
        (signed, ours, "4.5", Answer::Fail, Decision::Unfit),
        (signed, ours, "4.5", Answer::Unknown, Decision::Unknown),
        // Nobody answered, and another control failed.
        (signed, ours, "4.6", Answer::Fail, Decision::Unknown),
        // Nobody asked.
        (signed, theirs, "4.5", Answer::Fail, Decision::Fit),
        ("", ours, "4.5", Answer::Fail, Decision::Fit),
        ("", ours, "4.2", Answer::Fail, Decision::Fit),
        (base, ours, "4.2", Answer::Pass, Decision::Fit),
        (base, ours, "4.2", Answer::NotApplicable, Decision::Fit),
        (base, ours, "4.2", Answer::Fail, Decision::Unfit),
        (base, ours, "4.2", Answer::Unknown, Decision::Conditional),
    ] {
        let assessment = with(name, id, answer);
        let decided = verdict(policy, &assessment).decision;
        assert_eq!(decided, decision, "{policy} {name} {id} {answer:?}");
    }
    // Whether a row means an image without a name, nothing tells.
    let mut nameless = with(ours, "4.5", Answer::Unknown);
    nameless.facts.subject.repository = None;
    assert_eq!(verdict(signed, &nameless).decision, Decision::Conditional);
    assert_eq!(verdict("", &nameless).decision, Decision::Fit);
    for (policy, rule, id) in [(signed, "signed-by", "4.5"), (base, "trusted-base", "4.2")] {
        let assessment = with(ours, id, Answer::Fail);
        let reason = &verdict(policy, &assessment).reasons[0];
        assert_eq!(reason.en, format!("{rule}: why"));
        let accepted = verdict(&format!("{policy}{}", accept(rule)), &assessment);
        assert_eq!(accepted.decision, Decision::Fit, "{rule}");
    }
}

#[test]
fn too_little_coverage_means_that_it_cannot_be_said() {
    let accept = "[[accept]]\nrule = \"min-coverage\"\nowner = \"o\"\nreason = \"r\"\nuntil = \"2027-01-01\"";
    let mut assessment = good();
    assessment.facts.coverage = Coverage {
        executables: 20,
        explained: 18,
        unexplained: vec![ImagePath::new("bin/a"), ImagePath::new("bin/b")],
        ..Coverage::default()
    };
    assessment.judged = Judged {
        judged: 90,
        owned: 5,
        blind: 5,
    };
    for (policy, decision, reasons) in [
        ("", Decision::Fit, 1),
        ("min-coverage = 0.9", Decision::Fit, 1),
        ("min-coverage = 0.95", Decision::Unknown, 1),
        ("min-coverage = 1", Decision::Unknown, 2),
        (&format!("min-coverage = 1.0\n{accept}"), Decision::Fit, 1),
    ] {
        let verdict = verdict(policy, &assessment);
        assert_eq!(verdict.decision, decision, "{policy}");
        assert_eq!(verdict.reasons.len(), reasons, "{policy}");
    }
    let text = &verdict("min-coverage = 0.95", &assessment).reasons[0];
    for part in ["90 %", "95 %", "2 of 20"] {
        assert!(text.en.contains(part), "{}", text.en);
    }
    // A bill of materials knows no programs, and so not how many of them it explains.
    assessment.facts.subject.source = SourceKind::Sbom;
    let verdict = verdict("min-coverage = 0.5", &assessment);
    assert_eq!(verdict.decision, Decision::Unknown);
}

#[test]
fn acceptances_need_an_owner_a_reason_and_an_end() {
    let row = |rule: &str, subject: &str, until: &str| {
        format!(
            "[[accept]]\nrule = \"{rule}\"\nsubject = \"{subject}\"\nowner = \"a@b.example\"\nreason = \"not reachable\"\nuntil = \"{until}\"\n"
        )
    };
    let mut assessment = good();
    assessment
        .findings
        .push(flaw(Some(9.8), Severity::Critical, Applicability::Affected));
    for (rule, subject, until, decision) in [
        ("CVE-2022-0001", "left-pad", "2026-11-22", Decision::Fit),
        ("GHSA-aaaa-bbbb-cccc", "", "2027-01-01", Decision::Fit),
        ("severe-flaw", "", "2027-01-01", Decision::Fit),
        ("CVE-2022-0001", "left-pad", "2026-11-21", Decision::Unfit),
        ("CVE-2022-0001", "left", "2027-01-01", Decision::Unfit),
        ("CVE-2022-0002", "", "2027-01-01", Decision::Unfit),
    ] {
        let verdict = verdict(&row(rule, subject, until), &assessment);
        assert_eq!(verdict.decision, decision, "{rule} {subject} {until}");
        assert_eq!(verdict.accepted.is_empty(), decision == Decision::Unfit);
        assert_eq!(verdict.remarks.is_empty(), decision == Decision::Fit);
    }
    for bad in [
        "severe-score = 11.0",
        "min-coverage = 95",
        "min-coverage = -0.1",
        "min-coverage = nan",
        "min-coverage = \"all\"",
        "typo = 1",
        "[[accept]]\nrule = \"x\"\nowner = \"\"\nreason = \"r\"\nuntil = \"2027-01-01\"",
        "[[accept]]\nrule = \"x\"\nowner = \"o\"\nreason = \"r\"\nuntil = \"never\"",
        "[[accept]]\nrule = \"x\"\nowner = \"o\"\nreason = \"r\"",
    ] {
        let error = Policy::parse("policy.toml", bad).unwrap_err();
        assert!(error.to_string().contains("policy.toml"), "{error}");
    }
}

#[test]
fn trusted_bases_are_patterns_with_digests_and_layers() {
    let digest = "sha256:0000000000000000000000000000000000000000000000000000000000000001";
    let text = format!(
        "[[trusted-base]]\nimage = \"registry.example.org\"\n\n[[trusted-base]]\nimage = \"docker.io/library/debian:12*\"\n\
         digests = [\"{digest}\"]\nlayers = [\"{digest}\"]\n"
    );
    let policy = Policy::parse("policy.toml", &text).unwrap();
    let rows: Vec<_> = policy.trusted_bases.rows().collect();
    assert_eq!(rows[0].names.as_str(), "registry.example.org");
    assert!(rows[0].digests.is_empty() && rows[0].layers.is_empty());
    assert_eq!(rows[1].names.as_str(), "docker.io/library/debian:12*");
    assert_eq!(rows[1].digests, [digest.parse().unwrap()]);
    assert_eq!(rows[1].layers, rows[1].digests);
    assert!(Policy::default().trusted_bases.is_empty());
    for (row, says) in [
        (
            "image = \"debian:12\"",
            "`debian:12` is no pattern of images: it does not begin with a registry",
        ),
        ("image = \"docker.io/a@sha256:1\"", "belongs into `digests`"),
        (
            "image = \"docker.io\"\ndigests = []",
            "`digests` of the trusted base `docker.io` is empty",
        ),
        (
            "image = \"docker.io\"\nlayers = []",
            "`layers` of the trusted base `docker.io` is empty",
        ),
        (
            "image = \"docker.io\"\ndigests = [\"sha256:1\"]",
            "`sha256:1` is not a digest",
        ),
    ] {
        let text = format!("[[trusted-base]]\n{row}\n");
        let error = Policy::parse("policy.toml", &text).unwrap_err().to_string();
        assert!(
            error.contains(says) && error.contains("policy.toml"),
            "{error}"
        );
    }
    for row in ["", "image = \"docker.io\"\ndigest = \"x\"", "image = 1"] {
        let text = format!("[[trusted-base]]\n{row}\n");
        assert!(Policy::parse("policy.toml", &text).is_err(), "{row}");
    }
}

#[test]
fn rows_of_signatures_say_who_has_to_have_signed() {
    let root = "trusted-root = \"root.json\"";
    let text = format!(
        "signatures = \"all\"\n[[signed-by]]\nimage = \"registry.example.org/team/*\"\nkey = \"team.pub\"\n\n\
         [[signed-by]]\nimage = \"registry.example.org\"\nidentity-regex = \"https://git[.]example/.*\"\n\
         issuer = \"https://issuer.example\"\n{root}\npredicate = \"https://slsa.dev/provenance/v1\"\n"
    );
    let rules = Policy::parse("policy.toml", &text).unwrap().signed_by;
    assert_eq!(rules.enough, Enough::All);
    let name = |repository| ImageName {
        repository,
        tag: None,
    };
    let about = |repository| rules.about(name(repository)).count();
    assert_eq!(about("registry.example.org/team/app"), 2);
    assert_eq!(about("registry.example.org/other/app"), 1);
    assert_eq!(about("registry.example.com/team/app"), 0);
    assert_eq!(
        rules.rows[0].signer,
        SignerRule::Key {
            key: KeyText::File("team.pub".to_owned()),
            trusted_root: None
        }
    );
    assert!(Policy::default().signed_by.rows.is_empty());
    for (row, says) in [
        ("", "names nobody"),
        ("issuer = \"a\"", "names nobody"),
        ("key = \" \"", "has an empty `key`"),
        (
            "key = \"a\"\nidentity = \"b\"\nissuer = \"c\"",
            "a row of its own",
        ),
        ("key = \"a\"\nissuer = \"c\"", "only an `identity` has"),
        ("identity = \"b\"", "without an `issuer`"),
        (
            "identity = \"b\"\nissuer = \"c\"",
            "without a `trusted-root`",
        ),
        (
            "identity = \"b\"\nidentity-regex = \"c\"",
            "an `identity` and an `identity-regex`",
        ),
        (
            "identity-regex = \"(\"\nissuer = \"c\"",
            "an `identity-regex` that is none",
        ),
        ("keys = [\"a\"]", ""),
    ] {
        let text = format!("[[signed-by]]\nimage = \"docker.io\"\n{row}\n");
        let error = Policy::parse("policy.toml", &text).unwrap_err().to_string();
        assert!(
            error.contains(says) && error.contains("policy.toml"),
            "{error}"
        );
    }
    for text in [
        "signatures = \"some\"",
        "[[signed-by]]\nimage = \"debian\"\nkey = \"a\"",
    ] {
        assert!(Policy::parse("policy.toml", text).is_err(), "{text}");
    }
}

/// The conflict of the requirements: two critical flaws score 80, "excellent", and are a veto.
#[test]
fn the_score_informs_and_never_decides() {
    let mut assessment = good();
    for _ in 0..2 {
        assessment
            .findings
            .push(flaw(Some(9.8), Severity::Critical, Applicability::Affected));
    }
    let verdict = verdict("", &assessment);
    assert_eq!(
        (verdict.score.value, verdict.score.grade),
        (80, Grade::Excellent)
    );
    assert_eq!(verdict.decision, Decision::Unfit);
    let severe = verdict
        .vetoes
        .iter()
        .find(|veto| veto.veto == Veto::SevereFlaw)
        .unwrap();
    assert_eq!(severe.answer, Answer::Fail);
}
