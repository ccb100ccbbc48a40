//! `plimsoll db push` and `plimsoll db pull`: the database through a registry.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use jiff::{SignedDuration, Timestamp};
use plimsoll_assess::image::reference::{ParseReferenceError, Reference};
use plimsoll_assess::share::{self, PullRequest, PushRequest};
use plimsoll_assess::sources::Sources;
use plimsoll_assess::trust::key::{PublicKey, SecretKey};

use crate::exit::{Exit, UsageError};
use crate::printer::Printer;
use crate::settings::Settings;
use crate::source::database_file;

#[derive(Debug, clap::Args)]
pub(crate) struct PushArgs {
    /// Where to, such as `registry.example/security/advisories:latest`.
    name: String,
    /// Who signs: a PEM file with a PKCS #8 key, Ed25519 or ECDSA P-256.
    #[arg(long, value_name = "FILE")]
    sign_key: PathBuf,
    /// For how many days the release holds.
    #[arg(long, value_name = "DAYS", default_value_t = 7, value_parser = clap::value_parser!(u16).range(1..))]
    valid: u16,
    /// Counter of the release, greater than all before it; by default the seconds since 1970.
    #[arg(long, value_name = "NUMBER")]
    counter: Option<u64>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct PullArgs {
    /// Where from.
    name: String,
    /// Whose signature is trusted: a PEM file with a public key; may be given several times.
    #[arg(long, value_name = "FILE")]
    key: Vec<PathBuf>,
}

pub(super) fn push(args: &PushArgs, settings: &Settings, printer: &Printer) -> Result<Exit> {
    let reference = reference(&args.name)?;
    let Some(database) = database_file(settings)? else {
        return Err(UsageError(
            "there is no database to push; build or update one, or name one with `--db`".to_owned(),
        )
        .into());
    };
    let key = SecretKey::from_pem(&read(&args.sign_key)?)
        .with_context(|| format!("cannot sign with `{}`", args.sign_key.display()))?;
    let now = Timestamp::now();
    let valid = SignedDuration::from_hours(i64::from(args.valid).saturating_mul(24));
    let request = PushRequest {
        database: &database,
        key: &key,
        counter: args.counter,
        now,
        expires: now.saturating_add(valid)?,
    };
    let registry = Sources::new(settings.sources()?).registry(&args.name, &reference);
    let (digest, release) = share::push(&registry, &request)?;
    printer.say(&format!(
        "pushed {} as {digest}, counter {}, signed by {}, valid until {}",
        release.snapshot,
        release.counter,
        key.public().id(),
        release.expires
    ));
    Ok(Exit::Fine)
}

pub(super) fn pull(args: &PullArgs, settings: &Settings, printer: &Printer) -> Result<Exit> {
    let reference = reference(&args.name)?;
    let given = settings.variable("PLIMSOLL_DB_KEY").map(PathBuf::from);
    let files = if args.key.is_empty() {
        given.into_iter().collect()
    } else {
        args.key.clone()
    };
    let trusted = files
        .iter()
        .map(|file| {
            PublicKey::from_pem(&read(file)?)
                .with_context(|| format!("cannot trust `{}`", file.display()))
        })
        .collect::<Result<Vec<_>>>()?;
    if trusted.is_empty() {
        return Err(UsageError(
            "no key is trusted, and none is built in; name the publisher's public key with `--key` or for good in \
             `PLIMSOLL_DB_KEY`, or make the database here with `plimsoll db update`"
                .to_owned(),
        )
        .into());
    }
    let database = settings.cached_db();
    let request = PullRequest {
        repository: &reference.repository(),
        trusted: &trusted,
        now: Timestamp::now(),
        database: &database,
    };
    let registry = Sources::new(settings.sources()?).registry(&args.name, &reference);
    let release = share::pull(&registry, &request)?;
    printer.say(&format!(
        "pulled {}, counter {}, published {}, valid until {}",
        release.snapshot, release.counter, release.published, release.expires
    ));
    Ok(Exit::Fine)
}

fn reference(name: &str) -> Result<Reference> {
    let name = name.strip_prefix("registry:").unwrap_or(name);
    let parsed = name.parse();
    Ok(parsed.map_err(|error: ParseReferenceError| UsageError(error.to_string()))?)
}

fn read(file: &Path) -> Result<Vec<u8>> {
    std::fs::read(file).with_context(|| format!("cannot read `{}`", file.display()))
}
