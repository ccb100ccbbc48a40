//! Maven artifact versions.
//!
//! Source of grammar and order: `ComparableVersion` of Maven 3.9 and "Version Order Specification"
//! of the POM reference. A version is a list of numbers and qualifiers; a hyphen, and a change
//! between letters and digits, opens a list inside the list. Zeros and release qualifiers (`ga`,
//! `final`, `release`) at the end of a list count for nothing. Qualifiers order as
//! `alpha < beta < milestone < rc < snapshot < (release) < sp < any other`, whatever their case.
//!
//! Maven's order has cycles: `1-sp < 1--alpha`, `1--alpha < 1` and `1 < 1-sp` all hold, because an
//! inner list is newer than any qualifier even when it is older than nothing at all. The order here
//! has none: an inner list that is older than nothing stays older than whatever is newer than
//! nothing, and so does a zero that such a list or qualifier follows. For all other pairs the answer
//! is Maven's.
//!
//! Maven takes any text for a version. Here a text with characters that no version has
//! (`${revision}`, a blank), and the words that stand for "not known yet" (`LATEST`, `RELEASE`,
//! `unspecified`), are errors.

use std::cmp::Ordering;

use crate::Fault;
use crate::scan::{compare_numbers, is_zero, only, skip_one, take_digits, take_while};
use crate::typed::version_type;

version_type! {
    /// A Maven artifact version.
    Maven
}

/// The list with its inner lists, flat: an inner list is always the last item of its list, so a
/// mark for where it opens is enough.
#[derive(Debug, Default)]
pub(crate) struct Parts<'a>(Vec<Symbol<'a>>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Item<'a> {
    Number(&'a str),
    Qualifier(Qualifier<'a>),
    List,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Qualifier<'a> {
    Alpha,
    Beta,
    Milestone,
    Candidate,
    Snapshot,
    Release,
    ServicePack,
    Other(&'a str),
}

/// An item and its place in the order, for which the items after it may count.
#[derive(Debug, Clone, Copy)]
struct Symbol<'a> {
    place: Place,
    item: Item<'a>,
}

/// What an item is, seen beside others at the same position. `Old` and `New` say whether what
/// follows is older or newer than nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    PreRelease,
    ReleaseThenOld,
    OldList,
    ZeroThenOld,
    End,
    ReleaseThenNew,
    PostRelease,
    NewList,
    ZeroThenNew,
    Number,
}

impl<'a> Parts<'a> {
    pub(crate) fn parse(text: &'a str) -> Result<Self, Fault> {
        if matches!(text, "LATEST" | "RELEASE" | "unspecified") {
            return Err(Fault::Grammar("the word stands for no certain version"));
        }
        only(text, |byte| {
            byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'+' | b'-' | b'~')
        })?;
        Ok(Self(place(normalize(read(text)))))
    }

    pub(crate) fn compare(&self, other: &Self) -> Ordering {
        let mut left = self.0.iter();
        let mut right = other.0.iter();
        loop {
            let end = Symbol {
                place: Place::End,
                item: Item::List,
            };
            let (next_left, next_right) = (left.next(), right.next());
            if next_left.is_none() && next_right.is_none() {
                return Ordering::Equal;
            }
            let order = compare_symbols(next_left.unwrap_or(&end), next_right.unwrap_or(&end));
            if order.is_ne() {
                return order;
            }
        }
    }
}

/// Cuts the text into items. `list_is_empty` is about the innermost list so far.
fn read(text: &str) -> Vec<Item<'_>> {
    // Room for nearly every version, so that the list does not grow step by step.
    let mut items = Vec::with_capacity(12);
    let mut list_is_empty = true;
    let mut rest = text;
    while let Some(first) = rest.bytes().next() {
        let (token, after) = if first.is_ascii_digit() {
            take_digits(rest)
        } else {
            take_while(rest, |byte| {
                !byte.is_ascii_digit() && byte != b'.' && byte != b'-'
            })
        };
        let separator = after.bytes().next();
        let is_number = first.is_ascii_digit();
        if token.is_empty() {
            // Two separators in a row, or one at the start.
            items.push(Item::Number("0"));
        } else if is_number {
            items.push(Item::Number(token));
        } else {
            let before_digit = separator.is_some_and(|byte| byte.is_ascii_digit());
            // `1.x1` and a last `1.x` are read as `1-x1` and `1-x`.
            if !list_is_empty && (before_digit || separator.is_none()) {
                items.push(Item::List);
            }
            items.push(Item::Qualifier(qualifier(token, before_digit)));
        }
        list_is_empty = false;
        rest = match separator {
            Some(b'.') => skip_one(after, |_| true),
            Some(_) => {
                // A hyphen, or a change between letters and digits.
                items.push(Item::List);
                list_is_empty = true;
                skip_one(after, |byte| byte == b'-')
            }
            None => after,
        };
    }
    items
}

