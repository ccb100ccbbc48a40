//! The client: one request, its redirects, its retries.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use ureq::tls::TlsConfig;
use ureq::unversioned::transport::DefaultConnector;
use ureq::{Agent, AsSendBody, Proxy, SendBody, Timeout};

use crate::message::{Content, basic};
use crate::retry::{is_passing_error, is_passing_status, retry_after};
use crate::transport::{Lookup, NoLookup, SocketFile};
use crate::url::unescape;
use crate::{
    Answer, Body, Headers, NetError, Network, Phase, Request, Response, Resumable, Scheme,
    Settings, Timeouts, Url,
};

/// Most redirects of one request.
const MAX_REDIRECTS: usize = 10;
/// Most bytes of an answer's headers.
const MAX_HEADERS: usize = 64 << 10;
/// Bytes that are read from a connection at a time.
const READ_BUFFER: usize = 128 << 10;

/// A blocking HTTP client. Cheap to clone; clones share connections. Nothing is opened, read or looked up
/// before the first request.
#[derive(Debug, Clone)]
pub struct Client(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    settings: Settings,
    agents: Mutex<BTreeMap<Route, Agent>>,
}

/// A way to servers; connections on the same way are shared.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Route {
    /// In the clear.
    Plain(Option<String>),
    /// With TLS.
    Secure(Option<String>),
    /// A socket file.
    Socket(PathBuf),
}

