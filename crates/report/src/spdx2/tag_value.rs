//! SPDX 2.3 as tags and values.

use std::io;

use serde_json::Value;

use super::document;
use crate::safe::visible;
use crate::{Bill, SbomFormat};

/// `-f spdx-tag-value`.
pub(crate) struct SpdxTagValue;

impl SbomFormat for SpdxTagValue {
    fn names(&self) -> &'static [&'static str] {
        &["spdx-tag-value", "spdx-tag-value@2.3", "spdx"]
    }

    fn write(&self, bill: &Bill<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        let document = document(bill);
        head(&document, out)?;
        for package in list(&document["packages"]) {
            of_package(package, out)?;
        }
        for licence in list(&document["hasExtractedLicensingInfos"]) {
            writeln!(out)?;
            one(out, "LicenseID", &licence["licenseId"])?;
            long(out, "ExtractedText", &licence["extractedText"])?;
            one(out, "LicenseName", &licence["name"])?;
        }
        writeln!(out)?;
        for relation in list(&document["relationships"]) {
            let part = |key: &str| visible(relation[key].as_str().unwrap_or_default());
            writeln!(
                out,
                "Relationship: {} {} {}",
                part("spdxElementId"),
                part("relationshipType"),
                part("relatedSpdxElement")
            )?;
        }
        for package in list(&document["packages"]) {
            for annotation in list(&package["annotations"]) {
                writeln!(out)?;
                one(out, "Annotator", &annotation["annotator"])?;
                one(out, "AnnotationDate", &annotation["annotationDate"])?;
                one(out, "AnnotationType", &annotation["annotationType"])?;
                one(out, "SPDXREF", &package["SPDXID"])?;
                long(out, "AnnotationComment", &annotation["comment"])?;
            }
        }
        Ok(())
    }
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn head(document: &Value, out: &mut dyn io::Write) -> io::Result<()> {
    one(out, "SPDXVersion", &document["spdxVersion"])?;
    one(out, "DataLicense", &document["dataLicense"])?;
    one(out, "SPDXID", &document["SPDXID"])?;
    one(out, "DocumentName", &document["name"])?;
    one(out, "DocumentNamespace", &document["documentNamespace"])?;
    for creator in list(&document["creationInfo"]["creators"]) {
        one(out, "Creator", creator)?;
    }
    one(out, "Created", &document["creationInfo"]["created"])
}

/// Tags of a package, in the order in which the specification describes them.
fn of_package(package: &Value, out: &mut dyn io::Write) -> io::Result<()> {
    writeln!(out)?;
    one(out, "PackageName", &package["name"])?;
    one(out, "SPDXID", &package["SPDXID"])?;
    one(out, "PackageVersion", &package["versionInfo"])?;
    one(out, "PackageSupplier", &package["supplier"])?;
    one(out, "PackageDownloadLocation", &package["downloadLocation"])?;
    writeln!(out, "FilesAnalyzed: false")?;
    for sum in list(&package["checksums"]) {
        let part = |key: &str| visible(sum[key].as_str().unwrap_or_default());
        writeln!(
            out,
            "PackageChecksum: {}: {}",
            part("algorithm"),
            part("checksumValue")
        )?;
    }
    long(out, "PackageSourceInfo", &package["sourceInfo"])?;
    one(out, "PackageLicenseConcluded", &package["licenseConcluded"])?;
    one(out, "PackageLicenseDeclared", &package["licenseDeclared"])?;
    one(out, "PackageCopyrightText", &package["copyrightText"])?;
    long(out, "PackageDescription", &package["description"])?;
    for reference in list(&package["externalRefs"]) {
        let part = |key: &str| visible(reference[key].as_str().unwrap_or_default());
        writeln!(
            out,
            "ExternalRef: {} {} {}",
            part("referenceCategory"),
            part("referenceType"),
            part("referenceLocator")
        )?;
    }
    one(
        out,
        "PrimaryPackagePurpose",
        &package["primaryPackagePurpose"],
    )
}

/// A tag with a value of one line; nothing where there is no value.
fn one(out: &mut dyn io::Write, tag: &str, value: &Value) -> io::Result<()> {
    match value.as_str() {
        Some(value) => writeln!(out, "{tag}: {}", visible(value)),
        None => Ok(()),
    }
}

/// A tag with a text, which may not end its own bracket.
fn long(out: &mut dyn io::Write, tag: &str, value: &Value) -> io::Result<()> {
    match value.as_str() {
        Some(value) => {
            let value = visible(value).replace("<text>", "<text\u{fffd}");
            let value = value.replace("</text>", "</text\u{fffd}");
            writeln!(out, "{tag}: <text>{value}</text>")
        }
        None => Ok(()),
    }
}
