//! Assemblies of .NET: which package they are, where no `*.deps.json` says it.
//!
//! The name of an assembly is that of its package in all but a few cases, unlike the product's name (`Json.NET` is
//! `Newtonsoft.Json`). The version of the package is what the SDK writes as the product's version, with the
//! commit behind a plus. The version of the file is another number: `System.Net.Http` 4.3.0 has the file version
//! 4.6.24705.1. So four numbers of which the last is not zero are taken as they are, and the matcher answers
//! "unknown" about them instead of comparing.
//!
//! Assemblies of a shared framework or of a targeting pack belong to that, and those in the folder of a package to
//! that package; both name it in their path. What a `*.deps.json` covers, and what an OS package owns, the engine
//! drops.

use plimsoll_analyze::{Analyzer, Executables, File, Interest, Meta, Sink};
use plimsoll_model::fact::{EvidenceKind, PackageFact};
use plimsoll_model::{Ecosystem, Effect, ImagePath};

use super::is_word;
use super::pe::{Pe, Version};

/// Assemblies of .NET.
#[derive(Debug)]
pub struct Dotnet;

static META: Meta = Meta {
    id: "binary/dotnet",
    revision: 1,
    docs: "Reads the version resource of managed `.dll` and `.exe` files: the .NET package that each is.",
    interest: Interest {
        paths: &[],
        names: &[],
        suffixes: &[".dll", ".exe"],
        under: &[],
        executables: Executables::Ignored,
    },
    limit: super::LIMIT,
    loss: Effect::Gap,
};

impl Analyzer for Dotnet {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn analyze(&self, file: &mut File<'_>, sink: &mut Sink<'_>) {
        let path = file.path;
        // Only texts in one language.
        if path
            .file_name()
            .to_ascii_lowercase()
            .ends_with(".resources.dll")
        {
            return;
        }
        let size = file.size;
        let mut reader = file.reader();
        let found = match Pe::read(&mut reader, size) {
            Ok(Some(pe)) if pe.is_managed() => pe.version(&mut reader, size),
            Ok(_) => return,
            // Windows programs are in images for many reasons, and this may be anything.
            Err(error) => {
                let reason = format!("not a valid PE file: {error}");
                return sink.problem(Effect::Note, reason);
            }
        };
        let version = match found {
            Ok(version) => version.unwrap_or_default(),
            Err(error) => {
                sink.unreadable(format!("an assembly whose version cannot be read: {error}"));
                Version::default()
            }
        };
        if let Some(package) = package(path, &version) {
            sink.package(package);
        }
    }
}

/// The package that the assembly at a path is, as its version resource tells.
pub(super) fn package(path: &ImagePath, said: &Version) -> Option<PackageFact> {
    let assembly = assembly(path, said);
    let maker = || {
        let text = said.texts.get("CompanyName")?.trim();
        let clean: String = text.chars().filter(|c| !c.is_control()).collect();
        (!clean.is_empty() && clean.len() <= 256).then_some(clean)
    };
    let (name, version, maker) = match in_folder(path) {
        Some((name, version)) if name.eq_ignore_ascii_case(&assembly) => {
            (assembly, version, maker())
        }
        // One of many of a framework or a package, which need not all name the same maker.
        Some((name, version)) => (name, version, None),
        None => (assembly, version(said)?, maker()),
    };
    if !is_word(&name) || !is_word(&version) {
        return None;
    }
    let mut fact = PackageFact::new(Ecosystem::Nuget, name, version);
    fact.evidence = EvidenceKind::Compiled;
    fact.maker = maker;
    Some(fact)
}

/// The name of the assembly, as its resource tells; a file may have been given another one.
fn assembly(path: &ImagePath, said: &Version) -> String {
    let stem = |name: &str| {
        let (stem, end) = name.rsplit_once('.')?;
        let is_file = |kind: &str| end.eq_ignore_ascii_case(kind);
        (is_file("dll") || is_file("exe")).then(|| stem.to_owned())
    };
    let told = ["InternalName", "OriginalFilename"].into_iter();
    let mut told = told.filter_map(|key| said.texts.get(key).map(|text| text.trim()));
    told.find_map(|text| stem(text).filter(|name| is_word(name) && !name.contains(['/', '\\'])))
        .or_else(|| stem(path.file_name()))
        .unwrap_or_default()
}

