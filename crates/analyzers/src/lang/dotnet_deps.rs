//! .NET applications and shared frameworks: the `*.deps.json` that the SDK writes beside each.
//!
//! Source: "Runtime configuration files" of the .NET SDK (`runtime-configuration-file.md`) and the host's
//! design ("`.deps.json` file"). `libraries` names everything that took part in the restore, among it
//! facades that ship no file; `targets` says for each which files it brings. Only a library with files is here:
//! `runtime`, `native`, `resources` or `runtimeTargets`, where `_._` stands for none.
//!
//! A runtime pack is the framework itself inside an application that carries it (`runtimepack.<name>`).
//! The document also says which assemblies are of which library, so that they need not say it themselves.
//! A shared framework has a document of its own, `shared/<name>/<version>/<name>.deps.json`; old ones name no
//! library in it, and then name and version are those of the folder.

use std::collections::BTreeMap;

use plimsoll_analyze::{Analyzer, Executables, File, Interest, Meta, Sink};
use plimsoll_model::fact::{EvidenceKind, FactBody, Ownership};
use plimsoll_model::{Ecosystem, Effect, ImagePath, PathKey};
use serde::Deserialize;

use super::document::{self, Keys, Listing};

/// Libraries of .NET applications.
#[derive(Debug)]
pub struct DotnetDeps;

static META: Meta = Meta {
    id: "lang/dotnet-deps",
    revision: 2,
    docs: "Reads `*.deps.json` of .NET applications and shared frameworks: every library that brings files.",
    interest: Interest {
        paths: &[],
        names: &[],
        suffixes: &[".deps.json"],
        under: &[],
        executables: Executables::Ignored,
    },
    limit: plimsoll_analyze::analyzer::HELD_BYTES,
    loss: Effect::Gap,
};

impl Analyzer for DotnetDeps {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn analyze(&self, file: &mut File<'_>, sink: &mut Sink<'_>) {
        if let Some(document) = document::json::<Document>(file, sink) {
            state(&document, file.path, sink);
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    runtime_target: Option<RuntimeTarget>,
    #[serde(default)]
    targets: BTreeMap<String, Target>,
    #[serde(default)]
    libraries: BTreeMap<String, Library>,
}

/// The name alone in documents of the first versions.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum RuntimeTarget {
    Named { name: String },
    Name(String),
}

/// What each library brings, by `name/version`.
type Target = BTreeMap<String, Assets>;

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Assets {
    dependencies: Keys,
    runtime: Keys,
    native: Keys,
    resources: Keys,
    runtime_targets: Keys,
}

impl Assets {
    fn bring_files(&self) -> bool {
        [
            &self.runtime,
            &self.native,
            &self.resources,
            &self.runtime_targets,
        ]
        .into_iter()
        .flat_map(|keys| &keys.0)
        .any(|path| path.rsplit('/').next() != Some("_._"))
    }
}

impl Assets {
    /// The assemblies beside the document. Where the package had them, `lib/net8.0/X.dll`, is not where the SDK puts
    /// them: those for every platform lie in the folder of the application, translations one below, those for
    /// one platform as the document says.
    fn files(&self, document: &ImagePath) -> Vec<PathKey> {
        let folder = document.parent().unwrap_or_else(|| ImagePath::new(""));
        let flat = self.runtime.0.iter();
        let flat = flat.map(|path| path.rsplit('/').next().unwrap_or_default());
        let whole = self.runtime_targets.0.iter().map(String::as_str);
        let mut files: Vec<PathKey> = flat
            .chain(whole)
            .filter(|path| path.to_ascii_lowercase().ends_with(".dll"))
            .map(|path| folder.join(path).key())
            .collect();
        files.sort_unstable();
        files.dedup();
        files
    }
}

#[derive(Debug, Deserialize)]
struct Library {
    #[serde(default, rename = "type")]
    kind: String,
}

impl Document {
    /// The target that runs; the last one if none is named, since those for one platform come after.
    fn target(&self) -> Option<&Target> {
        let name = self.runtime_target.as_ref().map(|target| match target {
            RuntimeTarget::Named { name } | RuntimeTarget::Name(name) => name,
        });
        name.and_then(|name| self.targets.get(name))
            .or_else(|| self.targets.values().next_back())
    }
}

/// Kinds of libraries that are packages: from a feed, of this solution, and the runtime itself.
const KINDS: [&str; 3] = ["package", "project", "runtimepack"];

/// The assemblies of each package.
type Files<'a> = BTreeMap<&'a str, Vec<PathKey>>;

fn state(document: &Document, path: &ImagePath, sink: &mut Sink<'_>) {
    let mut list = Listing::new(Ecosystem::Nuget, EvidenceKind::Installed);
    let files = gather(document, path, &[], &mut list, sink);
    if let Some((name, version)) = framework(path.as_str())
        && !files.keys().any(|named| named.starts_with(name))
    {
        list.add(name, version);
    }
    list.state(sink);
    for (name, files) in files {
        if !files.is_empty() {
            sink.fact(FactBody::Owns(Ownership {
                ecosystem: Ecosystem::Nuget,
                package: name.to_owned(),
                files,
            }));
        }
    }
}

/// States the libraries that a document inside of a program names; answers with the assemblies that are theirs, where
/// they would lie if they had been left beside it.
pub(crate) fn state_embedded(
    bytes: &[u8],
    path: &str,
    sink: &mut Sink<'_>,
) -> Result<Vec<PathKey>, String> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let document: Document = serde_json::from_slice(bytes)
        .map_err(|error| format!("not the JSON document that it should be: {error}"))?;
    let mut list = Listing::new(Ecosystem::Nuget, EvidenceKind::Compiled);
    let inside = [path.to_owned()];
    let files = gather(&document, &ImagePath::new(path), &inside, &mut list, sink);
    list.state(sink);
    Ok(files.into_values().flatten().collect())
}

