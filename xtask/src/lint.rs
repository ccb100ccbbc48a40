//! `cargo xtask lint`: whether Plimsoll's linter says the same of Dockerfiles as hadolint and Trivy.
//!
//! All three read the corpus of `crates/dockerfile/tests/corpus`. Where they differ,
//! `crates/dockerfile/tests/disagreements.tsv` says who is right; what it does not decide, fails the task.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;

use anyhow::{Context, Result, bail};
use plimsoll_testkit::lint::{Comparison, Counts, Difference, Peer, corpus};

use crate::peers;
use crate::workspace::root;

/// Options of `cargo xtask lint`.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// Show the differences of these ids only, decided or not, and leave the page as it is.
    #[arg(value_name = "ID")]
    only: Vec<String>,
}

/// What issue 5 asks of each rule.
const LEAST: f64 = 0.98;

/// Compares, prints what nobody decided, and writes `docs/lint.md`.
pub(crate) fn run(options: &Options) -> Result<()> {
    peers::install()?;
    let comparison = Comparison::of_corpus();
    let texts: BTreeMap<String, String> = corpus::files()
        .into_iter()
        .map(|file| (file.path, file.text))
        .collect();
    if !options.only.is_empty() {
        show(&comparison, &texts, &options.only);
        return Ok(());
    }
    println!("{}", figures(&comparison));
    for difference in &comparison.open {
        println!("{}\t{}", difference.row(), excerpt(&texts, difference));
    }
    for row in &comparison.stale {
        println!("no difference needs the row: {row}");
    }
    let page = root().join("docs/lint.md");
    fs::write(&page, text(&comparison, &texts))
        .with_context(|| format!("cannot write `{}`", page.display()))?;
    println!("written to {}", page.display());
    match comparison.open.len() + comparison.stale.len() {
        0 => Ok(()),
        some => bail!("{some} differences or rows are to be put right"),
    }
}

fn show(comparison: &Comparison, texts: &BTreeMap<String, String>, only: &[String]) {
    let open = comparison.open.iter().map(|difference| (difference, ""));
    let decided = comparison.decided.iter();
    let decided = decided.map(|(difference, who)| (difference, who.as_str()));
    for (difference, who) in open.chain(decided) {
        if only.contains(&difference.claim.alias) {
            let excerpt = excerpt(texts, difference);
            println!("{}\t{who}\t{excerpt}", difference.row());
        }
    }
    for ((peer, alias), counts) in &comparison.rules {
        if only.contains(alias) {
            println!("{} {alias}: {counts:?}", peer.program());
        }
    }
}

/// The line of which it is spoken, short enough for a table.
fn excerpt(texts: &BTreeMap<String, String>, difference: &Difference) -> String {
    const LONGEST: usize = 90;
    let text = texts.get(&difference.claim.file).map_or("", String::as_str);
    let place = usize::try_from(difference.claim.line).unwrap_or(usize::MAX);
    let line = place.checked_sub(1).and_then(|at| text.lines().nth(at));
    let line = line.unwrap_or_default().trim();
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line.to_owned(),
    }
}

/// The figures of all rules as a Markdown table.
fn figures(comparison: &Comparison) -> String {
    let mut text = String::from(
        "| id | both | only the peer | only Plimsoll | of these decided | agreement | files with the same answer | |\n\
         |---|---|---|---|---|---|---|---|\n",
    );
    for ((_, alias), counts) in &comparison.rules {
        let Counts {
            both,
            peer,
            ours,
            decided,
            files,
        } = counts;
        let same = comparison.files - files;
        let _ = writeln!(
            text,
            "| {alias} | {both} | {peer} | {ours} | {decided} | {:.3} | {same} of {} | {} |",
            counts.agreement(),
            comparison.files,
            if counts.agreement() >= LEAST {
                "pass"
            } else {
                "**miss**"
            },
        );
    }
    text
}

/// The whole page.
fn text(comparison: &Comparison, texts: &BTreeMap<String, String>) -> String {
    let ids: BTreeSet<&String> = comparison.rules.keys().map(|(_, alias)| alias).collect();
    let mut text = format!(
        "# Beside hadolint and Trivy\n\n\
         <!-- Written by `cargo xtask lint`; do not edit by hand. -->\n\n\
         Do Plimsoll's linter, hadolint 2.15.1 and the Dockerfile checks of Trivy 0.76.0 say the same of the same \
         Dockerfiles?\n\
         `cargo xtask lint` runs all three on the {} files of `crates/dockerfile/tests/corpus`, which were written to \
         stand on both sides of each rule and close to its edge, and writes this page.\n\
         What is compared is a rule's id at an instruction; {} ids were said by somebody.\n\
         What Trivy says of a file as a whole is compared by file; of ShellCheck, which hadolint carries, those ids are \
         compared that Plimsoll has taken up.\n\n\
         - **both**: both say it of the same instruction.\n\
         - **decided**: `crates/dockerfile/tests/disagreements.tsv` says who is right. Where it was the peer, Plimsoll \
         was put right, so every row that is left says Plimsoll.\n\
         - **agreement**: what both say over what either says, the decided left out; the limit is {LEAST}.\n\
         - **files with the same answer** leaves nothing out.\n\n\
         ## Figures\n\n{}",
        comparison.files,
        ids.len(),
        figures(comparison),
    );
    for peer in Peer::ALL {
        let unread = &comparison.unread[&peer];
        let _ = write!(
            text,
            "\n## Files that {} does not read\n\nNothing else of them is compared with it.\n\n",
            peer.program()
        );
        for file in unread {
            let _ = writeln!(text, "- `{file}`");
        }
    }
    text.push_str(
        "\n## Decided differences\n\nIn all of them Plimsoll is right.\n\n\
         | id | file | line | who says it | |\n|---|---|---|---|---|\n",
    );
    let mut decided: Vec<(&Difference, &String)> = comparison.decided.iter().collect();
    decided.sort_by_key(|(difference, _)| (&difference.claim.alias, *difference));
    for (difference, _) in decided {
        let by = if difference.by_peer {
            difference.peer.program()
        } else {
            "Plimsoll"
        };
        let claim = &difference.claim;
        let excerpt = excerpt(texts, difference).replace('|', "\\|");
        let excerpt = if excerpt.is_empty() {
            excerpt
        } else {
            format!("`` {excerpt} ``")
        };
        let _ = writeln!(
            text,
            "| {} | `{}` | {} | {by} | {excerpt} |",
            claim.alias, claim.file, claim.line
        );
    }
    text
}
