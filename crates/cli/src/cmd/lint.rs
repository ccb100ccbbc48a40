//! `plimsoll lint`: what is wrong with build files, and the repair.

use std::borrow::Cow;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use plimsoll_assess::lint::{
    Found, Hint, MissingPlatforms, Pinner, Source, ends_build, find, hardened, lint, lint_bytes,
    read, repair, replace, rules,
};
use plimsoll_assess::sources::Sources;
use plimsoll_model::Text;
use plimsoll_model::lint::{LintFile, LintReport, Safety};
use plimsoll_report::{Colour, LINTS, LintFormat, Reader, RulesFormat, write_diff, write_rules};

use crate::exit::{Exit, UsageError};
use crate::lint_settings::{Configs, LintArgs};
use crate::printer::Printer;
use crate::settings::Settings;

/// Say what is wrong with Dockerfiles, Compose files and manifests of Kubernetes, and put it right.
///
/// In folders these are found: Dockerfile and Containerfile with whatever stands behind a dot, a dash or an
/// underscore, *.Dockerfile, and YAML that describes containers. Folders that hold what others wrote, such as .git
/// and `node_modules`, are passed over, and links lead nowhere outside.
///
/// Exit codes: 0 nothing is wrong, 1 something is, 2 wrong usage, 3 a file could not be read wholly and nothing else
/// is wrong, 4 the operation failed.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Files, and folders that are searched; `-` is standard input. The folder you are in, if none is given. What is
    /// named neither as a Dockerfile nor as YAML is what its text says.
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// How to write what was found: terminal, json, sarif, checkstyle, code-climate, junit or github.
    #[arg(short, long)]
    format: Option<String>,
    /// Write to this file instead of standard output.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    told: LintArgs,
    #[command(flatten)]
    repair: RepairArgs,
    /// Print for each container that the files describe how to run it with no more rights than it needs: `docker run`,
    /// Compose and Kubernetes.
    #[arg(long)]
    harden: bool,
    /// List all rules, with `-f terminal`, `json` or `markdown`, and do nothing else.
    #[arg(long)]
    list_rules: bool,
}

/// What is put right.
#[derive(Debug, clap::Args)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is a switch of the command line"
)]
struct RepairArgs {
    /// Apply the safe fixes, again and again until none is left, and tell what remains. A file that would not parse
    /// as it did is left as it is.
    #[arg(long)]
    fix: bool,
    /// Apply the fixes too that a person should look at; with `--fix` or `--diff`.
    #[arg(long)]
    unsafe_fixes: bool,
    /// Print what `--fix` would change as a unified diff instead of a report, and write nothing, with `--fix` too.
    #[arg(long)]
    diff: bool,
    /// Ask the registry for the digests of images and add them as fixes, and whether bases are made for the platform
    /// that `FROM --platform` says; with `--fix` or `--diff`.
    #[arg(long)]
    pin: bool,
}

impl RepairArgs {
    fn check(&self) -> Result<()> {
        if (self.unsafe_fixes || self.pin) && !self.fix && !self.diff {
            let reason = "`--unsafe-fixes` and `--pin` need `--fix` or `--diff`";
            return Err(UsageError(reason.to_owned()).into());
        }
        Ok(())
    }

    fn least(&self) -> Safety {
        if self.unsafe_fixes {
            Safety::Unsafe
        } else {
            Safety::Safe
        }
    }
}

pub(crate) fn run(args: &Args, settings: &Settings, printer: &mut Printer) -> Result<Exit> {
    args.repair.check()?;
    if args.list_rules {
        return list_rules(args, settings, printer);
    }
    let format = format(args.format.as_deref())?;
    let mut configs = Configs::new(&args.told)?;
    let Found { sources, unread } = sources(args, &mut configs)?;
    let (input, files): (Vec<_>, Vec<_>) = sources.into_iter().partition(|one| one.path.is_none());
    let input = match input.into_iter().next() {
        Some(source) => {
            let bytes = read(&source).context("cannot read standard input")?;
            Some((source, bytes))
        }
        None => None,
    };
    if args.harden {
        let unread = harden(args, &files, input.as_ref(), unread, printer)?;
        tell(&unread, settings, printer);
        return Ok(if unread.is_empty() {
            Exit::Fine
        } else {
            Exit::Unknown
        });
    }
    let mut notes = configs.notes();
    let mut missing = MissingPlatforms::new();
    if args.repair.fix || args.repair.diff {
        let mut work = Work::new(args, settings, printer, &configs)?;
        work.all(&files, input.as_ref())?;
        missing = std::mem::take(&mut work.missing);
        notes.extend(work.done());
    }
    let of = |source: &Source| {
        let mut settings: Cow<'_, _> = configs.of(source);
        if !missing.is_empty() {
            settings.to_mut().missing_platforms.clone_from(&missing);
        }
        settings
    };
    let mut report = lint(files, &of, env!("CARGO_PKG_VERSION"));
    if let Some((source, bytes)) = &input {
        let file = lint_bytes(source, bytes, &of(source));
        report.files.extend(file);
        report.files.sort_by(|a, b| a.path.cmp(&b.path));
    }
    report.unread.extend(unread);
    report.unread.sort();
    report.notes = notes;
    if args.repair.diff {
        tell(&report.unread, settings, printer);
        tell(&report.notes, settings, printer);
    } else {
        let shown = printer.report_settings(settings.language);
        write(args.output.as_deref(), printer, |out, is_file| {
            let colour = if is_file { Colour::Off } else { shown.colour };
            let shown = plimsoll_report::Settings { colour, ..shown };
            format.write(&report, &shown, out)
        })?;
    }
    Ok(exit(&report, &configs))
}

