use std::io::Cursor;

use plimsoll_model::fact::Fact;
use plimsoll_model::image::RunConfig;
use plimsoll_model::{ImagePath, Sha1};

use super::*;
use crate::derive::{Derived, derive};
use crate::layer::LayerFacts;

const INDEX: &str = "\
0101010101010101010101010101010101010101 org.example:tool:1.0
0202020202020202020202020202020202020202 org.example:tool:1.0
0202020202020202020202020202020202020202 org.other:tool-copy:1.0
";

/// What is derived from one archive: its path, the first digit of its sum, and what it says itself.
fn derived(path: &str, sum: u8, named: Option<(&str, &str)>, index: &str) -> Derived {
    let fact = |body| Fact {
        path: ImagePath::new(path),
        analyzer: "lang/jar".to_owned(),
        body,
    };
    let own = |text: (&str, &str)| (text.0.to_owned(), text.1.to_owned());
    let mut layer = LayerFacts::default();
    layer.facts.push(fact(FactBody::JavaArchive(JavaArchive {
        inside: Vec::new(),
        sha1: Some(Sha1([sum; 20])),
        named: named.map(own),
    })));
    if let Some((name, version)) = named {
        let package = PackageFact::new(Ecosystem::Maven, name, version);
        layer.facts.push(fact(FactBody::Package(Box::new(package))));
    }
    let mut merged = PackageFact::new(Ecosystem::Maven, "org.example:tool", "");
    merged.evidence = EvidenceKind::Fingerprint;
    layer.facts.push(fact(FactBody::Package(Box::new(merged))));
    let index = JavaIndex::new(Box::new(Cursor::new(index.as_bytes().to_vec()))).unwrap();
    derive(&[layer], Some(&index), &RunConfig::default())
}

fn packages(derived: &Derived) -> Vec<(&str, &str)> {
    let packages = derived.packages.iter();
    packages
        .map(|package| (package.fact.name.as_str(), package.fact.version.as_str()))
        .collect()
}

#[test]
fn t52_an_archive_without_coordinates_is_told_by_its_sum() {
    let told = derived("app/renamed.jar", 1, None, INDEX);
    assert_eq!(packages(&told), [("org.example:tool", "1.0")]);
    assert_eq!(told.problems, []);
    let told = derived("app/tool-1.0.jar", 1, Some(("tool", "1.0")), INDEX);
    assert_eq!(packages(&told), [("org.example:tool", "1.0")]);
    // Not in the index: what it says itself stays, and what it does not say is said.
    let told = derived("app/tool-1.0.jar", 9, Some(("tool", "1.0")), INDEX);
    assert_eq!(packages(&told), [("org.example:tool", ""), ("tool", "1.0")]);
    let told = derived("app/renamed.jar", 9, None, INDEX);
    assert_eq!(told.problems[0].subject, "app/renamed.jar");
    assert!(told.problems[0].reason.contains("does not say"));
}

#[test]
fn t53_the_name_of_the_file_outweighs_the_index() {
    let told = derived("app/tool-1.1.jar", 1, Some(("tool", "1.1")), INDEX);
    assert_eq!(packages(&told), [("org.example:tool", "1.1")]);
    assert!(told.problems[0].reason.contains("the name is believed"));
    // A manifest does not.
    let told = derived("app/tool.jar", 1, Some(("tool", "7.0")), INDEX);
    assert_eq!(packages(&told), [("org.example:tool", "1.0")]);
    assert_eq!(told.problems, []);
}

#[test]
fn t53_one_sum_of_several_artefacts_is_told_by_the_name_or_not_at_all() {
    let told = derived(
        "app/tool-copy-1.0.jar",
        2,
        Some(("tool-copy", "1.0")),
        INDEX,
    );
    assert!(packages(&told).contains(&("org.other:tool-copy", "1.0")));
    let told = derived("app/a.jar", 2, None, INDEX);
    assert_eq!(packages(&told), [("org.example:tool", "")]);
    assert!(told.problems[0].reason.contains("several artefacts"));
}

#[test]
fn a_damaged_index_is_one_problem() {
    let damaged = format!("{INDEX}rubbish\n");
    let told = derived("app/a.jar", 9, None, &damaged);
    let subjects: Vec<&str> = told
        .problems
        .iter()
        .map(|one| one.subject.as_str())
        .collect();
    assert_eq!(subjects, ["app/a.jar", "java index"]);
}
