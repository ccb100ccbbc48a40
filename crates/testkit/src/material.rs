//! Real files for analyzers, made by the tools of their ecosystems and kept below `target/material`.
//!
//! A shell script makes them, either inside a root of Debian that `mmdebstrap` makes, or beside the checkout
//! with the clients of npm and PyPI. It leaves `ID/root/…` for each analyzer, what its tools leave in a
//! filesystem, and `ID/truth`, what the tools themselves say of it. Nothing of it is committed.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use plimsoll_model::Digest;

use crate::workspace;

/// How the material is made.
#[derive(Debug, Clone, Copy)]
pub enum Workshop {
    /// By a script inside a root of a release of Debian.
    Debian {
        /// The release: `trixie`.
        release: &'static str,
        /// The packages that the script needs.
        packages: &'static [&'static str],
        /// Packages whose files it takes apart below `/make/debs`, without what they depend on.
        archives: &'static [&'static str],
        /// Source packages of which it finds what their makers published in `/make/sources`.
        sources: &'static [&'static str],
        /// The script, which fills `/real`.
        script: &'static str,
    },
    /// By a script on this machine, with the clients of the registries that it has.
    Here {
        /// The script; its argument is the folder to fill.
        script: &'static str,
    },
}

impl Workshop {
    /// The folder with the material; made at the first call, which needs the mirrors and minutes.
    ///
    /// Tests may ask at the same time, from several processes: one makes it, the others wait.
    ///
    /// # Panics
    /// If it cannot be made.
    #[must_use]
    pub fn material(&self) -> PathBuf {
        let home = workspace().join("target/material");
        fs::create_dir_all(&home).expect("the folder of materials can be made");
        let home = home.canonicalize().expect("the folder is there");
        let digest = Digest::of(format!("{self:?}").as_bytes());
        let name = format!("{}-{}", self.name(), &digest.hex()[..12]);
        let folder = home.join(&name);
        let lock = File::create(home.join(format!("{name}.lock"))).expect("a lock can be made");
        lock.lock().expect("a lock can be taken");
        if !folder.is_dir() {
            let part = home.join(format!("{name}.part"));
            if part.exists() {
                fs::remove_dir_all(&part).expect("a half made folder can be cleared");
            }
            fs::create_dir(&part).expect("a folder can be made");
            self.make(&part);
            fs::rename(&part, &folder).expect("the material can be named");
        }
        folder
    }

    fn name(&self) -> &'static str {
        match self {
            Self::Debian { release, .. } => release,
            Self::Here { .. } => "here",
        }
    }

    fn make(&self, folder: &Path) {
        let work = tempfile::TempDir::new().expect("a temporary folder can be made");
        let file = work.path().join("make.sh");
        match self {
            Self::Debian {
                release,
                packages,
                archives,
                sources,
                script,
            } => {
                fs::write(&file, script).expect("the script can be written");
                let tar = work.path().join("real.tar");
                let fetch = fetch(archives, sources);
                run(Command::new("mmdebstrap")
                    .args(["--quiet", "--variant=minbase", "--format=null"])
                    .arg(format!("--include={}", packages.join(",")))
                    .arg("--setup-hook=sed --in-place '/-updates /d; /-security /d' \"$1\"/etc/apt/sources.list")
                    .arg(format!("--customize-hook=chroot \"$1\" sh -c '{fetch}'"))
                    .arg(format!("--customize-hook=copy-in {} /", file.display()))
                    .arg("--customize-hook=chroot \"$1\" sh -x /make.sh")
                    .arg(format!("--customize-hook=tar-out /real {}", tar.display()))
                    .args([release, "/dev/null"])
                    .env("TMPDIR", work.path()));
                run(Command::new("tar")
                    .args(["--extract", "--no-same-owner", "--strip-components=1"])
                    .arg("--directory")
                    .arg(folder)
                    .arg("--file")
                    .arg(&tar));
            }
            Self::Here { script } => {
                fs::write(&file, script).expect("the script can be written");
                run(Command::new("sh").arg("-x").arg(&file).arg(folder));
            }
        }
    }
}

/// What a root runs to have archives and the sources of packages; apt fails when it is asked for nothing.
fn fetch(archives: &[&str], sources: &[&str]) -> String {
    let mut steps = vec!["set -e; mkdir -p /make/debs /make/sources".to_owned()];
    if !archives.is_empty() {
        let names = archives.join(" ");
        steps.push(format!("cd /make/debs && apt-get -qq download {names}"));
    }
    if !sources.is_empty() {
        let names = sources.join(" ");
        steps.push(
            "sed s/^deb/deb-src/ /etc/apt/sources.list >/etc/apt/sources.list.d/source.list"
                .to_owned(),
        );
        steps.push("apt-get -qq update".to_owned());
        steps.push(format!(
            "cd /make/sources && apt-get -qq source --download-only --tar-only {names}"
        ));
    }
    steps.join("; ")
}

/// Runs a program that has to succeed; else the end of what it said is the message.
fn run(command: &mut Command) {
    let output = match command.output() {
        Ok(output) => output,
        Err(error) => panic!(
            "cannot start `{}`: {error}",
            command.get_program().display()
        ),
    };
    let said = String::from_utf8_lossy(&output.stderr);
    let lines: Vec<&str> = said.lines().collect();
    let end = lines.len().saturating_sub(40);
    assert!(
        output.status.success(),
        "`{}` ended with {}: {}",
        command.get_program().display(),
        output.status,
        lines[end..].join("\n")
    );
}
