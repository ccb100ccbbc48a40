//! Why an answer is what it is: the chain from a file to an advisory, as plain data.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::Problem;
use crate::advisory::{PackageMatch, Snapshot};
use crate::facts::{ImageFacts, PackageIndex};

/// What is asked of an image; at least one of both is given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// A package by name, by the name of its source package, or by package URL.
    pub package: Option<String>,
    /// A flaw by any of its ids.
    pub id: Option<String>,
}

/// How a package comes to its advisories, or why it does not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Route {
    /// It is looked up.
    LookedUp {
        /// The ecosystem with the release, `Debian:11`, `npm`.
        key: String,
        /// Name under which it is looked up: the source package for dpkg and apk.
        name: String,
        /// Version that is compared.
        version: String,
        /// Name of the version scheme; empty where the ecosystem has none.
        scheme: String,
        /// The advisories are those of a relative of the distribution and prove nothing.
        by_likeness: bool,
    },
    /// An OS package installed it, and the advisories of that one judge it.
    Owned {
        /// The OS package.
        owner: PackageIndex,
        /// The ecosystem of whose advisories `answers` come although they do not count.
        key: String,
    },
    /// It cannot be judged.
    NotJudged {
        /// Why, in English, lower case, without a full stop.
        reason: String,
    },
}

/// What became of one package.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Story {
    /// The package.
    pub package: PackageIndex,
    /// How it comes to its advisories.
    pub route: Route,
    /// What records say, not affected and withdrawn ones too; of one flaw where one was asked for. Affected
    /// ones first, then those of which it cannot be said. Where the package is owned they do not count.
    pub answers: Vec<PackageMatch>,
}

/// A record of the flaw that was asked for, whatever package it names.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct KnownRecord {
    /// The feed, such as `osv/npm`.
    pub feed: String,
    /// The record's id in it.
    pub record: String,
    /// Ids of the same flaw.
    pub ids: Vec<String>,
    /// When it was taken back.
    pub withdrawn: Option<Timestamp>,
}

/// The answer to a [`Question`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Explanation {
    /// What was asked.
    pub question: Question,
    /// The image.
    pub facts: ImageFacts,
    /// Packages of which there is something to tell, in the order of the facts.
    pub stories: Vec<Story>,
    /// What the database holds under the id, whatever package it names; empty where no id was asked for.
    pub known: Vec<KnownRecord>,
    /// What could not be read or judged, sorted: where something is missing, finding nothing means nothing.
    pub problems: Vec<Problem>,
    /// The advisories.
    pub snapshot: Snapshot,
}
