//! Settings: arguments over environment over defaults, resolved once.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::{Args, ValueEnum};
use jiff::Timestamp;
use plimsoll_assess::image::sources::DaemonAddress;
use plimsoll_assess::net;
use plimsoll_assess::sources::SourceSettings;
use plimsoll_model::image::SourceKind;
use plimsoll_model::text::Language;

use crate::exit::UsageError;

/// The arguments that every verb takes.
#[derive(Debug, Args)]
pub(crate) struct CommonArgs {
    /// Advisory database to use instead of the newest one in the cache: a file, or the snapshot id of one in the
    /// cache.
    #[arg(long, global = true, value_name = "FILE|sha256:ID")]
    db: Option<PathBuf>,
    /// Folder for facts of layers and the advisory database.
    #[arg(long, global = true, value_name = "DIR")]
    cache_dir: Option<PathBuf>,
    /// Index of Java archives, lines `sha1 group:artifact:version` sorted by bytes, for archives that do not
    /// say what they are.
    #[arg(long, global = true, value_name = "FILE")]
    java_index: Option<PathBuf>,
    /// Use no network; sockets of this machine and loopback addresses remain.
    #[arg(long, global = true)]
    offline: bool,
    /// Say nothing but data and errors.
    #[arg(short, long, global = true)]
    quiet: bool,
    /// Language of reports.
    #[arg(long, global = true, value_name = "LANG")]
    lang: Option<LanguageArg>,
    /// Speak plain HTTP to this registry; may be given several times. Loopback addresses need no permission.
    #[arg(long, global = true, value_name = "HOST[:PORT]")]
    plain_http: Vec<String>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum LanguageArg {
    /// English.
    En,
    /// Simplified Chinese.
    Zh,
}

/// The environment variables that the program reads, and what for.
pub(crate) const VARIABLES: &[(&str, &str)] = &[
    ("PLIMSOLL_DB", "advisory database, as --db"),
    (
        "PLIMSOLL_DB_KEY",
        "public key whose databases `db pull` takes, as --key",
    ),
    ("PLIMSOLL_CACHE_DIR", "cache folder, as --cache-dir"),
    (
        "PLIMSOLL_JAVA_INDEX",
        "index of Java archives, as --java-index",
    ),
    ("PLIMSOLL_OFFLINE", "1 means --offline"),
    ("PLIMSOLL_LANG", "en or zh, as --lang"),
    (
        "PLIMSOLL_FEED_URLS",
        "base addresses of feeds, NAME=URL separated by spaces, for `db update`",
    ),
    ("NO_COLOR", "set and not empty: no colours"),
    ("COLUMNS", "width of the terminal"),
    ("XDG_CACHE_HOME", "where the cache folder is by default"),
    ("HOME", "home folder"),
    ("DOCKER_HOST", "address of the Docker daemon"),
    ("DOCKER_CONFIG", "folder of Docker's config.json"),
    ("CONTAINER_HOST", "address of the Podman service"),
    ("XDG_RUNTIME_DIR", "where Podman's socket is by default"),
    ("HTTP_PROXY", "proxy for plain addresses"),
    ("HTTPS_PROXY", "proxy for TLS addresses"),
    ("NO_PROXY", "hosts that are reached without a proxy"),
    (
        "SSL_CERT_FILE",
        "certificates to trust instead of the system's",
    ),
    (
        "SOURCE_DATE_EPOCH",
        "time of bills of materials, seconds since 1970",
    ),
    ("GITHUB_SHA", "commit of a dependency snapshot"),
    ("GITHUB_REF", "branch or tag of a dependency snapshot"),
    ("GITHUB_RUN_ID", "run of a dependency snapshot"),
    ("GITHUB_WORKFLOW", "workflow of a dependency snapshot"),
    ("GITHUB_JOB", "job of a dependency snapshot"),
];

/// What the environment says; read once.
#[derive(Debug, Default)]
pub(crate) struct Environment(BTreeMap<&'static str, OsString>);

impl Environment {
    /// Reads every variable of [`VARIABLES`]; proxies in lower case too, as is the custom.
    pub(crate) fn read() -> Self {
        let mut found = BTreeMap::new();
        for (name, _) in VARIABLES {
            let value = std::env::var_os(name).or_else(|| {
                name.ends_with("_PROXY")
                    .then(|| std::env::var_os(name.to_lowercase()))
                    .flatten()
            });
            if let Some(value) = value.filter(|value| !value.is_empty()) {
                found.insert(*name, value);
            }
        }
        Self(found)
    }

    pub(crate) fn path(&self, name: &str) -> Option<PathBuf> {
        self.0.get(name).map(PathBuf::from)
    }

    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).and_then(|value| value.to_str())
    }
}

/// How much is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Volume {
    Usual,
    Quiet,
}

/// Whether the network may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    Online,
    Offline,
}

/// Settings as the verbs use them.
#[derive(Debug)]
pub(crate) struct Settings {
    /// A database that was asked for by name.
    pub(crate) db: Option<PathBuf>,
    /// An index of Java archives.
    pub(crate) java_index: Option<PathBuf>,
    /// The cache folder.
    pub(crate) cache_dir: PathBuf,
    pub(crate) reach: Reach,
    pub(crate) volume: Volume,
    pub(crate) language: Language,
    pub(crate) colour_wanted: bool,
    pub(crate) width: usize,
    /// Registries that are spoken to without TLS.
    pub(crate) plain_http: Vec<String>,
    /// Places of other programs' settings: daemons, credentials, proxies.
    pub(crate) environment: BTreeMap<&'static str, String>,
}

