//! The table for the terminal and the page `docs/recall.md`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use plimsoll_testkit::peers::PackageId;
use plimsoll_testkit::recall::{EXPLANATIONS, Truth, count};

use super::{HIGHEST, LEAST, Row};

/// The rows as a Markdown table.
pub(super) fn table(rows: &[Row]) -> String {
    let mut text = String::from(
        "| image | size | Plimsoll | Syft | Trivy | union | found | under another name | no package | unexplained \
         | recall of all | recall | peak memory | |\n\
         |---|---|---|---|---|---|---|---|---|---|---|---|---|---|\n",
    );
    for row in rows {
        let recall = &row.recall;
        let [ours, syft, trivy] = recall.counts;
        let _ = writeln!(
            text,
            "| `{}` | {} | {ours} | {syft} | {trivy} | {} | {} | {} | {} | {} | {:.4} | {:.4} | {} | {} |",
            row.name,
            megabytes(row.size),
            recall.union,
            recall.found(),
            count(&recall.renamed),
            count(&recall.wrong),
            recall.unexplained.len(),
            recall.of_all(),
            recall.of_packages(),
            megabytes(row.peak),
            if row.holds() { "pass" } else { "**miss**" },
        );
    }
    text
}

/// The whole page.
pub(super) fn page(rows: &[Row]) -> String {
    let mut text = format!(
        "# Recall\n\n\
         <!-- Written by `cargo xtask recall`; do not edit by hand. -->\n\n\
         Of the packages that Syft 1.18.1 and Trivy 0.76.0 list in an image, how many does Plimsoll list?\n\
         `cargo xtask recall` makes the images of real packages, runs all three, and writes this page.\n\
         Packages of the registries change, so the images do; on the same images the page is the same but for \
         the memory.\n\n\
         - **union**: packages with a version that Syft or Trivy lists, names normalised \
         (`PackageId` in `crates/testkit/src/peers.rs`).\n\
         - **found**: those of the union that Plimsoll lists, some of them from the same file **under another \
         name** or version, since the peer's is made up.\n\
         - **no package**: those of the union that are no packages of the image, but the peer's error.\n\
         - **recall of all**: found, of the union. **recall**: found, of the union without what is no package.\n\n\
         Limits: nothing unexplained, recall at least {LEAST}, Plimsoll's peak memory at most {}.\n\
         Trivy reads Java archives with an empty database of digests, since the real one is in no registry of \
         packages.\n\
         It leaves out the language packages that the system's package manager owns; Plimsoll and Syft list them.\n\n\
         ## Images\n\n",
        megabytes(HIGHEST)
    );
    for row in rows {
        let _ = writeln!(text, "- `{}`: {}.", row.name, row.what);
    }
    let _ = write!(
        text,
        "\n## Figures\n\n{}\n## What only they list\n",
        table(rows)
    );
    for (truth, title) in [
        (
            Truth::OtherName,
            "Listed by Plimsoll under another name or version, or as part of a whole",
        ),
        (Truth::NoPackage, "No package of the image"),
        (Truth::NoVersion, "Without a version"),
    ] {
        let _ = write!(text, "\n### {title}\n\n");
        for (place, row) in EXPLANATIONS.iter().enumerate() {
            if row.truth == truth {
                explained(&mut text, rows, place);
            }
        }
    }
    text
}

/// One explanation with how often it was needed, and examples.
fn explained(text: &mut String, rows: &[Row], place: usize) {
    let explanation = &EXPLANATIONS[place];
    let mut all: BTreeSet<&PackageId> = BTreeSet::new();
    let mut by_image: BTreeMap<&str, usize> = BTreeMap::new();
    for row in rows {
        let recall = &row.recall;
        for list in [&recall.renamed, &recall.wrong, &recall.without_version] {
            let here = list.get(&place).into_iter().flatten();
            for package in here {
                all.insert(package);
                *by_image.entry(row.name).or_default() += 1;
            }
        }
    }
    if all.is_empty() {
        return;
    }
    let _ = writeln!(
        text,
        "- **{:?}, {}.** {}",
        explanation.peer, explanation.kind, explanation.why
    );
    let images: Vec<String> = by_image
        .iter()
        .map(|(image, count)| format!("{count} in `{image}`"))
        .collect();
    let examples: Vec<String> = all
        .iter()
        .take(5)
        .map(|package| format!("`{} {}`", package.name, package.version))
        .collect();
    let _ = writeln!(
        text,
        "  {}: {}{}",
        images.join(", "),
        examples.join(", "),
        if all.len() > 5 { " …" } else { "" }
    );
}

fn megabytes(bytes: u64) -> String {
    format!("{}.{} MB", bytes / 1_000_000, bytes % 1_000_000 / 100_000)
}
