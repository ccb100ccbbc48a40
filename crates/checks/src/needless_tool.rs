//! Tools that a service does not need and an intruder does.

use plimsoll_model::check::Dimension;
use plimsoll_model::facts::{ImageFacts, Presence};
use plimsoll_model::finding::{Evidence, Remedy};
use plimsoll_model::image::SourceKind;
use plimsoll_model::{Severity, Text};

use crate::{Check, Context, Meta, Needs, Outcome, counted};

/// Are there compilers, editors, tools for networks, login services?
#[derive(Debug)]
pub(crate) struct NeedlessTool;

static META: Meta = Meta {
    id: "needless-tool",
    dimension: Dimension::Security,
    title: Text::fixed(
        "tools that production does not need",
        "生产环境不需要的工具",
    ),
    why: Text::fixed(
        "Each tool brings flaws of its own, and whoever breaks in finds at hand what to go on with.",
        "每个工具都会带来自身漏洞,并为入侵者提供现成的手段。",
    ),
    references: &[
        "CIS Docker Benchmark 1.6.0, 4.3",
        "CIS Docker Benchmark 1.6.0, 5.7",
        "requirements A 5.2, typical error 5",
    ],
    severity: Severity::Low,
    needs: Needs::Bill,
};

/// What a tool is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Purpose {
    Login,
    Rights,
    Compiler,
    Debugger,
    Editor,
    Network,
}

impl Purpose {
    fn title(self) -> (&'static str, &'static str) {
        match self {
            Self::Login => ("a login service", "远程登录服务"),
            Self::Rights => ("for other rights", "提权工具"),
            Self::Compiler => ("for compiling", "编译工具"),
            Self::Debugger => ("for debugging", "调试工具"),
            Self::Editor => ("an editor", "编辑器"),
            Self::Network => ("for networks", "网络工具"),
        }
    }

    fn severity(self) -> Severity {
        match self {
            Self::Login | Self::Rights => Severity::Medium,
            _ => Severity::Low,
        }
    }
}

/// Names of packages and of programs. Shells and package managers are not among them: nearly every base has them, and
/// an image without is told by its packages.
const TOOLS: &[(Purpose, &[&str])] = &[
    (
        Purpose::Login,
        &[
            "dropbear",
            "inetutils-telnetd",
            "openssh-server",
            "rsh-server",
            "sshd",
            "telnet-server",
            "telnetd",
            "tigervnc-server",
            "vsftpd",
            "x11vnc",
            "xinetd",
            "xrdp",
        ],
    ),
    (Purpose::Rights, &["doas", "opendoas", "sudo"]),
    (
        Purpose::Compiler,
        &[
            "build-base",
            "build-essential",
            "clang",
            "cmake",
            "g++",
            "gcc",
            "gcc-c++",
            "gfortran",
            "golang-go",
            "make",
            "rustc",
            "tcc",
        ],
    ),
    (Purpose::Debugger, &["gdb", "lldb", "ltrace", "strace"]),
    (
        Purpose::Editor,
        &[
            "emacs",
            "emacs-nox",
            "jed",
            "joe",
            "nano",
            "neovim",
            "nvi",
            "vim",
            "vim-enhanced",
            "vim-minimal",
            "vim-nox",
            "vim-tiny",
        ],
    ),
    (
        Purpose::Network,
        &[
            "arp-scan",
            "ettercap",
            "ftp",
            "hping3",
            "inetutils-telnet",
            "masscan",
            "ncat",
            "netcat",
            "netcat-openbsd",
            "netcat-traditional",
            "nmap",
            "nmap-ncat",
            "socat",
            "tcpdump",
            "telnet",
            "tftp",
            "tnftp",
            "tshark",
            "wireshark",
        ],
    ),
];

