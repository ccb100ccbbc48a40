//! What an analyzer says about one file in one layer.

use serde::{Deserialize, Serialize};

use crate::{Digest, Ecosystem, ImagePath, PathKey, Sha1, Text};

/// Identity of an analyzer, a path such as `os/apk`. Ids are forever.
pub type AnalyzerId = &'static str;

/// One statement about one file in one layer.
///
/// The engine stamps `path` and `analyzer`; the layer is known from where the fact is kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Fact {
    /// The file that says so.
    pub path: ImagePath,
    /// Id of the analyzer that read it.
    pub analyzer: String,
    /// What is said.
    pub body: FactBody,
}

/// Every kind of statement that there is; closed, so that a new kind is seen by all who must know it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum FactBody {
    /// Which distribution this is.
    OsRelease(OsRelease),
    /// A package is here.
    Package(Box<PackageFact>),
    /// A Java archive that does not say of which group it is, or nothing at all.
    JavaArchive(JavaArchive),
    /// An OS package owns these files.
    Owns(Ownership),
    /// A user account of the image.
    Account(Account),
    /// Something that the kernel would start.
    Executable(Executable),
    /// A text that the kernel would hand to an interpreter.
    Script(Script),
    /// A secret, without its plaintext.
    Secret(Secret),
    /// Licences of an OS package whose record does not state them.
    Licenses(Licenses),
    /// From which repository an OS package was installed.
    InstalledFrom(InstalledFrom),
    /// The content sets of which a layer of Red Hat was built.
    ContentSets(Vec<String>),
    /// A document in the image names a package.
    Claim(Box<Claim>),
    /// An OS package has other names, by which packages ask for it.
    Provides(Provided),
    /// A program gives rights to whoever starts it.
    Privilege(Privilege),
    /// An account, by its name, needs no password to log in.
    Passwordless(String),
    /// A group of the image.
    Group(Group),
    /// A package manager is told not to verify what it fetches.
    Unverified(Unverified),
    /// A file that is of no use to a container.
    Leftover(LeftoverKind),
}

/// Identification of the operating system, as `os-release(5)` defines it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct OsRelease {
    /// `ID`, lower case: `debian`, `alpine`, `rhel`.
    pub id: String,
    /// `ID_LIKE`, in order of closeness.
    pub id_like: Vec<String>,
    /// `VERSION_ID`, or the version that a release file names; empty for rolling releases.
    pub version: String,
    /// `VERSION_CODENAME`, such as `bookworm`.
    pub codename: Option<String>,
    /// `PRETTY_NAME`.
    pub pretty: Option<String>,
    /// How far the file is to be believed against others in the same image; higher wins.
    /// `etc/os-release` is 100, `usr/lib/os-release` 90, release files of distributions less.
    pub rank: u8,
}

impl OsRelease {
    /// Name and version for people.
    #[must_use]
    pub fn display(&self) -> String {
        match &self.pretty {
            Some(pretty) => pretty.clone(),
            None if self.version.is_empty() => self.id.clone(),
            None => format!("{} {}", self.id, self.version),
        }
    }
}

/// How we know that a package is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EvidenceKind {
    /// The record that an installer leaves beside what it installed.
    Installed,
    /// A statement inside a compiled file, such as Go's build information.
    Compiled,
    /// Copied into another package, and only importable through it.
    Vendored,
    /// A lock file: what somebody meant to install.
    Locked,
    /// The paths of a library's classes inside of another archive, which does not name it.
    Fingerprint,
    /// A bill of materials that lies in the image names it, and nothing else shows it.
    Claimed,
    /// The package as its distribution hands it out lies there as a file, which nobody installed.
    Archived,
}

/// Whether a package is needed at run time.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// Needed at run time, or nobody says otherwise.
    #[default]
    Runtime,
    /// Only for development or tests.
    Development,
}

/// A source package, as dpkg, apk and rpm record it beside the binary package.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct SourcePackage {
    /// Name of the source package.
    pub name: String,
    /// Full version of the source package, which can differ from that of the binary package.
    pub version: String,
}

