//! GitHub's dependency snapshots.

use std::collections::BTreeMap;

use plimsoll_model::purl;
use serde::Deserialize;

use crate::{Component, Document, Format, Kind, ReadError, json};

#[derive(Deserialize)]
struct Snapshot {
    detector: Option<Detector>,
    scanned: Option<String>,
    metadata: Option<BTreeMap<String, Plain>>,
    manifests: Option<BTreeMap<String, Manifest>>,
}

#[derive(Deserialize)]
struct Detector {
    name: Option<String>,
    version: Option<String>,
}

/// A plain value of metadata.
#[derive(Deserialize)]
#[serde(untagged)]
enum Plain {
    Text(String),
    Other(serde::de::IgnoredAny),
}

#[derive(Deserialize)]
struct Manifest {
    name: Option<String>,
    file: Option<File>,
    resolved: Option<BTreeMap<String, Resolved>>,
}

#[derive(Deserialize)]
struct File {
    source_location: Option<String>,
}

#[derive(Deserialize)]
struct Resolved {
    package_url: Option<String>,
    scope: Option<String>,
    dependencies: Option<Vec<String>>,
    metadata: Option<BTreeMap<String, Plain>>,
}

pub(crate) fn read(bytes: &[u8]) -> Result<Document, ReadError> {
    let snapshot: Snapshot = json(bytes, Format::GithubJson)?;
    let mut out = Document::new(Format::GithubJson, "");
    out.created = snapshot.scanned;
    if let Some(detector) = snapshot.detector {
        let words = [detector.name, detector.version].into_iter().flatten();
        out.authors = vec![words.collect::<Vec<_>>().join(" ")];
    }
    let said = texts(snapshot.metadata);
    out.subject = said.get("plimsoll:image").map(|name| Component {
        kind: Kind::Container,
        name: name.clone(),
        hashes: said
            .get("plimsoll:digest")
            .and_then(|digest| digest.split_once(':'))
            .map(|(algorithm, sum)| (algorithm.to_owned(), sum.to_owned()))
            .into_iter()
            .collect(),
        ..Component::default()
    });
    out.components.extend(system(&said));
    for manifest in snapshot.manifests.unwrap_or_default().into_values() {
        let path = manifest.file.and_then(|file| file.source_location);
        let path = path.or(manifest.name).unwrap_or_default();
        for (key, resolved) in manifest.resolved.unwrap_or_default() {
            let needs = resolved.dependencies.iter().flatten();
            let needs = needs.map(|need| (key.clone(), need.clone()));
            out.depends.extend(needs);
            out.components.push(component(key, &path, resolved));
        }
    }
    Ok(out)
}

fn texts(metadata: Option<BTreeMap<String, Plain>>) -> BTreeMap<String, String> {
    let metadata = metadata.unwrap_or_default().into_iter();
    metadata
        .filter_map(|(key, value)| match value {
            Plain::Text(text) => Some((key, text)),
            Plain::Other(_) => None,
        })
        .collect()
}

/// As we write it, or as Syft does: `pkg:generic/debian@12?like=…`.
fn system(said: &BTreeMap<String, String>) -> Option<Component> {
    let keep = |name: &str| Some((name.to_owned(), said.get(name)?.clone()));
    let mut out = Component {
        kind: Kind::System,
        ..Component::default()
    };
    if let Some(id) = said.get("plimsoll:os:id") {
        out.name.clone_from(id);
        out.version = said.get("plimsoll:os:version").cloned().unwrap_or_default();
        out.description = said.get("plimsoll:os:name").cloned();
        let kept = [
            "plimsoll:os:like",
            "plimsoll:os:codename",
            "plimsoll:location",
        ];
        out.properties = kept.into_iter().filter_map(keep).collect();
        return Some(out);
    }
    let distro = purl::parse(said.get("syft:distro")?)?;
    out.name = distro.name;
    out.version = distro.version;
    let like = distro.qualifiers.get("like");
    let like = like.map(|like| ("plimsoll:os:like".to_owned(), like.replace(',', " ")));
    out.properties = like.into_iter().collect();
    Some(out)
}

fn component(key: String, path: &str, resolved: Resolved) -> Component {
    let said = texts(resolved.metadata);
    let url = resolved.package_url.unwrap_or_else(|| key.clone());
    let parsed = purl::parse(&url);
    let name = said.get("plimsoll:name").cloned();
    let name = name.or_else(|| parsed.as_ref().map(|purl| purl.name.clone()));
    let properties = said.iter().flat_map(|(name, value)| {
        let values = value.split('\n');
        values.map(|one| (name.clone(), one.to_owned()))
    });
    Component {
        reference: key,
        name: name.unwrap_or_default(),
        version: parsed.map(|purl| purl.version).unwrap_or_default(),
        purl: url,
        places: vec![path.to_owned()],
        properties: properties.collect(),
        development: resolved.scope.as_deref() == Some("development"),
        ..Component::default()
    }
}
