//! Traps of operating systems, through the program: which system it is, which packages there are, what files
//! beside the database say of them.

use std::path::Path;

use plimsoll_testkit::image::{Image, Layer, oci};
use plimsoll_testkit::program::Program;
use plimsoll_testkit::roots;
use serde_json::{Value, json};

fn report_of(image: Image) -> Value {
    let program = Program::new(env!("CARGO_BIN_EXE_plimsoll"));
    let file = program.file("image.tar", oci(&[image]).tar());
    let file = file.to_str().expect("the path is text");
    let run = program.run(["assess", "-f", "json", "--offline", file]);
    serde_json::from_slice(&run.stdout).unwrap_or_else(|error| panic!("{error}: {run:?}"))
}

/// What the program says of an image with this layer.
fn report(layer: &str) -> Value {
    report_of(Image::new("registry.example/app:1").layer(layer))
}

/// Name and version of each package.
fn packages(report: &Value) -> Vec<String> {
    let packages = report["packages"].as_array().expect("a list").iter();
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    packages
        .map(|one| format!("{} {}", text(&one["name"]), text(&one["version"])))
        .collect()
}

/// Effect, subject and reason of each problem that has a part of a text in it.
fn problems(report: &Value, part: &str) -> Vec<String> {
    let problems = report["problems"].as_array().expect("a list").iter();
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    problems
        .map(|one| {
            format!(
                "{} {}: {}",
                text(&one["effect"]),
                text(&one["subject"]),
                text(&one["reason"])
            )
        })
        .filter(|told| told.contains(part))
        .collect()
}

const MUSL: &str = "P:musl\\nV:1.2.5-r0\\nA:x86_64\\nL:MIT\\no:musl\\nF:lib\\nR:ld.so\\n\\n";
const DEBIAN: &str = "etc/os-release = \"ID=debian\\nVERSION_ID=12\\n\"\n";

fn stanza(name: &str, version: &str, more: &str) -> String {
    format!(
        "Package: {name}\\nStatus: install ok installed\\nVersion: {version}\\nArchitecture: amd64\\n{more}\\n"
    )
}

/// Wolfi keeps the database in `usr/lib`, and `lib` is a link.
#[test]
fn t26_an_apk_database_in_usr_lib_is_found_once() {
    let wolfi = "etc/os-release = \"ID=wolfi\\nVERSION_ID=20230201\\n\"\n";
    for layer in [
        format!("{wolfi}usr/lib/apk/db/installed = \"{MUSL}\"\n"),
        format!("{wolfi}lib -> usr/lib\nusr/lib/apk/db/installed = \"{MUSL}\"\n"),
        format!("{wolfi}usr/lib/\nlib -> /usr/lib\nlib/apk/db/installed = \"{MUSL}\"\n"),
    ] {
        assert_eq!(packages(&report(&layer)), ["musl 1.2.5-r0"], "{layer}");
    }
}

/// Without a release file the repositories tell the release; another distribution stays another.
#[test]
fn t27_apk_without_a_release_file() {
    let database = format!("lib/apk/db/installed = \"{MUSL}\"\n");
    let told = report(&format!(
        "{database}etc/apk/repositories = \"https://mirror.test/alpine/v3.18/main\\n\"\n"
    ));
    assert_eq!(
        (&told["os"]["id"], &told["os"]["version"]),
        (&json!("alpine"), &json!("3.18"))
    );
    let silent = report(&database);
    assert_eq!(silent["os"], json!(null));
    assert_eq!(
        problems(&silent, "no file says which distribution").len(),
        1
    );
    let other = report(&format!(
        "{database}etc/os-release = \"ID=adelie\\nVERSION_ID=1.0\\n\"\n"
    ));
    assert_eq!(other["os"]["id"], "adelie");
    assert_eq!(
        problems(&other, "no advisories for the distribution `adelie`").len(),
        1
    );
    assert_ne!(other["verdict"]["decision"], "fit");
}

/// An image of busybox and nothing else says so.
#[test]
fn t27_busybox_alone() {
    let told = report("bin/busybox = \"xxBusyBox v1.36.1 (2023-11-07) multi-call binary.\"\n");
    assert_eq!(
        (&told["os"]["id"], &told["os"]["version"]),
        (&json!("busybox"), &json!("1.36.1"))
    );
}

