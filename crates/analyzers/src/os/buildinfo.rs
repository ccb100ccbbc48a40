//! Content manifests of Red Hat's images: of which repositories ("content sets") a layer was built.
//!
//! The build system writes `root/buildinfo/content_manifests/NAME.json`, in newer images
//! `usr/share/buildinfo/content-sets.json`. A content set tells which product a package belongs to, and so which
//! advisories are about it.

use plimsoll_analyze::{Analyzer, Executables, File, Interest, Meta, Sink};
use plimsoll_model::Effect;
use plimsoll_model::fact::FactBody;
use serde::Deserialize;

/// Reads content manifests.
#[derive(Debug)]
pub struct Buildinfo;

static META: Meta = Meta {
    id: "os/buildinfo",
    revision: 1,
    docs: "Reads the content sets of which a layer of Red Hat was built, from its content manifests.",
    interest: Interest {
        paths: &["usr/share/buildinfo/content-sets.json"],
        names: &[],
        suffixes: &[],
        under: &[
            ("root/buildinfo/content_manifests/", ".json"),
            ("usr/share/buildinfo/content_manifests/", ".json"),
        ],
        executables: Executables::Ignored,
    },
    limit: 16 << 20,
    loss: Effect::Gap,
};

/// Content sets of one manifest at most; real ones have some dozens.
const SETS: usize = 4096;

/// Longest name of a content set.
const NAME_BYTES: usize = 256;

#[derive(Deserialize)]
struct Manifest {
    #[serde(default)]
    content_sets: Option<Vec<String>>,
}

impl Analyzer for Buildinfo {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn analyze(&self, file: &mut File<'_>, sink: &mut Sink<'_>) {
        let Some(bytes) = file.bytes() else {
            sink.unreadable("is too large for a content manifest");
            return;
        };
        let manifest: Manifest = match serde_json::from_slice(bytes) {
            Ok(manifest) => manifest,
            Err(error) => {
                sink.unreadable(format!("is no content manifest: {error}"));
                return;
            }
        };
        let mut sets = manifest.content_sets.unwrap_or_default();
        let told = sets.len();
        sets.retain(|name| !name.is_empty() && name.len() <= NAME_BYTES);
        sets.truncate(SETS);
        if sets.len() < told {
            sink.unreadable("names content sets that are none");
        }
        sets.sort();
        sets.dedup();
        if !sets.is_empty() {
            sink.fact(FactBody::ContentSets(sets));
        }
    }
}
