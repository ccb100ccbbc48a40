//! Signatures of an image, held against whose signatures a policy asks for.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use plimsoll_image::ImageSource;
use plimsoll_image::reference::Reference;
use plimsoll_image::signed::{Beside, SignedDocument};
use plimsoll_model::facts::ImageFacts;
use plimsoll_model::image::{SourceKind, Subject};
use plimsoll_model::image_pattern::{ImageName, ImagePattern};
use plimsoll_model::signing::{
    Enough, Held, KeyText, RuleAnswer, SignatureRule, SignatureRules, Signatures, SignedArtefact,
    SignedOutcome, SignerRule, Wanted,
};
use plimsoll_model::{Digest, Text};
use plimsoll_trust as trust;
use plimsoll_trust::key::{KeyError, PublicKey};
use plimsoll_trust::{Expected, Found, RootError, Signer, TrustedRoot};

use crate::controls::named_base;
use crate::sources::Sources;

/// Largest key or trust root that is read, in bytes.
const LIMIT: u64 = 4 << 20;

/// Whose signatures are asked for, with their keys and trust roots.
#[derive(Debug, Default)]
pub struct Trust {
    rows: Vec<Row>,
    enough: Enough,
}

#[derive(Debug)]
struct Row {
    names: ImagePattern,
    signer: Signer,
    predicate: Option<String>,
}

/// A rule whose key or trust root cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum LoadTrustError {
    /// A file cannot be read.
    #[error("cannot read `{}` of the `signed-by` of `{names}`", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// The rule.
        names: ImagePattern,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// It is no key.
    #[error("the `key` of the `signed-by` of `{names}` cannot be used")]
    Key {
        /// The rule.
        names: ImagePattern,
        /// Why.
        #[source]
        source: KeyError,
    },
    /// It is no trust root.
    #[error("the `trusted-root` of the `signed-by` of `{names}` cannot be used")]
    Root {
        /// The rule.
        names: ImagePattern,
        /// Why.
        #[source]
        source: RootError,
    },
    /// It names nobody who could prove an identity.
    #[error("the `trusted-root` of the `signed-by` of `{names}` names no certificate authority")]
    NoAuthority {
        /// The rule.
        names: ImagePattern,
    },
    /// It is no expression.
    #[error("the `signed-by` of `{names}` has an expression that is none: {reason}")]
    Expression {
        /// The rule.
        names: ImagePattern,
        /// Why.
        reason: String,
    },
}

impl Trust {
    /// Reads the keys and trust roots of the rules; files are looked for from `folder`, that of the policy.
    pub fn load(rules: &SignatureRules, folder: &Path) -> Result<Self, LoadTrustError> {
        let rows = rules.rows.iter().map(|rule| {
            Ok(Row {
                names: rule.names.clone(),
                signer: signer(rule, folder)?,
                predicate: rule.predicate.clone(),
            })
        });
        Ok(Self {
            rows: rows.collect::<Result<_, _>>()?,
            enough: rules.enough,
        })
    }
}

fn signer(rule: &SignatureRule, folder: &Path) -> Result<Signer, LoadTrustError> {
    let names = || rule.names.clone();
    let read = |file: &str| {
        let path = folder.join(file);
        let mut bytes = Vec::new();
        match File::open(&path).and_then(|file| file.take(LIMIT).read_to_end(&mut bytes)) {
            Ok(_) => Ok(bytes),
            Err(source) => Err(LoadTrustError::File {
                path,
                names: names(),
                source,
            }),
        }
    };
    let root = |file: &str| {
        let root = TrustedRoot::parse(&read(file)?).map_err(|source| LoadTrustError::Root {
            names: names(),
            source,
        })?;
        Ok::<_, LoadTrustError>(Arc::new(root))
    };
    let expected = |wanted: &Wanted| match wanted {
        Wanted::Exact(text) => Ok(Expected::Exact(text.clone())),
        Wanted::Form(form) => Expected::form(form).map_err(|reason| LoadTrustError::Expression {
            names: names(),
            reason,
        }),
    };
    match &rule.signer {
        SignerRule::Key { key, trusted_root } => {
            let pem = match key {
                KeyText::Pem(text) => text.as_bytes().to_vec(),
                KeyText::File(file) => read(file)?,
            };
            let key = PublicKey::from_pem(&pem).map_err(|source| LoadTrustError::Key {
                names: names(),
                source,
            })?;
            let log = trusted_root.as_deref().map(root).transpose()?;
            Ok(Signer::Key { key, log })
        }
        SignerRule::Identity {
            name,
            issuer,
            trusted_root,
        } => {
            let root = root(trusted_root)?;
            if !root.has_authorities() {
                return Err(LoadTrustError::NoAuthority { names: names() });
            }
            Ok(Signer::Identity {
                root,
                name: expected(name)?,
                issuer: expected(issuer)?,
            })
        }
    }
}

