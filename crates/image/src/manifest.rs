//! Manifests, indexes and configurations: proved bytes in, plain data out.
//!
//! OCI image specification, `manifest.md`, `image-index.md`, `descriptor.md`; Docker image manifest version 2,
//! schema 2. Only the fields that Plimsoll uses are kept, and what builders get wrong without harm is
//! accepted; `object` in every function is what errors call the document.

use std::collections::BTreeMap;

use plimsoll_model::image::{ImageConfig, Platform};
use plimsoll_model::{Algorithm, Digest};
use serde::{Deserialize, Deserializer};

use crate::error::ImageError;
use crate::media::{DocumentKind, document_kind, is_image_config};

/// Most layers of an image; Docker's own limit is 127.
pub const MAX_LAYERS: usize = 1000;

/// A pointer to a blob, with what it promises about it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Descriptor {
    /// What the blob is.
    #[serde(default, deserialize_with = "or_default")]
    pub media_type: String,
    /// The digest of its bytes.
    pub digest: Digest,
    /// Its size in bytes.
    pub size: u64,
    /// What it runs on; `None` where nothing, or nothing useful, is said.
    #[serde(default, deserialize_with = "platform")]
    pub platform: Option<Platform>,
    /// Remarks.
    #[serde(default, deserialize_with = "or_default")]
    pub annotations: BTreeMap<String, String>,
}

impl Descriptor {
    /// Whether it points to an attestation that BuildKit filed beside images, and not to an image.
    #[must_use]
    pub fn is_attestation(&self) -> bool {
        self.annotations.contains_key("vnd.docker.reference.type")
            || self.platform.as_ref().is_some_and(Platform::is_attestation)
    }

    /// The names that tools give the image in an OCI layout, fullest first: containerd's
    /// `io.containerd.image.name` and `org.opencontainers.image.ref.name` (OCI image specification,
    /// `annotations.md`), which is a name or only a tag.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        [
            "io.containerd.image.name",
            "org.opencontainers.image.ref.name",
        ]
        .into_iter()
        .filter_map(|key| self.annotations.get(key).map(String::as_str))
    }
}

/// A list of manifests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Index {
    /// What it lists.
    pub manifests: Vec<Descriptor>,
    /// Remarks.
    pub annotations: BTreeMap<String, String>,
}

/// One image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest {
    /// Where its configuration is.
    pub config: Descriptor,
    /// Where its layers are, lowest first.
    pub layers: Vec<Descriptor>,
    /// Remarks.
    pub annotations: BTreeMap<String, String>,
}

/// What a manifest's digest or a tag can point to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Document {
    /// A list of manifests.
    Index(Index),
    /// One image.
    Manifest(Manifest),
}

/// Every field of both kinds of documents.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Raw {
    #[serde(default)]
    schema_version: Option<u64>,
    #[serde(default, deserialize_with = "or_default")]
    media_type: String,
    #[serde(default)]
    manifests: Option<Vec<Descriptor>>,
    #[serde(default)]
    config: Option<Descriptor>,
    #[serde(default)]
    layers: Option<Vec<Descriptor>>,
    #[serde(default)]
    fs_layers: Option<serde::de::IgnoredAny>,
    #[serde(default, deserialize_with = "or_default")]
    annotations: BTreeMap<String, String>,
}

/// Reads an index or a manifest; `media_type` is what its descriptor or the registry says, empty if nothing.
///
/// A document that could be read as either kind is refused, because two programs that read it differently
/// would judge and run different images (GHSA-mc8v-mgrf-8f4m, GHSA-77vh-xpmg-72qh).
pub fn parse_document(
    bytes: &[u8],
    media_type: &str,
    object: &str,
) -> Result<Document, ImageError> {
    let wrong = |reason: &str| ImageError::malformed(object, reason);
    let raw: Raw = json_object(bytes, object)?;
    let outer = document_kind(media_type);
    let inner = document_kind(&raw.media_type);
    if [outer, inner].contains(&DocumentKind::Schema1)
        || raw.schema_version == Some(1)
        || raw.fs_layers.is_some()
    {
        let reason = "it is a Docker manifest of schema 1, which Docker gave up in 2019; push the image anew";
        return Err(ImageError::unsupported(object, reason));
    }
    if outer != DocumentKind::Other && inner != DocumentKind::Other && outer != inner {
        let reason = format!(
            "it says that it is `{}`, but what points to it says `{media_type}`",
            raw.media_type
        );
        return Err(wrong(&reason));
    }
    let kind = if outer == DocumentKind::Other {
        inner
    } else {
        outer
    };
    match (raw.manifests, raw.config, raw.layers) {
        (Some(manifests), None, None) if kind != DocumentKind::Manifest => {
            Ok(Document::Index(Index {
                manifests,
                annotations: raw.annotations,
            }))
        }
        (None, Some(config), Some(layers)) if kind != DocumentKind::Index => {
            check_manifest(&config, &layers, object)?;
            Ok(Document::Manifest(Manifest {
                config,
                layers,
                annotations: raw.annotations,
            }))
        }
        (Some(_), Some(_), _) | (Some(_), _, Some(_)) => Err(wrong(
            "it has the fields of an index and those of a manifest",
        )),
        (Some(_), None, None) => Err(wrong("it is an index where a manifest is promised")),
        (None, Some(_), Some(_)) => Err(wrong("it is a manifest where an index is promised")),
        (None, None, _) => Err(wrong("it has neither `manifests` nor `config`")),
        (None, Some(_), None) => Err(wrong("it has no `layers`")),
    }
}

