//! What people say of findings: VEX documents and ignore files, as arguments.

use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use jiff::Timestamp;
use plimsoll_assess::attached_vex;
use plimsoll_assess::image::reference::Reference;
use plimsoll_assess::sources::Sources;
use plimsoll_model::assessment::Assessment;
use plimsoll_model::image::SourceKind;
use plimsoll_model::{Problem, Stage};
use plimsoll_policy::{Statements, read_ignore_file, read_vex, triage};

use crate::exit::UsageError;
use crate::settings::Settings;

/// What is said of flaws, besides the policy file.
#[derive(Debug, clap::Args)]
pub(crate) struct StatementArgs {
    /// A VEX document (OpenVEX, CSAF or CycloneDX); `attested` stands for those that the registry keeps beside the
    /// image. May be given several times. A statement counts only for the product that it names.
    #[arg(long, value_name = "FILE|attested")]
    vex: Vec<String>,
    /// An ignore file of another scanner, known by its name: `.trivyignore`, `.trivyignore.yaml`, `.grype.yaml`,
    /// `.snyk` or `osv-scanner.toml`. May be given several times; none is read unless it is given.
    #[arg(long, value_name = "FILE")]
    ignore_file: Vec<PathBuf>,
}

/// Bytes that are read of one file.
const LIMIT: u64 = 65 << 20;

impl StatementArgs {
    /// Whether there is one.
    pub(crate) fn is_given(&self) -> bool {
        !self.vex.is_empty() || !self.ignore_file.is_empty()
    }

    /// Reads the files, so that what is wrong with them is known before the image is read.
    pub(crate) fn read(&self) -> Result<Statements> {
        let mut all = Statements::default();
        for file in self.vex.iter().filter(|file| *file != ATTESTED) {
            let mut read = read_vex(file, &bytes(Path::new(file))?)?;
            if read.rows.is_empty() && read.notes.is_empty() {
                let reason = "it says nothing of any flaw";
                read.notes
                    .push(Problem::note(Stage::Policy, file.as_str(), reason));
            }
            all.extend(read);
        }
        for file in &self.ignore_file {
            all.extend(read_ignore_file(
                &file.display().to_string(),
                &bytes(file)?,
            )?);
        }
        Ok(all)
    }

    /// Holds the statements against the findings; those of the registry are fetched now.
    pub(crate) fn apply(
        &self,
        mut statements: Statements,
        assessment: &mut Assessment,
        settings: &Settings,
        now: Timestamp,
    ) -> Result<()> {
        if self.vex.iter().any(|file| file == ATTESTED) {
            attested(&mut statements, assessment, settings)?;
        }
        assessment.problems.append(&mut statements.notes);
        triage(&statements.rows, assessment, now);
        Ok(())
    }
}

/// Reads what the registry keeps beside the image.
fn attested(
    statements: &mut Statements,
    assessment: &mut Assessment,
    settings: &Settings,
) -> Result<()> {
    let subject = &assessment.facts.subject;
    if subject.source != SourceKind::Registry {
        let reason = "`--vex attested` needs an image of a registry";
        return Err(UsageError(reason.to_owned()).into());
    }
    let name = &subject.requested;
    let bare = name.strip_prefix("registry:").unwrap_or(name);
    let reference: Reference = bare.parse()?;
    let source = Sources::new(settings.sources()?).registry(name, &reference);
    let (documents, problems) = attached_vex(&source, subject)?;
    statements.notes.extend(problems);
    for (place, bytes) in documents {
        match read_vex(&place, &bytes) {
            Ok(read) => statements.extend(read),
            Err(error) => {
                let problem = Problem::gap(Stage::Policy, place, error.reason);
                statements.notes.push(problem);
            }
        }
    }
    Ok(())
}

/// The word for what the registry keeps.
const ATTESTED: &str = "attested";

fn bytes(path: &Path) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    std::fs::File::open(path)
        .and_then(|file| file.take(LIMIT).read_to_end(&mut bytes))
        .with_context(|| format!("cannot read `{}`", path.display()))?;
    Ok(bytes)
}
