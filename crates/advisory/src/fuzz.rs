//! Doors for fuzz targets; not part of the interface.

use std::io::{Cursor, Write as _};

use plimsoll_model::Ecosystem;
use zip::write::SimpleFileOptions;

use crate::Database;
use crate::db::{Builder, exercise_decoders};
use crate::key::EcosystemKey;

/// Feeds bytes to everything that reads a database: as a whole file, and past its checksums as each kind of
/// block.
pub fn database(bytes: &[u8]) {
    if let Ok(db) = Database::from_bytes("fuzz", bytes.to_vec()) {
        exercise(&db);
    }
    if let Some(db) = exercise_decoders(bytes) {
        exercise(&db);
    }
}

fn exercise(db: &Database) {
    let _ = db.verify();
    let _ = (db.snapshot(), db.counts(), db.find("CVE-2021-44228"));
    let _ = db.lifecycles();
    for ecosystem in Ecosystem::ALL.iter().copied() {
        if let Some(name) = ecosystem.row().osv_name {
            let key = EcosystemKey::new(name);
            let _ = (db.covers(&key), db.lookup(&key, "a", "1.0.0"));
        }
    }
}

/// Feeds bytes to the parser of OSV archives: as an archive, and as the record in a sound archive, which
/// chance would not make as members bear checksums.
pub fn osv(bytes: &[u8]) {
    let _ = crate::feeds::parse_bytes("osv", "npm", bytes);
    if let Ok(archive) = archive("record.json", bytes) {
        feed("osv", "npm", &archive);
        feed("osv", "AlmaLinux", &archive);
        feed("osv", "Ubuntu", &archive);
    }
}

/// Feeds bytes to a feed that reads archives: as an archive, and as one member of a sound archive.
pub fn packed(feed: &str, member: &str, bytes: &[u8]) {
    self::feed(feed, "", bytes);
    if let Ok(archive) = archive(member, bytes) {
        self::feed(feed, "", &archive);
    }
}

/// Feeds bytes to what reads packages and changelogs of Debian, and to the feed of what they tell.
pub fn changelog(bytes: &[u8]) {
    crate::changelog::exercise(bytes);
    feed("changelog", "x", bytes);
}

fn archive(member: &str, record: &[u8]) -> zip::result::ZipResult<Vec<u8>> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    writer.start_file(member, stored)?;
    writer.write_all(record)?;
    Ok(writer.finish()?.into_inner())
}

/// Parses a document of a feed and builds a database of what it says.
pub fn feed(feed: &str, name: &str, bytes: &[u8]) {
    let Ok(advisories) = crate::feeds::parse_bytes(feed, name, bytes) else {
        return;
    };
    let mut builder = Builder::new();
    let Ok(number) = builder.feed(feed) else {
        return;
    };
    for advisory in &advisories {
        let _ = builder.add(number, "document", advisory);
    }
    if let Ok(db) = builder.into_database("fuzz") {
        exercise(&db);
    }
}
