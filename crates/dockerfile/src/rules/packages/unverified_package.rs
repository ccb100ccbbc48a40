//! Packages whose signatures are not asked for.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use crate::ast::{Instruction, Kind};
use crate::commands::{Call, Run};
use crate::lint::{Context, Sink};
use crate::packages::{Managed, Manager, managed};
use crate::rules::{Applies, Default, Rule};
use crate::span::Span;

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "unverified-package",
        aliases: &[],
        title: Text::fixed(
            "packages installed without verification",
            "安装未经验证的软件包",
        ),
        why: Text::fixed(
            "Whoever can change what is downloaded, on a mirror or on the way, decides what runs in the image.",
            "任何能在镜像站或传输途中篡改下载内容的人,都能决定镜像中运行的内容。",
        ),
        severity: Severity::High,
        references: &["CIS Docker Benchmark 1.6.0, 4.11"],
    },
    applies: Applies::History,
    default: Default::On,
    check,
    bad: &[
        "FROM debian:12\nRUN apt-get install -y --allow-unauthenticated curl=8\n",
        "FROM debian:12\nRUN echo \"deb [arch=amd64 trusted=yes] https://example.org/ x main\" > /etc/apt/sources.list.d/x.list\n",
        "FROM rockylinux:8\nRUN yum -y --nogpgcheck install curl-8 && yum clean all\n",
        "FROM rockylinux:8\nRUN <<EOF\ncat > /etc/yum.repos.d/x.repo <<E\n[x]\ngpgcheck=0\nE\nEOF\n",
        "FROM rockylinux:8\nCOPY <<EOF /etc/yum.repos.d/x.repo\n[x]\ngpgcheck = 0\nEOF\n",
        "FROM opensuse/leap:15.6\nRUN zypper --no-gpg-checks -n in curl=8\n",
        "FROM alpine:3.20\nRUN apk add --no-cache --allow-untrusted ./x.apk\n",
        "FROM python:3.12\nRUN pip install --trusted-host example.org -r r.txt\n",
        "FROM node:20\nRUN npm config set strict-ssl false\n",
        "FROM debian:12\nRUN apt-get -o APT::Get::AllowUnauthenticated=true install -y curl=8\n",
    ],
    good: &[
        "FROM debian:12\nRUN apt-get install -y curl=8 && echo \"deb [signed-by=/k.gpg] https://example.org/ x main\" > /etc/apt/sources.list.d/x.list\n",
        "FROM rockylinux:8\nRUN yum -y install curl-8 --setopt=gpgcheck=1 && yum clean all\n",
        "FROM node:20\nRUN npm config set strict-ssl true\n",
        "FROM alpine:3.20\nRUN apk add --no-cache curl=8\n",
        "FROM debian:12\nRUN true # gpgcheck=0 is wrong\n",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for run in context.runs {
        for call in &run.calls {
            look(run, call, sink);
        }
    }
    for placed in context.file.walk() {
        let instruction = placed.instruction;
        if matches!(
            instruction.kind,
            Kind::Copy(_) | Kind::Add(_) | Kind::Run(_)
        ) {
            for heredoc in &instruction.heredocs {
                texts(&context.file.text, heredoc.body, instruction, sink);
            }
        }
    }
}

fn report(sink: &mut Sink<'_>, instruction: &Instruction, span: Span, what: &str) {
    let what: String = what.chars().take(60).collect();
    sink.report(
        instruction,
        span,
        Text::new(
            format!(
                "`{what}` takes packages from whoever answers, without a proof of who made them"
            ),
            format!("`{what}` 会接受任何来源的软件包,不验证其发布者"),
        ),
        Text::fixed(
            "take it away, and install the key or the certificate of the source instead",
            "请将其移除,改为安装来源的密钥或证书",
        ),
    );
}

fn look(run: &Run<'_>, call: &Call, sink: &mut Sink<'_>) {
    let instruction = run.instruction;
    let words = call.arguments.iter();
    match call.program.as_str() {
        "echo" | "printf" | "sed" | "tee" => {
            for word in words.filter(|word| is_unverified(&word.text)) {
                report(sink, instruction, word.span, named(&word.text));
            }
        }
        "rpm" => {
            for word in words {
                if matches!(
                    word.text.as_str(),
                    "--nosignature" | "--nogpg" | "--nodigest"
                ) {
                    report(sink, instruction, word.span, &word.text);
                }
            }
        }
        "yum-config-manager" => {
            for word in words.filter(|word| is_unverified(&word.text)) {
                report(sink, instruction, word.span, &word.text);
            }
        }
        "git" => {
            let pairs = call.arguments.windows(2);
            for pair in pairs {
                if let [name, value] = pair {
                    let both = format!("{}={}", name.text, value.text).to_ascii_lowercase();
                    let alone = value.text.eq_ignore_ascii_case("http.sslVerify=false");
                    if alone || both == "http.sslverify=false" {
                        report(sink, instruction, value.span, "http.sslVerify false");
                    }
                }
            }
        }
        _ => {
            if let Some(managed) = managed(call) {
                flags(run, &managed, sink);
            }
        }
    }
}

