//! `ENV name value` and `LABEL name value`.

use plimsoll_model::lint::{Edit, LintRule};
use plimsoll_model::{Severity, Text};

use crate::ast::{Dockerfile, Kind, Pair};
use crate::lint::{Context, Sink};
use crate::parse::words;
use crate::rules::{Applies, Default, Rule};
use crate::{Span, fix};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "legacy-key-value",
        aliases: &["LegacyKeyValueFormat"],
        title: Text::fixed("name and value without `=`", "名称与值之间没有 `=`"),
        why: Text::fixed(
            "Without `=` the rest of the line is the value, which surprises whoever adds a second name; the form is deprecated.",
            "没有 `=` 时,整行剩余内容都是值,再添加名称时会出错;此写法已被弃用。",
        ),
        severity: Severity::Low,
        references: &["Dockerfile reference, ENV", "BuildKit, build checks"],
    },
    applies: Applies::BuildFile,
    default: Default::On,
    check,
    bad: &[
        "FROM debian:12\nENV A b\n",
        "FROM debian:12\nENV A b c $D\n",
        "FROM debian:12\nENV A \"b c\"\nLABEL org.example x\n",
        "FROM debian:12\nENV A \\\n    b\n",
        "FROM debian:12\nENV A b \\\n  # and\n  c\n",
        "FROM debian:12\nONBUILD ENV A b=c\n",
    ],
    good: &[
        "FROM debian:12\nENV A=b C=\"d e\"\nLABEL org.example=x\n",
        "FROM debian:12\nENV A\n",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let file = context.file;
    for placed in file.walk() {
        let (Kind::Env(pairs) | Kind::Label(pairs)) = &placed.instruction.kind else {
            continue;
        };
        for pair in pairs
            .iter()
            .filter(|pair| pair.is_legacy && pair.value.is_some())
        {
            let name = &pair.name.text;
            let mut found = sink.report(
                placed.instruction,
                pair.span,
                Text::new(
                    format!("there is no `=` between `{name}` and its value"),
                    format!("`{name}` 与其值之间没有 `=`"),
                ),
                Text::new(
                    format!("write `{name}=value`, with quotes where the value has spaces"),
                    format!("请写成 `{name}=值`,值含空格时加引号"),
                ),
            );
            if let Some(edits) = repair(file, pair) {
                found.safe_fix(edits);
            }
            if placed.onbuild {
                found.aliases(&[]);
            }
        }
    }
}

/// An `=`, and quotes where the value is more than one word. `None` where quotes stand in it already, or where a
/// comment stands between.
fn repair(file: &Dockerfile, pair: &Pair) -> Option<Vec<Edit>> {
    let value = pair.value.as_ref()?;
    let between = Span::new(pair.name.span.end, value.span.start);
    if between.of(&file.text).contains('#') || pair.name.text.contains(['"', '\'']) {
        return None;
    }
    if words(&value.text, file.escape).len() <= 1 {
        return Some(vec![fix::replace(between, "=")]);
    }
    if value.text.contains(['"', '\'', file.escape]) {
        return None;
    }
    Some(vec![
        fix::replace(between, "=\""),
        fix::insert(value.span.end, "\""),
    ])
}