/// Fetches what is kept beside an image that was opened from `source`, and holds it against the rules that mean it.
/// Nothing is fetched where no rule does.
#[must_use]
pub fn signatures(source: &dyn ImageSource, image: &Subject, trust: &Trust) -> Signatures {
    if let Some(why) = unsigned(image.source) {
        return Signatures::NotAsked(why);
    }
    if trust.rows.is_empty() {
        return Signatures::NotAsked(Text::fixed(
            "no `[[signed-by]]` of a policy says whose signature is asked for, and one that is merely seen proves \
             nothing; write one",
            "策略中没有 `[[signed-by]]` 说明需要谁的签名,而仅发现签名并不能作为依据;请添加该项",
        ));
    }
    let Some(repository) = &image.repository else {
        return Signatures::NotAsked(Text::fixed(
            "nothing gives the image a name with its registry, so that no `[[signed-by]]` of the policy means it",
            "镜像没有带仓库地址的名称,策略的 `[[signed-by]]` 均不适用",
        ));
    };
    let name = ImageName {
        repository,
        tag: image.tag.as_deref(),
    };
    let rows: Vec<&Row> = trust
        .rows
        .iter()
        .filter(|row| row.names.covers(name))
        .collect();
    if rows.is_empty() {
        return Signatures::NotAsked(Text::new(
            format!("no `[[signed-by]]` of the policy means `{repository}`"),
            format!("策略中没有适用于 `{repository}` 的 `[[signed-by]]`"),
        ));
    }
    match source.beside(image) {
        None => Signatures::NotAsked(kept_elsewhere()),
        Some(Err(error)) => Signatures::Unreachable(Text::new(
            format!("what is signed beside the image could not be fetched: {error}"),
            format!("无法获取随镜像保存的签名内容:{error}"),
        )),
        Some(Ok(beside)) => Signatures::Held(hold(&beside, &rows, trust.enough)),
    }
}

/// A base that an image names with its digest, and what became of its signatures.
#[derive(Debug)]
pub struct SignedBase {
    /// What became of its signatures.
    pub signatures: Signatures,
    /// The digests of the contents of its layers, from the bottom.
    pub layers: Vec<Digest>,
}

/// Fetches the base that an image names with its digest, without its layers, and holds its signatures against the rules.
/// `None` where no rule means it, or no digest tells which one it is.
#[must_use]
pub fn base_signatures(sources: &Sources, facts: &ImageFacts, trust: &Trust) -> Option<SignedBase> {
    let (name, digest) = named_base(facts)?;
    let reference: Reference = name.parse().ok()?;
    let repository = reference.repository();
    let own = ImageName {
        repository: &repository,
        tag: reference.tag(),
    };
    if !trust.rows.iter().any(|row| row.names.covers(own)) {
        return None;
    }
    // The digest decides, whatever the tag leads to today.
    let bare = name.split_once('@').map_or(name.as_str(), |(bare, _)| bare);
    let pinned: Reference = format!("{bare}@{digest}").parse().ok()?;
    let source = sources.registry(&name, &pinned);
    Some(match source.open(Some(&facts.subject.platform)) {
        Ok(image) => SignedBase {
            signatures: signatures(&source, &image.subject, trust),
            layers: image.config.rootfs.diff_ids,
        },
        Err(error) => SignedBase {
            signatures: Signatures::Unreachable(Text::new(
                format!("the base `{name}` could not be fetched: {error}"),
                format!("无法获取基础镜像 `{name}`:{error}"),
            )),
            layers: Vec::new(),
        },
    })
}

