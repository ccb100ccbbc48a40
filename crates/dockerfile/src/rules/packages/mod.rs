//! Package managers in `RUN`.

mod apk_cache;
mod apk_update_flag;
mod apt_command;
mod apt_lists;
mod apt_prompt;
mod apt_recommends;
mod dist_upgrade;
mod dnf_cache;
mod dnf_prompt;
mod index_update_alone;
mod insecure_download;
mod needless_package;
mod npm_cache;
mod npm_production_flag;
mod package_upgrade;
mod pip_cache;
mod rpm;
mod unpinned_apk;
mod unpinned_apt;
mod unpinned_dnf;
mod unpinned_gem;
mod unpinned_go;
mod unpinned_npm;
mod unpinned_pip;
mod unpinned_yum;
mod unpinned_zypper;
mod unverified_package;
mod yarn_cache;
mod yum_cache;
mod yum_prompt;
mod zypper_cache;
mod zypper_dist_upgrade;
mod zypper_prompt;

use plimsoll_model::{Severity, Text};

use super::Rule;
use crate::commands::{Argument, Call, Run, Via};
use crate::lint::{Context, Sink};
use crate::packages::{self, Act, Managed, Manager};

/// The rules on package managers.
pub static RULES: &[&Rule] = &[
    &apk_cache::RULE,
    &apk_update_flag::RULE,
    &apt_command::RULE,
    &apt_lists::RULE,
    &apt_prompt::RULE,
    &apt_recommends::RULE,
    &dist_upgrade::RULE,
    &dnf_cache::RULE,
    &dnf_prompt::RULE,
    &index_update_alone::RULE,
    &insecure_download::RULE,
    &needless_package::RULE,
    &npm_cache::RULE,
    &npm_production_flag::RULE,
    &package_upgrade::RULE,
    &pip_cache::RULE,
    &unpinned_apk::RULE,
    &unpinned_apt::RULE,
    &unpinned_dnf::RULE,
    &unpinned_gem::RULE,
    &unpinned_go::RULE,
    &unpinned_npm::RULE,
    &unpinned_pip::RULE,
    &unpinned_yum::RULE,
    &unpinned_zypper::RULE,
    &unverified_package::RULE,
    &yarn_cache::RULE,
    &yum_cache::RULE,
    &yum_prompt::RULE,
    &zypper_cache::RULE,
    &zypper_dist_upgrade::RULE,
    &zypper_prompt::RULE,
];

/// Every call of that package manager, with its `RUN`.
fn calls<'c>(
    context: &Context<'c>,
    manager: Manager,
) -> impl Iterator<Item = (&'c Run<'c>, Managed<'c>)> {
    context.runs.iter().flat_map(move |run| {
        of(run, manager)
            .map(move |managed| (run, managed))
            .collect::<Vec<_>>()
    })
}

/// The calls of that package manager in a `RUN`.
fn of<'c>(run: &'c Run<'c>, manager: Manager) -> impl Iterator<Item = Managed<'c>> {
    run.calls
        .iter()
        .filter_map(packages::managed)
        .filter(move |managed| managed.manager == manager)
}

