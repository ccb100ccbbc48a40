//! Archives of `docker save` (Docker image specification v1.2 and v1.3, "Combined Image JSON + Filesystem
//! Changeset Format"), and what other tools write in that form.
//!
//! `manifest.json` lists images; each names a configuration and its layers by their paths. Up to Docker 24 and
//! in Podman these are `<id>/layer.tar`, or links to it; since Docker 25 they are the blobs of an OCI layout in
//! the same archive.

use std::collections::BTreeMap;
use std::io::Read;
use std::sync::Arc;

use plimsoll_model::image::{ImageConfig, LayerInfo, Platform, SourceKind, Subject};
use plimsoll_model::{Digest, Problem, Stage};
use serde::Deserialize;

use crate::archive::Archive;
use crate::error::ImageError;
use crate::layout::{Files, INDEX, LayoutStore, blob_path, names_match, split_name};
use crate::manifest::{MAX_LAYERS, created_by, not_json, parse_config, prove};
use crate::media::unreadable_layer;
use crate::platform;
use crate::reference::Selector;
use crate::resolve::{ManifestOf, manifest_of, platform_of};
use crate::source::{Blob, BlobStore, Image, Layer};

/// The file that lists the images.
pub(super) const MANIFEST: &str = "manifest.json";
/// Most images of an archive.
const MAX_IMAGES: usize = 256;

/// An entry of `manifest.json`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Entry {
    config: String,
    #[serde(default)]
    repo_tags: Option<Vec<String>>,
    #[serde(default)]
    layers: Option<Vec<String>>,
    /// What layers are where that is not plain tar, by diff id.
    #[serde(default)]
    layer_sources: Option<BTreeMap<String, LayerSource>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct LayerSource {
    #[serde(default)]
    media_type: String,
}

impl Entry {
    fn tags(&self) -> &[String] {
        self.repo_tags.as_deref().unwrap_or_default()
    }

    fn layers(&self) -> &[String] {
        self.layers.as_deref().unwrap_or_default()
    }
}

/// An image whose configuration was read.
struct Candidate<'a> {
    entry: &'a Entry,
    config: ImageConfig,
    raw: Vec<u8>,
    id: Digest,
}

/// Opens the selected image of an archive.
pub(super) fn open(
    archive: &Arc<Archive>,
    requested: &str,
    selector: Option<&Selector>,
    wanted: Option<&Platform>,
) -> Result<Image, ImageError> {
    let object = archive.describe(MANIFEST);
    let bytes = archive.read(MANIFEST)?;
    let entries: Vec<Entry> = serde_json::from_slice(&bytes).map_err(|e| not_json(&object, &e))?;
    if entries.is_empty() {
        return Err(ImageError::malformed(object, "it lists no image"));
    }
    if entries.len() > MAX_IMAGES {
        let reason = format!("it lists more than {MAX_IMAGES} images");
        return Err(ImageError::over_limit(object, reason));
    }
    let eligible = entries.iter().filter(|entry| match selector {
        Some(Selector::Name(name)) => entry.tags().iter().any(|own| names_match(own, name)),
        _ => true,
    });
    let mut candidates = Vec::new();
    for entry in eligible {
        candidates.push(read(archive, entry)?);
    }
    if let Some(Selector::Digest(digest)) = selector {
        let mut matching = Vec::new();
        for candidate in candidates {
            if candidate.id == *digest
                || manifest_digest(archive, &candidate.id).as_ref() == Some(digest)
            {
                matching.push(candidate);
            }
        }
        candidates = matching;
    }
    if let (true, Some(selector)) = (candidates.is_empty(), selector) {
        let names: Vec<&str> = entries
            .iter()
            .flat_map(Entry::tags)
            .map(String::as_str)
            .collect();
        let reason = format!("the image is not among: {}", names.join(", "));
        return Err(ImageError::not_found(
            format!("`{selector}` in {object}"),
            reason,
        ));
    }
    let candidate = choose(candidates, wanted, &object)?;
    image(archive, candidate, requested, selector)
}

