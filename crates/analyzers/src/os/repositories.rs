//! Settings of package managers by which packages are installed without a look at their signatures.
//!
//! Sources: `sources.list(5)` ("trusted", "allow-insecure"), `apt.conf(5)`, `yum.conf(5)` and `dnf.conf(5)`
//! (`gpgcheck`, `repo_gpgcheck`), `zypper(8)`, `pacman.conf(5)` (`SigLevel`), pip's "trusted-host". A repository that is
//! switched off fetches nothing. What is not set is left to the manager and is told by nobody here.

use plimsoll_analyze::{Analyzer, Executables, File, Interest, Meta, Sink};
use plimsoll_model::Effect;
use plimsoll_model::fact::{FactBody, Unverified};

use super::{Extent, Lines, text};

/// Settings of package managers.
#[derive(Debug)]
pub struct Repositories;

static META: Meta = Meta {
    id: "os/repositories",
    revision: 1,
    docs: "Reads the settings of apt, dnf, yum, zypper, pacman and pip and says which of them let packages be \
           installed without being verified.",
    interest: Interest {
        paths: &[
            "etc/apt/apt.conf",
            "etc/apt/sources.list",
            "etc/dnf/dnf.conf",
            "etc/pacman.conf",
            "etc/yum.conf",
            "etc/zypp/zypp.conf",
        ],
        names: &["pip.conf"],
        suffixes: &[],
        under: &[
            ("etc/apt/apt.conf.d/", ""),
            ("etc/apt/sources.list.d/", ".list"),
            ("etc/apt/sources.list.d/", ".sources"),
            ("etc/yum.repos.d/", ".repo"),
            ("etc/zypp/repos.d/", ".repo"),
        ],
        executables: Executables::Ignored,
    },
    limit: 1 << 20,
    loss: Effect::Note,
};

/// Most settings of one file that are told.
const MOST: usize = 64;

impl Analyzer for Repositories {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn analyze(&self, file: &mut File<'_>, sink: &mut Sink<'_>) {
        let path = file.path.as_str();
        let ending = path.rsplit_once('.').map(|(_, ending)| ending);
        let grammar = match (path, ending) {
            ("etc/pacman.conf", _) => Grammar::Pacman,
            _ if file.path.file_name() == "pip.conf" => Grammar::Pip,
            _ if path.starts_with("etc/apt/apt.conf") => Grammar::Apt,
            (_, Some("sources")) => Grammar::Stanzas,
            (_, Some("list")) => Grammar::Lines,
            _ => Grammar::Sections,
        };
        let lines = match read(file) {
            Ok(lines) => lines,
            Err(error) => {
                sink.unreadable(format!("cannot be read: {error}"));
                return;
            }
        };
        let mut found = grammar.parse(&lines);
        found.truncate(MOST);
        for unverified in found {
            sink.fact(FactBody::Unverified(unverified));
        }
    }
}

/// The lines of a file with their numbers; one that is too long for a setting is left out.
fn read(file: &mut File<'_>) -> std::io::Result<Vec<(u32, String)>> {
    let mut kept = Vec::new();
    let mut lines = Lines::of(file);
    while let Some(line) = lines.next()? {
        if line.extent == Extent::Whole {
            kept.push((
                u32::try_from(line.number).unwrap_or(u32::MAX),
                text(line.bytes),
            ));
        }
    }
    Ok(kept)
}

/// How a file is written.
#[derive(Debug, Clone, Copy)]
enum Grammar {
    /// `deb [trusted=yes] …`, one repository in a line.
    Lines,
    /// `Trusted: yes`, a repository in each paragraph.
    Stanzas,
    /// `APT::Get::AllowUnauthenticated "true";`
    Apt,
    /// `gpgcheck=0`, a repository in each section.
    Sections,
    /// `SigLevel = Never`.
    Pacman,
    /// `trusted-host = …`.
    Pip,
}

type Numbered = [(u32, String)];

impl Grammar {
    fn parse(self, lines: &Numbered) -> Vec<Unverified> {
        match self {
            Self::Lines => lines.iter().flat_map(one_line).collect(),
            Self::Stanzas => stanzas(lines),
            Self::Apt => apt(lines),
            Self::Sections => sections(lines),
            Self::Pacman => pacman(lines),
            Self::Pip => pip(lines),
        }
    }
}

fn unverified(line: u32, setting: impl Into<String>) -> Unverified {
    Unverified {
        line,
        setting: setting.into(),
    }
}

/// As apt, yum and dnf read a switch.
fn is_on(value: &str) -> bool {
    ["yes", "true", "with", "on", "enable", "1"]
        .iter()
        .any(|word| value.eq_ignore_ascii_case(word))
}

fn is_off(value: &str) -> bool {
    ["no", "false", "without", "off", "disable", "0"]
        .iter()
        .any(|word| value.eq_ignore_ascii_case(word))
}

/// Options of a repository of apt that switch its signatures off.
const OF_APT: [&str; 2] = ["trusted", "allow-insecure"];

