//! The VEX profile of CSAF 2.0.
//!
//! Source: Common Security Advisory Framework 2.0, sections 3.2 and 4.5. `product_status` lists ids of the
//! product tree; an id is a product with a package URL, or a relationship of a component to a platform. Of a
//! relationship the platform must be this image too: one that is known by a CPE alone is another system, and
//! counts for nothing (trap T7).

use std::collections::BTreeMap;

use plimsoll_model::triage::TriageState;
use serde::Deserialize;

use super::{ReadStatementsError, Statements, time};
use crate::statement::{Flaws, Product, Scope, Statement};

#[derive(Deserialize)]
struct File {
    document: Document,
    #[serde(default)]
    product_tree: Tree,
    #[serde(default)]
    vulnerabilities: Vec<Vulnerability>,
}

#[derive(Deserialize)]
struct Document {
    publisher: Option<Publisher>,
    tracking: Option<Tracking>,
}

#[derive(Deserialize)]
struct Publisher {
    name: Option<String>,
}

#[derive(Deserialize)]
struct Tracking {
    current_release_date: Option<String>,
}

#[derive(Deserialize, Default)]
struct Tree {
    #[serde(default)]
    branches: Vec<Branch>,
    #[serde(default)]
    full_product_names: Vec<FullName>,
    #[serde(default)]
    relationships: Vec<Relationship>,
    #[serde(default)]
    product_groups: Vec<Group>,
}

#[derive(Deserialize)]
struct Branch {
    #[serde(default)]
    branches: Vec<Self>,
    product: Option<FullName>,
}

#[derive(Deserialize)]
struct FullName {
    product_id: String,
    product_identification_helper: Option<Helper>,
}

#[derive(Deserialize)]
struct Helper {
    purl: Option<String>,
    #[serde(default)]
    purls: Vec<String>,
}

#[derive(Deserialize)]
struct Relationship {
    product_reference: String,
    relates_to_product_reference: String,
    full_product_name: FullName,
}

#[derive(Deserialize)]
struct Group {
    group_id: String,
    #[serde(default)]
    product_ids: Vec<String>,
}

#[derive(Deserialize)]
struct Vulnerability {
    cve: Option<String>,
    #[serde(default)]
    ids: Vec<Id>,
    #[serde(default)]
    product_status: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    flags: Vec<Flag>,
    #[serde(default)]
    threats: Vec<Said>,
    #[serde(default)]
    remediations: Vec<Said>,
}

#[derive(Deserialize)]
struct Id {
    text: Option<String>,
}

#[derive(Deserialize)]
struct Flag {
    label: String,
    #[serde(default)]
    product_ids: Vec<String>,
    #[serde(default)]
    group_ids: Vec<String>,
}

#[derive(Deserialize)]
struct Said {
    category: String,
    details: Option<String>,
    #[serde(default)]
    product_ids: Vec<String>,
    #[serde(default)]
    group_ids: Vec<String>,
}

pub(super) fn read(name: &str, bytes: &[u8]) -> Result<Statements, ReadStatementsError> {
    let file: File =
        serde_json::from_slice(bytes).map_err(|error| ReadStatementsError::new(name, &error))?;
    let products = products(&file.product_tree);
    let by = file.document.publisher.and_then(|publisher| publisher.name);
    let by = by.unwrap_or_default();
    let tracking = file.document.tracking.as_ref();
    let made = time(tracking.and_then(|tracking| tracking.current_release_date.as_ref()));
    let groups: BTreeMap<&str, &[String]> = file
        .product_tree
        .product_groups
        .iter()
        .map(|group| (group.group_id.as_str(), group.product_ids.as_slice()))
        .collect();
    let mut out = Statements::default();
    for flaw in &file.vulnerabilities {
        let mut ids: Vec<String> = flaw.cve.iter().cloned().collect();
        ids.extend(flaw.ids.iter().filter_map(|id| id.text.clone()));
        let Some(first) = ids.first().cloned() else {
            out.note(
                name,
                "a flaw has no id, so that what is said of it counts for nothing",
            );
            continue;
        };
        let reasons = Reasons::of(flaw, &groups);
        let mut nameless = 0_usize;
        for (status, members) in &flaw.product_status {
            let Some(state) = state(status) else {
                continue;
            };
            // One statement for each reason, since each product has its own.
            let mut by_reason: BTreeMap<(&str, &str), Vec<Product>> = BTreeMap::new();
            for id in members {
                let Some(found) = products.get(id.as_str()).filter(|found| !found.is_empty())
                else {
                    nameless = nameless.saturating_add(1);
                    continue;
                };
                let why = reasons.why(id, state);
                if state == TriageState::NotAffected && why == ("", "") {
                    let reason = format!(
                        "`{first}` is said not to do harm without saying why, so that it counts for nothing"
                    );
                    out.note(name, reason);
                    continue;
                }
                by_reason
                    .entry(why)
                    .or_default()
                    .extend(found.iter().cloned());
            }
            for ((justification, reason), products) in by_reason {
                out.rows.push(Statement {
                    source: name.to_owned(),
                    flaws: Flaws::Named(ids.clone()),
                    scope: Scope::Products(products),
                    state,
                    justification: justification.to_owned(),
                    reason: reason.to_owned(),
                    by: by.clone(),
                    made,
                    ends: None,
                });
            }
        }
        if nameless > 0 {
            let reason = format!(
                "{nameless} products of `{first}` have no package URL, or are on a platform that has none, so that \
                 what is said of them counts for nothing"
            );
            out.note(name, reason);
        }
    }
    Ok(out)
}

