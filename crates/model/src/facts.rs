//! What is true of the whole image, after the layers were joined.

use serde::{Deserialize, Serialize};

pub use crate::coverage::Coverage;
use crate::fact::{Account, Executable, OsRelease, PackageFact, Secret};
use crate::image::{ImageConfig, LayerInfo, SourceKind, Subject};
use crate::posture::Posture;
use crate::reach::Reach;
use crate::{ImagePath, Problem};

/// Where something is in the image.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Location {
    /// The file that says so.
    pub path: ImagePath,
    /// Index of the layer in which that file stands, from 0, lowest first.
    pub layer: usize,
    /// Index of the lowest layer in which the same statement stands: the one that introduced it.
    pub introduced: usize,
}

/// Whether a file is still visible in a container.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Presence {
    /// In the final filesystem.
    Visible,
    /// Hidden by a higher layer, yet in the image for everyone who can pull it.
    Deleted,
}

/// Identifies the package that owns another: its place in [`ImageFacts::packages`].
pub type PackageIndex = usize;

/// A package of the image.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Package {
    /// What it is.
    pub fact: PackageFact,
    /// Every place that says so, sorted; never empty.
    pub locations: Vec<Location>,
    /// Id of the analyzer that found it.
    pub analyzer: String,
    /// The OS package that installed it, if one did: that package's advisories then judge it.
    pub owner: Option<PackageIndex>,
    /// Id of the repository that it was installed from, `ubi-9-baseos-rpms`, where the installer keeps it.
    pub repository: Option<String>,
    /// Deleted: a higher layer deleted the database that says so, and no other stands in its place. The package is
    /// what the database said last.
    pub presence: Presence,
    /// Package URL.
    pub purl: String,
}

/// A secret and where it is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct LocatedSecret {
    /// What it is.
    pub secret: Secret,
    /// Where it is.
    pub location: Location,
    /// Whether a container still shows the file.
    pub presence: Presence,
    /// OS package that ships the file, if one does.
    pub owner: Option<PackageIndex>,
}

/// An executable and where it is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct LocatedExecutable {
    /// What it is.
    pub executable: Executable,
    /// Where it is.
    pub location: Location,
    /// OS package that ships it, if one does.
    pub owner: Option<PackageIndex>,
    /// Whether a package was found inside it (Go and Rust build information).
    pub described: bool,
}

/// How the operating system was recognised.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OperatingSystem {
    /// What the image says.
    pub release: OsRelease,
    /// The file that says so.
    pub location: Location,
}

/// Everything that is known about an image; the input of matching and of checks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImageFacts {
    /// Which image this is.
    pub subject: Subject,
    /// Its configuration; the default one for directories.
    pub config: ImageConfig,
    /// Its layers, lowest first.
    pub layers: Vec<LayerInfo>,
    /// The operating system; `None` where no file tells.
    pub os: Option<OperatingSystem>,
    /// Content sets of Red Hat of which the image was built, sorted; they tell which advisories apply.
    pub content_sets: Vec<String>,
    /// Packages, sorted by ecosystem, name, version and path.
    pub packages: Vec<Package>,
    /// Accounts of `etc/passwd`, in file order.
    pub accounts: Vec<Account>,
    /// Secrets in files, deleted ones too, sorted.
    pub secrets: Vec<LocatedSecret>,
    /// Visible executables, sorted by path.
    pub executables: Vec<LocatedExecutable>,
    /// What is loaded when a container starts.
    pub reach: Reach,
    /// Rights, accounts, settings, and what was left behind.
    pub posture: Posture,
    /// How much was understood.
    pub coverage: Coverage,
    /// What could not be read, sorted.
    pub problems: Vec<Problem>,
}

impl ImageFacts {
    /// The share of programs and libraries that are understood, 0 to 1; `None` where the input tells of
    /// packages alone.
    #[must_use]
    pub fn programs_understood(&self) -> Option<f64> {
        (self.subject.source != SourceKind::Sbom).then(|| self.coverage.programs())
    }
}
