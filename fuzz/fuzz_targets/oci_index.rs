//! Any bytes as an index, a manifest or a configuration, on the way from an index to an image: no panic, and
//! never an image whose layers and diff ids differ in number.
//!
//! The input is documents between lines of `---`; the first is the root, and each is a blob. `@N` in front of a
//! comma or a brace stands for digest and size of document `N`, so that documents can point to later ones.
#![no_main]

use std::collections::BTreeMap;
use std::io::Read;
use std::sync::Arc;

use libfuzzer_sys::fuzz_target;
use plimsoll_image::resolve::{Request, Root, open_image};
use plimsoll_image::{Blob, BlobStore, ImageError};
use plimsoll_model::Digest;
use plimsoll_model::image::SourceKind;

#[derive(Debug, Default)]
struct Memory(BTreeMap<Digest, Vec<u8>>);

impl BlobStore for Memory {
    fn open(&self, blob: &Blob) -> Result<Box<dyn Read + Send>, ImageError> {
        let (Blob::Stored(digest) | Blob::Content(digest)) = blob;
        match self.0.get(digest) {
            Some(bytes) => Ok(Box::new(std::io::Cursor::new(bytes.clone()))),
            None => Err(ImageError::not_found(self.describe(blob), "it is not in memory")),
        }
    }

    fn describe(&self, blob: &Blob) -> String {
        format!("{blob:?}")
    }
}

fuzz_target!(|data: &str| {
    let mut store = Memory::default();
    let mut later: Vec<String> = Vec::new();
    // The last first, as each may point to those behind it.
    for text in data.split("\n---\n").take(16).collect::<Vec<_>>().into_iter().rev() {
        let mut text = text.to_owned();
        for (number, pointer) in later.iter().rev().enumerate() {
            text = text.replace(&format!("@{number}"), pointer);
        }
        let digest = Digest::of(text.as_bytes());
        later.push(format!("\"digest\":\"{digest}\",\"size\":{}", text.len()));
        store.0.insert(digest, text.clone().into_bytes());
        if later.len() == data.split("\n---\n").take(16).count() {
            let root = Root {
                bytes: text.into_bytes(),
                media_type: String::new(),
                digest: None,
                object: "root".into(),
            };
            let request = Request {
                requested: "root".into(),
                source: SourceKind::Registry,
                repository: None,
                tag: None,
                pinned: None,
            };
            let store: Arc<dyn BlobStore> = Arc::new(std::mem::take(&mut store));
            if let Ok(image) = open_image(&store, root, request, None) {
                assert_eq!(image.layers.len(), image.config.rootfs.diff_ids.len());
            }
        }
    }
});
