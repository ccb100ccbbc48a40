//! `cargo xtask compare`: of the flaws that Trivy finds with a database of the same facts, which Plimsoll finds
//! too, and the other way round.
//!
//! Trivy's database is converted from the folder of feeds by `plimsoll_testkit::trivy`; Plimsoll's is built from
//! the same folder. What only one reports has to be explained in `plimsoll_testkit::agreement`; what is not,
//! fails the task.

mod report;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use plimsoll_testkit::agreement::{Agreement, EXPLANATIONS, Ours, Side, edges};
use plimsoll_testkit::debian::{Recipe, Suites, bullseye};
use plimsoll_testkit::image::{Image as Packed, docker};
use plimsoll_testkit::roots;
use plimsoll_testkit::trivy::{Database, Said};

use crate::process::succeed;
use crate::workspace::{root, scratch, shared};
use crate::{peers, recall};

/// Options of `cargo xtask compare`.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// Compare only these images; the page of results is then left as it is.
    #[arg(value_name = "IMAGE")]
    only: Vec<String>,
    /// Ask this program instead of a fresh release build.
    #[arg(long, value_name = "FILE")]
    program: Option<PathBuf>,
    /// Folder with feeds instead of the shared one.
    #[arg(long, value_name = "DIR")]
    feeds: Option<PathBuf>,
    /// Name the images and stop.
    #[arg(long)]
    list: bool,
}

/// The outcome of one image.
#[derive(Debug)]
struct Row {
    name: String,
    what: String,
    /// How many flaws each reports: Plimsoll, Trivy.
    counts: [usize; 2],
    agreement: Agreement,
}

/// An image to compare.
struct Image {
    name: String,
    what: String,
    make: Box<dyn Fn(&Path) -> PathBuf>,
}

/// Compares, prints the table and writes it to `docs/trivy.md`.
pub(crate) fn run(options: &Options) -> Result<()> {
    let feeds = match &options.feeds {
        Some(feeds) => feeds.clone(),
        None => shared().context("no shared material")?.join("feeds"),
    };
    let images = images(&feeds);
    if options.list {
        for image in images {
            println!("{}: {}", image.name, image.what);
        }
        return Ok(());
    }
    let known = |name: &String| images.iter().any(|image| image.name == *name);
    if let Some(unknown) = options.only.iter().find(|name| !known(name)) {
        bail!("no image is named `{unknown}`; `cargo xtask compare --list` names them");
    }
    let home = scratch().join("compare");
    fs::create_dir_all(&home).with_context(|| format!("cannot create `{}`", home.display()))?;
    peers::install()?;
    let program = match &options.program {
        Some(program) => fs::canonicalize(program)
            .with_context(|| format!("there is no program `{}`", program.display()))?,
        None => recall::build()?,
    };
    let database = home.join("plimsoll.db");
    println!("building both databases from `{}`", feeds.display());
    succeed(
        Command::new(&program)
            .args(["--quiet", "db", "build", "--from"])
            .arg(&feeds)
            .arg("--out")
            .arg(&database),
    )?;
    let theirs = Database::of_feeds(&feeds);
    theirs.write(&home);
    let mut rows = Vec::new();
    for image in &images {
        if options.only.is_empty() || options.only.contains(&image.name) {
            println!("== {}: {}", image.name, image.what);
            let row = compare(image, &program, &database, &theirs, &home)
                .with_context(|| format!("cannot compare the image `{}`", image.name))?;
            for (side, package, id, words) in &row.agreement.unexplained {
                let (name, version) = (&package.name, &package.version);
                println!(
                    "{}: only {side:?}: {name} {version}: {id} {words}",
                    row.name
                );
            }
            rows.push(row);
        }
    }
    println!("\n{}", report::table(&rows));
    if options.only.is_empty() {
        let page = root().join("docs/trivy.md");
        fs::write(&page, report::page(&rows, &theirs))
            .with_context(|| format!("cannot write `{}`", page.display()))?;
        println!("written to {}", page.display());
    }
    if let Some(row) = rows.iter().find(|row| row.agreement.packages == 0) {
        bail!(
            "both list no package of `{}`, so nothing was compared",
            row.name
        );
    }
    let needed = |place: &usize| {
        rows.iter()
            .any(|row| row.agreement.explained.contains_key(place))
    };
    let dead = (0..EXPLANATIONS.len()).filter(|place| !needed(place));
    let dead: Vec<&str> = dead.map(|place| EXPLANATIONS[place].why).collect();
    if options.only.is_empty() && !dead.is_empty() {
        bail!("no difference needs these explanations: {dead:#?}");
    }
    let unexplained = rows.iter().map(|row| row.agreement.unexplained.len());
    match unexplained.sum::<usize>() {
        0 => Ok(()),
        some => bail!("nothing explains {some} differences"),
    }
}

