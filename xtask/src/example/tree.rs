//! The files of one layer, and packing them always in the same way.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Read as _, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use tar::{Archive, Builder, EntryType, Header};

use crate::process::Shown;

/// The time of every file: 2022-03-01, the image's date.
pub(super) const TIME: u64 = 1_646_092_800;

#[derive(Debug, Clone)]
enum Node {
    Folder,
    File(Vec<u8>),
    Link(String),
}

#[derive(Debug, Clone)]
struct Entry {
    mode: u32,
    node: Node,
}

/// Files by their path from the root, without a slash in front.
#[derive(Debug, Default)]
pub(super) struct Tree(BTreeMap<String, Entry>);

impl Tree {
    /// Adds a file and the folders that it needs.
    pub(super) fn file(&mut self, path: &str, mode: u32, content: impl Into<Vec<u8>>) {
        let node = Node::File(content.into());
        self.put(path, Entry { mode, node });
    }

    /// Adds a folder, for a mode other than the usual one.
    pub(super) fn folder(&mut self, path: &str, mode: u32) {
        let node = Node::Folder;
        self.put(path, Entry { mode, node });
    }

    /// The content of a file.
    pub(super) fn read(&self, path: &str) -> Result<&[u8]> {
        match self.0.get(path).map(|entry| &entry.node) {
            Some(Node::File(content)) => Ok(content),
            _ => bail!("the layer holds no file `{path}`"),
        }
    }

    /// Adds what a tar archive holds, each path as `place` says, or not at all.
    ///
    /// A hard link becomes a file of its own; there are few, and small ones.
    pub(super) fn unpack(
        &mut self,
        archive: &[u8],
        place: impl Fn(&str) -> Option<String>,
    ) -> Result<()> {
        let mut archive = Archive::new(archive);
        for entry in archive.entries().context("cannot list the archive")? {
            let mut entry = entry.context("cannot read an entry of the archive")?;
            let bytes = entry.path_bytes().into_owned();
            let name = String::from_utf8(bytes).context("a path is not UTF-8")?;
            let name = plain(&name);
            let Some(path) = place(name).filter(|path| !path.is_empty()) else {
                continue;
            };
            let mode = entry.header().mode()? & 0o7777;
            let target = match entry.link_name_bytes() {
                Some(bytes) => String::from_utf8(bytes.into_owned())?,
                None => String::new(),
            };
            let node = match entry.header().entry_type() {
                EntryType::Directory => Node::Folder,
                EntryType::Symlink => Node::Link(target),
                EntryType::Link => {
                    let known = place(plain(&target)).and_then(|target| self.0.get(&target));
                    let known = known.with_context(|| format!("`{path}` links to nothing"))?;
                    known.node.clone()
                }
                EntryType::Regular => {
                    let mut content = Vec::new();
                    entry
                        .read_to_end(&mut content)
                        .with_context(|| format!("cannot read `{name}`"))?;
                    Node::File(content)
                }
                // Remarks of pax; the tar crate has applied what matters of them.
                EntryType::XHeader | EntryType::XGlobalHeader => continue,
                other => bail!("`{name}` is a {other:?}, which has no place here"),
            };
            self.put(&path, Entry { mode, node });
        }
        Ok(())
    }

    /// Adds the files below a folder of this machine, all with the usual mode.
    pub(super) fn copy(&mut self, from: &Path, to: &str) -> Result<()> {
        let list = || format!("cannot list `{}`", from.display());
        for entry in fs::read_dir(from).with_context(list)? {
            let entry = entry.with_context(list)?;
            let path = entry.path();
            let name = entry.file_name();
            let name = name.to_str().context("a file's name is not UTF-8")?;
            let to = format!("{to}/{name}");
            if path.is_dir() {
                self.copy(&path, &to)?;
            } else {
                let content =
                    fs::read(&path).with_context(|| format!("cannot read `{}`", path.display()))?;
                self.file(&to, 0o644, content);
            }
        }
        Ok(())
    }

