//! Trivy with the facts of our feeds: a database in its own format, converted from a folder of feeds, and what
//! Trivy finds with it.
//!
//! The feeds are read here by a second reader, which shares no code with the crate `advisory`, so that an error
//! in ours shows as a difference. It makes of each record what the builder of Trivy's own database makes of its
//! sources: a bucket for each release of a distribution (`debian 11`) or for each ecosystem and source
//! (`npm::OSV GHSA`), in it one for each package, and in that an advisory for each flaw.

mod convert;
mod osv;

pub(crate) use osv::each;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::bolt::Bucket;
use crate::peers::{PackageId, Peer};

/// A database of Trivy's, schema version 2.
#[derive(Debug, Clone, Default)]
pub struct Database {
    root: Bucket,
    lost: BTreeMap<Loss, usize>,
    /// Every version that repairs a flaw of an RPM package, by package and flaw; Trivy was told the highest.
    fixes: BTreeMap<(String, String), BTreeSet<String>>,
}

/// What a feed says and Trivy's schema cannot say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Loss {
    /// A state of Debian's that is neither open nor resolved.
    Undetermined,
    /// Debian says of an open flaw which version will repair it, or why none will.
    Outlook,
    /// A flaw that several errata of one release repair, or that a package names under several versions.
    Fixes,
    /// An erratum of modules that does not say which.
    Module,
    /// `limit` in a range.
    Limit,
    /// A record that names neither ranges nor versions.
    NoVersions,
    /// A record that was taken back.
    Withdrawn,
    /// Several CVE ids in one record.
    Ids,
    /// An ecosystem that Trivy has no bucket for.
    Ecosystem,
}

impl Loss {
    /// What is lost, as a sentence.
    #[must_use]
    pub fn why(self) -> &'static str {
        match self {
            Self::Undetermined => {
                "Debian: `undetermined` cannot be said; such entries are left out."
            }
            Self::Outlook => {
                "Debian: why there is no fix (`ignored`, `postponed`) is not said, and the version that will \
                 repair an open flaw is said as if it were there."
            }
            Self::Fixes => {
                "Alpine, Wolfi, AlmaLinux: a package has one fixed version for a flaw; of several the highest is \
                 kept."
            }
            Self::Module => {
                "AlmaLinux: a modular package whose erratum names no stream has no key; it is left out."
            }
            Self::Limit => "OSV: `limit` events cannot be said; they are left out.",
            Self::NoVersions => {
                "OSV: a record without ranges and versions cannot be said; it is left out."
            }
            Self::Withdrawn => "OSV: that a record was taken back cannot be said; it is left out.",
            Self::Ids => {
                "OSV: that several CVE ids are one flaw cannot be said; each gets an advisory of its own."
            }
            Self::Ecosystem => {
                "OSV: Trivy has no bucket for the ecosystem; its records are left out."
            }
        }
    }
}

/// What Trivy says of an image.
#[derive(Debug, Default)]
pub struct Said {
    /// The packages that it lists.
    pub packages: BTreeSet<PackageId>,
    /// The packages and their flaws, an id each, and the version that has a fix; empty if none has.
    pub flaws: BTreeMap<(PackageId, String), String>,
}

impl Database {
    /// Converts a folder of feeds.
    ///
    /// # Panics
    /// If a document is not what its publisher writes.
    #[must_use]
    pub fn of_feeds(folder: &Path) -> Self {
        let mut database = Self::default();
        convert::secdbs(&mut database, folder);
        convert::debian(&mut database, folder);
        osv::records(&mut database, folder);
        database
    }

    /// How much of what it cannot say there was.
    #[must_use]
    pub fn lost(&self) -> &BTreeMap<Loss, usize> {
        &self.lost
    }

    /// Its buckets of advisories with how many packages each has.
    pub fn buckets(&self) -> impl Iterator<Item = (&str, usize)> {
        let buckets = self.root.buckets();
        buckets
            .filter(|(name, _)| !matches!(*name, "data-source" | "vulnerability"))
            .map(|(name, bucket)| (name, bucket.len()))
    }

    /// How many advisories it has.
    #[must_use]
    pub fn advisories(&self) -> usize {
        let packages = self
            .root
            .buckets()
            .filter(|(name, _)| !matches!(*name, "data-source" | "vulnerability"))
            .flat_map(|(_, bucket)| bucket.buckets());
        packages.map(|(_, package)| package.len()).sum()
    }

