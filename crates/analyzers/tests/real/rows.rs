//! Where real files for each analyzer come from; one row or more for each.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use plimsoll_model::fact::{Fact, FactBody};
use plimsoll_testkit::material::Workshop;

use super::{Pair, origins, package};

/// What an analyzer is run on.
pub(super) struct Row {
    /// The analyzer.
    pub(super) id: &'static str,
    pub(super) from: From,
    pub(super) truth: Truth,
    /// What of a fact is compared.
    pub(super) say: fn(&Fact) -> Vec<Pair>,
    /// How the analyzer writes what the tool says.
    pub(super) spell: fn(&Pair) -> Pair,
    /// What the analyzer says and the tool does not, by name, for a reason that the row tells.
    pub(super) beside: &'static [&'static str],
    /// What the tool says and the analyzer does not, by name, in the same way.
    pub(super) without: &'static [&'static str],
    /// Whether the files can tell but a part of what the tool knows.
    pub(super) part: bool,
    /// Problems that the files have by their nature: what the reason of each begins with.
    pub(super) blind_of: &'static [&'static str],
}

/// Roots of images, each with what is true of it.
pub(super) type Roots = Vec<(PathBuf, BTreeSet<Pair>)>;

pub(super) enum From {
    /// Made by tools of Debian.
    Debian,
    /// Made by tools of a release before.
    Earlier,
    /// A kernel of Debian.
    Kernel,
    /// Made by tools of npm and PyPI.
    Registries,
    /// Brought by packages of npm, PyPI and Cargo's registry, or made by the programs in them.
    Packages,
    /// Of the shared material: lays roots into a folder.
    Shared(fn(shared: &Path, work: &Path) -> Roots),
    /// No registry has such a file. The facts of real ones that are published, laid out again as the tool lays them out,
    /// in the fixture `real`: whose they are.
    Published(&'static str),
}

/// Who says what is true.
pub(super) enum Truth {
    /// The tool that made the files.
    Tool,
    /// Syft, of these types of packages.
    Syft(&'static [&'static str]),
}

/// A root of Debian with the tools of many ecosystems.
pub(super) const DEBIAN: Workshop = Workshop::Debian {
    release: "trixie",
    #[rustfmt::skip]
    packages: &[
        "busybox-static", "composer", "cpanminus", "createrepo-c", "dnf", "elixir", "erlang-base", "fakeroot",
        "fping", "gcc", "haproxy", "libarchive-tools", "libc6-dev", "libcap2-bin", "luarocks", "make", "makepkg",
        "memcached", "nix-bin", "opam", "openssl", "pacman-package-manager", "php-cli", "php-pear", "python3-debian",
        "redis-server", "rpm", "ruby", "ruby-bundler", "squashfs-tools", "swi-prolog-nox", "upx-ucl", "zypper",
    ],
    #[rustfmt::skip]
    archives: &[
        "apache2-bin", "curl", "golang-github-aquasecurity-go-dep-parser-dev", "golang-github-spf13-viper-dev",
        "libexpat1", "libjackson2-core-java", "libjackson2-databind-java", "libsqlcipher1", "lighttpd", "nginx",
        "r-cran-jsonlite", "slapd", "snapd", "valkey-tools", "wordpress", "xz-utils", "zstd",
    ],
    sources: &["ejabberd", "elixir-ex-doc", "libalien-build-perl", "rr"],
    script: include_str!("debian.sh"),
};

/// A root of the release before, with tools that the later one does not have or that are as large as all others.
pub(super) const EARLIER: Workshop = Workshop::Debian {
    release: "bookworm",
    packages: &["cabal-install", "ghc", "nim", "python3"],
    archives: &[],
    sources: &[],
    script: include_str!("earlier.sh"),
};

/// A kernel of Debian, in a root of its own: it is as large as that with all the tools.
pub(super) const KERNEL: Workshop = Workshop::Debian {
    release: "trixie",
    packages: &["kmod", "linux-image-cloud-amd64", "xz-utils", "zstd"],
    archives: &[],
    sources: &[],
    script: include_str!("kernel.sh"),
};

/// The clients of npm and PyPI, and the tools that they bring.
pub(super) const REGISTRIES: Workshop = Workshop::Here {
    script: include_str!("registries.sh"),
};

/// Packages of npm, PyPI and Cargo's registry that bring files, or programs that are in no other registry.
pub(super) const PACKAGES: Workshop = Workshop::Here {
    script: include_str!("packages.sh"),
};

const fn row(id: &'static str, from: From) -> Row {
    Row {
        id,
        from,
        truth: Truth::Tool,
        say: package,
        spell: Clone::clone,
        beside: &[],
        without: &[],
        part: false,
        blind_of: &[],
    }
}

const fn debian(id: &'static str) -> Row {
    row(id, From::Debian)
}

const fn earlier(id: &'static str) -> Row {
    row(id, From::Earlier)
}

const fn kernel(id: &'static str) -> Row {
    row(id, From::Kernel)
}

const fn registries(id: &'static str) -> Row {
    row(id, From::Registries)
}

const fn packages(id: &'static str) -> Row {
    row(id, From::Packages)
}

