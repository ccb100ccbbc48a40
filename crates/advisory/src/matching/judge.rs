//! One rule against one installed version.

use plimsoll_model::advisory::{Applicability, FixState};
use plimsoll_version::Scheme;
use plimsoll_version::range::{Applies, End, Event, Ground, Interval, evaluate, evaluate_text};

use super::Lookup;
use crate::advisory::Outlook;
use crate::db::{Rule, RuleClaim};

/// The scheme and the installed version, read once for all rules of a package.
#[derive(Debug)]
pub(super) struct Installed<'a> {
    pub(super) lookup: &'a Lookup,
    pub(super) scheme: Scheme,
    version: Option<plimsoll_version::Version>,
}

impl<'a> Installed<'a> {
    pub(super) fn new(lookup: &'a Lookup, scheme: Scheme) -> Self {
        Self {
            lookup,
            scheme,
            version: scheme.parse(&lookup.version).ok(),
        }
    }
}

/// The answer of one rule.
#[derive(Debug, Clone)]
pub(super) struct Judgement<'a> {
    pub(super) answer: Applicability,
    /// The rule that decided, in interval notation.
    pub(super) rule: String,
    pub(super) unknown: Option<String>,
    /// What is said of a fix apart from the versions that have one.
    pub(super) without_versions: FixState,
    /// Versions that have a fix, as the rule writes them.
    pub(super) fixed: Vec<&'a str>,
    /// Versions that have one for who pays for extended support.
    pub(super) subscription: Vec<&'a str>,
}

/// Judges one rule. Never silently: what is not affected says by which rule.
pub(super) fn judge<'a>(rule: &'a Rule<'a>, installed: &Installed<'_>) -> Judgement<'a> {
    if rule.withdrawn {
        return not_affected("∅ (the record was withdrawn)".to_owned());
    }
    if let Some(early) = module(rule, installed.lookup) {
        return early;
    }
    match &rule.claim {
        RuleClaim::Never => not_affected(noted("∅ (never affected)".to_owned(), rule.note)),
        RuleClaim::Undetermined(why) => Judgement {
            unknown: Some((*why).to_owned()),
            ..unknown(noted("undetermined".to_owned(), rule.note))
        },
        RuleClaim::Versions { ranges, listed } => {
            let slices = ranges.iter().map(Vec::as_slice);
            let listed_texts = listed.iter().copied();
            let applies = if let Some(version) = &installed.version {
                evaluate(version, slices, listed_texts)
            } else {
                evaluate_text(
                    installed.scheme,
                    &installed.lookup.version,
                    slices,
                    listed_texts,
                )
            };
            let mut judged = match applies {
                Applies::Yes(Ground::Interval(interval)) if rebuilt(interval, installed) => {
                    not_affected(noted(
                        format!(
                            "{} ({} is the fixed version, rebuilt for the release)",
                            interval_text(interval),
                            installed.lookup.version
                        ),
                        rule.note,
                    ))
                }
                Applies::Yes(ground) => affected(rule, ground),
                Applies::No => not_affected(noted(all(ranges, listed), rule.note)),
                Applies::Unknown(doubt) => Judgement {
                    unknown: Some(if installed.lookup.version.is_empty() {
                        "the installed version is not known".to_owned()
                    } else {
                        doubt.to_string()
                    }),
                    ..unknown(noted(all(ranges, listed), rule.note))
                },
            };
            let fixed = ranges.iter().flatten().filter_map(|event| match event {
                Event::Fixed(version) => Some(*version),
                _ => None,
            });
            match rule.outlook {
                Outlook::AsVersionsSay => judged.fixed = fixed.collect(),
                Outlook::Subscription => judged.subscription = fixed.collect(),
                Outlook::WillNotFix | Outlook::Unreleased => {}
            }
            judged
        }
    }
}

/// Whether the installed version is the fixed one, rebuilt for a release: `5.2.5-2.1~deb11u1` sorts before
/// `5.2.5-2.1` and has everything that is in it (Debian Developer's Reference, "Special case: uploads to the
/// stable and oldstable distributions").
fn rebuilt(interval: Interval<'_>, installed: &Installed<'_>) -> bool {
    let (Scheme::Deb, End::Fixed(fixed)) = (installed.scheme, interval.end) else {
        return false;
    };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    installed
        .lookup
        .version
        .strip_prefix(fixed)
        .and_then(|rest| rest.strip_prefix("~deb"))
        .and_then(|rest| rest.split_once('u'))
        .is_some_and(|(release, update)| digits(release) && digits(update))
}

