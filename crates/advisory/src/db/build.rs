//! From a folder of documents to a file.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use plimsoll_model::advisory::{FeedState, Snapshot};

use super::{Builder, Database, Effort};
use crate::advisory::Advisory;
use crate::feeds::{self, Found, Said};
use crate::{BuildError, FeedError, FeedProblem};

/// How much is in a database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    /// Flaws, each under all its ids.
    pub flaws: u64,
    /// Packages, each in one release of one ecosystem.
    pub packages: u64,
    /// Statements of a record about a package.
    pub claims: u64,
    /// Size in bytes.
    pub bytes: u64,
}

/// What was built.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BuildReport {
    /// The documents that were read, relative to the folder, sorted.
    pub documents: Vec<String>,
    /// The snapshot that the file is.
    pub snapshot: Snapshot,
    /// How much is in it.
    pub counts: Counts,
    /// Records that were left out or only taken in part, sorted.
    pub problems: Vec<FeedProblem>,
}

impl BuildReport {
    /// The feeds with their counts and dates.
    #[must_use]
    pub fn feeds(&self) -> &[FeedState] {
        &self.snapshot.feeds
    }
}

/// Compiles every document that `folder` holds under the paths of [`feeds::ALL`] and writes the database to
/// `out`, through a temporary file beside it that is renamed when it is whole.
///
/// The folder may be a mirror of the upstreams or part of one. The built-in watchlist is joined to it: its
/// words, ratings and marks, and its ranges for language packages.
pub fn build(folder: &Path, out: &Path) -> Result<BuildReport, BuildError> {
    let (mut builder, documents) = read_folder(folder)?;
    crate::watchlist::add_to(&mut builder, crate::watchlist::Share::BesideFeeds)?;
    let problems = builder.problems();
    let bytes = builder.finish(Effort::Small)?;
    write_atomic(out, &bytes).map_err(|source| BuildError::Write {
        path: out.to_path_buf(),
        source,
    })?;
    let name = out.display().to_string();
    let damaged = |_| BuildError::TooMany { what: "bytes" };
    let db = Database::from_bytes(&name, bytes).map_err(damaged)?;
    Ok(BuildReport {
        documents,
        snapshot: db.snapshot(),
        counts: db.counts(),
        problems,
    })
}

/// Parses every document of a folder, and names them.
pub(crate) fn read_folder(folder: &Path) -> Result<(Builder, Vec<String>), BuildError> {
    let found = feeds::discover(folder)?;
    if found.is_empty() {
        return Err(BuildError::NoDocuments {
            folder: folder.to_path_buf(),
        });
    }
    let mut builder = Builder::new();
    for some in found.chunks(SIDE_BY_SIDE) {
        collect(some, &mut builder)?;
    }
    let documents = found.into_iter().map(|found| found.path).collect();
    Ok((builder, documents))
}

impl Builder {
    /// The database of what was collected, in memory; `name` is for messages.
    pub fn into_database(self, name: &str) -> Result<Database, BuildError> {
        let bytes = self.finish(Effort::Quick)?;
        Database::from_bytes(name, bytes).map_err(|_| BuildError::TooMany { what: "bytes" })
    }
}

/// Writes beside the target and renames, so that a reader sees the old file or the new one and nothing else.
fn write_atomic(out: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = match out.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    fs::create_dir_all(folder)?;
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(bytes)?;
    set_readable(file.as_file())?;
    file.as_file().sync_all()?;
    file.persist(out)?;
    Ok(())
}

/// Temporary files are private; a database is not, and services of other users read it.
#[cfg(unix)]
fn set_readable(file: &fs::File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    file.set_permissions(fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn set_readable(_file: &fs::File) -> io::Result<()> {
    Ok(())
}

/// Advisories that travel together from a parser to the builder.
const BATCH: usize = 128;
/// Documents that are set up at a time; some feeds have a document for each flaw.
const SIDE_BY_SIDE: usize = 4096;
/// Batches that wait at most for one document, so that memory stays bounded.
const WAITING: usize = 4;

enum Message {
    Batch(Vec<Advisory>),
    End(Result<Said, FeedError>),
}

/// Parses documents side by side and takes their advisories in the order of the documents.
fn collect(found: &[Found], builder: &mut Builder) -> Result<(), BuildError> {
    let workers = thread::available_parallelism()
        .map_or(1, usize::from)
        .min(8);
    let (senders, receivers): (Vec<_>, Vec<_>) = found
        .iter()
        .map(|_| {
            let (sender, receiver) = sync_channel(WAITING);
            (Mutex::new(Some(sender)), receiver)
        })
        .unzip();
    let next = AtomicUsize::new(0);
    let worker = || {
        loop {
            let place = next.fetch_add(1, Ordering::Relaxed);
            let Some((document, sender)) = found.get(place).zip(senders.get(place)) else {
                return;
            };
            let sender = sender.lock().ok().and_then(|mut sender| sender.take());
            if let Some(sender) = sender {
                parse(document, &sender);
            }
        }
    };
    thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(worker);
        }
        // Dropping the receivers on an error makes the workers stop at their next batch.
        found
            .iter()
            .zip(receivers)
            .try_for_each(|(document, receiver)| take(document, &receiver, builder))
    })
}

fn parse(document: &Found, sender: &SyncSender<Message>) {
    let mut batch = Vec::with_capacity(BATCH);
    let said = document.parse(&mut |advisory| {
        batch.push(advisory);
        if batch.len() < BATCH {
            return feeds::Flow::GoOn;
        }
        match sender.send(Message::Batch(std::mem::take(&mut batch))) {
            Ok(()) => feeds::Flow::GoOn,
            Err(_) => feeds::Flow::Stop,
        }
    });
    // A receiver that is gone does not want to hear more.
    let _ = sender.send(Message::Batch(batch));
    let _ = sender.send(Message::End(said));
}

fn take(
    document: &Found,
    receiver: &Receiver<Message>,
    builder: &mut Builder,
) -> Result<(), BuildError> {
    let feed = builder.feed(&document.state)?;
    for message in receiver {
        match message {
            Message::Batch(advisories) => {
                for advisory in &advisories {
                    builder.add(feed, &document.path, advisory)?;
                }
            }
            Message::End(said) => {
                let said = said?;
                for key in said.covered {
                    builder.cover(key, document.checked);
                }
                builder.lifecycles(feed, said.lifecycles);
                builder.repositories(feed, said.repositories);
                builder.releases(&said.releases)?;
                if let Some(date) = said.newest.max(document.date) {
                    builder.date(feed, date);
                }
                for (record, reason) in said.problems {
                    let problem = FeedProblem {
                        document: document.path.clone(),
                        record,
                        reason,
                    };
                    builder.problem(feed, problem);
                }
                return Ok(());
            }
        }
    }
    Err(BuildError::Worker {
        document: document.path.clone(),
    })
}
