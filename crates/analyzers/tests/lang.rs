//! The analyzers of languages, programs and models, over their fixtures.
//!
//! Programs and archives among the fixtures are made by `lang/programs.rs`, `lang/assemblies.rs`,
//! `lang/bundles.rs`, `lang/kernels.rs`, `lang/archives.rs` and `lang/models.rs`:
//! `UPDATE_FIXTURES=1` writes them anew before their expectations.

use std::path::{Path, PathBuf};

use plimsoll_analyze::derive::derive;
use plimsoll_analyze::layer::LayerFacts;
use plimsoll_analyze::{Analyzer, Executables, InterestIndex};
use plimsoll_analyzers::{binary, lang, model};
use plimsoll_model::ImagePath;
use plimsoll_model::fact::{EvidenceKind, Fact, FactBody, JavaArchive};
use plimsoll_model::image::RunConfig;
use plimsoll_testkit::fixtures;

#[path = "lang/archives.rs"]
mod archives;
#[path = "lang/assemblies.rs"]
mod assemblies;
#[path = "lang/bundles.rs"]
mod bundles;
#[path = "lang/kernels.rs"]
mod kernels;
#[path = "lang/models.rs"]
mod models;
#[path = "lang/programs.rs"]
mod programs;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")
}

/// Writes made files below `fixtures/`, if fixtures are to be written.
fn write(files: Vec<(&str, Vec<u8>)>) {
    if std::env::var_os("UPDATE_FIXTURES").is_none() {
        return;
    }
    for (path, bytes) in files {
        let path = root().join(path);
        let folder = path.parent().expect("the file is in a folder");
        std::fs::create_dir_all(folder).expect("the folder can be made");
        std::fs::write(path, bytes).expect("the file can be written");
    }
}

#[test]
fn languages_say_what_the_fixtures_expect() {
    write(archives::fixtures());
    write(archives::packages());
    fixtures::check(&root(), lang::ALL);
}

#[test]
fn programs_say_what_the_fixtures_expect() {
    write(programs::fixtures());
    write(assemblies::fixtures());
    write(bundles::fixtures());
    write(kernels::fixtures());
    fixtures::check(&root(), binary::ALL);
}

#[test]
fn models_say_what_the_fixtures_expect() {
    write(models::fixtures());
    fixtures::check(&root(), model::ALL);
}

#[test]
fn cut_anywhere_nothing_panics() {
    for (_, bytes) in models::fixtures() {
        let step = bytes.len().div_ceil(200).max(1);
        for end in (0..bytes.len()).step_by(step) {
            for analyzer in model::ALL {
                let _ = fixtures::analyze_one(*analyzer, "m/blobs/x", &bytes[..end]);
            }
        }
    }
    for (path, bytes) in archives::fixtures() {
        let step = bytes.len().div_ceil(200).max(1);
        for end in (0..bytes.len()).step_by(step) {
            let _ = fixtures::analyze_one(&lang::Jar, path, &bytes[..end]);
        }
    }
    for (path, bytes) in archives::packages() {
        for end in 0..bytes.len() {
            let analyzer: &dyn Analyzer = if path.starts_with("lang/egg/") {
                &lang::Egg
            } else {
                &lang::YarnCache
            };
            let _ = fixtures::analyze_one(analyzer, path, &bytes[..end]);
        }
    }
    for (_, bytes) in assemblies::fixtures() {
        let step = bytes.len().div_ceil(200).max(1);
        for end in (0..bytes.len()).step_by(step) {
            let _ = fixtures::analyze_one(&binary::Dotnet, "app/x.dll", &bytes[..end]);
        }
    }
    for (path, bytes) in bundles::fixtures() {
        let step = bytes.len().div_ceil(200).max(1);
        for end in (4..bytes.len()).step_by(step) {
            let _ = fixtures::analyze_one(&binary::DotnetBundle, path, &bytes[..end]);
        }
    }
    for (path, bytes) in kernels::fixtures() {
        let analyzer: &dyn Analyzer = if path.starts_with("binary/kernel/") {
            &binary::Kernel
        } else {
            &binary::KernelModule
        };
        let (_, path) = path.split_once("/root/").expect("a fixture has a root");
        if path.starts_with("srv/") {
            continue;
        }
        let step = bytes.len().div_ceil(200).max(1);
        for end in (0..bytes.len()).step_by(step) {
            let _ = fixtures::analyze_one(analyzer, path, &bytes[..end]);
        }
    }
    for (_, bytes) in programs::fixtures() {
        let step = bytes.len().div_ceil(200).max(1);
        for end in (4..bytes.len()).step_by(step) {
            for analyzer in binary::ALL {
                if analyzer.meta().interest.executables == Executables::Elf {
                    let _ = fixtures::analyze_one(*analyzer, "usr/lib/php/x.so", &bytes[..end]);
                }
            }
        }
    }
}

