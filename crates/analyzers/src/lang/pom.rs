//! What a Maven project declares: its `pom.xml`.
//!
//! Source: Maven, "POM Reference". Only exact versions that the file itself gives are taken, with properties
//! that the file defines: parents and managed versions lie elsewhere, and dependencies of dependencies are not
//! written down anywhere. `test` and `provided` dependencies are for development; `system` ones are files.
//! The `pom.xml` inside an archive's `META-INF/maven` describes how that archive was built and not what is here.

use std::collections::BTreeMap;

use plimsoll_analyze::{Analyzer, Executables, File, Interest, Meta, Sink};
use plimsoll_model::fact::{EvidenceKind, Scope};
use plimsoll_model::{Ecosystem, Effect};

use super::document::{self, Listing};
use super::lock;
use super::xml::{self, Event};

/// Dependencies of Maven projects.
#[derive(Debug)]
pub struct Pom;

static META: Meta = Meta {
    id: "lang/pom",
    revision: 1,
    docs: "Reads `pom.xml` of Maven projects: dependencies with exact versions.",
    interest: Interest {
        paths: &[],
        names: &["pom.xml"],
        suffixes: &[],
        under: &[],
        executables: Executables::Ignored,
    },
    limit: 8 << 20,
    loss: Effect::Gap,
};

impl Analyzer for Pom {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn analyze(&self, file: &mut File<'_>, sink: &mut Sink<'_>) {
        let path = file.path.as_str();
        if path.contains("META-INF/maven/") || lock::came_with_a_package(path) {
            return;
        }
        let Some(text) = document::text(file, sink) else {
            return;
        };
        let mut project = Project::default();
        let mut reader = xml::Reader::new(&text);
        project.read(&mut reader);
        if reader.is_cut_off() {
            sink.unreadable("the document is cut off");
        }
        project.list().state(sink);
    }
}

#[derive(Debug, Default)]
struct Project {
    properties: BTreeMap<String, String>,
    dependencies: Vec<BTreeMap<String, String>>,
}

/// Deepest element that is looked at.
const DEEPEST: usize = 64;

impl Project {
    fn read(&mut self, reader: &mut xml::Reader<'_>) {
        let mut way: Vec<&str> = Vec::new();
        let mut content = String::new();
        for event in reader.by_ref() {
            match event {
                Event::Start { empty: true, .. } => content.clear(),
                Event::Start { name, .. } => {
                    if way.len() >= DEEPEST {
                        return;
                    }
                    way.push(name);
                    content.clear();
                    if way == ["project", "dependencies", "dependency"] {
                        self.dependencies.push(BTreeMap::new());
                    }
                }
                Event::Text(text) => content.push_str(&xml::unescape(text)),
                Event::End(_) => {
                    self.take(&way, content.trim());
                    content.clear();
                    way.pop();
                }
            }
        }
    }

    fn take(&mut self, way: &[&str], value: &str) {
        match way {
            ["project", "properties", name] => {
                self.properties.insert((*name).to_owned(), value.to_owned());
            }
            ["project", "dependencies", "dependency", field] => {
                if let Some(dependency) = self.dependencies.last_mut() {
                    dependency.insert((*field).to_owned(), value.to_owned());
                }
            }
            ["project", field @ ("groupId" | "version")] => self.define(field, value),
            ["project", "parent", field @ ("groupId" | "version")] => {
                self.properties
                    .insert(format!("project.parent.{field}"), value.to_owned());
                // What the project does not say itself is as in its parent.
                let own = format!("project.{field}");
                self.properties
                    .entry(own)
                    .or_insert_with(|| value.to_owned());
            }
            _ => {}
        }
    }

    fn define(&mut self, field: &str, value: &str) {
        self.properties
            .insert(format!("project.{field}"), value.to_owned());
    }

    fn list(self) -> Listing {
        let mut list = Listing::new(Ecosystem::Maven, EvidenceKind::Locked);
        for dependency in &self.dependencies {
            let field = |name: &str| dependency.get(name).map_or("", String::as_str);
            let (Some(group), Some(artifact), Some(version)) = (
                self.resolve(field("groupId")),
                self.resolve(field("artifactId")),
                self.resolve(field("version")),
            ) else {
                continue;
            };
            let is_range = version.contains(['[', '(', ',', '$']);
            if version.is_empty() || is_range || field("scope") == "system" {
                continue;
            }
            list.add_with(&format!("{group}:{artifact}"), &version, |package| {
                if matches!(field("scope"), "test" | "provided") {
                    package.scope = Scope::Development;
                }
            });
        }
        list
    }

    /// A value with its properties in their place, up to a few levels; `None` if one is not defined here.
    fn resolve(&self, value: &str) -> Option<String> {
        let mut value = value.to_owned();
        for _ in 0..8 {
            let Some((before, rest)) = value.split_once("${") else {
                return Some(value);
            };
            let (name, after) = rest.split_once('}')?;
            let found = self.properties.get(name)?;
            if found.len() > 256 {
                return None;
            }
            value = format!("{before}{found}{after}");
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn properties_are_resolved_and_do_not_go_round_in_circles() {
        let mut project = Project::default();
        project.read(&mut xml::Reader::new(
            "<project><properties><a>1</a><b>${a}.2</b><c>${c}</c><d/></properties></project>",
        ));
        assert_eq!(project.resolve("${b}-x").as_deref(), Some("1.2-x"));
        assert_eq!(project.resolve("${c}"), None);
        assert_eq!(project.resolve("${none}"), None);
        assert_eq!(project.resolve("${open"), None);
    }
}
