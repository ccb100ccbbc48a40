//! Images as the files of an archive or a directory.

use std::collections::BTreeMap;
use std::path::Path;

use plimsoll_model::Digest;
use serde_json::{Value, json};

use super::layer::{Compression, compress};
use super::{Image, descriptor};

/// What a name in [`Files`] stands for.
#[derive(Debug, Clone)]
enum Member {
    File(Vec<u8>),
    Symlink(String),
    HardLink(String),
}

/// Files by name, ready to be packed, or to be spoilt before.
#[derive(Debug, Clone, Default)]
pub struct Files(BTreeMap<String, Member>);

impl Files {
    /// Sets the content of a file.
    pub fn put(&mut self, name: &str, bytes: impl Into<Vec<u8>>) -> &mut Self {
        self.0.insert(name.to_owned(), Member::File(bytes.into()));
        self
    }

    /// Sets a file to a JSON value.
    pub fn put_json(&mut self, name: &str, value: &Value) -> &mut Self {
        self.put(name, value.to_string())
    }

    /// Makes a name a symbolic link.
    pub fn symlink(&mut self, name: &str, target: &str) -> &mut Self {
        self.0
            .insert(name.to_owned(), Member::Symlink(target.to_owned()));
        self
    }

    /// Makes a name a hard link.
    pub fn hard_link(&mut self, name: &str, target: &str) -> &mut Self {
        self.0
            .insert(name.to_owned(), Member::HardLink(target.to_owned()));
        self
    }

    /// Takes a file away.
    ///
    /// # Panics
    /// If there is none with this name.
    pub fn remove(&mut self, name: &str) -> &mut Self {
        assert!(self.0.remove(name).is_some(), "no file `{name}`");
        self
    }

    /// The names.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// The bytes of a file.
    ///
    /// # Panics
    /// If there is none with this name.
    #[must_use]
    pub fn get(&self, name: &str) -> &[u8] {
        match self.0.get(name) {
            Some(Member::File(bytes)) => bytes,
            other => panic!("`{name}` is {other:?}"),
        }
    }

    /// Reads a file as JSON.
    ///
    /// # Panics
    /// If it is none.
    #[must_use]
    pub fn json(&self, name: &str) -> Value {
        serde_json::from_slice(self.get(name)).expect("the file is JSON")
    }

    /// Stores bytes as a blob of an OCI layout.
    pub fn put_blob(&mut self, bytes: &[u8]) -> &mut Self {
        self.put(&blob_name(&Digest::of(bytes)), bytes)
    }

    /// Packs them into a tar, sorted by name.
    ///
    /// # Panics
    /// If a name is too long for a tar.
    #[must_use]
    pub fn tar(&self) -> Vec<u8> {
        let mut builder = tar::Builder::new(Vec::new());
        for (name, member) in &self.0 {
            let (kind, link, bytes): (_, &str, &[u8]) = match member {
                Member::File(bytes) => (tar::EntryType::Regular, "", bytes),
                Member::Symlink(target) => (tar::EntryType::Symlink, target, &[]),
                Member::HardLink(target) => (tar::EntryType::Link, target, &[]),
            };
            let mut header = tar::Header::new_ustar();
            header.set_entry_type(kind);
            header.set_mode(0o644);
            header.set_size(bytes.len() as u64);
            header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
            header.as_old_mut().linkname[..link.len()].copy_from_slice(link.as_bytes());
            header.set_cksum();
            builder
                .append(&header, bytes)
                .expect("memory can be written");
        }
        builder.into_inner().expect("memory can be written")
    }

    /// Packs them into a compressed tar.
    #[must_use]
    pub fn compressed_tar(&self, compression: Compression) -> Vec<u8> {
        compress(&self.tar(), compression)
    }

    /// Writes them below a directory. Hard links become copies.
    ///
    /// # Panics
    /// If the directory cannot be written.
    pub fn write(&self, folder: &Path) {
        for (name, member) in &self.0 {
            let path = folder.join(name);
            std::fs::create_dir_all(path.parent().expect("a file has a folder"))
                .expect("the folder can be made");
            match member {
                Member::File(bytes) => {
                    std::fs::write(path, bytes).expect("the file can be written");
                }
                Member::HardLink(target) => {
                    std::fs::write(path, self.get(target)).expect("the file can be written");
                }
                #[cfg(unix)]
                Member::Symlink(target) => {
                    std::os::unix::fs::symlink(target, path).expect("the link can be made");
                }
                #[cfg(not(unix))]
                Member::Symlink(_) => {}
            }
        }
    }
}

