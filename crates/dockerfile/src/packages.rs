//! Package managers: what a call of one does, and to which packages.

use crate::ast::{Dockerfile, Kind};
use crate::commands::{self, Argument, Call, Flag, Parsed};
use crate::span::Span;

/// A family of package managers that are called in the same way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manager {
    /// `apt-get`, `apt`, `aptitude`.
    Apt,
    /// `apk`.
    Apk,
    /// `yum`.
    Yum,
    /// `dnf`, `microdnf`, `dnf5`, `tdnf`.
    Dnf,
    /// `zypper`.
    Zypper,
    /// `pacman`.
    Pacman,
    /// `pip`, `pipx`, `python -m pip`, `uv pip`.
    Pip,
    /// `npm`.
    Npm,
    /// `yarn`.
    Yarn,
    /// `gem`.
    Gem,
}

/// What a call does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// It installs packages.
    Install,
    /// It installs groups, modules or patterns of packages.
    InstallGroup,
    /// It installs what the files of a project name.
    Restore,
    /// It installs what is needed to build a package, or a package's sources.
    Source,
    /// It reads the list of packages anew.
    Refresh,
    /// It puts what is installed to newer versions.
    Upgrade,
    /// It puts the distribution to its next release, or may take packages away for newer ones.
    Release,
    /// It takes packages away.
    Remove,
    /// It takes its caches away.
    Clean,
    /// Something else.
    Other,
}

/// Stands for the verb where a call has no words.
static NOTHING: Argument = Argument {
    text: String::new(),
    span: Span { start: 0, end: 0 },
};

/// A call of a package manager.
#[derive(Debug, Clone)]
pub struct Managed<'a> {
    /// Which.
    pub manager: Manager,
    /// What it does.
    pub act: Act,
    /// The call.
    pub call: &'a Call,
    /// The word that says what it does.
    pub verb: &'a Argument,
    /// Its flags.
    pub flags: Vec<Flag<'a>>,
    /// What it is done to: packages, files, addresses.
    pub operands: Vec<&'a Argument>,
}

impl<'a> Managed<'a> {
    /// Whether one of these flags is given.
    #[must_use]
    pub fn has(&self, names: &[&str]) -> bool {
        self.flag(names).is_some()
    }

    /// The first of these flags that is given.
    #[must_use]
    pub fn flag(&self, names: &[&str]) -> Option<&Flag<'a>> {
        self.flags.iter().find(|flag| names.contains(&flag.name))
    }

    /// Whether packages are brought into the image.
    #[must_use]
    pub fn brings(&self) -> bool {
        matches!(
            self.act,
            Act::Install
                | Act::InstallGroup
                | Act::Restore
                | Act::Source
                | Act::Upgrade
                | Act::Release
        )
    }

    /// Whether a setting of apt is given on the command line, and its value: `-o APT::Get::Assume-Yes=true`.
    #[must_use]
    pub fn option(&self, name: &str) -> Option<&'a str> {
        self.flags
            .iter()
            .filter(|flag| matches!(flag.name, "o" | "option"))
            .filter_map(|flag| flag.value)
            .filter_map(|value| value.split_once('='))
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    }
}

/// Flags of `apt-get` that take a value (apt-get(8)).
const APT: &[&str] = &[
    "o",
    "option",
    "c",
    "config-file",
    "t",
    "target-release",
    "default-release",
    "a",
    "host-architecture",
    "P",
    "build-profiles",
    "solver",
];

/// Flags of `apk` that take a value (apk(8)).
const APK: &[&str] = &[
    "p",
    "root",
    "X",
    "repository",
    "t",
    "virtual",
    "arch",
    "keys-dir",
    "repositories-file",
    "wait",
    "cache-dir",
    "cache-max-age",
    "progress-fd",
    "timeout",
];

/// Flags of `yum` and `dnf` that take a value (yum(8), dnf(8)).
const DNF: &[&str] = &[
    "c",
    "config",
    "enablerepo",
    "disablerepo",
    "setopt",
    "installroot",
    "releasever",
    "repo",
    "repoid",
    "repofrompath",
    "x",
    "exclude",
    "R",
    "randomwait",
    "d",
    "debuglevel",
    "e",
    "errorlevel",
    "rpmverbosity",
    "advisory",
    "bz",
    "bzs",
    "cve",
    "cves",
    "sec-severity",
    "secseverity",
    "forcearch",
    "comment",
    "downloaddir",
    "destdir",
    "disableplugin",
    "enableplugin",
    "disableexcludes",
    "disableexcludepkgs",
    "color",
];

