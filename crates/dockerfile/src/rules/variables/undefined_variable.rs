//! A variable that is not declared where it is used.

use std::collections::HashMap;

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use crate::Span;
use crate::ast::{Dockerfile, Instruction, Kind, Placed, Token};
use crate::lint::{Context, Sink};
use crate::rules::{Applies, Default, Rule};
use crate::variables::{Use, Value};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "undefined-variable",
        aliases: &["UndefinedVar"],
        title: Text::fixed("variable that is not declared here", "变量在此处未声明"),
        why: Text::fixed(
            "A variable that nothing has declared is empty, and the build goes on with half a path.",
            "未声明的变量为空,构建会带着残缺的路径继续进行。",
        ),
        severity: Severity::Medium,
        references: &[
            "Dockerfile reference, Environment replacement",
            "BuildKit, build checks",
        ],
    },
    applies: Applies::BuildFile,
    default: Default::On,
    check,
    bad: &[
        "ARG DIR=/srv\nFROM debian:12\nWORKDIR $DIR\n",
        "FROM debian:12\nCOPY app ${TARGET}/\nARG TARGET=/srv\n",
        "FROM debian:12\nENV APP_VERSION=1\nLABEL version=$APP_VERSOIN\n",
        "FROM scratch\nENV A=$SOMETHING\n",
    ],
    good: &[
        "FROM debian:12\nARG DIR=/srv\nWORKDIR $DIR\n",
        "FROM python:3.12\nENV PATH=$JAVA_HOME/bin:$PATH\n",
        "ARG NODE_VERSION=22\nFROM node:${NODE_VERSION}\nLABEL node=$NODE_VERSION\n",
        "FROM scratch\nENV A=${SOMETHING:-x} PATH=$PATH\n",
        "FROM debian:12 AS base\nENV A=1\nFROM base\nENV B=$A\n",
        "FROM debian:12\nENV A='$B' C=\\$D\n",
    ],
};

/// Of more undefined variables than these, nothing is asked.
const MAX_USES: usize = 10_000;

/// With how many names one is compared.
const MAX_NAMES: usize = 1000;

/// Why it is sure that nothing has declared it, although nobody has looked into the base image.
enum Sure<'a> {
    /// It is declared before the first `FROM` only.
    Global,
    /// It is declared further down.
    Later,
    /// Another name is almost the same.
    Like(&'a str),
    /// There is no base image.
    Scratch,
}

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let file = context.file;
    let names = declared(file);
    let mut seen = 0_usize;
    for placed in file.walk() {
        let Some(stage) = placed.stage else { continue };
        for word in words(placed.instruction) {
            let expanded = file
                .variables
                .expand(placed.stage, placed.index, word, file.escape);
            for used in &expanded.uses {
                if !is_undefined(&placed, used) {
                    continue;
                }
                seen = seen.saturating_add(1);
                if seen > MAX_USES {
                    return;
                }
                let Some(sure) = why(file, &names, stage, placed.index, &used.name) else {
                    continue;
                };
                report(sink, &placed, place(word, used), &used.name, &sure);
            }
        }
    }
}

fn is_undefined(placed: &Placed<'_>, used: &Use) -> bool {
    let has_default = matches!(used.operator.as_deref(), Some(":-" | "-" | ":+" | "+"));
    let name = used.name.as_str();
    let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    // What an `ENV` uses and sets itself is for the rule on that.
    let sets_itself = match &placed.instruction.kind {
        Kind::Env(pairs) => pairs
            .iter()
            .take(MAX_NAMES)
            .any(|pair| pair.name.text == name),
        _ => false,
    };
    used.value == Value::Undeclared && !has_default && is_name && name != "PATH" && !sets_itself
}

/// The words of an instruction in which builders replace variables; `FROM` has rules of its own.
fn words(instruction: &Instruction) -> Vec<&Token> {
    match &instruction.kind {
        Kind::Copy(transfer) | Kind::Add(transfer) => {
            let sources = transfer.sources.iter();
            sources
                .filter(|source| !source.text.starts_with("<<"))
                .chain([&transfer.target])
                .collect()
        }
        Kind::Env(pairs) | Kind::Label(pairs) | Kind::Arg(pairs) => pairs
            .iter()
            .filter_map(|pair| pair.value.as_ref())
            .collect(),
        Kind::Expose(words) | Kind::Volume(words) => words.iter().collect(),
        Kind::User(word) | Kind::Workdir(word) | Kind::Stopsignal(word) => vec![word],
        _ => Vec::new(),
    }
}

/// The names that each stage declares, with their instructions.
type Names<'a> = HashMap<usize, Vec<(usize, &'a str)>>;

fn declared(file: &Dockerfile) -> Names<'_> {
    let mut found = Names::new();
    for placed in file.walk() {
        let (Kind::Env(pairs) | Kind::Arg(pairs)) = &placed.instruction.kind else {
            continue;
        };
        if let Some(stage) = placed.stage {
            let names = pairs
                .iter()
                .map(|pair| (placed.index, pair.name.text.as_str()));
            found.entry(stage).or_default().extend(names);
        }
    }
    found
}

