//! Which records speak of one flaw: union-find over ids and aliases.
//!
//! Two ids are joined where a record lists one as an alias of the other; `related` ids never are. Two
//! different CVE ids are never joined, not even through a third id: a record that names several CVE ids
//! stays a flaw of its own beside them, or else a package that has one of the flaws and not the other would
//! be judged for both at once.

/// Places of ids in a list.
pub(super) type IdNo = u32;

/// Groups of ids.
#[derive(Debug)]
pub(super) struct Groups {
    parent: Vec<IdNo>,
    /// The CVE id of the group, at its root.
    cve: Vec<Option<IdNo>>,
}

impl Groups {
    /// Every id alone; `is_cve` tells the CVE ids.
    pub(super) fn new(ids: usize, is_cve: impl Fn(IdNo) -> bool) -> Self {
        let parent: Vec<IdNo> = (0..).take(ids).collect();
        let cve = parent.iter().map(|id| is_cve(*id).then_some(*id)).collect();
        Self { parent, cve }
    }

    /// The id that stands for the group.
    pub(super) fn root(&mut self, id: IdNo) -> IdNo {
        let mut at = id;
        while let Some(up) = self.up(at).filter(|up| *up != at) {
            // Halve the way for the next one.
            let over = self.up(up).unwrap_or(up);
            if let Some(place) = self.parent.get_mut(at as usize) {
                *place = over;
            }
            at = over;
        }
        at
    }

    fn up(&self, id: IdNo) -> Option<IdNo> {
        self.parent.get(id as usize).copied()
    }

    fn cve(&self, root: IdNo) -> Option<IdNo> {
        self.cve.get(root as usize).copied().flatten()
    }

    /// Joins two groups unless both have a CVE id and these differ.
    pub(super) fn join(&mut self, left: IdNo, right: IdNo) {
        let (left, right) = (self.root(left), self.root(right));
        let (left_cve, right_cve) = (self.cve(left), self.cve(right));
        if left == right || (left_cve.is_some() && right_cve.is_some()) {
            return;
        }
        let (above, below) = (left.min(right), left.max(right));
        if let Some(place) = self.parent.get_mut(below as usize) {
            *place = above;
        }
        if let Some(place) = self.cve.get_mut(above as usize) {
            *place = left_cve.or(right_cve);
        }
    }
}

/// Whether an id is a CVE id.
pub(super) fn is_cve(id: &str) -> bool {
    id.starts_with("CVE-")
}

/// Whether an id names an erratum, which may repair several flaws and so is the name of none.
pub(super) fn is_erratum(id: &str) -> bool {
    const PREFIXES: &[&str] = &[
        "DSA-",
        "DLA-",
        "DTSA-",
        "USN-",
        "ALSA-",
        "ALBA-",
        "ALEA-",
        "RHSA-",
        "RHBA-",
        "RHEA-",
        "RLSA-",
        "RLBA-",
        "RLEA-",
        "ALAS",
        "ELSA-",
        "SUSE-",
        "openSUSE-",
        "FEDORA-",
        "PHSA-",
        "BRSA-",
        "OESA-",
        "AVG-",
    ];
    PREFIXES.iter().any(|prefix| id.starts_with(prefix))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 0 and 1 are CVE ids.
    #[test]
    fn never_joins_two_cves() {
        let mut groups = Groups::new(4, |id| id < 2);
        groups.join(0, 2);
        groups.join(2, 1);
        groups.join(3, 2);
        assert_eq!(groups.root(2), groups.root(0));
        assert_eq!(groups.root(3), groups.root(0));
        assert_ne!(groups.root(1), groups.root(0));
    }
}
