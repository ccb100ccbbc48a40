//! An image made by hand: its identity, configuration, layers and packages.

use std::collections::{BTreeMap, BTreeSet};

use plimsoll_model::fact::{EvidenceKind, OsRelease, PackageFact, Scope, SourcePackage};
use plimsoll_model::facts::{Location, Package};
use plimsoll_model::image::{
    Healthcheck, HistoryEntry, ImageConfig, LayerInfo, Platform, RootFs, RunConfig, SourceKind,
    Subject,
};
use plimsoll_model::{Digest, Ecosystem, ImagePath, purl};

pub(crate) fn digest(text: &str) -> Digest {
    Digest::of(text.as_bytes())
}

pub(crate) fn location(path: &str, layer: usize, introduced: usize) -> Location {
    Location {
        path: ImagePath::new(path),
        layer,
        introduced,
    }
}

pub(crate) fn debian() -> OsRelease {
    OsRelease {
        id: "debian".into(),
        id_like: Vec::new(),
        version: "11".into(),
        codename: Some("bullseye".into()),
        pretty: Some("Debian GNU/Linux 11 (bullseye)".into()),
        rank: 100,
    }
}

pub(crate) fn layer(name: &str, compressed: u64, size: u64, made: &str) -> LayerInfo {
    LayerInfo {
        digest: Some(digest(&format!("{name}.gz"))),
        diff_id: Some(digest(name)),
        compressed_size: Some(compressed),
        size: Some(size),
        media_type: "application/vnd.oci.image.layer.v1.tar+gzip".into(),
        entries: 42,
        created_by: Some(made.into()),
    }
}

pub(crate) fn subject() -> Subject {
    Subject {
        requested: "registry.example.com/shop/web:latest".into(),
        source: SourceKind::Registry,
        repository: Some("registry.example.com/shop/web".into()),
        tag: Some("latest".into()),
        pinned: None,
        manifest_digest: Some(digest("manifest")),
        index_digest: Some(digest("index")),
        image_id: Some(digest("config")),
        platform: platform("amd64", None),
        platforms: vec![platform("amd64", None), platform("arm64", Some("v8"))],
        annotations: BTreeMap::from([(
            "org.opencontainers.image.source".into(),
            "https://git.example.com/shop/web".into(),
        )]),
    }
}

pub(crate) fn platform(architecture: &str, variant: Option<&str>) -> Platform {
    Platform {
        os: "linux".into(),
        architecture: architecture.into(),
        variant: variant.map(Into::into),
        os_version: None,
    }
}

pub(crate) fn layers() -> Vec<LayerInfo> {
    vec![
        layer("base", 31_415_926, 80_550_912, "ADD file:9d4a in / "),
        layer(
            "app",
            2_097_152,
            9_437_184,
            "COPY --chown=0:0 . /app # buildkit",
        ),
        layer(
            "empty",
            32,
            1024,
            "RUN /bin/sh -c rm -f /app/.env   \t && true",
        ),
    ]
}

pub(crate) fn config() -> ImageConfig {
    let step = |made: &str, empty_layer| HistoryEntry {
        created: Some("2026-02-03T04:05:06Z".into()),
        created_by: made.into(),
        author: None,
        comment: None,
        empty_layer,
    };
    ImageConfig {
        created: Some("2026-02-03T04:05:06.789Z".into()),
        author: Some("Shop <shop@example.com>".into()),
        architecture: "amd64".into(),
        os: "linux".into(),
        variant: None,
        config: RunConfig {
            user: String::new(),
            exposed_ports: BTreeSet::from(["22/tcp".into(), "8080/tcp".into()]),
            env: vec!["PATH=/usr/bin:/bin".into(), "API_KEY=AKIA********".into()],
            entrypoint: vec!["/app/start".into(), "--name".into(), "a shop".into()],
            cmd: vec!["serve".into()],
            volumes: BTreeSet::from(["/data".into()]),
            working_dir: "/app".into(),
            labels: BTreeMap::from([("maintainer".into(), "shop@example.com".into())]),
            stop_signal: Some("SIGQUIT".into()),
            healthcheck: Some(Healthcheck {
                test: vec![
                    "CMD-SHELL".into(),
                    "curl -f http://localhost/ || exit 1".into(),
                ],
                interval: 90_000_000_000,
                timeout: 500_000_000,
                start_period: 0,
                retries: 3,
            }),
            on_build: Vec::new(),
            shell: Vec::new(),
        },
        rootfs: RootFs {
            kind: "layers".into(),
            diff_ids: layers().into_iter().filter_map(|l| l.diff_id).collect(),
        },
        history: vec![
            step("ADD file:9d4a in / ", false),
            step("ENV API_KEY=AKIA********", true),
            step("COPY --chown=0:0 . /app # buildkit", false),
            step("RUN /bin/sh -c rm -f /app/.env   \t && true", false),
        ],
    }
}