/// Writes to the file, if there is one, else to standard output.
fn write(
    file: Option<&Path>,
    printer: &Printer,
    put: impl FnOnce(&mut dyn Write, bool) -> std::io::Result<()>,
) -> Result<()> {
    let Some(path) = file else {
        let mut out = printer.data();
        put(&mut out, false)?;
        return Ok(out.flush()?);
    };
    let cannot = || format!("cannot write `{}`", path.display());
    let mut out = BufWriter::new(File::create(path).with_context(cannot)?);
    put(&mut out, true)
        .and_then(|()| out.flush())
        .with_context(cannot)
}

/// Prints how what the files describe is run with no more rights than it needs, and gives what could not be read.
fn harden(
    args: &Args,
    files: &[Source],
    input: Option<&(Source, Vec<u8>)>,
    mut unread: Vec<(String, Text)>,
    printer: &Printer,
) -> Result<Vec<(String, Text)>> {
    let mut blocks = Vec::new();
    let files = files.iter().map(|source| (source, read(source)));
    let input = input.map(|(source, bytes)| (source, Ok(bytes.clone())));
    for (source, bytes) in files.chain(input) {
        let (containers, reasons) = match bytes {
            Ok(bytes) => hardened(source, &bytes),
            Err(error) => (Vec::new(), vec![Text::verbatim(error.to_string())]),
        };
        let containers = containers.into_iter();
        blocks.extend(containers.map(|(name, hardened)| (source.name.clone(), name, hardened)));
        let reasons = reasons.into_iter();
        unread.extend(reasons.map(|reason| (source.name.clone(), reason)));
    }
    write(args.output.as_deref(), printer, |out, _| {
        for (file, name, hardened) in &blocks {
            let worlds = [
                ("docker run", &hardened.docker_run),
                ("Compose", &hardened.compose),
                ("Kubernetes", &hardened.kubernetes),
            ];
            for (world, text) in worlds {
                // Names are the files' own, and a line break in one would end the comment.
                let (name, file) = (on_one_line(name), on_one_line(file));
                writeln!(out, "# {name} of {file}: {world}\n{}\n", text.trim_end())?;
            }
        }
        Ok(())
    })?;
    Ok(unread)
}

fn on_one_line(name: &str) -> String {
    name.replace(char::is_control, "\u{fffd}")
}

/// Every file that is asked for, by name, and what of the folders could not be looked at.
fn sources(args: &Args, configs: &mut Configs<'_>) -> Result<Found> {
    let here = [PathBuf::from(".")];
    let paths = if args.paths.is_empty() {
        &here[..]
    } else {
        &args.paths
    };
    let mut all = Found::default();
    for path in paths {
        let found = if path.as_os_str() == "-" {
            let input = Source {
                name: "-".to_owned(),
                path: None,
                is_asked: true,
                hint: Hint::Text,
            };
            Found {
                sources: vec![input],
                unread: Vec::new(),
            }
        } else {
            find(path)?
        };
        configs.add(path, &found.sources)?;
        all.sources.extend(found.sources);
        all.unread.extend(found.unread);
    }
    let sources = &mut all.sources;
    sources.sort_by(|a, b| (&a.name, !a.is_asked).cmp(&(&b.name, !b.is_asked)));
    sources.dedup_by(|a, b| a.name == b.name);
    Ok(all)
}

/// Repairs files, or shows how they would be repaired.
struct Work<'a> {
    args: &'a Args,
    printer: &'a Printer,
    configs: &'a Configs<'a>,
    sources: Option<Sources>,
    reader: Reader,
    missing: MissingPlatforms,
    notes: Vec<(String, Text)>,
    applied: usize,
    changed: usize,
}

impl<'a> Work<'a> {
    fn new(
        args: &'a Args,
        settings: &Settings,
        printer: &'a Printer,
        configs: &'a Configs<'a>,
    ) -> Result<Self> {
        let sources = args.repair.pin.then(|| settings.sources()).transpose()?;
        let colour = printer.report_settings(settings.language).colour;
        Ok(Self {
            args,
            printer,
            configs,
            sources: sources.map(Sources::new),
            reader: match (colour, &args.output) {
                (Colour::On, None) => Reader::Person,
                _ => Reader::Program,
            },
            missing: MissingPlatforms::new(),
            notes: Vec::new(),
            applied: 0,
            changed: 0,
        })
    }

