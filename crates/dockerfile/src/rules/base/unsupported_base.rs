//! `FROM debian:9`, `FROM node:12`, `FROM python:3.12-buster`.

use plimsoll_model::lifecycle::Lifecycle;
use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use super::images;
use crate::lint::{Context, Sink};
use crate::rules::{Applies, Default, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "unsupported-base",
        aliases: &[],
        title: Text::fixed("base image past its end of life", "基础镜像已停止维护"),
        why: Text::fixed(
            "Nobody repairs new flaws of a release behind its end of life, and most advisories no longer name it.",
            "停止维护的版本不再修复新漏洞,公告也大多不再收录。",
        ),
        severity: Severity::Medium,
        references: &["requirements B, quarterly re-evaluation", "endoflife.date"],
    },
    applies: Applies::BuildFile,
    default: Default::On,
    check,
    bad: &[
        "FROM debian:9\n",
        "FROM debian:stretch-20220125-slim\n",
        "FROM node:12.22.12\n",
        "FROM docker.io/library/node:20-alpine3.10\n",
        "FROM public.ecr.aws/docker/library/python:3.13.1-buster\n",
        "ARG V=7\nFROM centos:centos${V}\n",
        "FROM mcr.microsoft.com/dotnet/sdk:5.0\n",
        "FROM registry.access.redhat.com/ubi7/ubi:7.9\n",
        "FROM eclipse-temurin:16.0.2_7-jdk-focal\n",
        "FROM ubuntu:18.04@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n",
    ],
    good: &[
        "FROM debian:13.1\n",
        "FROM debian:12.5\n",
        "FROM node:22.1.0-bookworm\n",
        "FROM node\n",
        "FROM example.org/node:12\n",
        "FROM example/debian:9\n",
        "ARG V\nFROM debian:$V\n",
        "FROM debian:9999\n",
        "FROM debian:trixie AS debian\nFROM debian\n",
        "FROM python:3.14\n",
        "FROM scratch\n",
    ],
};

/// Where official images are kept, and copies of them under the same names.
const OFFICIAL: &[&str] = &[
    "docker.io/library/",
    "index.docker.io/library/",
    "library/",
    "docker.io/",
    "public.ecr.aws/docker/library/",
    "mirror.gcr.io/library/",
];

/// Images whose name is not the id of what they hold in the table; those that end with `/` are all below.
const NAMES: &[(&str, &str)] = &[
    ("amazonlinux", "amzn"),
    ("mcr.microsoft.com/dotnet/", "dotnet"),
    ("opensuse/leap", "opensuse-leap"),
    ("oraclelinux", "ol"),
    ("quay.io/centos/centos", "centos-stream"),
    ("registry.access.redhat.com/ubi6/", "rhel"),
    ("registry.access.redhat.com/ubi7/", "rhel"),
    ("registry.access.redhat.com/ubi8/", "rhel"),
    ("registry.access.redhat.com/ubi9/", "rhel"),
    ("rockylinux", "rocky"),
    ("rockylinux/rockylinux", "rocky"),
];

/// Names of releases in tags (Debian, `/etc/debian_version` and releases page; Ubuntu, list of releases).
const CODENAMES: &[(&str, &str, &str)] = &[
    ("wheezy", "debian", "7"),
    ("jessie", "debian", "8"),
    ("stretch", "debian", "9"),
    ("buster", "debian", "10"),
    ("bullseye", "debian", "11"),
    ("bookworm", "debian", "12"),
    ("trixie", "debian", "13"),
    ("trusty", "ubuntu", "14.04"),
    ("xenial", "ubuntu", "16.04"),
    ("bionic", "ubuntu", "18.04"),
    ("focal", "ubuntu", "20.04"),
    ("jammy", "ubuntu", "22.04"),
    ("noble", "ubuntu", "24.04"),
    ("mantic", "ubuntu", "23.10"),
    ("oracular", "ubuntu", "24.10"),
    ("plucky", "ubuntu", "25.04"),
    ("questing", "ubuntu", "25.10"),
];

/// What distributions are called in tags, with the version behind.
const SYSTEMS: &[(&str, &str)] = &[
    ("alpine", "alpine"),
    ("al", "amzn"),
    ("centos", "centos"),
    ("fedora", "fedora"),
    ("ol", "ol"),
    ("oraclelinux", "ol"),
    ("stream", "centos-stream"),
    ("ubi", "rhel"),
];

