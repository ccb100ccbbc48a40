//! The contract between the engine and an analyzer.

use std::io::{Read, Seek};

use plimsoll_model::fact::{Fact, FactBody, PackageFact};
use plimsoll_model::{Effect, ImagePath, Problem, Stage};

/// Reads one kind of file.
///
/// An analyzer is a function of one file in one layer: its path, its mode and its bytes.
/// It has no filesystem, network, clock, environment and no other layer, so that what it says can be cached
/// under the layer's diff id.
/// What needs more than one file is a derivation after the squash.
pub trait Analyzer: Send + Sync {
    /// Who this is and which files it wants; called once when the interest index is made.
    fn meta(&self) -> &'static Meta;

    /// How much of each file it needs; asked for each file of interest.
    ///
    /// A method with an answer of its own, not a field of [`Meta`], because nearly all read whole files.
    fn part(&self) -> Part {
        Part::Whole
    }

    /// Reads one file; called once for each file of interest, on the thread that walks the layer or, if the file is
    /// large, on one beside it.
    ///
    /// It cannot fail: what cannot be read goes into the sink as a problem, beside what could be read.
    fn analyze(&self, file: &mut File<'_>, sink: &mut Sink<'_>);
}

/// Who an analyzer is.
#[derive(Debug)]
pub struct Meta {
    /// Id, a path such as `os/apk`. Ids are forever.
    pub id: &'static str,
    /// Raised whenever the same file would give other facts; part of the cache key.
    pub revision: u32,
    /// What it reads and what it says, for the documentation: one or two sentences.
    pub docs: &'static str,
    /// Which files it wants.
    pub interest: Interest,
    /// Largest file that is handed over, in bytes; a larger one becomes a problem with the effect `loss`.
    pub limit: u64,
    /// What it means for the answer when a file of interest cannot be read.
    pub loss: Effect,
}

/// Which files an analyzer wants, as data; a file is of interest when any part of it says so.
#[derive(Debug, Default)]
pub struct Interest {
    /// Whole paths: `lib/apk/db/installed`.
    pub paths: &'static [&'static str],
    /// Last parts of paths: `METADATA` is too broad, `package.json` is not.
    pub names: &'static [&'static str],
    /// Ends of the last part, lower case, compared without case: `.jar`.
    pub suffixes: &'static [&'static str],
    /// A folder and an end below it: `("var/lib/dpkg/status.d/", "")`, `("", ".dist-info/METADATA")`.
    /// An empty folder means anywhere, and `**/conda-meta/` a folder of that name anywhere. Without the last
    /// separator, as in `("**/vmlinuz-", "")`, it is no folder but how the last part of a path begins.
    pub under: &'static [(&'static str, &'static str)],
    /// Whether programs and shared libraries are wanted: files that begin with the ELF magic.
    pub executables: Executables,
}

/// Whether an analyzer wants programs.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub enum Executables {
    /// No.
    #[default]
    Ignored,
    /// Every regular file that begins with `\x7fELF`, whatever its mode, as libraries have none.
    Elf,
    /// Every regular file that begins with `#!`, whatever its mode.
    Script,
    /// Every regular file with the set-user-id or set-group-id bit, or with file capabilities, whatever it contains;
    /// further names of it too. Such an analyzer gets no content: its [`Part`] is a head of no bytes.
    Privileged,
}

/// How much of a file an analyzer needs.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// All of it.
    #[default]
    Whole,
    /// Its first bytes, at most so many and at most [`HELD_BYTES`]; they are always in memory.
    ///
    /// The rest streams past: a file of any size up to [`Meta::limit`] is neither held nor spooled for this
    /// analyzer. [`File::size`] still tells the size of the whole file.
    Head(u64),
}

impl Part {
    /// How many bytes of a file of this size that is.
    #[must_use]
    pub fn of(self, size: u64) -> u64 {
        match self {
            Self::Whole => size,
            Self::Head(most) => size.min(most).min(HELD_BYTES),
        }
    }
}

/// Something that can be read from any position.
pub trait ReadSeek: Read + Seek + Send {}

impl<T: Read + Seek + Send> ReadSeek for T {}

/// One file of a layer.
pub struct File<'a> {
    /// Its path.
    pub path: &'a ImagePath,
    /// Its permission bits, with setuid, setgid and sticky.
    pub mode: u32,
    /// Its size in bytes, even where only its head is handed over.
    pub size: u64,
    /// Whose it is, and what it may do.
    pub rights: Rights<'a>,
    /// Its content.
    content: Content<'a>,
}

