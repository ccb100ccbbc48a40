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

/// Whose databases this program trusts when nobody names a key. Who releases the program puts the public keys there.
const BUILT_IN: &str = include_str!("../../../keys/publishers.pem");

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
    /// Whose signature is trusted, instead of the keys that are built in: a PEM file with a public key; may be given
    /// several times.
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
    let trusted = trusted(&files, BUILT_IN)?;
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

/// The keys in these files, or those that are built in where no file is named.
fn trusted(files: &[PathBuf], built_in: &str) -> Result<Vec<PublicKey>> {
    let mut trusted = Vec::new();
    for file in files {
        let key = PublicKey::from_pem(&read(file)?);
        trusted.push(key.with_context(|| format!("cannot trust `{}`", file.display()))?);
    }
    if files.is_empty() {
        trusted = PublicKey::all_from_pem(built_in.as_bytes())
            .context("cannot trust the keys that are built in")?;
    }
    if trusted.is_empty() {
        return Err(UsageError(
            "no key is trusted, and none is built in; name the publisher's public key with `--key` or for good in \
             `PLIMSOLL_DB_KEY`, or make the database here with `plimsoll db update`"
                .to_owned(),
        )
        .into());
    }
    Ok(trusted)
}

fn reference(name: &str) -> Result<Reference> {
    let name = name.strip_prefix("registry:").unwrap_or(name);
    let parsed = name.parse();
    Ok(parsed.map_err(|error: ParseReferenceError| UsageError(error.to_string()))?)
}

fn read(file: &Path) -> Result<Vec<u8>> {
    std::fs::read(file).with_context(|| format!("cannot read `{}`", file.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fixture(name: &str) -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../trust/fixtures")
            .join(name)
    }

    fn text(name: &str) -> String {
        std::fs::read_to_string(fixture(name)).expect("the fixture is there")
    }

    fn ids(keys: &[PublicKey]) -> Vec<String> {
        keys.iter().map(PublicKey::id).collect()
    }

    #[test]
    fn keys_of_a_release_are_trusted_unless_somebody_names_another() {
        let (first, second) = (text("ed25519.pub"), text("p256.pub"));
        let built_in = format!("Until 2027:\n{first}\nFrom 2027 on:\n{second}");
        let both = trusted(&[], &built_in).expect("both are keys");
        let key = |name: &str| {
            PublicKey::from_pem(text(name).as_bytes())
                .expect("a key")
                .id()
                .clone()
        };
        assert_eq!(ids(&both), [key("ed25519.pub"), key("p256.pub")]);
        let named = trusted(&[fixture("p256.pub")], &first).expect("it is a key");
        assert_eq!(ids(&named), [key("p256.pub")]);
    }

    #[test]
    fn without_any_key_nothing_is_pulled() {
        let error = trusted(&[], "Nobody yet.\n").expect_err("nobody is trusted");
        assert!(error.is::<UsageError>(), "{error}");
        let cut = &text("ed25519.pub")[..40];
        let error = trusted(&[], cut).expect_err("it is cut off");
        assert!(error.to_string().contains("built in"), "{error}");
        let error = trusted(&[], &text("ed25519.pem")).expect_err("it is secret");
        assert!(!error.to_string().is_empty());
    }

    #[test]
    fn the_file_in_the_repository_holds_public_keys_only() {
        assert!(!BUILT_IN.contains("PRIVATE"));
        PublicKey::all_from_pem(BUILT_IN.as_bytes()).expect("each block is a key");
    }
}
