//! From an index or a manifest to an image: the platform is chosen, every document is proved before it is
//! read, and the layers are named.
//!
//! Every source that has manifests ends here: OCI layouts and registries.

mod candidates;
mod find;

use std::collections::BTreeMap;
use std::io::Read;
use std::sync::Arc;

use plimsoll_model::image::{ImageConfig, LayerInfo, Platform, SourceKind, Subject};
use plimsoll_model::{Digest, Problem, Stage};

use crate::error::ImageError;
use crate::manifest::{
    Descriptor, Document, Manifest, created_by, parse_config, parse_document, prove,
};
use crate::media::{MAX_DOCUMENT, unreadable_layer};
use crate::platform;
use crate::source::{Blob, BlobStore, Image, Layer};
use candidates::Candidate;

pub(crate) use find::{ManifestOf, manifest_of};

/// Most documents that are read on the way to one image; real ones need three.
const MAX_DOCUMENTS: usize = 128;

/// Who asks for what; the parts of [`Subject`] that the source knows before it reads anything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The argument as it was typed.
    pub requested: String,
    /// The kind of source.
    pub source: SourceKind,
    /// Name without tag and digest.
    pub repository: Option<String>,
    /// The tag.
    pub tag: Option<String>,
    /// The digest that the asker pinned.
    pub pinned: Option<Digest>,
}

/// The document where the way begins.
#[derive(Debug)]
pub struct Root {
    /// Its bytes, already proved where `digest` says so.
    pub bytes: Vec<u8>,
    /// What the source says that it is; empty if nothing.
    pub media_type: String,
    /// Its digest; `None` for the `index.json` of an OCI layout, which has none.
    pub digest: Option<Digest>,
    /// What errors call it.
    pub object: String,
}

/// Opens the image that `root` leads to on the asked platform, or, if none is asked for, on the host's, or the
/// only one.
pub fn open_image(
    store: &Arc<dyn BlobStore>,
    root: Root,
    request: Request,
    wanted: Option<&Platform>,
) -> Result<Image, ImageError> {
    let mut resolver = Resolver::new(Arc::clone(store), root.object.clone());
    match parse_document(&root.bytes, &root.media_type, &root.object)? {
        Document::Index(index) => {
            let annotations = index.annotations.clone();
            resolver.list(index, root.digest.as_ref(), &annotations, 0)?;
            resolver.open(request, wanted)
        }
        Document::Manifest(manifest) => {
            let digest = root.digest.unwrap_or_else(|| Digest::of(&root.bytes));
            let found = Found {
                manifest,
                raw: root.bytes,
                digest,
                index: None,
                said: None,
                annotations: BTreeMap::new(),
            };
            resolver.open_found(found, request, wanted, None)
        }
    }
}

/// A manifest that was read.
struct Found {
    manifest: Manifest,
    raw: Vec<u8>,
    digest: Digest,
    index: Option<Digest>,
    /// The platform that its descriptor says.
    said: Option<Platform>,
    annotations: BTreeMap<String, String>,
}

/// The way from an index to an image.
pub(crate) struct Resolver {
    store: Arc<dyn BlobStore>,
    object: String,
    candidates: Vec<Candidate>,
    /// Media types of entries that are neither image nor index.
    others: Vec<String>,
    documents: usize,
}

impl Resolver {
    pub(crate) fn new(store: Arc<dyn BlobStore>, object: String) -> Self {
        Self {
            store,
            object,
            candidates: Vec::new(),
            others: Vec::new(),
            documents: 0,
        }
    }

    /// Opens the image among the listed ones that serves `wanted`.
    pub(crate) fn open(
        mut self,
        request: Request,
        wanted: Option<&Platform>,
    ) -> Result<Image, ImageError> {
        if self.candidates.is_empty() {
            let reason = if self.others.is_empty() {
                "it lists no image".to_owned()
            } else {
                format!("it lists no image, only: {}", self.others.join(", "))
            };
            return Err(ImageError::malformed(&self.object, reason));
        }
        if self.candidates.len() > 1 {
            self.learn_platforms()?;
        }
        let candidate = self.choose(wanted)?;
        let bytes = self.read_manifest(&candidate.descriptor)?;
        let object = self
            .store
            .describe(&Blob::Stored(candidate.descriptor.digest.clone()));
        let Document::Manifest(manifest) =
            parse_document(&bytes, &candidate.descriptor.media_type, &object)?
        else {
            return Err(ImageError::malformed(object, "it is no manifest"));
        };
        let platforms = (self.candidates.len() > 1 || candidate.index.is_some()).then(|| {
            let mut platforms: Vec<Platform> = Vec::new();
            for platform in self
                .candidates
                .iter()
                .filter_map(|other| other.platform.clone())
            {
                if !platforms.contains(&platform) {
                    platforms.push(platform);
                }
            }
            platforms
        });
        let found = Found {
            manifest,
            raw: bytes,
            digest: candidate.descriptor.digest,
            index: candidate.index,
            said: candidate.platform,
            annotations: candidate.annotations,
        };
        self.open_found(found, request, wanted, platforms)
    }

