//! Secrets that are known by the name under which they stand: `DB_PASSWORD=…`.

use plimsoll_model::Severity;

/// One `NAME=value` in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Assignment<'a> {
    /// The name.
    pub name: &'a str,
    /// The value, without its quotes.
    pub value: &'a str,
}

/// Parts of names that promise a secret, upper case, compared part by part.
const SECRET_PARTS: &[&str] = &[
    "PASSWORD",
    "PASSWD",
    "PASSPHRASE",
    "PASS",
    "PWD",
    "SECRET",
    "SECRETS",
    "TOKEN",
    "CREDENTIAL",
    "CREDENTIALS",
    "APIKEY",
];

/// Pairs of parts that promise a secret only together.
const SECRET_PAIRS: &[(&str, &str)] = &[
    ("API", "KEY"),
    ("ACCESS", "KEY"),
    ("AUTH", "KEY"),
    ("PRIVATE", "KEY"),
    ("SECRET", "KEY"),
    ("ENCRYPTION", "KEY"),
    ("SIGNING", "KEY"),
    ("MASTER", "KEY"),
    ("ACCOUNT", "KEY"),
];

/// Parts that say that the value is about a secret, not the secret.
const ABOUT_PARTS: &[&str] = &[
    "FILE",
    "PATH",
    "DIR",
    "URL",
    "URI",
    "HOST",
    "NAME",
    "USER",
    "EXPIRY",
    "EXPIRES",
    "TTL",
    "TIMEOUT",
    "LENGTH",
    "TYPE",
    "ID",
    "ALGORITHM",
    "ENABLED",
    "REQUIRED",
    "POLICY",
    "PUBLIC",
    "GPG",
    "FINGERPRINT",
    "ENDPOINT",
    "ISSUER",
    "VERSION",
    "MIN",
    "MAX",
];

/// Values that stand for a secret to come.
const PLACEHOLDERS: &[&str] = &[
    "",
    "true",
    "false",
    "yes",
    "no",
    "none",
    "null",
    "nil",
    "0",
    "1",
    "*",
    "-",
    "unset",
    "undefined",
    "redacted",
    "todo",
];

/// Whether an assignment is a secret, judged by its name and the shape of its value; the severity, or
/// `None` if it is not.
///
/// `NAME` is one when [`promises_secret`] says so, and the value is there and is neither a reference (`$X`,
/// `${X}`), a path, nor a word such as `true`.
#[must_use]
pub fn judge_assignment(name: &str, value: &str) -> Option<Severity> {
    if !promises_secret(name) {
        return None;
    }
    let value = value.trim().trim_matches(['"', '\'']);
    let lower = value.to_ascii_lowercase();
    let is_reference = value.starts_with('$') || value.starts_with("{{") || value.starts_with('<');
    let is_path = value.starts_with('/') || value.starts_with("./") || value.starts_with("file:");
    if is_reference || is_path || PLACEHOLDERS.contains(&lower.as_str()) {
        return None;
    }
    let is_masked = !value.is_empty() && value.chars().all(|c| matches!(c, '*' | 'x' | 'X'));
    (!is_masked).then_some(Severity::High)
}

/// Whether a name promises that its value is a secret: a part of it does so and none says that it is about one
/// (`_FILE`, `_URL`).
#[must_use]
pub fn promises_secret(name: &str) -> bool {
    let upper = name.to_ascii_uppercase();
    let parts: Vec<&str> = upper
        .split(['_', '-', '.'])
        .filter(|part| !part.is_empty())
        .collect();
    let promised = parts.iter().any(|part| SECRET_PARTS.contains(part))
        || parts
            .windows(2)
            .any(|pair| matches!(pair, [a, b] if SECRET_PAIRS.contains(&(a, b))))
        || ["PASSWORD", "PASSWD", "SECRET", "APIKEY"]
            .iter()
            .any(|end| upper.ends_with(end));
    promised
        && !parts.iter().any(|part| ABOUT_PARTS.contains(part))
        && upper != "PWD"
        && upper != "OLDPWD"
}

/// Every `NAME=value` in a command or a line: words that are a name, `=` and a value, quotes respected.
#[must_use]
pub fn assignments(text: &str) -> Vec<Assignment<'_>> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('=') {
        let name_start = before
            .rfind(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.')))
            .map_or(0, |at| at.saturating_add(1));
        // The name must begin at a character border of its own, `rfind` gave the last byte of another one.
        let name = before
            .get(name_start..)
            .unwrap_or_default()
            .trim_start_matches('-');
        let value = match after.chars().next() {
            Some(quote @ ('"' | '\'')) => {
                let inner = after.get(1..).unwrap_or_default();
                inner.split(quote).next().unwrap_or_default()
            }
            _ => after
                .split([' ', '\t', '\n', ';', '&', '|', ',', '"', '\''])
                .next()
                .unwrap_or_default(),
        };
        if name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
            found.push(Assignment { name, value });
        }
        rest = after;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_values_are_judged_together() {
        for (name, value, secret) in [
            ("PASSWORD", "secret123", true),
            ("DB_PASSWORD", "hunter2", true),
            ("MYSQL_ROOT_PASSWORD", "root", true),
            ("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI", true),
            ("API_KEY", "abc123", true),
            ("DB_PASSWORD_FILE", "/run/secrets/db", false),
            ("DB_PASSWORD", "${DB_PASSWORD}", false),
            ("DB_PASSWORD", "", false),
            ("GPG_KEY", "E3FF2839C048B25C084DEBE9B26995E310250568", false),
            (
                "NGINX_GPGKEY",
                "573BFD6B3D8FBC641079A6ABABF5BD827BD9BF62",
                false,
            ),
            ("KEYS", "a b", false),
            ("PWD", "/srv", false),
            ("TOKEN_TTL", "3600", false),
            ("PATH", "/usr/bin", false),
            ("PASSWORD_REQUIRED", "true", false),
            ("SSH_PASS", "x", false),
            ("MONKEY", "banana", false),
        ] {
            assert_eq!(
                judge_assignment(name, value).is_some(),
                secret,
                "{name}={value}"
            );
        }
    }

    #[test]
    fn assignments_are_found_in_commands() {
        let text = r#"|1 DB_PASSWORD=hunter2 X=1 /bin/sh -c export TOKEN="a b" && curl --data=x"#;
        let found = assignments(text);
        let pairs: Vec<(&str, &str)> = found.iter().map(|a| (a.name, a.value)).collect();
        assert_eq!(
            pairs,
            [
                ("DB_PASSWORD", "hunter2"),
                ("X", "1"),
                ("TOKEN", "a b"),
                ("data", "x")
            ]
        );
    }
}
