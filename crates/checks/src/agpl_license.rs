//! AGPL-3.0 among the licences.

use plimsoll_model::check::Dimension;
use plimsoll_model::fact::EvidenceKind;
use plimsoll_model::facts::{ImageFacts, Package};
use plimsoll_model::finding::{Evidence, Remedy};
use plimsoll_model::{Severity, Text};

use crate::{Check, Context, Meta, Needs, Outcome};

/// Is anything under the AGPL-3.0?
#[derive(Debug)]
pub(crate) struct AgplLicense;

static META: Meta = Meta {
    id: "agpl-license",
    dimension: Dimension::Compliance,
    title: Text::fixed("AGPL-3.0 licence", "AGPL-3.0 许可证"),
    why: Text::fixed(
        "Whoever offers a service with AGPL-3.0 software over a network owes its users the source, changes \
         included (section 13).",
        "通过网络提供 AGPL-3.0 软件服务者,须向用户提供包含修改在内的源代码(第 13 条)。",
    ),
    references: &[
        "GNU AGPL version 3, section 13",
        "requirements B 4.1 and vetoes",
    ],
    severity: Severity::High,
    needs: Needs::Bill,
};

impl Check for AgplLicense {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn run(&self, facts: &ImageFacts, _: &Context<'_>) -> Outcome {
        let used: Vec<&Package> = facts.packages.iter().filter(|one| is_in_use(one)).collect();
        let agpl: Vec<&Package> = used
            .iter()
            .copied()
            .filter(|package| package.fact.licenses.iter().any(|l| names_agpl(l)))
            .collect();
        if !agpl.is_empty() {
            let list = agpl
                .iter()
                .map(|p| p.fact.name.as_str())
                .collect::<Vec<_>>()
                .join(", ");
            return Outcome::fail(
                Text::new(
                    format!("under AGPL-3.0: {list}"),
                    format!("使用 AGPL-3.0 许可证:{list}"),
                ),
                Remedy::Manual {
                    text: Text::fixed(
                        "replace the package, buy another licence, or arrange to offer the source",
                        "更换该软件包、购买其他许可,或安排提供源代码",
                    ),
                },
            )
            .with(agpl.into_iter().map(evidence).collect());
        }
        let silent = used
            .iter()
            .filter(|package| package.fact.licenses.is_empty())
            .count();
        if used.is_empty() {
            return Outcome::unknown(Text::fixed(
                "no package was found whose licence could be read",
                "未找到可读取许可证的软件包",
            ));
        }
        if silent > 0 {
            let total = used.len();
            return Outcome::unknown(Text::new(
                format!(
                    "none found, but {silent} of {total} packages state no licence in their record"
                ),
                format!("未发现,但 {total} 个软件包中有 {silent} 个未在其记录中声明许可证"),
            ));
        }
        Outcome::pass(Text::fixed(
            "no package states the AGPL-3.0",
            "没有软件包声明 AGPL-3.0",
        ))
    }
}

/// The AGPL asks something of who lets others use a program over a network (section 13); nobody uses what lies in its
/// package and is not installed.
fn is_in_use(package: &Package) -> bool {
    package.fact.evidence != EvidenceKind::Archived
}

/// Whether a licence statement asks for the AGPL: one that offers something else beside it (`OR`) does not.
fn names_agpl(statement: &str) -> bool {
    let upper = statement.to_ascii_uppercase();
    let is_agpl = |part: &str| part.contains("AGPL") || part.contains("AFFERO");
    upper.split(" OR ").all(is_agpl)
}

fn evidence(package: &Package) -> Evidence {
    Evidence {
        location: package.locations.first().cloned(),
        line: None,
        detail: Text::verbatim(format!(
            "{} {}: {}",
            package.fact.name,
            package.fact.version,
            package.fact.licenses.join(", ")
        )),
    }
}

#[cfg(test)]
mod tests {
    use plimsoll_model::check::Answer;

    use super::*;
    use crate::samples::{facts, run};

    #[test]
    fn a_package_that_is_not_installed_obliges_nobody() {
        let package = |licence: &str, evidence: EvidenceKind| {
            let mut package = crate::samples::package("keel");
            package.fact.licenses = vec![licence.to_owned()];
            package.fact.licenses.retain(|licence| !licence.is_empty());
            package.fact.evidence = evidence;
            package
        };
        let answer = |packages: Vec<Package>| {
            let facts = ImageFacts {
                packages,
                ..facts()
            };
            run(&AgplLicense, &facts).answer
        };
        let (here, file) = (EvidenceKind::Installed, EvidenceKind::Archived);
        let agpl = "AGPL-3.0-only";
        assert_eq!(
            answer(vec![package("MIT", here), package(agpl, here)]),
            Answer::Fail
        );
        assert_eq!(
            answer(vec![package("MIT", here), package(agpl, file)]),
            Answer::Pass
        );
        assert_eq!(
            answer(vec![package("MIT", here), package("", file)]),
            Answer::Pass
        );
        assert_eq!(
            answer(vec![package("MIT", here), package("", here)]),
            Answer::Unknown
        );
        assert_eq!(answer(vec![package("MIT", file)]), Answer::Unknown);
    }

    #[test]
    fn a_choice_is_no_obligation() {
        for (statement, agpl) in [
            ("AGPL-3.0-only", true),
            ("AGPL-3.0-or-later", true),
            ("GNU Affero General Public License v3", true),
            ("MIT OR AGPL-3.0-only", false),
            ("AGPL-3.0-only AND MIT", true),
            ("GPL-3.0-only", false),
        ] {
            assert_eq!(names_agpl(statement), agpl, "{statement}");
        }
    }
}
