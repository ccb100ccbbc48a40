//! `go install` without versions.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use super::{aliases, has_ending, report_unpinned};
use crate::commands::{Argument, Call};
use crate::lint::{Context, Sink};
use crate::rules::{Applies, Default, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "unpinned-go-module",
        aliases: &["DL3062"],
        title: Text::fixed("Go module without a version", "Go 模块未指定版本"),
        why: Text::fixed(
            "Without a version, the same file installs something else tomorrow, and nobody can say what was built.",
            "不指定版本时,同一文件明天会安装不同的内容,构建结果无法追溯。",
        ),
        severity: Severity::Medium,
        references: &[
            "requirements B 2.1",
            "Go Modules Reference, \"Version queries\"",
        ],
    },
    applies: Applies::History,
    default: Default::On,
    check,
    bad: &[
        "FROM golang:1.22\nRUN go install example.org/a/b@latest\n",
        "FROM golang:1.22\nRUN CGO_ENABLED=0 go install -ldflags \"-s -w\" example.org/a/b\n",
        "FROM golang:1.22\nRUN go get -u example.org/a\n",
        "FROM golang:1.22\nRUN go run example.org/a@latest -x y\n",
    ],
    good: &[
        "FROM golang:1.22\nRUN go install example.org/a/b@v1.2.3 && go install -tags x example.org/c@$V\n",
        "FROM golang:1.22\nRUN go install ./... && go install . && go install cmd/vet && go get\n",
        "FROM golang:1.22\nRUN go run ./tools/gen example.org/x && go build example.org/x\n",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for run in context.runs {
        for call in run.calls.iter().filter(|call| call.program == "go") {
            let loose = loose(call);
            let known = aliases(run, call, &["DL3062"], &[], false);
            let pin = ("NAME@VERSION", "`go list -m -versions NAME`");
            report_unpinned(context, sink, run, &loose, pin, &known);
        }
    }
}

/// Flags of `go` that take a value in the next word (`go help build`).
const VALUED: &[&str] = &[
    "C",
    "asmflags",
    "buildmode",
    "compiler",
    "exec",
    "gccgoflags",
    "gcflags",
    "installsuffix",
    "ldflags",
    "mod",
    "modfile",
    "o",
    "overlay",
    "p",
    "pgo",
    "pkgdir",
    "tags",
    "toolexec",
];

/// The packages of other modules for which no version, or a moving one, is asked.
fn loose(call: &Call) -> Vec<&Argument> {
    let mut words = call.arguments.iter();
    let Some(verb) = words.next().map(|word| word.text.as_str()) else {
        return Vec::new();
    };
    if !matches!(verb, "install" | "get" | "run") {
        return Vec::new();
    }
    let mut found = Vec::new();
    while let Some(word) = words.next() {
        if let Some(flag) = word.text.strip_prefix('-') {
            if VALUED.contains(&flag.trim_start_matches('-')) {
                words.next();
            }
            continue;
        }
        if is_loose(&word.text) {
            found.push(word);
        }
        // What follows is for the program.
        if verb == "run" {
            break;
        }
    }
    found
}

/// Whether a word is a package of another module without a version. The first element of a module's path has a
/// dot (Go Modules Reference, "Module paths"); what has none is of the standard library or the own module.
fn is_loose(word: &str) -> bool {
    let (path, version) = word.split_once('@').unwrap_or((word, ""));
    let host = path.split('/').next().unwrap_or_default();
    let is_foreign = (host.contains('.') || host.starts_with('$'))
        && !path.starts_with('.')
        && !has_ending(path, &[".go"]);
    is_foreign && matches!(version, "" | "latest" | "none" | "upgrade" | "patch")
}
