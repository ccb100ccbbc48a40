//! Syft's own JSON, of every schema: the fields that are read have been the same since its version 3.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::{Component, Document, Format, Kind, ReadError, json};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Syft {
    artifacts: Option<Vec<Artifact>>,
    artifact_relationships: Option<Vec<Relation>>,
    source: Option<Source>,
    distro: Option<Distro>,
    descriptor: Option<Descriptor>,
    schema: Option<Schema>,
}

#[derive(Deserialize)]
struct Descriptor {
    name: Option<String>,
    version: Option<String>,
}

#[derive(Deserialize)]
struct Schema {
    version: Option<String>,
}

#[derive(Deserialize)]
struct Artifact {
    id: Option<String>,
    name: Option<String>,
    version: Option<String>,
    locations: Option<Vec<Location>>,
    licenses: Option<Vec<License>>,
    cpes: Option<Vec<IgnoredAny>>,
    purl: Option<String>,
    metadata: Option<Record>,
}

/// What is read of the records of package managers.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Record {
    maintainer: Option<String>,
    vendor: Option<String>,
    modularity_label: Option<String>,
}

#[derive(Deserialize)]
struct Location {
    path: Option<String>,
    #[serde(rename = "layerID")]
    layer: Option<String>,
    annotations: Option<BTreeMap<String, String>>,
}

/// A text in old schemas, an object in newer ones.
#[derive(Deserialize)]
#[serde(untagged)]
enum License {
    Text(String),
    Object { value: Option<String> },
}

#[derive(Deserialize)]
struct Relation {
    parent: Option<String>,
    child: Option<String>,
    #[serde(rename = "type")]
    kind: Option<String>,
}

