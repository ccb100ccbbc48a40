//! `git clone` of what a branch is today.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use crate::commands::Call;
use crate::lint::{Context, Sink};
use crate::rules::{Applies, Default, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "git-clone-branch",
        aliases: &[],
        title: Text::fixed("git clone without a commit", "git clone 未指定提交"),
        why: Text::fixed(
            "A branch is something else tomorrow, and the layer cache does not notice: nobody can say what was built.",
            "分支的内容明天就会改变,而层缓存并不知道:无法说明究竟构建了什么。",
        ),
        severity: Severity::Low,
        references: &["Docker manual, Building best practices"],
    },
    applies: Applies::BuildFile,
    default: Default::On,
    check,
    bad: &[
        "FROM debian:12\nRUN git clone https://example.org/x.git\n",
        "FROM debian:12\nRUN git clone --depth 1 -b main https://example.org/x.git && cd x && make\n",
    ],
    good: &[
        "FROM debian:12\nRUN git clone https://example.org/x.git && git -C x checkout 0123456789abcdef\n",
        "FROM debian:12\nRUN git clone --branch v1.2.3 --depth 1 https://example.org/x.git\n",
        "FROM debian:12\nRUN git clone -b \"$VERSION\" https://example.org/x.git\n",
        "FROM debian:12\nRUN git clone https://example.org/x.git && cd x && git reset --hard $REV\n",
        "FROM debian:12\nRUN git --version\n",
    ],
};

/// Names that branches have and tags have not.
const BRANCHES: &[&str] = &[
    "main", "master", "develop", "dev", "trunk", "HEAD", "next", "stable", "latest",
];

/// Flags of `git clone` and of `git` that take a value (their manuals).
const VALUED: &[&str] = &[
    "C",
    "c",
    "b",
    "branch",
    "o",
    "origin",
    "u",
    "upload-pack",
    "depth",
    "template",
    "reference",
    "j",
    "jobs",
    "separate-git-dir",
    "shallow-since",
    "shallow-exclude",
    "filter",
    "config",
    "revision",
    "git-dir",
    "work-tree",
];

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for run in context.runs {
        let last = run.calls.iter().rposition(is_checkout);
        for (at, call) in run.calls.iter().enumerate() {
            let is_fixed_later = last.is_some_and(|last| last > at);
            if !is_moving(call) || is_fixed_later {
                continue;
            }
            sink.report(
                run.instruction,
                call.span,
                Text::fixed(
                    "this takes what the branch is at the time of the build",
                    "这里取的是构建时该分支的内容",
                ),
                Text::fixed(
                    "name a commit: `git checkout <commit>` behind it, `git clone --revision=<commit>`, or `ADD https://…/x.git#<commit>`",
                    "请指定提交:在其后 `git checkout <提交>`,或用 `git clone --revision=<提交>`、`ADD https://…/x.git#<提交>`",
                ),
            );
        }
    }
}

fn is_moving(call: &Call) -> bool {
    if call.program != "git" {
        return false;
    }
    let parsed = call.parse(VALUED);
    let is_clone = parsed
        .operands
        .first()
        .is_some_and(|word| word.text == "clone");
    let has_source = parsed.operands.len() > 1;
    let branch = parsed.flag(&["b", "branch"]).and_then(|flag| flag.value);
    let is_branch = branch.is_none_or(|branch| BRANCHES.contains(&branch));
    is_clone && has_source && is_branch && !parsed.has(&["revision"])
}

/// Whether it goes to a place of its own in the history.
fn is_checkout(call: &Call) -> bool {
    if call.program != "git" {
        return false;
    }
    let parsed = call.parse(VALUED);
    let mut words = parsed.operands.iter().map(|word| word.text.as_str());
    let goes = words
        .next()
        .is_some_and(|word| matches!(word, "checkout" | "reset" | "switch" | "fetch"));
    goes && words.any(|word| !BRANCHES.contains(&word) && !word.starts_with("origin"))
}
