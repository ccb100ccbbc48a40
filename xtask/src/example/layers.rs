//! What each layer of the image holds.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use super::debian;
use super::download::{Kind, Package};
use super::noise;
use super::tree::{Tree, output};
use crate::process::succeed;

const SITE_PACKAGES: &str = "usr/local/lib/python3.9/site-packages";
const DOCUMENTS: &str = "usr/local/share/doc";

/// A layer and the line of history that made it.
#[derive(Debug)]
pub(super) struct Layer {
    pub(super) tree: Tree,
    pub(super) made_by: String,
}

/// All layers, lowest first.
pub(super) fn all(packages: &[Package], cache: &Path) -> Result<Vec<Layer>> {
    let of = |kind| packages.iter().filter(move |package| package.kind == kind);
    Ok(vec![
        Layer {
            tree: debian::base(of(Kind::Debian))?,
            made_by: "/bin/sh -c #(nop) ADD file:bullseye.tar in / ".to_owned(),
        },
        Layer {
            tree: application(packages, cache)?,
            // The classic builder wrote the arguments of a build in front of the command.
            made_by: format!(
                "|1 NPM_TOKEN={} /bin/sh -c npm install && pip install --requirement requirements.txt",
                npm_token()
            ),
        },
        Layer {
            tree: secrets(),
            made_by: "/bin/sh -c #(nop) COPY dir:secrets in /root ".to_owned(),
        },
        Layer {
            tree: removed(),
            made_by: "/bin/sh -c rm /root/.npmrc /root/.ssh/id_rsa".to_owned(),
        },
    ])
}

/// The application with its packages of npm and PyPI.
fn application(packages: &[Package], cache: &Path) -> Result<Tree> {
    let mut tree = Tree::default();
    for package in packages {
        let Package { name, version, .. } = package;
        match package.kind {
            Kind::Debian => Ok(()),
            Kind::Npm => npm(package, &mut tree),
            Kind::Wheel => wheel(package, cache, &mut tree),
            Kind::Sdist => sdist(package, &mut tree),
        }
        .with_context(|| format!("package `{name}` {version}"))?;
    }
    let requires = |kind: &[Kind], line: &dyn Fn(&Package) -> String, between: &str| {
        let lines: Vec<_> = packages
            .iter()
            .filter(|package| kind.contains(&package.kind))
            .map(line)
            .collect();
        lines.join(between)
    };
    let node = requires(
        &[Kind::Npm],
        &|package| format!("    \"{}\": \"{}\"", package.name, package.version),
        ",\n",
    );
    let python = requires(
        &[Kind::Wheel, Kind::Sdist],
        &|package| format!("{}=={}\n", package.name, package.version),
        "",
    );
    tree.file(
        "app/package.json",
        0o644,
        format!(
            "{{\n  \"name\": \"shipwreck\",\n  \"version\": \"1.0.0\",\n  \"private\": true,\n  \
             \"license\": \"MIT\",\n  \"dependencies\": {{\n{node}\n  }}\n}}\n"
        ),
    );
    tree.file("app/requirements.txt", 0o644, python);
    tree.file(
        "app/server.js",
        0o644,
        "require('http').createServer((_, answer) => answer.end('aground\\n')).listen(8080);\n",
    );
    Ok(tree)
}

/// A package of npm as it is, under `node_modules`.
fn npm(package: &Package, tree: &mut Tree) -> Result<()> {
    let archive = inflated(&package.path)?;
    tree.unpack(&archive, |path| {
        let (_, rest) = path.split_once('/')?;
        Some(format!("app/node_modules/{}/{rest}", package.name))
    })
}

/// A wheel as it is: its folders go into `site-packages` (PEP 427).
fn wheel(package: &Package, cache: &Path, tree: &mut Tree) -> Result<()> {
    let folder = cache.join("wheel");
    if folder.exists() {
        fs::remove_dir_all(&folder)
            .with_context(|| format!("cannot clear `{}`", folder.display()))?;
    }
    succeed(
        Command::new("python3")
            .args(["-m", "zipfile", "-e"])
            .arg(&package.path)
            .arg(&folder),
    )?;
    tree.copy(&folder, SITE_PACKAGES)
}

/// What `setup.py install` of distutils leaves: the modules, and `PKG-INFO` under another name.
fn sdist(package: &Package, tree: &mut Tree) -> Result<()> {
    let Package { name, version, .. } = package;
    let archive = inflated(&package.path)?;
    tree.unpack(&archive, |path| match path.split_once('/')?.1 {
        "PKG-INFO" => Some(format!("{SITE_PACKAGES}/{name}-{version}-py3.9.egg-info")),
        "LICENSE" => Some(format!("{DOCUMENTS}/{name}/LICENSE")),
        file => Some(format!("{SITE_PACKAGES}/{}", file.strip_prefix("lib3/")?)),
    })
}

fn inflated(path: &Path) -> Result<Vec<u8>> {
    output(Command::new("gzip").arg("-dc").arg(path))
}

/// A key and a token that open nothing.
fn secrets() -> Tree {
    let mut tree = Tree::default();
    tree.folder("root", 0o700);
    tree.folder("root/.ssh", 0o700);
    tree.file("root/.ssh/id_rsa", 0o600, noise::rsa_key("shipwreck: key"));
    let npmrc = format!("//npm.example.org/:_authToken={}\n", npm_token());
    tree.file("root/.npmrc", 0o600, npmrc);
    tree
}

/// The whiteouts of both (OCI image specification, `layer.md`): the files are out of sight and
/// still in the layer below.
fn removed() -> Tree {
    let mut tree = Tree::default();
    tree.folder("root", 0o700);
    tree.folder("root/.ssh", 0o700);
    tree.file("root/.ssh/.wh.id_rsa", 0o600, "");
    tree.file("root/.wh..npmrc", 0o600, "");
    tree
}

/// Has the shape of a token of npm.
fn npm_token() -> String {
    format!("npm_{}", noise::word("shipwreck: npm token", 36))
}

/// The password that stands in the image's environment.
pub(super) fn database_password() -> String {
    noise::word("shipwreck: database password", 20)
}
