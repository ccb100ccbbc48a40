//! The analyzers of secrets, over their fixtures.

use std::path::Path;

use plimsoll_analyzers::secret;
use plimsoll_model::fact::FactBody;
use plimsoll_testkit::fixtures;

#[test]
fn secrets_say_what_the_fixtures_expect() {
    fixtures::check(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures"),
        secret::ALL,
    );
}

/// A key is made here, so that no key lies about in the project.
#[test]
fn a_private_key_is_seen_and_not_shown() {
    let body = "MIIEowIBAAKCAQEA".repeat(20);
    let text = format!("-----BEGIN RSA PRIVATE {}-----\n{body}\n-----END\n", "KEY");
    for path in [
        "root/.ssh/id_rsa",
        "etc/ssh/ssh_host_rsa_key",
        "srv/tls/server.key",
    ] {
        let said = fixtures::analyze_one(&secret::Files, path, text.as_bytes());
        let [fact] = said.facts.as_slice() else {
            panic!("{path}: {said:?}")
        };
        let FactBody::Secret(secret) = &fact.body else {
            panic!("{path}: {fact:?}")
        };
        assert_eq!(
            (secret.rule.as_str(), secret.line),
            ("secret/private-key", 1)
        );
        assert!(!format!("{fact:?}").contains("MIIE"));
    }
}
