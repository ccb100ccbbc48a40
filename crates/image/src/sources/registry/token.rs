//! Tokens: from a challenge and credentials to what goes into the `Authorization` header (distribution
//! project, `docs/spec/auth/token.md` and `oauth.md`).

use plimsoll_net::{Answer, Client, Request, Scheme, Secret, Url};
use serde::Deserialize;

use super::Failure;
use super::challenge::Challenge;
use super::keychain::Credential;

/// Largest answer of a token service.
const MAX_ANSWER: u64 = 256 << 10;

#[derive(Deserialize)]
struct Token {
    #[serde(default)]
    token: Option<String>,
    #[serde(default)]
    access_token: Option<String>,
}

/// Answers a challenge of the registry at `base`.
pub(super) fn answer(
    client: &Client,
    base: &Url,
    challenge: &Challenge,
    credential: Option<&Credential>,
    default_scope: &str,
) -> Result<Secret, Failure> {
    if let Some(Credential::Bearer(token)) = credential {
        return Ok(bearer(token.reveal()));
    }
    let (realm, service, scope) = match challenge {
        Challenge::Basic => {
            return match credential {
                Some(Credential::Password(user, password)) => Ok(Secret::basic(user, password)),
                _ => Err(Failure::Denied(
                    "it asks for a user name and a password".into(),
                )),
            };
        }
        Challenge::Bearer {
            realm,
            service,
            scope,
        } => (realm, service.as_deref(), scope.as_deref()),
    };
    let realm = check_realm(base, realm)?;
    let scope = scope.unwrap_or(default_scope);
    let request = match credential {
        Some(Credential::Identity(token)) => {
            let mut fields = vec![
                ("grant_type", "refresh_token"),
                ("client_id", "plimsoll"),
                ("scope", scope),
                ("refresh_token", token.reveal()),
            ];
            fields.extend(service.map(|service| ("service", service)));
            Request::post_form(realm, &fields)
        }
        other => {
            let mut url = realm;
            if let Some(service) = service {
                url = url.with_query("service", service);
            }
            let request = Request::get(url.with_query("scope", scope), Answer::Document);
            match other {
                Some(Credential::Password(user, password)) => request.basic(user, password),
                _ => request,
            }
        }
    };
    let bytes = client.document(&request, MAX_ANSWER)?;
    let token: Option<Token> = serde_json::from_slice(&bytes).ok();
    token
        .and_then(|answer| answer.token.or(answer.access_token))
        .filter(|token| !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_graphic()))
        .map(|token| bearer(&token))
        .ok_or_else(|| {
            Failure::Denied(format!(
                "its token service {} gives no token",
                request.url()
            ))
        })
}

/// Passwords go to the realm: it must not be less protected, nor closer to this machine, than the registry.
fn check_realm(base: &Url, realm: &str) -> Result<Url, Failure> {
    let url: Url = realm.parse().map_err(|error| {
        Failure::Denied(format!(
            "the address of its token service is unusable: {error}"
        ))
    })?;
    if base.scheme() == Scheme::Https && url.scheme() != Scheme::Https {
        return Err(Failure::Denied(format!(
            "its token service {url} is not protected by TLS"
        )));
    }
    if url.is_local() && !base.is_local() {
        return Err(Failure::Denied(format!(
            "its token service {url} is said to be on this machine"
        )));
    }
    if url.scheme() == Scheme::Http && !url.is_local() && url.host() != base.host() {
        return Err(Failure::Denied(format!(
            "its token service {url} is not protected by TLS"
        )));
    }
    Ok(url)
}

fn bearer(token: &str) -> Secret {
    Secret::new(format!("Bearer {token}"))
}
