//! `curl … | sh`.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use crate::Span;
use crate::lint::{Context, Sink};
use crate::rules::{Applies, Default, Rule};
use crate::shell::{Command, List, Part, SimpleCommand, Word};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "download-to-shell",
        aliases: &[],
        title: Text::fixed("a download is run unseen", "下载内容未经检查就执行"),
        why: Text::fixed(
            "Who holds the server, or the line to it, decides what runs as root in the build, and may answer each build something else.",
            "控制服务器或网络线路的人可以决定以 root 身份执行什么,而且每次构建都可以返回不同内容。",
        ),
        severity: Severity::High,
        references: &["CIS Docker Benchmark 1.6.0, 4.11"],
    },
    applies: Applies::History,
    default: Default::On,
    check,
    bad: &[
        "FROM debian:12\nRUN curl -fsSL https://example.org/install.sh | sh\n",
        "FROM debian:12\nRUN wget -qO- https://example.org/x | sudo -E bash -s -- -y\n",
        "FROM debian:12\nRUN curl https://example.org/x | tee log | python3 -\n",
        "FROM debian:12\nRUN bash -c \"$(curl -fsSL https://example.org/x)\"\n",
        "FROM debian:12\nSHELL [\"/bin/bash\", \"-c\"]\nRUN bash <(curl -s https://example.org/x)\n",
        "FROM debian:12\nRUN eval \"$(wget -qO- https://example.org/x)\"\n",
    ],
    good: &[
        "FROM debian:12\nRUN curl -fsSLO https://example.org/x && sha256sum -c x.sha256 && sh x\n",
        "FROM debian:12\nRUN curl -fsSL https://example.org/x.tgz | tar xz\n",
        "FROM debian:12\nRUN V=$(curl https://example.org/version) && echo $V | sh -c 'read x'\n",
        "FROM debian:12\nRUN curl https://example.org/x | python3 -m json.tool\n",
    ],
};

const SHELLS: &[&str] = &["sh", "bash", "dash", "ash", "zsh", "ksh"];
const INTERPRETERS: &[&str] = &[
    "python", "python2", "python3", "perl", "ruby", "node", "php",
];

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for placed in context.file.walk() {
        let Some(form) = placed.instruction.run() else {
            continue;
        };
        let mut found: Option<Span> = None;
        for place in form.script.pipelines() {
            let mut downloads = false;
            for command in &place.pipeline.commands {
                let Command::Simple(command) = command else {
                    continue;
                };
                if downloads && runs_input(command) {
                    found = found.or(Some(place.pipeline.span));
                }
                downloads |= is_download(command);
            }
        }
        for seen in form.script.commands() {
            if runs_words(seen.command) {
                found = found.or(Some(seen.command.span));
            }
        }
        let Some(span) = found else { continue };
        sink.report(
            placed.instruction,
            form.span(span),
            Text::fixed(
                "what this downloads is run without anybody having looked at it",
                "这里下载的内容未经检查就直接执行",
            ),
            Text::fixed(
                "download a fixed version to a file, compare its digest (`echo \"<sha256>  file\" | sha256sum -c`), then run it; or take it from a package or an image",
                "请把固定版本下载到文件,校验摘要(`echo \"<sha256>  file\" | sha256sum -c`)后再执行;或改用软件包、镜像",
            ),
        );
    }
}

fn is_download(command: &SimpleCommand) -> bool {
    command.effective().invocation.runs_any(&["curl", "wget"])
}

/// Whether it runs what it reads: a shell without a script, an interpreter without a file.
fn runs_input(command: &SimpleCommand) -> bool {
    let invocation = command.effective().invocation;
    let is_shell = invocation.runs_any(SHELLS);
    if !is_shell && !invocation.runs_any(INTERPRETERS) {
        return false;
    }
    let mut words = invocation.args().iter().map(Word::outline);
    match words.find(|word| {
        !word.starts_with('-') || word == "-" || word == "--" || is_program(word, is_shell)
    }) {
        // A program in an argument reads the rest as data.
        Some(word) if is_program(&word, is_shell) => false,
        Some(word) => {
            word == "-" || word == "--" || word == "/dev/stdin" || has_stdin(invocation.args())
        }
        None => true,
    }
}

/// Whether a flag brings a program: `-c`, `-e`, `-m`.
fn is_program(word: &str, is_shell: bool) -> bool {
    let letters = word.strip_prefix('-').filter(|rest| !rest.starts_with('-'));
    letters.is_some_and(|letters| {
        if is_shell {
            letters.ends_with('c')
        } else {
            matches!(letters, "c" | "e" | "m" | "r" | "n" | "ne" | "pe" | "p")
        }
    })
}

/// `bash -s -- arguments`
fn has_stdin(words: &[Word]) -> bool {
    words.iter().any(|word| {
        let text = word.outline();
        text.starts_with('-') && !text.starts_with("--") && text.contains('s')
    })
}

/// `sh -c "$(curl …)"`, `eval "$(curl …)"`, `bash <(curl …)`, `source <(curl …)`
fn runs_words(command: &SimpleCommand) -> bool {
    let invocation = command.effective().invocation;
    let is_shell = invocation.runs_any(SHELLS);
    if !is_shell && !invocation.runs_any(&["eval", "source", "."]) {
        return false;
    }
    // The script, or the file; what stands behind are its arguments.
    let mut words = invocation.args().iter();
    let word = words.find(|word| !word.outline().starts_with('-'));
    word.is_some_and(|word| word.parts.iter().any(downloads))
}

/// Whether a part of a word is what a download gives.
fn downloads(part: &Part) -> bool {
    let of = |list: &List| {
        let commands = list.commands();
        commands
            .first()
            .is_some_and(|seen| is_download(seen.command))
    };
    match part {
        Part::Command { list, .. } | Part::Process { list, .. } => of(list),
        Part::DoubleQuoted { parts, .. } => parts.iter().any(|part| match part {
            Part::Command { list, .. } => of(list),
            _ => false,
        }),
        _ => false,
    }
}
