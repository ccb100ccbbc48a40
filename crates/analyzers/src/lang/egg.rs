//! Zipped eggs: Python packages that are imported out of their archive.
//!
//! An egg is a zip archive `NAME-VERSION-pyX.Y.egg` with its metadata in `EGG-INFO/PKG-INFO` (setuptools, "The
//! Internal Structure of Python Eggs"). Unpacked eggs are folders of that name, which the analyzer of Python
//! reads.

use std::io::{Read as _, Seek as _};

use plimsoll_analyze::{Analyzer, Executables, File, Interest, Meta, Sink};
use plimsoll_model::Effect;

use super::python;
use crate::archive::{ZipError, first_file};

/// Zipped eggs.
#[derive(Debug)]
pub struct Egg;

static META: Meta = Meta {
    id: "lang/egg",
    revision: 1,
    docs: "Opens zipped eggs of Python and reads `EGG-INFO/PKG-INFO` in each: name, version, licences, author \
           and the names of its requirements.",
    interest: Interest {
        paths: &[],
        names: &[],
        suffixes: &[".egg"],
        under: &[],
        executables: Executables::Ignored,
    },
    limit: 1 << 30,
    loss: Effect::Gap,
};

/// What is read of the metadata.
const MOST_BYTES: u64 = 16 << 20;

impl Analyzer for Egg {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn analyze(&self, file: &mut File<'_>, sink: &mut Sink<'_>) {
        let path = file.path;
        let mut reader = file.reader();
        match first_file(&mut *reader, MOST_BYTES, |name| {
            name == b"EGG-INFO/PKG-INFO"
        }) {
            Ok(Some((_, bytes))) => python::state_installed(path.as_str(), &bytes, sink),
            Ok(None) => sink.unreadable("the egg has no EGG-INFO/PKG-INFO"),
            Err(ZipError::NoEnd) => {
                // Other formats have this suffix too.
                let mut begin = [0; 2];
                let is_read = reader
                    .rewind()
                    .and_then(|()| reader.read_exact(&mut begin))
                    .is_ok();
                if is_read && begin == *b"PK" {
                    sink.unreadable(ZipError::NoEnd.to_string());
                }
            }
            Err(error) => sink.unreadable(error.to_string()),
        }
    }
}