#[test]
fn archives_that_grow_without_end_are_given_up() {
    let said = fixtures::analyze_one(&lang::Jar, "bomb.jar", &archives::bomb());
    let reasons: Vec<_> = said.problems.iter().map(|p| p.reason.as_str()).collect();
    assert!(
        reasons
            .iter()
            .any(|reason| reason.contains("more inside than is looked at")),
        "{reasons:?}"
    );
}

#[test]
fn ten_thousand_archives_three_levels_deep_are_all_read() {
    let said = fixtures::analyze_one(&lang::Jar, "fat-1.0.jar", &archives::fat());
    assert_eq!(said.problems, []);
    let is_package = |fact: &&Fact| matches!(fact.body, FactBody::Package(_));
    let packages = said.facts.iter().filter(is_package).count();
    assert_eq!(packages, 1 + 100 + 10_000);
}

#[test]
fn t66_t67_a_single_file_of_dotnet_is_described_by_what_it_carries() {
    let (_, bundle) = bundles::fixtures().swap_remove(0);
    let index = InterestIndex::new(&[lang::ALL, binary::ALL].concat());
    let mut said = fixtures::Said::default();
    let mut layer = LayerFacts::default();
    for (path, bytes) in [
        ("app/App", bundle.as_slice()),
        ("other/App.deps.json", bundles::DOCUMENT.as_bytes()),
    ] {
        fixtures::analyze(&index, path, 0o755, bytes, &mut said);
        layer.tree.files.push(ImagePath::new(path).key());
    }
    layer.tree.files.sort_unstable();
    layer.facts = said.facts;
    let derived = derive(&[layer], None, &RunConfig::default());
    assert_eq!(said.problems, []);
    let inside: Vec<(&str, &str)> = derived
        .packages
        .iter()
        .filter(|package| package.locations[0].path.as_str() == "app/App")
        .map(|package| (package.fact.name.as_str(), package.fact.version.as_str()))
        .collect();
    // The one beside it, with the same packages, takes none of them away. `System.Net.Http` brings no file.
    assert_eq!(
        inside,
        [
            ("App", "1.0.0"),
            ("Contoso.Plugin", "2.5.0"),
            ("Microsoft.NETCore.App.Runtime.linux-x64", "8.0.1"),
            ("Newtonsoft.Json", "13.0.1"),
        ]
    );
    let [program] = derived.executables.as_slice() else {
        panic!("{:?}", derived.executables);
    };
    assert!(program.described);
}

/// An archive with empty entries of these names.
fn archive_of(names: impl IntoIterator<Item = &'static str>) -> Vec<u8> {
    let entries: Vec<archives::Entry> = names
        .into_iter()
        .map(|name| archives::stored(name, ""))
        .collect();
    archives::zip(&entries)
}

/// The packages that are known by their classes: name and version.
fn fingerprints(said: &fixtures::Said) -> Vec<(&str, &str)> {
    said.facts
        .iter()
        .filter_map(|fact| match &fact.body {
            FactBody::Package(package) if package.evidence == EvidenceKind::Fingerprint => {
                Some((package.name.as_str(), package.version.as_str()))
            }
            _ => None,
        })
        .collect()
}

#[test]
fn t54_libraries_that_were_merged_into_real_archives_are_seen() {
    let list = include_str!("lang/real-jar-entries.txt");
    let mut any = 0;
    for part in list.split("\n= ").skip(1) {
        let (head, names) = part.split_once('\n').expect("names follow the head");
        let (_, library) = head.split_once(' ').expect("a head names a library");
        let names = names.lines().filter(|line| !line.is_empty());
        let said = fixtures::analyze_one(&lang::Jar, "app.jar", &archive_of(names));
        assert_eq!(fingerprints(&said), [(library, "")], "{head}");
        let note = said
            .problems
            .iter()
            .any(|problem| problem.reason.contains(library));
        assert!(note, "{:?}", said.problems);
        any += 1;
    }
    assert_eq!(any, 7);
}

const LOG4J_CORE: [&str; 5] = [
    "core/lookup/JndiLookup",
    "core/lookup/Interpolator",
    "core/LoggerContext",
    "core/appender/RollingFileAppender",
    "core/config/plugins/util/PluginManager",
];

