//! One rule against one installed version.

use plimsoll_model::advisory::{Applicability, FixState};
use plimsoll_version::Scheme;
use plimsoll_version::range::{Applies, End, Event, Ground, Interval, evaluate, evaluate_text};

use super::flavour::{self, Flavour};
use super::lookup::{Lookup, Target};
use crate::advisory::{Outlook, TOPIC};
use crate::db::{Rule, RuleClaim};
use crate::release;

/// The scheme and the installed version, read once for all rules of a package.
#[derive(Debug)]
pub(super) struct Installed<'a> {
    pub(super) lookup: &'a Lookup,
    pub(super) target: &'a Target,
    pub(super) scheme: Scheme,
    flavour: Flavour,
    /// The branch that an rpm package was built in, `9.2`.
    pub(super) branch: Option<String>,
    version: Option<plimsoll_version::Version>,
}

impl<'a> Installed<'a> {
    pub(super) fn new(lookup: &'a Lookup, target: &'a Target, scheme: Scheme) -> Self {
        Self {
            lookup,
            target,
            scheme,
            flavour: flavour::of(&target.version),
            branch: release::branch(&target.version).filter(|_| scheme == Scheme::Rpm),
            version: scheme.parse(&target.version).ok(),
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
    /// Whether the rule is for something else — another module, architecture or flavour — and so says nothing of the
    /// package.
    pub(super) aside: bool,
}

/// Why versions of a rule cannot be judged, where they cannot.
fn why_unknown(outlook: Outlook) -> Option<&'static str> {
    match outlook {
        Outlook::Since => {
            Some("the record names a version that has the fix, and not the first that has it")
        }
        Outlook::Untold => Some(
            "the record names a later version of the line as affected, and says nothing of those before it, which \
             are likely to be",
        ),
        Outlook::AsVersionsSay
        | Outlook::WillNotFix
        | Outlook::Unreleased
        | Outlook::Subscription => None,
    }
}

/// Judges one rule. Never silently: what is not affected says by which rule.
pub(super) fn judge<'a>(rule: &'a Rule<'a>, installed: &Installed<'_>) -> Judgement<'a> {
    if rule.withdrawn {
        return aside("∅ (the record was withdrawn)".to_owned());
    }
    if let Some(early) = module(rule, installed.lookup)
        .or_else(|| architecture(rule, installed.lookup))
        .or_else(|| other_flavour(rule, installed))
    {
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
                    &installed.target.version,
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
                            installed.target.version
                        ),
                        rule.note,
                    ))
                }
                Applies::Yes(ground) if why_unknown(rule.outlook).is_some() => {
                    let told = affected(rule, ground).rule;
                    Judgement {
                        unknown: why_unknown(rule.outlook).map(str::to_owned),
                        ..unknown(told)
                    }
                }
                Applies::Yes(ground) => affected(rule, ground),
                Applies::No => not_affected(noted(all(ranges, listed), rule.note)),
                Applies::Unknown(doubt) => Judgement {
                    unknown: Some(if installed.target.version.is_empty() {
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
                Outlook::AsVersionsSay | Outlook::Since => judged.fixed = fixed.collect(),
                Outlook::Subscription => judged.subscription = fixed.collect(),
                Outlook::WillNotFix | Outlook::Unreleased | Outlook::Untold => {}
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
        .target
        .version
        .strip_prefix(fixed)
        .and_then(|rest| rest.strip_prefix("~deb"))
        .and_then(|rest| rest.split_once('u'))
        .is_some_and(|(release, update)| digits(release) && digits(update))
}

/// Versions of one module stream say nothing of another (`nodejs:12` and `nodejs:14`), nor of a package that
/// is in no module.
fn module<'a>(rule: &Rule<'a>, lookup: &Lookup) -> Option<Judgement<'a>> {
    if let Some(theirs) = rule.module.strip_prefix(TOPIC) {
        return topic(theirs, lookup.topic.as_deref());
    }
    let ours = lookup.module.as_deref().map(stream);
    match (rule.module, ours) {
        ("", None) => None,
        ("", Some(ours)) => Some(aside(format!(
            "∅ (for the package outside of modules, and this one is of {ours})"
        ))),
        (theirs, None) => Some(aside(format!(
            "∅ (for the module {theirs}, and this package is in none)"
        ))),
        ("?", Some(_)) => Some(Judgement {
            unknown: Some("the erratum is for a module and does not tell its stream".to_owned()),
            ..unknown("undetermined".to_owned())
        }),
        (theirs, Some(ours)) if theirs.split(',').any(|one| stream(one) == ours) => None,
        (theirs, Some(ours)) => Some(aside(format!(
            "∅ (for the module {theirs}, and this package is of {ours})"
        ))),
    }
}

/// An erratum for a topic of Amazon's extras holds for packages of that topic (trap T14). Where nothing tells from
/// which repository a package came, it may be of that one.
fn topic<'a>(theirs: &str, ours: Option<&str>) -> Option<Judgement<'a>> {
    let ours = ours.filter(|ours| *ours != theirs)?;
    let ours = if ours.is_empty() { "none" } else { ours };
    Some(aside(format!(
        "∅ (for the topic {theirs}, and this package is of {ours})"
    )))
}

/// An erratum for other architectures says nothing of this package (trap T13). What is built for none, on either
/// side, is in all of them.
fn architecture<'a>(rule: &Rule<'a>, lookup: &Lookup) -> Option<Judgement<'a>> {
    let ours = lookup.architecture.as_deref()?;
    let is_for_all = |arch: &str| matches!(arch, "" | "noarch" | "all" | "any");
    let mut theirs = rule.architectures.split(',');
    if is_for_all(ours) || theirs.any(|one| is_for_all(one) || is_compatible(one, ours)) {
        return None;
    }
    Some(aside(format!(
        "∅ (for {}, and this package is for {ours})",
        rule.architectures.replace(',', ", ")
    )))
}

/// Whether a package for `ours` is among those of systems of `theirs`: 32-bit libraries are part of 64-bit systems,
/// and vendors that write the system's architecture mean them too.
fn is_compatible(theirs: &str, ours: &str) -> bool {
    theirs == ours || (theirs == "x86_64" && matches!(ours, "i386" | "i486" | "i586" | "i686"))
}

/// Versions of one flavour say nothing of another (trap T12).
fn other_flavour<'a>(rule: &Rule<'a>, installed: &Installed<'_>) -> Option<Judgement<'a>> {
    let RuleClaim::Versions { ranges, .. } = &rule.claim else {
        return None;
    };
    let fixed = ranges.iter().flatten().find_map(|event| match event {
        Event::Fixed(version) => Some(flavour::of(version)),
        _ => None,
    })?;
    (fixed != installed.flavour).then(|| {
        aside(format!(
            "∅ (for {fixed}, and this package is of {})",
            installed.flavour
        ))
    })
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
        Outlook::AsVersionsSay | Outlook::Since | Outlook::Untold => FixState::Unknown,
    };
    Judgement {
        answer: Applicability::Affected,
        rule: noted(text, rule.note),
        unknown: None,
        without_versions,
        fixed: Vec::new(),
        subscription: Vec::new(),
        aside: false,
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
        aside: false,
    }
}

/// Not affected, for the rule speaks of something else.
fn aside<'a>(rule: String) -> Judgement<'a> {
    Judgement {
        aside: true,
        ..not_affected(rule)
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
        Outlook::Since => text.push_str("; earlier versions may have the fix"),
        Outlook::Untold => {
            text.push_str("; nothing is said of these, which are likely to be affected");
        }
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
