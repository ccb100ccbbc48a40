//! The shape of security databases for apk: `packages[].pkg.{name, secfixes: {version: [ids]}}`.
//!
//! Source: <https://security.alpinelinux.org> and the format that Wolfi and Chainguard took over from it. A
//! package is a source package (`origin`). The version is the first that has the fix; `0` says that the
//! package never had the flaw. Flaws without a fix are not listed at all.

use std::collections::BTreeMap;

use plimsoll_version::Scheme;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::document::{Document, Flow, Sink};
use crate::FeedError;
use crate::advisory::{Advisory, Affected, Claim};
use crate::key::EcosystemKey;

/// Published databases have a few megabytes.
const LIMIT: u64 = 512 << 20;

#[derive(Deserialize)]
struct Database<'a> {
    #[serde(borrow)]
    packages: Option<Vec<&'a RawValue>>,
}

#[derive(Deserialize)]
struct Entry {
    pkg: Package,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    /// Null or an empty list where there is nothing, as some generators write it.
    secfixes: Option<Fixes>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Fixes {
    Versions(BTreeMap<String, Option<Vec<String>>>),
    Nothing([String; 0]),
}

/// Parses a document whose packages are of one ecosystem. Whether that covers it, the caller knows.
pub(super) fn parse(
    document: &mut Document<'_>,
    key: &EcosystemKey,
    sink: &mut Sink<'_>,
) -> Result<(), FeedError> {
    let bytes = document.bytes(LIMIT)?;
    let database: Database<'_> =
        serde_json::from_slice(&bytes).map_err(|source| document.json(source))?;
    let Some(packages) = database.packages else {
        return Err(document.shape("it has no list of packages"));
    };
    for (place, raw) in packages.into_iter().enumerate() {
        match serde_json::from_str::<Entry>(raw.get()) {
            Err(error) => sink.problem(format!("package {place}"), error.to_string()),
            Ok(entry) => {
                if package(entry.pkg, key, sink) == Flow::Stop {
                    break;
                }
            }
        }
    }
    Ok(())
}

fn package(package: Package, key: &EcosystemKey, sink: &mut Sink<'_>) -> Flow {
    let Some(Fixes::Versions(fixes)) = package.secfixes else {
        return Flow::GoOn;
    };
    // For each flaw its other names, and the version that decides.
    let mut flaws: BTreeMap<String, (Vec<String>, String)> = BTreeMap::new();
    for (version, entries) in fixes {
        let version = version.trim();
        for text in entries.unwrap_or_default() {
            let ids = ids(&text);
            if ids.is_empty() {
                sink.problem(
                    package.name.clone(),
                    format!("`{text}` is not the id of a flaw"),
                );
            }
            for (id, aliases) in ids {
                match flaws.get_mut(&id) {
                    None => {
                        flaws.insert(id, (aliases, version.to_owned()));
                    }
                    Some((known, decided)) => {
                        known.extend(aliases);
                        if supersedes(version, decided) {
                            version.clone_into(decided);
                        }
                    }
                }
            }
        }
    }
    for (id, (aliases, version)) in flaws {
        let claim = match version.as_str() {
            "0" => Claim::Never,
            _ => Claim::before(version),
        };
        let advisory = Advisory {
            record: id.clone(),
            id,
            aliases,
            affected: vec![Affected::new(key.clone(), package.name.clone(), claim)],
            ..Advisory::default()
        };
        if sink.advisory(advisory) == Flow::Stop {
            return Flow::Stop;
        }
    }
    Flow::GoOn
}

/// Where one flaw stands under several versions, the fix was made in steps, or a later state corrects an
/// earlier one; the highest version has all of it. A real version outweighs `0`: someone saw the flaw.
fn supersedes(version: &str, decided: &str) -> bool {
    match (version, decided) {
        ("0", _) => false,
        (_, "0") => true,
        _ => !Scheme::Apk
            .compare(version, decided)
            .is_ok_and(std::cmp::Ordering::is_le),
    }
}

/// The flaws that one entry names. Old databases write several names of one flaw with spaces between, the
/// CVE id first (`CVE-2017-2616 XSA-200`), and spoil the hyphen of a CVE id here and there.
fn ids(text: &str) -> Vec<(String, Vec<String>)> {
    let repaired = text.replace("CVE_", "CVE-").replace("CVE ", "CVE-");
    let (cves, others): (Vec<&str>, Vec<&str>) = repaired
        .split_whitespace()
        .map(|word| word.trim_matches(|c: char| matches!(c, ',' | ';' | '(' | ')')))
        // A hyphen that stands alone is no name.
        .filter(|word| word.contains('-') && word.contains(|c: char| c.is_ascii_alphanumeric()))
        .partition(|word| word.starts_with("CVE-"));
    let others: Vec<String> = others.into_iter().map(str::to_owned).collect();
    if let [cve] = cves.as_slice() {
        return vec![((*cve).to_owned(), others)];
    }
    // Several CVE ids are several flaws, and which of them the other names mean is not told.
    let cves = cves.into_iter().map(|cve| (cve.to_owned(), Vec::new()));
    if cves.len() > 0 {
        return cves.collect();
    }
    let mut others = others.into_iter();
    others
        .next()
        .map(|first| (first, others.collect()))
        .into_iter()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_ids_as_old_databases_write_them() {
        let id = |text: &str| ids(text);
        assert_eq!(id("CVE-2020-1"), [("CVE-2020-1".into(), vec![])]);
        assert_eq!(
            id("CVE-2017-2616 (+ XSA-200)"),
            [("CVE-2017-2616".into(), vec!["XSA-200".into()])]
        );
        assert_eq!(id("CVE_2019-2426"), [("CVE-2019-2426".into(), vec![])]);
        assert_eq!(id("CVE 2018-5712"), [("CVE-2018-5712".into(), vec![])]);
        assert_eq!(id("XSA-248"), [("XSA-248".into(), vec![])]);
        assert_eq!(id("CVE-1-1 CVE-1-2").len(), 2);
        assert_eq!(
            id("CVE-2018-10103 (SMB - partially fixed, but SMB printing disabled)"),
            [("CVE-2018-10103".into(), vec![])]
        );
        // Ids of GitHub need not have a digit.
        let ghsa = "GHSA-cfgh-jmpq-rvwx";
        assert_eq!(id(ghsa), [(ghsa.into(), vec![])]);
        assert!(id("regression").is_empty());
    }

    #[test]
    fn the_last_step_of_a_fix_decides() {
        assert!(supersedes("102.1.0-r0", "102.0-r0"));
        assert!(!supersedes("2.2.9-r0", "2.10.1-r0"));
        assert!(supersedes("3.2.4-r0", "0"));
        assert!(!supersedes("0", "3.2.4-r0"));
    }
}