fn manifest_digest(archive: &Arc<Archive>, id: &Digest) -> Option<Digest> {
    find_manifest(archive, id)
        .ok()
        .flatten()
        .map(|found| found.digest)
}

/// The OCI manifest of the image with this configuration, where the archive is an OCI layout as well.
fn find_manifest(archive: &Arc<Archive>, id: &Digest) -> Result<Option<ManifestOf>, ImageError> {
    if !archive.contains(INDEX) {
        return Ok(None);
    }
    let bytes = archive.read(INDEX)?;
    let store = LayoutStore(Arc::clone(archive));
    manifest_of(Arc::new(store), &bytes, &archive.describe(INDEX), id)
}

fn read<'a>(archive: &Archive, entry: &'a Entry) -> Result<Candidate<'a>, ImageError> {
    let layers = entry.layers().len();
    if layers > MAX_LAYERS {
        let reason = format!("an image has {layers} layers; at most {MAX_LAYERS} are read");
        return Err(ImageError::over_limit(archive.describe(MANIFEST), reason));
    }
    let object = archive.describe(&entry.config);
    let raw = archive.read(&entry.config)?;
    // All tools name the configuration after its digest; a name that is none promises nothing.
    if let Some(promised) = digest_in_name(&entry.config) {
        prove(&raw, &promised, &object)?;
    }
    let config = parse_config(&raw, layers, &object)?;
    let id = Digest::of(&raw);
    Ok(Candidate {
        entry,
        config,
        raw,
        id,
    })
}

/// The digest in `blobs/sha256/<hex>`, `<hex>.json`, `sha256:<hex>` and the like.
fn digest_in_name(path: &str) -> Option<Digest> {
    let file = path.rsplit('/').next().unwrap_or_default();
    let stem = file.split('.').next().unwrap_or_default();
    let text = if stem.contains(':') {
        stem.to_owned()
    } else {
        format!("sha256:{stem}")
    };
    text.parse().ok()
}

/// The one that serves the platform; several with the same tags are platforms of one image.
fn choose<'a>(
    mut candidates: Vec<Candidate<'a>>,
    wanted: Option<&Platform>,
    object: &str,
) -> Result<Candidate<'a>, ImageError> {
    let object = || object.to_owned();
    let host = platform::host();
    let is_one_image = candidates
        .iter()
        .zip(candidates.iter().skip(1))
        .all(|(a, b)| {
            a.entry.tags() == b.entry.tags() && a.id != b.id && !a.entry.tags().is_empty()
        });
    if !is_one_image {
        let names = |candidate: &Candidate<'_>| match candidate.entry.tags() {
            [] => vec![candidate.id.to_string()],
            tags => tags.to_vec(),
        };
        let mut choices: Vec<String> = candidates.iter().flat_map(names).collect();
        choices.sort();
        choices.dedup();
        return Err(ImageError::Ambiguous {
            object: object(),
            choices,
        });
    }
    let is_only = candidates.len() == 1;
    let best = candidates
        .iter()
        .enumerate()
        .filter_map(|(at, candidate)| {
            let distance =
                platform::distance(wanted.unwrap_or(&host), &platform_of(&candidate.config))?;
            Some((distance, at))
        })
        .min();
    match best {
        Some((_, at)) => Ok(candidates.swap_remove(at)),
        None if is_only && wanted.is_none() => Ok(candidates.swap_remove(0)),
        None => Err(ImageError::NoPlatform {
            object: object(),
            wanted: Box::new(wanted.cloned().unwrap_or(host)),
            available: candidates.iter().map(|c| platform_of(&c.config)).collect(),
        }),
    }
}

