//! What `CocoaPods` installed: `Podfile.lock`.
//!
//! Source: `CocoaPods`, `Pod::Lockfile`. The document is written by a machine: below `PODS:` stands
//! `  - Name (version)`, with a colon if dependencies follow as `    - Name (requirement)`. A part of a pod
//! is `Pod/Part`, and advisories are about the pod.

use plimsoll_analyze::{Analyzer, Executables, File, Interest, Meta, Sink};
use plimsoll_model::fact::EvidenceKind;
use plimsoll_model::{Ecosystem, Effect};

use super::document::{self, Listing};
use super::lock;

/// Pods that `CocoaPods` installed.
#[derive(Debug)]
pub struct Cocoapods;

static META: Meta = Meta {
    id: "lang/cocoapods",
    revision: 1,
    docs: "Reads `Podfile.lock`: the pods that CocoaPods resolved, with their parts.",
    interest: Interest {
        paths: &[],
        names: &["Podfile.lock"],
        suffixes: &[],
        under: &[],
        executables: Executables::Ignored,
    },
    limit: 8 << 20,
    loss: Effect::Gap,
};

impl Analyzer for Cocoapods {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn analyze(&self, file: &mut File<'_>, sink: &mut Sink<'_>) {
        if lock::came_with_a_package(file.path.as_str()) {
            return;
        }
        let Some(text) = document::text(file, sink) else {
            return;
        };
        let mut list = Listing::new(Ecosystem::Cocoapods, EvidenceKind::Locked);
        let pods = text
            .lines()
            .skip_while(|line| line.trim_end() != "PODS:")
            .skip(1)
            .take_while(|line| line.starts_with(' '));
        let mut open: Option<(&str, &str, Vec<String>)> = None;
        for line in pods {
            if let Some(entry) = line.strip_prefix("  - ") {
                add(open.take(), &mut list);
                let (name, version) = name_and_version(entry);
                open = Some((name, version, Vec::new()));
            } else if let Some(entry) = line.strip_prefix("    - ")
                && let Some((_, _, depends)) = &mut open
            {
                depends.push(name_and_version(entry).0.to_owned());
            }
        }
        add(open, &mut list);
        list.state(sink);
        if !text.trim().is_empty() && !text.lines().any(|line| line.starts_with("COCOAPODS:")) {
            sink.unreadable("the file is cut off");
        }
    }
}

fn add(pod: Option<(&str, &str, Vec<String>)>, list: &mut Listing) {
    if let Some((name, version, depends)) = pod {
        list.add_with(name, version, |package| package.depends = depends);
    }
}

/// `Name/Part (1.2.3):`, possibly between quotes.
fn name_and_version(entry: &str) -> (&str, &str) {
    let entry = entry.trim_end().trim_end_matches(':').trim_matches('"');
    match entry.split_once(" (") {
        Some((name, rest)) => (name, rest.split(')').next().unwrap_or_default()),
        None => (entry, ""),
    }
}
