//! How exactly the image is named.

use plimsoll_model::check::Dimension;
use plimsoll_model::facts::ImageFacts;
use plimsoll_model::finding::Remedy;
use plimsoll_model::image::SourceKind;
use plimsoll_model::tag::Tag;
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
        match Tag::of(tag) {
            Tag::Channel | Tag::Name => Outcome::fail(
                Text::new(
                    format!("`{tag}` names a channel, and no digest is given"),
                    format!("`{tag}` 是滚动标签,且未指定摘要"),
                ),
                remedy(facts),
            ),
            Tag::Partial { .. } => Outcome::fail(
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

#[cfg(test)]
mod tests {
    use super::*;
    use plimsoll_model::Digest;
    use plimsoll_model::check::Answer;

    /// T105. What kind of tag it is, is told apart in the model.
    #[test]
    fn only_exact_tags_stay() {
        let mut facts = crate::samples::facts();
        for (tag, answer, says) in [
            ("latest", Answer::Fail, "names a channel"),
            ("bookworm", Answer::Fail, "names a channel"),
            ("22.04", Answer::Fail, "is not a full version"),
            ("1.25.3-alpine", Answer::Pass, "is an exact version"),
        ] {
            facts.subject.tag = Some(tag.into());
            let outcome = crate::samples::run(&MovingTag, &facts);
            assert_eq!(outcome.answer, answer, "{tag}");
            let reason = &outcome.reason.en;
            assert!(reason.contains(&format!("`{tag}` {says}")), "{reason}");
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
