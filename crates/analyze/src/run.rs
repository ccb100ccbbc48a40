//! Reads one layer: every entry into the tree, every file of interest through its analyzers.

use std::collections::HashSet;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::sync::atomic::{AtomicU64, Ordering};

use plimsoll_image::tar::{Entry, Kind};
use plimsoll_image::{ImageError, Layer, LayerLimits, Visitor};
use plimsoll_model::{ImagePath, PathKey, Problem, Stage};

use crate::analyzer::{File, HELD_BYTES, Sink};
use crate::index::{InterestIndex, Wanted};
use crate::layer::LayerFacts;

/// The most problems that one layer may state; one more says how many were left out.
const PROBLEM_LIMIT: usize = 1_000;

/// Walks a layer once and asks the analyzers; a second time only for hard links to files that nobody wanted
/// under their first name.
///
/// Nothing is said unless the whole layer was read and its digests are proved.
pub fn read_layer(
    layer: &Layer,
    index: &InterestIndex,
    limits: &LayerLimits,
    memory: &Memory,
) -> Result<LayerFacts, ImageError> {
    let mut reader = Reader::new(index, memory);
    let summary = layer.walk(limits, &mut reader)?;
    if !reader.pending.is_empty() {
        let mut again = Again {
            reader: &mut reader,
            buffer: Vec::new(),
        };
        layer.walk(limits, &mut again)?;
    }
    let mut facts = reader.finish();
    facts.problems.extend(summary.problems);
    facts.entries = summary.info.entries;
    facts.size = summary.info.size;
    Ok(facts)
}

/// Memory for files larger than [`HELD_BYTES`], shared by the layers that are read at the same time. Who gets none
/// uses a temporary file, which takes longer.
#[derive(Debug)]
pub struct Memory {
    /// Bytes that nobody has.
    free: AtomicU64,
}

impl Memory {
    /// So much that the programs of most images fit, and little enough beside all else.
    const BYTES: u64 = 48 << 20;

    /// Takes so many bytes, if they are there.
    fn take(&self, bytes: u64) -> bool {
        let taken = self
            .free
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |free| {
                free.checked_sub(bytes)
            });
        taken.is_ok()
    }
}

impl Default for Memory {
    fn default() -> Self {
        Self {
            free: AtomicU64::new(Self::BYTES),
        }
    }
}

/// Memory for one file at a time, used again for the next one.
struct Buffer<'a> {
    bytes: Vec<u8>,
    memory: &'a Memory,
    /// Bytes taken from `memory`.
    taken: u64,
}

impl<'a> Buffer<'a> {
    fn new(memory: &'a Memory) -> Self {
        Self {
            bytes: Vec::new(),
            memory,
            taken: 0,
        }
    }

    /// Room for a file of this size, with anything in it; `None` if there is no memory for it.
    fn room(&mut self, size: u64) -> Option<&mut [u8]> {
        if size > HELD_BYTES && size > self.taken {
            if !self.memory.take(size.saturating_sub(self.taken)) {
                return None;
            }
            self.taken = size;
        }
        let size = usize::try_from(size).ok()?;
        if self.bytes.len() < size {
            // What is in it need not be kept.
            self.bytes.clear();
            self.bytes.resize(size.next_multiple_of(64 << 10), 0);
        }
        self.bytes.get_mut(..size)
    }
}

impl Drop for Buffer<'_> {
    fn drop(&mut self) {
        self.memory.free.fetch_add(self.taken, Ordering::Relaxed);
    }
}

/// A hard link of interest whose target was read by nobody.
struct Pending {
    path: ImagePath,
    target: ImagePath,
    wanted: Wanted,
}

struct Reader<'a> {
    index: &'a InterestIndex,
    facts: LayerFacts,
    /// Files that were analyzed: a later entry of the same path replaces them.
    analyzed: HashSet<PathKey>,
    pending: Vec<Pending>,
    buffer: Buffer<'a>,
}

impl<'a> Reader<'a> {
    fn new(index: &'a InterestIndex, memory: &'a Memory) -> Self {
        Self {
            index,
            facts: LayerFacts::default(),
            analyzed: HashSet::new(),
            pending: Vec::new(),
            buffer: Buffer::new(memory),
        }
    }

    fn problem(&mut self, problem: Problem) {
        self.facts.problems.push(problem);
    }

