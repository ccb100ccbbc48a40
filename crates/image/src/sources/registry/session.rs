//! A conversation with a registry about one repository: where it is, what it was told, and who is asking.

use std::sync::{Mutex, PoisonError};

use plimsoll_net::{Answer, Client, NetError, Request, Response, Secret, Url};
use serde::Deserialize;

use super::challenge::Challenge;
use super::keychain::{self, Credential, Lookup};
use super::{Credentials, Failure, RegistryAccess, token};
use crate::error::ImageError;
use crate::reference::Reference;

/// A conversation with a registry; used from several threads at once.
#[derive(Debug)]
pub(super) struct Session {
    client: Client,
    /// `https://host/v2/path/`
    base: Url,
    registry: String,
    repository: String,
    scope: String,
    credentials: Credentials,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// What goes into the `Authorization` header, once the registry has asked for it.
    authorization: Option<Secret>,
    /// The credentials, looked up once.
    lookup: Option<Lookup>,
}

/// What is wanted of a repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Actions {
    /// To read.
    Pull,
    /// To read and to write.
    PullAndPush,
}

impl Actions {
    /// As scopes of tokens name it (distribution project, `docs/spec/auth/scope.md`).
    fn name(self) -> &'static str {
        match self {
            Self::Pull => "pull",
            Self::PullAndPush => "pull,push",
        }
    }
}

impl Session {
    /// Begins a conversation; asks the registry only where it may speak plain HTTP.
    pub(super) fn open(
        reference: &Reference,
        access: &RegistryAccess,
        actions: Actions,
    ) -> Result<Self, ImageError> {
        let object = format!("`{reference}`");
        let host = match reference.registry() {
            // Docker Hub's name is not the address of its registry.
            "docker.io" => "registry-1.docker.io",
            other => other,
        };
        let address = |scheme: &str| {
            format!("{scheme}://{host}/v2/")
                .parse::<Url>()
                .map_err(|error| ImageError::malformed(object.clone(), error.to_string()))
        };
        let secure = address("https")?;
        let may_be_plain = secure.is_local() || is_listed(&access.plain_http, host);
        let ping = if may_be_plain && speaks_plainly(&access.client, &address("http")?, &object)? {
            address("http")?
        } else {
            secure
        };
        let base = ping
            .join(&format!("{}/", reference.path()))
            .map_err(|error| ImageError::malformed(object, error.to_string()))?;
        Ok(Self {
            client: access.client.clone(),
            base,
            registry: reference.registry().to_owned(),
            repository: reference.repository(),
            scope: format!("repository:{}:{}", reference.path(), actions.name()),
            credentials: access.credentials.clone(),
            state: Mutex::default(),
        })
    }

    pub(super) fn client(&self) -> &Client {
        &self.client
    }

    pub(super) fn repository(&self) -> &str {
        &self.repository
    }

