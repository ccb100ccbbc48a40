//! `container-manifest-2`, which images without a database carry so that they can be judged at all
//! (distroless CBL-Mariner and Azure Linux, and tools that do as they do).
//!
//! One line for each package, ten fields with tabs between them: name, version-release, time of installation,
//! time of the build, vendor, epoch or `(none)`, size, architecture, epoch as a number, source rpm.

use plimsoll_analyze::File;
use plimsoll_model::Ecosystem;
use plimsoll_model::fact::PackageFact;

use super::super::{Extent, Ledger, Lines, Room, text};
use super::META;
use super::package::{full_version, source};

pub(super) fn read(file: &mut File<'_>, ledger: &mut Ledger<'_, '_>) {
    let mut lines = Lines::of(file);
    loop {
        match lines.next() {
            Ok(None) => break,
            Ok(Some(line)) => {
                if line.bytes.trim_ascii().is_empty() {
                    continue;
                }
                let package = match line.extent {
                    Extent::Whole => parse(line.bytes),
                    Extent::Cut => None,
                };
                let number = line.number;
                match package {
                    // Signing keys, see `package::parse`.
                    Some(package) if package.name == "gpg-pubkey" => {}
                    Some(package) => {
                        if ledger.package(package, Vec::new()) == Room::Full {
                            return;
                        }
                    }
                    None => ledger.unreadable(META.loss, || {
                        format!("line {number} does not have the ten fields of a package")
                    }),
                }
            }
            Err(error) => {
                ledger.unreadable(META.loss, || format!("cannot be read: {error}"));
                break;
            }
        }
    }
    if lines.number == 0 {
        ledger.unreadable(META.loss, || "is empty".to_owned());
    }
}

fn parse(line: &[u8]) -> Option<PackageFact> {
    let fields: Vec<String> = line.split(|&byte| byte == b'\t').map(text).collect();
    let [
        name,
        version_release,
        _installed,
        _built,
        vendor,
        epoch,
        _size,
        architecture,
        epoch_number,
        source_rpm,
    ] = fields.as_slice()
    else {
        return None;
    };
    let said = |field: &String| !field.is_empty() && field != "(none)";
    if !said(name) || !version_release.contains('-') {
        return None;
    }
    // Some writers put `(none)` into the epoch whatever it is, and the number is 0 where there is none.
    let epoch = epoch
        .parse()
        .ok()
        .or_else(|| epoch_number.parse().ok().filter(|&epoch| epoch != 0));
    let version = full_version(epoch, version_release);
    let source_rpm = Some(source_rpm.as_str()).filter(|_| said(source_rpm));
    Some(PackageFact {
        architecture: Some(architecture).filter(|field| said(field)).cloned(),
        source: Some(source(source_rpm, name, &version)),
        maker: Some(vendor).filter(|field| said(field)).cloned(),
        ..PackageFact::new(Ecosystem::Rpm, name.as_str(), version)
    })
}
