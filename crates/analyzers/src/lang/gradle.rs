//! What Gradle and sbt locked: `gradle.lockfile`, `buildscript-gradle.lockfile` and `*.sbt.lock`.
//!
//! Source: Gradle, "Locking dependency versions" (`group:artifact:version=configuration,…` on each line, and
//! `empty=` for configurations without any); sbt-dependency-lock (a JSON document). A dependency that only
//! configurations of tests or of the build itself name is for development.

use plimsoll_analyze::analyzer::HELD_BYTES;
use plimsoll_analyze::{Analyzer, Executables, File, Interest, Meta, Sink};
use plimsoll_model::fact::{EvidenceKind, Scope};
use plimsoll_model::{Ecosystem, Effect};
use serde::Deserialize;

use super::document::{self, Listing};
use super::lock;

/// Dependencies that Gradle and sbt locked.
#[derive(Debug)]
pub struct Gradle;

static META: Meta = Meta {
    id: "lang/gradle",
    revision: 1,
    docs: "Reads `gradle.lockfile` and `*.sbt.lock`: the Java artefacts that Gradle and sbt locked.",
    interest: Interest {
        paths: &[],
        names: &[],
        suffixes: &[".sbt.lock"],
        under: &[("", "gradle.lockfile")],
        executables: Executables::Ignored,
    },
    limit: HELD_BYTES,
    loss: Effect::Gap,
};

impl Analyzer for Gradle {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn analyze(&self, file: &mut File<'_>, sink: &mut Sink<'_>) {
        let name = file.path.file_name();
        if lock::came_with_a_package(file.path.as_str()) {
            return;
        }
        let mut list = Listing::new(Ecosystem::Maven, EvidenceKind::Locked);
        if name.ends_with("gradle.lockfile") {
            let Some(text) = document::text(file, sink) else {
                return;
            };
            let script = name.starts_with("buildscript");
            for line in text.lines() {
                add_line(line.trim(), script, &mut list);
            }
        } else if name.ends_with(".sbt.lock") {
            let Some(lock) = document::json::<SbtLock>(file, sink) else {
                return;
            };
            for dependency in lock.dependencies {
                let name = format!("{}:{}", dependency.org, dependency.name);
                list.add_with(&name, &dependency.version, |package| {
                    package.scope = scope(dependency.configurations.iter().map(String::as_str));
                });
            }
        }
        list.state(sink);
    }
}

#[derive(Debug, Deserialize)]
struct SbtLock {
    dependencies: Vec<Dependency>,
}

#[derive(Debug, Deserialize)]
struct Dependency {
    #[serde(default)]
    org: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    version: String,
    #[serde(default)]
    configurations: Vec<String>,
}

fn add_line(line: &str, script: bool, list: &mut Listing) {
    if line.is_empty() || line.starts_with('#') || line.starts_with("empty=") {
        return;
    }
    let (id, configurations) = line.split_once('=').unwrap_or((line, ""));
    let (name, version) = id.rsplit_once(':').unwrap_or((id, ""));
    if !name.contains(':') {
        return list.add_invalid();
    }
    list.add_with(name, version, |package| {
        package.scope = if script {
            Scope::Development
        } else {
            scope(configurations.split(','))
        };
    });
}

/// Whether all configurations are those of tests or of tools.
fn scope<'a>(configurations: impl Iterator<Item = &'a str>) -> Scope {
    let mut some = false;
    for configuration in configurations.filter(|name| !name.is_empty()) {
        let name = configuration.to_ascii_lowercase();
        if ![
            "test",
            "androidtest",
            "annotationprocessor",
            "checkstyle",
            "jacoco",
            "pmd",
            "scalafmt",
        ]
        .iter()
        .any(|known| name.starts_with(known))
        {
            return Scope::Runtime;
        }
        some = true;
    }
    if some {
        Scope::Development
    } else {
        Scope::Runtime
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_tests_and_tools_are_development() {
        for (configurations, expected) in [
            ("compileClasspath,testCompileClasspath", Scope::Runtime),
            (
                "testCompileClasspath,testRuntimeClasspath",
                Scope::Development,
            ),
            ("annotationProcessor", Scope::Development),
            ("", Scope::Runtime),
        ] {
            assert_eq!(
                scope(configurations.split(',')),
                expected,
                "{configurations}"
            );
        }
    }
}