/// A distribution and its release, as a file of one names them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Distribution {
    /// `ID` of os-release(5): `fedora`.
    pub id: String,
    /// `VERSION_ID` of os-release(5), empty where it is not told.
    pub version: String,
}

/// What is known of an AI model besides its name; empty where the file does not tell.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct ModelTraits {
    /// Format of its files: `gguf`, `safetensors`.
    pub format: String,
    /// Family, as the format names it: `llama`.
    pub family: String,
    /// How its weights are kept, as the format names it: `Q4_K_M`, `BF16`.
    pub weights: String,
}

/// A package as the ecosystem describes it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PackageFact {
    /// Where it comes from.
    pub ecosystem: Ecosystem,
    /// Name as the ecosystem writes it; `group:artifact` for Maven, `@scope/name` for npm.
    pub name: String,
    /// Full version as the ecosystem writes it, with epoch (`1:2.3-4`) where there is one.
    pub version: String,
    /// Architecture as the ecosystem writes it: `amd64`, `x86_64`, `noarch`.
    pub architecture: Option<String>,
    /// The source package, where the ecosystem has such a thing. Always set for deb, apk and rpm: a package
    /// that names none is its own source.
    pub source: Option<SourcePackage>,
    /// How we know.
    pub evidence: EvidenceKind,
    /// Whether it is needed at run time.
    pub scope: Scope,
    /// Licences as declared, one statement each, not interpreted.
    pub licenses: Vec<String>,
    /// Who made or packaged it: dpkg `Maintainer`, rpm `Vendor`, apk `m:`, npm `author`.
    pub maker: Option<String>,
    /// RHEL module stream, `nodejs:12`, from rpm's `MODULARITYLABEL`.
    pub module: Option<String>,
    /// The way through nested archives to where it was found, outermost first; empty for a plain file.
    pub inside: Vec<String>,
    /// Names that this package says it depends on. In [`crate::facts::ImageFacts`] a name that only one OS package
    /// of the image provides is the name of that package.
    pub depends: Vec<String>,
    /// Digest of the package's own archive, where the record has one.
    pub digest: Option<Digest>,
    /// The distribution that an OS package was built for, where the file says so itself; else it is the image's.
    pub distribution: Option<Distribution>,
    /// Set for AI models alone.
    pub model: Option<Box<ModelTraits>>,
}

impl PackageFact {
    /// An installed package with a name and a version and nothing else known.
    #[must_use]
    pub fn new(ecosystem: Ecosystem, name: impl Into<String>, version: impl Into<String>) -> Self {
        Self {
            ecosystem,
            name: name.into(),
            version: version.into(),
            architecture: None,
            source: None,
            evidence: EvidenceKind::Installed,
            scope: Scope::Runtime,
            licenses: Vec::new(),
            maker: None,
            module: None,
            inside: Vec::new(),
            depends: Vec::new(),
            digest: None,
            distribution: None,
            model: None,
        }
    }

    /// Whether the package manager of an operating system says that it installed this. A program that says of
    /// itself as which package it was built may have been copied from anywhere, a document may say anything, and the
    /// file of a package is only there.
    #[must_use]
    pub fn is_installed_by_os(&self) -> bool {
        self.ecosystem.is_os()
            && !matches!(
                self.evidence,
                EvidenceKind::Compiled | EvidenceKind::Claimed | EvidenceKind::Archived
            )
    }
}

/// A Java archive without coordinates of its own, with what an index of archives needs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct JavaArchive {
    /// The way through nested archives to it, outermost first; empty for the file itself.
    pub inside: Vec<String>,
    /// SHA-1 of the archive; `None` where it is too large to be an artefact.
    pub sha1: Option<Sha1>,
    /// The artefact and version that its name or manifest tells, which a package states beside this.
    pub named: Option<(String, String)>,
}

/// A package that a bill of materials in the image names: what somebody says, not what is there.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Claim {
    /// The package as the document describes it; its evidence is [`EvidenceKind::Claimed`].
    pub package: PackageFact,
    /// The distribution of an OS package, as its package URL names it: `debian`; empty if it does not.
    pub distribution: String,
    /// Whole paths of files that are to show it; most documents tell none.
    pub places: Vec<ImagePath>,
}

