//! The packages of the example image, and fetching them.
//!
//! No address of a registry stands here: npm, pip and mmdebstrap know where theirs is.
//! Whatever they leave in the cache is held against its SHA-256 before anybody reads it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use sha2::{Digest as _, Sha256};

use crate::process::{find, succeed};

/// The Debian release of the base layer. Its main suite no longer changes, so that the versions
/// below stay to be had.
const SUITE: &str = "bullseye";

/// What a package is, which says who fetches and who unpacks it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A binary package of Debian.
    Debian,
    /// A package of npm.
    Npm,
    /// A built distribution of PyPI.
    Wheel,
    /// A source distribution of PyPI.
    Sdist,
}

/// A package by name and version, with what its file has to be.
#[derive(Debug)]
struct Pin {
    kind: Kind,
    name: &'static str,
    version: &'static str,
    /// The name that the client gives the file.
    file: &'static str,
    /// In hexadecimal.
    sha256: &'static str,
}

/// A package in the cache, proven to be the one that is meant.
#[derive(Debug)]
pub(super) struct Package {
    pub(super) kind: Kind,
    pub(super) name: &'static str,
    pub(super) version: &'static str,
    pub(super) path: PathBuf,
}

const fn pin(
    kind: Kind,
    name: &'static str,
    version: &'static str,
    file: &'static str,
    sha256: &'static str,
) -> Pin {
    Pin {
        kind,
        name,
        version,
        file,
        sha256,
    }
}

/// Everything of the image that others made; small packages with known flaws, most of them.
#[rustfmt::skip]
const PINS: &[Pin] = &[
    pin(Kind::Debian, "base-files", "11.1+deb11u11", "base-files_11.1+deb11u11_amd64.deb", "a7cc59f25ad7f3b87c000f33baf12678592be2c62776d03cf8f0f935f846acdc"),
    pin(Kind::Debian, "base-passwd", "3.5.51", "base-passwd_3.5.51_amd64.deb", "0c149206554a6f90db6b855eb0292b8e03acddd1ea2c16569cb3e3fbc98257ea"),
    pin(Kind::Debian, "debianutils", "4.11.2", "debianutils_4.11.2_amd64.deb", "83d21669c5957e3eaee20096a7d8c596bd07f57f1e95dc74f192b3fb7bb2e6a9"),
    pin(Kind::Debian, "gzip", "1.10-4+deb11u1", "gzip_1.10-4+deb11u1_amd64.deb", "34c4c773e2a7600ea3ed0bec0b6931ae5b7de5741bf260cacc55b1a2b92e008d"),
    pin(Kind::Debian, "libexpat1", "2.2.10-2+deb11u5", "libexpat1_2.2.10-2+deb11u5_amd64.deb", "5744040c4735bcdd51238aebfa3e402b857244897f1007f61154982ebe5abbd7"),
    pin(Kind::Debian, "libnghttp2-14", "1.43.0-1+deb11u1", "libnghttp2-14_1.43.0-1+deb11u1_amd64.deb", "96c380d74b9600ee3c300773c60a7d56a78017ac4a0b98d70b52708c1c7e8fd9"),
    pin(Kind::Debian, "libxslt1.1", "1.1.34-4+deb11u1", "libxslt1.1_1.1.34-4+deb11u1_amd64.deb", "e6109d282ad9a330856b88944a953e86329b2c07d8b0f378a2fd0493f27352c8"),
    pin(Kind::Debian, "zlib1g", "1:1.2.11.dfsg-2+deb11u2", "zlib1g_1%3a1.2.11.dfsg-2+deb11u2_amd64.deb", "03d2ab2174af76df6f517b854b77460fbdafc3dac0dca979317da67538159a3e"),
    pin(Kind::Npm, "lodash", "4.17.20", "lodash-4.17.20.tgz", "d2aa8c6afc3c8591765785a37d1c5acae482a8eb3ab9729ed28922692454f2e2"),
    pin(Kind::Npm, "minimist", "1.2.5", "minimist-1.2.5.tgz", "a1800ce4d39356e96497bd09a41fad0033a13dd8eeb469008333547505ce4350"),
    pin(Kind::Npm, "node-fetch", "2.6.0", "node-fetch-2.6.0.tgz", "76042fa91435241c7c5c8bb466e7958c286818efc447745a0d917135b9a6002e"),
    pin(Kind::Wheel, "Jinja2", "2.11.2", "Jinja2-2.11.2-py2.py3-none-any.whl", "f0a4641d3cf955324a89c04f3d94663aa4d638abe8f733ecd3582848e1c37035"),
    pin(Kind::Wheel, "urllib3", "1.26.4", "urllib3-1.26.4-py2.py3-none-any.whl", "2f4da4594db7e1e110a944bb1b551fdf4e6c136ad42e4234131391e21eb5b0df"),
    pin(Kind::Sdist, "PyYAML", "5.3.1", "PyYAML-5.3.1.tar.gz", "b8eac752c5e14d3eca0e6dd9199cd627518cb5ec06add0de9d32baeee6fe645d"),
];

