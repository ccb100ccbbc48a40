//! Ubuntu's OpenVEX: a document for each flaw.
//!
//! Source: <https://openvex.dev> and Canonical's documentation of its VEX data. A statement gives one state to many
//! products, `pkg:deb/ubuntu/curl@7.81.0-1ubuntu1.24?arch=source&distro=jammy`; of these the source packages are taken,
//! since images are judged by them.
//!
//! The version in a product is the one that the archive has today. So `fixed` tells a version that has the fix and not
//! the first that has it: what is older cannot be judged by it. The CVE tracker of the same publisher tells the first;
//! where it, or a record in the OSV schema, speaks of the same flaw in the same package, this does not count.
//!
//! | state | answer |
//! |---|---|
//! | `fixed` | the version and all above have the fix; of those below it cannot be said |
//! | `affected` | every version; up to the named one for certain where subscribers have a fix |
//! | `not_affected` | none; with `component_not_present` the release has no such package, so nothing is said |
//! | `under_investigation` | it cannot be said |

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Deserialize;

use super::document::{Document, Flow, Sink};
use super::ubuntu_tracker::{PRO_ONLY, place_of};
use super::{DocumentTemplate, Feed, FeedMeta, archive, erratum};
use crate::FeedError;
use crate::advisory::{Advisory, Affected, Claim, Event, Outlook, Rank};
use crate::key::EcosystemKey;

/// The feed.
#[derive(Debug)]
pub(super) struct UbuntuVex;

macro_rules! template {
    ($path:literal) => {
        DocumentTemplate {
            path: $path,
            // Not fetched: its publisher's tracker says the same, and more, in a hundredth of the size.
            url: "",
            state: "ubuntu-vex",
            ecosystem: "Ubuntu",
            names: &[],
        }
    };
}

static META: FeedMeta = FeedMeta {
    id: "ubuntu-vex",
    title: "Ubuntu OpenVEX, a document for each flaw",
    docs: "https://documentation.ubuntu.com/security/security-updates/vex/",
    base_setting: "feeds.ubuntu-vex",
    base: "https://security-metadata.canonical.com/vex",
    documents: &[
        template!("ubuntu/vex-all.tar.xz"),
        template!("ubuntu/vex/{}.json"),
    ],
    record_page: "https://ubuntu.com/security/{}",
};

/// The largest document of one flaw; those of the kernel name some ten thousand packages.
const LIMIT: u64 = 256 << 20;
/// The longest note that is kept, in characters.
const NOTE_LIMIT: usize = 160;

#[derive(Deserialize)]
struct Vex<'a> {
    #[serde(rename = "@context", borrow)]
    context: Cow<'a, str>,
    #[serde(borrow)]
    timestamp: Option<Cow<'a, str>>,
    #[serde(borrow)]
    statements: Vec<Statement<'a>>,
}

#[derive(Deserialize)]
struct Statement<'a> {
    #[serde(borrow)]
    vulnerability: Vulnerability<'a>,
    #[serde(borrow)]
    timestamp: Option<Cow<'a, str>>,
    #[serde(default, borrow)]
    products: Vec<Product<'a>>,
    #[serde(borrow)]
    status: Cow<'a, str>,
    #[serde(borrow)]
    justification: Option<Cow<'a, str>>,
    #[serde(rename = "action_statement", borrow)]
    reason: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
struct Vulnerability<'a> {
    #[serde(borrow)]
    name: Cow<'a, str>,
    #[serde(default, borrow)]
    description: Cow<'a, str>,
    #[serde(default, borrow)]
    aliases: Vec<Cow<'a, str>>,
}

#[derive(Deserialize)]
struct Product<'a> {
    #[serde(rename = "@id", borrow)]
    id: Cow<'a, str>,
}

/// What is said of a package in one pocket.
#[derive(Debug, Clone)]
enum State {
    Fixed(String),
    Affected(String, String),
    Never(String),
    Unknown,
}

/// What is said of a package in one release.
#[derive(Debug, Default)]
struct States<'a> {
    open: Option<State>,
    /// In a pocket of subscribers, with its name.
    pro: Option<(&'a str, State)>,
}