/// Flags of `zypper` that take a value (zypper(8)); those that mean something else before the verb than behind
/// it are taken as flags without one.
const ZYPPER: &[&str] = &[
    "R",
    "root",
    "installroot",
    "c",
    "config",
    "reposd-dir",
    "cache-dir",
    "raw-cache-dir",
    "solv-cache-dir",
    "pkg-cache-dir",
    "p",
    "plus-repo",
    "plus-content",
    "releasever",
    "t",
    "type",
    "r",
    "repo",
    "from",
    "download",
];

/// Flags of `pip` that take a value (`pip install --help`).
const PIP: &[&str] = &[
    "r",
    "requirement",
    "c",
    "constraint",
    "e",
    "editable",
    "t",
    "target",
    "platform",
    "python-version",
    "implementation",
    "abi",
    "root",
    "prefix",
    "src",
    "upgrade-strategy",
    "C",
    "config-settings",
    "config-setting",
    "global-option",
    "install-option",
    "build-option",
    "no-binary",
    "only-binary",
    "progress-bar",
    "root-user-action",
    "report",
    "group",
    "i",
    "index-url",
    "extra-index-url",
    "f",
    "find-links",
    "python",
    "log",
    "keyring-provider",
    "proxy",
    "retries",
    "timeout",
    "exists-action",
    "trusted-host",
    "cert",
    "client-cert",
    "cache-dir",
    "use-feature",
    "use-deprecated",
    "b",
    "build",
    "d",
    "download",
    "default-index",
    "index",
    "override",
    "p",
];

/// Flags of `npm` that take a value (`npm help config`).
const NPM: &[&str] = &[
    "prefix",
    "C",
    "registry",
    "loglevel",
    "cache",
    "tag",
    "w",
    "workspace",
    "omit",
    "include",
    "only",
    "also",
    "userconfig",
    "globalconfig",
    "scope",
    "otp",
    "script-shell",
    "node-options",
    "fetch-timeout",
    "fetch-retries",
    "fetch-retry-mintimeout",
    "fetch-retry-maxtimeout",
    "maxsockets",
    "cafile",
    "proxy",
    "https-proxy",
    "before",
    "install-strategy",
    "unsafe-perm-user",
];

/// Flags of `yarn` that take a value (`yarn --help`).
const YARN: &[&str] = &[
    "cwd",
    "cache-folder",
    "modules-folder",
    "preferred-cache-folder",
    "global-folder",
    "link-folder",
    "registry",
    "network-timeout",
    "network-concurrency",
    "mutex",
    "prefix",
    "proxy",
    "https-proxy",
    "use-yarnrc",
    "emoji",
    "otp",
    "tag",
    "mode",
];

/// Flags of `gem` that take a value (`gem install --help`).
const GEM: &[&str] = &[
    "v",
    "version",
    "i",
    "install-dir",
    "n",
    "bindir",
    "s",
    "source",
    "p",
    "http-proxy",
    "platform",
    "build-root",
    "P",
    "trust-policy",
    "g",
    "file",
    "without",
    "config-file",
    "target-rbconfig",
];

/// The package manager that a call starts, and what it does there; `None` for other programs.
#[must_use]
pub fn managed(call: &Call) -> Option<Managed<'_>> {
    let (manager, arguments) = of(call)?;
    if manager == Manager::Pacman {
        return Some(pacman(call));
    }
    let valued = match manager {
        Manager::Apt => APT,
        Manager::Apk => APK,
        Manager::Yum | Manager::Dnf => DNF,
        Manager::Zypper => ZYPPER,
        Manager::Pip => PIP,
        Manager::Npm => NPM,
        Manager::Yarn => YARN,
        Manager::Gem => GEM,
        Manager::Pacman => &[],
    };
    let Parsed {
        flags,
        mut operands,
    } = commands::parse(arguments, valued);
    if operands.is_empty() {
        // `yarn` alone is `yarn install`.
        let shown = flags
            .iter()
            .any(|flag| matches!(flag.name, "version" | "v" | "help" | "h"));
        let bare = call.arguments.first();
        let act = if manager == Manager::Yarn && !shown {
            Act::Restore
        } else {
            Act::Other
        };
        return Some(Managed {
            manager,
            act,
            call,
            verb: bare.unwrap_or(&NOTHING),
            flags,
            operands,
        });
    }
    let verb = operands.remove(0);
    let next = operands.first().map(|word| word.text.as_str());
    let act = act(manager, &verb.text, next, operands.is_empty());
    if matches!(act, Act::InstallGroup)
        && matches!(verb.text.as_str(), "module" | "group" | "groups")
        || act == Act::Install && manager == Manager::Yarn && verb.text == "global"
    {
        operands.remove(0);
    }
    let is_group = manager == Manager::Zypper
        && flags.iter().any(|flag| {
            matches!(flag.name, "t" | "type") && flag.value.is_some_and(|value| value != "package")
        });
    Some(Managed {
        manager,
        act: if act == Act::Install && is_group {
            Act::InstallGroup
        } else {
            act
        },
        call,
        verb,
        flags,
        operands,
    })
}

