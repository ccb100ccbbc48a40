//! The table for the terminal and the page `docs/trivy.md`.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use plimsoll_testkit::agreement::{EXPLANATIONS, Right, Side};
use plimsoll_testkit::trivy::Database;

use super::{Row, SIDES};

/// The rows as a Markdown table.
pub(super) fn table(rows: &[Row]) -> String {
    let mut text = String::from(
        "| image | packages in both lists | Plimsoll | Trivy | both | only Plimsoll, explained | only Trivy, explained | \
         unexplained | |\n|---|---|---|---|---|---|---|---|---|\n",
    );
    for row in rows {
        let agreement = &row.agreement;
        let [ours, trivy] = row.counts;
        let [alone, theirs] = SIDES.map(|side| agreement.explained_of(side));
        let _ = writeln!(
            text,
            "| `{}` | {} | {ours} | {trivy} | {} | {alone} | {theirs} | {} | {} |",
            row.name,
            agreement.packages,
            agreement.both,
            agreement.unexplained.len(),
            if agreement.unexplained.is_empty() {
                "pass"
            } else {
                "**miss**"
            },
        );
    }
    text
}

/// The whole page.
pub(super) fn page(rows: &[Row], theirs: &Database) -> String {
    let mut text = format!(
        "# Beside Trivy, with the same facts\n\n\
         <!-- Written by `cargo xtask compare`; do not edit by hand. -->\n\n\
         Given the same advisories, do Plimsoll and Trivy 0.76.0 report the same flaws?\n\
         `cargo xtask compare` builds Plimsoll's database from a folder of feeds, converts the same folder into a \
         database of Trivy's own format with a reader that shares no code with Plimsoll's \
         (`crates/testkit/src/trivy.rs`: {} advisories), lets both read the same images, and writes this page.\n\
         A flaw counts once for each package with a version, whatever its ids; Trivy's own figure counts each id \
         (Wolfi names CVE and GHSA of one flaw).\n\n\
         - **both**: both report it.\n\
         - **only … explained**: a rule below says why; rules are data in \
         `crates/testkit/src/agreement/explanations.rs`.\n\
         - **unexplained** fails the task.\n\n\
         ## Images\n\n",
        theirs.advisories()
    );
    for row in rows {
        let _ = writeln!(text, "- `{}`: {}.", row.name, row.what);
    }
    let _ = write!(text, "\n## Figures\n\n{}", table(rows));
    for (side, title) in [
        (Side::Trivy, "Only Trivy reports"),
        (Side::Plimsoll, "Only Plimsoll reports"),
    ] {
        let _ = write!(text, "\n## {title}\n\n");
        for (place, row) in EXPLANATIONS.iter().enumerate() {
            if row.side == side {
                explained(&mut text, rows, place);
            }
        }
    }
    text.push_str("\n## What the conversion loses\n\nTrivy's schema cannot say \
         everything that the feeds say. Texts, ratings, dates and marks of exploitation are not converted at all: only \
         which package has which flaw is compared.\n\n");
    for (loss, count) in theirs.lost() {
        let _ = writeln!(text, "- {} {count} times.", loss.why());
    }
    text
}

/// One explanation with how often it was needed, and examples.
fn explained(text: &mut String, rows: &[Row], place: usize) {
    let explanation = &EXPLANATIONS[place];
    let mut by_image: BTreeMap<&str, usize> = BTreeMap::new();
    let mut examples = Vec::new();
    for row in rows {
        for (package, id) in row.agreement.explained.get(&place).into_iter().flatten() {
            *by_image.entry(&row.name).or_default() += 1;
            if by_image[row.name.as_str()] == 1 {
                examples.push(format!("`{} {}` {id}", package.name, package.version));
            }
        }
    }
    if by_image.is_empty() {
        return;
    }
    let right = match explanation.right {
        Right::Plimsoll => "Plimsoll is right.",
        Right::Both => "Both are right.",
        Right::Untold => "Plimsoll is right, and Trivy was not told.",
    };
    let images: Vec<String> = by_image
        .iter()
        .map(|(image, count)| format!("{count} in `{image}`"))
        .collect();
    examples.truncate(4);
    let _ = writeln!(
        text,
        "- **{right}** {}\n  {}: {}.",
        explanation.why,
        images.join(", "),
        examples.join(", ")
    );
}
