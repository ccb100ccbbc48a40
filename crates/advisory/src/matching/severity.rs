//! Whose rating becomes the severity.

use plimsoll_model::Severity;
use plimsoll_model::advisory::SeverityOrder;

use super::answer::Said;
use crate::db::{KnownFlaw, KnownRating};

/// The severity by an order of sources, and where it comes from: `debian rating` for a word, `nvd cvss` for a
/// score. Empty and unknown where nobody rated, which is shown and never hidden.
pub(super) fn severity(
    known: &KnownFlaw,
    decides: &Said<'_, '_>,
    feed: &str,
    order: &SeverityOrder,
) -> (Severity, String) {
    let asked = order.names().find_map(|name| match name {
        "vendor" => decides
            .rating
            .map(|severity| (severity, format!("{feed} rating"))),
        name => worst(known, |rating| is_of(known, rating, decides.record, name)),
    });
    asked
        .or_else(|| worst(known, |_| true))
        .or_else(|| word(known, decides, feed))
        .unwrap_or_default()
}

/// Whether a rating is of the source of a name, see [`SeverityOrder`].
fn is_of(known: &KnownFlaw, rating: &KnownRating, decides: u32, name: &str) -> bool {
    let record = rating.record;
    match name {
        "any" => true,
        "record" => record == Some(decides),
        "ghsa" => record
            .and_then(|place| known.records.get(place as usize))
            .is_some_and(|record| record.id.starts_with("GHSA-")),
        name => {
            let source = rating.source();
            source == name || source.split('/').next() == Some(name)
        }
    }
}

/// The worst score of some sources; what is superseded counts only where nothing else does.
fn worst(known: &KnownFlaw, of: impl Fn(&KnownRating) -> bool) -> Option<(Severity, String)> {
    // They are sorted, worst first.
    let of: Vec<&KnownRating> = known.ratings.iter().filter(|rating| of(rating)).collect();
    let is_old = |rating: &&&KnownRating| rating.rating.vector.starts_with("AV:");
    let rating = of.iter().find(|rating| !is_old(rating)).or(of.first())?;
    Some((
        Severity::from_score(rating.rating.score()),
        format!("{} cvss", rating.source()),
    ))
}

/// A rating in a word: of the record that decided, else the worst of any other.
fn word(known: &KnownFlaw, decides: &Said<'_, '_>, feed: &str) -> Option<(Severity, String)> {
    let worded = |severity: Option<Severity>| severity.filter(|word| *word != Severity::Unknown);
    let own = known.records.get(decides.record as usize);
    if let Some(word) = own.and_then(|record| worded(record.word)) {
        return Some((word, format!("{feed} rating")));
    }
    let others = known
        .records
        .iter()
        .filter(|record| record.withdrawn.is_none())
        .filter_map(|record| Some((worded(record.word)?, &record.feed)));
    others
        .max_by_key(|(word, _)| *word)
        .map(|(word, feed)| (word, format!("{feed} rating")))
}