    /// Asks for something below the repository; `object` is what errors call it.
    pub(super) fn get(
        &self,
        target: &str,
        object: &str,
        answer: Answer,
        headers: &[(&'static str, String)],
    ) -> Result<Response, ImageError> {
        let outcome = self.send(target, |url| with(Request::get(url, answer), headers));
        let outcome = outcome.and_then(Response::check);
        outcome.map_err(|error| self.explain(error, object))
    }

    /// Asks for what an earlier answer said; only below the repository, so that no registry sends us elsewhere. `None`
    /// where it is elsewhere.
    pub(super) fn get_below(
        &self,
        url: &Url,
        object: &str,
        answer: Answer,
        headers: &[(&'static str, String)],
    ) -> Result<Option<Response>, ImageError> {
        if !url.same_origin(&self.base) || !url.path().starts_with(self.base.path()) {
            return Ok(None);
        }
        let outcome = self.converse(&with(Request::get(url.clone(), answer), headers));
        let outcome = outcome.and_then(Response::check);
        outcome
            .map(Some)
            .map_err(|error| self.explain(error, object))
    }

    /// Stores something below the repository; `object` is what errors call it.
    pub(super) fn put(
        &self,
        target: &str,
        object: &str,
        request: impl Fn(Url) -> Request,
    ) -> Result<Response, ImageError> {
        let outcome = self.send(target, request).and_then(Response::check);
        outcome.map_err(|error| self.explain(error, object))
    }

    /// Stores something where the registry said that it belongs.
    pub(super) fn put_at(
        &self,
        url: &Url,
        object: &str,
        request: impl Fn(Url) -> Request,
    ) -> Result<Response, ImageError> {
        let outcome = if url.same_origin(&self.base) {
            self.converse(&request(url.clone()))
        } else {
            // Credentials are the registry's.
            self.client.send(&request(url.clone()))
        };
        let outcome = outcome.and_then(Response::check);
        outcome.map_err(|error| self.explain(error, object))
    }

    /// Sends a request about something below the repository.
    pub(super) fn send(
        &self,
        target: &str,
        request: impl Fn(Url) -> Request,
    ) -> Result<Response, NetError> {
        let url = self.base.join(target).map_err(|error| NetError::Address {
            text: format!("{}{target}", self.base),
            reason: error.0,
        })?;
        self.converse(&request(url))
    }

    /// Sends a request to the registry, with whatever authorization it wants.
    fn converse(&self, request: &Request) -> Result<Response, NetError> {
        let sent = self.state().authorization.clone();
        let response = self
            .client
            .send(&request.clone().authorization(sent.clone()))?;
        // Another server, where a redirect led, has no say about credentials.
        if response.status != 401 || !response.url.same_origin(&self.base) {
            return Ok(response);
        }
        let fresh = match self.authorize(&response, sent.as_ref()) {
            Ok(fresh) => fresh,
            Err(Failure::Net(error)) => return Err(error),
            Err(Failure::Denied(detail)) => {
                return Err(NetError::Unauthorised {
                    url: response.url,
                    status: response.status,
                    detail,
                });
            }
        };
        self.client
            .send(&request.clone().authorization(Some(fresh)))
    }

    /// What to say after a 401. Where another thread has just found that out, its answer is used.
    fn authorize(&self, response: &Response, sent: Option<&Secret>) -> Result<Secret, Failure> {
        let mut state = self.state();
        if let Some(known) = &state.authorization
            && Some(known) != sent
        {
            return Ok(known.clone());
        }
        let challenge = Challenge::choose(response.headers.all("www-authenticate"))
            .ok_or_else(|| Failure::Denied("it does not say how to authenticate".into()))?;
        let lookup = state.lookup.get_or_insert_with(|| self.look_up());
        let credential = lookup.credential.as_ref();
        let fresh = token::answer(
            &self.client,
            &self.base,
            &challenge,
            credential,
            &self.scope,
        )?;
        state.authorization = Some(fresh.clone());
        Ok(fresh)
    }

    fn look_up(&self) -> Lookup {
        if let Some((user, password)) = &self.credentials.given {
            return Lookup {
                credential: Some(Credential::Password(user.clone(), password.clone())),
                notes: Vec::new(),
            };
        }
        let mut notes = Vec::new();
        for path in &self.credentials.files {
            let mut lookup = keychain::look_up(path, &self.registry, &self.repository);
            notes.append(&mut lookup.notes);
            if lookup.credential.is_some() {
                lookup.notes = notes;
                return lookup;
            }
        }
        Lookup {
            credential: None,
            notes,
        }
    }

    /// An error with what a person needs to know of the credentials.
    fn explain(&self, error: NetError, object: &str) -> ImageError {
        match translate(error, object) {
            ImageError::Unauthorised { object, reason } => {
                let state = self.state();
                let lookup = state.lookup.as_ref();
                let who = match lookup.and_then(|lookup| lookup.credential.as_ref()) {
                    Some(Credential::Password(user, _)) => format!("asked as `{user}`"),
                    Some(_) => "asked with a stored token".to_owned(),
                    None => format!(
                        "asked without credentials, for none are known for `{}`",
                        self.registry
                    ),
                };
                let notes = lookup
                    .map(|lookup| lookup.notes.as_slice())
                    .unwrap_or_default();
                let parts: Vec<&str> = [reason.as_str(), who.as_str()]
                    .into_iter()
                    .chain(notes.iter().map(String::as_str))
                    .collect();
                let reason = parts.join("; ");
                ImageError::Unauthorised { object, reason }
            }
            other => other,
        }
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        // A panic elsewhere leaves at worst an old token.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A request with headers.
pub(super) fn with(request: Request, headers: &[(&'static str, String)]) -> Request {
    let headers = headers.iter();
    headers.fold(request, |request, (name, value)| {
        request.header(name, value)
    })
}

/// Whether the host, with or without its port, is in the list.
fn is_listed(list: &[String], host: &str) -> bool {
    let bracket = host.rfind(']').unwrap_or(0);
    let name = match host.rfind(':') {
        Some(colon) if colon > bracket => host.get(..colon).unwrap_or(host),
        _ => host,
    };
    list.iter()
        .any(|entry| entry.eq_ignore_ascii_case(host) || entry.eq_ignore_ascii_case(name))
}

/// Whether a server speaks HTTP without TLS. Servers that expect TLS answer with 400, or hang up.
fn speaks_plainly(client: &Client, ping: &Url, object: &str) -> Result<bool, ImageError> {
    match client.send(&Request::get(ping.clone(), Answer::Document)) {
        Ok(response) => Ok(response.status != 400),
        Err(NetError::Protocol { .. }) => Ok(false),
        Err(NetError::Unreachable { source, .. })
            if matches!(
                source.kind(),
                std::io::ErrorKind::UnexpectedEof | std::io::ErrorKind::ConnectionReset
            ) =>
        {
            Ok(false)
        }
        Err(error) => Err(translate(error, object)),
    }
}

/// A network error as an error about an image; `object` is what it calls the image or the blob.
pub(super) fn translate(error: NetError, object: &str) -> ImageError {
    let object = object.to_owned();
    match error {
        NetError::Unauthorised { detail, status, .. } => ImageError::Unauthorised {
            object,
            reason: said(&detail, status),
        },
        NetError::NotFound { detail, status, .. } => ImageError::NotFound {
            object,
            reason: said(&detail, status),
        },
        NetError::TooLarge { limit, .. } => ImageError::over_limit(
            object,
            format!("the registry sends more than {limit} bytes"),
        ),
        NetError::Protocol { .. } | NetError::Redirect { .. } => {
            ImageError::malformed(object, error.to_string())
        }
        other => ImageError::Unreachable {
            object,
            source: Box::new(other),
        },
    }
}

/// What the registry said: its error document (OCI distribution specification, "Error Codes") in words.
fn said(detail: &str, status: u16) -> String {
    #[derive(Deserialize)]
    struct Errors {
        errors: Vec<Said>,
    }
    #[derive(Deserialize)]
    struct Said {
        #[serde(default)]
        code: String,
        #[serde(default)]
        message: String,
    }
    let words = match serde_json::from_str::<Errors>(detail) {
        Ok(document) => {
            let errors = document
                .errors
                .iter()
                .map(|error| match error.message.as_str() {
                    "" => error.code.clone(),
                    message => message.to_owned(),
                });
            errors.collect::<Vec<String>>().join(", ")
        }
        Err(_) => detail.to_owned(),
    };
    let words: String = words
        .chars()
        .filter(|c| !c.is_control())
        .take(300)
        .collect();
    if words.is_empty() {
        return format!("the registry answers with status {status}");
    }
    format!("the registry says `{words}` (status {status})")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_found_in_lists() {
        let list = [
            "Registry.Example".to_owned(),
            "other:5000".to_owned(),
            "[::2]".to_owned(),
        ];
        for (host, is_there) in [
            ("registry.example", true),
            ("registry.example:5000", true),
            ("other:5000", true),
            ("other", false),
            ("other:5001", false),
            ("[::2]:80", true),
            ("[::3]", false),
            ("x.registry.example", false),
        ] {
            assert_eq!(is_listed(&list, host), is_there, "{host}");
        }
    }

    #[test]
    fn what_registries_say_is_shown() {
        assert_eq!(
            said(
                r#"{"errors":[{"code":"MANIFEST_UNKNOWN","message":"manifest unknown","detail":{}}]}"#,
                404
            ),
            "the registry says `manifest unknown` (status 404)"
        );
        assert_eq!(said("", 403), "the registry answers with status 403");
        assert_eq!(
            said("a\u{1b}[31m", 403),
            "the registry says `a[31m` (status 403)"
        );
    }
}
