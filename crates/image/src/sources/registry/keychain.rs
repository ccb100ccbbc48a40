//! Credentials as Docker and Podman keep them: `config.json` (docker CLI, `cli/config/configfile`) and
//! `auth.json` (`containers-auth.json(5)`).

use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use plimsoll_net::Secret;
use serde::Deserialize;

use super::helper;

/// Largest configuration file that is read.
const MAX_FILE: u64 = 1 << 20;

/// Who is asking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Credential {
    /// User name and password.
    Password(String, Secret),
    /// A token that is exchanged for short-lived ones.
    Identity(Secret),
    /// A token for the registry itself.
    Bearer(Secret),
}

/// What a file gave.
#[derive(Debug, Default)]
pub(super) struct Lookup {
    /// The credentials, if it has some for the registry.
    pub(super) credential: Option<Credential>,
    /// Why it may have none: it cannot be read, or its helper failed.
    pub(super) notes: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct ConfigFile {
    #[serde(default)]
    auths: Option<BTreeMap<String, Entry>>,
    #[serde(default)]
    cred_helpers: Option<BTreeMap<String, String>>,
    #[serde(default)]
    creds_store: Option<String>,
}

#[derive(Deserialize, Default)]
struct Entry {
    #[serde(default)]
    auth: Option<String>,
    #[serde(default)]
    username: Option<String>,
    #[serde(default)]
    password: Option<String>,
    #[serde(default)]
    identitytoken: Option<String>,
    #[serde(default)]
    registrytoken: Option<String>,
}

impl std::fmt::Debug for Entry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Entry")
    }
}

/// Looks for the credentials of a repository in a file. `registry` is the name in references (`docker.io`).
pub(super) fn look_up(path: &Path, registry: &str, repository: &str) -> Lookup {
    let mut found = Lookup::default();
    let config = match read(path) {
        Ok(Some(config)) => config,
        Ok(None) => return found,
        Err(reason) => {
            found
                .notes
                .push(format!("`{}` cannot be used: {reason}", path.display()));
            return found;
        }
    };
    let keys = keys(registry);
    let helpers = config.cred_helpers.unwrap_or_default();
    let named = keys.iter().find_map(|key| Some((key, helpers.get(key)?)));
    // Docker looks no further than the helper that is named for a registry.
    let helper = named
        .map(|(key, name)| (key.as_str(), name))
        .or_else(|| Some((keys.first()?.as_str(), config.creds_store.as_ref()?)))
        .filter(|(_, name)| !name.is_empty());
    if let Some((key, name)) = helper {
        match helper::get(name, key) {
            Ok(Some(credential)) => found.credential = Some(credential),
            Ok(None) => {}
            Err(reason) => found
                .notes
                .push(format!("`docker-credential-{name}`: {reason}")),
        }
        if named.is_some() || found.credential.is_some() {
            return found;
        }
    }
    let auths = config.auths.unwrap_or_default();
    found.credential = from_auths(&auths, &keys, repository, &mut found.notes);
    found
}

fn read(path: &Path) -> Result<Option<ConfigFile>, String> {
    let file = match std::fs::File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error.to_string()),
    };
    let mut bytes = Vec::new();
    file.take(MAX_FILE.saturating_add(1))
        .read_to_end(&mut bytes)
        .map_err(|error| error.to_string())?;
    if bytes.len() as u64 > MAX_FILE {
        return Err(format!("it has more than {MAX_FILE} bytes"));
    }
    serde_json::from_slice(&bytes)
        .map(Some)
        .map_err(|error| error.to_string())
}

/// The names under which credentials of a registry are kept, best first.
fn keys(registry: &str) -> Vec<String> {
    if registry == "docker.io" {
        [
            "https://index.docker.io/v1/",
            "index.docker.io",
            "docker.io",
            "registry-1.docker.io",
        ]
        .map(str::to_owned)
        .to_vec()
    } else {
        vec![registry.to_owned()]
    }
}

/// The entry for the repository, or for a path above it, or for the registry. Podman keeps entries for paths
/// below a registry, Docker addresses such as `https://index.docker.io/v1/`.
fn from_auths(
    auths: &BTreeMap<String, Entry>,
    keys: &[String],
    repository: &str,
    notes: &mut Vec<String>,
) -> Option<Credential> {
    let mut wanted: Vec<String> = Vec::new();
    let mut at = repository;
    while let Some((above, _)) = at.rsplit_once('/') {
        wanted.push(at.to_owned());
        at = above;
    }
    wanted.extend(keys.iter().cloned());
    let entry = wanted.iter().find_map(|key| {
        let of_key = auths.get(key);
        of_key.or_else(|| {
            auths
                .iter()
                .find(|(name, _)| plain_host(name) == *key)
                .map(|(_, entry)| entry)
        })
    })?;
    match credential(entry) {
        Ok(credential) => credential,
        Err(reason) => {
            notes.push(format!(
                "the entry for `{repository}` cannot be used: {reason}"
            ));
            None
        }
    }
}

