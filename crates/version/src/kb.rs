//! Numbers of Microsoft's Knowledge Base, by which updates of Windows are named: `KB5034441`.
//!
//! Source of the grammar: the Microsoft Security Update Guide, which writes the number with or
//! without `KB`. Numbers are compared by value, so that a range of one number holds just that
//! number. A larger number is *not* a later state of a system: which update replaces which is told
//! by the guide alone, number by number, and a matcher must go by those lists.

use std::cmp::Ordering;

use crate::Fault;
use crate::scan::{compare_numbers, is_number, strip_word};
use crate::typed::version_type;

version_type! {
    /// The number of an update of Windows.
    Kb
}

#[derive(Debug, Default)]
pub(crate) struct Parts<'a>(&'a str);

impl<'a> Parts<'a> {
    pub(crate) fn parse(text: &'a str) -> Result<Self, Fault> {
        let number = strip_word(text, "kb").unwrap_or(text);
        if !is_number(number) {
            return Err(Fault::Grammar("it is not `KB` and a number"));
        }
        Ok(Self(number))
    }

    pub(crate) fn compare(&self, other: &Self) -> Ordering {
        compare_numbers(self.0, other.0)
    }
}
