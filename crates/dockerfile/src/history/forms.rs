//! What one step of a history says, whoever wrote it.
//!
//! Sources: Docker's old builder (`builder/dockerfile/dispatchers.go`, `internals.go`), `BuildKit`
//! (`frontend/dockerfile/dockerfile2llb/convert.go`, where `commitToHistory` writes `# buildkit`), buildah
//! (`imagebuildah/stage_executor.go`), kaniko (`pkg/executor/build.go`), and histories of real images.

use super::quoted;

/// A step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Said {
    /// Arguments of the build before the command: `|2 A=b C=d /bin/sh -c …`.
    pub(super) arguments: Vec<String>,
    /// What it says.
    pub(super) form: Form,
}

/// What a step says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Form {
    /// A command and the shell that ran it; `None` where the builder does not write it.
    Run {
        /// The program and its flags: `/bin/sh -c`.
        shell: Option<String>,
        /// What the shell got.
        script: String,
    },
    /// Another instruction.
    Instruction {
        /// Its keyword.
        name: &'static str,
        /// What stands behind it, as the builder prints it.
        rest: String,
    },
    /// No instruction: the name of a tool, a note, or nothing.
    Other(String),
}

impl Said {
    /// Whether it may have made files of a layer.
    pub(super) fn makes_files(&self) -> bool {
        match &self.form {
            Form::Run { .. } => true,
            Form::Instruction { name, .. } => matches!(*name, "COPY" | "ADD"),
            Form::Other(_) => false,
        }
    }
}

const KEYWORDS: [&str; 18] = [
    "ADD",
    "ARG",
    "CMD",
    "COPY",
    "ENTRYPOINT",
    "ENV",
    "EXPOSE",
    "FROM",
    "HEALTHCHECK",
    "LABEL",
    "MAINTAINER",
    "ONBUILD",
    "RUN",
    "SHELL",
    "STOPSIGNAL",
    "USER",
    "VOLUME",
    "WORKDIR",
];

/// Written before what runs nothing.
const NOP: &str = "#(nop)";

/// Reads one step.
pub(super) fn read(text: &str) -> Said {
    let text = text.trim();
    let plain = |form| Said {
        arguments: Vec::new(),
        form,
    };
    if matches!(text, "" | "missing" | "<missing>") {
        return plain(Form::Other(String::new()));
    }
    let (text, by_buildkit) = match text.strip_suffix("# buildkit") {
        Some(rest) => (rest.trim_end(), true),
        None => (text, false),
    };
    let (arguments, text) = match split_arguments(text) {
        Some((arguments, rest)) => (arguments, rest),
        None => (Vec::new(), text),
    };
    if let Some((shell, rest)) = split_shell(text) {
        let rest_trimmed = rest.trim_start();
        let form = match rest_trimmed.strip_prefix(NOP) {
            Some(rest) => {
                instruction(rest.trim()).unwrap_or_else(|| Form::Other(rest.trim().to_owned()))
            }
            None => Form::Run {
                shell: Some(shell.to_owned()),
                script: rest_trimmed.to_owned(),
            },
        };
        return Said { arguments, form };
    }
    // The shell of a `SHELL` instruction may be anything; `#(nop)` behind it is never.
    if let Some((_, rest)) = text.split_once(NOP)
        && let Some(form) = instruction(rest.trim())
    {
        return Said { arguments, form };
    }
    match instruction(text) {
        Some(Form::Instruction { name: "RUN", rest }) => run(&rest, arguments),
        Some(form) if by_buildkit || !matches!(form, Form::Instruction { name: "FROM", .. }) => {
            Said { arguments, form }
        }
        _ if by_buildkit => plain(Form::Run {
            shell: None,
            script: text.to_owned(),
        }),
        _ => plain(Form::Other(text.to_owned())),
    }
}

/// What stands behind `RUN`: arguments, the shell, the script; kaniko and `RUN` with an array have no shell.
fn run(rest: &str, arguments: Vec<String>) -> Said {
    let (arguments, rest) = match split_arguments(rest) {
        Some((more, rest)) => (more, rest),
        None => (arguments, rest),
    };
    let form = match split_shell(rest) {
        Some((shell, script)) => Form::Run {
            shell: Some(shell.to_owned()),
            script: script.trim_start().to_owned(),
        },
        None => Form::Run {
            shell: None,
            script: rest.to_owned(),
        },
    };
    Said { arguments, form }
}