impl Feed for UbuntuVex {
    fn meta(&self) -> &'static FeedMeta {
        &META
    }

    fn parse(&self, document: &mut Document<'_>, sink: &mut Sink<'_>) -> Result<(), FeedError> {
        if !document.name().is_empty() {
            let bytes = document.bytes(LIMIT)?;
            let vex: Vex<'_> =
                serde_json::from_slice(&bytes).map_err(|source| document.json(source))?;
            let taken = take(&vex, EcosystemKey::single_documents, sink);
            return taken.map(|_| ()).map_err(|reason| document.shape(reason));
        }
        // Notices say once more what the documents of flaws say.
        let wanted = |member: &str| {
            let file = archive::file_name(member);
            file.starts_with("CVE-") && archive::has_extension(file, "json")
        };
        let read = archive::members(document, wanted, &mut |member, bytes| {
            let vex = serde_json::from_slice::<Vex<'_>>(bytes).map_err(|error| error.to_string());
            let taken = vex.and_then(|vex| take(&vex, EcosystemKey::clone, sink));
            taken.unwrap_or_else(|reason| {
                sink.problem(member, reason);
                Flow::GoOn
            })
        })?;
        if read == 0 {
            return Err(document.shape("it holds no document of a flaw"));
        }
        Ok(())
    }
}

fn take(
    vex: &Vex<'_>,
    covered: impl Fn(&EcosystemKey) -> EcosystemKey,
    sink: &mut Sink<'_>,
) -> Result<Flow, String> {
    if !vex.context.starts_with("https://openvex.dev/ns") {
        return Err("it is no OpenVEX".to_owned());
    }
    let mut flaws: BTreeMap<&str, Vec<&Statement<'_>>> = BTreeMap::new();
    for statement in &vex.statements {
        let name = statement.vulnerability.name.as_ref();
        flaws.entry(name).or_default().push(statement);
    }
    let modified = vex.timestamp.as_deref().and_then(erratum::date);
    for (name, statements) in flaws {
        let mut states: BTreeMap<(&'static str, String), States<'_>> = BTreeMap::new();
        for statement in &statements {
            note_states(statement, &mut states, sink);
        }
        let mut affected = Vec::new();
        for ((release, package), states) in states {
            let key = EcosystemKey::new(&format!("Ubuntu:{release}"));
            sink.covers(covered(&key));
            affected.extend(claims(&key, &package, states));
        }
        let first = statements.first();
        let vulnerability = first.map(|statement| &statement.vulnerability);
        let published = first.and_then(|statement| statement.timestamp.as_deref());
        let advisory = Advisory {
            record: name.to_owned(),
            id: name.to_owned(),
            description: vulnerability.map_or_else(String::new, |one| one.description.to_string()),
            references: vulnerability
                .into_iter()
                .flat_map(|one| &one.aliases)
                .map(ToString::to_string)
                .collect(),
            published: published.and_then(erratum::date),
            modified,
            affected,
            ..Advisory::default()
        };
        if sink.advisory(advisory) == Flow::Stop {
            return Ok(Flow::Stop);
        }
    }
    Ok(Flow::GoOn)
}

/// Takes what a statement says of source packages of releases and of the pockets of Ubuntu Pro.
fn note_states<'a>(
    statement: &'a Statement<'a>,
    states: &mut BTreeMap<(&'static str, String), States<'a>>,
    sink: &mut Sink<'_>,
) {
    let reason = statement.reason.as_deref().unwrap_or_default();
    let justification = statement.justification.as_deref().unwrap_or_default();
    let state = |version: String| {
        Some(match statement.status.as_ref() {
            "fixed" => State::Fixed(version),
            "affected" => State::Affected(version, reason.chars().take(NOTE_LIMIT).collect()),
            "not_affected" => State::Never(justification.to_owned()),
            "under_investigation" => State::Unknown,
            _ => return None,
        })
    };
    if state(String::new()).is_none() {
        let name = statement.vulnerability.name.to_string();
        sink.problem(
            name,
            format!("the state `{}` is not known", statement.status),
        );
        return;
    }
    for product in &statement.products {
        let Some(found) = product_of(&product.id) else {
            continue;
        };
        let Some((release, pocket)) = place_of(found.distro) else {
            continue;
        };
        let entry = states.entry((release, found.name)).or_default();
        let state = state(found.version);
        match (pocket, state) {
            (None, state) => entry.open = heavier(entry.open.take(), state),
            (Some(pocket), Some(state)) => {
                let known = entry.pro.take();
                let is_better = known
                    .as_ref()
                    .is_none_or(|(_, known)| !matches!(known, State::Fixed(_)));
                entry.pro = if is_better {
                    Some((pocket, state))
                } else {
                    known
                };
            }
            (Some(_), None) => {}
        }
    }
}

/// Of two states that one document gives to one package, the worse.
fn heavier(known: Option<State>, new: Option<State>) -> Option<State> {
    let weight = |state: &Option<State>| match state {
        None => 0,
        Some(State::Never(_)) => 1,
        Some(State::Fixed(_)) => 2,
        Some(State::Unknown) => 3,
        Some(State::Affected(..)) => 4,
    };
    if weight(&new) >= weight(&known) {
        new
    } else {
        known
    }
}

struct SourcePackage<'a> {
    name: String,
    version: String,
    distro: &'a str,
}

