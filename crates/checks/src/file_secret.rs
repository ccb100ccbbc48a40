//! Secrets in files, in every layer.

use plimsoll_model::check::Dimension;
use plimsoll_model::facts::{ImageFacts, LocatedSecret, Presence};
use plimsoll_model::finding::{Evidence, Remedy};
use plimsoll_model::{Severity, Text};

use crate::{Check, Context, Meta, Needs, Outcome};

/// Do files carry secrets, deleted ones included?
#[derive(Debug)]
pub(crate) struct FileSecret;

static META: Meta = Meta {
    id: "file-secret",
    dimension: Dimension::Compliance,
    title: Text::fixed("secret in a file", "文件中包含敏感信息"),
    why: Text::fixed(
        "A file that a later layer deletes is still in the image, for everyone who can pull it.",
        "被后续层删除的文件仍保留在镜像中,所有能拉取镜像的人都可读取。",
    ),
    references: &["CIS Docker Benchmark 1.6.0, 4.10", "requirements B 4.2"],
    severity: Severity::Critical,
    needs: Needs::Image,
};

impl Check for FileSecret {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn run(&self, facts: &ImageFacts, _: &Context<'_>) -> Outcome {
        // What a distribution ships to everybody is no secret: test keys and examples (T97, T98).
        let own: Vec<&LocatedSecret> = facts
            .secrets
            .iter()
            .filter(|secret| secret.owner.is_none())
            .collect();
        if own.is_empty() {
            return Outcome::pass(Text::fixed(
                "no secret was found in files that usually hold them",
                "在常见的敏感文件中未发现密钥等信息",
            ));
        }
        let deleted = own
            .iter()
            .filter(|secret| secret.presence == Presence::Deleted)
            .count();
        let count = own.len();
        Outcome::fail(
            Text::new(
                format!("{count} secrets in files, {deleted} of them in files that a later layer deletes"),
                format!("文件中有 {count} 处敏感信息,其中 {deleted} 处位于被后续层删除的文件"),
            ),
            Remedy::Manual {
                text: Text::fixed(
                    "replace the secret now, and keep it out of the build; deleting it in a later step does \
                     not remove it",
                    "立即更换该密钥并避免其进入构建;在后续步骤中删除并不能移除它",
                ),
            },
        )
        .with(own.into_iter().map(evidence).collect())
    }
}

fn evidence(secret: &LocatedSecret) -> Evidence {
    let (en, zh) = match secret.presence {
        Presence::Visible => ("", ""),
        Presence::Deleted => (", deleted in a later layer", ",已在后续层删除"),
    };
    let what = format!("{} {}", secret.secret.rule, secret.secret.preview);
    Evidence {
        location: Some(secret.location.clone()),
        line: (secret.secret.line > 0).then_some(secret.secret.line),
        detail: Text::new(format!("{what}{en}"), format!("{what}{zh}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use plimsoll_model::check::Answer;
    use plimsoll_model::fact::Secret;
    use plimsoll_model::facts::Location;

    /// T96 and T98.
    #[test]
    fn deleted_secrets_count_and_shipped_ones_do_not() {
        let secret = |owner, presence| LocatedSecret {
            secret: Secret {
                rule: "secret/private-key".into(),
                line: 1,
                preview: "********".into(),
                fingerprint: "0".into(),
            },
            location: Location {
                path: "root/.ssh/id_rsa".into(),
                layer: 1,
                introduced: 1,
            },
            presence,
            owner,
        };
        let mut facts = crate::samples::facts();
        facts.secrets = vec![secret(Some(0), Presence::Visible)];
        assert_eq!(
            crate::samples::run(&FileSecret, &facts).answer,
            Answer::Pass
        );
        facts.secrets.push(secret(None, Presence::Deleted));
        let outcome = crate::samples::run(&FileSecret, &facts);
        assert_eq!(outcome.answer, Answer::Fail);
        assert_eq!(outcome.evidence.len(), 1);
    }
}
