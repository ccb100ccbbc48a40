//! Which of Red Hat's products a package is of.
//!
//! One release is published in several streams: the release itself, minor releases that go on for a time (EUS, E4S,
//! AUS, TUS) with fixes under numbers of their own (trap T5), and products that are installed on top. The repository
//! of the package tells, else the content sets of the image, else the mark that Red Hat's build system leaves in the
//! release of every package: `.el9` and `.el9_4` are of the release, the latter of a branch for 9.4, and `.el8sat` is
//! of a product. The mark is there where images have no content sets (trap T6).
//!
//! What a repository has is told by Red Hat's own map from repositories to products, where the database has it, and
//! else by the name.

use std::collections::BTreeSet;

use plimsoll_model::facts::{ImageFacts, Package};

use crate::db::Repositories;
use crate::key::EcosystemKey;
use crate::release::Mark;

/// Whose advisories speak of a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Stream {
    /// Those under these keys, the nearest first.
    Keys(Vec<EcosystemKey>),
    /// Those of a product of which the key is not known; its name for people.
    Other(String),
}

/// The keys for one package of an image whose release has the key `release`, `Red Hat:9`.
pub(super) fn keys(
    release: &EcosystemKey,
    facts: &ImageFacts,
    package: &Package,
    known: &Repositories,
) -> Stream {
    let major = release.as_str().rsplit(':').next().unwrap_or_default();
    let mark = Mark::of(&package.fact.version);
    let minor = minor(facts);
    if let Some(repository) = &package.repository {
        match Repository::of(repository, major, minor.as_deref(), known) {
            Repository::Release => {}
            Repository::Extended(at) => return stream(major, at.or(minor), &mark),
            Repository::Product(key) => return product(&key),
            Repository::Other => return Stream::Other(format!("the repository {repository}")),
            // Unknown names are of Red Hat's products or of the user's own mirror; the mark tells.
            Repository::Unknown => {
                if let Mark::Product(_) = mark {
                    return Stream::Other(format!("the repository {repository}"));
                }
            }
        }
        return stream(major, None, &mark);
    }
    match &mark {
        Mark::OpenShift(version) => product(&format!("openshift:{version}::el{major}")),
        Mark::Product(name) => Stream::Other(format!("Red Hat's product with the mark {name}")),
        Mark::Branch(_) | Mark::Release => {
            let mut extended = None;
            let mut beside = Vec::new();
            for set in &facts.content_sets {
                match Repository::of(set, major, minor.as_deref(), known) {
                    Repository::Extended(at) => extended = at.or(minor.clone()),
                    Repository::Product(key) if is_without_mark(&key) => beside.push(key),
                    _ => {}
                }
            }
            let Stream::Keys(mut keys) = stream(major, extended, &mark) else {
                return Stream::Other(release.to_string());
            };
            // Their packages bear the mark of the release; what the release says of a name decides.
            for key in beside {
                if let Stream::Keys(more) = product(&key) {
                    keys.extend(more);
                }
            }
            let mut seen = BTreeSet::new();
            keys.retain(|key| seen.insert(key.clone()));
            Stream::Keys(keys)
        }
    }
}

/// Products whose packages bear the mark of the release that they are installed on.
fn is_without_mark(key: &str) -> bool {
    key.starts_with("rhel_software_collections")
}

/// The release, with the minor releases that the package or the image is of before it.
fn stream(major: &str, minor: Option<String>, mark: &Mark) -> Stream {
    let branch = match mark {
        Mark::Branch(branch) => Some(branch.clone()),
        _ => None,
    };
    let of_release = |branch: &String| branch.split('.').next() == Some(major);
    let mut keys: Vec<EcosystemKey> = minor
        .into_iter()
        .chain(branch)
        .filter(of_release)
        .map(|branch| EcosystemKey::new(&format!("Red Hat:{branch}")))
        .collect();
    keys.dedup();
    keys.push(EcosystemKey::new(&format!("Red Hat:{major}")));
    Stream::Keys(keys)
}