    /// Puts it into a folder that Trivy takes for its cache.
    ///
    /// # Panics
    /// If it cannot be written.
    pub fn write(&self, cache: &Path) {
        let folder = cache.join("db");
        fs::create_dir_all(&folder).expect("a folder can be made");
        fs::write(folder.join("trivy.db"), self.root.file()).expect("a file can be written");
        let metadata = json!({
            "Version": 2,
            "NextUpdate": "2099-01-01T00:00:00Z",
            "UpdatedAt": "2026-01-01T00:00:00Z",
            "DownloadedAt": "2026-01-01T00:00:00Z",
        });
        fs::write(folder.join("metadata.json"), metadata.to_string())
            .expect("a file can be written");
    }

    /// The advisories about a package of a language that speak of one of these flaws: the name under which each
    /// is filed, of Python any that PEP 503 takes for the same, and its constraints.
    ///
    /// # Panics
    /// Never: it reads what it wrote.
    #[must_use]
    pub fn constraints(
        &self,
        package: &PackageId,
        ids: &BTreeSet<String>,
    ) -> Vec<(&str, Vec<String>)> {
        let row = osv::ECOSYSTEMS.iter().find(|row| row.kind == package.kind);
        let Some(row) = row else {
            return Vec::new();
        };
        let same = |name: &str| match row.called {
            "pip" => name.replace('.', "-"),
            // Packages are named as their URLs are, in small letters.
            "go" => name.to_lowercase(),
            _ => name.to_owned(),
        };
        let name = osv::normal(row.called, &package.name.replace('/', row.joint));
        let own = |bucket: &str| bucket.split("::").next() == Some(row.called);
        let mut found = Vec::new();
        for (_, bucket) in self.root.buckets().filter(|(bucket, _)| own(bucket)) {
            for (known, list) in bucket.buckets().filter(|(known, _)| same(known) == name) {
                for advisory in ids.iter().filter_map(|id| list.value(id)) {
                    let advisory: Value =
                        serde_json::from_slice(advisory).expect("it was written as JSON");
                    let constraints = texts(&advisory["VulnerableVersions"]);
                    found.push((known, constraints.map(str::to_owned).collect()));
                }
            }
        }
        found
    }

    /// The versions of an RPM package that repair one of these flaws, those too that Trivy was not told.
    pub fn fixes(&self, package: &PackageId, ids: &BTreeSet<String>) -> impl Iterator<Item = &str> {
        let keys = ids.iter().map(|id| (package.name.clone(), id.clone()));
        keys.filter_map(|key| self.fixes.get(&key))
            .flatten()
            .map(String::as_str)
    }

    fn lose(&mut self, loss: Loss) {
        *self.lost.entry(loss).or_default() += 1;
    }

    /// The advisories of a package.
    fn package(&mut self, bucket: &str, source: &str, package: &str) -> &mut Bucket {
        let sources = self.root.bucket("data-source");
        if sources.value(bucket).is_none() {
            let about = json!({"ID": source, "Name": bucket, "URL": ""});
            sources.put(bucket, about.to_string());
        }
        self.root.bucket(bucket).bucket(package)
    }

    /// Names a flaw.
    fn flaw(&mut self, id: &str, title: &str) {
        let flaws = self.root.bucket("vulnerability");
        if flaws.value(id).is_none() {
            flaws.put(id, json!({"Title": title}).to_string());
        }
    }
}

impl Said {
    /// Asks Trivy what is wrong with an archive as `docker save` writes it; `cache` has a database.
    ///
    /// # Panics
    /// If Trivy is not installed or fails.
    #[must_use]
    pub fn of(archive: &Path, cache: &Path) -> Self {
        let mut command = Peer::Trivy.image(archive, cache);
        command.args(["--format", "json", "--scanners", "vuln", "--list-all-pkgs"]);
        let answer = Peer::Trivy.answer(&mut command);
        let mut said = Self::default();
        for result in answer["Results"].as_array().into_iter().flatten() {
            for package in result["Packages"].as_array().into_iter().flatten() {
                said.packages.extend(package_of(&package["Identifier"]));
            }
            for flaw in result["Vulnerabilities"].as_array().into_iter().flatten() {
                let package = package_of(&flaw["PkgIdentifier"]);
                let id = flaw["VulnerabilityID"].as_str();
                let fixed = flaw["FixedVersion"].as_str().unwrap_or_default();
                let key = package.zip(id.map(str::to_owned));
                said.flaws.extend(key.map(|key| (key, fixed.to_owned())));
            }
        }
        said
    }
}

fn package_of(identifier: &Value) -> Option<PackageId> {
    identifier["PURL"].as_str().and_then(PackageId::parse)
}

/// Reads a file as JSON.
pub(crate) fn json_of(path: &Path) -> Value {
    let bytes = fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_slice(&bytes).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The members of an object, in order.
pub(crate) fn members(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    let members = value.as_object().into_iter().flatten();
    members.map(|(name, value)| (name.as_str(), value))
}

/// The texts of a list.
fn texts(value: &Value) -> impl Iterator<Item = &str> {
    value
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
}