/// The keyword at the beginning, and what stands behind it. Only upper case: builders print it so, and notes of tools
/// begin with words of all kinds.
fn instruction(text: &str) -> Option<Form> {
    let (word, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    let name = KEYWORDS.iter().find(|known| **known == word)?;
    let rest = rest.trim();
    if rest.is_empty() {
        return None;
    }
    let rest = match *name {
        "COPY" | "ADD" => transfer(rest),
        "HEALTHCHECK" => health(rest),
        "EXPOSE" | "VOLUME" => match quoted::list(rest).or_else(|| quoted::words(rest)) {
            Some(words) if !words.is_empty() => words.join(" "),
            _ => rest.to_owned(),
        },
        "SHELL" => match quoted::list(rest).or_else(|| quoted::words(rest)) {
            Some(words) => quoted::json(&words),
            None => rest.to_owned(),
        },
        "CMD" | "ENTRYPOINT" => command(rest),
        _ => rest.to_owned(),
    };
    Some(Form::Instruction { name, rest })
}

/// `COPY file:0123… in /app`, as the old builder and buildah write it: the digest stands for the names. What `BuildKit`
/// writes stays, but for heredocs, whose text it leaves out.
fn transfer(rest: &str) -> String {
    let is_digest = |word: &str| {
        ["file:", "dir:", "multi:"]
            .iter()
            .any(|kind| word.starts_with(kind))
    };
    let flags = rest
        .split_whitespace()
        .take_while(|word| word.starts_with("--"));
    let first = rest.split_whitespace().find(|word| !word.starts_with("--"));
    let placed = rest.rsplit_once(" in ");
    if let Some(((from, to), first)) = placed.zip(first)
        && (is_digest(first)
            || from
                .split_whitespace()
                .all(|word| word.starts_with("--") || is_hex(word)))
    {
        let mut words: Vec<String> = flags.map(str::to_owned).collect();
        let sources = from
            .split_whitespace()
            .filter(|word| !word.starts_with("--"));
        words.extend(sources.map(short));
        words.push(to.trim().to_owned());
        return words.join(" ");
    }
    rest.split(' ')
        .map(|word| match word.strip_prefix("<<") {
            Some(name) => name.trim_start_matches('-').trim_matches(['"', '\'']),
            None => word,
        })
        .collect::<Vec<_>>()
        .join(" ")
}

fn is_hex(word: &str) -> bool {
    word.len() >= 32 && word.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// `file:` and the first digits of a digest, which is enough to tell files apart.
fn short(word: &str) -> String {
    let (kind, digits) = word.split_once(':').unwrap_or(("", word));
    let digits = digits.get(..12).unwrap_or(digits);
    if kind.is_empty() {
        digits.to_owned()
    } else {
        format!("{kind}:{digits}")
    }
}

/// The command of an image: an array, or the text behind the shell that the builder put before it.
fn command(rest: &str) -> String {
    let Some(words) = quoted::list(rest) else {
        return rest.to_owned();
    };
    match words.as_slice() {
        [shell, flag, script] if shell == "/bin/sh" && flag == "-c" && !script.contains('\n') => {
            script.clone()
        }
        _ => quoted::json(&words),
    }
}

/// `&{["CMD-SHELL" "curl -f localhost"] "30s" "3s" "0s" "0s" '\x03'}`: the test, the interval, the timeout, the start
/// period, its interval (since Docker 25), the retries.
fn health(rest: &str) -> String {
    let parsed = rest
        .strip_prefix("&{")
        .and_then(|inner| inner.split_once(']'))
        .and_then(|_| health_list(rest));
    let Some((test, after)) = parsed else {
        return rest.to_owned();
    };
    let mut times = Vec::new();
    let mut left = after.trim_start();
    while let Some((time, more)) = quoted::string(left) {
        times.push(time);
        left = more.trim_start();
    }
    let names = [
        "--interval",
        "--timeout",
        "--start-period",
        "--start-interval",
    ];
    let mut words: Vec<String> = names
        .iter()
        .zip(&times)
        .filter(|(_, time)| !matches!(time.as_str(), "0s" | ""))
        .map(|(name, time)| format!("{name}={time}"))
        .collect();
    if let Some(retries) = retries(left) {
        words.push(format!("--retries={retries}"));
    }
    match test.as_slice() {
        [none] if none == "NONE" => return "NONE".to_owned(),
        [form, script] if form == "CMD-SHELL" && !script.contains('\n') => {
            words.push(format!("CMD {script}"));
        }
        [form, command @ ..] if form == "CMD" => {
            words.push(format!("CMD {}", quoted::json(command)));
        }
        _ => return rest.to_owned(),
    }
    words.join(" ")
}

/// The list in `&{[…] …}`, and what follows it.
fn health_list(rest: &str) -> Option<(Vec<String>, &str)> {
    let mut left = rest.strip_prefix("&{[")?.trim_start();
    let mut test = Vec::new();
    while let Some((word, more)) = quoted::string(left) {
        test.push(word);
        left = more.trim_start_matches([' ', ',']);
    }
    Some((test, left.strip_prefix(']')?))
}

/// Retries as Go prints a number as a character: `'\x03'`, `'\n'` for ten; zero is the default.
fn retries(text: &str) -> Option<u32> {
    let inner = text.trim().strip_suffix('}').unwrap_or(text).trim();
    let inner = inner.strip_prefix('\'')?.strip_suffix('\'')?;
    let number = match inner {
        "\\a" => 7,
        "\\b" => 8,
        "\\t" => 9,
        "\\n" => 10,
        "\\v" => 11,
        "\\f" => 12,
        "\\r" => 13,
        _ => match inner.strip_prefix("\\x") {
            Some(digits) => u32::from_str_radix(digits, 16).ok()?,
            None => u32::from(inner.chars().next()?),
        },
    };
    (number > 0).then_some(number)
}

/// `|2 A=b C=d e /bin/sh -c …`: so many arguments, whose values may have spaces, up to the shell.
fn split_arguments(text: &str) -> Option<(Vec<String>, &str)> {
    let rest = text.strip_prefix('|')?;
    let (count, rest) = rest.split_once(' ')?;
    let count: usize = count.parse().ok()?;
    let at = SHELLS
        .iter()
        .filter_map(|shell| {
            let at = find_word(rest, shell)?;
            Some((at, std::cmp::Reverse(shell.len())))
        })
        .min();
    let (at, _) = at?;
    let (head, tail) = rest.split_at_checked(at)?;
    let mut arguments: Vec<String> = Vec::new();
    for word in head.split(' ').filter(|word| !word.is_empty()) {
        let is_full = arguments.len() >= count;
        match arguments.last_mut() {
            // A word that assigns nothing belongs to the value before it; so does one more than were announced.
            Some(last) if !is_assignment(word) || is_full => {
                last.push(' ');
                last.push_str(word);
            }
            _ => arguments.push(word.to_owned()),
        }
    }
    Some((arguments, tail))
}

fn is_assignment(word: &str) -> bool {
    word.split_once('=').is_some_and(|(name, _)| {
        let mut bytes = name.bytes();
        bytes
            .next()
            .is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'_')
            && bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    })
}

/// Where a shell's command line stands as words of its own.
fn find_word(text: &str, shell: &str) -> Option<usize> {
    let mut places = text.match_indices(shell).map(|(at, _)| at);
    places.find(|at| {
        let before = text.get(..*at).unwrap_or_default();
        let after = text
            .get(at.saturating_add(shell.len())..)
            .unwrap_or_default();
        (before.is_empty() || before.ends_with(' ')) && (after.is_empty() || after.starts_with(' '))
    })
}

/// Command lines of shells that builders write before a script, longer ones first.
const SHELLS: &[&str] = &[
    "/bin/bash -o errexit -o nounset -o pipefail -c",
    "/bin/bash --login -e -o pipefail -c",
    "/bin/bash -exo pipefail -c",
    "/bin/bash -euxo pipefail -c",
    "/bin/bash -euo pipefail -c",
    "/bin/bash -eo pipefail -c",
    "/bin/bash -e -o pipefail -c",
    "/bin/bash -o pipefail -c",
    "/bin/bash -o pipefail -ec",
    "/bin/bash -l -c",
    "/bin/bash -lc",
    "/bin/bash -ec",
    "/bin/bash -c",
    "/usr/bin/bash -o pipefail -c",
    "/usr/bin/bash -c",
    "bash -o pipefail -c",
    "bash -c",
    "/bin/ash -euo pipefail -c",
    "/bin/ash -eo pipefail -c",
    "/bin/ash -o pipefail -c",
    "/bin/ash -c",
    "/bin/sh -o pipefail -c",
    "/bin/sh -euxc",
    "/bin/sh -exc",
    "/bin/sh -ec",
    "/bin/sh -e -c",
    "/bin/sh -c",
    "/bin/dash -c",
    "/bin/zsh -c",
    "sh -c",
    "cmd /S /C",
    "cmd /s /c",
    "powershell -Command",
    "powershell -NoLogo -Command",
    "powershell -NoProfile -Command",
    "pwsh -Command",
    "pwsh -NoLogo -NoProfile -Command",
];

/// The shell's command line at the beginning, and what it got.
fn split_shell(text: &str) -> Option<(&str, &str)> {
    SHELLS.iter().find_map(|shell| {
        let rest = text.strip_prefix(shell)?;
        let ends = rest.is_empty() || rest.starts_with(char::is_whitespace);
        ends.then_some((*shell, rest))
    })
}