/// A source package of Ubuntu; `None` for binary packages and what is no package URL of Ubuntu.
fn product_of(purl: &str) -> Option<SourcePackage<'_>> {
    let (path, qualifiers) = purl.strip_prefix("pkg:deb/ubuntu/")?.split_once('?')?;
    let (name, version) = path.split_once('@')?;
    let qualifier = |wanted: &str| {
        qualifiers
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .find(|(name, _)| *name == wanted)
            .map(|(_, value)| value)
    };
    (qualifier("arch")? == "source").then_some(())?;
    Some(SourcePackage {
        name: decoded(name)?,
        version: decoded(version)?,
        distro: qualifier("distro")?,
    })
}

/// Percent-encoding of package URLs; `None` where it is broken.
fn decoded(text: &str) -> Option<String> {
    if !text.contains('%') {
        return Some(text.to_owned());
    }
    let mut parts = text.split('%');
    let mut bytes = parts.next()?.as_bytes().to_vec();
    for part in parts {
        let (code, rest) = part.split_at_checked(2)?;
        bytes.push(u8::from_str_radix(code, 16).ok()?);
        bytes.extend_from_slice(rest.as_bytes());
    }
    String::from_utf8(bytes).ok()
}

fn claims(key: &EcosystemKey, package: &str, states: States<'_>) -> Vec<Affected> {
    let spare = |claim: Claim, outlook: Outlook, note: String| Affected {
        outlook,
        rank: Rank::Spare,
        note,
        ..Affected::new(key.clone(), package, claim)
    };
    let plain = |claim: Claim, note: String| spare(claim, Outlook::AsVersionsSay, note);
    let undetermined = |why: String| plain(Claim::Undetermined(why), String::new());
    let pro_only = |pocket: &str, version: &str| format!("{PRO_ONLY} ({pocket}): {version}");
    // The end is no fix that everybody gets.
    let between = |from: &str, to: String| Claim::Versions {
        ranges: vec![vec![Event::Introduced(from.to_owned()), Event::Limit(to)]],
        listed: Vec::new(),
    };
    match (states.open, states.pro) {
        (Some(State::Affected(open, _)), Some((pocket, State::Fixed(fixed)))) => {
            // Of what everybody has nothing is newer than `open`.
            let up_to = Claim::Versions {
                ranges: vec![vec![
                    Event::Introduced("0".to_owned()),
                    Event::LastAffected(open.clone()),
                ]],
                listed: Vec::new(),
            };
            let note = pro_only(pocket, &fixed);
            vec![
                spare(up_to, Outlook::Subscription, note.clone()),
                spare(between(&open, fixed), Outlook::Since, note),
            ]
        }
        (Some(State::Affected(_, note)), _) => vec![plain(Claim::every(), note)],
        (Some(State::Fixed(version)), _) => {
            vec![spare(Claim::before(version), Outlook::Since, String::new())]
        }
        (Some(State::Unknown), _) | (None, Some((_, State::Unknown))) => {
            let why = "Ubuntu is investigating whether it is affected";
            vec![undetermined(why.to_owned())]
        }
        (Some(State::Never(why)), _) | (None, Some((_, State::Never(why))))
            if why == "component_not_present" =>
        {
            Vec::new()
        }
        (Some(State::Never(why)), _) => vec![plain(Claim::Never, why)],
        // The pocket is built from the same sources, so what is not in them is in neither.
        (None, Some((pocket, State::Never(why)))) if why.contains("code_not_present") => {
            vec![plain(Claim::Never, format!("{why} ({pocket})"))]
        }
        (None, Some((pocket, State::Never(why)))) => vec![undetermined(format!(
            "Ubuntu tells of its pocket {pocket} alone: {why}"
        ))],
        (None, Some((pocket, State::Fixed(version)))) => {
            let note = pro_only(pocket, &version);
            vec![spare(between("0", version), Outlook::Since, note)]
        }
        (None, Some((pocket, State::Affected(_, note)))) => {
            vec![plain(Claim::every(), format!("{note} ({pocket})"))]
        }
        (None, None) => Vec::new(),
    }
}