impl Client {
    /// A client that behaves as `settings` say.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        Self(Arc::new(Inner {
            settings,
            agents: Mutex::new(BTreeMap::new()),
        }))
    }

    /// How it behaves.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.0.settings
    }

    /// Sends a request, follows redirects, and tries again where the trouble may pass: statuses 429, 500, 502,
    /// 503 and 504, and connections that break. The answer may have any other status, and these after the last
    /// attempt; [`Response::check`] sorts that out.
    ///
    /// Credentials are dropped when a redirect leads to another server. A redirect from `https` to `http`, or
    /// from elsewhere to this machine, is an error.
    pub fn send(&self, request: &Request) -> Result<Response, NetError> {
        let retry = self.0.settings.retry;
        let mut failures = 0;
        loop {
            let outcome = self.follow(request);
            failures += 1;
            let asked = match &outcome {
                Ok(response) if is_passing_status(response.status) => {
                    retry_after(&response.headers)
                }
                Err(error) if is_passing_error(error) => None,
                _ => return outcome,
            };
            if failures > retry.times || asked.is_some_and(|wait| wait > retry.longest) {
                return outcome;
            }
            sleep(asked.unwrap_or_else(|| retry.wait(failures)));
        }
    }

    /// Reads a whole document of at most `limit` bytes.
    pub fn document(&self, request: &Request, limit: u64) -> Result<Vec<u8>, NetError> {
        self.send(request)?.check()?.bytes(limit)
    }

    /// Reads a stream that is resumed when it breaks off.
    pub fn stream(&self, request: &Request) -> Result<Resumable, NetError> {
        let first = self.send(request)?.check()?;
        Ok(self.resume(first, request.clone()))
    }

    /// The body of `first`, resumed by `request` with a range when it breaks off.
    pub(crate) fn resume(&self, first: Response, request: Request) -> Resumable {
        let client = self.clone();
        let reopen = move |offset, etag: Option<&str>| {
            let mut request = request.clone().header("range", Resumable::range(offset));
            if let Some(etag) = etag {
                request = request.header("if-range", etag);
            }
            client.send(&request)?.check()
        };
        Resumable::new(first, self.0.settings.retry, Box::new(reopen))
    }

    fn follow(&self, request: &Request) -> Result<Response, NetError> {
        let mut request = request.clone();
        for _ in 0..=MAX_REDIRECTS {
            let response = self.once(&request)?;
            let location = match response.status {
                301 | 302 | 303 | 307 | 308 => response.headers.get("location"),
                _ => None,
            };
            let Some(location) = location else {
                return Ok(response);
            };
            let target = redirect(&request, location)?;
            if !target.same_origin(&request.url) {
                request.authorization = None;
            }
            request.url = target;
        }
        Err(NetError::Redirect {
            target: "yet another place".into(),
            url: request.url,
            reason: "there were ten before",
        })
    }

    /// One request and its answer, whatever it is.
    fn once(&self, request: &Request) -> Result<Response, NetError> {
        let settings = &self.0.settings;
        let url = &request.url;
        if settings.network == Network::Offline && !url.is_local() {
            return Err(NetError::Offline { url: url.clone() });
        }
        let mut builder = ureq::http::Request::builder()
            .method(request.method.name())
            .uri(url.request_target());
        for (name, value) in &request.headers {
            builder = builder.header(*name, value);
        }
        let own = url.userinfo().map(|userinfo| basic(&unescape(userinfo)));
        if let Some(authorization) = request.authorization.as_ref().or(own.as_ref()) {
            builder = builder.header("authorization", authorization.reveal());
        }
        let answer = self.dispatch(request, builder)?;
        let (parts, body) = answer.into_parts();
        let headers = parts
            .headers
            .iter()
            .filter_map(|(name, value)| {
                Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned()))
            })
            .collect();
        Ok(Response {
            url: url.clone(),
            status: parts.status.as_u16(),
            headers: Headers(headers),
            body: Body::new(body, url.clone(), settings.timeouts),
        })
    }

    fn dispatch(
        &self,
        request: &Request,
        builder: ureq::http::request::Builder,
    ) -> Result<ureq::http::Response<ureq::Body>, NetError> {
        let (url, timeouts) = (&request.url, &self.0.settings.timeouts);
        let malformed = |error: ureq::http::Error| NetError::Protocol {
            url: url.clone(),
            reason: format!("the request cannot be written: {error}"),
        };
        let total = (request.answer == Answer::Document).then_some(timeouts.total);
        let agent = self.agent(url)?;
        let unreadable = |path: &Path, source| NetError::Read {
            path: path.to_owned(),
            source,
        };
        let outcome = match &request.content {
            None => run(&agent, total, builder.body(())),
            Some(Content::Form(form)) => {
                let builder = builder.header("content-type", "application/x-www-form-urlencoded");
                run(&agent, total, builder.body(form.reveal().to_owned()))
            }
            Some(Content::Bytes(bytes)) => run(&agent, total, builder.body(&bytes[..])),
            Some(Content::File(path)) => {
                let file = File::open(path).map_err(|source| unreadable(path, source))?;
                let length = file.metadata().map_err(|source| unreadable(path, source))?;
                let builder = builder.header("content-length", length.len());
                run(
                    &agent,
                    total,
                    builder.body(SendBody::from_owned_reader(file)),
                )
            }
        };
        let outcome = outcome.map_err(malformed)?;
        outcome.map_err(|error| classify(error, url, timeouts, Phase::Answer))
    }

    fn agent(&self, url: &Url) -> Result<Agent, NetError> {
        let proxy = self.0.settings.proxies.proxy_for(url).map(str::to_owned);
        let route = match url.scheme() {
            Scheme::Http => Route::Plain(proxy),
            Scheme::Https => Route::Secure(proxy),
            Scheme::Unix => Route::Socket(url.socket().to_owned()),
        };
        // A panic elsewhere leaves at worst an agent too few.
        let mut agents = self.0.agents.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(agent) = agents.get(&route) {
            return Ok(agent.clone());
        }
        let agent = make_agent(&self.0.settings, &route, url)?;
        agents.insert(route, agent.clone());
        Ok(agent)
    }
}

/// Runs a request that was put together, and gives the error where it was not.
fn run(
    agent: &Agent,
    total: Option<Duration>,
    request: Result<ureq::http::Request<impl AsSendBody>, ureq::http::Error>,
) -> Result<Result<ureq::http::Response<ureq::Body>, ureq::Error>, ureq::http::Error> {
    let request = agent.configure_request(request?).timeout_global(total);
    Ok(agent.run(request.build()))
}

