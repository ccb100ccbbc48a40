//! Go programs: the modules that they were built from.
//!
//! Each Go program carries its build information (see `buildinfo.rs`): the toolchain, the main module, and
//! every module that was linked in, with its replacement.
//!
//! - The standard library is the package `stdlib` with the toolchain's version without `go`, as the Go
//!   vulnerability database names it; experiments (`X:boringcrypto`) and vendors' marks (`-fips`) go.
//! - A module that was replaced by another is the other one. One that was replaced by a folder has no
//!   version that means anything and gets `(devel)`.
//! - A main module that was built from a work tree has the version `(devel)`. Its true one is taken from
//!   `-ldflags "-X …version=…"` if a variable of the main package or of a package of the module says so, else
//!   a pseudo version is made of the commit and its time. Such a pseudo version says when, not after which
//!   tag: it is `v0.0.0-…` whatever tags there are.
//! - A program that was built outside of module mode names only its main package. On the hosts where a
//!   repository has a known place in the path, the module is the repository, with its major version; elsewhere
//!   it is the package.

use plimsoll_analyze::{Analyzer, Executables, File, Interest, Meta, Sink};
use plimsoll_model::fact::{EvidenceKind, PackageFact};
use plimsoll_model::{Ecosystem, Effect};

use super::buildinfo::{self, BuildInfo};
use super::quoted;
use super::sections::Tables;

/// Modules of Go programs.
#[derive(Debug)]
pub struct Go;

static META: Meta = Meta {
    id: "binary/go",
    revision: 2,
    docs: "Reads the build information of Go programs: toolchain, main module and every module linked in.",
    interest: Interest {
        paths: &[],
        names: &[],
        suffixes: &[],
        under: &[],
        executables: Executables::Elf,
    },
    limit: super::LIMIT,
    loss: Effect::Gap,
};

/// The version of a module that was built from a work tree.
const DEVEL: &str = "(devel)";

/// Most modules that are taken from one program; the largest known have some 2 000.
const MOST_MODULES: usize = 50_000;

impl Analyzer for Go {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn analyze(&self, file: &mut File<'_>, sink: &mut Sink<'_>) {
        let size = file.size;
        let mut reader = file.reader();
        // A file that is no valid ELF is the concern of `binary/elf`.
        let Ok(Some(elf)) = Tables::read(&mut reader, size) else {
            return;
        };
        match BuildInfo::read(&elf, &mut reader, size) {
            Ok(Some(info)) => state(&info, sink),
            Err(error) if buildinfo::is_go(&elf) => sink.unreadable(error.to_string()),
            Ok(None) | Err(_) => {}
        }
    }
}

/// A module as the text names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Module<'a> {
    path: &'a str,
    version: &'a str,
}

/// The text of the build information, `runtime/debug.ParseBuildInfo`.
#[derive(Debug, Default)]
pub(super) struct Modules<'a> {
    /// Import path of the main package.
    main_package: &'a str,
    main: Option<Module<'a>>,
    dependencies: Vec<Module<'a>>,
    settings: Vec<(&'a str, String)>,
}

impl<'a> Modules<'a> {
    pub(super) fn parse(text: &'a str) -> Self {
        let mut modules = Self::default();
        for line in text.lines() {
            let (word, rest) = line.split_once('\t').unwrap_or((line, ""));
            match word {
                "path" => modules.main_package = rest,
                "mod" => modules.main = Some(module(rest)),
                "dep" if modules.dependencies.len() < MOST_MODULES => {
                    modules.dependencies.push(module(rest));
                }
                "=>" => {
                    let replaced = modules.dependencies.last_mut().or(modules.main.as_mut());
                    if let Some(replaced) = replaced {
                        *replaced = replacement(*replaced, module(rest));
                    }
                }
                "build" if modules.settings.len() < 256 => {
                    if let Some((key, value)) = rest.split_once('=') {
                        modules.settings.push((key, quoted::value(value)));
                    }
                }
                _ => {}
            }
        }
        modules
    }