/// A product, with less and less of its version: what has no fix yet is said of `openshift:4`.
fn product(key: &str) -> Stream {
    let mut keys = vec![format!("Red Hat:{key}")];
    let bare = key.split("::").next().unwrap_or(key);
    keys.push(format!("Red Hat:{bare}"));
    if let Some((before, _)) = bare.split_once('.') {
        keys.push(format!("Red Hat:{before}"));
    }
    keys.dedup();
    Stream::Keys(keys.iter().map(|key| EcosystemKey::new(key)).collect())
}

/// The minor release of the image, `9.4`.
fn minor(facts: &ImageFacts) -> Option<String> {
    let version = &facts.os.as_ref()?.release.version;
    version.contains('.').then(|| version.clone())
}

/// What the id of a repository, or of a content set, means.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Repository {
    /// A repository of the release.
    Release,
    /// One of a minor release with longer support, and which, where that is told.
    Extended(Option<String>),
    /// One of a product, as the key writes it.
    Product(String),
    /// One of a product of which no advisory that we read tells.
    Other,
    /// Not one that we know.
    Unknown,
}

/// Parts of ids that name streams of a minor release.
const EXTENDED: &[&str] = &["-eus-", "-e4s-", "-aus-", "-tus-"];

/// Repositories of the release itself, by the end of their names.
const OWN: &[&str] = &[
    "baseos",
    "appstream",
    "codeready-builder",
    "supplementary",
    "highavailability",
    "resilientstorage",
    "rt",
    "nfv",
    "sap-solutions",
    "sap-netweaver",
    "optional",
    "extras",
];

impl Repository {
    /// What Red Hat's own map says, else what the name tells; `minor` is the minor release of the image.
    fn of(id: &str, major: &str, minor: Option<&str>, known: &Repositories) -> Self {
        match known.products(id) {
            Some(products) => {
                Self::of_products(&products, major, minor).unwrap_or_else(|| Self::of_name(id))
            }
            None => Self::of_name(id),
        }
    }

    /// What the products of a repository make it; `None` where they are of another release.
    fn of_products(products: &[&str], major: &str, minor: Option<&str>) -> Option<Self> {
        if products.is_empty() {
            return Some(Self::Other);
        }
        let bare = |key: &&str| key.strip_prefix("Red Hat:").unwrap_or(key).to_owned();
        let keys: Vec<String> = products.iter().map(bare).collect();
        if keys.iter().any(|key| key == major) {
            return Some(Self::Release);
        }
        let of_release = |key: &&String| key.split('.').next() == Some(major) && key.contains('.');
        let minors: Vec<&String> = keys.iter().filter(of_release).collect();
        match minors.as_slice() {
            [] => {}
            [one] => return Some(Self::Extended(Some((*one).clone()))),
            // The repository follows the image; another minor release than its own would say nothing of it.
            several => {
                let own = several.iter().find(|key| Some(key.as_str()) == minor);
                return Some(Self::Extended(own.map(|key| (*key).clone())));
            }
        }
        let product = keys
            .iter()
            .find(|key| !key.starts_with(|c: char| c.is_ascii_digit()));
        product.map(|key| Self::Product(key.clone()))
    }

