//! A root filesystem directory, taken as an image with one layer.
//!
//! It has no digests, no history and no configuration. Links are told and not followed; sockets, devices and
//! pipes are told and never opened; other filesystems that are mounted inside are left out, with a note.
//! File capabilities are not read. The tree must not be changed by others while it is walked.

use std::fs::{self, File, Metadata};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use plimsoll_model::image::{ImageConfig, LayerInfo, Platform, SourceKind, Subject};
use plimsoll_model::{ImagePath, Problem, Stage};

use crate::error::ImageError;
use crate::platform;
use crate::source::{Image, ImageSource, Layer, Visitor};
use crate::tar::{Entry, Kind, Traversal, WalkLimits};

/// A root filesystem directory.
#[derive(Debug, Clone)]
pub struct DirSource {
    requested: String,
    path: PathBuf,
}

impl DirSource {
    /// The directory `path`; `requested` is the argument as it was typed.
    #[must_use]
    pub fn new(requested: impl Into<String>, path: impl Into<PathBuf>) -> Self {
        Self {
            requested: requested.into(),
            path: path.into(),
        }
    }
}

impl ImageSource for DirSource {
    fn open(&self, platform: Option<&Platform>) -> Result<Image, ImageError> {
        let object = || format!("`{}`", self.path.display());
        let io = |error| ImageError::io(object(), error);
        if !fs::metadata(&self.path).map_err(io)?.is_dir() {
            return Err(ImageError::malformed(object(), "it is not a directory"));
        }
        // A root that cannot be listed is an error; deeper folders become problems.
        fs::read_dir(&self.path).map_err(io)?;
        // A directory does not say what it was made for.
        let platform = platform.cloned().unwrap_or_else(platform::host);
        let info = LayerInfo {
            digest: None,
            diff_id: None,
            compressed_size: None,
            size: None,
            media_type: String::new(),
            entries: 0,
            created_by: None,
        };
        let tree = Tree {
            root: self.path.clone(),
        };
        Ok(Image {
            subject: Subject {
                requested: self.requested.clone(),
                source: SourceKind::Dir,
                repository: None,
                tag: None,
                pinned: None,
                manifest_digest: None,
                index_digest: None,
                image_id: None,
                platforms: vec![platform.clone()],
                platform,
                annotations: std::collections::BTreeMap::new(),
            },
            config: ImageConfig::default(),
            raw_config: Vec::new(),
            raw_manifest: None,
            layers: vec![Layer::directory(info, tree)],
            problems: Vec::new(),
        })
    }
}

/// The tree below a directory.
#[derive(Debug)]
pub(crate) struct Tree {
    root: PathBuf,
}

impl Tree {
    /// How errors call it.
    pub(crate) fn describe(&self) -> String {
        format!("`{}`", self.root.display())
    }

    /// Shows every entry, a folder before what is in it, and what is in it by name. Gives the number of
    /// entries.
    pub(crate) fn walk(
        &self,
        limits: &WalkLimits,
        visitor: &mut dyn Visitor,
    ) -> Result<(u64, Vec<Problem>), ImageError> {
        let root =
            fs::metadata(&self.root).map_err(|error| ImageError::io(self.describe(), error))?;
        let mut walk = TreeWalk {
            tree: self,
            device: device(&root),
            limits,
            entries: 0,
            waiting: Vec::new(),
            problems: Vec::new(),
        };
        walk.list(&self.root, &ImagePath::new(""));
        while let Some((path, image_path)) = walk.waiting.pop() {
            walk.visit(&path, &image_path, visitor)?;
        }
        Ok((walk.entries, walk.problems))
    }
}

struct TreeWalk<'a> {
    tree: &'a Tree,
    device: u64,
    limits: &'a WalkLimits,
    entries: u64,
    /// What is to be visited, the next at the end.
    waiting: Vec<(PathBuf, ImagePath)>,
    problems: Vec<Problem>,
}

