//! An image against which nothing speaks that can be seen without a trial, and what makes the program say so:
//! the ground on which a test spoils one thing and looks whether it is noticed.

use std::path::PathBuf;

use serde_json::json;

use crate::image::Image;
use crate::program::Program;

/// The root filesystem: a supported Alpine with one package.
pub const ALPINE: &str = r#"
etc/os-release = "ID=alpine\nVERSION_ID=3.22.1\nPRETTY_NAME=\"Alpine Linux v3.22\"\n"
etc/passwd = "root:x:0:0:root:/root:/bin/sh\napp:x:1000:1000::/app:/bin/sh\n"
lib/apk/db/installed = "P:musl\nV:1.2.5-r10\nA:x86_64\nL:MIT\no:musl\n\n"
"#;

/// The only line of its bill of materials.
pub const PURL: &str = "pkg:apk/alpine/musl@1.2.5-r10?arch=x86_64&distro=alpine-3.22.1\n";

/// What only time, a trial or a look at the source can answer: somebody has to.
pub const OPEN: &[&str] = &["maintainer", "base-eol", "agpl-license"];

/// The image.
#[must_use]
pub fn image() -> Image {
    configured(Image::new("registry.example/app:1.2.3").layer(ALPINE))
}

/// Another image with the same configuration.
///
/// # Panics
/// Never: an image has a configuration.
#[must_use]
pub fn configured(image: Image) -> Image {
    image
        .set("/config/User", json!("1000:1000"))
        .set(
            "/config/Healthcheck",
            json!({"Test": ["CMD", "/app/app", "--healthcheck"]}),
        )
        .set(
            "/config/Labels",
            json!({
                "org.opencontainers.image.authors": "team@example.org",
                "org.opencontainers.image.source": "https://example.org/app",
            }),
        )
}

/// A policy file in which somebody answers for these rules.
#[must_use]
pub fn policy(rules: &[&str]) -> String {
    let rows = rules.iter().map(|rule| {
        format!(
            "[[accept]]\nrule = \"{rule}\"\nowner = \"a@example.org\"\nreason = \"seen\"\nuntil = \"9999-12-31\"\n"
        )
    });
    rows.collect()
}

/// Builds a database that knows the releases of the image and of Debian trixie, and no flaw of their packages.
///
/// # Panics
/// If it cannot be built.
#[must_use]
pub fn database(program: &Program) -> PathBuf {
    let feeds = program.folder().join("feeds");
    let write = |name: &str, value: serde_json::Value| {
        let path = feeds.join(name);
        std::fs::create_dir_all(path.parent().expect("a feed has a folder"))
            .expect("the folder can be made");
        std::fs::write(path, value.to_string()).expect("the feed can be written");
    };
    for repository in ["main", "community"] {
        let feed = json!({
            "distroversion": "v3.22",
            "reponame": repository,
            "packages": [{"pkg": {"name": "other", "secfixes": {"2-r0": ["CVE-2020-0001"]}}}],
        });
        write(&format!("alpine-secdb/v3.22/{repository}.json"), feed);
    }
    let tracker = json!({"other": {"CVE-2020-0001": {"releases": {
        "trixie": {"status": "resolved", "fixed_version": "2", "urgency": "not yet assigned"},
    }}}});
    write("debian/tracker.json", tracker);
    let out = program.folder().join("advisories.db");
    let run = program.run([
        "db".as_ref(),
        "build".as_ref(),
        "--from".as_ref(),
        feeds.as_os_str(),
        "--out".as_ref(),
        out.as_os_str(),
    ]);
    run.ends(0, &["alpine-secdb/v3.22: 2 records", "debian: 1 records"]);
    assert!(run.stdout.is_empty(), "{run:?}");
    out
}
