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
        let document = match read(&bytes) {
            Ok(document) => document,
            // Other things have such names too.
            Err(ReadError::Unknown) if is_ambiguous(file.path.file_name()) => return,
            Err(error) => return sink.unreadable(error.to_string()),
        };
        let found = claims(&document);
        if found.unknown > 0 {
            let reason = format!(
                "{} of its components cannot be told: they have no package URL of a known type, or no version",
                found.unknown
            );
            sink.problem(Effect::Note, reason);
        }
        if found.packages.len() > MOST {
            sink.unreadable(format!("it names more than {MOST} packages"));
        }
        for claim in found.packages.into_iter().take(MOST) {
            sink.fact(FactBody::Claim(Box::new(claim)));
        }
    }
}

/// Whether a file of this name need not be a bill of materials.
fn is_ambiguous(name: &str) -> bool {
    META.interest.names.contains(&name)
        || ![".cdx.", ".cyclonedx.", ".spdx"]
            .iter()
            .any(|part| name.contains(part))
}
