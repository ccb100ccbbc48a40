//! What an index lists, and which of it serves a platform.

use std::collections::BTreeMap;

use plimsoll_model::Digest;
use plimsoll_model::image::Platform;

use super::{Resolver, platform_of};
use crate::error::ImageError;
use crate::manifest::{Descriptor, Document, Index, parse_document};
use crate::media::{DocumentKind, document_kind};
use crate::platform;
use crate::source::Blob;

/// Most indexes below each other.
const MAX_DEPTH: usize = 4;

/// A manifest that an index lists.
#[derive(Debug, Clone)]
pub(super) struct Candidate {
    pub(super) descriptor: Descriptor,
    pub(super) platform: Option<Platform>,
    pub(super) index: Option<Digest>,
    pub(super) annotations: BTreeMap<String, String>,
}

impl Resolver {
    /// Collects what an index lists, and what the indexes in it list. `digest` is the outermost index that has
    /// one: what a reference would pin.
    pub(crate) fn list(
        &mut self,
        index: Index,
        digest: Option<&Digest>,
        annotations: &BTreeMap<String, String>,
        depth: usize,
    ) -> Result<(), ImageError> {
        for descriptor in index.manifests {
            if descriptor.is_attestation() {
                continue;
            }
            let mut remarks = annotations.clone();
            remarks.extend(descriptor.annotations.clone());
            match document_kind(&descriptor.media_type) {
                DocumentKind::Index => self.list_below(&descriptor, digest, &remarks, depth)?,
                // Schema 1 is listed, so that its clear refusal is seen when it is chosen.
                DocumentKind::Manifest | DocumentKind::Schema1 => self.candidates.push(Candidate {
                    platform: descriptor.platform.clone(),
                    descriptor,
                    index: digest.cloned(),
                    annotations: remarks,
                }),
                DocumentKind::Other if descriptor.media_type.is_empty() => {
                    self.candidates.push(Candidate {
                        platform: descriptor.platform.clone(),
                        descriptor,
                        index: digest.cloned(),
                        annotations: remarks,
                    });
                }
                DocumentKind::Other => self.others.push(descriptor.media_type),
            }
        }
        Ok(())
    }

    fn list_below(
        &mut self,
        descriptor: &Descriptor,
        digest: Option<&Digest>,
        annotations: &BTreeMap<String, String>,
        depth: usize,
    ) -> Result<(), ImageError> {
        if depth >= MAX_DEPTH {
            let reason = format!("its indexes lie more than {MAX_DEPTH} deep in each other");
            return Err(ImageError::over_limit(&self.object, reason));
        }
        let object = self
            .store
            .describe(&Blob::Stored(descriptor.digest.clone()));
        let bytes = self.read_manifest(descriptor)?;
        let Document::Index(index) = parse_document(&bytes, &descriptor.media_type, &object)?
        else {
            return Err(ImageError::malformed(object, "it is no index"));
        };
        let mut remarks = annotations.clone();
        remarks.extend(index.annotations.clone());
        let outermost = digest.or(Some(&descriptor.digest));
        self.list(index, outermost, &remarks, depth.saturating_add(1))
    }

    /// Asks the configurations for the platforms that descriptors do not say, as `skopeo` leaves them out.
    pub(super) fn learn_platforms(&mut self) -> Result<(), ImageError> {
        for at in 0..self.candidates.len() {
            let Some(candidate) = self
                .candidates
                .get(at)
                .filter(|c| c.platform.is_none())
                .cloned()
            else {
                continue;
            };
            let object = self
                .store
                .describe(&Blob::Stored(candidate.descriptor.digest.clone()));
            let bytes = self.read_manifest(&candidate.descriptor)?;
            let media_type = &candidate.descriptor.media_type;
            if let Document::Manifest(manifest) = parse_document(&bytes, media_type, &object)? {
                let (config, _) = self.read_config(&manifest)?;
                if let Some(candidate) = self.candidates.get_mut(at) {
                    candidate.platform = Some(platform_of(&config));
                }
            }
        }
        Ok(())
    }

    pub(super) fn choose(&self, wanted: Option<&Platform>) -> Result<Candidate, ImageError> {
        let host = platform::host();
        let best = self
            .candidates
            .iter()
            .filter_map(|candidate| {
                let offered = candidate.platform.as_ref()?;
                Some((
                    platform::distance(wanted.unwrap_or(&host), offered)?,
                    candidate,
                ))
            })
            // The first of equals wins, as in container runtimes.
            .min_by_key(|(distance, _)| *distance)
            .map(|(_, candidate)| candidate);
        let only = match self.candidates.as_slice() {
            [only] if wanted.is_none() || only.platform.is_none() => Some(only),
            _ => None,
        };
        best.or(only).cloned().ok_or_else(|| {
            let available = self
                .candidates
                .iter()
                .filter_map(|c| c.platform.clone())
                .collect();
            ImageError::NoPlatform {
                object: self.object.clone(),
                wanted: Box::new(wanted.cloned().unwrap_or(host)),
                available,
            }
        })
    }
}
