//! Why Syft or Trivy list packages that Plimsoll does not list.
//!
//! Each row is about one peer and one type of package, and brings the fewest files that show it.

use super::{Explanation, File, Only, Truth};
use crate::image::{pe, zip};
use crate::peers::Peer;

/// Everything that is known of lists that differ. The first row that covers a package counts.
pub const EXPLANATIONS: &[Explanation] = &[
    Explanation {
        peer: Peer::Syft,
        kind: "npm",
        truth: Truth::NoVersion,
        why: "A `package.json` without a version marks a folder as a module, or lies beside code that was \
              compiled into another package; npm installs nothing without a version, and nothing can be matched.",
        covers: |_| true,
        shown_by: || {
            vec![npm(
                "app/node_modules/a/esm/package.json",
                r#"{"name": "a-esm"}"#,
            )]
        },
    },
    Explanation {
        peer: Peer::Syft,
        kind: "maven",
        truth: Truth::NoVersion,
        why: "An archive that says neither in its name nor inside which version it is. Plimsoll notes that it \
              does not know the archive, or found its name and version in it.",
        covers: |only| {
            only.ours.doubts(&only.listed.path) || only.ours.at(&only.listed.path).next().is_some()
        },
        shown_by: || vec![jar("srv/tool.jar", "Main-Class: org.example.Tool\n", None)],
    },
    Explanation {
        peer: Peer::Syft,
        kind: "maven",
        truth: Truth::OtherName,
        why: "Of an archive without `pom.properties`, or with a name of Debian's, it makes up a group and an \
              artefact of the bundle's name, the start class or the file's name. Plimsoll lists the same archive \
              in the same version.",
        covers: |only| {
            let version = &only.listed.package.version;
            let mut here = only.ours.at(&only.listed.path);
            here.any(|ours| ours.kind == "maven" && ours.version == *version)
        },
        shown_by: || {
            let manifest =
                "Bundle-SymbolicName: org.eclipse.jetty.alpn.client\nBundle-Version: 9.4.57\n";
            let pom = ("org.eclipse.jetty", "jetty-alpn-client", "9.4.57");
            vec![jar(
                "usr/share/java/jetty9-alpn-client.jar",
                manifest,
                Some(pom),
            )]
        },
    },
    Explanation {
        peer: Peer::Syft,
        kind: "maven",
        truth: Truth::OtherName,
        why: "It takes the classifier in a file's name (`-indy`), or the range in the name of a link (`3.x`), for \
              the version, and cuts a version off its name where digits meet a point (`py4j0`, `10.9.7`). \
              Plimsoll lists the same archive in its version.",
        covers: |only| {
            let version = &only.listed.package.version;
            only.ours.at(&only.listed.path).any(|ours| {
                let classifier = version.strip_prefix(ours.version.as_str());
                ours.kind == "maven"
                    && (version.rsplit('.').next() == Some("x")
                        || classifier.is_some_and(|rest| rest.starts_with('-'))
                        || ours.version.ends_with(version.as_str()))
            })
        },
        shown_by: || vec![jar("srv/groovy-json-2.4.21-indy.jar", "", None)],
    },
    Explanation {
        peer: Peer::Syft,
        kind: "maven",
        truth: Truth::OtherName,
        why: "It believes a version in the manifest that was forgotten there, where `pom.properties` has another. \
              Debian calls the archive after a series (`jline2`).",
        covers: |only| {
            let name = only.listed.package.name.as_str();
            let plain = name.trim_end_matches(|c: char| c.is_ascii_digit());
            let mut here = only.ours.at(&only.listed.path);
            plain != name && here.any(|ours| ours.name.rsplit('/').next() == Some(plain))
        },
        shown_by: || {
            let pom = ("jline", "jline", "2.14.6");
            let forgotten = "Implementation-Version: 2.11.0\n";
            vec![jar("usr/share/java/jline2.jar", forgotten, Some(pom))]
        },
    },
    Explanation {
        peer: Peer::Syft,
        kind: "nuget",
        truth: Truth::OtherName,
        why: "It lists each library of a program for .NET or of .NET's runtime with the version of its file \
              (`4.700.22.12208`), which no package of NuGet has. Plimsoll lists the packages that brought them, \
              from the `.deps.json` beside.",
        covers: |only| only.ours.beside(&only.listed.path, ".deps.json"),
        shown_by: || {
            let deps = r#"{"runtimeTarget": {"name": ".NETCoreApp,Version=v8.0/linux-x64"},
"targets": {".NETCoreApp,Version=v8.0/linux-x64": {"Microsoft.NETCore.App.Runtime.linux-x64/8.0.1": {"runtime": {
"System.Buffers.dll": {"assemblyVersion": "8.0.0.0", "fileVersion": "8.0.123.58001"}}}}},
"libraries": {"Microsoft.NETCore.App.Runtime.linux-x64/8.0.1": {"type": "package", "serviceable": true,
"sha512": ""}}}"#;
            let part = [
                ("ProductName", "System.Buffers"),
                ("FileVersion", "8.0.123.58001"),
                ("ProductVersion", "8.0.123.58001"),
            ];
            vec![
                (
                    "usr/share/dotnet/shared/Microsoft.NETCore.App/8.0.1/Microsoft.NETCore.App.deps.json",
                    0o644,
                    deps.as_bytes().to_vec(),
                ),
                (
                    "usr/share/dotnet/shared/Microsoft.NETCore.App/8.0.1/System.Buffers.dll",
                    0o644,
                    pe(&part),
                ),
            ]
        },
    },
    Explanation {
        peer: Peer::Syft,
        kind: "nuget",
        truth: Truth::NoPackage,
        why: "A launcher for Windows that a Python package carries. The version of its file names no package of \
              NuGet.",
        covers: |only| {
            let path = only.listed.path.as_str();
            path.contains("-packages/") && path.rsplit('.').next() == Some("exe")
        },
        shown_by: || {
            let launcher = [
                ("ProductName", "Simple Launcher"),
                ("FileVersion", "1.1.0.14"),
                ("ProductVersion", "1.1.0.14"),
            ];
            vec![(
                "usr/lib/python3/dist-packages/distlib/t64.exe",
                0o644,
                pe(&launcher),
            )]
        },
    },
    Explanation {
        peer: Peer::Syft,
        kind: "golang",
        truth: Truth::OtherName,
        why: "Of a Go program that was built from a work tree it takes the first text that looks like a version, \
              whatever it belongs to. Plimsoll lists the program's module as `(devel)`.",
        covers: |only| {
            let name = only.listed.package.name.as_str();
            let mut here = only.ours.at(&only.listed.path);
            here.any(|ours| {
                let rest = name.strip_prefix(ours.name.as_str());
                ours.kind == "golang"
                    && ours.version.is_empty()
                    && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            })
        },
        shown_by: || {
            let content = [
                work_tree_program(b"example.com", ""),
                b"\0v2.46.0\0".to_vec(),
            ]
            .concat();
            vec![("usr/bin/tiny", 0o755, content)]
        },
    },
    Explanation {
        peer: Peer::Trivy,
        kind: "golang",
        truth: Truth::NoVersion,
        why: "The main module of a Go program that was built from a work tree. Plimsoll lists it as `(devel)`, or \
              in the version that the build says otherwise.",
        covers: |_| true,
        shown_by: || {
            let commit = "build\tvcs.revision=a75b16ec09e7a75b16ec09e7a75b16ec09e7a75b\n\
                          build\tvcs.time=2023-09-28T01:46:12Z\n";
            vec![(
                "usr/bin/committed",
                0o755,
                work_tree_program(b"example.net", commit),
            )]
        },
    },
    Explanation {
        peer: Peer::Syft,
        kind: "cran",
        truth: Truth::NoPackage,
        why: "A `DESCRIPTION` of R that lies deeper in an installed package: a package that its tests build, not \
              one that R could load.",
        covers: |only| {
            let below = only.listed.path.rsplit_once("library/");
            below.is_some_and(|(_, rest)| rest.matches('/').count() > 1)
        },
        shown_by: || {
            let content = b"Package: testRcppModule\nVersion: 0.1\nTitle: Test\n".to_vec();
            let path = "usr/lib/R/site-library/Rcpp/tinytest/testRcppModule/DESCRIPTION";
            vec![(path, 0o644, content)]
        },
    },
    Explanation {
        peer: Peer::Syft,
        kind: "npm",
        truth: Truth::NoPackage,
        why: PART_OF_A_PACKAGE,
        covers: in_modules,
        shown_by: part_of_a_package,
    },
    Explanation {
        peer: Peer::Trivy,
        kind: "npm",
        truth: Truth::NoPackage,
        why: PART_OF_A_PACKAGE,
        covers: in_modules,
        shown_by: part_of_a_package,
    },
    Explanation {
        peer: Peer::Syft,
        kind: "npm",
        truth: Truth::NoPackage,
        why: NEVER_PUBLISHED,
        covers: |only| !in_modules(only),
        shown_by: never_published,
    },
    Explanation {
        peer: Peer::Trivy,
        kind: "npm",
        truth: Truth::NoPackage,
        why: NEVER_PUBLISHED,
        covers: |only| !in_modules(only),
        shown_by: never_published,
    },
];

