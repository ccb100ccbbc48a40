//! Any bytes as an image archive of either kind: no panic, and no entry that leaves the root.
//!
//! Run it with `-detect_leaks=0`: a worker thread that is just ending looks like a leak of 64 bytes.
#![no_main]

use std::io::{Read, Write};
use std::time::Duration;

use libfuzzer_sys::fuzz_target;
use plimsoll_image::pipeline::Limits;
use plimsoll_image::reference::FileImage;
use plimsoll_image::sources::{ArchiveForm, ArchiveSource};
use plimsoll_image::tar::Entry;
use plimsoll_image::{ImageSource, LayerLimits, Visitor};

struct Reading;

impl Visitor for Reading {
    fn entry(&mut self, entry: &Entry, content: &mut dyn Read) -> std::io::Result<()> {
        assert!(!entry.path.as_str().split('/').any(|part| part == ".."));
        std::io::copy(content, &mut std::io::sink()).map(|_| ())
    }
}

fuzz_target!(|data: &[u8]| {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(data).unwrap();
    let limits = Limits { content: 1 << 20, time: Duration::from_secs(5), ..Limits::default() };
    let image = FileImage { path: file.path().to_owned(), selector: None };
    let source = ArchiveSource::new("fuzz", image, ArchiveForm::Either, limits.clone());
    let Ok(image) = source.open(None) else { return };
    let limits = LayerLimits { blob: limits, ..LayerLimits::default() };
    for layer in &image.layers {
        let _ = layer.walk(&limits, &mut Reading);
    }
});