impl Settings {
    pub(crate) fn resolve(args: &CommonArgs, environment: &Environment) -> Result<Self> {
        let language = match (args.lang, environment.text("PLIMSOLL_LANG")) {
            (Some(LanguageArg::En), _) | (None, None | Some("en")) => Language::En,
            (Some(LanguageArg::Zh), _) | (None, Some("zh")) => Language::Zh,
            (None, Some(other)) => {
                anyhow::bail!("`PLIMSOLL_LANG` is `{other}`, neither `en` nor `zh`")
            }
        };
        let offline = args.offline || environment.text("PLIMSOLL_OFFLINE") == Some("1");
        let width = environment
            .text("COLUMNS")
            .and_then(|text| text.parse().ok())
            .unwrap_or(100);
        Ok(Self {
            db: args.db.clone().or_else(|| environment.path("PLIMSOLL_DB")),
            java_index: args
                .java_index
                .clone()
                .or_else(|| environment.path("PLIMSOLL_JAVA_INDEX")),
            cache_dir: cache_dir(args, environment)
                .context("cannot tell where the cache folder is")?,
            reach: if offline {
                Reach::Offline
            } else {
                Reach::Online
            },
            volume: if args.quiet {
                Volume::Quiet
            } else {
                Volume::Usual
            },
            language,
            colour_wanted: environment.text("NO_COLOR").is_none(),
            width,
            plain_http: args.plain_http.clone(),
            environment: environment
                .0
                .iter()
                .filter_map(|(name, value)| Some((*name, value.to_str()?.to_owned())))
                .collect(),
        })
    }

    /// Where `db update` keeps the database.
    pub(crate) fn cached_db(&self) -> PathBuf {
        self.cache_dir.join("db").join("advisories.db")
    }

    /// Speaks to registries, daemons and feeds.
    pub(crate) fn client(&self) -> net::Client {
        let text = |name: &str| self.variable(name).map(str::to_owned);
        net::Client::new(net::Settings {
            network: match self.reach {
                Reach::Online => net::Network::Online,
                Reach::Offline => net::Network::Offline,
            },
            timeouts: net::Timeouts::USUAL,
            retry: net::Retry::USUAL,
            proxies: net::Proxies {
                http: text("HTTP_PROXY"),
                https: text("HTTPS_PROXY"),
                none_for: text("NO_PROXY").unwrap_or_default(),
            },
            roots: match self.variable("SSL_CERT_FILE") {
                Some(file) => net::Roots::Files(vec![file.into()]),
                None => net::Roots::System,
            },
            user_agent: concat!("plimsoll/", env!("CARGO_PKG_VERSION")).to_owned(),
        })
    }

    /// What sources of images need to know.
    pub(crate) fn sources(&self) -> Result<SourceSettings> {
        let folder = |name: &str| self.variable(name).map(PathBuf::from);
        let (home, runtime) = (folder("HOME"), folder("XDG_RUNTIME_DIR"));
        let docker = folder("DOCKER_CONFIG").or_else(|| Some(home.as_ref()?.join(".docker")));
        let credentials = [
            docker.map(|folder| folder.join("config.json")),
            runtime
                .as_ref()
                .map(|folder| folder.join("containers/auth.json")),
            home.as_ref()
                .map(|home| home.join(".config/containers/auth.json")),
        ];
        let addresses = |kind, variable| match self.variable(variable) {
            Some(text) => Ok(vec![
                text.parse::<DaemonAddress>()
                    .with_context(|| format!("`{variable}` cannot be used"))?,
            ]),
            None => Ok::<_, anyhow::Error>(DaemonAddress::usual(
                kind,
                runtime.as_deref(),
                home.as_deref(),
            )),
        };
        Ok(SourceSettings {
            client: self.client(),
            credentials: credentials.into_iter().flatten().collect(),
            plain_http: self.plain_http.clone(),
            docker: addresses(SourceKind::Docker, "DOCKER_HOST")?,
            podman: addresses(SourceKind::Podman, "CONTAINER_HOST")?,
            spool: std::env::temp_dir(),
            configs: self.cache_dir.join("configs"),
        })
    }

    /// The time that documents carry, from `SOURCE_DATE_EPOCH` (reproducible-builds.org); else they take the
    /// image's, or the present.
    pub(crate) fn source_date(&self) -> Result<Option<Timestamp>> {
        let Some(text) = self.variable("SOURCE_DATE_EPOCH") else {
            return Ok(None);
        };
        let time = text.trim().parse().ok();
        let time = time.and_then(|seconds| Timestamp::from_second(seconds).ok());
        match time {
            Some(time) => Ok(Some(time)),
            None => Err(UsageError(format!(
                "SOURCE_DATE_EPOCH `{text}` is not a number of seconds since 1970"
            ))
            .into()),
        }
    }

    pub(crate) fn variable(&self, name: &str) -> Option<&str> {
        self.environment.get(name).map(String::as_str)
    }
}

fn cache_dir(args: &CommonArgs, environment: &Environment) -> Result<PathBuf> {
    if let Some(folder) = args
        .cache_dir
        .clone()
        .or_else(|| environment.path("PLIMSOLL_CACHE_DIR"))
    {
        return Ok(folder);
    }
    if let Some(folder) = environment.path("XDG_CACHE_HOME") {
        return Ok(folder.join("plimsoll"));
    }
    match environment.path("HOME") {
        Some(home) => Ok(home.join(".cache/plimsoll")),
        None => anyhow::bail!("neither `--cache-dir` nor `HOME` is set"),
    }
}
