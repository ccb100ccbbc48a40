//! Holds tables of lint rules to their prose and to the examples that each rule carries.

use std::collections::BTreeSet;

use plimsoll_model::lint::{LintFinding, LintRulePage};

/// A table of rules, and how one of them is put to a text.
#[derive(Debug)]
pub struct Table<R> {
    /// The rules.
    pub pages: Vec<LintRulePage>,
    /// What the rule of a page alone finds in a text.
    pub run: R,
}

impl<R: Fn(&LintRulePage, &str) -> Vec<LintFinding>> Table<R> {
    /// Holds every rule to an id of its own, prose in both languages, a source and examples.
    ///
    /// # Panics
    /// If one of them is missing.
    pub fn check_prose(&self) {
        assert!(!self.pages.is_empty(), "the table is empty");
        let mut seen = BTreeSet::new();
        for page in &self.pages {
            let (rule, id) = (page.rule, page.rule.id);
            assert!(seen.insert(id), "two rules are called {id}");
            let is_kebab = id
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
            assert!(is_kebab, "{id} is written otherwise than ids are");
            for text in [&rule.title, &rule.why] {
                assert!(text.en.len() > 5 && text.zh.len() > 5, "{id} says nothing");
                assert_ne!(text.en, text.zh, "{id} is not translated");
            }
            assert!(!rule.references.is_empty(), "{id} has no source");
            let has_examples = !page.bad.is_empty() && !page.good.is_empty();
            assert!(has_examples, "{id} has no examples");
        }
    }

    /// Holds every rule to finding something in what is bad and nothing in what is good.
    ///
    /// # Panics
    /// If one errs.
    pub fn check_examples(&self) {
        let mut wrong = Vec::new();
        for page in &self.pages {
            let id = page.rule.id;
            for text in page.bad {
                if (self.run)(page, text).is_empty() {
                    wrong.push(format!("{id} finds nothing in:\n{text}"));
                }
            }
            for text in page.good {
                if let Some(found) = (self.run)(page, text).first() {
                    let said = &found.message.en;
                    wrong.push(format!("{id} says `{said}` of:\n{text}"));
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    /// Holds every finding to a place, to words in both languages and to aliases that its rule has.
    ///
    /// # Panics
    /// If one lacks them.
    pub fn check_findings(&self) {
        for page in &self.pages {
            for found in page.bad.iter().flat_map(|text| (self.run)(page, text)) {
                let id = page.rule.id;
                assert_eq!(found.rule.id, id, "{id} speaks for another rule");
                let (start, end) = (found.region.start, found.region.end);
                // An empty line is a place without characters.
                let is_place = start < end || start == end && start.column == 1;
                assert!(is_place, "{id}: {found:?}");
                assert!(found.scope.start <= start, "{id}: {found:?}");
                for text in [&found.message, &found.suggestion] {
                    assert!(!text.en.is_empty() && text.en != text.zh, "{id}: {text:?}");
                    assert!(!text.en.contains("``"), "{id} names nothing: {text:?}");
                }
                let is_known = |alias: &&str| page.rule.aliases.contains(alias);
                assert!(found.aliases.iter().all(is_known), "{id}: {found:?}");
            }
        }
    }
}
