//! `WWW-Authenticate`: how a registry wants to be asked (RFC 9110, section 11.6.1).

use std::collections::BTreeMap;

/// Most parameters that are read of one header.
const MAX_PARAMETERS: usize = 32;

/// How a registry wants to be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Challenge {
    /// With a token of another service (distribution project, `docs/spec/auth/token.md`).
    Bearer {
        /// Address of the service.
        realm: String,
        /// How the registry is called there.
        service: Option<String>,
        /// What the token has to allow.
        scope: Option<String>,
    },
    /// With user name and password (RFC 7617).
    Basic,
}

impl Challenge {
    /// The best of the challenges in these headers: a token where one is offered, for it says less about its
    /// owner than a password.
    pub(super) fn choose<'a>(headers: impl Iterator<Item = &'a str>) -> Option<Self> {
        let all: Vec<Self> = headers.flat_map(parse).collect();
        let is_bearer = |challenge: &&Self| matches!(challenge, Self::Bearer { .. });
        all.iter().find(is_bearer).or(all.first()).cloned()
    }
}

/// Every challenge of a header that is understood.
fn parse(header: &str) -> Vec<Challenge> {
    let mut challenges = Vec::new();
    let mut scheme = String::new();
    let mut parameters = BTreeMap::new();
    let mut rest = header.trim_start();
    while !rest.is_empty() {
        let (word, after) = take_token(rest);
        if word.is_empty() {
            // A comma, or something that nobody should send.
            let mut characters = rest.chars();
            characters.next();
            rest = characters.as_str().trim_start();
            continue;
        }
        match after.trim_start().strip_prefix('=') {
            Some(value) if !scheme.is_empty() => {
                let (value, after) = take_value(value.trim_start());
                if parameters.len() < MAX_PARAMETERS {
                    parameters.entry(word.to_ascii_lowercase()).or_insert(value);
                }
                rest = after.trim_start();
            }
            _ => {
                challenges.extend(finish(&scheme, &mut parameters));
                scheme = word.to_ascii_lowercase();
                rest = after.trim_start();
            }
        }
    }
    challenges.extend(finish(&scheme, &mut parameters));
    challenges
}

fn finish(scheme: &str, parameters: &mut BTreeMap<String, String>) -> Option<Challenge> {
    let mut parameters = std::mem::take(parameters);
    match scheme {
        "basic" => Some(Challenge::Basic),
        "bearer" => Some(Challenge::Bearer {
            realm: parameters.remove("realm")?,
            service: parameters.remove("service"),
            scope: parameters.remove("scope").filter(|scope| !scope.is_empty()),
        }),
        _ => None,
    }
}

/// Rule `token` of RFC 9110, section 5.6.2.
fn take_token(text: &str) -> (&str, &str) {
    let is_token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    let end = text.find(|c| !is_token(c)).unwrap_or(text.len());
    text.split_at_checked(end).unwrap_or((text, ""))
}

/// Rule `token` or `quoted-string`; some registries leave the quotes out around what is no token.
fn take_value(text: &str) -> (String, &str) {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find([',', ' ']).unwrap_or(text.len());
        let (value, rest) = text.split_at_checked(end).unwrap_or((text, ""));
        return (value.to_owned(), rest);
    };
    let mut value = String::new();
    let mut characters = quoted.chars();
    while let Some(character) = characters.next() {
        match character {
            '"' => break,
            '\\' => value.extend(characters.next()),
            other => value.push(other),
        }
    }
    (value, characters.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bearer(realm: &str, service: Option<&str>, scope: Option<&str>) -> Challenge {
        Challenge::Bearer {
            realm: realm.into(),
            service: service.map(str::to_owned),
            scope: scope.map(str::to_owned),
        }
    }

    #[test]
    fn challenges_of_real_registries_are_read() {
        for (header, challenge) in [
            (
                r#"Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:library/x:pull,push""#,
                Some(bearer(
                    "https://auth.docker.io/token",
                    Some("registry.docker.io"),
                    Some("repository:library/x:pull,push"),
                )),
            ),
            (
                r#"bearer Realm="https://a/t""#,
                Some(bearer("https://a/t", None, None)),
            ),
            (
                "Bearer realm=https://a/t, service=b",
                Some(bearer("https://a/t", Some("b"), None)),
            ),
            (
                r#"Basic realm="x", Bearer realm = "https://a/t" , error="insufficient_scope""#,
                Some(bearer("https://a/t", None, None)),
            ),
            (r#"Basic realm="Registry Realm""#, Some(Challenge::Basic)),
            ("Basic", Some(Challenge::Basic)),
            ("Negotiate, Basic realm=x", Some(Challenge::Basic)),
            (r#"Bearer service="x""#, None),
            ("Negotiate", None),
            ("", None),
            (",,;;==\"", None),
            (r#"Bearer realm="a\"b"#, Some(bearer("a\"b", None, None))),
        ] {
            assert_eq!(
                Challenge::choose([header].into_iter()),
                challenge,
                "{header}"
            );
        }
    }
}
