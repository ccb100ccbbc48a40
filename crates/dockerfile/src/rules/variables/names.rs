//! Which names of variables promise a secret, to us and to other linters.

use plimsoll_secrets::promises_secret;

/// How sure a name is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Promise {
    /// `DB_PASSWORD`
    Strong,
    /// `STRIPE_KEY`, `BASIC_AUTH`: many others are called so that are no secret.
    Weak,
}

/// Parts that are a secret, beside those that [`promises_secret`] knows.
const WORDS: &[&str] = &[
    "CRED",
    "CREDS",
    "DSN",
    "JWT",
    "PASSCODE",
    "PASSPHRASE",
    "PASSWORD",
    "PASSWORDS",
    "PAT",
    "SECRET",
    "SECRETS",
    "TOKEN",
    "TOKENS",
];

/// Endings of names that are written in one word: `PGPASSWORD`, `sshpass`, `authToken`.
const ENDINGS: &[&str] = &[
    "SECRETKEY",
    "API_KEYS",
    "PASSWORD",
    "PASSWD",
    "SECRET",
    "TOKEN",
    "APIKEY",
    "SSHPASS",
    "PRIVATEKEY",
];

/// Parts that say that the value is about a secret.
const ABOUT: &[&str] = &[
    "ALGORITHM",
    "ALLOW",
    "ALLOWED",
    "CLASS",
    "COUNT",
    "DIR",
    "DIRECTORY",
    "ENABLED",
    "ENDPOINT",
    "EXPIRES",
    "EXPIRY",
    "FILE",
    "FINGERPRINT",
    "FORMAT",
    "HEADER",
    "ID",
    "ISSUER",
    "LENGTH",
    "LIFETIME",
    "MAX",
    "METHOD",
    "METHODS",
    "MIN",
    "MODE",
    "NAME",
    "PATH",
    "POLICY",
    "PREFIX",
    "PUB",
    "PUBLIC",
    "REQUIRED",
    "SIZE",
    "STRATEGY",
    "TIMEOUT",
    "TTL",
    "TYPE",
    "URI",
    "URL",
    "USERNAME",
    "VERSION",
];

/// Parts that say of a key, or of what has to do with `AUTH`, that it is no secret.
const NO_KEY: &[&str] = &[
    "APPLICATION",
    "BACKEND",
    "CACHE",
    "DRIVER",
    "EMAIL",
    "FOREIGN",
    "GPG",
    "HOST",
    "HOSTNAME",
    "KEYSERVER",
    "MODULE",
    "PARTITION",
    "PGP",
    "PLUGIN",
    "PORT",
    "PRIMARY",
    "PROVIDER",
    "REALM",
    "SERVER",
    "SORT",
    "STORE",
    "USER",
];

/// What a name promises; `None` where it is no secret's.
pub(super) fn promise(name: &str) -> Option<Promise> {
    let upper = name.to_ascii_uppercase();
    // `DB_PASSWORD2` is one as well.
    let parts: Vec<&str> = upper
        .split(['_', '-', '.'])
        .map(|part| part.trim_end_matches(|c: char| c.is_ascii_digit()))
        .collect();
    let has = |list: &[&str]| parts.iter().any(|part| list.contains(part));
    // By its manual, the name of a file.
    if upper == "GOOGLE_APPLICATION_CREDENTIALS" {
        return None;
    }
    let is_id = parts.ends_with(&["ACCESS", "KEY", "ID"]) || parts.ends_with(&["SECRET", "ID"]);
    if parts.ends_with(&["API", "KEY", "ID"]) {
        return Some(Promise::Weak);
    }
    if promises_secret(name) || is_id {
        return Some(Promise::Strong);
    }
    if has(ABOUT) {
        return None;
    }
    let is_private = has(&["PRIVATE"]) && has(&["KEY"]);
    if is_private || has(WORDS) || ENDINGS.iter().any(|end| upper.ends_with(end)) {
        return Some(Promise::Strong);
    }
    let is_camel = name.ends_with("Key") && upper.contains("API");
    (!has(NO_KEY) && (is_buildkits(name) || is_camel)).then_some(Promise::Weak)
}

