//! A little Debian image with known flaws, and the advisories that know them: the ground for tests of matching as
//! people meet it: explanations, waivers, statements.
//!
//! | package | what the advisories say |
//! |---|---|
//! | `libssl1.1` of `openssl` | `CVE-2098-0001` is in it and fixed (CVSS 7.4), `CVE-2098-0002` is fixed, `CVE-2098-0003` has no fix |
//! | `pip`, which the package `python3-pip` installed | PyPI says that `CVE-2098-0004` is in it, Debian that it never was |
//! | `lodash` of npm | `CVE-2098-0005` is in it (CVSS 7.2), `GHSA-wwww-wwww-wwww` was withdrawn |

use std::path::PathBuf;

use serde_json::{Value, json};

use crate::image::{Image, zip};
use crate::program::Program;

/// Its one layer.
pub const LAYER: &str = r#"
etc/os-release = "ID=debian\nVERSION_ID=\"11\"\nVERSION_CODENAME=bullseye\nPRETTY_NAME=\"Debian GNU/Linux 11 (bullseye)\"\n"
var/lib/dpkg/status = "Package: libssl1.1\nStatus: install ok installed\nArchitecture: amd64\nSource: openssl\nVersion: 1.1.1n-0+deb11u3\nMaintainer: Debian OpenSSL Team\n\nPackage: python3-pip\nStatus: install ok installed\nArchitecture: all\nSource: python-pip\nVersion: 20.3.4-4+deb11u1\nMaintainer: Debian Python Team\n\n"
var/lib/dpkg/info/python3-pip.list = "/usr/lib/python3/dist-packages/pip-20.3.4.egg-info/PKG-INFO\n"
usr/lib/python3/dist-packages/pip-20.3.4.egg-info/PKG-INFO = "Metadata-Version: 2.1\nName: pip\nVersion: 20.3.4\n"
app/node_modules/lodash/package.json = "{\"name\": \"lodash\", \"version\": \"4.17.20\"}"
"#;

/// The package URL of the OpenSSL library in it.
pub const LIBSSL: &str =
    "pkg:deb/debian/libssl1.1@1.1.1n-0%2Bdeb11u3?arch=amd64&distro=debian-11&upstream=openssl";

/// The package URL of lodash in it.
pub const LODASH: &str = "pkg:npm/lodash@4.17.20";

/// The image.
#[must_use]
pub fn image() -> Image {
    Image::new("registry.example/flawed:1.2.3").layer(LAYER)
}

/// Builds the database.
///
/// # Panics
/// If it cannot be built.
#[must_use]
pub fn database(program: &Program) -> PathBuf {
    let feeds = program.folder().join("flawed-feeds");
    let write = |name: &str, bytes: Vec<u8>| {
        let path = feeds.join(name);
        std::fs::create_dir_all(path.parent().expect("a feed has a folder"))
            .expect("the folder can be made");
        std::fs::write(path, bytes).expect("the feed can be written");
    };
    let fixed = |version: &str| {
        json!({"releases": {"bullseye": {
            "status": "resolved", "fixed_version": version, "urgency": "not yet assigned"}}})
    };
    let open = json!({"releases": {"bullseye": {"status": "open", "urgency": "not yet assigned"}}});
    let tracker = json!({
        "openssl": {
            "CVE-2098-0001": fixed("1.1.1n-0+deb11u4"),
            "CVE-2098-0002": fixed("1.1.1k-1+deb11u2"),
            "CVE-2098-0003": open,
        },
        "python-pip": {"CVE-2098-0004": fixed("0")},
    });
    write("debian/tracker.json", tracker.to_string().into_bytes());
    let npm = [
        record(
            ("GHSA-llll-llll-llll", "CVE-2098-0005"),
            ("npm", "lodash"),
            "4.17.21",
        ),
        withdrawn(record(
            ("GHSA-wwww-wwww-wwww", "CVE-2098-0009"),
            ("npm", "lodash"),
            "5.0.0",
        )),
    ];
    write("osv/npm/all.zip", archive(&npm));
    let pip = record(
        ("GHSA-pppp-pppp-pppp", "CVE-2098-0004"),
        ("PyPI", "pip"),
        "23.3",
    );
    write("osv/PyPI/all.zip", archive(&[pip]));
    // A record of another ecosystem gives the flaw of OpenSSL its score.
    let score =
        json!([{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:N/A:H"}]);
    let mut rust = record(
        ("RUSTSEC-2098-0001", "CVE-2098-0001"),
        ("crates.io", "openssl-src"),
        "111.25.0",
    );
    rust["severity"] = score;
    write("osv/crates.io/all.zip", archive(&[rust]));
    let out = program.folder().join("flawed.db");
    let run = program.run([
        "db".as_ref(),
        "build".as_ref(),
        "--from".as_ref(),
        feeds.as_os_str(),
        "--out".as_ref(),
        out.as_os_str(),
    ]);
    run.ends(0, &["debian: 4 records", "osv/npm: 2 records"]);
    out
}

/// A record in the OSV schema of a flaw that is in every version before one.
fn record((id, cve): (&str, &str), (ecosystem, name): (&str, &str), fixed: &str) -> Value {
    json!({
        "id": id,
        "aliases": [cve],
        "modified": "2024-01-01T00:00:00Z",
        "published": "2021-02-15T00:00:00Z",
        "summary": "A flaw",
        "severity": [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:H/UI:N/S:U/C:H/I:H/A:H"}],
        "affected": [{
            "package": {"ecosystem": ecosystem, "name": name},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": fixed}]}],
        }],
    })
}

fn withdrawn(mut record: Value) -> Value {
    record["withdrawn"] = json!("2024-01-01T00:00:00Z");
    record
}

/// An archive as OSV publishes it.
fn archive(records: &[Value]) -> Vec<u8> {
    let members: Vec<(String, Vec<u8>)> = records
        .iter()
        .map(|record| {
            let id = record["id"].as_str().expect("a record has an id");
            (format!("{id}.json"), record.to_string().into_bytes())
        })
        .collect();
    zip(&members)
}
