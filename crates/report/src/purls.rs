//! Package URLs, sorted, one a line.

use std::collections::BTreeSet;
use std::io;

use plimsoll_model::facts::ImageFacts;

use crate::SbomFormat;

/// `-f purls`.
pub(crate) struct Purls;

impl SbomFormat for Purls {
    fn name(&self) -> &'static str {
        "purls"
    }

    fn write(&self, facts: &ImageFacts, _: &str, out: &mut dyn io::Write) -> io::Result<()> {
        let purls: BTreeSet<&str> = facts
            .packages
            .iter()
            .map(|package| package.purl.as_str())
            .collect();
        for purl in purls {
            writeln!(out, "{purl}")?;
        }
        Ok(())
    }
}