#[test]
fn t28_distroless_has_a_stanza_in_each_file() {
    let report = report(&format!(
        "{DEBIAN}var/lib/dpkg/status.d/base = \"{}\"\n\
         var/lib/dpkg/status.d/base.md5sums = \"d41d8cd98f00b204e9800998ecf8427e  usr/bin/x\\n\"\n\
         var/lib/dpkg/status.d/libssl3 = \"Package: libssl3\\nVersion: 3.0.11-1\\nArchitecture: amd64\\n\"\n",
        stanza("base-files", "12.4", "")
    ));
    assert_eq!(packages(&report), ["base-files 12.4", "libssl3 3.0.11-1"]);
    assert_eq!(problems(&report, "status.d"), [""; 0]);
}

#[test]
fn t29_chiselled_ubuntu_has_a_manifest() {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../analyzers/fixtures/os/chisel/happy/root/var/lib/chisel/manifest.wall");
    let manifest = std::fs::read(manifest).expect("the fixture is there");
    let release = b"ID=ubuntu\nID_LIKE=debian\nVERSION_ID=24.04\n";
    let image = Image::new("registry.example/app:1").layer(Layer::of_files(&[
        ("etc/os-release", 0o644, release),
        ("var/lib/chisel/manifest.wall", 0o644, &manifest),
    ]));
    let report = report_of(image);
    assert!(!packages(&report).is_empty());
    assert_eq!(report["packages"][0]["ecosystem"], "deb");
    // Ubuntu says that it is like Debian, whose advisories are not for it.
    assert_eq!(problems(&report, "by likeness"), [""; 0]);
}

#[test]
fn t30_distroless_azure_linux_has_a_manifest() {
    let report = report(
        "etc/os-release = \"ID=mariner\\nVERSION_ID=2.0\\n\"\n\
         var/lib/rpmmanifest/container-manifest-2 = \"openssl-libs\\t1.1.1k-28.cm2\\t1700000000\\t1690000000\\tMicrosoft Corporation\\t(none)\\t100\\tx86_64\\t0\\topenssl-1.1.1k-28.cm2.src.rpm\\n\"\n",
    );
    assert_eq!(packages(&report), ["openssl-libs 1.1.1k-28.cm2"]);
    assert_eq!(report["packages"][0]["source"]["name"], "openssl");
    assert_eq!(problems(&report, "packages of "), [""; 0]);
}

/// A library that was copied from another image belongs to no package, and that is said.
#[test]
fn t31_a_library_of_another_system_is_a_gap() {
    let library = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../analyzers/fixtures/binary/elf/happy/root/lib/libc.so.6");
    let library = std::fs::read(library).expect("the fixture is there");
    let release = b"ID=alpine\nVERSION_ID=3.20.3\n";
    let database = MUSL.replace("\\n", "\n");
    let image = Image::new("registry.example/app:1").layer(Layer::of_files(&[
        ("etc/os-release", 0o644, release),
        ("lib/apk/db/installed", 0o644, database.as_bytes()),
        ("lib/ld.so", 0o755, &library),
        ("usr/lib/libc.so.6", 0o755, &library),
    ]));
    let report = report_of(image);
    assert_eq!(
        problems(&report, "belong to no package"),
        [
            "gap programs: 1 of 2 programs and libraries belong to no package, the first is `usr/lib/libc.so.6`"
        ]
    );
}

#[test]
fn t35_only_what_is_installed_counts() {
    let state = |name: &str, status: &str| {
        format!("Package: {name}\\n{status}Version: 1\\nArchitecture: amd64\\n\\n")
    };
    let report = report(&format!(
        "{DEBIAN}var/lib/dpkg/status = \"{}{}{}{}{}\"\n",
        stanza("here", "1", ""),
        state("held", "Status: hold ok installed\\n"),
        state("gone", "Status: deinstall ok config-files\\n"),
        state("half", "Status: install reinstreq half-installed\\n"),
        state("silent", ""),
    ));
    assert_eq!(packages(&report), ["held 1", "here 1"]);
    assert_eq!(problems(&report, "`half` at line").len(), 1);
    assert_eq!(problems(&report, "`silent` at line").len(), 1);
    assert_eq!(problems(&report, "`gone`"), [""; 0]);
}

