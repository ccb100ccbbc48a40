//! Tiny images, written as text, packed as any source wants them, with the same bytes every time.
//!
//! A layer is a text, one entry a line; `#` begins a comment:
//!
//! ```text
//! etc/                                    a directory, mode 755
//! etc/os-release = "ID=alpine\n"          a file, mode 644, content as a Rust string literal
//! usr/bin/app 4755 = ""                   … with another mode
//! home/me/key 0600 1000:1000 = "…"        … and another owner
//! bin -> usr/bin                          a symbolic link
//! usr/bin/b => usr/bin/app                a hard link
//! ~etc/shadow                             a whiteout: `etc/.wh.shadow`
//! !opt                                    an opaque directory: `opt/.wh..wh..opq`
//! ```
//!
//! [`Image`] puts layers together, and [`oci`], [`docker`] and [`docker_25`] make the [`Files`] of an archive or
//! a directory, which a test may still spoil before it packs them.

mod layer;
mod pack;
mod pe;
mod zip;

use plimsoll_model::Digest;
use serde_json::{Value, json};

pub use layer::{Compression, Layer, compress};
pub use pack::{Files, blob_name, docker, docker_25, oci};
pub use pe::pe;
pub use zip::zip;

/// An image that is to be packed.
#[derive(Debug, Clone)]
pub struct Image {
    /// Its name with tag, as `docker save` keeps it; empty for none.
    pub name: String,
    /// Its layers, lowest first.
    pub layers: Vec<Layer>,
    /// Its configuration without `rootfs`, which is made of the layers.
    pub config: Value,
    /// Whether it is filed as an attestation, as BuildKit does.
    pub is_attestation: bool,
}

impl Image {
    /// An image without layers for `linux/amd64`.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            layers: Vec::new(),
            config: json!({
                "architecture": "amd64",
                "os": "linux",
                "created": "2024-01-02T03:04:05Z",
                "config": {"Cmd": ["/bin/sh"], "Env": ["PATH=/usr/bin:/bin"]},
            }),
            is_attestation: false,
        }
    }

    /// Adds a layer on top.
    #[must_use]
    pub fn layer(mut self, layer: impl Into<Layer>) -> Self {
        self.layers.push(layer.into());
        self
    }

    /// Sets a field of the configuration; `/config/User` is a path as in JSON pointers, whose last part may be
    /// new.
    ///
    /// # Panics
    /// If the object above that field does not exist.
    #[must_use]
    pub fn set(mut self, pointer: &str, value: Value) -> Self {
        let (parent, key) = pointer
            .rsplit_once('/')
            .expect("a pointer begins with a slash");
        let parent = self.config.pointer_mut(parent).expect("the object exists");
        parent[key] = value;
        self
    }

    /// Sets the platform, `linux/arm64` or `linux/arm/v7`.
    #[must_use]
    pub fn platform(mut self, platform: &str) -> Self {
        let mut parts = platform.split('/');
        self.config["os"] = parts.next().into();
        self.config["architecture"] = parts.next().into();
        if let Some(variant) = parts.next() {
            self.config["variant"] = variant.into();
        }
        self
    }

    /// The platform as descriptors write it.
    #[must_use]
    pub fn platform_json(&self) -> Value {
        let mut platform = json!({});
        for key in ["os", "architecture", "variant"] {
            if let Some(value) = self.config.get(key) {
                platform[key] = value.clone();
            }
        }
        platform
    }

    /// The bytes of the configuration.
    ///
    /// # Panics
    /// Never: a JSON value can be written.
    #[must_use]
    pub fn config_bytes(&self) -> Vec<u8> {
        let mut config = self.config.clone();
        let diff_ids: Vec<Digest> = self.layers.iter().map(Layer::diff_id).collect();
        config["rootfs"] = json!({"type": "layers", "diff_ids": diff_ids});
        serde_json::to_vec(&config).expect("a JSON value can be written")
    }

    /// The bytes of the OCI manifest.
    ///
    /// # Panics
    /// Never: a JSON value can be written.
    #[must_use]
    pub fn manifest_bytes(&self) -> Vec<u8> {
        let config = self.config_bytes();
        let layers: Vec<Value> = self
            .layers
            .iter()
            .map(|layer| {
                let blob = layer.blob();
                descriptor(&layer.media_type(), &blob)
            })
            .collect();
        let manifest = json!({
            "schemaVersion": 2,
            "mediaType": "application/vnd.oci.image.manifest.v1+json",
            "config": descriptor("application/vnd.oci.image.config.v1+json", &config),
            "layers": layers,
        });
        serde_json::to_vec(&manifest).expect("a JSON value can be written")
    }
}

/// A descriptor of `bytes`.
#[must_use]
pub fn descriptor(media_type: &str, bytes: &[u8]) -> Value {
    json!({"mediaType": media_type, "digest": Digest::of(bytes), "size": bytes.len()})
}
