//! How exactly the image is named.

use plimsoll_model::check::Dimension;
use plimsoll_model::facts::ImageFacts;
use plimsoll_model::finding::Remedy;
use plimsoll_model::image::SourceKind;
use plimsoll_model::{Severity, Text};

use crate::{Check, Context, Meta, Needs, Outcome, setting};

/// Does the name mean the same image tomorrow?
#[derive(Debug)]
pub(crate) struct MovingTag;

static META: Meta = Meta {
    id: "moving-tag",
    dimension: Dimension::Reliability,
    title: Text::fixed("moving tag", "可变标签"),
    why: Text::fixed(
        "A tag such as latest or 1.25 names another image tomorrow; what was judged is then not what runs, \
         and nothing can be rolled back to it.",
        "latest 或 1.25 之类的标签明天可能指向另一个镜像;评估过的镜像与实际运行的不再一致,也无法可靠回滚。",
    ),
    references: &["requirements B 2.1", "CIS Docker Benchmark 1.6.0, 5.28"],
    severity: Severity::High,
    needs: Needs::Bill,
};

/// How a tag is likely to behave. Only a digest is a promise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tag {
    /// `latest` and other names of channels.
    Channel,
    /// A version with parts left out, such as `1` or `1.25`.
    Partial,
    /// A full version, a date or a build id, which by custom is not pushed again.
    Exact,
}

/// Names of channels, alone or before a variant: `stable-slim`.
const CHANNELS: &[&str] = &[
    "latest",
    "stable",
    "mainline",
    "edge",
    "nightly",
    "rolling",
    "lts",
    "current",
    "main",
    "master",
    "dev",
    "develop",
    "devel",
    "test",
    "testing",
    "unstable",
    "sid",
    "snapshot",
    "canary",
    "beta",
    "alpha",
    "rc",
    "next",
    "prod",
    "production",
    "staging",
    "release",
    "debug",
    "nonroot",
];

impl Check for MovingTag {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn run(&self, facts: &ImageFacts, _: &Context<'_>) -> Outcome {
        let subject = &facts.subject;
        if let Some(digest) = &subject.pinned {
            return Outcome::pass(Text::new(
                format!("the image is named by its digest {digest}"),
                format!("镜像由摘要 {digest} 指定"),
            ));
        }
        let Some(tag) = &subject.tag else {
            return match subject.source {
                SourceKind::Registry | SourceKind::Docker | SourceKind::Podman => Outcome::fail(
                    Text::fixed("no tag and no digest is given", "既未指定标签也未指定摘要"),
                    remedy(facts),
                ),
                _ => Outcome::not_applicable(Text::fixed(
                    "the image is a file or directory without a name, and was judged as it stands",
                    "镜像是没有名称的文件或目录,按其当前内容评估",
                )),
            };
        };
        let evidence = vec![setting(format!("tag {tag:?}, no digest"))];
        match classify(tag) {
            Tag::Channel => Outcome::fail(
                Text::new(
                    format!("`{tag}` names a channel, and no digest is given"),
                    format!("`{tag}` 是滚动标签,且未指定摘要"),
                ),
                remedy(facts),
            ),
            Tag::Partial => Outcome::fail(
                Text::new(
                    format!("`{tag}` is not a full version, and no digest is given"),
                    format!("`{tag}` 不是完整版本号,且未指定摘要"),
                ),
                remedy(facts),
            ),
            Tag::Exact => Outcome::pass(Text::new(
                format!("`{tag}` is an exact version; only a digest would be a promise"),
                format!("`{tag}` 是精确版本;只有摘要才能保证不变"),
            )),
        }
        .with(evidence)
    }
}

