//! `plimsoll vex`: a VEX document from a triage decision.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

use anyhow::Result;
use jiff::Timestamp;
use plimsoll_model::assessment::Assessment;
use plimsoll_model::purl;
use plimsoll_model::triage::TriageState;
use plimsoll_policy::{DecidedFlaw, JUSTIFICATIONS, Policy, TriageDecision, write_openvex};

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
    let flaws = args
        .ids
        .iter()
        .map(|id| flaw(&assessment, id, args.package.as_deref()))
        .collect::<Result<Vec<_>>>()?;
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

/// The flaw with the packages that it was found in.
fn flaw(assessment: &Assessment, id: &str, package: Option<&str>) -> Result<DecidedFlaw> {
    let wanted = package.and_then(purl::parse);
    let mut flaws: BTreeMap<String, DecidedFlaw> = BTreeMap::new();
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
            let row = flaws.entry(flaw.id.clone()).or_insert_with(|| DecidedFlaw {
                id: flaw.id.clone(),
                aliases: flaw.aliases.clone(),
                packages: Vec::new(),
            });
            row.packages.push(named.purl.clone());
        }
    }
    let Some((_, mut found)) = flaws.pop_first() else {
        let whose = package.map_or_else(String::new, |name| format!(" in `{name}`"));
        anyhow::bail!("the image has no flaw `{id}`{whose}, so that there is nothing to state");
    };
    found.packages.sort();
    found.packages.dedup();
    Ok(found)
}