fn make_agent(settings: &Settings, route: &Route, url: &Url) -> Result<Agent, NetError> {
    let proxy = match route {
        Route::Plain(proxy) | Route::Secure(proxy) => proxy.as_deref(),
        Route::Socket(_) => None,
    };
    let needs_tls = matches!(route, Route::Secure(_))
        || proxy.is_some_and(|proxy| proxy.starts_with("https://"));
    let tls = if needs_tls {
        crate::tls::config(&settings.roots)?
    } else {
        TlsConfig::default()
    };
    let proxy = proxy
        .map(Proxy::new)
        .transpose()
        .map_err(|error| NetError::Proxy {
            url: url.clone(),
            reason: error.to_string(),
        })?;
    let timeouts = &settings.timeouts;
    let config = Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .max_response_header_size(MAX_HEADERS)
        .input_buffer_size(READ_BUFFER)
        .user_agent(&settings.user_agent)
        .timeout_resolve(Some(timeouts.connect))
        .timeout_connect(Some(timeouts.connect))
        .timeout_per_read(Some(timeouts.read))
        .timeout_per_write(Some(timeouts.read))
        .timeout_recv_response(Some(timeouts.total))
        .tls_config(tls)
        .proxy(proxy)
        .build();
    Ok(match route {
        Route::Socket(path) => Agent::with_parts(config, SocketFile(path.clone()), NoLookup),
        _ => Agent::with_parts(config, DefaultConnector::new(), Lookup::default()),
    })
}

fn redirect(request: &Request, location: &str) -> Result<Url, NetError> {
    let refuse = |target: String, reason| NetError::Redirect {
        url: request.url.clone(),
        target,
        reason,
    };
    let target = request.url.join(location).map_err(|_| {
        let shown: String = location
            .chars()
            .filter(char::is_ascii_graphic)
            .take(60)
            .collect();
        refuse(shown, "it is no web address")
    })?;
    let target = target.without_userinfo();
    let reason = if request.content.is_some() {
        "what was sent is not for others"
    } else if request.url.scheme() == Scheme::Https && target.scheme() != Scheme::Https {
        "it leads from https to http"
    } else if target.is_local() && !request.url.is_local() {
        "it leads from elsewhere to this machine"
    } else {
        return Ok(target);
    };
    Err(refuse(target.to_string(), reason))
}

/// Our words for an error of the HTTP library.
pub(crate) fn classify(
    error: ureq::Error,
    url: &Url,
    timeouts: &Timeouts,
    phase: Phase,
) -> NetError {
    let url = url.clone();
    match error {
        ureq::Error::Timeout(reason) => {
            let (phase, after) = match reason {
                Timeout::Resolve | Timeout::Connect => (Phase::Connect, timeouts.connect),
                Timeout::PerRead | Timeout::PerWrite => (phase, timeouts.read),
                _ => (phase, timeouts.total),
            };
            NetError::Timeout { url, phase, after }
        }
        // The TLS library reports everything that it dislikes as invalid data.
        ureq::Error::Io(error)
            if error.kind() == std::io::ErrorKind::InvalidData && url.scheme() == Scheme::Https =>
        {
            NetError::Tls {
                url,
                reason: error.to_string(),
            }
        }
        ureq::Error::Io(source) => NetError::Unreachable { url, source },
        ureq::Error::HostNotFound => NetError::Unreachable {
            url,
            source: std::io::Error::new(std::io::ErrorKind::NotFound, "no such host"),
        },
        ureq::Error::Rustls(error) => NetError::Tls {
            url,
            reason: error.to_string(),
        },
        ureq::Error::Pem(_) | ureq::Error::Tls(_) | ureq::Error::TlsRequired => NetError::Tls {
            url,
            reason: error.to_string(),
        },
        ureq::Error::ConnectProxyFailed(_) | ureq::Error::InvalidProxyUrl => NetError::Proxy {
            url,
            reason: error.to_string(),
        },
        other => NetError::Protocol {
            url,
            reason: other.to_string(),
        },
    }
}

/// Waits; the only place of the crate that does.
pub(crate) fn sleep(duration: Duration) {
    std::thread::sleep(duration);
}
