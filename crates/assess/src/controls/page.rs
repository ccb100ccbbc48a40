//! What there is to say of a control, whatever the image.

use plimsoll_dockerfile::rules;
use plimsoll_model::Text;
use plimsoll_model::control::{Benchmark, ControlPage, ControlPart, ControlPartKind};

use super::{Control, Part, SECTION_4};

/// The control with that id, with or without `CIS-` before it.
#[must_use]
pub fn controls_named(name: &str) -> Vec<ControlPage> {
    let bare = match name.get(..4) {
        Some(head) if head.eq_ignore_ascii_case("CIS-") => name.get(4..).unwrap_or_default(),
        _ => name,
    };
    let named = SECTION_4.iter().filter(|control| control.id == bare);
    named.map(page).collect()
}

fn page(control: &Control) -> ControlPage {
    ControlPage {
        benchmark: Benchmark::CisDocker160,
        id: control.id,
        title: control.title.clone(),
        asks: control.asks.clone(),
        method: control.method,
        parts: control.parts.iter().map(|part| part.told()).collect(),
    }
}

impl Part {
    fn told(self) -> ControlPart {
        use ControlPartKind::{Check, Facts, Rule};
        let own = |kind, looks_at| ControlPart {
            kind,
            id: None,
            looks_at,
        };
        match self {
            Self::Check(id) => {
                let mut all = plimsoll_checks::ALL.iter().map(|check| check.meta());
                let found = all.find(|meta| meta.id == id);
                ControlPart {
                    kind: Check,
                    id: Some(id),
                    looks_at: found.map_or(Text::fixed("", ""), |meta| meta.title.clone()),
                }
            }
            Self::Rule(id) => {
                let found = rules::all().find(|rule| rule.meta.id == id);
                ControlPart {
                    kind: Rule,
                    id: Some(id),
                    looks_at: found.map_or(Text::fixed("", ""), |rule| rule.meta.title.clone()),
                }
            }
            Self::Addresses => own(
                Facts,
                Text::fixed("whether `ADD` fetches addresses", "`ADD` 是否下载远程地址"),
            ),
            Self::Patches => own(
                Facts,
                Text::fixed(
                    "known flaws with a published fix that the image does not have; unknown with the built-in \
                     watchlist alone, or where something could not be read",
                    "已有修复但镜像未包含的已知漏洞;仅有内置观察清单或有内容无法读取时为未知",
                ),
            ),
            Self::Base => own(
                Facts,
                Text::fixed(
                    "the base that the annotations, the history or the labels name, and the layers below, against \
                     `trusted-base` of the policy; without such a list, the signatures of a base that is told with its \
                     digest, against `signed-by`, and its layers; unknown without either, or where nothing tells the base",
                    "注解、构建历史或标签指明的基础镜像及其层,与策略的 `trusted-base` 对照;没有此列表时,对带有摘要的基础镜像按 `signed-by` 验证其签名并比对其层;两者皆无或无法得知基础镜像时为未知",
                ),
            ),
            Self::ContentTrust => own(
                Facts,
                Text::fixed(
                    "whether the digest is signed as `signed-by` of the policy asks, in the place of \
                     `DOCKER_CONTENT_TRUST`, a setting of whoever pulls that Docker has given up; unknown without \
                     such a row, and where the image was not read from a registry or an OCI layout",
                    "摘要是否按策略的 `signed-by` 签名,以取代 Docker 已放弃的客户端设置 `DOCKER_CONTENT_TRUST`;没有适用项,或镜像并非读自仓库或 OCI 目录时为未知",
                ),
            ),
            Self::Signatures => own(
                Facts,
                Text::fixed(
                    "the signatures and attestations beside the image, each verified against `signed-by` of the \
                     policy; one that was merely seen proves nothing",
                    "随镜像保存的签名与证明,逐一按策略的 `signed-by` 验证;仅发现证明文件并不能作为依据",
                ),
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_control_says_what_it_rests_on() {
        for control in SECTION_4 {
            let page = page(control);
            for name in [control.id.to_owned(), format!("cis-{}", control.id)] {
                assert_eq!(controls_named(&name), std::slice::from_ref(&page), "{name}");
            }
            for part in &page.parts {
                assert!(!part.looks_at.en.is_empty(), "{}", control.id);
                assert_ne!(part.looks_at.en, part.looks_at.zh, "{}", control.id);
            }
            assert!(!page.parts.is_empty(), "{}", control.id);
        }
        for name in ["", "4", "4.0", "4.13", "5.1", "CIS-", "CIS-DI-0006", "é4.1"] {
            assert!(controls_named(name).is_empty(), "{name}");
        }
    }
}