/// Lists the libraries that bring files.
fn gather<'a>(
    document: &'a Document,
    path: &ImagePath,
    inside: &[String],
    list: &mut Listing,
    sink: &mut Sink<'_>,
) -> Files<'a> {
    let mut files = BTreeMap::new();
    if let Some(target) = document.target() {
        for (id, assets) in target {
            let kind = document
                .libraries
                .get(id)
                .map_or("package", |library| library.kind.as_str());
            if !assets.bring_files() || !KINDS.iter().any(|known| kind.eq_ignore_ascii_case(known))
            {
                continue;
            }
            let (name, version) = id.split_once('/').unwrap_or((id, ""));
            let name = without_mark(name);
            files.insert(name, assets.files(path));
            list.add_with(name, version, |package| {
                package.inside = inside.to_vec();
                package.depends = assets
                    .dependencies
                    .0
                    .iter()
                    .map(|name| without_mark(name).to_owned())
                    .collect();
            });
        }
    } else if !document.libraries.is_empty() {
        sink.unreadable("it names libraries and does not say which of them bring files");
    }
    files
}

/// The SDK marks runtime packs in front of their names.
fn without_mark(name: &str) -> &str {
    name.strip_prefix("runtimepack.").unwrap_or(name)
}

/// Name and version of the shared framework whose document this is.
fn framework(path: &str) -> Option<(&str, &str)> {
    let mut parts = path.rsplit('/');
    let stem = parts.next()?.strip_suffix(".deps.json")?;
    let (version, name, shared) = (parts.next()?, parts.next()?, parts.next()?);
    (shared == "shared" && name == stem).then_some((name, version))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shared_frameworks_are_known_by_their_folder() {
        assert_eq!(
            framework(
                "usr/share/dotnet/shared/Microsoft.NETCore.App/2.1.30/Microsoft.NETCore.App.deps.json"
            ),
            Some(("Microsoft.NETCore.App", "2.1.30"))
        );
        assert_eq!(framework("shared/App/1.0.0/Other.deps.json"), None);
        assert_eq!(framework("app/App.deps.json"), None);
    }
}
