//! Configuration, manifest, index, and the archive around them (OCI image specification 1.0).
//!
//! The keys of every document are written in the order of the alphabet: whether `serde_json` keeps
//! their order or sorts them depends on the features that other crates ask for.

use std::path::Path;

use anyhow::Result;
use serde_json::{Value, json};

use super::download::sha256;
use super::layers::{Layer, database_password};
use super::tree::{Tree, gzip};

/// The image's name and tag, and its date.
const NAME: &str = "example.org/shipwreck";
const TAG: &str = "latest";
const CREATED: &str = "2022-03-01T00:00:00Z";

/// Packs the layers and everything that describes them.
pub(super) fn archive(layers: Vec<Layer>, cache: &Path) -> Result<Vec<u8>> {
    let mut blobs = Blobs::default();
    let (mut diff_ids, mut descriptors, mut history) = (Vec::new(), Vec::new(), Vec::new());
    for layer in layers {
        let content = layer.tree.pack()?;
        diff_ids.push(format!("sha256:{}", sha256(&content)));
        let packed = gzip(&content, cache)?;
        descriptors.push(blobs.put(packed, "application/vnd.oci.image.layer.v1.tar+gzip"));
        history.push(json!({"created": CREATED, "created_by": layer.made_by}));
    }
    let config = configuration(&diff_ids, history);
    let config = blobs.document(&config, "application/vnd.oci.image.config.v1+json");
    let manifest = json!({
        "config": config,
        "layers": descriptors,
        "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "schemaVersion": 2,
    });
    let manifest = blobs.document(&manifest, "application/vnd.oci.image.manifest.v1+json");
    let index = json!({
        "manifests": [{
            "annotations": {
                "io.containerd.image.name": format!("{NAME}:{TAG}"),
                "org.opencontainers.image.ref.name": TAG,
            },
            "digest": manifest["digest"],
            "mediaType": manifest["mediaType"],
            "platform": {"architecture": "amd64", "os": "linux"},
            "size": manifest["size"],
        }],
        "mediaType": "application/vnd.oci.image.index.v1+json",
        "schemaVersion": 2,
    });
    let Blobs(mut tree) = blobs;
    tree.file("index.json", 0o644, index.to_string());
    let mark = json!({"imageLayoutVersion": "1.0.0"});
    tree.file("oci-layout", 0o644, mark.to_string());
    tree.pack()
}

/// A configuration with most of what one should not do.
fn configuration(diff_ids: &[String], mut history: Vec<Value>) -> Value {
    let password = database_password();
    for line in [
        "ENV NODE_ENV=production".to_owned(),
        format!("ENV DB_PASSWORD={password}"),
        "EXPOSE 22 8080".to_owned(),
        "WORKDIR /app".to_owned(),
        "CMD [\"node\" \"server.js\"]".to_owned(),
    ] {
        history.push(json!({
            "created": CREATED,
            "created_by": format!("/bin/sh -c #(nop)  {line}"),
            "empty_layer": true,
        }));
    }
    json!({
        "architecture": "amd64",
        "config": {
            "Cmd": ["node", "server.js"],
            "Env": [
                "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                "NODE_ENV=production",
                format!("DB_PASSWORD={password}"),
            ],
            "ExposedPorts": {"22/tcp": {}, "8080/tcp": {}},
            "WorkingDir": "/app",
        },
        "created": CREATED,
        "history": history,
        "os": "linux",
        "rootfs": {"diff_ids": diff_ids, "type": "layers"},
    })
}

/// The blobs of the layout.
#[derive(Debug, Default)]
struct Blobs(Tree);

impl Blobs {
    /// Stores a blob and returns its descriptor.
    fn put(&mut self, content: Vec<u8>, media_type: &str) -> Value {
        let digest = sha256(&content);
        let size = content.len();
        self.0
            .file(&format!("blobs/sha256/{digest}"), 0o644, content);
        json!({"digest": format!("sha256:{digest}"), "mediaType": media_type, "size": size})
    }

    fn document(&mut self, document: &Value, media_type: &str) -> Value {
        self.put(document.to_string().into_bytes(), media_type)
    }
}
