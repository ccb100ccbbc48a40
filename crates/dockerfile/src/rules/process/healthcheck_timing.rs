//! `HEALTHCHECK --interval=…` that makes no sense.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use crate::ast::{Flag, Instruction, Kind};
use crate::lint::{Context, Sink};
use crate::rules::{Applies, Default, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "healthcheck-timing",
        aliases: &[],
        title: Text::fixed("health check at odd times", "健康检查的时间设置不合理"),
        why: Text::fixed(
            "A time that cannot be read fails the build, checks every few milliseconds are load, and a fault that is \
             seen after an hour has been seen by the users before.",
            "无法识别的时间会使构建失败;间隔仅几毫秒会带来负载;一小时后才发现的故障用户早已遇到。",
        ),
        severity: Severity::Low,
        references: &["Dockerfile reference, HEALTHCHECK", "requirements B 2.2"],
    },
    applies: Applies::History,
    default: Default::On,
    check,
    bad: &[
        "FROM debian:12.5\nHEALTHCHECK --interval=30 CMD [\"x\"]\n",
        "FROM debian:12.5\nHEALTHCHECK --interval=10ms CMD [\"x\"]\n",
        "FROM debian:12.5\nHEALTHCHECK --interval=12h CMD [\"x\"]\n",
        "FROM debian:12.5\nHEALTHCHECK --interval=10m --retries=10 CMD [\"x\"]\n",
        "FROM debian:12.5\nHEALTHCHECK --retries=-1 CMD [\"x\"]\n",
        "FROM debian:12.5\nHEALTHCHECK --timeout=0s CMD [\"x\"]\n",
    ],
    good: &[
        "FROM debian:12.5\nHEALTHCHECK --interval=1m30s --timeout=3s --start-period=5m --retries=3 CMD [\"x\"]\n",
        "FROM debian:12.5\nHEALTHCHECK --interval=${T} CMD [\"x\"]\n",
        "FROM debian:12.5\nHEALTHCHECK CMD [\"x\"]\n",
    ],
};

const SECOND: f64 = 1000.0;
/// Docker's own: 30 seconds, three times.
const DEFAULT_INTERVAL: f64 = 30.0 * SECOND;
const DEFAULT_RETRIES: f64 = 3.0;
/// A fault that is seen later than this is seen too late.
const LATEST: f64 = 3600.0 * SECOND;

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for placed in context.file.walk() {
        if !matches!(placed.instruction.kind, Kind::Healthcheck(Some(_))) {
            continue;
        }
        let instruction = placed.instruction;
        let mut is_readable = true;
        for flag in &instruction.flags {
            if let Some(message) = oddity(flag) {
                is_readable = false;
                report(sink, instruction, flag, message);
            }
        }
        let interval = instruction.flag("interval");
        let retries = instruction.flag("retries");
        let between = interval
            .and_then(|flag| duration(flag.value()))
            .unwrap_or(DEFAULT_INTERVAL);
        let times = retries
            .and_then(|flag| flag.value().parse().ok())
            .unwrap_or(DEFAULT_RETRIES);
        if let Some(flag) = interval.or(retries)
            && is_readable
            && between * times > LATEST
        {
            let minutes = (between * times / SECOND / 60.0).round();
            let message = Text::new(
                format!("a fault is seen after {minutes} minutes"),
                format!("故障要在 {minutes} 分钟后才会被发现"),
            );
            report(sink, instruction, flag, message);
        }
    }
}

fn report(sink: &mut Sink<'_>, at: &Instruction, flag: &Flag, message: Text) {
    sink.report(
        at,
        flag.span,
        message,
        Text::fixed(
            "write times with their unit, such as `--interval=30s --timeout=5s --retries=3`",
            "请写带单位的时间,例如 `--interval=30s --timeout=5s --retries=3`",
        ),
    );
}

/// What is odd about one flag.
fn oddity(flag: &Flag) -> Option<Text> {
    let written = flag.value();
    if written.contains('$') {
        return None;
    }
    match flag.name.as_str() {
        "interval" | "timeout" | "start-period" | "start-interval" => {}
        "retries" => {
            return match written.parse::<u32>() {
                Ok(0) => Some(Text::fixed("0 means the default, 3", "0 表示使用默认值 3")),
                Ok(_) => None,
                Err(_) => Some(Text::new(
                    format!("`{written}` is no number of times"),
                    format!("`{written}` 不是有效的次数"),
                )),
            };
        }
        _ => return None,
    }
    let Some(time) = duration(written) else {
        return Some(Text::new(
            format!("`{written}` is no time: it needs a unit"),
            format!("`{written}` 不是有效的时间:需要带单位"),
        ));
    };
    if time == 0.0 && flag.name != "start-period" {
        return Some(Text::fixed("0 means the default", "0 表示使用默认值"));
    }
    (flag.name == "interval" && time < SECOND).then(|| {
        Text::new(
            format!("a check every {written} is load of its own"),
            format!("每 {written} 检查一次本身就是负载"),
        )
    })
}

/// A duration as Go writes it, in milliseconds: `1m30s`, `0`. `None` where it is none, or less than nothing.
fn duration(text: &str) -> Option<f64> {
    if text == "0" {
        return Some(0.0);
    }
    let mut rest = text.strip_prefix('+').unwrap_or(text);
    let mut sum = 0.0;
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let (number, behind) = rest.split_at_checked(digits)?;
        let number: f64 = number.parse().ok()?;
        let letters = behind
            .find(|c: char| c.is_ascii_digit())
            .unwrap_or(behind.len());
        let (unit, behind) = behind.split_at_checked(letters)?;
        let unit = match unit {
            "ns" => SECOND / 1e9,
            "us" | "µs" | "μs" => SECOND / 1e6,
            "ms" => SECOND / 1e3,
            "s" => SECOND,
            "m" => 60.0 * SECOND,
            "h" => 3600.0 * SECOND,
            _ => return None,
        };
        sum += number * unit;
        rest = behind;
    }
    Some(sum)
}