/// The manager, and the words behind it.
fn of(call: &Call) -> Option<(Manager, &[Argument])> {
    let all = call.arguments.as_slice();
    let program = call.program.as_str();
    let found = match program {
        "apt-get" | "apt" | "aptitude" => Manager::Apt,
        "apk" => Manager::Apk,
        "yum" => Manager::Yum,
        "dnf" | "dnf5" | "microdnf" | "tdnf" => Manager::Dnf,
        "zypper" => Manager::Zypper,
        "pacman" => Manager::Pacman,
        "pipx" => Manager::Pip,
        "npm" => Manager::Npm,
        "yarn" | "yarnpkg" => Manager::Yarn,
        "gem" => Manager::Gem,
        "uv" => {
            let (first, rest) = all.split_first()?;
            return (first.text == "pip").then_some((Manager::Pip, rest));
        }
        _ => {
            if is_version_of(program, "pip") {
                return Some((Manager::Pip, all));
            }
            if !is_version_of(program, "python") && program != "pypy3" && program != "pypy" {
                return None;
            }
            let at = all.iter().position(|word| word.text == "-m")?;
            let module = all.get(at.checked_add(1)?)?;
            let rest = all.get(at.checked_add(2)?..)?;
            return (module.text == "pip").then_some((Manager::Pip, rest));
        }
    };
    Some((found, all))
}

/// Whether a program is `pip`, `pip3`, `pip3.11`.
fn is_version_of(program: &str, name: &str) -> bool {
    program
        .strip_prefix(name)
        .is_some_and(|rest| rest.chars().all(|c| c.is_ascii_digit() || c == '.'))
}

fn act(manager: Manager, verb: &str, next: Option<&str>, is_bare: bool) -> Act {
    match manager {
        Manager::Apt => match verb {
            "install" | "reinstall" | "satisfy" => Act::Install,
            "build-dep" | "source" => Act::Source,
            "update" => Act::Refresh,
            "upgrade" | "safe-upgrade" => Act::Upgrade,
            "dist-upgrade" | "full-upgrade" | "dselect-upgrade" => Act::Release,
            "remove" | "purge" | "autoremove" | "autopurge" => Act::Remove,
            "clean" | "autoclean" | "distclean" => Act::Clean,
            _ => Act::Other,
        },
        Manager::Apk => match verb {
            "add" => Act::Install,
            "update" => Act::Refresh,
            "upgrade" => Act::Upgrade,
            "del" => Act::Remove,
            "cache" if next == Some("clean") || next == Some("purge") => Act::Clean,
            _ => Act::Other,
        },
        Manager::Yum | Manager::Dnf => rpm(verb, next),
        Manager::Zypper => match verb {
            "install" | "in" => Act::Install,
            "source-install" | "si" => Act::Source,
            "refresh" | "ref" => Act::Refresh,
            "update" | "up" | "patch" => Act::Upgrade,
            "dist-upgrade" | "dup" => Act::Release,
            "remove" | "rm" => Act::Remove,
            "clean" | "cc" => Act::Clean,
            _ => Act::Other,
        },
        Manager::Pip => match verb {
            "install" => Act::Install,
            "uninstall" => Act::Remove,
            "cache" if next == Some("purge") => Act::Clean,
            _ => Act::Other,
        },
        Manager::Npm => match verb {
            "install" | "i" | "in" | "ins" | "inst" | "isntall" | "add" if !is_bare => Act::Install,
            "install" | "i" | "in" | "ins" | "inst" | "isntall" | "add" | "ci"
            | "clean-install" | "ic" | "install-clean" => Act::Restore,
            "update" | "up" | "upgrade" => Act::Upgrade,
            "uninstall" | "remove" | "rm" | "un" => Act::Remove,
            "cache" if next == Some("clean") || next == Some("clear") => Act::Clean,
            _ => Act::Other,
        },
        Manager::Yarn => match verb {
            "install" => Act::Restore,
            "add" => Act::Install,
            "global" if next == Some("add") => Act::Install,
            "upgrade" | "up" => Act::Upgrade,
            "remove" => Act::Remove,
            "cache" if next == Some("clean") => Act::Clean,
            _ => Act::Other,
        },
        Manager::Gem => match verb {
            "install" | "i" => Act::Install,
            "update" => Act::Upgrade,
            "uninstall" => Act::Remove,
            _ => Act::Other,
        },
        Manager::Pacman => Act::Other,
    }
}