#[test]
fn t54_a_library_that_the_archive_names_is_not_told_twice() {
    let moved = |folder: &str| {
        LOG4J_CORE.map(|class| &*format!("{folder}org/apache/logging/log4j/{class}.class").leak())
    };
    let shaded = archive_of(moved("com/acme/shaded/"));
    let core = "org.apache.logging.log4j:log4j-core";
    let said = fixtures::analyze_one(&lang::Jar, "opt/acme.jar", &shaded);
    assert_eq!(fingerprints(&said), [(core, "")]);
    // By its file's name.
    let said = fixtures::analyze_one(&lang::Jar, "opt/log4j-core-2.14.1.jar", &shaded);
    assert_eq!(fingerprints(&said), []);
    // By a `pom.properties`.
    let mut entries: Vec<archives::Entry> = moved("com/acme/shaded/")
        .map(|name| archives::stored(name, ""))
        .into();
    entries.push(archives::deflated(archives::LOG4J, archives::LOG4J_POM));
    let said = fixtures::analyze_one(&lang::Jar, "opt/acme-1.0.jar", &archives::zip(&entries));
    assert_eq!(fingerprints(&said), []);
    // The archive itself, of which only the name of the file tells the artefact: its group is known.
    let bare = archive_of(moved(""));
    let said = fixtures::analyze_one(&lang::Jar, "opt/log4j-core-2.14.1.jar", &bare);
    let FactBody::Package(package) = &said.facts[0].body else {
        panic!("a package was expected");
    };
    assert_eq!(
        (package.name.as_str(), package.version.as_str()),
        (core, "2.14.1")
    );
}

#[test]
fn t54_a_version_is_taken_from_where_the_library_has_it() {
    let netty = [
        "HttpObjectDecoder",
        "HttpServerCodec",
        "HttpContentCompressor",
    ];
    let mut entries: Vec<archives::Entry> = netty
        .map(|class| {
            let name = format!("a/shaded/io/netty/handler/codec/http/{class}.class");
            archives::stored(name.leak(), "")
        })
        .into();
    let said = fixtures::analyze_one(&lang::Jar, "a.jar", &archives::zip(&entries));
    assert_eq!(fingerprints(&said), [("io.netty:netty-codec-http", "")]);
    entries.push(archives::deflated(
        "META-INF/io.netty.versions.properties",
        "netty-codec.version=4.1.1.Final\nnetty-codec-http.version=4.1.48.Final\n",
    ));
    let said = fixtures::analyze_one(&lang::Jar, "a.jar", &archives::zip(&entries));
    let found = fingerprints(&said);
    assert_eq!(found, [("io.netty:netty-codec-http", "4.1.48.Final")]);
    // An archive with everything has the version of each part.
    entries.pop();
    let said = fixtures::analyze_one(&lang::Jar, "netty-all-4.0.1.jar", &archives::zip(&entries));
    assert_eq!(
        fingerprints(&said),
        [("io.netty:netty-codec-http", "4.0.1")]
    );
}

#[test]
fn t52_an_archive_that_does_not_name_itself_carries_its_sum() {
    let archives_of = |path: &str, bytes: &[u8]| -> Vec<JavaArchive> {
        let said = fixtures::analyze_one(&lang::Jar, path, bytes);
        let bodies = said.facts.into_iter().map(|fact| fact.body);
        bodies
            .filter_map(|body| match body {
                FactBody::JavaArchive(archive) => Some(archive),
                _ => None,
            })
            .collect()
    };
    let inner = archives::zip(&[archives::stored("a/A.class", "")]);
    let outer = archives::zip(&[
        archives::stored("lib/tool-1.0.jar", inner.clone()),
        archives::deflated("lib/renamed.jar", inner),
        archives::stored("lib/spring-web-5.3.17.jar", archives::zip(&[])),
    ]);
    let found = archives_of("app.jar", &outer);
    let told: Vec<_> = found
        .iter()
        .map(|one| {
            (
                one.inside.join("!"),
                one.named.as_ref().map(|(name, _)| name.as_str()),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            (String::new(), None),
            ("lib/tool-1.0.jar".to_owned(), Some("tool")),
            ("lib/renamed.jar".to_owned(), None),
        ]
    );
    assert!(found[1].sha1.is_some());
    assert_eq!(found[1].sha1, found[2].sha1);
    // What `sha1sum` says of an archive without entries.
    let empty = archives_of("nothing.jar", &archives::zip(&[]));
    let sum = empty[0].sha1.map(|sum| sum.to_string()).unwrap_or_default();
    assert_eq!(sum, "b04f3ee8f5e43fa3b162981b50bb72fe1acabb33");
}
