//! Images whose packages stand at the edges of what the feeds say: for each record the version where a range
//! begins and the one where it ends. Real images hold a few hundred packages, most of them far from any edge.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

use serde_json::{Value, json};

use crate::image::{Compression, Image, Layer, zip};
use crate::trivy::{each, json_of, members};

/// The images that can be made, what their packages are, and each how manyth of them `cargo xtask compare` takes.
pub const KINDS: &[(&str, &str, usize)] = &[
    ("alpine", "packages of Alpine 3.16", 1),
    ("wolfi", "packages of Wolfi", 1),
    ("debian-11", "packages of Debian bullseye", 2),
    ("debian-12", "packages of Debian bookworm", 1),
    ("alma-8", "packages of AlmaLinux 8 without its modules", 16),
    ("alma-9", "packages of AlmaLinux 9 without its modules", 16),
    ("npm", "packages of npm in `node_modules`", 3),
    ("pypi", "packages of Python, installed", 3),
    ("gem", "gems, installed", 1),
    ("maven", "Java archives with `pom.properties`", 3),
    ("composer", "packages of Composer, installed", 1),
    ("nuget", "packages of NuGet in a `.deps.json`", 1),
    ("go", "modules of Go programs", 2),
    ("cargo", "crates of Rust programs", 2),
];

/// How many versions of one package an image has at most: some kernels have hundreds, and each has a thousand
/// flaws.
const VERSIONS: usize = 6;

/// Names with the versions at their edges.
type Edges = BTreeMap<String, BTreeSet<String>>;
type Files = Vec<(String, u32, Vec<u8>)>;

/// One of [`KINDS`], with every `step`th package.
///
/// # Panics
/// If it is none, or a feed is not there.
#[must_use]
pub fn image(feeds: &Path, kind: &str, step: usize) -> Image {
    let thin = |edges: Edges| {
        let some = edges.into_iter().step_by(step);
        some.map(|(name, versions)| (name, spread(versions)))
            .collect::<Edges>()
    };
    let osv = |ecosystem: &str| thin(osv(feeds, ecosystem));
    let files = match kind {
        "alpine" => {
            let release = "ID=alpine\nVERSION_ID=3.16.9\n";
            let mut edges = Edges::new();
            for repository in ["main", "community"] {
                let path = feeds.join(format!("alpine-secdb/v3.16/{repository}.json"));
                secdb(&json_of(&path), &mut edges);
            }
            apk(&thin(edges), release)
        }
        "wolfi" => {
            let mut edges = Edges::new();
            secdb(&json_of(&feeds.join("wolfi/security.json")), &mut edges);
            apk(&thin(edges), "ID=wolfi\nVERSION_ID=20230201\n")
        }
        "debian-11" => dpkg(&thin(tracker(feeds, "bullseye")), "11"),
        "debian-12" => dpkg(&thin(tracker(feeds, "bookworm")), "12"),
        "alma-8" => rpm(&osv("AlmaLinux:8"), "8.10"),
        "alma-9" => rpm(&osv("AlmaLinux:9"), "9.4"),
        "npm" => npm(&osv("npm")),
        "pypi" => pypi(&osv("PyPI")),
        "gem" => gem(&osv("RubyGems")),
        "maven" => maven(&osv("Maven")),
        "composer" => composer(&osv("Packagist")),
        "nuget" => nuget(&osv("NuGet")),
        "go" => go(&osv("Go")),
        "cargo" => cargo(&osv("crates.io")),
        other => panic!("no image of edges is named `{other}`"),
    };
    let mut files = files;
    if !files.iter().any(|(path, ..)| path == "etc/os-release") {
        files.push(text("etc/os-release", "ID=scratch\nVERSION_ID=1\n"));
    }
    let files: Vec<(&str, u32, &[u8])> = files
        .iter()
        .map(|(path, mode, content)| (path.as_str(), *mode, content.as_slice()))
        .collect();
    let layer = Layer::of_files(&files).stored(Compression::None);
    Image::new(&format!("test/edges-{kind}:1")).layer(layer)
}

/// At most [`VERSIONS`] of them, evenly spread.
fn spread(versions: BTreeSet<String>) -> BTreeSet<String> {
    let step = versions.len().div_ceil(VERSIONS).max(1);
    versions.into_iter().step_by(step).collect()
}