impl TreeWalk<'_> {
    /// Puts what is in a folder in front of what waits.
    fn list(&mut self, folder: &Path, image_path: &ImagePath) {
        let start = self.waiting.len();
        let listed = fs::read_dir(folder).and_then(|entries| {
            for entry in entries {
                let entry = entry?;
                let name = ImagePath::from_bytes(entry.file_name().as_encoded_bytes());
                self.waiting
                    .push((entry.path(), image_path.join(name.as_str())));
            }
            Ok(())
        });
        if let Err(error) = listed {
            // Anything may be in it, a package database for one.
            let reason = format!("the folder cannot be listed: {error}");
            self.problems
                .push(Problem::blind(Stage::Layer, shown(image_path), reason));
        }
        if let Some(new) = self.waiting.get_mut(start..) {
            new.sort_by(|a, b| b.1.cmp(&a.1));
        }
    }

    fn visit(
        &mut self,
        path: &Path,
        image_path: &ImagePath,
        visitor: &mut dyn Visitor,
    ) -> Result<(), ImageError> {
        self.entries = self.entries.saturating_add(1);
        if self.entries > self.limits.entries {
            let reason = format!("it has more than {} entries", self.limits.entries);
            return Err(ImageError::over_limit(self.tree.describe(), reason));
        }
        let length = image_path.as_str().len();
        if length > self.limits.path {
            let reason = format!(
                "it has a path of {length} bytes, more than {}",
                self.limits.path
            );
            return Err(ImageError::over_limit(self.tree.describe(), reason));
        }
        let metadata = match fs::symlink_metadata(path) {
            Ok(metadata) => metadata,
            Err(error) => {
                self.gap(image_path, &error);
                return Ok(());
            }
        };
        let Some(kind) = self.kind(path, image_path, &metadata) else {
            return Ok(());
        };
        let is_directory = kind == Kind::Directory;
        if is_directory && device(&metadata) != self.device {
            let reason = "another filesystem is mounted here; it was left out";
            self.problems
                .push(Problem::note(Stage::Layer, shown(image_path), reason));
            return Ok(());
        }
        let entry = entry(image_path.clone(), kind, &metadata);
        let mut content = LazyFile::new(path, &entry, &metadata);
        let answer = visitor.entry(&entry, &mut content);
        match (content.failed, answer) {
            (Some(error), _) => self.gap(image_path, &error),
            (None, Err(error)) => return Err(ImageError::io(self.tree.describe(), error)),
            (None, Ok(())) => {}
        }
        if is_directory {
            self.list(path, image_path);
        }
        Ok(())
    }

    fn kind(&mut self, path: &Path, image_path: &ImagePath, metadata: &Metadata) -> Option<Kind> {
        let file_type = metadata.file_type();
        if file_type.is_file() {
            return Some(Kind::File);
        }
        if file_type.is_dir() {
            return Some(Kind::Directory);
        }
        if !file_type.is_symlink() {
            return Some(special(file_type));
        }
        match fs::read_link(path) {
            Ok(target) => Some(Kind::Symlink(link_text(&target))),
            Err(error) => {
                self.gap(image_path, &error);
                None
            }
        }
    }

    fn gap(&mut self, path: &ImagePath, error: &io::Error) {
        let reason = format!("it cannot be read: {error}");
        self.problems
            .push(Problem::gap(Stage::Layer, shown(path), reason));
    }
}

/// A target as [`Kind::Symlink`] has it: its parts in the text form of [`ImagePath`], dots and slashes as they are.
fn link_text(target: &Path) -> String {
    let part = |part: &[u8]| match part {
        b"." => ".".to_owned(),
        b".." => "..".to_owned(),
        other => ImagePath::from_bytes(other).as_str().to_owned(),
    };
    let bytes = target.as_os_str().as_encoded_bytes();
    let parts: Vec<String> = bytes.split(|byte| *byte == b'/').map(part).collect();
    parts.join("/")
}

