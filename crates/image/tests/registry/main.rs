//! The registry source: against one in this process that does what registries should not do, and against
//! Debian's real `docker-registry`.

#![allow(
    clippy::unwrap_used,
    reason = "a test that fails by panicking is a test that fails"
)]

mod credentials;
mod faults;
mod platforms;
mod real;

use std::io::Read;
use std::path::PathBuf;
use std::time::Duration;

use plimsoll_image::sources::{Credentials, RegistryAccess, RegistrySource};
use plimsoll_image::tar::Entry;
use plimsoll_image::{Image, ImageError, ImageSource, LayerLimits, Visitor};
use plimsoll_net::{Client, Network, Proxies, Retry, Roots, Settings, Timeouts};
use plimsoll_testkit::image::Image as Tiny;

/// Everything quick, so that what hangs is noticed at once.
fn client(network: Network) -> Client {
    client_with(network, Roots::Bundled)
}

fn client_with(network: Network, roots: Roots) -> Client {
    Client::new(Settings {
        network,
        timeouts: Timeouts {
            connect: Duration::from_secs(2),
            read: Duration::from_millis(500),
            total: Duration::from_secs(3),
        },
        retry: Retry {
            times: 3,
            first: Duration::from_millis(5),
            longest: Duration::from_secs(1),
        },
        proxies: Proxies::default(),
        roots,
        user_agent: "plimsoll-test".into(),
    })
}

fn access(files: &[PathBuf]) -> RegistryAccess {
    RegistryAccess {
        client: client(Network::Online),
        credentials: Credentials {
            given: None,
            files: files.to_vec(),
        },
        plain_http: Vec::new(),
    }
}

fn open_with(name: &str, access: RegistryAccess, platform: &str) -> Result<Image, ImageError> {
    let platform = plimsoll_image::platform::parse(platform).unwrap();
    RegistrySource::new(name, name.parse().unwrap(), access).open(Some(&platform))
}

fn open(name: &str) -> Result<Image, ImageError> {
    open_with(name, access(&[]), "linux/amd64")
}

/// Remembers the paths of all entries.
#[derive(Default)]
struct Paths(Vec<String>);

impl Visitor for Paths {
    fn entry(&mut self, entry: &Entry, content: &mut dyn Read) -> std::io::Result<()> {
        std::io::copy(content, &mut std::io::sink())?;
        self.0.push(entry.path.to_string());
        Ok(())
    }
}

/// The paths in all layers, or what the first failing walk says.
fn walk(image: &Image) -> Result<Vec<String>, ImageError> {
    let mut paths = Paths::default();
    for layer in &image.layers {
        layer.walk(&LayerLimits::default(), &mut paths)?;
    }
    Ok(paths.0)
}

/// An error with its causes.
fn whole(error: &dyn std::error::Error) -> String {
    match error.source() {
        Some(source) => format!("{error}: {}", whole(source)),
        None => error.to_string(),
    }
}

/// An image whose second layer is large enough to break off in the middle.
fn tiny() -> Tiny {
    let mut state = 1_u64;
    let noise: Vec<u8> = (0..300_000)
        .map(|_| {
            // Xorshift: nothing that a compressor could shorten.
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state.to_le_bytes()[3]
        })
        .collect();
    Tiny::new("test/app:1")
        .layer(plimsoll_testkit::image::Layer::new(
            "etc/os-release = \"ID=test\\n\"",
        ))
        .layer(plimsoll_testkit::image::Layer::of_files(&[(
            "srv/noise",
            0o644,
            &noise,
        )]))
}
