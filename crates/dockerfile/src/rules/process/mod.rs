//! `USER`, `CMD`, `ENTRYPOINT`, `HEALTHCHECK`, `EXPOSE`, `VOLUME`, `STOPSIGNAL`.

mod constant_healthcheck;
mod disabled_healthcheck;
mod expose_format;
mod expose_protocol_casing;
mod healthcheck_timing;
mod invalid_port;
mod invalid_stop_signal;
mod missing_healthcheck;
mod privileged_port;
mod remote_control_port;
mod repeated_command;
mod repeated_entrypoint;
mod repeated_healthcheck;
mod root_build_stage;
mod root_user;
mod sensitive_volume;
mod shell_form_command;
mod shell_form_entrypoint;
mod user_by_name;

use plimsoll_model::Text;

use super::Rule;
use crate::ast::{Dockerfile, Instruction, Kind, Placed, Token};
use crate::fix;
use crate::lint::{Context, Sink};

/// The rules on what runs and how it is reached.
pub static RULES: &[&Rule] = &[
    &constant_healthcheck::RULE,
    &disabled_healthcheck::RULE,
    &expose_format::RULE,
    &expose_protocol_casing::RULE,
    &healthcheck_timing::RULE,
    &invalid_port::RULE,
    &invalid_stop_signal::RULE,
    &missing_healthcheck::RULE,
    &privileged_port::RULE,
    &remote_control_port::RULE,
    &repeated_command::RULE,
    &repeated_entrypoint::RULE,
    &repeated_healthcheck::RULE,
    &root_build_stage::RULE,
    &root_user::RULE,
    &sensitive_volume::RULE,
    &shell_form_command::RULE,
    &shell_form_entrypoint::RULE,
    &user_by_name::RULE,
];

/// The last stage and those that it begins with, from itself to the first. A stage begins with an earlier one, so
/// that there is an end.
fn lineage(file: &Dockerfile) -> Vec<usize> {
    let mut found = Vec::new();
    let mut next = file.stages.len().checked_sub(1);
    while let Some(stage) = next {
        found.push(stage);
        next = file.stages.get(stage).and_then(|stage| stage.parent);
    }
    found
}

/// The last instruction of a kind that holds for the image of the last stage, inherited ones too.
fn effective(file: &Dockerfile, wanted: impl Fn(&Kind) -> bool) -> Option<Placed<'_>> {
    lineage(file).into_iter().find_map(|stage| {
        let own = file.walk_stage(stage);
        own.filter(|placed| !placed.onbuild && wanted(&placed.instruction.kind))
            .last()
    })
}

/// The `FROM` of the last stage.
fn last_from(file: &Dockerfile) -> Option<&Instruction> {
    let stage = file.stages.last()?;
    file.instructions.get(stage.from)
}

/// The image with which the last stage begins, as far as it is known.
fn last_image(file: &Dockerfile) -> String {
    let first = lineage(file).last().copied();
    let from = first
        .and_then(|stage| file.stages.get(stage))
        .map(|stage| stage.from);
    let instruction = from.and_then(|index| file.instructions.get(index).map(|it| (index, it)));
    match instruction {
        Some((index, instruction)) => match &instruction.kind {
            Kind::From(from) => {
                file.variables
                    .expand(None, index, &from.image, file.escape)
                    .text
            }
            _ => String::new(),
        },
        None => String::new(),
    }
}

/// Whether an image is one of Windows, by its name or by the file that begins with it.
fn is_windows(file: &Dockerfile, image: &str) -> bool {
    let image = image.to_ascii_lowercase();
    file.escape == '`'
        || ["/windows", "nanoserver", "servercore", "windowsservercore"]
            .iter()
            .any(|name| image.contains(name))
}

/// Who a `USER` is.
#[derive(Debug, Clone, PartialEq, Eq)]
enum User {
    /// User 0, by name or by number.
    Root,
    /// Another number.
    Number,
    /// Another name.
    Name(String),
    /// Only the build says.
    Open,
}

