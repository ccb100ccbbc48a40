//! Little databases and images for the tests of this crate, made from documents in the published formats.

use std::collections::BTreeMap;
use std::io::{Cursor, Write as _};
use std::path::PathBuf;

use plimsoll_model::fact::{OsRelease, PackageFact, SourcePackage};
use plimsoll_model::facts::{Coverage, ImageFacts, Location, OperatingSystem, Package};
use plimsoll_model::image::{ImageConfig, Platform, SourceKind, Subject};
use plimsoll_model::reach::Reach;
use plimsoll_model::{Ecosystem, ImagePath};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::Database;
use crate::db::Builder;
use crate::feeds::{self, Document, Flow, Sink};

/// The folder with real feeds that stands beside the checkout.
pub(crate) fn shared() -> PathBuf {
    std::env::var_os("PLIMSOLL_SHARED").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared")),
        PathBuf::from,
    )
}

/// Collects documents until the database is wanted.
#[derive(Default)]
pub(crate) struct Slice {
    builder: Builder,
    pub(crate) problems: Vec<(String, String)>,
}

impl Slice {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Adds a document of a feed; `name` is what stands for `{}` in its path.
    pub(crate) fn document(mut self, feed: &str, name: &str, bytes: &[u8]) -> Self {
        let parser = feeds::ALL
            .iter()
            .find(|known| known.meta().id == feed)
            .expect("the feed is in the table");
        let state = parser.meta().documents[0].state.replace("{}", name);
        let no = self.builder.feed(&state).expect("there is room");
        let builder = &mut self.builder;
        let mut out = |advisory| {
            builder
                .add(no, "document", &advisory)
                .expect("there is room");
            Flow::GoOn
        };
        let mut sink = Sink::new(&mut out);
        parser
            .parse(&mut Document::held("document", name, bytes), &mut sink)
            .expect("the document parses");
        let said = sink.into_said();
        said.covered
            .into_iter()
            .for_each(|key| self.builder.cover(key, None));
        self.builder.repositories(no, said.repositories);
        self.builder
            .releases(&said.releases)
            .expect("there is room");
        if let Some(date) = said.newest {
            self.builder.date(no, date);
        }
        self.problems.extend(said.problems);
        self
    }

    pub(crate) fn secdb(self, release: &str, packages: &serde_json::Value) -> Self {
        let document = serde_json::json!({"packages": packages});
        self.document("alpine-secdb", release, document.to_string().as_bytes())
    }

    pub(crate) fn debian(self, tracker: &serde_json::Value) -> Self {
        self.document("debian", "", tracker.to_string().as_bytes())
    }

    pub(crate) fn osv(self, ecosystem: &str, records: &[serde_json::Value]) -> Self {
        self.document("osv", ecosystem, &archive(records))
    }

    pub(crate) fn kev(self, cves: &[&str]) -> Self {
        let entries: Vec<_> = cves
            .iter()
            .map(|cve| serde_json::json!({"cveID": cve, "vulnerabilityName": "Name", "shortDescription": "Text"}))
            .collect();
        let document = serde_json::json!({
            "dateReleased": "2025-08-25T17:04:19.9796Z",
            "vulnerabilities": entries,
        });
        self.document("kev", "", document.to_string().as_bytes())
    }

    pub(crate) fn database(self) -> Database {
        self.builder.into_database("slice").expect("a slice fits")
    }

    pub(crate) fn bytes(self) -> Vec<u8> {
        self.builder
            .finish(crate::db::Effort::Quick)
            .expect("a slice fits")
    }
}

/// A zip archive as OSV publishes it.
pub(crate) fn archive(records: &[serde_json::Value]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default();
    for (place, record) in records.iter().enumerate() {
        let id = record["id"]
            .as_str()
            .map_or_else(|| format!("r{place}"), str::to_owned);
        writer
            .start_file(format!("{id}.json"), options)
            .expect("memory takes it");
        writer
            .write_all(record.to_string().as_bytes())
            .expect("memory takes it");
    }
    writer.finish().expect("memory takes it").into_inner()
}

/// An image with these packages.
pub(crate) fn image(os: Option<(&str, &str)>, packages: Vec<Package>) -> ImageFacts {
    ImageFacts {
        subject: Subject {
            requested: "slice".to_owned(),
            source: SourceKind::Dir,
            repository: None,
            tag: None,
            pinned: None,
            manifest_digest: None,
            index_digest: None,
            image_id: None,
            platform: Platform::default(),
            platforms: Vec::new(),
            annotations: BTreeMap::new(),
        },
        config: ImageConfig::default(),
        layers: Vec::new(),
        os: os.map(|(id, version)| OperatingSystem {
            release: OsRelease {
                id: id.to_owned(),
                version: version.to_owned(),
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

/// A package that nobody owns.
pub(crate) fn package(ecosystem: Ecosystem, name: &str, version: &str) -> Package {
    Package {
        fact: PackageFact::new(ecosystem, name, version),
        locations: vec![here()],
        analyzer: "test".to_owned(),
        owner: None,
        repository: None,
        presence: plimsoll_model::facts::Presence::Visible,
        purl: String::new(),
    }
}

/// A binary package that was built from a source package.
pub(crate) fn built(
    ecosystem: Ecosystem,
    (name, version): (&str, &str),
    (source, source_version): (&str, &str),
) -> Package {
    let mut package = package(ecosystem, name, version);
    package.fact.source = Some(SourcePackage {
        name: source.to_owned(),
        version: source_version.to_owned(),
    });
    package
}

fn here() -> Location {
    Location {
        path: ImagePath::new("some/file"),
        layer: 0,
        introduced: 0,
    }
}