    /// Whether the text names modules at all: programs built outside of module mode do not, and then it
    /// is not known what they contain. Go's own programs (`cmd/…`) contain nothing else than Go.
    pub(super) fn are_known(&self) -> bool {
        self.main.is_some()
            || !self.dependencies.is_empty()
            || self.main_package.starts_with("cmd/")
    }

    /// The main module of a program that names only its main package.
    fn guessed_main(&self) -> Option<Module<'a>> {
        const HOSTS: [&str; 4] = [
            "github.com/",
            "gitlab.com/",
            "bitbucket.org/",
            "codeberg.org/",
        ];
        let path = self.main_package;
        // Go's own programs are covered by `stdlib`; the other name stands for files without a package.
        if !path.contains('.') || path.starts_with("cmd/") || path == "command-line-arguments" {
            return None;
        }
        let mut end = path.len();
        if HOSTS.iter().any(|host| path.starts_with(host)) {
            let mut ends = path.match_indices('/').map(|(at, _)| at).skip(2);
            end = ends.next().unwrap_or(path.len());
            let next = ends.next().unwrap_or(path.len());
            let major = path.get(end..next).and_then(|part| part.strip_prefix("/v"));
            if major.is_some_and(|major| {
                !major.is_empty() && major.bytes().all(|byte| byte.is_ascii_digit())
            }) {
                end = next;
            }
        }
        Some(Module {
            path: path.get(..end)?,
            version: DEVEL,
        })
    }

    fn setting(&self, key: &str) -> Option<&str> {
        self.settings
            .iter()
            .find(|(name, _)| *name == key)
            .map(|(_, value)| value.as_str())
    }
}

/// `path<TAB>version<TAB>sum`.
fn module(fields: &str) -> Module<'_> {
    let mut fields = fields.split('\t');
    Module {
        path: fields.next().unwrap_or_default(),
        version: fields.next().unwrap_or_default(),
    }
}

fn replacement<'a>(old: Module<'a>, new: Module<'a>) -> Module<'a> {
    // A folder: it begins with `.` or `/` (Go Modules Reference, "replace directive").
    let is_folder = new.path.starts_with(['.', '/']);
    if is_folder || new.version.is_empty() || new.version == DEVEL {
        Module {
            path: old.path,
            version: DEVEL,
        }
    } else {
        new
    }
}

fn state(info: &BuildInfo, sink: &mut Sink<'_>) {
    let modules = Modules::parse(&info.modules);
    match toolchain_version(&info.toolchain) {
        Some(version) => state_module("stdlib", version, Vec::new(), sink),
        None => sink.unreadable("the Go toolchain has no version"),
    }
    let main = modules.main.or_else(|| modules.guessed_main());
    if let Some(main) = main.filter(|main| is_path(main.path)) {
        let mut depends: Vec<String> = modules
            .dependencies
            .iter()
            .filter(|module| is_path(module.path))
            .map(|module| module.path.to_owned())
            .collect();
        // Every program contains it. That the main module is the only one that depends on something is how
        // the others tell it from them.
        depends.push("stdlib".to_owned());
        depends.sort();
        depends.dedup();
        state_module(main.path, &main_version(main, &modules), depends, sink);
    }
    let mut invalid = 0_usize;
    for module in &modules.dependencies {
        if is_path(module.path) {
            let version = Some(module.version).filter(|version| is_path(version));
            state_module(module.path, version.unwrap_or(DEVEL), Vec::new(), sink);
        } else {
            invalid = invalid.saturating_add(1);
        }
    }
    if invalid > 0 {
        sink.unreadable(format!("{invalid} modules have no valid path"));
    }
}

fn state_module(path: &str, version: &str, depends: Vec<String>, sink: &mut Sink<'_>) {
    let mut package = PackageFact::new(Ecosystem::Go, path, version);
    package.evidence = EvidenceKind::Compiled;
    package.depends = depends;
    sink.package(package);
}

/// Whether a text may be a module path or a version.
fn is_path(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 512
        && !text.contains(|c: char| {
            c.is_whitespace() || c.is_control() || c == char::REPLACEMENT_CHARACTER
        })
}

