//! Which base images an organisation trusts.

use crate::Digest;
use crate::image_pattern::ImagePattern;

/// Base images that an organisation trusts; an empty list says that nobody made one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TrustedBases(Vec<TrustedBase>);

/// A base image, or all of a repository or a registry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustedBase {
    /// The names that are meant.
    pub names: ImagePattern,
    /// Only the images with these digests, of their manifest or their index; any where there is none.
    pub digests: Vec<Digest>,
    /// The digests of the contents of its layers, from the bottom (`rootfs.diff_ids` of the OCI image configuration):
    /// who has them is made of this base, whatever it says of itself. Empty where nobody gave them.
    pub layers: Vec<Digest>,
}

impl TrustedBases {
    /// A list, in the order of its file.
    #[must_use]
    pub fn new(rows: Vec<TrustedBase>) -> Self {
        Self(rows)
    }

    /// Whether nobody made a list.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The rows, in the order of the file.
    pub fn rows(&self) -> impl Iterator<Item = &TrustedBase> {
        self.0.iter()
    }
}

impl TrustedBase {
    /// Whether an image with these layers, from the bottom, is made of this base. Nothing proves one of which nobody
    /// gave the layers.
    #[must_use]
    pub fn is_below(&self, layers: &[Digest]) -> bool {
        !self.layers.is_empty() && layers.starts_with(&self.layers)
    }
}