/// Name and version of the framework, pack or package in whose folder a file lies: `shared/NAME/VERSION/`,
/// `packs/NAME/VERSION/`, `.nuget/packages/ID/VERSION/`.
fn in_folder(path: &ImagePath) -> Option<(String, String)> {
    let parts: Vec<&str> = path.as_str().split('/').collect();
    parts.windows(5).chain(parts.windows(4)).find_map(|window| {
        let (name, version) = match window {
            ["shared" | "packs", name, version, _] if name.contains('.') => (name, version),
            [".nuget", "packages", name, version, _]
            | ["NuGetFallbackFolder", name, version, _] => (name, version),
            _ => return None,
        };
        let version = number(version)?;
        Some(((*name).to_owned(), version))
    })
}

/// The version of the package, or else of the file.
fn version(said: &Version) -> Option<String> {
    let told = ["ProductVersion", "FileVersion"].into_iter();
    let told = told
        .filter_map(|key| said.texts.get(key))
        .find_map(|text| number(text));
    told.or_else(|| {
        let [a, b, c, d] = said.file?;
        number(&format!("{a}.{b}.{c}.{d}"))
    })
}

/// A version out of what people write there: `13.0.3+0a2e291c`, `1, 0, 0, 0`, `4.6.24705.01. Commit Hash: …`,
/// `2.1.1-rtm-30846`. Nothing but zeros is no version.
fn number(text: &str) -> Option<String> {
    let text = text.trim().replace(", ", ".").replace(',', ".");
    let text = text.split(|c: char| c.is_whitespace() || c == '+').next()?;
    let text = text.trim_end_matches('.');
    let text = text.strip_prefix(['v', 'V']).unwrap_or(text);
    let (core, label) = match text.split_once('-') {
        Some((core, label)) => (core, Some(label)),
        None => (text, None),
    };
    let mut parts: Vec<&str> = core.split('.').collect();
    let is_number = |part: &&str| {
        !part.is_empty() && part.len() <= 9 && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    let is_zero = |part: &&str| part.bytes().all(|byte| byte == b'0');
    if parts.len() > 4 || !parts.iter().all(is_number) || parts.iter().all(is_zero) {
        return None;
    }
    // NuGet leaves out a fourth number that is zero.
    if parts.len() == 4 && parts.last().is_some_and(is_zero) {
        parts.pop();
    }
    let core = parts.join(".");
    // Builds of Microsoft's own are marked like previews and are none.
    let is_release = |label: &&str| label.starts_with("rtm") || label.starts_with("servicing");
    match label.filter(|label| !is_release(label)) {
        None => Some(core),
        Some(label) => {
            let is_label = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
            (!label.is_empty() && label.chars().all(is_label)).then(|| format!("{core}-{label}"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_those_of_packages() {
        for (text, version) in [
            (
                "13.0.3+0a2e291c0d9c0c7675d445703e51750363a549ef",
                Some("13.0.3"),
            ),
            ("1, 0, 0, 0", Some("1.0.0")),
            (
                "4.6.24705.01. Commit Hash: 4d1af962ca0fede10beb01d197367c2f90e92c97",
                Some("4.6.24705.01"),
            ),
            ("2.1.1-rtm-30846", Some("2.1.1")),
            ("6.4.4-servicing-19201", Some("6.4.4")),
            (
                "8.0.0-preview.1.23110.8+8a1b",
                Some("8.0.0-preview.1.23110.8"),
            ),
            ("4.7.4076.0 built by: NET472REL1LAST_B", Some("4.7.4076")),
            ("v1.2", Some("1.2")),
            ("0.0.0.0", None),
            (" ", None),
            ("Release 73", None),
            ("1.2.3.4.5", None),
            ("1.2-", None),
        ] {
            assert_eq!(number(text).as_deref(), version, "{text}");
        }
    }

    #[test]
    fn folders_tell_frameworks_and_packages() {
        for (path, found) in [
            (
                "usr/share/dotnet/shared/Microsoft.NETCore.App/8.0.1/System.Text.Json.dll",
                Some(("Microsoft.NETCore.App", "8.0.1")),
            ),
            (
                "usr/share/dotnet/packs/Microsoft.NETCore.App.Ref/8.0.1/ref/net8.0/System.dll",
                Some(("Microsoft.NETCore.App.Ref", "8.0.1")),
            ),
            (
                "root/.nuget/packages/newtonsoft.json/13.0.3/lib/net6.0/Newtonsoft.Json.dll",
                Some(("newtonsoft.json", "13.0.3")),
            ),
            ("app/shared/plugins/1.0/x.dll", None),
            ("app/x.dll", None),
        ] {
            let is = in_folder(&ImagePath::new(path));
            let is = is
                .as_ref()
                .map(|(name, version)| (name.as_str(), version.as_str()));
            assert_eq!(is, found, "{path}");
        }
    }
}
