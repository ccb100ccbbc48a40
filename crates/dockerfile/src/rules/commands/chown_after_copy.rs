//! `RUN chown -R` behind `COPY`.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use crate::ast::Kind;
use crate::lint::{Context, Sink};
use crate::rules::{Applies, Default, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "chown-after-copy",
        aliases: &[],
        title: Text::fixed("files are copied, then given away", "先复制文件再更改属主"),
        why: Text::fixed(
            "A layer holds whole files: what changes its owner in a later `RUN` is in the image twice.",
            "镜像层保存完整文件:在之后的 `RUN` 中更改属主会使文件在镜像中出现两份。",
        ),
        severity: Severity::Low,
        references: &["Dockerfile reference, COPY --chown"],
    },
    applies: Applies::BuildFile,
    default: Default::On,
    check,
    bad: &[
        "FROM debian:12\nCOPY . /app\nRUN chown -R app:app /app\n",
        "FROM debian:12\nWORKDIR /app\nCOPY src src\nRUN chown -R app /app && make\n",
    ],
    good: &[
        "FROM debian:12\nCOPY --chown=app:app . /app\n",
        "FROM debian:12\nCOPY . /app\nRUN mkdir /data && chown -R app /data\n",
        "FROM debian:12\nRUN chown -R app /app\nCOPY . /app\n",
        "FROM debian:12\nCOPY --chown=app . /app\nRUN chown -R app /app/data\n",
    ],
};

/// Of more copies than these in a stage, the first are forgotten.
const MAX_COPIES: usize = 100;

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let file = context.file;
    let mut runs = context.runs.iter().peekable();
    let mut copies: Vec<String> = Vec::new();
    let mut directory = String::from("/");
    for placed in file.walk() {
        let run = runs.next_if(|run| std::ptr::eq(run.instruction, placed.instruction));
        if placed.onbuild {
            continue;
        }
        match &placed.instruction.kind {
            Kind::From(_) => {
                copies.clear();
                directory = String::from("/");
            }
            Kind::Workdir(path) => directory = join(&directory, &path.unquoted(file.escape)),
            Kind::Copy(copy) | Kind::Add(copy) if placed.instruction.flag("chown").is_none() => {
                if copies.len() == MAX_COPIES {
                    copies.remove(0);
                }
                copies.push(join(&directory, &copy.target.unquoted(file.escape)));
            }
            _ => {}
        }
        let Some(run) = run else { continue };
        for call in run.calls.iter().filter(|call| call.program == "chown") {
            let parsed = call.parse(&["from", "reference"]);
            if !parsed.has(&["R", "recursive"]) {
                continue;
            }
            let targets = parsed.operands.iter().skip(1);
            let mut targets = targets.map(|word| join(&directory, &word.text));
            if !targets.any(|target| copies.iter().any(|copy| covers(&target, copy))) {
                continue;
            }
            sink.report(
                run.instruction,
                call.span,
                Text::fixed(
                    "this writes the files that were copied above into a second layer",
                    "这会把上面复制的文件再写入一层",
                ),
                Text::fixed(
                    "write `COPY --chown=user:group …` in their place",
                    "请直接写 `COPY --chown=用户:组 …`",
                ),
            );
        }
    }
}

/// A path below a directory, without a slash at its end.
fn join(directory: &str, path: &str) -> String {
    let path = path.strip_prefix("./").unwrap_or(path);
    let path = if path == "." { "" } else { path };
    let joined = if path.starts_with('/') {
        path.to_owned()
    } else {
        format!("{}/{path}", directory.trim_end_matches('/'))
    };
    let mut joined = joined;
    joined.truncate(joined.trim_end_matches('/').len());
    joined
}

fn covers(outer: &str, inner: &str) -> bool {
    let rest = inner.strip_prefix(outer);
    !outer.contains("${VAR}") && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
