//! Amazon Linux: the errata of its repositories.
//!
//! Source: the mirror lists that the distribution's own `dnf` and `yum` follow, and `updateinfo.xml` behind them. Core
//! has a repository for each architecture, with the errata of that one; Amazon Linux 2 has more beside it for each
//! topic of its extras. A release is covered where the errata of its core are there for every architecture.

use super::document::{Document, Sink};
use super::{DocumentTemplate, Feed, FeedMeta, repository};
use crate::FeedError;
use crate::advisory::TOPIC;
use crate::key::EcosystemKey;

/// The feed.
#[derive(Debug)]
pub(super) struct Amazon;

macro_rules! core {
    ($folder:literal, $url:literal) => {
        DocumentTemplate {
            path: concat!("amazon/", $folder, "/repodata/repomd.xml"),
            url: concat!($url, "/mirror.list"),
            state: "amazon",
            ecosystem: "Amazon Linux",
            names: &[],
        }
    };
}

macro_rules! extras {
    ($architecture:literal) => {
        DocumentTemplate {
            path: concat!("amazon/2-{}-", $architecture, "/repodata/repomd.xml"),
            url: concat!("2/extras/{}/latest/", $architecture, "/mirror.list"),
            state: "amazon/extras",
            ecosystem: "Amazon Linux",
            names: TOPICS,
        }
    };
}

/// Topics of the extras of Amazon Linux 2 that had errata.
const TOPICS: &[&str] = &[
    "ansible2",
    "aws-nitro-enclaves-cli",
    "BCC",
    "collectd",
    "corretto8",
    "dnsmasq",
    "dnsmasq2.85",
    "docker",
    "ecs",
    "emacs",
    "firecracker",
    "firefox",
    "golang1.11",
    "golang1.19",
    "GraphicsMagick1.3",
    "haproxy2",
    "httpd_modules",
    "java-openjdk11",
    "kernel-5.10",
    "kernel-5.15",
    "kernel-5.4",
    "kernel-ng",
    "libreoffice",
    "livepatch",
    "lustre",
    "lynis",
    "mariadb10.5",
    "mate-desktop1.x",
    "memcached1.5",
    "mock",
    "nano",
    "nginx1",
    "php7.1",
    "php7.2",
    "php7.3",
    "php7.4",
    "php8.0",
    "php8.1",
    "php8.2",
    "postgresql10",
    "postgresql11",
    "postgresql12",
    "postgresql13",
    "postgresql14",
    "python3.8",
    "R3.4",
    "redis4.0",
    "redis6",
    "ruby2.4",
    "ruby2.6",
    "ruby3.0",
    "rust1",
    "selinux-ng",
    "squid4",
    "testing",
    "tomcat8.5",
    "tomcat9",
    "unbound1.13",
    "unbound1.17",
    "vim",
];

/// The architectures of both releases.
const ARCHITECTURES: &[&str] = &["x86_64", "aarch64"];

static META: FeedMeta = FeedMeta {
    id: "amazon",
    title: "Amazon Linux, errata of its repositories",
    docs: "https://docs.aws.amazon.com/linux/al2023/ug/managing-repos-os-updates.html",
    base_setting: "feeds.amazon",
    base: "https://cdn.amazonlinux.com",
    documents: &[
        core!("2023-core-aarch64", "al2023/core/mirrors/latest/aarch64"),
        core!("2023-core-x86_64", "al2023/core/mirrors/latest/x86_64"),
        core!("2-core-aarch64", "2/core/latest/aarch64"),
        core!("2-core-x86_64", "2/core/latest/x86_64"),
        extras!("aarch64"),
        extras!("x86_64"),
    ],
    record_page: "",
};

/// Release, repository and architecture of `2-docker-x86_64`.
fn parts(folder: &str) -> Option<(&str, &str, &str)> {
    let (release, rest) = folder.split_once('-')?;
    let (repository, architecture) = rest.rsplit_once('-')?;
    Some((release, repository, architecture))
}

impl Feed for Amazon {
    fn meta(&self) -> &'static FeedMeta {
        &META
    }

    fn parse(&self, document: &mut Document<'_>, sink: &mut Sink<'_>) -> Result<(), FeedError> {
        let path = document.path();
        let folder = path.split('/').nth(1).unwrap_or_else(|| document.name());
        let folder = folder.to_owned();
        let Some((release, name, _)) = parts(&folder) else {
            return Err(document.shape("its folder names no repository of Amazon Linux"));
        };
        let key = EcosystemKey::new(&format!("Amazon Linux:{release}"));
        let is_core = name == "core";
        let module = if is_core {
            String::new()
        } else {
            format!("{TOPIC}{name}")
        };
        if !repository::parse_named(document, &key, &module, sink)? {
            sink.problem(folder, "the repository has no `updateinfo`");
            return Ok(());
        }
        if is_core {
            // An image for the architecture that is missing would have no flaws.
            let is_there = |architecture: &&str| {
                let other = format!("../../{release}-core-{architecture}/repodata/repomd.xml");
                document.beside(&other).is_some_and(|file| file.is_file())
            };
            sink.covers(if ARCHITECTURES.iter().all(is_there) {
                key
            } else {
                key.single_documents()
            });
        }
        Ok(())
    }
}
