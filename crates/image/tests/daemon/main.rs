//! The daemon source: against one in this process that does what daemons should not do, and against the real
//! Docker daemon and the real Podman service.

#![allow(
    clippy::unwrap_used,
    reason = "a test that fails by panicking is a test that fails"
)]

mod faults;
mod real;

use std::io::Read;
use std::path::Path;
use std::time::Duration;

use plimsoll_image::pipeline::Limits;
use plimsoll_image::sources::{DaemonAccess, DaemonSource};
use plimsoll_image::tar::Entry;
use plimsoll_image::{Image, ImageError, ImageSource, LayerLimits, Visitor};
use plimsoll_model::image::SourceKind;
use plimsoll_net::{Client, Network, Proxies, Retry, Roots, Settings, Timeouts};
use plimsoll_testkit::image::{Image as Tiny, Layer};
use serde_json::json;

/// A way to a daemon; a real one may take a while to pack an image on a busy machine.
fn access(kind: SourceKind, address: &str, folder: &Path, read: Duration) -> DaemonAccess {
    let client = Client::new(Settings {
        // Sockets and loopback addresses are no network.
        network: Network::Offline,
        timeouts: Timeouts {
            connect: Duration::from_secs(2),
            read,
            total: Duration::from_mins(1),
        },
        retry: Retry {
            times: 1,
            first: Duration::from_millis(5),
            longest: Duration::from_secs(1),
        },
        proxies: Proxies::default(),
        roots: Roots::Bundled,
        user_agent: "plimsoll-test".into(),
    });
    DaemonAccess {
        client,
        kind,
        address: address.parse().unwrap(),
        spool: folder.to_owned(),
        configs: Some(folder.join("configs")),
        limits: Limits::default(),
    }
}

fn open(name: &str, access: &DaemonAccess) -> Result<Image, ImageError> {
    DaemonSource::new(name, name.parse().unwrap(), access.clone()).open(None)
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

const PATHS: [&str; 3] = ["etc", "etc/os-release", "srv"];

/// An image with what Podman does not tell: a health check.
fn tiny(name: &str) -> Tiny {
    Tiny::new(name)
        .set("/config/Healthcheck", json!({"Test": ["CMD", "true"]}))
        .set("/config/User", json!("app"))
        .layer(Layer::new("etc/\netc/os-release = \"ID=test\\n\""))
        .layer(Layer::new("srv/"))
}