#[test]
fn t36_architectures_stand_side_by_side_and_keys_are_no_packages() {
    let of = |architecture: &str| {
        format!(
            "Package: libc6\\nStatus: install ok installed\\nMulti-Arch: same\\nVersion: 2.36-9\\nArchitecture: {architecture}\\n\\n"
        )
    };
    let told = report(&format!(
        "{DEBIAN}var/lib/dpkg/status = \"{}{}\"\n",
        of("amd64"),
        of("i386")
    ));
    let purls: Vec<&str> = told["packages"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|one| one["purl"].as_str())
        .collect();
    assert_eq!(
        purls,
        [
            "pkg:deb/debian/libc6@2.36-9?arch=amd64&distro=debian-12",
            "pkg:deb/debian/libc6@2.36-9?arch=i386&distro=debian-12"
        ]
    );
    let line = |name: &str, version: &str| {
        format!(
            "{name}\\t{version}\\t1\\t1\\tMicrosoft Corporation\\t(none)\\t1\\tx86_64\\t0\\ta-1-1.src.rpm\\n"
        )
    };
    let told = report(&format!(
        "etc/os-release = \"ID=mariner\\nVERSION_ID=2.0\\n\"\nvar/lib/rpmmanifest/container-manifest-2 = \"{}{}{}\"\n",
        line("gpg-pubkey", "3135ce90-5e6fda74"),
        line("kernel", "5.15.1-1.cm2"),
        line("kernel", "5.15.2-1.cm2")
    ));
    assert_eq!(
        packages(&told),
        ["kernel 5.15.1-1.cm2", "kernel 5.15.2-1.cm2"]
    );
}

/// busybox answers to many names, and what a command of the build fetched may be gone.
#[test]
fn t25_t71_applets_are_no_programs_of_their_own() {
    let busybox = "\\x7fELF\\0BusyBox v1.36.1 (2023-11-07 18:53:09 UTC)\\0gzip 1.12\\0";
    let report = report_of(
        Image::new("registry.example/app:1")
            .layer(
                format!(
                    "etc/os-release = \"ID=alpine\\nVERSION_ID=3.20.3\\n\"\n\
                     lib/apk/db/installed = \"{MUSL}\"\n\
                     bin/busybox = \"{busybox}\"\n\
                     usr/bin/gzip -> /bin/busybox\nusr/bin/getopt => bin/busybox\n"
                )
                .as_str(),
            )
            .set(
                "/history",
                json!([{"created_by": "RUN apk add gzip=1.13-r0 curl"}]),
            ),
    );
    assert_eq!(packages(&report), ["musl 1.2.5-r0", "busybox 1.36.1"]);
}

/// Each package is told with the layer and the step of the build that brought it, also where a later step wrote the
/// database anew.
#[test]
fn a_package_is_told_with_the_layer_and_the_step_that_brought_it() {
    let (base, curl) = (
        stanza("base-files", "12.4", ""),
        stanza("curl", "7.88.1", ""),
    );
    let status = |all: &str| format!("var/lib/dpkg/status = \"{all}\"\n");
    let wheel = "usr/lib/python3/dist-packages/idna-3.4.dist-info/METADATA = \"Name: idna\\nVersion: 3.4\\n\"\n";
    let report = report_of(
        Image::new("registry.example/app:1")
            .layer(format!("{DEBIAN}{}", status(&base)).as_str())
            .layer(status(&format!("{base}{curl}")).as_str())
            .layer(format!("{}{wheel}", status(&format!("{curl}{base}"))).as_str())
            .set(
                "/history",
                json!([
                    {"created_by": "ADD rootfs.tar /"},
                    {"created_by": "ENV A=b", "empty_layer": true},
                    {"created_by": "RUN apt-get install -y curl # ghp_R7k2mQx9Lw4Tz8Vb1Nc6Yd3Hf5Js0Pg2aEuK"},
                    {"created_by": "RUN pip install idna"}
                ]),
            ),
    );
    let layers = report["image"]["layers"].as_array().expect("a list");
    let brought: Vec<String> = report["packages"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|package| {
            let layer = &package["locations"][0]["introduced"];
            let layer = usize::try_from(layer.as_u64().expect("a number")).expect("a layer");
            let step = layers[layer]["createdBy"].as_str().expect("a step");
            let words: Vec<&str> = step.split(' ').take(5).collect();
            format!(
                "{} {}",
                package["name"].as_str().expect("a name"),
                words.join(" ")
            )
        })
        .collect();
    assert_eq!(
        brought,
        [
            "base-files ADD rootfs.tar /",
            "curl RUN apt-get install -y curl",
            "idna RUN pip install idna",
        ]
    );
    assert!(!report.to_string().contains("ghp_R7k2mQ"));
}

#[test]
fn t76_two_packages_of_one_library_stay_two() {
    let report = report(&format!(
        "{DEBIAN}var/lib/dpkg/status = \"{}{}\"\n",
        stanza("libssl1.1", "1.1.1w-0", "Source: openssl\\n"),
        stanza("libssl3", "3.0.15-1", "Source: openssl\\n"),
    ));
    assert_eq!(
        packages(&report),
        ["libssl1.1 1.1.1w-0", "libssl3 3.0.15-1"]
    );
}

