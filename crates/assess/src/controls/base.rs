//! Control 4.2: which base an image has, and whether the policy trusts it.
//!
//! What an image says of its base anybody can write who builds it; its layers nobody can make up. A base whose layers
//! the policy gives is therefore proved, and any other is taken at the image's word, which the reason says.

use plimsoll_image::reference::Reference;
use plimsoll_model::base::TrustedBase;
use plimsoll_model::check::Answer;
use plimsoll_model::facts::ImageFacts;
use plimsoll_model::finding::Evidence;
use plimsoll_model::image_pattern::{ImageName, ImagePattern};
use plimsoll_model::signing::Signatures;
use plimsoll_model::{Digest, Text};

use super::signed::unclear;
use super::{Known, Said};
use crate::signatures::{SignedBase, is_enough};

/// Annotations that name the base (OCI image specification, "Pre-Defined Annotation Keys").
const BASE_NAME: &str = "org.opencontainers.image.base.name";
const BASE_DIGEST: &str = "org.opencontainers.image.base.digest";

/// What an image says of its base.
struct Told<'a> {
    name: &'a str,
    /// Where it says so.
    by: &'static str,
    digest: Option<Digest>,
}

/// What the image says. The manifest's annotations are its own; the builder's note is of the last build; labels come
/// last, for an image inherits those of its base.
fn told<'a>(known: &'a Known<'_>) -> Option<Told<'a>> {
    let facts = known.facts;
    let annotations = &facts.subject.annotations;
    let labels = &facts.config.config.labels;
    let own = |key: &str| annotations.get(key).filter(|value| !value.is_empty());
    let label = |key: &str| labels.get(key).filter(|value| !value.is_empty());
    let digest = |text: Option<&String>| text.and_then(|text| text.parse().ok());
    let note = || known.history.base().map(|name| (name, "history", None));
    let (name, by, beside) = own(BASE_NAME)
        .map(|name| (name.as_str(), BASE_NAME, digest(own(BASE_DIGEST))))
        .or_else(note)
        .or_else(|| {
            let name = label(BASE_NAME)?;
            Some((name.as_str(), BASE_NAME, digest(label(BASE_DIGEST))))
        })?;
    let in_name = name.rsplit_once('@').and_then(|(_, end)| end.parse().ok());
    Some(Told {
        name,
        by,
        digest: in_name.or(beside),
    })
}

/// The base that the image itself names, and its digest, where it tells both.
pub(crate) fn named_base(facts: &ImageFacts) -> Option<(String, Digest)> {
    let annotations = &facts.subject.annotations;
    let labels = &facts.config.config.labels;
    let told = [annotations, labels].into_iter().find_map(|words| {
        let word = |key: &str| words.get(key).filter(|value| !value.is_empty());
        Some((word(BASE_NAME)?, word(BASE_DIGEST)))
    });
    let (name, beside) = told?;
    let in_name = name.rsplit_once('@').and_then(|(_, end)| end.parse().ok());
    let digest = in_name.or_else(|| beside?.parse().ok())?;
    Some((name.clone(), digest))
}

/// Where nobody made a list, whether the base is signed as the policy asks, and is the base at all. `None` where that
/// was not asked.
fn by_signature(known: &Known<'_>, name: &str, base: &SignedBase) -> Option<Said> {
    let held = match &base.signatures {
        Signatures::NotAsked(_) => return None,
        Signatures::Unreachable(why) => return Some(Said::unknown(why.clone())),
        Signatures::Held(held) => held,
    };
    if !known.facts.config.rootfs.diff_ids.starts_with(&base.layers) || base.layers.is_empty() {
        return Some(Said::new(
            Answer::Fail,
            Text::new(
                format!("the image says that its base is `{name}`, and does not have its layers"),
                format!("镜像声明其基础镜像为 `{name}`,但不含该镜像的层"),
            ),
        ));
    }
    Some(if is_enough(held) {
        Said::new(
            Answer::Pass,
            Text::new(
                format!(
                    "its lowest layers are those of `{name}`, which is signed as the policy asks"
                ),
                format!("其最底部的层与 `{name}` 一致,后者已按策略要求签名"),
            ),
        )
    } else if let Some(why) = unclear(held) {
        Said::unknown(why)
    } else {
        Said::new(
            Answer::Fail,
            Text::new(
                format!(
                    "its base `{name}` is not signed as the policy asks; take one that is, or correct the `[[signed-by]]`"
                ),
                format!(
                    "其基础镜像 `{name}` 未按策略要求签名;请改用已签名的镜像或修正 `[[signed-by]]`"
                ),
            ),
        )
    })
}

/// Answers the control.
pub(super) fn answer(known: &Known<'_>) -> Said {
    let told = told(known);
    let mut said = match &told {
        Some(told) if told.name == "scratch" => Said::new(
            Answer::NotApplicable,
            Text::fixed("it is built on no base", "未使用基础镜像"),
        ),
        Some(told) => of_name(known, told),
        None => of_layers(known),
    };
    let evidence = |key: &str, value: &str| Evidence {
        location: None,
        line: None,
        detail: Text::verbatim(format!("{key}: {value}")),
    };
    if let Some(told) = &told {
        said.evidence.push(evidence(told.by, told.name));
        let digest = told.digest.as_ref();
        said.evidence
            .extend(digest.map(|digest| evidence(BASE_DIGEST, digest.as_str())));
    }
    said
}