fn images(feeds: &Path) -> Vec<Image> {
    let mut images = Vec::new();
    let mut real = |name: &str, what: String, packed: Box<dyn Fn() -> Packed>| {
        let file = format!("{name}.tar");
        images.push(Image {
            name: name.to_owned(),
            what,
            make: Box::new(move |home: &Path| {
                let archive = home.join(&file);
                fs::write(&archive, docker(&[packed()]).tar()).expect("an archive can be written");
                archive
            }),
        });
    };
    for version in roots::ALPINE {
        let what = format!("Alpine's own root filesystem {version}");
        real(
            &format!("alpine-{version}"),
            what,
            Box::new(|| roots::alpine(version)),
        );
    }
    // Of CentOS Trivy judges by Red Hat's own bucket and its index of content sets, which no feed here has.
    for (name, ..) in roots::RPM.iter().filter(|row| row.0 != "libuuid") {
        let what =
            "a real database of rpm, of a system that no feed of the bundle serves".to_owned();
        real(&format!("rpm-{name}"), what, Box::new(|| roots::rpm(name)));
    }
    for (kind, what, step) in edges::KINDS {
        let feeds = feeds.to_owned();
        let name = format!("edges-{kind}");
        let what = format!("{what}, one of {step}, in versions at the edges of what the feeds say");
        real(
            &name,
            what,
            Box::new(move || edges::image(&feeds, kind, *step)),
        );
    }
    for (name, what, recipe) in DEBIAN {
        images.push(Image {
            name: (*name).to_owned(),
            what: (*what).to_owned(),
            make: Box::new(|_| recipe.archive()),
        });
    }
    images
}

const fn release(release: &'static str, packages: &'static [&'static str]) -> Recipe {
    Recipe {
        release,
        suites: Suites::Release,
        packages,
    }
}

/// Images of `mmdebstrap`, which tests use too.
const DEBIAN: &[(&str, &str, Recipe)] = &[
    (
        "bullseye",
        "Debian bullseye without its security suite, with Python, Node, nginx and others",
        bullseye(Suites::Release),
    ),
    (
        "bullseye-security",
        "the same with its security suite",
        bullseye(Suites::WithSecurity),
    ),
    (
        "bookworm",
        "Debian bookworm without its security suite, with Node, Python and Ruby",
        release("bookworm", &["nodejs", "python3-pip", "ruby"]),
    ),
    (
        "trixie",
        "Debian trixie, of which the bundle knows nothing, with Node and Python",
        release("trixie", &["nodejs", "python3-pip", "terser"]),
    ),
];

fn compare(
    image: &Image,
    program: &Path,
    database: &Path,
    told: &Database,
    home: &Path,
) -> Result<Row> {
    let archive = (image.make)(home);
    let output = Command::new(program)
        .args(["scan", "-f", "json", "--cache-dir"])
        .arg(home.join("cache"))
        .arg("--db")
        .arg(database)
        .arg(&archive)
        .output()
        .context("cannot start Plimsoll")?;
    if !output.status.success() {
        bail!("{}", String::from_utf8_lossy(&output.stderr));
    }
    let report = serde_json::from_slice(&output.stdout).context("the report is no JSON")?;
    let ours = Ours::read(&report);
    let trivy = Said::of(&archive, home);
    let agreement = Agreement::of(&ours, &trivy, told);
    Ok(Row {
        name: image.name.clone(),
        what: image.what.clone(),
        counts: [ours.flaws.len(), trivy.flaws.len()],
        agreement,
    })
}

/// Both sides, Plimsoll first.
const SIDES: [Side; 2] = [Side::Plimsoll, Side::Trivy];
