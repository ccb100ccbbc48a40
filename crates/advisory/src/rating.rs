//! CVSS ratings as feeds publish them.

use std::str::FromStr;

use cvss::Cvss;

/// A CVSS base score with the vector it was computed from, if there was one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rating {
    /// The vector as published; empty where only a score was.
    pub vector: String,
    /// The base score times ten, 0 to 100.
    pub tenths: u8,
    /// Who rated.
    pub by: Rater,
}

/// Who gave a rating.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Rater {
    /// Who publishes the feed.
    #[default]
    Feed,
    /// The analysts of NVD.
    Nvd,
    /// Who assigned the CVE id.
    Cna,
    /// CISA, as authorised publisher of additions to the CVE list ("vulnrichment").
    CisaAdp,
    /// Another authorised publisher of additions to the CVE list.
    Adp,
}

impl Rater {
    /// All of them, in the order of their numbers in the database.
    const ALL: [Self; 5] = [Self::Feed, Self::Nvd, Self::Cna, Self::CisaAdp, Self::Adp];

    /// The name that reports and policies use; `None` where it is that of the feed.
    #[must_use]
    pub fn name(self) -> Option<&'static str> {
        match self {
            Self::Feed => None,
            Self::Nvd => Some("nvd"),
            Self::Cna => Some("cna"),
            Self::CisaAdp => Some("cisa-adp"),
            Self::Adp => Some("adp"),
        }
    }

    /// The number in the database.
    pub(crate) fn number(self) -> u8 {
        self as u8
    }

    /// The rater of a number.
    pub(crate) fn of_number(number: u8) -> Option<Self> {
        Self::ALL.get(usize::from(number)).copied()
    }
}

/// A vector or score that is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RatingError {
    /// The text is no CVSS vector of version 2.0, 3.0, 3.1 or 4.0.
    #[error("`{vector}` is not a CVSS vector: {reason}")]
    Vector {
        /// The text, cut after 120 characters.
        vector: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The number is no CVSS score.
    #[error("`{0}` is not a CVSS score")]
    Score(String),
}

impl Rating {
    /// Reads a vector (CVSS 2.0, 3.0, 3.1, 4.0) and computes its score.
    pub fn from_vector(text: &str) -> Result<Self, RatingError> {
        let text = text.trim();
        let wrong = |reason: String| RatingError::Vector {
            vector: text.chars().take(120).collect(),
            reason,
        };
        if text.len() > 512 {
            return Err(wrong("it is too long".to_owned()));
        }
        // Debian's and NVD's version 2 vectors stand in parentheses at times.
        let bare = text.trim_start_matches('(').trim_end_matches(')');
        let parsed = Cvss::from_str(bare).map_err(|error| wrong(error.to_string()))?;
        Ok(Self {
            vector: bare.to_owned(),
            tenths: tenths(parsed.score()).ok_or_else(|| RatingError::Score(bare.to_owned()))?,
            by: Rater::Feed,
        })
    }

    /// Takes a bare score.
    pub fn from_score(score: f64) -> Result<Self, RatingError> {
        Ok(Self {
            vector: String::new(),
            tenths: tenths(score).ok_or_else(|| RatingError::Score(score.to_string()))?,
            by: Rater::Feed,
        })
    }

    /// The same rating, given by somebody else than the publisher of the feed.
    #[must_use]
    pub fn by(self, by: Rater) -> Self {
        Self { by, ..self }
    }

    /// The base score, 0.0 to 10.0.
    #[must_use]
    pub fn score(&self) -> f64 {
        f64::from(self.tenths) / 10.0
    }
}

/// Scores have one decimal (CVSS 3.1, appendix A), so tenths hold them without loss.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the range is checked first"
)]
fn tenths(score: f64) -> Option<u8> {
    (0.0..=10.0)
        .contains(&score)
        .then(|| (score * 10.0).round() as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Scores of the specifications' examples and of NVD.
    #[test]
    fn scores_every_version() {
        for (vector, score) in [
            ("AV:N/AC:L/Au:N/C:N/I:N/A:C", 7.8),
            ("CVSS:3.0/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N", 6.1),
            ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H", 10.0),
            ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", 9.8),
            (
                "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N",
                9.3,
            ),
        ] {
            let rating = Rating::from_vector(vector).expect(vector);
            assert!(
                (rating.score() - score).abs() < 1e-9,
                "{vector}: {}",
                rating.score()
            );
        }
    }

    #[test]
    fn refuses_what_is_no_rating() {
        assert!(Rating::from_vector("HIGH").is_err());
        assert!(Rating::from_vector("CVSS:3.1/AV:X").is_err());
        assert!(Rating::from_score(11.0).is_err());
        assert!(Rating::from_score(f64::NAN).is_err());
    }
}
