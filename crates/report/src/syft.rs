//! Syft's own JSON, schema 16, which Syft, Grype and what is built on them read.
//!
//! What Syft has no field for stands in the annotations of the first location, an open map.

use std::collections::BTreeMap;
use std::io;

use plimsoll_model::fact::EvidenceKind;
use plimsoll_model::facts::Package;
use plimsoll_model::image::SourceKind;
use plimsoll_model::{Digest, Ecosystem};
use serde_json::{Map, Value, json};

use crate::SbomFormat;
use crate::bill::{self, Bill, References};
use crate::safe::write_json;

/// `-f syft-json`.
pub(crate) struct SyftJson;

impl SbomFormat for SyftJson {
    fn names(&self) -> &'static [&'static str] {
        &["syft-json", "syft"]
    }

    fn write(&self, bill: &Bill<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        write_json(&document(bill), out)
    }
}

/// The schema of the oldest Syft that must read it; later ones read it too.
const SCHEMA: &str = "16.0.18";

fn document(bill: &Bill<'_>) -> Value {
    let packages = &bill.facts.packages;
    let mut references = References::default();
    // Identities are sixteen digits, as Syft writes them.
    let ids: Vec<String> = references
        .of_packages(packages)
        .iter()
        .map(|reference| short(reference))
        .collect();
    let root = bill.digest().map_or_else(
        || Digest::of(bill.name().as_bytes()).hex().to_owned(),
        |digest| digest.hex().to_owned(),
    );
    let artifacts: Vec<Value> = packages
        .iter()
        .zip(&ids)
        .map(|(package, id)| {
            let owner = package.owner.and_then(|owner| ids.get(owner));
            artifact(bill, package, id, owner.map(String::as_str))
        })
        .collect();
    let mut out = json!({
        "artifacts": artifacts,
        "artifactRelationships": relationships(packages, &root, &ids),
        "source": source(bill, &root),
        "descriptor": {"name": "plimsoll", "version": bill.program},
        "schema": {
            "version": SCHEMA,
            "url": format!("https://raw.githubusercontent.com/anchore/syft/main/schema/json/schema-{SCHEMA}.json"),
        },
    });
    let distro = distro(bill);
    if let Value::Object(map) = &mut out {
        map.insert("distro".to_owned(), distro);
    }
    out
}

fn short(text: &str) -> String {
    let digest = Digest::of(text.as_bytes());
    digest.hex().get(..16).unwrap_or_default().to_owned()
}

fn distro(bill: &Bill<'_>) -> Value {
    let Some(os) = &bill.facts.os else {
        return json!({});
    };
    let release = &os.release;
    let mut out = json!({
        "prettyName": release.display(),
        "id": release.id,
        "versionID": release.version,
    });
    if let Value::Object(map) = &mut out {
        if !release.id_like.is_empty() {
            map.insert("idLike".to_owned(), json!(release.id_like));
        }
        if let Some(codename) = &release.codename {
            map.insert("versionCodename".to_owned(), json!(codename));
        }
    }
    out
}

fn source(bill: &Bill<'_>, id: &str) -> Value {
    let subject = &bill.facts.subject;
    let version = bill.version().unwrap_or_default();
    if subject.source == SourceKind::Dir {
        return json!({
            "id": id,
            "name": bill.name(),
            "version": version,
            "type": "directory",
            "metadata": {"path": subject.requested},
        });
    }
    let layers = bill.facts.layers.iter().map(|layer| {
        json!({
            "mediaType": layer.media_type,
            "digest": layer.diff_id.as_ref().or(layer.digest.as_ref()),
            "size": layer.size.unwrap_or(0),
        })
    });
    let named = subject.repository.as_ref();
    let tag = subject.tag.as_ref().zip(named);
    let digest = subject.manifest_digest.as_ref().zip(named);
    json!({
        "id": id,
        "name": bill.name(),
        "version": version,
        "type": "image",
        "metadata": {
            "userInput": subject.requested,
            "imageID": subject.image_id,
            "manifestDigest": subject.manifest_digest,
            "mediaType": "",
            "tags": tag.map(|(tag, name)| format!("{name}:{tag}")).into_iter().collect::<Vec<_>>(),
            "imageSize": bill.facts.layers.iter().filter_map(|layer| layer.size).sum::<u64>(),
            "layers": layers.collect::<Vec<_>>(),
            "manifest": "",
            "config": "",
            "repoDigests": digest.map(|(digest, name)| format!("{name}@{digest}")).into_iter().collect::<Vec<_>>(),
            "architecture": subject.platform.architecture,
            "os": subject.platform.os,
        },
    })
}

