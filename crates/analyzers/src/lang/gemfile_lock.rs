//! Bundler's lock files: `Gemfile.lock`, `Gemfile.next.lock` and `gems.locked`.
//!
//! Sections begin at the margin (`Bundler::LockfileParser`). Below `GEM` and `GIT` the line `  specs:` opens a
//! list with a gem at four spaces, `    NAME (VERSION[-PLATFORM])`, and what it needs at six.
//! `PATH` names gems of the application itself, which nobody published under that name; they are left out, as
//! is the Bundler that wrote the file.

use plimsoll_analyze::{Analyzer, Executables, File, Interest, Meta, Sink};
use plimsoll_model::fact::{EvidenceKind, PackageFact};
use plimsoll_model::{Ecosystem, Effect};

use super::gem::{is_name, is_version};
use super::lock;

/// Bundler's lock files.
#[derive(Debug)]
pub struct GemfileLock;

static META: Meta = Meta {
    id: "lang/gemfile-lock",
    revision: 1,
    docs: "Reads `Gemfile.lock`, `Gemfile.next.lock` and `gems.locked` of Bundler, except those inside of a gem: \
           names, versions, platforms and what each gem needs.",
    interest: Interest {
        paths: &[],
        names: &["Gemfile.lock", "Gemfile.next.lock", "gems.locked"],
        suffixes: &[],
        under: &[],
        executables: Executables::Ignored,
    },
    limit: 8 << 20,
    loss: Effect::Gap,
};

impl Analyzer for GemfileLock {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn analyze(&self, file: &mut File<'_>, sink: &mut Sink<'_>) {
        if lock::came_with_a_package(file.path.as_str()) {
            return;
        }
        let Some(bytes) = file.bytes() else {
            return sink.unreadable("the lock file is not in memory");
        };
        state(&String::from_utf8_lossy(bytes), sink);
    }
}

/// Most names that one gem needs.
const MOST_NEEDS: usize = 1024;

fn state(text: &str, sink: &mut Sink<'_>) {
    let mut published = false;
    let mut specs = false;
    let mut open: Option<PackageFact> = None;
    let mut wrong = 0_u32;
    let mut known_section = false;
    for line in text.lines() {
        let bare = line.trim_start_matches(' ');
        let margin = line.len().saturating_sub(bare.len());
        match margin {
            0 => {
                if let Some(gem) = open.take() {
                    sink.package(gem);
                }
                published = matches!(bare.trim_end(), "GEM" | "GIT");
                known_section |= published || matches!(bare.trim_end(), "PATH" | "DEPENDENCIES");
                specs = false;
            }
            2 => specs = bare.trim_end() == "specs:",
            4 if published && specs => {
                if let Some(gem) = open.take() {
                    sink.package(gem);
                }
                open = gem(bare);
                wrong = wrong.saturating_add(u32::from(open.is_none()));
            }
            6 => {
                if let Some(gem) = &mut open
                    && gem.depends.len() < MOST_NEEDS
                {
                    let name = bare.split([' ', '!']).next().unwrap_or_default();
                    gem.depends
                        .extend(is_name(name).then(|| name.trim().to_owned()));
                }
            }
            _ => {}
        }
    }
    if let Some(gem) = open {
        sink.package(gem);
    }
    if wrong > 0 {
        sink.unreadable(format!(
            "{wrong} of the gems listed have no name and version"
        ));
    }
    if !known_section && !text.trim().is_empty() {
        sink.unreadable("this is not a lock file of Bundler");
    }
}

/// `NAME (VERSION[-PLATFORM])`.
fn gem(text: &str) -> Option<PackageFact> {
    let (name, rest) = text.split_once(" (")?;
    let (full, _) = rest.split_once(')')?;
    let (version, platform) = match full.split_once('-') {
        Some((version, platform)) => (version, Some(platform)),
        None => (full, None),
    };
    if !is_name(name) || !is_version(version) {
        return None;
    }
    let mut gem = PackageFact::new(Ecosystem::Gem, name, version);
    gem.evidence = EvidenceKind::Locked;
    gem.architecture = platform.map(str::to_owned);
    Some(gem)
}
