//! `COPY id_rsa`: secrets among the files of the build.

use plimsoll_model::lint::LintRule;
use plimsoll_model::{Severity, Text};

use super::{transfers, value};
use crate::lint::{Context, Sink};
use crate::rules::{Applies, Default, Rule};

pub(super) static RULE: Rule = Rule {
    meta: LintRule {
        id: "secret-file",
        aliases: &["CIS-DI-0010"],
        title: Text::fixed(
            "file with secrets copied into the image",
            "将含密钥的文件复制进镜像",
        ),
        why: Text::fixed(
            "Whoever can pull the image can read it, in its layer also after a later `RUN rm`.",
            "能拉取镜像的人就能读取它;即使之后用 `RUN rm` 删除,仍保留在镜像层中。",
        ),
        severity: Severity::High,
        references: &[
            "requirements A 5.2, COPY private.key",
            "CIS Docker Benchmark 1.6.0, 4.10",
        ],
    },
    applies: Applies::BuildFile,
    default: Default::On,
    check,
    bad: &[
        "FROM debian:12.5\nCOPY private.key /etc/app/\n",
        "FROM debian:12.5\nADD ssh/id_rsa /root/.ssh/id_rsa\n",
        "FROM debian:12.5\nCOPY app .env.production /app/\n",
        "FROM debian:12.5\nCOPY [\"tls/server-key.pem\", \"/tls/\"]\n",
        "FROM debian:12.5\nCOPY creds /root/.aws/credentials\n",
        "FROM debian:12.5\nCOPY .git /app/.git\n",
        "FROM debian:12.5\nCOPY tls/*.pem /tls/\n",
    ],
    good: &[
        "FROM debian:12.5\nCOPY id_rsa.pub /root/.ssh/authorized_keys\n",
        "FROM debian:12.5\nCOPY .env.example /app/\n",
        "FROM debian:12.5\nCOPY .env.example /app/.env\n",
        "FROM debian:12.5\nCOPY known_hosts /root/.ssh/\n",
        "FROM debian:12.5\nCOPY ca.pem fullchain.pem server-cert.pem /tls/\n",
        "FROM debian:12.5 AS a\nFROM debian:12.5\nCOPY --from=a /.env /app/\n",
        "FROM debian:12.5\nCOPY --from=example.org/keys:1 /repo.key /usr/share/keyrings/\n",
        "FROM debian:12.5\nCOPY .gitignore .github environment /app/\n",
        "FROM debian:12.5\nCOPY nginx.key.asc /usr/share/keyrings/\n",
    ],
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let file = context.file;
    for (placed, transfer, _) in transfers(file) {
        // What another stage made is a matter of that stage.
        if placed.instruction.flag("from").is_some() {
            continue;
        }
        let sources = transfer
            .sources
            .iter()
            .filter(|word| !word.text.starts_with("<<"));
        let is_sample = transfer.sources.iter().any(|word| is_sample(&word.text));
        // A directory that is copied into is no secret, and a sample stays one under another name.
        let target = Some(&transfer.target).filter(|word| !is_sample && !is_directory(&word.text));
        for word in sources.chain(target) {
            let (path, _) = value(file, &placed, word);
            let Some((what, severity)) = secret(&path) else {
                continue;
            };
            sink.report(
                placed.instruction,
                word.span,
                Text::new(
                    format!("`{path}` looks like {}", what.en),
                    format!("`{path}` 看起来是{}", what.zh),
                ),
                Text::fixed(
                    "leave it out with `.dockerignore`; give it to a step with `RUN --mount=type=secret`, or to the \
                     program when it is run",
                    "请用 `.dockerignore` 排除;构建步骤需要时用 `RUN --mount=type=secret`,程序需要时在运行时提供",
                ),
            )
            .severity(severity);
            break;
        }
    }
}

/// Names of private keys.
const KEYS: [&str; 7] = [
    "id_rsa",
    "id_dsa",
    "id_ecdsa",
    "id_ed25519",
    "id_ecdsa_sk",
    "id_ed25519_sk",
    "ssh_host_rsa_key",
];