fn remedy(facts: &ImageFacts) -> Remedy {
    let name = facts.subject.repository.as_deref().unwrap_or("IMAGE");
    let digest = facts
        .subject
        .index_digest
        .as_ref()
        .or(facts.subject.manifest_digest.as_ref());
    let line = match digest {
        Some(digest) => format!("{name}@{digest}"),
        None => format!("{name}:VERSION@sha256:…"),
    };
    Remedy::Manual {
        text: Text::new(
            format!("deploy the image by its digest: {line}"),
            format!("使用摘要部署镜像:{line}"),
        ),
    }
}

fn classify(tag: &str) -> Tag {
    let lower = tag.to_ascii_lowercase();
    let parts: Vec<&str> = lower.split(['-', '_', '+']).collect();
    let first = parts.first().copied().unwrap_or_default();
    let version = first.strip_prefix('v').unwrap_or(first);
    if is_hash(first)
        || parts.iter().any(|part| is_date(part))
        || is_hash(parts.last().unwrap_or(&""))
    {
        return Tag::Exact;
    }
    if CHANNELS.contains(&first) || !version.starts_with(|c: char| c.is_ascii_digit()) {
        return Tag::Channel;
    }
    // `3.18` is Alpine's branch and gets new images; three numeric parts are a release.
    let numbers = version
        .split('.')
        .take_while(|part| part.starts_with(|c: char| c.is_ascii_digit()))
        .count();
    if numbers >= 3 {
        Tag::Exact
    } else {
        Tag::Partial
    }
}

/// A date as builders write it: `20240304` or `2024.03.04`.
fn is_date(part: &str) -> bool {
    let digits: String = part.chars().filter(|c| *c != '.').collect();
    digits.len() >= 8
        && digits.len() <= 14
        && digits.chars().all(|c| c.is_ascii_digit())
        && (digits.starts_with("20") || digits.starts_with("19"))
}

/// A commit id: seven to forty hexadecimal digits, with a letter and a digit among them.
fn is_hash(part: &str) -> bool {
    let part = part
        .strip_prefix("sha")
        .or_else(|| part.strip_prefix('g'))
        .unwrap_or(part);
    (7..=64).contains(&part.len())
        && part.bytes().all(|b| b.is_ascii_hexdigit())
        && part.bytes().any(|b| b.is_ascii_digit())
        && part.bytes().any(|b| b.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::*;
    use plimsoll_model::Digest;
    use plimsoll_model::check::Answer;

    /// T105.
    #[test]
    fn tags_are_told_apart() {
        for tag in [
            "latest",
            "stable",
            "stable-slim",
            "bookworm",
            "edge",
            "lts-alpine",
            "main",
            "alpine",
        ] {
            assert_eq!(classify(tag), Tag::Channel, "{tag}");
        }
        for tag in ["1", "1.25", "v3", "3.18", "20-alpine", "8.0-jdk17", "22.04"] {
            assert_eq!(classify(tag), Tag::Partial, "{tag}");
        }
        for tag in [
            "1.25.3",
            "v1.25.3",
            "1.25.3-alpine",
            "16.17.1-alpine3.16",
            "bookworm-20240110",
            "2023.3.20240304",
            "1.2.3.4",
            "3f2a9bc",
            "main-3f2a9bcd01",
            "1.0.0-rc.1",
        ] {
            assert_eq!(classify(tag), Tag::Exact, "{tag}");
        }
    }

    #[test]
    fn a_digest_excuses_any_tag() {
        let mut facts = crate::samples::facts();
        facts.subject.tag = Some("latest".into());
        assert_eq!(crate::samples::run(&MovingTag, &facts).answer, Answer::Fail);
        facts.subject.pinned = Some(Digest::of(b"x"));
        assert_eq!(crate::samples::run(&MovingTag, &facts).answer, Answer::Pass);
        facts.subject.pinned = None;
        facts.subject.tag = None;
        assert_eq!(crate::samples::run(&MovingTag, &facts).answer, Answer::Fail);
        facts.subject.source = SourceKind::Dir;
        assert_eq!(
            crate::samples::run(&MovingTag, &facts).answer,
            Answer::NotApplicable
        );
    }
}