/// Distributions whose extended support is there for everybody and not sold (Debian, "LTS").
const FREE: &[&str] = &["debian"];

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let (dates, today) = (&context.settings.lifecycles, &context.settings.today);
    if dates.is_empty() || today.is_empty() {
        return;
    }
    for base in images(context.file) {
        let Some(tag) = base.tag().filter(|_| base.known) else {
            continue;
        };
        let Some(name) = base.image.split('@').next() else {
            continue;
        };
        let name = name.strip_suffix(tag).unwrap_or(name).trim_end_matches(':');
        let Some(image) = official(name) else {
            continue;
        };
        for (id, version) in held(image, &tag.to_ascii_lowercase()) {
            let Some(row) = find(dates, id, &version) else {
                continue;
            };
            let Some((end, paid)) = ended(row, today) else {
                continue;
            };
            let what = format!("{} {}", row.id, row.cycle);
            let message = match paid {
                None => Text::new(
                    format!("support of {what} ended on {end}"),
                    format!("{what} 已于 {end} 停止维护"),
                ),
                Some(paid) => Text::new(
                    format!("support of {what} ended on {end}, but for those who pay until {paid}"),
                    format!("{what} 已于 {end} 停止维护(付费支持至 {paid})"),
                ),
            };
            sink.report(
                base.placed.instruction,
                base.from.image.span,
                message,
                Text::fixed(
                    "build on a release that is still supported",
                    "请改用仍受支持的版本",
                ),
            );
        }
    }
}

/// The name of an official image, without its registry; or that of one of the others that are known, as it is.
fn official(name: &str) -> Option<&str> {
    let is_named = |name: &str| {
        let mut names = NAMES.iter();
        names.any(|(known, _)| match known.strip_suffix('/') {
            Some(_) => name.starts_with(known),
            None => name == *known,
        })
    };
    let heads = OFFICIAL.iter();
    let bare = heads
        .filter_map(|head| name.strip_prefix(head))
        .min_by_key(|rest| rest.len())
        .unwrap_or(name);
    (!bare.contains('/') || is_named(bare)).then_some(bare)
}

/// What an image of that name holds, by its tag: ids of the table, each with a version.
fn held<'a>(image: &'a str, tag: &str) -> Vec<(&'a str, String)> {
    let mut named = NAMES.iter();
    let named = named
        .find(|(known, _)| image == *known || known.ends_with('/') && image.starts_with(known));
    let mut all = Vec::new();
    for (at, part) in tag.split('-').enumerate() {
        if let Some((_, id, version)) = CODENAMES.iter().find(|(name, ..)| *name == part) {
            all.push((*id, (*version).to_owned()));
            continue;
        }
        let digits = part.find(|c: char| c.is_ascii_digit());
        let (word, version) = part.split_at(digits.unwrap_or(part.len()));
        match (word, named) {
            _ if version.is_empty() => {}
            // Its own version, under its own name where the table has that.
            ("", named) if at == 0 => {
                let id = named.map_or(image, |(_, id)| *id);
                all.push((id, version.to_owned()));
            }
            _ => {
                let system = SYSTEMS.iter().find(|(name, _)| *name == word);
                all.extend(system.map(|(_, id)| (*id, version.to_owned())));
            }
        }
    }
    all
}

/// The row of a release: the longest cycle that its version is or begins with, part by part.
fn find<'a>(dates: &'a [Lifecycle], id: &str, version: &str) -> Option<&'a Lifecycle> {
    let is_of = |cycle: &str| {
        let rest = version.strip_prefix(cycle);
        rest.is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_digit()))
    };
    let rows = dates.iter();
    rows.filter(|row| row.id == id && is_of(&row.cycle))
        .max_by_key(|row| row.cycle.len())
}

/// The day on which the support ended that everybody has, and that until which it is sold. `None` where it has not.
fn ended(row: &Lifecycle, today: &str) -> Option<(String, Option<String>)> {
    let day = |date: jiff::civil::Date| date.to_string();
    let (end, more) = (row.security.map(day), row.extended.map(day));
    let more = more.filter(|more| Some(more) > end.as_ref());
    let (end, paid) = match more {
        Some(more) if FREE.contains(&row.id.as_str()) => (Some(more), None),
        more => (end, more),
    };
    let end = end.filter(|end| end.as_str() <= today)?;
    Some((end, paid.filter(|paid| paid.as_str() > today)))
}