fn artifact(bill: &Bill<'_>, package: &Package, id: &str, owner: Option<&str>) -> Value {
    let fact = &package.fact;
    let (kind, language) = kind(fact.ecosystem);
    let mut extra: BTreeMap<String, String> = BTreeMap::new();
    let mut said = bill.package_properties(package, owner);
    if let Some(maker) = &fact.maker {
        said.push(("plimsoll:maker".to_owned(), maker.clone()));
    }
    for (name, value) in said {
        // A key has one value: what comes several times is joined, a line each.
        let joined = extra.entry(name).or_default();
        if !joined.is_empty() {
            joined.push('\n');
        }
        joined.push_str(&value);
    }
    let locations: Vec<Value> = package
        .locations
        .iter()
        .enumerate()
        .map(|(idx, place)| {
            let path = format!("/{}", place.path);
            let mut annotations = BTreeMap::from([("evidence".to_owned(), "primary".to_owned())]);
            if idx == 0 {
                annotations.append(&mut extra);
            }
            let mut out = json!({"path": path, "accessPath": path, "annotations": annotations});
            let layer = bill.facts.layers.get(place.layer);
            if let (Some(layer), Value::Object(map)) =
                (layer.and_then(|layer| layer.diff_id.as_ref()), &mut out)
            {
                map.insert("layerID".to_owned(), json!(layer));
            }
            out
        })
        .collect();
    let licenses: Vec<Value> = fact
        .licenses
        .iter()
        .map(|statement| {
            let expression = if bill::is_id(statement) || bill::is_expression(statement) {
                statement
            } else {
                ""
            };
            json!({
                "value": statement,
                "spdxExpression": expression,
                "type": "declared",
                "urls": [],
                "locations": [],
            })
        })
        .collect();
    let mut out = json!({
        "id": id,
        "name": fact.name,
        "version": fact.version,
        "type": kind,
        "foundBy": package.analyzer,
        "locations": locations,
        "licenses": licenses,
        "language": language,
        "cpes": [],
        "purl": package.purl,
    });
    if let (Some((name, metadata)), Value::Object(map)) = (metadata(package), &mut out) {
        map.insert("metadataType".to_owned(), json!(name));
        map.insert("metadata".to_owned(), metadata);
    }
    out
}

/// The record of the package manager, without which Grype does not know the source package.
fn metadata(package: &Package) -> Option<(&'static str, Value)> {
    let fact = &package.fact;
    let source = fact.source.as_ref();
    let name = source.map_or("", |source| source.name.as_str());
    let version = source.map_or("", |source| source.version.as_str());
    let architecture = fact.architecture.as_deref().unwrap_or_default();
    let maker = fact.maker.as_deref().unwrap_or_default();
    let is_file = fact.evidence == EvidenceKind::Archived;
    Some(match fact.ecosystem {
        Ecosystem::Deb => {
            let mut out = json!({
                "package": fact.name,
                "source": if name == fact.name { "" } else { name },
                "version": fact.version,
                "sourceVersion": if version == fact.version { "" } else { version },
                "architecture": architecture,
                "maintainer": maker,
                "installedSize": 0,
                "files": [],
            });
            if let (Value::Object(map), false) = (&mut out, fact.depends.is_empty()) {
                map.insert("depends".to_owned(), json!(fact.depends));
            }
            (
                if is_file {
                    "dpkg-archive-entry"
                } else {
                    "dpkg-db-entry"
                },
                out,
            )
        }
        Ecosystem::Apk => (
            "apk-db-entry",
            json!({
                "package": fact.name,
                "originPackage": name,
                "maintainer": maker,
                "version": fact.version,
                "architecture": architecture,
                "url": "",
                "description": "",
                "size": 0,
                "installedSize": 0,
                "pullDependencies": fact.depends,
                "provides": [],
                "pullChecksum": "",
                "gitCommitOfApkPort": "",
                "files": [],
            }),
        ),
        Ecosystem::Rpm => (
            if is_file {
                "rpm-archive"
            } else {
                "rpm-db-entry"
            },
            rpm(package, architecture, maker),
        ),
        _ => return None,
    })
}