    fn of_name(id: &str) -> Self {
        // `rhel-9-for-x86_64-baseos-rpms__9_DOT_4` is the same repository held at a minor release.
        let (id, _) = id.split_once("__").unwrap_or((id, ""));
        if let Some(rest) = id.strip_prefix("rhocp-").or_else(|| {
            id.strip_prefix("rhel-7-server-ose-")
                .or_else(|| id.strip_prefix("rhel-8-server-ose-"))
        }) {
            let version: String = rest
                .chars()
                .take_while(|c| c.is_ascii_digit() || *c == '.')
                .collect();
            let major = id
                .split("rhel-")
                .nth(1)
                .and_then(|rest| rest.split('-').next())
                .unwrap_or_default();
            return Self::Product(format!("openshift:{version}::el{major}"));
        }
        if id.contains("-server-rhscl-") || id.starts_with("rhel-server-rhscl-") {
            return Self::Product("rhel_software_collections:3::el7".to_owned());
        }
        let rest = id
            .strip_prefix("codeready-builder-for-")
            .map_or(id, |rest| rest);
        let Some(rest) = rest
            .strip_prefix("rhel-")
            .or_else(|| rest.strip_prefix("ubi-"))
        else {
            return Self::Unknown;
        };
        let (major, rest) = rest.split_once('-').unwrap_or((rest, ""));
        if major.is_empty() || !major.bytes().all(|byte| byte.is_ascii_digit()) {
            return Self::Unknown;
        }
        if EXTENDED.iter().any(|part| id.contains(part)) {
            return Self::Extended(None);
        }
        let named = |part: &&str| {
            rest.split("-rpms")
                .next()
                .unwrap_or(rest)
                .ends_with(part.trim_end_matches('-'))
        };
        let is_whole = rest == "server-rpms" || rest == "server-els-rpms" || rest == "rpms";
        if id.starts_with("ubi-")
            || id.starts_with("codeready-builder-for-")
            || is_whole
            || OWN.iter().any(named)
        {
            Self::Release
        } else {
            Self::Unknown
        }
    }
}

#[cfg(test)]
mod tests {
    use plimsoll_model::Ecosystem;

    use super::*;
    use crate::slice::{image, package};

    #[test]
    fn repositories_tell_the_product() {
        for (id, expected) in [
            ("ubi-9-baseos-rpms", Repository::Release),
            ("rhel-9-for-x86_64-appstream-rpms", Repository::Release),
            (
                "rhel-8-for-x86_64-baseos-eus-rpms__8_DOT_6",
                Repository::Extended(None),
            ),
            (
                "codeready-builder-for-rhel-9-aarch64-rpms",
                Repository::Release,
            ),
            ("rhel-7-server-rpms", Repository::Release),
            ("rhel-7-server-optional-rpms", Repository::Release),
            ("rhel-7-server-ansible-2.9-rpms", Repository::Unknown),
            (
                "rhocp-4.12-for-rhel-8-x86_64-rpms",
                Repository::Product("openshift:4.12::el8".to_owned()),
            ),
            (
                "rhel-server-rhscl-7-rpms",
                Repository::Product("rhel_software_collections:3::el7".to_owned()),
            ),
            ("epel", Repository::Unknown),
        ] {
            assert_eq!(Repository::of_name(id), expected, "{id}");
        }
    }

    #[test]
    fn t5_t6_the_stream_of_a_package() {
        let ask = |version: &str, repository: Option<&str>, sets: &[&str]| {
            let mut facts = image(Some(("rhel", "9.4")), Vec::new());
            facts.content_sets = sets.iter().map(|set| (*set).to_owned()).collect();
            let mut installed = package(Ecosystem::Rpm, "curl", version);
            installed.repository = repository.map(str::to_owned);
            let known = Repositories::default();
            match keys(&EcosystemKey::new("Red Hat:9"), &facts, &installed, &known) {
                Stream::Keys(keys) => {
                    let keys: Vec<&str> = keys.iter().map(EcosystemKey::as_str).collect();
                    keys.join(" ")
                }
                Stream::Other(product) => product,
            }
        };
        assert_eq!(ask("1-1.el9", None, &[]), "Red Hat:9");
        assert_eq!(ask("1-1.el9_2.4", None, &[]), "Red Hat:9.2 Red Hat:9");
        assert_eq!(
            ask("1-1.el9", Some("rhel-9-for-x86_64-baseos-eus-rpms"), &[]),
            "Red Hat:9.4 Red Hat:9"
        );
        assert_eq!(
            ask("1-1.el9_2.4", None, &["rhel-9-for-x86_64-baseos-eus-rpms"]),
            "Red Hat:9.4 Red Hat:9.2 Red Hat:9"
        );
        assert_eq!(
            ask("1-1.rhaos4.12.el9", None, &[]),
            "Red Hat:openshift:4.12::el9 Red Hat:openshift:4.12 Red Hat:openshift:4"
        );
        assert_eq!(
            ask("1-1.el9sat", None, &[]),
            "Red Hat's product with the mark el9sat"
        );
    }

