//! Packages of the kernel, which no container runs (traps T33 and T72).
//!
//! A container runs on the kernel of its host. The kernel's headers, which every compiler brings, its modules and
//! its image are files that nothing starts; yet the kernel's source package has some thousand flaws. Tools that are
//! built from the same source, such as perf, do run and are judged as any other package.

use plimsoll_model::Ecosystem;
use plimsoll_model::fact::PackageFact;

/// Beginnings of names of packages of the kernel itself: headers, image, modules, source and documents.
const DEB: &[&str] = &[
    "linux-compiler-",
    "linux-doc",
    "linux-headers-",
    "linux-image-",
    "linux-kbuild-",
    "linux-libc-dev",
    "linux-modules-",
    "linux-source",
    "linux-support-",
];

const RPM: &[&str] = &[
    "kernel",
    "kernel-core",
    "kernel-debug",
    "kernel-debug-core",
    "kernel-debug-devel",
    "kernel-default",
    "kernel-default-base",
    "kernel-default-devel",
    "kernel-devel",
    "kernel-doc",
    "kernel-headers",
    "kernel-macros",
    "kernel-modules",
    "kernel-modules-core",
    "kernel-modules-extra",
    "kernel-source",
    "kernel-uek",
    "kernel-uek-core",
    "kernel-uek-devel",
    "kernel-uek-modules",
    "linux-glibc-devel",
];

const APK: &[&str] = &["linux-headers", "linux-lts", "linux-rpi", "linux-virt"];

const ALPM: &[&str] = &[
    "linux",
    "linux-api-headers",
    "linux-hardened",
    "linux-headers",
    "linux-lts",
    "linux-lts-headers",
    "linux-zen",
];

/// What an image of the kernel without a package, or the folder of its modules, is called.
const GENERIC: &str = "linux-kernel";

/// Whether the package is of the kernel itself.
pub(super) fn is_of_kernel(fact: &PackageFact) -> bool {
    let name = fact.name.as_str();
    let source = fact.source.as_ref().map_or(name, |source| &source.name);
    match fact.ecosystem {
        Ecosystem::Deb => {
            source.starts_with("linux") && DEB.iter().any(|begin| name.starts_with(begin))
        }
        Ecosystem::Rpm => RPM.contains(&name),
        Ecosystem::Alpm => ALPM.contains(&name),
        Ecosystem::Apk => APK.contains(&name),
        Ecosystem::Generic => name == GENERIC,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use plimsoll_model::fact::SourcePackage;

    use super::*;

    #[test]
    fn t33_t72_the_kernel_is_told_from_what_is_built_with_it() {
        let is = |ecosystem, name: &str, source: &str| {
            let mut fact = PackageFact::new(ecosystem, name, "1");
            fact.source = Some(SourcePackage {
                name: source.to_owned(),
                version: "1".to_owned(),
            });
            is_of_kernel(&fact)
        };
        assert!(is(Ecosystem::Deb, "linux-libc-dev", "linux"));
        assert!(is(
            Ecosystem::Deb,
            "linux-image-6.1.0-18-amd64",
            "linux-signed-amd64"
        ));
        assert!(is(Ecosystem::Rpm, "kernel-headers", "kernel"));
        assert!(is(Ecosystem::Apk, "linux-headers", "linux-headers"));
        assert!(is(Ecosystem::Generic, "linux-kernel", "linux-kernel"));
        for (ecosystem, name, source) in [
            (Ecosystem::Deb, "linux-perf", "linux"),
            (Ecosystem::Deb, "bpftool", "linux"),
            (Ecosystem::Deb, "linux-doc-reader", "reader"),
            (Ecosystem::Deb, "util-linux", "util-linux"),
            (Ecosystem::Rpm, "kernel-tools", "kernel"),
            (Ecosystem::Apk, "linux-pam", "linux-pam"),
            (Ecosystem::Npm, "linux-headers", "linux"),
        ] {
            assert!(!is(ecosystem, name, source), "{name}");
        }
    }
}
