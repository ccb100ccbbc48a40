//! Reads one layer: every entry into the tree, every file of interest through its analyzers.

mod aside;
mod ask;
mod memory;

use foldhash::{HashSet, HashSetExt};
use std::io::{self, Read};

use plimsoll_image::tar::{Entry, Kind};
use plimsoll_image::{ImageError, Layer, LayerLimits, Visitor};
use plimsoll_model::{ImagePath, PathKey, Problem, Stage};

use crate::analyzer::HELD_BYTES;
use crate::index::{InterestIndex, Wanted};
use crate::layer::LayerFacts;

use aside::Aside;
use ask::{Content, Question, Spool};
use memory::Buffer;
pub use memory::Memory;

/// The most problems that one layer may state; one more says how many were left out.
const PROBLEM_LIMIT: usize = 1_000;

/// So many bytes of a layer may pass without a large file until the room for such files is given back. Programs and
/// libraries stand together in an image, and after them nothing is as large.
const PASSING: u64 = 192 << 20;

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
    std::thread::scope(|scope| {
        let mut reader = Reader::new(index, memory, Aside::start(scope, index));
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
    })
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
    /// Room for files that are analyzed aside.
    large: Buffer<'a>,
    /// Bytes of files since the last one of these.
    passed: u64,
    aside: Option<Aside>,
}

