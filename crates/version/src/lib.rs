//! Version schemes and ranges. (Being written: the helper `version` replaces this file.)

/// The version schemes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "replaced within the hour")]
pub enum Scheme {
    Deb,
    Rpm,
    Apk,
    Semver,
    Npm,
    Pep440,
    Maven,
    Go,
    Gem,
    Nuget,
    Composer,
}