fn rpm(verb: &str, next: Option<&str>) -> Act {
    match verb {
        "install" | "in" | "localinstall" | "reinstall" => Act::Install,
        "groupinstall" | "group-install" => Act::InstallGroup,
        "group" | "groups" | "module" if next == Some("install") => Act::InstallGroup,
        "builddep" | "build-dep" => Act::Source,
        "makecache" | "check-update" => Act::Refresh,
        "update" | "upgrade" | "up" | "update-minimal" | "upgrade-minimal" => Act::Upgrade,
        "distro-sync" | "distribution-synchronization" | "dsync" | "system-upgrade" => Act::Release,
        "remove" | "erase" | "autoremove" => Act::Remove,
        "clean" => Act::Clean,
        _ => Act::Other,
    }
}

/// `pacman -Syu name`: what it does is a flag.
fn pacman(call: &Call) -> Managed<'_> {
    let Parsed { flags, operands } = call.parse(&["b", "dbpath", "r", "root", "config", "ignore"]);
    let has = |name: &str| flags.iter().any(|flag| flag.name == name);
    let act = match () {
        () if has("R") || has("remove") => Act::Remove,
        () if !(has("S") || has("sync")) => Act::Other,
        () if has("c") || has("clean") => Act::Clean,
        () if has("u") || has("sysupgrade") => Act::Upgrade,
        () if !operands.is_empty() => Act::Install,
        () if has("y") || has("refresh") => Act::Refresh,
        () => Act::Other,
    };
    Managed {
        manager: Manager::Pacman,
        act,
        call,
        verb: call.arguments.first().unwrap_or(&NOTHING),
        flags,
        operands,
    }
}

/// In which instruction of each stage a setting of apt is first put into a file below `/etc/apt/apt.conf.d`, with
/// a value for yes or no; what a stage begins with counts from its start.
#[must_use]
pub fn apt_setting(file: &Dockerfile, name: &str, yes: bool) -> Vec<Option<usize>> {
    let name = name.to_ascii_lowercase();
    let mut found: Vec<Option<usize>> = Vec::with_capacity(file.stages.len());
    for stage in &file.stages {
        let inherited = stage.parent.and_then(|parent| found.get(parent).copied());
        if let Some(Some(_)) = inherited {
            found.push(Some(stage.from));
            continue;
        }
        let sets = stage.instructions.clone().find(|index| {
            let Some(instruction) = file.instructions.get(*index) else {
                return false;
            };
            if !matches!(
                instruction.kind,
                Kind::Run(_) | Kind::Copy(_) | Kind::Add(_)
            ) {
                return false;
            }
            let text = instruction.span.of(&file.text).to_ascii_lowercase();
            text.contains("apt.conf") && gives(&text, &name, yes)
        });
        found.push(sets);
    }
    found
}

/// Whether a text gives a setting a value for yes or no: `APT::Install-Recommends "0";`.
fn gives(text: &str, name: &str, yes: bool) -> bool {
    text.match_indices(name).any(|(at, _)| {
        let behind = text
            .get(at.saturating_add(name.len())..)
            .unwrap_or_default();
        let value: String = behind
            .chars()
            .skip_while(|c| c.is_whitespace() || matches!(c, '"' | '\'' | '=' | '\\'))
            .take_while(|c| c.is_alphanumeric())
            .take(8)
            .collect();
        let wanted: &[&str] = if yes {
            &["1", "true", "yes", "on", "with", "enable"]
        } else {
            &["0", "false", "no", "off", "without", "disable"]
        };
        wanted.contains(&value.as_str())
    })
}
