//! `useradd` with a high number and without `--no-log-init`.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use crate::commands::{Call, Via};
use crate::fix;
use crate::lint::{Context, Sink};
use crate::rules::{Applies, Default, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "useradd-log",
        aliases: &["DL3046"],
        title: Text::fixed(
            "useradd with a high UID fills the layer",
            "useradd 使用大 UID 会撑大镜像层",
        ),
        why: Text::fixed(
            "`useradd` writes to `/var/log/lastlog` and `faillog` at the place of the number; layers keep the hole before it as bytes.",
            "`useradd` 会按 UID 的位置写入 `/var/log/lastlog` 与 `faillog`;镜像层会把前面的空洞保存为实际字节。",
        ),
        severity: Severity::Low,
        references: &["Docker manual, Building best practices, USER"],
    },
    applies: Applies::History,
    default: Default::On,
    check,
    bad: &[
        "FROM debian:12\nRUN useradd -u 123456 app\n",
        "FROM debian:12\nARG APP_ID\nRUN useradd -mu $APP_ID app\n",
        "FROM debian:12\nRUN useradd --uid=200000 app && useradd -u200000 b\n",
        "FROM debian:12\nRUN [\"useradd\", \"-u\", \"123456\", \"app\"]\n",
    ],
    good: &[
        "FROM debian:12\nRUN useradd -u 1000 app && useradd app\n",
        "FROM debian:12\nRUN useradd -lu 123456 app && useradd --no-log-init -u 123456 app\n",
        "FROM debian:12\nRUN useradd -g 123456 app && useradd -u 001000 app\n",
    ],
};

/// Its flags that take a value (its manual).
const VALUED: &[&str] = &[
    "b",
    "base-dir",
    "c",
    "comment",
    "d",
    "home-dir",
    "e",
    "expiredate",
    "f",
    "inactive",
    "g",
    "gid",
    "G",
    "groups",
    "k",
    "skel",
    "K",
    "key",
    "p",
    "password",
    "R",
    "root",
    "P",
    "prefix",
    "s",
    "shell",
    "u",
    "uid",
    "Z",
    "selinux-user",
];

/// From here on the files grow beyond 28 MB.
const HIGH: u64 = 100_000;

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for run in context.runs {
        for call in run.calls.iter().filter(|call| call.program == "useradd") {
            let parsed = call.parse(VALUED);
            if parsed.has(&["l", "no-log-init"]) {
                continue;
            }
            let Some(flag) = parsed.flag(&["u", "uid"]) else {
                continue;
            };
            let value = flag.value.unwrap_or_default();
            let is_open = value.contains("${VAR}");
            let is_high = value.parse::<u64>().is_ok_and(|number| number >= HIGH);
            if !is_open && !is_high {
                continue;
            }
            let message = if is_open {
                Text::fixed(
                    "with a high number, this `useradd` writes a sparse file that the layer keeps in full",
                    "若该编号较大,此 `useradd` 会写出稀疏文件,而镜像层会完整保存",
                )
            } else {
                Text::new(
                    format!(
                        "with the number {value}, `useradd` writes a sparse file that the layer keeps in full"
                    ),
                    format!("编号为 {value} 时,`useradd` 会写出稀疏文件,而镜像层会完整保存"),
                )
            };
            let mut found = sink.report(
                run.instruction,
                call.span,
                message,
                Text::fixed("add `--no-log-init`", "请添加 `--no-log-init`"),
            );
            if !is_hadolints(context, call, flag.argument.span, flag.name, flag.value) {
                found.aliases(&[]);
            }
            if call.via != Via::Nested && !is_json(context, call) {
                found.safe_fix(vec![fix::insert(call.name.end, " --no-log-init")]);
            }
        }
    }
}

fn is_json(context: &Context<'_>, call: &Call) -> bool {
    call.name.of(&context.file.text).starts_with('"')
}

/// hadolint sees `-u` with its value as a word of its own and, where that is a variable, without quotes.
fn is_hadolints(
    context: &Context<'_>,
    call: &Call,
    flag: crate::Span,
    name: &str,
    value: Option<&str>,
) -> bool {
    let words = &call.arguments;
    let at = words.iter().position(|word| word.span == flag);
    let next = at.and_then(|at| words.get(at.checked_add(1)?));
    let is_apart = next.is_some_and(|word| Some(word.text.as_str()) == value);
    let is_quoted = next.is_some_and(|word| {
        word.text.contains("${VAR}") && word.span.of(&context.file.text).starts_with('"')
    });
    call.via == Via::Direct && name == "u" && is_apart && !is_quoted
}
