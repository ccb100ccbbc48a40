//! `[[signed-by]]` of the policy file: who has to have signed which images.

use plimsoll_model::image_pattern::ImagePattern;
use plimsoll_model::signing::{KeyText, SignatureRule, SignerRule, Wanted};
use regex::RegexBuilder;
use serde::Deserialize;

/// Largest compiled expression, in bytes.
const REGEX_SIZE: usize = 1 << 20;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Row {
    image: String,
    key: Option<String>,
    identity: Option<String>,
    identity_regex: Option<String>,
    issuer: Option<String>,
    issuer_regex: Option<String>,
    trusted_root: Option<String>,
    predicate: Option<String>,
}

impl Row {
    pub(crate) fn read(self) -> Result<SignatureRule, String> {
        let names: ImagePattern = self
            .image
            .parse()
            .map_err(|error| format!("`image` of a `signed-by`: {error}"))?;
        let wrong = |reason: &str| format!("the `signed-by` of `{names}` {reason}");
        for (key, text) in [
            ("key", &self.key),
            ("identity", &self.identity),
            ("identity-regex", &self.identity_regex),
            ("issuer", &self.issuer),
            ("issuer-regex", &self.issuer_regex),
            ("trusted-root", &self.trusted_root),
            ("predicate", &self.predicate),
        ] {
            if text.as_ref().is_some_and(|text| text.trim().is_empty()) {
                return Err(wrong(&format!("has an empty `{key}`")));
            }
        }
        let name = wanted("identity", self.identity, self.identity_regex).map_err(|e| wrong(&e))?;
        let issuer = wanted("issuer", self.issuer, self.issuer_regex).map_err(|e| wrong(&e))?;
        let signer = match (self.key, name, issuer, self.trusted_root) {
            (Some(_), Some(_), _, _) => {
                return Err(wrong(
                    "has a `key` and an `identity`; each needs a row of its own",
                ));
            }
            (Some(_), None, Some(_), _) => {
                return Err(wrong(
                    "has a `key` and an `issuer`, which only an `identity` has",
                ));
            }
            (Some(key), None, None, trusted_root) => SignerRule::Key {
                key: if key.contains("-----BEGIN ") {
                    KeyText::Pem(key)
                } else {
                    KeyText::File(key)
                },
                trusted_root,
            },
            (None, Some(name), Some(issuer), Some(trusted_root)) => SignerRule::Identity {
                name,
                issuer,
                trusted_root,
            },
            (None, Some(_), None, _) => {
                return Err(wrong(
                    "has an `identity` without an `issuer`: who says that it is they?",
                ));
            }
            (None, Some(_), Some(_), None) => {
                return Err(wrong(
                    "has an `identity` without a `trusted-root`, the file that names authorities and logs",
                ));
            }
            (None, None, _, _) => {
                return Err(wrong(
                    "names nobody: it needs a `key`, or an `identity` with its `issuer` and a `trusted-root`",
                ));
            }
        };
        Ok(SignatureRule {
            names,
            signer,
            predicate: self.predicate,
        })
    }
}

/// A text, or the form of one; not both.
fn wanted(
    key: &str,
    exact: Option<String>,
    form: Option<String>,
) -> Result<Option<Wanted>, String> {
    match (exact, form) {
        (Some(_), Some(_)) => Err(format!("has an `{key}` and an `{key}-regex`")),
        (Some(text), None) => Ok(Some(Wanted::Exact(text))),
        (None, Some(form)) => {
            let mut builder = RegexBuilder::new(&form);
            if let Err(error) = builder.size_limit(REGEX_SIZE).build() {
                return Err(format!("has an `{key}-regex` that is none: {error}"));
            }
            Ok(Some(Wanted::Form(form)))
        }
        (None, None) => Ok(None),
    }
}
