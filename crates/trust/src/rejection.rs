//! Why a signature counts for nothing.

use plimsoll_model::{Digest, Text};

/// Why a signature counts for nothing, named after what failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rejection {
    /// It cannot be read.
    Malformed(&'static str),
    /// Nothing here verifies it; it may be good.
    Unsupported(String),
    /// It is about something else.
    OtherDigest {
        /// What it is about, where it says so.
        found: Option<String>,
    },
    /// It is not by the key.
    OtherKey,
    /// It has no certificate, so that nobody's name is in it.
    NoCertificate,
    /// Its certificate is by no authority of the trust root, or was not valid when it signed.
    Chain(String),
    /// Its certificate is in no log of certificates that the trust root names (RFC 6962).
    NoCertificateLog,
    /// It is by somebody else.
    OtherIdentity {
        /// Who signed.
        found: String,
    },
    /// Somebody else says who signed.
    OtherIssuer {
        /// Who says so.
        found: String,
    },
    /// No log tells of it.
    NoLog,
    /// The log is none of the trust root.
    UnknownLog,
    /// The log did not sign what is said in its name.
    LogSignature,
    /// The proof does not lead from the entry to the tree that the log signed.
    Inclusion,
    /// The log tells of another signature.
    OtherEntry,
    /// Nothing that can be trusted says when it was made.
    NoTime,
    /// The stamp of time is not good.
    Stamp(&'static str),
    /// It is a statement of another kind than is asked for.
    OtherPredicate {
        /// Its kind.
        found: String,
    },
    /// It is over since then.
    Expired(String),
}

impl Rejection {
    /// Whether it may be good all the same.
    #[must_use]
    pub fn is_unclear(&self) -> bool {
        matches!(self, Self::Unsupported(_))
    }

    /// The reason for people.
    #[must_use]
    pub fn text(&self) -> Text {
        match self {
            Self::Malformed(what) => Text::new(
                format!("it cannot be read: {what}"),
                format!("无法读取:{what}"),
            ),
            Self::Unsupported(what) => Text::new(
                format!("it cannot be verified here: {what}"),
                format!("此处无法验证:{what}"),
            ),
            Self::OtherDigest { found: Some(found) } => Text::new(
                format!("it is about another artefact, {}", clip(found)),
                format!("它签署的是另一个制品 {}", clip(found)),
            ),
            Self::OtherDigest { found: None } => {
                Text::fixed("it does not say what it is about", "它没有说明所签署的制品")
            }
            Self::OtherKey => Text::fixed("it is not by the key", "并非由该密钥签署"),
            Self::NoCertificate => Text::fixed(
                "it has no certificate, so that it names nobody",
                "没有证书,未指明签署者",
            ),
            Self::Chain(why) => Text::new(
                format!("no authority of the trust root answers for its certificate: {why}"),
                format!("信任根中没有机构为其证书担保:{why}"),
            ),
            Self::NoCertificateLog => Text::fixed(
                "no log of the trust root promised to list its certificate",
                "信任根中没有日志承诺收录其证书",
            ),
            Self::OtherIdentity { found } => Text::new(
                format!("it is by `{}`", clip(found)),
                format!("签署者为 `{}`", clip(found)),
            ),
            Self::OtherIssuer { found } => Text::new(
                format!("`{}` says who signed", clip(found)),
                format!("签署者身份由 `{}` 证明", clip(found)),
            ),
            Self::NoLog => Text::fixed("no log tells of it", "没有日志记录此签名"),
            Self::UnknownLog => Text::fixed(
                "the log that tells of it is none of the trust root",
                "记录此签名的日志不在信任根中",
            ),
            Self::LogSignature => Text::fixed(
                "the log did not sign what is said in its name",
                "日志条目的签名无效",
            ),
            Self::Inclusion => Text::fixed(
                "the proof does not lead to the tree that the log signed",
                "包含证明与日志签署的树不符",
            ),
            Self::OtherEntry => Text::fixed(
                "the log tells of another signature, key or artefact",
                "日志记录的是另一个签名、密钥或制品",
            ),
            Self::NoTime => Text::fixed(
                "nothing that can be trusted says when it was made",
                "没有可信的信息说明签署时间",
            ),
            Self::Stamp(why) => Text::new(
                format!("its stamp of time is not good: {why}"),
                format!("时间戳无效:{why}"),
            ),
            Self::OtherPredicate { found } => Text::new(
                format!("it is a statement of the kind `{}`", clip(found)),
                format!("它是 `{}` 类型的声明", clip(found)),
            ),
            Self::Expired(when) => {
                Text::new(format!("it ended at {when}"), format!("已于 {when} 失效"))
            }
        }
    }

    /// What names another artefact.
    pub(crate) fn other(found: &Digest) -> Self {
        Self::OtherDigest {
            found: Some(found.to_string()),
        }
    }
}

/// What others write may be long, or play with a terminal.
fn clip(text: &str) -> String {
    let shown = text.chars().take(200);
    shown
        .map(|c| if c.is_control() { '\u{fffd}' } else { c })
        .collect()
}
