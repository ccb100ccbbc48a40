//! What the linter is told: settings files of the folder, and arguments over them.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use plimsoll_assess::lint::{Source, lifecycles, rules_named};
use plimsoll_model::lifecycle::Lifecycle;
use plimsoll_model::lint::settings::Settings;
use plimsoll_model::{Severity, Text};
use plimsoll_policy::{FailOn, LintConfig, lint_config_names, read_lint_config};

use crate::exit::UsageError;

/// What a user may tell the linter.
#[derive(Debug, clap::Args)]
pub(crate) struct LintArgs {
    /// The least severity that makes the exit code 1: critical, high, medium, low, negligible or never; low, if
    /// nobody says otherwise.
    #[arg(long, value_name = "SEVERITY")]
    fail_on: Option<String>,
    /// Lay the findings of this rule aside, by id or alias such as `DL3007`; may be given several times.
    #[arg(long, value_name = "RULE")]
    ignore: Vec<String>,
    /// Run this rule alone; may be given several times.
    #[arg(long, value_name = "RULE")]
    only: Vec<String>,
    /// Run this rule, which is off by default; may be given several times.
    #[arg(long, value_name = "RULE")]
    enable: Vec<String>,
    /// Settings file to read instead of those in the folder: ours (TOML), or hadolint's, Trivy's or Dockle's, known
    /// by its name.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

/// Bytes that are read of one file.
const LIMIT: u64 = 5 << 20;

/// The settings of every folder that was asked for.
#[derive(Debug)]
pub(crate) struct Configs<'a> {
    args: &'a LintArgs,
    now: Timestamp,
    lifecycles: Arc<[Lifecycle]>,
    folders: BTreeMap<PathBuf, LintConfig>,
    /// The folder of each source, by name.
    of: BTreeMap<String, PathBuf>,
}

impl<'a> Configs<'a> {
    /// None yet; arguments that make no sense are refused.
    pub(crate) fn new(args: &'a LintArgs) -> Result<Self> {
        let ignored = args.ignore.iter().filter(|name| !is_shellcheck(name));
        for name in ignored.chain(&args.only).chain(&args.enable) {
            if rules_named(name).is_empty() {
                let reason = format!("there is no rule `{name}`; `--list-rules` lists them");
                return Err(UsageError(reason).into());
            }
        }
        if let Some(word) = &args.fail_on {
            fail_on(word)?;
        }
        Ok(Self {
            args,
            now: Timestamp::now(),
            lifecycles: lifecycles(),
            folders: BTreeMap::new(),
            of: BTreeMap::new(),
        })
    }

    /// Reads the settings files for what was found below a path; those of the folder you are in count where it has
    /// none of its own.
    pub(crate) fn add(&mut self, path: &Path, sources: &[Source]) -> Result<()> {
        let here = Path::new(".");
        let has_own =
            path.is_dir() && lint_config_names().any(|(name, _)| path.join(name).is_file());
        let folder = if has_own { path } else { here };
        if !self.folders.contains_key(folder) {
            let config = match &self.args.config {
                Some(file) => self.read(file)?,
                None => self.read_folder(folder)?,
            };
            self.folders
                .insert(folder.to_owned(), self.finished(config)?);
        }
        for source in sources {
            // Where two folders hold a file, the first that was named decides.
            let of = self.of.entry(source.name.clone());
            of.or_insert_with(|| folder.to_owned());
        }
        Ok(())
    }

    fn read_folder(&self, folder: &Path) -> Result<LintConfig> {
        let mut all = LintConfig::default();
        let mut last = None;
        for (name, group) in lint_config_names() {
            let file = folder.join(name);
            if last == Some(group) || !file.is_file() {
                continue;
            }
            last = Some(group);
            all.extend(self.read(&file)?);
        }
        Ok(all)
    }

    fn read(&self, file: &Path) -> Result<LintConfig> {
        let name = file.strip_prefix(".").unwrap_or(file).display().to_string();
        let mut bytes = Vec::new();
        std::fs::File::open(file)
            .and_then(|open| open.take(LIMIT).read_to_end(&mut bytes))
            .with_context(|| format!("cannot read settings `{name}`"))?;
        Ok(read_lint_config(&name, &bytes, self.now)?)
    }

