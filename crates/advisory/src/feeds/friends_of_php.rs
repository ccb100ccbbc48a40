//! Security advisories of PHP libraries that `FriendsOfPHP` keeps.
//!
//! Source: the repository's README. `<vendor>/<package>/<CVE or date>.yaml`; each branch of the library lists the
//! constraints, all of which the affected versions of that branch fulfil. `reference` names the package. A branch
//! without a number (`dev-master`) is listed as it stands.

use plimsoll_version::Scheme;
use serde::Deserialize;
use serde_yaml_ng::{Mapping, Value};

use super::document::{Document, Flow, Sink};
use super::requirement::{Dialect, Versions};
use super::{DocumentTemplate, Feed, FeedMeta, archive, erratum};
use crate::FeedError;
use crate::advisory::{Advisory, Affected, Claim};
use crate::key::EcosystemKey;

/// The feed.
#[derive(Debug)]
pub(super) struct FriendsOfPhp;

macro_rules! template {
    ($path:literal, $url:literal) => {
        DocumentTemplate {
            path: $path,
            url: $url,
            state: "friendsofphp",
            ecosystem: "Packagist",
            names: &[],
        }
    };
}

static META: FeedMeta = FeedMeta {
    id: "friendsofphp",
    title: "PHP security advisories of FriendsOfPHP",
    docs: "https://github.com/FriendsOfPHP/security-advisories#contributing",
    base_setting: "feeds.friendsofphp",
    base: "https://github.com/FriendsOfPHP/security-advisories/archive/refs/heads",
    documents: &[
        template!("friendsofphp/master.tar.gz", "master.tar.gz"),
        template!("friendsofphp/master.zip", ""),
        template!("friendsofphp/{}.yaml", ""),
    ],
    record_page: "",
};

#[derive(Deserialize)]
struct Record {
    title: Option<String>,
    link: Option<String>,
    cve: Option<String>,
    reference: String,
    #[serde(default)]
    branches: Branches,
}

/// The branches; their names are numbers as often as texts and say nothing that their constraints do not.
#[derive(Default)]
struct Branches(Vec<Branch>);

#[derive(Deserialize)]
struct Branch {
    time: Option<Value>,
    #[serde(default)]
    versions: Constraints,
}

/// One constraint or a list.
#[derive(Deserialize, Default)]
#[serde(untagged)]
enum Constraints {
    #[default]
    None,
    One(String),
    Several(Vec<String>),
}

impl<'de> Deserialize<'de> for Branches {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let branches = Option::<Mapping>::deserialize(deserializer)?.unwrap_or_default();
        let branches = branches
            .into_iter()
            .map(|(_, branch)| serde_yaml_ng::from_value(branch).map_err(serde::de::Error::custom));
        branches.collect::<Result<_, _>>().map(Self)
    }
}

impl Feed for FriendsOfPhp {
    fn meta(&self) -> &'static FeedMeta {
        &META
    }

    fn parse(&self, document: &mut Document<'_>, sink: &mut Sink<'_>) -> Result<(), FeedError> {
        let key = EcosystemKey::new("Packagist");
        sink.covers(if document.name().is_empty() {
            key.one_list()
        } else {
            key.single_documents()
        });
        let is_record = |path: &str| {
            let is_hidden = path.split('/').any(|part| part.starts_with('.'));
            let depth = path.matches('/').count();
            archive::has_extension(path, "yaml") && !is_hidden && depth >= 2
        };
        archive::records(document, sink, is_record, &mut take)
    }
}

fn take(path: &str, bytes: &[u8], sink: &mut Sink<'_>) -> Result<Flow, String> {
    let record: Record = archive::yaml(bytes)?;
    let Some(package) = record.reference.trim().strip_prefix("composer://") else {
        return Err("its `reference` names no package of Composer".to_owned());
    };
    let package = package.to_lowercase();
    let stem = archive::file_name(path);
    let stem = stem.strip_suffix(".yaml").unwrap_or(stem);
    let is_cve = |text: &str| {
        let number = text
            .strip_prefix("CVE-")
            .and_then(|rest| rest.split_once('-'));
        let digits =
            |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        number.is_some_and(|(year, number)| digits(year) && digits(number))
    };
    let told = record
        .cve
        .as_deref()
        .map(str::trim)
        .filter(|text| is_cve(text));
    let cve = told.or_else(|| Some(stem).filter(|text| is_cve(text)));
    let id = cve.map_or_else(
        || format!("FOP-{}-{stem}", package.replace('/', "-")),
        str::to_owned,
    );
    let dates = record.branches.0.iter().filter_map(|branch| {
        let text = branch.time.as_ref().and_then(Value::as_str)?;
        erratum::date(text)
    });
    let dates: Vec<_> = dates.collect();
    let mut advisory = Advisory {
        record: id.clone(),
        id,
        title: record.title.unwrap_or_default(),
        references: record.link.into_iter().collect(),
        published: dates.iter().min().copied(),
        modified: dates.iter().max().copied(),
        ..Advisory::default()
    };
    let key = EcosystemKey::new("Packagist");
    let mut versions = Versions::default();
    let mut listed = Vec::new();
    let mut unread = Vec::new();
    for branch in record.branches.0 {
        let constraints = match branch.versions {
            Constraints::None => Vec::new(),
            Constraints::One(text) => vec![text],
            Constraints::Several(texts) => texts,
        };
        let (named, ordered): (Vec<String>, Vec<String>) = constraints
            .into_iter()
            .partition(|text| text.starts_with("dev-"));
        listed.extend(named);
        if ordered.is_empty() {
            continue;
        }
        if let Err(reason) = versions.add(Dialect::Composer, Scheme::Composer, &ordered.join(",")) {
            unread.push(reason);
        }
    }
    let ranges = versions.ranges(Dialect::Composer, Scheme::Composer);
    if ranges.is_empty() && listed.is_empty() && unread.is_empty() {
        unread.push("it names no affected versions".to_owned());
    }
    if !(ranges.is_empty() && listed.is_empty()) {
        let claim = Claim::Versions { ranges, listed };
        let affected = Affected::new(key.clone(), package.clone(), claim);
        advisory.affected.push(affected);
    }
    // What cannot be read may hold any version.
    if let Some(reason) = unread.first() {
        sink.problem(advisory.record.clone(), reason.clone());
        let claim = Claim::Undetermined(reason.clone());
        advisory.affected.push(Affected::new(key, package, claim));
    }
    Ok(sink.advisory(advisory))
}
