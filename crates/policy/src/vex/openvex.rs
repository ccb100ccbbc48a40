//! OpenVEX 0.2, and the older form whose products are texts.
//!
//! Source: the OpenVEX specification. A statement names products, and perhaps subcomponents: then the flaw is in
//! that part of the product. `not_affected` must say why (`justification` or `impact_statement`), or it counts
//! for nothing.

use plimsoll_model::triage::TriageState;
use serde::Deserialize;
use serde_json::Value;

use super::{ReadStatementsError, Statements, time};
use crate::statement::{Flaws, ImageName, Product, Scope, Statement};

#[derive(Deserialize)]
struct Document {
    author: Option<String>,
    timestamp: Option<String>,
    last_updated: Option<String>,
    statements: Vec<Row>,
}

#[derive(Deserialize)]
struct Row {
    vulnerability: Option<Value>,
    timestamp: Option<String>,
    last_updated: Option<String>,
    #[serde(default)]
    products: Vec<Value>,
    /// Of the older form, for all products.
    #[serde(default)]
    subcomponents: Vec<Value>,
    status: String,
    justification: Option<String>,
    impact_statement: Option<String>,
    action_statement: Option<String>,
}

pub(super) fn read(name: &str, bytes: &[u8]) -> Result<Statements, ReadStatementsError> {
    let document: Document =
        serde_json::from_slice(bytes).map_err(|error| ReadStatementsError::new(name, &error))?;
    let mut out = Statements::default();
    for row in &document.statements {
        let ids = ids(row.vulnerability.as_ref());
        let Some(first) = ids.first().cloned() else {
            out.note(
                name,
                "a statement names no flaw, so that it counts for nothing",
            );
            continue;
        };
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let state = match row.status.as_str() {
            "not_affected" => TriageState::NotAffected,
            "affected" => TriageState::Affected,
            "fixed" => TriageState::Fixed,
            "under_investigation" => TriageState::UnderInvestigation,
            other => {
                let reason = format!("the status `{other}` of `{first}` is none of OpenVEX");
                out.note(name, reason);
                continue;
            }
        };
        let justification = text(&row.justification);
        let reason = match text(&row.impact_statement) {
            impact if impact.is_empty() => text(&row.action_statement),
            impact => impact,
        };
        if state == TriageState::NotAffected && justification.is_empty() && reason.is_empty() {
            let reason = format!(
                "`{first}` is said not to do harm without saying why, so that it counts for nothing"
            );
            out.note(name, reason);
            continue;
        }
        let products: Vec<Product> = row
            .products
            .iter()
            .flat_map(|one| product(one, row))
            .collect();
        if products.is_empty() {
            let reason = format!(
                "the statement on `{first}` names no package URL and no digest as product, so that it counts for \
                 nothing"
            );
            out.note(name, reason);
            continue;
        }
        let dates = [
            &row.last_updated,
            &row.timestamp,
            &document.last_updated,
            &document.timestamp,
        ];
        let made = dates.iter().find_map(|date| time(date.as_ref()));
        out.rows.push(Statement {
            source: name.to_owned(),
            flaws: Flaws::Named(ids),
            scope: Scope::Products(products),
            state,
            justification,
            reason,
            by: text(&document.author),
            made,
            ends: None,
        });
    }
    Ok(out)
}

/// The ids of a flaw: a text, or an object with a name and aliases.
fn ids(value: Option<&Value>) -> Vec<String> {
    match value {
        Some(Value::String(id)) if !id.is_empty() => vec![id.clone()],
        Some(Value::Object(flaw)) => {
            let name = flaw.get("name").and_then(Value::as_str);
            let aliases = flaw.get("aliases").and_then(Value::as_array);
            let aliases = aliases.into_iter().flatten().filter_map(Value::as_str);
            let all = name.into_iter().chain(aliases);
            all.filter(|id| !id.is_empty()).map(str::to_owned).collect()
        }
        _ => Vec::new(),
    }
}

/// The products that one entry stands for.
fn product(value: &Value, row: &Row) -> Vec<Product> {
    let own = component(value);
    let parts = value.get("subcomponents").and_then(Value::as_array);
    let parts: Vec<&Value> = parts.unwrap_or(&row.subcomponents).iter().collect();
    if parts.is_empty() {
        return own;
    }
    let images: Vec<ImageName> = own.into_iter().flat_map(|one| one.images).collect();
    if images.is_empty() {
        // A part of a package that is no image: its copy elsewhere is another matter, and we do not see which
        // one a finding is in.
        return Vec::new();
    }
    let parts = parts.into_iter().flat_map(component);
    parts
        .filter(|part| part.package.is_some())
        .map(|part| Product {
            images: images.clone(),
            package: part.package,
        })
        .collect()
}

/// What names a component: its id, its identifiers and its hashes. Names of an image are joined, for they are
/// names of one thing.
fn component(value: &Value) -> Vec<Product> {
    let text = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
    let mut names: Vec<String> = Vec::new();
    names.extend(text(Some(value)));
    names.extend(text(value.get("@id")));
    let identifiers = value.get("identifiers");
    names.extend(text(identifiers.and_then(|all| all.get("purl"))));
    for field in [
        value.get("hashes"),
        identifiers.and_then(|all| all.get("hashes")),
    ] {
        for algorithm in ["sha-256", "sha256"] {
            let sum = text(field.and_then(|all| all.get(algorithm)));
            names.extend(sum.map(|sum| format!("sha256:{sum}")));
        }
    }
    let mut out = Vec::new();
    for product in names.iter().filter_map(|name| Product::of(name)) {
        if !out.contains(&product) {
            out.push(product);
        }
    }
    // Where the entry tells the digest, a name without one is no more than its description.
    let is_digest = |name: &ImageName| match name {
        ImageName::Digest(_) => true,
        ImageName::Oci(parsed) => !parsed.version.is_empty(),
    };
    if out.iter().flat_map(|one| &one.images).any(is_digest) {
        out.retain(|one| one.images.is_empty() || one.images.iter().any(is_digest));
    }
    out
}
