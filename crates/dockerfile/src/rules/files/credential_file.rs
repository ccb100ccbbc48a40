//! `ENV GOOGLE_APPLICATION_CREDENTIALS=/key.json` beside a `COPY` that puts that file there.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use super::{is_absolute, value};
use crate::ast::{Dockerfile, Kind, Pair, Placed};
use crate::lint::{Context, Sink};
use crate::rules::{Applies, Default, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "credential-file",
        aliases: &["DS-0031", "CIS-DI-0010"],
        title: Text::fixed(
            "credentials that a variable names are copied",
            "变量指向的凭据文件被复制进镜像",
        ),
        why: Text::fixed(
            "The variable tells a program where its credentials are, and the image brings them to whoever pulls it.",
            "该变量告诉程序凭据所在位置,而镜像会把凭据交给任何能拉取它的人。",
        ),
        severity: Severity::High,
        references: &["CIS Docker Benchmark 1.6.0, 4.10", "Trivy DS-0031"],
    },
    applies: Applies::BuildFile,
    default: Default::On,
    check,
    bad: &[
        "FROM debian:12.5\nCOPY key.json /key.json\nENV GOOGLE_APPLICATION_CREDENTIALS=/key.json\n",
        "FROM debian:12.5\nENV GOOGLE_APPLICATION_CREDENTIALS=/app/key.json\nWORKDIR /app\nCOPY . .\n",
        "FROM debian:12.5\nCOPY config /root/.kube/\nENV KUBECONFIG=/root/.kube/config\n",
    ],
    good: &[
        "FROM debian:12.5\nENV GOOGLE_APPLICATION_CREDENTIALS=/run/secrets/key.json\nCOPY . /app/\n",
        "FROM debian:12.5 AS a\nCOPY key.json /key.json\nFROM debian:12.5\nENV GOOGLE_APPLICATION_CREDENTIALS=/key.json\n",
    ],
};

/// Variables that name a file with credentials, and whether Trivy looks for it. Those whose names say `key`,
/// `token` or `credential` by a part are the rules' on variables.
const NAMES: &[(&str, bool)] = &[
    ("GOOGLE_APPLICATION_CREDENTIALS", true),
    ("AWS_CONFIG_FILE", true),
    ("KUBECONFIG", false),
    ("DOCKER_CONFIG", false),
    ("CLOUDSDK_CONFIG", false),
    ("PGPASSFILE", false),
    ("NETRC", false),
    ("NPM_CONFIG_USERCONFIG", false),
    ("BOTO_CONFIG", false),
];

/// How many variables and targets of a stage are looked at, and how long a directory may be.
const MANY: usize = 200;
const LONG: usize = 1024;

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let file = context.file;
    for stage in 0..file.stages.len() {
        let (named, targets) = of_stage(file, stage);
        for Named {
            placed,
            pair,
            path,
            of_trivy,
        } in named
        {
            let is_copied = |target: &String| {
                let target = target.trim_end_matches('/');
                path.strip_prefix(target)
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            };
            if path.is_empty() || path.contains('$') || !targets.iter().any(is_copied) {
                continue;
            }
            let aliases: &[_] = if of_trivy {
                &["DS-0031", "CIS-DI-0010"]
            } else {
                &["CIS-DI-0010"]
            };
            sink.report(
                placed.instruction,
                pair.span,
                Text::new(
                    format!(
                        "`{}` names `{path}`, and a `COPY` of this stage puts that there",
                        pair.name.text
                    ),
                    format!(
                        "`{}` 指向 `{path}`,而本阶段的 `COPY` 会把它放到那里",
                        pair.name.text
                    ),
                ),
                Text::fixed(
                    "give the file to the program when it is run, as a secret or a mounted file",
                    "请在运行时以密钥或挂载文件的方式提供给程序",
                ),
            )
            .aliases(aliases);
        }
    }
}

/// A variable that names a file.
struct Named<'a> {
    placed: Placed<'a>,
    pair: &'a Pair,
    path: String,
    of_trivy: bool,
}

/// The variables of a stage that name files with credentials, and where its files go.
fn of_stage(file: &Dockerfile, stage: usize) -> (Vec<Named<'_>>, Vec<String>) {
    let mut named = Vec::new();
    let mut targets = Vec::new();
    let mut directory = String::from("/");
    for placed in file.walk_stage(stage).filter(|placed| !placed.onbuild) {
        let path = |word| under(&directory, &value(file, &placed, word).0);
        match &placed.instruction.kind {
            Kind::Env(pairs) | Kind::Arg(pairs) => {
                for pair in pairs {
                    let known = NAMES.iter().find(|(name, _)| *name == pair.name.text);
                    if let (Some((_, of_trivy)), Some(word)) = (known, &pair.value)
                        && named.len() < MANY
                    {
                        let (path, of_trivy) = (path(word), *of_trivy);
                        named.push(Named {
                            placed,
                            pair,
                            path,
                            of_trivy,
                        });
                    }
                }
            }
            Kind::Workdir(word) => {
                directory = Some(path(word))
                    .filter(|it| it.len() < LONG)
                    .unwrap_or_default();
            }
            Kind::Copy(transfer) | Kind::Add(transfer) if targets.len() < MANY => {
                targets.push(path(&transfer.target));
            }
            _ => {}
        }
    }
    (named, targets)
}

/// A path from a directory, without dots that say nothing.
fn under(directory: &str, path: &str) -> String {
    if is_absolute(path) {
        return path.to_owned();
    }
    let path = path.trim_start_matches("./");
    let path = if path == "." { "" } else { path };
    format!("{}/{path}", directory.trim_end_matches('/'))
}
