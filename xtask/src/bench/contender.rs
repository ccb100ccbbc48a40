//! The programs that run against each other, and how each is called for the same task.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::Bench;
use super::images::Image;
use crate::measure::{Output, Sample, Series, sample};
use crate::process::find;

/// What a run finds of the runs before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cache {
    /// Its cache folder is empty each time.
    Cold,
    /// Its cache folder was filled by one run that does not count.
    Filled,
}

/// A program with the arguments of one task.
#[derive(Debug)]
pub(super) struct Contender {
    pub(super) name: String,
    program: PathBuf,
    arguments: Vec<String>,
    environment: Vec<(&'static str, &'static str)>,
    /// The option that names its cache folder, and when that folder is emptied.
    cache: Option<(&'static str, Cache)>,
    output: Output,
}

impl Contender {
    fn new(name: &str, program: &Path, arguments: &[&str]) -> Self {
        Self {
            name: name.to_owned(),
            program: program.to_owned(),
            arguments: arguments.iter().map(|&text| text.to_owned()).collect(),
            environment: Vec::new(),
            cache: None,
            output: Output::Kept,
        }
    }

    fn with(mut self, argument: impl Into<String>) -> Self {
        self.arguments.push(argument.into());
        self
    }

    fn folder(&self, bench: &Bench) -> PathBuf {
        bench
            .work
            .join(format!("cache-{}", self.name.replace(' ', "-")))
    }