fn check_manifest(
    config: &Descriptor,
    layers: &[Descriptor],
    object: &str,
) -> Result<(), ImageError> {
    if !is_image_config(&config.media_type) {
        let reason = format!(
            "it is no container image: its configuration has the media type `{}`",
            clip(&config.media_type)
        );
        return Err(ImageError::unsupported(object, reason));
    }
    if layers.len() > MAX_LAYERS {
        let reason = format!(
            "it has {} layers; at most {MAX_LAYERS} are read",
            layers.len()
        );
        return Err(ImageError::over_limit(object, reason));
    }
    Ok(())
}

/// Reads an image configuration and holds its number of diff ids against the number of layers.
pub fn parse_config(bytes: &[u8], layers: usize, object: &str) -> Result<ImageConfig, ImageError> {
    let config: ImageConfig = json_object(bytes, object)?;
    let diff_ids = config.rootfs.diff_ids.len();
    if diff_ids != layers {
        let reason = format!("it names {diff_ids} diff ids, but the image has {layers} layers");
        return Err(ImageError::malformed(object, reason));
    }
    Ok(config)
}

/// The commands of the history that made the layers, lowest first; `None` for each layer where the history
/// does not fit the number of layers.
#[must_use]
pub fn created_by(config: &ImageConfig, layers: usize) -> Vec<Option<String>> {
    let steps: Vec<&str> = config
        .history
        .iter()
        .filter(|step| !step.empty_layer)
        .map(|step| step.created_by.as_str())
        .collect();
    if steps.len() != layers {
        return vec![None; layers];
    }
    steps
        .into_iter()
        .map(|step| Some(step.to_owned()).filter(|step| !step.is_empty()))
        .collect()
}

/// Proves that `bytes` are what `digest` promises.
pub fn prove(bytes: &[u8], digest: &Digest, object: &str) -> Result<(), ImageError> {
    use sha2::Digest as _;
    let actual = match digest.algorithm() {
        Algorithm::Sha256 => Digest::of(bytes),
        Algorithm::Sha512 => Digest::sha512(sha2::Sha512::digest(bytes).into()),
    };
    if actual == *digest {
        return Ok(());
    }
    Err(ImageError::DigestMismatch {
        object: object.to_owned(),
        expected: digest.clone(),
        actual,
    })
}

/// Reads a JSON object. Serde would take an array for a structure as well, which no other reader does.
pub(crate) fn json_object<T: serde::de::DeserializeOwned>(
    bytes: &[u8],
    object: &str,
) -> Result<T, ImageError> {
    if bytes
        .trim_ascii_start()
        .first()
        .is_some_and(|first| *first != b'{')
    {
        return Err(ImageError::malformed(object, "it is not a JSON object"));
    }
    serde_json::from_slice(bytes).map_err(|error| not_json(object, &error))
}

pub(crate) fn not_json(object: &str, error: &serde_json::Error) -> ImageError {
    ImageError::malformed(object, error.to_string())
}

fn clip(text: &str) -> String {
    text.chars().take(120).collect()
}

/// Go writes `null` for what is empty.
fn or_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Option::<T>::deserialize(deserializer).map(Option::unwrap_or_default)
}

