//! What Gradle and sbt locked: `gradle.lockfile`, `buildscript-gradle.lockfile`, what Gradle wrote before 7.0, and
//! `*.sbt.lock`.
//!
//! Source: Gradle, "Locking dependency versions" (`group:artifact:version=configuration,…` on each line, and
//! `empty=` for configurations without any; before, a file of its own for each configuration in
//! `gradle/dependency-locks`, without `=`); sbt-dependency-lock (a JSON document). A dependency that only
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
    revision: 2,
    docs: "Reads `gradle.lockfile`, `gradle/dependency-locks` and `*.sbt.lock`: the Java artefacts that Gradle and \
           sbt locked.",
    interest: Interest {
        paths: &[],
        names: &[],
        suffixes: &[".sbt.lock", ".lockfile"],
        under: &[],
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
        if name.ends_with(".sbt.lock") {
            let Some(lock) = document::json::<SbtLock>(file, sink) else {
                return;
            };
            for dependency in lock.dependencies {
                let name = format!("{}:{}", dependency.org, dependency.name);
                list.add_with(&name, &dependency.version, |package| {
                    package.scope = scope(dependency.configurations.iter().map(String::as_str));
                });
            }
        } else {
            let Some(lock) = Lock::of(file.path.as_str()) else {
                return;
            };
            let Some(text) = document::text(file, sink) else {
                return;
            };
            for line in text.lines() {
                add_line(line.trim(), &lock, &mut list);
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

/// A lock of Gradle's, as its path tells it.
struct Lock {
    /// Whether it is of the build itself.
    script: bool,
    /// What its lines are of, where the file says it and not the line.
    configuration: String,
}

impl Lock {
    fn of(path: &str) -> Option<Self> {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let script = name.starts_with("buildscript") || name.starts_with("settings");
        let configuration = if name.ends_with("gradle.lockfile") {
            String::new()
        } else if folder.ends_with("gradle/dependency-locks") {
            name.strip_suffix(".lockfile")?.to_owned()
        } else {
            return None;
        };
        Some(Self {
            script,
            configuration,
        })
    }
}

fn add_line(line: &str, lock: &Lock, list: &mut Listing) {
    if line.is_empty() || line.starts_with('#') || line.starts_with("empty=") {
        return;
    }
    let (id, configurations) = line.split_once('=').unwrap_or((line, &lock.configuration));
    let (name, version) = id.rsplit_once(':').unwrap_or((id, ""));
    if !name.contains(':') {
        return list.add_invalid();
    }
    list.add_with(name, version, |package| {
        package.scope = if lock.script {
            Scope::Development
        } else {
            scope(configurations.split(','))
        };
    });
}

/// What the names of configurations begin with that are of tools of the build: those of plugins of Gradle's own, of
/// Android, of Kotlin, and of checkers that many use.
const TOOLS: &[&str] = &[
    "annotationprocessor",
    "checkstyle",
    "codenarc",
    "detekt",
    "jacoco",
    "jmh",
    "kapt",
    "kotlinbuildtools",
    "kotlincompiler",
    "kotlinklib",
    "kotlinnative",
    "ksp",
    "ktlint",
    "lint",
    "pmd",
    "scalafmt",
    "spotbugs",
];

/// Whether all configurations are those of tests or of tools.
fn scope<'a>(configurations: impl Iterator<Item = &'a str>) -> Scope {
    let mut some = false;
    for name in configurations.filter(|name| !name.is_empty()) {
        // A variant goes before: `debugAndroidTestCompileClasspath`, `debugAnnotationProcessorClasspath`.
        let aside = name.starts_with("test")
            || name.contains("Test")
            || name.contains("AnnotationProcessor")
            || TOOLS.iter().any(|tool| {
                name.get(..tool.len())
                    .is_some_and(|head| head.eq_ignore_ascii_case(tool))
            });
        if !aside {
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
            ("lintClassPath", Scope::Development),
            (
                "debugAndroidTestRuntimeClasspath,releaseAnnotationProcessorClasspath",
                Scope::Development,
            ),
            ("latestRuntimeClasspath", Scope::Runtime),
            ("lintClassPath,releaseRuntimeClasspath", Scope::Runtime),
            ("", Scope::Runtime),
        ] {
            assert_eq!(
                scope(configurations.split(',')),
                expected,
                "{configurations}"
            );
        }
    }

    #[test]
    fn a_lock_is_told_by_its_path() {
        let told = |path| Lock::of(path).map(|lock| (lock.script, lock.configuration));
        assert_eq!(told("gradle.lockfile"), Some((false, String::new())));
        assert_eq!(
            told("app/buildscript-gradle.lockfile"),
            Some((true, String::new()))
        );
        assert_eq!(
            told("app/gradle/dependency-locks/testCompileClasspath.lockfile"),
            Some((false, "testCompileClasspath".to_owned()))
        );
        assert_eq!(told("var/lib/app/some.lockfile"), None);
    }
}