pub(crate) fn package(fact: PackageFact, analyzer: &str, places: Vec<Location>) -> Package {
    let os = debian();
    Package {
        purl: purl::of(&fact, Some(&os)),
        fact,
        locations: places,
        analyzer: analyzer.into(),
        owner: None,
        repository: None,
        presence: plimsoll_model::facts::Presence::Visible,
    }
}

pub(crate) fn deb(name: &str, version: &str, source: &str) -> Package {
    let mut fact = PackageFact::new(Ecosystem::Deb, name, version);
    fact.architecture = Some("amd64".into());
    fact.maker = Some("Debian OpenSSL Team <team@example.org>".into());
    fact.source = Some(SourcePackage {
        name: source.into(),
        version: version.into(),
    });
    package(fact, "os/dpkg", vec![location("var/lib/dpkg/status", 1, 0)])
}

pub(crate) fn packages() -> Vec<Package> {
    let mut lodash = PackageFact::new(Ecosystem::Npm, "lodash", "4.17.4");
    lodash.licenses = vec!["MIT".into()];
    let mut babel = PackageFact::new(Ecosystem::Npm, "@babel/core", "7.0.0");
    babel.licenses = vec!["(MIT OR Apache-2.0)".into()];
    babel.scope = Scope::Development;
    let mut log4j = PackageFact::new(
        Ecosystem::Maven,
        "org.apache.logging.log4j:log4j-core",
        "2.14.1",
    );
    log4j.licenses = vec!["Apache License, Version 2.0".into(), "GPL-2.0-only".into()];
    log4j.inside = vec!["WEB-INF/lib/log4j-core-2.14.1.jar".into()];
    log4j.digest = Some(digest("log4j"));
    let mut odd = PackageFact::new(Ecosystem::Pypi, "Odd_Package", "not-a-version");
    odd.evidence = EvidenceKind::Vendored;
    let mut owned = package(
        PackageFact::new(Ecosystem::Pypi, "six", "1.16.0"),
        "lang/python",
        vec![location(
            "usr/lib/python3/dist-packages/six-1.16.0.egg-info",
            0,
            0,
        )],
    );
    owned.owner = Some(1);
    let mut openssl = deb("openssl", "1.1.1k-1", "openssl");
    openssl.fact.depends = vec!["libc6".into(), "libssl1.1".into()];
    vec![
        deb("bash", "5.1-2+deb11u1", "bash"),
        deb("libssl1.1", "1.1.1k-1", "openssl"),
        openssl,
        deb("vim-tiny", "2:8.2.2434-3", "vim"),
        package(
            lodash,
            "lang/npm",
            vec![
                location("app/node_modules/a/node_modules/lodash/package.json", 1, 1),
                location("app/node_modules/lodash/package.json", 1, 1),
            ],
        ),
        package(
            babel,
            "lang/npm",
            vec![location("app/node_modules/@babel/core/package.json", 1, 1)],
        ),
        package(log4j, "lang/java", vec![location("app/shop.war", 1, 1)]),
        package(
            odd,
            "lang/python",
            vec![location("app/venv/odd/METADATA", 1, 1)],
        ),
        owned,
    ]
}