fn qualifier(word: &str, before_digit: bool) -> Qualifier<'_> {
    let is = |known: &str| word.len() == known.len() && word.eq_ignore_ascii_case(known);
    match () {
        () if is("alpha") || (before_digit && is("a")) => Qualifier::Alpha,
        () if is("beta") || (before_digit && is("b")) => Qualifier::Beta,
        () if is("milestone") || (before_digit && is("m")) => Qualifier::Milestone,
        () if is("rc") || is("cr") => Qualifier::Candidate,
        () if is("snapshot") => Qualifier::Snapshot,
        () if is("ga") || is("final") || is("release") => Qualifier::Release,
        () if is("sp") => Qualifier::ServicePack,
        () => Qualifier::Other(word),
    }
}

/// Whether an item counts for nothing at the end of its list.
fn is_null(item: &Item<'_>) -> bool {
    match item {
        Item::Number(digits) => is_zero(digits),
        Item::Qualifier(qualifier) => *qualifier == Qualifier::Release,
        Item::List => false,
    }
}

/// Drops, in each list, what counts for nothing at its end or before its inner list, and inner
/// lists that are left empty.
fn normalize(items: Vec<Item<'_>>) -> Vec<Item<'_>> {
    let mut backwards: Vec<Item<'_>> = Vec::with_capacity(items.len());
    // Whether only an inner list, or nothing, has been kept of the current list so far.
    let mut at_end = true;
    // Whether nothing at all has been kept of the current list, its inner list included.
    let mut is_empty = true;
    for item in items.into_iter().rev() {
        if item == Item::List {
            if !is_empty {
                backwards.push(item);
            }
            at_end = true;
        } else if !(at_end && is_null(&item)) {
            backwards.push(item);
            at_end = false;
            is_empty = false;
        }
    }
    backwards.reverse();
    backwards
}

/// Gives each item its place; walks backwards, since a place depends on what follows.
fn place(items: Vec<Item<'_>>) -> Vec<Symbol<'_>> {
    let mut backwards = Vec::with_capacity(items.len());
    let mut rest_is_old = false;
    for item in items.into_iter().rev() {
        let place = match item {
            Item::List if rest_is_old => Place::OldList,
            Item::List => Place::NewList,
            Item::Number(digits) if !is_zero(digits) => Place::Number,
            Item::Number(_) if rest_is_old => Place::ZeroThenOld,
            Item::Number(_) => Place::ZeroThenNew,
            Item::Qualifier(Qualifier::Release) if rest_is_old => Place::ReleaseThenOld,
            Item::Qualifier(Qualifier::Release) => Place::ReleaseThenNew,
            Item::Qualifier(Qualifier::ServicePack | Qualifier::Other(_)) => Place::PostRelease,
            Item::Qualifier(_) => Place::PreRelease,
        };
        rest_is_old = place < Place::End;
        backwards.push(Symbol { place, item });
    }
    backwards.reverse();
    backwards
}

fn compare_symbols(left: &Symbol<'_>, right: &Symbol<'_>) -> Ordering {
    left.place
        .cmp(&right.place)
        .then_with(|| match (left.item, right.item) {
            (Item::Number(left), Item::Number(right)) => compare_numbers(left, right),
            (Item::Qualifier(left), Item::Qualifier(right)) => compare_qualifiers(left, right),
            _ => Ordering::Equal,
        })
}

fn compare_qualifiers(left: Qualifier<'_>, right: Qualifier<'_>) -> Ordering {
    let rank = |qualifier| match qualifier {
        Qualifier::Alpha => 0,
        Qualifier::Beta => 1,
        Qualifier::Milestone => 2,
        Qualifier::Candidate => 3,
        Qualifier::Snapshot => 4,
        Qualifier::Release => 5,
        Qualifier::ServicePack => 6,
        Qualifier::Other(_) => 7,
    };
    match (left, right) {
        (Qualifier::Other(left), Qualifier::Other(right)) => {
            crate::scan::compare_ignoring_case(left, right)
        }
        (left, right) => rank(left).cmp(&rank(right)),
    }
}