/// Where a blob is in an OCI layout.
#[must_use]
pub fn blob_name(digest: &Digest) -> String {
    format!("blobs/{}/{}", digest.algorithm().name(), digest.hex())
}

/// An OCI layout. Several images with the same name become one index; `org.opencontainers.image.ref.name` is
/// the tag and `io.containerd.image.name` the whole name, where there is one.
#[must_use]
pub fn oci(images: &[Image]) -> Files {
    let mut files = Files::default();
    files.put_json("oci-layout", &json!({"imageLayoutVersion": "1.0.0"}));
    let mut by_name: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
    for image in images {
        for layer in &image.layers {
            files.put_blob(&layer.blob());
        }
        files.put_blob(&image.config_bytes());
        let manifest = image.manifest_bytes();
        files.put_blob(&manifest);
        let mut entry = descriptor("application/vnd.oci.image.manifest.v1+json", &manifest);
        if image.is_attestation {
            entry["platform"] = json!({"os": "unknown", "architecture": "unknown"});
            entry["annotations"] = json!({"vnd.docker.reference.type": "attestation-manifest"});
        } else {
            entry["platform"] = image.platform_json();
        }
        by_name.entry(&image.name).or_default().push(entry);
    }
    let mut entries = Vec::new();
    for (name, mut manifests) in by_name {
        let mut entry = if manifests.len() == 1 {
            manifests.remove(0)
        } else {
            let index = json!({
                "schemaVersion": 2,
                "mediaType": "application/vnd.oci.image.index.v1+json",
                "manifests": manifests,
            });
            let bytes = index.to_string().into_bytes();
            files.put_blob(&bytes);
            descriptor("application/vnd.oci.image.index.v1+json", &bytes)
        };
        if !name.is_empty() {
            let tag = name.rsplit(':').next().unwrap_or_default();
            entry["annotations"] = json!({
                "io.containerd.image.name": name,
                "org.opencontainers.image.ref.name": tag,
            });
        }
        entries.push(entry);
    }
    files.put_json(
        "index.json",
        &json!({
            "schemaVersion": 2,
            "mediaType": "application/vnd.oci.image.index.v1+json",
            "manifests": entries,
        }),
    );
    files
}

/// The layout of `docker save` up to version 24: `<id>/layer.tar`, plain; a layer that was there before is a
/// link to it.
#[must_use]
pub fn docker(images: &[Image]) -> Files {
    let mut files = Files::default();
    let mut manifest = Vec::new();
    let mut seen: BTreeMap<Digest, String> = BTreeMap::new();
    for (number, image) in images.iter().enumerate() {
        let config = image.config_bytes();
        let config_name = format!("{}.json", Digest::of(&config).hex());
        let mut paths = Vec::new();
        for (at, layer) in image.layers.iter().enumerate() {
            let diff_id = layer.diff_id();
            let id = Digest::of(format!("{number} {at} {diff_id}").as_bytes())
                .hex()
                .to_owned();
            let path = format!("{id}/layer.tar");
            match seen.get(&diff_id) {
                Some(first) => files.symlink(&path, &format!("../{first}/layer.tar")),
                None => files.put(&path, layer.tar()),
            };
            seen.entry(diff_id).or_insert_with(|| id.clone());
            files.put(&format!("{id}/VERSION"), "1.0");
            paths.push(path);
        }
        files.put(&config_name, config);
        manifest.push(json!({"Config": config_name, "RepoTags": tags(image), "Layers": paths}));
    }
    files.put_json("manifest.json", &json!(manifest));
    files
}

/// The layout of `docker save` since version 25: an OCI layout with a `manifest.json` that points into it.
#[must_use]
pub fn docker_25(images: &[Image]) -> Files {
    let mut files = oci(images);
    let manifest: Vec<Value> = images
        .iter()
        .map(|image| {
            let paths: Vec<String> = image
                .layers
                .iter()
                .map(|layer| blob_name(&Digest::of(&layer.blob())))
                .collect();
            let sources: BTreeMap<String, Value> = image
                .layers
                .iter()
                .map(|layer| {
                    (
                        layer.diff_id().to_string(),
                        descriptor(&layer.media_type(), &layer.blob()),
                    )
                })
                .collect();
            json!({
                "Config": blob_name(&Digest::of(&image.config_bytes())),
                "RepoTags": tags(image),
                "Layers": paths,
                "LayerSources": sources,
            })
        })
        .collect();
    files.put_json("manifest.json", &json!(manifest));
    files
}

fn tags(image: &Image) -> Value {
    if image.name.is_empty() {
        Value::Null
    } else {
        json!([image.name])
    }
}
