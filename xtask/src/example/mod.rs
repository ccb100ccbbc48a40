//! The example image that comes with the project: `examples/shipwreck.oci.tar`.
//!
//! It is assembled from real packages, each fetched by name and version through the client of its
//! registry and held against a SHA-256 that stands here, so that assembling it anew gives the
//! same bytes.
//! The image is there to be assessed and not to be run: it has no shell and no interpreter.

mod debian;
mod download;
mod image;
mod layers;
mod noise;
mod tree;

use std::fs;

use anyhow::{Context, Result, bail};

use crate::workspace::{root, scratch};

/// Where the archive stands in the checkout.
const ARCHIVE: &str = "examples/shipwreck.oci.tar";

/// A few MB come along with every clone, and no more.
const MAX_ARCHIVE: usize = 5_000_000;

/// Options of `cargo xtask example`.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// Write nothing; fail unless assembling anew gives the committed bytes.
    #[arg(long)]
    check: bool,
}

/// Assembles the example image; writes it, or compares it with what is there.
pub(crate) fn run(options: &Options) -> Result<()> {
    let cache = scratch().join("example");
    let packages = download::fetch(&cache.join("packages"))?;
    let layers = layers::all(&packages, &cache)?;
    let archive = image::archive(layers, &cache)?;
    let digest = download::sha256(&archive);
    if archive.len() > MAX_ARCHIVE {
        bail!(
            "`{ARCHIVE}` would have {} bytes, more than {MAX_ARCHIVE}",
            archive.len()
        );
    }
    let path = root().join(ARCHIVE);
    if !options.check {
        fs::write(&path, &archive).with_context(|| format!("cannot write `{}`", path.display()))?;
        println!("{ARCHIVE}: {} bytes, SHA-256 {digest}", archive.len());
        return Ok(());
    }
    let there = fs::read(&path).with_context(|| format!("cannot read `{}`", path.display()))?;
    if there == archive {
        println!(
            "{ARCHIVE}: assembled anew, the same {} bytes",
            archive.len()
        );
        return Ok(());
    }
    bail!(
        "`{ARCHIVE}` has {} bytes with the SHA-256 {}; assembled anew it has {} with {digest}",
        there.len(),
        download::sha256(&there),
        archive.len()
    )
}
