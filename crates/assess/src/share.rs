//! The database as an artefact in a registry: pushed with a signed release, pulled only with a good one.
//!
//! A release says which file it is about, until when its publisher stands by it, and a counter that only grows:
//! whoever pulled a release takes no older one, even if it is signed. The counters that were seen are kept beside
//! the database.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use plimsoll_advisory::Database;
use plimsoll_image::ImageError;
use plimsoll_image::sources::{Artefact, Part, PartContent, RegistrySource};
use plimsoll_model::Digest;
use plimsoll_trust::dsse::{self, Rejection};
use plimsoll_trust::key::{KeyError, PublicKey, SecretKey};
use serde::{Deserialize, Serialize};
use tempfile::NamedTempFile;

use crate::store::{Store, StoreError, make_folder, replace};

/// What kind of an artefact it is.
const KIND: &str = "application/vnd.plimsoll.database.v1";
/// The database, as the file it is.
const FILE: &str = "application/vnd.plimsoll.database.v1.file";
/// The release in its envelope.
const ENVELOPE: &str = "application/vnd.dsse.envelope.v1+json";
/// What the envelope says that it holds.
const RELEASE: &str = "application/vnd.plimsoll.database.release.v1+json";

/// Largest envelope that is read, in bytes.
const ENVELOPE_LIMIT: u64 = 1 << 20;
/// Largest database that is pulled, in bytes.
const DATABASE_LIMIT: u64 = 4 << 30;
/// How many seconds the clocks of two machines may differ.
const CLOCKS: i64 = 86_400;

/// What a publisher says of a database.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Release {
    /// Digest of the file.
    pub file: Digest,
    /// Its size in bytes.
    pub size: u64,
    /// Its snapshot id.
    pub snapshot: String,
    /// Grows with every release.
    pub counter: u64,
    /// When it was published.
    pub published: Timestamp,
    /// Until when the publisher stands by it.
    pub expires: Timestamp,
}

/// Why a database was not shared; what was there still stands.
#[derive(Debug, thiserror::Error)]
pub enum ShareError {
    /// The registry.
    #[error(transparent)]
    Registry(#[from] ImageError),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// It cannot be signed.
    #[error("the release cannot be signed")]
    Sign(#[from] KeyError),
    /// Nobody who is trusted signed it.
    #[error("the release of `{object}` is refused")]
    Rejected {
        /// The artefact.
        object: String,
        /// Why.
        #[source]
        source: Rejection,
    },
    /// It is signed and yet not to be used.
    #[error("the release of `{object}` is refused: {reason}")]
    Refused {
        /// The artefact.
        object: String,
        /// Why.
        reason: String,
    },
}

/// What to push.
#[derive(Debug)]
pub struct PushRequest<'a> {
    /// The database.
    pub database: &'a Path,
    /// Who signs.
    pub key: &'a SecretKey,
    /// Greater than that of every release before; none for the seconds since 1970.
    pub counter: Option<u64>,
    /// The time.
    pub now: Timestamp,
    /// Until when the release holds.
    pub expires: Timestamp,
}

/// What to pull, and where to.
#[derive(Debug)]
pub struct PullRequest<'a> {
    /// What the artefact is called; counters are kept by this name without its tag.
    pub repository: &'a str,
    /// Whose releases are taken.
    pub trusted: &'a [PublicKey],
    /// The time.
    pub now: Timestamp,
    /// The database to replace.
    pub database: &'a Path,
}

/// Pushes a database with its release, and gives the digest of the artefact.
pub fn push(
    registry: &RegistrySource,
    request: &PushRequest<'_>,
) -> Result<(Digest, Release), ShareError> {
    let unusable = |source| StoreError::File {
        path: request.database.to_owned(),
        source,
    };
    // A broken file is found here and not by those who pull it.
    let database = Database::open(request.database).map_err(StoreError::from)?;
    database.verify().map_err(StoreError::from)?;
    let (file, size) = hash(request.database).map_err(unusable)?;
    let release = Release {
        file,
        size,
        snapshot: database.snapshot().id,
        counter: request
            .counter
            .unwrap_or_else(|| u64::try_from(request.now.as_second()).unwrap_or(0)),
        published: request.now,
        expires: request.expires,
    };
    let payload = serde_json::to_vec(&release).unwrap_or_default();
    let part = |media_type: &str, content| Part {
        media_type: media_type.to_owned(),
        content,
    };
    let created = ("org.opencontainers.image.created", request.now.to_string());
    let artefact = Artefact {
        kind: KIND.to_owned(),
        parts: vec![
            part(FILE, PartContent::File(request.database.to_owned())),
            part(
                ENVELOPE,
                PartContent::Bytes(dsse::sign(RELEASE, &payload, request.key)?),
            ),
        ],
        annotations: BTreeMap::from([(created.0.to_owned(), created.1)]),
    };
    Ok((registry.push(&artefact)?, release))
}

