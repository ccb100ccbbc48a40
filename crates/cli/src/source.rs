//! From the argument `IMAGE` to facts and assessments.

use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use plimsoll_assess::cache::DirCache;
use plimsoll_assess::image::platform;
use plimsoll_assess::image::reference::{
    ContentKind, ParseReferenceError, Reference, Surroundings, Target,
};
use plimsoll_assess::image::{Image, ImageError, ImageSource};
use plimsoll_assess::java_index::JavaIndex;
use plimsoll_assess::sbom;
use plimsoll_assess::share::release_of;
use plimsoll_assess::sources::{self, Sources};
use plimsoll_assess::store::Store;
use plimsoll_assess::{
    Knowledge, Lifecycles, ReadOptions, SignedBase, Trust, advisory, assess, attached_facts,
    base_signatures, read_facts, signatures, unsigned,
};
use plimsoll_model::Text;
use plimsoll_model::advisory::SeverityOrder;
use plimsoll_model::assessment::Assessment;
use plimsoll_model::base::TrustedBases;
use plimsoll_model::facts::ImageFacts;
use plimsoll_model::image::{Platform, SourceKind};
use plimsoll_model::signing::Signatures;
use plimsoll_policy::Policy;

use crate::exit::UsageError;
use crate::printer::Printer;
use crate::progress::Line;
use crate::settings::Settings;

/// Which image.
#[derive(Debug, clap::Args)]
pub(crate) struct ImageArgs {
    /// The image: `docker:NAME`, `podman:NAME`, `registry:NAME`, `docker-archive:FILE`, `oci-archive:FILE`,
    /// `oci-dir:DIR`, `dir:DIR`, `sbom:FILE` for a bill of materials without its image, `sbom:registry:NAME` for
    /// the one that the registry keeps beside the image, `purl:PURL` for one package and `purls:FILE` for a list of
    /// them, a line each, or a bare name: a path if it exists, else the local daemon, else the registry.
    image: String,
    /// Which platform of an image with several, such as `linux/arm64`.
    #[arg(long, value_name = "OS/ARCH[/VARIANT]")]
    platform: Option<String>,
}

impl ImageArgs {
    /// The argument as it was typed.
    pub(crate) fn name(&self) -> &str {
        &self.image
    }

    fn platform(&self) -> Result<Option<Platform>> {
        let Some(text) = &self.platform else {
            return Ok(None);
        };
        let platform = platform::parse(text).map_err(|error| UsageError(error.to_string()))?;
        Ok(Some(platform))
    }

    /// The sources to try, in order; never empty.
    fn sources(&self, settings: &Settings) -> Result<Vec<Box<dyn ImageSource>>> {
        let sources = Sources::new(settings.sources()?);
        let here = Here { sources: &sources };
        let targets =
            Target::find(&self.image, &here).map_err(|error| UsageError(error.to_string()))?;
        targets
            .iter()
            .map(|target| Ok(sources.source(&self.image, target)?))
            .collect()
    }
}

/// What is on this machine.
struct Here<'a> {
    sources: &'a Sources,
}

impl Surroundings for Here<'_> {
    fn at(&self, path: &Path) -> Option<ContentKind> {
        plimsoll_assess::image::sources::at(path)
    }

    fn daemons(&self) -> Vec<SourceKind> {
        self.sources.daemons()
    }
}

/// Whether a source said that it does not have the image, so that the next one may be asked.
fn is_absent(error: &ImageError) -> bool {
    matches!(error, ImageError::NotFound { .. })
}

/// Opens the image without reading its layers.
pub(crate) fn opened(args: &ImageArgs, settings: &Settings) -> Result<Image> {
    let platform = args.platform()?;
    let mut last = None;
    for source in args.sources(settings)? {
        match source.open(platform.as_ref()) {
            Ok(image) => return Ok(image),
            Err(error) if is_absent(&error) => last = Some(error),
            Err(error) => return Err(error.into()),
        }
    }
    Err(last.map_or_else(
        || anyhow::anyhow!("no source for `{}`", args.image),
        Into::into,
    ))
}