fn one_line((number, line): &(u32, String)) -> Vec<Unverified> {
    let options = line
        .strip_prefix("deb")
        .and_then(|rest| rest.split_once('['))
        .filter(|(kind, _)| kind.trim().is_empty() || kind.trim() == "-src")
        .and_then(|(_, rest)| rest.split_once(']'));
    let Some((options, _)) = options else {
        return Vec::new();
    };
    options
        .split_whitespace()
        .filter_map(|option| option.split_once('='))
        .filter(|(name, value)| {
            is_on(value) && OF_APT.iter().any(|known| name.eq_ignore_ascii_case(known))
        })
        .map(|(name, _)| unverified(*number, format!("{}=yes", name.to_ascii_lowercase())))
        .collect()
}

fn stanzas(lines: &Numbered) -> Vec<Unverified> {
    let mut found = Vec::new();
    for stanza in lines.split(|(_, line)| line.is_empty()) {
        let fields = || {
            let fields = stanza.iter().filter(|(_, line)| !line.starts_with('#'));
            fields.filter_map(|(number, line)| {
                let (name, value) = line.split_once(':')?;
                Some((*number, name.trim().to_ascii_lowercase(), value.trim()))
            })
        };
        if fields().any(|(_, name, value)| name == "enabled" && is_off(value)) {
            continue;
        }
        for (number, name, value) in fields() {
            if OF_APT.contains(&name.as_str()) && is_on(value) {
                found.push(unverified(number, format!("{name}: yes")));
            }
        }
    }
    found
}

/// Settings of apt, and whether their being on or off is what switches signatures off.
const APT_CONF: [(&str, bool); 5] = [
    ("apt::get::allowunauthenticated", true),
    ("acquire::allowinsecurerepositories", true),
    ("acquire::allowdowngradetoinsecurerepositories", true),
    ("acquire::https::verify-peer", false),
    ("apt::authentication::trustcdrom", true),
];

/// `apt.conf(5)`: names with values and a semicolon, in blocks of braces; comments of C++ and of the shell.
fn apt(lines: &Numbered) -> Vec<Unverified> {
    let mut found = Vec::new();
    let mut scopes: Vec<String> = Vec::new();
    let mut words: Vec<String> = Vec::new();
    let mut is_comment = false;
    for (number, line) in lines {
        let mut rest = line.as_str();
        while let Some(first) = rest.chars().next() {
            if is_comment {
                let Some((_, after)) = rest.split_once("*/") else {
                    break;
                };
                is_comment = false;
                rest = after;
                continue;
            }
            if rest.starts_with("//") || first == '#' {
                break;
            }
            if let Some(after) = rest.strip_prefix("/*") {
                is_comment = true;
                rest = after;
                continue;
            }
            let used = match first {
                '{' => {
                    // No real file nests so deep; what is deeper is not followed.
                    let scope = words.pop().filter(|_| scopes.len() < 16);
                    scopes.push(scope.unwrap_or_default());
                    words.clear();
                    1
                }
                '}' => {
                    scopes.pop();
                    words.clear();
                    1
                }
                ';' => {
                    found.extend(
                        setting_of_apt(&scopes, &words).map(|text| unverified(*number, text)),
                    );
                    words.clear();
                    1
                }
                '"' => {
                    let inner = rest.get(1..).unwrap_or_default();
                    let end = inner.find('"').unwrap_or(inner.len());
                    words.push(inner.get(..end).unwrap_or_default().to_owned());
                    end.saturating_add(2)
                }
                _ if first.is_whitespace() => first.len_utf8(),
                _ => {
                    let end = rest.find(|c: char| c.is_whitespace() || "{};\"".contains(c));
                    let end = end.unwrap_or(rest.len());
                    words.push(rest.get(..end).unwrap_or_default().to_owned());
                    end
                }
            };
            rest = rest.get(used.min(rest.len())..).unwrap_or_default();
            words.truncate(4);
        }
    }
    found
}

fn setting_of_apt(scopes: &[String], words: &[String]) -> Option<String> {
    let [name, value] = words else {
        return None;
    };
    let name = scopes
        .iter()
        .chain([name])
        .map(String::as_str)
        .collect::<Vec<_>>()
        .join("::");
    let lower = name.to_ascii_lowercase();
    let (_, bad) = APT_CONF.iter().find(|(known, _)| *known == lower)?;
    let is_bad = if *bad { is_on(value) } else { is_off(value) };
    is_bad.then(|| format!("{name} \"{value}\""))
}