/// Whether as many rules hold as have to.
pub(crate) fn is_enough(held: &Held) -> bool {
    match held.enough {
        Enough::Any => held.rules.iter().any(|rule| rule.holds),
        Enough::All => held.rules.iter().all(|rule| rule.holds),
    }
}

/// Why an image of this kind can have no signature that is seen here.
#[must_use]
pub fn unsigned(source: SourceKind) -> Option<Text> {
    match source {
        SourceKind::Registry | SourceKind::OciDir => None,
        SourceKind::Dir => Some(Text::fixed(
            "a directory has no digest that a signature could be about",
            "目录没有可供签名的摘要",
        )),
        SourceKind::Sbom => Some(Text::fixed(
            "a bill of materials was judged and not the image, so that nothing that is signed was seen",
            "评估对象是物料清单而非镜像,未见任何已签名内容",
        )),
        _ => Some(kept_elsewhere()),
    }
}

fn kept_elsewhere() -> Text {
    Text::fixed(
        "signatures are kept by the registry, and the image was not read from there; judge it as `registry:NAME`",
        "签名由仓库保存,而镜像并非从仓库读取;请以 `registry:NAME` 评估",
    )
}

fn hold(beside: &Beside, rows: &[&Row], enough: Enough) -> Held {
    let mut rules: Vec<RuleAnswer> = rows
        .iter()
        .map(|row| RuleAnswer {
            signer: match &row.predicate {
                None => row.signer.to_string(),
                Some(kind) => format!("{}: `{kind}`", row.signer),
            },
            holds: false,
        })
        .collect();
    let mut found = Vec::new();
    for document in &beside.found {
        let outcome = outcome(document, beside, rows, &mut rules);
        found.push(SignedArtefact {
            place: document.place.clone(),
            of_index: document.about > 0,
            outcome,
        });
    }
    let more = (!beside.missed.is_empty()).then(|| {
        let all = beside.missed.join("; ");
        Text::new(all.clone(), all)
    });
    Held {
        found,
        rules,
        enough,
        more,
    }
}

/// What each of the rules says of a document; the answers of those that it satisfies are noted.
fn outcome(
    document: &SignedDocument,
    beside: &Beside,
    rows: &[&Row],
    answers: &mut [RuleAnswer],
) -> SignedOutcome {
    let Some((digest, bytes)) = beside.subjects.get(document.about) else {
        return SignedOutcome::Unclear(Text::fixed("it is about nothing", "它不涉及任何制品"));
    };
    let subject = trust::Subject { digest, bytes };
    let signed = Found {
        media_type: &document.media_type,
        annotations: &document.annotations,
        bytes: &document.bytes,
    };
    let mut verified = None;
    let mut reasons: Vec<Text> = Vec::new();
    let mut is_unclear = false;
    for (row, answer) in rows.iter().zip(answers) {
        match trust::verify(&signed, &subject, &row.signer) {
            Ok(proof) => {
                if row.predicate.as_deref() == proof.predicate() {
                    answer.holds = true;
                }
                verified.get_or_insert(SignedOutcome::Verified {
                    by: proof.by().to_owned(),
                    predicate: proof.predicate().map(str::to_owned),
                });
            }
            Err(why) => {
                is_unclear |= why.is_unclear();
                let text = why.text();
                if !reasons.contains(&text) {
                    reasons.push(text);
                }
            }
        }
    }
    if let Some(verified) = verified {
        return verified;
    }
    let join = |pick: fn(&Text) -> &str, with: &str| {
        let all: Vec<&str> = reasons.iter().map(pick).collect();
        all.join(with)
    };
    let text = Text::new(join(|text| &text.en, "; "), join(|text| &text.zh, ";"));
    if is_unclear {
        SignedOutcome::Unclear(text)
    } else {
        SignedOutcome::Rejected(text)
    }
}