/// The files that one OS package owns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ownership {
    /// Ecosystem of the owner.
    pub ecosystem: Ecosystem,
    /// Binary package name of the owner.
    pub package: String,
    /// Keys of the paths of its files (not of its directories), as the record writes them.
    #[serde(with = "crate::path::keys")]
    pub files: Vec<PathKey>,
}

/// Licences of an OS package, from a file of its own beside the database.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Licenses {
    /// Ecosystem of the package.
    pub ecosystem: Ecosystem,
    /// Binary package name.
    pub package: String,
    /// Licences as declared, one statement each.
    pub licenses: Vec<String>,
}

/// What an installer remembers of where a package came from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct InstalledFrom {
    /// Ecosystem of the package.
    pub ecosystem: Ecosystem,
    /// Binary package name.
    pub package: String,
    /// Version and release, without epoch; empty where the installer keeps none.
    pub version: String,
    /// Architecture as the ecosystem writes it; empty where the installer keeps none.
    pub architecture: String,
    /// Id of the repository, for apk its tag.
    pub repository: String,
}

/// The other names of an OS package: virtual packages, libraries and commands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Provided {
    /// Ecosystem of the package.
    pub ecosystem: Ecosystem,
    /// Its own name.
    pub package: String,
    /// The names as dependencies write them, sorted, without versions: `so:libssl.so.3`, `libc.so.6()(64bit)`,
    /// `awk`.
    pub names: Vec<String>,
}

/// One line of `etc/passwd`, `passwd(5)`; the password field is never kept.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Account {
    /// Login name.
    pub name: String,
    /// Numeric user id.
    pub uid: u32,
    /// Numeric group id.
    pub gid: u32,
    /// Home directory.
    pub home: String,
    /// Login shell.
    pub shell: String,
}

/// One line of `etc/group`, `group(5)`; password and members are not kept.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Group {
    /// Its name.
    pub name: String,
    /// Numeric group id.
    pub gid: u32,
}

/// Rights that a program has whoever starts it: the mode bits of `chmod(2)`, and file capabilities
/// (`capabilities(7)`).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Privilege {
    /// It runs as this user, its owner.
    pub setuid: Option<u64>,
    /// It runs as this group, that of the file.
    pub setgid: Option<u64>,
    /// Capabilities that it may have, by their names, such as `cap_net_raw`; `unreadable` where the attribute is
    /// none that the kernel knows.
    pub capabilities: Vec<String>,
}

/// A setting by which packages are installed without a look at their signatures.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Unverified {
    /// Line in the file, from 1.
    pub line: u32,
    /// The setting in its shortest form: `trusted=yes`, `gpgcheck=0`.
    pub setting: String,
}

/// What a file was of use for, while the image was built or edited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LeftoverKind {
    /// What a package manager of the system fetched: lists, metadata, packages.
    PackageCache,
    /// What an installer of a language fetched.
    LanguageCache,
    /// A repository of a version control system, with all of its history.
    Repository,
    /// A file of the build.
    BuildFile,
    /// What an editor, a shell or a desktop leaves behind.
    Trace,
}

impl LeftoverKind {
    /// All kinds, in the order of reports.
    pub const ALL: [Self; 5] = [
        Self::PackageCache,
        Self::LanguageCache,
        Self::Repository,
        Self::BuildFile,
        Self::Trace,
    ];

    /// Words for people: `lists and packages of the package manager`.
    #[must_use]
    pub fn title(self) -> Text {
        match self {
            Self::PackageCache => Text::fixed(
                "lists and packages of the package manager",
                "系统软件包管理器的列表与缓存",
            ),
            Self::LanguageCache => {
                Text::fixed("cached files of language installers", "语言包管理器的缓存")
            }
            Self::Repository => Text::fixed("version control repositories", "版本控制仓库"),
            Self::BuildFile => Text::fixed("files of the build", "构建文件"),
            Self::Trace => Text::fixed(
                "traces of editors, shells and desktops",
                "编辑器、Shell 或桌面环境的残留文件",
            ),
        }
    }
}

