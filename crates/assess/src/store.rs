//! Where databases are kept: one is in use, the ones before it stay for a while.
//!
//! A database is put in its place by a rename: readers see the old one or the new one, and never wait.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use plimsoll_advisory::{Database, DatabaseError};

/// How many databases are kept besides the one in use.
const KEPT: usize = 3;

/// Folder beside the database in use for those that can be asked for by their snapshot id.
const SNAPSHOTS: &str = "snapshots";

/// Why a database could not be stored; the old one still stands.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A file of the store cannot be used.
    #[error("cannot use `{path}`")]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// Somebody else is updating.
    #[error("another update holds `{path}`")]
    Busy {
        /// The lock.
        path: PathBuf,
    },
    /// What should be stored does not hold.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

/// The database of a path, and those beside it.
#[derive(Debug)]
pub struct Store<'a> {
    current: &'a Path,
}

/// Held until it is dropped, or the program ends in any way; readers do not ask for it.
#[derive(Debug)]
pub(crate) struct Lock {
    _file: File,
}

impl<'a> Store<'a> {
    /// The store whose database in use is at `current`.
    #[must_use]
    pub fn at(current: &'a Path) -> Self {
        Self { current }
    }

    /// Its folder.
    pub(crate) fn folder(&self) -> &Path {
        match self.current.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        }
    }

    /// Keeps others from changing the store meanwhile.
    pub(crate) fn lock(&self) -> Result<Lock, StoreError> {
        make_folder(self.folder())?;
        let path = self.folder().join("update.lock");
        let wrong = |source| StoreError::File {
            path: path.clone(),
            source,
        };
        let file = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .map_err(wrong)?;
        match file.try_lock() {
            Ok(()) => Ok(Lock { _file: file }),
            Err(fs::TryLockError::WouldBlock) => Err(StoreError::Busy { path: path.clone() }),
            Err(fs::TryLockError::Error(source)) => Err(wrong(source)),
        }
    }

    /// Proves the database in `fresh`, a file in the same folder, and puts it in use.
    pub(crate) fn install(&self, fresh: &Path, _lock: &Lock) -> Result<(), StoreError> {
        let wrong = |path: &Path, source| StoreError::File {
            path: path.to_owned(),
            source,
        };
        let database = Database::open(fresh)?;
        database.verify()?;
        let id = database.snapshot().id;
        drop(database);
        set_readable(fresh).map_err(|source| wrong(fresh, source))?;
        let folder = self.folder().join(SNAPSHOTS);
        make_folder(&folder)?;
        let kept = folder.join(file_name(&id));
        // A second name for the same bytes; where the filesystem has no such thing, only the one in use is kept.
        if !kept.exists() && fs::hard_link(fresh, &kept).is_err() {
            tracing::debug!("this filesystem has no hard links: older databases are not kept");
        }
        fs::rename(fresh, self.current).map_err(|source| wrong(self.current, source))?;
        sweep(&folder, &kept);
        Ok(())
    }

    /// The file of the database with a snapshot id, `sha256:…`: the one in use or one of those before.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<PathBuf> {
        let is_it = |path: &Path| {
            let database = Database::open(path);
            database.is_ok_and(|database| database.snapshot().id == id)
        };
        let kept = self.folder().join(SNAPSHOTS).join(file_name(id));
        [self.current.to_owned(), kept]
            .into_iter()
            .find(|path| is_it(path))
    }
}

/// Removes databases that are too many, the oldest first. What cannot be removed stays.
fn sweep(folder: &Path, newest: &Path) {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut kept: Vec<(std::time::SystemTime, PathBuf)> = entries
        .filter_map(|entry| Some((entry.metadata().ok()?.modified().ok()?, entry.path())))
        .filter(|(_, path)| path != newest)
        .collect();
    kept.sort();
    let many = kept.len().saturating_sub(KEPT);
    for (_, path) in kept.into_iter().take(many) {
        let _ = fs::remove_file(path);
    }
}

/// Temporary files are private; a database is not, and services of other users read it.
#[cfg(unix)]
fn set_readable(file: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(file, fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn set_readable(_: &Path) -> io::Result<()> {
    Ok(())
}

/// Only what a file name may hold, so that an id leads nowhere else.
fn file_name(id: &str) -> String {
    let plain = id.chars().filter(char::is_ascii_alphanumeric);
    format!("{}.db", plain.collect::<String>())
}

pub(crate) fn make_folder(folder: &Path) -> Result<(), StoreError> {
    fs::create_dir_all(folder).map_err(|source| StoreError::File {
        path: folder.to_owned(),
        source,
    })
}

/// Puts bytes in the place of a file, whole or not at all.
pub(crate) fn replace(file: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let wrong = |source| StoreError::File {
        path: file.to_owned(),
        source,
    };
    let fresh = file.with_extension("new");
    fs::write(&fresh, bytes).map_err(wrong)?;
    fs::rename(&fresh, file).map_err(wrong)
}
