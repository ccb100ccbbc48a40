//! The policy file.

use jiff::civil::Date;
use plimsoll_model::Digest;
use plimsoll_model::advisory::SeverityOrder;
use plimsoll_model::base::{TrustedBase, TrustedBases};
use plimsoll_model::image_pattern::ImagePattern;
use plimsoll_model::signing::{Enough, SignatureRule, SignatureRules};
use serde::Deserialize;

use crate::accept::Acceptance;
use crate::signed_by;

/// What an organisation demands, and what it answers for.
#[derive(Debug, Clone, PartialEq)]
pub struct Policy {
    /// A flaw with this CVSS base score or more is a veto, 0.0 to 10.0.
    pub severe_score: f64,
    /// Whose score that is.
    pub severe_by: SevereBy,
    /// Whose rating becomes the severity of a flaw.
    pub severity_order: SeverityOrder,
    /// The share of programs, and that of packages, that must be understood for a verdict, 0.0 to 1.0;
    /// `None` demands none.
    pub min_coverage: Option<f64>,
    /// The base images that are trusted, for control 4.2 of the CIS Docker Benchmark; none says that there is no list.
    pub trusted_bases: TrustedBases,
    /// Who has to have signed which images, for controls 4.5 and 4.12 of that benchmark.
    pub signed_by: SignatureRules,
    /// What somebody answers for, in file order.
    pub accept: Vec<Acceptance>,
}

/// Whose score of a flaw is held against [`Policy::severe_score`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SevereBy {
    /// The worst that anybody published.
    #[default]
    Worst,
    /// That of the source which made the severity, see [`Policy::severity_order`].
    Order,
}

impl Default for Policy {
    /// The requirements' own policy: CVSS 7.0, no share demanded, no list of bases, no signature asked for, nothing
    /// accepted.
    fn default() -> Self {
        Self {
            severe_score: 7.0,
            severe_by: SevereBy::Worst,
            severity_order: SeverityOrder::default(),
            min_coverage: None,
            trusted_bases: TrustedBases::default(),
            signed_by: SignatureRules::default(),
            accept: Vec::new(),
        }
    }
}

/// A policy file that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ParsePolicyError {
    /// It is not TOML, or has unknown or ill-typed keys.
    #[error("policy `{name}` cannot be read")]
    Syntax {
        /// The file.
        name: String,
        /// Where and why.
        #[source]
        source: Box<toml::de::Error>,
    },
    /// A value makes no sense.
    #[error("policy `{name}`: {reason}")]
    Value {
        /// The file.
        name: String,
        /// Why.
        reason: String,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct File {
    severe_score: Option<f64>,
    #[serde(default)]
    severe_by: SevereBy,
    severity_order: Option<Vec<String>>,
    min_coverage: Option<f64>,
    #[serde(default)]
    trusted_base: Vec<BaseRow>,
    #[serde(default)]
    signatures: EnoughName,
    #[serde(default)]
    signed_by: Vec<signed_by::Row>,
    #[serde(default)]
    accept: Vec<Row>,
}

/// How many rows of `[[signed-by]]` have to hold.
#[derive(Deserialize, Default)]
#[serde(rename_all = "kebab-case")]
enum EnoughName {
    #[default]
    Any,
    All,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct BaseRow {
    image: String,
    digests: Option<Vec<String>>,
    layers: Option<Vec<String>>,
}

impl BaseRow {
    fn read(self) -> Result<TrustedBase, String> {
        let names: ImagePattern = self
            .image
            .parse()
            .map_err(|error| format!("`image` of a trusted base: {error}"))?;
        let digests = |key: &str, list: Option<Vec<String>>| match list {
            None => Ok(Vec::new()),
            // Who empties a list would not think that it then asks for nothing.
            Some(list) if list.is_empty() => Err(format!(
                "`{key}` of the trusted base `{names}` is empty; leave it out to ask for none"
            )),
            Some(list) => list
                .into_iter()
                .map(|text| {
                    text.parse::<Digest>()
                        .map_err(|error| format!("`{key}` of the trusted base `{names}`: {error}"))
                })
                .collect(),
        };
        Ok(TrustedBase {
            digests: digests("digests", self.digests)?,
            layers: digests("layers", self.layers)?,
            names,
        })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Row {
    rule: String,
    #[serde(default)]
    subject: String,
    owner: String,
    reason: String,
    until: String,
}

impl Policy {
    /// Reads a policy file; `name` is how errors call it.
    ///
    /// An acceptance must say who answers for it, why, and until when: one that lasts for ever is a hole.
    pub fn parse(name: &str, text: &str) -> Result<Self, ParsePolicyError> {
        let file: File = toml::from_str(text).map_err(|source| ParsePolicyError::Syntax {
            name: name.to_owned(),
            source: Box::new(source),
        })?;
        let value = |reason: String| ParsePolicyError::Value {
            name: name.to_owned(),
            reason,
        };
        let severe_score = file.severe_score.unwrap_or(Self::default().severe_score);
        if !(0.0..=10.0).contains(&severe_score) {
            return Err(value(format!(
                "`severe-score` is {severe_score}, not between 0 and 10"
            )));
        }
        let severity_order = match file.severity_order {
            None => SeverityOrder::default(),
            Some(names) => SeverityOrder::new(names).map_err(|error| value(error.to_string()))?,
        };
        if let Some(share) = file.min_coverage
            && !(0.0..=1.0).contains(&share)
        {
            return Err(value(format!(
                "`min-coverage` is {share}, not a share between 0 and 1"
            )));
        }
        let trusted_bases = file.trusted_base.into_iter().map(BaseRow::read);
        let trusted_bases = trusted_bases.collect::<Result<_, _>>().map_err(value)?;
        let rows = file.signed_by.into_iter().map(signed_by::Row::read);
        let rows: Vec<SignatureRule> = rows.collect::<Result<_, _>>().map_err(value)?;
        let accept = file
            .accept
            .into_iter()
            .map(|row| {
                for (key, text) in [
                    ("rule", &row.rule),
                    ("owner", &row.owner),
                    ("reason", &row.reason),
                ] {
                    if text.trim().is_empty() {
                        return Err(value(format!("an acceptance has an empty `{key}`")));
                    }
                }
                let until: Date = row.until.parse().map_err(|_| {
                    value(format!(
                        "`until` of the acceptance of `{}` is `{}`, not a date",
                        row.rule, row.until
                    ))
                })?;
                Ok(Acceptance {
                    rule: row.rule,
                    subject: row.subject,
                    owner: row.owner,
                    reason: row.reason,
                    until,
                })
            })
            .collect::<Result<_, _>>()?;
        Ok(Self {
            severe_score,
            severe_by: file.severe_by,
            severity_order,
            min_coverage: file.min_coverage,
            trusted_bases: TrustedBases::new(trusted_bases),
            signed_by: SignatureRules {
                rows,
                enough: match file.signatures {
                    EnoughName::Any => Enough::Any,
                    EnoughName::All => Enough::All,
                },
            },
            accept,
        })
    }
}