/// Reads what the image's layers say.
pub(crate) fn facts(
    args: &ImageArgs,
    settings: &Settings,
    printer: &Printer,
) -> Result<ImageFacts> {
    Ok(facts_of(args, settings, printer)?.0)
}

/// What the image's layers say, and where they were read; `None` where there was no image.
type FactsOf = (ImageFacts, Option<Box<dyn ImageSource>>);

fn facts_of(args: &ImageArgs, settings: &Settings, printer: &Printer) -> Result<FactsOf> {
    if let Some(facts) = listed_facts(args, settings)? {
        return Ok((facts, None));
    }
    let platform = args.platform()?;
    let java_index = settings.java_index.as_ref().map(|file| {
        JavaIndex::open(file).with_context(|| format!("cannot use `{}`", file.display()))
    });
    let java_index = java_index.transpose()?;
    let cache = DirCache::new(settings.cache_dir.join("facts"));
    let progress = Line::new(printer.shows_progress());
    let side_by_side = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let options = ReadOptions {
        platform: platform.as_ref(),
        limits: sources::limits(),
        cache: &cache,
        side_by_side: side_by_side.min(4),
        java_index: java_index.as_ref(),
        progress: &progress,
    };
    let mut last = None;
    for source in args.sources(settings)? {
        match read_facts(source.as_ref(), &options) {
            Ok(facts) => return Ok((facts, Some(source))),
            Err(error) if is_absent(&error) => last = Some(error),
            Err(error) => return Err(error.into()),
        }
    }
    Err(last.map_or_else(
        || anyhow::anyhow!("no source for `{}`", args.image),
        Into::into,
    ))
}

/// What a list of packages says that stands in the place of an image.
fn listed_facts(args: &ImageArgs, settings: &Settings) -> Result<Option<ImageFacts>> {
    let platform = args.platform()?;
    if let Some(name) = args.image.strip_prefix("sbom:registry:") {
        let reference: Reference = name
            .parse()
            .map_err(|error: ParseReferenceError| UsageError(error.to_string()))?;
        let source = Sources::new(settings.sources()?).registry(&args.image, &reference);
        return Ok(Some(attached_facts(&source, platform.as_ref())?));
    }
    if let Some(file) = args.image.strip_prefix("sbom:") {
        return sbom_facts(file).map(Some);
    }
    if let Some(list) = args.image.strip_prefix("purls:") {
        return sbom_facts(list).map(Some);
    }
    if let Some(purl) = purl(&args.image) {
        if plimsoll_model::purl::parse(purl).is_none() {
            return Err(UsageError(format!("`{purl}` is not a package URL")).into());
        }
        let document = sbom::Format::Purls.read(purl.as_bytes())?;
        return Ok(Some(sbom::facts(&document, &args.image)));
    }
    Ok(None)
}

/// A single package URL, `purl:pkg:npm/lodash@4.17.20` or without the prefix; no image is called so.
fn purl(text: &str) -> Option<&str> {
    let bare = text.strip_prefix("purl:").unwrap_or(text);
    (bare.starts_with("pkg:") || bare.len() < text.len()).then_some(bare)
}

/// Reads a bill of materials, `-` from standard input.
pub(crate) fn document(file: &str) -> Result<sbom::Document> {
    let limit = sbom::LIMIT as u64 + 1;
    let mut bytes = Vec::new();
    let read = if file == "-" {
        std::io::stdin().lock().take(limit).read_to_end(&mut bytes)
    } else {
        std::fs::File::open(file).and_then(|file| file.take(limit).read_to_end(&mut bytes))
    };
    read.with_context(|| format!("cannot read `{file}`"))?;
    sbom::read(&bytes).with_context(|| format!("cannot read `{file}`"))
}

/// What a bill of materials says of its image.
pub(crate) fn sbom_facts(file: &str) -> Result<ImageFacts> {
    Ok(sbom::facts(&document(file)?, file))
}