fn flags(run: &Run<'_>, managed: &Managed<'_>, sink: &mut Sink<'_>) {
    let names: &[&str] = match managed.manager {
        Manager::Apt => &[
            "allow-unauthenticated",
            "force-yes",
            "allow-insecure-repositories",
        ],
        Manager::Yum | Manager::Dnf => &["nogpgcheck", "no-gpgchecks"],
        Manager::Zypper => &[
            "no-gpg-checks",
            "allow-unsigned-rpm",
            "no-gpgcheck",
            "gpgcheck-allow-unsigned",
        ],
        Manager::Apk => &["allow-untrusted"],
        Manager::Pip => &["trusted-host", "allow-insecure-host"],
        Manager::Npm => &["no-strict-ssl"],
        Manager::Yarn | Manager::Gem | Manager::Pacman => &[],
    };
    for flag in &managed.flags {
        let value = flag.value.unwrap_or_default();
        let is_off = names.contains(&flag.name)
            || flag.name == "strict-ssl" && value == "false"
            || flag.name == "setopt" && is_unverified(value)
            || matches!(flag.name, "o" | "option") && lets_in(value);
        if is_off {
            let shown = if value.is_empty() {
                flag.argument.text.clone()
            } else {
                format!(
                    "{} {value}",
                    flag.argument.text.split('=').next().unwrap_or_default()
                )
            };
            report(sink, run.instruction, flag.argument.span, &shown);
        }
    }
    if !matches!(managed.manager, Manager::Npm | Manager::Yarn) {
        return;
    }
    // `npm config set strict-ssl false`, `npm set strict-ssl=false`
    let words: Vec<&str> = managed
        .operands
        .iter()
        .map(|word| word.text.as_str())
        .collect();
    let sets = matches!(managed.verb.text.as_str(), "set" | "config" | "c");
    let is_off =
        words.ends_with(&["strict-ssl", "false"]) || words.ends_with(&["strict-ssl=false"]);
    if let (true, true, Some(last)) = (sets, is_off, managed.operands.last()) {
        report(sink, run.instruction, last.span, "strict-ssl false");
    }
}

/// Settings of apt that let packages in without a signature (apt-get(8), apt-secure(8)).
fn lets_in(option: &str) -> bool {
    let Some((name, value)) = option.split_once('=') else {
        return false;
    };
    let name = name.to_ascii_lowercase();
    let is_one = matches!(
        name.as_str(),
        "apt::get::allowunauthenticated"
            | "acquire::allowinsecurerepositories"
            | "acquire::allowweakrepositories"
    );
    is_one && matches!(value, "1" | "true" | "yes" | "on")
        || name == "acquire::https::verify-peer" && matches!(value, "0" | "false" | "no" | "off")
}

/// Whether a line of a list of sources switches signatures off (sources.list(5), yum.conf(5)).
fn is_unverified(line: &str) -> bool {
    let squeezed = || {
        line.chars()
            .filter(|c| !matches!(c, ' ' | '\t' | '"' | '\\'))
    };
    let has = |wanted: &str| {
        line.contains(wanted.split('=').next().unwrap_or_default())
            && squeezed().collect::<String>().contains(wanted)
    };
    line.contains('[') && has("trusted=yes") || has("gpgcheck=0")
}

fn named(text: &str) -> &'static str {
    if text.contains("gpgcheck") {
        "gpgcheck=0"
    } else {
        "trusted=yes"
    }
}

/// Looks at each line of a heredoc.
fn texts(text: &str, body: Span, instruction: &Instruction, sink: &mut Sink<'_>) {
    let mut start = body.start;
    for line in body.of(text).split_inclusive('\n') {
        let written = line.trim();
        let is_comment = written.starts_with('#');
        // What `echo` writes has been seen as its argument.
        let is_echo =
            written.contains("echo ") || written.contains("printf ") || written.contains("sed ");
        if !is_comment && !is_echo && line.len() < 4096 && is_unverified(written) {
            let indent = line.len().saturating_sub(line.trim_start().len());
            let at = start.saturating_add(indent);
            let span = Span::new(at, at.saturating_add(written.len()));
            report(sink, instruction, span, named(written));
        }
        start = start.saturating_add(line.len());
    }
}
