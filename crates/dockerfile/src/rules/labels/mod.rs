//! Labels.

mod empty_label;
mod invalid_label_email;
mod invalid_label_git_hash;
mod invalid_label_key;
mod invalid_label_license;
mod invalid_label_time;
mod invalid_label_url;
mod invalid_label_version;
mod missing_label;
mod missing_oci_label;
mod superfluous_label;

use std::collections::BTreeSet;

use plimsoll_model::Text;

use super::Rule;
use crate::ast::{Instruction, Kind, Pair, Placed};
use crate::lint::{Context, LabelKind, Sink};
use crate::variables::Expanded;

/// The rules on labels.
pub static RULES: &[&Rule] = &[
    &empty_label::RULE,
    &invalid_label_email::RULE,
    &invalid_label_git_hash::RULE,
    &invalid_label_key::RULE,
    &invalid_label_license::RULE,
    &invalid_label_time::RULE,
    &invalid_label_url::RULE,
    &invalid_label_version::RULE,
    &missing_label::RULE,
    &missing_oci_label::RULE,
    &superfluous_label::RULE,
];

/// A label where it stands.
struct Label<'a> {
    placed: Placed<'a>,
    pair: &'a Pair,
    /// Its name with variables replaced.
    key: Expanded,
    /// Its value with variables replaced.
    value: Expanded,
}

/// Every label of a file.
fn labels<'a>(context: &Context<'a>) -> impl Iterator<Item = Label<'a>> {
    let file = context.file;
    file.walk().flat_map(move |placed| {
        let pairs = match &placed.instruction.kind {
            Kind::Label(pairs) => pairs.as_slice(),
            _ => &[],
        };
        pairs.iter().map(move |pair| {
            let expand = |token| {
                let variables = &file.variables;
                variables.expand(placed.stage, placed.index, token, file.escape)
            };
            Label {
                placed,
                pair,
                key: expand(&pair.name),
                value: pair.value.as_ref().map(expand).unwrap_or_default(),
            }
        })
    })
}

/// What the labels of one kind have to be.
struct Form {
    kind: LabelKind,
    /// Labels that have this form wherever they are (image specification of OCI, "Annotations").
    known: &'static [&'static str],
    /// hadolint's id, which holds for labels that the settings name and that stand in no `ONBUILD`.
    alias: &'static str,
    is_valid: fn(&str) -> bool,
    /// What it has to be, in both languages, behind "is not".
    name: Text,
    suggestion: Text,
}

/// Reports the labels that have to be of a form and are not.
fn check_form(context: &Context<'_>, sink: &mut Sink<'_>, form: &Form) {
    for label in labels(context) {
        if !label.key.known || !label.value.known {
            continue;
        }
        let key = label.key.text.as_str();
        let is_set = context.settings.labels.get(key) == Some(&form.kind);
        let is_known = form.known.contains(&key) && !context.settings.labels.contains_key(key);
        if !is_set && !is_known || (form.is_valid)(&label.value.text) {
            continue;
        }
        // An empty value of a label that nobody asked for is the owner's way to say that there is none.
        if is_known && label.value.text.is_empty() {
            continue;
        }
        let span = label
            .pair
            .value
            .as_ref()
            .map_or(label.pair.span, |v| v.span);
        let Text { en, zh } = &form.name;
        let mut found = sink.report(
            label.placed.instruction,
            span,
            Text::new(
                format!("the value of label `{key}` is not {en}"),
                format!("标签 `{key}` 的值不是{zh}"),
            ),
            form.suggestion.clone(),
        );
        if !is_set || label.placed.onbuild {
            found.aliases(&[]);
        } else {
            found.aliases(&[form.alias]);
        }
    }
}

/// The `FROM` of the last stage, and the names of the labels that its image gets, those of the stages that it
/// begins with among them.
fn final_labels<'a>(context: &Context<'a>) -> Option<(&'a Instruction, BTreeSet<String>)> {
    let file = context.file;
    let last = file.stages.len().checked_sub(1)?;
    let from = file.instructions.get(file.stages.get(last)?.from)?;
    let mut chain = BTreeSet::new();
    let mut next = Some(last);
    // A stage begins only with one before it, so that this ends.
    while let Some(stage) = next {
        chain.insert(stage);
        next = file.stages.get(stage).and_then(|stage| stage.parent);
    }
    let names = labels(context)
        .filter(|label| {
            let is_of_chain = label
                .placed
                .stage
                .is_some_and(|stage| chain.contains(&stage));
            // What stands behind `ONBUILD` is done in the stages that begin with this one.
            is_of_chain && (!label.placed.onbuild || label.placed.stage != Some(last))
        })
        .map(|label| label.key.text)
        .collect();
    Some((from, names))
}