    /// Notes what the entry hides or carries. The answer is whether it is a whiteout and nothing else.
    fn note(&mut self, entry: &Entry, key: PathKey) -> bool {
        let tree = &mut self.facts.tree;
        let path = &entry.path;
        if let Some(rest) = path.file_name().strip_prefix(".wh.") {
            let parent = path.parent().unwrap_or_else(|| ImagePath::new(""));
            match rest {
                ".wh..opq" => tree.opaques.push(parent.key()),
                // Names such as `.wh..wh.plnk` are aufs' own and mean nothing here.
                _ if rest.starts_with(".wh.") => {}
                _ => tree.whiteouts.push(parent.join(rest).key()),
            }
            return true;
        }
        match &entry.kind {
            Kind::Directory => tree.directories.push(key),
            // What no container runtime unpacks hides nothing.
            Kind::Other(_) => {}
            Kind::Symlink(target) => {
                tree.files.push(key);
                tree.links.push((path.clone(), target.clone()));
            }
            _ => tree.files.push(key),
        }
        false
    }

    /// Takes back what was said of an earlier entry with the same path.
    fn forget(&mut self, path: &ImagePath) {
        self.facts.facts.retain(|fact| fact.path != *path);
        self.facts
            .problems
            .retain(|problem| problem.subject != path.as_str());
        self.pending.retain(|pending| pending.path != *path);
    }

    fn file(&mut self, entry: &Entry, key: PathKey, content: &mut dyn Read) -> io::Result<()> {
        let mut wanted = self.index.by_path(&entry.path);
        let mut first = [0; 4];
        let mut known = 0;
        if self.index.looks_inside() && entry.size >= 4 {
            content.read_exact(&mut first)?;
            known = first.len();
            wanted.add(self.index.by_magic(&first));
        }
        if wanted.is_empty() {
            return Ok(());
        }
        self.analyzed.insert(key);
        let head = first.get(..known).unwrap_or_default();
        self.analyze(&entry.path, entry, wanted, head, content)
    }

    fn analyze(
        &mut self,
        path: &ImagePath,
        entry: &Entry,
        wanted: Wanted,
        head: &[u8],
        content: &mut dyn Read,
    ) -> io::Result<()> {
        let wanted = self.within_limits(path, entry.size, wanted);
        if wanted.is_empty() {
            return Ok(());
        }
        let mut content = head.chain(content);
        if let Some(bytes) = self.buffer.room(entry.size) {
            let filled = fill(&mut content, bytes)?;
            let bytes = bytes.get(..filled).unwrap_or_default();
            for analyzer in wanted
                .places()
                .filter_map(|place| self.index.analyzer(place))
            {
                let LayerFacts {
                    facts, problems, ..
                } = &mut self.facts;
                let mut sink = Sink::new(path, analyzer.meta(), facts, problems);
                analyzer.analyze(&mut File::held(path, entry.mode, bytes), &mut sink);
            }
            return Ok(());
        }
        self.spool(path, entry, wanted, &mut content)
    }

    /// Puts a large file into a temporary one, from which analyzers read what they need.
    fn spool(
        &mut self,
        path: &ImagePath,
        entry: &Entry,
        wanted: Wanted,
        content: &mut dyn Read,
    ) -> io::Result<()> {
        let mut spool = match tempfile::tempfile() {
            Ok(spool) => spool,
            Err(error) => {
                self.unspooled(path, wanted, &error);
                return Ok(());
            }
        };
        let mut chunk = vec![0; 256 << 10];
        let mut size = 0_u64;
        loop {
            let read = content.read(&mut chunk)?;
            let Some(bytes) = chunk.get(..read).filter(|bytes| !bytes.is_empty()) else {
                break;
            };
            if let Err(error) = spool.write_all(bytes) {
                self.unspooled(path, wanted, &error);
                return Ok(());
            }
            size = size.saturating_add(bytes.len() as u64);
        }
        for analyzer in wanted
            .places()
            .filter_map(|place| self.index.analyzer(place))
        {
            if let Err(error) = spool.seek(SeekFrom::Start(0)) {
                self.unspooled(path, wanted, &error);
                return Ok(());
            }
            let LayerFacts {
                facts, problems, ..
            } = &mut self.facts;
            let mut sink = Sink::new(path, analyzer.meta(), facts, problems);
            analyzer.analyze(
                &mut File::spooled(path, entry.mode, size, &mut spool),
                &mut sink,
            );
        }
        Ok(())
    }

    fn unspooled(&mut self, path: &ImagePath, wanted: Wanted, error: &io::Error) {
        for analyzer in wanted
            .places()
            .filter_map(|place| self.index.analyzer(place))
        {
            let reason = format!(
                "cannot be kept in a temporary file for `{}`: {error}",
                analyzer.meta().id
            );
            self.facts.problems.push(Problem {
                effect: analyzer.meta().loss,
                ..Problem::note(Stage::Analyze, path.as_str(), reason)
            });
        }
    }

