//! Who stands behind the image.

use plimsoll_model::check::Dimension;
use plimsoll_model::facts::ImageFacts;
use plimsoll_model::finding::Remedy;
use plimsoll_model::{Severity, Text};

use crate::{Check, Context, Meta, Needs, Outcome, setting};

/// Does the image name who maintains it?
#[derive(Debug)]
pub(crate) struct Maintainer;

static META: Meta = Meta {
    id: "maintainer",
    dimension: Dimension::Maintainability,
    title: Text::fixed("no maintainer", "无明确维护者"),
    why: Text::fixed(
        "When the next flaw appears, somebody must build the image anew; an image without a maintainer has \
         nobody who will.",
        "出现新漏洞时必须有人重新构建镜像;没有维护者的镜像无人负责。",
    ),
    references: &[
        "requirements B 1.1 and 3.1",
        "OCI image specification, annotations",
    ],
    severity: Severity::High,
    needs: Needs::Image,
};

/// Labels and annotations that name a person, an organisation or a place to ask.
const KEYS: &[&str] = &[
    "org.opencontainers.image.authors",
    "org.opencontainers.image.vendor",
    "org.opencontainers.image.source",
    "org.opencontainers.image.url",
    "org.label-schema.vendor",
    "org.label-schema.vcs-url",
    "maintainer",
    "maintainers",
    "vendor",
    "url",
    "vcs-url",
];

impl Check for Maintainer {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn run(&self, facts: &ImageFacts, _: &Context<'_>) -> Outcome {
        let labels = facts
            .config
            .config
            .labels
            .iter()
            .chain(&facts.subject.annotations);
        let mut named: Vec<String> = labels
            .filter(|(key, value)| {
                KEYS.contains(&key.to_ascii_lowercase().as_str()) && !value.trim().is_empty()
            })
            .map(|(key, value)| format!("{key}={}", plimsoll_secrets::redact(value)))
            .collect();
        if let Some(author) = facts
            .config
            .author
            .as_deref()
            .filter(|author| !author.trim().is_empty())
        {
            named.push(format!("author={author}"));
        }
        let official = facts
            .subject
            .repository
            .as_deref()
            .filter(|name| name.starts_with("docker.io/library/"));
        if let Some(name) = official {
            named.push(format!("{name} is a Docker official image"));
        }
        named.sort();
        if named.is_empty() {
            return Outcome::fail(
                Text::fixed(
                    "no label, annotation or author says who maintains the image",
                    "标签、注解和作者字段均未说明由谁维护该镜像",
                ),
                Remedy::Dockerfile {
                    line: "LABEL org.opencontainers.image.authors=\"team@example.org\" \
                           org.opencontainers.image.source=\"https://example.org/repository\""
                        .to_owned(),
                    text: Text::fixed("name the maintainer and the source", "声明维护者与源码仓库"),
                },
            );
        }
        Outcome::unknown(Text::fixed(
            "a maintainer is named; whether the source is still cared for was not asked",
            "已声明维护者;尚未查询源码仓库是否仍在维护",
        ))
        .with(named.into_iter().map(setting).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use plimsoll_model::check::Answer;

    #[test]
    fn a_name_is_not_yet_care() {
        let mut facts = crate::samples::facts();
        assert_eq!(
            crate::samples::run(&Maintainer, &facts).answer,
            Answer::Fail
        );
        facts
            .config
            .config
            .labels
            .insert("MAINTAINER".into(), "a@b.example".into());
        assert_eq!(
            crate::samples::run(&Maintainer, &facts).answer,
            Answer::Unknown
        );
    }
}
