//! `pip install` that leaves its cache.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use super::{aliases, of, report_cache_flag};
use crate::lint::{Context, Sink};
use crate::packages::{Act, Manager};
use crate::rules::{Applies, Default, Rule};
use crate::variables::Value;

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "pip-cache-kept",
        aliases: &["DL3042"],
        title: Text::fixed("cache of pip left in the image", "镜像中留有 pip 缓存"),
        why: Text::fixed(
            "Downloaded packages and metadata are of no use at run time, and what a layer holds, no later layer takes away.",
            "下载的软件包与元数据在运行时无用,而某层已有的内容无法由之后的层移除。",
        ),
        severity: Severity::Low,
        references: &["requirements A 5.2", "pip, \"Caching\""],
    },
    applies: Applies::History,
    default: Default::On,
    check,
    bad: &[
        "FROM python:3.12\nRUN pip install flask==3.0\n",
        "FROM python:3.12\nRUN python -m pip install -r requirements.txt\n",
        "FROM python:3.12\nRUN [\"pip\", \"install\", \"flask==3.0\"]\n",
    ],
    good: &[
        "FROM python:3.12\nRUN pip install --no-cache-dir flask==3.0\n",
        "FROM python:3.12\nENV PIP_NO_CACHE_DIR=off\nRUN pip install flask==3.0\n",
        "FROM python:3.12\nARG PIP_NO_CACHE_DIR=1\nRUN pip install flask==3.0\n",
        "FROM python:3.12\nRUN export PIP_NO_CACHE_DIR=1 && pip install flask==3.0\n",
        "FROM python:3.12\nRUN --mount=type=cache,target=/root/.cache pip install flask==3.0\n",
        "FROM python:3.12\nRUN pip install flask==3.0 && rm -rf ~/.cache\n",
        "FROM python:3.12\nRUN pip install flask==3.0 && pip cache purge\n",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for run in context.runs {
        if run.mounts("~/.cache/pip") {
            continue;
        }
        let all: Vec<_> = of(run, Manager::Pip).collect();
        let purged = all.iter().rev().find(|managed| managed.act == Act::Clean);
        let purged = purged.map(|managed| managed.call.span.start);
        let cleaned = purged.max(run.removed("~/.cache/pip"));
        let exported = run.exported("PIP_NO_CACHE_DIR");
        for managed in &all {
            let call = managed.call;
            let is_pip = !matches!(call.program.as_str(), "uv" | "pipx");
            // pip takes the beginning of a flag for the flag.
            let is_off = managed.has(&["no-cache-dir", "no-cache"])
                || cleaned > Some(call.span.start)
                || is_set(&run.variable(context.file, call, "PIP_NO_CACHE_DIR", exported));
            if managed.act == Act::Install && is_pip && !is_off {
                let known = aliases(run, call, &["DL3042"], &[], false);
                report_cache_flag(sink, run, managed, "--no-cache-dir", &known);
            }
        }
    }
}

/// Whether the variable switches the cache off. It does so with every word for yes and for no: pip keeps an old
/// mistake on purpose, so that `PIP_NO_CACHE_DIR=off` goes on doing what people wrote it for.
fn is_set(value: &Value) -> bool {
    let Value::Known(value) = value else {
        return false;
    };
    matches!(
        value.to_ascii_lowercase().as_str(),
        "1" | "true" | "yes" | "on" | "t" | "y" | "0" | "false" | "no" | "off" | "f" | "n"
    )
}