    /// Leaves out the analyzers for which the file is too large, and says so.
    fn within_limits(&mut self, path: &ImagePath, size: u64, wanted: Wanted) -> Wanted {
        let mut within = Wanted::default();
        for place in wanted.places() {
            let Some(analyzer) = self.index.analyzer(place) else {
                continue;
            };
            let meta = analyzer.meta();
            if size <= meta.limit {
                within.add(Wanted::at(place));
                continue;
            }
            let reason = format!(
                "has {size} bytes, `{}` reads at most {}",
                meta.id, meta.limit
            );
            self.problem(Problem {
                effect: meta.loss,
                ..Problem::note(Stage::Analyze, path.as_str(), reason)
            });
        }
        within
    }

    /// A further name of a file: of interest only if the name itself is, and if nobody read the file under
    /// a name that says the same.
    fn hard_link(&mut self, entry: &Entry, key: PathKey, target: &ImagePath) {
        let wanted = self.index.by_path(&entry.path);
        if !wanted.is_empty() {
            self.analyzed.insert(key);
            self.pending.push(Pending {
                path: entry.path.clone(),
                target: target.clone(),
                wanted,
            });
        }
    }

    fn finish(mut self) -> LayerFacts {
        for pending in std::mem::take(&mut self.pending) {
            for analyzer in pending
                .wanted
                .places()
                .filter_map(|place| self.index.analyzer(place))
            {
                self.facts.problems.push(Problem {
                    effect: analyzer.meta().loss,
                    ..Problem::note(
                        Stage::Layer,
                        pending.path.as_str(),
                        format!(
                            "is a hard link to `{}`, which is not in the layer",
                            pending.target
                        ),
                    )
                });
            }
        }
        self.facts.tree.sort();
        let problems = &mut self.facts.problems;
        if problems.len() > PROBLEM_LIMIT {
            // The gravest first, so that what is cut off is what matters least.
            problems.sort_by_key(|problem| std::cmp::Reverse(problem.effect));
            let more = problems.len() - PROBLEM_LIMIT;
            problems.truncate(PROBLEM_LIMIT);
            problems.push(Problem::gap(
                Stage::Layer,
                "layer",
                format!("{more} more problems were left out"),
            ));
        }
        self.facts
    }
}

/// Reads until the room is full or the content ends; a file of a directory may have become shorter.
fn fill(content: &mut dyn Read, room: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0_usize;
    while let Some(rest) = room.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match content.read(rest) {
            Ok(0) => break,
            Ok(count) => filled = filled.saturating_add(count),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

impl Visitor for Reader<'_> {
    fn entry(&mut self, entry: &Entry, content: &mut dyn Read) -> io::Result<()> {
        if entry.path.as_str().is_empty() {
            return Ok(());
        }
        let key = entry.path.key();
        if self.note(entry, key) {
            return Ok(());
        }
        if self.analyzed.contains(&key) {
            self.forget(&entry.path);
        }
        match &entry.kind {
            Kind::File => self.file(entry, key, content),
            Kind::HardLink(target) => {
                self.hard_link(entry, key, target);
                Ok(())
            }
            _ => Ok(()),
        }
    }
}

/// The second walk, for the targets of hard links.
struct Again<'r, 'a> {
    reader: &'r mut Reader<'a>,
    buffer: Vec<u8>,
}

impl Visitor for Again<'_, '_> {
    fn entry(&mut self, entry: &Entry, content: &mut dyn Read) -> io::Result<()> {
        let wanted = |pending: &Pending| pending.target == entry.path;
        if entry.kind != Kind::File || !self.reader.pending.iter().any(wanted) {
            return Ok(());
        }
        let pending = std::mem::take(&mut self.reader.pending);
        let (mine, others): (Vec<_>, Vec<_>) = pending.into_iter().partition(wanted);
        self.reader.pending = others;
        self.buffer.clear();
        if let [only] = mine.as_slice() {
            return self
                .reader
                .analyze(&only.path, entry, only.wanted, &[], content);
        }
        // Several names of one file: what does not fit into memory is said, not read in part.
        if entry.size > HELD_BYTES {
            for link in mine {
                let error =
                    io::Error::other("it has several names and is too large to be read for each");
                self.reader.unspooled(&link.path, link.wanted, &error);
            }
            return Ok(());
        }
        content.read_to_end(&mut self.buffer)?;
        for link in mine {
            let mut bytes = self.buffer.as_slice();
            self.reader
                .analyze(&link.path, entry, link.wanted, &[], &mut bytes)?;
        }
        Ok(())
    }
}