/// Versions of one module stream say nothing of another (`nodejs:12` and `nodejs:14`), nor of a package that
/// is in no module.
fn module<'a>(rule: &Rule<'a>, lookup: &Lookup) -> Option<Judgement<'a>> {
    let ours = lookup.module.as_deref().map(stream);
    match (rule.module, ours) {
        ("", None) => None,
        ("", Some(ours)) => Some(not_affected(format!(
            "∅ (for the package outside of modules, and this one is of {ours})"
        ))),
        (theirs, None) => Some(not_affected(format!(
            "∅ (for the module {theirs}, and this package is in none)"
        ))),
        ("?", Some(_)) => Some(Judgement {
            unknown: Some("the erratum is for a module and does not tell its stream".to_owned()),
            ..unknown("undetermined".to_owned())
        }),
        (theirs, Some(ours)) if theirs.split(',').any(|one| stream(one) == ours) => None,
        (theirs, Some(ours)) => Some(not_affected(format!(
            "∅ (for the module {theirs}, and this package is of {ours})"
        ))),
    }
}

/// Name and stream of a label that may go on with build and context.
fn stream(label: &str) -> &str {
    let mut colons = label.match_indices(':').map(|(place, _)| place);
    match colons.nth(1) {
        Some(end) => label.get(..end).unwrap_or(label),
        None => label,
    }
}

fn affected<'a>(rule: &Rule<'a>, ground: Ground<'a>) -> Judgement<'a> {
    let (text, open) = match ground {
        Ground::Interval(interval) => (interval_text(interval), interval.end == End::Open),
        Ground::Listed(version) => (format!("[{version}, {version}]"), false),
    };
    let without_versions = match rule.outlook {
        Outlook::WillNotFix => FixState::WillNotFix,
        Outlook::Unreleased | Outlook::Subscription => FixState::NotFixed,
        Outlook::AsVersionsSay if open => FixState::NotFixed,
        Outlook::AsVersionsSay => FixState::Unknown,
    };
    Judgement {
        answer: Applicability::Affected,
        rule: noted(text, rule.note),
        unknown: None,
        without_versions,
        fixed: Vec::new(),
        subscription: Vec::new(),
    }
}

fn not_affected<'a>(rule: String) -> Judgement<'a> {
    Judgement {
        answer: Applicability::NotAffected,
        rule,
        unknown: None,
        without_versions: FixState::Unknown,
        fixed: Vec::new(),
        subscription: Vec::new(),
    }
}

fn unknown<'a>(rule: String) -> Judgement<'a> {
    Judgement {
        answer: Applicability::Unknown,
        ..not_affected(rule)
    }
}

fn noted(rule: String, note: &str) -> String {
    if note.is_empty() {
        rule
    } else {
        format!("{rule}; {note}")
    }
}

fn interval_text(interval: Interval<'_>) -> String {
    let from = interval.introduced.unwrap_or("0");
    match interval.end {
        End::Fixed(end) | End::Limit(end) => format!("[{from}, {end})"),
        End::LastAffected(end) => format!("[{from}, {end}]"),
        End::Open => format!("[{from}, ∞)"),
    }
}

/// A rule for those who have no version in mind.
pub(crate) fn rule_text(rule: &Rule<'_>) -> String {
    let mut text = match &rule.claim {
        RuleClaim::Never => "∅ (never affected)".to_owned(),
        RuleClaim::Undetermined(why) => format!("undetermined: {why}"),
        RuleClaim::Versions { ranges, listed } => all(ranges, listed),
    };
    if !rule.module.is_empty() {
        text = format!("{text} in the module {}", rule.module);
    }
    if rule.withdrawn {
        text.push_str("; withdrawn");
    }
    match rule.outlook {
        Outlook::AsVersionsSay => {}
        Outlook::WillNotFix => text.push_str("; will not be fixed"),
        Outlook::Unreleased => text.push_str("; a fix is not released yet"),
        Outlook::Subscription => text.push_str("; the fix is for subscribers"),
    }
    noted(text, rule.note)
}

/// Intervals and listed versions that are written out at most.
const SHOWN: usize = 8;

/// All ranges as they are written, event by event.
fn all(ranges: &[Vec<Event<'_>>], listed: &[&str]) -> String {
    let mut parts = Vec::new();
    for events in ranges {
        let mut open: Option<&str> = None;
        for event in events {
            match (event, open) {
                (Event::Introduced(version), _) => open = Some(version),
                (Event::Fixed(end) | Event::Limit(end), Some(from)) => {
                    parts.push(format!("[{from}, {end})"));
                    open = None;
                }
                (Event::LastAffected(end), Some(from)) => {
                    parts.push(format!("[{from}, {end}]"));
                    open = None;
                }
                // Events in another order than that of versions: show them as they are.
                (Event::Fixed(end) | Event::Limit(end), None) => parts.push(format!("[…, {end})")),
                (Event::LastAffected(end), None) => parts.push(format!("[…, {end}]")),
            }
        }
        parts.extend(open.map(|from| format!("[{from}, ∞)")));
    }
    parts.extend(
        listed
            .iter()
            .map(|version| format!("[{version}, {version}]")),
    );
    let hidden = parts.len().saturating_sub(SHOWN);
    parts.truncate(SHOWN);
    if hidden > 0 {
        parts.push(format!("{hidden} more"));
    }
    parts.join(" ∪ ")
}
