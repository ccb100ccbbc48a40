//! Package URLs, sorted, one a line.

use std::collections::BTreeSet;
use std::io;

use plimsoll_model::fact::EvidenceKind;

use crate::{Bill, SbomFormat};

/// `-f purls`.
pub(crate) struct Purls;

impl SbomFormat for Purls {
    fn names(&self) -> &'static [&'static str] {
        &["purls"]
    }

    fn write(&self, bill: &Bill<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        let purls: BTreeSet<&str> = bill
            .facts
            .packages
            .iter()
            // Whoever reads a list of nothing but package URLs would take it for installed.
            .filter(|package| package.fact.evidence != EvidenceKind::Archived)
            .map(|package| package.purl.as_str())
            .collect();
        for purl in purls {
            writeln!(out, "{purl}")?;
        }
        Ok(())
    }
}