/// Fetches what is not in the cache yet, and proves all of it.
pub(super) fn fetch(cache: &Path) -> Result<Vec<Package>> {
    fs::create_dir_all(cache).with_context(|| format!("cannot create `{}`", cache.display()))?;
    let missing: Vec<_> = PINS
        .iter()
        .filter(|pin| prove(pin, cache).is_err())
        .collect();
    for pin in &missing {
        // npm and pip replace a file of that name, apt may not.
        let path = cache.join(pin.file);
        if path.exists() {
            fs::remove_file(&path)
                .with_context(|| format!("cannot remove `{}`", path.display()))?;
        }
    }
    let of = |kind| missing.iter().filter(move |pin| pin.kind == kind);
    for pin in of(Kind::Npm) {
        npm(pin, cache)?;
    }
    for pin in of(Kind::Wheel).chain(of(Kind::Sdist)) {
        pip(pin, cache)?;
    }
    let debian: Vec<_> = of(Kind::Debian)
        .map(|pin| format!("{}={}", pin.name, pin.version))
        .collect();
    if !debian.is_empty() {
        apt(&debian, cache)?;
    }
    PINS.iter()
        .map(|pin| {
            let path = prove(pin, cache)?;
            Ok(Package {
                kind: pin.kind,
                name: pin.name,
                version: pin.version,
                path,
            })
        })
        .collect()
}

/// The package's file, if it is the one that is meant.
fn prove(pin: &Pin, cache: &Path) -> Result<PathBuf> {
    let path = cache.join(pin.file);
    let Pin { name, version, .. } = pin;
    let bytes = fs::read(&path)
        .with_context(|| format!("package `{name}` {version}: no `{}`", path.display()))?;
    let found = sha256(&bytes);
    if found != pin.sha256 {
        bail!(
            "package `{name}` {version}: the SHA-256 is {found}, not {}",
            pin.sha256
        );
    }
    Ok(path)
}

fn npm(pin: &Pin, cache: &Path) -> Result<()> {
    succeed(
        Command::new("npm")
            .args(["pack", "--silent", "--pack-destination"])
            .arg(cache)
            .arg(format!("{}@{}", pin.name, pin.version)),
    )
}

fn pip(pin: &Pin, cache: &Path) -> Result<()> {
    let form = if pin.kind == Kind::Sdist {
        "--no-binary"
    } else {
        "--only-binary"
    };
    succeed(
        Command::new("python3")
            .args(["-m", "pip", "download", "--quiet", "--no-deps"])
            .args(["--disable-pip-version-check", form, pin.name, "--dest"])
            .arg(cache)
            .arg(format!("{}=={}", pin.name, pin.version)),
    )
}

/// Lets mmdebstrap set up apt for the suite, which checks the signatures, and download with it.
fn apt(wanted: &[String], cache: &Path) -> Result<()> {
    if find("mmdebstrap").is_none() {
        bail!("`mmdebstrap` is missing; install the package of that name");
    }
    let download = format!(
        "mkdir \"$1/packages\" && cd \"$1/packages\" && \
         APT_CONFIG=\"$MMDEBSTRAP_APT_CONFIG\" \
         apt-get --quiet -o APT::Sandbox::User=root download {}",
        wanted.join(" ")
    );
    let cache = cache
        .to_str()
        .filter(|text| !text.contains(char::is_whitespace));
    let cache = cache.context("mmdebstrap needs a checkout whose path has no blanks")?;
    succeed(
        Command::new("mmdebstrap")
            .args(["--quiet", "--variant=custom", "--format=null"])
            .arg("--architectures=amd64")
            .arg(format!("--customize-hook={download}"))
            .arg(format!("--customize-hook=sync-out /packages {cache}"))
            .args([SUITE, "-"]),
    )
}

/// SHA-256 in hexadecimal.
pub(super) fn sha256(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    Sha256::digest(bytes)
        .iter()
        .fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_package_is_named() {
        let folder = std::env::temp_dir().join(format!("plimsoll-pin-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let pin = &PINS[0];
        let absent = prove(pin, &folder).unwrap_err().to_string();
        assert!(absent.contains(pin.name), "{absent}");
        fs::write(folder.join(pin.file), "something else").unwrap();
        let wrong = prove(pin, &folder).unwrap_err().to_string();
        assert!(
            wrong.contains(pin.name) && wrong.contains(pin.sha256),
            "{wrong}"
        );
        fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn every_digest_is_whole() {
        for pin in PINS {
            assert_eq!(pin.sha256.len(), 64, "{}", pin.name);
            assert!(pin.sha256.bytes().all(|byte| byte.is_ascii_hexdigit()));
        }
    }
}