fn why<'a>(
    file: &Dockerfile,
    names: &Names<'a>,
    stage: usize,
    index: usize,
    name: &str,
) -> Option<Sure<'a>> {
    let own = names.get(&stage).map(Vec::as_slice).unwrap_or_default();
    let behind = own.partition_point(|(declared, _)| *declared <= index);
    let mut later = own.get(behind..).unwrap_or_default().iter().take(MAX_NAMES);
    if later.any(|(_, other)| *other == name) {
        return Some(Sure::Later);
    }
    let parent = |stage: &usize| file.stages.get(*stage).and_then(|stage| stage.parent);
    let chain: Vec<usize> = std::iter::successors(Some(stage), parent)
        .take(64)
        .collect();
    let root = chain.last().and_then(|root| file.stages.get(*root));
    let from = root.and_then(|stage| file.instructions.get(stage.from));
    let image = match from.map(|from| &from.kind) {
        Some(Kind::From(from)) => from.image.text.as_str(),
        _ => "",
    };
    if image == "scratch" {
        return Some(Sure::Scratch);
    }
    if file.variables.is_global(name) && !is_versioned(image, name) {
        return Some(Sure::Global);
    }
    let known = chain.iter().filter_map(|stage| names.get(stage)).flatten();
    let mut known = known
        .filter(|(declared, _)| *declared < index)
        .take(MAX_NAMES);
    known
        .find(|(_, other)| is_like(name, other))
        .map(|(_, other)| Sure::Like(other))
}

/// Whether it is the variable in which an image tells its own version: `NODE_VERSION` of `node`.
fn is_versioned(image: &str, name: &str) -> bool {
    let repository = image.rsplit('/').next().unwrap_or_default();
    let repository = repository.split([':', '@', '$']).next().unwrap_or_default();
    let own = format!("{}_VERSION", repository.replace('-', "_"));
    own.eq_ignore_ascii_case(name)
}

/// Whether two names of five letters and more differ by one letter more, less, other, or by two that changed
/// places.
fn is_like(used: &str, declared: &str) -> bool {
    let (used, declared) = (used.as_bytes(), declared.as_bytes());
    let is_short = used.len() < 5 || declared.len() < 5;
    if used == declared || is_short || used.len().abs_diff(declared.len()) > 1 {
        return false;
    }
    let pairs = used.iter().zip(declared);
    let same = pairs.take_while(|(left, right)| left == right).count();
    let left = used.get(same..).unwrap_or_default();
    let right = declared.get(same..).unwrap_or_default();
    // `PYTHON2` and `PYTHON3` are two names.
    let is_letter = |byte: &u8| byte.is_ascii_alphabetic();
    match (left, right) {
        ([one, left @ ..], [two, right @ ..]) if left == right => is_letter(one) && is_letter(two),
        ([one, two, left @ ..], [three, four, right @ ..])
            if one == four && two == three && left == right =>
        {
            true
        }
        ([more, rest @ ..], less) | (less, [more, rest @ ..]) if rest == less => is_letter(more),
        _ => false,
    }
}

/// Where a variable stands in the file; the whole word where a continuation divides it.
fn place(word: &Token, used: &Use) -> Span {
    let is_whole = word.span.end.saturating_sub(word.span.start) == word.text.len();
    if !is_whole {
        return word.span;
    }
    let start = word.span.start;
    Span::new(
        start.saturating_add(used.span.start),
        start.saturating_add(used.span.end),
    )
}

fn report(sink: &mut Sink<'_>, placed: &Placed<'_>, span: Span, name: &str, sure: &Sure<'_>) {
    let (message, suggestion) = match sure {
        Sure::Global => (
            Text::new(
                format!("`{name}` holds before the first `FROM` only and is empty here"),
                format!("`{name}` 只在第一个 `FROM` 之前有效,在此处为空"),
            ),
            Text::new(
                format!("write `ARG {name}` behind the `FROM` of this stage"),
                format!("请在此阶段的 `FROM` 之后写 `ARG {name}`"),
            ),
        ),
        Sure::Later => (
            Text::new(
                format!("`{name}` is declared further down and is empty here"),
                format!("`{name}` 在后面才声明,在此处为空"),
            ),
            Text::fixed("declare it before it is used", "请在使用之前声明"),
        ),
        Sure::Like(other) => (
            Text::new(
                format!("nothing declares `{name}`; there is a `{other}`"),
                format!("没有声明 `{name}`;但有 `{other}`"),
            ),
            Text::new(
                format!("write `${{{other}}}`"),
                format!("请写成 `${{{other}}}`"),
            ),
        ),
        Sure::Scratch => (
            Text::new(
                format!("nothing declares `{name}`, and `scratch` has no variables"),
                format!("没有声明 `{name}`,而 `scratch` 没有任何变量"),
            ),
            Text::new(
                format!("declare it with `ARG {name}` or `ENV {name}=…`"),
                format!("请用 `ARG {name}` 或 `ENV {name}=…` 声明"),
            ),
        ),
    };
    let mut found = sink.report(placed.instruction, span, message, suggestion);
    if placed.onbuild {
        found.aliases(&[]);
    }
}
