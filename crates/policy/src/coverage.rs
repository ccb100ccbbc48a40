//! Whether enough of the image was understood for a verdict.

use plimsoll_model::Text;
use plimsoll_model::assessment::Assessment;

use crate::file::Policy;

/// The key of the policy file, and the rule under which somebody may answer for a shortfall.
pub(crate) const RULE: &str = "min-coverage";

/// What is understood less than the policy demands: programs, packages, or both.
pub(crate) fn shortfalls(policy: &Policy, assessment: &Assessment) -> Vec<Text> {
    let Some(wanted) = policy.min_coverage else {
        return Vec::new();
    };
    let demanded = percent(wanted);
    let mut out = Vec::new();
    match assessment.facts.programs_understood() {
        None => out.push(Text::new(
            format!(
                "{RULE}: a bill of materials does not tell which programs there are, and {demanded} of them must be understood"
            ),
            format!("{RULE}:物料清单不包含程序文件信息,而策略要求识别其中的 {demanded}"),
        )),
        Some(share) if share < wanted => {
            let coverage = &assessment.facts.coverage;
            let (share, dark, all) = (percent(share), coverage.dark(), coverage.executables);
            out.push(Text::new(
                format!(
                    "{RULE}: {share} of the programs and libraries are understood, less than {demanded}; {dark} of {all} are not"
                ),
                format!(
                    "{RULE}:仅识别 {share} 的程序和库,低于要求的 {demanded};{all} 个中有 {dark} 个未识别"
                ),
            ));
        }
        Some(_) => {}
    }
    let judged = &assessment.judged;
    if judged.packages() < wanted {
        let (share, blind) = (percent(judged.packages()), judged.blind);
        out.push(Text::new(
            format!(
                "{RULE}: {share} of the packages can be judged, less than {demanded}; {blind} cannot"
            ),
            format!("{RULE}:仅可判断 {share} 的软件包,低于要求的 {demanded};{blind} 个无法判断"),
        ));
    }
    out
}

/// A share for people, rounded down so that what is too little never looks like enough.
fn percent(share: f64) -> String {
    format!("{} %", (share * 1000.0).floor() / 10.0)
}
