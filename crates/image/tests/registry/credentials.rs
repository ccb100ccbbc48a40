//! Who is asking.

use std::path::PathBuf;

use plimsoll_image::ImageError;
use plimsoll_image::sources::RegistryAccess;
use plimsoll_model::Digest;
use plimsoll_net::Secret;
use plimsoll_testkit::registry::{Access, Fault, Registry, Reply};

use super::{access, open, open_with, tiny, walk};

const ME: Option<(&str, &str)> = Some(("me", "pa:ss"));

fn registry(who: Access) -> (Registry, String) {
    let mut registry = Registry::start(who);
    registry.push("test/app", "1", &tiny());
    let name = format!("{}/test/app:1", registry.host());
    (registry, name)
}

/// A configuration file of Docker with credentials for a registry.
fn config(host: &str, user: &str, password: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("config.json");
    let json =
        format!(r#"{{"auths":{{"{host}":{{"username":"{user}","password":"{password}"}}}}}}"#);
    std::fs::write(&path, json).unwrap();
    (folder, path)
}

fn pull(name: &str, access: RegistryAccess) -> Result<usize, ImageError> {
    let image = open_with(name, access, "linux/amd64")?;
    walk(&image).map(|paths| paths.len())
}

fn tokens_asked(registry: &Registry) -> usize {
    registry
        .seen()
        .iter()
        .filter(|seen| seen.path.starts_with("/token"))
        .count()
}

#[test]
fn an_anonymous_token_serves_the_whole_image() {
    let (registry, name) = registry(Access::Token {
        user: None,
        uses: 99,
    });
    assert_eq!(pull(&name, access(&[])).unwrap(), 2);
    assert_eq!(tokens_asked(&registry), 1);
    let asked = registry
        .seen()
        .into_iter()
        .find(|seen| seen.path.starts_with("/token"))
        .unwrap();
    assert_eq!(
        asked.path,
        "/token?service=test&scope=repository:test/app:pull"
    );
    assert_eq!(asked.header("authorization"), None);
}

#[test]
fn a_token_that_expires_is_renewed() {
    let (registry, name) = registry(Access::Token {
        user: None,
        uses: 1,
    });
    let blob = Digest::of(&tiny().layers.last().unwrap().blob());
    registry.spoil(blob.as_str(), 1, Fault::Cut(100_000));
    assert_eq!(pull(&name, access(&[])).unwrap(), 2);
    assert!(tokens_asked(&registry) > 3);
}

#[test]
fn credentials_come_from_files_or_from_the_caller() {
    for who in [
        Access::Token { user: ME, uses: 99 },
        Access::Basic("me", "pa:ss"),
    ] {
        let (registry, name) = registry(who);
        let (_folder, path) = config(&registry.host(), "me", "pa:ss");
        assert_eq!(
            pull(&name, access(&["/nonexistent/config.json".into(), path])).unwrap(),
            2
        );
        let mut given = access(&[]);
        given.credentials.given = Some(("me".into(), Secret::new("pa:ss")));
        assert_eq!(pull(&name, given).unwrap(), 2);
    }
}

#[test]
fn wrong_or_missing_credentials_are_told_apart() {
    for who in [
        Access::Token { user: ME, uses: 99 },
        Access::Basic("me", "pa:ss"),
    ] {
        let (registry, name) = registry(who);
        let (_folder, path) = config(&registry.host(), "me", "wrong");
        let error = pull(&name, access(&[path])).unwrap_err();
        assert!(
            matches!(error, ImageError::Unauthorised { .. }),
            "{error:?}"
        );
        let text = error.to_string();
        assert!(
            text.contains("asked as `me`") && !text.contains("wrong"),
            "{text}"
        );
        let error = open(&name).unwrap_err();
        assert!(
            matches!(error, ImageError::Unauthorised { .. }),
            "{error:?}"
        );
        assert!(error.to_string().contains("without credentials"), "{error}");
        assert!(registry.seen().len() < 12, "nobody knocks for ever");
    }
}

#[test]
fn a_file_that_cannot_be_used_is_named_when_it_matters() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("config.json");
    std::fs::write(&path, "{").unwrap();
    let (_open, name) = registry(Access::Open);
    assert!(pull(&name, access(std::slice::from_ref(&path))).is_ok());
    let (_closed, name) = registry(Access::Basic("me", "x"));
    let error = pull(&name, access(std::slice::from_ref(&path)))
        .unwrap_err()
        .to_string();
    assert!(error.contains(path.to_str().unwrap()), "{error}");
}

#[test]
fn credentials_do_not_follow_redirects_to_others() {
    let (storage, _) = registry(Access::Open);
    let (registry, name) = registry(Access::Token {
        user: None,
        uses: 99,
    });
    for layer in &tiny().layers {
        let path = format!("/v2/test/app/blobs/{}", Digest::of(&layer.blob()));
        let target = format!("http://{}{path}?X-Amz-Signature=abc", storage.host());
        let moved = Reply::new(307).header("Location", &target);
        registry.spoil(&path, 1, Fault::Reply(moved));
    }
    assert_eq!(pull(&name, access(&[])).unwrap(), 2);
    let seen = storage.seen();
    assert!(
        seen.iter().any(|seen| seen.path.contains("/blobs/")),
        "the redirect was followed"
    );
    assert!(
        seen.iter()
            .all(|seen| seen.header("authorization").is_none())
    );
}

#[test]
fn odd_challenges_are_refused() {
    for (challenge, said) in [
        (
            "Bearer realm=\"file:///etc/passwd\"",
            "token service is unusable",
        ),
        ("Bearer service=\"x\"", "how to authenticate"),
        ("Negotiate", "how to authenticate"),
        (
            "Bearer realm=\"http://auth.example/\"",
            "not protected by TLS",
        ),
    ] {
        let (registry, name) = registry(Access::Open);
        let refusal = Reply::new(401).header("WWW-Authenticate", challenge);
        registry.spoil("/manifests/", 99, Fault::Reply(refusal));
        let error = open(&name).unwrap_err();
        assert!(
            matches!(error, ImageError::Unauthorised { .. }),
            "{error:?}"
        );
        assert!(error.to_string().contains(said), "{challenge}: {error}");
    }
}