    /// One run. A cold one begins by emptying the cache, which does not count.
    fn run(&self, bench: &Bench) -> Result<Sample> {
        let mut command = Command::new(&self.program);
        command.args(&self.arguments).current_dir(&bench.work);
        command.envs(self.environment.iter().copied());
        if let Some((option, cache)) = self.cache {
            let folder = self.folder(bench);
            if cache == Cache::Cold {
                empty(&folder)?;
            }
            command.arg(option).arg(folder);
        }
        sample(&mut command, self.output, &bench.work)
    }
}

/// Runs all contenders in turns, and returns their series in the same order.
///
/// The order rotates from round to round, so that nobody always follows the same neighbour.
pub(super) fn race(bench: &Bench, rounds: u16, contenders: &[Contender]) -> Result<Vec<Series>> {
    for contender in contenders {
        match contender.cache {
            Some((_, Cache::Filled)) => {
                empty(&contender.folder(bench))?;
                contender.run(bench)?;
            }
            // Brings the program and the image into the page cache of the machine.
            _ => drop(contender.run(bench)?),
        }
    }
    let mut samples = vec![Vec::new(); contenders.len()];
    for round in 0..usize::from(rounds) {
        for turn in 0..contenders.len() {
            let index = (round + turn) % contenders.len();
            let taken = contenders[index].run(bench)?;
            samples[index].push(taken);
        }
    }
    samples.into_iter().map(Series::new).collect()
}

/// `plimsoll sbom` of an image.
pub(super) fn plimsoll(bench: &Bench, image: &Image, cache: Cache) -> Contender {
    let reference = format!("oci-dir:{}", image.layout.display());
    let arguments = ["sbom", &reference, "-f", "purls", "--offline", "--quiet"];
    Contender {
        cache: Some(("--cache-dir", cache)),
        ..Contender::new("plimsoll", &bench.plimsoll, &arguments)
    }
}

/// `plimsoll scan` of an image whose facts are in the cache, against a compiled database.
pub(super) fn scan(bench: &Bench, image: &Image, database: &Path) -> Contender {
    let reference = format!("oci-dir:{}", image.layout.display());
    let database = database.display().to_string();
    let arguments = [
        "scan",
        &reference,
        "-f",
        "json",
        "--db",
        &database,
        "--offline",
        "--quiet",
    ];
    Contender {
        cache: Some(("--cache-dir", Cache::Filled)),
        ..Contender::new("plimsoll scan", &bench.plimsoll, &arguments)
    }
}

/// The file that [`build`] writes, in the folder for outputs.
pub(super) const BUILT: &str = "built.db";

/// `plimsoll db build` of a mirror.
pub(super) fn build(bench: &Bench, mirror: &Path) -> Contender {
    let mirror = mirror.display().to_string();
    let arguments = ["db", "build", "--quiet", "--from", &mirror, "--out", BUILT];
    Contender {
        output: Output::Discarded,
        ..Contender::new("plimsoll db build", &bench.plimsoll, &arguments)
    }
}

/// `plimsoll db status`.
pub(super) fn status(bench: &Bench, database: &Path) -> Contender {
    let database = database.display().to_string();
    let arguments = ["db", "status", "--db", &database];
    Contender::new("plimsoll db status", &bench.plimsoll, &arguments)
}

/// `plimsoll scan` of a list of package URLs.
pub(super) fn scan_list(bench: &Bench, count: &str, list: &Path, database: &Path) -> Contender {
    let list = format!("purls:{}", list.display());
    let database = database.display().to_string();
    let arguments = ["scan", &list, "-f", "json", "--db", &database, "--quiet"];
    let name = format!("plimsoll scan of {count} packages");
    Contender::new(&name, &bench.plimsoll, &arguments)
}

/// `plimsoll sbom convert` of a list of package URLs.
pub(super) fn convert(bench: &Bench, list: &Path) -> Contender {
    let list = list.display().to_string();
    let arguments = ["sbom", "convert", &list, "-f", "purls", "--quiet"];
    Contender::new("plimsoll sbom convert", &bench.plimsoll, &arguments)
}

/// An earlier build, told to do what [`plimsoll`] does.
pub(super) fn earlier(bench: &Bench, program: &Path, image: &Image) -> Contender {
    Contender {
        name: "earlier build".to_owned(),
        program: program.to_owned(),
        ..plimsoll(bench, image, Cache::Cold)
    }
}

/// `plimsoll lint` of a file or a folder. Of a rule that finds something ten thousand times it says that there is more.
pub(super) fn lint(bench: &Bench, name: &str, path: &Path) -> Contender {
    let arguments = ["lint", "-f", "json", "--fail-on", "never", "--quiet"];
    let path = path.display().to_string();
    Contender {
        output: Output::Partial,
        ..Contender::new(name, &bench.plimsoll, &arguments).with(path)
    }
}

/// hadolint, which takes files and not folders.
pub(super) fn hadolint(bench: &Bench, files: &[PathBuf]) -> Contender {
    let arguments = ["--format", "json", "--no-fail"];
    let hadolint = Contender::new("hadolint", &bench.peers.hadolint, &arguments);
    files.iter().fold(hadolint, |contender, file| {
        contender.with(file.display().to_string())
    })
}

/// One run by itself.
pub(super) fn once(bench: &Bench, contender: &Contender) -> Result<Series> {
    Series::new(vec![contender.run(bench)?])
}

/// `plimsoll --version`.
pub(super) fn start(bench: &Bench) -> Contender {
    Contender::new("plimsoll --version", &bench.plimsoll, &["--version"])
}

/// Trivy, told to list packages only and to leave the network alone.
pub(super) fn trivy(bench: &Bench, image: &Image, cache: Cache) -> Contender {
    let arguments = [
        "image",
        "--quiet",
        "--format",
        "cyclonedx",
        "--offline-scan",
        "--skip-db-update",
        "--skip-java-db-update",
        "--skip-version-check",
        "--disable-telemetry",
        "--input",
    ];
    Contender {
        cache: Some(("--cache-dir", cache)),
        ..Contender::new("trivy", &bench.peers.trivy, &arguments)
            .with(image.layout.display().to_string())
    }
}

/// Syft, which keeps no cache of images.
pub(super) fn syft(bench: &Bench, image: &Image) -> Contender {
    let reference = format!("oci-dir:{}", image.layout.display());
    let arguments = ["scan", "--quiet", "--output", "cyclonedx-json", &reference];
    Contender {
        environment: vec![("SYFT_CHECK_FOR_APP_UPDATE", "false")],
        ..Contender::new("syft", &bench.peers.syft, &arguments)
    }
}

/// Every gzip decompressor that this machine has, each writing the layer to nowhere.
pub(super) fn inflaters(image: &Image) -> Result<Vec<Contender>> {
    const KNOWN: &[(&str, &[&str])] = &[
        ("gzip", &["-dc"]),
        ("pigz", &["-dc"]),
        ("igzip", &["-dc"]),
        ("libdeflate-gunzip", &["-c"]),
        ("rapidgzip", &["-dc"]),
    ];
    let layer = image.layer.display().to_string();
    let found: Vec<_> = KNOWN
        .iter()
        .filter_map(|(name, arguments)| Some((name, find(name)?, arguments)))
        .map(|(name, program, arguments)| Contender {
            output: Output::Discarded,
            ..Contender::new(name, &program, arguments).with(layer.clone())
        })
        .collect();
    if found.is_empty() {
        bail!("no gzip decompressor is in PATH; install gzip, pigz, isal or libdeflate-tools");
    }
    Ok(found)
}

fn empty(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder)
            .with_context(|| format!("cannot empty `{}`", folder.display()))?;
    }
    fs::create_dir_all(folder).with_context(|| format!("cannot create `{}`", folder.display()))
}
