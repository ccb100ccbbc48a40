//! Who has to have signed which images, and what was found of that.

use crate::Text;
use crate::image_pattern::{ImageName, ImagePattern};

/// Whose signatures an organisation asks for; an empty list says that nobody asked for any.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SignatureRules {
    /// The rules, in the order of the file.
    pub rows: Vec<SignatureRule>,
    /// How many of the rules that mean an image have to hold.
    pub enough: Enough,
}

/// How many rules have to hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Enough {
    /// Any of them.
    #[default]
    Any,
    /// Each of them.
    All,
}

/// Who has to have signed some images.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignatureRule {
    /// The images that are meant.
    pub names: ImagePattern,
    /// Who.
    pub signer: SignerRule,
    /// The kind of statement (`predicateType` of in-toto) that they have to have signed about the image; `None` for a
    /// signature of the image itself.
    pub predicate: Option<String>,
}

/// Who has to have signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignerRule {
    /// Whoever has the secret key to a public one.
    Key {
        /// The public key.
        key: KeyText,
        /// A file with the trust root of the log where the signature has to be.
        trusted_root: Option<String>,
    },
    /// Somebody whom an authority knows by name.
    Identity {
        /// The name.
        name: Wanted,
        /// Who has to have said that it is they.
        issuer: Wanted,
        /// A file with the trust root.
        trusted_root: String,
    },
}

/// Where a public key is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyText {
    /// In a file.
    File(String),
    /// In the policy itself, as PEM.
    Pem(String),
}

/// A text that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// This text.
    Exact(String),
    /// Any text of which the expression describes the whole.
    Form(String),
}

impl SignatureRules {
    /// The rules that mean an image, each with its place in the list.
    pub fn about<'a>(
        &'a self,
        name: ImageName<'a>,
    ) -> impl Iterator<Item = (usize, &'a SignatureRule)> {
        let rows = self.rows.iter().enumerate();
        rows.filter(move |(_, row)| row.names.covers(name))
    }
}

/// What became of the signatures of an image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Signatures {
    /// None was looked for; why.
    NotAsked(Text),
    /// They could not be fetched; why.
    Unreachable(Text),
    /// They were held against the rules.
    Held(Held),
}

/// Signatures that were held against the rules.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Held {
    /// What was found, in the order in which it was looked at.
    pub found: Vec<SignedArtefact>,
    /// For each rule that means the image, in the order of the file, whether something satisfies it.
    pub rules: Vec<RuleAnswer>,
    /// How many rules have to hold.
    pub enough: Enough,
    /// Why there may be more than was looked at.
    pub more: Option<Text>,
}

/// Whether a rule holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleAnswer {
    /// Whom it asks for, for people.
    pub signer: String,
    /// Whether something that was found satisfies it.
    pub holds: bool,
}

/// Something that somebody may have signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedArtefact {
    /// Where it was found.
    pub place: String,
    /// Whether it is beside the index of the image, and not beside its manifest.
    pub of_index: bool,
    /// What became of it.
    pub outcome: SignedOutcome,
}

/// What became of something that somebody may have signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignedOutcome {
    /// Somebody whom the policy names signed it.
    Verified {
        /// Who.
        by: String,
        /// What kind of statement it is; `None` for a signature of the image itself.
        predicate: Option<String>,
    },
    /// Nobody did whom the policy names.
    Rejected(Text),
    /// It may be good, and nothing here can say so.
    Unclear(Text),
}
