//! Feeds as large as those of years to come: the records of the shared OSV archives over and over, each copy with
//! ids, packages and addresses of its own. Made once and kept below `target/bench/feeds`.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{BufWriter, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde_json::Value;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use crate::process;

/// How many records there are to be.
const RECORDS: usize = 1_000_000;

/// Ecosystems whose packages make the lists, by the type of a package URL.
const LISTED: &[(&str, &str)] = &[
    ("npm", "npm"),
    ("PyPI", "pypi"),
    ("RubyGems", "gem"),
    ("crates.io", "cargo"),
    ("NuGet", "nuget"),
];

/// The blown-up feeds, and lists of packages that they speak of.
#[derive(Debug)]
pub(super) struct Blown {
    home: PathBuf,
}

impl Blown {
    /// A mirror for `db build`.
    pub(super) fn mirror(&self) -> PathBuf {
        self.home.join("mirror")
    }

    /// The packages that they speak of; written when all else is there.
    fn done(&self) -> PathBuf {
        self.home.join("packages.txt")
    }

    /// A file with as many package URLs, a line each.
    pub(super) fn packages(&self, count: usize) -> Result<PathBuf> {
        let all = self.done();
        let text =
            fs::read_to_string(&all).with_context(|| format!("cannot read `{}`", all.display()))?;
        let lines: Vec<&str> = text.lines().collect();
        // Spread over all ecosystems and copies.
        let step = lines.len() / count;
        if step == 0 {
            bail!("the feeds speak of fewer than {count} packages");
        }
        let chosen: Vec<&str> = lines.iter().step_by(step).take(count).copied().collect();
        let file = self.home.join(format!("packages-{count}.txt"));
        fs::write(&file, chosen.join("\n") + "\n")
            .with_context(|| format!("cannot write `{}`", file.display()))?;
        Ok(file)
    }
}

/// The feeds from the archives in `osv`, made unless they are there; by a process of its own, for what this one has at
/// its peak the system counts for every program that it starts from then on.
pub(super) fn blown(home: PathBuf, osv: &Path) -> Result<Blown> {
    let blown = Blown { home };
    if !blown.done().is_file() {
        println!("making feeds of a million records");
        let program = std::env::current_exe().context("cannot tell where this program is")?;
        let arguments = [OsStr::new("bench"), OsStr::new("--blow")];
        let paths = [blown.home.as_os_str(), osv.as_os_str()];
        process::succeed(Command::new(program).args(arguments).args(paths))?;
    }
    Ok(blown)
}

/// Makes the feeds.
pub(super) fn make(home: &Path, osv: &Path) -> Result<()> {
    let blown = Blown {
        home: home.to_owned(),
    };
    let mut archives = Vec::new();
    for entry in fs::read_dir(osv).with_context(|| format!("cannot list `{}`", osv.display()))? {
        let file = entry?.path().join("all.zip");
        if file.is_file() {
            archives.push(file);
        }
    }
    archives.sort();
    let read: Vec<(String, Vec<Value>)> = archives
        .iter()
        .map(|file| read(file).with_context(|| format!("cannot read `{}`", file.display())))
        .collect::<Result<_>>()?;
    let count: usize = read.iter().map(|(_, records)| records.len()).sum();
    if count == 0 {
        bail!("`{}` holds no records", osv.display());
    }
    let copies = RECORDS.div_ceil(count);
    let mut packages = Vec::new();
    for (ecosystem, records) in &read {
        let folder = blown.mirror().join("osv").join(ecosystem);
        fs::create_dir_all(&folder)?;
        let file = BufWriter::new(File::create(folder.join("all.zip"))?);
        let mut archive = ZipWriter::new(file);
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .compression_level(Some(1));
        for copy in 0..copies {
            for record in records {
                let record = copied(record, copy);
                let id = record["id"].as_str().unwrap_or_default();
                archive.start_file(format!("{copy}/{id}.json"), options)?;
                serde_json::to_writer(&mut archive, &record)?;
                list(ecosystem, &record, &mut packages);
            }
        }
        archive.finish()?.flush()?;
    }
    packages.sort();
    packages.dedup();
    fs::write(blown.done(), packages.join("\n") + "\n")?;
    Ok(())
}

fn read(file: &Path) -> Result<(String, Vec<Value>)> {
    let folder = file.parent().and_then(Path::file_name);
    let ecosystem = folder.and_then(|name| name.to_str()).unwrap_or_default();
    let mut archive = ZipArchive::new(File::open(file)?)?;
    let mut records = Vec::new();
    for place in 0..archive.len() {
        let mut text = String::new();
        archive.by_index(place)?.read_to_string(&mut text)?;
        records.push(serde_json::from_str(&text)?);
    }
    Ok((ecosystem.to_owned(), records))
}

/// The record under other names. The number goes in front of the last part of an id, so that copies do not become
/// neighbours of each other, which would compress better than true records.
fn copied(record: &Value, copy: usize) -> Value {
    let mut record = record.clone();
    if copy == 0 {
        return record;
    }
    let rename = |value: &mut Value| {
        if let Some(id) = value.as_str() {
            let (head, last) = id.rsplit_once('-').unwrap_or(("", id));
            *value = format!("{head}-{}{last}", copy + 10).into();
        }
    };
    rename(&mut record["id"]);
    for name in ["aliases", "upstream", "related"] {
        for alias in record[name].as_array_mut().into_iter().flatten() {
            rename(alias);
        }
    }
    for affected in record["affected"].as_array_mut().into_iter().flatten() {
        let name = &mut affected["package"]["name"];
        if let Some(text) = name.as_str() {
            *name = format!("{text}{copy}").into();
        }
    }
    for reference in record["references"].as_array_mut().into_iter().flatten() {
        let url = &mut reference["url"];
        if let Some(text) = url.as_str() {
            *url = format!("{text}?{copy}").into();
        }
    }
    record
}

fn list(ecosystem: &str, record: &Value, packages: &mut Vec<String>) {
    let Some((_, kind)) = LISTED.iter().find(|(name, _)| *name == ecosystem) else {
        return;
    };
    for affected in record["affected"].as_array().into_iter().flatten() {
        if let Some(name) = affected["package"]["name"].as_str() {
            let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
            if name.chars().all(plain) {
                packages.push(format!("pkg:{kind}/{name}@1.0.0"));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn copies_are_other_records_of_other_packages() {
        let record = json!({
            "id": "GHSA-1-2",
            "aliases": ["CVE-2020-1234"],
            "affected": [{"package": {"ecosystem": "npm", "name": "a"}}],
            "references": [{"url": "https://h/"}],
        });
        assert_eq!(copied(&record, 0), record);
        let copy = copied(&record, 3);
        assert_eq!(copy["id"], "GHSA-1-132");
        assert_eq!(copy["aliases"][0], "CVE-2020-131234");
        let mut packages = Vec::new();
        list("npm", &copy, &mut packages);
        assert_eq!(packages, ["pkg:npm/a3@1.0.0"]);
    }
}
