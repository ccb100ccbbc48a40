//! What NVD states of products: configurations of CPE match criteria.
//!
//! Source: <https://nvd.nist.gov/developers/vulnerabilities>, `configurations`, and NIST IR 7695 for the names
//! (`cpe:2.3:part:vendor:product:version:update:edition:language:sw_edition:target_sw:target_hw:other`, `\` before
//! what is no letter). A configuration has nodes; with `AND` all of them must hold, such as a program and a system on
//! which it runs. Only programs of [`crate::program`] are taken.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use serde::Deserialize;

use plimsoll_version::Scheme;

use crate::advisory::{Affected, Claim, Event, Outlook};
use crate::key::EcosystemKey;
use crate::program;

/// One configuration.
#[derive(Deserialize)]
pub(super) struct Configuration {
    #[serde(default)]
    negate: bool,
    #[serde(default)]
    nodes: Vec<Node>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Node {
    #[serde(default)]
    negate: bool,
    #[serde(default)]
    cpe_match: Vec<Match>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Match {
    vulnerable: bool,
    criteria: String,
    version_start_including: Option<String>,
    version_start_excluding: Option<String>,
    version_end_including: Option<String>,
    version_end_excluding: Option<String>,
}

/// What is said of one program.
#[derive(Default)]
struct Said {
    ranges: Vec<Vec<Event>>,
    listed: Vec<String>,
    /// A statement that no version is told in.
    vague: bool,
}

/// The programs that are affected.
pub(super) fn affected(configurations: &[Configuration]) -> Vec<Affected> {
    let mut said: BTreeMap<&'static str, Said> = BTreeMap::new();
    for configuration in configurations {
        if configuration.negate || elsewhere(configuration) {
            continue;
        }
        for node in configuration.nodes.iter().filter(|node| !node.negate) {
            for one in node.cpe_match.iter().filter(|one| one.vulnerable) {
                let names = fields(&one.criteria);
                let Some(program) = known(&names) else {
                    continue;
                };
                statement(one, &names, program, said.entry(program).or_default());
            }
        }
    }
    let key = EcosystemKey::new(program::KEY);
    let mut all = Vec::new();
    for (name, said) in said {
        if program::is_runtime(name) {
            all.extend(earlier(&said.listed).map(|claim| Affected {
                outlook: Outlook::Untold,
                ..Affected::new(key.clone(), name, claim)
            }));
        }
        let claim = if said.vague && said.ranges.is_empty() && said.listed.is_empty() {
            Claim::Undetermined("NVD names the program and no versions".to_owned())
        } else {
            Claim::Versions {
                ranges: said.ranges,
                listed: said.listed,
            }
        };
        all.push(Affected::new(key.clone(), name, claim));
    }
    all
}

/// Versions of Java's lines before the newest that is listed of each: `[17, 17.0.9)` where that is 17.0.9.
///
/// Oracle tests what it supports, which is the newest of each line, and writes beside its lists: "it is likely that
/// earlier versions of affected releases are also affected" (<https://www.oracle.com/security-alerts/cpujan2024.html>,
/// "Supported Products and Versions"). NVD takes the lists over.
fn earlier(listed: &[String]) -> Option<Claim> {
    let mut newest: BTreeMap<&str, &str> = BTreeMap::new();
    for version in listed {
        let line = version.split(['.', '_']).next().unwrap_or(version);
        let known = newest.entry(line).or_insert(version);
        if Scheme::Portage
            .compare(known, version)
            .is_ok_and(Ordering::is_lt)
        {
            *known = version;
        }
    }
    let ranges: Vec<Vec<Event>> = newest
        .into_iter()
        .filter(|(line, version)| line != version)
        .map(|(line, version)| {
            vec![
                Event::Introduced(line.to_owned()),
                Event::Limit(version.to_owned()),
            ]
        })
        .collect();
    let listed = Vec::new();
    (!ranges.is_empty()).then_some(Claim::Versions { ranges, listed })
}

/// Whether the configuration holds on other systems than Linux alone.
fn elsewhere(configuration: &Configuration) -> bool {
    let platforms = || {
        let matches = configuration.nodes.iter().flat_map(|node| &node.cpe_match);
        matches
            .filter(|one| !one.vulnerable)
            .map(|one| fields(&one.criteria))
    };
    let is_other = |names: &Vec<String>| {
        let part = |place: usize| names.get(place).map_or("", String::as_str);
        let other = ["microsoft", "apple", "google"].contains(&part(3));
        part(2) == "o" && (other || part(4).contains("windows"))
    };
    platforms().next().is_some() && platforms().all(|names| is_other(&names))
}

/// The program, if the statement is of one that runs on Linux.
fn known(names: &[String]) -> Option<&'static str> {
    let part = |place: usize| names.get(place).map_or("", String::as_str);
    // Plugins and ports bear the name of the program with the system that they are for.
    let target = part(10);
    let fits = matches!(target, "*" | "-" | "linux" | "unix") && part(2) == "a";
    let program = fits.then(|| program::of_product(part(3), part(4)))??;
    // Oracle's pack for Java 8 has a later virtual machine, and flaws of its own under the numbers of plain Java 8.
    let is_other_edition = program::is_runtime(program) && !matches!(part(9), "*" | "-");
    (!is_other_edition).then_some(program)
}

fn statement(one: &Match, names: &[String], program: &str, said: &mut Said) {
    let part = |place: usize| names.get(place).map_or("", String::as_str);
    let (version, update) = (part(5), part(6));
    let is_runtime = program::is_runtime(program);
    if !matches!(version, "*" | "-") {
        let spelt = if is_runtime {
            of_runtime(version, update)
        } else {
            updated(version, update)
        };
        match spelt {
            Some(version) => said.listed.push(version),
            None => said.vague = true,
        }
        return;
    }
    let spelt = |version: &String| {
        let own = || program::runtime_version(version);
        is_runtime.then(own).flatten().unwrap_or(version.clone())
    };
    // There is no event for a version that is itself excluded: taking it as affected errs on the safe side.
    let begin = one
        .version_start_including
        .as_ref()
        .or(one.version_start_excluding.as_ref());
    let begin = begin.map_or_else(|| "0".to_owned(), spelt);
    let end = match (&one.version_end_excluding, &one.version_end_including) {
        (Some(version), _) => Event::Fixed(spelt(version)),
        (None, Some(version)) => Event::LastAffected(spelt(version)),
        (None, None) if begin == "0" => {
            said.vague = true;
            return;
        }
        (None, None) => {
            said.ranges.push(vec![Event::Introduced(begin)]);
            return;
        }
    };
    said.ranges.push(vec![Event::Introduced(begin), end]);
}

/// A version of a Java runtime with its update: `8` or `1.8.0` and `update392` make `8.0.392`, `milestone1` is one
/// before the release.
fn of_runtime(version: &str, update: &str) -> Option<String> {
    let release = program::runtime_version(version)?;
    if matches!(update, "*" | "-" | "") {
        return Some(release);
    }
    let number = |prefix: &str| {
        let number = update.strip_prefix(prefix)?.trim_start_matches('_');
        let sound = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
        sound.then_some(number)
    };
    if let Some(milestone) = number("milestone") {
        return Some(format!("{release}_alpha{milestone}"));
    }
    program::runtime_version(&format!("{release}u{}", number("update")?))
}

/// A version with its update, as our order of versions writes it: `3.12.0` and `alpha1` make `3.12.0_alpha1`. `None`
/// for updates that are no part of the order.
fn updated(version: &str, update: &str) -> Option<String> {
    if matches!(update, "*" | "-" | "") {
        return Some(version.to_owned());
    }
    let digits = update.trim_start_matches(|c: char| c.is_ascii_lowercase());
    let word = update.strip_suffix(digits)?;
    let suffix = match word {
        "alpha" | "beta" | "rc" => word,
        "patch" | "p" => "p",
        _ => return None,
    };
    let sound = digits.bytes().all(|byte| byte.is_ascii_digit());
    sound.then(|| format!("{version}_{suffix}{digits}"))
}

/// The parts of a name, without their escapes.
fn fields(criteria: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut escaped = false;
    for c in criteria.chars() {
        match (escaped, c, parts.last_mut()) {
            (false, '\\', _) => escaped = true,
            (false, ':', _) => parts.push(String::new()),
            (_, c, Some(last)) => {
                last.push(c);
                escaped = false;
            }
            (_, _, None) => {}
        }
    }
    parts
}