/// No package of a genuine image is of another vendor.
#[test]
fn t10_genuine_images_have_no_package_of_another_vendor() {
    for (folder, ..) in roots::RPM {
        let report = report_of(roots::rpm(folder));
        assert!(!packages(&report).is_empty(), "{folder}");
        assert_eq!(problems(&report, "packages of "), [""; 0], "{folder}");
    }
}

/// apk tells only which packages somebody wanted from a repository of its own.
#[test]
fn t10_packages_of_tagged_repositories_are_a_gap() {
    let report = report(&format!(
        "etc/os-release = \"ID=alpine\\nVERSION_ID=3.20.3\\n\"\n\
         etc/apk/world = \"alpine-base\\nmusl@edge>1.2\\n\"\nlib/apk/db/installed = \"{MUSL}\"\n"
    ));
    assert_eq!(report["packages"][0]["repository"], "edge");
    assert_eq!(
        problems(&report, "packages of the repository tagged `edge`").len(),
        1
    );
}

#[test]
fn licences_of_dpkg_stand_in_the_copyright_files() {
    let report = report(&format!(
        "{DEBIAN}var/lib/dpkg/status = \"{}{}{}\"\n\
         usr/share/doc/gcc-12-base/copyright = \"see /usr/share/common-licenses/GPL-3\\n\"\n\
         usr/share/doc/libgcc-s1 -> gcc-12-base\n\
         usr/share/doc/zlib1g/copyright = \"Format: x\\n\\nFiles: *\\nLicense: Zlib\\n\"\n",
        stanza("gcc-12-base", "12", ""),
        stanza("libgcc-s1", "12", ""),
        stanza("zlib1g", "1", "")
    ));
    let licenses: Vec<&Value> = report["packages"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| &one["licenses"])
        .collect();
    assert_eq!(
        licenses,
        [&json!(["GPL-3"]), &json!(["GPL-3"]), &json!(["Zlib"])]
    );
    let agpl = report["checks"]
        .as_array()
        .expect("a list")
        .iter()
        .find(|check| check["id"] == "agpl-license")
        .expect("it was asked");
    assert_eq!(agpl["answer"], "pass");
}

#[test]
fn content_sets_and_repositories_of_red_hat_are_told() {
    let report = report(
        "etc/os-release = \"ID=rhel\\nVERSION_ID=9.4\\n\"\n\
         root/buildinfo/content_manifests/ubi9.json = \"{\\\"content_sets\\\": [\\\"rhel-9-for-x86_64-baseos-rpms\\\"]}\"\n\
         usr/lib/sysimage/libdnf5/nevras.toml = \"[nevras]\\n\\\"bash-0:5.1.8-6.el9.x86_64\\\" = {from_repo = \\\"ubi-9-baseos-rpms\\\"}\\n\"\n\
         var/lib/rpmmanifest/container-manifest-2 = \"bash\\t5.1.8-6.el9\\t1\\t1\\tRed Hat, Inc.\\t(none)\\t1\\tx86_64\\t0\\tbash-5.1.8-6.el9.src.rpm\\nhtop\\t3.2-1.el9\\t1\\t1\\tFedora Project\\t(none)\\t1\\tx86_64\\t0\\thtop-3.2-1.el9.src.rpm\\n\"\n",
    );
    assert_eq!(
        report["contentSets"],
        json!(["rhel-9-for-x86_64-baseos-rpms"])
    );
    assert_eq!(report["packages"][0]["repository"], "ubi-9-baseos-rpms");
    assert_eq!(report["packages"][1]["repository"], json!(null));
    // EPEL is not of Red Hat.
    assert_eq!(
        problems(&report, "packages of "),
        [
            "gap packages of Fedora Project: they are not of the distribution, whose advisories do not speak of \
             them, so that they cannot be judged: `htop`"
        ]
    );
}

#[test]
fn a_snap_that_is_there_twice_is_told_once() {
    let report = report(
        "etc/os-release = \"ID=ubuntu\\nVERSION_ID=22.04\\n\"\n\
         snap/hello/42/meta/snap.yaml = \"name: hello\\nversion: 2.10\\n\"\n\
         var/lib/snapd/state.json = \"{\\\"data\\\": {\\\"snaps\\\": {\\\"hello\\\": {\\\"current\\\": \\\"42\\\"}, \\\"core20\\\": {\\\"current\\\": \\\"7\\\"}}}}\"\n",
    );
    assert_eq!(packages(&report), ["core20 r7", "hello 2.10"]);
}