/// A database, and until when its publisher stands by it.
pub(crate) struct Opened {
    pub(crate) database: advisory::Database,
    pub(crate) expires: Option<Timestamp>,
}

/// The file of the database that was asked for, else of the one in the cache, if there is one.
pub(crate) fn database_file(settings: &Settings) -> Result<Option<PathBuf>> {
    let cached = settings.cached_db();
    let Some(asked) = &settings.db else {
        return Ok(cached.is_file().then_some(cached));
    };
    match asked.to_str().filter(|text| text.starts_with("sha256:")) {
        Some(id) if !asked.is_file() => match Store::at(&cached).find(id) {
            Some(file) => Ok(Some(file)),
            None => anyhow::bail!("the cache does not have the advisory database {id}"),
        },
        _ => Ok(Some(asked.clone())),
    }
}

/// The database that was asked for, else the one in the cache, else the built-in watchlist.
pub(crate) fn database(settings: &Settings) -> Result<Opened> {
    let Some(file) = database_file(settings)? else {
        return Ok(Opened {
            database: advisory::Database::watchlist()?,
            expires: None,
        });
    };
    let database = advisory::Database::open(&file)
        .with_context(|| format!("cannot open advisory database `{}`", file.display()))?;
    let release = release_of(&settings.cached_db(), &database.snapshot().id);
    Ok(Opened {
        expires: release.map(|release| release.expires),
        database,
    })
}

/// What of a policy is asked for before anything is decided.
#[derive(Debug)]
pub(crate) struct Demands<'a> {
    severity_order: &'a SeverityOrder,
    trusted_bases: &'a TrustedBases,
    trust: Trust,
}

impl<'a> Demands<'a> {
    /// What a policy asks for; the files that it names are looked for from its `folder`.
    pub(crate) fn of(policy: &'a Policy, folder: &Path) -> Result<Self> {
        Ok(Self {
            severity_order: &policy.severity_order,
            trusted_bases: &policy.trusted_bases,
            trust: Trust::load(&policy.signed_by, folder)?,
        })
    }
}

/// Reads the image and holds it against advisories and checks.
pub(crate) fn assessed(
    args: &ImageArgs,
    settings: &Settings,
    printer: &Printer,
    demands: &Demands<'_>,
    now: Timestamp,
) -> Result<Assessment> {
    // The database first: what is wrong with it should not be learnt after minutes of reading.
    let database = database(settings)?;
    let (facts, source) = facts_of(args, settings, printer)?;
    let signed = match source {
        None => None,
        Some(source) => Some(Signed {
            image: signatures(source.as_ref(), &facts.subject, &demands.trust),
            base: base_signatures(&Sources::new(settings.sources()?), &facts, &demands.trust),
        }),
    };
    judged(facts, &database, demands, signed, now)
}

/// What became of the signatures of an image and of its base.
pub(crate) struct Signed {
    image: Signatures,
    base: Option<SignedBase>,
}

/// Holds facts against advisories and checks; `signed` is what became of signatures, where there was an image.
pub(crate) fn judged(
    facts: ImageFacts,
    opened: &Opened,
    demands: &Demands<'_>,
    signed: Option<Signed>,
    now: Timestamp,
) -> Result<Assessment> {
    let database = &opened.database;
    let signed = signed.unwrap_or_else(|| {
        let why = unsigned(facts.subject.source);
        let image = Signatures::NotAsked(why.unwrap_or(Text::fixed("it was not asked", "未检查")));
        Signed { image, base: None }
    });
    let mut lifecycles = Lifecycles::built_in();
    let (rows, date) = database.lifecycles()?;
    lifecycles.replace(rows, date.map(|date| date.to_zoned(TimeZone::UTC).date()));
    let knowledge = Knowledge {
        database,
        expires: opened.expires,
        lifecycles: &lifecycles,
        severity_order: demands.severity_order,
        trusted_bases: demands.trusted_bases,
        signatures: &signed.image,
        signed_base: signed.base.as_ref(),
        now,
        program: env!("CARGO_PKG_VERSION"),
    };
    Ok(assess(facts, &knowledge))
}
