//! Files that by their name are made to hold secrets: private keys, credentials of tools, settings of
//! applications.

use plimsoll_analyze::{Analyzer, Executables, File, Interest, Meta, Sink};
use plimsoll_model::Effect;
use plimsoll_model::fact::{FactBody, Secret};
use plimsoll_secrets::{assignments, judge_assignment, scan};

/// `secret/files`.
#[derive(Debug)]
pub struct Files;

static META: Meta = Meta {
    id: "secret/files",
    revision: 1,
    docs: "Reads files that by their name are made to hold secrets (private keys, `.npmrc`, `.netrc`, \
           `.env`, credentials of clouds and registries) and states the secrets in them, without plaintext.",
    interest: Interest {
        paths: &[],
        names: &[
            ".dockercfg",
            ".env",
            ".git-credentials",
            ".netrc",
            ".npmrc",
            ".pgpass",
            ".pypirc",
            ".yarnrc",
            "id_dsa",
            "id_ecdsa",
            "id_ed25519",
            "id_rsa",
            "pip.conf",
        ],
        suffixes: &[".env", ".key", ".pem", ".ppk", ".tfvars"],
        under: &[
            ("", "/.aws/credentials"),
            ("", "/.docker/config.json"),
            ("", "/.kube/config"),
            ("", "/.m2/settings.xml"),
            ("etc/ssh/ssh_host_", "_key"),
        ],
        executables: Executables::Ignored,
    },
    limit: 4 << 20,
    loss: Effect::Note,
};

/// Ends of names of files that are lists of `NAME=value`.
const ASSIGNING: &[&str] = &[
    ".env",
    ".tfvars",
    ".npmrc",
    ".yarnrc",
    ".pypirc",
    "credentials",
    "pip.conf",
];

impl Analyzer for Files {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn analyze(&self, file: &mut File<'_>, sink: &mut Sink<'_>) {
        let Some(bytes) = file.bytes() else { return };
        for found in scan(bytes) {
            sink.fact(FactBody::Secret(Secret {
                rule: found.rule.to_owned(),
                line: found.line,
                preview: found.preview,
                fingerprint: found.fingerprint,
            }));
        }
        let name = file.path.file_name();
        if ASSIGNING.iter().any(|end| name.ends_with(end)) {
            named(&String::from_utf8_lossy(bytes), sink);
        }
    }
}

/// Lines that give a secret by its name. The fingerprint is made of the name alone: a password may be short
/// enough to be guessed from a hash of it.
fn named(text: &str, sink: &mut Sink<'_>) {
    for (idx, line) in text.lines().enumerate() {
        if line.trim_start().starts_with(['#', ';']) || !scan(line.as_bytes()).is_empty() {
            continue;
        }
        // INI files put spaces around the sign.
        let line: String = match line.split_once('=') {
            Some((name, value)) => format!("{}={}", name.trim(), value.trim()),
            None => continue,
        };
        for found in assignments(&line).into_iter().take(1) {
            if judge_assignment(found.name, found.value).is_some() {
                let id = plimsoll_model::Digest::of(found.name.as_bytes());
                sink.fact(FactBody::Secret(Secret {
                    rule: "secret/named-value".to_owned(),
                    line: u32::try_from(idx).unwrap_or(u32::MAX).saturating_add(1),
                    preview: format!("{}=********", found.name),
                    fingerprint: id.hex().get(..16).unwrap_or_default().to_owned(),
                }));
            }
        }
    }
}
