//! `plimsoll vex`: a VEX document from a triage decision.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::Path;

use anyhow::Result;
use jiff::Timestamp;
use plimsoll_model::assessment::Assessment;
use plimsoll_model::purl;
use plimsoll_model::triage::TriageState;
use plimsoll_policy::{DecidedFlaw, JUSTIFICATIONS, Policy, TriageDecision, unsaid, write_openvex};

use crate::exit::{Exit, UsageError};
use crate::printer::Printer;
use crate::settings::Settings;
use crate::source::{Demands, ImageArgs, assessed};

/// Write an OpenVEX document that says what was decided about flaws of an image, for `--vex`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    image: ImageArgs,
    /// The flaws, by any of their ids; the image must have each of them.
    #[arg(required = true)]
    ids: Vec<String>,
    /// What was decided: `not_affected`, `affected`, `fixed` or `under_investigation`.
    #[arg(long)]
    status: String,
    /// Why a flaw does no harm: `component_not_present`, `vulnerable_code_not_present`,
    /// `vulnerable_code_not_in_execute_path`, `vulnerable_code_cannot_be_controlled_by_adversary` or
    /// `inline_mitigations_already_exist`.
    #[arg(long)]
    justification: Option<String>,
    /// Why, or what is to be done, in a sentence.
    #[arg(long)]
    reason: Option<String>,
    /// Only in this package, by name or package URL; else in every package that has the flaw.
    #[arg(long)]
    package: Option<String>,
    /// Who says so, such as a mail address.
    #[arg(long)]
    author: String,
}

pub(crate) fn run(args: &Args, settings: &Settings, printer: &mut Printer) -> Result<Exit> {
    let state = state(args)?;
    let now = settings.source_date()?.unwrap_or_else(Timestamp::now);
    let policy = Policy::default();
    let assessment = assessed(
        &args.image,
        settings,
        printer,
        &Demands::of(&policy, Path::new(""))?,
        now,
    )?;
    let mut flaws = Vec::new();
    for id in &args.ids {
        let (flaw, mut unsaid) = flaw(&assessment, id, args.package.as_deref())?;
        flaws.push(flaw);
        unsaid.retain(|other| !args.ids.contains(other));
        if !unsaid.is_empty() {
            let others = unsaid.into_iter().collect::<Vec<_>>().join(", ");
            printer.say(&format!(
                "the flaw that `{id}` names also is {others}, of which this document says nothing; it counts once each \
                 is stated"
            ));
        }
    }
    let decision = TriageDecision {
        subject: &assessment.facts.subject,
        flaws,
        state,
        justification: args.justification.as_deref(),
        reason: args.reason.as_deref(),
        author: &args.author,
        now,
    };
    let document = write_openvex(&decision)
        .ok_or_else(|| UsageError(format!("`{}` is no status of VEX", args.status)))?;
    let mut out = printer.data();
    writeln!(out, "{document:#}")?;
    out.flush()?;
    Ok(Exit::Fine)
}

/// The status, if the other arguments fit it as the specification asks.
fn state(args: &Args) -> Result<TriageState> {
    let state = match args.status.as_str() {
        "not_affected" => TriageState::NotAffected,
        "affected" => TriageState::Affected,
        "fixed" => TriageState::Fixed,
        "under_investigation" => TriageState::UnderInvestigation,
        other => {
            let reason = format!("`{other}` is no status of VEX");
            return Err(UsageError(reason).into());
        }
    };
    if let Some(word) = &args.justification
        && !JUSTIFICATIONS.contains(&word.as_str())
    {
        let reason = format!(
            "`{word}` is no justification; there are {}",
            JUSTIFICATIONS.join(", ")
        );
        return Err(UsageError(reason).into());
    }
    let needed = match state {
        TriageState::NotAffected if args.justification.is_none() && args.reason.is_none() => {
            "`not_affected` needs `--justification` or `--reason`"
        }
        TriageState::Affected if args.reason.is_none() => {
            "`affected` needs `--reason`, which says what is to be done"
        }
        TriageState::NotAffected | TriageState::Affected => return Ok(state),
        _ if args.justification.is_some() => "only `not_affected` has a justification",
        _ => return Ok(state),
    };
    Err(UsageError(needed.to_owned()).into())
}

/// The flaw with the packages that it was found in, and its CVE ids of which nothing is said.
fn flaw(
    assessment: &Assessment,
    id: &str,
    package: Option<&str>,
) -> Result<(DecidedFlaw, BTreeSet<String>)> {
    let wanted = package.and_then(purl::parse);
    let mut flaws: BTreeMap<String, (DecidedFlaw, BTreeSet<String>)> = BTreeMap::new();
    let of_packages = assessment
        .findings
        .iter()
        .filter(|finding| finding.class.is_of_advisory());
    for finding in of_packages {
        let (Some(found), Some(named)) = (&finding.vulnerability, &finding.package) else {
            continue;
        };
        let flaw = &found.vulnerability;
        if flaw.id != id && found.reason.record != id && !flaw.aliases.iter().any(|one| one == id) {
            continue;
        }
        let fits = match (&wanted, package) {
            (Some(asked), _) => purl::parse(&named.purl).is_some_and(|own| asked.covers(&own)),
            (None, Some(name)) => {
                let facts = assessment.facts.packages.get(named.index);
                facts.is_some_and(|package| package.fact.name == name)
            }
            (None, None) => true,
        };
        if fits {
            let unsaid: BTreeSet<String> =
                unsaid(finding, id).into_iter().map(str::to_owned).collect();
            // A decision about one CVE id of several is none about the others, and who knows of which an alias is.
            let (name, aliases) = if unsaid.is_empty() {
                (flaw.id.clone(), flaw.aliases.clone())
            } else {
                (id.to_owned(), Vec::new())
            };
            let (row, others) = flaws.entry(flaw.id.clone()).or_insert_with(|| {
                let decided = DecidedFlaw {
                    id: name,
                    aliases,
                    packages: Vec::new(),
                };
                (decided, BTreeSet::new())
            });
            row.packages.push(named.purl.clone());
            others.extend(unsaid);
        }
    }
    let Some((_, (mut found, unsaid))) = flaws.pop_first() else {
        let whose = package.map_or_else(String::new, |name| format!(" in `{name}`"));
        anyhow::bail!("the image has no flaw `{id}`{whose}, so that there is nothing to state");
    };
    found.packages.sort();
    found.packages.dedup();
    Ok((found, unsaid))
}
