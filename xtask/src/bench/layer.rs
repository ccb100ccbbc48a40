//! Writing one compressed layer, and an OCI layout around it.
//!
//! `pigz` compresses, because a gigabyte is to be packed on all cores;
//! the digests are taken on the way.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};

use anyhow::{Context, Result, bail};
use serde_json::json;
use sha2::{Digest as _, Sha256};

/// A layer that is being written; `finish` has to be called.
#[derive(Debug)]
pub(super) struct LayerWriter {
    compressor: Child,
    input: ChildStdin,
    content: Sha256,
    written: u64,
}

/// A finished layer.
#[derive(Debug)]
pub(super) struct Layer {
    /// SHA-256 of the uncompressed archive, in hexadecimal.
    diff_id: String,
    /// Bytes of the uncompressed archive.
    pub(super) size: u64,
}

impl LayerWriter {
    /// Begins a layer in a new file.
    pub(super) fn create(path: &Path) -> Result<Self> {
        let file =
            File::create(path).with_context(|| format!("cannot create `{}`", path.display()))?;
        let mut compressor = Command::new("pigz")
            .args(["--no-name", "--no-time", "-6", "--stdout"])
            .stdin(Stdio::piped())
            .stdout(file)
            .spawn()
            .context("cannot start `pigz`; install the package of that name")?;
        let input = compressor.stdin.take().context("`pigz` has no input")?;
        Ok(Self {
            compressor,
            input,
            content: Sha256::new(),
            written: 0,
        })
    }

    /// Waits until everything is compressed.
    pub(super) fn finish(self) -> Result<Layer> {
        let Self {
            mut compressor,
            input,
            content,
            written,
        } = self;
        drop(input);
        let status = compressor.wait().context("cannot wait for `pigz`")?;
        if !status.success() {
            bail!("`pigz` ended with {status}");
        }
        Ok(Layer {
            diff_id: hex(&content.finalize()),
            size: written,
        })
    }
}

impl Write for LayerWriter {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        let taken = self.input.write(buffer)?;
        self.content.update(&buffer[..taken]);
        self.written += taken as u64;
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.input.flush()
    }
}

/// Writes an OCI layout whose image has this one layer.
///
/// The layer is linked into the layout, so `layout` and `file` must share a file system.
pub(super) fn write_layout(layout: &Path, layer: &Layer, file: &Path) -> Result<()> {
    let blobs = layout.join("blobs/sha256");
    fs::create_dir_all(&blobs).with_context(|| format!("cannot create `{}`", blobs.display()))?;
    let (digest, size) = digest_of(file)?;
    fs::hard_link(file, blobs.join(&digest)).context("cannot link the layer into the layout")?;
    let config = put(
        &blobs,
        &json!({
            "created": "2026-01-01T00:00:00Z",
            "architecture": "amd64",
            "os": "linux",
            "config": {"Cmd": ["/bin/sh"]},
            "rootfs": {"type": "layers", "diff_ids": [format!("sha256:{}", layer.diff_id)]},
            "history": [{"created": "2026-01-01T00:00:00Z", "created_by": "cargo xtask bench"}],
        }),
        "application/vnd.oci.image.config.v1+json",
    )?;
    let manifest = put(
        &blobs,
        &json!({
            "schemaVersion": 2,
            "mediaType": "application/vnd.oci.image.manifest.v1+json",
            "config": config,
            "layers": [{
                "mediaType": "application/vnd.oci.image.layer.v1.tar+gzip",
                "digest": format!("sha256:{digest}"),
                "size": size,
            }],
        }),
        "application/vnd.oci.image.manifest.v1+json",
    )?;
    let index = json!({"schemaVersion": 2, "manifests": [manifest]});
    fs::write(layout.join("index.json"), index.to_string()).context("cannot write the index")?;
    fs::write(
        layout.join("oci-layout"),
        json!({"imageLayoutVersion": "1.0.0"}).to_string(),
    )
    .context("cannot write the layout's mark")
}

/// Stores a document as a blob and returns its descriptor.
fn put(blobs: &Path, document: &serde_json::Value, media_type: &str) -> Result<serde_json::Value> {
    let text = document.to_string();
    let digest = hex(&Sha256::digest(&text));
    fs::write(blobs.join(&digest), &text).context("cannot write a blob of the layout")?;
    Ok(json!({"mediaType": media_type, "digest": format!("sha256:{digest}"), "size": text.len()}))
}

/// SHA-256 and length of a file, read piecewise.
fn digest_of(path: &Path) -> Result<(String, u64)> {
    let mut file = File::open(path).with_context(|| format!("cannot open `{}`", path.display()))?;
    let mut digest = Sha256::new();
    let mut buffer = vec![0; 1 << 18];
    let mut size = 0;
    loop {
        let read = file
            .read(&mut buffer)
            .with_context(|| format!("cannot read `{}`", path.display()))?;
        if read == 0 {
            return Ok((hex(&digest.finalize()), size));
        }
        digest.update(&buffer[..read]);
        size += read as u64;
    }
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
