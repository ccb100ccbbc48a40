//! What the policy demands in rows of its own: signatures, and trusted bases.
//!
//! Controls of a benchmark inform and do not decide. Who writes down whose signature an image must have, or which bases
//! it may have, has decided, and the answer to that very question counts.

use plimsoll_model::Text;
use plimsoll_model::assessment::Assessment;
use plimsoll_model::check::Answer;
use plimsoll_model::control::ControlResult;
use plimsoll_model::image_pattern::ImageName;

use crate::file::Policy;

/// What an answer that is not what was demanded leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Weight {
    /// It speaks against the image.
    Against,
    /// Without it nothing can be said.
    Blind,
    /// It is a condition.
    Condition,
}

/// A demand that is not met.
#[derive(Debug)]
pub(crate) struct Unmet {
    /// The rule under which somebody may answer for it: the key of the policy file.
    pub(crate) rule: &'static str,
    pub(crate) weight: Weight,
    pub(crate) reason: Text,
}

/// A kind of rows, and the control that answers them.
struct Demand {
    rule: &'static str,
    control: &'static str,
    /// What it means that there is no answer. A signature can always be looked for. What an image is built on few
    /// images tell, so that a list of bases would leave nearly every verdict open.
    unknown: Weight,
}

const SIGNED: Demand = Demand {
    rule: "signed-by",
    control: "4.5",
    unknown: Weight::Blind,
};
const BASE: Demand = Demand {
    rule: "trusted-base",
    control: "4.2",
    unknown: Weight::Condition,
};

/// The demands of the policy that the image does not meet.
pub(crate) fn unmet(policy: &Policy, assessment: &Assessment) -> Vec<Unmet> {
    let image = &assessment.facts.subject;
    let mut demands = Vec::new();
    match &image.repository {
        Some(repository) => {
            let name = ImageName {
                repository,
                tag: image.tag.as_deref(),
            };
            if policy.signed_by.about(name).next().is_some() {
                demands.push(SIGNED);
            }
        }
        // Whether a row means it, nothing tells.
        None if !policy.signed_by.rows.is_empty() => demands.push(Demand {
            unknown: Weight::Condition,
            ..SIGNED
        }),
        None => {}
    }
    if !policy.trusted_bases.is_empty() {
        demands.push(BASE);
    }
    let found = demands.iter().filter_map(|demand| {
        let mut controls = assessment.controls.iter();
        demand.held(controls.find(|control| control.id == demand.control))
    });
    found.collect()
}

impl Demand {
    fn held(&self, control: Option<&ControlResult>) -> Option<Unmet> {
        let (weight, reason) = match control.map(|control| (control.answer, &control.reason)) {
            Some((Answer::Pass | Answer::NotApplicable, _)) => return None,
            Some((Answer::Fail, reason)) => (Weight::Against, reason.clone()),
            Some((Answer::Unknown, reason)) => (self.unknown, reason.clone()),
            None => (
                self.unknown,
                Text::fixed("nobody looked for it", "未进行检查"),
            ),
        };
        let rule = self.rule;
        Some(Unmet {
            rule,
            weight,
            reason: Text::new(
                format!("{rule}: {}", reason.en),
                format!("{rule}:{}", reason.zh),
            ),
        })
    }
}
