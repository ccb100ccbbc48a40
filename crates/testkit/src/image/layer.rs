//! A layer as text.

use std::io::Write as _;

use plimsoll_model::Digest;

/// How a layer is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compression {
    /// As a plain tar.
    None,
    /// With gzip.
    Gzip,
    /// With zstd.
    Zstd,
}

/// A layer: the bytes of its tar, and how they are stored.
#[derive(Debug, Clone)]
pub struct Layer {
    tar: Vec<u8>,
    compression: Compression,
    media_type: Option<String>,
}

impl From<&str> for Layer {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl Layer {
    /// The layer that a text describes, see [`super`].
    ///
    /// # Panics
    /// If a line cannot be understood.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let mut builder = tar::Builder::new(Vec::new());
        for line in text.lines().map(str::trim) {
            if !line.is_empty() && !line.starts_with('#') {
                Line::parse(line).append(&mut builder);
            }
        }
        Self::of_tar(builder.into_inner().expect("memory can be written"))
    }

    /// A layer with one file of any bytes.
    ///
    /// # Panics
    /// If the path is too long for a tar.
    #[must_use]
    pub fn of_files(files: &[(&str, u32, &[u8])]) -> Self {
        let mut builder = tar::Builder::new(Vec::new());
        for (path, mode, bytes) in files {
            let mut line = Line::file(path);
            line.mode = *mode;
            line.content = bytes.to_vec();
            line.append(&mut builder);
        }
        Self::of_tar(builder.into_inner().expect("memory can be written"))
    }

    /// The layer with these bytes as its content, a tar or not.
    #[must_use]
    pub fn of_tar(tar: Vec<u8>) -> Self {
        Self {
            tar,
            compression: Compression::Gzip,
            media_type: None,
        }
    }

    /// The same layer, stored in another way; layers are stored with gzip unless told.
    #[must_use]
    pub fn stored(mut self, compression: Compression) -> Self {
        self.compression = compression;
        self
    }

    /// The same layer with a media type that is not its own.
    #[must_use]
    pub fn called(mut self, media_type: &str) -> Self {
        self.media_type = Some(media_type.to_owned());
        self
    }

    /// The media type in OCI manifests.
    #[must_use]
    pub fn media_type(&self) -> String {
        let own = match self.compression {
            Compression::None => "application/vnd.oci.image.layer.v1.tar",
            Compression::Gzip => "application/vnd.oci.image.layer.v1.tar+gzip",
            Compression::Zstd => "application/vnd.oci.image.layer.v1.tar+zstd",
        };
        self.media_type.clone().unwrap_or_else(|| own.to_owned())
    }

    /// The bytes of the tar.
    #[must_use]
    pub fn tar(&self) -> &[u8] {
        &self.tar
    }

    /// The digest of the tar.
    #[must_use]
    pub fn diff_id(&self) -> Digest {
        Digest::of(&self.tar)
    }

    /// The bytes as stored.
    #[must_use]
    pub fn blob(&self) -> Vec<u8> {
        compress(&self.tar, self.compression)
    }
}

/// Compresses bytes, the same way every time.
///
/// # Panics
/// Never: memory can be written.
#[must_use]
pub fn compress(bytes: &[u8], compression: Compression) -> Vec<u8> {
    match compression {
        Compression::None => bytes.to_vec(),
        Compression::Gzip => {
            let mut encoder =
                flate2::GzBuilder::new().write(Vec::new(), flate2::Compression::default());
            encoder.write_all(bytes).expect("memory can be written");
            encoder.finish().expect("memory can be written")
        }
        Compression::Zstd => zstd::encode_all(bytes, 3).expect("memory can be written"),
    }
}

/// One line of the text.
struct Line {
    path: String,
    kind: tar::EntryType,
    mode: u32,
    owner: (u64, u64),
    link: String,
    content: Vec<u8>,
}

impl Line {
    fn file(path: &str) -> Self {
        Self {
            path: path.to_owned(),
            kind: tar::EntryType::Regular,
            mode: 0o644,
            owner: (0, 0),
            link: String::new(),
            content: Vec::new(),
        }
    }

    fn parse(line: &str) -> Self {
        if let Some(path) = line.strip_prefix('~') {
            let (parent, name) = path.rsplit_once('/').unwrap_or(("", path));
            let slash = if parent.is_empty() { "" } else { "/" };
            return Self::file(&format!("{parent}{slash}.wh.{name}"));
        }
        if let Some(path) = line.strip_prefix('!') {
            return Self::file(&format!("{path}/.wh..wh..opq"));
        }
        for (arrow, kind) in [
            (" -> ", tar::EntryType::Symlink),
            (" => ", tar::EntryType::Link),
        ] {
            if let Some((path, target)) = line.split_once(arrow) {
                return Self {
                    kind,
                    mode: 0o777,
                    link: target.trim().to_owned(),
                    ..Self::file(path.trim())
                };
            }
        }
        let (head, content) = match line.split_once(" = ") {
            Some((head, literal)) => (head, unquote(literal.trim())),
            None => (line, Vec::new()),
        };
        let mut words = head.split_whitespace();
        let path = words.next().expect("a line has a path");
        let mut parsed = Self::file(path);
        if path.ends_with('/') {
            parsed.kind = tar::EntryType::Directory;
            parsed.mode = 0o755;
        }
        parsed.content = content;
        for word in words {
            if let Some((user, group)) = word.split_once(':') {
                parsed.owner = (
                    user.parse().expect("a user id is a number"),
                    group.parse().expect("a group id is a number"),
                );
            } else {
                parsed.mode = u32::from_str_radix(word, 8).expect("a mode is octal");
            }
        }
        parsed
    }

    fn append(&self, builder: &mut tar::Builder<Vec<u8>>) {
        let mut header = tar::Header::new_gnu();
        header.set_entry_type(self.kind);
        header.set_mode(self.mode);
        header.set_uid(self.owner.0);
        header.set_gid(self.owner.1);
        header.set_mtime(0);
        header.set_size(self.content.len() as u64);
        // The setters of the library refuse `..` and absolute paths, which are wanted here.
        let name = self.path.as_bytes();
        if name.len() <= 100 {
            set(&mut header.as_old_mut().name, name);
            set(&mut header.as_old_mut().linkname, self.link.as_bytes());
            header.set_cksum();
            builder
                .append(&header, self.content.as_slice())
                .expect("memory can be written");
        } else {
            builder
                .append_data(&mut header, &self.path, self.content.as_slice())
                .expect("the path fits");
        }
    }
}

fn set(field: &mut [u8], bytes: &[u8]) {
    field[..bytes.len()].copy_from_slice(bytes);
}

/// The bytes of a string literal with the escapes `\n`, `\t`, `\0`, `\\`, `\"` and `\xNN`.
fn unquote(literal: &str) -> Vec<u8> {
    let inner = literal
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'))
        .expect("a content is in quotes");
    let mut bytes = Vec::new();
    let mut chars = inner.chars();
    while let Some(char) = chars.next() {
        if char != '\\' {
            bytes.extend_from_slice(char.encode_utf8(&mut [0; 4]).as_bytes());
            continue;
        }
        match chars.next() {
            Some('n') => bytes.push(b'\n'),
            Some('t') => bytes.push(b'\t'),
            Some('0') => bytes.push(0),
            Some('x') => {
                let digits: String = chars.by_ref().take(2).collect();
                bytes.push(u8::from_str_radix(&digits, 16).expect("two hexadecimal digits"));
            }
            Some(other @ ('\\' | '"')) => bytes.push(other as u8),
            other => panic!("unknown escape {other:?}"),
        }
    }
    bytes
}
