//! Real root filesystems and package databases of the shared material, as images.

use std::fs::{self, File};
use std::io::Read as _;

use flate2::read::GzDecoder;

use crate::image::{Compression, Image, Layer};
use crate::shared;

/// The releases of Alpine whose root filesystems are there.
pub const ALPINE: &[&str] = &["3.9.6", "3.10.9", "3.14.10", "3.18.9", "3.20.3"];

/// The package databases of rpm that are there: folder, file, where it lies in an image, and `os-release`.
pub const RPM: &[(&str, &str, &str, &str)] = &[
    (
        "cbl-mariner-2.0",
        "rpmdb.sqlite",
        "var/lib/rpm/rpmdb.sqlite",
        "ID=mariner\nVERSION_ID=\"2.0\"\nNAME=\"Common Base Linux Mariner\"\n",
    ),
    (
        "sle15-bci",
        "Packages.db",
        "usr/lib/sysimage/rpm/Packages.db",
        "ID=sles\nVERSION_ID=\"15.3\"\nNAME=SLES\n",
    ),
    (
        "libuuid",
        "Packages",
        "var/lib/rpm/Packages",
        "ID=centos\nVERSION_ID=\"8\"\nNAME=\"CentOS Linux\"\n",
    ),
];

/// Alpine's own root filesystem as an image of one layer.
///
/// # Panics
/// If it is not there.
#[must_use]
pub fn alpine(version: &str) -> Image {
    let name = format!("images/alpine-minirootfs-{version}-x86_64.tar.gz");
    let file = File::open(shared().join(name)).expect("the root filesystem is there");
    let mut tar = Vec::new();
    GzDecoder::new(file)
        .read_to_end(&mut tar)
        .expect("the root filesystem can be read");
    let layer = Layer::of_tar(tar).stored(Compression::None);
    Image::new(&format!("test/alpine:{version}")).layer(layer)
}

/// An image with nothing but a package database of rpm.
///
/// # Panics
/// If it is not there.
#[must_use]
pub fn rpm(name: &str) -> Image {
    let (folder, file, path, release) = RPM
        .iter()
        .find(|row| row.0 == name)
        .expect("the database is known");
    let database =
        fs::read(shared().join("rpmdb").join(folder).join(file)).expect("the database is there");
    let layer = Layer::of_files(&[
        ("etc/os-release", 0o644, release.as_bytes()),
        (path, 0o644, &database),
    ]);
    Image::new(&format!("test/{name}:1")).layer(layer.stored(Compression::None))
}
