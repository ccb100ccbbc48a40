//! `COPY app.tar.gz` and a `tar -x` of it later.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use super::{transfers, value};
use crate::ast::{Dockerfile, Placed, Transfer};
use crate::lint::{Context, Sink};
use crate::rules::{Applies, Default, Rule};
use crate::shell::Invocation;

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "archive-to-extract",
        aliases: &["DL3010"],
        title: Text::fixed("archive copied and unpacked later", "先复制归档再解压"),
        why: Text::fixed(
            "The archive stays in its layer beside what was in it; `ADD` unpacks it on the way and leaves no copy.",
            "归档会与解压后的内容一起留在镜像层中;`ADD` 会在复制时直接解压,不留副本。",
        ),
        severity: Severity::Low,
        references: &["Dockerfile reference, ADD, unpacking of local tar files"],
    },
    applies: Applies::BuildFile,
    default: Default::On,
    check,
    bad: &[
        "FROM debian:12.5\nCOPY app.tar.gz /tmp/\nRUN tar -xzf /tmp/app.tar.gz -C /opt\n",
        "FROM debian:12.5\nCOPY dir/app.tgz /tmp/app.tgz\nRUN true\nRUN cd /opt && tar xf /tmp/app.tgz\n",
        "FROM debian:12.5\nCOPY app.tar other.sh /tmp/\nRUN tar --extract --file=/tmp/app.tar\n",
        "FROM debian:12.5\nCOPY app.tgz /tmp/\nRUN zcat /tmp/app.tgz | tar x\n",
    ],
    good: &[
        "FROM debian:12.5\nADD app.tar.gz /opt/\n",
        "FROM debian:12.5\nCOPY app.tar.gz /tmp/\nRUN tar -tzf /tmp/app.tar.gz\n",
        "FROM debian:12.5\nCOPY app.tar.gz /tmp/\nRUN tar -xzf /tmp/other.tar.gz\n",
        "FROM debian:12.5 AS a\nFROM debian:12.5\nCOPY --from=a /app.tar.gz /tmp/\nRUN tar -xzf /tmp/app.tar.gz\n",
        "FROM debian:12.5\nCOPY app.gz /tmp/\nRUN gunzip /tmp/app.gz\n",
        "FROM debian:12.5\nCOPY app.zip /tmp/\nRUN unzip /tmp/app.zip\n",
    ],
};

/// Names of archives that `ADD` unpacks.
const ARCHIVES: [&str; 11] = [
    ".tar", ".tar.gz", ".tar.bz2", ".tar.xz", ".tar.zst", ".tgz", ".tbz", ".tbz2", ".tb2", ".txz",
    ".tzst",
];

/// More archives of a stage than this are not followed.
const MANY: usize = 500;

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let file = context.file;
    let mut copied: Vec<(Placed<'_>, &Transfer, String)> = Vec::new();
    for (placed, transfer, is_add) in transfers(file) {
        if !is_add
            && !placed.onbuild
            && placed.instruction.flag("from").is_none()
            && copied.len() < MANY
        {
            copied.extend(
                archives(file, &placed, transfer)
                    .into_iter()
                    .map(|name| (placed, transfer, name)),
            );
        }
    }
    if copied.is_empty() {
        return;
    }
    let unpacked = unpacked(file);
    for (placed, transfer, name) in copied {
        let later = unpacked
            .iter()
            .filter(|it| it.stage == placed.stage && it.index > placed.index);
        let same: Vec<&Unpacked> = later.filter(|it| it.name == name).collect();
        if same.is_empty() {
            continue;
        }
        // hadolint reads flags with dashes, and no quotes.
        let is_seen = same.iter().any(|it| it.has_dashes)
            && !transfer.target.text.contains('"')
            && !transfer.is_json;
        let aliases: &[_] = if is_seen { &["DL3010"] } else { &[] };
        sink.report(
            placed.instruction,
            placed.instruction.keyword.span,
            Text::new(
                format!("`{name}` stays in this layer after it is unpacked"),
                format!("`{name}` 解压后仍留在该层中"),
            ),
            Text::new(
                format!("write `ADD {name} DIRECTORY/` and leave the `tar` out"),
                format!("请写作 `ADD {name} 目录/`,并去掉 `tar`"),
            ),
        )
        .aliases(aliases);
    }
}

/// The names under which archives lie in the image after a `COPY`.
fn archives(file: &Dockerfile, placed: &Placed<'_>, transfer: &Transfer) -> Vec<String> {
    let base = |path: &str| path.rsplit('/').next().unwrap_or_default().to_owned();
    let is_archive = |path: &str| ARCHIVES.iter().any(|ending| path.ends_with(ending));
    let target = value(file, placed, &transfer.target).0;
    let sources = transfer
        .sources
        .iter()
        .map(|source| value(file, placed, source).0);
    sources
        .filter(|source| is_archive(source) && !source.contains(['*', '?', '[']))
        .map(|source| {
            if is_archive(&target) {
                base(&target)
            } else {
                base(&source)
            }
        })
        .collect()
}

/// An archive that a `RUN` unpacks.
struct Unpacked {
    stage: Option<usize>,
    index: usize,
    name: String,
    has_dashes: bool,
}

fn unpacked(file: &Dockerfile) -> Vec<Unpacked> {
    let mut found = Vec::new();
    for placed in file.walk() {
        let Some(form) = placed.instruction.run() else {
            continue;
        };
        for seen in form.script.commands() {
            let invocation = seen.command.invocation();
            let Some(has_dashes) = extracts(invocation) else {
                continue;
            };
            for word in invocation.args() {
                let text = word.outline();
                let path = text.strip_prefix("--file=").unwrap_or(&text);
                let name = path.rsplit('/').next().unwrap_or_default();
                if ARCHIVES.iter().any(|ending| name.ends_with(ending)) {
                    found.push(Unpacked {
                        stage: placed.stage,
                        index: placed.index,
                        name: name.to_owned(),
                        has_dashes,
                    });
                }
            }
        }
    }
    found
}

/// Whether a command unpacks an archive, and then whether hadolint sees that: it reads flags with dashes.
fn extracts(invocation: Invocation<'_>) -> Option<bool> {
    const OTHERS: [&str; 6] = ["gunzip", "bunzip2", "unxz", "unlzma", "zcat", "uncompress"];
    // Of the names of archives that are compressed `tar`s, these only take the compression off.
    if invocation.runs_any(&OTHERS) {
        return Some(true);
    }
    if !invocation.runs_any(&["tar", "bsdtar"]) {
        return None;
    }
    let is_dashed = invocation.has_flag('x', "extract") || invocation.has_flag('x', "get");
    // `tar xzf`: the first word is the flags.
    let first = invocation
        .args()
        .first()
        .and_then(|word| word.text())
        .unwrap_or_default();
    let is_old = first.contains('x') && first.chars().all(|c| c.is_ascii_alphabetic());
    (is_dashed || is_old).then_some(is_dashed)
}
