//! The base layer: Debian packages laid down as dpkg would, with its database.
//!
//! Nothing is run: no maintainer script, no trigger. What the packages' scripts would have made
//! and scanners read (`etc/passwd`, `etc/group`) is made here from the same sources.

use std::process::Command;

use anyhow::{Context, Result};

use super::download::Package;
use super::tree::{Tree, output};

/// Where dpkg keeps its files.
const DATABASE: &str = "var/lib/dpkg";

/// Folders that the slim images of Debian leave out, to be small; licences stay.
const LEFT_OUT: &[&str] = &[
    "usr/share/doc/",
    "usr/share/info/",
    "usr/share/lintian/",
    "usr/share/locale/",
    "usr/share/man/",
];

/// Lays down the packages, in the order of their names.
pub(super) fn base<'a>(packages: impl Iterator<Item = &'a Package>) -> Result<Tree> {
    let mut tree = Tree::default();
    let mut packages: Vec<_> = packages.collect();
    packages.sort_by_key(|package| package.name);
    let mut status = String::new();
    for package in packages {
        let stanza = install(package, &mut tree)
            .with_context(|| format!("package `{}` {}", package.name, package.version))?;
        status.push_str(&stanza);
    }
    tree.file(&format!("{DATABASE}/status"), 0o644, status);
    for file in ["passwd", "group"] {
        let master = tree
            .read(&format!("usr/share/base-passwd/{file}.master"))?
            .to_vec();
        tree.file(&format!("etc/{file}"), 0o644, master);
    }
    Ok(tree)
}

/// Adds one package's files and notes; returns its paragraph of the status file.
fn install(package: &Package, tree: &mut Tree) -> Result<String> {
    let tar = |part| output(Command::new("dpkg-deb").arg(part).arg(&package.path));
    let mut control = Tree::default();
    let control_tar = tar("--ctrl-tarfile")?;
    control.unpack(&control_tar, |path| Some(path.to_owned()))?;
    let fields = String::from_utf8(control.read("control")?.to_vec())
        .context("its control file is not UTF-8")?;
    let info = format!("{DATABASE}/info/{}", info_name(package.name, &fields));
    tree.unpack(&control_tar, |path| {
        (!path.is_empty() && path != "control").then(|| format!("{info}.{path}"))
    })?;
    let files = tar("--fsys-tarfile")?;
    tree.file(&format!("{info}.list"), 0o644, list(&files)?);
    tree.unpack(&files, |path| kept(path).then(|| path.to_owned()))?;
    Ok(paragraph(&fields))
}

/// dpkg's notes on a package that may stand beside itself for another architecture bear that.
fn info_name(name: &str, fields: &str) -> String {
    if fields.lines().any(|line| line == "Multi-Arch: same") {
        format!("{name}:amd64")
    } else {
        name.to_owned()
    }
}

fn kept(path: &str) -> bool {
    path.ends_with("/copyright") || !LEFT_OUT.iter().any(|folder| path.starts_with(folder))
}

/// All paths of the package, also those that were left out, as dpkg notes them.
fn list(archive: &[u8]) -> Result<String> {
    let mut text = String::new();
    for entry in tar::Archive::new(archive).entries()? {
        let entry = entry?;
        let path = String::from_utf8(entry.path_bytes().into_owned())?;
        let path = path.trim_start_matches('.').trim_end_matches('/');
        text.push_str(if path.is_empty() { "/." } else { path });
        text.push('\n');
    }
    Ok(text)
}

/// The control file with the line that says that the package is there, where dpkg puts it.
fn paragraph(fields: &str) -> String {
    let mut text = String::new();
    for line in fields.lines() {
        text.push_str(line);
        text.push('\n');
        if line.starts_with("Package: ") {
            text.push_str("Status: install ok installed\n");
        }
    }
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_paragraph_says_that_the_package_is_installed() {
        assert_eq!(
            paragraph("Package: a\nVersion: 1\n"),
            "Package: a\nStatus: install ok installed\nVersion: 1\n\n"
        );
    }

    #[test]
    fn licences_are_kept_and_manuals_are_not() {
        assert!(kept("usr/share/doc/gzip/copyright"));
        assert!(!kept("usr/share/doc/gzip/changelog.Debian.gz"));
        assert!(!kept("usr/share/man/man1/gzip.1.gz"));
        assert!(kept("bin/gzip"));
    }
}
