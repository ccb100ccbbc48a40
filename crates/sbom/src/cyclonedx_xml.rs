//! CycloneDX XML, every version.
//!
//! The tree knows no entities but the five of XML, so a document cannot grow while it is read.

use roxmltree::{Node, ParsingOptions};

use crate::cyclonedx::kind;
use crate::document::joined;
use crate::{Component, Document, Format, ReadError, malformed};

/// Elements, attributes and texts of a tree at most.
const NODES: u32 = 20_000_000;

/// Components inside components, at most so deep.
const DEPTH: usize = 64;

pub(crate) fn read(bytes: &[u8]) -> Result<Document, ReadError> {
    let wrong = |error: &dyn std::fmt::Display| malformed(Format::CycloneDxXml, error);
    let text = std::str::from_utf8(bytes).map_err(|error| wrong(&error))?;
    let options = ParsingOptions {
        nodes_limit: NODES,
        ..ParsingOptions::default()
    };
    let tree = roxmltree::Document::parse_with_options(text, options);
    let tree = tree.map_err(|error| wrong(&error))?;
    let root = tree.root_element();
    let version = root
        .tag_name()
        .namespace()
        .and_then(|name| name.strip_prefix("http://cyclonedx.org/schema/bom/"));
    let Some(version) = version.filter(|_| root.has_tag_name_local("bom")) else {
        return Err(wrong(&"the root is no `bom` of CycloneDX"));
    };
    let mut out = Document::new(Format::CycloneDxXml, version);
    if let Some(metadata) = root.inner("metadata") {
        head(metadata, &mut out);
    }
    for listed in root.list("components") {
        add(listed, &mut out, 0);
    }
    for dependency in root.list("dependencies") {
        let from = dependency.attribute("ref").unwrap_or_default();
        for need in dependency.children().filter(Node::is_element) {
            let need = need.attribute("ref").unwrap_or_default();
            out.depends.push((from.to_owned(), need.to_owned()));
        }
    }
    Ok(out)
}

/// Short ways to what a node holds.
trait Inner<'a, 'i: 'a>: Sized {
    fn has_tag_name_local(&self, name: &str) -> bool;
    fn inner(&self, name: &str) -> Option<Self>;
    fn list(&self, name: &str) -> Vec<Self>;
    fn said(&self, name: &str) -> Option<String>;
    fn whole(&self) -> String;
}

impl<'a, 'i> Inner<'a, 'i> for Node<'a, 'i> {
    fn has_tag_name_local(&self, name: &str) -> bool {
        self.is_element() && self.tag_name().name() == name
    }

    fn inner(&self, name: &str) -> Option<Self> {
        self.children().find(|node| node.has_tag_name_local(name))
    }

    /// The elements inside the element of that name.
    fn list(&self, name: &str) -> Vec<Self> {
        let list = self.inner(name).into_iter();
        list.flat_map(|list| list.children())
            .filter(Node::is_element)
            .collect()
    }

    fn said(&self, name: &str) -> Option<String> {
        Some(self.inner(name)?.whole())
    }

    fn whole(&self) -> String {
        self.text().unwrap_or_default().to_owned()
    }
}

fn head(metadata: Node<'_, '_>, out: &mut Document) {
    out.created = metadata.said("timestamp");
    let mut makers = metadata.list("authors");
    makers.extend(metadata.inner("supplier"));
    makers.extend(metadata.inner("manufacturer"));
    makers.extend(metadata.inner("manufacture"));
    makers.extend(metadata.list("tools").into_iter().flat_map(|tool| {
        if tool.has_tag_name_local("components") {
            tool.children().filter(Node::is_element).collect()
        } else {
            vec![tool]
        }
    }));
    out.authors = makers
        .into_iter()
        .filter_map(|maker| {
            let version = maker.said("version").map(|version| format!(" {version}"));
            Some(maker.said("name")? + &version.unwrap_or_default())
        })
        .collect();
    out.subject = metadata.inner("component").map(component);
}

fn add(listed: Node<'_, '_>, out: &mut Document, depth: usize) {
    if depth > DEPTH {
        return;
    }
    let component = component(listed);
    let reference = component.reference.clone();
    out.components.push(component);
    for inner in listed.list("components") {
        if let (Some(child), false) = (inner.attribute("bom-ref"), reference.is_empty()) {
            out.contains.push((reference.clone(), child.to_owned()));
        }
        add(inner, out, depth.saturating_add(1));
    }
}

fn component(node: Node<'_, '_>) -> Component {
    let purl = node.said("purl").unwrap_or_default();
    let group = node.said("group").unwrap_or_default();
    let name = node.said("name").unwrap_or_default();
    let named = |key: &str| node.inner(key).and_then(|inner| inner.said("name"));
    let supplier = named("supplier")
        .or_else(|| named("manufacturer"))
        .or_else(|| node.said("publisher"))
        .or_else(|| node.said("author"));
    let statement = |choice: &Node<'_, '_>| {
        if choice.has_tag_name_local("expression") {
            return Some(choice.whole());
        }
        choice.said("id").or_else(|| choice.said("name"))
    };
    let pairs = |list: &str, key: &str| -> Vec<(String, String)> {
        let list = node.list(list).into_iter();
        list.filter_map(|one| Some((one.attribute(key)?.to_owned(), one.whole())))
            .collect()
    };
    let places = node
        .inner("evidence")
        .map(|evidence| evidence.list("occurrences"));
    let places = places.unwrap_or_default().into_iter();
    Component {
        reference: node.attribute("bom-ref").unwrap_or_default().to_owned(),
        kind: kind(node.attribute("type")),
        name: joined(&group, &name, &purl),
        version: node.said("version").unwrap_or_default(),
        other_identity: node.said("cpe"),
        supplier,
        licenses: node.list("licenses").iter().filter_map(statement).collect(),
        hashes: pairs("hashes", "alg"),
        places: places.filter_map(|place| place.said("location")).collect(),
        properties: pairs("properties", "name"),
        description: node.said("description"),
        development: node.said("scope").as_deref() == Some("excluded"),
        purl,
    }
}
