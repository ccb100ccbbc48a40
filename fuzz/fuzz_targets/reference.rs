//! Any text as the name of an image and as an argument: no panic, and what is read is printed as it was meant.
#![no_main]

use std::path::Path;

use libfuzzer_sys::fuzz_target;
use plimsoll_image::reference::{ContentKind, Reference, Surroundings, Target};
use plimsoll_model::image::SourceKind;

/// A machine with every path whose length is a multiple of three.
struct Thirds;

impl Surroundings for Thirds {
    fn at(&self, path: &Path) -> Option<ContentKind> {
        let length = path.as_os_str().len();
        (length % 3 == 0).then_some(match length % 9 {
            0 => ContentKind::File,
            3 => ContentKind::OciDir,
            _ => ContentKind::Dir,
        })
    }

    fn daemons(&self) -> Vec<SourceKind> {
        vec![SourceKind::Docker]
    }
}

fuzz_target!(|text: &str| {
    if let Ok(reference) = text.parse::<Reference>() {
        assert_eq!(reference.to_string().parse::<Reference>().unwrap(), reference);
        assert!(!reference.path().split('/').any(|part| part.is_empty() || part == ".."));
    }
    assert!(Target::find(text, &Thirds).map_or(true, |targets| !targets.is_empty()));
    if let Ok(platform) = plimsoll_image::platform::parse(text) {
        assert_eq!(plimsoll_image::platform::distance(&platform, &platform), Some(0));
    }
});
