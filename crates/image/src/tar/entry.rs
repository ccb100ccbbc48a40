//! What the walk says about an entry.

use plimsoll_model::ImagePath;

use super::header::Header;
use super::pax::Pax;

/// One entry of an archive, without its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Where it is; empty for the root itself.
    pub path: ImagePath,
    /// What it is.
    pub kind: Kind,
    /// Permissions with the set-user-id, set-group-id and sticky bits: the lowest twelve bits.
    pub mode: u32,
    /// Owner.
    pub uid: u64,
    /// Group.
    pub gid: u64,
    /// Bytes of content, holes included. Zero for whatever has no content.
    pub size: u64,
    /// Time of the last change, in seconds since 1970.
    pub mtime: i64,
    /// File capabilities, as the extended attribute `security.capability` keeps them.
    pub capability: Option<Box<[u8]>>,
    /// Whether the path, or the target of a hard link, had `..` in it.
    pub traversal: Traversal,
}

/// What an entry is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// A regular file.
    File,
    /// A directory.
    Directory,
    /// A symbolic link, and its target as written, in the text form of [`ImagePath`] but not normalised.
    Symlink(String),
    /// A further name of the file at this path.
    HardLink(ImagePath),
    /// A character device.
    CharDevice,
    /// A block device.
    BlockDevice,
    /// A named pipe.
    Fifo,
    /// A type that no container runtime unpacks; its content, if it has any, can be read.
    Other(u8),
}

impl Kind {
    /// Whether content is stored for it. Go's `archive/tar` has the same list.
    pub(super) fn has_content(&self) -> bool {
        matches!(self, Self::File | Self::Other(_))
    }
}

/// Whether a path climbs with `..`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Traversal {
    /// It does not.
    None,
    /// It does, and stays inside the root.
    Inside,
    /// It would leave the root; here, as in a container runtime, it stops there.
    Outside,
}

/// An entry whose names are still bytes.
pub(super) struct Raw<'a> {
    pub(super) path: Vec<u8>,
    pub(super) link: Vec<u8>,
    header: &'a Header<'a>,
    entry: Entry,
}

/// Joins what the headers say.
pub(super) fn assemble<'a>(
    header: &'a Header<'a>,
    long_name: Option<Vec<u8>>,
    long_link: Option<Vec<u8>>,
    pax: &Pax,
) -> Raw<'a> {
    let from_header = || {
        let mut path = Vec::with_capacity(256);
        path.extend_from_slice(header.prefix);
        if !header.prefix.is_empty() {
            path.push(b'/');
        }
        path.extend_from_slice(header.name);
        path
    };
    let from_pax = || pax.sparse.name.clone().or_else(|| pax.path.clone());
    Raw {
        path: long_name
            .filter(|name| !name.is_empty())
            .or_else(from_pax)
            .unwrap_or_else(from_header),
        link: long_link
            .filter(|name| !name.is_empty())
            .or_else(|| pax.link.clone())
            .unwrap_or_else(|| header.link.to_vec()),
        entry: Entry {
            path: ImagePath::new(""),
            kind: Kind::File,
            mode: header.mode,
            uid: pax.uid.unwrap_or(header.uid),
            gid: pax.gid.unwrap_or(header.gid),
            size: 0,
            mtime: pax.mtime.unwrap_or(header.mtime),
            capability: pax.capability.clone().map(Vec::into_boxed_slice),
            traversal: Traversal::None,
        },
        header,
    }
}

impl Raw<'_> {
    /// Turns names into paths, and the type flag into a kind.
    pub(super) fn finish(self) -> Entry {
        let Self {
            path: raw_path,
            link: raw_link,
            header,
            mut entry,
        } = self;
        let mut traversal = traversal(&raw_path);
        entry.kind = match header.type_flag {
            // V7 had no directories but by the name.
            0 if raw_path.ends_with(b"/") => Kind::Directory,
            0 | b'0' | b'7' | b'S' => Kind::File,
            b'1' => {
                traversal = traversal.max(self::traversal(&raw_link));
                Kind::HardLink(path(&raw_link))
            }
            b'2' => Kind::Symlink(target(&raw_link)),
            b'3' => Kind::CharDevice,
            b'4' => Kind::BlockDevice,
            b'5' => Kind::Directory,
            b'6' => Kind::Fifo,
            other => Kind::Other(other),
        };
        entry.path = path(&raw_path);
        entry.traversal = traversal;
        entry
    }
}

/// The normal form. What almost every path has too much (`./` and a slash at the end) goes first, since the
/// general way costs more.
fn path(mut raw: &[u8]) -> ImagePath {
    while let Some(rest) = raw.strip_prefix(b"./").or_else(|| raw.strip_prefix(b"/")) {
        raw = rest;
    }
    while let Some(rest) = raw.strip_suffix(b"/") {
        raw = rest;
    }
    ImagePath::from_bytes(raw)
}

/// The text of a symbolic link's target: each part as [`ImagePath`] writes it, the slashes and dots as they are.
fn target(raw: &[u8]) -> String {
    if let Ok(text) = std::str::from_utf8(raw)
        && !text.contains("\\x")
    {
        return text.to_owned();
    }
    let parts = raw.split(|&byte| byte == b'/').map(|part| match part {
        b"." => ".".to_owned(),
        b".." => "..".to_owned(),
        part => ImagePath::from_bytes(part).as_str().to_owned(),
    });
    parts.collect::<Vec<_>>().join("/")
}

fn traversal(raw: &[u8]) -> Traversal {
    if !raw.windows(2).any(|pair| pair == b"..") {
        return Traversal::None;
    }
    let mut depth = 0u64;
    let mut found = Traversal::None;
    for part in raw.split(|&byte| byte == b'/') {
        match part {
            b"" | b"." => {}
            b".." if depth == 0 => return Traversal::Outside,
            b".." => {
                depth = depth.saturating_sub(1);
                found = Traversal::Inside;
            }
            _ => depth = depth.saturating_add(1),
        }
    }
    found
}
