//! Media types of images: what a document or a layer says it is.
//!
//! OCI image specification, `media-types.md`; Docker image manifest version 2, schema 2; the encrypted layers
//! of `ocicrypt`.

/// Largest manifest, index or configuration that is read, in bytes: what registries accept (OCI distribution
/// specification, "Pushing Manifests").
pub const MAX_DOCUMENT: u64 = 4 << 20;

/// What a document is, as its media type says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DocumentKind {
    /// A list of manifests: OCI image index, Docker manifest list.
    Index,
    /// One image: OCI image manifest, Docker schema 2.
    Manifest,
    /// Docker schema 1, which has no configuration and no honest digests.
    Schema1,
    /// Something else, or nothing.
    Other,
}

/// The media types of documents that are read here, most wanted first, as an `Accept` header lists them.
pub const ACCEPTED: [&str; 4] = [
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.v2+json",
];

/// What a document with this media type is.
#[must_use]
pub fn document_kind(media_type: &str) -> DocumentKind {
    match essence(media_type) {
        "application/vnd.oci.image.index.v1+json"
        | "application/vnd.docker.distribution.manifest.list.v2+json" => DocumentKind::Index,
        "application/vnd.oci.image.manifest.v1+json"
        | "application/vnd.docker.distribution.manifest.v2+json" => DocumentKind::Manifest,
        "application/vnd.docker.distribution.manifest.v1+json"
        | "application/vnd.docker.distribution.manifest.v1+prettyjws" => DocumentKind::Schema1,
        _ => DocumentKind::Other,
    }
}

/// Whether a configuration with this media type describes a container image, and not another artefact that is
/// kept in a registry, such as a Helm chart.
#[must_use]
pub fn is_image_config(media_type: &str) -> bool {
    matches!(
        essence(media_type),
        "application/vnd.oci.image.config.v1+json"
            | "application/vnd.docker.container.image.v1+json"
            // Some builders of Docker's time leave it out, or say no more than this.
            | ""
            | "application/json"
            | "application/octet-stream"
    )
}

/// Why a layer with this media type cannot be read; `None` if it can.
///
/// The compression is not judged here: the bytes show it, see [`crate::inflate::Compression::detect`].
#[must_use]
pub fn unreadable_layer(media_type: &str) -> Option<&'static str> {
    let essence = essence(media_type);
    if essence.contains("+encrypted") {
        return Some("it is encrypted");
    }
    let known = essence
        .strip_prefix("application/vnd.oci.image.layer.v1.")
        .or_else(|| essence.strip_prefix("application/vnd.docker.image.rootfs.diff."));
    if let Some("tar" | "tar+gzip" | "tar+zstd" | "tar.gzip" | "tar.zstd") = known {
        return None;
    }
    if essence.starts_with("application/vnd.oci.image.layer.nondistributable.v1.")
        || essence.starts_with("application/vnd.docker.image.rootfs.foreign.diff.")
    {
        return Some("it is a foreign layer, which is kept elsewhere than the image");
    }
    match essence {
        // Not said; the bytes decide.
        "" | "application/octet-stream" | "application/x-tar" | "application/gzip" => None,
        _ => Some("its media type is not one of a layer"),
    }
}

fn essence(media_type: &str) -> &str {
    media_type.split(';').next().unwrap_or_default().trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_are_told_apart() {
        for (media_type, kind) in [
            (ACCEPTED[0], DocumentKind::Index),
            (ACCEPTED[1], DocumentKind::Index),
            (ACCEPTED[2], DocumentKind::Manifest),
            (ACCEPTED[3], DocumentKind::Manifest),
            (
                "application/vnd.oci.image.manifest.v1+json; charset=utf-8",
                DocumentKind::Manifest,
            ),
            (
                "application/vnd.docker.distribution.manifest.v1+prettyjws",
                DocumentKind::Schema1,
            ),
            ("application/json", DocumentKind::Other),
            ("", DocumentKind::Other),
        ] {
            assert_eq!(document_kind(media_type), kind, "{media_type}");
        }
    }

    #[test]
    fn layers_that_cannot_be_read_say_why() {
        for (media_type, reason) in [
            ("application/vnd.oci.image.layer.v1.tar+gzip", None),
            ("application/vnd.oci.image.layer.v1.tar", None),
            ("application/vnd.oci.image.layer.v1.tar+zstd", None),
            ("application/vnd.docker.image.rootfs.diff.tar.gzip", None),
            ("", None),
            (
                "application/vnd.oci.image.layer.v1.tar+gzip+encrypted",
                Some("encrypted"),
            ),
            (
                "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip",
                Some("foreign"),
            ),
            (
                "application/vnd.oci.image.layer.nondistributable.v1.tar",
                Some("foreign"),
            ),
            (
                "application/vnd.cncf.helm.chart.content.v1.tar+gzip",
                Some("media type"),
            ),
        ] {
            let said = unreadable_layer(media_type);
            assert_eq!(said.is_some(), reason.is_some(), "{media_type}");
            assert!(
                said.unwrap_or("").contains(reason.unwrap_or("")),
                "{media_type}: {said:?}"
            );
        }
    }
}