/// The image names its base.
fn of_name(known: &Known<'_>, told: &Told<'_>) -> Said {
    let name = told.name;
    if known.trusted_bases.is_empty() {
        if let Some(said) = known
            .signed_base
            .and_then(|base| by_signature(known, name, base))
        {
            return said;
        }
        return Said::unknown(Text::new(
            format!(
                "the image says that its base is `{name}`; no list of trusted bases was given, and no signature of it \
                 verified"
            ),
            format!("镜像声明其基础镜像为 `{name}`;未提供可信基础镜像列表,也未验证其签名"),
        ));
    }
    let reference: Reference = match name.parse() {
        Ok(reference) => reference,
        Err(error) => {
            return Said::unknown(Text::new(
                format!("what the image says of its base is no name: {error}"),
                format!("镜像声明的基础镜像名称无效:{error}"),
            ));
        }
    };
    let repository = reference.repository();
    let full = ImageName {
        repository: &repository,
        tag: reference.tag(),
    };
    let rows = known.trusted_bases.rows();
    let rows: Vec<&TrustedBase> = rows.filter(|row| row.names.covers(full)).collect();
    if rows.is_empty() {
        return Said::new(
            Answer::Fail,
            Text::new(
                format!(
                    "the image says that its base is `{name}`, which is none that the policy trusts"
                ),
                format!("镜像声明其基础镜像为 `{name}`,不在策略的可信列表中"),
            ),
        );
    }
    let layers = &known.facts.config.rootfs.diff_ids;
    if let Some(row) = rows.iter().find(|row| row.is_below(layers)) {
        return proved(row);
    }
    let is_open = |row: &&&TrustedBase| row.layers.is_empty() || layers.is_empty();
    let open: Vec<&&TrustedBase> = rows.iter().filter(is_open).collect();
    let Some(first) = open.first() else {
        return Said::new(
            Answer::Fail,
            Text::new(
                format!(
                    "the image says that its base is `{name}`, and does not have the layers that the policy gives for it"
                ),
                format!("镜像声明其基础镜像为 `{name}`,但不含策略为其列出的层"),
            ),
        );
    };
    let is_taken = |row: &&&&TrustedBase| {
        row.layers.is_empty()
            && (row.digests.is_empty()
                || told
                    .digest
                    .as_ref()
                    .is_some_and(|own| row.digests.contains(own)))
    };
    if let Some(row) = open.iter().find(is_taken) {
        return by_word(name, &row.names);
    }
    let of_digests = open.iter().all(|row| row.layers.is_empty());
    not_taken(told, &first.names, of_digests)
}

/// Rows mean the name, and ask for a digest, or for layers that nobody can see; `of_digests` where it is the digest
/// alone.
fn not_taken(told: &Told<'_>, names: &ImagePattern, of_digests: bool) -> Said {
    let name = told.name;
    match &told.digest {
        Some(digest) if of_digests => Said::new(
            Answer::Fail,
            Text::new(
                format!(
                    "the image says that its base is `{name}` with the digest {digest}, which is none that the policy trusts"
                ),
                format!("镜像声明其基础镜像为 `{name}`,摘要为 {digest},不在策略的可信摘要中"),
            ),
        ),
        _ => Said::unknown(Text::new(
            format!(
                "the policy trusts `{names}` by digest or by layers, and nothing tells those of the base `{name}`"
            ),
            format!("策略按摘要或层信任 `{names}`,而没有信息说明基础镜像 `{name}` 的摘要或层"),
        )),
    }
}

/// The image does not name its base, but its layers may.
fn of_layers(known: &Known<'_>) -> Said {
    let layers = &known.facts.config.rootfs.diff_ids;
    let mut rows = known.trusted_bases.rows();
    if let Some(row) = rows.find(|row| row.is_below(layers)) {
        return proved(row);
    }
    let list = if known.trusted_bases.is_empty() {
        Text::fixed(
            "no list of trusted bases was given",
            "未提供可信基础镜像列表",
        )
    } else {
        Text::fixed(
            "its layers are those of no base whose layers the policy gives",
            "其层与策略列出的任何基础镜像都不相符",
        )
    };
    Said::unknown(match &known.facts.os {
        Some(os) => Text::new(
            format!(
                "nothing names the base; its system is {}, and who built it is not known; {}",
                os.release.display(),
                list.en
            ),
            format!(
                "没有信息指明基础镜像;其系统为 {},构建者未知;{}",
                os.release.display(),
                list.zh
            ),
        ),
        None => Text::new(
            format!("nothing names the base; {}", list.en),
            format!("没有信息指明基础镜像;{}", list.zh),
        ),
    })
}

fn proved(row: &TrustedBase) -> Said {
    let (count, names) = (row.layers.len(), &row.names);
    Said::new(
        Answer::Pass,
        Text::new(
            format!("its lowest layers are the {count} of `{names}`, which the policy trusts"),
            format!("其最底部的 {count} 层与策略信任的 `{names}` 一致"),
        ),
    )
}

fn by_word(name: &str, names: &ImagePattern) -> Said {
    Said::new(
        Answer::Pass,
        Text::new(
            format!(
                "the image says that its base is `{name}`, which the policy trusts as `{names}`; its word is all there is"
            ),
            format!("镜像声明其基础镜像为 `{name}`,策略以 `{names}` 信任它;此处仅凭镜像自述"),
        ),
    )
}
