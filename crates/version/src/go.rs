//! Go module versions and Go toolchain versions.
//!
//! Module versions (`v1.2.3`, pseudo versions, `+incompatible`): Go Modules Reference, "Versions",
//! ordered as `golang.org/x/mod/semver` does. The Go vulnerability database writes them without the
//! `v`, and so may everyone here. `v1` and `v1.2` stand for `v1.0.0` and `v1.2.0`.
//!
//! Toolchain versions (`go1.21.3`, `go1.21rc1`): package `go/version`. The database writes these as
//! semantic versions, so `go1.21rc1` is read as `1.21.0-rc.1`, and `go1.20` as `1.20.0`. From 1.21 on
//! `go1.21` names the language and is older than every release of it: it is read as `1.21.0-0`, which
//! is how the database writes "before 1.21's first pre-release". What a vendor adds after a hyphen
//! (`go1.21.3-fips`) or a blank (`go1.21.3 X:boringcrypto`) does not count, as in `go/version`.

use std::cmp::Ordering;

use crate::Fault;
use crate::scan::{compare_numbers, dotted, take_while};
use crate::semver::{self, Identifier, check_number, check_prerelease, compare_cores};
use crate::typed::version_type;

version_type! {
    /// A Go module or toolchain version.
    Go
}

const TOO_MANY: Fault = Fault::Grammar("it has more than three numbers");

/// A version as a semantic version. `kind` holds the dotted pre-release, or the word of a toolchain's
/// pre-release, whose number then is in `number`.
#[derive(Debug, Default)]
pub(crate) struct Parts<'a> {
    core: [&'a str; 3],
    kind: &'a str,
    number: &'a str,
}

impl<'a> Parts<'a> {
    pub(crate) fn parse(text: &'a str) -> Result<Self, Fault> {
        if let Some(toolchain) = text.strip_prefix("go") {
            let (toolchain, _) = take_while(toolchain, |byte| byte != b'-' && byte != b' ');
            return Self::parse_toolchain(toolchain);
        }
        match text.strip_prefix('v') {
            Some(module) => Self::parse_module(module),
            // A toolchain version whose `go` has been taken off may come here: `1.21rc1`.
            None => Self::parse_module(text)
                .or_else(|fault| Self::parse_toolchain(text).map_err(|_| fault)),
        }
    }

    fn parse_module(text: &'a str) -> Result<Self, Fault> {
        let (core, prerelease) = semver::split(text)?;
        let given = dotted::<3>(core).ok_or(TOO_MANY)?;
        // The short forms have neither pre-release nor build, as in `golang.org/x/mod/semver`.
        if given.contains(&None) && core.len() != text.len() {
            return Err(Fault::Grammar("a short version has a suffix"));
        }
        let core = given.map(|number| number.unwrap_or("0"));
        core.iter().try_for_each(|number| check_number(number))?;
        check_prerelease(prerelease)?;
        Ok(Self {
            core,
            kind: prerelease.unwrap_or_default(),
            number: "",
        })
    }

    fn parse_toolchain(text: &'a str) -> Result<Self, Fault> {
        let (release, prerelease) = take_while(text, |byte| byte.is_ascii_digit() || byte == b'.');
        let given = dotted::<3>(release).ok_or(TOO_MANY)?;
        let core = given.map(|number| number.unwrap_or("0"));
        core.iter().try_for_each(|number| check_number(number))?;
        let [_, minor, patch] = given;
        let (kind, number) = take_while(prerelease, |byte| byte.is_ascii_lowercase());
        if prerelease.is_empty() {
            let names_language =
                patch.is_none() && minor.is_some_and(|minor| compare_numbers(minor, "21").is_ge());
            let kind = if names_language { "0" } else { "" };
            return Ok(Self {
                core,
                kind,
                number: "",
            });
        }
        if minor.is_none() || patch.is_some() || kind.is_empty() {
            return Err(Fault::Grammar("it is not of the form `go1.21rc1`"));
        }
        if !number.is_empty() {
            check_number(number)?;
        }
        Ok(Self { core, kind, number })
    }

    pub(crate) fn compare(&self, other: &Self) -> Ordering {
        compare_cores(&self.core, &other.core)
            // A release is newer than its pre-releases.
            .then_with(|| self.kind.is_empty().cmp(&other.kind.is_empty()))
            .then_with(|| self.identifiers().cmp(other.identifiers()))
    }

    fn identifiers(&self) -> impl Iterator<Item = Identifier<'a>> {
        let number = Some(self.number).filter(|number| !number.is_empty());
        self.kind.split('.').chain(number).map(Identifier)
    }
}