fn text(path: &str, content: impl Into<Vec<u8>>) -> (String, u32, Vec<u8>) {
    (path.to_owned(), 0o644, content.into())
}

/// Whether a version can stand in a file and in a path.
fn is_plain(version: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || ".+-_~:!".contains(c);
    !matches!(version, "" | "0") && version.len() < 100 && version.chars().all(plain)
}

fn osv(feeds: &Path, ecosystem: &str) -> Edges {
    let mut edges = Edges::new();
    let archive = ecosystem.split(':').next().unwrap_or_default();
    each(&feeds.join("osv").join(archive).join("all.zip"), |record| {
        for affected in record["affected"].as_array().into_iter().flatten() {
            let package = &affected["package"];
            let name = package["name"].as_str().unwrap_or_default();
            if package["ecosystem"] != ecosystem || name.is_empty() {
                continue;
            }
            let ranges = affected["ranges"].as_array().into_iter().flatten();
            let events = ranges
                .filter(|range| range["type"] != "GIT")
                .flat_map(|range| range["events"].as_array().into_iter().flatten())
                .flat_map(members)
                .filter_map(|(_, version)| version.as_str());
            let listed = affected["versions"].as_array();
            let listed = listed
                .into_iter()
                .flat_map(|all| all.first().into_iter().chain(all.last()));
            let versions = events.chain(listed.filter_map(Value::as_str));
            let versions = versions
                .filter(|version| is_plain(version))
                .map(str::to_owned);
            edges.entry(name.to_owned()).or_default().extend(versions);
        }
    });
    edges
}

/// Fixed versions, and a release of each package that is below it.
fn secdb(document: &Value, edges: &mut Edges) {
    for entry in document["packages"].as_array().into_iter().flatten() {
        let name = entry["pkg"]["name"].as_str().unwrap_or_default();
        for (version, _) in members(&entry["pkg"]["secfixes"]) {
            let version = version.trim();
            if is_plain(version) {
                let known = edges.entry(name.to_owned()).or_default();
                known.insert(version.to_owned());
                if let Some((upstream, _)) = version.rsplit_once("-r") {
                    known.insert(format!("{upstream}_rc1-r0"));
                    known.insert(format!("{upstream}-r99"));
                }
            }
        }
    }
}

fn tracker(feeds: &Path, codename: &str) -> Edges {
    let mut edges = Edges::new();
    for (name, flaws) in members(&json_of(&feeds.join("debian/tracker.json"))) {
        for (_, flaw) in members(flaws) {
            let fixed = flaw["releases"][codename]["fixed_version"].as_str();
            if let Some(fixed) = fixed.filter(|fixed| is_plain(fixed)) {
                let known = edges.entry(name.to_owned()).or_default();
                known.insert(fixed.to_owned());
                known.insert(format!("{fixed}~bpo1"));
                known.insert(format!("{fixed}+b1"));
            }
        }
    }
    edges
}

fn numbered(edges: &Edges) -> impl Iterator<Item = (usize, &str, &str)> {
    edges.iter().flat_map(|(name, versions)| {
        let versions = versions.iter().enumerate();
        versions.map(move |(at, version)| (at, name.as_str(), version.as_str()))
    })
}

fn apk(edges: &Edges, release: &str) -> Files {
    let mut installed = String::new();
    for (at, name, version) in numbered(edges) {
        let _ = write!(
            installed,
            "P:{name}-{at}\nV:{version}\nA:x86_64\no:{name}\nL:MIT\n\n"
        );
    }
    vec![
        text("etc/os-release", release),
        text("lib/apk/db/installed", installed),
    ]
}

fn dpkg(edges: &Edges, release: &str) -> Files {
    let mut status = String::new();
    for (at, name, version) in numbered(edges) {
        let _ = write!(
            status,
            "Package: {name}-n{at}\nStatus: install ok installed\nMaintainer: Debian <a@debian.org>\n\
             Architecture: amd64\nSource: {name}\nVersion: {version}\nDescription: edge\n\n"
        );
    }
    vec![
        text(
            "etc/os-release",
            format!("ID=debian\nVERSION_ID={release}\n"),
        ),
        // Trivy knows Debian by this file alone.
        text("etc/debian_version", format!("{release}.1\n")),
        text("var/lib/dpkg/status", status),
    ]
}

