//! `ignore` of `.grype.yaml`: rules of which every part must hold.
//!
//! Source: Grype's documentation, "Specifying matches to ignore". Parts that only Grype knows (`namespace`,
//! `match-type`, `vex-status`, `vex-justification`) cannot be asked here, so that a rule with one of them does
//! not count. Rules of Grype have no end.

use plimsoll_model::Ecosystem;
use regex::Regex;
use serde::Deserialize;
use serde_yaml_ng::Value;

use super::{glob, rule};
use crate::statement::{Condition, Fix, Flaws, Scope};
use crate::vex::{ReadStatementsError, Statements};
use crate::yaml;

#[derive(Deserialize, Default)]
struct File {
    ignore: Option<Vec<Rule>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Rule {
    vulnerability: Option<String>,
    #[serde(default)]
    include_aliases: bool,
    reason: Option<String>,
    fix_state: Option<String>,
    package: Option<Package>,
    #[serde(flatten)]
    others: std::collections::BTreeMap<String, Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Package {
    name: Option<String>,
    version: Option<Value>,
    language: Option<String>,
    #[serde(rename = "type")]
    kind: Option<String>,
    location: Option<String>,
    upstream_name: Option<String>,
    #[serde(flatten)]
    others: std::collections::BTreeMap<String, Value>,
}

pub(super) fn read(name: &str, text: &str) -> Result<Statements, ReadStatementsError> {
    let file: Option<File> =
        yaml::read(text).map_err(|error| ReadStatementsError::new(name, &error))?;
    let mut out = Statements::default();
    let rules = file.unwrap_or_default().ignore.unwrap_or_default();
    for (place, row) in rules.into_iter().enumerate() {
        match carried(&row) {
            Ok((flaws, conditions)) => {
                let reason = row.reason.unwrap_or_default();
                out.rows
                    .push(rule(name, flaws, Scope::Where(conditions), &reason, None));
            }
            Err(why) => {
                let number = place.saturating_add(1);
                out.note(name, format!("rule {number} does not count: {why}"));
            }
        }
    }
    Ok(out)
}

/// The rule in our terms, or why it has none.
fn carried(row: &Rule) -> Result<(Flaws, Vec<Condition>), String> {
    let package = row.package.as_ref();
    let others = row
        .others
        .iter()
        .chain(package.into_iter().flat_map(|one| &one.others));
    let mut given = others.filter(|(_, value)| !is_empty(value));
    if let Some((field, _)) = given.next() {
        return Err(format!("`{field}` cannot be asked here"));
    }
    let mut conditions = Vec::new();
    if let Some(state) = filled(row.fix_state.as_ref()) {
        conditions.push(Condition::Fix(match state {
            "fixed" => Fix::Fixed,
            "not-fixed" => Fix::NotFixed,
            "wont-fix" => Fix::WontFix,
            "unknown" => Fix::Unknown,
            other => return Err(format!("`{other}` is no `fix-state`")),
        }));
    }
    if let Some(package) = package {
        if let Some(name) = filled(package.name.as_ref()) {
            conditions.push(Condition::Name(whole(name)?));
        }
        if let Some(name) = filled(package.upstream_name.as_ref()) {
            conditions.push(Condition::Source(whole(name)?));
        }
        match &package.version {
            None | Some(Value::Null) => {}
            Some(Value::String(version)) if version.is_empty() => {}
            Some(Value::String(version)) => conditions.push(Condition::Version(version.clone())),
            // YAML takes `1.10` for a number and forgets the zero.
            Some(_) => return Err("the version is a number; it must be quoted".to_owned()),
        }
        if let Some(kind) = filled(package.kind.as_ref()) {
            conditions.push(Condition::Ecosystems(listed(TYPES, kind)?));
        }
        if let Some(language) = filled(package.language.as_ref()) {
            conditions.push(Condition::Ecosystems(listed(LANGUAGES, language)?));
        }
        if let Some(location) = filled(package.location.as_ref()) {
            let glob = glob(location).ok_or_else(|| format!("`{location}` is no glob"))?;
            conditions.push(Condition::Paths(vec![glob]));
        }
    }
    let flaws = match filled(row.vulnerability.as_ref()) {
        Some(id) if row.include_aliases => Flaws::Named(vec![id.to_owned()]),
        Some(id) => Flaws::OfGrype(id.to_owned()),
        None if conditions.is_empty() => return Err("it asks for nothing".to_owned()),
        None => Flaws::All,
    };
    Ok((flaws, conditions))
}

fn is_empty(value: &Value) -> bool {
    value.is_null() || value.as_str() == Some("")
}

fn filled(text: Option<&String>) -> Option<&str> {
    text.map(String::as_str).filter(|text| !text.is_empty())
}

/// An expression that must match the whole text, as Grype reads names.
fn whole(pattern: &str) -> Result<Regex, String> {
    let bounded = Regex::new(&format!("^(?:{pattern})$"));
    bounded.map_err(|_| format!("`{pattern}` is no expression"))
}

fn listed(table: &[(&str, &[Ecosystem])], word: &str) -> Result<Vec<Ecosystem>, String> {
    let row = table.iter().find(|(known, _)| *known == word);
    let row = row.ok_or_else(|| format!("`{word}` is no kind of package that is known here"))?;
    Ok(row.1.to_vec())
}

/// Types of packages in Syft's words.
const TYPES: &[(&str, &[Ecosystem])] = &[
    ("alpm", &[Ecosystem::Alpm]),
    ("apk", &[Ecosystem::Apk]),
    ("cocoapods", &[Ecosystem::Cocoapods]),
    ("conan", &[Ecosystem::Conan]),
    ("conda", &[Ecosystem::Conda]),
    ("dart-pub", &[Ecosystem::Pub]),
    ("deb", &[Ecosystem::Deb]),
    ("dotnet", &[Ecosystem::Nuget]),
    ("gem", &[Ecosystem::Gem]),
    ("github-action", &[Ecosystem::Actions]),
    ("go-module", &[Ecosystem::Go]),
    ("hackage", &[Ecosystem::Hackage]),
    ("hex", &[Ecosystem::Hex]),
    ("java-archive", &[Ecosystem::Maven]),
    ("lua-rocks", &[Ecosystem::Luarocks]),
    ("npm", &[Ecosystem::Npm]),
    ("php-composer", &[Ecosystem::Composer]),
    ("portage", &[Ecosystem::Portage]),
    ("python", &[Ecosystem::Pypi]),
    ("R-package", &[Ecosystem::Cran]),
    ("rpm", &[Ecosystem::Rpm]),
    ("rust-crate", &[Ecosystem::Cargo]),
    ("swift", &[Ecosystem::Swift]),
];

/// Languages in Syft's words.
const LANGUAGES: &[(&str, &[Ecosystem])] = &[
    ("dart", &[Ecosystem::Pub]),
    ("dotnet", &[Ecosystem::Nuget]),
    ("elixir", &[Ecosystem::Hex]),
    ("erlang", &[Ecosystem::Hex]),
    ("go", &[Ecosystem::Go]),
    ("haskell", &[Ecosystem::Hackage]),
    ("java", &[Ecosystem::Maven]),
    ("javascript", &[Ecosystem::Npm]),
    ("php", &[Ecosystem::Composer]),
    ("python", &[Ecosystem::Pypi]),
    ("R", &[Ecosystem::Cran]),
    ("ruby", &[Ecosystem::Gem]),
    ("rust", &[Ecosystem::Cargo]),
    ("swift", &[Ecosystem::Swift]),
];