/// `go1.21.3 X:boringcrypto`, `go1.20.12-fips`, `go1.19.8 (Red Hat …)`, `devel go1.22-3b6d5f5 Mon …`.
///
/// A development toolchain keeps its commit, which makes it older than its release, as it is.
fn toolchain_version(toolchain: &str) -> Option<&str> {
    let devel = toolchain.starts_with("devel ");
    let word = toolchain
        .split(' ')
        .find_map(|word| word.strip_prefix("go"))?;
    let word = if devel {
        word
    } else {
        word.split(['-', '+']).next().unwrap_or_default()
    };
    (is_path(word) && word.starts_with(|c: char| c.is_ascii_digit())).then_some(word)
}

fn main_version(main: Module<'_>, modules: &Modules<'_>) -> String {
    if main.version != DEVEL && is_path(main.version) {
        return main.version.to_owned();
    }
    linked_version(main, modules)
        .or_else(|| pseudo_version(modules))
        .unwrap_or_else(|| DEVEL.to_owned())
}

/// The value of a variable named like `version` that the linker was told to set.
///
/// Only variables of the main package and of the module's own packages count: programs of the Kubernetes
/// family set the version of a library there.
fn linked_version(main: Module<'_>, modules: &Modules<'_>) -> Option<String> {
    const NAMES: [&str; 6] = [
        "version",
        "appversion",
        "buildversion",
        "gitversion",
        "semver",
        "gittag",
    ];
    let words = quoted::words(modules.setting("-ldflags")?);
    let mut found: Option<(usize, String)> = None;
    let mut after_x = false;
    for word in &words {
        let assignment = match word.strip_prefix("-X").or_else(|| word.strip_prefix("--X")) {
            Some("") => {
                after_x = true;
                continue;
            }
            Some(joined) => Some(joined.strip_prefix('=').unwrap_or(joined)),
            None => after_x.then_some(word.as_str()),
        };
        after_x = false;
        let Some((variable, value)) = assignment.and_then(|text| text.split_once('=')) else {
            continue;
        };
        let Some((package, name)) = variable.rsplit_once('.') else {
            continue;
        };
        let lower = name.to_ascii_lowercase();
        let Some(mut rank) = NAMES.iter().position(|known| *known == lower) else {
            continue;
        };
        if package != "main" {
            let below = package.strip_prefix(main.path);
            if !below.is_some_and(|rest| rest.is_empty() || rest.starts_with('/')) {
                continue;
            }
            rank = rank.saturating_add(NAMES.len());
        }
        if let Some(version) = release(value)
            && found.as_ref().is_none_or(|(best, _)| rank < *best)
        {
            found = Some((rank, version));
        }
    }
    found.map(|(_, version)| version)
}

/// A released version with the `v` that Go writes; `None` for words such as `dev`.
fn release(value: &str) -> Option<String> {
    let bare = value.trim().trim_start_matches('v');
    let core = bare.split(['-', '+']).next().unwrap_or_default();
    let numbers: Vec<&str> = core.split('.').collect();
    let is_number =
        |text: &&str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let valid = (2..=3).contains(&numbers.len()) && numbers.iter().all(is_number) && is_path(bare);
    valid.then(|| format!("v{bare}"))
}

/// `v0.0.0-<time>-<commit>` (Go Modules Reference, "Pseudo-versions"), with `+dirty` for changed trees.
fn pseudo_version(modules: &Modules<'_>) -> Option<String> {
    let commit = modules.setting("vcs.revision")?.get(..12)?;
    let time = modules.setting("vcs.time")?;
    let digits: String = time
        .strip_suffix('Z')?
        .chars()
        .filter(char::is_ascii_digit)
        .collect();
    if digits.len() != 14 || !commit.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let dirty = match modules.setting("vcs.modified") {
        Some("true") => "+dirty",
        _ => "",
    };
    Some(format!("v0.0.0-{digits}-{commit}{dirty}"))
}

#[cfg(test)]
mod tests;