/// Reads a platform; one that names neither system nor architecture is none.
fn platform<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Platform>, D::Error> {
    #[derive(Deserialize)]
    struct Loose {
        #[serde(default, deserialize_with = "or_default")]
        os: String,
        #[serde(default, deserialize_with = "or_default")]
        architecture: String,
        #[serde(default)]
        variant: Option<String>,
        #[serde(default, rename = "os.version")]
        os_version: Option<String>,
    }
    let loose = Option::<Loose>::deserialize(deserializer)?;
    Ok(loose
        .filter(|loose| !loose.os.is_empty() && !loose.architecture.is_empty())
        .map(|loose| Platform {
            os: loose.os,
            architecture: loose.architecture,
            variant: loose.variant.filter(|variant| !variant.is_empty()),
            os_version: loose.os_version.filter(|version| !version.is_empty()),
        }))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEX: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    fn descriptor(media_type: &str) -> String {
        format!(r#"{{"mediaType":"{media_type}","digest":"sha256:{HEX}","size":0}}"#)
    }

    fn manifest(config: &str, layers: usize) -> String {
        let layers = vec![descriptor("application/vnd.oci.image.layer.v1.tar"); layers].join(",");
        format!(
            r#"{{"schemaVersion":2,"config":{},"layers":[{layers}]}}"#,
            descriptor(config)
        )
    }

    fn parse(text: &str, media_type: &str) -> Result<Document, String> {
        parse_document(text.as_bytes(), media_type, "thing").map_err(|error| {
            assert_eq!(error.object(), "thing");
            error.to_string()
        })
    }

    #[test]
    fn documents_without_media_type_are_known_by_their_fields() {
        let config = "application/vnd.oci.image.config.v1+json";
        assert!(
            matches!(parse(&manifest(config, 2), ""), Ok(Document::Manifest(m)) if m.layers.len() == 2)
        );
        let list = format!(
            r#"{{"schemaVersion":2,"manifests":[{}],"annotations":null}}"#,
            descriptor("")
        );
        assert!(matches!(parse(&list, ""), Ok(Document::Index(i)) if i.manifests.len() == 1));
    }

    #[test]
    fn odd_documents_are_refused_with_a_reason() {
        let config = "application/vnd.oci.image.config.v1+json";
        let manifest_type = "application/vnd.oci.image.manifest.v1+json";
        let index_type = "application/vnd.oci.image.index.v1+json";
        let both = format!(
            r#"{{"manifests":[],"layers":[],"config":{}}}"#,
            descriptor(config)
        );
        for (text, media_type, reason) in [
            ("", "", "EOF"),
            ("[", "", "not a JSON object"),
            ("{}", "", "neither"),
            ("{", "", "EOF"),
            (r#"{"config":null,"manifests":null}"#, "", "neither"),
            (both.as_str(), "", "fields of an index"),
            (r#"{"manifests":[]}"#, manifest_type, "index where"),
            (&manifest(config, 1), index_type, "manifest where"),
            (
                &format!(r#"{{"mediaType":"{index_type}","manifests":[]}}"#),
                manifest_type,
                "but what points to it",
            ),
            (r#"{"schemaVersion":1,"fsLayers":[]}"#, "", "schema 1"),
            (
                r"{}",
                "application/vnd.docker.distribution.manifest.v1+prettyjws",
                "schema 1",
            ),
            (
                &manifest("application/vnd.cncf.helm.config.v1+json", 1),
                "",
                "no container image",
            ),
            (&manifest(config, 1001), "", "at most 1000"),
            (
                r#"{"manifests":[{"digest":"sha256:../..","size":1}]}"#,
                "",
                "not a digest",
            ),
            (
                &format!(r#"{{"manifests":[{{"digest":"sha256:{HEX}","size":-1}}]}}"#),
                "",
                "invalid value",
            ),
            (&(r#"{"x":"#.to_owned() + &"[".repeat(100_000)), "", "EOF"),
        ] {
            let error = parse(text, media_type).unwrap_err();
            assert!(error.contains(reason), "{error}");
        }
    }

    #[test]
    fn attestations_are_recognised() {
        let parse = |text: &str| {
            let text = format!(r#"{{"digest":"sha256:{HEX}","size":1{text}}}"#);
            serde_json::from_str::<Descriptor>(&text).unwrap()
        };
        assert!(parse(r#","platform":{"os":"unknown","architecture":"unknown"}"#).is_attestation());
        assert!(
            parse(r#","annotations":{"vnd.docker.reference.type":"attestation-manifest"}"#)
                .is_attestation()
        );
        assert!(
            !parse(r#","platform":{"os":"linux","architecture":"arm","variant":"v7"}"#)
                .is_attestation()
        );
        assert_eq!(
            parse(r#","platform":{"os":"","architecture":""}"#).platform,
            None
        );
    }

    #[test]
    fn history_is_laid_on_layers_only_where_it_fits() {
        let config: ImageConfig = serde_json::from_str(
            r#"{"history":[{"created_by":"a"},{"created_by":"b","empty_layer":true},{"created_by":""}]}"#,
        )
        .unwrap();
        assert_eq!(created_by(&config, 2), [Some("a".into()), None]);
        assert_eq!(created_by(&config, 1), [None]);
    }

    #[test]
    fn digests_of_both_kinds_are_proved() {
        let sha512: Digest = format!("sha512:{HEX}{HEX}").parse().unwrap();
        assert!(prove(b"", &Digest::of(b""), "x").is_ok());
        assert!(prove(b"a", &Digest::of(b""), "x").is_err());
        assert!(matches!(
            prove(b"", &sha512, "x"),
            Err(ImageError::DigestMismatch { actual, .. }) if actual.hex().starts_with("cf83e1357eefb8bd")
        ));
    }
}
