//! `upgrade` of everything in a build.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use super::of;
use crate::commands::Run;
use crate::lint::{Context, Sink};
use crate::packages::{Act, Managed, Manager};
use crate::rules::{Applies, Default, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "package-upgrade",
        aliases: &["DS-0017"],
        title: Text::fixed("all packages upgraded in the build", "构建中升级所有包"),
        why: Text::fixed(
            "What comes out depends on the day of the build, and base and image part ways. A newer base says the same in a digest.",
            "结果取决于构建日期,镜像与基础镜像产生差异。更新的基础镜像可通过摘要明确表达同样的内容。",
        ),
        severity: Severity::Negligible,
        references: &["requirements A 3.2"],
    },
    applies: Applies::History,
    default: Default::On,
    check,
    bad: &[
        "FROM debian:12\nRUN apt-get update && apt-get -y upgrade\n",
        "FROM alpine:3.20\nRUN apk -U upgrade\n",
        "FROM rockylinux:9\nRUN yum -y update && yum clean all\n",
        "FROM fedora:40\nRUN dnf -y distro-sync\n",
        "FROM archlinux\nRUN pacman -Syu --noconfirm\n",
    ],
    good: &[
        "FROM debian:12\nRUN apt-get update && apt-get install -y curl=8\n",
        "FROM rockylinux:9\nRUN yum -y update openssl\n",
        "FROM archlinux\nRUN pacman -S --noconfirm curl\n",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for run in context.runs {
        for manager in [
            Manager::Apt,
            Manager::Apk,
            Manager::Yum,
            Manager::Dnf,
            Manager::Zypper,
            Manager::Pacman,
        ] {
            let all: Vec<Managed<'_>> = of(run, manager).collect();
            let mut brings = all.iter().rev();
            let last = brings.find(|it| matches!(it.verb.text.as_str(), "install" | "upgrade"));
            let last = last.map(|managed| managed.call.span.start);
            for managed in &all {
                if is_upgrade(managed) && managed.operands.is_empty() {
                    report(sink, run, managed, last > Some(managed.call.span.start));
                }
            }
        }
    }
}

fn is_upgrade(managed: &Managed<'_>) -> bool {
    let is_rpm = matches!(managed.manager, Manager::Yum | Manager::Dnf);
    managed.act == Act::Upgrade || is_rpm && managed.act == Act::Release
}

fn report(sink: &mut Sink<'_>, run: &Run<'_>, managed: &Managed<'_>, is_before_install: bool) {
    // For Trivy, `update` is an update of the index here too; it asks that something is installed behind it.
    let verb = managed.verb.text.as_str();
    let program = managed.call.program.as_str();
    let is_update = matches!(program, "yum" | "dnf" | "zypper") && verb == "update"
        || program == "zypper" && verb == "up";
    let is_index = is_update && !run.onbuild && (verb == "up" || !is_before_install);
    let known: &[&str] = if is_index { &["DS-0017"] } else { &[] };
    let what = super::spoken(managed);
    sink.report(
        run.instruction,
        managed.call.name.to(managed.verb.span),
        Text::new(
            format!("`{what}` gives another image on another day"),
            format!("`{what}` 在不同日期会得到不同的镜像"),
        ),
        Text::fixed(
            "name a newer base by its digest and rebuild often; upgrade only the packages that need it",
            "请以摘要指定更新的基础镜像并经常重建;仅升级必要的包",
        ),
    )
    .aliases(known);
}