    /// The tar archive of the tree: sorted, one owner, one time.
    pub(super) fn pack(&self) -> Result<Vec<u8>> {
        let mut archive = Builder::new(Vec::new());
        for (path, Entry { mode, node }) in &self.0 {
            let mut header = Header::new_gnu();
            header.set_mode(*mode);
            header.set_uid(0);
            header.set_gid(0);
            header.set_mtime(TIME);
            header.set_size(0);
            let outcome = match node {
                Node::Folder => {
                    header.set_entry_type(EntryType::Directory);
                    archive.append_data(&mut header, format!("{path}/"), &[][..])
                }
                Node::File(content) => {
                    header.set_entry_type(EntryType::Regular);
                    header.set_size(content.len() as u64);
                    archive.append_data(&mut header, path, content.as_slice())
                }
                Node::Link(target) => {
                    header.set_entry_type(EntryType::Symlink);
                    archive.append_link(&mut header, path, target)
                }
            };
            outcome.with_context(|| format!("cannot pack `{path}`"))?;
        }
        archive.into_inner().context("cannot end an archive")
    }

    fn put(&mut self, path: &str, entry: Entry) {
        for (slash, _) in path.match_indices('/') {
            let folder = path[..slash].to_owned();
            self.0.entry(folder).or_insert(Entry {
                mode: 0o755,
                node: Node::Folder,
            });
        }
        self.0.insert(path.to_owned(), entry);
    }
}

/// A path of an archive without `./` in front and `/` behind.
fn plain(path: &str) -> &str {
    let path = path.strip_prefix("./").unwrap_or(path);
    let path = path.strip_suffix('/').unwrap_or(path);
    if path == "." { "" } else { path }
}

/// Compresses with the `gzip` program.
///
/// Its bytes have been the same for decades; those of a library may change with its version and
/// with what the processor can do.
pub(super) fn gzip(content: &[u8], cache: &Path) -> Result<Vec<u8>> {
    let file = cache.join("layer.tar");
    fs::File::create(&file)
        .and_then(|mut file| file.write_all(content))
        .with_context(|| format!("cannot write `{}`", file.display()))?;
    output(
        Command::new("gzip")
            .args(["-n", "-9", "-c"])
            .arg(&file)
            .env_remove("GZIP"),
    )
}

/// The bytes that a command prints.
pub(super) fn output(command: &mut Command) -> Result<Vec<u8>> {
    let output = command
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| format!("cannot start `{}`", Shown(command)))?;
    if !output.status.success() {
        bail!("`{}` ended with {}", Shown(command), output.status);
    }
    Ok(output.stdout)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packing_sorts_and_adds_the_folders() {
        let mut tree = Tree::default();
        tree.file("b/c/d", 0o644, "text");
        tree.file("a", 0o600, "text");
        tree.folder("b", 0o700);
        let packed = tree.pack().unwrap();
        let mut archive = Archive::new(packed.as_slice());
        let seen: Vec<_> = archive
            .entries()
            .unwrap()
            .map(|entry| {
                let entry = entry.unwrap();
                let path = entry.path().unwrap().display().to_string();
                (path, entry.header().mode().unwrap())
            })
            .collect();
        let expected = [
            ("a", 0o600),
            ("b/", 0o700),
            ("b/c/", 0o755),
            ("b/c/d", 0o644),
        ];
        assert_eq!(seen, expected.map(|(path, mode)| (path.to_owned(), mode)));
    }

    #[test]
    fn unpacking_what_was_packed_packs_the_same() {
        let mut tree = Tree::default();
        tree.file("usr/bin/program", 0o755, "text");
        tree.folder("tmp", 0o1777);
        let packed = tree.pack().unwrap();
        let mut again = Tree::default();
        again.unpack(&packed, |path| Some(path.to_owned())).unwrap();
        assert_eq!(again.pack().unwrap(), packed);
    }
}