fn image(
    archive: &Arc<Archive>,
    candidate: Candidate<'_>,
    requested: &str,
    selector: Option<&Selector>,
) -> Result<Image, ImageError> {
    let mut problems = Vec::new();
    let found = find_manifest(archive, &candidate.id).unwrap_or_else(|error| {
        let reason = format!("the OCI layout beside `{MANIFEST}` cannot be read: {error}");
        problems.push(Problem::note(Stage::Image, archive.object(), reason));
        None
    });
    let tags = candidate.entry.tags();
    let name = match selector {
        Some(Selector::Name(asked)) => tags.iter().find(|own| names_match(own, asked)),
        _ => tags.first(),
    };
    let (repository, tag) = name.map_or((None, None), |name| split_name(name));
    let layers = layers(archive, &candidate, &mut problems)?;
    let platform = platform_of(&candidate.config);
    Ok(Image {
        subject: Subject {
            requested: requested.to_owned(),
            source: SourceKind::DockerArchive,
            repository,
            tag,
            pinned: match selector {
                Some(Selector::Digest(digest)) => Some(digest.clone()),
                _ => None,
            },
            manifest_digest: found.as_ref().map(|found| found.digest.clone()),
            index_digest: found.as_ref().and_then(|found| found.index.clone()),
            image_id: Some(candidate.id),
            platforms: vec![platform.clone()],
            platform,
            annotations: found
                .as_ref()
                .map(|found| found.annotations.clone())
                .unwrap_or_default(),
        },
        config: candidate.config,
        raw_config: candidate.raw,
        raw_manifest: found.map(|found| found.raw),
        layers,
        problems,
    })
}

fn layers(
    archive: &Arc<Archive>,
    candidate: &Candidate<'_>,
    problems: &mut Vec<Problem>,
) -> Result<Vec<Layer>, ImageError> {
    let paths = candidate.entry.layers();
    let diff_ids = &candidate.config.rootfs.diff_ids;
    // Two layers with the same diff id are the same, whichever file is read; the walk proves it.
    let mut by_diff_id: BTreeMap<Digest, String> = BTreeMap::new();
    for (diff_id, path) in diff_ids.iter().zip(paths) {
        by_diff_id
            .entry(diff_id.clone())
            .or_insert_with(|| path.clone());
    }
    let store = DockerStore {
        archive: Arc::clone(archive),
        paths: by_diff_id.clone(),
    };
    let store: Arc<dyn BlobStore> = Arc::new(store);
    let commands = created_by(&candidate.config, paths.len());
    let mut layers = Vec::with_capacity(paths.len());
    for ((own, diff_id), created_by) in paths.iter().zip(diff_ids).zip(commands) {
        let path = by_diff_id.get(diff_id).unwrap_or(own);
        let sources = candidate.entry.layer_sources.as_ref();
        let media_type = sources
            .and_then(|sources| sources.get(diff_id.as_str()))
            .map_or_else(String::new, |source| source.media_type.clone());
        let unreadable = unreadable_layer(&media_type);
        if let Some(reason) = unreadable {
            let reason = format!("the layer cannot be read: {reason} (`{media_type}`)");
            problems.push(Problem::blind(Stage::Image, diff_id.as_str(), reason));
        }
        let compressed_size = match archive.size(path) {
            Ok(size) => Some(size),
            Err(_) if unreadable.is_some() => None,
            Err(error) => return Err(error),
        };
        let info = LayerInfo {
            digest: path
                .starts_with("blobs/")
                .then(|| digest_in_name(path))
                .flatten(),
            diff_id: Some(diff_id.clone()),
            compressed_size,
            size: None,
            media_type,
            entries: 0,
            created_by,
        };
        let blob = Blob::Content(diff_id.clone());
        layers.push(Layer::stored(info, Arc::clone(&store), blob, unreadable));
    }
    Ok(layers)
}

/// The layers of an archive by diff id.
#[derive(Debug)]
struct DockerStore {
    archive: Arc<Archive>,
    paths: BTreeMap<Digest, String>,
}

impl DockerStore {
    fn path(&self, blob: &Blob) -> String {
        match blob {
            Blob::Content(digest) => self
                .paths
                .get(digest)
                .cloned()
                .unwrap_or_else(|| blob_path(digest)),
            Blob::Stored(digest) => blob_path(digest),
        }
    }
}

impl BlobStore for DockerStore {
    fn open(&self, blob: &Blob) -> Result<Box<dyn Read + Send>, ImageError> {
        self.archive.open(&self.path(blob))
    }

    fn describe(&self, blob: &Blob) -> String {
        self.archive.describe(&self.path(blob))
    }
}
