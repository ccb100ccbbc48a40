//! Systems that cannot be seen: broken, hidden and unknown package databases and releases.

use plimsoll_testkit::careful::ALPINE;
use plimsoll_testkit::image::Layer;
use plimsoll_testkit::shared;

use super::{Judge, noise};

#[test]
fn the_careful_image_passes_but_for_conditions() {
    let judge = Judge::new();
    judge.assess_layers(&[ALPINE.into()]).ends(0, &[]);
    judge.assess_layers(&[DEBIAN.into()]).ends(0, &[]);
}

const DEBIAN: &str = r#"
etc/os-release = "ID=debian\nVERSION_ID=\"13\"\nVERSION_CODENAME=trixie\n"
etc/passwd = "root:x:0:0:root:/root:/bin/sh\n"
var/lib/dpkg/status = "Package: base-files\nStatus: install ok installed\nArchitecture: amd64\nVersion: 13.8\n\n"
"#;

#[test]
fn a_broken_database_of_apk_or_dpkg_is_never_fit() {
    let judge = Judge::new();
    let over = |path: &str, bytes: &[u8]| {
        [
            Layer::new(if path.contains("dpkg") {
                DEBIAN
            } else {
                ALPINE
            }),
            Layer::of_files(&[(path, 0o644, bytes)]),
        ]
    };
    let torn_status =
        b"Package: a\nStatus: install ok installed\nVersion: 1\n\nPackage: b\nStatus: inst";
    for bytes in [
        &noise(2000)[..],
        b"\0\0\0\0\0\0\0\0",
        torn_status,
        b"<html>404</html>",
    ] {
        judge.cannot_say(
            &over("var/lib/dpkg/status", bytes),
            "var/lib/dpkg/status",
            "",
        );
    }
    let torn_installed = b"P:a\nV:1-r0\nA:x86_64\nL:MIT\n\nP:b\nV:";
    for bytes in [
        &noise(2000)[..],
        b"\0\0\0\0\0\0\0\0",
        torn_installed,
        b"<html>404</html>",
    ] {
        judge.cannot_say(
            &over("lib/apk/db/installed", bytes),
            "lib/apk/db/installed",
            "",
        );
    }
}

#[test]
fn a_broken_database_of_rpm_is_never_fit() {
    let judge = Judge::new();
    let release = "etc/os-release = \"ID=almalinux\\nVERSION_ID=9.4\\n\"";
    for (folder, file, path) in [
        (
            "cbl-mariner-2.0",
            "rpmdb.sqlite",
            "var/lib/rpm/rpmdb.sqlite",
        ),
        (
            "sle15-bci",
            "Packages.db",
            "usr/lib/sysimage/rpm/Packages.db",
        ),
        ("libuuid", "Packages", "var/lib/rpm/Packages"),
    ] {
        let whole = std::fs::read(shared().join("rpmdb").join(folder).join(file)).unwrap();
        let mut broken = vec![
            Vec::new(),
            noise(5000),
            whole[..100].to_vec(),
            whole[..4096].to_vec(),
        ];
        broken.push(whole[..whole.len() / 2].to_vec());
        let mut overwritten = whole.clone();
        let middle = overwritten.len() / 2;
        overwritten[16..64].fill(0xff);
        overwritten[middle..].fill(0x5a);
        broken.push(overwritten);
        for bytes in broken {
            let layers = [
                Layer::new(release),
                Layer::of_files(&[(path, 0o644, &bytes)]),
            ];
            judge.cannot_say(&layers, path, "");
        }
    }
}

#[test]
fn a_system_that_hides_is_never_fit() {
    let judge = Judge::new();
    let alpine = || Layer::new(ALPINE);
    for upper in [
        "~lib/apk/db/installed",
        "~lib/apk",
        "!lib",
        "lib = \"a file in its place\"",
        "lib/apk/db/installed = \"\"",
        "lib/apk/db/installed -> /dev/null",
    ] {
        judge.cannot_say(&[alpine(), upper.into()], "", "database");
    }
    judge.cannot_say(&[alpine(), "~etc/os-release".into()], "", "distribution");
    judge.cannot_say(
        &[
            alpine(),
            "etc/os-release = \"ID=plan9\\nVERSION_ID=4\\n\"".into(),
        ],
        "plan9",
        "",
    );
    judge.cannot_say(
        &[
            alpine(),
            "etc/os-release = \"ID=alpine\\nVERSION_ID=9.99.1\\n\"".into(),
        ],
        "",
        "",
    );
    judge.cannot_say(
        &[alpine(), "etc/os-release = \"\\xff\\xfe\\0\"".into()],
        "",
        "",
    );
    judge.cannot_say(
        &[DEBIAN.into(), "!var/lib/dpkg".into()],
        "",
        "deleted this database",
    );
    // A version that no order understands.
    let odd = "lib/apk/db/installed = \"P:other\\nV:one.two\\nA:x86_64\\nL:MIT\\n\\n\"";
    let run = judge.assess_layers(&[alpine(), odd.into()]);
    run.ends(3, &[]);
    let report = run.json();
    let open = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .any(|finding| {
            finding["rule"] == "CVE-2020-0001" && finding["vulnerability"]["applies"] == "unknown"
        });
    assert!(open, "{}", report["findings"]);
}
