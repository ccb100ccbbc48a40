//! `ADD` where `COPY` does.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use super::{is_git, is_remote, transfers, value};
use crate::ast::{Instruction, Transfer};
use crate::fix;
use crate::lint::{Context, Sink};
use crate::rules::{Applies, Default, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "add-for-files",
        aliases: &["DL3020", "DS-0005", "CIS-DI-0009"],
        title: Text::fixed("ADD for plain files", "用 ADD 复制普通文件"),
        why: Text::fixed(
            "`ADD` fetches addresses and unpacks archives; where files are copied, `COPY` cannot do either by surprise.",
            "`ADD` 会下载地址、解压归档;仅复制文件时,`COPY` 不会有这些意外行为。",
        ),
        severity: Severity::Low,
        references: &[
            "CIS Docker Benchmark 1.6.0, 4.9",
            "Dockerfile reference, ADD",
        ],
    },
    applies: Applies::History,
    default: Default::On,
    check,
    bad: &[
        "FROM debian:12.5\nADD app /app\n",
        "FROM debian:12.5\nADD --chown=a:a . /app\n",
        "FROM debian:12.5\nadd [\"app\", \"/app\"]\n",
        "FROM debian:12.5\nADD a b.tar /c/\n",
        "FROM debian:12.5\nADD $FILE /app\n",
        "FROM debian:12.5\nADD <<E /app\nx\nE\n",
    ],
    good: &[
        "FROM scratch\nADD rootfs.tar.xz /\n",
        "FROM debian:12.5\nADD https://example.org/app /app\n",
        "FROM debian:12.5\nADD git@github.com:a/b.git /src\n",
        "FROM debian:12.5\nARG URL=https://example.org/app\nADD $URL /app\n",
        "FROM debian:12.5\nADD app.tgz /app\n",
    ],
};

/// Names that archives have which `ADD` unpacks: tar, alone or compressed with gzip, bzip2, xz or zstd. The content
/// decides; these are the names by which people mean it.
const ARCHIVES: [&str; 14] = [
    ".tar",
    ".tar.gz",
    ".tar.bz2",
    ".tar.xz",
    ".tar.zst",
    ".tar.lz",
    ".tar.lzma",
    ".tar.z",
    ".tgz",
    ".tbz",
    ".tbz2",
    ".tb2",
    ".txz",
    ".tzst",
];

/// Names that hadolint takes for those of archives beside.
const OF_HADOLINT: [&str; 10] = [
    ".gz", ".bz2", ".xz", ".lzma", ".lz", ".z", ".tz", ".tlz", ".tpz", ".taz",
];

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let file = context.file;
    for (placed, transfer, is_add) in transfers(file) {
        if !is_add || transfer.sources.is_empty() {
            continue;
        }
        let values: Vec<(String, bool)> = transfer
            .sources
            .iter()
            .map(|source| value(file, &placed, source))
            .collect();
        let is_for_add =
            |path: &str| is_remote(path) || is_git(path) || is_archive(path, &ARCHIVES);
        if values.iter().all(|(path, _)| is_for_add(path)) {
            continue;
        }
        // A default may be another value in the next build.
        let is_open = transfer
            .sources
            .iter()
            .any(|source| source.text.contains('$'));
        let aliases = if placed.onbuild {
            vec!["CIS-DI-0009"]
        } else {
            aliases(placed.instruction, transfer)
        };
        let mut found = sink.report(
            placed.instruction,
            placed.instruction.keyword.span,
            Text::fixed(
                "`ADD` copies plain files here",
                "此处的 `ADD` 只是复制普通文件",
            ),
            Text::fixed("write `COPY`", "请写作 `COPY`"),
        );
        found.aliases(&aliases);
        // A path that only the build knows may be an archive, and so may a pattern or a name without an ending.
        let is_sure = !is_open
            && values.iter().all(|(path, _)| {
                !is_for_add(path) && !is_archive(path, &OF_HADOLINT) && has_type(path)
            });
        let has_other_flags = placed
            .instruction
            .flags
            .iter()
            .any(|flag| !matches!(flag.name.as_str(), "chown" | "chmod" | "link" | "exclude"));
        if has_other_flags {
            continue;
        }
        let keyword = &placed.instruction.keyword;
        let copy = if keyword.text == "add" {
            "copy"
        } else {
            "COPY"
        };
        let edits = vec![fix::replace(keyword.span, copy)];
        if is_sure {
            found.safe_fix(edits);
        } else {
            found.unsafe_fix(edits);
        }
    }
}

/// Whether a path surely is no archive: a directory, or a file with an ending of its own.
fn has_type(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    let is_directory = matches!(name, "" | "." | "..") || path.starts_with("<<");
    let is_pattern = path.contains(['*', '?', '[']);
    let ending = name.rsplit_once('.').map(|(_, ending)| ending);
    is_directory
        || !is_pattern && ending.is_some_and(|ending| !ending.is_empty() && ending != "bin")
}

fn is_archive(path: &str, endings: &[&str]) -> bool {
    let lower = path.trim_matches(['"', '\'']).to_ascii_lowercase();
    endings.iter().any(|ending| lower.ends_with(ending))
}

/// Who of the peers says the same. Both read what is written, hadolint the sources one by one, Trivy the whole line.
fn aliases(instruction: &Instruction, transfer: &Transfer) -> Vec<&'static str> {
    let fetched = |path: &str| {
        let lower = path.trim_matches(['"', '\'']);
        lower.starts_with("http://") || lower.starts_with("https://")
    };
    let of_hadolint = transfer.sources.iter().any(|source| {
        let path = source.text.as_str();
        !fetched(path) && !is_archive(path, &ARCHIVES) && !is_archive(path, &OF_HADOLINT)
    });
    let mut words = instruction.arguments.text().split_whitespace();
    let is_json = transfer.is_json;
    let mut all: Vec<&str> = transfer
        .sources
        .iter()
        .map(|source| source.text.as_str())
        .collect();
    all.push(&transfer.target.text);
    let has_tar = words.any(|word| word.contains(".tar"))
        || is_json && all.iter().any(|word| word.contains(".tar"));
    let has_address = all.iter().any(|word| {
        let word = word.trim_matches(['"', '\'']);
        word.starts_with("http://") || word.starts_with("https://") || word.starts_with("git@")
    });
    let mut found = Vec::new();
    if of_hadolint && instruction.heredocs.is_empty() {
        found.push("DL3020");
    }
    if !has_tar && !has_address {
        found.push("DS-0005");
    }
    found.push("CIS-DI-0009");
    found
}