    fn open_found(
        &mut self,
        found: Found,
        request: Request,
        wanted: Option<&Platform>,
        platforms: Option<Vec<Platform>>,
    ) -> Result<Image, ImageError> {
        let (config, raw_config) = self.read_config(&found.manifest)?;
        let (platform, mut problems) = self.settle_platform(&config, found.said, wanted)?;
        let mut annotations = found.annotations;
        annotations.extend(found.manifest.annotations.clone());
        let layers = layers(&self.store, &found.manifest, &config, &mut problems);
        Ok(Image {
            subject: Subject {
                requested: request.requested,
                source: request.source,
                repository: request.repository,
                tag: request.tag,
                pinned: request.pinned,
                manifest_digest: Some(found.digest),
                index_digest: found.index,
                image_id: Some(found.manifest.config.digest),
                // An index need not say what its only image is made for.
                platforms: platforms
                    .filter(|platforms| !platforms.is_empty())
                    .unwrap_or_else(|| vec![platform.clone()]),
                platform,
                annotations,
            },
            config,
            raw_config,
            raw_manifest: Some(found.raw),
            layers,
            problems,
        })
    }

    /// The platform that the descriptor says, or else the configuration; it has to serve what is asked.
    fn settle_platform(
        &self,
        config: &ImageConfig,
        said: Option<Platform>,
        wanted: Option<&Platform>,
    ) -> Result<(Platform, Vec<Problem>), ImageError> {
        let own = platform_of(config);
        let mut problems = Vec::new();
        let platform = match said {
            Some(said) => {
                if said.os != own.os || said.architecture != own.architecture {
                    let reason = format!("the index says {said}, but the configuration says {own}");
                    problems.push(Problem::note(Stage::Image, &self.object, reason));
                }
                said
            }
            None => own,
        };
        match wanted {
            Some(wanted) if platform::distance(wanted, &platform).is_none() => {
                Err(ImageError::NoPlatform {
                    object: self.object.clone(),
                    wanted: Box::new(wanted.clone()),
                    available: vec![platform],
                })
            }
            _ => Ok((platform, problems)),
        }
    }

    fn read_config(&mut self, manifest: &Manifest) -> Result<(ImageConfig, Vec<u8>), ImageError> {
        self.count_document()?;
        let blob = Blob::Stored(manifest.config.digest.clone());
        let object = self.store.describe(&blob);
        let bytes = read_proved(self.store.open(&blob)?, &manifest.config, &object)?;
        let config = parse_config(&bytes, manifest.layers.len(), &object)?;
        Ok((config, bytes))
    }

    fn read_manifest(&mut self, descriptor: &Descriptor) -> Result<Vec<u8>, ImageError> {
        self.count_document()?;
        let object = self
            .store
            .describe(&Blob::Stored(descriptor.digest.clone()));
        read_proved(
            self.store.open_manifest(&descriptor.digest)?,
            descriptor,
            &object,
        )
    }

    fn count_document(&mut self) -> Result<(), ImageError> {
        self.documents = self.documents.saturating_add(1);
        if self.documents > MAX_DOCUMENTS {
            let reason =
                format!("more than {MAX_DOCUMENTS} manifests and configurations lead to it");
            return Err(ImageError::over_limit(&self.object, reason));
        }
        Ok(())
    }
}

/// The platform that a configuration names; words that it leaves out are empty.
pub(crate) fn platform_of(config: &ImageConfig) -> Platform {
    Platform {
        os: config.os.clone(),
        architecture: config.architecture.clone(),
        variant: config.variant.clone().filter(|variant| !variant.is_empty()),
        os_version: None,
    }
}

fn layers(
    store: &Arc<dyn BlobStore>,
    manifest: &Manifest,
    config: &ImageConfig,
    problems: &mut Vec<Problem>,
) -> Vec<Layer> {
    let commands = created_by(config, manifest.layers.len());
    let diff_ids = config.rootfs.diff_ids.iter();
    let mut layers = Vec::with_capacity(manifest.layers.len());
    for ((descriptor, diff_id), created_by) in manifest.layers.iter().zip(diff_ids).zip(commands) {
        let unreadable = unreadable_layer(&descriptor.media_type);
        if let Some(reason) = unreadable {
            let reason = format!(
                "the layer cannot be read: {reason} (`{}`)",
                descriptor.media_type
            );
            problems.push(Problem::blind(
                Stage::Image,
                descriptor.digest.as_str(),
                reason,
            ));
        }
        let info = LayerInfo {
            digest: Some(descriptor.digest.clone()),
            diff_id: Some(diff_id.clone()),
            compressed_size: Some(descriptor.size),
            size: None,
            media_type: descriptor.media_type.clone(),
            entries: 0,
            created_by,
        };
        layers.push(Layer::stored(
            info,
            Arc::clone(store),
            Blob::Stored(descriptor.digest.clone()),
            unreadable,
        ));
    }
    layers
}

/// Reads a document whole and proves its size and digest.
pub fn read_proved(
    reader: Box<dyn Read + Send>,
    descriptor: &Descriptor,
    object: &str,
) -> Result<Vec<u8>, ImageError> {
    if descriptor.size > MAX_DOCUMENT {
        let reason = format!(
            "it is said to have {} bytes; at most {MAX_DOCUMENT} are read of a manifest, index or configuration",
            descriptor.size
        );
        return Err(ImageError::over_limit(object, reason));
    }
    let mut bytes = Vec::new();
    reader
        .take(descriptor.size.saturating_add(1))
        .read_to_end(&mut bytes)
        .map_err(|error| ImageError::io(object, error))?;
    let actual = bytes.len() as u64;
    if actual != descriptor.size {
        return Err(ImageError::SizeMismatch {
            object: object.to_owned(),
            expected: descriptor.size,
            actual,
        });
    }
    prove(&bytes, &descriptor.digest, object)?;
    Ok(bytes)
}
