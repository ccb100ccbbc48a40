//! How much of the image was understood: the same figures for people and machines.

use plimsoll_model::ImagePath;
use plimsoll_model::coverage::{Judged, Unreadable};
use plimsoll_model::fact::{EvidenceKind, Opaque};
use plimsoll_model::facts::ImageFacts;
use plimsoll_model::text::Language;
use serde_json::{Map, Value, json};

use crate::words::Words;

/// The object `coverage`; `judged` is null where no advisories were asked.
pub(crate) fn value(facts: &ImageFacts, judged: Option<&Judged>) -> Value {
    let coverage = &facts.coverage;
    let opaque: Map<String, Value> = Opaque::ALL
        .iter()
        .map(|kind| (kind.name().to_owned(), paths(coverage.opaque.get(kind))))
        .collect();
    let unreadable: Map<String, Value> = Unreadable::ALL
        .iter()
        .map(|kind| (kind.name().to_owned(), paths(coverage.unreadable.get(kind))))
        .collect();
    json!({
        "entries": coverage.entries,
        "executables": coverage.executables,
        "explained": coverage.explained,
        "unexplained": coverage.unexplained,
        "opaque": opaque,
        "unreadable": unreadable,
        "deletedPackages": coverage.deleted,
        "packages": judged.map(|judged| json!({
            "judged": judged.judged,
            "owned": judged.owned,
            "blind": judged.blind,
        })),
        "share": {
            "programs": facts.programs_understood(),
            "packages": judged.map(Judged::packages),
        },
    })
}

fn paths<T: serde::Serialize>(list: Option<&Vec<T>>) -> Value {
    list.map_or_else(|| json!([]), |list| json!(list))
}

/// The figures as sentences, one a line.
pub(crate) fn sentences(facts: &ImageFacts, judged: Option<&Judged>, words: Words) -> Vec<String> {
    let coverage = &facts.coverage;
    let en = words.0 == Language::En;
    let mut out = Vec::new();
    let (all, alone) = (coverage.executables, coverage.unexplained.len());
    out.push(match (facts.programs_understood(), alone) {
        (None, _) => words
            .pick(
                "Programs: a bill of materials does not tell which there are.",
                "程序:物料清单不包含程序文件信息。",
            )
            .to_owned(),
        (_, 0) if en => format!("Programs: each of {all} programs and libraries is explained."),
        (_, 0) => format!("程序:{all} 个程序和库均已识别。"),
        (_, 1) if en => format!(
            "Programs: 1 of {all} programs and libraries belongs to no known package; no advisory can speak about it."
        ),
        (_, alone) if en => format!(
            "Programs: {alone} of {all} programs and libraries belong to no known package; no advisory can speak about them."
        ),
        (_, alone) => format!(
            "程序:{all} 个程序和库中有 {alone} 个不属于任何已知软件包,漏洞公告无法覆盖。"
        ),
    });
    let opaque = coverage.opaque.iter().map(|(kind, paths)| {
        let title = kind.title();
        match words.0 {
            Language::En => format!("{} {}", paths.len(), title.en),
            Language::Zh => format!("{} {} 个", title.zh, paths.len()),
        }
    });
    let opaque: Vec<String> = opaque.collect();
    if !opaque.is_empty() {
        let lead = words.pick("Contents unknown: ", "内容未知:");
        out.push(format!("{lead}{}", opaque.join(words.pick(", ", "、"))));
    }
    let unreadable = coverage.unreadable.iter().map(|(kind, paths)| {
        let title = kind.title();
        match words.0 {
            Language::En => format!("{} {}", title.en, paths.len()),
            Language::Zh => format!("{} {} 个", title.zh, paths.len()),
        }
    });
    let unreadable: Vec<String> = unreadable.collect();
    if !unreadable.is_empty() {
        let lead = words.pick("Not read, or not whole: ", "未能完整读取:");
        out.push(format!("{lead}{}", unreadable.join(words.pick(", ", "、"))));
    }
    if coverage.deleted > 0 {
        let deleted = coverage.deleted;
        out.push(if en {
            format!("Deleted: the records of {deleted} OS packages, which a lower layer still has.")
        } else {
            format!("已删除:{deleted} 个系统软件包的记录,低层镜像中仍保留。")
        });
    }
    if let Some(judged) = judged {
        let Judged {
            judged,
            owned,
            blind,
        } = judged;
        out.push(if en {
            format!(
                "Packages: {judged} judged, {owned} through the OS package that installed them, {blind} not judged."
            )
        } else {
            format!("软件包:已判断 {judged} 个,由所属系统软件包判断 {owned} 个,无法判断 {blind} 个。")
        });
    }
    out.extend(files(facts, words));
    out
}

/// How many packages are only there as files, if any are.
fn files(facts: &ImageFacts, words: Words) -> Option<String> {
    let packages = facts.packages.iter();
    let files = packages.filter(|one| one.fact.evidence == EvidenceKind::Archived);
    let count = files.count();
    let verb = if count == 1 { "is" } else { "are" };
    (count > 0).then(|| match words.0 {
        Language::En => format!(
            "Package files: {count} that {verb} not installed, and so listed and not judged."
        ),
        Language::Zh => format!("软件包文件:{count} 个未安装,仅列出而不作判断。"),
    })
}

/// Programs that are not understood, each with the reason, sorted by path.
pub(crate) fn dark(facts: &ImageFacts, words: Words) -> Vec<(&ImagePath, String)> {
    let coverage = &facts.coverage;
    let alone = words.pick("belongs to no known package", "不属于任何已知软件包");
    let mut out: Vec<(&ImagePath, String)> = Vec::new();
    for (kind, paths) in &coverage.opaque {
        out.extend(
            paths
                .iter()
                .map(|path| (path, kind.title().get(words.0).to_owned())),
        );
    }
    out.sort_by(|a, b| a.0.cmp(b.0));
    let told = |path: &ImagePath| {
        out.binary_search_by(|(known, _)| (*known).cmp(path))
            .is_ok()
    };
    let rest: Vec<_> = coverage
        .unexplained
        .iter()
        .filter(|path| !told(path))
        .map(|path| (path, alone.to_owned()))
        .collect();
    out.extend(rest);
    out.sort_by(|a, b| a.0.cmp(b.0));
    out
}