/// Files of yum, dnf and zypper. The signature of the repository's metadata is as good as those of its packages, whose
/// digests it has.
fn sections(lines: &Numbered) -> Vec<Unverified> {
    let mut found = Vec::new();
    let is_head = |line: &String| line.starts_with('[');
    for section in lines.chunk_by(|_, (_, next)| !is_head(next)) {
        let settings = || {
            section.iter().filter_map(|(number, line)| {
                let (name, value) = line.split_once('=')?;
                Some((*number, name.trim(), value.trim()))
            })
        };
        let is = |wanted: &str, test: fn(&str) -> bool| {
            settings().any(|(_, name, value)| name == wanted && test(value))
        };
        if is("enabled", is_off) || is("repo_gpgcheck", is_on) {
            continue;
        }
        for (number, name, value) in settings() {
            if matches!(name, "gpgcheck" | "pkg_gpgcheck") && is_off(value) {
                found.push(unverified(number, format!("{name}={value}")));
            }
        }
    }
    found
}

fn pacman(lines: &Numbered) -> Vec<Unverified> {
    const LAX: [&str; 6] = [
        "Never",
        "PackageNever",
        "Optional",
        "PackageOptional",
        "TrustAll",
        "PackageTrustAll",
    ];
    let settings = lines.iter().filter_map(|(number, line)| {
        let (name, value) = line.split_once('=')?;
        (name.trim() == "SigLevel").then_some((number, value))
    });
    settings
        .flat_map(|(number, value)| {
            let words = value.split_whitespace().filter(|word| LAX.contains(word));
            words.map(|word| unverified(*number, format!("SigLevel = {word}")))
        })
        .collect()
}

fn pip(lines: &Numbered) -> Vec<Unverified> {
    let is_bad = |(_, line): &&(u32, String)| {
        line.split_once('=').is_some_and(|(name, value)| {
            name.trim().replace('_', "-") == "trusted-host" && !value.trim().is_empty()
        })
    };
    let bad = lines.iter().filter(is_bad);
    bad.map(|(number, _)| unverified(*number, "trusted-host"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(grammar: Grammar, text: &str) -> Vec<(u32, String)> {
        let lines: Vec<(u32, String)> = (1..)
            .zip(text.lines().map(|l| l.trim().to_owned()))
            .collect();
        let found = grammar.parse(&lines).into_iter();
        found.map(|one| (one.line, one.setting)).collect()
    }

    fn one(line: u32, setting: &str) -> Vec<(u32, String)> {
        vec![(line, setting.to_owned())]
    }

    #[test]
    fn repositories_of_apt_can_be_trusted_blindly() {
        let of = |text| found(Grammar::Lines, text);
        assert_eq!(
            of("deb [arch=amd64 trusted=yes] http://x /"),
            one(1, "trusted=yes")
        );
        assert_eq!(
            of("deb [signed-by=/k] http://x /\n# deb [trusted=yes] http://x /"),
            []
        );
        assert_eq!(of("deb [trusted=no] http://x /"), []);
        let of = |text| found(Grammar::Stanzas, text);
        let stanza = "Types: deb\nURIs: http://x\nTrusted: yes\n\nTypes: deb\n";
        assert_eq!(of(stanza), one(3, "trusted: yes"));
        assert_eq!(of("Enabled: no\nTrusted: yes\n"), []);
        assert_eq!(of("#Trusted: yes\n"), []);
    }

    #[test]
    fn blocks_of_apt_are_joined_to_names() {
        let of = |text: &str| found(Grammar::Apt, text);
        let setting = "APT::Get::AllowUnauthenticated \"true\"";
        assert_eq!(of(&format!("{setting};")), one(1, setting));
        assert_eq!(
            of("APT {\n Get { // x\n AllowUnauthenticated \"true\"; }; };\n"),
            one(3, setting)
        );
        assert_eq!(of("/* APT::Get::AllowUnauthenticated \"true\"; */"), []);
        assert_eq!(of("APT::Get::AllowUnauthenticated \"false\";"), []);
        assert_eq!(
            of("Acquire::https::Verify-Peer \"false\";"),
            one(1, "Acquire::https::Verify-Peer \"false\"")
        );
        assert_eq!(of(&"{".repeat(100_000)), []);
    }

    #[test]
    fn a_repository_that_is_off_or_has_signed_metadata_is_none() {
        let of = |text| found(Grammar::Sections, text);
        assert_eq!(
            of("[a]\ngpgcheck=0\n[b]\ngpgcheck=1\n"),
            one(2, "gpgcheck=0")
        );
        assert_eq!(of("[a]\nenabled=0\ngpgcheck=0\n"), []);
        assert_eq!(of("[a]\ngpgcheck = no\nrepo_gpgcheck = 1\n"), []);
        assert_eq!(of("[main]\ngpgcheck=False\n"), one(2, "gpgcheck=False"));
    }

    #[test]
    fn pacman_and_pip_have_words_of_their_own() {
        let of = |text| found(Grammar::Pacman, text);
        assert_eq!(
            of("SigLevel = Required DatabaseOptional\nLocalFileSigLevel = Optional"),
            []
        );
        assert_eq!(of("[core]\nSigLevel = Optional TrustAll").len(), 2);
        assert_eq!(
            found(Grammar::Pip, "[global]\ntrusted-host = x"),
            one(2, "trusted-host")
        );
    }
}