/// The list of packages that images without rpm's database carry. A name stands in it once for each version.
fn rpm(edges: &Edges, release: &str) -> Files {
    let mut manifest = String::new();
    for (_, name, version) in numbered(edges) {
        let (epoch, rest) = version.split_once(':').unwrap_or(("0", version));
        let shown = if epoch == "0" { "(none)" } else { epoch };
        if !rest.contains(".module") && rest.contains('-') {
            let _ = writeln!(
                manifest,
                "{name}\t{rest}\t1653816591\t1653753130\tAlmaLinux\t{shown}\t580\tx86_64\t{epoch}\t{name}-{rest}.src.rpm"
            );
        }
    }
    vec![
        text(
            "etc/os-release",
            format!("ID=almalinux\nVERSION_ID=\"{release}\"\n"),
        ),
        text("var/lib/rpmmanifest/container-manifest-2", manifest),
    ]
}

fn npm(edges: &Edges) -> Files {
    let files = numbered(edges).map(|(at, name, version)| {
        let content = json!({"name": name, "version": version}).to_string();
        text(
            &format!("srv/{at}/node_modules/{name}/package.json"),
            content,
        )
    });
    files.collect()
}

fn pypi(edges: &Edges) -> Files {
    let files = numbered(edges).map(|(at, name, version)| {
        let content = format!("Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n");
        let folder = "lib/python3.11/site-packages";
        text(
            &format!("srv/{at}/{folder}/{name}-{version}.dist-info/METADATA"),
            content,
        )
    });
    files.collect()
}

fn gem(edges: &Edges) -> Files {
    let files = numbered(edges).map(|(_, name, version)| {
        let content = format!(
            "# -*- encoding: utf-8 -*-\n# stub: {name} {version} ruby lib\n\nGem::Specification.new do |s|\n  \
             s.name = \"{name}\".freeze\n  s.version = \"{version}\"\n  s.require_paths = [\"lib\".freeze]\n  \
             s.licenses = [\"MIT\".freeze]\nend\n"
        );
        text(&format!("usr/lib/ruby/gems/3.1.0/specifications/{name}-{version}.gemspec"), content)
    });
    files.collect()
}

fn maven(edges: &Edges) -> Files {
    let named = numbered(edges).filter_map(|(_, name, version)| {
        let (group, artifact) = name.split_once(':')?;
        let place = format!("META-INF/maven/{group}/{artifact}/pom.properties");
        let content = format!("groupId={group}\nartifactId={artifact}\nversion={version}\n");
        let entries = [
            (
                "META-INF/MANIFEST.MF".to_owned(),
                b"Manifest-Version: 1.0\n".to_vec(),
            ),
            (place, content.into_bytes()),
        ];
        Some(text(
            &format!("srv/{group}/{artifact}-{version}.jar"),
            zip(&entries),
        ))
    });
    named.collect()
}

/// One file for each rank of version, since a file has a package once.
fn ranks(edges: &Edges) -> BTreeMap<usize, Vec<(&str, &str)>> {
    let mut ranks: BTreeMap<usize, Vec<(&str, &str)>> = BTreeMap::new();
    for (at, name, version) in numbered(edges) {
        ranks.entry(at).or_default().push((name, version));
    }
    ranks
}

fn composer(edges: &Edges) -> Files {
    let files = ranks(edges).into_iter().map(|(at, packages)| {
        let packages: Vec<Value> = packages
            .into_iter()
            .map(|(name, version)| json!({"name": name, "version": version, "type": "library"}))
            .collect();
        let content = json!({"packages": packages, "dev": false}).to_string();
        text(&format!("srv/{at}/vendor/composer/installed.json"), content)
    });
    files.collect()
}

fn nuget(edges: &Edges) -> Files {
    let files = ranks(edges).into_iter().map(|(at, packages)| {
        let (mut libraries, mut target) = (json!({}), json!({}));
        for (name, version) in packages {
            let key = format!("{name}/{version}");
            libraries[&key] = json!({"type": "package", "serviceable": true, "sha512": ""});
            target[&key] = json!({"runtime": {format!("lib/{name}.dll"): {}}});
        }
        let framework = ".NETCoreApp,Version=v8.0";
        let content = json!({
            "runtimeTarget": {"name": framework, "signature": ""},
            "targets": {framework: target},
            "libraries": libraries,
        });
        text(&format!("srv/{at}/app.deps.json"), content.to_string())
    });
    files.collect()
}