    fn all(&mut self, files: &[Source], input: Option<&(Source, Vec<u8>)>) -> Result<()> {
        if input.is_some() && !self.args.repair.diff {
            let reason = "standard input cannot be written; `--diff` shows its repair";
            return Err(UsageError(reason.to_owned()).into());
        }
        let sources = self.sources.take();
        let mut pinner = sources.as_ref().map(Pinner::new);
        let mut diff = Vec::new();
        let read_files = files.iter().map(|source| (source, read(source).ok()));
        let input = input.map(|(source, bytes)| (source, Some(bytes.clone())));
        for (source, bytes) in read_files.chain(input) {
            // What cannot be read is told by the report.
            if let Some(bytes) = bytes {
                self.one(source, bytes, pinner.as_mut(), &mut diff)?;
            }
        }
        if let Some(pinner) = pinner {
            let (missing, notes) = pinner.done();
            self.missing = missing;
            self.notes.extend(notes);
        }
        if self.args.repair.diff {
            write(self.args.output.as_deref(), self.printer, |out, _| {
                out.write_all(&diff)
            })?;
        }
        Ok(())
    }

    fn one(
        &mut self,
        source: &Source,
        bytes: Vec<u8>,
        mut pinner: Option<&mut Pinner<'_>>,
        diff: &mut Vec<u8>,
    ) -> Result<()> {
        // Bytes that are no text would be lost; the report tells of them.
        let Ok(text) = String::from_utf8(bytes) else {
            return Ok(());
        };
        let settings = self.configs.of(source);
        let mut enrich = |file: &mut LintFile| {
            if let Some(pinner) = pinner.as_deref_mut() {
                pinner.pin(file);
            }
        };
        let least = self.args.repair.least();
        let repaired = repair(source, &text, &settings, least, &mut enrich);
        if let Some(pinner) = pinner {
            // What the report will be about.
            let left = if self.args.repair.diff {
                &text
            } else {
                &repaired.text
            };
            pinner.ask_platforms(source, left);
        }
        if repaired.is_refused {
            let note = Text::fixed(
                "some fixes were not applied: the file would no longer be read as it was",
                "部分修复未应用:应用后文件将无法正常解析",
            );
            self.notes.push((source.name.clone(), note));
        }
        if repaired.text == text {
            return Ok(());
        }
        self.applied += repaired.applied;
        self.changed += 1;
        if self.args.repair.diff {
            write_diff(&source.name, (&text, &repaired.text), self.reader, diff)?;
        } else if let Some(path) = &source.path {
            replace(path, &repaired.text)
                .with_context(|| format!("cannot write `{}`", path.display()))?;
        }
        Ok(())
    }

    /// Says how much was done, and gives what is to be told.
    fn done(self) -> Vec<(String, Text)> {
        let verb = if self.args.repair.diff {
            "would apply"
        } else {
            "applied"
        };
        let applied = counted(self.applied, "fix", "fixes");
        let changed = counted(self.changed, "file", "files");
        self.printer
            .say(&format!("plimsoll: {verb} {applied} to {changed}"));
        self.notes
    }
}

fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// Says of files what is told on standard error.
fn tell(notes: &[(String, Text)], settings: &Settings, printer: &Printer) {
    for (path, note) in notes {
        let text = note.get(settings.language);
        let line = format!("plimsoll: {path}: {text}");
        printer.say(&line.replace(|c: char| c.is_control(), "\u{fffd}"));
    }
}

fn list_rules(args: &Args, settings: &Settings, printer: &Printer) -> Result<Exit> {
    let format = match args.format.as_deref() {
        None | Some("terminal") => RulesFormat::List,
        Some("json") => RulesFormat::Json,
        Some("markdown") => RulesFormat::Markdown,
        Some(other) => {
            let reason =
                format!("`{other}` is not a format of rules; there are terminal, json, markdown");
            return Err(UsageError(reason).into());
        }
    };
    let shown = printer.report_settings(settings.language);
    write(args.output.as_deref(), printer, |out, _| {
        write_rules(&rules(), format, &shown, out)
    })?;
    Ok(Exit::Fine)
}

fn format(name: Option<&str>) -> Result<&'static dyn LintFormat> {
    let found = match name {
        None => LINTS.first(),
        Some(name) => LINTS.iter().find(|format| format.name() == name),
    };
    found.copied().ok_or_else(|| {
        let names: Vec<&str> = LINTS.iter().map(|format| format.name()).collect();
        UsageError(format!(
            "`{}` is not a format; there are {}",
            name.unwrap_or_default(),
            names.join(", ")
        ))
        .into()
    })
}

fn exit(report: &LintReport, configs: &Configs<'_>) -> Exit {
    let fails = report.files.iter().any(|file| {
        let mut findings = file.findings.iter();
        findings.any(|found| configs.fails(&file.path, found.severity))
            || !configs.is_told() && ends_build(file)
    });
    let is_whole =
        report.unread.is_empty() && report.files.iter().all(|file| file.errors.is_empty());
    match (fails, is_whole) {
        (true, _) => Exit::Unfit,
        (false, true) => Exit::Fine,
        (false, false) => Exit::Unknown,
    }
}
