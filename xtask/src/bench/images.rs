//! The images that are measured, made once and kept below `target/bench/images`.
//!
//! Each is an OCI layout with one gzip layer.

use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail};
use tar::{Archive, Builder, EntryType, Header};

use super::layer::{LayerWriter, write_layout};
use crate::process::find;

/// A fixed time for everything that is made: 2026-01-01.
const EPOCH: &str = "1767225600";

/// How many packages the image for the matcher holds.
const MATCHED_PACKAGES: usize = 500;

/// The folder of the images.
#[derive(Debug)]
pub(super) struct Images {
    home: PathBuf,
}

/// One image on disk.
#[derive(Debug)]
pub(super) struct Image {
    /// Its OCI layout.
    pub(super) layout: PathBuf,
    /// Its one layer, under a name that decompressors accept.
    pub(super) layer: PathBuf,
    /// Bytes of the layer as it is stored.
    pub(super) compressed: u64,
    /// Bytes of the layer when inflated.
    pub(super) inflated: u64,
}

impl Images {
    pub(super) fn new(home: PathBuf) -> Self {
        Self { home }
    }

    /// Debian bookworm with what a web service in Node or Python often carries.
    pub(super) fn debian(&self) -> Result<Image> {
        self.make("debian", |layer| {
            if find("mmdebstrap").is_none() {
                bail!("`mmdebstrap` is missing; install the package of that name");
            }
            let mut command = Command::new("mmdebstrap");
            command
                .args(["--quiet", "--variant=minbase", "--format=tar"])
                .arg("--include=nodejs,npm,nginx,python3-pip,python3-dev,build-essential")
                .args(["bookworm", "-"])
                .env("SOURCE_DATE_EPOCH", EPOCH);
            let mut child = piped(&mut command)?;
            let mut output = child.stdout.take().context("`mmdebstrap` has no output")?;
            io::copy(&mut output, layer).context("cannot pack the Debian root")?;
            ended("mmdebstrap", &mut child)
        })
    }

    /// The root of the Debian image four times, at `/` and in three folders.
    pub(super) fn debian_four_times(&self) -> Result<Image> {
        let debian = self.debian()?;
        self.make("debian-4x", |layer| {
            let mut archive = Builder::new(layer);
            for prefix in ["", "srv/1", "srv/2", "srv/3"] {
                copy_below(prefix, &debian.layer, &mut archive)?;
            }
            archive.finish().context("cannot end the archive")
        })
    }

    /// A million small files in a thousand folders.
    pub(super) fn million(&self) -> Result<Image> {
        const KINDS: [&str; 8] = ["txt", "js", "json", "py", "png", "html", "rb", "so"];
        self.make("million", |layer| {
            let mut archive = Builder::new(layer);
            add_file(
                &mut archive,
                "etc/os-release",
                b"ID=alpine\nVERSION_ID=3.20.3\n",
            )?;
            // One package, so that there is something to print.
            add_file(
                &mut archive,
                "lib/apk/db/installed",
                b"P:musl\nV:1.2.5-r0\nA:x86_64\nL:MIT\no:musl\n\n",
            )?;
            for folder in 0..1000 {
                for file in 0..1000 {
                    let kind = KINDS[file % KINDS.len()];
                    let path = format!("srv/{folder:03}/{file:03}.{kind}");
                    let content = format!("file {file} of folder {folder}\n");
                    add_file(&mut archive, &path, content.as_bytes())?;
                }
            }
            archive.finish().context("cannot end the archive")
        })
    }

    /// The package database of the Debian image, cut after 500 packages.
    pub(super) fn five_hundred(&self) -> Result<Image> {
        let debian = self.debian()?;
        self.make("five-hundred", |layer| {
            let status = extract(&debian.layer, "var/lib/dpkg/status")?;
            let stanzas: Vec<_> = status
                .split_inclusive("\n\n")
                .filter(|stanza| stanza.starts_with("Package:"))
                .take(MATCHED_PACKAGES)
                .collect();
            if stanzas.len() < MATCHED_PACKAGES {
                bail!("the Debian image has only {} packages", stanzas.len());
            }
            let release = extract(&debian.layer, "usr/lib/os-release")?;
            let mut archive = Builder::new(layer);
            add_file(&mut archive, "etc/os-release", release.as_bytes())?;
            add_file(
                &mut archive,
                "var/lib/dpkg/status",
                stanzas.concat().as_bytes(),
            )?;
            archive.finish().context("cannot end the archive")
        })
    }

