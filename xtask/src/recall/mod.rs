//! `cargo xtask recall`: of the packages that Syft and Trivy list in large mixed images, how many Plimsoll
//! lists too.
//!
//! The images are made here of real packages, from the mirrors of Debian, npm and PyPI that this machine has.
//! What only a peer lists has to be explained in `plimsoll_testkit::recall`; what is not, fails the task.

mod images;
mod report;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use plimsoll_testkit::peers::{Listed, PackageId, Peer};
use plimsoll_testkit::recall::{Ours, Recall};

use crate::measure::{Output, sample};
use crate::peers;
use crate::process::succeed;
use crate::workspace::{build_dir, cargo, root, scratch};

use images::{IMAGES, Image};

/// Options of `cargo xtask recall`.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// Compare only these images; the page of results is then left as it is.
    #[arg(value_name = "IMAGE")]
    only: Vec<String>,
    /// Measure this program instead of a fresh release build.
    #[arg(long, value_name = "FILE")]
    program: Option<PathBuf>,
    /// Name the images and stop.
    #[arg(long)]
    list: bool,
    /// Make the images and the peers' lists and stop.
    #[arg(long)]
    make: bool,
}

/// What the page promises: the least recall of packages, and the highest peak of memory in bytes.
const LEAST: f64 = 0.995;
const HIGHEST: u64 = 120_000_000;

/// The outcome of one image.
#[derive(Debug)]
struct Row {
    name: &'static str,
    what: &'static str,
    /// Bytes of the archive.
    size: u64,
    recall: Recall,
    /// Plimsoll's peak of memory in bytes.
    peak: u64,
}

impl Row {
    fn holds(&self) -> bool {
        self.recall.unexplained.is_empty()
            && self.recall.of_packages() >= LEAST
            && self.peak <= HIGHEST
    }
}

/// Makes the images, compares, prints the table and writes it to `docs/recall.md`.
pub(crate) fn run(options: &Options) -> Result<()> {
    if options.list {
        for image in IMAGES {
            println!("{}: {}", image.name, image.what);
        }
        return Ok(());
    }
    if let Some(unknown) = options
        .only
        .iter()
        .find(|name| IMAGES.iter().all(|image| image.name != **name))
    {
        bail!("no image is named `{unknown}`; `cargo xtask recall --list` names them");
    }
    let chosen = || {
        IMAGES.iter().filter(|image| {
            options.only.is_empty() || options.only.iter().any(|name| name == image.name)
        })
    };
    let home = scratch().join("recall");
    fs::create_dir_all(&home).with_context(|| format!("cannot create `{}`", home.display()))?;
    peers::install()?;
    if options.make {
        for image in chosen() {
            let archive = image.archive(&home)?;
            for peer in Peer::ALL {
                listed(peer, &archive)?;
            }
        }
        return Ok(());
    }
    let program = match &options.program {
        Some(program) => fs::canonicalize(program)
            .with_context(|| format!("there is no program `{}`", program.display()))?,
        None => build()?,
    };
    // A process begins with the memory of the one that starts it, as far as the kernel's account goes. So a
    // process of its own makes the images, and nothing is read here before everything is measured.
    let mut measured = Vec::new();
    for image in chosen() {
        println!("== {}: {}", image.name, image.what);
        let this = std::env::current_exe().context("cannot find this program")?;
        succeed(Command::new(this).args(["recall", "--make", image.name]))?;
        let peak = measure(&program, image, &home)
            .with_context(|| format!("cannot scan the image `{}`", image.name))?;
        measured.push((image, peak));
    }
    let mut rows = Vec::new();
    for (image, peak) in measured {
        let row = compare(image, peak, &home)
            .with_context(|| format!("cannot compare the image `{}`", image.name))?;
        for (peer, listed) in &row.recall.unexplained {
            println!(
                "{}: only {peer:?}: {:?} in {}",
                image.name, listed.package, listed.path
            );
        }
        rows.push(row);
    }
    println!("\n{}", report::table(&rows));
    if options.only.is_empty() {
        let page = root().join("docs/recall.md");
        fs::write(&page, report::page(&rows))
            .with_context(|| format!("cannot write `{}`", page.display()))?;
        println!("written to {}", page.display());
    }
    match rows.iter().filter(|row| !row.holds()).count() {
        0 => Ok(()),
        misses => bail!("{misses} of the images missed a limit or have what nothing explains"),
    }
}

/// A release build of the program.
pub(crate) fn build() -> Result<PathBuf> {
    succeed(
        Command::new(cargo())
            .args(["build", "--release", "--package", "plimsoll"])
            .current_dir(root()),
    )?;
    Ok(build_dir().join("release/plimsoll"))
}

/// Scans an image, keeps the report, and answers the peak of memory in bytes.
fn measure(program: &Path, image: &Image, home: &Path) -> Result<u64> {
    let work = home.join("work");
    if work.exists() {
        fs::remove_dir_all(&work).with_context(|| format!("cannot clear `{}`", work.display()))?;
    }
    fs::create_dir_all(&work).with_context(|| format!("cannot create `{}`", work.display()))?;
    let mut command = Command::new(program);
    command
        .args(["scan", "-f", "json"])
        .arg(image.archive(home)?)
        .env_clear()
        .env("HOME", &work)
        .env("TMPDIR", &work);
    let used = sample(&mut command, Output::Kept, &work)?;
    fs::rename(work.join("stdout"), report_of(image, home)).context("cannot keep the report")?;
    Ok(used.peak)
}

fn report_of(image: &Image, home: &Path) -> PathBuf {
    home.join(format!("{}.json", image.name))
}

fn compare(image: &Image, peak: u64, home: &Path) -> Result<Row> {
    let report = fs::read(report_of(image, home)).context("cannot read the report")?;
    let report = serde_json::from_slice(&report).context("the report is no JSON")?;
    let archive = image.archive(home)?;
    let lists = Peer::ALL
        .iter()
        .map(|peer| Ok((*peer, listed(*peer, &archive)?)))
        .collect::<Result<Vec<_>>>()?;
    Ok(Row {
        name: image.name,
        what: image.what,
        size: fs::metadata(&archive).map_or(0, |found| found.len()),
        recall: Recall::of(&Ours::read(&report), &lists),
        peak,
    })
}

/// What a peer lists in an archive, kept beside it: the peers' versions are pinned, and Syft takes minutes.
fn listed(peer: Peer, archive: &Path) -> Result<BTreeSet<Listed>> {
    let kept = archive.with_extension(format!("{peer:?}.tsv").to_lowercase());
    if !kept.is_file() {
        let rows: Vec<String> = peer
            .lists(archive)
            .into_iter()
            .map(|listed| {
                let PackageId {
                    kind,
                    name,
                    version,
                } = listed.package;
                format!("{kind}\t{name}\t{version}\t{}\n", listed.path)
            })
            .collect();
        fs::write(&kept, rows.concat())
            .with_context(|| format!("cannot write `{}`", kept.display()))?;
    }
    let text =
        fs::read_to_string(&kept).with_context(|| format!("cannot read `{}`", kept.display()))?;
    text.lines()
        .map(|line| {
            let mut fields = line.split('\t').map(str::to_owned);
            let mut field = || fields.next().context("a row has four fields");
            Ok(Listed {
                package: PackageId {
                    kind: field()?,
                    name: field()?,
                    version: field()?,
                },
                path: field()?,
            })
        })
        .collect()
}
