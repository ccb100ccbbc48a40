//! Whether Plimsoll's linter says the same of Dockerfiles as hadolint and Trivy, rule by rule.
//!
//! What is compared is a [`Claim`]: a file, the first line of an instruction, a rule's id. Where the linters
//! differ, `crates/dockerfile/tests/disagreements.tsv` says who is right.

pub mod corpus;
mod linters;

use std::collections::{BTreeMap, BTreeSet};

use corpus::CorpusFile;

/// A linter to compare with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Peer {
    /// hadolint with `ShellCheck` in it.
    Hadolint,
    /// Aqua's Trivy.
    Trivy,
}

impl Peer {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Hadolint, Self::Trivy];

    /// How its program is called.
    #[must_use]
    pub const fn program(self) -> &'static str {
        match self {
            Self::Hadolint => "hadolint",
            Self::Trivy => "trivy",
        }
    }
}

/// That a rule finds something in an instruction.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Claim {
    /// The id of the rule, as the peer calls it.
    pub alias: String,
    /// Below the corpus.
    pub file: String,
    /// The first line of the instruction; 0 for what is said of a file.
    pub line: u32,
}

/// Somebody says something that somebody else does not say.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Difference {
    /// The other linter.
    pub peer: Peer,
    /// What is said.
    pub claim: Claim,
    /// Whether it is the peer who says it, and not Plimsoll.
    pub by_peer: bool,
}

impl Difference {
    /// Its row in the table, without the verdict.
    #[must_use]
    pub fn row(&self) -> String {
        let Claim { alias, file, line } = &self.claim;
        let by = if self.by_peer { "peer" } else { "ours" };
        format!("{file}\t{line}\t{alias}\t{}\t{by}", self.peer.program())
    }
}

/// How often two linters say the same under one id.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Both say it.
    pub both: usize,
    /// Only the peer says it.
    pub peer: usize,
    /// Only Plimsoll says it.
    pub ours: usize,
    /// How many of the last two the table decides.
    pub decided: usize,
    /// Files of which the two do not say the same, decided or not.
    pub files: usize,
}

impl Counts {
    /// The share of what both say in what either says; what the table decides is left out.
    #[must_use]
    pub fn agreement(self) -> f64 {
        share(self.both, self.both + self.peer + self.ours - self.decided)
    }

    /// The same with everything.
    #[must_use]
    pub fn raw(self) -> f64 {
        share(self.both, self.both + self.peer + self.ours)
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "counts of findings, for a share"
)]
fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 {
        1.0
    } else {
        part as f64 / whole as f64
    }
}

/// The outcome for the whole corpus.
#[derive(Debug)]
pub struct Comparison {
    /// How many files there are.
    pub files: usize,
    /// Files that a peer cannot read, and of which nothing else is compared with it.
    pub unread: BTreeMap<Peer, BTreeSet<String>>,
    /// By peer and id.
    pub rules: BTreeMap<(Peer, String), Counts>,
    /// What the table decides, with who is right.
    pub decided: BTreeMap<Difference, String>,
    /// What it does not decide.
    pub open: BTreeSet<Difference>,
    /// Rows of the table that no difference needs.
    pub stale: Vec<String>,
}

impl Comparison {
    /// Runs all three linters on the corpus.
    ///
    /// # Panics
    /// If a peer is not installed or fails, or the table of decided differences cannot be read.
    #[must_use]
    pub fn of_corpus() -> Self {
        let files = corpus::files();
        let ours = linters::plimsoll(&files);
        let mut rules: BTreeMap<(Peer, String), Counts> = BTreeMap::new();
        let mut unread = BTreeMap::new();
        let mut differences = BTreeSet::new();
        for peer in Peer::ALL {
            let theirs = match peer {
                Peer::Hadolint => linters::hadolint(&files),
                Peer::Trivy => linters::trivy(&files),
            };
            let counts = |claim: &Claim| {
                linters::is_compared(peer, claim)
                    && (!theirs.unread.contains(&claim.file) || claim.alias == "DL1000")
            };
            for claim in theirs
                .claims
                .union(&ours.claims)
                .filter(|claim| counts(claim))
            {
                let [by_peer, by_us] = [&theirs, &ours].map(|said| said.claims.contains(claim));
                let rule = rules.entry((peer, claim.alias.clone())).or_default();
                match (by_peer, by_us) {
                    (true, true) => rule.both += 1,
                    (true, false) => rule.peer += 1,
                    _ => rule.ours += 1,
                }
                if by_peer != by_us {
                    let claim = claim.clone();
                    differences.insert(Difference {
                        peer,
                        claim,
                        by_peer,
                    });
                }
            }
            unread.insert(peer, theirs.unread);
        }
        let mut comparison = Self {
            files: files.len(),
            unread,
            rules,
            decided: BTreeMap::new(),
            open: BTreeSet::new(),
            stale: Vec::new(),
        };
        comparison.decide(differences);
        comparison
    }

    /// Lays beside each difference what the table says of it.
    fn decide(&mut self, differences: BTreeSet<Difference>) {
        let mut table = table("disagreements.tsv");
        let mut files: BTreeMap<(Peer, String), BTreeSet<String>> = BTreeMap::new();
        for difference in differences {
            let key = (difference.peer, difference.claim.alias.clone());
            let file = difference.claim.file.clone();
            files.entry(key.clone()).or_default().insert(file);
            let Some(who) = table.remove(&difference.row()) else {
                self.open.insert(difference);
                continue;
            };
            if let Some(rule) = self.rules.get_mut(&key) {
                rule.decided += 1;
            }
            self.decided.insert(difference, who);
        }
        for (key, files) in files {
            if let Some(rule) = self.rules.get_mut(&key) {
                rule.files = files.len();
            }
        }
        self.stale = table.into_keys().collect();
    }
}

/// Rows of a table beside the corpus: what stands before the last tab, and what stands behind it.
///
/// # Panics
/// If the table cannot be read, or has a row twice.
fn table(name: &str) -> BTreeMap<String, String> {
    let path = corpus::tests().join(name);
    let text = std::fs::read_to_string(&path)
        .unwrap_or_else(|error| panic!("cannot read `{}`: {error}", path.display()));
    let mut rows = BTreeMap::new();
    for row in text.lines().skip(1) {
        let (row, who) = row.rsplit_once('\t').expect("a row has columns");
        let before = rows.insert(row.to_owned(), who.to_owned());
        assert!(before.is_none(), "{name} has twice: {row}");
    }
    rows
}

/// What Plimsoll finds in folders of the corpus under ids of linters that do not run here: BuildKit's checks in
/// `buildkit` and Dockle's checkpoints in `dockle`; a row for each file, line and id.
///
/// # Panics
/// If the corpus cannot be read.
#[must_use]
pub fn without_peers() -> BTreeSet<String> {
    let files: Vec<CorpusFile> = corpus::files();
    let said = linters::plimsoll(&files);
    let is_theirs = |claim: &&Claim| {
        let alias = claim.alias.as_str();
        let is_dockle = alias.starts_with("CIS-DI-") || alias.starts_with("DKL-");
        let is_other = ["DL", "DS-", "SC", "KSV", "CIS-"];
        let is_buildkit = !is_other.iter().any(|other| alias.starts_with(other)) && !is_dockle;
        (claim.file.starts_with("dockle/") && is_dockle)
            || (claim.file.starts_with("buildkit/") && is_buildkit)
    };
    let rows = said.claims.iter().filter(is_theirs);
    rows.map(|claim| format!("{}\t{}\t{}", claim.file, claim.line, claim.alias))
        .collect()
}