    /// Red Hat's own map outweighs what names look like.
    #[test]
    fn t5_t6_the_map_of_repositories_tells_streams() {
        let map = br#"{"data": {
            "rhel-9-for-x86_64-baseos-rpms": {"cpes": ["cpe:/o:redhat:enterprise_linux:9::baseos"]},
            "rhel-9-for-x86_64-baseos-eus-rpms__9_DOT_2": {"cpes": ["cpe:/o:redhat:rhel_eus:9.2::baseos"]},
            "rhel-9-for-x86_64-baseos-eus-rpms": {"cpes": ["cpe:/o:redhat:rhel_eus:9.0::baseos", "cpe:/o:redhat:rhel_eus:9.4::baseos"]},
            "rhel-9-for-x86_64-odd-rpms": {"cpes": ["cpe:/o:redhat:rhel_eus:9.0::baseos", "cpe:/o:redhat:rhel_eus:9.2::baseos"]},
            "a-strange-name": {"cpes": ["cpe:/a:redhat:openshift:4.12::el9"]},
            "satellite-rpms": {"cpes": ["cpe:/a:redhat:satellite:6.13::el9"]},
            "software-collections": {"cpes": ["cpe:/a:redhat:rhel_software_collections:3::el9"]},
            "of-eight": {"cpes": ["cpe:/o:redhat:enterprise_linux:8::baseos"]},
            "broken": {"cpes": 3}
        }}"#;
        let slice = crate::slice::Slice::new().document("redhat", "", map);
        assert_eq!(slice.problems.len(), 1, "{:?}", slice.problems);
        let db = slice.database();
        let known = db.repositories().expect("it can be read");
        let ask = |version: &str, repository: Option<&str>, sets: &[&str]| {
            let mut facts = image(Some(("rhel", "9.4")), Vec::new());
            facts.content_sets = sets.iter().map(|set| (*set).to_owned()).collect();
            let mut installed = package(Ecosystem::Rpm, "curl", version);
            installed.repository = repository.map(str::to_owned);
            match keys(&EcosystemKey::new("Red Hat:9"), &facts, &installed, &known) {
                Stream::Keys(keys) => {
                    let keys: Vec<&str> = keys.iter().map(EcosystemKey::as_str).collect();
                    keys.join(" ")
                }
                Stream::Other(product) => product,
            }
        };
        for (repository, expected) in [
            ("rhel-9-for-x86_64-baseos-rpms", "Red Hat:9"),
            (
                "rhel-9-for-x86_64-baseos-eus-rpms__9_DOT_2",
                "Red Hat:9.2 Red Hat:9",
            ),
            ("rhel-9-for-x86_64-baseos-eus-rpms", "Red Hat:9.4 Red Hat:9"),
            ("rhel-9-for-x86_64-odd-rpms", "Red Hat:9.4 Red Hat:9"),
            (
                "a-strange-name",
                "Red Hat:openshift:4.12::el9 Red Hat:openshift:4.12 Red Hat:openshift:4",
            ),
            ("satellite-rpms", "the repository satellite-rpms"),
            ("of-eight", "Red Hat:9"),
            ("not-in-the-map", "Red Hat:9"),
        ] {
            assert_eq!(
                ask("1-1.el9", Some(repository), &[]),
                expected,
                "{repository}"
            );
        }
        assert_eq!(
            ask(
                "1-1.el9",
                None,
                &[
                    "rhel-9-for-x86_64-baseos-eus-rpms__9_DOT_2",
                    "satellite-rpms"
                ]
            ),
            "Red Hat:9.2 Red Hat:9"
        );
        assert_eq!(
            ask(
                "1-1.el9",
                None,
                &["rhel-9-for-x86_64-baseos-rpms", "software-collections"]
            ),
            "Red Hat:9 Red Hat:rhel_software_collections:3::el9 Red Hat:rhel_software_collections:3"
        );
        for broken in [
            &b"{"[..],
            b"{}",
            b"{\"data\": {}}",
            b"{\"data\": []}",
            &map[..map.len() / 2],
        ] {
            assert!(crate::feeds::parse_bytes("redhat", "", broken).is_err());
        }
    }
}