    /// Makes an image unless it is there; the note of its sizes is written last.
    fn make(&self, name: &str, fill: impl FnOnce(&mut LayerWriter) -> Result<()>) -> Result<Image> {
        let home = self.home.join(name);
        let (layout, layer) = (home.join("layout"), home.join("layer.tar.gz"));
        let note = home.join("inflated-bytes");
        if !note.is_file() {
            println!("making the image `{name}`");
            if home.exists() {
                fs::remove_dir_all(&home)
                    .with_context(|| format!("cannot clear `{}`", home.display()))?;
            }
            fs::create_dir_all(&home)
                .with_context(|| format!("cannot create `{}`", home.display()))?;
            let mut writer = LayerWriter::create(&layer)?;
            fill(&mut writer).with_context(|| format!("cannot make the image `{name}`"))?;
            let finished = writer.finish()?;
            write_layout(&layout, &finished, &layer)?;
            fs::write(&note, finished.size.to_string())
                .with_context(|| format!("cannot write `{}`", note.display()))?;
        }
        let inflated = fs::read_to_string(&note)
            .with_context(|| format!("cannot read `{}`", note.display()))?;
        let stored =
            fs::metadata(&layer).with_context(|| format!("cannot find `{}`", layer.display()))?;
        Ok(Image {
            layout,
            layer,
            compressed: stored.len(),
            inflated: inflated
                .parse()
                .with_context(|| format!("`{}` holds no number", note.display()))?,
        })
    }
}

/// Copies every entry of a layer, with its paths and hard links moved below a folder.
fn copy_below(prefix: &str, layer: &Path, into: &mut Builder<&mut LayerWriter>) -> Result<()> {
    let mut child = piped(Command::new("gzip").arg("-dc").arg(layer))?;
    let output = child.stdout.take().context("`gzip` has no output")?;
    let mut archive = Archive::new(output);
    for entry in archive.entries().context("cannot list the layer")? {
        let mut entry = entry.context("cannot read an entry of the layer")?;
        let name = entry.path().context("cannot read a path")?.into_owned();
        let path = Path::new(prefix).join(name.strip_prefix("./").unwrap_or(&name));
        if path.as_os_str().is_empty() {
            continue;
        }
        let mut header = entry.header().clone();
        let outcome = match (
            header.entry_type(),
            entry.link_name()?.map(std::borrow::Cow::into_owned),
        ) {
            (EntryType::Link, Some(target)) => {
                let target = Path::new(prefix).join(target.strip_prefix("./").unwrap_or(&target));
                into.append_link(&mut header, &path, target)
            }
            (EntryType::Symlink, Some(target)) => into.append_link(&mut header, &path, target),
            _ => into.append_data(&mut header, &path, &mut entry),
        };
        outcome.with_context(|| format!("cannot copy `{}`", path.display()))?;
    }
    // The padding after the last entry has to be read too, or `gzip` ends with a broken pipe.
    io::copy(&mut archive.into_inner(), &mut io::sink()).context("cannot read the layer's end")?;
    ended("gzip", &mut child)
}

/// The text of one file of a layer.
fn extract(layer: &Path, wanted: &str) -> Result<String> {
    let mut child = piped(Command::new("gzip").arg("-dc").arg(layer))?;
    let output = child.stdout.take().context("`gzip` has no output")?;
    let mut text = None;
    for entry in Archive::new(output)
        .entries()
        .context("cannot list the layer")?
    {
        let mut entry = entry.context("cannot read an entry of the layer")?;
        let path = entry.path().context("cannot read a path")?;
        if path.strip_prefix("./").unwrap_or(&path) == Path::new(wanted) {
            let mut found = String::new();
            entry
                .read_to_string(&mut found)
                .with_context(|| format!("cannot read `{wanted}`"))?;
            text = Some(found);
            break;
        }
    }
    // The rest of the layer is not of interest; `gzip` stops at the closed pipe.
    child.wait().context("cannot wait for `gzip`")?;
    text.with_context(|| format!("the layer holds no `{wanted}`"))
}

fn add_file(archive: &mut Builder<&mut LayerWriter>, path: &str, content: &[u8]) -> Result<()> {
    let mut header = Header::new_gnu();
    header.set_entry_type(EntryType::Regular);
    header.set_mode(0o644);
    header.set_size(content.len() as u64);
    header.set_mtime(0);
    archive
        .append_data(&mut header, path, content)
        .with_context(|| format!("cannot add `{path}`"))
}

fn piped(command: &mut Command) -> Result<Child> {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start `{}`", crate::process::Shown(command)))
}

fn ended(name: &str, child: &mut Child) -> Result<()> {
    let status = child
        .wait()
        .with_context(|| format!("cannot wait for `{name}`"))?;
    if status.success() {
        return Ok(());
    }
    bail!("`{name}` ended with {status}")
}
