//! What can go wrong with feeds and databases; every error names its object.

use std::io;
use std::path::PathBuf;

use thiserror::Error;

/// A document that could not be parsed as a whole.
#[derive(Debug, Error)]
pub enum FeedError {
    /// It could not be read.
    #[error("could not read `{document}`")]
    Read {
        /// The document, relative to the folder.
        document: String,
        /// The cause.
        #[source]
        source: io::Error,
    },
    /// It is larger than any document of its feed may be.
    #[error("`{document}` has more than {limit} bytes")]
    TooLarge {
        /// The document.
        document: String,
        /// The limit in bytes.
        limit: u64,
    },
    /// It is not JSON of the published shape.
    #[error("`{document}` is not the JSON that the feed publishes")]
    Json {
        /// The document.
        document: String,
        /// The cause.
        #[source]
        source: serde_json::Error,
    },
    /// It is not XML of the published shape.
    #[error("`{document}` is not the XML that the feed publishes: {reason}")]
    Xml {
        /// The document.
        document: String,
        /// What is wrong with it.
        reason: String,
    },
    /// It is not a readable zip archive.
    #[error("`{document}` is not a readable zip archive")]
    Zip {
        /// The document.
        document: String,
        /// The cause.
        #[source]
        source: zip::result::ZipError,
    },
    /// It parses, and yet it cannot be what the feed publishes.
    #[error("`{document}` is not what the feed publishes: {reason}")]
    Shape {
        /// The document.
        document: String,
        /// What is wrong with it.
        reason: String,
    },
}

/// One record of a feed that was left out or only taken in part; the build went on.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct FeedProblem {
    /// The document, relative to the folder.
    pub document: String,
    /// The record, as far as it could be told.
    pub record: String,
    /// What is wrong.
    pub reason: String,
}

/// A database could not be built.
#[derive(Debug, Error)]
pub enum BuildError {
    /// A document is unreadable; a database without it would look complete and be blind.
    #[error(transparent)]
    Feed(#[from] FeedError),
    /// The folder holds no document of any feed.
    #[error("`{folder}` holds no document of any feed", folder = folder.display())]
    NoDocuments {
        /// The folder.
        folder: PathBuf,
    },
    /// A folder could not be listed.
    #[error("could not list `{folder}`", folder = folder.display())]
    List {
        /// The folder.
        folder: PathBuf,
        /// The cause.
        #[source]
        source: io::Error,
    },
    /// The database could not be written.
    #[error("could not write `{path}`", path = path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// The cause.
        #[source]
        source: io::Error,
    },
    /// There is more of something than the format can number.
    #[error("more {what} than a database can hold")]
    TooMany {
        /// What there is too much of.
        what: &'static str,
    },
    /// A worker thread stopped; a bug of this program.
    #[error("the parser of `{document}` stopped unexpectedly")]
    Worker {
        /// The document.
        document: String,
    },
}

/// A database could not be opened or read.
#[derive(Debug, Error)]
pub enum DatabaseError {
    /// The file could not be opened.
    #[error("could not open the database `{path}`", path = path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// The cause.
        #[source]
        source: io::Error,
    },
    /// It is no advisory database.
    #[error("`{name}` is not an advisory database")]
    Magic {
        /// The file.
        name: String,
    },
    /// A part of it could not be read.
    #[error("could not read the database `{name}` at byte {offset}")]
    Read {
        /// The file.
        name: String,
        /// Where.
        offset: u64,
        /// The cause.
        #[source]
        source: io::Error,
    },
    /// It was written for another version of this program. Formats are not converted: a database is made anew from
    /// the feeds in seconds.
    #[error(
        "the database `{name}` has format {found}, and this program reads format {supported}; make it anew with \
         `plimsoll db update`, or get it from who publishes it for this version"
    )]
    Format {
        /// The file.
        name: String,
        /// The format in the file.
        found: u32,
        /// The format of this program.
        supported: u32,
    },
    /// It is damaged.
    #[error("the database `{name}` is damaged at byte {offset}: {what}")]
    Damaged {
        /// The file.
        name: String,
        /// Where.
        offset: u64,
        /// What is wrong there.
        what: &'static str,
    },
}
