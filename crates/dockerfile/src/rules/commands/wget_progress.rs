//! `wget` that draws its progress into the log of the build.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use crate::commands::{Call, Run, Via};
use crate::fix;
use crate::lint::{Context, Sink};
use crate::rules::{Applies, Default, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "wget-progress",
        aliases: &["DL3047"],
        title: Text::fixed(
            "wget fills the log with its progress",
            "wget 的进度信息充斥日志",
        ),
        why: Text::fixed(
            "Without a terminal, `wget` writes a line for every 50 KB; what matters in the log is lost among them.",
            "没有终端时,`wget` 每下载 50 KB 就输出一行,日志中的重要内容会被淹没。",
        ),
        severity: Severity::Low,
        references: &["manual of wget, --progress"],
    },
    applies: Applies::BuildFile,
    default: Default::On,
    check,
    bad: &[
        "FROM debian:12\nRUN wget https://example.org/x\n",
        "FROM debian:12\nRUN apt-get install -y wget && wget -O x https://example.org/x\n",
        "FROM debian:12\nRUN [\"wget\", \"https://example.org/x\"]\n",
        "FROM debian:12\nRUN sudo wget https://example.org/x\n",
    ],
    good: &[
        "FROM debian:12\nRUN wget -q https://example.org/x && wget -nv https://example.org/x\n",
        "FROM debian:12\nRUN wget -qO- https://example.org/x && wget -nvO x https://example.org/x\n",
        "FROM debian:12\nRUN wget --progress=dot:giga https://example.org/x\n",
        "FROM debian:12\nRUN wget -o log https://example.org/x && wget --version\n",
    ],
};

/// Its flags that take a value and stand in bundles (its manual).
const VALUED: &[&str] = &[
    "o", "a", "O", "P", "e", "t", "T", "w", "Q", "U", "i", "B", "A", "R", "D", "l", "I", "X",
];

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let mut is_gnu = None;
    for run in context.runs {
        for call in &run.calls {
            if installs_wget(call) {
                is_gnu = Some(run.stage);
            }
            if call.program != "wget" || is_quiet(call) {
                continue;
            }
            let mut found = sink.report(
                run.instruction,
                call.span,
                Text::fixed(
                    "this `wget` writes its progress into the log, line by line",
                    "此 `wget` 会把进度逐行写入日志",
                ),
                Text::fixed(
                    "add `--progress=dot:giga`, or `-q` where it is the `wget` of BusyBox",
                    "请添加 `--progress=dot:giga`;若为 BusyBox 的 `wget`,请用 `-q`",
                ),
            );
            if call.via != Via::Direct {
                found.aliases(&[]);
            }
            fix(context, run, call, is_gnu == Some(run.stage), &mut found);
        }
    }
}

/// Only where the stage installs it, it is surely not that of `BusyBox`, which does not know the flag.
fn fix(
    context: &Context<'_>,
    _: &Run<'_>,
    call: &Call,
    is_gnu: bool,
    found: &mut crate::lint::Found<'_>,
) {
    let is_json = call.name.of(&context.file.text).starts_with('"');
    if is_json || call.via == Via::Nested {
        return;
    }
    let edits = vec![fix::insert(call.name.end, " --progress=dot:giga")];
    if is_gnu {
        found.safe_fix(edits);
    } else {
        found.unsafe_fix(edits);
    }
}

fn is_quiet(call: &Call) -> bool {
    // `-nv` is one flag, not two.
    let has_nv = call.arguments.iter().any(|word| {
        let letters = word
            .text
            .strip_prefix('-')
            .filter(|rest| !rest.starts_with('-'));
        letters.is_some_and(|letters| letters.contains("nv"))
    });
    let parsed = call.parse(VALUED);
    has_nv
        || parsed.has(&[
            "q",
            "quiet",
            "no-verbose",
            "o",
            "output-file",
            "a",
            "append-output",
            "progress",
            "b",
            "background",
            "spider",
            "version",
            "V",
            "help",
            "h",
        ])
}

fn installs_wget(call: &Call) -> bool {
    let managers = [
        "apt-get", "apt", "aptitude", "apk", "yum", "dnf", "microdnf", "tdnf", "zypper",
    ];
    managers.contains(&call.program.as_str())
        && call
            .arguments
            .iter()
            .any(|word| word.text == "wget" || word.text.starts_with("wget="))
        && ["install", "add", "in"]
            .iter()
            .any(|word| call.has_word(word))
}