fn rpm(package: &Package, architecture: &str, maker: &str) -> Value {
    let fact = &package.fact;
    let (epoch, rest) = match fact.version.split_once(':') {
        Some((epoch, rest)) => (epoch.parse::<u32>().ok(), rest),
        None => (None, fact.version.as_str()),
    };
    let (version, release) = rest.rsplit_once('-').unwrap_or((rest, ""));
    let source = fact.source.as_ref().map_or_else(String::new, |source| {
        let version = source.version.split_once(':');
        let version = version.map_or(source.version.as_str(), |(_, rest)| rest);
        format!("{}-{version}.src.rpm", source.name)
    });
    let mut out = json!({
        "name": fact.name,
        "version": version,
        "epoch": epoch,
        "architecture": architecture,
        "release": release,
        "sourceRpm": source,
        "size": 0,
        "vendor": maker,
        "files": [],
    });
    if let (Some(module), Value::Object(map)) = (&fact.module, &mut out) {
        map.insert("modularityLabel".to_owned(), json!(module));
    }
    out
}

/// Containment, need and ownership.
fn relationships(packages: &[Package], root: &str, ids: &[String]) -> Value {
    let relation = |parent: &str, child: &str, kind: &str| {
        let mut out = Map::new();
        out.insert("parent".to_owned(), json!(parent));
        out.insert("child".to_owned(), json!(child));
        out.insert("type".to_owned(), json!(kind));
        Value::Object(out)
    };
    let mut out: Vec<Value> = Vec::new();
    for id in ids {
        out.push(relation(root, id, "contains"));
    }
    let named = |idx: usize| ids.get(idx).map_or("", String::as_str);
    for (idx, needs) in bill::dependencies(packages).iter().enumerate() {
        // Syft writes that the parent is a dependency of the child.
        let needs = needs.iter();
        out.extend(needs.map(|need| relation(named(*need), named(idx), "dependency-of")));
    }
    for (idx, package) in packages.iter().enumerate() {
        if let Some(owner) = package.owner {
            let kind = "ownership-by-file-overlap";
            out.push(relation(named(owner), named(idx), kind));
        }
    }
    Value::Array(out)
}

/// Syft's names for a type of package and for its language.
fn kind(ecosystem: Ecosystem) -> (&'static str, &'static str) {
    match ecosystem {
        Ecosystem::Deb => ("deb", ""),
        Ecosystem::Apk => ("apk", ""),
        Ecosystem::Rpm => ("rpm", ""),
        Ecosystem::Npm => ("npm", "javascript"),
        Ecosystem::Pypi => ("python", "python"),
        Ecosystem::Go => ("go-module", "go"),
        Ecosystem::Cargo => ("rust-crate", "rust"),
        Ecosystem::Maven => ("java-archive", "java"),
        Ecosystem::Gem => ("gem", "ruby"),
        Ecosystem::Composer => ("php-composer", "php"),
        Ecosystem::Nuget => ("dotnet", "dotnet"),
        Ecosystem::Alpm => ("alpm", ""),
        Ecosystem::Portage => ("portage", ""),
        Ecosystem::Opkg => ("opkg", ""),
        Ecosystem::Nix => ("nix", ""),
        Ecosystem::Snap => ("snap", ""),
        Ecosystem::Brew => ("homebrew", ""),
        Ecosystem::Conda => ("conda", ""),
        Ecosystem::Bitnami => ("bitnami", ""),
        Ecosystem::Generic => ("binary", ""),
        Ecosystem::Pub => ("dart-pub", "dart"),
        Ecosystem::Hex => ("hex", "elixir"),
        Ecosystem::Otp => ("erlang-otp", "erlang"),
        Ecosystem::Swift => ("swift", "swift"),
        Ecosystem::Cocoapods => ("pod", "swift"),
        Ecosystem::Hackage => ("hackage", "haskell"),
        Ecosystem::Opam => ("opam", "ocaml"),
        Ecosystem::Cran => ("R-package", "R"),
        Ecosystem::Luarocks => ("lua-rocks", "lua"),
        Ecosystem::Swipl => ("swiplpack", "swipl"),
        Ecosystem::Conan => ("conan", "c++"),
        Ecosystem::Pear => ("php-pear", "php"),
        Ecosystem::Wordpress => ("wordpress-plugin", "php"),
        Ecosystem::Actions => ("github-action", ""),
        Ecosystem::Terraform => ("terraform", ""),
        Ecosystem::Julia
        | Ecosystem::Cpan
        | Ecosystem::Nimble
        | Ecosystem::Vcpkg
        | Ecosystem::Model => ("UnknownPackage", ""),
    }
}