const PART_OF_A_PACKAGE: &str = "A `package.json` below the root of an installed package: a fixture of its tests, \
     a template, a folder of its own. The name is invented, or is that of somebody else's package.";

const NEVER_PUBLISHED: &str = "A `package.json` in no modules folder, without any sign that it was made to be \
     published: the application itself, or a part of a Python package or a gem. Its name is free for anybody to \
     publish.";

/// Whether the file is below a folder of installed packages of npm.
fn in_modules(only: &Only<'_>) -> bool {
    let path = only.listed.path.as_str();
    path.starts_with("node_modules/")
        || path.contains("/node_modules/")
        || path.starts_with("usr/share/nodejs/")
}

fn part_of_a_package() -> Vec<File> {
    let fixture = r#"{"name": "mylib", "version": "0.0.0"}"#;
    vec![npm(
        "app/node_modules/resolve/test/mylib/package.json",
        fixture,
    )]
}

fn never_published() -> Vec<File> {
    let own = r#"{"name": "npm-app", "version": "1.0.0", "private": true}"#;
    vec![npm("srv/app/package.json", own)]
}

/// A Go program (Executable and Linkable Format; `debug/buildinfo`) of which only its build information is left,
/// on this host, with these settings instead of the flag that said its version, and with a program header, by which the peers
/// find the information.
fn work_tree_program(host: &[u8; 11], settings: &str) -> Vec<u8> {
    const TINY: &[u8] = include_bytes!("../../../analyzers/fixtures/binary/go/real/root/bin/tiny");
    let find = |text: &[u8]| {
        let mut windows = TINY.windows(text.len());
        windows.position(|window| window == text)
    };
    let from = find(b"build\t-ldflags").expect("the program was built with flags");
    let to = find(b"build\tGOARCH").expect("the program is for a processor");
    let info = find(b"\xff Go buildinf:").expect("the program has build information") as u64;
    let tags = to - from - settings.len() - "build\t-tags=\n".len();
    let settings = format!("{settings}build\t-tags={}\n", "x".repeat(tags));
    let mut bytes = [&TINY[..from], settings.as_bytes(), &TINY[to..]].concat();
    let number = |at: usize| u64::from_le_bytes(TINY[at..at + 8].try_into().expect("eight bytes"));
    while let Some(at) = bytes.windows(11).position(|text| text == b"example.org") {
        bytes[at..at + 11].copy_from_slice(host);
    }
    // The header of the section that begins there says its address.
    let sections = usize::try_from(number(0x28)).expect("a small file");
    let section = (sections..TINY.len() - 63)
        .step_by(64)
        .find(|at| number(at + 24) == info);
    let address = number(section.expect("the information is a section") + 16);
    let size = bytes.len() as u64;
    bytes[0x20..0x28].copy_from_slice(&size.to_le_bytes());
    bytes[0x36..0x3A].copy_from_slice(&[56, 0, 1, 0]);
    // Loadable and writable; from the information to the end.
    bytes.extend([1, 6].map(u32::to_le_bytes).concat());
    let length = size - info;
    let place = [info, address, address, length, length, 16];
    bytes.extend(place.map(u64::to_le_bytes).concat());
    bytes
}

fn npm(path: &'static str, content: &str) -> File {
    (path, 0o644, content.as_bytes().to_vec())
}

/// A Java archive with a manifest and, if it has coordinates, its `pom.properties`.
fn jar(path: &'static str, manifest: &str, pom: Option<(&str, &str, &str)>) -> File {
    let manifest = format!("Manifest-Version: 1.0\n{manifest}\n");
    let mut entries = vec![("META-INF/MANIFEST.MF".to_owned(), manifest.into_bytes())];
    if let Some((group, artifact, version)) = pom {
        let place = format!("META-INF/maven/{group}/{artifact}/pom.properties");
        let content = format!("groupId={group}\nartifactId={artifact}\nversion={version}\n");
        entries.push((place, content.into_bytes()));
    }
    (path, 0o644, zip(&entries))
}
