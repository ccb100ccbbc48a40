//! Every source on disk, with honest and with hostile input.

#![allow(
    clippy::unwrap_used,
    reason = "a test that fails by panicking is a test that fails"
)]

mod archives;
mod directory;
mod hostile;
mod oci;
mod real;

use std::io::Read;
use std::path::Path;

use plimsoll_image::pipeline::Limits;
use plimsoll_image::reference::{FileImage, Selector};
use plimsoll_image::sources::{ArchiveForm, ArchiveSource, OciDirSource};
use plimsoll_image::tar::{Entry, Kind};
use plimsoll_image::{Image, ImageError, ImageSource, LayerLimits, Visitor};
use plimsoll_model::image::Platform;
use plimsoll_testkit::image::{Files, Image as Tiny};

/// Remembers every entry as a line of text.
#[derive(Default)]
struct Lines(Vec<String>);

impl Visitor for Lines {
    fn entry(&mut self, entry: &Entry, content: &mut dyn Read) -> std::io::Result<()> {
        let mut bytes = Vec::new();
        content.read_to_end(&mut bytes)?;
        let what = match &entry.kind {
            Kind::File => format!(" = {:?}", String::from_utf8_lossy(&bytes)),
            Kind::Directory => "/".to_owned(),
            Kind::Symlink(target) => format!(" -> {target}"),
            Kind::HardLink(target) => format!(" => {target}"),
            other => format!(" {other:?}"),
        };
        self.0.push(format!("{}{what}", entry.path));
        Ok(())
    }
}

/// The entries of all layers, or what the first failing walk says.
fn entries(image: &Image) -> Result<Vec<String>, ImageError> {
    entries_within(image, &LayerLimits::default())
}

fn entries_within(image: &Image, limits: &LayerLimits) -> Result<Vec<String>, ImageError> {
    let mut lines = Lines::default();
    for layer in &image.layers {
        let summary = layer.walk(limits, &mut lines)?;
        assert!(summary.problems.is_empty(), "{:?}", summary.problems);
    }
    Ok(lines.0)
}

/// A file in a new folder.
fn file(bytes: &[u8]) -> (tempfile::TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("image.tar");
    std::fs::write(&path, bytes).unwrap();
    (folder, path)
}

fn file_image(path: &Path, selector: Option<&str>) -> FileImage {
    FileImage {
        path: path.to_owned(),
        selector: selector.map(|text| match text.parse() {
            Ok(digest) => Selector::Digest(digest),
            Err(_) => Selector::Name(text.to_owned()),
        }),
    }
}

/// Opens and walks the image in an archive.
fn open_archive(
    bytes: &[u8],
    selector: Option<&str>,
    platform: Option<&str>,
) -> Result<(Image, Vec<String>), ImageError> {
    let (_folder, path) = file(bytes);
    let platform = platform.map(platform_of);
    let source = ArchiveSource::new(
        "the argument",
        file_image(&path, selector),
        ArchiveForm::Either,
        Limits::default(),
    );
    let image = source.open(platform.as_ref())?;
    let lines = entries(&image)?;
    Ok((image, lines))
}

/// Opens and walks the image in a layout directory.
fn open_layout(
    files: &Files,
    selector: Option<&str>,
    platform: Option<&str>,
) -> Result<(Image, Vec<String>), ImageError> {
    let folder = tempfile::tempdir().unwrap();
    files.write(folder.path());
    let platform = platform.map(platform_of);
    let image = OciDirSource::new("the argument", file_image(folder.path(), selector))
        .open(platform.as_ref())?;
    let lines = entries(&image)?;
    Ok((image, lines))
}

fn platform_of(text: &str) -> Platform {
    plimsoll_image::platform::parse(text).unwrap()
}

/// An image with two layers.
fn tiny(name: &str) -> Tiny {
    Tiny::new(name)
        .layer(
            r#"
            etc/
            etc/os-release = "ID=alpine\n"
            usr/bin/app 4755 = "\x7fELF"
            bin -> usr/bin
            "#,
        )
        .layer(
            r"
            ~etc/os-release
            !opt
            usr/bin/b => usr/bin/app
            ",
        )
}

/// What a walk over [`tiny`] shows.
fn tiny_lines() -> Vec<&'static str> {
    vec![
        "etc/",
        "etc/os-release = \"ID=alpine\\n\"",
        "usr/bin/app = \"\\u{7f}ELF\"",
        "bin -> usr/bin",
        "etc/.wh.os-release = \"\"",
        "opt/.wh..wh..opq = \"\"",
        "usr/bin/b => usr/bin/app",
    ]
}
