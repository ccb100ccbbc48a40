//! Opens an image on disk, walks all its layers and prints what it is: `subject ARGUMENT [PLATFORM]`.

#![allow(clippy::print_stdout, reason = "an example talks to a person")]

use std::io::Read;
use std::path::Path;

use plimsoll_image::reference::{ContentKind, Surroundings, Target};
use plimsoll_image::tar::Entry;
use plimsoll_image::{LayerLimits, Visitor, platform, sources};
use plimsoll_model::image::SourceKind;

struct Disk;

impl Surroundings for Disk {
    fn at(&self, path: &Path) -> Option<ContentKind> {
        sources::at(path)
    }

    fn daemons(&self) -> Vec<SourceKind> {
        Vec::new()
    }
}

struct Nothing;

impl Visitor for Nothing {
    fn entry(&mut self, _: &Entry, _: &mut dyn Read) -> std::io::Result<()> {
        Ok(())
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let argument = arguments.next().ok_or("which image?")?;
    let wanted = arguments
        .next()
        .map(|text| platform::parse(&text))
        .transpose()?;
    let targets = Target::find(&argument, &Disk)?;
    let limits = LayerLimits::default();
    let source = targets
        .iter()
        .find_map(|target| sources::on_disk(target, &argument, &limits.blob))
        .ok_or("this is not on disk")?;
    let image = source.open(wanted.as_ref())?;
    println!("{:#?}", image.subject);
    for problem in &image.problems {
        println!("{problem:?}");
    }
    for layer in &image.layers {
        let summary = layer.walk(&limits, &mut Nothing)?;
        println!("{:#?}", summary.info);
        for problem in &summary.problems {
            println!("{problem:?}");
        }
    }
    Ok(())
}