/// What made an executable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Toolchain {
    /// Go, with or without build information.
    Go,
    /// Rust, with or without audit data.
    Rust,
    /// Anything else.
    Other,
}

/// Why the contents of a program cannot be known from its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Opaque {
    /// A packer (UPX) hides them.
    Packed,
    /// There is no table of sections, and nothing else that tells what it is.
    WithoutSections,
    /// A Go program without readable build information.
    GoWithoutBuildInfo,
    /// A Go program whose build information names no modules.
    GoWithoutModules,
    /// A Rust program without audit data; at best some of its crates are known.
    RustWithoutAuditData,
    /// A native image of `GraalVM` without a bill of materials.
    NativeImageWithoutBill,
}

impl Opaque {
    /// All kinds, in the order of reports.
    pub const ALL: [Self; 6] = [
        Self::Packed,
        Self::WithoutSections,
        Self::GoWithoutBuildInfo,
        Self::GoWithoutModules,
        Self::RustWithoutAuditData,
        Self::NativeImageWithoutBill,
    ];

    /// Name for machines.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Packed => "packed",
            Self::WithoutSections => "without-sections",
            Self::GoWithoutBuildInfo => "go-without-build-info",
            Self::GoWithoutModules => "go-without-modules",
            Self::RustWithoutAuditData => "rust-without-audit-data",
            Self::NativeImageWithoutBill => "native-image-without-bill",
        }
    }

    /// Words for people, that follow a number of programs: `2 packed with UPX`.
    #[must_use]
    pub fn title(self) -> Text {
        match self {
            Self::Packed => Text::fixed("packed with UPX", "使用 UPX 加壳"),
            Self::WithoutSections => Text::fixed("without a table of sections", "缺少节表"),
            Self::GoWithoutBuildInfo => {
                Text::fixed("Go without build information", "Go 程序缺少构建信息")
            }
            Self::GoWithoutModules => Text::fixed("Go that names no modules", "Go 程序未列出模块"),
            Self::RustWithoutAuditData => {
                Text::fixed("Rust without audit data", "Rust 程序缺少审计数据")
            }
            Self::NativeImageWithoutBill => Text::fixed(
                "GraalVM native image without a bill of materials",
                "GraalVM 原生镜像缺少物料清单",
            ),
        }
    }
}

/// A program file that the kernel would load.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Executable {
    /// Machine that it is for, such as `x86_64`.
    pub machine: String,
    /// What made it.
    pub toolchain: Toolchain,
    /// Why its contents cannot be known from the file; `None` if they can.
    pub opaque: Option<Opaque>,
    /// Shared object rather than a program.
    pub library: bool,
    /// What is loaded with it.
    pub linkage: Linkage,
}

/// What the kernel and the dynamic linker load beside a program, by the program's own tables
/// (System V ABI, chapter 5, "Dynamic Linking").
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
pub struct Linkage {
    /// The dynamic linker, `PT_INTERP`.
    pub interpreter: Option<String>,
    /// The name by which others ask for it, `DT_SONAME`.
    pub soname: Option<String>,
    /// The libraries that it asks for, `DT_NEEDED`, in order.
    pub needed: Vec<String>,
    /// Where they are looked for first, `DT_RUNPATH` or else `DT_RPATH`: folders, separated by colons.
    pub search: Option<String>,
}

/// The first line of a script (`execve(2)`, "Interpreter scripts").
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Script {
    /// The interpreter as written: `/usr/bin/env`.
    pub interpreter: String,
    /// What stands after it, in one piece; empty if nothing does.
    pub argument: String,
}

/// A secret, never with its plaintext.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Secret {
    /// Id of the rule, such as `secret/private-key`.
    pub rule: String,
    /// Line in the file, from 1; 0 where the file has no lines.
    pub line: u32,
    /// A few characters that let its owner recognise it, the rest as `*`.
    pub preview: String,
    /// Keyed fingerprint, equal for equal secrets in one report, useless to find the secret.
    pub fingerprint: String,
}