fn state(status: &str) -> Option<TriageState> {
    Some(match status {
        "known_not_affected" => TriageState::NotAffected,
        "fixed" | "first_fixed" => TriageState::Fixed,
        "known_affected" | "first_affected" | "last_affected" => TriageState::Affected,
        "under_investigation" => TriageState::UnderInvestigation,
        // `recommended` says nothing of the flaw.
        _ => return None,
    })
}

/// What each product id stands for.
fn products(tree: &Tree) -> BTreeMap<&str, Vec<Product>> {
    let mut out: BTreeMap<&str, Vec<Product>> = BTreeMap::new();
    let mut names: Vec<&FullName> = tree.full_product_names.iter().collect();
    let mut todo: Vec<&Branch> = tree.branches.iter().collect();
    while let Some(branch) = todo.pop() {
        names.extend(&branch.product);
        todo.extend(&branch.branches);
    }
    for name in names {
        let helper = name.product_identification_helper.iter();
        let purls = helper.flat_map(|helper| helper.purl.iter().chain(&helper.purls));
        let found = purls.filter_map(|purl| Product::of(purl)).collect();
        out.insert(&name.product_id, found);
    }
    let related: Vec<(&str, Vec<Product>)> = tree
        .relationships
        .iter()
        .map(|related| {
            let part = out.get(related.product_reference.as_str());
            let whole = out.get(related.relates_to_product_reference.as_str());
            let images: Vec<_> = whole
                .into_iter()
                .flatten()
                .flat_map(|whole| whole.images.clone())
                .collect();
            let parts = part.into_iter().flatten();
            let products = parts
                .filter(|part| part.package.is_some() && !images.is_empty())
                .map(|part| Product {
                    images: images.clone(),
                    package: part.package.clone(),
                });
            (
                related.full_product_name.product_id.as_str(),
                products.collect(),
            )
        })
        .collect();
    out.extend(related);
    out
}

/// Why a product is in its state: flags, impacts and remediations, by product.
struct Reasons<'a> {
    flags: BTreeMap<&'a str, &'a str>,
    impacts: BTreeMap<&'a str, &'a str>,
    remediations: BTreeMap<&'a str, &'a str>,
}

impl<'a> Reasons<'a> {
    fn of(flaw: &'a Vulnerability, groups: &BTreeMap<&'a str, &'a [String]>) -> Self {
        let members = |ids: &'a [String], named: &'a [String]| -> Vec<&'a str> {
            let of_groups = named.iter().filter_map(|id| groups.get(id.as_str()));
            let of_groups = of_groups.flat_map(|members| members.iter());
            ids.iter().chain(of_groups).map(String::as_str).collect()
        };
        let mut flags = BTreeMap::new();
        for flag in &flaw.flags {
            for id in members(&flag.product_ids, &flag.group_ids) {
                flags.insert(id, flag.label.as_str());
            }
        }
        let said = |rows: &'a [Said], category: Option<&str>| {
            let mut out = BTreeMap::new();
            for row in rows {
                if category.is_none_or(|category| row.category == category) {
                    for id in members(&row.product_ids, &row.group_ids) {
                        out.insert(id, row.details.as_deref().unwrap_or_default());
                    }
                }
            }
            out
        };
        Self {
            flags,
            impacts: said(&flaw.threats, Some("impact")),
            remediations: said(&flaw.remediations, None),
        }
    }

    fn why(&self, id: &str, state: TriageState) -> (&'a str, &'a str) {
        let of = |map: &BTreeMap<&'a str, &'a str>| map.get(id).copied().unwrap_or_default();
        match state {
            TriageState::NotAffected => (of(&self.flags), of(&self.impacts)),
            _ => ("", of(&self.remediations)),
        }
    }
}
