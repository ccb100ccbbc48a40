//! The providers that Terraform chose: `.terraform.lock.hcl`.
//!
//! Source: Terraform, "Dependency Lock File". It is written by a machine: `provider "host/owner/type" {` and
//! `  version = "1.2.3"` until the closing brace.

use plimsoll_analyze::{Analyzer, Executables, File, Interest, Meta, Sink};
use plimsoll_model::fact::EvidenceKind;
use plimsoll_model::{Ecosystem, Effect};

use super::document::{self, Listing};

/// Providers that Terraform chose.
#[derive(Debug)]
pub struct Terraform;

static META: Meta = Meta {
    id: "lang/terraform",
    revision: 1,
    docs: "Reads `.terraform.lock.hcl`: the providers that Terraform or OpenTofu chose.",
    interest: Interest {
        paths: &[],
        names: &[".terraform.lock.hcl"],
        suffixes: &[],
        under: &[],
        executables: Executables::Ignored,
    },
    limit: 8 << 20,
    loss: Effect::Gap,
};

impl Analyzer for Terraform {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn analyze(&self, file: &mut File<'_>, sink: &mut Sink<'_>) {
        let Some(text) = document::text(file, sink) else {
            return;
        };
        let mut list = Listing::new(Ecosystem::Terraform, EvidenceKind::Locked);
        let mut open: Option<(&str, &str)> = None;
        for line in text.lines().map(str::trim) {
            if let Some(rest) = line.strip_prefix("provider ") {
                let name = rest.trim_end_matches('{').trim().trim_matches('"');
                if let Some((name, version)) = open.replace((name, "")) {
                    list.add(name, version);
                }
            } else if line == "}" {
                if let Some((name, version)) = open.take() {
                    list.add(name, version);
                }
            } else if let Some((key, value)) = line.split_once('=')
                && key.trim_end() == "version"
                && let Some((_, version)) = &mut open
            {
                *version = value.trim().trim_matches('"');
            }
        }
        if let Some((name, version)) = open {
            list.add(name, version);
            sink.unreadable("the file ends within a provider");
        }
        list.state(sink);
    }
}