#[derive(Deserialize)]
struct Source {
    id: Option<String>,
    name: Option<String>,
    version: Option<String>,
    #[serde(rename = "type")]
    kind: Option<String>,
    metadata: Option<Metadata>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Metadata {
    manifest_digest: Option<String>,
    #[serde(rename = "imageID")]
    image_id: Option<String>,
    layers: Option<Vec<Layer>>,
}

#[derive(Deserialize)]
struct Layer {
    digest: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Distro {
    pretty_name: Option<String>,
    id: Option<String>,
    id_like: Option<Vec<String>>,
    #[serde(rename = "versionID")]
    version_id: Option<String>,
    version_codename: Option<String>,
}

pub(crate) fn read(bytes: &[u8]) -> Result<Document, ReadError> {
    let syft: Syft = json(bytes, Format::SyftJson)?;
    let version = syft.schema.and_then(|schema| schema.version);
    let mut out = Document::new(Format::SyftJson, &version.unwrap_or_default());
    if let Some(descriptor) = syft.descriptor {
        let words = [descriptor.name, descriptor.version].into_iter().flatten();
        out.authors = vec![words.collect::<Vec<_>>().join(" ")];
    }
    let layers = syft
        .source
        .as_ref()
        .and_then(|source| source.metadata.as_ref());
    let layers = layers.and_then(|metadata| metadata.layers.as_ref());
    let layers: BTreeMap<String, usize> = layers
        .into_iter()
        .flatten()
        .enumerate()
        .filter_map(|(idx, layer)| Some((layer.digest.clone()?, idx)))
        .collect();
    out.subject = syft.source.map(subject);
    out.components.extend(syft.distro.and_then(system));
    let artifacts = syft.artifacts.unwrap_or_default().into_iter();
    out.components
        .extend(artifacts.map(|one| component(one, &layers)));
    for relation in syft.artifact_relationships.unwrap_or_default() {
        let (Some(parent), Some(child)) = (relation.parent, relation.child) else {
            continue;
        };
        match relation.kind.as_deref() {
            // The parent is a dependency of the child.
            Some("dependency-of") => out.depends.push((child, parent)),
            Some("contains" | "ownership-by-file-overlap") => out.contains.push((parent, child)),
            _ => {}
        }
    }
    Ok(out)
}

fn subject(source: Source) -> Component {
    let image = source.kind.as_deref() == Some("image");
    let metadata = source.metadata.unwrap_or(Metadata {
        manifest_digest: None,
        image_id: None,
        layers: None,
    });
    let digest = metadata.manifest_digest.or(metadata.image_id);
    let sum = digest.as_deref().and_then(|digest| digest.split_once(':'));
    let layers = metadata.layers.unwrap_or_default().into_iter().enumerate();
    Component {
        reference: source.id.unwrap_or_default(),
        kind: if image { Kind::Container } else { Kind::Other },
        name: source.name.unwrap_or_default(),
        version: source.version.unwrap_or_default(),
        hashes: sum
            .map(|(algorithm, sum)| (algorithm.to_owned(), sum.to_owned()))
            .into_iter()
            .collect(),
        properties: layers
            .filter_map(|(idx, layer)| Some((format!("plimsoll:layer:{idx}"), layer.digest?)))
            .collect(),
        ..Component::default()
    }
}

fn system(distro: Distro) -> Option<Component> {
    let id = distro.id.filter(|id| !id.is_empty())?;
    let mut properties = Vec::new();
    if let Some(like) = distro.id_like.filter(|like| !like.is_empty()) {
        properties.push(("plimsoll:os:like".to_owned(), like.join(" ")));
    }
    if let Some(codename) = distro.version_codename.filter(|name| !name.is_empty()) {
        properties.push(("plimsoll:os:codename".to_owned(), codename));
    }
    Some(Component {
        kind: Kind::System,
        name: id,
        version: distro.version_id.unwrap_or_default(),
        description: distro.pretty_name,
        properties,
        ..Component::default()
    })
}

fn component(artifact: Artifact, layers: &BTreeMap<String, usize>) -> Component {
    let locations = artifact.locations.unwrap_or_default();
    let mut properties = Vec::new();
    let mut places = Vec::new();
    let said = locations
        .iter()
        .filter_map(|place| place.annotations.as_ref());
    for (name, value) in said
        .flatten()
        .filter(|(name, _)| name.starts_with("plimsoll:"))
    {
        properties.extend(value.split('\n').map(|one| (name.clone(), one.to_owned())));
    }
    let own = !properties.is_empty();
    for place in locations {
        let path = place.path.unwrap_or_default();
        let layer = place.layer.and_then(|layer| layers.get(&layer));
        // Syft tells the layer in which a file stands, which is all that is known then.
        if let (Some(layer), false) = (layer, own) {
            let statement = format!("{layer} {layer} {path}");
            properties.push(("plimsoll:location".to_owned(), statement));
        }
        places.push(path);
    }
    let record = artifact.metadata;
    if let Some(module) = record
        .as_ref()
        .and_then(|record| record.modularity_label.as_ref())
        && !own
        && !module.is_empty()
    {
        properties.push(("plimsoll:module".to_owned(), module.clone()));
    }
    let maker = record.and_then(|record| record.maintainer.or(record.vendor));
    let mut out = Component {
        reference: artifact.id.unwrap_or_default(),
        name: artifact.name.unwrap_or_default(),
        version: artifact.version.unwrap_or_default(),
        purl: artifact.purl.unwrap_or_default(),
        other_identity: artifact
            .cpes
            .filter(|cpes| !cpes.is_empty())
            .map(|_| "cpe".to_owned()),
        licenses: artifact
            .licenses
            .unwrap_or_default()
            .into_iter()
            .filter_map(|license| match license {
                License::Text(text) => Some(text),
                License::Object { value } => value,
            })
            .collect(),
        places,
        properties,
        ..Component::default()
    };
    let stated = out.property("plimsoll:maker").map(str::to_owned);
    out.supplier = stated.or(maker.filter(|maker| !maker.is_empty()));
    out.development = out.property("plimsoll:scope") == Some("development");
    out
}