/// Names of files with credentials.
const CREDENTIALS: [&str; 21] = [
    ".pypirc",
    ".netrc",
    "_netrc",
    ".pgpass",
    ".my.cnf",
    ".htpasswd",
    ".git-credentials",
    ".dockercfg",
    ".vault-token",
    ".terraformrc",
    "credentials.json",
    "secrets.json",
    "secrets.yml",
    "secrets.yaml",
    "kubeconfig",
    ".kubeconfig",
    ".s3cfg",
    ".boto",
    "master.key",
    "wallet.dat",
    ".pulumi-credentials",
];

/// Directories of keys and credentials.
const DIRECTORIES: [&str; 4] = [".ssh", ".gnupg", ".aws", ".kube"];

/// Where tools keep credentials under names that say nothing.
const PLACES: [&str; 9] = [
    ".aws/credentials",
    ".docker/config.json",
    ".kube/config",
    ".azure/accesstokens.json",
    "gcloud/application_default_credentials.json",
    ".cargo/credentials",
    ".cargo/credentials.toml",
    ".gem/credentials",
    ".config/gh/hosts.yml",
];

/// What a path looks like, by the names that tools give to such files.
fn secret(path: &str) -> Option<(Text, Severity)> {
    let lower = path.replace('\\', "/").to_ascii_lowercase();
    let lower = lower.trim_matches(['"', '\'']).trim_end_matches('/');
    let name = lower.rsplit('/').next().unwrap_or_default();
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    let says_key = name.contains("key") || name.contains("priv");
    let private = Text::fixed("a private key", "私钥");
    let credentials = Text::fixed("credentials", "登录凭据");
    let found = match ending {
        _ if KEYS.contains(&name) => (private, Severity::High),
        "key" | "ppk" | "p12" | "pfx" | "jks" | "keystore" | "kdbx" if !is_public(name) => {
            (private, Severity::High)
        }
        "pem" if says_key && !is_public(name) => (private, Severity::High),
        // `*.pem` takes keys along with certificates.
        "pem" if name.starts_with('*') => (private, Severity::Medium),
        _ if is_environment(name) => {
            let what = Text::fixed("a file of settings with secrets", "含密钥的环境配置文件");
            (what, Severity::High)
        }
        _ if CREDENTIALS.contains(&name) || PLACES.iter().any(|end| lower.ends_with(end)) => {
            (credentials, Severity::High)
        }
        "tfstate" => {
            let what = Text::fixed(
                "a state of Terraform, with every secret in it",
                "包含全部密钥的 Terraform 状态文件",
            );
            (what, Severity::High)
        }
        // It often names a registry only.
        _ if name == ".npmrc" => (credentials, Severity::Medium),
        _ if DIRECTORIES.contains(&name) => (credentials, Severity::Medium),
        _ if name == ".git" => {
            let what = Text::fixed(
                "the history of the source, with what was once in it",
                "源代码历史,含曾经提交的内容",
            );
            (what, Severity::Medium)
        }
        _ => return None,
    };
    Some(found)
}

/// Whether a name says that the key or certificate in it is one for everybody.
fn is_public(name: &str) -> bool {
    [
        "public", ".pub", "pub.", "pubkey", "signing", "archive", "release", "repo", "keyring",
        "gpg", "trusted",
    ]
    .iter()
    .any(|word| name.contains(word))
}

/// `.env`, `.env.production`, but no samples.
fn is_environment(name: &str) -> bool {
    name == ".env" || name.starts_with(".env.") && !is_sample(name)
}

/// Whether a name says that what is in it is an example.
fn is_sample(name: &str) -> bool {
    const SAMPLES: [&str; 7] = [
        "example", "sample", "template", "dist", "defaults", "default", "test",
    ];
    name.rsplit('/')
        .next()
        .unwrap_or_default()
        .split(['.', '-', '_'])
        .any(|part| SAMPLES.contains(&part))
}

/// Whether a target is a directory of secrets, and not one of them.
fn is_directory(path: &str) -> bool {
    let path = path.trim_matches(['"', '\'']);
    let name = path.rsplit('/').next().unwrap_or_default();
    name.is_empty() || DIRECTORIES.contains(&name) || name == ".git"
}
