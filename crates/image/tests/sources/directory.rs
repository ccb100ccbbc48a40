//! Root filesystem directories.

#![cfg(unix)]

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};

use plimsoll_image::sources::DirSource;
use plimsoll_image::tar::{Entry, WalkLimits};
use plimsoll_image::{ImageError, ImageSource, LayerLimits, Visitor};
use plimsoll_model::Effect;

use super::{Lines, entries};

#[test]
fn a_tree_is_walked_in_order_and_links_are_not_followed() {
    let outside = tempfile::tempdir().unwrap();
    fs::write(outside.path().join("secret"), "outside").unwrap();
    let root = tempfile::tempdir().unwrap();
    let path = root.path();
    fs::create_dir_all(path.join("usr/bin")).unwrap();
    fs::write(path.join("usr/bin/app"), "app").unwrap();
    fs::set_permissions(path.join("usr/bin/app"), fs::Permissions::from_mode(0o4755)).unwrap();
    fs::hard_link(path.join("usr/bin/app"), path.join("usr/bin/b")).unwrap();
    fs::write(path.join("usr.txt"), "").unwrap();
    symlink(outside.path(), path.join("out")).unwrap();
    symlink("loop", path.join("loop")).unwrap();
    symlink("/etc/passwd", path.join("absolute")).unwrap();
    let _socket = std::os::unix::net::UnixListener::bind(path.join("socket")).unwrap();
    let image = DirSource::new("dir:x", path).open(None).unwrap();
    assert_eq!(
        entries(&image).unwrap(),
        [
            "absolute -> /etc/passwd".to_owned(),
            "loop -> loop".to_owned(),
            format!("out -> {}", outside.path().display()),
            "socket Other(115)".to_owned(),
            "usr/".to_owned(),
            "usr/bin/".to_owned(),
            "usr/bin/app = \"app\"".to_owned(),
            "usr/bin/b = \"app\"".to_owned(),
            "usr.txt = \"\"".to_owned(),
        ]
    );
    assert_eq!(image.subject.image_id, None);
    assert_eq!(image.layers.len(), 1);
}

#[test]
fn names_that_are_not_utf_8_stay_apart() {
    use std::os::unix::ffi::OsStrExt;
    let root = tempfile::tempdir().unwrap();
    let name = |bytes| root.path().join(std::ffi::OsStr::from_bytes(bytes));
    fs::write(name(b"a\xff"), "").unwrap();
    symlink(std::ffi::OsStr::from_bytes(b"../x\xfe/./y"), name(b"link")).unwrap();
    let image = DirSource::new("x", root.path()).open(None).unwrap();
    assert_eq!(
        entries(&image).unwrap(),
        ["a\\xFF = \"\"", "link -> ../x\\xFE/./y"]
    );
}

#[test]
fn what_is_no_directory_is_refused() {
    let root = tempfile::tempdir().unwrap();
    let file = root.path().join("file");
    fs::write(&file, "").unwrap();
    let error = DirSource::new("x", &file).open(None).unwrap_err();
    assert!(matches!(&error, ImageError::Malformed { object, .. } if object.contains("file")));
    let gone = root.path().join("gone");
    let error = DirSource::new("x", &gone).open(None).unwrap_err();
    assert!(matches!(&error, ImageError::NotFound { object, .. } if object.contains("gone")));
}

#[test]
fn limits_hold_for_trees() {
    let root = tempfile::tempdir().unwrap();
    for name in ["a", "b", "c"] {
        fs::write(root.path().join(name), "").unwrap();
    }
    let image = DirSource::new("x", root.path()).open(None).unwrap();
    let walk = WalkLimits {
        entries: 2,
        ..WalkLimits::default()
    };
    let limits = LayerLimits {
        walk,
        ..LayerLimits::default()
    };
    let error = super::entries_within(&image, &limits).unwrap_err();
    assert!(matches!(error, ImageError::OverLimit { .. }));
}

/// Takes every file away before it is read.
struct Thief<'a>(&'a std::path::Path, Lines);

impl Visitor for Thief<'_> {
    fn entry(&mut self, entry: &Entry, content: &mut dyn std::io::Read) -> std::io::Result<()> {
        if entry.path.as_str() == "b" {
            fs::remove_file(self.0.join("b")).unwrap();
        }
        if entry.path.as_str() == "c" {
            // Both exist for a moment, so that they are two files to the file system.
            fs::write(self.0.join("d"), "other").unwrap();
            fs::rename(self.0.join("d"), self.0.join("c")).unwrap();
        }
        self.1.entry(entry, content)
    }
}

#[test]
fn a_file_that_cannot_be_read_is_a_gap_and_the_walk_goes_on() {
    let root = tempfile::tempdir().unwrap();
    for name in ["a", "b", "c", "e"] {
        fs::write(root.path().join(name), "text").unwrap();
    }
    let image = DirSource::new("x", root.path()).open(None).unwrap();
    let mut thief = Thief(root.path(), Lines::default());
    let summary = image.layers[0]
        .walk(&LayerLimits::default(), &mut thief)
        .unwrap();
    assert_eq!(thief.1.0, ["a = \"text\"", "e = \"text\""]);
    let problems: Vec<_> = summary
        .problems
        .iter()
        .map(|p| (p.effect, p.subject.as_str()))
        .collect();
    assert_eq!(problems, [(Effect::Gap, "b"), (Effect::Gap, "c")]);
}

#[test]
fn a_visitor_that_fails_ends_the_walk() {
    struct Tired;
    impl Visitor for Tired {
        fn entry(&mut self, _: &Entry, _: &mut dyn std::io::Read) -> std::io::Result<()> {
            Err(std::io::Error::other("tired"))
        }
    }
    let root = tempfile::tempdir().unwrap();
    fs::write(root.path().join("a"), "").unwrap();
    let image = DirSource::new("x", root.path()).open(None).unwrap();
    let error = image.layers[0]
        .walk(&LayerLimits::default(), &mut Tired)
        .unwrap_err();
    assert!(matches!(error, ImageError::Io { .. }));
}
