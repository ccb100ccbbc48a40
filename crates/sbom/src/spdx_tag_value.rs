//! SPDX 2 tag-value.

use std::collections::BTreeMap;

use crate::spdx2::{Raw, property, purpose, source_info, stated, who};
use crate::{Component, Document, Format, ReadError, malformed};

pub(crate) fn read(bytes: &[u8]) -> Result<Document, ReadError> {
    let text = std::str::from_utf8(bytes).map_err(|e| malformed(Format::SpdxTagValue, &e))?;
    let mut reader = Reader {
        raw: Raw {
            document: Document::new(Format::SpdxTagValue, ""),
            described: Vec::new(),
            texts: Vec::new(),
        },
        place: Place::Head,
        target: String::new(),
        comments: Vec::new(),
    };
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let Some((tag, value)) = line.split_once(':') else {
            continue;
        };
        if line.trim_start().starts_with('#') {
            continue;
        }
        let value = whole(value.trim(), &mut lines);
        reader.take(tag.trim(), value);
    }
    Ok(reader.finish())
}

/// A value, which in brackets may go over several lines.
fn whole(first: &str, lines: &mut std::str::Lines<'_>) -> String {
    let Some(rest) = first.strip_prefix("<text>") else {
        return first.to_owned();
    };
    if let Some((value, _)) = rest.split_once("</text>") {
        return value.to_owned();
    }
    let mut out = rest.to_owned();
    for line in lines {
        out.push('\n');
        if let Some((last, _)) = line.split_once("</text>") {
            out.push_str(last);
            break;
        }
        out.push_str(line);
    }
    out
}

/// What the tags that come now are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Head,
    Package,
    /// A file, a snippet: nothing that is kept.
    Other,
}

struct Reader {
    raw: Raw,
    place: Place,
    /// The element that an annotation is about.
    target: String,
    comments: Vec<(String, String)>,
}

impl Reader {
    fn take(&mut self, tag: &str, value: String) {
        match tag {
            "PackageName" => {
                self.place = Place::Package;
                self.raw.document.components.push(Component {
                    name: value,
                    ..Component::default()
                });
            }
            "FileName" | "SnippetSPDXID" => self.place = Place::Other,
            "SPDXREF" => self.target = value,
            "AnnotationComment" => {
                self.comments.push((self.target.clone(), value));
            }
            "Relationship" => {
                let mut words = value.split_whitespace();
                if let (Some(from), Some(kind), Some(to)) =
                    (words.next(), words.next(), words.next())
                {
                    let (from, to) = (from.to_owned(), to.to_owned());
                    self.raw.relate(from, Some(kind), to);
                }
            }
            "LicenseID" => self.raw.texts.push((value, String::new())),
            "ExtractedText" => {
                if let Some(last) = self.raw.texts.last_mut() {
                    last.1 = value;
                }
            }
            _ => match self.place {
                Place::Head => self.take_head(tag, value),
                Place::Package => self.take_package(tag, value),
                Place::Other => {}
            },
        }
    }

    fn take_head(&mut self, tag: &str, value: String) {
        let document = &mut self.raw.document;
        match tag {
            "SPDXVersion" => {
                let version = value.strip_prefix("SPDX-").unwrap_or(&value);
                version.clone_into(&mut document.version);
            }
            "Created" => document.created = Some(value),
            "Creator" => document.authors.push(value),
            _ => {}
        }
    }

    fn take_package(&mut self, tag: &str, value: String) {
        let Some(package) = self.raw.document.components.last_mut() else {
            return;
        };
        match tag {
            "SPDXID" => package.reference = value,
            "PackageVersion" => package.version = value,
            "PackageSupplier" => package.supplier = who(Some(value)).or(package.supplier.take()),
            "PackageOriginator" if package.supplier.is_none() => {
                package.supplier = who(Some(value));
            }
            "PackageSourceInfo" => {
                let source = source_info(&value).into_iter().flatten();
                package.properties.extend(source);
            }
            "PackageDescription" => package.description = Some(value),
            "PackageLicenseDeclared" => {
                if let Some(license) = stated(Some(value)) {
                    package.licenses = vec![license];
                }
            }
            "PackageLicenseConcluded" if package.licenses.is_empty() => {
                package.licenses = stated(Some(value)).into_iter().collect();
            }
            "PrimaryPackagePurpose" => package.kind = purpose(Some(&value)),
            "PackageChecksum" => {
                if let Some((algorithm, sum)) = value.split_once(':') {
                    let pair = (algorithm.trim().to_owned(), sum.trim().to_owned());
                    package.hashes.push(pair);
                }
            }
            "ExternalRef" => {
                let mut words = value.split_whitespace().skip(1);
                match (words.next(), words.next()) {
                    (Some("purl"), Some(purl)) => purl.clone_into(&mut package.purl),
                    (Some("cpe23Type" | "cpe22Type" | "swid" | "swh"), Some(other)) => {
                        package.other_identity = Some(other.to_owned());
                    }
                    _ => {}
                }
            }
            _ => {}
        }
    }

    fn finish(mut self) -> Document {
        let mut said: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
        for (target, comment) in self.comments {
            said.entry(target).or_default().extend(property(&comment));
        }
        for component in &mut self.raw.document.components {
            if let Some(properties) = said.remove(&component.reference) {
                component.properties.extend(properties);
            }
            component.development = component.property("plimsoll:scope") == Some("development");
        }
        self.raw.finish()
    }
}
