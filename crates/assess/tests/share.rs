//! The database through a real registry: what is signed well is taken, and nothing else.

#![allow(
    clippy::unwrap_used,
    reason = "a test that fails by panicking is a test that fails"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use plimsoll_assess::advisory::{self, Database};
use plimsoll_assess::image::reference::Reference;
use plimsoll_assess::image::sources::{
    Artefact, Credentials, Part, PartContent, RegistryAccess, RegistrySource,
};
use plimsoll_assess::net::{Client, Network, Proxies, Retry, Roots, Secret, Settings, Timeouts};
use plimsoll_assess::share::{PullRequest, PushRequest, Release, ShareError, pull, push};
use plimsoll_assess::trust::dsse;
use plimsoll_assess::trust::key::{PublicKey, SecretKey};
use plimsoll_testkit::registry::{Guard, RealRegistry};
use plimsoll_testkit::{shared, workspace};

fn client() -> Client {
    let moment = Duration::from_secs(20);
    Client::new(Settings {
        network: Network::Offline,
        timeouts: Timeouts {
            connect: moment,
            read: moment,
            total: moment,
        },
        retry: Retry {
            times: 1,
            first: Duration::from_millis(5),
            longest: Duration::from_secs(1),
        },
        proxies: Proxies::default(),
        roots: Roots::Bundled,
        user_agent: "plimsoll-test".into(),
    })
}

fn source(registry: &RealRegistry, name: &str) -> RegistrySource {
    let name = registry.name(name);
    let reference: Reference = name.parse().unwrap();
    let given = Some(("me".to_owned(), Secret::new("s3cret pass")));
    let access = RegistryAccess {
        client: client(),
        credentials: Credentials {
            given,
            files: Vec::new(),
        },
        plain_http: Vec::new(),
    };
    RegistrySource::new(name, reference, access)
}

fn key(name: &str) -> (SecretKey, PublicKey) {
    let file = |end: &str| {
        let path = format!("crates/trust/fixtures/{name}.{end}");
        fs::read(workspace().join(path)).unwrap()
    };
    (
        SecretKey::from_pem(&file("pem")).unwrap(),
        PublicKey::from_pem(&file("pub")).unwrap(),
    )
}

/// Two databases that are not the same: of KEV with the support dates, and of KEV alone.
fn databases(folder: &Path) -> [PathBuf; 2] {
    let feeds = |files: &[&str], name: &str| {
        let mirror = folder.join(format!("{name}-feeds"));
        for file in files {
            let to = mirror.join(file);
            fs::create_dir_all(to.parent().unwrap()).unwrap();
            fs::copy(shared().join("feeds").join(file), to).unwrap();
        }
        let out = folder.join(format!("{name}.db"));
        advisory::build(&mirror, &out).unwrap();
        out
    };
    let kev = "kev/known_exploited_vulnerabilities.json";
    let wolfi = "wolfi/security.json";
    [feeds(&[kev, wolfi], "more"), feeds(&[kev], "less")]
}

struct Publisher {
    key: SecretKey,
    now: Timestamp,
}

impl Publisher {
    fn push(&self, to: &RegistrySource, database: &Path, counter: u64) -> Release {
        let request = PushRequest {
            database,
            key: &self.key,
            counter: Some(counter),
            now: self.now,
            expires: self.now + SignedDuration::from_hours(48),
        };
        push(to, &request).unwrap().1
    }
}

fn says(error: &ShareError) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        text = format!("{text}: {inner}");
        cause = inner.source();
    }
    text
}

