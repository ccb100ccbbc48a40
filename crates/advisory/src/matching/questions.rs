//! All that is asked about an image, each question answered once and several side by side.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use plimsoll_model::advisory::SeverityOrder;

use super::Wanted;
use super::answer::{Answer, answers};
use super::lookup::Lookup;
use crate::DatabaseError;
use crate::db::{Database, Reader};

/// What is answered to a question: the answers, or what is wrong with the database.
pub(super) type Answered = Arc<Result<Vec<Answer>, DatabaseError>>;

/// Questions that one thread takes at a time: neighbours are on the same pages.
const TAKEN: usize = 32;
/// With fewer questions another thread costs more than it saves.
const FEW: usize = 256;

/// Questions that are yet to be asked, with their answers.
#[derive(Debug, Default)]
pub(super) struct Questions {
    known: HashMap<Lookup, Known>,
}

/// A question from the first time that it is asked until the last.
#[derive(Debug)]
struct Known {
    /// How often it will yet be asked.
    left: usize,
    answered: Answered,
}

impl Questions {
    /// Answers these, of which some may be the same.
    pub(super) fn new(
        asked: &[&Lookup],
        db: &Database,
        wanted: Wanted,
        order: &SeverityOrder,
    ) -> Self {
        let mut counts: HashMap<&Lookup, usize> = HashMap::new();
        let mut different = Vec::new();
        for lookup in asked {
            let count = counts.entry(lookup).or_default();
            if *count == 0 {
                different.push(*lookup);
            }
            *count = count.saturating_add(1);
        }
        let answered = answer_all(&different, db, wanted, order);
        let known = different.into_iter().zip(answered).map(|(lookup, found)| {
            let known = Known {
                left: counts.get(lookup).copied().unwrap_or(1),
                answered: Arc::new(found),
            };
            (lookup.clone(), known)
        });
        Self {
            known: known.collect(),
        }
    }

    /// The answer, which is let go of when it was asked for as often as was foreseen: there can be ten thousands.
    pub(super) fn take(&mut self, lookup: &Lookup) -> Option<Answered> {
        let known = self.known.get_mut(lookup)?;
        known.left = known.left.saturating_sub(1);
        if known.left > 0 {
            return Some(Arc::clone(&known.answered));
        }
        self.known.remove(lookup).map(|known| known.answered)
    }
}

fn answer_all(
    lookups: &[&Lookup],
    db: &Database,
    wanted: Wanted,
    order: &SeverityOrder,
) -> Vec<Result<Vec<Answer>, DatabaseError>> {
    let next = AtomicUsize::new(0);
    let work = || {
        let mut reader = Reader::new(db);
        let mut done = Vec::new();
        loop {
            let first = next.fetch_add(TAKEN, Ordering::Relaxed);
            let Some(some) = lookups.get(first..).filter(|some| !some.is_empty()) else {
                return done;
            };
            for (place, lookup) in (first..).zip(some.iter().take(TAKEN)) {
                done.push((place, answers(&mut reader, lookup, wanted, order)));
            }
        }
    };
    let workers = match lookups.len() {
        ..FEW => 1,
        _ => thread::available_parallelism()
            .map_or(1, usize::from)
            .min(8),
    };
    let mut done = thread::scope(|scope| {
        let others: Vec<_> = (1..workers).map(|_| scope.spawn(work)).collect();
        let mut done = work();
        for other in others {
            match other.join() {
                Ok(more) => done.extend(more),
                // A bug is no reason to call a package free of flaws.
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        done
    });
    done.sort_unstable_by_key(|(place, _)| *place);
    done.into_iter().map(|(_, answered)| answered).collect()
}
