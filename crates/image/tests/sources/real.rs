//! Real root filesystems, wrapped into images.

use std::io::Read;

use plimsoll_image::inflate::GunzipReader;
use plimsoll_testkit::image::{Compression, Image as Tiny, Layer, docker, docker_25, oci};

use super::open_archive;

#[test]
fn alpine_is_read_from_every_layout() {
    let path = plimsoll_testkit::shared().join("images/alpine-minirootfs-3.20.3-x86_64.tar.gz");
    let mut tar = Vec::new();
    GunzipReader::new(std::fs::File::open(path).unwrap())
        .read_to_end(&mut tar)
        .unwrap();
    let layer = Layer::of_tar(tar);
    for compression in [Compression::Gzip, Compression::Zstd] {
        let images = [Tiny::new("alpine:3.20").layer(layer.clone().stored(compression))];
        for files in [docker, docker_25, oci] {
            let (image, lines) = open_archive(&files(&images).tar(), None, None).unwrap();
            assert!(
                lines
                    .iter()
                    .any(|line| line.starts_with("etc/alpine-release = "))
            );
            assert!(lines.iter().any(|line| line.contains("VERSION_ID=3.20.3")));
            assert!(lines.iter().any(|line| line == "bin/sh -> /bin/busybox"));
            assert_eq!(image.subject.tag.as_deref(), Some("3.20"));
        }
    }
}