#[test]
#[allow(
    clippy::too_many_lines,
    reason = "one registry and one store that every refusal must leave as they are"
)]
fn only_good_releases_are_taken() {
    let registry = RealRegistry::start(Guard::Password);
    let folder = tempfile::tempdir().unwrap();
    let [first, second] = databases(folder.path());
    let (secret, public) = key("p256");
    let (other_secret, other) = key("ed25519");
    let now: Timestamp = "2026-11-01T12:00:00Z".parse().unwrap();
    let publisher = Publisher { key: secret, now };
    let here = folder.path().join("cache/advisories.db");
    let take = |name: &str, trusted: &[PublicKey], now: Timestamp| {
        let request = PullRequest {
            repository: "registry/db",
            trusted,
            now,
            database: &here,
        };
        pull(&source(&registry, name), &request)
    };
    let trusted = [public];
    let installed = || fs::read(&here).unwrap();

    let db = source(&registry, "team/db:latest");
    let one = publisher.push(&db, &first, 7);
    assert_eq!(take("team/db:latest", &trusted, now).unwrap(), one);
    assert_eq!(installed(), fs::read(&first).unwrap());
    // Once more: nothing has changed, and nothing is wrong with that.
    assert_eq!(take("team/db:latest", &trusted, now).unwrap(), one);

    // Whatever is refused leaves the first in use.
    let refused = |name: &str, trusted: &[PublicKey], now: Timestamp, words: &[&str]| {
        let error = take(name, trusted, now).unwrap_err();
        let text = says(&error);
        assert!(words.iter().all(|word| text.contains(word)), "{text}");
        assert_eq!(installed(), fs::read(&first).unwrap(), "{text}");
    };
    refused(
        "team/db:latest",
        std::slice::from_ref(&other),
        now,
        &["trusted key"],
    );
    refused("team/db:latest", &[], now, &["no key is trusted"]);
    let later = now + SignedDuration::from_hours(48);
    refused(
        "team/db:latest",
        &trusted,
        later,
        &["expired at 2026-11-03"],
    );
    let before = now - SignedDuration::from_hours(72);
    refused("team/db:latest", &trusted, before, &["still to come"]);
    publisher.push(&source(&registry, "team/db:old"), &second, 6);
    refused("team/db:old", &trusted, now, &["6", "7", "rolling"]);
    publisher.push(&source(&registry, "team/db:same"), &second, 7);
    refused("team/db:same", &trusted, now, &["rolling"]);

    // A good release about another file than the one beside it.
    let release = serde_json::to_vec(&one).unwrap();
    let envelope = |key: &SecretKey, kind: &str| dsse::sign(kind, &release, key).unwrap();
    let kind = "application/vnd.plimsoll.database.release.v1+json";
    for (tag, file, envelope, words) in [
        (
            "mixed",
            &second,
            envelope(&publisher.key, kind),
            "another file",
        ),
        (
            "forged",
            &first,
            envelope(&other_secret, kind),
            "trusted key",
        ),
        (
            "typed",
            &first,
            envelope(&publisher.key, "a/b"),
            "signed as `a/b`",
        ),
        ("empty", &first, b"{}".to_vec(), "no signed envelope"),
    ] {
        let part = |media_type: &str, content| Part {
            media_type: media_type.to_owned(),
            content,
        };
        let artefact = Artefact {
            kind: "application/vnd.plimsoll.database.v1".to_owned(),
            parts: vec![
                part(
                    "application/vnd.plimsoll.database.v1.file",
                    PartContent::File(file.clone()),
                ),
                part(
                    "application/vnd.dsse.envelope.v1+json",
                    PartContent::Bytes(envelope),
                ),
            ],
            annotations: std::collections::BTreeMap::new(),
        };
        let name = format!("team/db:{tag}");
        source(&registry, &name).push(&artefact).unwrap();
        refused(&name, &trusted, now, &[words]);
    }
    refused("team/none:latest", &trusted, now, &["team/none"]);

    // The next one is taken, and the first can still be asked for.
    let two = publisher.push(&db, &second, 8);
    assert_eq!(take("team/db:latest", &trusted, now).unwrap(), two);
    assert_eq!(installed(), fs::read(&second).unwrap());
    let store = plimsoll_assess::store::Store::at(&here);
    let old = store.find(&one.snapshot).unwrap();
    assert_eq!(Database::open(&old).unwrap().snapshot().id, one.snapshot);
    assert_eq!(store.find(&two.snapshot).unwrap(), here);
    assert_eq!(store.find("sha256:../../x"), None);
    let left: Vec<String> = fs::read_dir(here.parent().unwrap())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.starts_with(".tmp"))
        .collect();
    assert!(left.is_empty(), "{left:?}");

    // What was seen must not look forgotten.
    fs::write(here.with_file_name("seen.json"), b"{").unwrap();
    let error = says(&take("team/db:latest", &trusted, now).unwrap_err());
    assert!(error.contains("seen.json"), "{error}");
}
