//! Whether the image was really tried.

use plimsoll_model::check::Dimension;
use plimsoll_model::facts::ImageFacts;
use plimsoll_model::{Severity, Text};

use crate::{Check, Context, Meta, Needs, Outcome};

/// Was it started and watched?
#[derive(Debug)]
pub(crate) struct Trial;

static META: Meta = Meta {
    id: "trial",
    dimension: Dimension::BusinessFit,
    title: Text::fixed("not tried", "未经实测"),
    why: Text::fixed(
        "Whether an image does its work under load, survives an upgrade and writes its logs is seen only when \
         it runs.",
        "镜像能否承载业务、平滑升级并正确输出日志,只有实际运行才能知道。",
    ),
    references: &["requirements B 5"],
    severity: Severity::Medium,
    needs: Needs::Bill,
};

impl Check for Trial {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn run(&self, _: &ImageFacts, _: &Context<'_>) -> Outcome {
        Outcome::unknown(Text::fixed(
            "the image was read, not started: test it in a separate environment before production",
            "仅对镜像做了静态分析而未运行:上线前请在隔离的预发环境实测",
        ))
    }
}