impl<'a> Reader<'a> {
    fn new(index: &'a InterestIndex, memory: &'a Memory, aside: Option<Aside>) -> Self {
        Self {
            index,
            facts: LayerFacts::default(),
            analyzed: HashSet::new(),
            pending: Vec::new(),
            buffer: Buffer::new(memory, aside::LARGE),
            large: Buffer::new(memory, Memory::BYTES),
            passed: 0,
            aside,
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
        self.settle();
        self.facts.facts.retain(|fact| fact.path != *path);
        self.facts
            .problems
            .retain(|problem| problem.subject != path.as_str());
        self.pending.retain(|pending| pending.path != *path);
    }

    fn file(&mut self, entry: &Entry, key: PathKey, content: &mut dyn Read) -> io::Result<()> {
        let mut wanted = self.index.by_path(&entry.path);
        wanted.add(by_rights(self.index, entry));
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
        let kept = self.kept(wanted, entry.size);
        if kept >= aside::LARGE {
            self.passed = 0;
            // Without memory for it, it need not wait for the one in work.
            if !self.large.has(kept) {
                return self.spool(path, entry, wanted, &mut content);
            }
            self.settle();
            let Some(room) = self.large.room(kept) else {
                return self.spool(path, entry, wanted, &mut content);
            };
            let filled = fill(&mut content, room)?;
            let room = self.large.lend();
            self.ask(path, entry, wanted, Content::Held { room, filled });
            return Ok(());
        }
        let Some(room) = self.buffer.room(kept) else {
            return self.spool(path, entry, wanted, &mut content);
        };
        let filled = fill(&mut content, room)?;
        let bytes = room.get(..filled).unwrap_or_default();
        ask::held(self.index, &mut self.facts, path, entry, wanted, bytes);
        Ok(())
    }

    /// Gives back the room for large files when none came for long.
    fn pass(&mut self, bytes: u64) {
        let before = self.passed;
        self.passed = before.saturating_add(bytes);
        if before <= PASSING && self.passed > PASSING {
            self.settle();
            self.large.release();
        }
    }

    /// Waits for what is analyzed aside, and puts what was said of it where it belongs: in the order of the archive.
    fn settle(&mut self) {
        if let Some(room) = self
            .aside
            .as_mut()
            .and_then(|aside| aside.end(&mut self.facts))
        {
            self.large.give_back(room);
        }
    }

    /// How many of the first bytes of a file must be kept for these analyzers.
    fn kept(&self, wanted: Wanted, size: u64) -> u64 {
        wanted
            .places()
            .filter_map(|place| self.index.analyzer(place))
            .map(|analyzer| analyzer.part().of(size))
            .max()
            .unwrap_or_default()
    }

    /// Lets a file without room in memory be analyzed from a temporary file.
    fn spool(
        &mut self,
        path: &ImagePath,
        entry: &Entry,
        wanted: Wanted,
        content: &mut dyn Read,
    ) -> io::Result<()> {
        match Spool::fill(content)? {
            Ok(spool) => self.ask(path, entry, wanted, Content::Spooled(spool)),
            Err(error) => self.unspooled(path, wanted, &error),
        }
        Ok(())
    }

    fn unspooled(&mut self, path: &ImagePath, wanted: Wanted, error: &io::Error) {
        ask::unspooled(self.index, &mut self.facts, path, wanted, error);
    }

    /// Asks the analyzers: aside, while the walk goes on, or at once.
    fn ask(&mut self, path: &ImagePath, entry: &Entry, wanted: Wanted, content: Content) {
        let mut question = Question {
            path: path.clone(),
            entry: entry.clone(),
            wanted,
            content,
        };
        self.settle();
        if let Some(aside) = &mut self.aside {
            aside.begin(question, &self.facts);
            return;
        }
        question.ask(self.index, &mut self.facts);
        if let Ok(room) = question.end() {
            self.large.give_back(room);
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
        // The rights are those of the file and stand in the header of each of its names.
        let rights = by_rights(self.index, entry);
        if !rights.is_empty() {
            self.analyzed.insert(key);
            ask::held(self.index, &mut self.facts, &entry.path, entry, rights, &[]);
        }
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
        self.settle();
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

/// Who wants the entry for its rights.
fn by_rights(index: &InterestIndex, entry: &Entry) -> Wanted {
    index.by_rights(entry.mode, entry.capability.is_some())
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
        self.pass(entry.size);
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
        let kept = mine
            .iter()
            .map(|link| self.reader.kept(link.wanted, entry.size))
            .max()
            .unwrap_or_default();
        if kept > HELD_BYTES {
            for link in mine {
                let error =
                    io::Error::other("it has several names and is too large to be read for each");
                self.reader.unspooled(&link.path, link.wanted, &error);
            }
            return Ok(());
        }
        content.take(kept).read_to_end(&mut self.buffer)?;
        for link in mine {
            let mut bytes = self.buffer.as_slice();
            self.reader
                .analyze(&link.path, entry, link.wanted, &[], &mut bytes)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use plimsoll_image::tar::Traversal;
    use plimsoll_model::Effect;
    use plimsoll_model::fact::{FactBody, PackageFact};

    use super::*;
    use crate::analyzer::{Analyzer, Executables, File, Interest, Meta, Part, Sink};

    const HEAD: u64 = 10;

    /// Says how much it was given, as a package.
    fn tell(file: &mut File<'_>, sink: &mut Sink<'_>) {
        let (size, held) = (file.size, file.bytes().map(<[u8]>::len));
        let mut all = Vec::new();
        file.reader().read_to_end(&mut all).unwrap();
        let name = format!("{size} {held:?} {}", all.len());
        let package = PackageFact::new(plimsoll_model::Ecosystem::Generic, name, "");
        sink.fact(FactBody::Package(Box::new(package)));
    }

    const fn meta(id: &'static str, limit: u64) -> Meta {
        Meta {
            id,
            revision: 1,
            docs: "",
            interest: Interest {
                paths: &[],
                names: &[],
                suffixes: &[".x"],
                under: &[],
                executables: Executables::Ignored,
            },
            limit,
            loss: Effect::Gap,
        }
    }

    struct Whole;
    static WHOLE: Meta = meta("test/whole", 1 << 30);

    impl Analyzer for Whole {
        fn meta(&self) -> &'static Meta {
            &WHOLE
        }

        fn analyze(&self, file: &mut File<'_>, sink: &mut Sink<'_>) {
            tell(file, sink);
        }
    }

    struct Head;
    static FIRST: Meta = meta("test/head", u64::MAX);

    impl Analyzer for Head {
        fn meta(&self) -> &'static Meta {
            &FIRST
        }

        fn part(&self) -> Part {
            Part::Head(HEAD)
        }

        fn analyze(&self, file: &mut File<'_>, sink: &mut Sink<'_>) {
            tell(file, sink);
        }
    }

    fn entry(path: &str, kind: Kind, size: u64) -> Entry {
        Entry {
            path: ImagePath::new(path),
            kind,
            mode: 0o644,
            uid: 0,
            gid: 0,
            size,
            mtime: 0,
            capability: None,
            traversal: Traversal::None,
        }
    }

    /// What is said of a file of this size, and how many of its bytes were read.
    fn said(table: &[&'static dyn Analyzer], size: u64) -> (Vec<String>, u64) {
        let index = InterestIndex::new(table);
        let memory = Memory::default();
        let mut reader = Reader::new(&index, &memory, None);
        let mut content = io::repeat(b'.').take(size);
        let file = entry("a.x", Kind::File, size);
        reader.entry(&file, &mut content).unwrap();
        (names(reader.finish()), size - content.limit())
    }

    fn names(facts: LayerFacts) -> Vec<String> {
        assert_eq!(facts.problems, []);
        let facts = facts.facts.into_iter();
        facts
            .map(|fact| match fact.body {
                FactBody::Package(package) => package.name,
                other => panic!("{other:?}"),
            })
            .collect()
    }

    #[test]
    fn of_a_large_file_only_the_head_is_held() {
        let large = 1 << 40;
        assert_eq!(
            said(&[&Head], large),
            (vec![format!("{large} Some(10) 10")], HEAD)
        );
        assert_eq!(said(&[&Head], 3), (vec!["3 Some(3) 3".to_owned()], 3));
    }

    #[test]
    fn an_empty_file_is_in_memory_even_as_the_first_of_a_layer() {
        assert_eq!(said(&[&Whole], 0), (vec!["0 Some(0) 0".to_owned()], 0));
    }

    #[test]
    fn one_may_want_the_head_and_another_all() {
        let held = ["20 Some(10) 10", "20 Some(20) 20"].map(str::to_owned);
        assert_eq!(said(&[&Head, &Whole], 20), (held.to_vec(), 20));
        let size = HELD_BYTES + 1;
        let held = [
            format!("{size} Some(10) 10"),
            format!("{size} Some({size}) {size}"),
        ];
        assert_eq!(said(&[&Head, &Whole], size), (held.to_vec(), size));
        let size = Memory::BYTES + 1;
        let spooled = [format!("{size} None {size}"), format!("{size} Some(10) 10")];
        assert_eq!(said(&[&Whole, &Head], size), (spooled.to_vec(), size));
    }

    #[test]
    fn what_is_analyzed_aside_is_told_in_the_order_of_the_archive() {
        let index = InterestIndex::new(&[&Whole]);
        let memory = Memory::default();
        let sizes = [
            10,
            aside::LARGE,
            11,
            12,
            aside::LARGE + 1,
            Memory::BYTES + 1,
        ];
        let read = |aside: Option<Aside>, again: bool| {
            let mut reader = Reader::new(&index, &memory, aside);
            let mut show = |name: usize, size: u64| {
                let file = entry(&format!("{name}.x"), Kind::File, size);
                reader
                    .entry(&file, &mut io::repeat(b'.').take(size))
                    .unwrap();
            };
            for (name, size) in sizes.into_iter().enumerate() {
                show(name, size);
            }
            if again {
                // A later entry of the same path takes the place of one that may still be in work.
                show(7, aside::LARGE + 2);
                show(7, 13);
            }
            names(reader.finish())
        };
        let beside = |again| {
            std::thread::scope(|scope| {
                let aside = Aside::start(scope, &index);
                assert!(aside.is_some());
                read(aside, again)
            })
        };
        let alone = read(None, false);
        assert_eq!(alone.len(), sizes.len());
        assert_eq!(beside(false), alone);
        let again = beside(true);
        assert_eq!(again.len(), alone.len() + 1);
        assert_eq!(again, read(None, true));
    }

    #[test]
    fn room_goes_back_when_no_large_file_came_for_long() {
        let index = InterestIndex::new(&[&Whole]);
        let memory = Memory::default();
        let size = Memory::BYTES / 2 + 1;
        let show = |reader: &mut Reader<'_>, name: &str, size: u64| {
            let file = entry(name, Kind::File, size);
            let mut content = io::repeat(b'.').take(size);
            reader.entry(&file, &mut content).unwrap();
        };
        let mut first = Reader::new(&index, &memory, None);
        show(&mut first, "a.x", size);
        // Another layer finds no memory as long as this one may need it.
        for (passing, held) in [(PASSING, "None".to_owned()), (1, format!("Some({size})"))] {
            show(&mut first, "of no interest", passing);
            let mut second = Reader::new(&index, &memory, None);
            show(&mut second, "a.x", size);
            assert_eq!(names(second.finish()), [format!("{size} {held} {size}")]);
        }
        show(&mut first, "b.x", size);
        let held = format!("{size} Some({size}) {size}");
        assert_eq!(names(first.finish()), [held.clone(), held]);
    }

    #[test]
    fn a_large_file_with_several_names_is_read_in_its_head() {
        let large = 1 << 40;
        let index = InterestIndex::new(&[&Head]);
        let memory = Memory::default();
        let mut reader = Reader::new(&index, &memory, None);
        let target = ImagePath::new("blob");
        for name in ["a.x", "b.x"] {
            let link = entry(name, Kind::HardLink(target.clone()), 0);
            reader.entry(&link, &mut io::empty()).unwrap();
        }
        let mut content = io::repeat(b'.').take(large);
        let mut again = Again {
            reader: &mut reader,
            buffer: Vec::new(),
        };
        let file = entry("blob", Kind::File, large);
        again.entry(&file, &mut content).unwrap();
        assert_eq!(large - content.limit(), HEAD);
        let expected = format!("{large} Some(10) 10");
        assert_eq!(names(reader.finish()), [expected.clone(), expected]);
    }
}