/// Reads `USER`: `name`, `0`, `00`, `0:0`, `root:group`, `:group`, in quotes or from variables.
fn user(file: &Dockerfile, placed: &Placed<'_>, word: &Token) -> User {
    let expanded = file
        .variables
        .expand(placed.stage, placed.index, word, file.escape);
    let user = expanded.text.split(':').next().unwrap_or_default().trim();
    let is_number = !user.is_empty() && user.bytes().all(|b| b.is_ascii_digit());
    match user {
        _ if user.contains('$') => User::Open,
        // A group without a user leaves the user that there is without one: root.
        "root" | "" => User::Root,
        _ if is_number && user.bytes().all(|b| b == b'0') => User::Root,
        _ if is_number => User::Number,
        // The administrator of Windows.
        _ if user.eq_ignore_ascii_case("ContainerAdministrator") => User::Root,
        _ => User::Name(user.to_owned()),
    }
}

/// A port of `EXPOSE`.
#[derive(Debug, Clone, Copy)]
struct Port<'a> {
    placed: Placed<'a>,
    word: &'a Token,
    /// The first of a range, or the only one; a number that does not fit is the greatest.
    first: u64,
    /// The last of a range, or the same.
    last: u64,
    /// Whether it is written as a number, without variables, quotes and ranges.
    is_plain: bool,
    /// Whether it is written as numbers, without variables and quotes.
    is_literal: bool,
}

/// Every port that is known: numbers and ranges, with or without a protocol, of the container.
fn ports(file: &Dockerfile) -> Vec<Port<'_>> {
    let mut found = Vec::new();
    for placed in file.walk() {
        let Kind::Expose(words) = &placed.instruction.kind else {
            continue;
        };
        for word in words {
            let expanded = file
                .variables
                .expand(placed.stage, placed.index, word, file.escape);
            let port = expanded.text.split('/').next().unwrap_or_default();
            // `host:container` is no mapping here; the last part is the container's.
            let port = port.rsplit(':').next().unwrap_or_default();
            let (first, last) = port.split_once('-').unwrap_or((port, port));
            let (Some(first), Some(last)) = (number(first), number(last)) else {
                continue;
            };
            let is_literal = !placed.onbuild && !word.text.contains(['$', '"', '\'', ':']);
            found.push(Port {
                placed,
                word,
                first,
                last,
                is_plain: is_literal && !word.text.contains('-'),
                is_literal,
            });
        }
    }
    found
}

fn number(text: &str) -> Option<u64> {
    let is_number = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    is_number.then(|| text.parse().unwrap_or(u64::MAX))
}

/// Reports every instruction of a kind behind another of the same stage: only the last one holds. `second` are the
/// aliases of those that only report the second.
fn repeated(
    context: &Context<'_>,
    sink: &mut Sink<'_>,
    wanted: fn(&Kind) -> bool,
    each: &[&'static str],
    second: &'static str,
) {
    let file = context.file;
    for stage in 0..file.stages.len() {
        let mut before: Option<&Instruction> = None;
        let mut count = 0_usize;
        for placed in file.walk_stage(stage) {
            if placed.onbuild || !wanted(&placed.instruction.kind) {
                continue;
            }
            count = count.saturating_add(1);
            let Some(lost) = before.replace(placed.instruction) else {
                continue;
            };
            let name = placed.instruction.name();
            let line = file.lines.line(lost.span.start);
            let mut aliases = each.to_vec();
            if count == 2 {
                aliases.push(second);
            }
            sink.report(
                placed.instruction,
                placed.instruction.keyword.span,
                Text::new(
                    format!("the `{name}` of line {line} has no effect: this one replaces it"),
                    format!("第 {line} 行的 `{name}` 不起作用:被此处的指令取代"),
                ),
                Text::new(
                    format!("keep one `{name}`, the one that is meant"),
                    format!("只保留真正需要的那条 `{name}`"),
                ),
            )
            .aliases(&aliases)
            .safe_fix(vec![fix::remove(fix::whole_lines(&file.text, lost.span))]);
        }
    }
}