    /// With the arguments, which weigh more than any file; rules that there are not are refused or told.
    fn finished(&self, config: LintConfig) -> Result<LintConfig> {
        let mut out = LintConfig::default();
        out.settings.ignored = self
            .args
            .ignore
            .iter()
            .map(|name| (name.clone(), "--ignore".to_owned()))
            .collect();
        out.settings.enabled = self.args.enable.iter().cloned().collect();
        out.settings.only = self.args.only.iter().cloned().collect();
        out.settings.today = self.now.to_zoned(TimeZone::UTC).date().to_string();
        out.settings.lifecycles = Arc::clone(&self.lifecycles);
        if let Some(word) = &self.args.fail_on {
            out.fail_on = Some(fail_on(word)?);
        }
        let mut unknown = Vec::new();
        let settings = &config.settings;
        let enabled = settings.enabled.iter().chain(settings.severities.keys());
        let named = enabled.map(|name| (name, None));
        let ignored = settings.ignored.iter().map(|(name, by)| (name, Some(by)));
        for (name, by) in named.chain(ignored) {
            if !rules_named(name).is_empty() || is_shellcheck(name) {
                continue;
            }
            match by {
                Some(by) if by.rsplit_once('.').is_none_or(|(_, end)| end != "toml") => unknown
                    .push((
                        by.clone(),
                        Text::new(
                            format!("`{name}` is no rule here"),
                            format!("`{name}` 在此不是规则"),
                        ),
                    )),
                Some(by) => bail!("settings `{by}` name `{name}`, which is no rule"),
                None if name.starts_with("DL") => {}
                None => bail!("the settings name `{name}`, which is no rule"),
            }
        }
        out.extend(config);
        out.notes.extend(unknown);
        Ok(out)
    }

    /// What holds for one file.
    pub(crate) fn of(&self, source: &Source) -> Cow<'_, Settings> {
        let folder = self.of.get(&source.name);
        let config = folder.and_then(|folder| Some((folder, self.folders.get(folder)?)));
        let Some((folder, config)) = config else {
            return Cow::Owned(Settings::default());
        };
        let name = Path::new(&source.name);
        let folder = folder.strip_prefix(".").unwrap_or(folder);
        let below = name.strip_prefix(folder).unwrap_or(name);
        config.of_file(&below.to_string_lossy())
    }

    /// What settings files say that means nothing here.
    pub(crate) fn notes(&self) -> Vec<(String, Text)> {
        let notes = self
            .folders
            .values()
            .flat_map(|config| config.notes.clone());
        let mut notes: Vec<_> = notes.collect();
        notes.sort();
        notes.dedup();
        notes
    }

    /// Whether `--fail-on` was given, which weighs more than any file.
    pub(crate) fn is_told(&self) -> bool {
        self.args.fail_on.is_some()
    }

    /// Whether a finding of that severity in that file makes the exit code 1.
    pub(crate) fn fails(&self, path: &str, severity: Severity) -> bool {
        let config = self
            .of
            .get(path)
            .and_then(|folder| self.folders.get(folder));
        match config.and_then(|config| config.fail_on) {
            None => severity >= Severity::Low,
            Some(FailOn::From(least)) => severity >= least,
            Some(FailOn::Never) => false,
        }
    }
}

/// Whether it is an id of `ShellCheck`, of whose rules we have those that matter in build files; who lays aside one
/// of the others is not wrong.
fn is_shellcheck(name: &str) -> bool {
    let number = name.strip_prefix("SC");
    number.is_some_and(|number| number.len() == 4 && number.bytes().all(|b| b.is_ascii_digit()))
}

fn fail_on(word: &str) -> Result<FailOn> {
    if word == "never" {
        return Ok(FailOn::Never);
    }
    let mut known = Severity::WORST_FIRST.into_iter();
    let found = known.find(|one| one.name() == word && *one != Severity::Unknown);
    found.map(FailOn::From).ok_or_else(|| {
        let reason = format!(
            "`{word}` is no severity; there are critical, high, medium, low, negligible and never"
        );
        UsageError(reason).into()
    })
}
