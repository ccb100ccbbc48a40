//! What a source of images gives, and the little that a new one has to implement.
//!
//! A source opens an [`Image`]: its manifest and configuration are read and proved, its layers are named.
//! The bytes of a layer are read only when it is walked, and proved in that same walk; what a walk has told
//! must be thrown away when it fails.
//!
//! A new source implements [`BlobStore`], "open the stored blob with this digest" or "open the content with
//! this diff id", and gets the rest from [`crate::resolve::open_image`].

mod walk;

use std::fmt;
use std::io::Read;
use std::sync::Arc;

use plimsoll_model::image::{ImageConfig, LayerInfo, Platform, Subject};
use plimsoll_model::{Digest, Problem};

use crate::error::ImageError;
use crate::inflate::Compression;
use crate::pipeline::Expect;
use crate::signed::Beside;

pub use walk::{LayerLimits, LayerSummary, Visitor};

/// A place where images come from.
pub trait ImageSource: fmt::Debug + Send + Sync {
    /// Opens the image that this source was made for.
    ///
    /// Without `platform` the image for the host is opened, or, if there is none, the only one.
    fn open(&self, platform: Option<&Platform>) -> Result<Image, ImageError>;

    /// What is kept beside an image that was opened from here and may be signed. `None` where nothing ever is: files
    /// and daemons hold the image alone.
    fn beside(&self, _image: &Subject) -> Option<Result<Beside, ImageError>> {
        None
    }
}

/// An image whose manifest and configuration are proved.
#[derive(Debug)]
pub struct Image {
    /// Which image it is.
    pub subject: Subject,
    /// Its configuration; the default for directories.
    pub config: ImageConfig,
    /// The bytes of the configuration as stored; empty for directories.
    pub raw_config: Vec<u8>,
    /// The bytes of the manifest as stored; `None` where the source has none.
    pub raw_manifest: Option<Vec<u8>>,
    /// Its layers, lowest first.
    pub layers: Vec<Layer>,
    /// What is odd about it, layers that cannot be read among it.
    pub problems: Vec<Problem>,
}

/// A blob, named by one of its two digests.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Blob {
    /// By the digest of its bytes as stored.
    Stored(Digest),
    /// By the digest of its uncompressed content, where only that is known (daemons, old archives). What is
    /// opened may be compressed all the same.
    Content(Digest),
}

/// Where the blobs of an image are: the smallest core of a source.
pub trait BlobStore: fmt::Debug + Send + Sync {
    /// Opens a blob from its beginning; called on any thread, any number of times.
    ///
    /// The caller proves what it reads; a store need not.
    fn open(&self, blob: &Blob) -> Result<Box<dyn Read + Send>, ImageError>;

    /// Opens a manifest or an index. Registries keep them at another address than other blobs.
    fn open_manifest(&self, digest: &Digest) -> Result<Box<dyn Read + Send>, ImageError> {
        self.open(&Blob::Stored(digest.clone()))
    }

    /// How errors call a blob: where it is and in what, such as "`blobs/sha256/…` in `app.tar`".
    fn describe(&self, blob: &Blob) -> String;
}

/// A layer of an image, not read yet.
#[derive(Debug, Clone)]
pub struct Layer {
    /// What is known of it before it is read: the number of entries and often the size are not.
    pub info: LayerInfo,
    pub(crate) content: Content,
    unreadable: Option<&'static str>,
}

/// Where the entries of a layer come from.
#[derive(Debug, Clone)]
pub(crate) enum Content {
    /// A tar archive in a store.
    Stored(Arc<dyn BlobStore>, Blob),
    /// A directory of this machine.
    Directory(Arc<crate::sources::dir::Tree>),
}

impl Layer {
    /// A layer in a store.
    pub(crate) fn stored(
        info: LayerInfo,
        store: Arc<dyn BlobStore>,
        blob: Blob,
        unreadable: Option<&'static str>,
    ) -> Self {
        Self {
            info,
            content: Content::Stored(store, blob),
            unreadable,
        }
    }

    /// The only layer of a root filesystem directory.
    pub(crate) fn directory(info: LayerInfo, tree: crate::sources::dir::Tree) -> Self {
        Self {
            info,
            content: Content::Directory(Arc::new(tree)),
            unreadable: None,
        }
    }

    /// Why it cannot be walked, if it cannot: encrypted, kept elsewhere, no layer at all. The image's problems
    /// say so too.
    #[must_use]
    pub fn unreadable(&self) -> Option<&'static str> {
        self.unreadable
    }

    /// How errors call it.
    #[must_use]
    pub fn describe(&self) -> String {
        match &self.content {
            Content::Stored(store, blob) => store.describe(blob),
            Content::Directory(tree) => tree.describe(),
        }
    }

    /// What its bytes have to be.
    pub(crate) fn expect(&self) -> Expect {
        Expect {
            name: self.describe(),
            digest: self.info.digest.clone(),
            size: self.info.compressed_size,
            diff_id: self.info.diff_id.clone(),
            compression: Compression::of_media_type(&self.info.media_type),
        }
    }
}
