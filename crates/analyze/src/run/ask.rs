//! Puts one file to the analyzers that want it.

use std::io::{self, Read, Seek, SeekFrom, Write};

use plimsoll_image::tar::Entry;
use plimsoll_model::{ImagePath, Problem, Stage};

use super::memory::Room;
use crate::analyzer::{File, Part, Rights, Sink};
use crate::index::{InterestIndex, Wanted};
use crate::layer::LayerFacts;

/// A file and who wants it, apart from the walk that met it.
pub(super) struct Question {
    pub(super) path: ImagePath,
    pub(super) entry: Entry,
    pub(super) wanted: Wanted,
    pub(super) content: Content,
}

/// Where the content of a file is.
pub(super) enum Content {
    /// In memory: room with the first bytes of the file, of which `filled` count.
    Held { room: Room, filled: usize },
    /// All of it in a temporary file.
    Spooled(Spool),
}

impl Question {
    /// Asks the analyzers in their order.
    pub(super) fn ask(&mut self, index: &InterestIndex, said: &mut LayerFacts) {
        let (path, entry, wanted) = (&self.path, &self.entry, self.wanted);
        match &mut self.content {
            Content::Held { room, filled } => {
                let known = room.bytes().get(..*filled).unwrap_or_default();
                held(index, said, path, entry, wanted, known);
            }
            Content::Spooled(spool) => spooled(index, said, path, entry, wanted, spool),
        }
    }

    /// The room that the content had, to be used again; otherwise what must still be put away, which takes its time.
    pub(super) fn end(self) -> Result<Room, Spool> {
        match self.content {
            Content::Held { room, .. } => Ok(room),
            Content::Spooled(spool) => Err(spool),
        }
    }
}

/// Asks about a file of which all that the analyzers need is in memory.
pub(super) fn held(
    index: &InterestIndex,
    said: &mut LayerFacts,
    path: &ImagePath,
    entry: &Entry,
    wanted: Wanted,
    bytes: &[u8],
) {
    for analyzer in wanted.places().filter_map(|place| index.analyzer(place)) {
        let LayerFacts {
            facts, problems, ..
        } = &mut *said;
        let mut sink = Sink::new(path, analyzer.meta(), facts, problems);
        let mut file = match analyzer.part() {
            Part::Whole => File::held(path, entry.mode, bytes),
            part @ Part::Head(_) => {
                let most = usize::try_from(part.of(entry.size)).unwrap_or(usize::MAX);
                let head = bytes.get(..most).unwrap_or(bytes);
                File::head(path, entry.mode, entry.size, head)
            }
        }
        .with_rights(rights(entry));
        analyzer.analyze(&mut file, &mut sink);
    }
}

/// Asks about a file in a temporary one, from which analyzers read what they need. Those that need its head alone
/// get that in memory.
fn spooled(
    index: &InterestIndex,
    said: &mut LayerFacts,
    path: &ImagePath,
    entry: &Entry,
    wanted: Wanted,
    spool: &mut Spool,
) {
    for place in wanted.places() {
        let Some(analyzer) = index.analyzer(place) else {
            continue;
        };
        let this = Wanted::at(place);
        if let Err(error) = spool.file.seek(SeekFrom::Start(0)) {
            unspooled(index, said, path, this, &error);
            continue;
        }
        if let part @ Part::Head(_) = analyzer.part() {
            let mut head = Vec::new();
            let most = part.of(spool.size);
            match (&mut spool.file).take(most).read_to_end(&mut head) {
                Ok(_) => held(index, said, path, entry, this, &head),
                Err(error) => unspooled(index, said, path, this, &error),
            }
            continue;
        }
        let LayerFacts {
            facts, problems, ..
        } = &mut *said;
        let mut sink = Sink::new(path, analyzer.meta(), facts, problems);
        let file = File::spooled(path, entry.mode, spool.size, &mut spool.file);
        analyzer.analyze(&mut file.with_rights(rights(entry)), &mut sink);
    }
}

/// Says that a file could not be kept for these analyzers.
pub(super) fn unspooled(
    index: &InterestIndex,
    said: &mut LayerFacts,
    path: &ImagePath,
    wanted: Wanted,
    error: &io::Error,
) {
    for analyzer in wanted.places().filter_map(|place| index.analyzer(place)) {
        let reason = format!(
            "cannot be kept in a temporary file for `{}`: {error}",
            analyzer.meta().id
        );
        said.problems.push(Problem {
            effect: analyzer.meta().loss,
            ..Problem::note(Stage::Analyze, path.as_str(), reason)
        });
    }
}

fn rights(entry: &Entry) -> Rights<'_> {
    Rights {
        uid: entry.uid,
        gid: entry.gid,
        capability: entry.capability.as_deref(),
    }
}

/// A temporary file that nobody else sees.
pub(super) struct Spool {
    file: std::fs::File,
    size: u64,
}

impl Spool {
    /// Puts all that is left of `content` into one. The outer error is the content's, the inner one the file's.
    pub(super) fn fill(content: &mut dyn Read) -> io::Result<io::Result<Self>> {
        let mut file = match tempfile::tempfile() {
            Ok(file) => file,
            Err(error) => return Ok(Err(error)),
        };
        let mut chunk = vec![0; 256 << 10];
        let mut size = 0_u64;
        loop {
            let read = content.read(&mut chunk)?;
            let Some(bytes) = chunk.get(..read).filter(|bytes| !bytes.is_empty()) else {
                return Ok(Ok(Self { file, size }));
            };
            if let Err(error) = file.write_all(bytes) {
                return Ok(Err(error));
            }
            size = size.saturating_add(bytes.len() as u64);
        }
    }
}