fn go(edges: &Edges) -> Files {
    let files = ranks(edges).into_iter().map(|(at, modules)| {
        let mut info = "path\texample.org/edges\nmod\texample.org/edges\t(devel)\t\n".to_owned();
        for (name, version) in modules {
            if name != "stdlib" && name != "toolchain" {
                let _ = writeln!(info, "dep\t{name}\tv{version}\th1:AAAA");
            }
        }
        // What `debug/buildinfo` looks for: a mark, the size of pointers, a flag that texts follow, and the texts.
        let mut content = b"\xff Go buildinf:\x08\x02".to_vec();
        content.resize(32, 0);
        let mark = "0123456789abcdef";
        for part in ["go1.22.0", &format!("{mark}{info}{mark}")] {
            let mut length = part.len();
            while length >= 0x80 {
                content.push(u8::try_from(length & 0x7f).unwrap_or_default() | 0x80);
                length >>= 7;
            }
            content.push(u8::try_from(length).unwrap_or_default());
            content.extend(part.as_bytes());
        }
        (
            format!("usr/bin/go-{at}"),
            0o755,
            elf(".go.buildinfo", &content),
        )
    });
    files.collect()
}

fn cargo(edges: &Edges) -> Files {
    let files = ranks(edges).into_iter().map(|(at, crates)| {
        let mut packages: Vec<Value> = crates
            .into_iter()
            .map(|(name, version)| json!({"name": name, "version": version, "source": "crates.io"}))
            .collect();
        packages
            .push(json!({"name": "edges", "version": "1.0.0", "source": "local", "root": true}));
        let content = json!({"packages": packages}).to_string();
        (
            format!("usr/bin/rust-{at}"),
            0o755,
            elf(".dep-v0", &zlib(content.as_bytes())),
        )
    });
    files.collect()
}

fn zlib(bytes: &[u8]) -> Vec<u8> {
    use std::io::Write as _;
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).expect("memory can be written");
    encoder.finish().expect("memory can be written")
}

/// A program in ELF, of which there is only one section, loaded and writable.
fn elf(section: &str, content: &[u8]) -> Vec<u8> {
    const BASE: u64 = 0x0040_0000;
    // Behind both heads; Go looks for its mark at multiples of 16.
    const START: u64 = 128;
    let names = format!("\0{section}\0.shstrtab\0");
    let length = content.len() as u64;
    let table = (START + length + names.len() as u64).next_multiple_of(16);
    let mut bytes = b"\x7fELF\x02\x01\x01".to_vec();
    bytes.resize(16, 0);
    let half = |bytes: &mut Vec<u8>, values: &[u16]| {
        bytes.extend(values.iter().flat_map(|value| value.to_le_bytes()));
    };
    let word = |bytes: &mut Vec<u8>, values: &[u32]| {
        bytes.extend(values.iter().flat_map(|value| value.to_le_bytes()));
    };
    let long = |bytes: &mut Vec<u8>, values: &[u64]| {
        bytes.extend(values.iter().flat_map(|value| value.to_le_bytes()));
    };
    half(&mut bytes, &[2, 62]);
    word(&mut bytes, &[1]);
    long(&mut bytes, &[BASE + START, 64, table]);
    word(&mut bytes, &[0]);
    half(&mut bytes, &[64, 56, 1, 64, 3, 2]);
    word(&mut bytes, &[1, 6]);
    long(
        &mut bytes,
        &[START, BASE + START, BASE + START, length, length, 16],
    );
    bytes.resize(128, 0);
    bytes.extend(content);
    bytes.extend(names.as_bytes());
    bytes.resize(usize::try_from(table).expect("a small file"), 0);
    bytes.resize(bytes.len() + 64, 0);
    let second = u32::try_from(section.len() + 2).unwrap_or_default();
    let sections = [
        (1, 3, BASE + START, START, length),
        (second, 0, 0, START + length, names.len() as u64),
    ];
    for (name, flags, address, offset, size) in sections {
        word(&mut bytes, &[name, if flags == 0 { 3 } else { 1 }]);
        long(&mut bytes, &[flags, address, offset, size]);
        word(&mut bytes, &[0, 0]);
        long(&mut bytes, &[1, 0]);
    }
    bytes
}