const fn published(id: &'static str, whose: &'static str) -> Row {
    row(id, From::Published(whose))
}

impl Row {
    const fn says(mut self, say: fn(&Fact) -> Vec<Pair>) -> Self {
        self.say = say;
        self
    }

    const fn spells(mut self, spell: fn(&Pair) -> Pair) -> Self {
        self.spell = spell;
        self
    }

    const fn by_syft(mut self, kinds: &'static [&'static str]) -> Self {
        self.truth = Truth::Syft(kinds);
        self
    }

    const fn without(mut self, names: &'static [&'static str]) -> Self {
        self.without = names;
        self
    }

    const fn part(mut self) -> Self {
        self.part = true;
        self
    }

    const fn blind_of(mut self, reasons: &'static [&'static str]) -> Self {
        self.blind_of = reasons;
        self
    }

    const fn beside(mut self, names: &'static [&'static str]) -> Self {
        self.beside = names;
        self
    }
}

fn account(fact: &Fact) -> Vec<Pair> {
    match &fact.body {
        FactBody::Account(account) => vec![(account.name.clone(), account.uid.to_string())],
        _ => Vec::new(),
    }
}

fn release(fact: &Fact) -> Vec<Pair> {
    match &fact.body {
        FactBody::OsRelease(release) => vec![(release.id.clone(), release.version.clone())],
        _ => Vec::new(),
    }
}

fn sets(fact: &Fact) -> Vec<Pair> {
    match &fact.body {
        FactBody::ContentSets(sets) => sets
            .iter()
            .map(|set| (set.clone(), String::new()))
            .collect(),
        _ => Vec::new(),
    }
}

fn repository(fact: &Fact) -> Vec<Pair> {
    match &fact.body {
        FactBody::InstalledFrom(from) => vec![(from.package.clone(), from.repository.clone())],
        _ => Vec::new(),
    }
}

fn opaque(fact: &Fact) -> Vec<Pair> {
    match &fact.body {
        FactBody::Executable(executable) => vec![(
            fact.path.as_str().to_owned(),
            executable
                .opaque
                .map(|why| why.name().to_owned())
                .unwrap_or_default(),
        )],
        _ => Vec::new(),
    }
}

fn interpreter(fact: &Fact) -> Vec<Pair> {
    match &fact.body {
        FactBody::Script(script) => {
            vec![(fact.path.as_str().to_owned(), script.interpreter.clone())]
        }
        _ => Vec::new(),
    }
}

/// The name of each setting that switches verification off.
fn setting(fact: &Fact) -> Vec<Pair> {
    match &fact.body {
        FactBody::Unverified(found) => {
            let end = found.setting.find(['=', ':', ' ']);
            let name = end.and_then(|end| found.setting.get(..end));
            let name = name.unwrap_or(&found.setting).to_owned();
            vec![(fact.path.as_str().to_owned(), name)]
        }
        _ => Vec::new(),
    }
}

fn leftover(fact: &Fact) -> Vec<Pair> {
    match &fact.body {
        FactBody::Leftover(kind) => vec![(fact.path.as_str().to_owned(), format!("{kind:?}"))],
        _ => Vec::new(),
    }
}

fn rights(fact: &Fact) -> Vec<Pair> {
    let FactBody::Privilege(privilege) = &fact.body else {
        return Vec::new();
    };
    let owner = privilege.setuid.map(|user| format!("setuid {user}"));
    let group = privilege.setgid.map(|group| format!("setgid {group}"));
    let all = owner.into_iter().chain(group);
    all.chain(privilege.capabilities.clone())
        .map(|right| (fact.path.as_str().to_owned(), right))
        .collect()
}

fn licences(fact: &Fact) -> Vec<Pair> {
    match &fact.body {
        FactBody::Licenses(said) => said
            .licenses
            .iter()
            .map(|licence| (said.package.clone(), licence.clone()))
            .collect(),
        _ => Vec::new(),
    }
}

/// Names of Python packages, as the analyzer keeps them.
fn python((name, version): &Pair) -> Pair {
    (
        name.to_ascii_lowercase().replace(['_', '.'], "-"),
        version.clone(),
    )
}

/// Syft writes `go1.23`.
fn go((name, version): &Pair) -> Pair {
    let version = version.strip_prefix("go").unwrap_or(version);
    (name.clone(), version.to_owned())
}

/// The runtime in a native image lists itself by its trade name.
fn native((name, version): &Pair) -> Pair {
    let name = match name.as_str() {
        "com.oracle:Oracle GraalVM" => "graalvm",
        name => name,
    };
    (name.to_owned(), version.clone())
}

/// What a package says of itself, and its licences.
fn licensed(fact: &Fact) -> Vec<Pair> {
    let mut said = package(fact);
    if let FactBody::Package(package) = &fact.body {
        let licenses = package.licenses.iter();
        said.extend(licenses.map(|licence| (package.name.clone(), licence.clone())));
    }
    said
}

fn weights(fact: &Fact) -> Vec<Pair> {
    match &fact.body {
        FactBody::Package(package) => {
            let weights = package.model.as_ref().map(|model| model.weights.clone());
            vec![(package.name.clone(), weights.unwrap_or_default())]
        }
        _ => Vec::new(),
    }
}