/// Whether a value shows that it is no secret, whatever the name says: a path, a switch, the fingerprint of a key,
/// a key that is public.
pub(super) fn is_harmless(name: &str, value: &str) -> bool {
    let lower = value.trim().to_ascii_lowercase();
    let is_switch = matches!(
        lower.as_str(),
        "true" | "false" | "yes" | "no" | "on" | "off" | "none" | "null" | "disabled" | "enabled"
    );
    let is_path = value.starts_with('/') || value.starts_with("./") || value.starts_with("file:");
    let is_public = value.starts_with("ssh-rsa ") || value.starts_with("ssh-ed25519 ");
    let is_key = name.to_ascii_uppercase().ends_with("KEY");
    let digits = value.strip_prefix("0x").unwrap_or(value);
    let is_upper_hex = digits
        .chars()
        .all(|c| c.is_ascii_digit() || matches!(c, 'A'..='F' | ' '));
    let is_fingerprint =
        is_key && matches!(digits.replace(' ', "").len(), 8 | 16 | 40) && is_upper_hex;
    is_switch || is_path || is_public || is_fingerprint
}

/// Whether hadolint takes the name for a secret's (DL3064): by what stands anywhere in it.
pub(super) fn is_hadolints(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let parts = ["password", "secret", "token", "api_key", "private"];
    parts.iter().any(|part| lower.contains(part)) || lower == "aws_access_key_id"
}

/// Whether `BuildKit` and Trivy do (`SecretsUsedInArgOrEnv`, DS-0031): by the parts between underscores.
pub(super) fn is_buildkits(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let words = [
        "apikey",
        "auth",
        "credential",
        "credentials",
        "key",
        "password",
        "pword",
        "passwd",
        "secret",
        "token",
    ];
    let has = |words: &[&str]| lower.split('_').any(|part| words.contains(&part));
    has(&words) && !has(&["public"]) && lower != "google_application_credentials"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_promise_what_people_mean() {
        for (name, wanted) in [
            ("PASSWORD", true),
            ("DB_PASS", true),
            ("SSHPASS", true),
            ("authToken", true),
            ("myPassword", true),
            ("SENTRY_DSN", true),
            ("GITHUB_PAT", true),
            ("COVERALLS_REPO_TOKEN", true),
            ("CI_USER_TOKEN", true),
            ("GPG_PRIVATE_KEY", true),
            ("GPG_PASSPHRASE", true),
            ("LICENSE_KEY", true),
            ("apiKey", true),
            ("DB_PASSWORD2", true),
            ("S3_SECRETKEY", true),
            ("ACCESS_KEY_ID", true),
            ("GCLOUD_SERVICE_KEY", true),
            ("GPG_KEY", false),
            ("SSH_HOST_KEY", false),
            ("CACHE_KEY", false),
            ("PRIMARY_KEY", false),
            ("KEY_ID", false),
            ("KEYBOARD", false),
            ("COMPASS", false),
            ("PATH", false),
            ("AUTHOR", false),
            ("GOOGLE_APPLICATION_CREDENTIALS", false),
        ] {
            assert_eq!(promise(name).is_some(), wanted, "{name}");
        }
    }

    #[test]
    fn values_of_keys_that_are_public_are_known() {
        assert!(is_harmless("SIGNING_KEY", "0x1234ABCD"));
        assert!(is_harmless("NODE_KEY", "ssh-ed25519 AAAA"));
        assert!(!is_harmless("API_TOKEN", "12345678"));
        assert!(!is_harmless(
            "API_KEY",
            "0123456789abcdef0123456789abcdef01234567"
        ));
    }
}
