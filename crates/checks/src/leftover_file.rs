//! Files that only the build or an editor had use for.

use plimsoll_model::check::Dimension;
use plimsoll_model::fact::LeftoverKind;
use plimsoll_model::facts::ImageFacts;
use plimsoll_model::finding::{Evidence, Remedy};
use plimsoll_model::{Severity, Text};

use crate::{Check, Context, Meta, Needs, Outcome};

/// Were caches, repositories or traces left in the image?
#[derive(Debug)]
pub(crate) struct LeftoverFile;

static META: Meta = Meta {
    id: "leftover-file",
    dimension: Dimension::Maintainability,
    title: Text::fixed(
        "files that only the build had use for",
        "构建过程遗留的文件",
    ),
    why: Text::fixed(
        "Caches make an image large, lists of packages grow old in it, and a repository or a history of commands tells \
         what nobody meant to publish.",
        "缓存增大镜像体积,软件包列表会过期,版本库或命令历史会泄露不打算公开的内容。",
    ),
    references: &["Dockle DKL-LI-0003", "Dockle DKL-DI-0005"],
    severity: Severity::Low,
    needs: Needs::Image,
};

/// How many files are shown.
const SHOWN: usize = 20;

impl Check for LeftoverFile {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn run(&self, facts: &ImageFacts, _: &Context<'_>) -> Outcome {
        let found = &facts.posture.leftovers;
        if found.is_empty() {
            return Outcome::pass(Text::fixed(
                "no caches, repositories or traces of the build were left",
                "未发现遗留的缓存、版本库或构建痕迹",
            ));
        }
        let count = facts.posture.leftover_count;
        let (mut en, mut zh) = (Vec::new(), Vec::new());
        for kind in LeftoverKind::ALL {
            let of_kind = found.iter().filter(|one| one.kind == kind).count();
            if of_kind > 0 {
                let title = kind.title();
                en.push(format!("{} ({of_kind})", title.en));
                zh.push(format!("{}({of_kind})", title.zh));
            }
        }
        let hidden = count.saturating_sub(found.len() as u64);
        let (more, more_zh) = match hidden {
            0 => (String::new(), String::new()),
            hidden => (format!(", and {hidden} more"), format!(",另有 {hidden} 个")),
        };
        let is_repository = found.iter().any(|one| one.kind == LeftoverKind::Repository);
        Outcome::fail(
            Text::new(
                format!("left behind and of no use to a container: {}{more}", en.join(", ")),
                format!("遗留的、容器不需要的文件:{}{more_zh}", zh.join("、")),
            ),
            Remedy::Dockerfile {
                line: "RUN apt-get update && apt-get install -y … && rm -rf /var/lib/apt/lists/*"
                    .to_owned(),
                text: Text::fixed(
                    "remove caches in the step that fills them, and keep the rest out with `.dockerignore`",
                    "在产生缓存的同一步骤中清理,并用 `.dockerignore` 排除其余文件",
                ),
            },
        )
        .weighing(if is_repository {
            Severity::Medium
        } else {
            Severity::Low
        })
        .with(
            found
                .iter()
                .take(SHOWN)
                .map(|one| Evidence {
                    location: Some(one.location.clone()),
                    line: None,
                    detail: one.kind.title(),
                })
                .collect(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use plimsoll_model::check::Answer;
    use plimsoll_model::posture::Leftover;

    #[test]
    fn a_repository_weighs_more_than_a_cache() {
        let mut facts = crate::samples::facts();
        assert_eq!(
            crate::samples::run(&LeftoverFile, &facts).answer,
            Answer::Pass
        );
        for (kind, severity) in [
            (LeftoverKind::PackageCache, Severity::Low),
            (LeftoverKind::Repository, Severity::Medium),
        ] {
            facts.posture.leftovers = vec![Leftover {
                kind,
                location: crate::samples::location("x"),
            }];
            facts.posture.leftover_count = 1;
            let outcome = crate::samples::run(&LeftoverFile, &facts);
            assert_eq!(
                (outcome.answer, outcome.severity),
                (Answer::Fail, Some(severity))
            );
        }
    }
}
