//! `EXPOSE 70000`.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use super::{number, ports};
use crate::ast::Kind;
use crate::lint::{Context, Sink};
use crate::rules::{Applies, Default, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "invalid-port",
        aliases: &["DL3011", "DS-0008"],
        title: Text::fixed("port that does not exist", "端口号不存在"),
        why: Text::fixed(
            "Ports have 16 bits; builders refuse greater numbers and ranges that end before they begin.",
            "端口号为 16 位;更大的数字或首尾颠倒的范围会被构建器拒绝。",
        ),
        severity: Severity::High,
        references: &["Dockerfile reference, EXPOSE", "RFC 9293, 3.1"],
    },
    applies: Applies::BuildFile,
    default: Default::On,
    check,
    bad: &[
        "FROM debian:12.5\nEXPOSE 70000\n",
        "FROM debian:12.5\nEXPOSE 65000-70000/udp\n",
        "FROM debian:12.5\nENV P=70000\nEXPOSE $P\n",
        "FROM debian:12.5\nEXPOSE 90-80\n",
        "FROM debian:12.5\nEXPOSE 99999999999999999999\n",
        "FROM debian:12.5\nEXPOSE http\n",
        "FROM debian:12.5\nEXPOSE 80,443\n",
        "FROM debian:12.5\nEXPOSE 80/http\n",
        "FROM debian:12.5\nEXPOSE 80 # web\n",
    ],
    good: &[
        "FROM debian:12.5\nEXPOSE 65535 80/tcp 8000-8010 53/UDP 9/sctp 8080:80\n",
        "FROM debian:12.5\nEXPOSE $P ${P}/tcp\n",
    ],
};

const GREATEST: u64 = 65_535;

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    unreadable(context, sink);
    let mut hadolint_said = None;
    for port in ports(context.file) {
        let is_reversed = port.last < port.first;
        let is_great = port.first.max(port.last) > GREATEST;
        if !is_great && !is_reversed {
            continue;
        }
        let mut aliases = Vec::new();
        // hadolint speaks once of an instruction.
        if is_great && port.is_literal && hadolint_said != Some(port.placed.index) {
            hadolint_said = Some(port.placed.index);
            aliases.push("DL3011");
        }
        if is_great && port.is_plain {
            aliases.push("DS-0008");
        }
        let written = &port.word.text;
        let message = if is_great {
            Text::new(
                format!("`{written}` is beyond {GREATEST}, the greatest port"),
                format!("`{written}` 超出最大端口号 {GREATEST}"),
            )
        } else {
            Text::new(
                format!("the range `{written}` ends before it begins"),
                format!("端口范围 `{written}` 首尾颠倒"),
            )
        };
        sink.report(
            port.placed.instruction,
            port.word.span,
            message,
            Text::fixed(
                "name the port on which the program listens",
                "请写出程序实际监听的端口",
            ),
        )
        .aliases(&aliases);
    }
}

/// What is no port at all: names, lists with commas, comments behind the instruction, other protocols.
fn unreadable(context: &Context<'_>, sink: &mut Sink<'_>) {
    let file = context.file;
    for placed in file.walk() {
        let Kind::Expose(words) = &placed.instruction.kind else {
            continue;
        };
        for word in words {
            let expanded = file
                .variables
                .expand(placed.stage, placed.index, word, file.escape);
            if !expanded.known || is_port(&expanded.text) {
                continue;
            }
            sink.report(
                placed.instruction,
                word.span,
                Text::new(
                    format!("`{}` is no port", word.text),
                    format!("`{}` 不是端口", word.text),
                ),
                Text::fixed(
                    "write a number and a protocol, as in `8080/tcp`, and separate ports by spaces",
                    "请写数字和协议,例如 `8080/tcp`,多个端口用空格分隔",
                ),
            )
            .aliases(&[]);
        }
    }
}

/// A number or a range of numbers, with `tcp`, `udp`, `sctp` or nothing; what stands before a colon is another
/// rule's.
fn is_port(text: &str) -> bool {
    let text = text.rsplit(':').next().unwrap_or_default();
    let (port, protocol) = text.split_once('/').unwrap_or((text, "tcp"));
    let is_protocol = ["tcp", "udp", "sctp"]
        .iter()
        .any(|known| protocol.eq_ignore_ascii_case(known));
    let mut parts = port.splitn(2, '-');
    is_protocol && parts.all(|part| number(part).is_some())
}
