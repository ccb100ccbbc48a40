//! `pip install` without versions.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use super::{aliases, calls, has_ending, report_unpinned};
use crate::commands::Argument;
use crate::lint::{Context, Sink};
use crate::packages::{Act, Manager};
use crate::rules::{Applies, Default, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "unpinned-pip-package",
        aliases: &["DL3013"],
        title: Text::fixed("pip package without a version", "pip 包未指定版本"),
        why: Text::fixed(
            "Without a version, the same file installs something else tomorrow, and nobody can say what was built.",
            "不指定版本时,同一文件明天会安装不同的内容,构建结果无法追溯。",
        ),
        severity: Severity::Medium,
        references: &["requirements B 2.1", "pip, \"Requirement Specifiers\""],
    },
    applies: Applies::History,
    default: Default::On,
    check,
    bad: &[
        "FROM python:3.12\nRUN pip install --no-cache-dir flask\n",
        "FROM python:3.12\nRUN python3 -m pip install --upgrade pip\n",
        "FROM python:3.12\nRUN pip3.11 install git+https://example.org/x.git\n",
        "FROM python:3.12\nRUN pip install -r requirements.txt gunicorn\n",
        "FROM python:3.12\nRUN uv pip install --system flask\n",
    ],
    good: &[
        "FROM python:3.12\nRUN pip install flask==3.0 'a[b]~=1' c@https://example.org/c.whl ./d \".[dev]\" e.whl\n",
        "FROM python:3.12\nRUN pip install -r requirements.txt && pip install -c constraints.txt flask\n",
        "FROM python:3.12\nRUN pip install --timeout 10 -i https://example.org --trusted-host example.org \"flask==$V\" -e .\n",
        "FROM python:3.12\nRUN pip install git+https://example.org/x.git@v1 && pip uninstall x\n",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for (run, managed) in calls(context, Manager::Pip) {
        if managed.act != Act::Install || managed.has(&["c", "constraint"]) {
            continue;
        }
        let packages = managed.operands.iter().copied();
        let loose: Vec<&Argument> = packages.filter(|word| is_loose(&word.text)).collect();
        // hadolint says nothing where requirements are read from a file, and does not know `uv`.
        let is_known = !managed.has(&["r", "requirement"]) && managed.call.program != "uv";
        let ids: &[&str] = if is_known { &["DL3013"] } else { &[] };
        let known = aliases(run, managed.call, ids, &[], false);
        let pin = ("NAME==VERSION", "`pip index versions NAME`");
        report_unpinned(context, sink, run, &loose, pin, &known);
    }
}

/// Whether a word is a requirement without version, and neither file nor folder (PEP 508).
fn is_loose(word: &str) -> bool {
    if word.contains(['=', '<', '>', '~']) && !word.contains("://") {
        return false;
    }
    if word.contains("://") {
        // A repository is one state of it only with `@` behind its path.
        let is_repository = ["git+", "hg+", "svn+", "bzr+"]
            .iter()
            .any(|kind| word.starts_with(kind));
        let path = word.split_once("://").map_or("", |(_, rest)| rest);
        let path = path.split_once('/').map_or("", |(_, path)| path);
        return is_repository && !path.contains('@');
    }
    let is_file = word.contains('/')
        || word.starts_with('.')
        || has_ending(word, &[".whl", ".zip", ".tar.gz", ".tgz", ".tar.bz2"]);
    !is_file && !word.contains('@') && !word.contains("!=")
}
