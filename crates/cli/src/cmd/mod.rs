//! The verbs, a file each.

pub(crate) mod assess;
pub(crate) mod db;
pub(crate) mod explain;
pub(crate) mod inspect;
pub(crate) mod lint;
pub(crate) mod sbom;
pub(crate) mod scan;
pub(crate) mod vex;