/// Whose a file is, and what it may do besides.
#[derive(Debug, Clone, Copy, Default)]
pub struct Rights<'a> {
    /// Owner.
    pub uid: u64,
    /// Group.
    pub gid: u64,
    /// File capabilities, as the extended attribute `security.capability` keeps them.
    pub capability: Option<&'a [u8]>,
}

impl std::fmt::Debug for File<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("File")
            .field("path", &self.path)
            .field("size", &self.size)
            .finish_non_exhaustive()
    }
}

/// Where the bytes of a file are kept while an analyzer reads them.
enum Content<'a> {
    /// In memory.
    Held(&'a [u8]),
    /// In a temporary file, because there are too many for memory.
    Spooled(&'a mut dyn ReadSeek),
}

/// Files up to this size are handed over in memory; larger ones are read from a temporary file.
pub const HELD_BYTES: u64 = 16 << 20;

impl<'a> File<'a> {
    /// A file whose bytes are in memory.
    #[must_use]
    pub fn held(path: &'a ImagePath, mode: u32, bytes: &'a [u8]) -> Self {
        Self {
            path,
            mode,
            size: bytes.len() as u64,
            rights: Rights::default(),
            content: Content::Held(bytes),
        }
    }

    /// A file of `size` bytes of which the first ones are in memory and the others have streamed past.
    #[must_use]
    pub fn head(path: &'a ImagePath, mode: u32, size: u64, bytes: &'a [u8]) -> Self {
        Self {
            size,
            ..Self::held(path, mode, bytes)
        }
    }

    /// A file whose bytes are elsewhere.
    #[must_use]
    pub fn spooled(
        path: &'a ImagePath,
        mode: u32,
        size: u64,
        content: &'a mut dyn ReadSeek,
    ) -> Self {
        Self {
            path,
            mode,
            size,
            rights: Rights::default(),
            content: Content::Spooled(content),
        }
    }

    /// The same file with its owner and capabilities; without them it is root's and has none.
    #[must_use]
    pub fn with_rights(self, rights: Rights<'a>) -> Self {
        Self { rights, ..self }
    }

    /// All bytes, if they are in memory: always so up to [`HELD_BYTES`], and for the head of a file.
    /// An analyzer with a higher limit uses [`File::reader`].
    #[must_use]
    pub fn bytes(&self) -> Option<&'a [u8]> {
        match &self.content {
            Content::Held(bytes) => Some(bytes),
            Content::Spooled(_) => None,
        }
    }

    /// The bytes from any position, wherever they are.
    pub fn reader(&mut self) -> Box<dyn ReadSeek + '_> {
        match &mut self.content {
            Content::Held(bytes) => Box::new(std::io::Cursor::new(*bytes)),
            Content::Spooled(reader) => Box::new(reader),
        }
    }
}

/// Takes what an analyzer says about one file and stamps it with path and analyzer.
#[derive(Debug)]
pub struct Sink<'a> {
    path: &'a ImagePath,
    meta: &'static Meta,
    facts: &'a mut Vec<Fact>,
    problems: &'a mut Vec<Problem>,
}

impl<'a> Sink<'a> {
    /// A sink for what `meta`'s analyzer says about the file at `path`.
    pub fn new(
        path: &'a ImagePath,
        meta: &'static Meta,
        facts: &'a mut Vec<Fact>,
        problems: &'a mut Vec<Problem>,
    ) -> Self {
        Self {
            path,
            meta,
            facts,
            problems,
        }
    }

    /// States a fact.
    pub fn fact(&mut self, body: FactBody) {
        self.facts.push(Fact {
            path: self.path.clone(),
            analyzer: self.meta.id.to_owned(),
            body,
        });
    }

    /// States that a package is here.
    pub fn package(&mut self, package: PackageFact) {
        self.fact(FactBody::Package(Box::new(package)));
    }

    /// Says that the file, or a part of it, cannot be read; the effect is the analyzer's `loss`.
    pub fn unreadable(&mut self, reason: impl Into<String>) {
        self.problem(self.meta.loss, reason);
    }

    /// Says that something is odd.
    pub fn problem(&mut self, effect: Effect, reason: impl Into<String>) {
        self.problems.push(Problem {
            effect,
            stage: Stage::Analyze,
            subject: self.path.as_str().to_owned(),
            reason: reason.into(),
        });
    }
}
