//! .NET applications and shared frameworks: the `*.deps.json` that the SDK writes beside each.
//!
//! Source: "Runtime configuration files" of the .NET SDK (`runtime-configuration-file.md`) and the host's
//! design ("`.deps.json` file"). `libraries` names everything that took part in the restore, among it
//! facades that ship no file; `targets` says for each which files it brings. Only a library with files is here:
//! `runtime`, `native`, `resources` or `runtimeTargets`, where `_._` stands for none.
//!
//! A runtime pack is the framework itself inside an application that carries it (`runtimepack.<name>`).
//! A shared framework has a document of its own, `shared/<name>/<version>/<name>.deps.json`; old ones name no
//! library in it, and then name and version are those of the folder.

use std::collections::BTreeMap;

use plimsoll_analyze::{Analyzer, Executables, File, Interest, Meta, Sink};
use plimsoll_model::fact::EvidenceKind;
use plimsoll_model::{Ecosystem, Effect};
use serde::Deserialize;

use super::document::{self, Keys, Listing};

/// Libraries of .NET applications.
#[derive(Debug)]
pub struct DotnetDeps;

static META: Meta = Meta {
    id: "lang/dotnet-deps",
    revision: 1,
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
            state(&document, file.path.as_str(), sink);
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

fn state(document: &Document, path: &str, sink: &mut Sink<'_>) {
    let mut list = Listing::new(Ecosystem::Nuget, EvidenceKind::Installed);
    let framework = framework(path);
    let mut named = false;
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
            named |= framework.is_some_and(|(framework, _)| name.starts_with(framework));
            list.add_with(name, version, |package| {
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
    if let Some((name, version)) = framework
        && !named
    {
        list.add(name, version);
    }
    list.state(sink);
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
