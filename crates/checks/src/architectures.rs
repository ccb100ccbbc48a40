//! For which machines the image exists.

use plimsoll_model::check::Dimension;
use plimsoll_model::facts::ImageFacts;
use plimsoll_model::finding::Remedy;
use plimsoll_model::image::SourceKind;
use plimsoll_model::{Severity, Text};

use crate::{Check, Context, Meta, Needs, Outcome, setting};

/// Is it there for amd64 and arm64?
#[derive(Debug)]
pub(crate) struct Architectures;

static META: Meta = Meta {
    id: "architectures",
    dimension: Dimension::Maintainability,
    title: Text::fixed("one architecture only", "仅支持单一架构"),
    why: Text::fixed(
        "An image for one architecture ties the service to one kind of machine.",
        "单一架构的镜像会将服务绑定到一种机器。",
    ),
    references: &[
        "requirements B 3.3",
        "OCI image index specification, platform",
    ],
    severity: Severity::Low,
    needs: Needs::Image,
};

impl Check for Architectures {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn run(&self, facts: &ImageFacts, _: &Context<'_>) -> Outcome {
        let subject = &facts.subject;
        let mut names: Vec<String> = subject.platforms.iter().map(ToString::to_string).collect();
        names.sort();
        names.dedup();
        let list = names.join(", ");
        let evidence = vec![setting(format!("platforms: {list}"))];
        let has = |architecture: &str| {
            subject
                .platforms
                .iter()
                .any(|p| p.os == "linux" && p.architecture == architecture)
        };
        if has("amd64") && has("arm64") {
            return Outcome::pass(Text::new(
                format!("available for {list}"),
                format!("支持 {list}"),
            ))
            .with(evidence);
        }
        let index_seen = subject.index_digest.is_some() || subject.source == SourceKind::Registry;
        if !index_seen {
            return Outcome::unknown(Text::new(
                format!(
                    "this copy is for {list}; only the registry knows whether there are others"
                ),
                format!("此副本的平台为 {list};是否有其他架构只有镜像仓库知道"),
            ))
            .with(evidence);
        }
        Outcome::fail(
            Text::new(
                format!("available for {list} only"),
                format!("仅支持 {list}"),
            ),
            Remedy::Manual {
                text: Text::fixed(
                    "build for linux/amd64 and linux/arm64 if both are in use",
                    "如两种架构均在使用,请同时构建 linux/amd64 与 linux/arm64",
                ),
            },
        )
        .with(evidence)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use plimsoll_model::check::Answer;
    use plimsoll_model::image::Platform;

    #[test]
    fn both_common_architectures_are_wanted() {
        let mut facts = crate::samples::facts();
        assert_eq!(
            crate::samples::run(&Architectures, &facts).answer,
            Answer::Fail
        );
        facts.subject.platforms.push(Platform {
            os: "linux".into(),
            architecture: "arm64".into(),
            variant: Some("v8".into()),
            os_version: None,
        });
        assert_eq!(
            crate::samples::run(&Architectures, &facts).answer,
            Answer::Pass
        );
        facts.subject.platforms.pop();
        facts.subject.source = SourceKind::DockerArchive;
        assert_eq!(
            crate::samples::run(&Architectures, &facts).answer,
            Answer::Unknown
        );
    }
}
