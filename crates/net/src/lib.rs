//! The only crate that opens sockets: a blocking HTTP client with timeouts, retries, proxies, Unix sockets,
//! resumed bodies, an offline switch, and addresses that redact themselves.
//!
//! It knows nothing of registries, daemons or feeds, reads no environment and no configuration: everything is
//! in [`Settings`]. Start at [`Client`].

mod body;
mod client;
mod error;
pub mod fetch;
mod message;
mod proxy;
mod retry;
mod settings;
mod tls;
mod transport;
mod url;

pub use body::{Body, Reopen, Resumable};
pub use client::Client;
pub use error::{NetError, Phase};
pub use message::{Answer, Headers, Method, Request, Response, Secret};
pub use proxy::Proxies;
pub use settings::{Network, Retry, Roots, Settings, Timeouts};
pub use url::{ParseUrlError, Scheme, Url};
