//! Real Debian images, made by `mmdebstrap` from the mirrors that apt has, and kept below `target/test-images`.

use std::fs::{self, File};
use std::path::PathBuf;
use std::process::Command;

use plimsoll_model::Digest;

use crate::image::{Compression, Image, Layer, docker};
use crate::workspace;

/// Where the packages come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Suites {
    /// The release alone, with its point releases: the fixes of a while ago.
    Release,
    /// The release and its security suite: every fix.
    WithSecurity,
}

/// What an image is made of.
#[derive(Debug, Clone, Copy)]
pub struct Recipe {
    /// The release: `bullseye`.
    pub release: &'static str,
    /// Its suites.
    pub suites: Suites,
    /// Packages beside those that every Debian has.
    pub packages: &'static [&'static str],
}

/// Debian bullseye with packages that got many fixes in its life, and a few that bring language packages.
/// The mirrors lack one of squid's, so it is left out.
#[must_use]
pub const fn bullseye(suites: Suites) -> Recipe {
    Recipe {
        release: "bullseye",
        suites,
        packages: &[
            "bind9-dnsutils",
            "curl",
            "git",
            "gnupg",
            "libxml2-utils",
            "nginx-light",
            "nodejs",
            "openssl",
            "python3-pip",
            "sqlite3",
            "sudo",
            "vim-tiny",
            "xz-utils",
        ],
    }
}

impl Recipe {
    /// The image as `docker save` writes it, of one layer; made at the first call, which needs the mirrors.
    ///
    /// Tests may ask at the same time, from several processes: one makes it, the others wait.
    ///
    /// # Panics
    /// If it cannot be made.
    #[must_use]
    pub fn archive(&self) -> PathBuf {
        let folder = workspace().join("target/test-images");
        fs::create_dir_all(&folder).expect("the folder of images can be made");
        let folder = folder.canonicalize().expect("the folder is there");
        let hook = self.suites_hook();
        let text = format!("{self:?} {hook}");
        let digest = Digest::of(text.as_bytes());
        let kind = match self.suites {
            Suites::Release => "release",
            Suites::WithSecurity => "security",
        };
        let name = format!("{}-{kind}-{}", self.release, &digest.hex()[..12]);
        let archive = folder.join(format!("{name}.tar"));
        let lock = File::create(folder.join(format!("{name}.lock"))).expect("a lock can be made");
        lock.lock().expect("a lock can be taken");
        if !archive.is_file() {
            let part = folder.join(format!("{name}.part"));
            let layer = Layer::of_tar(self.root(&name, &hook)).stored(Compression::None);
            let image = Image::new(&format!("test/{}:1", self.release)).layer(layer);
            fs::write(&part, docker(&[image]).tar()).expect("the image can be written");
            fs::rename(&part, &archive).expect("the image can be named");
        }
        archive
    }

    /// Its root filesystem as a tar, made anew, which needs the mirrors.
    ///
    /// # Panics
    /// If it cannot be made.
    #[must_use]
    pub fn tar(&self) -> Vec<u8> {
        self.root(self.release, &self.suites_hook())
    }

    /// What to leave out of the suites that `mmdebstrap` writes by itself: the release, its updates and its
    /// security suite. A hook of its own, run before anything is fetched.
    fn suites_hook(&self) -> String {
        let unwanted = match self.suites {
            Suites::Release => "/-updates /d; /-security /d",
            Suites::WithSecurity => "/-updates /d",
        };
        format!("sed --in-place '{unwanted}' \"$1\"/etc/apt/sources.list")
    }

    /// The root filesystem as a tar.
    fn root(&self, name: &str, hook: &str) -> Vec<u8> {
        let work = tempfile::TempDir::new().expect("a temporary folder can be made");
        let root = work.path().join("root.tar");
        let mut command = Command::new("mmdebstrap");
        command
            .args(["--quiet", "--variant=minbase", "--format=tar"])
            .arg(format!("--include={}", self.packages.join(",")))
            .arg(format!("--setup-hook={hook}"))
            .arg(self.release)
            .arg(&root)
            .env("SOURCE_DATE_EPOCH", "1767225600")
            .env("TMPDIR", work.path());
        let output = match command.output() {
            Ok(output) => output,
            Err(error) => panic!("`mmdebstrap`, of the Debian package of that name: {error}"),
        };
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "`{name}` cannot be made: {said}");
        fs::read(&root).expect("the root can be read")
    }
}
