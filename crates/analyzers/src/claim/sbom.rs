//! Bills of materials that lie in an image.
//!
//! Builders leave them beside what they built: Bitnami in `/opt/bitnami/NAME/.spdx-NAME.spdx`, apko and
//! Chainguard in `/var/lib/db/sbom/`, Spring Boot in `META-INF/sbom/application.cdx.json`, wheels in
//! `NAME.dist-info/sboms/` (PEP 770). Each may be stale, or that of another program, so that what they name is
//! a claim and no package; the engine compares it with what is there.

use std::io::Read as _;

use plimsoll_analyze::{Analyzer, Executables, File, Interest, Meta, Sink};
use plimsoll_model::Effect;
use plimsoll_model::fact::FactBody;
use plimsoll_sbom::{ReadError, claims, read};

/// Bills of materials.
#[derive(Debug)]
pub struct Sbom;

static META: Meta = Meta {
    id: "claim/sbom",
    revision: 2,
    docs: "Reads bills of materials that lie in the image (CycloneDX, SPDX, Syft JSON) as claims, which are \
           compared with what is there.",
    interest: Interest {
        paths: &[],
        names: &["bom.json", "bom.xml", "sbom.json", "sbom.xml"],
        suffixes: &[
            ".cdx.json",
            ".cdx.xml",
            ".cyclonedx.json",
            ".cyclonedx.xml",
            ".spdx.json",
            ".spdx",
            ".spdx3.json",
            ".syft.json",
        ],
        under: &[
            // PEP 770: wheels say what was built into them.
            ("**/sboms/", ".json"),
            ("**/sboms/", ".xml"),
            ("usr/share/sbom/", ".json"),
            ("usr/share/sbom/", ".xml"),
            ("var/lib/db/sbom/", ".json"),
        ],
        executables: Executables::Ignored,
    },
    limit: 32 << 20,
    // What is really there is found without them.
    loss: Effect::Note,
};

/// Most packages that are taken from one document.
const MOST: usize = 50_000;

impl Analyzer for Sbom {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn analyze(&self, file: &mut File<'_>, sink: &mut Sink<'_>) {
        let mut bytes = Vec::new();
        if let Err(error) = file.reader().take(META.limit).read_to_end(&mut bytes) {
            return sink.unreadable(format!("cannot be read: {error}"));
        }
        state(&bytes, file.path.file_name(), &[], MOST, sink);
    }
}

/// States what a bill claims, at most so many packages, and answers how many. `way` leads to a bill inside of an
/// archive, with its own name at the end; empty for a plain file.
pub(crate) fn state(
    bytes: &[u8],
    name: &str,
    way: &[String],
    most: usize,
    sink: &mut Sink<'_>,
) -> usize {
    let mut note = |reason: String| {
        if way.is_empty() {
            sink.problem(META.loss, reason);
        } else {
            sink.problem(META.loss, format!("`{}`: {reason}", way.join("!")));
        }
    };
    let document = match read(bytes) {
        Ok(document) => document,
        // Other things have such names too.
        Err(ReadError::Unknown) if is_ambiguous(name) => return 0,
        Err(error) => {
            note(error.to_string());
            return 0;
        }
    };
    let found = claims(&document);
    if found.unknown > 0 {
        note(format!(
            "{} of its components cannot be told: they have no package URL of a known type, or no version",
            found.unknown
        ));
    }
    if found.packages.len() > most {
        note(format!("it names more than {most} packages"));
    }
    let count = found.packages.len().min(most);
    for mut claim in found.packages.into_iter().take(most) {
        claim.package.inside = way.to_vec();
        sink.fact(FactBody::Claim(Box::new(claim)));
    }
    count
}

/// Whether a file of this name need not be a bill of materials.
fn is_ambiguous(name: &str) -> bool {
    META.interest.names.contains(&name)
        || ![".cdx.", ".cyclonedx.", ".spdx"]
            .iter()
            .any(|part| name.contains(part))
}