fn shown(path: &ImagePath) -> &str {
    if path.as_str().is_empty() {
        "/"
    } else {
        path.as_str()
    }
}

/// A file that is opened when it is first read, since most files are not.
struct LazyFile<'a> {
    path: &'a Path,
    /// What the entry said; a file that is not the same any more is not read.
    identity: (u64, u64),
    left: u64,
    file: Option<File>,
    failed: Option<io::Error>,
}

impl<'a> LazyFile<'a> {
    fn new(path: &'a Path, entry: &Entry, metadata: &Metadata) -> Self {
        Self {
            path,
            identity: identity(metadata),
            left: if entry.kind == Kind::File {
                entry.size
            } else {
                0
            },
            file: None,
            failed: None,
        }
    }

    fn read_some(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let file = if let Some(file) = &mut self.file {
            file
        } else {
            let file = File::open(self.path)?;
            if identity(&file.metadata()?) != self.identity {
                return Err(io::Error::other("it was exchanged while it was read"));
            }
            self.file.insert(file)
        };
        let count = file.read(to)?;
        if count == 0 {
            return Err(io::Error::new(
                io::ErrorKind::UnexpectedEof,
                "it became shorter while it was read",
            ));
        }
        Ok(count)
    }
}

impl Read for LazyFile<'_> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let wanted = usize::try_from(self.left)
            .unwrap_or(usize::MAX)
            .min(to.len());
        if wanted == 0 {
            return Ok(0);
        }
        match self.read_some(to.get_mut(..wanted).unwrap_or_default()) {
            Ok(count) => {
                self.left = self.left.saturating_sub(count as u64);
                Ok(count)
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => Err(error),
            Err(error) => {
                self.failed = Some(io::Error::new(error.kind(), error.to_string()));
                Err(error)
            }
        }
    }
}

#[cfg(unix)]
mod system {
    use std::os::unix::fs::{FileTypeExt, MetadataExt};

    use super::{Entry, ImagePath, Kind, Metadata, Traversal};

    pub(super) fn entry(path: ImagePath, kind: Kind, metadata: &Metadata) -> Entry {
        Entry {
            path,
            size: if kind == Kind::File {
                metadata.size()
            } else {
                0
            },
            kind,
            mode: metadata.mode() & 0o7777,
            uid: metadata.uid().into(),
            gid: metadata.gid().into(),
            mtime: metadata.mtime(),
            capability: None,
            traversal: Traversal::None,
        }
    }

    pub(super) fn device(metadata: &Metadata) -> u64 {
        metadata.dev()
    }

    pub(super) fn identity(metadata: &Metadata) -> (u64, u64) {
        (metadata.dev(), metadata.ino())
    }

    pub(super) fn special(file_type: std::fs::FileType) -> Kind {
        if file_type.is_char_device() {
            Kind::CharDevice
        } else if file_type.is_block_device() {
            Kind::BlockDevice
        } else if file_type.is_fifo() {
            Kind::Fifo
        } else {
            // A socket; tar has no letter for it.
            Kind::Other(b's')
        }
    }
}

#[cfg(not(unix))]
mod system {
    use super::{Entry, ImagePath, Kind, Metadata, Traversal};

    pub(super) fn entry(path: ImagePath, kind: Kind, metadata: &Metadata) -> Entry {
        Entry {
            path,
            size: if kind == Kind::File {
                metadata.len()
            } else {
                0
            },
            mode: if kind == Kind::Directory {
                0o755
            } else {
                0o644
            },
            kind,
            uid: 0,
            gid: 0,
            mtime: 0,
            capability: None,
            traversal: Traversal::None,
        }
    }

    pub(super) fn device(_: &Metadata) -> u64 {
        0
    }

    pub(super) fn identity(_: &Metadata) -> (u64, u64) {
        (0, 0)
    }

    pub(super) fn special(_: std::fs::FileType) -> Kind {
        Kind::Other(b's')
    }
}

use system::{device, entry, identity, special};