impl Check for NeedlessTool {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn run(&self, facts: &ImageFacts, _: &Context<'_>) -> Outcome {
        let packages = facts
            .packages
            .iter()
            .filter(|package| {
                package.fact.is_installed_by_os() && package.presence == Presence::Visible
            })
            .filter_map(|package| {
                let location = package.locations.first().cloned();
                Some((
                    purpose(&package.fact.name)?,
                    package.fact.name.as_str(),
                    location,
                ))
            });
        // What a package brought is told by its name already.
        let programs = facts
            .executables
            .iter()
            .filter(|one| one.owner.is_none() && !one.executable.library)
            .filter_map(|one| {
                let name = one.location.path.file_name();
                Some((purpose(name)?, name, Some(one.location.clone())))
            });
        let found: Vec<_> = packages.chain(programs).collect();
        if found.is_empty() {
            // A bill lists packages; a program without one is seen only in the image.
            if facts.subject.source == SourceKind::Sbom {
                return Outcome::unknown(Text::fixed(
                    "no such tool is among the packages of the bill of materials; programs without a package are not listed there",
                    "物料清单的软件包中没有此类工具;不属于任何软件包的程序不在清单中",
                ));
            }
            return Outcome::pass(Text::fixed(
                "no compiler, editor, debugger, login service or tool for networks",
                "未发现编译器、编辑器、调试器、远程登录服务或网络工具",
            ));
        }
        let severity = found.iter().map(|(purpose, ..)| purpose.severity()).max();
        let mut names: Vec<&str> = found.iter().map(|(_, name, _)| *name).collect();
        names.sort_unstable();
        names.dedup();
        let count = names.len();
        names.truncate(8);
        let list = names.join(", ");
        let evidence = found.iter().map(|(purpose, name, location)| {
            let (en, zh) = purpose.title();
            Evidence {
                location: location.clone(),
                line: None,
                detail: Text::new(format!("{name}: {en}"), format!("{name}:{zh}")),
            }
        });
        Outcome::fail(
            Text::new(
                format!(
                    "{} that a service does not need: {list}",
                    counted(count, "tool", "tools")
                ),
                format!("有 {count} 个服务不需要的工具:{list}"),
            ),
            Remedy::Manual {
                text: Text::fixed(
                    "build in one stage and copy the result into another, and install nothing there that the \
                     service does not start",
                    "采用多阶段构建,仅将产物复制到最终阶段,且不在其中安装服务不会调用的工具",
                ),
            },
        )
        .weighing(severity.unwrap_or(META.severity))
        .with(evidence.collect())
    }
}

/// What a package or program of this name is for. Debian puts the release of a compiler into the names of its packages
/// and programs: `gcc-14`, `x86_64-linux-gnu-gcc-14`; `gcc-14-base` holds no compiler.
fn purpose(name: &str) -> Option<Purpose> {
    let stem = match name.rsplit_once('-') {
        Some((stem, release)) if release.bytes().all(|byte| byte.is_ascii_digit()) => stem,
        _ => name,
    };
    TOOLS
        .iter()
        .find(|(_, names)| names.contains(&stem))
        .map(|(purpose, _)| *purpose)
}

#[cfg(test)]
mod tests {
    use super::*;
    use plimsoll_model::check::Answer;

    #[test]
    fn tools_are_known_by_their_packages() {
        for (name, severity) in [
            ("sudo", Some(Severity::Medium)),
            ("openssh-server", Some(Severity::Medium)),
            ("vim-tiny", Some(Severity::Low)),
            ("gcc-14", Some(Severity::Low)),
            ("gcc-14-base", None),
            ("libgcc-s1", None),
            ("bash", None),
            ("make-dfsg-doc", None),
        ] {
            let mut facts = crate::samples::facts();
            facts.packages = vec![crate::samples::package(name)];
            let outcome = crate::samples::run(&NeedlessTool, &facts);
            assert_eq!(outcome.severity, severity, "{name}");
            assert_eq!(outcome.answer == Answer::Fail, severity.is_some(), "{name}");
        }
    }

    #[test]
    fn lists_are_sorted_for_the_next_reader() {
        for (_, names) in TOOLS {
            assert!(names.is_sorted(), "{names:?}");
        }
    }
}