fn secret(fact: &Fact) -> Vec<Pair> {
    match &fact.body {
        FactBody::Secret(secret) => vec![(fact.path.as_str().to_owned(), secret.rule.clone())],
        _ => Vec::new(),
    }
}

fn claim(fact: &Fact) -> Vec<Pair> {
    match &fact.body {
        FactBody::Claim(claim) => {
            let package = &claim.package;
            vec![(package.name.clone(), package.version.clone())]
        }
        _ => Vec::new(),
    }
}

/// What only a Mac installs is locked everywhere.
const MAC: &[&str] = &["fsevents"];

/// Every analyzer.
pub(super) const ROWS: &[Row] = &[
    debian("os/dpkg"),
    debian("os/release").says(release),
    debian("os/passwd").says(account),
    debian("os/repositories").says(setting),
    packages("os/leftover").says(leftover),
    debian("os/copyright").says(licences),
    debian("os/nix"),
    debian("os/pacman"),
    debian("os/rpm"),
    row("os/rpm", From::Shared(origins::rpm)),
    debian("os/rpm-archive"),
    debian("os/deb-archive"),
    debian("os/dnf").says(repository),
    row("os/apk", From::Shared(origins::apk)),
    published(
        "os/chisel",
        "the manifest of `base-files_chisel` and `hello_bins` on jammy, in Chisel's own reference of the format",
    )
    .blind_of(&["does not name source packages"]),
    published(
        "os/buildinfo",
        "the content sets of Red Hat's image rhel9/python-312, in the guide of its product security for those who write scanners",
    )
    .says(sets),
    published(
        "os/brew",
        "kegs of Homebrew 0.9.5, 2.1 (on Linux too), 4.6 and 5.0 that people keep in their repositories: warden, bird, glib, khd and ctags",
    ),
    debian("os/snap"),
    packages("os/opkg").says(licensed),
    published(
        "os/opkg",
        "the databases of an OpenWrt 23.05, of a printer that is built on OpenWrt, and of an SDK of Texas Instruments, as people keep them in repositories",
    ),
    published(
        "os/bottlerocket",
        "the inventory of the variant aws-ecs-2 of February 2025, of which Trivy's tests keep a copy",
    ),
    packages("os/portage"),
    registries("lang/npm"),
    registries("lang/npm-lock").beside(MAC),
    registries("lang/yarn-lock").beside(MAC),
    registries("lang/yarn-cache"),
    registries("lang/pnpm-lock").beside(MAC),
    registries("lang/bun-lock").beside(MAC),
    registries("lang/deno-lock").beside(MAC),
    registries("lang/python"),
    registries("lang/python-lock").spells(python),
    registries("lang/requirements").spells(python),
    registries("lang/egg"),
    registries("lang/conda"),
    debian("lang/gem"),
    debian("lang/gemfile-lock"),
    debian("lang/composer"),
    debian("lang/composer-lock"),
    debian("lang/pear"),
    debian("lang/jar").by_syft(&["java-archive"]),
    // The project itself is what is built, not what it needs.
    debian("lang/pom")
        .by_syft(&["java-archive"])
        .without(&["jackson-databind"]),
    packages("lang/gradle"),
    registries("lang/jvm"),
    registries("lang/dotnet-deps"),
    debian("lang/nuget"),
    debian("lang/go-mod").by_syft(&["go-module"]),
    row("lang/cargo-lock", From::Shared(origins::cargo)),
    packages("lang/swift"),
    packages("lang/dart").by_syft(&["dart-pub"]),
    debian("lang/hex"),
    debian("lang/otp"),
    earlier("lang/haskell"),
    debian("lang/opam"),
    debian("lang/cran"),
    debian("lang/luarocks"),
    debian("lang/julia"),
    debian("lang/cpan"),
    debian("lang/perllocal"),
    debian("lang/prolog"),
    earlier("lang/nim"),
    registries("lang/conan"),
    debian("lang/vcpkg"),
    packages("lang/app-bundle"),
    packages("lang/cocoapods").by_syft(&["pod"]),
    debian("lang/wordpress"),
    registries("lang/github-actions").by_syft(&["github-action", "github-action-workflow"]),
    packages("lang/terraform"),
    registries("binary/go").by_syft(&["go-module"]).spells(go),
    kernel("binary/kernel").by_syft(&["linux-kernel"]),
    kernel("binary/kernel-module"),
    registries("binary/rust").part(),
    packages("binary/native-image").spells(native),
    registries("binary/dotnet"),
    packages("binary/dotnet-bundle"),
    debian("binary/php-extension"),
    debian("binary/note"),
    debian("binary/version"),
    registries("binary/version"),
    debian("binary/elf").says(opaque),
    packages("binary/elf").says(opaque),
    debian("binary/script").says(interpreter),
    debian("binary/privilege").says(rights),
    registries("model/gguf"),
    registries("model/safetensors").says(weights),
    registries("secret/files").says(secret),
    registries("claim/sbom").says(claim),
];