/// Of the ids under which other linters know a rule, those of hadolint where it sees the call (it looks only at
/// programs that are called by their bare name), and those of Trivy where it does (it does not look behind
/// `ONBUILD`) and `trivy_too` says that its pattern fits.
fn aliases(
    run: &Run<'_>,
    call: &Call,
    hadolint: &[&'static str],
    trivy: &[&'static str],
    trivy_too: bool,
) -> Vec<&'static str> {
    let mut found = Vec::new();
    if call.via == Via::Direct {
        found.extend(hadolint);
    }
    if !run.onbuild && trivy_too {
        found.extend(trivy);
    }
    found
}

/// Whether only flags without values stand between program and verb, which is what Trivy's patterns know.
fn is_bare(managed: &Managed<'_>) -> bool {
    let words = managed.call.arguments.iter();
    words
        .take_while(|word| word.span != managed.verb.span)
        .all(|word| {
            let text = word.text.as_str();
            text.starts_with('-') && text.chars().all(|c| c.is_ascii_alphabetic() || c == '-')
        })
}

/// Whether a word ends with one of these endings of files.
fn has_ending(word: &str, endings: &[&str]) -> bool {
    endings.iter().any(|ending| word.ends_with(ending))
}

/// What a call is, as it is written: `apt-get install`.
fn spoken(managed: &Managed<'_>) -> String {
    format!("{} {}", managed.call.program, managed.verb.text)
}

/// Reports packages without a version. `example` is a package with one, `ask` how to learn the versions.
fn report_unpinned(
    context: &Context<'_>,
    sink: &mut Sink<'_>,
    run: &Run<'_>,
    loose: &[&Argument],
    pin: (&str, &str),
    aliases: &[&'static str],
) {
    const SHOWN: usize = 5;
    let Some(first) = loose.first() else { return };
    let text = &context.file.text;
    let names = loose.iter().take(SHOWN);
    let names: Vec<String> = names
        .map(|word| format!("`{}`", word.span.of(text).trim_matches(['"', '\''])))
        .collect();
    let more = loose.len().saturating_sub(SHOWN);
    let (more_en, more_zh) = match more {
        0 => (String::new(), String::new()),
        _ => (
            format!(" and {more} more"),
            format!(" 等 {} 项", loose.len()),
        ),
    };
    let shown = first.span.of(text).trim_matches(['"', '\'']);
    let shown = shown
        .split(['@', '['])
        .next()
        .filter(|name| !name.is_empty());
    let shown = shown.unwrap_or("name");
    let (form, ask) = pin;
    let form = form.replace("NAME", shown);
    let ask = ask.replace("NAME", shown);
    sink.report(
        run.instruction,
        first.span,
        Text::new(
            format!("no version is given here: {}{more_en}", names.join(", ")),
            format!("此处未给出版本:{}{more_zh}", names.join("、")),
        ),
        Text::new(
            format!("write `{form}`; {ask} says which versions there are"),
            format!("请写作 `{form}`;可用版本见 {ask}"),
        ),
    )
    .aliases(aliases);
}

/// Reports a call that asks and waits, and puts `-y` behind its verb.
fn report_prompt(
    sink: &mut Sink<'_>,
    run: &Run<'_>,
    managed: &Managed<'_>,
    aliases: &[&'static str],
) {
    let what = spoken(managed);
    sink.report(
        run.instruction,
        managed.verb.span,
        Text::new(
            format!("`{what}` asks before it goes on, and nobody answers during a build"),
            format!("`{what}` 会等待确认,而构建时无人应答"),
        ),
        Text::new(format!("write `{what} -y`"), format!("请写作 `{what} -y`")),
    )
    .aliases(aliases)
    .safe_fix(vec![managed.call.add(managed.verb.span, "-y")]);
}

/// Reports a call that leaves its caches, and joins on a command that takes them away.
fn report_cache(
    context: &Context<'_>,
    sink: &mut Sink<'_>,
    run: &Run<'_>,
    managed: &Managed<'_>,
    clean: &str,
    aliases: &[&'static str],
) {
    let what = spoken(managed);
    let mut found = sink.report(
        run.instruction,
        managed.call.name.to(managed.verb.span),
        Text::new(
            format!("what `{}` downloads stays in this layer", what.trim()),
            format!("`{}` 下载的内容会留在此层中", what.trim()),
        ),
        Text::new(
            format!(
                "end this `RUN` with `&& {clean}`; a later `RUN` does not make the layer smaller"
            ),
            format!("请在同一 `RUN` 末尾加上 `&& {clean}`;放到之后的 `RUN` 中不会减小该层"),
        ),
    );
    found.aliases(aliases);
    if !run.is_shipped {
        found.severity(Severity::Negligible);
    }
    if let Some(edit) = managed.call.append(context.file, clean) {
        found.safe_fix(vec![edit]);
    }
}

/// Reports a call that leaves its cache, and puts a flag behind its verb with which it keeps none.
fn report_cache_flag(
    sink: &mut Sink<'_>,
    run: &Run<'_>,
    managed: &Managed<'_>,
    flag: &str,
    aliases: &[&'static str],
) {
    let what = spoken(managed);
    let mut found = sink.report(
        run.instruction,
        managed.call.name.to(managed.verb.span),
        Text::new(
            format!("what `{what}` downloads stays in this layer"),
            format!("`{what}` 下载的内容会留在此层中"),
        ),
        Text::new(
            format!("write `{what} {flag}`"),
            format!("请写作 `{what} {flag}`"),
        ),
    );
    found.aliases(aliases);
    if !run.is_shipped {
        found.severity(Severity::Negligible);
    }
    found.safe_fix(vec![managed.call.add(managed.verb.span, flag)]);
}

/// The last call of a `RUN` that brings packages, if nothing takes the caches at `paths` away behind it; and
/// whether nothing cleans behind the first one either, be it in part, which is what hadolint asks.
fn uncleaned<'c>(
    run: &'c Run<'c>,
    manager: Manager,
    paths: &[&str],
    cleans: impl Fn(&Managed<'c>) -> bool,
) -> Option<(Managed<'c>, bool)> {
    let all: Vec<Managed<'c>> = of(run, manager).collect();
    let brings = |managed: &&Managed<'c>| managed.brings();
    let first = all.iter().find(brings)?.call.span.start;
    let last = all.iter().rev().find(brings)?.clone();
    if paths.iter().any(|path| run.mounts(path)) {
        return None;
    }
    let program = &last.call.program;
    let clean = |all: bool, managed: &&Managed<'c>| {
        managed.act == Act::Clean && managed.call.program == *program && (all || cleans(managed))
    };
    let start = |managed: &Managed<'c>| managed.call.span.start;
    let by_itself = all.iter().rev().find(|it| clean(false, it)).map(start);
    let in_part = all.iter().rev().find(|it| clean(true, it)).map(start);
    let by_hand = paths.iter().filter_map(|path| run.removed(path)).max();
    let cleaned = by_itself.max(by_hand);
    if cleaned > Some(last.call.span.start) {
        return None;
    }
    Some((last, cleaned.max(in_part) < Some(first)))
}
