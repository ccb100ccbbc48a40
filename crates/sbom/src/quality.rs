//! How much of what standards demand a document says.
//!
//! NTIA: "The Minimum Elements For a Software Bill of Materials", July 2021, data fields.
//! BSI: technical guideline TR-03183-2, required data fields of the document and of each component.

use std::collections::BTreeSet;

use plimsoll_model::Text;

use crate::{Component, Document, Kind};

/// The demands of one standard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standard {
    /// `ntia`, `bsi-tr-03183-2`.
    pub id: &'static str,
    /// Its name.
    pub name: &'static str,
    /// Its elements, in its order.
    pub elements: Vec<Element>,
}

/// One demand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Element {
    /// Name for machines.
    pub id: &'static str,
    /// Name for people.
    pub title: Text,
    /// How many components (or the document) say it.
    pub met: usize,
    /// How many should.
    pub of: usize,
}

impl Element {
    /// Per cent, rounded down; nothing to say is all said.
    #[must_use]
    pub fn score(&self) -> usize {
        let hundred = self.met.saturating_mul(100);
        hundred.checked_div(self.of).unwrap_or(100)
    }
}

impl Standard {
    /// The mean of the elements.
    #[must_use]
    pub fn score(&self) -> usize {
        let sum: usize = self.elements.iter().map(Element::score).sum();
        sum.checked_div(self.elements.len()).unwrap_or(100)
    }
}

/// Counts what is demanded.
#[must_use]
pub fn quality(document: &Document) -> Vec<Standard> {
    let mut related: BTreeSet<&str> = BTreeSet::new();
    for (from, to) in document.depends.iter().chain(&document.contains) {
        related.extend([from.as_str(), to.as_str()]);
    }
    let counter = Counter {
        document,
        packages: document
            .components
            .iter()
            .filter(|component| component.kind == Kind::Package)
            .collect(),
        related,
    };
    vec![
        Standard {
            id: "ntia",
            name: "NTIA minimum elements",
            elements: counter.ntia(),
        },
        Standard {
            id: "bsi-tr-03183-2",
            name: "BSI TR-03183-2",
            elements: counter.bsi(),
        },
    ]
}

struct Counter<'a> {
    document: &'a Document,
    packages: Vec<&'a Component>,
    related: BTreeSet<&'a str>,
}

impl Counter<'_> {
    fn each(&self, id: &'static str, title: Text, says: impl Fn(&Component) -> bool) -> Element {
        Element {
            id,
            title,
            met: self.packages.iter().filter(|one| says(one)).count(),
            of: self.packages.len(),
        }
    }

    fn once(id: &'static str, title: Text, said: bool) -> Element {
        Element {
            id,
            title,
            met: usize::from(said),
            of: 1,
        }
    }

    /// What both standards ask for.
    fn common(&self) -> Vec<Element> {
        vec![
            Self::once(
                "author",
                Text::fixed("author of the document", "文档作者"),
                self.document
                    .authors
                    .iter()
                    .any(|name| !name.trim().is_empty()),
            ),
            Self::once(
                "timestamp",
                Text::fixed("time of the document", "文档时间"),
                self.document
                    .created
                    .as_ref()
                    .is_some_and(|time| !time.is_empty()),
            ),
            self.each("supplier", Text::fixed("supplier", "供应方"), |one| {
                one.supplier
                    .as_ref()
                    .is_some_and(|name| !name.trim().is_empty())
            }),
            self.each("name", Text::fixed("name", "名称"), |one| {
                !one.name.is_empty()
            }),
            self.each("version", Text::fixed("version", "版本"), |one| {
                !one.version.is_empty()
            }),
            self.each(
                "identifier",
                Text::fixed("unique identifier", "唯一标识"),
                |one| !one.purl.is_empty() || one.other_identity.is_some(),
            ),
            self.each(
                "relationship",
                Text::fixed("relation to other components", "与其他组件的关系"),
                |one| self.related.contains(one.reference.as_str()),
            ),
        ]
    }

    fn ntia(&self) -> Vec<Element> {
        self.common()
    }

    fn bsi(&self) -> Vec<Element> {
        let mut out = self.common();
        out.push(
            self.each("licence", Text::fixed("licence", "许可证"), |one| {
                !one.licenses.is_empty()
            }),
        );
        let sha512 = |one: &Component| {
            let mut sums = one.hashes.iter();
            sums.any(|(name, _)| name.replace('-', "").eq_ignore_ascii_case("sha512"))
        };
        out.push(self.each(
            "hash",
            Text::fixed("SHA-512 of the deployed form", "可部署形式的 SHA-512"),
            sha512,
        ));
        for (id, title) in [
            ("filename", Text::fixed("file name", "文件名")),
            (
                "executable",
                Text::fixed("whether executable", "是否可执行"),
            ),
            ("archive", Text::fixed("whether an archive", "是否为归档")),
            (
                "structured",
                Text::fixed("whether structured", "是否为结构化归档"),
            ),
        ] {
            let property = format!("bsi:component:{id}");
            out.push(self.each(id, title, |one| one.property(&property).is_some()));
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Format;

    #[test]
    fn what_is_said_is_counted() {
        let text = br#"{"bomFormat":"CycloneDX","specVersion":"1.6",
            "metadata":{"timestamp":"2026-01-01T00:00:00Z","authors":[{"name":"a"}]},
            "components":[
                {"type":"library","bom-ref":"a","name":"a","version":"1","purl":"pkg:npm/a@1","supplier":{"name":"s"}},
                {"type":"library","bom-ref":"b","name":"b"},
                {"type":"operating-system","name":"debian"}],
            "dependencies":[{"ref":"x","dependsOn":["a"]}]}"#;
        let document = Format::CycloneDxJson.read(text).unwrap();
        let all = quality(&document);
        let met: Vec<_> = all[0]
            .elements
            .iter()
            .map(|e| (e.id, e.met, e.of))
            .collect();
        assert_eq!(
            met,
            [
                ("author", 1, 1),
                ("timestamp", 1, 1),
                ("supplier", 1, 2),
                ("name", 2, 2),
                ("version", 1, 2),
                ("identifier", 1, 2),
                ("relationship", 1, 2),
            ]
        );
        assert_eq!(all[0].score(), (100 + 100 + 50 + 100 + 50 + 50 + 50) / 7);
        assert!(all[1].score() < all[0].score());
        let none = quality(&Document::new(Format::Purls, ""));
        assert_eq!(none[0].elements[0].met, 0);
    }
}
