//! What the files of an image say about how it is kept, besides its packages: rights, accounts, settings, and what
//! was left behind.

use serde::{Deserialize, Serialize};

use crate::ImagePath;
use crate::fact::{Group, LeftoverKind, Privilege, Unverified};
use crate::facts::{Location, PackageIndex};

/// A program with rights of its own and where it is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct LocatedPrivilege {
    /// Where it is.
    pub location: Location,
    /// Which rights.
    pub privilege: Privilege,
    /// OS package that ships it, if one does.
    pub owner: Option<PackageIndex>,
}

/// A setting by which packages are not verified and where it is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct LocatedUnverified {
    /// Where it is.
    pub location: Location,
    /// Which setting.
    pub unverified: Unverified,
}

/// An account without a password and the file that says so.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct LocatedAccount {
    /// Login name.
    pub name: String,
    /// The file that says so.
    pub location: Location,
}

/// A file that is of no use and where it is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Leftover {
    /// What it was of use for.
    pub kind: LeftoverKind,
    /// Where it is.
    pub location: Location,
}

/// A word of the health check that may name a program.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct HealthWord {
    /// The word as written.
    pub word: String,
    /// The file of that name, in `PATH` or at that path, links resolved; `None` if there is none.
    pub file: Option<ImagePath>,
}

/// How an image is kept, as its files say.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Posture {
    /// Visible programs with rights of their own, sorted by path.
    pub privileges: Vec<LocatedPrivilege>,
    /// Accounts that need no password, sorted.
    pub passwordless: Vec<LocatedAccount>,
    /// Groups of `etc/group`, in file order.
    pub groups: Vec<Group>,
    /// Settings by which packages are not verified, sorted.
    pub unverified: Vec<LocatedUnverified>,
    /// Files of no use, sorted; of very many the first ones.
    pub leftovers: Vec<Leftover>,
    /// How many files of no use there are in all.
    pub leftover_count: u64,
    /// The words of the health check, each once, and the shell that reads them; empty where there is no health check.
    pub health: Vec<HealthWord>,
}