/// Pulls a database, if its release is good, and puts it in use.
pub fn pull(registry: &RegistrySource, request: &PullRequest<'_>) -> Result<Release, ShareError> {
    let store = Store::at(request.database);
    let lock = store.lock()?;
    let artefact = registry.artefact(KIND)?;
    let (envelope, _) = artefact.part(ENVELOPE)?;
    let envelope = artefact.read(envelope, ENVELOPE_LIMIT)?;
    let object = format!("{}@{}", request.repository, artefact.digest);
    let proved =
        dsse::open(&envelope, RELEASE, request.trusted).map_err(|source| ShareError::Rejected {
            object: object.clone(),
            source,
        })?;
    let refused = |reason: String| ShareError::Refused {
        object: object.clone(),
        reason,
    };
    let release: Release = serde_json::from_slice(proved.payload())
        .map_err(|error| refused(format!("what is signed cannot be read: {error}")))?;
    let (file, size) = artefact.part(FILE)?;
    if *file != release.file || size != release.size {
        return Err(refused(
            "it is about another file than the artefact holds".to_owned(),
        ));
    }
    if release.expires <= request.now {
        return Err(refused(format!("it expired at {}", release.expires)));
    }
    let ahead = release
        .published
        .as_second()
        .saturating_sub(request.now.as_second());
    if ahead > CLOCKS {
        return Err(refused(format!(
            "it was published at {}, which is still to come; is the clock of this machine right?",
            release.published
        )));
    }
    let mut seen = Seen::load(store.folder())?;
    seen.accept(request.repository, &release).map_err(refused)?;
    make_folder(store.folder())?;
    let unusable = |source| StoreError::File {
        path: store.folder().to_owned(),
        source,
    };
    let mut fresh = NamedTempFile::new_in(store.folder()).map_err(unusable)?;
    artefact.copy(file, release.size.min(DATABASE_LIMIT), &mut fresh)?;
    fresh.as_file().sync_all().map_err(unusable)?;
    let fresh = fresh.into_temp_path();
    let database = Database::open(&fresh).map_err(StoreError::from)?;
    if database.snapshot().id != release.snapshot {
        return Err(refused(format!(
            "it promises the snapshot {}, and the file is another one",
            release.snapshot
        )));
    }
    drop(database);
    // Remembered first: were it forgotten, an older release could follow.
    seen.save()?;
    replace(&release_file(request.database), proved.payload())?;
    store.install(&fresh, &lock)?;
    Ok(release)
}

/// What the publisher of the database in use said of it, if it was pulled.
#[must_use]
pub fn release_of(database: &Path, snapshot: &str) -> Option<Release> {
    let bytes = fs::read(release_file(database)).ok()?;
    let release: Release = serde_json::from_slice(&bytes).ok()?;
    (release.snapshot == snapshot).then_some(release)
}

fn release_file(database: &Path) -> PathBuf {
    database.with_extension("release.json")
}

/// The releases that were taken last, by repository.
struct Seen {
    file: PathBuf,
    rows: BTreeMap<String, Mark>,
}

#[derive(Clone, Serialize, Deserialize)]
struct Mark {
    counter: u64,
    snapshot: String,
}

impl Seen {
    /// Nobody has forgotten what is not there. What cannot be read is an error: it must not look forgotten.
    fn load(folder: &Path) -> Result<Self, StoreError> {
        let file = folder.join("seen.json");
        let rows = match fs::read(&file) {
            Ok(text) => serde_json::from_slice(&text).map_err(io::Error::from),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(BTreeMap::new()),
            Err(error) => Err(error),
        };
        match rows {
            Ok(rows) => Ok(Self { file, rows }),
            Err(source) => Err(StoreError::File { path: file, source }),
        }
    }

    /// The same release may be pulled again.
    fn accept(&mut self, repository: &str, release: &Release) -> Result<(), String> {
        if let Some(mark) = self.rows.get(repository) {
            let is_same = mark.snapshot == release.snapshot;
            if release.counter < mark.counter || (release.counter == mark.counter && !is_same) {
                return Err(format!(
                    "its counter is {}, and a release with {} was taken before; somebody may be rolling it back",
                    release.counter, mark.counter
                ));
            }
        }
        let mark = Mark {
            counter: release.counter,
            snapshot: release.snapshot.clone(),
        };
        self.rows.insert(repository.to_owned(), mark);
        Ok(())
    }

    fn save(&self) -> Result<(), StoreError> {
        let text = serde_json::to_vec_pretty(&self.rows).unwrap_or_default();
        replace(&self.file, &text)
    }
}

/// Digest and size in bytes of a file.
fn hash(path: &Path) -> io::Result<(Digest, u64)> {
    let bytes = fs::read(path)?;
    Ok((Digest::of(&bytes), bytes.len() as u64))
}
