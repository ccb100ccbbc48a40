//! What lies in an image and no container runs: it is listed, and nothing that is told of it turns a verdict.

use plimsoll_model::fact::{EvidenceKind, PackageFact};
use plimsoll_model::facts::Package;
use plimsoll_model::{Ecosystem, Problem, Stage};

use super::{Run, kernel, some};

/// The analyzer that reads applications for macOS; they have the ecosystem of programs, which is not their own.
const APPLICATIONS: &str = "lang/app-bundle";

impl Run<'_> {
    /// Why no container runs the package, if that is so.
    pub(super) fn idle(&mut self, package: &Package) -> Option<&'static str> {
        let PackageFact { name, version, .. } = &package.fact;
        if package.fact.evidence == EvidenceKind::Archived {
            self.lying.insert(format!("{name} {version}"));
            return Some("it lies in the image as a file and is not installed");
        }
        if package.fact.ecosystem != Ecosystem::Generic {
            return None;
        }
        let reason = if kernel::is_of_kernel(&package.fact) {
            "a container runs on the kernel of its host, so that flaws of this one do not count"
        } else if package.analyzer == APPLICATIONS {
            "it is an application for macOS, which no container runs, so that flaws of it do not count"
        } else {
            return None;
        };
        let subject = format!("{name}@{version}");
        self.problems
            .insert(Problem::note(Stage::Match, subject, reason));
        Some(reason)
    }

    /// Tells once for the image of the packages that nobody installed.
    pub(super) fn tell_lying(&mut self) {
        let names = std::mem::take(&mut self.lying);
        if names.is_empty() {
            return;
        }
        let reason = format!(
            "they lie in the image and are not installed, so that they are listed and not judged: {}",
            some(&names)
        );
        self.problems
            .insert(Problem::note(Stage::Match, "package files", reason));
    }
}
