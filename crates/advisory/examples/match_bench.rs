//! Measures what matters of a database: build time, opening, and matching many packages.
//!
//! `cargo run --release -p plimsoll-advisory --example match_bench -- FEEDS [OUT]` compiles the feeds of a
//! folder, opens the file and matches 500 and 1,000 packages that are spread over its ecosystems.

#![allow(clippy::print_stdout, reason = "printing figures is what it is for")]

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use plimsoll_advisory::{Database, build, match_packages};
use plimsoll_model::fact::{OsRelease, PackageFact, SourcePackage};
use plimsoll_model::facts::{Coverage, ImageFacts, Location, OperatingSystem, Package};
use plimsoll_model::image::{ImageConfig, Platform, SourceKind, Subject};
use plimsoll_model::reach::Reach;
use plimsoll_model::{Ecosystem, ImagePath};

fn main() {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let feeds = arguments.next().unwrap_or_else(|| "../shared/feeds".into());
    let out = arguments
        .next()
        .unwrap_or_else(|| std::env::temp_dir().join("plimsoll-bench.db"));
    let begun = Instant::now();
    let report = build(&feeds, &out).expect("the feeds compile");
    println!("build            {:>10.1?}", begun.elapsed());
    println!("size             {:>10}", report.counts.bytes);
    println!(
        "flaws, packages, claims, problems: {}, {}, {}, {}",
        report.counts.flaws,
        report.counts.packages,
        report.counts.claims,
        report.problems.len()
    );
    println!("peak memory      {:>10}", peak());
    println!("open             {:>10.1?}", fastest(|| drop(opened(&out))));
    for count in [500, 1000] {
        let facts = facts(count);
        let db = opened(&out);
        println!(
            "matches of {count}  {:>10}",
            match_packages(&facts, &db).matches.len()
        );
        println!(
            "open and match {count} {:>8.1?}",
            fastest(|| drop(match_packages(&facts, &opened(&out))))
        );
    }
    println!(
        "watchlist        {:>10.1?}",
        fastest(|| drop(Database::watchlist()))
    );
}

fn opened(path: &Path) -> Database {
    Database::open(path).expect("the database opens")
}

/// The fastest of some runs: on a busy machine the others tell of the neighbours.
fn fastest(mut work: impl FnMut()) -> Duration {
    let times = (0..41).map(|_| {
        let begun = Instant::now();
        work();
        begun.elapsed()
    });
    times.min().unwrap_or_default()
}

fn peak() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM"));
    line.unwrap_or("unknown")
        .trim_start_matches("VmHWM:")
        .trim()
        .to_owned()
}

/// Packages of languages.
const OTHER: &[(Ecosystem, &str, &str)] = &[
    (Ecosystem::Npm, "lodash", "4.17.20"),
    (Ecosystem::Npm, "minimist", "1.2.5"),
    (Ecosystem::Npm, "left-pad", "1.3.0"),
    (Ecosystem::Pypi, "Django", "3.2.0"),
    (Ecosystem::Pypi, "requests", "2.25.1"),
    (
        Ecosystem::Maven,
        "org.springframework:spring-beans",
        "5.3.17",
    ),
    (Ecosystem::Go, "golang.org/x/net", "v0.7.0"),
    (Ecosystem::Cargo, "time", "0.1.43"),
];

/// Packages as an image of Debian 11 with some language packages has them; most have advisories.
fn facts(count: usize) -> ImageFacts {
    const DEB: &[(&str, &str)] = &[
        ("openssl", "1.1.1n-0+deb11u3"),
        ("curl", "7.74.0-1.3+deb11u1"),
        ("glibc", "2.31-13+deb11u5"),
        ("zlib", "1:1.2.11.dfsg-2"),
        ("systemd", "247.3-7"),
        ("git", "1:2.30.2-1"),
        ("imagemagick", "8:6.9.11.60+dfsg-1.3"),
        ("bash", "5.1-2+deb11u1"),
        ("coreutils", "8.32-4"),
        ("perl", "5.32.1-4+deb11u2"),
    ];
    let packages = (0..count)
        .map(|place| {
            // One in eight has advisories; two binary packages come of each source package.
            let plain = place % 8 != 0;
            let fact = if place % 4 == 1 {
                let (ecosystem, name, version) = OTHER[place / 8 % OTHER.len()];
                let known = place % 16 == 1;
                let name = if known {
                    name.to_owned()
                } else {
                    format!("{name}-{place}")
                };
                PackageFact::new(ecosystem, name, version)
            } else {
                let (name, version) = DEB[place / 8 % DEB.len()];
                let mut fact = PackageFact::new(Ecosystem::Deb, format!("{name}-{place}"), version);
                let name = if plain {
                    format!("other-{}", place / 2)
                } else {
                    name.to_owned()
                };
                fact.source = Some(SourcePackage {
                    name,
                    version: version.to_owned(),
                });
                fact
            };
            Package {
                fact,
                locations: vec![here()],
                analyzer: "bench".to_owned(),
                owner: None,
                repository: None,
                presence: plimsoll_model::facts::Presence::Visible,
                purl: String::new(),
            }
        })
        .collect();
    ImageFacts {
        subject: subject(),
        config: ImageConfig::default(),
        layers: Vec::new(),
        os: Some(OperatingSystem {
            release: OsRelease {
                id: "debian".to_owned(),
                version: "11".to_owned(),
                ..OsRelease::default()
            },
            location: here(),
        }),
        content_sets: Vec::new(),
        packages,
        accounts: Vec::new(),
        secrets: Vec::new(),
        executables: Vec::new(),
        posture: plimsoll_model::posture::Posture::default(),
        reach: Reach::default(),
        coverage: Coverage::default(),
        problems: Vec::new(),
    }
}

fn subject() -> Subject {
    Subject {
        requested: "bench".to_owned(),
        source: SourceKind::Dir,
        repository: None,
        tag: None,
        pinned: None,
        manifest_digest: None,
        index_digest: None,
        image_id: None,
        platform: Platform::default(),
        platforms: Vec::new(),
        annotations: std::collections::BTreeMap::new(),
    }
}

fn here() -> Location {
    Location {
        path: ImagePath::new("var/lib/dpkg/status"),
        layer: 0,
        introduced: 0,
    }
}