/// `https://registry.example/v1/` as `registry.example`.
fn plain_host(key: &str) -> &str {
    let key = key
        .strip_prefix("https://")
        .or_else(|| key.strip_prefix("http://"))
        .unwrap_or(key)
        .trim_end_matches('/');
    ["/v1", "/v2"]
        .into_iter()
        .find_map(|end| key.strip_suffix(end))
        .unwrap_or(key)
}

fn credential(entry: &Entry) -> Result<Option<Credential>, &'static str> {
    let filled = |field: &Option<String>| field.clone().filter(|text| !text.is_empty());
    if let Some(token) = filled(&entry.registrytoken) {
        return Ok(Some(Credential::Bearer(Secret::new(token))));
    }
    if let Some(token) = filled(&entry.identitytoken) {
        return Ok(Some(Credential::Identity(Secret::new(token))));
    }
    if let Some(auth) = filled(&entry.auth) {
        let auth = auth.trim();
        let plain = STANDARD
            .decode(auth)
            .or_else(|_| STANDARD_NO_PAD.decode(auth))
            .map_err(|_| "its `auth` is not base64")?;
        let plain = String::from_utf8(plain).map_err(|_| "its `auth` is not text")?;
        // Docker ends the password at the first zero byte.
        let (user, password) = plain.split_once(':').ok_or("its `auth` has no colon")?;
        let password = password.trim_end_matches('\0');
        return Ok(Some(Credential::Password(
            user.to_owned(),
            Secret::new(password),
        )));
    }
    match (filled(&entry.username), filled(&entry.password)) {
        (Some(user), Some(password)) => Ok(Some(Credential::Password(user, Secret::new(password)))),
        _ => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn look(json: &str, registry: &str, repository: &str) -> Lookup {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config.json");
        std::fs::write(&path, json).unwrap();
        look_up(&path, registry, repository)
    }

    fn password(user: &str, password: &str) -> Credential {
        Credential::Password(user.into(), Secret::new(password))
    }

    #[test]
    fn entries_are_found_under_every_spelling() {
        // me:pa:ss
        let auth = r#"{"auth":"bWU6cGE6c3M="}"#;
        for (key, registry, repository) in [
            (
                "https://index.docker.io/v1/",
                "docker.io",
                "docker.io/library/x",
            ),
            ("docker.io", "docker.io", "docker.io/library/x"),
            ("r.example", "r.example", "r.example/a/b"),
            ("https://r.example", "r.example", "r.example/a/b"),
            ("http://r.example/v2/", "r.example", "r.example/a/b"),
            ("r.example/a", "r.example", "r.example/a/b"),
            ("r.example/a/b", "r.example", "r.example/a/b"),
            ("localhost:5000", "localhost:5000", "localhost:5000/a"),
        ] {
            let found = look(
                &format!(r#"{{"auths":{{"{key}":{auth}}}}}"#),
                registry,
                repository,
            );
            assert_eq!(found.credential, Some(password("me", "pa:ss")), "{key}");
        }
        for key in [
            "r.example:5000",
            "example",
            "r.example/ab",
            "r.example/a/b/c",
        ] {
            let found = look(
                &format!(r#"{{"auths":{{"{key}":{auth}}}}}"#),
                "r.example",
                "r.example/a/b",
            );
            assert_eq!(found.credential, None, "{key}");
        }
    }

    #[test]
    fn the_longest_path_wins() {
        let json = r#"{"auths":{"r.example":{"username":"u","password":"p"},
            "r.example/a":{"identitytoken":"t"},"r.example/a/b":{"registrytoken":"r","auth":""}}}"#;
        let token = Secret::new;
        for (repository, credential) in [
            ("r.example/a/b", Some(Credential::Bearer(token("r")))),
            ("r.example/a/c", Some(Credential::Identity(token("t")))),
            ("r.example/d", Some(password("u", "p"))),
        ] {
            assert_eq!(look(json, "r.example", repository).credential, credential);
        }
    }

    #[test]
    fn files_that_cannot_be_used_say_why() {
        for (json, note) in [
            ("", "EOF"),
            (r#"{"auths":{"r":{"auth":"%%%"}}}"#, "base64"),
            (r#"{"auths":{"r":{"auth":"bWU="}}}"#, "no colon"),
            (
                r#"{"credHelpers":{"r":"../../bin/sh"}}"#,
                "not the name of a helper",
            ),
            (r#"{"credsStore":"plimsoll-test-none"}"#, "not installed"),
        ] {
            let found = look(json, "r", "r/a");
            assert_eq!(found.credential, None);
            assert!(
                found.notes.iter().any(|said| said.contains(note)),
                "{json}: {:?}",
                found.notes
            );
        }
        assert!(
            look_up(Path::new("/nonexistent/config.json"), "r", "r/a")
                .notes
                .is_empty()
        );
        assert!(
            look(r#"{"auths":null,"credHelpers":null}"#, "r", "r/a")
                .notes
                .is_empty()
        );
    }

    #[test]
    fn nothing_shows_a_secret() {
        let found = look(
            r#"{"auths":{"r":{"username":"u","password":"hunter2"}}}"#,
            "r",
            "r/a",
        );
        assert!(found.credential.is_some() && !format!("{found:?}").contains("hunter2"));
    }
}
